"""Exercise 05.1: differential Hebb for a layer and a batch."""

from __future__ import annotations

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Array, Array]:
    """One input, one neuron, and one neuron below, in one case of four each."""
    rng = np.random.default_rng([51, seed])
    steps, batch = int(rng.integers(3, 7)), int(rng.integers(2, 6))
    n, m = int(rng.integers(2, 5)), int(rng.integers(5, 8))
    batch, n, m = (
        1 if seed % 4 == 1 else batch,
        1 if seed % 4 == 2 else n,
        1 if seed % 4 == 3 else m,
    )
    return rng.uniform(0, 1, (steps + 1, batch, n)), rng.uniform(0, 1, (steps + 1, batch, m))


@exercise(
    "05.1",
    "differential Hebb for a layer and a batch",
    cases=cases,
    parts=("the update of the weights", "the update of the bias"),
    hints=(
        "Time is the first axis, the batch the second. The change of post along time has "
        "shape (T, B, n); which rows of pre go with it?",
        "Sum over time *and* batch in one go, then divide by B. np.einsum with tbi and tbj "
        "does it, or a reshape to (T B, n) and one matrix product.",
        "For the bias put 1 in the place of pre: the sum of the changes over time telescopes, "
        "then average over the batch.",
    ),
)
def layer_update(post: Array, pre: Array) -> tuple[Array, Array]:
    """dW (n, m) and db (n,) from post (T+1, B, n) and pre (T+1, B, m), averaged over the batch."""
    change, batch = post[1:] - post[:-1], post.shape[1]
    dW = np.einsum("tbi,tbj->ij", change, pre[:-1], optimize=True) / batch
    return dW, change.sum(axis=(0, 1)) / batch


def _with_weights(make: Answer) -> Answer:
    return lambda post, pre: (make(post, pre), layer_update(post, pre)[1])


def _with_bias(make: Answer) -> Answer:
    return lambda post, pre: (layer_update(post, pre)[0], make(post, pre))


def _pairs(post: Array, pre: Array) -> Array:
    return np.einsum("tbi,tbj->ij", post, pre) / post.shape[1]


def _pair(change: Array, pre: Array) -> tuple[Array, Array]:
    """Weights and bias from what stands in the place of the change."""
    return _pairs(change, pre), change.sum(axis=(0, 1)) / change.shape[1]


@layer_update.right
def _loops(post: Array, pre: Array) -> tuple[Array, Array]:
    dW, db = np.zeros((post.shape[2], pre.shape[2])), np.zeros(post.shape[2])
    for b in range(post.shape[1]):
        for t in range(len(post) - 1):
            dW += np.outer(post[t + 1, b] - post[t, b], pre[t, b])
            db += post[t + 1, b] - post[t, b]
    return dW / post.shape[1], db / post.shape[1]


@layer_update.right
def flat(post: Array, pre: Array) -> tuple[Array, Array]:
    """A bias is a weight from a neuron that always fires at rate 1."""
    change = np.diff(post, axis=0).reshape(-1, post.shape[2])
    ones = np.ones((*pre.shape[:2], 1))
    with_one = np.concatenate([pre, ones], axis=2)[:-1].reshape(len(change), -1)
    whole = change.T @ with_one / post.shape[1]
    return whole[:, :-1], whole[:, -1]


layer_update.right(lambda post, pre: [np.array(part) for part in _loops(post, pre)])

layer_update.wrong("this is the sum over the inputs of the batch; the update is their average.")(
    lambda post, pre: [len(post[0]) * part for part in _loops(post, pre)]
)

layer_update.wrong("you average over the steps too: average over the batch, *sum* over time.")(
    lambda post, pre: [part / (len(post) - 1) for part in _loops(post, pre)]
)

layer_update.wrong("the sign is the wrong way round: the change is later minus earlier.")(
    lambda post, pre: [-part for part in _loops(post, pre)]
)

layer_update.wrong(
    "the update of the weights is transposed: rows belong to the postsynaptic neuron."
)(_with_weights(lambda post, pre: _loops(post, pre)[0].T))

layer_update.wrong(
    "wrong end of the interval: the presynaptic rate counts at t, before the change."
)(_with_weights(lambda post, pre: _pairs(np.diff(post, axis=0), pre[1:])))

layer_update.wrong(
    "the update of the weights is plain Hebb: the *change* of the postsynaptic rate is missing."
)(_with_weights(lambda post, pre: _pairs(post[:-1], pre[:-1])))

layer_update.wrong(
    "you average post and pre over the batch before you multiply. Every input has its "
    "own pair: multiply first, then average."
)(_with_weights(lambda post, pre: np.diff(post, axis=0).mean(1).T @ pre[:-1].mean(1)))

layer_update.wrong(
    "only the ends of the phase enter. That is right while pre is constant; here it "
    "moves, so go step by step."
)(_with_weights(lambda post, pre: (post[-1] - post[0]).T @ pre[0] / post.shape[1]))

layer_update.wrong(
    "this is plain Hebb: it adds up rates, with or without a teacher. The *change* of "
    "the postsynaptic rate is missing, in the weights and in the bias."
)(lambda post, pre: (_pairs(post[:-1], pre[:-1]), post[:-1].sum(0).mean(0)))

layer_update.wrong(
    "this is plain Hebb over all moments: it adds up rates, with or without a teacher. "
    "The *change* of the postsynaptic rate is missing, in weights and bias."
)(lambda post, pre: (_pairs(post, pre), post.sum(0).mean(0)))

layer_update.wrong(
    "the weights add up products of rates, plain Hebb: as in your bias, the *change* "
    "of the postsynaptic rate counts."
)(_with_weights(_pairs))

layer_update.wrong("the bias has one row for every input: average over the batch.")(
    _with_bias(lambda post, pre: post[-1] - post[0])
)

layer_update.wrong(
    "the weights get the sum over the batch and the bias its average: average both."
)(_with_weights(lambda post, pre: _loops(post, pre)[0] * post.shape[1]))

layer_update.wrong(
    "the bias gets the sum over the batch and the weights its average: average both."
)(_with_bias(lambda post, pre: (post[-1] - post[0]).sum(0)))

layer_update.wrong("the bias does not learn. It is a weight whose presynaptic rate is always 1.")(
    _with_bias(lambda post, pre: np.zeros(post.shape[2]))
)

layer_update.wrong(
    "the bias reads rates: as in the weights, it is their *change* that counts, with "
    "1 in the place of pre."
)(_with_bias(lambda post, pre: post[:-1].sum(0).mean(0)))

layer_update.wrong(
    "the bias reads the last rates: it is their *change* over the phase that counts."
)(_with_bias(lambda post, pre: post[-1].mean(0)))

layer_update.wrong(
    "the bias is averaged over the steps too: average over the batch, sum over time."
)(_with_bias(lambda post, pre: _loops(post, pre)[1] / (len(post) - 1)))

layer_update.wrong(
    "you add neighbouring rates where their *difference* is asked for: later minus earlier."
)(lambda post, pre: _pair(post[1:] + post[:-1], pre[:-1]))

layer_update.wrong(
    "you take the later rates alone. Their *change* is asked for: subtract those one step earlier."
)(lambda post, pre: _pair(post[1:], pre[:-1]))

layer_update.wrong(
    "you take the earlier rates alone, with a minus. Their *change* is asked for: later minus "
    "earlier."
)(lambda post, pre: _pair(-post[:-1], pre[:-1]))

layer_update.wrong(
    "you subtract rates of the same moment, so nothing is left. The change is post one step later "
    "minus post now."
)(lambda post, pre: [0 * part for part in _loops(post, pre)])

layer_update.wrong(
    "in the weights, pre is one step off from the changes. Each change from t to t+1 goes with pre "
    "at t: leave out the last moment of pre."
)(_with_weights(lambda post, pre: _pairs(np.diff(post, axis=0), np.roll(pre, 1, axis=0)[:-1])))

layer_update.wrong(
    "the bias is a single number. Each neuron of the layer has one of its own: sum over time and "
    "average over the batch only."
)(_with_bias(lambda post, pre: (post[-1] - post[0]).sum() / post.shape[1]))

layer_update.wrong("the bias has one row for every step: *sum* over time.")(
    _with_bias(lambda post, pre: np.diff(post, axis=0).mean(1))
)

layer_update.wrong(
    "the bias has an entry for every input, not for every neuron: the axes are time, batch, neuron."
)(_with_bias(lambda post, pre: np.diff(post, axis=0).sum(axis=(0, 2)) / post.shape[1]))

layer_update.wrong(
    "the bias has one entry for every step, not for every neuron: the axes are time, batch, neuron."
)(_with_bias(lambda post, pre: np.diff(post, axis=0).sum(axis=(1, 2)) / post.shape[1]))

layer_update.wrong(
    "you took the time axis for the batch axis. Time is the first axis, the batch the second."
)(lambda post, pre: _loops(post.swapaxes(0, 1), pre.swapaxes(0, 1)))

layer_update.wrong(
    "only the first input of the batch enters. Go through all of them, and average."
)(lambda post, pre: _loops(post[:, :1], pre[:, :1]))

layer_update.wrong(
    "you divide by the number of neurons. The average is over the inputs: divide by post.shape[1]."
)(lambda post, pre: [part * post.shape[1] / post.shape[2] for part in _loops(post, pre)])

layer_update.wrong(
    "you average over the layer below. The average is over the inputs: divide by post.shape[1]."
)(lambda post, pre: [part * post.shape[1] / pre.shape[2] for part in _loops(post, pre)])

layer_update.wrong("the last change is missing: T+1 moments make T changes.")(
    lambda post, pre: _loops(post[:-1], pre[:-1])
)

layer_update.wrong("the first change is missing: begin with the one from moment 0 to moment 1.")(
    lambda post, pre: _loops(post[1:], pre[1:])
)

layer_update.wrong(
    "only one change enters. If your loop has a return in it, it ends in the first round."
)(lambda post, pre: _loops(post[:2], pre[:2]))

layer_update.wrong(
    "only the last change is left. Add to what you have (+=) instead of replacing it."
)(lambda post, pre: _loops(post[-2:], pre[-2:]))

layer_update.wrong(
    "this looks like pre and post swapped: the change of *post* is multiplied by the rate of pre."
)(_with_weights(lambda post, pre: _pairs(post[:-1], np.diff(pre, axis=0))))

layer_update.wrong(
    "you multiply the change of post by the *change* of pre. The rule takes pre itself, at t."
)(_with_weights(lambda post, pre: _pairs(np.diff(post, axis=0), np.diff(pre, axis=0))))

layer_update.wrong("the order is the wrong way round: weights first, then bias.")(
    lambda post, pre: _loops(post, pre)[::-1]
)

layer_update.wrong(
    "you divide by the number of steps. Sum over time, and divide by the number of inputs, B."
)(lambda post, pre: [part * post.shape[1] / (len(post) - 1) for part in _loops(post, pre)])

layer_update.wrong(
    "you take differences from one input to the next. Time is axis 0: np.diff(post, axis=0)."
)(lambda post, pre: _pair(np.diff(post, axis=1), pre[:, :-1]))

layer_update.wrong(
    "you take differences from one neuron to the next: without an axis, np.diff takes the last. "
    "Time is axis 0: np.diff(post, axis=0)."
)(lambda post, pre: _pair(np.diff(post), pre))

layer_update.wrong(
    "you take differences from one neuron to the next: without an axis, np.diff takes the "
    "last one. "
    "Time is axis 0: np.diff(post, axis=0)."
)(lambda post, pre: _pair(np.diff(post)[:-1], pre[:-1]))

layer_update.wrong(
    "the bias adds up the rates. Its formula has their *changes*: post[1:] - post[:-1]."
)(_with_bias(lambda post, pre: post.sum(0).mean(0)))

"""Exercise 01.2: STDP of a whole layer, with traces."""

# mypy: allow-untyped-defs
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import exercise
from ..equations import kernel

Array = np.ndarray


def spike_trains(seed: int) -> tuple[Array, Array, float]:
    """Spikes of post (T+1, B, n) and pre (T+1, B, m), and d; now and then B, n or m is 1."""
    rng = np.random.default_rng([12, seed])
    rows, batch = rng.integers(6, 11), 1 if seed % 4 == 1 else rng.integers(2, 4)
    n = 1 if seed % 4 == 2 else rng.integers(2, 4)
    m = 1 if seed % 4 == 3 else rng.integers(4, 6)
    S_post = (rng.random((rows, batch, n)) < 0.4).astype(float)
    S_pre = (rng.random((rows, batch, m)) < 0.4).astype(float)
    return S_post, S_pre, float(rng.uniform(0.55, 0.9))


@exercise(
    "01.2",
    "STDP of a whole layer, summed over steps and batch",
    cases=spike_trains,
    hints=(
        "Two traces, of shapes (B, n) and (B, m), both 0 at first. In each step read, then update.",
        "At step t: S_post[t] meets the trace of pre and strengthens, S_pre[t] meets the trace "
        "of post and weakens. Then X = d * (X + S[t]) for both traces.",
        "S_post[t].T @ X_pre is (n, m) and sums over the batch; so is X_post.T @ S_pre[t].",
    ),
)
def stdp_online(S_post: Array, S_pre: Array, d: float) -> Array:
    """Pair-based STDP with two traces, for S_post (T+1, B, n), S_pre (T+1, B, m): (n, m), summed
    over the batch. Works for probabilities in place of spikes too: then it is the expectation."""
    X_post, X_pre = np.zeros_like(S_post[0]), np.zeros_like(S_pre[0])
    dW = np.zeros((S_post.shape[2], S_pre.shape[2]), S_post.dtype)
    for s_post, s_pre in zip(S_post, S_pre, strict=True):
        dW = dW + (s_post.T @ X_pre - X_post.T @ s_pre)
        X_post, X_pre = d * (X_post + s_post), d * (X_pre + s_pre)
    return dW


def with_traces(
    up: float = 1,
    down: float = 1,
    late: bool = False,
    forget: bool = True,
    stay: Callable[[float], float] = lambda d: d,
    early_pre: bool = False,
    early_post: bool = False,
    reset: bool = False,
    update_pre: bool = False,
    update_post: bool = False,
    only_now: bool = False,
    overwrite: bool = False,
) -> Callable[[Array, Array, float], Array]:
    """The answer with one detail changed, which makes it wrong.

    late: traces decay before a spike is added, not after. early_pre, early_post: a trace holds
    the spike of its own step when it is read. reset: a spike sets the trace to 1. update_pre,
    update_post: a trace takes its whole step before it is read. only_now: a trace forgets all but
    the latest step. overwrite: only the last step's part of the update is kept.
    """

    def answer(S_post: Array, S_pre: Array, d: float) -> Array:
        keep = stay(d) if forget else 1.0
        X_post, X_pre = np.zeros_like(S_post[0]), np.zeros_like(S_pre[0])
        dW = np.zeros((S_post.shape[2], S_pre.shape[2]), S_post.dtype)
        for s_post, s_pre in zip(S_post, S_pre, strict=True):
            read_pre = X_pre + s_pre if early_pre else X_pre
            read_post = X_post + s_post if early_post else X_post
            if update_pre:
                read_pre = keep * (X_pre + s_pre)
            if update_post:
                read_post = keep * (X_post + s_post)
            made = up * (s_post.T @ read_pre) - down * (read_post.T @ s_pre)
            dW = made if overwrite else dW + made
            if late:
                X_post, X_pre = keep * X_post + s_post, keep * X_pre + s_pre
            elif only_now:
                X_post, X_pre = keep * s_post, keep * s_pre
            elif reset:
                X_post, X_pre = (keep * np.maximum(X, s) for X, s in
                                 ((X_post, s_post), (X_pre, s_pre)))  # fmt: skip
            else:
                X_post, X_pre = keep * (X_post + s_post), keep * (X_pre + s_pre)
        return dW

    return answer


@stdp_online.right
def batch_pairs(S_post: Array, S_pre: Array, d: float) -> Array:
    dW = np.zeros((S_post.shape[2], S_pre.shape[2]))
    for b in range(S_post.shape[1]):
        for t in range(len(S_post)):
            for s in range(len(S_pre)):
                dW += np.sign(t - s) * d ** abs(t - s) * np.outer(S_post[t, b], S_pre[s, b])
    return dW


@stdp_online.right
def both_early(S_post: Array, S_pre: Array, d: float) -> Array:
    """Decay, add, then read both: spikes of one step meet in both terms and cancel."""
    X_post, X_pre = np.zeros_like(S_post[0]), np.zeros_like(S_pre[0])
    dW = np.zeros((S_post.shape[2], S_pre.shape[2]))
    for t in range(len(S_post)):
        X_post, X_pre = d * X_post + S_post[t], d * X_pre + S_pre[t]
        dW += S_post[t].T @ X_pre - X_post.T @ S_pre[t]
    return dW


@stdp_online.right
def einsum(S_post, S_pre, d):
    return np.einsum("tbi,ts,sbj->ij", S_post, kernel(len(S_post), d), S_pre)


stdp_online.wrong(
    "pairs count one step too near: a spike that is added to its trace now is read at the next "
    "step, and must have decayed by d by then."
)(with_traces(late=True))

stdp_online.wrong(
    "only the strengthening half is there: a pre spike that finds the trace of earlier post "
    "spikes weakens."
)(with_traces(down=0))

stdp_online.wrong(
    "only the weakening half is there: a post spike that finds the trace of earlier pre spikes "
    "strengthens."
)(with_traces(up=0))

stdp_online.wrong("both halves strengthen here: the one with the trace of *post* has a minus.")(
    with_traces(down=-1)
)

stdp_online.wrong(
    "the sign is the wrong way round: a post spike that finds the trace of pre strengthens."
)(with_traces(up=-1, down=-1))


@stdp_online.wrong(
    "this is the transpose: rows belong to the postsynaptic neuron, columns to the presynaptic one."
)
def transposed(S_post, S_pre, d):
    return stdp_online(S_post, S_pre, d).T


stdp_online.wrong("the traces never decay: a spike long ago counts as much as the last one.")(
    with_traces(forget=False)
)

stdp_online.wrong("the traces keep 1 - d of themselves in a step. They keep d.")(
    with_traces(stay=lambda d: 1 - d)
)


@stdp_online.wrong(
    "your trace is d * X + (1 - d) * S, a running average. Here a spike lifts it by 1, not "
    "1 - d, and then all of it decays: d * (X + S)."
)
def running_average(S_post, S_pre, d):
    return stdp_online(S_post, S_pre, d) * (1 - d) / d


@stdp_online.wrong(
    "a trace grows by 1 with each spike, not by 1 - d: it is a sum of spikes, no average."
)
def lifted_by_one_minus_d(S_post, S_pre, d):
    return stdp_online(S_post, S_pre, d) * (1 - d)


stdp_online.wrong(
    "spikes of the same step strengthen here: the trace of pre is read after the spike of this "
    "very step was added to it."
)(with_traces(early_pre=True))

stdp_online.wrong(
    "spikes of the same step weaken here: the trace of post is read after the spike of this "
    "very step was added to it."
)(with_traces(early_post=True))

stdp_online.wrong(
    "a spike sets the trace to 1 here, so only the last spike counts. It adds 1: all earlier "
    "ones count."
)(with_traces(reset=True))


@stdp_online.wrong("you take the mean over the batch; here the sum is asked for.")
def mean_over_batch(S_post, S_pre, d):
    return stdp_online(S_post, S_pre, d) / S_post.shape[1]


@stdp_online.wrong("you take the mean over the steps; the update is their sum.")
def mean_over_steps(S_post, S_pre, d):
    return stdp_online(S_post, S_pre, d) / len(S_post)


@stdp_online.wrong(
    "spikes of different inputs of the batch meet here. Each input of the batch is a simulation "
    "of its own: keep the axis B in the traces."
)
def inputs_meet(S_post, S_pre, d):
    return stdp_online(S_post.sum(axis=1, keepdims=True), S_pre.sum(axis=1, keepdims=True), d)


stdp_online.wrong(
    "both traces take their step, X = d * (X + S), *before* they are read, so that every pair "
    "has one factor d too many. Read first, then update."
)(with_traces(update_pre=True, update_post=True))

stdp_online.wrong(
    "the trace of pre takes its step before it is read; that of post is in time. Read both "
    "first, then update both."
)(with_traces(update_pre=True))

stdp_online.wrong(
    "the trace of post takes its step before it is read; that of pre is in time. Read both "
    "first, then update both."
)(with_traces(update_post=True))

stdp_online.wrong(
    "only neighbouring steps make pairs: the new trace forgets the old one. It is d * "
    "(X + S[t]), with the X of the step before."
)(with_traces(only_now=True))

stdp_online.wrong(
    "only the last step is left: add each step's part to the update, do not replace it."
)(with_traces(overwrite=True))


@stdp_online.wrong("the first step is left out: spikes at t = 0 make pairs with all that follow.")
def first_step_missing(S_post, S_pre, d):
    return stdp_online(S_post[1:], S_pre[1:], d)


@stdp_online.wrong("the last step is left out: spikes at t = T still read the traces.")
def last_step_missing(S_post, S_pre, d):
    return stdp_online(S_post[:-1], S_pre[:-1], d)


@stdp_online.wrong(
    "only the first input of the batch is used. All of them count: S_post[t] holds one row for "
    "each, and S_post[t].T @ X_pre sums over them."
)
def first_input(S_post, S_pre, d):
    return stdp_online(S_post[:, :1], S_pre[:, :1], d)


@stdp_online.wrong(
    "axis 0 is time and axis 1 the batch. You loop over the batch as if it were time."
)
def axes_mixed(S_post, S_pre, d):
    return stdp_online(S_post.swapaxes(0, 1), S_pre.swapaxes(0, 1), d)


@stdp_online.wrong(
    "only the first two steps are left. Is there a `return` inside the loop? It belongs behind it."
)
def first_pair(S_post, S_pre, d):
    return stdp_online(S_post[:2], S_pre[:2], d)


def forgetting(stay: float) -> Callable[..., Array]:
    """An answer with a decay of its own."""
    return with_traces(stay=lambda d: stay)


for stay in (0.5, 0.7, 0.8, 0.9, 0.95):
    stdp_online.wrong(
        f"the decay is {stay:g} here, whatever `d` is. Use the argument: others may call your "
        "function with another window."
    )(forgetting(stay))

stdp_online.wrong(
    "your traces decay by exp(-1/d): d is no time constant. It is the decay per step already."
)(with_traces(stay=lambda d: float(np.exp(-1 / d))))

stdp_online.wrong("your traces decay by exp(-d): d is the decay per step already.")(
    with_traces(stay=lambda d: float(np.exp(-d)))
)

stdp_online.wrong("the traces grow here: each step *multiplies* them by d, which is below one.")(
    with_traces(stay=lambda d: 1 / d)
)

stdp_online.wrong(
    "it returns nothing but zeros. Either a `return` stands inside the loop, and the first step, "
    "where both traces are still 0, is the last; or the traces never hear of the spikes: "
    "X = d * (X + S[t]) in each step."
)(lambda S_post, S_pre, d: np.zeros((S_post.shape[2], S_pre.shape[2])))


@stdp_online.wrong(
    "each spike is paired with spikes of its own step only: that is plain Hebb. Read the traces, "
    "which hold the earlier spikes."
)
def coincidences(S_post, S_pre, d):
    return np.einsum("tbi,tbj->ij", S_post, S_pre)


Update = Callable[[Array, Array, float], Array]


def own_update(X: Array, S: Array, d: float) -> Array:
    """What a trace becomes at the next step."""
    return d * (X + S)


def with_updates(
    post: Update = own_update, pre: Update = own_update, first: tuple[int, int] = (0, 0)
) -> Callable[..., Array]:
    """The answer with other updates of the two traces. first: how often each holds the spikes of
    the first step before the loop begins."""

    def answer(S_post: Array, S_pre: Array, d: float) -> Array:
        X_post, X_pre = first[0] * S_post[0], first[1] * S_pre[0]
        dW = np.zeros((S_post.shape[2], S_pre.shape[2]))
        for s_post, s_pre in zip(S_post, S_pre, strict=True):
            dW = dW + (s_post.T @ X_pre - X_post.T @ s_pre)
            X_post, X_pre = post(X_post, s_post, d), pre(X_pre, s_pre, d)
        return dW

    return answer


SLIPS: dict[str, Update] = {
    "never decays: d multiplies all of it, X = d * (X + S[t])": lambda X, S, d: X + S,
    "does not decay as a whole: X = d * (X + S[t]), brackets included": lambda X, S, d: d * X + S,
    "lets only the new spike decay: X = d * (X + S[t]), brackets included": (
        lambda X, S, d: X + d * S
    ),
    "forgets all but the latest step: it is d * (X + S[t]), with the old X": lambda X, S, d: d * S,
    "grows without a spike: X = d * (X + S[t]) multiplies by d, which is below one": (
        lambda X, S, d: (X + S) / d
    ),
}
for slip, update in SLIPS.items():
    stdp_online.wrong(f"the trace of pre {slip}.")(with_updates(pre=update))
    stdp_online.wrong(f"the trace of post {slip}.")(with_updates(post=update))

stdp_online.wrong(
    "only the new spike decays, and a trace never does: X = d * (X + S[t]), brackets included."
)(with_updates(lambda X, S, d: X + d * S, lambda X, S, d: X + d * S))

stdp_online.wrong("the trace of pre shrinks with each spike: a spike adds one.")(
    with_updates(pre=lambda X, S, d: d * (X - S))
)

for first, whose in (((1, 1), "both traces"), ((1, 0), "the trace of post"),
                     ((0, 1), "the trace of pre")):  # fmt: skip
    stdp_online.wrong(
        f"{whose} must start at zero, before any spike. Yours starts with the spikes of step 0, "
        "which then count twice."
    )(with_updates(first=first))

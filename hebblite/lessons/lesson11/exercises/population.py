"""Exercise 11.1: the update of a population, all pairs of which learn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Array, Array, Array]:
    """Spikes of N neurons for each rate of post, (N, T+1, B, n), and of pre, (N, T+1, B, m), and
    the window K, (T+1, T+1). Now and then N, B, n or m is 1."""
    rng = np.random.default_rng([111, seed])
    N, rows, batch, n, m = (
        int(rng.integers(*ends)) for ends in ((3, 6), (7, 11), (2, 4), (2, 4), (4, 6))
    )
    if seed % 5 == 1:
        batch = 1
    if seed % 5 == 2:
        n = 1
    if seed % 5 == 3:
        m = 1
    if seed % 5 == 4:
        N = 1
    post = (rng.random((N, rows, batch, n)) < rng.uniform(0.2, 0.7, n)).astype(float)
    pre = (rng.random((N, rows, batch, m)) < rng.uniform(0.2, 0.7, m)).astype(float)
    lag = np.subtract.outer(np.arange(rows), np.arange(rows))
    return post, pre, np.sign(lag) * float(rng.uniform(0.5, 0.9)) ** np.abs(lag)


@exercise(
    "11.1",
    "the update of a population",
    cases=cases,
    hints=(
        "One of the N² pairs, i of post and j of pre, gives the sum over t and t' of "
        "S_post[i, t] K[t, t'] S_pre[j, t']. Which of its factors depend on i, and which on j?",
        "The mean over i and j can be taken before anything is multiplied: it is that of two "
        "shares, S_post.mean(axis=0) and S_pre.mean(axis=0), (T+1, B, n) and (T+1, B, m).",
        'np.einsum("tbi,ts,sbj->ij", post, K, pre) / B, with the two shares.',
    ),
)
def population_update(S_post: Array, S_pre: Array, K: Array) -> Array:
    """The mean over all N² pairs of their updates, and over the batch, (n, m)."""
    post, pre = S_post.mean(axis=0), S_pre.mean(axis=0)
    made: Array = np.einsum("tbi,ts,sbj->ij", post, K, pre, optimize=True) / post.shape[1]
    return made


@population_update.right
def all_pairs(S_post: Array, S_pre: Array, K: Array) -> Array:
    N, batch = len(S_post), S_post.shape[2]
    dW = np.zeros((S_post.shape[3], S_pre.shape[3]))
    for one in S_post:
        for other in S_pre:
            for b in range(batch):
                dW += one[:, b].T @ K @ other[:, b]
    return dW / (N * N * batch)


@population_update.right
def in_one_sum(S_post: Array, S_pre: Array, K: Array) -> Array:
    made: Array = np.einsum("ptbi,ts,qsbj->ij", S_post, K, S_pre, optimize=True)
    return made / (len(S_post) ** 2 * S_post.shape[2])


@population_update.right
def by_shares(S_post: Array, S_pre: Array, K: Array) -> Array:
    post, pre = S_post.sum(axis=0) / len(S_post), S_pre.sum(axis=0) / len(S_pre)
    each = [post[:, b].T @ (K @ pre[:, b]) for b in range(post.shape[1])]
    return np.asarray(np.mean(each, axis=0))


def _pairs(which: str, S_post: Array, S_pre: Array, K: Array) -> Array:
    return np.asarray(np.einsum(which, S_post, K, S_pre, optimize=True))


def _scaled(scale: Callable[[int, int], float]) -> Answer:
    """The sum over all pairs and the batch, times ``scale(N, B)``."""

    def answer(S_post: Array, S_pre: Array, K: Array) -> Array:
        made = _pairs("ptbi,ts,qsbj->ij", S_post, S_pre, K)
        return made * scale(len(S_post), S_post.shape[2])

    return answer


population_update.wrong(
    "each neuron of post meets only the neuron of pre with its own number, N pairs in all. That is "
    "an average over N trains. Here all N² pairs learn."
)(
    lambda S_post, S_pre, K: (
        _pairs("ptbi,ts,psbj->ij", S_post, S_pre, K) / (len(S_post) * S_post.shape[2])
    )
)

population_update.wrong(
    "each neuron meets only the one with its own number, and it is the sum: take the mean over all "
    "N² pairs."
)(lambda S_post, S_pre, K: _pairs("ptbi,ts,psbj->ij", S_post, S_pre, K) / S_post.shape[2])

population_update.wrong(
    "only the first neuron of each population learns here. Take the mean over all pairs."
)(lambda S_post, S_pre, K: population_update(S_post[:1], S_pre[:1], K))

population_update.wrong(
    "the population of pre is averaged, but of post only the first neuron is there. Take the share "
    "of post that fires, too."
)(lambda S_post, S_pre, K: population_update(S_post[:1], S_pre, K))

population_update.wrong(
    "the population of post is averaged, but of pre only the first neuron is there. Take the share "
    "of pre that fires, too."
)(lambda S_post, S_pre, K: population_update(S_post, S_pre[:1], K))

population_update.wrong("this is the sum over all pairs; the update is their mean: divide by N².")(
    _scaled(lambda N, batch: 1 / batch)
)

population_update.wrong("there are N² pairs, and you divide by N.")(
    _scaled(lambda N, batch: 1 / (N * batch))
)

population_update.wrong("this is the sum over the batch; the update is its average.")(
    _scaled(lambda N, batch: 1 / N**2)
)

population_update.wrong(
    "this is the sum over all pairs and over the batch. Take the mean over both."
)(_scaled(lambda N, batch: 1.0))

population_update.wrong("you divide by B twice.")(_scaled(lambda N, batch: 1 / (N**2 * batch**2)))

population_update.wrong(
    "the sign is the wrong way round: K[t, t'] belongs to a spike of post at t and one of pre at "
    "t'. Has K been transposed, or multiplied from the other side?"
)(lambda S_post, S_pre, K: -population_update(S_post, S_pre, K))

population_update.wrong(
    "rows are the postsynaptic neurons, and yours are the presynaptic ones: transpose."
)(lambda S_post, S_pre, K: population_update(S_post, S_pre, K).T)

population_update.wrong(
    "rows are the postsynaptic neurons, and the sign is wrong as well. Have S_post and S_pre "
    "changed places?"
)(lambda S_post, S_pre, K: population_update(S_pre, S_post, K))

population_update.wrong(
    "inputs of the batch meet here. Each is a phase of its own: post of input b pairs with pre of "
    "input b, and then the batch is averaged."
)(
    lambda S_post, S_pre, K: (
        S_post.mean(axis=0).sum(axis=1).T @ K @ S_pre.mean(axis=0).sum(axis=1) / S_post.shape[2]
    )
)

population_update.wrong(
    "you average over the batch before you multiply. Each input is a phase of its own: multiply "
    "first, and then average."
)(lambda S_post, S_pre, K: S_post.mean(axis=(0, 2)).T @ K @ S_pre.mean(axis=(0, 2)))

population_update.wrong("only the first input of the batch is there. Average over all of them.")(
    lambda S_post, S_pre, K: population_update(S_post[:, :, :1], S_pre[:, :, :1], K)
)

population_update.wrong(
    "the window is missing: this multiplies spikes of the same step, which is plain Hebb."
)(lambda S_post, S_pre, K: population_update(S_post, S_pre, np.eye(len(K))))

population_update.wrong(
    "the window is missing: this multiplies the numbers of spikes of the whole phase."
)(lambda S_post, S_pre, K: population_update(S_post, S_pre, np.ones_like(K)))

population_update.wrong(
    "pairs with post before pre are missing. K has both signs: multiply with all of it."
)(lambda S_post, S_pre, K: population_update(S_post, S_pre, np.tril(K)))

population_update.wrong(
    "pairs with pre before post are missing. K has both signs: multiply with all of it."
)(lambda S_post, S_pre, K: population_update(S_post, S_pre, np.triu(K)))

population_update.wrong(
    "every pair strengthens: K has a sign, which tells which of the two spikes came first."
)(lambda S_post, S_pre, K: population_update(S_post, S_pre, np.abs(K)))

population_update.wrong("you divide by the number of steps. The update is their sum.")(
    lambda S_post, S_pre, K: population_update(S_post, S_pre, K) / len(K)
)

population_update.wrong(
    "the updates of the inputs are there. Take their mean over the batch: (n, m) is asked for."
)(lambda S_post, S_pre, K: np.einsum("tbi,ts,sbj->bij", S_post.mean(axis=0), K, S_pre.mean(axis=0)))

population_update.wrong(
    "a population fires as one neuron here: 1 where anybody fires. Take the *share* that fires."
)(
    lambda S_post, S_pre, K: population_update(
        S_post.max(axis=0, keepdims=True), S_pre.max(axis=0, keepdims=True), K
    )
)

population_update.wrong(
    "the shares are rounded to 0 or 1. A share lies between: the mean over axis 0, as it is."
)(
    lambda S_post, S_pre, K: population_update(
        np.round(S_post.mean(axis=0, keepdims=True)), np.round(S_pre.mean(axis=0, keepdims=True)), K
    )
)

"""Exercise 03.3: the symmetrised differential Hebbian update."""

from __future__ import annotations

import numpy as np

from ....teaching.exercises import exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng([33, seed])
    steps = 1 if seed % 4 == 1 else rng.integers(3, 7)
    n = 1 if seed % 4 == 2 else rng.integers(2, 5)
    m = 1 if seed % 4 == 3 else rng.integers(5, 8)
    return rng.uniform(0, 1, (steps + 1, n)), rng.uniform(0, 1, (steps + 1, m))


@exercise(
    "03.3",
    "the symmetrised differential Hebbian update",
    cases=cases,
    hints=(
        "Two sums, two matrix products. Exercise 00.1 was the first of them.",
        "np.diff(pre, axis=0) has shape (T, m). Which rows of post stand beside it: those at t "
        "or those at t+1?",
        "Each sum over t is (T, n) transposed times (T, m): a change of one, and the rates of "
        "the other without their last row or without their first. Check: the two together "
        "must be the contrast.",
    ),
)
def symmetric_dh(post: Array, pre: Array) -> Array:
    """sum_t dpost[t] pre[t]^T + post[t+1] dpre[t]^T for post (T+1, n) and pre (T+1, m): (n, m)."""
    return np.diff(post, axis=0).T @ pre[:-1] + post[1:].T @ np.diff(pre, axis=0)


def _pairs(post: Array, pre: Array, p: slice, q: slice) -> Array:
    """dpost against pre[p], plus post[q] against dpre."""
    return np.diff(post, axis=0).T @ pre[p] + post[q].T @ np.diff(pre, axis=0)


_EARLY, _LATE = slice(None, -1), slice(1, None)


@symmetric_dh.right
def _loop(post: Array, pre: Array) -> Array:
    dW = np.zeros((post.shape[1], pre.shape[1]))
    for t in range(len(post) - 1):
        dW += np.outer(post[t + 1] - post[t], pre[t])
        dW += np.outer(post[t + 1], pre[t + 1] - pre[t])
    return dW


@symmetric_dh.right
def _contrast(post: Array, pre: Array) -> Array:
    """The theorem T1, used."""
    return np.outer(post[-1], pre[-1]) - np.outer(post[0], pre[0])


symmetric_dh.right(lambda post, pre: _pairs(post, pre, _LATE, _EARLY))  # the other exact pair

symmetric_dh.right(
    lambda post, pre: (_pairs(post, pre, _EARLY, _EARLY) + _pairs(post, pre, _LATE, _LATE)) / 2
)

symmetric_dh.right(
    lambda post, pre: (
        np.einsum("ti,tj->ij", np.diff(post, axis=0), pre[:-1])
        + np.einsum("ti,tj->ij", post[1:], np.diff(pre, axis=0))
    )
)

symmetric_dh.wrong("this is the one-sided update: the sum with the change of pre is missing.")(
    lambda post, pre: np.diff(post, axis=0).T @ pre[:-1]
)

symmetric_dh.wrong("this is the second sum alone: the one with the change of post is missing.")(
    lambda post, pre: post[1:].T @ np.diff(pre, axis=0)
)

symmetric_dh.wrong(
    "this is plain Hebb, rate times rate at every moment: in each sum one factor is a change."
)(lambda post, pre: post.T @ pre)

symmetric_dh.wrong(
    "both sums are taken at t, so the corners where both rates change are missing: "
    "beside the change of pre stands post[t+1]."
)(lambda post, pre: _pairs(post, pre, _EARLY, _EARLY))

symmetric_dh.wrong(
    "both sums are taken at t+1, so the corners where both rates change count twice: "
    "beside the change of post stands pre[t]."
)(lambda post, pre: _pairs(post, pre, _LATE, _LATE))

symmetric_dh.wrong("this is half of it: the two sums are added, not averaged.")(
    lambda post, pre: _loop(post, pre) / 2
)

symmetric_dh.wrong(
    "this is the transpose: rows belong to the postsynaptic neuron, columns to the presynaptic one."
)(lambda post, pre: _loop(post, pre).T)

symmetric_dh.wrong("the sign is the wrong way round: a change is later minus earlier.")(
    lambda post, pre: -_contrast(post, pre)
)

symmetric_dh.wrong("the two sums are added, not subtracted.")(
    lambda post, pre: np.diff(post, axis=0).T @ pre[:-1] - post[1:].T @ np.diff(pre, axis=0)
)

symmetric_dh.wrong(
    "you multiply change by change: in each sum one factor is a change and the other a rate."
)(lambda post, pre: np.diff(post, axis=0).T @ np.diff(pre, axis=0))

symmetric_dh.wrong("you take the mean over the steps; the update is their sum.")(
    lambda post, pre: _loop(post, pre) / (len(post) - 1)
)

symmetric_dh.wrong("the last step is missing: T + 1 rows are T steps, and the sum takes them all.")(
    lambda post, pre: _loop(post[:-1], pre[:-1])
)

symmetric_dh.wrong("the first step is missing: the sum begins at row 0, the free state.")(
    lambda post, pre: _loop(post[1:], pre[1:])
)

symmetric_dh.wrong(
    "this multiplies the two whole changes; the contrast is a difference of two products."
)(lambda post, pre: np.outer(post[-1] - post[0], pre[-1] - pre[0]))

symmetric_dh.wrong("that is right only while the presynaptic rate is constant: here it moves too.")(
    lambda post, pre: np.outer(post[-1] - post[0], pre[0])
)

symmetric_dh.wrong("the free state is missing: what was there before the teaching does not count.")(
    lambda post, pre: np.outer(post[-1], pre[-1])
)

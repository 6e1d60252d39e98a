"""The exercise of lesson 00. Answers are written as a learner writes them."""

# mypy: allow-untyped-defs
from __future__ import annotations

import numpy as np

from ...teaching.exercises import exercise

Array = np.ndarray


def trajectories(seed: int) -> tuple[Array, Array]:
    """Rates of post (T+1, n) and pre (T+1, m); now and then n or m is 1."""
    rng = np.random.default_rng([8, seed])
    steps = rng.integers(3, 7)
    n = 1 if seed % 4 == 2 else rng.integers(2, 5)
    m = 1 if seed % 4 == 3 else rng.integers(5, 8)
    return rng.uniform(0, 1, (steps + 1, n)), rng.uniform(0, 1, (steps + 1, m))


@exercise(
    "00.1",
    "the differential Hebbian update",
    cases=trajectories,
    hints=(
        "One row is one moment: a 1-D array, n numbers in post, m in pre. Which product of two "
        "vectors makes an (n, m) matrix? NumPy has it under its mathematical name.",
        "It is the outer product, np.outer. Which two rows of post make one change, and which "
        "row of pre was there just before it? Add up over all changes.",
        "Without a loop: post[1:] - post[:-1] has shape (T, n), and the sum over t of an outer "
        "product is one matrix product: (n, T) times (T, m).",
    ),
)
def dh_update(post: Array, pre: Array) -> Array:
    """sum_t (post[t+1] - post[t]) pre[t]^T for post (T+1, n) and pre (T+1, m): (n, m)."""
    return (post[1:] - post[:-1]).T @ pre[:-1]


@dh_update.right
def loop(post: Array, pre: Array) -> Array:
    dW = np.zeros((post.shape[1], pre.shape[1]))
    for t in range(len(post) - 1):
        dW += np.outer(post[t + 1] - post[t], pre[t])
    return dW


@dh_update.right
def einsum(post, pre):
    return np.einsum("ti,tj->ij", np.diff(post, axis=0), pre[:-1])


@dh_update.right
def sum_of_outer_products(post, pre):
    return sum(np.outer(d, p) for d, p in zip(np.diff(post, axis=0), pre[:-1], strict=True))


@dh_update.right
def by_parts(post, pre):  # summation by parts, as in theorem T1
    return (
        np.outer(post[-1], pre[-1]) - np.outer(post[0], pre[0]) - post[1:].T @ np.diff(pre, axis=0)
    )


@dh_update.wrong("the sign is the wrong way round: the change is later minus earlier.")
def sign_reversed(post, pre):
    return -loop(post, pre)


@dh_update.wrong(
    "this is the transpose: rows belong to the postsynaptic neuron, columns to the presynaptic one."
)
def transposed(post, pre):
    return loop(post, pre).T


@dh_update.wrong(
    "wrong end of the interval: the presynaptic rate is taken at t, before the change, not at t+1."
)
def pre_after_the_change(post, pre):
    return np.diff(post, axis=0).T @ pre[1:]


@dh_update.wrong("this is plain Hebb: the *change* of the postsynaptic rate is missing.")
def plain_hebb(post, pre):
    return post[:-1].T @ pre[:-1]


@dh_update.wrong("this is plain Hebb: the *change* of the postsynaptic rate is missing.")
def plain_hebb_to_the_end(post, pre):
    return post.T @ pre


@dh_update.wrong(
    "this is plain Hebb with a delay: the *change* of the postsynaptic rate is missing."
)
def delayed_hebb(post, pre):
    return post[1:].T @ pre[:-1]


@dh_update.wrong("you take the mean over the steps; the update is their sum.")
def mean_over_steps(post, pre):
    return loop(post, pre) / (len(post) - 1)


@dh_update.wrong(
    "that is right only while the presynaptic rate is constant: here it moves too, so take the "
    "sum step by step."
)
def pre_at_the_start(post, pre):
    return np.outer(post[-1] - post[0], pre[0])


@dh_update.wrong(
    "that is right only while the presynaptic rate is constant: here it moves too, so take the "
    "sum step by step."
)
def pre_at_the_end(post, pre):
    return np.outer(post[-1] - post[0], pre[-1])


@dh_update.wrong(
    "you differentiate the presynaptic rate; it is the *post*synaptic one that changes in this "
    "rule."
)
def change_of_pre(post, pre):
    return post[:-1].T @ np.diff(pre, axis=0)


@dh_update.wrong("this is the last step alone: sum over all steps.")
def last_step_alone(post, pre):
    return np.diff(post, axis=0)[-1:].T @ pre[-2:-1]


@dh_update.wrong(
    "this is the first step alone: sum over all steps. Does a `return` stand inside your loop?"
)
def first_step_alone(post, pre):
    return np.outer(post[1] - post[0], pre[0])


@dh_update.wrong(
    "the last step is missing: T+1 moments have T changes between them, so t runs from 0 to "
    "T-1. How many rows has post?"
)
def last_step_missing(post, pre):
    return loop(post[:-1], pre[:-1])


@dh_update.wrong("the first step is missing: t begins at 0.")
def first_step_missing(post, pre):
    return loop(post[1:], pre[1:])


@dh_update.wrong(
    "you multiply the changes of both neurons. That is Kosko's rule, the first of this name; "
    "here the presynaptic factor is the rate itself."
)
def kosko(post, pre):
    return np.diff(post, axis=0).T @ np.diff(pre, axis=0)


@dh_update.wrong(
    "you take the presynaptic rate in the middle of each step; the formula takes it at its start."
)
def pre_in_the_middle(post, pre):
    return np.diff(post, axis=0).T @ (pre[1:] + pre[:-1]) / 2


@dh_update.wrong(
    "you take the size of the change; its sign matters: a rate that falls weakens its synapses."
)
def size_of_the_change(post, pre):
    return np.abs(np.diff(post, axis=0)).T @ pre[:-1]


@dh_update.wrong(
    "np.gradient averages the changes before and after each moment; the formula takes the plain "
    "difference of one row and the next."
)
def numpy_gradient(post, pre):
    return np.gradient(post, axis=0).T @ pre


@dh_update.wrong(
    "np.diff without an axis subtracts neighbouring *neurons*; time runs along axis 0."
)
def along_the_neurons(post, pre):
    return np.diff(post).T @ pre


@dh_update.wrong("each step is right, but they are not added up yet: sum over time, axis 0.")
def not_added_up(post, pre):
    return np.diff(post, axis=0)[:, :, None] * pre[:-1, None]


@dh_update.wrong("you sum post and pre separately; multiply first, at each step, then sum.")
def summed_separately(post, pre):
    return np.outer(np.diff(post, axis=0).sum(0), pre[:-1].sum(0))


@dh_update.wrong("you add the later and the earlier rate; the change is their difference.")
def rates_added(post, pre):
    return (post[1:] + post[:-1]).T @ pre[:-1]


@dh_update.wrong("the later rate is missing: the change is post[t+1] minus post[t].")
def later_missing(post, pre):
    return -post[:-1].T @ pre[:-1]


@dh_update.wrong(
    "every change is zero: you subtract a rate from itself. The change is row t+1 minus row t."
)
def no_change_at_all(post, pre):
    return 0 * loop(post, pre)


@dh_update.wrong(
    "there is one change fewer than there are moments: leave off the last row of pre instead of "
    "making up one more change."
)
def one_change_made_up(post, pre):
    return np.diff(post, axis=0, append=0).T @ pre


@dh_update.wrong(
    "the last row has no row after it: np.roll puts the first one there. Leave off the last row "
    "of pre instead."
)
def rolled(post, pre):
    return (np.roll(post, -1, axis=0) - post).T @ pre


@dh_update.wrong(
    "you multiply the rate of post by the change of *pre*; here it is post that changes, and pre "
    "that is taken as it is."
)
def change_of_pre_late(post, pre):
    return post[1:].T @ np.diff(pre, axis=0)


@dh_update.wrong("the change spans two steps, from t-1 to t+1. (In Python row -1 is the last one.)")
def two_steps(post, pre):
    return sum(np.outer(post[t + 1] - post[t - 1], pre[t]) for t in range(len(post) - 1))


@dh_update.wrong(
    "the change is that of the step before, row t minus row t-1. (In Python, row -1 is the last.)"
)
def change_before(post, pre):
    return sum(np.outer(post[t] - post[t - 1], pre[t]) for t in range(len(post) - 1))


@dh_update.wrong(
    "the presynaptic rate is taken one step too early, at t-1. (In Python row -1 is the last one.)"
)
def pre_too_early(post, pre):
    return sum(np.outer(post[t + 1] - post[t], pre[t - 1]) for t in range(len(post) - 1))


@dh_update.wrong("every change is measured from the first row; take neighbouring rows, t and t+1.")
def always_from_the_first(post, pre):
    return sum(np.outer(post[t + 1] - post[0], pre[t]) for t in range(len(post) - 1))


@dh_update.wrong("post[1] stands for post[t+1]: the later row must move with t.")
def later_row_fixed(post, pre):
    return sum(np.outer(post[1] - post[t], pre[t]) for t in range(len(post) - 1))


@dh_update.wrong(
    "this is the contrast of the two ends. It is the update only if the part of the change of pre "
    "is taken away (theorem T1, lesson 03)."
)
def contrast(post, pre):
    return np.outer(post[-1], pre[-1]) - np.outer(post[0], pre[0])


@dh_update.wrong("the sign of the change of pre is wrong: summation by parts subtracts that sum.")
def by_parts_with_plus(post, pre):
    return 2 * contrast(post, pre) - by_parts(post, pre)


@dh_update.wrong("the free state is missing: summation by parts subtracts its product.")
def start_missing(post, pre):
    return by_parts(post, pre) + np.outer(post[0], pre[0])

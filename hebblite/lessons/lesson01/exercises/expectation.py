"""Exercise 01.3: the expectation of STDP, given the rates."""

# mypy: allow-untyped-defs
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import exercise
from ..equations import kernel, visibility
from .online import batch_pairs, stdp_online
from .pairs import pair_sum

Array = np.ndarray


def probabilities(seed: int) -> tuple[Array, Array, float]:
    """Rates of post (T+1, n) and pre (T+1, m), and d; now and then n or m is 1."""
    rng = np.random.default_rng([13, seed])
    rows = rng.integers(5, 10)
    n = 1 if seed % 4 == 2 else rng.integers(2, 5)
    m = 1 if seed % 4 == 3 else rng.integers(5, 7)
    return rng.uniform(0, 1, (rows, n)), rng.uniform(0, 1, (rows, m)), float(rng.uniform(0.5, 0.9))


@exercise(
    "01.3",
    "the expectation of STDP, given the rates",
    cases=probabilities,
    hints=(
        "The expectation of a product of *independent* spikes is the product of what?",
        "Replace each spike by its probability, in the double sum over t and t'. Do you already "
        "have a function that does this double sum?",
        "Your function of exercise 01.2 never asks whether its numbers are 0 or 1. Give it a "
        "batch of one: post[:, None].",
    ),
)
def expected_stdp(post: Array, pre: Array, d: float) -> Array:
    """E[dW] (n, m) for independent spikes with probabilities post (T+1, n) and pre (T+1, m)."""
    return post.T @ kernel(len(post), d) @ pre


def with_kernel(change: Callable[[Array, Array, float], Array]) -> Callable[..., Array]:
    """An answer with another window: ``change(K, lag, d)``."""

    def answer(post: Array, pre: Array, d: float) -> Array:
        rows = np.arange(len(post))
        K = change(kernel(len(post), d), np.subtract.outer(rows, rows), d)
        return post.T @ K @ pre

    return answer


def frozen(pick: Callable[[Array], Array]) -> Callable[..., Array]:
    """An answer that takes pre for constant."""

    def answer(post: Array, pre: Array, d: float) -> Array:
        still = np.broadcast_to(pick(pre), pre.shape)
        return expected_stdp(post, still, d)

    return answer


STILL = "you take pre for constant. Here it moves too: each pair has the pre rate of its own step."


@expected_stdp.right
def by_lags(post: Array, pre: Array, d: float) -> Array:
    total = np.zeros((post.shape[1], pre.shape[1]))
    for k in range(1, len(post)):
        total += d**k * (post[k:].T @ pre[:-k] - post[:-k].T @ pre[k:])
    return total


@expected_stdp.right
def by_traces(post, pre, d):
    return stdp_online(post[:, None], pre[:, None], d)


@expected_stdp.right
def by_spike_pairs(post, pre, d):
    return batch_pairs(post[:, None], pre[:, None], d)


@expected_stdp.right
def einsum(post, pre, d):
    return np.einsum("ti,ts,sj->ij", post, kernel(len(post), d), pre)


expected_stdp.wrong("the sign is the wrong way round: pairs with pre first strengthen.")(
    with_kernel(lambda K, lag, d: -K)
)


@expected_stdp.wrong(
    "this is the transpose: rows belong to the postsynaptic neuron, columns to the presynaptic one."
)
def transposed(post, pre, d):
    return expected_stdp(post, pre, d).T


expected_stdp.wrong("every pair strengthens here: the sign of t - t' is missing.")(
    with_kernel(lambda K, lag, d: np.abs(K))
)

expected_stdp.wrong(
    "spikes of the same step count as strengthening here: K(0) is 0, leave out t = t'."
)(with_kernel(lambda K, lag, d: K + np.eye(len(K))))

expected_stdp.wrong(
    "spikes of the same step count as weakening here: K(0) is 0, leave out t = t'."
)(with_kernel(lambda K, lag, d: K - np.eye(len(K))))

expected_stdp.wrong("only pairs with pre first are counted: the others weaken.")(
    with_kernel(lambda K, lag, d: np.tril(K))
)

expected_stdp.wrong(
    "pairs count one step too near: neighbours in time are one step apart and have d^1."
)(with_kernel(lambda K, lag, d: K / d))

expected_stdp.wrong("every pair counts fully here: the decay d^|t - t'| is missing.")(
    with_kernel(lambda K, lag, d: np.sign(lag).astype(float))
)


@expected_stdp.wrong(
    "this is the differential Hebbian update, where the story is going. Asked for is the sum "
    "over all pairs of steps."
)
def differential_hebb(post, pre, d):
    return np.diff(post, axis=0).T @ pre[:-1]


@expected_stdp.wrong(
    "this is the limit that we derive next. Asked for is the exact sum over all pairs."
)
def limit(post, pre, d):
    return d / (1 - d) ** 2 * np.diff(post, axis=0).T @ pre[:-1]


expected_stdp.wrong(STILL)(frozen(lambda pre: pre[0]))

expected_stdp.wrong(STILL)(frozen(lambda pre: pre.mean(axis=0)))


@expected_stdp.wrong(
    "it returns nothing but zeros. If you call `my_stdp`: time comes first, so a batch of one is "
    "`post[:, None]`, while `post[None]` has a single step. If you fill an array: is it one of "
    "whole numbers, which cuts every part to 0?"
)
def batch_first(post, pre, d):
    return stdp_online(post[None], pre[None], d)


@expected_stdp.wrong(
    "`my_pairs` takes the *times* of spikes, and here are rates. It is `my_stdp` that takes one "
    "number for each step."
)
def rates_as_times(post, pre, d):
    return pair_sum(post.ravel(), pre.ravel(), d)


@expected_stdp.wrong("you take a mean over the steps; the expectation is a sum over pairs.")
def mean_over_steps(post, pre, d):
    return expected_stdp(post, pre, d) / len(post)


@expected_stdp.wrong("you take the mean over the pairs of steps; the expectation is their sum.")
def mean_over_pairs(post, pre, d):
    return expected_stdp(post, pre, d) / len(post) ** 2


@expected_stdp.wrong("these are the two ends alone. Asked for is the sum over all pairs of steps.")
def two_ends(post, pre, d):
    return np.outer(post[-1] - post[0], pre[0])


expected_stdp.wrong(
    "every pair strengthens here, and so do spikes of the same step: the factor sign(t - t') is "
    "missing."
)(with_kernel(lambda K, lag, d: d ** np.abs(lag)))

expected_stdp.wrong(
    "the window grows without bound on one side: the exponent needs the *size* of t - t'."
)(with_kernel(lambda K, lag, d: np.sign(lag) * d ** lag.astype(float)))

expected_stdp.wrong(
    "d is no time constant: it is the decay per step already, so a pair has d^|t - t'|."
)(with_kernel(lambda K, lag, d: np.sign(lag) * np.exp(-np.abs(lag) / d)))


@expected_stdp.wrong(
    "this is the product of the mean rates: the order of time is lost. Each pair of steps has "
    "the rates of its own two moments."
)
def mean_rates(post, pre, d):
    return np.outer(post.mean(axis=0), pre.mean(axis=0))


@expected_stdp.wrong(
    "this is equation (2), still to come, with a pre that moves: it holds for constant pre "
    "only. Asked for is the sum over all pairs of steps."
)
def seen_through_g(post, pre, d):
    return (
        d
        / (1 - d) ** 2
        * (visibility(len(post) - 1, d)[:, None] * np.diff(post, axis=0)).T
        @ pre[:-1]
    )


@expected_stdp.wrong(
    "this is plain Hebb: it pairs each step with itself, and these pairs have K(0) = 0. Pair "
    "each step with every *other* one."
)
def plain_hebb(post, pre, d):
    return post.T @ pre


def forgetting(stay: float) -> Callable[..., Array]:
    """An answer with a decay of its own."""
    return with_kernel(lambda K, lag, d: kernel(len(K), stay))


for stay in (0.5, 0.7, 0.8, 0.9, 0.95):
    expected_stdp.wrong(
        f"the decay is {stay:g} here, whatever `d` is. Use the argument: others may call your "
        "function with another window."
    )(forgetting(stay))

expected_stdp.wrong(
    "d to the power of *minus* |t - t'| grows with the distance: leave out the minus."
)(with_kernel(lambda K, lag, d: np.sign(lag) / d ** np.abs(lag)))

expected_stdp.wrong("this is |t - t'| to the power of d: base and exponent have changed places.")(
    with_kernel(lambda K, lag, d: np.sign(lag) * np.abs(lag) ** d)
)

expected_stdp.wrong(
    "a pair counts with d times |t - t'| here. It is d *to the power* of |t - t'|."
)(with_kernel(lambda K, lag, d: np.sign(lag) * d * np.abs(lag)))

expected_stdp.wrong(
    "the last step is left out: t and t' run from 0 to T, which makes T + 1 steps."
)(lambda post, pre, d: expected_stdp(post[:-1], pre[:-1], d))

expected_stdp.wrong(
    "the first step is left out: t and t' run from 0 to T, which makes T + 1 steps."
)(lambda post, pre, d: expected_stdp(post[1:], pre[1:], d))


@expected_stdp.wrong(
    "only the pairs of the first post step are there. Is there a `return` inside the outer loop? "
    "It belongs behind it."
)
def first_row(post, pre, d):
    return np.outer(post[0], kernel(len(post), d)[0] @ pre)


@expected_stdp.wrong(
    "only the pairs of the last post step are there. Add each step's part to the update; do not "
    "replace it."
)
def last_row(post, pre, d):
    return np.outer(post[-1], kernel(len(post), d)[-1] @ pre)

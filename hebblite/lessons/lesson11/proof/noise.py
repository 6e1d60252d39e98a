"""Steps T2.1 and T2.8: the mean of an update over all spikes, and its variance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Mean
from .statement import INDEPENDENT, T2

Array = np.ndarray
DRAWS = 250
FAR = 6.0  # standard errors: squares of few draws are skewed


@T2.step(
    "T2.1",
    "the mean of an update",
    left="dW",
    claim=Mean(DRAWS, FAR),
    uses=(INDEPENDENT,),
    because="the mean of a sum is the sum of the means, and the mean of a product of what is "
    "independent is the product of the means; a trace is a sum of earlier spikes",
    hints=(
        "In each step a post spike finds the trace of pre, and a pre spike the trace of post, with "
        "a minus. What is the mean of each of these products?",
        "The mean of a spike is its rate: post times trace_pre, minus trace_post times pre. A sum "
        "over steps of outer products is one matrix product.",
        "post.T @ trace_pre - trace_post.T @ pre",
    ),
)
def average(post: Array, pre: Array, trace_post: Array, trace_pre: Array) -> Array:
    """The mean of dW = sum_t post[t] trace_pre[t]^T - trace_post[t] pre[t]^T"""
    return post.T @ trace_pre - trace_post.T @ pre


average.right(
    lambda post, pre, trace_post, trace_pre: (
        np.einsum("ti,tj->ij", post, trace_pre) - np.einsum("ti,tj->ij", trace_post, pre)
    )
)
average.right(
    lambda post, pre, trace_post, trace_pre: -(trace_post.T @ pre - (trace_pre.T @ post).T)
)


@average.right
def each_step(post: Array, pre: Array, trace_post: Array, trace_pre: Array) -> Array:
    total = np.zeros((post.shape[1], pre.shape[1]))
    for t in range(len(post)):
        total = total + np.outer(post[t], trace_pre[t]) - np.outer(trace_post[t], pre[t])
    return total


@average.term("what post spikes find of pre")
def strengthened(post: Array, trace_pre: Array) -> Array:
    return post.T @ trace_pre


@average.term("what pre spikes find of post")
def weakened(pre: Array, trace_post: Array) -> Array:
    return trace_post.T @ pre


for message, slip in (
    (
        "this is only what strengthens, a post spike that finds the trace of pre. A pre spike that "
        "finds the trace of post weakens.",
        lambda post, pre, trace_post, trace_pre: post.T @ trace_pre,
    ),
    (
        "this is only what weakens, a pre spike that finds the trace of post. A post spike that "
        "finds the trace of pre strengthens.",
        lambda post, pre, trace_post, trace_pre: -trace_post.T @ pre,
    ),
    (
        "this is what weakens, and with a plus. A post spike that finds the trace of pre "
        "strengthens, and this is subtracted from it.",
        lambda post, pre, trace_post, trace_pre: trace_post.T @ pre,
    ),
    (
        "the sign is the wrong way round: pre before post strengthens.",
        lambda post, pre, trace_post, trace_pre: trace_post.T @ pre - post.T @ trace_pre,
    ),
    (
        "plus for minus: a pre spike that finds the trace of post weakens.",
        lambda post, pre, trace_post, trace_pre: post.T @ trace_pre + trace_post.T @ pre,
    ),
    (
        "traces meet spikes, and not one another.",
        lambda post, pre, trace_post, trace_pre: trace_post.T @ trace_pre,
    ),
    (
        "this is plain Hebb, spikes of one and the same step: these count nothing.",
        lambda post, pre, trace_post, trace_pre: post.T @ pre,
    ),
    (
        "this is the mean over the steps: STDP adds up what each step brings.",
        lambda post, pre, trace_post, trace_pre: (
            (post.T @ trace_pre - trace_post.T @ pre) / len(post)
        ),
    ),
    (
        "this is half of it: the two parts are subtracted, they are not averaged.",
        lambda post, pre, trace_post, trace_pre: (post.T @ trace_pre - trace_post.T @ pre) / 2,
    ),
    (
        "each is summed over time before it is multiplied. Multiply what is there in one step, "
        "and then sum: `post.T @ trace_pre`.",
        lambda post, pre, trace_post, trace_pre: (
            np.outer(post.sum(0), trace_pre.sum(0)) - np.outer(trace_post.sum(0), pre.sum(0))
        ),
    ),
    (
        "this looks at the last step only: the sum runs over all steps of the phase.",
        lambda post, pre, trace_post, trace_pre: (
            np.outer(post[-1], trace_pre[-1]) - np.outer(trace_post[-1], pre[-1])
        ),
    ),
):
    average.wrong(message)(slip)


@T2.step(
    "T2.8",
    "the noise of draws and of a population",
    left="spread",
    claim=Mean(DRAWS, FAR),
    uses=(INDEPENDENT,),
    because="the spike share of n neurons has one n-th of the variance of a spike; what the spikes "
    "of one side alone make has that once, what both make together has it twice; and of N "
    "independent draws the mean has one N-th of the variance",
    hints=(
        "First a population, with N = 1. Of n neurons, the share that fires in a step has the "
        "variance r (1 - r) / n in the place of r (1 - r). What becomes of noise_post?",
        "noise_post and noise_pre contain one such variance each, noise_both contains one of post "
        "times one of pre. And what does a mean of N independent draws do to all of it?",
        "((noise_post + noise_pre) / n + noise_both / n**2) / N",
    ),
)
def population(noise_post: float, noise_pre: float, noise_both: float, n: int, N: int) -> float:
    """The variance is ((noise_post + noise_pre) / n + noise_both / n^2) / N"""
    return ((noise_post + noise_pre) / n + noise_both / n**2) / N


population.right(
    lambda noise_post, noise_pre, noise_both, n, N: (
        (n * (noise_post + noise_pre) + noise_both) / (N * n**2)
    )
)
population.right(
    lambda noise_post, noise_pre, noise_both, n, N: (
        noise_post / (n * N) + noise_pre / (n * N) + noise_both / (n * n * N)
    )
)


@population.term("what the spikes of post alone make")
def of_post(noise_post: float, n: int, N: int) -> float:
    return noise_post / n / N


@population.term("what the spikes of pre alone make")
def of_pre(noise_pre: float, n: int, N: int) -> float:
    return noise_pre / n / N


@population.term("what both make together")
def of_both(noise_both: float, n: int, N: int) -> float:
    return noise_both / n**2 / N


def _of_parts(make: Callable[[float, float, float, int, int], float]) -> Answer:
    return lambda noise_post, noise_pre, noise_both, n, N: make(
        noise_post, noise_pre, noise_both, n, N
    )


for message, variance in (
    (
        "this is right for n * N *draws*. In a population each neuron of post pairs with each of "
        "pre: what only both together make falls with the number of pairs, n^2.",
        lambda a, b, c, n, N: (a + b + c) / (n * N),
    ),
    (
        "all n^2 pairs are counted as if they were independent. They share their spikes: what the "
        "spikes of post alone make is averaged over n neurons of post only.",
        lambda a, b, c, n, N: (a + b + c) / (n**2 * N),
    ),
    (
        "this is a single draw of one neuron on either side. Neither n nor N is in it.",
        lambda a, b, c, n, N: a + b + c,
    ),
    (
        "this is N draws, without a population: n is missing.",
        lambda a, b, c, n, N: (a + b + c) / N,
    ),
    (
        "this is a population in one draw: the mean of N draws has one N-th of the variance.",
        lambda a, b, c, n, N: (a + b) / n + c / n**2,
    ),
    (
        "this is right for n * N draws of a single neuron on either side, divided twice.",
        lambda a, b, c, n, N: (a + b + c) / (n * N) ** 2,
    ),
    (
        "the draws are independent as wholes: N divides everything once, what both make as well.",
        lambda a, b, c, n, N: (a + b) / (n * N) + c / (n * N) ** 2,
    ),
    (
        "N is squared. The variance of a mean of N independent draws falls as 1 / N.",
        lambda a, b, c, n, N: ((a + b) / n + c / n**2) / N**2,
    ),
    (
        "the root of N is how the standard deviation falls. The variance falls as 1 / N.",
        lambda a, b, c, n, N: ((a + b) / n + c / n**2) / np.sqrt(N),
    ),
    (
        "N multiplies: averaging makes the noise smaller.",
        lambda a, b, c, n, N: ((a + b) / n + c / n**2) * N,
    ),
    (
        "n multiplies: the more neurons carry a rate, the smaller is the noise.",
        lambda a, b, c, n, N: ((a + b) * n + c * n**2) / N,
    ),
    (
        "the two have changed places: n^2 belongs to what both make together.",
        lambda a, b, c, n, N: ((a + b) / n**2 + c / n) / N,
    ),
    (
        "what both make together is not averaged here. It falls as well, with n^2.",
        lambda a, b, c, n, N: ((a + b) / n + c) / N,
    ),
    (
        "what the spikes of one side alone make is not averaged here: it falls with n.",
        lambda a, b, c, n, N: (a + b + c / n**2) / N,
    ),
    (
        "n has one power too many in what both make together: there are n^2 pairs.",
        lambda a, b, c, n, N: ((a + b) / n + c / n**3) / N,
    ),
    (
        "what both make together is missing. It is small in large populations, and it is there.",
        lambda a, b, c, n, N: (a + b) / (n * N),
    ),
    (
        "the noise of pre's spikes is missing.",
        lambda a, b, c, n, N: (a / n + c / n**2) / N,
    ),
    (
        "the noise of post's spikes is missing.",
        lambda a, b, c, n, N: (b / n + c / n**2) / N,
    ),
    (
        "this is the standard deviation: the variance is its square.",
        lambda a, b, c, n, N: np.sqrt(((a + b) / n + c / n**2) / N),
    ),
    (
        "noise never takes noise away: variances of independent parts add up.",
        lambda a, b, c, n, N: ((a + b) / n - c / n**2) / N,
    ),
    (
        "noise never takes noise away: variances of independent parts add up.",
        lambda a, b, c, n, N: ((a - b) / n + c / n**2) / N,
    ),
    (
        "the means of the parts are averaged: variances of independent parts add up.",
        lambda a, b, c, n, N: ((a + b) / (2 * n) + c / n**2) / N,
    ),
):
    population.wrong(message)(_of_parts(variance))

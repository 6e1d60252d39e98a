"""Steps T2.2 and T2.3: a trace is a memory that lags behind, and STDP compares what lags."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Exact, Order
from .statement import SLOW, T2

Array = np.ndarray
#: Strengths of the worlds in which orders are read: speeds.
SPEEDS = (0.01, 0.03, 0.1)


@T2.step(
    "T2.2",
    "STDP compares what lags",
    left="E",
    claim=Exact(),
    because="mean is rate minus lag: put into both products, post pre^T drops out, and what is "
    "left is how far post lags times pre, minus post times how far pre lags",
    hints=(
        "E is (1 - d) times the sum of post mean_pre^T - mean_post pre^T. Put in "
        "mean_post = post - lag_post, and mean_pre alike.",
        "post pre^T stands there twice, with opposite signs. What is left? A sum over steps of "
        "outer products is one matrix product, such as lag_post.T @ pre.",
        "(1 - d) * (lag_post.T @ pre - post.T @ lag_pre)",
    ),
)
def compared(d: float, post: Array, pre: Array, lag_post: Array, lag_pre: Array) -> Array:
    """E = (1 - d) sum_t lag_post[t] pre[t]^T - post[t] lag_pre[t]^T"""
    return (1 - d) * (lag_post.T @ pre - post.T @ lag_pre)


compared.right(
    lambda d, post, pre, lag_post, lag_pre: (
        (1 - d) * (post.T @ (pre - lag_pre) - (post - lag_post).T @ pre)
    )
)
compared.right(
    lambda d, post, pre, lag_post, lag_pre: (
        (1 - d) * (np.einsum("ti,tj->ij", lag_post, pre) - np.einsum("ti,tj->ij", post, lag_pre))
    )
)


@compared.right
def step_by_step(d: float, post: Array, pre: Array, lag_post: Array, lag_pre: Array) -> Array:
    total = np.zeros((post.shape[1], pre.shape[1]))
    for t in range(len(post)):
        total = total + np.outer(lag_post[t], pre[t]) - np.outer(post[t], lag_pre[t])
    return (1 - d) * total


@compared.term("how far post lags, times pre")
def post_lags(d: float, pre: Array, lag_post: Array) -> Array:
    return (1 - d) * lag_post.T @ pre


@compared.term("post times how far pre lags")
def pre_lags(d: float, post: Array, lag_pre: Array) -> Array:
    return (1 - d) * post.T @ lag_pre


@compared.term("the product of both lags")
def both_lag(d: float, lag_post: Array, lag_pre: Array) -> Array:
    return (1 - d) * lag_post.T @ lag_pre


Lagging = Callable[[Array, Array, Array, Array], Array]


def _made(make: Lagging, factor: Callable[[float], float] = lambda d: 1 - d) -> Answer:
    """An answer: a factor times something made of post, pre and their lags."""
    return lambda d, post, pre, lag_post, lag_pre: factor(d) * make(post, pre, lag_post, lag_pre)


def _right(post: Array, pre: Array, lag_post: Array, lag_pre: Array) -> Array:
    return np.asarray(lag_post.T @ pre - post.T @ lag_pre)


for message, slip in (
    (
        "only how far post lags is there. Pre lags too, and a pre spike reads the trace of post: "
        "put mean = rate - lag into both products.",
        lambda post, pre, lag_post, lag_pre: lag_post.T @ pre,
    ),
    (
        "only how far pre lags is there. Post lags too, and its part has a plus.",
        lambda post, pre, lag_post, lag_pre: -post.T @ lag_pre,
    ),
    (
        "the sign is the wrong way round. A post spike that reads the trace of pre strengthens, "
        "and a mean is the rate *minus* the lag.",
        lambda post, pre, lag_post, lag_pre: post.T @ lag_pre - lag_post.T @ pre,
    ),
    (
        "plus for minus: what weakens is subtracted, so the two parts keep opposite signs.",
        lambda post, pre, lag_post, lag_pre: lag_post.T @ pre + post.T @ lag_pre,
    ),
    (
        "a plus too few: post with the mean of pre gives -post lag_pre^T, and minus the mean of "
        "post with pre gives +lag_post pre^T.",
        lambda post, pre, lag_post, lag_pre: -lag_post.T @ pre - post.T @ lag_pre,
    ),
    (
        "this multiplies the lags with one another. Each lag meets the *rate* on the other side.",
        lambda post, pre, lag_post, lag_pre: lag_post.T @ lag_pre,
    ),
    (
        "this is plain Hebb, the rates themselves. They drop out: what is left are the lags.",
        lambda post, pre, lag_post, lag_pre: post.T @ pre,
    ),
    (
        "the product of both means is in here. Each spike meets the mean of the *other* neuron "
        "only, and its own rate.",
        lambda post, pre, lag_post, lag_pre: (post - lag_post).T @ (pre - lag_pre),
    ),
    (
        "only what strengthens is there, post times the mean of pre. What weakens is missing, the "
        "mean of post times pre.",
        lambda post, pre, lag_post, lag_pre: post.T @ (pre - lag_pre),
    ),
    (
        "this looks at the last step only: the sum runs over all steps of the phase.",
        lambda post, pre, lag_post, lag_pre: (
            np.outer(lag_post[-1], pre[-1]) - np.outer(post[-1], lag_pre[-1])
        ),
    ),
    (
        "this is the mean over the steps: STDP adds up what each step brings.",
        lambda post, pre, lag_post, lag_pre: (lag_post.T @ pre - post.T @ lag_pre) / len(post),
    ),
    (
        "each is summed over time before it is multiplied. Multiply what is there in one step, "
        "and then sum: `lag_post.T @ pre`.",
        lambda post, pre, lag_post, lag_pre: (
            np.outer(lag_post.sum(0), pre.sum(0)) - np.outer(post.sum(0), lag_pre.sum(0))
        ),
    ),
):
    compared.wrong(message)(_made(slip))

for message, factor in (
    (
        "the factor 1 - d is missing. A trace is d / (1 - d) times a mean, and E is divided by "
        "d / (1 - d)^2.",
        lambda d: 1.0,
    ),
    (
        "this is the update itself. E is that divided by d / (1 - d)^2, which leaves 1 - d.",
        lambda d: d / (1 - d),
    ),
    ("the factor 1 - d divides here: it multiplies.", lambda d: 1 / (1 - d)),
    ("the factor is 1 - d, once: of (1 - d)^2 / d, the trace takes d / (1 - d).",
     lambda d: (1 - d) ** 2),
    ("the factor is 1 - d, without / d: the trace has d as well.", lambda d: (1 - d) / d),
    ("the factor is 1 - d, and not d.", lambda d: d),
):  # fmt: skip
    compared.wrong(message)(_made(_right, factor))


@T2.step(
    "T2.3",
    "how far a memory lags behind",
    left="lag_cut",
    claim=Order(2, SPEEDS),
    uses=(SLOW,),
    because="lag[t] = dpost[t] + d lag[t-1], so the lag is the sum of d^i dpost[t-i]; the changes "
    "of the last steps are alike up to second order, and 1 + d + d^2 + ... = 1 / (1 - d)",
    hints=(
        "The memory takes in a share 1 - d of each new rate: how does the lag in one step follow "
        "from that in the step before, and from the change in between?",
        "lag[t] = dpost[t] + d lag[t-1]. Put it into itself again and again: dpost[t] + "
        "d dpost[t-1] + d^2 dpost[t-2] + ... If all these changes are alike, what is their sum?",
        "dpost_cut / (1 - d)",
    ),
)
def lagging(d: float, dpost_cut: Array) -> Array:
    """lag[t] = dpost[t] / (1 - d) + O(speed^2)"""
    return dpost_cut / (1 - d)


lagging.right(lambda d, dpost_cut: dpost_cut * (1 + d / (1 - d)))
lagging.right(lambda d, dpost_cut: np.array([one / (1 - d) for one in dpost_cut]))
lagging.right(lambda d, dpost_cut: sum(d**i for i in range(100)) * dpost_cut)


@lagging.term("the change")
def changed(dpost_cut: Array) -> Array:
    return dpost_cut


@lagging.term("what is left of the changes before it")
def before(d: float, dpost_cut: Array) -> Array:
    return dpost_cut * d / (1 - d)


def _times(number: Callable[[float], float]) -> Answer:
    return lambda d, dpost_cut: number(d) * dpost_cut


for message, number in (
    (
        "this is the last change alone. The memory has not yet taken in all of the changes before "
        "it: of each, the share d is left after one step.",
        lambda d: 1.0,
    ),
    (
        "this is what is left of the changes *before* the last one. The last one is missing: the "
        "memory has taken in none of it.",
        lambda d: d / (1 - d),
    ),
    ("1 - d divides: a memory that decays slowly, with d near 1, lags far behind.",
     lambda d: 1 - d),
    ("this is the share of the memory that is left after one step. All of the changes before "
     "count, with 1 + d + d^2 + ...", lambda d: d),
    ("the sum of 1 + d + d^2 + ... is 1 / (1 - d), and not 1 / d.", lambda d: 1 / d),
    ("this is how far it lags after two steps: the series goes on.", lambda d: 1 + d),
    ("the series has ended too early: it has no end.", lambda d: 1 + d + d**2),
    ("1 - d divides once. Squared it stands in the factor of E.", lambda d: 1 / (1 - d) ** 2),
    ("this is the factor of E, d / (1 - d)^2. The lag has one sum, and not two.",
     lambda d: d / (1 - d) ** 2),
    ("the sign is the wrong way round: where rates rise, the rate is above its running mean.",
     lambda d: -1 / (1 - d)),
    ("the signs of the powers do not alternate: all changes that are not yet taken in add up.",
     lambda d: 1 / (1 + d)),
    ("a trace of a steady rate is d / (1 - d) times the rate, and its *mean* the rate itself: the "
     "lag has neither 1 / d nor d.", lambda d: (1 - d) / d),
):  # fmt: skip
    lagging.wrong(message)(_times(number))

lagging.wrong("this looks at how large the change is alone, and not at its sign.")(
    lambda d, dpost_cut: np.abs(dpost_cut) / (1 - d)
)
lagging.wrong("zero is right for a rate at rest: here it is moving.")(
    lambda d, dpost_cut: 0 * dpost_cut
)
lagging.wrong("each neuron's memory lags by its own change, and not by the sum of all.")(
    lambda d, dpost_cut: np.sum(dpost_cut) / (1 - d) * np.ones_like(dpost_cut)
)

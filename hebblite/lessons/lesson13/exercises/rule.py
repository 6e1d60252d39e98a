"""Exercise 13.1: a rule of one's own. Many are right: the test bench decides."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise
from ....teaching.testbench.judging import IS_DH, rule_bench

Array = np.ndarray


def phases(seed: int) -> tuple[Array, Array]:
    """Rates of a layer and of the one below over a phase, (T+1, B, n) and (T+1, B, m), with a batch
    of one or a layer of one now and then."""
    rng = np.random.default_rng([131, seed])
    n, m = rng.permutation((2, 4, 6))[:2]
    batch = 1 if seed % 4 == 2 else int(rng.integers(2, 5))
    if seed % 2:
        n = 1
    T = int(rng.integers(5, 9))
    post, pre = (rng.uniform(size=(T, batch, k)) for k in (n, m))
    return post, pre


@exercise(
    "13.1",
    "a rule of your own",
    cases=phases,
    hints=(
        "A synapse sees how its two neurons fire over the phase: `post[t]`, `pre[t]`. What differs "
        "between the taught state and the free one? Begin with that.",
        "`np.diff(post, axis=0)` holds the changes of the postsynaptic rates, one row a step; "
        "`pre[:-1]` are the presynaptic rates as each step begins.",
        'np.einsum("tbi,tbj->ij", changes, pre[:-1]) / post.shape[1] is differential Hebb. Now '
        "change one thing, predict which check of the bench will mind, and look.",
    ),
)
def ends_alone(post: Array, pre: Array) -> Array:
    """The update (n, m) of one layer, the mean over the batch, from rates post (T+1, B, n) and
    pre (T+1, B, m) over the phase: here of the two ends of the phase alone, with pre as it was
    before the teacher came."""
    return (post[-1] - post[0]).T @ pre[0] / post.shape[1]


ends_alone.bench = rule_bench


def paired(post: Callable[[Array], Array], pre: Callable[[Array], Array]) -> Answer:
    """Answers that pair something of post, (S, B, n), with something of pre, (S, B, m)."""

    def answer(post_: Array, pre_: Array) -> Array:
        return np.asarray(np.einsum("tbi,tbj->ij", post(post_), pre(pre_)) / post_.shape[1])

    def named(post: Array, pre: Array) -> Array:
        return np.asarray(answer(post, pre))

    return named


def changes(a: Array) -> Array:
    return np.diff(a, axis=0)


def dh(post: Array, pre: Array) -> Array:
    """Differential Hebb, where mistakes begin."""
    return np.asarray(np.einsum("tbi,tbj->ij", changes(post), pre[:-1]) / post.shape[1])


@ends_alone.right
def with_the_mean_of_pre(post: Array, pre: Array) -> Array:
    """The change over the whole phase times the mean of pre."""
    return (post[-1] - post[0]).T @ pre.mean(axis=0) / post.shape[1]


@ends_alone.right
def bounded(post: Array, pre: Array) -> Array:
    """A change beyond 0.1 counts as 0.1."""
    change = np.clip(post[-1] - post[0], -0.1, 0.1)
    return change.T @ pre[0] / post.shape[1]


ends_alone.wrong(IS_DH)(dh)

ends_alone.wrong(
    "it divides by the rate. Rates of tanh may be negative, where the sign turns round, and near "
    "zero, where the step has no bound."
)(paired(lambda r: changes(r) / r[:-1], lambda r: r[:-1]))

ends_alone.wrong(
    "this is plain Hebb: rates that were there before the teacher came count as much as what the "
    "teacher changed. Along it the loss need not fall."
)(paired(lambda r: r, lambda r: r))

ends_alone.wrong(
    "this is plain Hebb, as a mean over the phase: rates that were there before the teacher came "
    "count as much as what the teacher changed."
)(paired(lambda r: r / len(r), lambda r: r))

ends_alone.wrong(
    "this is plain Hebb of the taught state: most of it was there in the free state too. What did "
    "the teacher change?"
)(paired(lambda r: r[-1:], lambda r: r[-1:]))

ends_alone.wrong("this is plain Hebb of the free state: nothing in it has seen the teacher.")(
    paired(lambda r: r[:1], lambda r: r[:1])
)

ends_alone.wrong("the sign is the wrong way round: along it the loss rises in every network.")(
    paired(lambda r: -changes(r), lambda r: r[:-1])
)

ends_alone.wrong(
    "the sign is the wrong way round: this is free minus taught, and along it the loss rises."
)(paired(lambda r: r[:1] - r[-1:], lambda r: r[:1]))

ends_alone.wrong(
    "it is the change of the presynaptic rate that counts here. The input does not change, so "
    "layer 1 learns nothing; and what the teacher wants of the postsynaptic neuron is not in it."
)(paired(lambda r: r[:-1], changes))

ends_alone.wrong(
    "it multiplies two changes, as Kosko's rule did. The input does not change, so layer 1 learns "
    "nothing."
)(paired(changes, changes))

ends_alone.wrong(
    "the size of the change counts and its sign does not: rates that the teacher lowers are raised "
    "next time."
)(paired(lambda r: np.abs(changes(r)), lambda r: r[:-1]))

ends_alone.wrong("squares have no sign: rates that the teacher lowers are raised next time.")(
    paired(lambda r: changes(r) ** 2, lambda r: r[:-1])
)

ends_alone.wrong(
    "post minus its mean over time is zero on the whole, so a constant presynaptic rate learns "
    "nothing: layer 1 stays as it is."
)(paired(lambda r: r - r.mean(axis=0), lambda r: r))


@ends_alone.wrong(
    "this is the sum over the batch: divide by the number of inputs, post.shape[1], or the step "
    "depends on how many are learned at a time."
)
def summed(post: Array, pre: Array) -> Array:
    return np.einsum("tbi,tbj->ij", changes(post), pre[:-1])


@ends_alone.wrong("it is the other way round: a row for each postsynaptic neuron, (n, m).")
def transposed(post: Array, pre: Array) -> Array:
    return dh(post, pre).T


@ends_alone.wrong(
    "it divides by its own size. Then one synapse depends on all others of its layer, which it "
    "cannot see, and one input on the others of the batch."
)
def normalised(post: Array, pre: Array) -> Array:
    found = dh(post, pre)
    return np.asarray(found / np.linalg.norm(found))


@ends_alone.wrong(
    "it takes the mean over the layer off. A synapse cannot see the other neurons of its layer."
)
def without_the_mean(post: Array, pre: Array) -> Array:
    found = dh(post, pre)
    return np.asarray(found - found.mean(axis=0))


@ends_alone.wrong("only the first input of the batch is learned from.")
def the_first_input(post: Array, pre: Array) -> Array:
    return dh(post[:, :1], pre[:, :1])


@ends_alone.wrong(
    "rates averaged over the batch before they are multiplied: one input's change is then paired "
    "with another's presynaptic rate."
)
def averaged_first(post: Array, pre: Array) -> Array:
    return dh(post.mean(axis=1, keepdims=True), pre.mean(axis=1, keepdims=True))


@ends_alone.wrong(
    "it divides by the change of the presynaptic rate, which is zero for the input: NaN."
)
def divided(post: Array, pre: Array) -> Array:
    return np.asarray(np.einsum("tbi,tbj->ij", changes(post), 1 / changes(pre)) / post.shape[1])


@ends_alone.wrong(
    "a decay with the square of the rate is subtracted, as in Oja's rule. It takes what was there "
    "before the teacher for a signal, and is larger than what the teacher changes."
)
def decaying(post: Array, pre: Array) -> Array:
    return dh(post, pre) - (post**2).mean(axis=(0, 1))[:, None]


@ends_alone.wrong("it is zero everywhere: nothing is learned.")
def nothing(post: Array, pre: Array) -> Array:
    return np.zeros((post.shape[2], pre.shape[2]))

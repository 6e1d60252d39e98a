"""Exercise 13.2: a framework of one's own. Many are right: the test bench decides."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from ....teaching.exercises import Answer, exercise
from ....teaching.testbench.judging import framework_bench

Array = np.ndarray
Layers = list[Array]


def moments(seed: int) -> tuple[Layers, Layers, Array, Layers]:
    """A network of three or four layers at one moment of its phase: its weights, rates, error and
    slopes. A batch of one or a layer of one now and then."""
    rng = np.random.default_rng([132, seed])
    sizes = [int(n) for n in rng.permutation((3, 5, 7, 9))[: rng.integers(3, 5)]]
    if seed % 2:
        sizes[1] = 1
    batch = 1 if seed % 4 == 2 else int(rng.integers(2, 5))
    weights = [rng.normal(size=(n, m)) for m, n in pairwise(sizes)]
    rates = [rng.uniform(size=(batch, n)) for n in sizes]
    slopes = [rng.uniform(0.2, 1, (batch, n)) for n in sizes[1:]]
    return weights, rates, rng.normal(size=(batch, sizes[-1])), slopes


@exercise(
    "13.2",
    "a framework of your own",
    cases=moments,
    hints=(
        "What should arrive at the apical dendrites of the output layer, so that its rates move "
        "towards the target? And at those of the layer below, so that they help?",
        "The error is what the output lacks: (B, n_L). `error @ weights[-1]` is (B, n_(L-1)): it "
        "asks each neuron below how much it feeds those that lack something.",
        "Begin with drives = [error] and go down: for W in weights[:0:-1], put drives[0] @ W in "
        "front. Multiplied with the slopes of that layer it is the transposed Jacobian. Now change "
        "one thing, predict which check of the bench will mind, and look.",
    ),
)
def feedback(weights: Layers, rates: Layers, error: Array, slopes: Layers) -> Layers:
    """The apical drives a_1..a_L, each (B, n_l), from weights W_1..W_L, rates r_0..r_L, the error
    (B, n_L) and the slopes phi'(v_l) of layers 1..L: here the error, sent down by the transposed
    Jacobian."""
    drives = [slopes[-1] * error]
    for W, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        drives.insert(0, slope * (drives[0] @ W))
    return drives


feedback.bench = framework_bench


def each(change: Callable[[Array], Array]) -> Answer:
    """Answers that change each drive of the reference alike."""

    def answer(weights: Layers, rates: Layers, error: Array, slopes: Layers) -> Layers:
        return [change(a) for a in feedback(weights, rates, error, slopes)]

    return answer


def of_error(change: Callable[[Array], Array]) -> Answer:
    """Answers that send down something else than the error."""

    def answer(weights: Layers, rates: Layers, error: Array, slopes: Layers) -> Layers:
        return list(feedback(weights, rates, change(error), slopes))

    return answer


feedback.right(each(lambda a: 0.5 * a))


@feedback.right
def without_slopes(weights: Layers, rates: Layers, error: Array, slopes: Layers) -> Layers:
    """The error through the transposed weights alone, weaker."""
    drives = [0.5 * error]
    for W in weights[:0:-1]:
        drives.insert(0, drives[0] @ W)
    return drives


@feedback.right
def straight_down(weights: Layers, rates: Layers, error: Array, slopes: Layers) -> Layers:
    """The error straight to each layer, through the product of the weights above it."""
    drives, down = [0.5 * error], np.eye(error.shape[1])
    for W in weights[:0:-1]:
        down = down @ W
        drives.insert(0, 0.5 * error @ down)
    return drives


@feedback.right
def through_the_hidden_layers(
    weights: Layers, rates: Layers, error: Array, slopes: Layers
) -> Layers:
    """No drive to the output itself: it moves because those below move."""
    return [*feedback(weights, rates, error, slopes)[:-1], 0 * error]


feedback.wrong("the sign is the wrong way round: it drives the output away from its target.")(
    each(lambda a: -a)
)

feedback.wrong(
    "only the output is driven: no feedback reaches the hidden layers, so nothing changes there "
    "and a rule of changes learns nothing."
)(lambda weights, rates, error, slopes: [
    *(0 * r for r in rates[1:-1]), feedback(weights, rates, error, slopes)[-1],
])  # fmt: skip

feedback.wrong("nothing is driven: the drives are zero whatever the error.")(each(lambda a: 0 * a))

feedback.wrong(
    "a constant is added to every drive: then neurons move without a teacher, and a rule of "
    "changes learns that."
)(each(lambda a: a + 0.1))

feedback.wrong(
    "a constant is added to every drive: then neurons move without a teacher, and a rule of "
    "changes learns that."
)(each(lambda a: a + 1))

feedback.wrong(
    "the size of the error counts and its sign does not: outputs that are too high are driven "
    "higher."
)(of_error(np.abs))

feedback.wrong("squares have no sign: outputs that are too high are driven higher.")(
    of_error(lambda e: e**2)
)

feedback.wrong(
    "the whole batch gets the mean of its errors: each input needs its own, as it has a target of "
    "its own."
)(of_error(lambda e: np.repeat(e.mean(axis=0, keepdims=True), len(e), axis=0)))

feedback.wrong(
    "every output is told the same sum of all errors: it does not say which of them is wrong."
)(of_error(lambda e: np.repeat(e.sum(axis=1, keepdims=True), e.shape[1], axis=1)))


@feedback.wrong(
    "it sends down the rates of the layer above, and not what the output lacks: there is apical "
    "drive without a teacher."
)
def rates_down(weights: Layers, rates: Layers, error: Array, slopes: Layers) -> Layers:
    down = [r @ W for r, W in zip(rates[2:], weights[1:], strict=True)]
    return [*down, error]


def error_alone(weights: Layers, rates: Layers, error: Array, slopes: Layers) -> Layers:
    """The transposed Jacobian, but for the slopes of the output."""
    drives = [error]
    for W, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        drives.insert(0, slope * (drives[0] @ W))
    return drives


def the_other_way(made: Answer) -> Answer:
    """The same drives in the wrong order."""

    def answer(weights: Layers, rates: Layers, error: Array, slopes: Layers) -> Layers:
        return list(made(weights, rates, error, slopes)[::-1])

    return answer


for in_order in (feedback, error_alone, without_slopes):
    feedback.wrong("the drives are in the wrong order: a_1 comes first and the output's last.")(
        the_other_way(in_order)
    )


@feedback.wrong(
    "the sign turns round from layer to layer: only the output is driven the right way."
)
def alternating(weights: Layers, rates: Layers, error: Array, slopes: Layers) -> Layers:
    made = feedback(weights, rates, error, slopes)
    return [a * (-1) ** (len(made) - 1 - l) for l, a in enumerate(made)]


@feedback.wrong(
    "the hidden layers are driven the wrong way round: their drives have the sign of minus the "
    "error."
)
def hidden_reversed(weights: Layers, rates: Layers, error: Array, slopes: Layers) -> Layers:
    made = feedback(weights, rates, error, slopes)
    return [*(-a for a in made[:-1]), made[-1]]


feedback.wrong(
    "this is far too strong: the loop swings, or runs away, before anything has come to rest."
)(each(lambda a: 100 * a))

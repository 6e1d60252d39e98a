"""Exercise 10.1: the apical voltages of all hidden layers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray
Layers = list[Array]
#: (rates of the layer, of the layer above, of the interneurons, Y_l, Z_l) -> v^A_l
Layer = Callable[[Array, Array, Array, Array, Array], Array]


def cases(seed: int) -> tuple[Layers, Layers, Layers, Layers]:
    """Networks with 3 or 4 layers, whose sizes differ by more than 1, and batches of 1 to 4; some
    layer has one neuron where the seed is odd."""
    rng = np.random.default_rng([101, seed])
    sizes = rng.permutation((3, 5, 7, 9))[: rng.integers(3, 5)]
    if seed % 2:
        sizes[rng.integers(len(sizes))] = 1
    batch = 1 if seed % 4 == 2 else 2 * int(rng.integers(1, 3))
    rates = [rng.normal(size=(batch, n)) for n in sizes]
    p = [rng.normal(size=(batch, n)) for n in sizes[1:]]
    shapes = list(pairwise(sizes))
    Y = [rng.normal(size=shape) for shape in shapes]
    return rates, p, Y, [rng.normal(size=shape) for shape in shapes]


@exercise(
    "10.1",
    "the apical voltages of all hidden layers",
    cases=cases,
    hints=(
        "There is one for each hidden layer, so as many as there are matrices in Y. Two inputs "
        "meet in each: the rates of the layer above, and those of the layer's own interneurons.",
        "Rates are (B, n), weights have a row for each neuron that receives: `r @ Y_l.T`.",
        "For l = 0, 1, ... in Python: rates[l + 1] @ Y[l].T + p[l] @ Z[l].T, where rates[l + 1] is "
        "the layer above. Return the list of them.",
    ),
)
def apical_voltages(rates: Layers, p: Layers, Y: Layers, Z: Layers) -> Layers:
    """v^A_1..v^A_{L-1}, each (B, n_l), from the rates r_1..r_L (B, n_l), those of interneurons
    p_1..p_{L-1} (B, n_{l+1}), and Y_l, Z_l (n_l, n_{l+1})."""
    return [rates[l + 1] @ Y[l].T + p[l] @ Z[l].T for l in range(len(Y))]


def _each(layer: Layer) -> Answer:
    """Answers that do the same in each hidden layer."""

    def answer(rates: Layers, p: Layers, Y: Layers, Z: Layers) -> Layers:
        rows = zip(rates[:-1], rates[1:], p, Y, Z, strict=True)
        return [layer(*row) for row in rows]

    return answer


@apical_voltages.right
def one_after_the_other(rates: Layers, p: Layers, Y: Layers, Z: Layers) -> Layers:
    found = []
    for above, q, Y_l, Z_l in zip(rates[1:], p, Y, Z, strict=True):
        top_down = np.einsum("bk,jk->bj", above, Y_l)
        found.append(top_down + np.einsum("bk,jk->bj", q, Z_l))
    return found


@apical_voltages.right
def stacked(rates: Layers, p: Layers, Y: Layers, Z: Layers) -> Layers:
    """Both inputs side by side, through both matrices side by side."""
    rows = zip(rates[1:], p, Y, Z, strict=True)
    return [np.hstack([above, q]) @ np.hstack([Y_l, Z_l]).T for above, q, Y_l, Z_l in rows]


apical_voltages.right(lambda rates, p, Y, Z: tuple(apical_voltages(rates, p, Y, Z)))

apical_voltages.wrong("the interneurons are missing: they reach the dendrite through Z.")(
    _each(lambda r, above, p, Y, Z: above @ Y.T)
)

apical_voltages.wrong("what comes from above is missing: it reaches the dendrite through Y.")(
    _each(lambda r, above, p, Y, Z: p @ Z.T)
)

apical_voltages.wrong(
    "you take the interneurons off. The two inputs add up: that interneurons inhibit is in the "
    "signs of Z."
)(_each(lambda r, above, p, Y, Z: above @ Y.T - p @ Z.T))

apical_voltages.wrong(
    "you take what comes from above off, and not what the interneurons send. Both add up."
)(_each(lambda r, above, p, Y, Z: p @ Z.T - above @ Y.T))

apical_voltages.wrong("the sign of both inputs is the wrong way round.")(
    _each(lambda r, above, p, Y, Z: -(above @ Y.T + p @ Z.T))
)

apical_voltages.wrong("Y and Z are swapped: Y belongs to the layer above, Z to the interneurons.")(
    _each(lambda r, above, p, Y, Z: above @ Z.T + p @ Y.T)
)

apical_voltages.wrong(
    "the interneurons go through Y too. They have weights of their own, Z, which need not be -Y."
)(_each(lambda r, above, p, Y, Z: (above + p) @ Y.T))

apical_voltages.wrong(
    "this takes Z = -Y for granted. That is what learning leads to; here Z can be anything."
)(_each(lambda r, above, p, Y, Z: (above - p) @ Y.T))

apical_voltages.wrong("the layer above goes through Z too. It has weights of its own, Y.")(
    _each(lambda r, above, p, Y, Z: (above + p) @ Z.T)
)

apical_voltages.wrong("this is the mean of the two inputs. They add up.")(
    _each(lambda r, above, p, Y, Z: (above @ Y.T + p @ Z.T) / 2)
)

apical_voltages.wrong("the two inputs are multiplied. They add up.")(
    _each(lambda r, above, p, Y, Z: (above @ Y.T) * (p @ Z.T))
)

apical_voltages.wrong(
    "the rates are already rates: the activation was applied before you got them."
)(_each(lambda r, above, p, Y, Z: np.tanh(above) @ Y.T + np.tanh(p) @ Z.T))

apical_voltages.wrong(
    "p are rates, phi(i), already: do not pass them through the activation again."
)(_each(lambda r, above, p, Y, Z: above @ Y.T + np.tanh(p) @ Z.T))

apical_voltages.wrong("a voltage of a dendrite is a sum of its inputs, without an activation.")(
    _each(lambda r, above, p, Y, Z: np.tanh(above @ Y.T + p @ Z.T))
)

apical_voltages.wrong(
    "the neuron's own rates are added. Its apical dendrite sees the layer above and the "
    "interneurons alone."
)(_each(lambda r, above, p, Y, Z: r + above @ Y.T + p @ Z.T))

apical_voltages.wrong(
    "the basal input is not part of this: the apical dendrite does not see the neuron's own layer."
)(_each(lambda r, above, p, Y, Z: above @ Y.T + p @ Z.T - r))


@apical_voltages.wrong(
    "each row has the mean over the batch: every input has apical voltages of its own."
)
def mean_over_the_batch(rates: Layers, p: Layers, Y: Layers, Z: Layers) -> Layers:
    found = apical_voltages(rates, p, Y, Z)
    return [np.repeat(v.mean(axis=0, keepdims=True), len(v), axis=0) for v in found]


apical_voltages.wrong("the layers are the wrong way round: layer 1 comes first.")(
    lambda rates, p, Y, Z: apical_voltages(rates, p, Y, Z)[::-1]
)


@apical_voltages.wrong(
    "the output layer is in the list. It has no layer above and no apical dendrite here: return "
    "one array for each matrix in Y."
)
def with_the_output(rates: Layers, p: Layers, Y: Layers, Z: Layers) -> Layers:
    return [*apical_voltages(rates, p, Y, Z), np.zeros_like(rates[-1])]


@apical_voltages.wrong(
    "the voltages add up from layer to layer. Each layer has its own, without those of the others."
)
def added_up(rates: Layers, p: Layers, Y: Layers, Z: Layers) -> Layers:
    found = apical_voltages(rates, p, Y, Z)
    total = np.asarray(sum(v.sum(axis=1, keepdims=True) for v in found))
    return [v + total - v.sum(axis=1, keepdims=True) for v in found]


@apical_voltages.wrong("these are the first layer's alone: go through all of Y, and return a list.")
def the_first_alone(rates: Layers, p: Layers, Y: Layers, Z: Layers) -> Layers:
    return apical_voltages(rates[:2], p[:1], Y[:1], Z[:1])


@apical_voltages.wrong(
    "these are the last hidden layer's alone: go through all of Y, and return a list."
)
def the_last_alone(rates: Layers, p: Layers, Y: Layers, Z: Layers) -> Layers:
    return apical_voltages(rates[-2:], p[-1:], Y[-1:], Z[-1:])


apical_voltages.wrong(
    "`rates[0]` is layer 1, the layer itself. The layer above it is rates[1]: rates[l + 1] in the "
    "loop, or rates[1:] in a `zip`."
)(_each(lambda r, above, p, Y, Z: r @ Y.T + p @ Z.T))

apical_voltages.wrong(
    "both are to be transposed: Y_l has a row for each neuron that receives, and a batch has its "
    "inputs in rows. So rates[l + 1] @ Y[l].T + p[l] @ Z[l].T."
)(_each(lambda r, above, p, Y, Z: above @ Y + p @ Z))

apical_voltages.wrong("Y is to be transposed: rates @ Y.T, as a batch has its inputs in rows.")(
    _each(lambda r, above, p, Y, Z: above @ Y + p @ Z.T)
)

apical_voltages.wrong("Z is to be transposed: p @ Z.T, as a batch has its inputs in rows.")(
    _each(lambda r, above, p, Y, Z: above @ Y.T + p @ Z)
)

apical_voltages.wrong(
    "Y r and Z p are the formula for one input. For a batch, whose inputs are rows, it is "
    "rates @ Y.T and p @ Z.T."
)(_each(lambda r, above, p, Y, Z: Y @ above + Z @ p))

apical_voltages.wrong(
    "each is multiplied entry by entry. What a neuron gets is a sum over all that reaches it: "
    "rates @ Y.T."
)(_each(lambda r, above, p, Y, Z: above * Y + p * Z))

apical_voltages.wrong(
    "`rates[0]` is layer 1, the layer itself, and Y is not transposed either. It is "
    "rates[l + 1] @ Y[l].T for the layer above."
)(_each(lambda r, above, p, Y, Z: r @ Y + p @ Z.T))

apical_voltages.wrong(
    "`rates[0]` is layer 1, the layer itself, and nothing is transposed either. It is "
    "rates[l + 1] @ Y[l].T for the layer above, and p[l] @ Z[l].T."
)(_each(lambda r, above, p, Y, Z: r @ Y + p @ Z))

apical_voltages.wrong(
    "Z brings the *rates* p of the interneurons, and not how far they are from those of the layer "
    "above."
)(_each(lambda r, above, p, Y, Z: above @ Y.T + (p - above) @ Z.T))

apical_voltages.wrong("p, the rates of the interneurons, are missing: they come through Z.")(
    _each(lambda r, above, p, Y, Z: above @ Y.T + above @ Z.T)
)

apical_voltages.wrong(
    "the layer above is missing: its rates, rates[l + 1], come through Y, and p through Z alone."
)(_each(lambda r, above, p, Y, Z: p @ Y.T + p @ Z.T))

apical_voltages.wrong("the batch is added up: every input has apical voltages of its own.")(
    _each(lambda r, above, p, Y, Z: (above @ Y.T + p @ Z.T).sum(axis=0))
)

apical_voltages.wrong("the batch is averaged: every input has apical voltages of its own.")(
    _each(lambda r, above, p, Y, Z: (above @ Y.T + p @ Z.T).mean(axis=0))
)

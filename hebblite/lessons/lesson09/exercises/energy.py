"""Exercise 09.1: the energy of a batch of states."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise
from .states import Layers, some_network, some_state

Array = np.ndarray


def cases(seed: int) -> tuple[Layers, Layers, Layers, Layers]:
    """A network of 2 to 4 layers, and 1 to 4 states that are not at rest."""
    rng = np.random.default_rng([91, seed])
    (x,), weights, biases = some_network(
        rng, 1 if seed % 4 == 2 else 2 * int(rng.integers(1, 3)), seed % 4 == 3
    )
    v, _, r = some_state(rng, x, biases)
    return v, r, weights, biases


@exercise(
    "09.1",
    "the energy of a batch",
    cases=cases,
    hints=(
        "Go through the layers and add up. A layer gives half the sum of its squared voltages, and "
        "takes away the sum of its rates times what reaches them from below.",
        "With lists that count from 0, layer l has the voltages v[l] and the rates r[l + 1]; what "
        "reaches it from below is r[l] @ weights[l].T + biases[l].",
        "In a loop: E = E + (v[l]**2).sum(axis=1) / 2 - (r[l + 1] * (r[l] @ weights[l].T + "
        "biases[l])).sum(axis=1). Sum over the neurons, and leave the batch as it is.",
    ),
)
def energy_of_a_batch(v: Layers, r: Layers, weights: Layers, biases: Layers) -> Array:
    """E, (B,), from v_1..v_L and r_0..r_L, each (B, n_l), and from W_1..W_L and beta_1..beta_L."""
    E = np.zeros(len(r[0]))
    for l in range(len(v)):
        from_below = r[l] @ weights[l].T + biases[l]
        E = E + (v[l] ** 2).sum(axis=1) / 2 - (r[l + 1] * from_below).sum(axis=1)
    return E


Part = Callable[[Array, Array, Array, Array, Array], Array]  # of v_l, r_l, r_{l-1}, W_l, beta_l


def _sum(part: Part, layers: slice = slice(None)) -> Answer:
    """Answers that add up ``part`` over all layers, or some of them."""

    def answer(v: Layers, r: Layers, weights: Layers, biases: Layers) -> Array:
        rows = list(zip(v, r[1:], r[:-1], weights, biases, strict=True))[layers]
        return np.asarray(sum((part(*row) for row in rows), np.zeros(len(r[0]))))

    return answer


def _from_below(below: Array, W: Array, beta: Array) -> Array:
    return np.asarray(below @ W.T + beta)


@energy_of_a_batch.right
def with_einsum(v: Layers, r: Layers, weights: Layers, biases: Layers) -> Array:
    """Each product of post, weight and pre at once."""
    E = np.zeros(len(r[0]))
    for l, W in enumerate(weights):
        E += 0.5 * np.einsum("bi,bi->b", v[l], v[l])
        E -= np.einsum("bi,ij,bj->b", r[l + 1], W, r[l]) + r[l + 1] @ biases[l]
    return E


@energy_of_a_batch.right
def input_by_input(v: Layers, r: Layers, weights: Layers, biases: Layers) -> list[float]:
    found = []
    for b in range(len(r[0])):
        E = 0.0
        for v_l, post, pre, W, beta in zip(v, r[1:], r[:-1], weights, biases, strict=True):
            E += v_l[b] @ v_l[b] / 2 - post[b] @ (W @ pre[b] + beta)
        found.append(E)
    return found


def _squares(v: Array, r: Array, below: Array, W: Array, beta: Array) -> Array:
    return np.asarray((v**2).sum(1) / 2)


def _products(v: Array, r: Array, below: Array, W: Array, beta: Array) -> Array:
    return np.asarray((r * _from_below(below, W, beta)).sum(1))


energy_of_a_batch.wrong(
    "both parts are there, but they are added. What agrees with its input lowers the energy: the "
    "second part is taken away."
)(_sum(lambda *row: _squares(*row) + _products(*row)))

energy_of_a_batch.wrong("the sign is the wrong way round: activity would go uphill.")(
    _sum(lambda *row: _products(*row) - _squares(*row))
)

energy_of_a_batch.wrong("the factor 1/2 of the squared voltages is missing.")(
    _sum(lambda *row: 2 * _squares(*row) - _products(*row))
)

energy_of_a_batch.wrong("the factor 1/2 belongs to the squared voltages alone.")(
    _sum(lambda *row: _squares(*row) - _products(*row) / 2)
)

energy_of_a_batch.wrong("the biases are missing: what reaches a neuron is W_l r_{l-1} + beta_l.")(
    _sum(lambda v, r, below, W, beta: (v**2).sum(1) / 2 - (r * (below @ W.T)).sum(1))
)

energy_of_a_batch.wrong(
    "the biases stand there by themselves. Like all that reaches a neuron they are multiplied by "
    "its rate."
)(_sum(lambda v, r, below, W, beta: (v**2).sum(1) / 2 - (r * (below @ W.T)).sum(1) - beta.sum()))

energy_of_a_batch.wrong(
    "the biases count for every other neuron of the layer as well: multiply them by the rates "
    "neuron by neuron."
)(
    _sum(
        lambda v, r, below, W, beta: (
            (v**2).sum(1) / 2 - (r * (below @ W.T)).sum(1) - r.sum(1) * beta.sum()
        )
    )
)

energy_of_a_batch.wrong("the first part is the sum of the squared *voltages*, not of the rates.")(
    _sum(lambda v, r, below, W, beta: (r**2).sum(1) / 2 - _products(v, r, below, W, beta))
)

energy_of_a_batch.wrong(
    "what reaches a neuron is multiplied by its *rate* r_l. You have multiplied by its voltage."
)(_sum(lambda v, r, below, W, beta: (v**2).sum(1) / 2 - (v * _from_below(below, W, beta)).sum(1)))

energy_of_a_batch.wrong(
    "these are the squared voltages alone. What weights and biases say is missing."
)(_sum(_squares))

energy_of_a_batch.wrong("the squared voltages are missing: without them there is no bottom.")(
    _sum(lambda *row: -_products(*row))
)

energy_of_a_batch.wrong(
    "the output layer is missing: its voltages and weights count like all others."
)(_sum(lambda *row: _squares(*row) - _products(*row), slice(-1)))

energy_of_a_batch.wrong("the first layer is missing: begin with l = 0, which is layer 1.")(
    _sum(lambda *row: _squares(*row) - _products(*row), slice(1, None))
)

energy_of_a_batch.wrong(
    "this is the energy of the last layer alone. Add up over the layers: E = E + ..."
)(_sum(lambda *row: _squares(*row) - _products(*row), slice(-1, None)))

energy_of_a_batch.wrong(
    "this is one number for the whole batch. Sum over the neurons, axis 1; each input has an "
    "energy of its own."
)(lambda *case: energy_of_a_batch(*case).sum())

energy_of_a_batch.wrong(
    "this is one number for the whole batch, its mean. Each input has an energy of its own: sum "
    "over the neurons, axis 1."
)(lambda *case: energy_of_a_batch(*case).mean())

energy_of_a_batch.wrong("you take the mean over the neurons of a layer. The energy is their sum.")(
    _sum(lambda *row: _squares(*row) / row[0].shape[1] - _products(*row) / row[0].shape[1])
)

energy_of_a_batch.wrong("you take the mean over the layers. The energy is their sum.")(
    lambda v, r, weights, biases: energy_of_a_batch(v, r, weights, biases) / len(v)
)

energy_of_a_batch.wrong(
    "the square is taken of the sum of the voltages. Square each of them, and then sum."
)(_sum(lambda v, r, below, W, beta: v.sum(1) ** 2 / 2 - _products(v, r, below, W, beta)))

energy_of_a_batch.wrong("you take the length of the voltages, and its square is asked for.")(
    _sum(lambda v, r, below, W, beta: np.sqrt((v**2).sum(1)) / 2 - _products(v, r, below, W, beta))
)

energy_of_a_batch.wrong(
    "you take the mean over the neurons for the squared voltages. The energy is a sum over them."
)(_sum(lambda *row: _squares(*row) / row[0].shape[1] - _products(*row)))

energy_of_a_batch.wrong(
    "you take the mean over the neurons for the second part. The energy is a sum over them."
)(_sum(lambda *row: _squares(*row) - _products(*row) / row[0].shape[1]))

energy_of_a_batch.wrong(
    "half the voltages stand there, and half of their *squares* are asked for."
)(_sum(lambda *row: row[0].sum(1) / 2 - _products(*row)))

energy_of_a_batch.wrong("the voltages are cubed. Their squares are asked for.")(
    _sum(lambda *row: (row[0] ** 3).sum(1) / 2 - _products(*row))
)

energy_of_a_batch.wrong("2**v is a power of 2. The square of v is v**2.")(
    _sum(lambda *row: (2 ** row[0]).sum(1) / 2 - _products(*row))
)

energy_of_a_batch.wrong("the squares are divided by 3. Half of them counts.")(
    _sum(lambda *row: _squares(*row) * 2 / 3 - _products(*row))
)

energy_of_a_batch.wrong("// drops what stands behind the decimal point. Half of it is / 2.")(
    _sum(lambda *row: (row[0] ** 2).sum(1) // 2 - _products(*row))
)

energy_of_a_batch.wrong(
    "what reaches the layer is added up by itself. Each neuron's input is multiplied by the rate "
    "of that neuron, r[l + 1]."
)(_sum(lambda *row: _squares(*row) - _from_below(*row[2:]).sum(1)))

energy_of_a_batch.wrong(
    "the rates are divided by what reaches them. The second part is a product."
)(_sum(lambda *row: _squares(*row) - (row[1] / _from_below(*row[2:])).sum(1)))

energy_of_a_batch.wrong("the sum does not begin with zeros.")(
    lambda v, r, weights, biases: energy_of_a_batch(v, r, weights, biases) + len(r[0])
)


@energy_of_a_batch.wrong(
    "in each round the sum so far changes its sign: what a layer gives is added to it, E = E + "
    "squares - products."
)
def alternating(v: Layers, r: Layers, weights: Layers, biases: Layers) -> Array:
    E = np.zeros(len(r[0]))
    for row in zip(v, r[1:], r[:-1], weights, biases, strict=True):
        E = _products(*row) - (E + _squares(*row))
    return E


energy_of_a_batch.wrong(
    "the input counts as a layer. Its rates are given and it has no voltage: add up over layers 1 "
    "to L."
)(lambda v, r, weights, biases: energy_of_a_batch(v, r, weights, biases) + (r[0] ** 2).sum(1) / 2)

energy_of_a_batch.wrong(
    "this is the energy of Predictive Coding, half the squared prediction errors (lesson 08). Here "
    "it is half the squared voltages, minus each rate times what reaches it."
)(_sum(lambda v, r, below, W, beta: ((v - _from_below(below, W, beta)) ** 2).sum(1) / 2))

energy_of_a_batch.wrong(
    "the input counts as a layer. Its rates are given and it has no voltage: add up over layers 1 "
    "to L."
)(lambda v, r, weights, biases: energy_of_a_batch(v, r, weights, biases) - (r[0] ** 2).sum(1) / 2)

energy_of_a_batch.wrong(
    "each weight counts twice: in the layer that it leads to, and in the one that it comes from. "
    "In E it stands once, though activity takes it both ways."
)(
    lambda v, r, weights, biases: (
        energy_of_a_batch(v, r, weights, biases)
        - sum(((r[l + 2] @ weights[l + 1]) * r[l + 1]).sum(1) for l in range(len(v) - 1))
    )
)

energy_of_a_batch.wrong("no 2 before the second part: each weight stands in E once.")(
    _sum(lambda *row: _squares(*row) - 2 * _products(*row))
)

energy_of_a_batch.wrong(
    "what comes from below are voltages here. Neurons send rates, r[l], which for layer 1 are the "
    "input."
)(
    lambda v, r, weights, biases: (
        energy_of_a_batch(v, r, weights, biases)
        + sum((r[l + 1] * ((r[l] - v[l - 1]) @ weights[l].T)).sum(1) for l in range(1, len(v)))
    )
)

energy_of_a_batch.wrong(
    "r is a list of rates already: `r[l + 1]` has been through phi, so no tanh of it."
)(_sum(lambda v, r, *row: _squares(v, r, *row) - _products(v, np.tanh(r), *row)))

energy_of_a_batch.wrong(
    "the rates are given: `r[l + 1]`. Not every network has tanh, so do not make them of v."
)(_sum(lambda v, r, *row: _squares(v, r, *row) - _products(v, np.tanh(v), *row)))

energy_of_a_batch.wrong("the second part of the output layer is missing: it counts as all others.")(
    lambda v, r, weights, biases: (
        energy_of_a_batch(v, r, weights, biases)
        + (r[-1] * _from_below(r[-2], weights[-1], biases[-1])).sum(1)
    )
)

energy_of_a_batch.wrong("the squared voltages of the output layer are missing: they count too.")(
    lambda v, r, weights, biases: energy_of_a_batch(v, r, weights, biases) - (v[-1] ** 2).sum(1) / 2
)

energy_of_a_batch.wrong(
    "the biases are taken off in the brackets, or added outside of them: mind the sign, "
    "- r * (W r + beta)."
)(
    _sum(
        lambda v, r, below, W, beta: (
            _squares(v, r, below, W, beta) - _products(v, r, below, W, -beta)
        )
    )
)

energy_of_a_batch.wrong(
    "the sum runs over the batch, axis 0. It is to run over the neurons of an input, axis 1."
)(_sum(lambda v, r, below, W, beta: (v**2).sum(0) / 2 - (r * _from_below(below, W, beta)).sum(0)))

energy_of_a_batch.wrong(
    "a batch times the transpose of another is a matrix, of each input with each. Multiply entry "
    "by entry, and sum over the neurons, axis 1."
)(_sum(lambda v, r, below, W, beta: (v**2).sum(1) / 2 - (r @ _from_below(below, W, beta).T).sum(1)))

energy_of_a_batch.wrong(
    "r W r is the formula for one input, and for a batch it makes a matrix, of each input with "
    "each. Multiply r[l + 1] entry by entry with what reaches it, and sum over axis 1."
)(_sum(lambda v, r, below, W, beta: (v**2).sum(1) / 2 - r @ W @ below.T - r @ beta))

energy_of_a_batch.wrong(
    "what reaches a layer is multiplied by the rates of the layer *below*. `r[0]` is the input, so "
    "the layer of `v[l]` and `weights[l]` has the rates `r[l + 1]`."
)(
    _sum(
        lambda v, r, below, W, beta: (
            (v**2).sum(1) / 2 - (below * _from_below(below, W, beta)).sum(1)
        )
    )
)

energy_of_a_batch.wrong(
    "the lists begin at different layers: `v[0]` is layer 1, and `r[0]` is the input, layer 0. So "
    "`v[l]` goes with `r[l + 1]`, and what reaches it comes from `r[l]`."
)(lambda v, r, weights, biases: energy_of_a_batch(v, [r[-1], *r[:-1]], weights, biases))

energy_of_a_batch.wrong(
    "W is to be transposed: a batch has its inputs in rows, and W has a row for each neuron that "
    "receives. So r[l] @ W.T."
)(_sum(lambda v, r, below, W, beta: (v**2).sum(1) / 2 - (r * (below @ W + beta)).sum(1)))

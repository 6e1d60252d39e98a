"""Small networks in some state, as the exercises of lesson 09 are asked about."""

from __future__ import annotations

import numpy as np

from ....activations import ACTIVATIONS

Array = np.ndarray
Layers = list[Array]


def some_network(rng: np.random.Generator, batch: int, one: bool) -> tuple[Layers, Layers, Layers]:
    """Inputs (B, n_0), weights and biases of 2 to 4 layers; one: a size is 1. Sizes differ by more
    than one, so that none is taken for the changes of another."""
    sizes = 1 + 2 * rng.integers(1, 4, size=rng.integers(3, 6))
    if one:
        sizes[rng.integers(len(sizes))] = 1
    pairs = zip(sizes[1:], sizes[:-1], strict=True)
    weights = [rng.normal(size=(n, m)) / np.sqrt(m) for n, m in pairs]
    return [rng.normal(size=(batch, sizes[0]))], weights, [rng.normal(0, 0.5, n) for n in sizes[1:]]


def some_state(rng: np.random.Generator, x: Array, biases: Layers) -> tuple[Layers, Layers, Layers]:
    """Voltages v_1..v_L and slopes phi'(v_l), each (B, n_l), and rates r_0..r_L, somewhere off
    rest. The activation is drawn, so that no answer can do without the rates it is given."""
    phi = ACTIVATIONS[("tanh", "sigmoid")[int(rng.integers(2))]]
    v = [rng.normal(size=(len(x), len(beta))) for beta in biases]
    r = [phi.rate(v_l) for v_l in v]
    return v, [np.asarray(phi.slope(r_l)) for r_l in r], [x, *r]

"""Spikes in Equilibrium Propagation: how much of its expectation one update of STDP shows, when
each rate is carried by one neuron or by many."""

from __future__ import annotations

from functools import cache

import numpy as np

from ....analysis import cosine
from ....frameworks import DeepFeedbackControl, EquilibriumPropagation
from ....frameworks.base import Framework
from ....network import Network
from ....rules import STDP, DifferentialHebbian
from ....teaching.remembered import remembered
from .stage import PHASES, SIZES, some_digits

Array = np.ndarray

POPULATIONS = (1, 16, 256, 4096)
WINDOW = 0.05  # seconds


def _framework(name: str) -> Framework:
    if name == "DFC":
        return DeepFeedbackControl(k_p=1.0, dt=0.005, steps=20)
    return EquilibriumPropagation(**PHASES)


@remembered
def cosines(
    population: int, seed: int, framework: str = "EP", hidden: str = "sigmoid"
) -> tuple[float, ...]:
    """The cosine of one update of STDP with its exact expectation in each layer, at the first
    batch of training: 64 digits."""
    x, _, target = some_digits(seed)
    net = Network(SIZES, hidden=hidden, seed=seed)
    ep = _framework(framework)
    x, target = x.astype(net.dtype), target.astype(net.dtype)
    exact = STDP(expected=True, tau=WINDOW)(ep.teach(net, x, target)).weights
    drawn = STDP(population=population, tau=WINDOW, seed=seed)(ep.teach(net, x, target)).weights
    return tuple(cosine(a, b) for a, b in zip(drawn, exact, strict=True))


@cache
def bias(seed: int) -> tuple[float, ...]:
    """The cosine of that expectation with DH in each layer: what no number of spikes changes."""
    x, _, target = some_digits(seed)
    net = Network(SIZES, hidden="sigmoid", seed=seed)
    x, target = x.astype(net.dtype), target.astype(net.dtype)
    ep = _framework("EP")
    exact = STDP(expected=True, tau=WINDOW)(ep.teach(net, x, target)).weights
    dh = DifferentialHebbian()(ep.teach(net, x, target)).weights
    return tuple(cosine(a, b) for a, b in zip(exact, dh, strict=True))


def over_populations(count: int = 5) -> dict[str, Array | dict[str, Array]]:
    """``population`` (T,), and ``cosine``: for each layer (seeds, T)."""
    found = np.array([[cosines(n, seed) for n in POPULATIONS] for seed in range(count)])
    layers = {f"layer {l + 1}": found[:, :, l] for l in range(found.shape[2])}
    return {"population": np.array(POPULATIONS), "cosine": layers}

"""How deep a teacher is heard: the size of updates, what they are worth, and what noise leaves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from ....analysis import angles, backprop_updates, cosine
from ....frameworks import DendriticMicrocircuit
from ....network import Network
from ....rules import STDP, DifferentialHebbian, ErrorBased
from .digits import circuit, drawn, fresh, learn

Array = np.ndarray

DEEP, INPUTS = 8, 64
TRAINED = (1, 3, 6)
SMALL = (12, 16, 16, 16, 5)


@cache
def _small() -> tuple[Network, Array, Array, list[float]]:
    """A small network, one batch, and the sizes of backprop's updates: for the sliders."""
    rng = np.random.default_rng(0)
    net = Network(SMALL, seed=0, dtype="float64")
    x, target = rng.normal(size=(16, SMALL[0])), np.eye(SMALL[-1])[rng.integers(SMALL[-1], size=16)]
    return net, x, target, sizes(backprop_updates(net, x, target).weights)


def sizes(weights: Sequence[Array]) -> list[float]:
    """The length of each layer's update, read as one vector."""
    return [float(np.linalg.norm(W)) for W in weights]


def measured_sizes(g_A: float = 0.8, g_I: float = 0.8, g_som: float = 0.8) -> Array:
    """|update_l| / |gradient_l| of the error-based rule in a small network of 4 layers, (4,)."""
    net, x, target, gradient = _small()
    deb = DendriticMicrocircuit(g_A=g_A, g_I=g_I, g_som=g_som, dt=1.5e-3, steps=80)
    updates = ErrorBased()(deb.teach(net, x, target))
    return np.array(sizes(updates.weights)) / gradient


def over_layers(seed: int = 0, hidden: int = DEEP, dtype: str = "float32") -> dict[str, Array]:
    """A deep network that has learned nothing, on INPUTS digits, each (L,): share, what is left of
    the gradient's size in each layer; law, k gamma^(L-l); and the angles to backprop (deg)."""
    net, data = fresh(seed, hidden, dtype), drawn(seed)
    x, target = data.x[:INPUTS], data.target[:INPUTS]
    exact = backprop_updates(fresh(seed, hidden, "float64"), x, target)
    deb, found = circuit(seed, steps=32), dict[str, Array]()
    for name, rule in {"error-based": ErrorBased(), "dh": DifferentialHebbian()}.items():
        updates = rule(deb.teach(net, x, target))
        found[name] = np.array(angles(updates, exact))
        if name == "error-based":
            found["share"] = np.array(sizes(updates.weights)) / sizes(exact.weights)
    found["law"] = deb.k * deb.gamma ** np.arange(net.depth - 1, -1, -1.0)
    return found


def by_depth(seed: int = 0, depths: Sequence[int] = TRAINED, epochs: int = 4) -> dict[str, Any]:
    """Accuracy on test digits (%) after ``epochs``, over the number of hidden layers, each (D,)."""
    ways = {"backprop": "sgd", "dh": "sgd", "backprop, Adam": "adam", "dh, Adam": "adam"}
    found: dict[str, Any] = {"depth": np.array(depths), "accuracy": {}}
    for name, steps_by in ways.items():
        rows = [learn(fresh(seed, d), name.split(",")[0], seed, epochs, steps_by) for d in depths]
        found["accuracy"][name] = np.array([accuracies[-1] for accuracies in rows])
    return found


def spikes(seed: int = 0, depths: Sequence[int] = (1, 2, 3, 4), samples: int = 16) -> Array:
    """The cosine of layer 1's update from spikes, the mean of ``samples`` pairs of trains, with
    that of DH from rates, for networks with so many hidden layers, (D,)."""
    data, found = drawn(seed), []
    x, target = data.x[:INPUTS], data.target[:INPUTS]
    for hidden in depths:
        net, deb = fresh(seed, hidden), circuit(seed, dt=1e-3, steps=50)
        rates = DifferentialHebbian()(deb.teach(net, x, target)).weights[0]
        made = STDP(samples=samples, seed=seed)(deb.teach(net, x, target)).weights[0]
        found.append(cosine(made, rates))
    return np.array(found)

"""The smallest network of Equilibrium Propagation: one input, one hidden neuron, one output."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from ....losses import Landscape, landscape, settle
from ....network import Network

Array = np.ndarray
X = np.ones((1, 1))
STEP = 0.1  # of the way down, in units of tau


def tiny(lower: float = 0.5, upper: float = 0.9, output: str = "same") -> Network:
    """The network 1-1-1 with these two weights and a tanh neuron, without biases. output: "same"
    for a second tanh neuron, or "linear"."""
    net = Network([1, 1, 1], hidden="tanh", output=output, dtype="float64")
    net.weights = [np.array([[lower]]), np.array([[upper]])]
    return net


@dataclass(frozen=True)
class Rest:
    """A state of rest of the tiny network: voltages v (2,) and rates r (2,) of the hidden and of
    the output neuron, E + nudge * loss there, and the nudge."""

    v: Array
    r: Array
    energy: float
    nudge: float

    @property
    def product(self) -> float:
        """What the upper synapse sees: post times pre."""
        return float(self.r[0] * self.r[1])


def rest(net: Network, target: float, nudge: float = 0.0, start: Rest | None = None) -> Rest:
    """Where the network comes to rest under a nudge, from the free state or from ``start``."""
    first = start if start or not nudge else rest(net, target)
    begin = [first.v[:1, None], first.v[1:, None]] if first else "feedforward"
    at = settle(net, X, np.array([[target]]), nudge, start=begin)
    v, r = (np.array([part.item() for part in parts]) for parts in (at.voltages, at.rates[1:]))
    return Rest(v, r, float(at.energy[0]), nudge)


def way(net: Network, target: float, nudge: float, start: Rest, steps: int = 120) -> Array:
    """The voltages (steps + 1, 2) on the way down from ``start`` once the nudge is on: Euler steps
    down the slope, those of the framework's stream."""
    return downwards(Landscape(net, X, np.array([[target]]), nudge), start.v[None], steps)[:, 0]


def downwards(land: Landscape, v: Array, steps: int, step: float = STEP) -> Array:
    """Euler steps down the slope of a landscape of one input, (steps + 1, K, N), from places v
    (K, N)."""
    places, rows = [v], np.zeros(len(v), int)
    for _ in range(steps):
        places.append(places[-1] - step * land.slope(places[-1], rows))
    return np.array(places)


def downhill(net: Network, target: float, h: float = 1e-5) -> float:
    """Minus the slope of the free state's loss by the upper weight, by differences."""
    loss = []
    for sign in (1, -1):
        moved = net.copy()
        moved.weights[1] += sign * h
        loss.append((target - rest(moved, target).r[1]) ** 2 / 2)
    return float(loss[1] - loss[0]) / (2 * h)


def over(net: Network, values: Array, target: float, nudge: float) -> Array:
    """E + nudge * loss over both voltages, the output's along the rows."""
    return landscape(net, X, values, values, np.array([[target]]), nudge)


@cache
def free_landscape(lower: float, upper: float, far: float, count: int) -> Array:
    """The landscape without a nudge, which does not change while a control moves."""
    return over(tiny(lower, upper), np.linspace(-far, far, count), 0.0, 0.0)

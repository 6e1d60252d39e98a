"""The learner's slope of H* at work: plain steps against it on real digits, beside backprop's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ....analysis import backprop_updates
from ....data import load_digits, one_hot
from ....losses import least_control
from ....network import Network
from ....rules import Updates

Array = np.ndarray
#: dH*/dW of one layer for one input, from its least push, the rates below and its slopes.
Slope = Callable[[Array, Array, Array], Any]

SIZES, DIGITS, STEPS, LENGTH, CONFIDENCE = (784, 64, 64, 10), 24, 12, 0.12, 0.9


@dataclass
class Falling:
    """What one way of learning did, step by step; entry 0 is the start. effort: mean H* of the
    digits. error: their mean |e|."""

    effort: list[float] = field(default_factory=list)
    error: list[float] = field(default_factory=list)

    @property
    def left(self) -> float:
        """The share of H* that is left in the end (%)."""
        return 100 * self.effort[-1] / self.effort[0]


def of_right_side(a_star: Array, r_star_below: Array, D_star: Array) -> Array:
    """Step T4.4."""
    return -np.outer(a_star, r_star_below)


def fall(seed: int = 0, slope: Slope | None = of_right_side, steps: int = STEPS) -> Falling:
    """Plain steps down H* of 24 digits, from the weights that ``seed`` draws; with ``slope`` None,
    steps of the same lengths along backprop."""
    net, x, target = _start(seed)
    net, run = net.copy(), Falling()
    for step in range(steps + 1):
        least = least_control(net, x, target, tolerance=1e-6)
        run.effort.append(float(least.H.mean()))
        run.error.append(float(np.linalg.norm(target - net.predict(x), axis=1).mean()))
        if step < steps:
            way = backprop_updates(net, x, target)
            if slope is not None:
                way = along(slope, net, x, least.apical)
            move(net, way, LENGTH * (1 - step / steps))  # ever shorter, so as not to overshoot
    return run


def _start(seed: int) -> tuple[Network, Array, Array]:
    digits = load_digits()
    chosen = np.random.default_rng([64, seed]).permutation(len(digits.x_train))[:DIGITS]
    net = Network(SIZES, output="linear", dtype="float64", seed=seed)
    target = one_hot(digits.y_train[chosen], 10, CONFIDENCE, "float64")
    return net, digits.x_train[chosen].astype(float), target


def along(slope: Slope, net: Network, x: Array, apical: list[Array]) -> Updates:
    """Minus the mean slope over the inputs, (n_l, n_{l-1}) for each layer. A bias is a weight from
    a neuron that fires at rate 1."""
    r, dW, db = x, [], []
    rows = zip(apical, net.weights, net.biases, net.activations, strict=True)
    for a, W, beta, phi in rows:
        above = phi.rate(a + r @ W.T + beta)
        D = phi.slope(above)
        triples = list(zip(a, r, D, strict=True))
        dW.append(-np.mean([slope(*each) for each in triples], axis=0))
        one = np.ones(1)
        db.append(-np.mean([slope(a_b, one, D_b)[:, 0] for a_b, _, D_b in triples], axis=0))
        r = above
    return Updates(dW, db)


def move(net: Network, way: Updates, length: float) -> None:
    """A step of this length, all weights and biases read as one vector."""
    parts = (*way.weights, *way.biases)
    factor = length / np.sqrt(sum(float((part**2).sum()) for part in parts))
    for weight, change in zip((*net.weights, *net.biases), parts, strict=True):
        weight += factor * change

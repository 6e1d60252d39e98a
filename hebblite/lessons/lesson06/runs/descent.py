"""Least effort by descent: hidden voltages slide down H while the output is held on its target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....frameworks import PredictiveCoding
from ....losses import least_control
from ....network import Network
from ....stream import Record, fold
from ....teaching.remembered import remembered

Array = np.ndarray
STEPS = 50  # of descent, each a tenth of tau


@dataclass(frozen=True)
class Descent:
    """A recorded descent of one input. Lists have one array for each layer l = 1..L.

    a: what each neuron is pushed by, a_l = v_l - b_l, (T+1, n_l).
    asked: D_l W_{l+1}^T a_{l+1}, what the push of the layer above asks of the layer's neurons,
    (T+1, n_l), for l = 1..L-1. Its difference to a_l is minus the gradient of H.
    H: 1/2 sum_l |a_l|^2, (T+1,). least: H* of ``least_control``."""

    a: list[Array]
    asked: list[Array]
    H: Array
    least: float

    @property
    def parts(self) -> Array:
        """1/2 |a_l|^2 of each layer, (T+1, L)."""
        return np.stack([(a**2).sum(axis=1) / 2 for a in self.a], axis=1)


def record_descent(
    net: Network, x: Array, target: Array, steps: int = STEPS, step: float = 0.1
) -> Descent:
    """The inference of Predictive Coding with a held output is this descent,
    tau dv_l/dt = -dH/dv_l = -a_l + D_l W_{l+1}^T a_{l+1}, from the feedforward pass on."""
    inference = PredictiveCoding(steps=steps, step=step)
    (phase,) = fold(inference.teach(net, x, target), Record())
    voltages = [v[:, 0].copy() for v in phase.voltages]
    voltages[-1][0] = voltages[-1][1]  # held from the first moment on
    a = [v - b[:, 0] for v, b in zip(voltages, phase.basal, strict=True)]
    slopes = [phi.slope(r[:, 0]) for phi, r in zip(net.activations, phase.rates[1:], strict=True)]
    asked = [D * (above @ W) for D, above, W in zip(slopes, a[1:], net.weights[1:], strict=False)]
    H = sum((each**2).sum(axis=1) for each in a) / 2
    return Descent(a, asked, np.asarray(H), float(least_control(net, x, target).H[0]))


@remembered
def example(seed: int = 20) -> Descent:
    """The descent of random network number ``seed``, 3-3-3-2 with tanh. Its weights are half as
    large again as drawn, so that the hidden layers have a say."""
    rng = np.random.default_rng(seed)
    net = Network([3, 3, 3, 2], hidden="tanh", output="linear", dtype="float64", seed=seed)
    net.weights = [1.5 * W for W in net.weights]
    x = rng.normal(size=(1, 3))
    return record_descent(net, x, net.predict(x) + 1.2 * rng.choice([-1, 1], size=(1, 2)))

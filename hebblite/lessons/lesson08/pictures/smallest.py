"""The smallest network of Predictive Coding, 1-1-1: its energy, and inference on it by the engine.

    eps_1 = v_1 - b_1,   eps_2 = v_2 - W tanh(v_1),   F = 1/2 eps_1^2 + pi/2 eps_2^2

The basal drive b_1 is START, the output is linear. Its voltage v_2 is clamped to the target, or
nudged towards it, down F + beta/2 (target - v_2)^2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ....frameworks import PredictiveCoding
from ....network import Network
from ....stream import Record, fold

Array = np.ndarray
START = -0.6  # b_1: where the hidden voltage is before there is a target
STEP = 0.1  # the largest dt / tau
AT_REST = 1e-4  # inference is over when no voltage moves by more per tau


class Way(NamedTuple):
    """How inference goes: times in tau (T+1,), hidden and output voltages (T+1,)."""

    time: Array
    hidden: Array
    output: Array


@dataclass(frozen=True)
class Smallest:
    """weight: W, from the hidden neuron to the output. target of the output. precision: pi, of the
    output's error; that of the hidden one is 1. nudge: beta, or None: the output is clamped."""

    weight: float
    target: float
    precision: float = 1.0
    nudge: float | None = None

    def predicted(self, v: Array | float) -> Array:
        """What a hidden voltage predicts of the output's."""
        return np.asarray(self.weight * np.tanh(v))

    def parts(self, v: Array | float, out: Array | float | None = None) -> Array:
        """The energy at hidden voltages (T,) by layer, (T, 2). out: output voltages; the target if
        not given."""
        above = self.target if out is None else out
        hidden = (np.asarray(v, float) - START) ** 2 / 2
        return np.stack([hidden, self.precision * (above - self.predicted(v)) ** 2 / 2], axis=-1)

    def inference(self, time: float) -> Way:
        """From the feedforward pass on. The steps are smaller where rates of change are larger, as
        they go with precision and nudge."""
        net = Network([1, 1, 1], hidden="tanh", output="linear", seed=0, dtype=np.float64)
        net.weights[0][...], net.weights[1][...] = START, self.weight
        stiff = self.precision * (1 + self.weight**2) + (self.nudge or 0.0)
        step = min(STEP, 1 / (1 + stiff))
        steps = max(1, round(time / step))
        pc = PredictiveCoding(
            steps=steps, step=step, halve=False, nudge=self.nudge, steady=AT_REST,
            precision=[1.0, self.precision],
        )  # fmt: skip
        block = fold(pc.teach(net, [[1.0]], [[self.target]]), Record())[0]
        still = (0, steps - block.steps)  # at rest, where it stays
        hidden, output = (np.pad(v[:, 0, 0], still, mode="edge") for v in block.voltages)
        return Way(step * np.arange(steps + 1.0), hidden, output)

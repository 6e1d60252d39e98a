"""The learner's clamp of a softmax on digits, beside the engine's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....activations import softmax
from ....frameworks.pc import clamped_voltage, on_clamp
from ....network import Network
from .stage import SIZES, shown

Array = np.ndarray


def clamped_digits(clamp: Callable[[Array, Array], Any], seed: int = 0) -> tuple[float, float]:
    """Exercise 08.3 on test digits and an untrained softmax: how far its voltages are from the
    engine's, and how far their softmax is from the targets, the largest differences."""
    net, digits = Network(SIZES, dtype="float64", seed=seed), shown(seed)
    b = net.feedforward(digits.x)[0][-1]
    mine = np.asarray(clamp(digits.target.copy(), b.copy()))
    engine = on_clamp(net, clamped_voltage(net, digits.target), b)
    off = np.abs(mine - engine).max()
    return float(off), float(np.abs(softmax(mine) - digits.target).max())

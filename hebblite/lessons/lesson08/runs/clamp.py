"""The learner's constant of a softmax (step T7.9) on digits, beside the engine's clamp."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....activations import softmax
from ....frameworks.pc import clamped_voltage, on_clamp
from ....network import Network
from .stage import SIZES, shown

Array = np.ndarray


def clamped_digits(constant: Callable[[Array, Array], Any], seed: int = 0) -> tuple[float, float]:
    """Test digits and an untrained softmax, clamped on log(target) + c with the c of ``constant``
    for b_L and the target of each: how far the voltages are from the engine's, and how far their
    softmax is from the targets, the largest differences."""
    net, digits = Network(SIZES, dtype="float64", seed=seed), shown(seed)
    b = net.feedforward(digits.x)[0][-1]
    rows = zip(b, digits.target, strict=True)
    mine = np.array([np.log(y) + constant(b_L.copy(), y.copy()) for b_L, y in rows])
    engine = on_clamp(net, clamped_voltage(net, digits.target), b)
    off = np.abs(mine - engine).max()
    return float(off), float(np.abs(softmax(mine) - digits.target).max())

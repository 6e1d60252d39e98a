"""Training with few steps of inference and with many."""

from __future__ import annotations

from functools import cache

import numpy as np

from ....frameworks import PredictiveCoding
from ....network import Network
from ....rules import DifferentialHebbian
from .stage import SIZES, STEP, STEPS, by_DH, train

Array = np.ndarray
NUMBERS = (1, 2, 5, 20, 50)


@cache
def accuracy(steps: int, seed: int) -> float:
    """Test accuracy (%) after training with DH."""
    if steps == STEPS:
        return by_DH(seed)[1][-1]
    net = Network(SIZES, output="linear", seed=seed)
    return train(net, PredictiveCoding(steps=steps, step=STEP), DifferentialHebbian(), seed)[-1]


def accuracies(seed: int = 0, numbers: tuple[int, ...] = NUMBERS) -> Array:
    return np.array([accuracy(steps, seed) for steps in numbers])

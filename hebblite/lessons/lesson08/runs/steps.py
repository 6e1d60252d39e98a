"""Training with few steps of inference and with many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....frameworks import PredictiveCoding
from ....network import Network
from ....rules import DifferentialHebbian, ErrorBased, Rule
from ....teaching.remembered import remembered
from .rest import FEW, Settling, settling
from .stage import SIZES, STEP, STEPS, by_DH, train

Array = np.ndarray
NUMBERS = (1, 2, 5, 20, 50)
RULES = ("DH on voltages", "error-based", "DH on rates")


def rule_of(name: str) -> Rule:
    """One of ``RULES``; the error-based rule is that of theorem T7, on voltages."""
    if name == "error-based":
        return ErrorBased(on="voltage")
    return DifferentialHebbian(on="voltage" if name == "DH on voltages" else "rate")


@remembered
def accuracy(steps: int, seed: int, rule: str = "DH on voltages") -> float:
    """Test accuracy (%) after training with one of ``RULES``."""
    if steps == STEPS and rule == "DH on rates":
        return by_DH(seed)[1][-1]
    net = Network(SIZES, output="linear", seed=seed)
    return train(net, PredictiveCoding(steps=steps, step=STEP), rule_of(rule), seed)[-1]


def accuracies(rule: str = "DH on voltages", seed: int = 0, at: Sequence[int] = NUMBERS) -> Array:
    """The same for each number of steps in ``at``, (K,); NaN for one that is not in NUMBERS."""
    return np.array([accuracy(int(k), seed, rule) if k in NUMBERS else np.nan for k in at])


def in_words(found: Settling, seed: int = 0) -> str:
    """What the picture of ``found`` leaves out: other layers, the energy, and DH on rates."""
    off = found.angles["error-based", "F*"][-1]
    early, late = (found.angles["error-based", "backprop"][FEW.index(k)] for k in (2, 200))
    rests = [
        100 * (one.energy[FEW.index(STEPS)] - 1) for one in (found, settling(seed, before=True))
    ]
    reads = [accuracy(k, seed, "DH on rates") for k in (2, 50)]
    return (
        f"error-based, after 200 steps: at most {off.max():.1f}° from the way down F*, in any "
        f"layer\n"
        f"error-based, from backprop: {_degrees(early)} after 2 steps, {_degrees(late)} after 200\n"
        f"the energy after {STEPS} steps: {rests[0]:.1f} % above rest ({rests[1]:.1f} % before "
        f"training)\nDH on rates, trained with 2 steps: {reads[0]:.1f} %, with 50: {reads[1]:.1f} %"
    )


def _degrees(angles: Array) -> str:
    return ", ".join(f"{angle:.0f}°" for angle in angles)

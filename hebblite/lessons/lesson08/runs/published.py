"""The published code's DH mode, which never trains the output weights: what that costs.

DH                      all layers learn, on rates as all kinds of DH here
DH, output untrained    the output layer stays as it was drawn, as in the published code
DH, layer 1 alone       the middle layer does too: what is left reads rate minus predicted rate (T1)
error-based             the native rule of theorem T7, on voltages, all layers
backprop                all layers
"""

from __future__ import annotations

import numpy as np

from ....frameworks import Backprop, Framework, PredictiveCoding
from ....network import Network
from ....rules import DifferentialHebbian, ErrorBased, Frozen, Gradient, Rule
from ....teaching.remembered import remembered
from .stage import EPOCHS, SIZES, STEP, STEPS, by_DH, train

Array = np.ndarray

KINDS = ("DH", "DH, output untrained", "DH, layer 1 alone", "error-based", "backprop")
#: Its control: backprop that does not train the output either.
CONTROL = "backprop, output untrained"
#: Neurons of the layer below the output.
WIDTHS = (64, 16, 8)


@remembered
def course(kind: str, seed: int, width: int = SIZES[-2]) -> tuple[float, ...]:
    """Test accuracy (%) before training and after each epoch; width: of the last hidden layer."""
    if kind == "DH" and width == SIZES[-2]:
        return by_DH(seed)[1]
    native = kind.startswith("backprop")
    rule: Rule = Gradient() if native else DifferentialHebbian()
    if kind == "error-based":
        rule = ErrorBased(on="voltage")
    if kind.endswith("output untrained"):
        rule = Frozen(rule, (-1,))
    if kind.endswith("alone"):
        rule = Frozen(rule, (-1, -2))
    framework: Framework = Backprop() if native else PredictiveCoding(steps=STEPS, step=STEP)
    net = Network((*SIZES[:-2], width, SIZES[-1]), output="linear", seed=seed)
    return tuple(train(net, framework, rule, seed))


def courses(seeds: int = 2, kinds: tuple[str, ...] = KINDS) -> dict[str, Array]:
    """Accuracies (%), (seeds, epochs + 1), of each kind."""
    return {kind: np.array([course(kind, seed) for seed in range(seeds)]) for kind in kinds}


def cost(seed: int, width: int = SIZES[-2], method: str = "DH") -> float:
    """Points of accuracy that an untrained output costs."""
    full = course(method, seed, width)[EPOCHS]
    return full - course(f"{method}, output untrained", seed, width)[EPOCHS]

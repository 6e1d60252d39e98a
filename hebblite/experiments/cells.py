"""The matrix: every framework, every rule, and which pairs have a meaning.

Frameworks and rules by their short names, with the settings in which they train on digits. The
settings are those of short, coarse teaching phases: long and fine enough that more changes little.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import UndefinedCell
from ..frameworks import (
    Backprop,
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    Framework,
    PredictiveCoding,
)
from ..network import Network
from ..rules import STDP, Contrastive, DifferentialHebbian, ErrorBased, Gradient, Hebbian, Rule

FRAMEWORKS: dict[str, type[Framework]] = {
    "backprop": Backprop,
    "dfc": DeepFeedbackControl,
    "pc": PredictiveCoding,
    "ep": EquilibriumPropagation,
    "deb": DendriticMicrocircuit,
}

#: For training; anything else is at the framework's own default.
SETTINGS: dict[str, dict[str, Any]] = {
    "backprop": {},
    "dfc": {"k_p": 1.0, "dt": 0.005, "steps": 20},
    "pc": {"nudge": 3.0, "steps": 20, "step": 0.2},
    "ep": {"nudge": 1.0, "kind": "centred", "free_steps": 40, "nudged_steps": 15},
    "deb": {"g_som": 5.0, "dt": 0.0015, "steps": 30},
}

#: Learning rates of Adam. Equilibrium Propagation, still learning after eight epochs at 1e-3, takes
#: longer steps.
RATES = {"backprop": 1e-3, "dfc": 1e-3, "pc": 1e-3, "ep": 3e-3, "deb": 1e-3}

#: The rule with which each framework was published.
NATIVE = {
    "backprop": "gradient",
    "dfc": "error-based",
    "pc": "error-voltage",
    "ep": "contrastive",
    "deb": "error-based",
}

RULES: dict[str, Callable[[int], Rule]] = {
    "gradient": lambda seed: Gradient(),
    "error-based": lambda seed: ErrorBased(),
    "error-voltage": lambda seed: ErrorBased(on="voltage"),
    "contrastive": lambda seed: Contrastive(),
    "dh": lambda seed: DifferentialHebbian(),
    "dh-symmetric": lambda seed: DifferentialHebbian(symmetric=True),
    "dh-voltage": lambda seed: DifferentialHebbian(on="voltage"),
    "stdp": lambda seed: STDP(seed=seed),
    "stdp-expected": lambda seed: STDP(expected=True),
    "hebbian": lambda seed: Hebbian(),
}


def settings_of(framework: str) -> list[str]:
    """The names of all that can be set in a framework; its seed is the run's."""
    names = inspect.signature(FRAMEWORKS[framework]).parameters
    return [name for name in names if name != "seed"]


def make_framework(name: str, seed: int = 0, **changes: Any) -> Framework:
    """The framework called ``name`` with its SETTINGS and ``changes``."""
    settings = SETTINGS[name] | changes
    if name not in ("backprop", "pc"):
        settings["seed"] = seed
    return FRAMEWORKS[name](**settings)


def why_undefined(framework: str, rule: str) -> str | None:
    """None if the rule has a meaning in the framework, else why not: found out by asking it for
    the update of a tiny network."""
    net = Network([2, 3, 2], seed=0)
    x, target = np.full((1, 2), 0.5), np.array([[0.8, 0.2]])
    try:
        RULES[rule](0)(make_framework(framework).teach(net, x, target))
    except UndefinedCell as error:
        return str(error)
    return None

"""The frameworks of the bench, short and coarse enough that a whole card takes seconds; and the
same with a teacher so weak that the theory's first order is all there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import ArgumentError
from ...frameworks import (
    Backprop,
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    Framework,
    PredictiveCoding,
)
from .forms import name_of

#: As they train on digits.
FRAMEWORKS: dict[str, Callable[[], Framework]] = {
    "dfc": lambda: DeepFeedbackControl(k_p=1.0, dt=0.005, steps=20),
    "pc": lambda: PredictiveCoding(nudge=3.0, steps=20, step=0.2),
    "ep": lambda: EquilibriumPropagation(nudge=1.0, kind="centred", free_steps=40, nudged_steps=15),
    "deb": lambda: DendriticMicrocircuit(g_som=5.0, dt=0.0015, steps=30),
    "backprop": Backprop,
}
NAMES = {
    "dfc": "Deep Feedback Control", "pc": "Predictive Coding", "ep": "Equilibrium Propagation",
    "deb": "the dendritic microcircuit", "backprop": "backprop",
}  # fmt: skip
WEAK = 1e-3
#: With a weak teacher, for as long as it takes to come to rest.
WEAK_FRAMEWORKS: dict[str, Callable[[], Framework]] = {
    "dfc": lambda: DeepFeedbackControl(k_p=WEAK, k_i=0.0, dt=0.002, steps=60),
    "pc": lambda: PredictiveCoding(nudge=WEAK, steps=200, step=0.1, halve=False),
    "ep": lambda: EquilibriumPropagation(
        nudge=WEAK, kind="centred", free_steps=200, nudged_steps=200
    ),
    "deb": lambda: DendriticMicrocircuit(g_som=WEAK, steps=120),
    "backprop": Backprop,
}


#: How near to its prediction a network is taught where nothing else makes the teacher weak.
NEAR = 1e-3


def chosen(framework: Any) -> tuple[Framework, Framework, float, str]:
    """The framework; the same with a weak teacher, and how near to its prediction it is taught
    then; and its name."""
    if isinstance(framework, Framework):
        return framework, framework, NEAR, name_of(framework)
    if not isinstance(framework, str) or framework not in FRAMEWORKS:
        names = ", ".join(map(repr, FRAMEWORKS))
        raise ArgumentError("framework", repr(framework), f"one of {names}, or a Framework")
    return FRAMEWORKS[framework](), WEAK_FRAMEWORKS[framework](), 1.0, NAMES[framework]

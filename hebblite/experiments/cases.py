"""The settings in which a training batch, or an epoch of them, is timed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..frameworks import (
    Backprop,
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    Framework,
    PredictiveCoding,
)
from ..network import Network
from .cells import make_framework, why_undefined

Array = np.ndarray


@dataclass
class Case:
    """One setting to be timed: a framework on a network, ``batch`` inputs wide. ``samples``: one
    epoch of them with ``fit`` and Adam, instead of one update. ``rules``: only these."""

    name: str
    framework: str
    make: Callable[[], Framework]
    sizes: tuple[int, ...]
    hidden: str
    batch: int = 128
    output: str = "softmax"
    samples: int = 0
    rules: tuple[str, ...] = ()

    def has(self, rule: str) -> bool:
        """Whether the rule is timed here: it has a meaning, and is not left out on purpose."""
        if self.rules:
            return rule in self.rules
        if self.name == "dfc-adaptive" and "stdp" in rule:  # spikes need steps of one length
            return False
        return why_undefined(self.framework, rule) is None

    def __str__(self) -> str:
        shown, hidden = phases(self.make())
        steps = f"{hidden} free and {shown} nudged steps" if hidden else f"{shown} steps"
        shape = "-".join(map(str, self.sizes))
        epoch = f", an epoch of {self.samples}" if self.samples else ""
        return f"{self.name}: {shape} {self.hidden}, batch {self.batch}, {steps}{epoch}"


#: The settings of Aceituno et al. 2023 and of the frameworks' own papers; what the widgets of the
#: lessons run; and epochs of the digits, with the settings of ``train``.
CASES = [
    Case("bp", "backprop", Backprop, (784, 256, 256, 256, 10), "sigmoid"),
    Case("dfc", "dfc", DeepFeedbackControl, (784, 256, 256, 256, 10), "sigmoid"),
    Case(
        "dfc-fixed-Q", "dfc", lambda: DeepFeedbackControl("transpose"),
        (784, 256, 256, 256, 10), "sigmoid",
    ),
    Case(
        "dfc-adaptive", "dfc", lambda: DeepFeedbackControl(adaptive=0.003),
        (784, 256, 256, 256, 10), "sigmoid",
    ),
    Case("pc", "pc", lambda: PredictiveCoding(steps=50), (784, 500, 500, 10), "tanh"),
    Case(
        "pc-small", "pc", lambda: PredictiveCoding(steps=20, halve=False),
        (784, 256, 256, 10), "tanh", output="linear",
    ),
    Case(
        "ep", "ep", lambda: EquilibriumPropagation(free_steps=30, nudged_steps=10),
        (784, 500, 500, 10), "sigmoid",
    ),
    Case(
        "ep-wide", "ep", lambda: EquilibriumPropagation(free_steps=50, nudged_steps=50),
        (784, 1000, 10), "sigmoid", batch=100,
    ),
    Case("deb", "deb", lambda: DendriticMicrocircuit(steps=50), (784, 500, 500, 10), "tanh"),
    Case(
        "widget", "dfc", lambda: DeepFeedbackControl(steps=100), (2, 16, 16, 1), "tanh",
        batch=1, output="linear", rules=("dh",),
    ),
    Case(
        "bp-epoch", "backprop", Backprop, (784, 256, 256, 10), "relu",
        batch=64, samples=10_000, rules=("gradient",),
    ),
    Case(
        "dfc-epoch", "dfc", lambda: make_framework("dfc", k_p=0.5), (784, 256, 256, 10), "relu",
        batch=64, samples=10_000, rules=("dh",),
    ),
]  # fmt: skip


def phases(framework: Framework) -> tuple[int, int]:
    """Steps in the stream of a framework, and those before it starts."""
    if isinstance(framework, Backprop):
        return 1, 0
    if isinstance(framework, EquilibriumPropagation):
        centred = framework.nudged_steps if framework.kind == "centred" else 0
        return framework.nudged_steps, framework.free_steps + centred
    steps: int = getattr(framework, "steps")  # noqa: B009 (each framework with a phase has it)
    return steps, 0


def problem(case: Case, seed: int = 0) -> tuple[Network, Array, Array]:
    """A fresh network with inputs in [0, 1], one in five of them at work, and soft targets. Their
    values do not change the time."""
    rng = np.random.default_rng(seed)
    init = "he_normal" if case.hidden == "relu" else "xavier_normal"
    net = Network(case.sizes, case.hidden, case.output, init, seed=seed)
    count, classes = case.samples or case.batch, case.sizes[-1]
    x = rng.random((count, case.sizes[0]), np.float32)
    x *= rng.random(x.shape, np.float32) < 0.2
    target = np.full((count, classes), 0.1 / max(1, classes - 1), np.float32)
    target[np.arange(count), rng.integers(classes, size=count)] = 0.9
    return net, x, target

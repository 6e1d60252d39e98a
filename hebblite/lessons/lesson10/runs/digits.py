"""The digits and networks that a seed draws, and the circuit that all runs of the lesson use."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from ....data import load_digits
from ....data.digits import Drawn, draw_digits
from ....frameworks import Backprop, DendriticMicrocircuit, Framework
from ....network import Network
from ....optim import SGD, Adam, Optimizer
from ....rules import DifferentialHebbian, ErrorBased, Gradient, Rule
from ....teaching.remembered import remembered
from ....training import fit

Array = np.ndarray

WIDTH, SAMPLES, TESTED, CONFIDENCE, BATCH = 64, 2_000, 1_000, 0.9, 64
#: Seconds of a step, steps of the teaching phase and before it: 40 ms, or 8 tau, of each.
STEP: dict[str, Any] = {"dt": 2.5e-3, "steps": 16, "settle": 16}

load = cache(load_digits)

#: The way in which a network learns: framework and rule.
WAYS: dict[str, tuple[type[Framework], type[Rule]]] = {
    "backprop": (Backprop, Gradient),
    "error-based": (DendriticMicrocircuit, ErrorBased),
    "dh": (DendriticMicrocircuit, DifferentialHebbian),
}


@remembered
def drawn(seed: int = 0) -> Drawn:
    """SAMPLES digits to learn from, and TESTED others."""
    return draw_digits(load(), [10, seed], SAMPLES, TESTED, CONFIDENCE)


def fresh(seed: int = 0, hidden: int = 2, dtype: str = "float32") -> Network:
    """A network that has learned nothing: 784, ``hidden`` layers of WIDTH tanh neurons, 10."""
    return Network((784, *[WIDTH] * hidden, 10), seed=seed, dtype=dtype)


def circuit(seed: int = 0, **settings: Any) -> DendriticMicrocircuit:
    """The microcircuit with the steps of this lesson."""
    return DendriticMicrocircuit(**{**STEP, "seed": seed, **settings})


def optimizer(name: str) -> Optimizer:
    """Adam, or plain gradient steps (sgd) with the learning rate that suits backprop here."""
    return Adam(1e-3) if name == "adam" else SGD(0.1)


def learn(
    net: Network,
    way: str,
    seed: int = 0,
    epochs: int = 4,
    steps_by: str = "adam",
    framework: Framework | None = None,
    after_epoch: Callable[[], None] | None = None,
) -> list[float]:
    """Train ``net`` and return its accuracy on test digits (%) after each epoch. framework: another
    microcircuit than the plain one. after_epoch: called with nothing, to measure more. Stopped by
    hand, it says so and returns no half of a result."""
    kind, rule = WAYS[way]
    data, made = drawn(seed), framework or (Backprop() if kind is Backprop else circuit(seed))
    history = fit(
        net, made, rule(), data.x, data.labels, epochs=epochs, batch_size=BATCH, seed=seed,
        confidence=CONFIDENCE, optimizer=optimizer(steps_by), progress=False,
        validation=(data.x_test, data.labels_test),
        callback=None if after_epoch is None else lambda *_: after_epoch(),
    )  # fmt: skip
    if history.interrupted:
        raise KeyboardInterrupt("You stopped this. Run the cell again to see all of it.")
    return [100 * record["accuracy"] for record in history.epochs]

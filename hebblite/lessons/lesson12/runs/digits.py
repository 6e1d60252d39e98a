"""Small networks that learn digits in any cell of the matrix, in seconds."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from ....data import load_digits, stored_matrix
from ....data.digits import Drawn, draw_digits
from ....errors import DivergenceError, UndefinedCell
from ....frameworks import (
    Backprop,
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    Framework,
    PredictiveCoding,
)
from ....network import Network
from ....optim import Adam
from ....rules import STDP, Contrastive, DifferentialHebbian, ErrorBased, Gradient, Hebbian, Rule
from ....teaching.remembered import remembered
from ....training import fit

Array = np.ndarray

WIDTH, SAMPLES, TESTED, CONFIDENCE, BATCH, EPOCHS = 64, 2_000, 1_000, 0.9, 64, 4

load = cache(load_digits)

#: The frameworks with the settings of the stored matrix; each gets a seed where it has one.
FRAMEWORKS: dict[str, Callable[[int], Framework]] = {
    "backprop": lambda seed: Backprop(),
    "dfc": lambda seed: DeepFeedbackControl(k_p=1.0, dt=0.005, steps=20, seed=seed),
    "pc": lambda seed: PredictiveCoding(nudge=3.0, steps=20, step=0.2),
    "ep": lambda seed: EquilibriumPropagation(
        nudge=1.0, kind="centred", free_steps=40, nudged_steps=15, seed=seed
    ),
    "deb": lambda seed: DendriticMicrocircuit(g_som=5.0, dt=0.0015, steps=30, seed=seed),
}
RULES: dict[str, Callable[[int], Rule]] = {
    "gradient": lambda seed: Gradient(),
    "error-based": lambda seed: ErrorBased(),
    "error-voltage": lambda seed: ErrorBased(on="voltage"),
    "contrastive": lambda seed: Contrastive(),
    "dh": lambda seed: DifferentialHebbian(),
    "stdp": lambda seed: STDP(seed=seed),
    "hebbian": lambda seed: Hebbian(),
}
#: Adam's learning rate. EP's sigmoid networks learn slowly: four epochs need longer steps.
RATES = {"ep": 1e-2}


@remembered
def drawn(seed: int = 0) -> Drawn:
    """SAMPLES digits to learn from, and TESTED others."""
    return draw_digits(load(), [12, seed], SAMPLES, TESTED, CONFIDENCE)


def fresh(seed: int = 0, hidden: str = "tanh") -> Network:
    """A network that has learned nothing: 784-64-64-10."""
    return Network((784, WIDTH, WIDTH, 10), hidden, seed=seed)


def learn(
    net: Network,
    framework: str,
    rule: Rule,
    seed: int = 0,
    order: int | None = None,
    data: int | None = None,
    epochs: int = EPOCHS,
    **more: Any,
) -> float:
    """Train ``net`` and return its accuracy on other digits (%), of the last finite
    weights if training diverges. order: seed of the order of the digits; data: of which digits.
    Stopped by hand, it returns no half of a result."""
    made, digits = FRAMEWORKS[framework](seed), drawn(seed if data is None else data)
    try:
        history = fit(
            net, made, rule, digits.x, digits.labels, epochs=epochs, batch_size=BATCH,
            seed=seed if order is None else order, confidence=CONFIDENCE,
            optimizer=Adam(RATES.get(framework, 1e-3)), progress=False, **more,
        )  # fmt: skip
        if history.interrupted:
            raise KeyboardInterrupt("You stopped this. Run the cell again to see all of it.")
    except DivergenceError:
        pass  # the network keeps its last finite weights
    return 100 * made.accuracy(net, digits.x_test, digits.labels_test)


@remembered
def reads(framework: str, rule: str, seed: int = 0) -> float:
    """The accuracy (%) of a cell of the matrix, trained small."""
    net = fresh(seed, "sigmoid" if framework == "ep" else "tanh")
    return learn(net, framework, RULES[rule](seed), seed)


def train_cell(framework: str, rule: str, seed: int = 0) -> str:
    """Train one cell and say in a sentence what it reads, beside the stored runs; or why the rule
    has no meaning there."""
    for name, known in ((framework, FRAMEWORKS), (rule, RULES)):
        if name not in known:
            return f"{name!r} is none of {', '.join(known)}."
    try:
        accuracy = reads(framework, rule, seed)
    except UndefinedCell as error:
        return f"{rule} has no meaning in {framework}: {error}"
    stored = [
        f"{cell.mean:.2f} ± {cell.spread:.2f} %"
        for cell in stored_matrix()
        if (cell.framework, cell.rule) == (framework, rule)
    ]
    beside = f" Stored, with five seeds: {' or '.join(stored)}." if stored else ""
    return (
        f"{rule} in {framework}: {accuracy:.1f} % of {TESTED:,} other digits, after {EPOCHS} "
        f"epochs of {SAMPLES:,}.{beside}"
    )

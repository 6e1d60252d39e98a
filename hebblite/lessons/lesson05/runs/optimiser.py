"""A method that seems not to work: two values of one constant of Adam, two kinds of feedback."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....data import Digits, one_hot
from ....frameworks import DeepFeedbackControl
from ....network import Network
from ....optim import Adam
from ....training import fit
from .training import whole
from .variants import Array, MeanDH


def adam_run(
    digits: Digits, feedback: str, eps: float, seed: int = 0, epochs: int = 6
) -> tuple[Array, Any]:
    """The published step size, batch and time axis on a small network and 2,000 digits: accuracy
    per epoch (%) and the first update."""
    order = np.random.default_rng([55, seed]).permutation(len(digits.x_train))[:2_000]
    x, y = digits.x_train[order], digits.y_train[order]
    net = Network([784, 64, 64, 10], hidden="sigmoid", seed=seed)
    control = DeepFeedbackControl(feedback, k_p=2, dt=1e-3, steps=500, adaptive=0.003, seed=seed)
    rule = MeanDH(500)
    first = rule(control.teach(net, x[:128], one_hot(y[:128], 10, confidence=0.9)))
    history = fit(
        net, control, rule, x, y, epochs=epochs, batch_size=128, confidence=0.9, seed=seed,
        validation=(digits.x_test, digits.y_test), progress=False,
        optimizer=Adam(2.7e-4, betas=(0.9, 0.9), eps=eps),
    )  # fmt: skip
    whole(history)
    return 100 * np.array(history["accuracy"]), first


def adam_runs(digits: Digits, seed: int = 0) -> dict[tuple[str, float], tuple[Array, Any]]:
    """Either feedback with either eps of Adam."""
    cells = [(feedback, eps) for feedback in ("jacobian", "random") for eps in (9e-5, 1e-8)]
    return {cell: adam_run(digits, *cell, seed=seed) for cell in cells}

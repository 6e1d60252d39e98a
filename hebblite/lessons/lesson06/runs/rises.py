"""Error and least effort after every epoch: do the two always fall together?"""

from __future__ import annotations

from typing import Any

import numpy as np

from ....data import load_digits, one_hot
from ....frameworks import Backprop, DeepFeedbackControl
from ....frameworks.base import Framework
from ....losses import Course, least_control
from ....network import Network
from ....optim import Adam
from ....rules import DifferentialHebbian, Gradient, Rule
from ....teaching.remembered import remembered
from ....training import fit
from .digits import BATCH, CONFIDENCE, SIZES

SAMPLES, PROBES, EPOCHS = 5_000, 32, 6


@remembered
def course(method: str, seed: int = 0, hidden: str = "tanh", output: str = "softmax") -> Course:
    """Train what ``seed`` draws, by "dh" or "backprop", and look at 32 digits that it does not
    train on."""
    digits = load_digits()
    order = np.random.default_rng([65, seed]).permutation(len(digits.x_train))
    chosen, probes = order[:SAMPLES], order[-PROBES:]
    x, target = digits.x_train[probes], one_hot(digits.y_train[probes], 10, CONFIDENCE)
    losses: dict[str, list[float]] = {"error": [], "least": []}

    def look(net: Network, _: Any = None) -> None:
        e = target - net.predict(x)
        losses["error"].append(float(np.linalg.norm(e, axis=1).mean()))
        losses["least"].append(float(least_control(net, x, target, tolerance=1e-6).H.mean()))

    framework: Framework = Backprop()
    rule: Rule = Gradient()
    if method == "dh":
        framework = DeepFeedbackControl(k_p=0.5, dt=0.005, steps=20)
        rule = DifferentialHebbian()
    net = Network(SIZES, hidden=hidden, output=output, seed=seed)
    look(net)
    history = fit(
        net, framework, rule, digits.x_train[chosen], digits.y_train[chosen], epochs=EPOCHS,
        batch_size=BATCH, confidence=CONFIDENCE, optimizer=Adam(1e-3), seed=seed, progress=False,
        callback=look,
    )  # fmt: skip
    if history.interrupted:
        raise KeyboardInterrupt("You stopped this. Run the cell again to see all of it.")
    return Course(method, SIZES, hidden, seed, losses)

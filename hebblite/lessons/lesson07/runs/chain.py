"""The chain measured: error, feedback, latency and H* while a network learns, DH beside backprop.

The large measurement ships with the package: ``central()`` are its courses, five seeds of three
activations on two networks (``python -m hebblite losses --stored`` prints them as tables). A small
one, of a narrow network on 4,000 digits, is done in two seconds with any seed:

    small_course(digits, "dh", seed)        one training, measured after every epoch
    beside(digits, seed)                    DH and backprop from one start, at equal error

``Beside.H``, ``.latency`` and so on say how many times that of backprop DH's is, at equal error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....data import Digits, one_hot
from ....frameworks import Backprop, DeepFeedbackControl
from ....frameworks.base import Framework
from ....losses import Course, all_losses, stored_courses
from ....losses.courses import ratio
from ....losses.together import TEACHING
from ....network import Network
from ....optim import Adam
from ....rules import DifferentialHebbian, ErrorBased, Gradient, Rule
from ....training import fit

SIZES = (784, 32, 32, 10)
SAMPLES, PROBES, BATCH, EPOCHS, CONFIDENCE = 4_000, 48, 64, 5, 0.9
#: Learning rates of Adam: sigmoid, whose slopes are at most 1/4, would hardly begin to learn.
RATES = {"tanh": 1e-3, "sigmoid": 3e-3, "relu": 1e-3}
RULES: dict[str, type[Rule]] = {
    "dh": DifferentialHebbian,
    "error-based": ErrorBased,
    "backprop": Gradient,
}
#: How many times as long its steps are, for a method with this word after its name.
STEPS = {"": 1.0, "slow": 0.3, "fast": 3.0}
#: The networks of the large measurement.
CENTRAL = ((784, 64, 64, 10), (784, 64, 64, 64, 10))
HIDDEN = ("tanh", "sigmoid", "relu")


def central() -> list[Course]:
    """The courses of the large measurement, as stored: all methods, networks and seeds."""
    return list(stored_courses())


def small_course(
    digits: Digits, method: str, seed: int = 0, hidden: str = "tanh", epochs: int = EPOCHS
) -> Course:
    """Train what ``seed`` draws by one of RULES, and measure all losses after every epoch on
    digits that it does not train on. method: such as "dh", or "dh slow", with steps of STEPS."""
    name, _, steps = method.partition(" ")
    order = np.random.default_rng([77, seed]).permutation(len(digits.x_train))
    chosen, probes = order[:SAMPLES], order[-PROBES:]
    x, target = digits.x_train[probes], one_hot(digits.y_train[probes], 10, CONFIDENCE)
    net = Network(
        SIZES, hidden, seed=seed, init="he_normal" if hidden == "relu" else "xavier_normal"
    )
    losses: dict[str, list[float]] = {}

    def look(net: Network, _: Any = None) -> None:
        for name, value in all_losses(net, x, target).means().items():
            losses.setdefault(name, []).append(value)

    look(net)
    framework: Framework = Backprop() if name == "backprop" else DeepFeedbackControl(**TEACHING)
    history = fit(
        net, framework, RULES[name](), digits.x_train[chosen], digits.y_train[chosen],
        epochs=epochs, batch_size=BATCH, confidence=CONFIDENCE, seed=seed,
        optimizer=Adam(STEPS[steps] * RATES[hidden]), progress=False, callback=look,
    )  # fmt: skip
    if history.interrupted:
        raise KeyboardInterrupt("You stopped this. Run the cell again to see all of it.")
    return Course(method, SIZES, hidden, seed, losses)


@dataclass(frozen=True)
class Beside:
    """A course and that of backprop from the same start. The numbers are ratios at equal error:
    how many times that of backprop it is (NaN where the two pass no error in common)."""

    course: Course
    control: Course

    def ratio(self, name: str) -> float:
        """Of any name of a course's ``losses``."""
        return ratio(self.course, self.control, name)

    @property
    def H(self) -> float:
        return self.ratio("least")

    @property
    def latency(self) -> float:
        return self.ratio("latency")

    @property
    def feedback(self) -> float:
        return self.ratio("feedback")

    @property
    def gain(self) -> float:
        """Of the mean eigenvalue of J Q."""
        return self.ratio("gain")

    @property
    def H_at_gain_1(self) -> float:
        """Of H* times gain: what is left of the difference when the gain is taken out."""
        return self.ratio("least_at_gain_1")

    @property
    def latency_at_gain_1(self) -> float:
        """Of latency times gain."""
        return self.ratio("latency_at_gain_1")


def beside(digits: Digits, seed: int = 0, hidden: str = "tanh", method: str = "dh") -> Beside:
    """A method and backprop, on the same digits from the same weights. method: as above."""
    one, other = (small_course(digits, name, seed, hidden) for name in (method, "backprop"))
    return Beside(one, other)

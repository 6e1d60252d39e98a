"""The stage of lesson 09: digits with their targets, and networks that have or have not learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....data import Digits, load_digits, one_hot
from ....frameworks import Backprop, EquilibriumPropagation
from ....frameworks.base import Framework
from ....network import Network
from ....optim import Adam
from ....rules import Contrastive, DifferentialHebbian, Gradient, Hebbian, Rule
from ....teaching.remembered import remembered
from ....training import fit

Array = np.ndarray

SIZES = (784, 64, 32, 10)
CONFIDENCE = 0.9
#: How Equilibrium Propagation is run in training: from a nudge of -1 to one of +1.
PHASES: dict[str, Any] = {
    "nudge": 1.0, "kind": "centred", "free_steps": 40, "nudged_steps": 15,
}  # fmt: skip
SAMPLES, EPOCHS, BATCH, RATE = 4_000, 5, 64, 5e-3
METHODS = ("contrastive", "DH", "backprop", "Hebb")


def some_digits(seed: int, count: int = 64) -> tuple[Array, Array, Array]:
    """Inputs (B, 784), labels (B,) and targets (B, 10) of training digits drawn from ``seed``."""
    digits = load_digits()
    chosen = np.random.default_rng([9, seed]).permutation(len(digits.x_train))[:count]
    labels = digits.y_train[chosen]
    target = one_hot(labels, 10, confidence=CONFIDENCE)
    return digits.x_train[chosen].astype(float), labels, np.asarray(target, float)


def fresh(
    seed: int, hidden: str = "sigmoid", scale: float = 1.0, sizes: tuple[int, ...] = SIZES
) -> Network:
    """A network that has not learned, in float64. scale: of all weights above the first layer."""
    net = Network(sizes, hidden=hidden, dtype="float64", seed=seed)
    net.weights = [net.weights[0], *(scale * W for W in net.weights[1:])]
    return net


def method(name: str, **phases: Any) -> tuple[Framework, Rule]:
    """A framework with its rule. phases: changes of PHASES."""
    if name == "backprop":
        return Backprop(), Gradient()
    rule = {"contrastive": Contrastive, "DH": DifferentialHebbian, "Hebb": Hebbian}[name]()
    return EquilibriumPropagation(**(PHASES | phases)), rule


@dataclass(frozen=True)
class Trained:
    """net: after training. accuracy: of unseen digits after each epoch, read from the state in
    which the framework leaves its output, (epochs,). framework: that which trained it."""

    net: Network
    accuracy: Array
    framework: Framework


def train(
    digits: Digits,
    name: str | tuple[Framework, Rule],
    seed: int = 0,
    hidden: str = "sigmoid",
    sizes: tuple[int, ...] = SIZES,
    epochs: int = EPOCHS,
    **phases: Any,
) -> Trained:
    """Train a network with one of METHODS, or with a framework and a rule, on digits drawn from
    ``seed``, and test it on the packaged test digits after every epoch."""
    framework, rule = method(name, **phases) if isinstance(name, str) else name
    net = Network(sizes, hidden=hidden, seed=seed)
    chosen = np.random.default_rng([9, seed]).permutation(len(digits.x_train))[:SAMPLES]
    accuracy: list[float] = []
    history = fit(
        net, framework, rule, digits.x_train[chosen], digits.y_train[chosen], epochs=epochs,
        batch_size=BATCH, confidence=CONFIDENCE, seed=seed, optimizer=Adam(RATE), progress=False,
        callback=lambda net, _: accuracy.append(
            framework.accuracy(net, digits.x_test, digits.y_test)
        ),
    )  # fmt: skip
    if history.interrupted:
        raise KeyboardInterrupt("You stopped this. Run the cell again to see all of it.")
    return Trained(net, np.array(accuracy), framework)


@remembered
def trained(name: str, seed: int = 0, hidden: str = "sigmoid") -> Trained:
    """``train`` on the packaged digits, once for whoever looks at it."""
    epochs = 2 if name == "Hebb" else EPOCHS  # it is at chance after the first
    return train(load_digits(), name, seed, hidden, epochs=epochs)


def unseen(count: int = 200) -> tuple[Array, Array]:
    """Test digits, (B, 784), and their labels, (B,)."""
    digits = load_digits()
    return digits.x_test[:count].astype(float), digits.y_test[:count]

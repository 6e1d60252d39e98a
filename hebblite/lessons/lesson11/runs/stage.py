"""The stage of lesson 11: digits, networks, and all ways in which one of them learns."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from ....data import load_digits
from ....data.digits import Drawn, draw_digits
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
from ....rules import STDP, Contrastive, DifferentialHebbian, Gradient, Hebbian, Rule, Updates
from ....teaching.remembered import remembered
from ....training import fit

Array = np.ndarray

SIZES = (784, 64, 32, 10)
SAMPLES, TESTED, BATCH, EPOCHS, CONFIDENCE = 2_000, 1_000, 64, 4, 0.9
#: The frameworks by the names of the commands, and as they are written.
NAMES = {"dfc": "DFC", "pc": "PC", "ep": "EP", "deb": "DEB"}
#: Four steps of each framework's phase, in seconds: the time constant of the window.
WINDOWS = {"dfc": 0.02, "pc": 0.008, "ep": 0.02, "deb": 0.006}

#: Learning rates of Adam, and epochs. Equilibrium Propagation learns more slowly on so few digits.
RATE_OF = {"dfc": 1e-3, "pc": 1e-3, "ep": 2e-2, "deb": 1e-3}
EPOCHS_OF = {"ep": 6}

load = cache(load_digits)


def make_framework(name: str, seed: int = 0) -> Framework:
    """The framework of this short name, with the settings in which `train` runs it."""
    if name == "backprop":
        return Backprop()
    if name == "dfc":
        return DeepFeedbackControl(k_p=1.0, dt=0.005, steps=20, seed=seed)
    if name == "pc":
        return PredictiveCoding(nudge=3.0, steps=20, step=0.2)
    if name == "ep":
        return EquilibriumPropagation(
            nudge=1.0, kind="centred", free_steps=40, nudged_steps=15, seed=seed
        )
    return DendriticMicrocircuit(g_som=5.0, dt=0.0015, steps=30, seed=seed)


@remembered
def drawn(seed: int = 0) -> Drawn:
    """SAMPLES digits to learn from, and TESTED others."""
    return draw_digits(load(), [11, seed], SAMPLES, TESTED, CONFIDENCE)


def fresh(framework: str = "dfc", seed: int = 0, sizes: tuple[int, ...] = SIZES) -> Network:
    """A network that has learned nothing. With tanh, Equilibrium Propagation would have several
    states of rest (lesson 09): its hidden layers are sigmoid."""
    return Network(sizes, hidden="sigmoid" if framework == "ep" else "tanh", seed=seed)


def shown_digits() -> tuple[Array, Array]:
    """The first test digit of each class: (10, 784), (10,)."""
    digits = load()
    rows = [int(np.flatnonzero(digits.y_test == label)[0]) for label in range(10)]
    return digits.x_test[rows], digits.y_test[rows]


class Mirrored(STDP):
    """STDP whose window is mirrored: pre before post weakens. The control that must fail."""

    separable = True

    def finish(self) -> Updates:
        updates = super().finish()
        for total in (*updates.weights, *updates.biases):
            np.negative(total, out=total)
        return updates


def spiking(framework: str, seed: int = 0, kind: type[STDP] = STDP, **settings: Any) -> STDP:
    """STDP with the window of this framework."""
    return kind(tau=WINDOWS[framework], seed=seed, **settings)


#: How many neurons carry each rate where a whole population does.
POPULATION: dict[str, int] = {"dfc": 64, "pc": 64, "ep": 4096, "deb": 256}

#: All ways in which a network of the lesson learns, by name: (framework, seed) -> rule.
WAYS: dict[str, Callable[[str, int], Rule]] = {
    "backprop": lambda framework, seed: Gradient(),
    "DH": lambda framework, seed: DifferentialHebbian(),
    "contrastive": lambda framework, seed: Contrastive(),
    "STDP, expected": lambda framework, seed: spiking(framework, expected=True),
    "STDP, one train": lambda framework, seed: spiking(framework, seed),
    "STDP": lambda framework, seed: spiking(framework, seed, population=POPULATION[framework]),
    "mirrored": lambda framework, seed: spiking(
        framework, seed, Mirrored, population=POPULATION[framework]
    ),
    "Hebb": lambda framework, seed: Hebbian(),
}


def train(
    net: Network,
    framework: Framework,
    rule: Rule,
    seed: int = 0,
    epochs: int = EPOCHS,
    rate: float = 1e-3,
    after_epoch: Callable[[], None] | None = None,
) -> list[float]:
    """Train ``net`` and return its accuracy on test digits (%) before and after each epoch."""
    data = drawn(seed)
    first = 100 * framework.accuracy(net, data.x_test, data.labels_test)
    history = fit(
        net, framework, rule, data.x, data.labels, epochs=epochs, batch_size=BATCH, seed=seed,
        confidence=CONFIDENCE, optimizer=Adam(rate), progress=False,
        validation=(data.x_test, data.labels_test),
        callback=None if after_epoch is None else lambda *_: after_epoch(),
    )  # fmt: skip
    if history.interrupted:
        raise KeyboardInterrupt("You stopped this. Run the cell again to see all of it.")
    return [first, *(100 * record["accuracy"] for record in history.epochs)]


class Trained(NamedTuple):
    """A network that has learned. accuracy: over epochs, from 0, in per cent (E+1,). said: its
    outputs for ten test digits, alike (E+1, 10, 10)."""

    net: Network
    accuracy: Array
    said: Array


@remembered
def trained(framework: str, way: str, seed: int = 0, epochs: int | None = None) -> Trained:
    """By one of WAYS in one of NAMES. Nobody may change the network."""
    if way == "backprop" and framework != "ep":
        framework = "dfc"  # the same network, digits and rate: one run for all of them
    epochs = EPOCHS_OF.get(framework, EPOCHS) if epochs is None else epochs
    made = make_framework("backprop" if way == "backprop" else framework, seed)
    rule, rate, net = WAYS[way](framework, seed), RATE_OF[framework], fresh(framework, seed)
    x, _ = shown_digits()
    said = [net.predict(x)]
    accuracy = train(net, made, rule, seed, epochs, rate, lambda: said.append(net.predict(x)))
    return Trained(net, np.array(accuracy), np.array(said))


def course(framework: str, way: str, seed: int = 0, epochs: int | None = None) -> Array:
    """Accuracy (%) over epochs, from 0, of one of WAYS in one of NAMES: (E+1,)."""
    return trained(framework, way, seed, epochs).accuracy


def batch(framework: str, seed: int = 0, count: int = 64) -> tuple[Network, Array, Array]:
    """A fresh network and ``count`` digits with their targets, all of its type of numbers."""
    net, data = fresh(framework, seed), drawn(seed)
    return net, data.x[:count].astype(net.dtype), data.target[:count].astype(net.dtype)

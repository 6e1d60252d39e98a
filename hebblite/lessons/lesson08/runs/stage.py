"""Digits, and the networks that read them: 784-64-64-10, tanh, linear output, in float64."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from ....data import load_digits, one_hot
from ....frameworks import Framework, PredictiveCoding
from ....network import Network
from ....optim import Adam
from ....rules import DifferentialHebbian, Rule
from ....teaching.remembered import remembered
from ....training import fit

Array = np.ndarray

SIZES, SAMPLES, EPOCHS, BATCH, CONFIDENCE = (784, 64, 64, 10), 2_000, 4, 64, 0.9
#: Inference in training.
STEPS, STEP = 20, 0.1

load = cache(load_digits)


def chosen(seed: int, count: int = SAMPLES) -> tuple[Array, Array]:
    """Training digits (N, 784) and labels (N,) that ``seed`` draws."""
    digits = load()
    rows = np.random.default_rng([8, seed]).permutation(len(digits.x_train))[:count]
    return digits.x_train[rows], digits.y_train[rows]


def train(
    net: Network, framework: Framework, rule: Rule, seed: int, epochs: int = EPOCHS
) -> list[float]:
    """Train ``net`` in place on the digits of ``seed``. Test accuracy (%) before and after each
    epoch, (epochs + 1,)."""
    digits = load()
    start = 100 * net.accuracy(digits.x_test, digits.y_test)
    history = fit(
        net, framework, rule, *chosen(seed), epochs=epochs, batch_size=BATCH,
        confidence=CONFIDENCE, optimizer=Adam(1e-3), seed=seed, progress=False,
        validation=(digits.x_test, digits.y_test),
    )  # fmt: skip
    if history.interrupted:
        raise KeyboardInterrupt("You stopped this. Run the cell again to see all of it.")
    return [start, *(100 * epoch["accuracy"] for epoch in history.epochs)]


@remembered
def by_DH(seed: int = 0) -> tuple[Network, tuple[float, ...]]:
    """A network that DH, on rates, has trained in PC, and its accuracies on the way."""
    net = Network(SIZES, output="linear", seed=seed)
    pc = PredictiveCoding(steps=STEPS, step=STEP)
    return net, tuple(train(net, pc, DifferentialHebbian(), seed))


@remembered
def trained(seed: int = 0) -> Network:
    """The same network in float64."""
    return by_DH(seed)[0].astype("float64")


@remembered
def untrained(seed: int = 0) -> Network:
    return Network(SIZES, output="linear", dtype="float64", seed=seed)


@dataclass(frozen=True)
class Shown:
    """Test digits. x: (N, 784). labels: (N,). target: (N, 10), 0.9 for the digit."""

    x: Array
    labels: Array
    target: Array


@remembered
def shown(seed: int = 0, count: int = 60) -> Shown:
    """Test digits that ``seed`` draws."""
    digits = load()
    rows = np.random.default_rng([88, seed]).permutation(len(digits.x_test))[:count]
    labels = digits.y_test[rows]
    return Shown(
        digits.x_test[rows].astype(float), labels, one_hot(labels, 10, CONFIDENCE, "float64")
    )

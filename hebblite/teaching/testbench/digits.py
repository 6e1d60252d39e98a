"""Digits that are learned within a second: 14 x 14 pixels, two narrow hidden layers, in which an
output layer alone gets nowhere near."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from ...data import load_digits, one_hot
from ...errors import DivergenceError, OscillationError
from ...frameworks import Backprop, Framework
from ...network import Network
from ...optim import Adam
from ...rules import Gradient, Rule, Updates
from ...stream import Block
from ...training import fit

Array = np.ndarray

SIZES = (196, 20, 20, 10)
SAMPLES, TESTED, EPOCHS, BATCH, RATE, CONFIDENCE = 2_000, 1_000, 5, 50, 5e-3, 0.9
CHANCE = 10.0


class Pooled(NamedTuple):
    """x (N, 196), labels (N,), soft targets (N, 10); others to test."""

    x: Array
    labels: Array
    target: Array
    x_test: Array
    labels_test: Array


@cache
def pooled() -> Pooled:
    """The first digits, four pixels as one; the root makes thin strokes count."""

    def small(x: Array) -> Array:
        square = x.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4))
        return np.ascontiguousarray(np.sqrt(square).reshape(len(x), -1))

    digits = load_digits()
    labels, others = digits.y_train[:SAMPLES], digits.y_test[:TESTED]
    return Pooled(
        small(digits.x_train[:SAMPLES]), labels, one_hot(labels, 10, CONFIDENCE),
        small(digits.x_test[:TESTED]), others,
    )  # fmt: skip


class Trained(NamedTuple):
    """What came of training: the accuracy (%) on digits that were not learned from, 0 where it ran
    away; and then why, after how many updates of ``of``."""

    accuracy: float
    error: DivergenceError | None = None
    updates: int = 0
    of: int = 0

    @property
    def words(self) -> str:
        """The accuracy in words."""
        return f"ran away after {self.updates} of {self.of} updates" if self.error else \
               f"{self.accuracy:.0f} %"  # fmt: skip

    @property
    def story(self) -> str:
        """What ran away, where it did."""
        if self.error is None:
            return ""
        if isinstance(self.error, OscillationError):
            what = "the loop of the framework began to swing: the weights had grown, and the " \
                   "feedback through them with them"  # fmt: skip
        else:
            what = f"numbers grew beyond all bounds ({self.error.what}, layer {self.error.layer})"
        return f"After {self.updates} updates {what}."


def learn(framework: Framework, rule: Rule, seed: int, shuffled: bool = False) -> Trained:
    """Train on digits. shuffled: the teacher's labels belong to other digits."""
    data, net, optimizer = pooled(), Network(SIZES, seed=seed), Adam(RATE, eps=1e-12)
    labels = data.labels
    if shuffled:
        labels = np.random.default_rng([5, seed]).permutation(labels)
    try:
        history = fit(
            net, framework, rule, data.x, labels, epochs=EPOCHS, batch_size=BATCH, seed=seed,
            confidence=CONFIDENCE, optimizer=optimizer, progress=False,
        )  # fmt: skip
        if history.interrupted:
            raise KeyboardInterrupt("You stopped the bench: there is no card.")
        return Trained(100 * framework.accuracy(net, data.x_test, data.labels_test))
    except DivergenceError as error:
        return Trained(0.0, error, optimizer.steps, EPOCHS * -(-SAMPLES // BATCH))


@cache
def backprop_learns(seed: int) -> float:
    """What backprop makes of the same digits, from the same weights."""
    return learn(Backprop(), Gradient(), seed).accuracy


class Reversed(Rule):
    """Another rule with the sign of its updates turned round."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.needs_phase, self.reads_voltages = rule.needs_phase, rule.reads_voltages

    def start(self, block: Block) -> None:
        self.rule.start(block)

    def absorb(self, block: Block) -> None:
        self.rule.absorb(block)

    def finish(self) -> Updates:
        updates: Updates = self.rule.finish()
        return Updates([-W for W in updates.weights], [-b for b in updates.biases])

"""A small network that learns a fifth of the digits, and how far one update is from DH."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ....analysis import angles
from ....data import load_digits, one_hot
from ....frameworks import Backprop, DeepFeedbackControl
from ....network import Network
from ....rules import STDP, DifferentialHebbian, Gradient
from ....rules.base import Rule
from ....teaching.remembered import remembered
from ....training import fit
from .spiking import WithSpikes

Array = np.ndarray

#: A controller whose rates have settled after half of the phase.
FEEDBACK = DeepFeedbackControl(k_p=4.0, dt=0.005, steps=12)


class Start(NamedTuple):
    """An untrained network, and the digits that it is to learn. x (2000, 784), y (2000,)."""

    net: Network
    x: Array
    y: Array


@remembered
def start(seed: int = 0) -> Start:
    """Network and digits of this seed; those of seed 0 are the lesson's."""
    digits = load_digits()
    few = np.arange(2000) if seed == 0 else np.random.default_rng(seed).permutation(10_000)[:2000]
    net = Network([784, 64, 10], hidden="relu", init="he_normal", seed=seed)
    return Start(net, digits.x_train[few], digits.y_train[few])


def train(rule: Rule, seed: int = 0, epochs: int = 3, backprop: bool = False) -> Array:
    """Test accuracy after each epoch, in [0, 1]."""
    net, x, y = start(seed)
    digits = load_digits()
    history = fit(
        net.copy(), Backprop() if backprop else FEEDBACK, rule, x, y, epochs=epochs, batch_size=64,
        confidence=0.9, seed=seed, validation=(digits.x_test, digits.y_test), progress=False,
    )  # fmt: skip
    return np.array(history["accuracy"])


def by_backprop(seed: int = 0) -> Array:
    """What backprop makes of the same start."""
    return train(Gradient(), seed, backprop=True)


def movement(seed: int = 0) -> Array:
    """Mean size of the change of the rates in each step of a phase, by layer: (steps, layers)."""
    net, x, y = start(seed)
    moves: list[Array] = []
    for block in FEEDBACK.teach(net, x[:128], one_hot(y[:128], confidence=0.9)):
        of_block = [np.abs(np.diff(r, axis=0)).mean(axis=(1, 2)) for r in block.rates[1:]]
        moves.extend(np.transpose(of_block))
    return np.array(moves)


def angles_to_dh(stdp: Callable[..., Any], seed: int = 0, draws: int = 10) -> tuple[Array, Array]:
    """Degrees between DH and STDP at the start, by layer: of its average, and of one draw of
    spikes (draws, layers). A batch of 128 digits."""
    net, x, y = start(seed)

    def update(rule: Rule) -> Any:
        return rule(FEEDBACK.teach(net, x[:128], one_hot(y[:128], confidence=0.9)))

    dh = update(DifferentialHebbian())
    each = [angles(update(WithSpikes(stdp, seed=1000 * seed + k)), dh) for k in range(draws)]
    return np.array(angles(update(STDP(expected=True)), dh)), np.array(each)

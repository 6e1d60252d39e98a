"""What lesson 00 runs: its network and settings, a recorded teaching phase, the learner's rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...data import Digits
from ...frameworks import DeepFeedbackControl
from ...network import Network
from ...rules import Rule
from ...stream import Block, Record

Array = np.ndarray

#: The controller that trains: 100 ms in 20 steps.
CONTROL = DeepFeedbackControl(k_p=0.5, dt=0.005, steps=20)


def new_network(seed: int = 0) -> Network:
    """Two hidden layers between 784 pixels and ten digits, with random weights."""
    return Network([784, 128, 64, 10], hidden="relu", init="he_normal", seed=seed)


def settings(digits: Digits) -> dict[str, Any]:
    """What all trainings of the lesson share: batches of 64 digits; a target of 0.9 for the right
    digit, the nine others share 0.1; tested on the other 2,000 digits."""
    validation = (digits.x_test, digits.y_test)
    return {"batch_size": 64, "confidence": 0.9, "validation": validation}


def growth(net: Network, digits: Digits, seed: int = 0) -> float:
    """How many times as large the mean rate of layer 2 is as in the untrained network."""
    x = digits.x_test[:200]
    now, start = (float(n.feedforward(x)[1][2].mean()) for n in (net, new_network(seed)))
    return now / start


def teaching_phase(
    net: Network, x: Array, target: Array, k_p: float, steps: int = 120, dt: float = 5e-4
) -> Block:
    """The recorded teaching phase of inputs x (B, n_0) with a proportional gain ``k_p``."""
    dfc = DeepFeedbackControl(k_p=k_p, dt=dt, steps=steps)
    recorded: Block = Record()(dfc.teach(net, x, target))
    return recorded


class WithUpdate(Rule):
    """A rule made from a function of the exercise: ``update(post, pre)`` for one input and layer.

    Slow, since it goes through the batch one input at a time, but it runs *your* line.
    """

    def __init__(self, update: Any) -> None:
        self.update = update

    def absorb(self, block: Block) -> None:
        for l, post in enumerate(block.rates[1:]):
            for b in range(block.batch):
                self._dW[l] += self.update(post[:, b], block.rates[l][:, b])
            self._db[l] += (post[-1] - post[0]).sum(axis=0)

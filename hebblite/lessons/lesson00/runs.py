"""What lesson 00 runs: a recorded teaching phase, and the learner's update as a rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...frameworks import DeepFeedbackControl
from ...network import Network
from ...rules import Rule
from ...stream import Block, Record

Array = np.ndarray


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

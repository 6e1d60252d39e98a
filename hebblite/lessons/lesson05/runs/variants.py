"""The learner's rule in the engine, and frameworks and rules that break an assumption."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ....frameworks import DeepFeedbackControl
from ....frameworks.base import Framework
from ....network import Network
from ....rules import DifferentialHebbian, Gradient, Rule, Updates
from ....stream import Block, is_constant

Array = np.ndarray


class WithLayerUpdate(Rule):
    """A rule made from exercise 05.1: ``update(post, pre)`` gives dW (n, m) and db (n,) of one
    layer, averaged over the batch, from post (T+1, B, n) and pre (T+1, B, m).

    The input does not move, so by theorem T1 the two ends of the phase say all about layer 1.
    """

    def __init__(self, update: Callable[[Array, Array], Any]) -> None:
        self.update = update

    def absorb(self, block: Block) -> None:
        for l, post in enumerate(block.rates[1:]):
            pre = block.rates[l]
            rows = [0, -1] if is_constant(pre) else slice(None)
            dW, db = self.update(post[rows], pre[rows])
            self._dW[l] += block.batch * dW  # ``finish`` divides sums by the batch
            self._db[l] += block.batch * db


class OutputLayerOnly(Gradient):
    """Backprop's gradient for the output layer, nothing for the hidden ones: what a network can do
    if its hidden layers stay as they were drawn."""

    def finish(self) -> Updates:
        updates = super().finish()
        for part in (*updates.weights[:-1], *updates.biases[:-1]):
            part[:] = 0
        return updates


class MeanDH(DifferentialHebbian):
    """Differential Hebb divided by ``steps`` / 2, the scale of the published code."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.scale = 2 / steps

    def finish(self) -> Updates:
        updates = super().finish()
        for part in (*updates.weights, *updates.biases):
            part *= self.scale
        return updates


class Hurried(Framework):
    """Plasticity that is switched on before the network has settled on its input.

    When it comes on, every voltage has gone only the share ``settled`` of its way from 0 to the
    free state. It goes the rest without feedback; then ``control`` teaches as usual.
    """

    def __init__(self, control: DeepFeedbackControl, settled: float) -> None:
        self.control, self.settled = control, settled

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        first = True
        for block in self.control.teach(net, x, target):
            if first:
                yield self._settling(net, block)
                first = False
            yield block

    def _settling(self, net: Network, block: Block) -> Block:
        """One step from the unsettled state to the free one, before time 0."""
        free = [v[0] for v in block.voltages]
        v = [np.stack([v_l.dtype.type(self.settled) * v_l, v_l]) for v_l in free]
        input_ = np.broadcast_to(block.rates[0][0], (2, *block.rates[0][0].shape))
        rates = [phi.rate(v_l) for phi, v_l in zip(net.activations, v, strict=True)]
        none = [np.zeros_like(v_l) for v_l in v]
        error = np.stack([block.error[0]] * 2)
        time = np.array([-0.1, 0.0])
        return Block(time, [input_, *rates], v, v, none, error, block.activations)

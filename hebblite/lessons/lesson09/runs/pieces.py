"""The learner's pieces in the engine: a nudged phase of their own steps, and their update."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ....frameworks import EquilibriumPropagation
from ....network import Network
from ....rules import Contrastive
from ....rules.base import Updates
from ....stream import Block

Array = np.ndarray
Step = Callable[..., Any]


class WithStep(EquilibriumPropagation):
    """Equilibrium Propagation whose phases are made of the steps of ``make``."""

    def __init__(self, make: Step, **settings: Any) -> None:
        super().__init__(**settings)
        self.make = make

    def settled(
        self, net: Network, v: list[Array], x: Array, target: Array, nudge: float, steps: int
    ) -> list[list[Array]]:
        """The voltages of layers 1..L now and after each step with this nudge."""
        way = [v]
        for _ in range(steps):
            r = self._rates(net, way[-1], x)
            slope = [phi.slope(r_l) for phi, r_l in zip(net.activations, r[1:], strict=True)]
            e = target - net.readout(r[-1])
            made = self.make(way[-1], r, slope, net.weights, net.biases, e, nudge, self.step)
            way.append([np.asarray(v_l) for v_l in made])
        return way

    @staticmethod
    def _rates(net: Network, v: list[Array], x: Array) -> list[Array]:
        return [x, *(phi.rate(v_l) for phi, v_l in zip(net.activations, v, strict=True))]

    def _block(self, net: Network, way: list[list[Array]], x: Array, target: Array) -> Block:
        """What the steps of a phase have passed, as one block of a stream."""
        v = [np.stack([state[l] for state in way]) for l in range(net.depth)]
        r = self._rates(net, v, np.broadcast_to(x, (len(way), *x.shape)))
        return Block(
            time=np.arange(len(way)) * (self.step * self.tau), rates=r, voltages=v,
            basal=[], apical=[], error=target - net.readout(r[-1]), activations=net.activations,
            apical_when_free=True,
        )  # fmt: skip

    def relax(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        """The free phase in one block."""
        x, target = np.asarray(x, net.dtype), np.asarray(target, net.dtype)
        start = net.feedforward(x)[0]
        yield self._block(net, self.settled(net, start, x, target, 0.0, self.free_steps), x, target)

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        """The same stream as the engine's, in one block."""
        x, target = np.asarray(x, net.dtype), np.asarray(target, net.dtype)
        v = self.settled(net, net.feedforward(x)[0], x, target, 0.0, self.free_steps)[-1]
        if self.kind == "centred":
            v = self.settled(net, v, x, target, -self.nudge, self.nudged_steps)[-1]
        way = self.settled(net, v, x, target, self.nudge, self.nudged_steps)
        yield self._block(net, way, x, target)


class WithUpdate(Contrastive):
    """The contrastive rule, with weights' updates made by ``make`` from the two states."""

    def __init__(self, make: Callable[..., Any], span: float) -> None:
        super().__init__()
        self.make, self.span = make, span

    def start(self, block: Block) -> None:
        super().start(block)
        self._first = [r[0].copy() for r in block.rates]

    def finish(self) -> Updates:
        last = [r[-1].copy() for r in self._last.rates]
        made = super().finish()
        made.weights = [np.asarray(dW) for dW in self.make(self._first, last, self.span)]
        made.biases = [db / self.span for db in made.biases]
        return made


def step_off(make: Step, net: Network, x: Array, target: Array, **settings: Any) -> float:
    """The largest difference of a rate between the learner's phase and the engine's."""
    (mine,) = WithStep(make, **settings).teach(net, x, target)
    blocks = list(EquilibriumPropagation(**settings, block=10_000).teach(net, x, target))
    (theirs,) = blocks
    rows = zip(mine.rates, theirs.rates, strict=True)
    return float(max(np.abs(a - b).max() for a, b in rows))


def two_phases(ep: WithStep, net: Network, x: Array, target: Array) -> tuple[Block, Block]:
    """The free and the nudged phase of inputs (B, n_0), each as one block."""
    (free,), (nudged,) = ep.relax(net, x, target), ep.teach(net, x, target)
    return free, nudged

"""A rule that leaves some layers out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import ArgumentError, check_kind
from ..stream import Block
from .base import Rule, Updates


class Frozen(Rule):
    """The updates of another rule, with those of some layers set to zero: their weights and biases
    stay as they are, with every optimizer that does nothing where the update is zero.

    layers: which, as indices into ``net.weights``: 0 is W_1, and -1 the output layer.
    """

    def __init__(self, rule: Rule, layers: Sequence[int] = (-1,)) -> None:
        check_kind("rule", rule, Rule)
        self.rule, self.layers = rule, tuple(layers)
        self.needs_phase, self.reads_voltages = rule.needs_phase, rule.reads_voltages
        self.separable = rule.separable

    def start(self, block: Block) -> None:
        for l in self.layers:
            if not -block.depth <= l < block.depth:
                raise ArgumentError("layers", str(l), f"indices of {block.depth} layers")
        self.rule.start(block)

    def absorb(self, block: Block) -> None:
        self.rule.absorb(block)

    def split(self, shares: Sequence[float]) -> list[Rule]:
        return [Frozen(rule, self.layers) for rule in self.rule.split(shares)]

    def finish(self) -> Updates:
        updates: Updates = self.rule.finish()
        for l in self.layers:
            updates.weights[l][...] = 0
            updates.biases[l][...] = 0
        return updates

    def state(self) -> dict[str, Any]:
        return self.rule.state()

    def restore(self, meta: dict[str, Any]) -> None:
        self.rule.restore(meta)

"""Learning above layer 1 alone, which stays as it was drawn: nothing is computed for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ....rules import Rule, Updates
from ....stream import Block, Lazy


class Upper(Rule):
    """The updates of another rule where layer 1 is frozen. What `rules.Frozen` makes zero is not
    worked out here: of this network most synapses are in layer 1. For rules that draw no spikes:
    these would take the rates of layer 1 for an input, and scale them differently."""

    separable = True

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.needs_phase, self.reads_voltages = rule.needs_phase, rule.reads_voltages

    def start(self, block: Block) -> None:
        post, pre = block.rates[1], block.rates[0]
        self._frozen = np.zeros((post.shape[-1], pre.shape[-1]), post.dtype)
        self.rule.start(above(block))

    def absorb(self, block: Block) -> None:
        self.rule.absorb(above(block))

    def split(self, shares: Sequence[float]) -> list[Rule]:
        return [Upper(rule) for rule in self.rule.split(shares)]

    def finish(self) -> Updates:
        made: Updates = self.rule.finish()
        bias = np.zeros(len(self._frozen), self._frozen.dtype)
        return Updates([self._frozen, *made.weights], [bias, *made.biases])


def above(block: Block) -> Block:
    """The block of a network whose input are the rates of layer 1."""

    def of(drives: Sequence[Any]) -> Lazy:
        return Lazy(block.depth - 1, lambda l: drives[l + 1])

    return replace(
        block, rates=block.rates[1:], activations=block.activations[1:],
        voltages=of(block.voltages), basal=of(block.basal), apical=of(block.apical),
    )  # fmt: skip

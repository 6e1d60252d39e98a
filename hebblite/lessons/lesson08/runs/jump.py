"""What DH reads in each layer in PC: beside backprop, beside the error-based rule, and without the
first step, in which the output jumps onto its target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ....analysis import backprop_updates
from ....frameworks import PredictiveCoding
from ....rules import DifferentialHebbian, ErrorBased, Updates
from ....stream import Block, Record, fold
from ....teaching.remembered import remembered
from .rest import angles_of
from .stage import shown, trained

Array = np.ndarray
VOLTAGE = "voltage"


def after_the_jump(states: Iterable[Block]) -> Iterator[Block]:
    """The same stream without its first step."""
    first = True
    for block in states:
        if first:
            later = [v[1:] for v in block.voltages], [b[1:] for b in block.basal]
            yield replace(
                block, time=block.time[1:], rates=[r[1:] for r in block.rates],
                voltages=later[0], basal=later[1], apical=[a[1:] for a in block.apical],
                error=block.error[1:],
            )  # fmt: skip
        else:
            yield block
        first = False


@dataclass(frozen=True)
class Read:
    """A batch of test digits. DH, error_based: what the two rules make of one inference, on
    voltages, as in theorem T7; missed: DH that begins after the jump; backprop: its update.
    shares: the part of DH's update that the first step makes, <first, whole> / |whole|^2, (L,); the
    parts of all steps add up to 1."""

    dh: Updates
    missed: Updates
    error_based: Updates
    backprop: Updates
    shares: Array

    @property
    def layer_1(self) -> float:
        """The largest difference between DH and the error-based rule in layer 1, relative to the
        largest entry."""
        a, b = self.dh.weights[0], self.error_based.weights[0]
        return float(np.abs(a - b).max() / np.abs(b).max())

    @property
    def output(self) -> float:
        """The same between DH and backprop in the output layer."""
        a, b = self.dh.weights[-1], self.backprop.weights[-1]
        return float(np.abs(a - b).max() / np.abs(b).max())

    def angles(self) -> dict[str, Array]:
        """Angles in every layer (degrees), (L,)."""
        return {
            "DH and the error-based rule": angles_of(self.dh, self.error_based),
            "DH and backprop": angles_of(self.dh, self.backprop),
            "the error-based rule and backprop": angles_of(self.error_based, self.backprop),
        }


@remembered
def read(seed: int = 0, count: int = 64, steps: int = 50) -> Read:
    """The network of ``seed`` and a batch of test digits."""
    net, digits = trained(seed), shown(seed, count)
    pc = PredictiveCoding(steps=steps)
    dh, error_based, track = fold(
        pc.teach(net, digits.x, digits.target),
        DifferentialHebbian(on=VOLTAGE), ErrorBased(on=VOLTAGE), Record(),
    )  # fmt: skip
    missed = DifferentialHebbian(on=VOLTAGE)(after_the_jump(pc.teach(net, digits.x, digits.target)))
    shares = []
    for post, pre, whole in zip(track.voltages, track.rates, dh.weights, strict=False):
        first = (post[1] - post[0]).T @ pre[0] / count
        shares.append((first * whole).sum() / (whole * whole).sum())
    backprop = backprop_updates(net, digits.x, digits.target)
    return Read(dh, missed, error_based, backprop, np.array(shares))

"""A bound that is the best of its kind: in every network some error attains it.

A world holds ``same_length``, the worlds in which the error has the same length and lies along one
of the axes of JJ after the other. There the bounded side is largest and smallest, so that these
refute better than a long climb does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....teaching.proofs import Bound, Step, World
from ....teaching.proofs.kinds import Finding, Value
from ....teaching.proofs.worlds import Lab

Array = np.ndarray

STARTS, SHORT = 2, 5  # of the climb: how often, and how many steps


@dataclass(frozen=True)
class Sharp(Bound):
    """A bound for all errors of one length, which one of them attains in each network."""

    def decide(self, step: Step, value: Value, lab: Lab) -> Finding:
        worlds = lab.worlds()
        for world in worlds:
            found = self._along_the_axes(step, value, world)
            if not found.holds:
                return found
        slack = [self.slack(step, value, world) for world in worlds]
        for i in np.argsort(slack, kind="stable")[:STARTS]:
            least, there = self.climb(step, value, worlds[i], slack[i])
            if not least >= -self.tolerance:
                return Finding(False, self.said(), (there,))
        return Finding(True)

    def _along_the_axes(self, step: Step, value: Value, world: World) -> Finding:
        """Whether it is a bound for all errors of this length, and attained by one of them."""
        same = world["same_length"]
        slack = [self.slack(step, value, other) for other in same]
        bad = tuple(w for w, s in zip(same, slack, strict=True) if not s >= -self.tolerance)
        if bad:
            return Finding(False, self.said(), bad)
        sides = np.array([float(value(other)) for other in same])
        if np.ptp(sides) > 1e-6 * np.abs(sides).max():
            said = "your side is not the same for all errors of one length, as this bound is."
            return Finding(False, said, (world,))
        if min(slack) > self.near:
            sharper = "larger" if self.side == "lower" else "smaller"
            said = (
                "it is a true bound, but there are networks in which no error attains it. There is "
                f"a {sharper} one."
            )
            return Finding(False, said, (world,))
        return Finding(True)

    def climb(self, step: Step, value: Value, world: World, slack: float) -> tuple[float, World]:
        """A short one: the axes were tried already."""
        rng, point = np.random.default_rng(7), np.asarray(world["point"], float)
        for _ in range(SHORT):
            there = world["vary"](point + 0.2 * rng.normal(size=point.shape))
            found = self.slack(step, value, there)
            if not found >= slack:
                slack, point, world = found, there["e"], {**there, "vary": world["vary"]}
        return slack, world

"""The claim that one side bounds the other: tried at random, and by climbing towards a violation.

A world may say how it can be varied: ``world["point"]`` is an array, and ``world["vary"](point)``
the world there. The climb takes random steps that make the slack smaller. Without it only the
random worlds are tried.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..numerals import rounded
from .kinds import VISIBLE, Array, Finding, Value, model, size
from .theory import Step, World
from .worlds import Lab

STEPS = 40  # of a climb
STARTS = 3


@dataclass(frozen=True)
class Bound:
    """side: "lower" (right <= left) or "upper" (right >= left), in each entry. A bound that is
    attained nowhere, to ``near`` of the left side's size, is not the one that is asked for."""

    side: str
    near: float = 1e-6
    tolerance: float = 1e-9

    def strengths_of(self, step: Step) -> tuple[float, ...]:
        return (step.theorem.strength,)

    def words(self) -> str:
        return "at least the right side" if self.side == "lower" else "at most the right side"

    def decide(self, step: Step, value: Value, lab: Lab) -> Finding:
        worlds = lab.worlds()
        slack = [self.slack(step, value, world) for world in worlds]
        bad = tuple(w for w, s in zip(worlds, slack, strict=True) if not s >= -self.tolerance)
        if bad:
            return Finding(False, self.said(), bad)
        if lab.broken:  # whether it is still true, not whether it is attained
            return Finding(True)
        nearest = min(slack, default=0.0)
        for i in np.argsort(slack, kind="stable")[:STARTS]:
            found, world = self.climb(step, value, worlds[i], slack[i])
            if not found >= -self.tolerance:
                said = f"it holds in random networks, but a search finds one where {self.said()}"
                return Finding(False, said, (world,))
            nearest = min(nearest, found)
        if nearest > self.near_for(step, worlds):
            sharper = "larger" if self.side == "lower" else "smaller"
            said = (
                "it is a true bound, but nothing attains it: the two sides never come nearer than "
                f"{rounded(100 * nearest, 2)} % of the left one. There is a {sharper} one."
            )
            return Finding(False, said, ())
        return self.compared(step, value, worlds, slack)

    def compared(
        self, step: Step, value: Value, worlds: list[World], slack: list[float]
    ) -> Finding:
        """A true bound beside the model's: one that is looser somewhere and sharper nowhere may be
        attained all the same, as the largest entry of a vector where that has only one."""
        models = [self.slack(step, lambda w: model(step, w), world) for world in worlds]
        if max(map(abs, slack)) <= self.tolerance and max(models) > self.near:
            said = (
                "your side is no bound, but the left side itself: they are equal in every network. "
                "What can be left out of it?"
            )
            return Finding(False, said, ())
        looser = tuple(
            w for w, s, m in zip(worlds, slack, models, strict=True) if s > m + self.near
        )
        if not looser or any(s < m - self.near for s, m in zip(slack, models, strict=True)):
            return Finding(True)
        other = "larger" if self.side == "lower" else "smaller"
        return Finding(False, f"it is a true bound, but mostly a {other} one holds.", looser)

    def fails(self, left: Array, yours: Array, model: Array) -> bool:
        off = (yours - left) if self.side == "lower" else (left - yours)
        return bool(np.max(off, initial=0.0) > VISIBLE * size(left))

    def near_for(self, step: Step, worlds: list[World]) -> float:
        """How near the two sides must come: as near as the model does without a climb, or to
        ``near``."""
        slack = (self.slack(step, lambda world: model(step, world), world) for world in worlds)
        return max(self.near, 3 * min(slack, default=0.0))

    def said(self) -> str:
        compared = "above" if self.side == "lower" else "below"
        return f"your side is {compared} the left one, so it is no {self.side} bound."

    def slack(self, step: Step, value: Value, world: World) -> float:
        """The least slack of any entry, relative to the left side's size."""
        left, right = np.asarray(world[step.left], float), np.asarray(value(world), float)
        if left.shape != right.shape or not np.isfinite(right).all():
            return float("nan")
        slack = left - right if self.side == "lower" else right - left
        finite = size(left[np.isfinite(left)])  # a latency may be infinite
        return float(np.min(slack, initial=np.inf)) / max(finite, 1e-300)

    def climb(self, step: Step, value: Value, world: World, slack: float) -> tuple[float, World]:
        """The smallest slack on a short random walk towards violation, and where."""
        if "vary" not in world:
            return slack, world
        rng, point, wide = np.random.default_rng(7), np.asarray(world["point"], float), 0.3
        known: dict[bytes, World | None] = world.setdefault("varied", {})
        best = world
        for _ in range(STEPS):
            other = point + wide * rng.normal(size=point.shape)
            key = other.tobytes()
            if key not in known:  # the next answer often takes the same way
                known[key] = world["vary"](other)
            there = known[key]
            found = slack if there is None else self.slack(step, value, there)
            if there is not None and not found >= slack:
                slack, point, best, wide = found, other, there, wide * 1.3
                if not slack >= -self.tolerance:
                    break
            else:
                wide *= 0.93
        return slack, best

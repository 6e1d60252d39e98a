"""The claim that one side is a gradient: compared with central differences of the function itself.

A world holds the function under the name ``of``: called with a value of ``by``, it measures. Its
slope is taken along a few directions only, with Richardson's extrapolation: the differences D(h)
and D(h/2) leave an error of order h^4. They do not depend on the answer, and are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from .kinds import ByDifference, Finding, Value, size
from .theory import Array, Step, World
from .worlds import Lab

DIRECTIONS, FEWER = 3, 2  # the fewer ones where an assumption is broken


@dataclass(frozen=True)
class Gradient(ByDifference):
    """of: the symbol of a function of one argument; by: the symbol of what it is called with, and
    by which it is differentiated. difference: h, relative to the size of that."""

    of: str
    by: str
    tolerance: float = 1e-7
    difference: float = 2e-3

    def strengths_of(self, step: Step) -> tuple[float, ...]:
        return (step.theorem.strength,)

    def words(self) -> str:
        return f"the gradient of `{self.of}` with respect to `{self.by}`"

    def decide(self, step: Step, value: Value, lab: Lab) -> Finding:
        worlds, bad = lab.worlds(), []
        most = FEWER if lab.broken else DIRECTIONS
        found = [self.measured(world, most) for world in worlds]
        typical = max((np.abs(slopes).max() for _, slopes in found), default=0.0)
        for world, (directions, slopes) in zip(worlds, found, strict=True):
            right = np.asarray(value(world), float)
            if right.shape != np.shape(world[self.by]):
                bad.append(world)
                continue
            off = np.abs(directions @ right.ravel() - slopes).max()
            if not off <= self.tolerance * max(np.abs(slopes).max(), 1e-3 * typical):
                bad.append(world)
        said = f"it is not the {self.meant(step)}: central differences say another one."
        return Finding(not bad, said if bad else "", tuple(bad))

    def meant(self, step: Step) -> str:
        """The left side in the words of the theorem: what `of` is called, nobody need know."""
        words = re.sub(r", (\([^)]*\)|a number)$", "", step.theorem.symbols.get(step.left, ""))
        words = words.removeprefix("the ")
        return words if words.startswith(("slope", "gradient")) else f"slope by `{self.by}`"

    def measured(self, world: World, most: int = DIRECTIONS) -> tuple[Array, Array]:
        """At most so many directions (k, n), n the size of ``by``, and their slopes (k,)."""
        key = f"slopes of {self.of} by {self.by}"
        if key not in world:
            at = np.asarray(world[self.by], float)
            directions = directions_in(at.size, most)
            h = self.difference * (size(at) or 1.0)
            world[key] = directions, np.array([
                slope_along(world[self.of], at, d.reshape(at.shape), h) for d in directions
            ])  # fmt: skip
        found: tuple[Array, Array] = world[key]
        return found


def directions_in(n: int, most: int) -> Array:
    """The axes where there are few, else random directions at right angles, each of length 1."""
    if n <= most:
        return np.eye(n)
    Q, _ = np.linalg.qr(np.random.default_rng(n).normal(size=(n, most)))
    return np.asarray(Q.T)


def slope_along(function: object, at: Array, direction: Array, h: float) -> float:
    """The derivative of a function of an array along a direction; the error is of order h^4."""
    assert callable(function)

    def central(h: float) -> float:
        up, down = function(at + h * direction), function(at - h * direction)
        return (float(up) - float(down)) / (2 * h)

    return (4 * central(h / 2) - central(h)) / 3

"""In which sense the two sides of a step agree, and how that is decided.

    Exact()              left = right, to rounding
    Order(2)             |left - right| shrinks as strength^2, or faster
    Tends(1)             left tends to right as strength tends to 0, with an error of this order
    Bound("lower")       right <= left, everywhere, and equal somewhere       (see bound.py)
    Gradient("H", "W")   right is the gradient of H with respect to W         (see gradient.py)
    Mean(10_000)         right is the mean of many random values of left      (see mean.py)

Each one has ``decide(step, value, lab)``, where ``value(world)`` is the right side in one world.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from ..comparing import numbers
from ..numerals import rounded
from .theory import Step, World
from .worlds import Lab

Array = np.ndarray
Value = Callable[[World], Array]

#: Below so much of a world's largest number a difference is rounding.
ROUNDING = 1e-14
#: Two sides are apart, for the eye, if they differ by so much of the left one.
VISIBLE = 1e-3


class Finding(NamedTuple):
    """Whether the claim holds; if not, what was seen; and the worlds in which it is seen."""

    holds: bool
    said: str = ""
    worlds: tuple[World, ...] = ()


class Claim(Protocol):
    """A kind of claim."""

    def decide(self, step: Step, value: Value, lab: Lab) -> Finding:
        """Whether ``value`` is a right side in all worlds of ``lab``."""
        ...

    def strengths_of(self, step: Step) -> tuple[float, ...]:
        """The strengths at which worlds are drawn, the most telling one last."""
        ...

    def words(self) -> str:
        """The claim in words, as after "left and right are ..."."""
        ...

    def fails(self, left: Array, yours: Array, model: Array) -> bool:
        """Whether one world shows, to the eye, that ``yours`` is wrong."""
        ...


class ByDifference:
    """What claims of equality have in common."""

    def fails(self, left: Array, yours: Array, model: Array) -> bool:
        off = apart(yours, left)
        return off > VISIBLE * size(left) and off > 3 * apart(model, left)


@dataclass(frozen=True)
class Exact(ByDifference):
    """Left and right are equal: the relative residual is below ``tolerance``."""

    tolerance: float = 1e-9

    def strengths_of(self, step: Step) -> tuple[float, ...]:
        return (step.theorem.strength,)

    def words(self) -> str:
        return "equal"

    def decide(self, step: Step, value: Value, lab: Lab) -> Finding:
        worlds = lab.worlds()
        typical = max((size(world[step.left]) for world in worlds), default=0.0)
        bad = tuple(
            world for world in worlds
            if not apart(value(world), world[step.left])
            <= self.tolerance * max(size(world[step.left]), 1e-3 * typical)
        )  # fmt: skip
        return Finding(not bad, "the two sides differ." if bad else "", bad)


@dataclass(frozen=True)
class Order(ByDifference):
    """The residual is O(strength^power)."""

    power: int
    strengths: tuple[float, ...] = (1e-4, 1e-3, 1e-2)
    slack: float = 0.15

    def strengths_of(self, step: Step) -> tuple[float, ...]:
        return self.strengths

    def words(self) -> str:
        return f"equal up to terms of order {self.power} in the strength"

    def decide(self, step: Step, value: Value, lab: Lab) -> Finding:
        found = slopes(step, value, lab, self.strengths)
        if not lab.broken:  # a wrong term that is small shows where nothing else is in its way
            beside = slopes(step, value, lab, self.strengths, besides_model=True)
            if not self.too_small(beside):  # two terms of higher order may cancel at one strength
                found = slopes(step, lambda world: model(step, world), lab, self.strengths)
            found += beside
        bad = self.too_small(found)
        if not bad:
            return Finding(True)
        least = min((slope for slope, _ in bad), key=lambda x: -np.inf if np.isnan(x) else x)
        return Finding(False, self.told(least, step.theorem.small), tuple(w for _, w in bad))

    def too_small(self, found: list[tuple[float, World]]) -> list[tuple[float, World]]:
        """Those that shrink too slowly."""
        return [(slope, world) for slope, world in found if not slope >= self.power - self.slack]

    def told(self, slope: float, small: str) -> str:
        """What a slope that is too small means."""
        if not slope >= 0.15:
            return (
                f"the difference does not shrink with {small}: a constant term is wrong or missing."
            )
        lost = round(slope)
        times = f"about {10**lost}" if abs(slope - lost) < 0.1 else rounded(10**slope, 2)
        term = "a constant term" if lost == 0 else f"a term of order {lost}"
        return (
            f"with ten times less {small}, the difference between the two sides gets "
            f"{times} times smaller, and not {10**self.power} times: {term} is wrong "
            "or missing."
        )


@dataclass(frozen=True)
class Tends(Order):
    """Left tends to right as the strength tends to 0, with an error of order ``power``."""

    power: int = 1
    strengths: tuple[float, ...] = (1e-3, 1e-2, 1e-1)

    def words(self) -> str:
        return f"equal in the limit, with an error of order {self.power} in the strength"

    def told(self, slope: float, small: str) -> str:
        if not np.isfinite(slope) or slope < 0.5:
            return f"with less and less {small} the left side does not tend to yours."
        return super().told(slope, small)


def slopes(
    step: Step,
    value: Value,
    lab: Lab,
    strengths: tuple[float, ...],
    besides_model: bool = False,
) -> list[tuple[float, World]]:
    """For each world the order of its residual in the strength, where that is above rounding.

    It is read at the two weakest strengths that are above it: there the lowest order shows.
    besides_model: of the difference from the model, which is right to this order itself. There a
    world's "noise" says what is rounding, where more is than the size of the two tells."""
    found = []
    for same in lab.series(sorted(strengths)):  # one world at all strengths
        above = []  # the residuals; 0 where they are rounding
        for world in same:
            left = model(step, world) if besides_model else world[step.left]
            residual, floor = apart(value(world), left), floor_of(step, world)
            if besides_model:
                floor = max(ROUNDING * max(size(left), size(value(world))), world.get("noise", 0.0))
            above.append(0.0 if residual <= 30 * floor else residual)
        whole = np.isfinite(above).all()
        slope = slope_of(sorted(strengths), np.array(above)) if whole else float("nan")
        if not (whole and np.isnan(slope)):  # else too few are above rounding
            found.append((slope, same[-1]))
    return found


def slope_of(strengths: Sequence[float], residuals: Array, floor: float = 0.0) -> float:
    """The slope on logarithmic axes at the two weakest strengths above the floor; NaN if there
    are none."""
    k, r = np.asarray(strengths, float), np.asarray(residuals, float)
    order = np.argsort(k)
    seen = [i for i in order if np.isfinite(r[i]) and r[i] > max(floor, 0.0)]
    if len(seen) < 2:
        return float("nan")
    i, j = seen[:2]
    return float(np.log(r[j] / r[i]) / np.log(k[j] / k[i]))


def floor_of(step: Step, world: World) -> float:
    """The rounding to be expected in this world: of differences between numbers of order 1."""
    inside = (size(world[name]) for name in (*step.given, step.left) if name in world)
    return float(world.get("rounding", ROUNDING * max(1.0, *inside)))


def model(step: Step, world: World) -> Array:
    """The value of the reference in a world, kept in it."""
    key = f"model of {step.number}"
    if key not in world:
        world[key] = numbers(step.reference(*copy.deepcopy(step.arguments(world))))[0]
    value: Array = world[key]
    return value


def size(values: object) -> float:
    """The largest entry; 0 for what is no array of numbers."""
    if callable(values) or isinstance(values, str | list | tuple):
        return 0.0
    return float(np.max(np.abs(np.asarray(values, float)), initial=0.0))


def apart(mine: Array, other: Array) -> float:
    """The largest difference; infinite where shapes differ."""
    mine, other = np.asarray(mine, float), np.asarray(other, float)
    if mine.shape != other.shape:
        return float("inf")
    with np.errstate(invalid="ignore", over="ignore"):
        return float(np.max(np.abs(mine - other), initial=0.0))

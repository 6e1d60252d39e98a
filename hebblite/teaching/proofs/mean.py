"""The claim that one side is a mean: compared with the average of many random values.

A world holds under ``left`` a function ``draw(rng, n)`` of n values of it, (n, ...). Whether the
right side is their mean is decided by a z-test; whether they have a mean that more of them bring
nearer, by how the variance of averages falls. Both are kept: they do not depend on the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .kinds import ByDifference, Finding, Value, apart, model, size
from .theory import Array, Step, World
from .worlds import Lab

SHORT, LONG = 8, 4  # averages of so many values, and of so many times more


@dataclass(frozen=True)
class Mean(ByDifference):
    """samples: random values in each world. z: standard errors that the two sides may be apart.

    What differs from the model by more than ``tolerance`` is refused as well: that so many values
    cannot tell two expressions apart does not make them equal."""

    samples: int = 10_000
    z: float = 4.5
    tolerance: float = 1e-6

    def strengths_of(self, step: Step) -> tuple[float, ...]:
        return (step.theorem.strength,)

    def words(self) -> str:
        return "the mean of many random values of the left one"

    def decide(self, step: Step, value: Value, lab: Lab) -> Finding:
        worlds, far, near = lab.worlds(), [], []
        for world in worlds:
            mean, error, falls = self.measured(step, world)
            right = np.asarray(value(world), float)
            if not falls:
                said = "averages of more and more values do not settle on a mean."
                return Finding(False, said, (world,))
            if right.shape != mean.shape or not (np.abs(right - mean) <= self.z * error).all():
                far.append(world)
            known = model(step, world)
            if apart(right, known) > self.tolerance * max(size(known), float(error.max(initial=0))):
                near.append(world)
        if far:
            said = (
                f"the average of {self.samples:,} random values lies further from yours than "
                f"{self.z:g} standard errors."
            )
            return Finding(False, said, tuple(far))
        said = (
            f"{self.samples:,} random values cannot tell it from the mean, but it is another one."
        )
        return Finding(not near, said if near else "", tuple(near))

    def measured(self, step: Step, world: World) -> tuple[Array, Array, bool]:
        """The average, its standard error, and whether the variance of averages falls as 1/n."""
        key = f"average of {step.left} of {self.samples}"
        if key not in world:
            rng = np.random.default_rng([11, self.samples])
            values = np.asarray(world[step.left](rng, self.samples), float)
            error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
            world[key] = values.mean(axis=0), error + 1e-12 * size(values), falls_with_n(values)
        found: tuple[Array, Array, bool] = world[key]
        return found


def falls_with_n(values: Array) -> bool:
    """Whether averages of LONG times more values have about LONG times less variance."""
    groups = len(values) // (SHORT * LONG)
    if groups < 8 or not np.ptp(values):
        return True
    used = values[: groups * SHORT * LONG].reshape(groups, LONG, SHORT, -1)
    short = used.mean(axis=2).reshape(groups * LONG, -1).var(axis=0).sum()
    long = used.mean(axis=(1, 2)).var(axis=0).sum()
    return bool(LONG / 2 < short / long < LONG * 2)

"""The smallest network in which an answer fails: searched from one neuron a layer upward."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..comparing import Refused
from .kinds import apart, model, size
from .theory import Array, Draw, Step, World
from .worlds import worlds_of

LAYERS = (1, 2, 3)
NEURONS = (1, 2)
SEEDS = range(3)
#: Two sides are plainly apart if they differ by so much of the left one: with three digits, a
#: reader does not see the difference of -0.0766 and -0.0767.
PLAIN = 0.05


@dataclass(frozen=True)
class Smallest:
    """A network in which the two sides differ. left: what the engine measures (for a mean or a
    gradient, what the model says); yours: the learner's right side; symbols: what it was given."""

    step: Step
    draw: Draw
    world: World
    left: Array
    yours: Array
    names: tuple[str, ...]

    @property
    def symbols(self) -> dict[str, Any]:
        return {name: self.world[name] for name in self.names}

    @property
    def where(self) -> str:
        """Such as "1-1-1, layer 2"."""
        place = self.world.get("where", "")
        return "-".join(map(str, self.draw.sizes)) + (f", {place}" if place else "")

    def words(self) -> str:
        left, yours = rounded(self.left), rounded(self.yours)
        return (
            f"The smallest network in which it fails: {self.where}. There the left side is {left}, "
            f"and yours is {yours}."
        )


def smallest(
    step: Step, value: Callable[[World], Array], names: tuple[str, ...]
) -> Smallest | None:
    """The first network of the search in which the two sides plainly differ; where there is none
    with so few layers, the first in which they visibly do."""
    faint = None
    for draw in small_draws(step):
        if faint is not None and len(draw.sizes) > len(faint.draw.sizes):
            break
        try:
            worlds = worlds_of(step.theorem, draw)
        except Exception:  # a network for which the bench is not made
            continue
        for world in worlds:
            left = measured(step, world)
            try:
                yours = value(world)
            except Refused:
                continue
            if step.claim.fails(left, yours, model(step, world)):
                found = Smallest(step, draw, world, left, yours, names)
                if apart(yours, left) > PLAIN * size(left):
                    return found
                faint = faint or found
    return faint


def small_draws(step: Step) -> Iterator[Draw]:
    """Networks from the smallest upward: few layers first, then few neurons."""
    theorem = step.theorem
    for layers in LAYERS:
        for sizes in sorted(itertools.product(NEURONS, repeat=layers + 1), key=sum):
            for seed in SEEDS:
                yield Draw(seed, sizes, theorem.hidden[0], theorem.strength)


def measured(step: Step, world: World) -> Array:
    """The left side, where it is an array; else what the model says."""
    left = world.get(step.left)
    return model(step, world) if left is None or callable(left) else np.asarray(left, float)


def rounded(values: Array, digits: int = 3) -> str:
    """Few decimals, for reading."""
    shown = np.array([float(f"{x:.{digits}g}") for x in np.ravel(values)]).reshape(values.shape)
    if shown.ndim == 0:
        return f"{float(shown):g}"
    return np.array2string(
        shown, separator=", ", formatter={"float_kind": lambda x: f"{x:g}"}
    ).replace("\n", "")

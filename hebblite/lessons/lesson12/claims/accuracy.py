"""What accuracy sees of an update: turned updates, and STDP beside them."""

from __future__ import annotations

import numpy as np

from ....teaching.claims import claim
from ..runs.turned import beside, turned_by


def cost(seed: int, degrees: float, kind: str = "noise") -> float:
    """Points lost by a turn."""
    return turned_by(0, kind, seed) - turned_by(degrees, kind, seed)


@claim(
    "12.c4",
    "points that a turn by 30 degrees costs, anew at each batch",
    said="A turn by 30° costs less than 2.5 points",
    high=2.5,
)
def a_small_turn(seed: int) -> float:
    return cost(seed, 30)


@claim(
    "12.c5",
    "the same with 60 degrees",
    said="and one by 60° less than 6",
    high=6,
)
def a_large_turn(seed: int) -> float:
    return cost(seed, 60)


@claim(
    "12.c6",
    "accuracy with 85 degrees (%)",
    said="Even with 85° the network reads more than 50 %.",
    low=50,
)
def nearly_across(seed: int) -> float:
    return turned_by(85, "noise", seed)


@claim(
    "12.c7",
    "control: the higher accuracy of 90 and 100 degrees (%)",
    said="At 90° and at 100° it reads less than 30 %.",
    high=30,
    control=True,
)
def across(seed: int) -> float:
    return max(turned_by(degrees, "noise", seed) for degrees in (90, 100))


@claim(
    "12.c8",
    "points that a turn by 60 degrees costs, always in the same way",
    said="A wrong rule that always mixes in the same way costs less than 5 points at 60°, too.",
    high=5,
)
def a_wrong_rule(seed: int) -> float:
    return cost(seed, 60, "mixing")


@claim(
    "12.c9",
    "the mean angle of one train of STDP to backprop over layers and training, in DFC (deg)",
    said="One train of STDP is between 65° and 80° off.",
    low=65,
    high=80,
)
def angle_of_stdp(seed: int) -> float:
    return float(np.mean(beside("stdp", seed)[0]))


@claim(
    "12.c10",
    "points that STDP reads more than backprop turned by 75 degrees",
    said="no more than 2 points above what is read at 75°",
    high=2,
)
def not_above_noise(seed: int) -> float:
    return beside("stdp", seed)[1] - turned_by(75, "noise", seed)


@claim(
    "12.c11",
    "points that STDP reads less than backprop turned by 85 degrees",
    said="and no more than 2 below what is read at 85°",
    high=2,
)
def not_below_noise(seed: int) -> float:
    return turned_by(85, "noise", seed) - beside("stdp", seed)[1]

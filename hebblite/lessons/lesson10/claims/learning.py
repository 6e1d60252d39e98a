"""Digits: the rules beside backprop, and random top-down weights."""

from __future__ import annotations

from functools import cache
from typing import Any

from ....teaching.claims import claim
from ..runs.digits import circuit
from ..runs.training import course, side_by_side, without_apical

EPOCHS = 10


@cache
def random_top_down(seed: int) -> dict[str, Any]:
    """DH with random top-down weights."""
    return course(seed, EPOCHS, circuit(seed, top_down="random"))


@claim(
    "10.c21",
    "points that DH reads less than backprop",
    said="DH is within 2 points of backprop",
    low=-2,
    high=2,
)
def beside_backprop(seed: int) -> float:
    found = side_by_side(seed)
    return found["backprop"] - found["dh"]


@claim(
    "10.c22",
    "points that DH reads less than the error-based rule",
    said="and within 2 points of the error-based rule, DEB's own",
    low=-2,
    high=2,
)
def beside_its_own_rule(seed: int) -> float:
    found = side_by_side(seed)
    return found["error-based"] - found["dh"]


@claim(
    "10.c23",
    "random top-down weights: angle of DH to backprop in layer 1 before training (deg)",
    said="At the start the update of layer 1 is between 75° and 105° off",
    low=75,
    high=105,
    control=True,
)
def random_at_first(seed: int) -> float:
    return float(random_top_down(seed)["angles"][0, 0])


@claim(
    "10.c24",
    "the same after ten epochs",
    said="after ten epochs it is less than 70° off",
    high=70,
)
def random_at_last(seed: int) -> float:
    return float(random_top_down(seed)["angles"][-1, 0])


@claim(
    "10.c25",
    "points that it reads more than a network whose apical dendrites are cut",
    said="reads more than 15 points more than a network whose apical dendrites are cut off",
    low=15,
)
def random_teaches(seed: int) -> float:
    return float(random_top_down(seed)["accuracy"][-1]) - without_apical(seed, EPOCHS)

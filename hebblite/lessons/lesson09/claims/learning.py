"""Learning digits: the contrast, DH, backprop, and plain Hebb."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.stage import trained


def right(name: str, seed: int) -> float:
    """The share of unseen digits read right after training."""
    return float(trained(name, seed).accuracy[-1])


@claim(
    "09.c41",
    "the contrastive rule learns: the share of unseen digits read right",
    said="Both rules of EP learn: they read more than 70 % of new digits right, on every seed.",
    low=0.7,
)
def contrast_learns(seed: int) -> float:
    return right("contrastive", seed)


@claim(
    "09.c42",
    "DH learns: the same",
    said="Both rules of EP learn: they read more than 70 % of new digits right, on every seed.",
    low=0.7,
)
def dh_learns(seed: int) -> float:
    return right("DH", seed)


@claim(
    "09.c43",
    "DH less the contrastive rule",
    said="DH is within 7 points of the contrast.",
    low=-0.07,
    high=0.07,
)
def dh_learns_as_well(seed: int) -> float:
    return right("DH", seed) - right("contrastive", seed)


@claim(
    "09.c44",
    "backprop less the better one of the two",
    said="Backprop is ahead of both, by 3 points or more",
    low=0.03,
    control=True,
)
def backprop_is_ahead(seed: int) -> float:
    return right("backprop", seed) - max(right("DH", seed), right("contrastive", seed))


@claim(
    "09.c45",
    "plain Hebb in the same phases",
    said="Plain Hebb stays below 20 %.",
    high=0.2,
    control=True,
)
def hebb_fails(seed: int) -> float:
    return right("Hebb", seed)

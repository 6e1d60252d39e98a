"""Interneurons that learn to predict, and what a left-over of the apical voltage does to rules."""

from __future__ import annotations

from functools import cache
from typing import Any

from ....teaching.claims import claim
from ..runs import silence
from ..runs.order import order, slope
from ..runs.training import keeping_up, once_an_epoch

EPOCHS = 3


@cache
def left_over(seed: int) -> dict[str, Any]:
    """At the start, when about a tenth is left, and at the end."""
    return silence.left_over(seed, stops=(0, 400, 600))


def read(seed: int, name: str) -> float:
    """The accuracy (%) of a rule after training beside interneurons that learn."""
    return float(keeping_up(seed, EPOCHS)[name]["accuracy"][-1])


@claim(
    "10.c1",
    "at the start the apical voltage, in % of what comes from above, the less of two layers",
    said="At first the apical voltage is larger than what comes from above",
    low=100,
)
def loud_at_first(seed: int) -> float:
    return float(left_over(seed)["left"][0].min())


@claim(
    "10.c2",
    "after 600 rounds, what is left of it in layers 1 and 2, the more of them (%)",
    said="After 600 rounds less than 20 % of what comes from above at that time is left in both "
    "hidden layers",
    share=0.9,
    high=20,
)
def silent_at_last(seed: int) -> float:
    return float(left_over(seed)["left"][-1].max())


@claim(
    "10.c3",
    "the least slope of the relative error of T8 over the nudge",
    said="its slope is 1, to within 0.03, in every random network that we tried",
    low=0.97,
    high=1.03,
)
def of_first_order(seed: int) -> float:
    return slope(order(seed))


@claim(
    "10.c4",
    "with about a tenth left in layer 1, the angle of the error-based rule to backprop there (deg)",
    said="the error-based rule is still more than 40° off in layer 1",
    low=40,
    control=True,
)
def compared_with_a_left_over(seed: int) -> float:
    return float(left_over(seed)["error-based"][-1, 0])


@claim(
    "10.c5",
    "the same of DH",
    said="and DH less than 45°",
    high=45,
)
def changed_with_a_left_over(seed: int) -> float:
    return float(left_over(seed)["dh"][-1, 0])


@claim(
    "10.c6",
    "after all rounds: degrees by which DH is nearer to backprop than error-based is, layer 1",
    said="nearer than the error-based rule on every seed",
    low=0,
)
def nearer(seed: int) -> float:
    found = left_over(seed)
    return float(found["error-based"][-1, 0] - found["dh"][-1, 0])


@claim(
    "10.c7",
    "with exact lateral weights, the angle of the error-based rule in layer 1 (deg)",
    said="With perfect interneurons it is less than 10° off there.",
    high=10,
)
def exact_error_based(seed: int) -> float:
    return float(left_over(seed)["exact error-based"][0])


@claim(
    "10.c8",
    "interneurons that learn too: points that DH reads more than the error-based rule",
    said="DH reads more than 10 points more than the error-based rule, on every seed",
    low=10,
)
def learns_beside_them(seed: int) -> float:
    return read(seed, "dh") - read(seed, "error-based")


@claim(
    "10.c9",
    "points that DH loses against perfect interneurons",
    said="at most 5 points less than with perfect interneurons",
    high=5,
)
def loses_little(seed: int) -> float:
    return read(seed, "dh, exact") - read(seed, "dh")


@claim(
    "10.c10",
    "control: accuracy of DH if the interneurons learn once an epoch only (%)",
    said="DH reads less than 78 % on at least half of the seeds",
    share=0.5,
    high=78,
    control=True,
)
def cannot_keep_up(seed: int) -> float:
    return once_an_epoch(seed, 2)


def layer_1(seed: int, part: str, way: str) -> float:
    """The angle (deg) with some of the learned weights replaced."""
    return float(left_over(seed)["parts"][part][way])


@claim(
    "10.c26",
    "perfect Z, X as learned: angle of DH in layer 1 (deg)",
    said="With perfect $Z_l$, DH is less than 15° off",
    high=15,
)
def no_change(seed: int) -> float:
    return layer_1(seed, "Z perfect, X as learned", "dh")


@claim(
    "10.c27",
    "the same of the error-based rule",
    said="and the error-based rule more than 25°",
    low=25,
    control=True,
)
def taken_for_an_error(seed: int) -> float:
    return layer_1(seed, "Z perfect, X as learned", "error-based")


@claim(
    "10.c28",
    "without interneurons: angle of DH in layer 1 (deg)",
    said="Without interneurons DH is more than 60° off",
    share=0.9,
    low=60,
    control=True,
)
def without_interneurons(seed: int) -> float:
    return layer_1(seed, "without interneurons (Z = 0)", "dh")


@cache
def constant(seed: int) -> dict[str, dict[str, float]]:
    """Perfect lateral weights, and a left-over that does not change."""
    return silence.constant_left_over(seed)


@claim(
    "10.c30",
    "the left-over as a constant beside perfect weights: angle of error-based in layer 1 (deg)",
    said="Added as a constant beside perfect weights, it makes the error-based rule more than 40° "
    "off",
    low=40,
    control=True,
)
def constant_for_error_based(seed: int) -> float:
    return constant(seed)["left over"]["error-based"]


@claim(
    "10.c31",
    "by how many degrees the same constant changes the angle of DH in layer 1",
    said="and turns DH by less than 10°",
    high=10,
)
def constant_for_dh(seed: int) -> float:
    found = constant(seed)
    return abs(found["left over"]["dh"] - found["perfect"]["dh"])

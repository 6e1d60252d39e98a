"""Directions: the contrast, DH, the gradient of the loss of the free state, and backprop."""

from __future__ import annotations

import numpy as np

from ....teaching.claims import claim
from ..runs.asymmetry import cosine_when_turned
from ..runs.directions import estimates, measured_angles
from ..runs.stage import fresh, some_digits

NUDGES = (0.03, 0.1, 0.3)


def order(seed: int, name: str) -> float:
    """The slope of the error of an estimate over the nudge, on a log-log plot."""
    x, _, target = some_digits(seed, 12)
    found = estimates(fresh(seed), x, target, NUDGES)
    return float(np.polyfit(np.log(found["nudge"]), np.log(found[name]), 1)[0])


@claim(
    "09.c21",
    "the order of the one-sided estimate on digits",
    said="In fresh networks, the measured orders at nudges up to 0.3 are within 0.2 of 1 and of 2.",
    low=0.8,
    high=1.2,
)
def order_one(seed: int) -> float:
    return order(seed, "one-sided")


@claim(
    "09.c22",
    "the order of the centred estimate on digits",
    said="In fresh networks, the measured orders at nudges up to 0.3 are within 0.2 of 1 and of 2.",
    low=1.8,
    high=2.2,
)
def order_two(seed: int) -> float:
    return order(seed, "centred")


@claim(
    "09.c23",
    "the angle of the contrast to symmetrised DH, the largest of all layers",
    said="the contrast *is* symmetrised DH, exactly and for any phase",
    high=1e-4,
)
def one_rule(seed: int) -> float:
    return float(measured_angles(seed)["contrastive and symmetrised DH"].max())


@claim(
    "09.c24",
    "the angle of DH to the contrast above layer 1, a nudge of 1: the least",
    said="In a fresh network, with a nudge of 1, the angle between one-sided DH and the contrast "
    "is 1° to 7° in each layer above the first",
    low=1,
)
def dh_is_near_low(seed: int) -> float:
    return float(measured_angles(seed)["contrastive and DH"][1:].min())


@claim(
    "09.c25",
    "the same: the largest",
    said="In a fresh network, with a nudge of 1, the angle between one-sided DH and the contrast "
    "is 1° to 7° in each layer above the first",
    high=7,
)
def dh_is_near_high(seed: int) -> float:
    return float(measured_angles(seed)["contrastive and DH"][1:].max())


@claim(
    "09.c26",
    "how far a nudge a hundred times weaker changes that angle, in any layer",
    said="It stays, to within 2°.",
    high=2,
    control=True,
)
def a_weaker_nudge_is_no_help(seed: int) -> float:
    one, weak = (measured_angles(seed, nudge=nudge)["contrastive and DH"] for nudge in (1.0, 0.01))
    return float(np.abs(one - weak).max())


@claim(
    "09.c27",
    "the angle in layer 1",
    said="In layer 1 the angle is 0, as the input does not move.",
    high=1e-4,
)
def exact_in_layer_1(seed: int) -> float:
    return float(measured_angles(seed)["contrastive and DH"][0])


@claim(
    "09.c28",
    "the angle of the contrast to backprop in the layer where it is largest",
    said="in some layer of a fresh network the contrast lies more than 9° away from backprop",
    low=9,
    control=True,
)
def away_from_backprop(seed: int) -> float:
    return float(measured_angles(seed)["contrastive and backprop"].max())


@claim(
    "09.c30",
    "the angle of the contrast to minus the gradient of its own loss, the largest of all layers",
    said="The contrast is within 6° of minus the gradient of *its own* loss, that of the free "
    "state.",
    high=6,
)
def near_its_own(seed: int) -> float:
    return float(measured_angles(seed)["contrastive and its own gradient"].max())


@claim(
    "09.c34",
    "weights down turned by 30 degrees: the cosine of the contrast with minus the gradient",
    said="In small random networks, the contrast of the hidden layers keeps a cosine above 0.5 "
    "with minus the gradient at 30°, on four networks of five.",
    share=0.8,
    low=0.5,
)
def turned_a_little(seed: int) -> float:
    return cosine_when_turned(30.0, seed)


@claim(
    "09.c35",
    "weights down turned by 90 degrees: the same",
    said="At 90°, it is below 0.5 on at least half of them, and often negative.",
    share=0.5,
    high=0.5,
    control=True,
)
def turned_all_the_way(seed: int) -> float:
    return cosine_when_turned(90.0, seed)

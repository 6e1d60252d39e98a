"""Cells of the matrix, trained small."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.digits import reads
from ..runs.turned import beside


@claim(
    "12.c1",
    "control: accuracy of plain Hebb in DFC (%)",
    said="in DFC it reads less than 30 %",
    high=30,
    control=True,
)
def plain_hebb(seed: int) -> float:
    return reads("dfc", "hebbian", seed)


@claim(
    "12.c2",
    "the mean angle of DH to backprop in layer 1 over training, in DFC (deg)",
    said="DH is less than 20° off in layer 1",
    high=20,
)
def angle_of_dh(seed: int) -> float:
    return float(beside("dh", seed)[0][0])


@claim(
    "12.c17",
    "the greater of the two in layers 2 and 3 (deg)",
    said="and less than 35° in layers 2 and 3",
    high=35,
)
def angle_of_dh_above(seed: int) -> float:
    return float(beside("dh", seed)[0][1:].max())


@claim(
    "12.c27",
    "control: accuracy of one train of STDP in EP (%)",
    said="one train of STDP in EP reads less than 40 %",
    high=40,
    control=True,
)
def one_train_in_ep(seed: int) -> float:
    return reads("ep", "stdp", seed)


@claim(
    "12.c3",
    "points that DH in DFC reads less than backprop",
    said="It reads at most 3 points less than backprop",
    high=3,
)
def dh_beside_backprop(seed: int) -> float:
    return reads("backprop", "gradient", seed) - beside("dh", seed)[1]

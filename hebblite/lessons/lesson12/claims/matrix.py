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
    said="DH is less than 20° off",
    high=20,
)
def angle_of_dh(seed: int) -> float:
    return beside("dh", seed)[0]


@claim(
    "12.c3",
    "points that DH in DFC reads less than backprop",
    said="it reads at most 3 points less than backprop",
    high=3,
)
def dh_beside_backprop(seed: int) -> float:
    return reads("backprop", "gradient", seed) - beside("dh", seed)[1]

"""Inference: with a teacher, without one, and when it has converged."""

from __future__ import annotations

from functools import cache

import numpy as np

from ....teaching.claims import claim
from ..exercises import errors_and_energy, inference_step
from ..runs.jump import read
from ..runs.pieces import with_a_teacher, without_a_teacher
from ..runs.rest import FEW, same, settling

Array = np.ndarray


@cache
def taught(seed: int) -> Array:
    return with_a_teacher(errors_and_energy, inference_step, seed)


@cache
def untaught(seed: int) -> dict[int, Array]:
    return without_a_teacher(errors_and_energy, inference_step, seed)


@claim(
    "08.c1",
    "F at rest over H*, the largest relative difference of 40 digits",
    said="Inference and the search for the least effort find the same number, to one part in a "
    "million, on every digit.",
    high=1e-6,
)
def the_same_number(seed: int) -> float:
    F, H = same(seed)
    return float(np.abs(F / H - 1).max())


@claim(
    "08.c2",
    "F over F* when the output has jumped, the least of twenty digits",
    said="Right after the jump the energy is at least half as large again as at rest, on every "
    "digit.",
    low=1.5,
)
def after_the_jump(seed: int) -> float:
    return float(taught(seed)[0].min())


@claim(
    "08.c3",
    "F over F* after 100 steps of the two pieces, the most of twenty digits",
    said="After 100 steps no digit is more than 1 % above rest.",
    high=1.01,
)
def after_100_steps(seed: int) -> float:
    return float(taught(seed)[100].max())


@claim(
    "08.c4",
    "without a teacher, from random voltages: how far outputs are from the feedforward pass after "
    "300 steps, the furthest of sixty digits",
    said="After 300 steps, every output is within 1 % of that of the feedforward pass.",
    high=0.01,
)
def back_to_the_pass(seed: int) -> float:
    return float(untaught(seed)[300].max())


@claim(
    "08.c5",
    "control: after 10 steps, the nearest of them",
    said="After 10 steps, none of them is within 20 %.",
    low=0.2,
    control=True,
)
def not_at_once(seed: int) -> float:
    return float(untaught(seed)[10].min())


@claim(
    "08.c6",
    "the largest angle between the error-based rule and minus the gradient of F* after 200 steps",
    said="After 200 steps the two are less than 1° apart in every layer.",
    high=1,
)
def gradient_at_rest(seed: int) -> float:
    return float(settling(seed).angles["error-based", "F*"][-1].max())


@claim(
    "08.c7",
    "the angle of the error-based rule to backprop after 200 steps less that after 2, the least of "
    "all layers (degrees)",
    said="in every layer the error-based rule is more than 4° further from backprop after 200 "
    "steps than after 2.",
    low=4,
)
def away_from_backprop(seed: int) -> float:
    angles = settling(seed).angles["error-based", "backprop"]
    return float((angles[-1] - angles[FEW.index(2)]).min())


@claim(
    "08.c8",
    "after one step of inference layer 1 learns nothing",
    said="After one step nothing has reached layer 1, and its update is exactly zero.",
)
def one_step_is_too_few(seed: int) -> bool:
    return bool(np.isnan(settling(seed).angles["error-based", "F*"][0, 0]))


@claim(
    "08.c9",
    "the mean of F / F* after 20 steps",
    said="The 20 steps of our training leave the mean energy less than 5 % above rest.",
    high=1.05,
)
def twenty_steps(seed: int) -> float:
    return float(settling(seed).energy[FEW.index(20)])


# ---------------------------------------------------------------------- what DH reads


@claim(
    "08.c10",
    "layer 1: the largest difference of DH and the error-based rule, relative",
    said="In layer 1 the two agree to 12 digits",
    high=1e-12,
)
def layer_1_is_no_test(seed: int) -> float:
    return read(seed).layer_1


@claim(
    "08.c11",
    "output: the largest difference of DH and backprop, relative",
    said="at the output DH agrees with backprop to 12 digits",
    high=1e-12,
)
def output_is_backprop(seed: int) -> float:
    return read(seed).output


@claim(
    "08.c12",
    "middle layer: the angle between DH and the error-based rule (degrees)",
    said="In the middle layer DH is between 10° and 30° away from the error-based rule",
    low=10,
    high=30,
)
def the_middle_differs(seed: int) -> float:
    return float(read(seed).angles()["DH and the error-based rule"][1])


@claim(
    "08.c13",
    "middle layer: the angle between DH and backprop (degrees)",
    said="and less than 35° from backprop",
    high=35,
)
def the_middle_goes_down(seed: int) -> float:
    return float(read(seed).angles()["DH and backprop"][1])


@claim(
    "08.c14",
    "control: middle layer, the angle between the error-based rule and backprop (degrees)",
    said="The error-based rule is less than 30° from backprop there.",
    high=30,
    control=True,
)
def the_native_rule_too(seed: int) -> float:
    return float(read(seed).angles()["the error-based rule and backprop"][1])


@claim(
    "08.c15",
    "without the first step: the largest entry of the output's update",
    said="Leave the jump out, and the update of the output layer is exactly zero.",
    high=0,
    control=True,
)
def without_the_jump(seed: int) -> float:
    return float(np.abs(read(seed).missed.weights[-1]).max())

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
    said="Both find the same number, to nine places, on every digit.",
    high=1e-9,
)
def the_same_number(seed: int) -> float:
    F, H = same(seed)
    return float(np.abs(F / H - 1).max())


@claim(
    "08.c2",
    "F over F* when the output has jumped, the median of twenty digits",
    said="Right after the jump the energy of a typical digit is two to three times that at rest.",
    low=2,
    high=3,
)
def after_the_jump(seed: int) -> float:
    return float(np.median(taught(seed)[0]))


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
    said="After 10 steps, every output is still more than half its length away.",
    low=0.5,
    control=True,
)
def not_at_once(seed: int) -> float:
    return float(untaught(seed)[10].min())


@claim(
    "08.c6",
    "the largest angle between the error-based rule and minus the gradient of F* after 200 steps",
    said="after 200 steps the two are less than 1° apart in every layer.",
    high=1,
)
def gradient_at_rest(seed: int) -> float:
    return float(settling(seed).angles["error-based", "F*"][-1].max())


@claim(
    "08.c8",
    "after one step of inference layer 1 learns nothing",
    said="After one step nothing has reached layer 1, and its update is exactly zero.",
)
def one_step_is_too_few(seed: int) -> bool:
    return bool(np.isnan(settling(seed).angles["error-based", "F*"][0, 0]))


@claim(
    "08.c9",
    "the mean of F / F* after 20 steps, the larger of that before training and that after",
    said="They leave the mean energy less than 6 % above rest, before training and after.",
    high=1.06,
)
def twenty_steps(seed: int) -> float:
    both = settling(seed), settling(seed, before=True)
    return max(float(one.energy[FEW.index(20)]) for one in both)


@claim(
    "08.c16",
    "middle layer: how much further DH on voltages is from the way down F* after 200 steps than "
    "after 10 (degrees)",
    said="after 200 steps it is more than 8° further from $F^*$ than after 10.",
    low=8,
)
def dh_turns_away(seed: int) -> float:
    angles = settling(seed).angles["DH", "F*"][:, 1]
    return float(angles[-1] - angles[FEW.index(10)])


# ---------------------------------------------------------------------- what DH reads


@claim(
    "08.c10",
    "layer 1: the largest difference of DH and the error-based rule, relative",
    said="In layer 1 DH and the error-based rule agree to 12 digits",
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
    said="In the middle layer DH is between 13° and 25° away from the error-based rule",
    low=13,
    high=25,
)
def the_middle_differs(seed: int) -> float:
    return float(read(seed).angles()["DH and the error-based rule"][1])


@claim(
    "08.c13",
    "middle layer: the angle between DH and backprop (degrees)",
    said="and less than 27° from backprop",
    high=27,
)
def the_middle_goes_down(seed: int) -> float:
    return float(read(seed).angles()["DH and backprop"][1])


@claim(
    "08.c14",
    "control: middle layer, the angle between the error-based rule and backprop (degrees)",
    said="The error-based rule is less than 22° from backprop there.",
    high=22,
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

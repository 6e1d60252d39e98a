"""The landscape: that its way goes down, how long it is, and how many ends it has."""

from __future__ import annotations

import numpy as np

from ....teaching.claims import claim
from ..exercises import energy_of_a_batch
from ..runs.directions import hurried
from ..runs.rest import (
    crossed_digits,
    energies,
    many_rests,
    reads_alike,
    steps_to_rest,
)
from ..runs.stage import fresh, some_digits, trained, unseen


@claim(
    "09.c1",
    "the energy of every digit falls in every step: the largest rise",
    said="Your energy falls in every step for every digit.",
    high=1e-9,
)
def downhill(seed: int) -> float:
    E = energies(fresh(seed), some_digits(seed)[0], energy_of_a_batch.reference)
    return float(np.diff(E, axis=0).max())


@claim(
    "09.c2",
    "sigmoid: the steps until the slowest of 64 digits rests",
    said="A fresh sigmoid network rests after less than 30 steps of $\\tau/2$",
    high=29,
)
def soon_at_rest(seed: int) -> float:
    return float(steps_to_rest(fresh(seed), some_digits(seed)[0]).max())


@claim(
    "09.c3",
    "tanh: the steps until the typical one of 32 digits rests",
    said="while tanh takes more than 40 for the typical digit",
    low=41,
    control=True,
)
def late_at_rest(seed: int) -> float:
    return float(np.median(steps_to_rest(fresh(seed, "tanh"), some_digits(seed, 32)[0])))


@claim(
    "09.c4",
    "the share of digits that the free state of a trained network reads as its feedforward pass",
    said="In networks that EP has trained, between 75 and 98 % are read alike.",
    low=0.75,
    high=0.98,
)
def two_readings(seed: int) -> float:
    return reads_alike(trained("contrastive", seed).net, unseen(500)[0])


@claim(
    "09.c5",
    "tanh: degrees by which the contrast is turned if the free phase ends after 40 steps",
    said="With tanh, a free phase of 40 steps turns the contrastive update by more than 20°",
    low=20,
    control=True,
)
def a_hurried_start_turns(seed: int) -> float:
    return hurried("tanh", seed)


@claim(
    "09.c6",
    "the same with sigmoid",
    said="with sigmoid, it turns it by less than 1°",
    high=1,
)
def no_hurry_with_sigmoid(seed: int) -> float:
    return hurried("sigmoid", seed)


@claim(
    "09.c7",
    "tanh, usual weights: the share of inputs with more than one state of rest",
    said="With tanh it is between 5 and 90 % at usual weights",
    low=0.05,
    high=0.9,
)
def several_with_tanh(seed: int) -> float:
    return many_rests("tanh", 1.0, seed)


@claim(
    "09.c8",
    "the same with weights twice as large",
    said="and more than 75 % at twice these",
    low=0.75,
)
def many_with_larger_weights(seed: int) -> float:
    return many_rests("tanh", 2.0, seed)


@claim(
    "09.c9",
    "the same with sigmoid",
    said="With sigmoid we found a second state for no input at all, on nine seeds of ten, at "
    "weights up to twice the usual ones.",
    share=0.9,
    high=0,
    control=True,
)
def one_with_sigmoid(seed: int) -> float:
    return max(many_rests("sigmoid", 1.0, seed), many_rests("sigmoid", 2.0, seed))


@claim(
    "09.c10",
    "tanh: the share of digits that a nudge of 1 leaves in another valley",
    said="In fresh tanh networks of this lesson's size, a nudge of 1 leaves some digits in another "
    "valley after it is gone",
    share=0.9,
    low=0.01,
)
def over_the_border(seed: int) -> float:
    return float(crossed_digits("tanh", seed).left[0])


@claim(
    "09.c11",
    "the same with sigmoid",
    said="with sigmoid it leaves none",
    high=0,
    control=True,
)
def no_border_with_sigmoid(seed: int) -> float:
    return float(crossed_digits("sigmoid", seed).left[0])

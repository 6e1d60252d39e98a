"""The way down, learning along the slope of the least effort, small errors, and where it ends."""

from __future__ import annotations

from functools import cache

import numpy as np

from ....teaching.claims import claim
from ..exercises import descend, small_errors
from ..runs.falling import Falling, fall, of_right_side
from ..runs.kinks import on_kinks
from ..runs.pieces import on_the_way, small_error_ratios
from ..runs.rises import course
from ..runs.spending import on_digits


@cache
def down(way: str, seed: int) -> Falling:
    """Steps along the slope of step T4.4, or along backprop."""
    return fall(seed, of_right_side if way == "slope" else None)


@claim(
    "06.c1",
    "the effort of the output layer alone over H*, the least of six digits",
    said="At first the output layer is pushed alone, which costs more than 1.3 times the least.",
    low=1.3,
)
def output_alone(seed: int) -> float:
    return float(on_the_way(descend, (0,), seed)[0].min())


@claim(
    "06.c2",
    "after 30 steps of the way down, effort over H*, the most of six digits",
    said="After 30 steps no digit is more than 1 % above the least effort.",
    high=1.01,
)
def way_down(seed: int) -> float:
    return float(on_the_way(descend, (30,), seed)[30].max())


@claim(
    "06.c3",
    "by how many points of the first effort your slope leaves less than backprop",
    said="Your slope leaves less than backprop does, on every seed",
    low=0,
)
def slope_leaves_less(seed: int) -> float:
    return down("backprop", seed).left - down("slope", seed).left


@claim(
    "06.c4",
    "what is left after twelve steps down the slope (%)",
    said="and less than a third of what there was",
    high=100 / 3,
)
def slope_leaves(seed: int) -> float:
    return down("slope", seed).left


@claim(
    "06.c5",
    "control: what is left after twelve steps along backprop (%)",
    said="**backprop lowers $H^*$ too**, to less than half.",
    high=50,
    control=True,
)
def backprop_leaves(seed: int) -> float:
    return down("backprop", seed).left


@claim(
    "06.c6",
    "on digits the formula for small errors is right to 10 % and both bounds hold",
    said="On digits of the trained network the formula for small errors is right to 10 %, and both "
    "bounds hold for all of them",
)
def small_errors_on_digits(seed: int) -> bool:
    low, small, high = small_error_ratios(small_errors, seed).T
    return bool(low.max() <= 1 <= high.min() and np.abs(small - 1).max() < 0.1)


@claim(
    "06.c7",
    "sigmoid: in some epoch of DH H* rises while |e| falls",
    said="In six epochs of DH that happens on at least two seeds of three",
    share=2 / 3,
)
def sigmoid_rises(seed: int) -> bool:
    return bool(course("dh", seed, "sigmoid").rises("least"))


@claim(
    "06.c8",
    "the same under backprop",
    said="and under backprop as well",
    share=2 / 3,
    control=True,
)
def sigmoid_rises_under_backprop(seed: int) -> bool:
    return bool(course("backprop", seed, "sigmoid").rises("least"))


@claim(
    "06.c9",
    "relu: the share of digits whose least effort puts some neuron on its kink",
    said="In an untrained network with ReLU, the least effort of more than nine digits in ten puts "
    "some neuron exactly on its kink.",
    low=0.9,
)
def kinks(seed: int) -> float:
    return float((on_kinks(seed) > 0).mean())


@claim(
    "06.c10",
    "the share of digits that random feedback puts right",
    said="the controller still puts more than half of the digits right",
    share=0.9,
    low=0.5,
    control=True,
)
def random_arrives(seed: int) -> float:
    return float(on_digits(seed)["random"].arrived.mean())

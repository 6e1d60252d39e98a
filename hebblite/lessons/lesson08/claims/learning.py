"""Training: what an output that is never trained costs, and how many steps of inference."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.published import cost, course
from ..runs.steps import accuracy


@claim(
    "08.c21",
    "points of accuracy that an untrained output costs DH",
    said="On every seed the untrained output changes the accuracy by less than 2 points",
    low=-2,
    high=2,
)
def the_fault_is_cheap(seed: int) -> float:
    return cost(seed)


@claim(
    "08.c22",
    "control: the same under backprop",
    said="and it does the same under backprop",
    low=-2,
    high=2,
    control=True,
)
def cheap_under_backprop(seed: int) -> float:
    return cost(seed, method="backprop")


@claim(
    "08.c23",
    "points that it costs DH with 8 neurons below the output",
    said="With 8 neurons below the output it costs accuracy, on at least two seeds of three",
    low=0,
    share=2 / 3,
)
def dear_where_narrow(seed: int) -> float:
    return cost(seed, 8)


@claim(
    "08.c24",
    "points that DH in layer 1 alone is behind DH in all layers",
    said="a network in which only layer 1 learns is less than 5 points behind",
    high=5,
    control=True,
)
def layer_1_alone(seed: int) -> float:
    return course("DH", seed)[-1] - course("DH, layer 1 alone", seed)[-1]


@claim(
    "08.c25",
    "DH less the error-based rule (points)",
    said="DH is within 3 points of the error-based rule",
    low=-3,
    high=3,
)
def as_well_as_the_native_rule(seed: int) -> float:
    return course("DH", seed)[-1] - course("error-based", seed)[-1]


@claim(
    "08.c26",
    "DH less backprop (points)",
    said="DH is within 3 points of the error-based rule and of backprop",
    low=-3,
    high=3,
)
def as_well_as_backprop(seed: int) -> float:
    return course("DH", seed)[-1] - course("backprop", seed)[-1]


@claim(
    "08.c27",
    "points that a second step of inference brings",
    said="The second step of inference brings more than 8 points",
    low=8,
)
def the_second_step(seed: int) -> float:
    return accuracy(2, seed) - accuracy(1, seed)


@claim(
    "08.c28",
    "points that 20 steps bring over 2",
    said="twenty in the place of two change the accuracy by less than 4",
    low=-4,
    high=4,
)
def more_steps(seed: int) -> float:
    return accuracy(20, seed) - accuracy(2, seed)

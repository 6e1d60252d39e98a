"""Training: what an output that is never trained costs, and how many steps of inference."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.published import cost, course
from ..runs.steps import accuracies, accuracy


@claim(
    "08.c21",
    "points of accuracy that an untrained output costs DH",
    said="The untrained output changes the accuracy by less than 2 points",
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
    said="a network in which only layer 1 learns is less than 4 points behind",
    high=4,
    control=True,
)
def layer_1_alone(seed: int) -> float:
    return course("DH", seed)[-1] - course("DH, layer 1 alone", seed)[-1]


@claim(
    "08.c25",
    "DH on rates less the error-based rule (points)",
    said="and ahead of the error-based rule.",
    low=0,
)
def as_well_as_the_native_rule(seed: int) -> float:
    return course("DH", seed)[-1] - course("error-based", seed)[-1]


@claim(
    "08.c26",
    "DH on rates less backprop (points)",
    said="DH is within 2 points of backprop",
    low=-2,
    high=2,
)
def as_well_as_backprop(seed: int) -> float:
    return course("DH", seed)[-1] - course("backprop", seed)[-1]


@claim(
    "08.c27",
    "points that a second step of inference brings",
    said="The second step of inference brings more than 10 points",
    low=10,
)
def the_second_step(seed: int) -> float:
    return accuracy(2, seed) - accuracy(1, seed)


@claim(
    "08.c28",
    "points that DH on rates gains with 50 steps in the place of 2",
    said="and DH on rates changes by less than 3.",
    low=-3,
    high=3,
)
def more_steps_on_rates(seed: int) -> float:
    return gain(seed, "DH on rates")


@claim(
    "08.c29",
    "points by which 2 steps are behind the best number of steps",
    said="then two steps are within 2 points of the best.",
    high=2,
)
def two_are_enough(seed: int) -> float:
    return float(accuracies(seed=seed).max()) - accuracy(2, seed)


@claim(
    "08.c41",
    "points that the error-based rule loses with 50 steps in the place of 2",
    said="From 2 steps to 50 the error-based rule loses more than 2 points of accuracy",
    low=2,
)
def descent_reads_worse(seed: int) -> float:
    return -gain(seed, "error-based")


@claim(
    "08.c42",
    "points that the error-based rule loses more than DH on voltages",
    said="DH on voltages loses less than it does",
    low=0,
)
def dh_loses_less(seed: int) -> float:
    return gain(seed, "DH on voltages") - gain(seed, "error-based")


def gain(seed: int, rule: str) -> float:
    """Points of accuracy that 50 steps of inference bring over 2."""
    return accuracy(50, seed, rule) - accuracy(2, seed, rule)

"""Layers that keep the weights they were born with."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.turned import still


def lost(seed: int, layers: str, rule: str = "dh") -> float:
    """Points that are lost if these layers do not learn."""
    return still("none", rule, seed) - still(layers, rule, seed)


@claim(
    "12.c12",
    "points that DH loses without layer 2",
    said="Holding layer 2 still costs less than 4 points",
    high=4,
)
def without_the_middle(seed: int) -> float:
    return lost(seed, "layer 2")


@claim(
    "12.c13",
    "points that DH loses without the output",
    said="and holding the output still less than 4 as well",
    high=4,
)
def without_the_output(seed: int) -> float:
    return lost(seed, "output")


@claim(
    "12.c14",
    "points that backprop loses without layer 2",
    said="Under backprop a still layer 2 costs less than 4, too.",
    high=4,
)
def without_the_middle_backprop(seed: int) -> float:
    return lost(seed, "layer 2", "gradient")


@claim(
    "12.c15",
    "points that DH loses without layer 1",
    said="Without layer 1 more than 10 points are lost",
    low=10,
    control=True,
)
def without_the_first(seed: int) -> float:
    return lost(seed, "layer 1")


@claim(
    "12.c16",
    "points that DH loses without layers 1 and 2",
    said="and without layers 1 and 2 more than 30",
    low=30,
    control=True,
)
def the_output_alone(seed: int) -> float:
    return lost(seed, "layers 1 and 2")


@claim(
    "12.c23",
    "points that DH loses if only layer 1 learns",
    said="and if *only* layer 1 learns, less than 8",
    high=8,
)
def the_first_alone(seed: int) -> float:
    return lost(seed, "all but layer 1")


@claim(
    "12.c21",
    "points that backprop without layers 1 and 2 gains by twenty epochs instead of four",
    said="with twenty, backprop without layers 1 and 2 reads more than 10 points better",
    low=10,
)
def longer(seed: int) -> float:
    layers = "layers 1 and 2"
    return still(layers, "gradient", seed, 20) - still(layers, "gradient", seed)

"""How deep a teacher is heard: size, direction, plain steps, Adam, spikes and rounding."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from ....teaching.claims import claim
from ....teaching.remembered import remembered
from ..runs import depth

Array = np.ndarray


@remembered
def over_layers(seed: int, dtype: str = "float32") -> dict[str, Array]:
    """A network with eight hidden layers."""
    return depth.over_layers(seed, dtype=dtype)


@cache
def trained(seed: int) -> dict[str, Any]:
    """One and six hidden layers."""
    return depth.by_depth(seed, (1, 6))["accuracy"]


@cache
def spikes(seed: int) -> Array:
    """One and four hidden layers."""
    return depth.spikes(seed, (1, 4))


def lost(seed: int, name: str) -> float:
    """Points that the deep network reads less than the shallow one."""
    shallow, deep = trained(seed)[name]
    return float(shallow - deep)


@claim(
    "10.c11",
    "eight hidden layers: what is left of the gradient's size in layer 1",
    said="about one part in a hundred thousand is left in the first",
    low=0.5e-5,
    high=2e-5,
)
def size_in_layer_1(seed: int) -> float:
    return float(over_layers(seed)["share"][0])


@claim(
    "10.c12",
    "eight hidden layers: the largest share of the law k gamma^(L-l), over the layers",
    said="between 0.7 and 1 times the law",
    low=0.7,
    high=1,
)
def law_holds(seed: int) -> float:
    found = over_layers(seed)
    ratios = found["share"] / found["law"]
    return float(ratios[np.abs(np.log(ratios)).argmax()])


@claim(
    "10.c13",
    "eight hidden layers: the largest angle of DH to backprop (deg)",
    said="With eight hidden layers DH is less than 20° off backprop in every layer",
    high=20,
)
def direction_of_dh(seed: int) -> float:
    return float(over_layers(seed)["dh"].max())


@claim(
    "10.c14",
    "the same of the error-based rule, which is DEB's own",
    said="and so is the error-based rule.",
    high=20,
)
def direction_of_error_based(seed: int) -> float:
    return float(over_layers(seed)["error-based"].max())


@claim(
    "10.c15",
    "eight hidden layers: by how many degrees float64 changes the angle of DH in layer 1",
    said="float64 changes the angle of layer 1 by less than 3°",
    high=3,
)
def rounding(seed: int) -> float:
    pair = (over_layers(seed, dtype)["dh"][0] for dtype in ("float32", "float64"))
    return float(abs(np.subtract(*pair)))


@claim(
    "10.c16",
    "plain steps: points that DH reads less with six hidden layers than with one",
    said="DH with six hidden layers reads more than 18 points less than with one",
    low=18,
)
def plain_steps(seed: int) -> float:
    return lost(seed, "dh")


@claim(
    "10.c17",
    "control: the same of backprop",
    said="backprop less than 12 points less",
    high=12,
    control=True,
)
def plain_steps_of_backprop(seed: int) -> float:
    return lost(seed, "backprop")


@claim(
    "10.c18",
    "with Adam, points that DH reads less with six hidden layers than with one",
    said="DH reads as much with six hidden layers as with one, or at most 5 points less",
    high=5,
)
def with_adam(seed: int) -> float:
    return lost(seed, "dh, Adam")


@claim(
    "10.c19",
    "one hidden layer: cosine of layer 1's update from 16 pairs of spike trains with that of DH",
    said="With one hidden layer the update of layer 1 has a cosine above 0.6 with that of DH",
    low=0.6,
)
def spikes_in_a_shallow_network(seed: int) -> float:
    return float(spikes(seed)[0])


@claim(
    "10.c20",
    "four hidden layers: the same",
    said="with four hidden layers it is below 0.3",
    high=0.3,
    control=True,
)
def spikes_in_a_deep_network(seed: int) -> float:
    return float(spikes(seed)[1])


@claim(
    "10.c29",
    "control: points that backprop with Adam reads less with six hidden layers than with one",
    said="Backprop with Adam loses no more than that.",
    high=5,
    control=True,
)
def backprop_with_adam(seed: int) -> float:
    return lost(seed, "backprop, Adam")

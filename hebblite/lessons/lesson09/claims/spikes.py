"""One update from spikes against its expectation, at the first batch."""

from __future__ import annotations

import math

from ....teaching.claims import claim
from ..runs.spikes import bias, cosines


@claim(
    "09.c51",
    "one neuron for each rate: the cosine in layer 1",
    said="With one neuron for each rate, the cosine of the update of layer 1 with its expectation "
    "is below 0.3.",
    high=0.3,
    control=True,
)
def one_neuron(seed: int) -> float:
    return cosines(1, seed)[0]


@claim(
    "09.c52",
    "4096 neurons for each rate: the cosine in layer 1",
    said="With 4096 it is above 0.3 on every seed",
    low=0.3,
)
def many_neurons(seed: int) -> float:
    return cosines(4096, seed)[0]


@claim(
    "09.c53",
    "256 neurons for each rate: the cosine in layer 2",
    said="Layer 2 needs fewer: with 256 neurons it is above 0.85.",
    low=0.85,
)
def layer_2(seed: int) -> float:
    return cosines(256, seed)[1]


@claim(
    "09.c54",
    "the expectation itself: its angle to DH, the largest of all layers",
    said="The expectation itself lies within 8° of DH",
    high=8,
)
def little_bias(seed: int) -> float:
    return math.degrees(math.acos(min(1.0, min(bias(seed)))))


@claim(
    "09.c55",
    "Deep Feedback Control with the same sigmoid network, one neuron: the cosine in layer 1",
    said="Deep Feedback Control with the same sigmoid network stays below 0.3 in layer 1 as well",
    high=0.3,
    control=True,
)
def no_better_elsewhere(seed: int) -> float:
    return cosines(1, seed, "DFC")[0]


@claim(
    "09.c56",
    "Deep Feedback Control with tanh, one neuron: the cosine in layer 1",
    said="with tanh it has more than 0.4 with a single neuron",
    low=0.4,
)
def better_with_tanh(seed: int) -> float:
    return cosines(1, seed, "DFC", "tanh")[0]

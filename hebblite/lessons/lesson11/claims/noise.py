"""How much of an update from spikes is noise, and what a population buys."""

from __future__ import annotations

import numpy as np

from ....teaching.claims import claim
from ..runs.directions import angles_to_dh, noise, rules_of, spikes_a_second
from ..runs.stage import NAMES

RATES = "before learning, hidden neurons fire 50 to 300 times a second on average"


def off(seed: int, kind: str, n: int) -> float:
    """Squared distance from the expectation over its squared size."""
    found = noise(seed)
    return float(found[kind][list(found["n"]).index(n)])


@claim(
    "11.c1",
    "one train for one digit: squared noise over squared expectation in layer 1",
    said="With one train the squared noise is larger than the squared update.",
    low=1,
    control=True,
)
def one_train(seed: int) -> float:
    return off(seed, "draws", 1)


@claim(
    "11.c2",
    "the same with a population of 64",
    said="With 64 neurons for each rate it is less than 0.3 of it.",
    high=0.3,
)
def many_neurons(seed: int) -> float:
    return off(seed, "population", 64)


@claim(
    "11.c3",
    "noise of 64 trains over that of a population of 64",
    said="Between 64 trains and 64 neurons there is less than a factor of three.",
    low=1 / 3,
    high=3,
)
def as_good_as_trains(seed: int) -> float:
    return off(seed, "draws", 64) / off(seed, "population", 64)


@claim(
    "11.c4",
    "DFC, one digit, one train: degrees to DH in layer 1",
    said="it points more than 40° away from DH in layer 1",
    low=40,
    control=True,
)
def one_digit(seed: int) -> float:
    return angles_to_dh("dfc", seed, 1)[0]


@claim(
    "11.c5",
    "EP, one digit, one train: degrees to DH in layer 1",
    said="In Equilibrium Propagation it is more than 60° away.",
    low=60,
    control=True,
)
def one_digit_in_ep(seed: int) -> float:
    return angles_to_dh("ep", seed, 1)[0]


@claim(
    "11.c6",
    "DFC, a batch of 64 digits, one train: degrees to DH in layer 1",
    said="A batch of 64 digits is 64 draws, still more than 40° away in layer 1 of DFC.",
    low=40,
)
def a_batch_is_no_remedy(seed: int) -> float:
    return angles_to_dh("dfc", seed, 64)[0]


@claim(
    "11.c7",
    "spikes a second of the slowest hidden layer, of four frameworks",
    said=RATES,
    low=50,
)
def slowest(seed: int) -> float:
    return min(min(spikes_a_second(name, seed)) for name in NAMES)


@claim(
    "11.c8",
    "spikes a second of the fastest hidden layer, of four frameworks",
    said=RATES,
    high=300,
)
def fastest(seed: int) -> float:
    return max(max(spikes_a_second(name, seed)) for name in NAMES)


@claim(
    "11.c9",
    "DFC, layer 1: the size of the expected update of 64 digits over that of one digit",
    said="the expected update of 64 digits is less than half as large as that of one",
    high=0.5,
)
def digits_disagree(seed: int) -> float:
    many, one = (rules_of("dfc", seed, count)["expected"].weights[0] for count in (64, 1))
    return float(np.linalg.norm(many) / np.linalg.norm(one))

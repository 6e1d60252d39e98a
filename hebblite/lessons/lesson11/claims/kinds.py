"""Trains that are not Poisson: what stays the same, and what does not."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.kinds import updates, variance


@claim(
    "11.c51",
    "Poisson: the variance with one neuron over that with four",
    said="From one Poisson neuron to four, the variance falls more than fourfold.",
    low=4,
)
def faster_at_first(seed: int) -> float:
    return variance("Poisson", 1, seed) / variance("Poisson", 4, seed)


@claim(
    "11.c52",
    "16 neurons: the variance of refractory trains over that of Poisson trains",
    said="With 16 neurons, refractory trains have less than half of the variance of Poisson trains",
    high=0.5,
)
def refractory(seed: int) -> float:
    return variance("refractory", 16, seed) / variance("Poisson", 16, seed)


@claim(
    "11.c53",
    "16 neurons: the variance of regular trains over that of Poisson trains",
    said="regular ones less than a quarter",
    high=0.25,
)
def regular(seed: int) -> float:
    return variance("regular", 16, seed) / variance("Poisson", 16, seed)


@claim(
    "11.c54",
    "correlated: the variance with 16 neurons over that with 64",
    said="From 16 neurons to 64, correlated trains lose less than half of their variance",
    high=2,
    control=True,
)
def correlated(seed: int) -> float:
    return variance("correlated", 16, seed) / variance("correlated", 64, seed)


@claim(
    "11.c55",
    "Poisson: the variance with 16 neurons over that with 64",
    said="Poisson trains lose more than two thirds",
    low=3,
)
def poisson(seed: int) -> float:
    return variance("Poisson", 16, seed) / variance("Poisson", 64, seed)


@claim(
    "11.c56",
    "correlated, 64 neurons: the mean update over that of the rates",
    said="their mean update stays within 10 % of what the rates say",
    low=0.9,
    high=1.1,
)
def unbiased(seed: int) -> float:
    return float(updates("correlated", 64, seed).mean())

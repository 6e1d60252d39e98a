"""After training: what is left of rest and of a weak nudge, and where the updates then point."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.after import Kept, before_and_after


def fresh(seed: int) -> Kept:
    return before_and_after(seed)[0]


def learned(seed: int) -> Kept:
    return before_and_after(seed)[1]


@claim(
    "09.c61",
    "trained: the share of digits whose free phase ends before they rest",
    said="When it has learned, the free phase ends too early for more than 10 % of the digits",
    low=0.1,
)
def free_phase_ends_early(seed: int) -> float:
    return learned(seed).not_at_rest


@claim(
    "09.c62",
    "trained: degrees by which a nudged phase of 300 steps turns the contrast, in the layer where "
    "it turns most",
    said="a longer nudged phase would turn the update by more than 10° in some layer",
    low=10,
)
def nudged_phase_ends_early(seed: int) -> float:
    return float(learned(seed).angles["contrast, a longer nudge"].max())


@claim(
    "09.c63",
    "fresh: the same",
    said="(by less than 3° when it is fresh)",
    high=3,
    control=True,
)
def not_when_fresh(seed: int) -> float:
    return float(fresh(seed).angles["contrast, a longer nudge"].max())


@claim(
    "09.c64",
    "trained: the relative error of the estimate from two states of rest, nudges of -1 and +1",
    said="even between two states of rest, the estimate is off by more than 10 % on four "
    "networks of five",
    share=0.8,
    low=0.1,
)
def no_weak_nudge(seed: int) -> float:
    return learned(seed).off["centred"]


@claim(
    "09.c65",
    "fresh: the same",
    said="off by more than 10 % on four networks of five (by less when fresh)",
    high=0.1,
    control=True,
)
def weak_when_fresh(seed: int) -> float:
    return fresh(seed).off["centred"]


@claim(
    "09.c66",
    "trained: the same at nudges of -0.1 and +0.1",
    said="With nudges of ±0.1, it would be off by less than 10 %.",
    high=0.1,
)
def a_tenth_is_weak(seed: int) -> float:
    return learned(seed).off_weak["centred"]


@claim(
    "09.c67",
    "trained: the angle of the contrast to minus the gradient of its own loss, the largest of all "
    "layers",
    said="in some layer the contrast lies more than 6° away from minus the gradient of its own "
    "loss",
    low=6,
)
def off_its_own(seed: int) -> float:
    return float(learned(seed).angles["contrast and its own gradient"].max())


@claim(
    "09.c68",
    "the same",
    said="On four networks of five it stays below 70° everywhere.",
    share=0.8,
    high=70,
)
def still_downhill(seed: int) -> float:
    return float(learned(seed).angles["contrast and its own gradient"].max())


@claim(
    "09.c69",
    "trained: the angle of the contrast to backprop, the least of all layers",
    said="From backprop it lies more than 30° away in every layer",
    low=30,
)
def far_from_backprop(seed: int) -> float:
    return float(learned(seed).angles["contrast and backprop"].min())


@claim(
    "09.c70",
    "trained: the angle of DH to the contrast above layer 1: the least",
    said="One-sided DH is 4° to 20° away from the contrast in the layers above the first.",
    low=4,
)
def dh_when_trained_low(seed: int) -> float:
    return float(learned(seed).angles["DH and the contrast"][1:].min())


@claim(
    "09.c71",
    "the same: the largest",
    said="One-sided DH is 4° to 20° away from the contrast in the layers above the first.",
    high=20,
)
def dh_when_trained_high(seed: int) -> float:
    return float(learned(seed).angles["DH and the contrast"][1:].max())

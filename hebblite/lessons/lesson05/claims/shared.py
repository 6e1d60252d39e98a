"""Trainings that several claims look at, each done once."""

from __future__ import annotations

from functools import cache

from ....data import load_digits
from ..runs.breaks import BREAKS, LONG
from ..runs.training import Run, Setting, train

digits = cache(load_digits)
DH, NATIVE, BACKPROP = Setting(), Setting("error-based"), Setting("backprop")
RANDOM, SHORT, ONLY, HEBB, GAIN_8, GAIN_24 = (
    BREAKS[name].setting
    for name in (
        "random feedback",
        "short phase",
        "output layer only",
        "plain Hebb",
        "gain 8",
        "gain 24",
    )
)
NATIVE_RANDOM = Setting("error-based", feedback="random", epochs=LONG)


@cache
def run(setting: Setting, seed: int) -> Run:
    """One training, which several claims look at."""
    return train(digits(), setting, seed)


def hurried(percent: int, seed: int) -> Run:
    """A training whose plasticity comes on early, as long as those of the slider."""
    return run(Setting(settled=percent / 100), seed)


def final(setting: Setting, seed: int) -> float:
    return run(setting, seed).accuracy[-1]

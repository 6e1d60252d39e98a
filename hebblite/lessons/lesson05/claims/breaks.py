"""Parts of the loop that are cut."""

from __future__ import annotations

import numpy as np

from ....teaching.claims import claim
from ..runs.breaks import LONG
from ..runs.training import Setting
from .shared import (
    DH,
    GAIN_8,
    GAIN_24,
    HEBB,
    NATIVE_RANDOM,
    ONLY,
    RANDOM,
    SHORT,
    final,
    hurried,
    run,
)


@claim(
    "05.c39",
    "with nothing broken the network reads",
    said="With nothing broken it reads about 85 % after five epochs.",
    low=82,
    high=88,
)
def nothing_broken(seed: int) -> float:
    return final(DH, seed)


@claim(
    "05.c14",
    "a short phase ends within three points of the whole loop",
    said="On every seed it ends within three points of the whole loop",
    low=-3,
    high=3,
)
def short_phase(seed: int) -> float:
    return final(SHORT, seed) - final(DH, seed)


@claim(
    "05.c15",
    "in a short phase every layer begins nearer to backprop, below 20°",
    said="every layer begins nearer to backprop than before, at less than 20°",
)
def short_angles(seed: int) -> bool:
    short, whole = np.array(run(SHORT, seed).angles[0]), np.array(run(DH, seed).angles[0])
    return bool((short < whole).all() and short.max() < 20)


@claim(
    "05.c16",
    "gain 8: some hidden layer beyond 45°, and less than five points are lost",
    said="With gain 8 some hidden layer stands more than 45° from backprop, and training loses "
    "less than five points.",
)
def strong_control(seed: int) -> bool:
    lost = final(DH, seed) - final(GAIN_8, seed)
    return max(run(GAIN_8, seed).angles[0][:3]) > 45 and lost < 5


@claim(
    "05.c17",
    "gain 24: the loop flips its sign at every step",
    control=True,
    said="At gain 24 the error flips its sign at every step",
)
def unstable(seed: int) -> bool:
    return "flips sign" in run(GAIN_24, seed).words


@claim("05.c18", "plain Hebb reads", said="Plain Hebb ends at chance.", control=True, high=20)
def hebb(seed: int) -> float:
    return final(HEBB, seed)


@claim(
    "05.c19",
    "random feedback is behind the output layer alone after one epoch",
    high=0,
    said="After one epoch it reads less than the network whose hidden layers never learn.",
)
def random_at_first(seed: int) -> float:
    return run(RANDOM, seed).accuracy[1] - run(ONLY, seed).accuracy[1]


@claim(
    "05.c20",
    "random feedback leads the output layer alone by epoch 12",
    low=5,
    said="By epoch 12 it leads by more than five points, on every seed.",
)
def random_at_last(seed: int) -> float:
    return final(RANDOM, seed) - final(ONLY, seed)


@claim(
    "05.c21",
    "by then all hidden angles have fallen",
    low=0,
    said="all hidden angles have fallen on at least four seeds of five",
    share=0.8,
)
def aligned_itself(seed: int) -> float:
    first, *_, last = (np.array(angles[:3]) for angles in run(RANDOM, seed).angles)
    return float((first - last).min())


def overtakes(setting: Setting, seed: int) -> int:
    """The first epoch after which a training is ahead of the output layer alone."""
    pairs = zip(run(setting, seed).accuracy[1:], run(ONLY, seed).accuracy[1:], strict=True)
    return next((epoch for epoch, (a, b) in enumerate(pairs, start=1) if a > b), LONG + 1)


@claim(
    "05.c22",
    "the error-based rule overtakes sooner",
    control=True,
    share=0.8,
    said="the error-based rule does the same, and sooner on at least four seeds of five",
)
def native_overtakes_sooner(seed: int) -> bool:
    return overtakes(NATIVE_RANDOM, seed) < overtakes(RANDOM, seed)


@claim(
    "05.c23",
    "the last percent of the way costs a few points",
    said="If the last percent of the way is missing, that costs a few points.",
    low=-3,
    high=10,
)
def one_percent(seed: int) -> float:
    return hurried(100, seed).accuracy[-1] - hurried(99, seed).accuracy[-1]


@claim(
    "05.c24",
    "three percent cost more than ten points",
    low=10,
    said="With three percent missing it costs more than ten points on every seed.",
)
def three_percent(seed: int) -> float:
    return hurried(100, seed).accuracy[-1] - hurried(97, seed).accuracy[-1]


@claim(
    "05.c25",
    "with ten percent missing it reads",
    high=20,
    said="With ten percent missing, the network ends at chance.",
)
def ten_percent(seed: int) -> float:
    return hurried(90, seed).accuracy[-1]


@claim(
    "05.c27",
    "97 %: the rest of the journey begins below 15 % of the push in layer 4, above half of it in "
    "layer 1; in layer 4 it grows",
    said="With three percent missing, it begins at less than 15 % of the push in layer 4, but at "
    "more than half of it in layer 1. Each step strengthens what a layer says anyway, and so in "
    "layer 4 the rest of the journey grows.",
)
def journey_grows(seed: int) -> bool:
    first, *_, last = hurried(97, seed).rest
    return first[3] < 0.15 and first[0] > 0.5 and last[3] > first[3]

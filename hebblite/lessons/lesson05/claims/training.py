"""Training: where it ends, angles and steps on the way."""

from __future__ import annotations

import numpy as np

from ....analysis import angles_to_backprop
from ....frameworks import DeepFeedbackControl
from ....rules import DifferentialHebbian
from ....teaching.claims import claim
from ..runs.optimiser import adam_run
from ..runs.training import start
from .shared import BACKPROP, DH, NATIVE, digits, final, run


@claim(
    "05.c1",
    "DH ends within three points of backprop",
    said="On every seed, DH ends within three points of backprop.",
    low=-3,
    high=3,
)
def behind_backprop(seed: int) -> float:
    return final(BACKPROP, seed) - final(DH, seed)


@claim(
    "05.c2",
    "so does the error-based rule, the native one of the framework",
    control=True,
    said="with which Deep Feedback Control was invented, ends within three points too",
    low=-3,
    high=3,
)
def native_behind_backprop(seed: int) -> float:
    return final(BACKPROP, seed) - final(NATIVE, seed)


def first_angles(seed: int, on: str, **settings: float) -> list[float]:
    begun = start(digits(), seed)
    states = DeepFeedbackControl(**settings).teach(begun.net, begun.probe, begun.wanted)  # type: ignore[arg-type]
    return angles_to_backprop(begun.net, begun.probe, begun.wanted, DifferentialHebbian(on)(states))


@claim(
    "05.c3",
    "angles as trained: layer 1 below 15°, the others from 15° to 52°",
    said="layer 1 stands less than 15° from backprop and the other layers between 15° and 52°, "
    "on every seed",
)
def angles_as_trained(seed: int) -> bool:
    first, *others = first_angles(seed, "rate", k_p=0.5, dt=0.005, steps=20)
    return first < 15 < min(others) <= max(others) < 52


@claim(
    "05.c4",
    "weak, on voltages: layer 1 within half a degree, the others 12° or more",
    said="layer 1 agrees with backprop to half a degree. No other layer comes nearer than 12°.",
)
def angles_weak(seed: int) -> bool:
    first, *others = first_angles(seed, "voltage", k_p=0.001, k_i=0, dt=0.005, steps=60)
    return first < 0.5 and min(others) > 12


@claim(
    "05.c28",
    "DH: the step of layer 4 over that of layer 1, in units of the gradient's",
    said="With DH the step of layer 4 is between 4 and 20 times as long as that of layer 1, on "
    "every seed.",
    low=4,
    high=20,
)
def steps_of_DH(seed: int) -> float:
    gain = run(DH, seed).gain[-1]
    return gain[3] / gain[0]


@claim(
    "05.c29",
    "the same under the error-based rule",
    control=True,
    high=2,
    said="With the error-based rule, which does not see what is handed up, it is less than twice "
    "as long.",
)
def steps_of_the_native_rule(seed: int) -> float:
    gain = run(NATIVE, seed).gain[-1]
    return gain[3] / gain[0]


@claim(
    "05.c30",
    "the largest angle of DH in any layer at any epoch",
    high=60,
    said="No angle reaches 60° at any epoch.",
)
def largest_angle_in_training(seed: int) -> float:
    return float(np.max(run(DH, seed).angles))


@claim(
    "05.c31",
    "layer 1 moves away from backprop",
    share=0.9,
    low=0,
    said="Layer 1 moves away from backprop, since its own rates begin to saturate.",
)
def layer_1_moves_away(seed: int) -> float:
    first, *_, last = run(DH, seed).angles
    return last[0] - first[0]


@claim(
    "05.c38",
    "points by which aligned feedback with the small constant leads the others",
    share=0.9,
    low=8,
    said="aligned feedback with the small constant leads each of the others by more than eight "
    "points.",
)
def one_constant(seed: int) -> float:
    best = adam_run(digits(), "jacobian", 1e-8, seed)[0][-1]
    others = [
        adam_run(digits(), f, e, seed)[0][-1] for f, e in (("jacobian", 9e-5), ("random", 1e-8))
    ]
    return float(best - max(others))

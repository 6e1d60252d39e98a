"""Latency and the loop: on digits, on networks with twins, and in small random networks."""

from __future__ import annotations

from functools import cache

import numpy as np

from ....analysis import backprop_updates, cosine
from ....losses import latency_gradient
from ....teaching.claims import claim
from ..exercises import latency_in_the_eigenbasis
from ..runs.downhill import (
    angles_downhill,
    angles_of_a_batch,
    measured_cosines,
    random_loop,
)
from ..runs.speeds import trained
from ..runs.stage import Timed, predicted, timed
from ..runs.waste import Waste, from_the_spectrum, waste

#: Small networks of which a share is measured on one seed.
NETWORKS = 36


@cache
def clock(seed: int, feedback: str) -> Timed:
    """The digits of a stage, clocked."""
    at = trained(seed)
    return timed(at.net, at.x, at.wanted, feedback)


@cache
def wasted(seed: int) -> Waste:
    return waste(trained(seed), splits=(1.0, 4.0))


@claim(
    "07.c1",
    "the share of digits whose latency with Q = J^T lies between its bounds",
    low=0.9,
    said="At least nine digits in ten keep them, on every seed.",
)
def bounds_are_kept(seed: int) -> float:
    at, run = trained(seed), clock(seed, "jacobian")
    low, high = predicted(at.net, at.x, at.wanted)
    raced = run.latency > 0
    return float(np.mean((low <= run.latency)[raced] & (run.latency <= high)[raced]))


@claim(
    "07.c2",
    "Gauss-Newton feedback: the largest distance of a latency from the logarithm, in seconds",
    high=0.08,
    said="With Gauss-Newton feedback, every digit takes the logarithm of its error, to within "
    "80 ms.",
)
def the_logarithm(seed: int) -> float:
    run = clock(seed, "gauss-newton")
    seen = (run.first > run.e_tol) & np.isfinite(run.latency)
    return float(np.abs(run.latency - np.log(run.first / run.e_tol))[seen].max())


@claim(
    "07.c3",
    "Gauss-Newton feedback: the cosine of the two ways is 1; how far it is off",
    high=1e-6,
    said="In random networks the cosine of the two is 1 to within a millionth, in every layer.",
)
def one_way(seed: int) -> float:
    return 1 - min(measured_cosines(*random_loop(seed), "gauss-newton"))


@claim(
    "07.c4",
    "Q = J^T, before training: the mean angle in the output layer",
    low=50,
    high=85,
    said="With $Q = J^\\top$ the angle in the output layer is between 50° and 85° on average, "
    "on every seed.",
)
def angle_before_training(seed: int) -> float:
    at = trained(seed)
    return float(angles_downhill(at.nets[0], at.x[:60], at.wanted[:60])[:, -1].mean())


@claim(
    "07.c5",
    "of small random networks: the share in which some layer's way is more than 90° off",
    low=0.08,
    high=0.5,
    share=0.9,
    said="In small random networks it goes beyond 90° in some layer of about one network in four",
)
def uphill(seed: int) -> float:
    found = []
    for i in range(NETWORKS):
        net, x, target = random_loop(500_000 + NETWORKS * seed + i)
        made = latency_gradient(net, x, target, 1.0, 0.2).updates.weights
        bp = backprop_updates(net, x, target).weights
        found.append(min(cosine(a, b) for a, b in zip(made, bp, strict=True)) < 0)
    return float(np.mean(found))


@claim(
    "07.c6",
    "twins with a split of 4, Q = J^T: what is left of the median latency",
    high=0.5,
    said="and yet the latency falls to less than half, on every seed",
)
def twins_are_quick(seed: int) -> float:
    before, after = wasted(seed).latency["jacobian"]
    return after / before


@claim(
    "07.c7",
    "the same with Gauss-Newton feedback",
    low=0.99,
    high=1.01,
    control=True,
    said="With Gauss-Newton feedback it stays where it was, to within 1 %.",
)
def twins_are_not_quick(seed: int) -> float:
    before, after = wasted(seed).latency["gauss-newton"]
    return after / before


@claim(
    "07.c8",
    "twins change no error",
    low=-1e-9,
    high=1e-9,
    said="No output has changed on any digit",
)
def twins_change_no_error(seed: int) -> float:
    before, after = wasted(seed).error
    return after / before - 1


@claim(
    "07.c9",
    "how far off the linear loop's prediction is for the typical digit",
    high=0.05,
    said="The linear loop predicts the latency of the typical digit to within 5 %, although its "
    "errors are not small.",
)
def linear_prediction(seed: int) -> float:
    at, run = trained(seed), clock(seed, "jacobian")
    raced = run.latency > 0
    found = from_the_spectrum(
        at.net, at.x[raced], at.wanted[raced], latency_in_the_eigenbasis.reference
    )
    return float(np.median(np.abs(found / run.latency[raced] - 1)))


@claim(
    "07.c10",
    "a batch, Gauss-Newton feedback, after training: the least angle in any layer",
    low=5,
    control=True,
    said="no layer comes nearer than 5°",
)
def a_batch_is_turned(seed: int) -> float:
    at = trained(seed)
    return min(angles_of_a_batch(at.net, at.x[:60], at.wanted[:60], "gauss-newton"))

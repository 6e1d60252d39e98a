"""Latency and the strength of the loop: twins that waste effort, and the prediction from JQ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....analysis import loops
from ....network import Network
from ..exercises.twins import twins
from .stage import E_TOL, Stage, errors, timed
from .variants import with_twins

Array = np.ndarray
SPLITS = (1.0, 2.0, 3.0, 4.0)


@dataclass(frozen=True)
class Waste:
    """What twins of each of ``splits`` do. error: the mean of |e_0|. latency: for each feedback the
    median over the digits that take any time, in seconds."""

    splits: Sequence[float]
    error: list[float]
    latency: dict[str, list[float]]


def waste(
    at: Stage, make: Callable[..., Any] = twins, splits: Sequence[float] = SPLITS, digits: int = 100
) -> Waste:
    """Give every neuron of the last hidden layer a twin, by ``make``, and clock some digits."""
    error: list[float] = []
    latency: dict[str, list[float]] = {"jacobian": [], "gauss-newton": []}
    for split in splits:
        net = with_twins(at.net, split, make)
        for feedback, medians in latency.items():
            run = timed(net, at.x[:digits], at.wanted[:digits], feedback)
            medians.append(float(np.median(run.latency[run.first > run.e_tol])))
        error.append(float(run.first.mean()))
    return Waste(tuple(splits), error, latency)


def from_the_spectrum(
    net: Network, x: Array, wanted: Array, solve: Callable[..., float], e_tol: float = E_TOL
) -> Array:
    """What ``solve`` says of each input's linear loop with Q = J^T and k_i / tau_u = 1 per second,
    (B,) seconds."""
    e, JQ = errors(net, x, wanted), loops(net, x)
    return np.array([solve(e_0, loop, e_tol, 1.0, 1.0) for e_0, loop in zip(e, JQ, strict=True)])

"""The activations of lesson 03's neuron, and paths of two rates with the sums of a rule.

    tau dv/dt = -v + b + a,    r = phi(v)

b is the basal drive, a the apical one. Times are in seconds; voltage, drives and rates have no
unit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...errors import ArgumentError

Array = np.ndarray
Phi = Callable[..., Array]


def sigmoid(v: Any) -> Any:
    """1 / (1 + exp(-v)), of arrays and of single numbers, without overflow."""
    return 0.5 * (1 + np.tanh(np.multiply(v, 0.5)))


#: phi of numbers and of arrays alike: a learner may loop over neurons.
PHI: dict[str, Phi] = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda v: np.maximum(v, 0),
    "linear": lambda v: 1.0 * np.asarray(v),
}


# ---------------------------------------------------------------------- a path and its ends

PATHS = ("direct", "overshoot", "oscillation", "random walk")
PAIRINGS = (
    "one-sided: Δpost pre[t]",
    "exact pair: + post[t+1] Δpre",
    "both early: + post[t] Δpre",
    "both at the midpoint",
)


def trajectories(path: str, move: float, steps: int, pull: float = 1.0) -> tuple[Array, Array]:
    """post and pre (steps + 1,): post goes from 0.2 to 0.6 and pre from 0.25 to 0.25 + move / 2,
    both along ``path``. pull: how far the path is pulled away from a straight line, whose ends it
    keeps: 0 not at all, 1 as it is, -1 to the other side."""
    s = np.linspace(0, 1, steps + 1)
    if path == "random walk":
        rng = np.random.default_rng(4)
        wild = rng.normal(0, 0.45 / np.sqrt(steps), (2, steps)).cumsum(axis=1)
        wild[1] = 0.8 * wild[0] + 0.6 * wild[1]  # pre and post share much of their noise
        bridge = np.concatenate([np.zeros((2, 1)), wild], axis=1)
        bridge -= s * bridge[:, -1:]
        extra = s + bridge
    elif path == "oscillation":
        extra = np.array([s + 0.45 * np.sin(4 * np.pi * s), s + 0.45 * (1 - np.cos(4 * np.pi * s))])
    elif path == "overshoot":
        extra = np.array([s + 1.1 * np.sin(np.pi * s), s])
    elif path == "direct":
        extra = np.array([(1 - np.exp(-4 * s)) / (1 - np.exp(-4)), s**2 * (3 - 2 * s)])
    else:
        raise ArgumentError("path", repr(path), f"one of {', '.join(PATHS)}")
    extra = s + pull * (extra - s)
    return 0.2 + 0.4 * extra[0], 0.25 + 0.5 * move * extra[1]


def pair_sums(post: Array, pre: Array, pairing: str) -> tuple[float, float]:
    """The sum with Δpost and the sum with Δpre of one synapse; 0 for the second if one-sided."""
    dpost, dpre = np.diff(post), np.diff(pre)
    if pairing == PAIRINGS[3]:
        return float(dpost @ (pre[:-1] + pre[1:]) / 2), float(dpre @ (post[:-1] + post[1:]) / 2)
    beside_dpre = {PAIRINGS[0]: 0 * dpre, PAIRINGS[1]: post[1:], PAIRINGS[2]: post[:-1]}
    if pairing not in beside_dpre:
        raise ArgumentError("pairing", repr(pairing), f"one of {', '.join(PAIRINGS)}")
    return float(dpost @ pre[:-1]), float(dpre @ beside_dpre[pairing])

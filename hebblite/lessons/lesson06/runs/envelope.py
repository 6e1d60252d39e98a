"""The envelope theorem in the network 1-1-1: the least effort as a function of the weight w.

    H(a_1, w) = 1/2 a_1^2 + 1/2 a_2^2,   a_2 = goal - w phi(b_1 + a_1),      H*(w) = min over a_1

For a hidden push a_1 that is kept while w changes, H is a parabola in w. None of them is ever below
H*, and each touches it where its push is the least one. There the slopes are equal: dH*/dw is the
slope of H with the push kept, -a_2 r_1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray

DRIVE, GOAL = 0.0, 2.0  # b_1, and the target minus b_2
WEIGHTS = np.linspace(-3.0, 3.0, 121)


def kept(a_1: Array | float, w: Array | float) -> Array:
    """H with the hidden neuron pushed by a_1 and the output neuron by the rest; they broadcast."""
    a_1 = np.asarray(a_1, float)
    return np.asarray((a_1**2 + (GOAL - np.asarray(w) * np.tanh(DRIVE + a_1)) ** 2) / 2)


def least_push(w: Array | float) -> Array:
    """The hidden push of the least effort for each weight (...): the best of a grid, then Newton's
    steps on dH/da_1 = a_1 - phi' w a_2."""
    w = np.asarray(w, float)
    grid = np.linspace(-2.5, 2.5, 501)
    a_1 = grid[np.argmin(kept(grid, w[..., None]), axis=-1)]
    for _ in range(8):
        r = np.tanh(DRIVE + a_1)
        D, a_2 = 1 - r * r, GOAL - w * r
        curvature = 1 + (w * D) ** 2 + 2 * r * D * w * a_2
        a_1 = a_1 - (a_1 - D * w * a_2) / curvature
    return np.asarray(a_1)


@dataclass(frozen=True)
class Touch:
    """Where a parabola touches H*: the weight, the push that is kept, H*, and its slope."""

    w: float
    a_1: float
    H: float
    slope: float  # -a_2 r_1


def touch(w: float) -> Touch:
    a_1 = float(least_push(w))
    r_1 = float(np.tanh(DRIVE + a_1))
    return Touch(w, a_1, float(kept(a_1, w)), -(GOAL - w * r_1) * r_1)

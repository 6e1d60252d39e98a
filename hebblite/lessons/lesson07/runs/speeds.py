"""Fast digits and slow ones: the latency of single digits on a trained network, beside their error,
the effort H* that they need, and whether they are read right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....data import load_digits
from ....losses import least_control
from ....teaching.remembered import remembered
from .stage import E_TOL, Stage, stage, timed

Array = np.ndarray


@remembered
def trained(seed: int = 0) -> Stage:
    """The stage of ``seed``, for whoever looks at it first."""
    return stage(load_digits(), seed)


@dataclass(frozen=True)
class Clocked:
    """What a controller did with N digits. latency: (N,) seconds, 0 where |e| <= e_tol from the
    start, infinite where never. error: |e_0|. H: the least effort. labels, read: what each digit is
    and how it is read without feedback. images: (N, 784)."""

    latency: Array
    error: Array
    H: Array
    labels: Array
    read: Array
    images: Array

    @property
    def right(self) -> Array:
        """Which digits are read right, (N,)."""
        return np.asarray(self.labels == self.read)

    @property
    def raced(self) -> Array:
        """Which digits were not within the tolerance from the start, and got there, (N,)."""
        return np.asarray((self.latency > 0) & np.isfinite(self.latency))

    def order(self, other: Array) -> float:
        """Spearman's rank correlation of the latency with ``other``, over the digits that raced."""
        return rank_correlation(self.latency[self.raced], other[self.raced])


@remembered
def clocked(seed: int = 0, feedback: str = "jacobian", e_tol: float = E_TOL) -> Clocked:
    """The unseen digits of the stage of ``seed`` under integral control with this feedback."""
    at = trained(seed)
    run = timed(at.net, at.x, at.wanted, feedback, e_tol)
    H = least_control(at.net, at.x, at.wanted, tolerance=1e-6).H
    read = at.net.predict(at.x).argmax(axis=1)
    return Clocked(run.latency, run.first, H, at.labels, read, at.x)


def rank_correlation(a: Array, b: Array) -> float:
    """Spearman's: the correlation of the places in the order. (No two values are equal here.)"""
    return float(np.corrcoef(np.argsort(np.argsort(a)), np.argsort(np.argsort(b)))[0, 1])

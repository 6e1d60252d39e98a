"""What steps T5.2 and T5.7 share: a latency is a unit of time, times how far the error has to fall.
So the slips in the unit, and in the size of the error, are the same ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Step

Array = np.ndarray
Fall = Callable[[float, float], float]
Unit = Callable[[float, float, float], float]
Size = Callable[[Array], float]

#: Of the unit of time, tau_u / (k_i lam): message and slip.
UNITS: tuple[tuple[str, Unit], ...] = (
    ("lam is missing: the loop is lam times as fast as the controller alone.",
     lambda lam, k_i, tau_u: tau_u / k_i),
    ("lam multiplies: a strong loop is quick, so it divides.",
     lambda lam, k_i, tau_u: tau_u * lam / k_i),
    ("k_i is missing.", lambda lam, k_i, tau_u: tau_u / lam),
    ("k_i multiplies: more gain makes it quicker, so it divides.",
     lambda lam, k_i, tau_u: tau_u * k_i / lam),
    ("tau_u is missing.", lambda lam, k_i, tau_u: 1 / (k_i * lam)),
    ("tau_u divides: a slow controller takes longer, so it multiplies.",
     lambda lam, k_i, tau_u: 1 / (k_i * lam * tau_u)),
    ("k_i and tau_u have changed places.", lambda lam, k_i, tau_u: k_i / (lam * tau_u)),
    ("tau_u is multiplied by k_i and lam: it is *divided* by both.",
     lambda lam, k_i, tau_u: tau_u * k_i * lam),
    ("// rounds down to whole numbers: divide with /.",
     lambda lam, k_i, tau_u: tau_u // (k_i * lam)),
)  # fmt: skip
#: Of the size of the error, |e_0|.
SIZES: tuple[tuple[str, Size], ...] = (
    ("this is the sum of the parts of e_0. Its size is np.linalg.norm(e_0).",
     lambda e: float(np.abs(e).sum())),
    ("this is the largest part of e_0. Its size is np.linalg.norm(e_0).",
     lambda e: float(np.abs(e).max())),
)  # fmt: skip


def unit_of(lam: float, k_i: float, tau_u: float) -> float:
    return tau_u / (k_i * lam)


def size_of(e: Array) -> float:
    return float(np.linalg.norm(e))


def time_of(fall: Fall, unit: Unit = unit_of, size: Size = size_of) -> Answer:
    """A latency with this fall of the error, another unit of time, or another size."""
    return lambda e_0, e_tol, lam, k_i, tau_u: unit(lam, k_i, tau_u) * fall(size(e_0), e_tol)


def add_slips(step: Step, fall: Fall) -> None:
    """The slips in the unit and in the size, for a step whose error falls in this way."""
    for message, unit in UNITS:
        step.wrong(message)(time_of(fall, unit=unit))
    for message, size in SIZES:
        step.wrong(message)(time_of(fall, size=size))

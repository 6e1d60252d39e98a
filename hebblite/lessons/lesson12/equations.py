"""Intervals, verdicts and differences, as functions of one number a seed."""

from __future__ import annotations

import math

import numpy as np

Array = np.ndarray

#: Student's t, two-sided 95 %, by degrees of freedom. As tabulated in textbooks.
T95 = {
    1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262,
    10: 2.228, 11: 2.201, 12: 2.179, 13: 2.160, 14: 2.145, 15: 2.131, 16: 2.120, 17: 2.110,
    18: 2.101, 19: 2.093, 20: 2.086, 24: 2.064, 29: 2.045, 39: 2.023, 59: 2.001, 99: 1.984,
}  # fmt: skip

#: What a verdict's number says.
WORDS = {1: "agrees", 0: "cannot tell", -1: "differs"}


def student(n: int) -> float:
    """The factor t for n values; between the entries of the table that of fewer values, which is
    larger."""
    return T95[max(free for free in T95 if free <= n - 1)]


def standard_error(values: Array) -> float:
    """Of the mean of the values (n,)."""
    return float(np.std(values, ddof=1) / math.sqrt(len(values)))


def interval(values: Array) -> tuple[float, float]:
    """95 % of the mean: mean -+ t s / sqrt(n)."""
    half = student(len(values)) * standard_error(values)
    return float(np.mean(values)) - half, float(np.mean(values)) + half


def reading_error(percent: float, tested: int) -> float:
    """The standard error (points) of an accuracy, as tested on so many digits: another set of
    digits would have given another one."""
    share = percent / 100
    return 100 * math.sqrt(share * (1 - share) / tested)


def chance_of_a_slip(cards: int, each: float = 0.05) -> float:
    """The chance that at least one of so many independent intervals misses its mean."""
    return 1 - (1 - each) ** cards

"""The stored matrix, judged with a tolerance and a rule like that of exercise 12.1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..equations import WORDS, student
from ..exercises import verdict
from .stored import BESIDE, both

Array = np.ndarray


class Judged(NamedTuple):
    """Names of frameworks (K), differences (S, K), ends of intervals (K,), verdicts in words (K),
    the tolerance, and with what DH is compared."""

    names: list[str]
    values: Array
    left: Array
    right: Array
    verdicts: list[str]
    tolerance: float
    beside: str


def judge_matrix(
    tolerance: float = 1.0,
    beside: str = BESIDE[0],
    rule: Callable[..., Any] = verdict,
) -> Judged:
    """Does DH read at most ``tolerance`` points less, in each framework?"""
    names, dh, other = both(beside)
    values = dh - other
    low, high = np.full(len(names), -float(tolerance)), np.full(len(names), 100.0)
    left, right, told = rule(values, low, high, student(len(values)))
    words = [WORDS[int(number)] for number in np.ravel(told)]
    return Judged(names, values, np.ravel(left), np.ravel(right), words, tolerance, beside)

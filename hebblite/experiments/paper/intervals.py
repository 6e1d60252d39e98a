"""The interval of a mean over seeds, by Student's t, and the verdict that follows from it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from ...errors import ArgumentError, check_count, check_number

LEVEL = 0.95


def t_within(t: float, degrees: int) -> float:
    """The probability that Student's t with so many degrees of freedom lies within -t and t
    (Abramowitz & Stegun 1964, eqs. 26.7.3 and 26.7.4)."""
    angle = math.atan2(t, math.sqrt(degrees))
    cos2, term, total = math.cos(angle) ** 2, 1.0, 0.0
    odd = degrees % 2
    term = math.cos(angle) if odd else 1.0
    for k in range(odd, degrees - 1, 2):
        total += term
        term *= cos2 * (k + 1) / (k + 2)
    within = math.sin(angle) * total
    return 2 / math.pi * (angle + within) if odd else within


def t_quantile(degrees: int, level: float = LEVEL) -> float:
    """The t for which ``t_within`` is ``level``: 4.30 for 2 degrees and 0.95."""
    check_count("degrees", degrees)
    check_number("level", level, above=0, below=1)
    low, high = 0.0, 1.0
    while t_within(high, degrees) < level:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if t_within(middle, degrees) < level else (low, middle)
    return high


def interval(values: Sequence[float], level: float = LEVEL) -> tuple[float, float]:
    """Low and high end, for the mean of what these values are a sample of. One value tells nothing
    of how they spread: its interval is everything."""
    if not values:
        raise ArgumentError("values", "none", "at least one")
    mean = statistics.fmean(values)
    if len(values) == 1:
        return -math.inf, math.inf
    half = t_quantile(len(values) - 1, level) * statistics.stdev(values) / math.sqrt(len(values))
    return mean - half, mean + half


AGREES, DIFFERS, CANNOT_TELL = "agrees", "differs", "cannot tell"


EVERYTHING = (-math.inf, math.inf)


def cut(ends: tuple[float, float], possible: tuple[float, float]) -> tuple[float, float]:
    """An interval without the values that a quantity cannot have: no correlation is above 1."""
    return max(ends[0], possible[0]), min(ends[1], possible[1])


def verdict(
    values: Sequence[float], low: float, high: float, possible: tuple[float, float] = EVERYTHING
) -> str:
    """ "agrees" if the interval lies between ``low`` and ``high``, "differs" if all of it is
    outside, else "cannot tell": so it is with fewer than two values. possible: the values that the
    quantity can have at all; the interval is cut to them."""
    if len(values) < 2:
        return CANNOT_TELL
    a, b = cut(interval(values), possible)
    if low <= a and b <= high:
        return AGREES
    return DIFFERS if b < low or a > high else CANNOT_TELL

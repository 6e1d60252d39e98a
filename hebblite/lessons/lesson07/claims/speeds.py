"""Single digits under integral control: which are slow (runs/speeds.py)."""

from __future__ import annotations

import numpy as np

from ....teaching.claims import claim
from ..runs.speeds import clocked


@claim(
    "07.c51",
    "the median latency of misread digits over that of digits that are read right",
    said="In the median, a misread digit takes at least a third longer than one that is read "
    "right, on every seed.",
    low=4 / 3,
)
def misread_are_slow(seed: int) -> float:
    run = clocked(seed)
    wrong, right = (run.latency[run.raced & of] for of in (~run.right, run.right))
    return float(np.median(wrong) / np.median(right))


@claim(
    "07.c52",
    "no misread digit is within the tolerance from the start",
    said="No misread digit is within the tolerance from the start",
)
def misread_race(seed: int) -> bool:
    run = clocked(seed)
    return not bool((run.latency[~run.right] == 0).any())


@claim(
    "07.c53",
    "rank correlation of latency and H*",
    said="the rank correlation of latency and $H^*$ (lesson 06) is above 0.97",
    low=0.97,
)
def slow_digits_need_much(seed: int) -> float:
    run = clocked(seed)
    return run.order(run.H)


@claim(
    "07.c54",
    "rank correlation of latency with H*, less that of latency with the error",
    said="The latency of a digit follows its $H^*$ more closely than its error.",
    share=0.9,
    low=0,
)
def closer_to_H(seed: int) -> float:
    run = clocked(seed)
    return run.order(run.H) - run.order(run.error)


@claim(
    "07.c55",
    "the latency exceeded by one digit in ten over that which nine in ten exceed",
    said="Of the digits that take any time, the slowest tenth takes more than three times as long "
    "as the quickest tenth.",
    share=0.9,
    low=3,
)
def spread(seed: int) -> float:
    run = clocked(seed)
    fast, slow = np.quantile(run.latency[run.raced], [0.1, 0.9])
    return float(slow / fast)

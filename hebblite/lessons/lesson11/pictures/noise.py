"""What averages buy: the noise of an update made of spikes, over draws and over populations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.seeds import courses, over_seeds, stacked
from ....teaching.numerals import decimals, rounded

Array = np.ndarray

#: The two ways to average, and how they look.
WAYS = {"draws": "apical", "population": "stdp"}


def slope(n: Array, variance: Array) -> float:
    """The slope of the line through the points on logarithmic axes, by least squares."""
    seen = np.isfinite(variance) & (variance > 0)
    return float(np.polyfit(np.log(n[seen]), np.log(variance[seen]), 1)[0])


def draw_noise(noise: Mapping[str, Any], said: float | None = None) -> str:
    """The noise of an update over N on logarithmic axes, with a line that falls as 1/N.

    noise: ``{"n": (K,), "draws": (K,) or (S, K), "population": (K,) or (S, K)}``, the squared
    distance to the expectation as a share of the expectation's square, NaN where it was not
    measured.
    said: the learner's, of the variance of a population with the largest n, in parts of that with
    the smallest.
    """
    n = np.asarray(noise["n"], float)
    at = np.arange(len(n), dtype=float)  # the same factor lies between neighbours
    series: list[Series] = []
    told, seeds, first = [], 1, 1.0
    for way, look in WAYS.items():
        if way not in noise:
            continue
        rows = stacked(noise[way], 1)
        seeds = max(seeds, len(rows))
        middle = np.median(rows, axis=0)
        seen = np.isfinite(middle)
        first = float(middle[seen][0] * n[seen][0])
        series += courses(way, at[seen], rows[:, seen], look, "line+points")
        told.append(
            f"{way}: {rounded(middle[seen][0], 2)} at {n[seen][0]:g}, "
            f"{rounded(middle[seen][-1], 2)} at {n[seen][-1]:g}, "
            f"slope {decimals(slope(n, middle), 2)}"
        )
    series.append(Series("as 1/N", at, 0.5 * first / n, colour="backprop", ghost=True))
    marks = [] if said is None else [("y", first / n[0] * float(said), f"you said {said:g} times")]
    panel = Panel(
        "Noise of one update", "N", "noise / size, squared", series, y_log=True, marks=marks,
        x_names=[f"{v:g}" for v in n],
    )  # fmt: skip
    label = f"The noise of an update of spikes over N, logarithmic: {'; '.join(told)}."
    return chart([panel], label + over_seeds(seeds), 560, 220)

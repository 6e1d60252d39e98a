"""What averages buy: the noise of an update made of spikes, over samples and over populations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.seeds import courses, over_seeds, stacked
from ....teaching.numerals import decimals, rounded

Array = np.ndarray

#: The two ways to average, and how they look.
WAYS = {"samples": "layer1", "population": "stdp"}


def slope(n: Array, variance: Array) -> float:
    """The slope of the line through the points on logarithmic axes, by least squares."""
    seen = np.isfinite(variance) & (variance > 0)
    return float(np.polyfit(np.log(n[seen]), np.log(variance[seen]), 1)[0])


def draw_noise(noise: Mapping[str, Any], said: float | None = None) -> str:
    """The relative variance of an update over n on logarithmic axes, with a line that falls as
    1/n; beside it what n costs, if that is known.

    noise: ``{"n": (K,), "samples": (K,) or (S, K), "population": (K,) or (S, K)}``, the squared
    distance to the expectation as a share of the expectation's square, NaN where it was not
    measured; ``"samples cost"``, ``"population cost"``: (K,), in times that one train takes.
    said: the learner's, of the variance of a population with the largest n, in parts of that with
    the smallest.
    """
    n = np.asarray(noise["n"], float)
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
        series += courses(way, n[seen], rows[:, seen], look, "line+points")
        told.append(
            f"{way}: {rounded(middle[seen][0], 2)} at {n[seen][0]:g}, "
            f"{rounded(middle[seen][-1], 2)} at {n[seen][-1]:g}, "
            f"slope {decimals(slope(n, middle), 2)}"
        )
    series.append(Series("as 1/n", n, 0.5 * first / n, colour="backprop", ghost=True))
    marks = [] if said is None else [("y", first / n[0] * float(said), f"you said {said:g} times")]
    panels = [
        Panel("Variance of one update", "n", "variance / mean²", series, x_log=True, y_log=True,
              marks=marks)
    ]  # fmt: skip
    label = f"The relative variance of an update of spikes over n, logarithmic: {'; '.join(told)}."
    cost = [
        (way, np.asarray(noise[f"{way} cost"], float)) for way in WAYS if f"{way} cost" in noise
    ]
    if cost:
        curves = [
            Series(way, n[np.isfinite(y)], y[np.isfinite(y)], "line+points", colour=WAYS[way])
            for way, y in cost
        ]
        panels.append(
            Panel("What it costs", "n", "time (trains)", curves, x_log=True, y_log=True,
                  y_range=(0.5, 2 * max(2.0, *(float(np.nanmax(y)) for _, y in cost))))
        )  # fmt: skip
        parts = [f"{way} {rounded(float(s.y[-1]), 2)} at {s.x[-1]:g}"
                 for (way, _), s in zip(cost, curves, strict=True)]  # fmt: skip
        label += f" Beside it the time in that of one train: {', '.join(parts)}."
    return chart(panels, label + over_seeds(seeds), 700 if cost else 560, 220)

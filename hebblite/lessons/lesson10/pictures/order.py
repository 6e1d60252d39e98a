"""Theorem T8, measured: the error of the first order shrinks in proportion to the nudge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.seeds import courses, over_seeds, stacked
from ....teaching.colours import layer
from ....teaching.numerals import decimals

Array = np.ndarray


def slope(nudge: Array, relative: Array) -> float:
    """The slope of the line through the points on logarithmic axes, by least squares."""
    seen = (np.asarray(nudge) > 0) & (np.asarray(relative) > 0)
    return float(np.polyfit(np.log(nudge[seen]), np.log(relative[seen]), 1)[0])


def draw_order(order: Mapping[str, Any]) -> str:
    """How far the apical drive is from its first order, against the nudge, on logarithmic axes,
    with a line of slope 1.

    order: ``{"nudge": (K,), "relative": (L-1, K) or (S, L-1, K)}``, the size of the difference as a
    share of the first order; row 0 is layer 1.
    """
    nudge, relative = np.asarray(order["nudge"], float), stacked(order["relative"], 2)
    series, said = [], []
    for l in range(relative.shape[1]):
        middle = np.median(relative[:, l], axis=0)
        found = slope(nudge, middle)
        name = f"layer {l + 1}: slope {decimals(found, 2)}"
        series += courses(name, nudge, relative[:, l], layer(l + 1), "line+points")
        said.append(f"layer {l + 1} {decimals(found, 2)}")
    lowest = float(np.median(relative, axis=0).min(axis=0)[nudge.argmin()])
    guide = 0.5 * lowest * nudge / nudge.min()
    series.append(Series("slope 1", nudge, guide, colour="backprop", ghost=True))
    panel = Panel("Half the nudge, half the error", "nudge k", "relative error of aₗ", series,
                  x_log=True, y_log=True)  # fmt: skip
    label = (
        "The relative error of the first order of the apical drive against the nudge, both axes "
        f"logarithmic. Slopes: {'; '.join(said)}; a line of slope 1 beside them."
    )
    return chart([panel], label + over_seeds(len(relative)), 560, 230)

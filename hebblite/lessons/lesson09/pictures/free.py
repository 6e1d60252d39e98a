"""The free state of rest against the feedforward pass."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import minus

Array = np.ndarray
MOST = 160  # points that are drawn


def draw_free(states: Mapping[str, tuple[Array, Array]]) -> str:
    """The rate of each neuron at rest against its rate in the feedforward pass, a panel for each of
    one or two layers, with the diagonal on which top-down input would change nothing.

    states: by the name of a layer its rates in the feedforward pass and at rest, (K,) each or (B,
    n); of many, some that are evenly chosen are drawn.
    """
    panels, said = [], []
    for k, (name, (forward, free)) in enumerate(states.items(), start=1):
        x, y = (np.ravel(np.asarray(r, float)) for r in (forward, free))
        ends = np.array([min(x.min(), y.min()), max(x.max(), y.max())])
        ends += np.array([-0.06, 0.06]) * (float(np.ptp(ends)) or 1.0)
        some = np.unique(np.linspace(0, len(x) - 1, MOST).astype(int))
        series = [
            Series("alike", ends, ends, colour="backprop"),
            Series("a neuron", x[some], y[some], "points", colour="rate"),
        ]
        limits = (float(ends[0]), float(ends[1]))
        panels.append(
            Panel(name, "rate in the feedforward pass", "rate at rest" if k == 1 else "", series,
                  x_range=limits, y_range=limits)
        )  # fmt: skip
        said.append(
            f"{name}: a typical rate moves by {np.median(np.abs(y - x)):.3f}, at most by "
            f"{np.abs(y - x).max():.2f}"
        )
    label = (
        "Rates at rest against rates in the feedforward pass. Points off the diagonal are neurons "
        f"that rest elsewhere. {'; '.join(said)}."
    )
    return chart(panels, minus(label), 680 if len(panels) > 1 else 400, 250)

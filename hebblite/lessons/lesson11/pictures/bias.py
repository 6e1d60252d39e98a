"""What STDP tends to: the cosine of its expectation with DH, and with 2 DH minus the contrast."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.seeds import stacked
from ....teaching.numerals import decimals
from .looks import apart

Array = np.ndarray


LOWEST = 0.85  # cosine at the bottom of the axis, unless there are lower ones


def draw_bias(
    bias: Mapping[str, Array], said: float | None = None, title: str = "What the spikes tend to"
) -> str:
    """The cosine of STDP's expectation in each layer with other updates: a dot for each draw.

    bias: by the update's name, such as "DH" and "2 DH − contrast", the cosines (L,) or (S, L).
    said: the learner's, of the first name in the uppermost hidden layer.
    """
    names = list(bias)
    tables = [stacked(bias[name], 1) for name in names]
    depth, wide = tables[0].shape[1], len(names) + 1.0
    series, told = [], []
    for k, (name, rows, look) in enumerate(zip(names, tables, apart(names), strict=True)):
        x = np.tile(np.arange(depth) * wide + k, len(rows))
        kind = "dots" if len(rows) > 1 else "points"
        series.append(Series(name, x, rows.ravel(), kind, colour=look))
        middle = ", ".join(decimals(v, 2) for v in np.median(rows, axis=0))
        told.append(f"with {name} {middle}")
    low = min(*(float(rows.min()) for rows in tables), 1.0 if said is None else float(said))
    bottom = min(LOWEST, 1.1 * low - 0.12)
    bands = [
        ("x", l * wide - 0.7, l * wide + len(names) - 0.3, f"layer {l + 1}") for l in range(depth)
    ]
    marks = [("y", 1.0, "same direction")]
    marks += [] if said is None else [("y", float(said), f"you said {said:g}")]
    panel = Panel(
        title, "", "cosine with STDP's mean", series, marks=marks, bands=bands,
        x_range=(-1.0, depth * wide - 1.0), x_names=(" ",),
        y_range=(bottom, 1 + 0.2 * (1 - bottom)),
    )  # fmt: skip
    label = (
        f"{title}: cosines of the expectation of STDP in layers 1 to {depth}: {'; '.join(told)}"
        f"{', medians of ' + str(len(tables[0])) + ' draws' if len(tables[0]) > 1 else ''}."
    )
    return chart([panel], label, 640, 230)

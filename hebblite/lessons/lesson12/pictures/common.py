"""What DH's update of the output layer has that a softmax does not see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.seeds import courses, over_seeds
from ....teaching.numerals import decimals

TRAINED = {"dh": "trained by DH", "backprop": "trained by backprop"}
#: Curves: key of a record, its words, its look.
CURVES = (("dh", "DH", "dh"), ("centred", "without common part", "basal"),
          ("error-based", "error-based", "error"))  # fmt: skip


def draw_common(found: Mapping[str, Mapping[int, list[dict[str, Any]]]]) -> str:
    """The angle of updates of the output layer to backprop's over training, with DH's common part
    and without it, in networks that DH trained and, as a control, in those of backprop.

    found: {method: {seed: records}}, as ``runs.common`` stores them.
    """
    panels, told, seeds = [], [], 1
    for method, words in TRAINED.items():
        runs = list(found[method].values())
        seeds = len(runs)
        epochs = np.array([r["epoch"] for r in runs[0]], float)
        series: list[Series] = []
        for key, name, look in CURVES:
            every = [[np.ravel(r[key])[-1] for r in records] for records in runs]
            series += courses(name, epochs, np.array(every, float), look)
            last = np.median([row[-1] for row in every])
            told.append(f"{words}, {name} ends {decimals(float(last), 0)} degrees off")
        panels.append(
            Panel(words, "epoch", "angle in the output layer (°)", series, y_range=(-2.0, 95.0),
                  marks=[("y", 90.0, "right angle")])
        )  # fmt: skip
    label = f"Angles of updates of the output layer to backprop's over training: {'; '.join(told)}."
    return chart(panels, label + over_seeds(seeds), 680, 240)

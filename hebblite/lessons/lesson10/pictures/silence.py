"""How the apical dendrites fall silent while the interneurons learn, without a teacher."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.seeds import courses, over_seeds, stacked
from ....teaching.colours import layer
from ....teaching.numerals import decimals

Array = np.ndarray

LEAST = 0.1  # per cent: a guess of nothing at all is drawn there, on an axis without 0


def draw_silence(silence: Mapping[str, Any], said: float | None = None) -> str:
    """What is left of the apical voltage of each hidden layer over the rounds of lateral learning.

    silence: ``{"rounds": (R,), "left": (R, L-1) or (S, R, L-1)}``, the root mean square of the
    apical voltage without a teacher, in per cent of what comes from above at the same time. said:
    what the learner expects to be left in layer 1 at the end, in per cent.
    """
    rounds, left = np.asarray(silence["rounds"], float), stacked(silence["left"], 2)
    series, told = [], []
    for l in range(left.shape[2]):
        series += courses(f"layer {l + 1}", rounds, left[:, :, l], layer(l + 1))
        middle = np.median(left[:, :, l], axis=0)
        first, last = (decimals(float(m), 1) for m in middle[[0, -1]])
        told.append(f"layer {l + 1} from {first} to {last} %")
    series.append(
        Series("without interneurons", rounds[[0, -1]], np.full(2, 100.0), colour="apical",
               ghost=True)
    )  # fmt: skip
    marks = []
    if said is not None:
        marks.append(("y", max(float(said), LEAST), f"you said {said:g} % in layer 1"))
    panel = Panel("The apical dendrites fall silent", "rounds of lateral learning",
                  "left of what comes from above (%)", series, y_log=True,
                  marks=marks)  # fmt: skip
    label = (
        "What is left of the input from above in apical dendrites, without a teacher, on a "
        f"logarithmic axis, over {rounds[-1]:.0f} rounds of lateral learning: {'; '.join(told)}."
    )
    return chart([panel], label + over_seeds(len(left)), 620, 230)

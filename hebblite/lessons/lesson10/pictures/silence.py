"""How the apical dendrites fall silent while the interneurons learn, without a teacher."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.colours import layer
from ....teaching.numerals import decimals
from .seeds import courses, over_seeds, stacked

Array = np.ndarray

LEAST = 0.1  # per cent: a guess of nothing at all is drawn there, on an axis without 0


def draw_silence(silence: Mapping[str, Any], said: float | None = None) -> str:
    """The apical voltage of each hidden layer over the rounds of lateral learning.

    silence: ``{"rounds": (R,), "v_A": (R, L-1) or (S, R, L-1)}``, the root mean square over neurons
    and inputs without a teacher; ``"alone"`` (L-1,), if given: what comes from above alone would
    make of it, without interneurons. said: what the learner expects to be left in layer 1 at the
    end, in per cent of ``"alone"``.
    """
    rounds, v_A = np.asarray(silence["rounds"], float), stacked(silence["v_A"], 2)
    alone = np.ravel(silence.get("alone", ()))
    series, told = [], []
    for l in range(v_A.shape[2]):
        series += courses(f"layer {l + 1}", rounds, v_A[:, :, l], layer(l + 1))
        middle = np.median(v_A[:, :, l], axis=0)
        ends = [f"{decimals(float(m), 3)}" for m in middle[[0, -1]]]
        told.append(f"layer {l + 1} from {ends[0]} to {ends[1]}")
        if l < len(alone):
            name = "without interneurons" if l == 0 else ""
            level = np.full(len(rounds), float(alone[l]))
            series.append(Series(name, rounds, level, colour=layer(l + 1), ghost=True))
    marks = []
    if said is not None and len(alone):
        expected = max(float(said), LEAST) / 100 * float(alone[0])
        marks.append(("y", expected, f"you said {said:g} % in layer 1"))
    panel = Panel("The apical dendrites fall silent", "rounds of lateral learning",
                  "apical voltage (rms)", series, y_log=True,
                  marks=marks)  # fmt: skip
    label = (
        "Apical voltages without a teacher, on a logarithmic axis, over "
        f"{rounds[-1]:.0f} rounds of lateral learning: {'; '.join(told)}."
    )
    return chart([panel], label + over_seeds(len(v_A)), 620, 210)

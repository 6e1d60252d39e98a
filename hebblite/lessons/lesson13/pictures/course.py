"""One theory over time: the apical drives of two layers, and the error that they belong to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....errors import check_choice
from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import decimals

Array = np.ndarray

#: How much of a phase can be shown; of the first, so many time constants.
PARTS = ("the beginning", "the whole phase")
SHOWN = 3.0


def draw_course(
    found: Mapping[str, Mapping[str, Array]], theory: str = "DFC", part: str = PARTS[0]
) -> str:
    """How apical drives change in the recorded layer and one below, and what is left of the error.

    found: ``{theory: {"time": (T,) time constants, "layer 1", "layer 2", "error": (T,) shares of
    their greatest}}``. theory: the one to show. part: one of PARTS.
    """
    check_choice("part", part, PARTS)
    course = found[theory]
    time = np.asarray(course["time"], float)
    until = SHOWN if part == PARTS[0] else float(time[-1])
    seen = time <= until
    looks = {"layer 2": "layer2", "layer 1": "layer1", "error": "error"}
    words = {"layer 2": "drive, layer 2 (recorded)", "layer 1": "drive, layer 1", "error": "error"}
    panel = Panel(
        f"{theory}, {part}: drives and error", "time (time constants)", "share of the greatest",
        [Series(words[name], time[seen], np.asarray(course[name], float)[seen], colour=look)
         for name, look in looks.items()],
        x_range=(0.0, until), y_range=(0.0, 1.05),
    )  # fmt: skip
    ends = ", ".join(
        f"{words[name]} {decimals(100 * float(np.asarray(course[name])[seen][-1]), 0)} %"
        for name in looks
    )
    label = (
        f"{theory}: how much the apical drives of two layers have changed, and the output error, "
        f"over {decimals(until, 0)} time constants, each as a share of its greatest. In the end: "
        f"{ends}."
    )
    return chart([panel], label, 560, 220)

"""How little of one train's update is signal: its angle to DH over the number of trains."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.seeds import courses, over_seeds, stacked
from ....teaching.colours import layer
from ....teaching.numerals import decimals

Array = np.ndarray


def draw_trains(found: Mapping[str, Array], said: float | None = None) -> str:
    """The angle between an update of spikes and DH in each layer, over the number of trains that
    are averaged, and as a pale line that of the expectation: what more trains cannot take away.

    found: ``{"trains": (K,), "angles": (K, L) or (S, K, L) degrees, "expected": (L,) or (S, L)}``,
    the last one if it is known. said: the learner's guess at one train, in degrees.
    """
    trains, rows = np.asarray(found["trains"], float), stacked(found["angles"], 2)
    expected = stacked(found["expected"], 1) if "expected" in found else None
    series: list[Series] = []
    told = []
    for l in range(rows.shape[2]):
        name = f"layer {l + 1}"
        series += courses(name, trains, rows[:, :, l], layer(l + 1), "line+points")
        first, last = np.median(rows[:, [0, -1], l], axis=0)
        words = f"{name} {decimals(first, 0)} to {decimals(last, 0)} degrees"
        if expected is not None:
            floor = float(np.median(expected[:, l]))
            flat = np.full(len(trains), floor)
            key = "expectation" if l == 0 else ""
            series.append(Series(key, trains, flat, colour=layer(l + 1), ghost=True))
            words += f", expectation {decimals(floor, 0)}"
        told.append(words)
    marks = [("y", 90.0, "unrelated")]
    marks += [] if said is None else [("y", float(said), f"you said {said:g}°")]
    panel = Panel(
        "From noise towards a direction", "trains averaged", "angle to DH (°)", series, x_log=True,
        y_range=(-3.0, max(98.0, 1.05 * float(rows.max()))), marks=marks,
    )  # fmt: skip
    label = (
        f"Angles between updates of spikes and DH, from {trains[0]:g} to {trains[-1]:g} trains: "
        f"{'; '.join(told)}."
    )
    return chart([panel], label + over_seeds(len(rows)), 600, 240)

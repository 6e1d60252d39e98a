"""What accuracy sees: updates that are turned, and layers that stand still."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import decimals

Array = np.ndarray

NAMES = {"noise": "turned anew at each batch", "mixing": "always mixed in the same way"}
RULES = {"dh": ("DH", "dh"), "error-based": ("error-based", "error"), "stdp": ("STDP", "stdp")}


def draw_turned(found: Mapping[str, Any], said: float | None = None, rules: bool = True) -> str:
    """Accuracy against the angle by which backprop's update was turned.

    found: {"angle": (A,) degrees, "noise", "mixing": (A,) per cent, "rules": {name: (degrees, per
    cent)}}. said: the learner's guess at 60 degrees. rules: whether these are shown.
    """
    angle = np.asarray(found["angle"], float)
    series = [
        Series(NAMES["noise"], angle, found["noise"], "line+points", colour="apical"),
        Series(NAMES["mixing"], angle, found["mixing"], "line+points", colour="basal"),
    ]
    told = [f"{kind}: " + ", ".join(
        f"{decimals(y, 1)} % at {x:.0f}" for x, y in zip(angle, found[kind], strict=True)
    ) for kind in NAMES]  # fmt: skip
    if rules:
        for name, (degrees, accuracy) in found["rules"].items():
            words, look = RULES[name]
            series.append(
                Series(words, np.array([degrees]), np.array([accuracy]), "points", colour=look)
            )
            told.append(f"{words} {decimals(accuracy, 1)} % at {degrees:.0f}")
    marks = [("x", 90.0, "right angle")]
    if said is not None:
        marks.append(("y", float(said), f"you said {said:g} %"))
    panel = Panel(
        "Digits read after learning", "angle of the update to backprop's (°)", "accuracy (%)",
        series, y_range=(0.0, 100.0), x_range=(-3.0, 103.0), marks=marks,
    )  # fmt: skip
    label = f"Accuracy against the angle of the update to backprop's. {'; '.join(told)} degrees."
    return chart([panel], label, 620, 260)


def draw_still(found: Mapping[str, Array], said: float | None = None) -> str:
    """Accuracy of DH where some layers keep the weights that they were born with: {layers: (S,)
    per cent}, a dot a seed. said: the learner's guess for layer 2."""
    names = list(found)
    series = []
    for k, name in enumerate(names):
        y = np.asarray(found[name], float)
        series.append(Series("", np.full(len(y), float(k)), y, "dots", colour="dh"))
    marks = [] if said is None else [("y", float(said), f"you said {said:g} % without layer 2")]
    panel = Panel(
        "Digits read if layers stand still", "which layers do not learn", "accuracy (%)", series,
        y_range=(0.0, 100.0), x_range=(-0.5, len(names) - 0.5), x_names=names, marks=marks,
    )  # fmt: skip
    told = ", ".join(f"{name}: {decimals(float(np.median(found[name])), 1)} %" for name in names)
    return chart([panel], f"Accuracy of DH if some layers do not learn. Medians: {told}.", 620, 230)

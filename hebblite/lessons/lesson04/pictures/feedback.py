"""Feedback weights that learn, and kinds of feedback compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.colours import layer
from ..runs.digits import Array

LOOKS = {"jacobian": "backprop", "transpose": "basal", "learned": "apical", "random": "hebb"}


def draw_learning(rounds: Array, angles: Array) -> str:
    """Angles (K, L) of learned feedback to the mean transposed Jacobian, after ``rounds`` (K,)."""
    L = angles.shape[1]
    words = ", ".join(
        f"layer {l + 1} from {angles[0, l]:.0f} to {angles[-1, l]:.0f}" for l in range(L)
    )
    label = f"Line chart of angles over {rounds[-1]} rounds of noise: {words} degrees."
    series = [
        Series(f"Q of layer {l + 1}", rounds, angles[:, l], "line+points", colour=layer(l + 1))
        for l in range(L)
    ]
    panel = Panel(
        "Feedback learns the way back", "rounds of noise (128 digits each)",
        "angle to the mean Jᵀ (°)", series, y_range=(0.0, 100.0),
        marks=[("y", 90.0, "90°: nothing in common")],
    )  # fmt: skip
    return chart([panel], label, 600, 200)


def draw_kinds(found: dict[str, Sequence[tuple[float, float]]], guess: float | None = None) -> str:
    """For kinds of feedback, and one or more draws of each: the share (%) of digits for which the
    loop settles, and the angle (degrees) of the update in layer 1 to backprop's."""
    series, said = [], []
    for name, points in found.items():
        x, y = np.array(points, float).T
        legend = name if len(y) > 1 else f"{name}: {y[0]:.0f}°"
        series.append(Series(legend, x, y, "points", colour=LOOKS[name]))
        many = f"{len(x)} draws, settles for {x.min():.0f} to {x.max():.0f} percent, "
        one = f"settles for {x[0]:.0f} percent, "
        angles = f"{y.min():.0f} to {y.max():.0f}" if len(y) > 1 else f"{y[0]:.0f}"
        said.append(f"{name}: {many if len(x) > 1 else one}at {angles} degrees")
    label = (
        "Scatter plot: for how many digits the loop settles, against the angle of the update in "
        f"layer 1 to backprop's. {'; '.join(said)}."
    )
    marks = [("y", 90.0, "90°: no relation to backprop")]
    if guess is not None:
        marks.append(("y", guess, f"you said {guess:g}° for random"))
    panel = Panel(
        "It settles. Does it teach?", "digits for which the loop settles (%)",
        "angle of ΔW₁ to backprop (°)", series, x_range=(-4.0, 104.0), y_range=(0.0, 120.0),
        marks=marks,
    )  # fmt: skip
    return chart([panel], label, 600, 240)

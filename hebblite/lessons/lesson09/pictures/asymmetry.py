"""What weights that are not symmetric do to learning."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import minus

Array = np.ndarray
MANY = 10  # networks: of fewer a median says little


def draw_asymmetry(found: Mapping[str, Array], guess: float | None = None) -> str:
    """The cosine of the contrastive update with minus the gradient, over the angle by which the
    weights downwards are turned away from those upwards: a dot for each network and, of MANY
    networks, the median and the range; of few, a line for each.

    found: ``turned`` (T,) degrees, ``cosine`` (S, T), a row for each network. guess: the learner's
    cosine at the largest angle.
    """
    turned = np.asarray(found["turned"], float)
    rows = np.atleast_2d(np.asarray(found["cosine"], float))
    middle = np.median(rows, axis=0)
    dots = Series("", np.tile(turned, len(rows)), rows.ravel(), "points", colour="voltage")
    if len(rows) < MANY:
        series = [Series("", turned, row, colour="voltage", ghost=True) for row in rows] + [dots]
    else:
        series = [
            Series("", turned, rows.max(0), "band", low=rows.min(0), colour="voltage"), dots,
            Series("median", turned, middle, colour="voltage"),
        ]  # fmt: skip
    marks = [("y", 0.0, "unrelated")]
    if guess is not None:
        marks.append(("y", float(guess), f"you said {guess:g} at {turned[-1]:g}°"))
    panel = Panel(
        f"Weights downwards, turned away: {len(rows)} networks", "angle to the weights upwards (°)",
        "cosine with minus the gradient", series, marks=marks,
        y_range=(min(-0.15, 1.1 * float(rows.min())), 1.08),
    )  # fmt: skip
    label = (
        f"Cosine of the contrastive update with minus the gradient in {len(rows)} networks, over "
        f"the angle between the weights downwards and upwards: a median of {middle[0]:.2f} at "
        f"{turned[0]:g} degrees and {middle[-1]:.2f} at {turned[-1]:g}, where it goes from "
        f"{rows[:, -1].min():.2f} to {rows[:, -1].max():.2f}."
    )
    return chart([panel], minus(label), 600, 230)

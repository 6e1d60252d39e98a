"""The energy on the way to rest, and what weights that are not symmetric do to learning."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import minus

Array = np.ndarray
LOWEST = 1e-6  # of the share of the way that is drawn


def draw_energy(energy: Array) -> str:
    """How the energy of each input falls in the free phase: a line for each, above where it ends.

    energy: (T + 1, B), one row for each step, from the start on.
    """
    energy = np.asarray(energy, float)
    above = energy - energy[-1]
    steps = np.arange(float(len(energy)))
    left = above / np.where(above[0] > 0, above[0], 1.0)
    falls = bool((np.diff(energy, axis=0) <= 1e-9 * (1 + np.abs(energy[0]))).all())
    typical = np.median(left, axis=1)
    gone = int(np.argmax(typical <= 0.01))
    series = [Series("", steps, above[:, b], colour="layer3", ghost=True)
              for b in range(energy.shape[1])]  # fmt: skip
    series.append(Series("the typical input", steps, np.median(above, axis=1), colour="voltage"))
    shares = [
        Series("", steps, np.maximum(left[:, b], LOWEST), colour="layer3", ghost=True)
        for b in range(energy.shape[1])
    ]
    shares.append(Series("the typical input", steps, np.maximum(typical, LOWEST), colour="voltage"))
    panels = [
        Panel("The energy falls" if falls else "The energy", "step", "energy above its end",
              series),
        Panel("The same, as the share that is left", "step", "share left", shares, y_log=True,
              y_range=(LOWEST, 2.0), marks=[("y", 0.01, "99 % of the way")]),
    ]  # fmt: skip
    words = "falls in every step for every input" if falls else "rises in some steps"
    label = (
        f"Energy above its end over the steps of the free phase, for {energy.shape[1]} inputs: it "
        f"{words}. The typical input has gone 99 percent of its way after {gone} steps."
    )
    return chart(panels, minus(label), 680, 210)


def draw_asymmetry(found: Mapping[str, Array], guess: float | None = None) -> str:
    """The cosine of the contrastive update with minus the gradient, over the angle by which the
    weights downwards are turned away from those upwards: a dot for each network, and the median.

    found: ``turned`` (T,) degrees, ``cosine`` (S, T), a row for each network. guess: the learner's
    cosine at the largest angle.
    """
    turned = np.asarray(found["turned"], float)
    rows = np.atleast_2d(np.asarray(found["cosine"], float))
    middle = np.median(rows, axis=0)
    series = [
        Series("", turned, rows.max(0), "band", low=rows.min(0), colour="error"),
        Series("", np.tile(turned, len(rows)), rows.ravel(), "points", colour="error"),
        Series("median", turned, middle, colour="error"),
    ]
    marks = [("y", 0.0, "unrelated")]
    if guess is not None:
        marks.append(("y", float(guess), f"you said {guess:g} at {turned[-1]:g}°"))
    panel = Panel(
        "Weights downwards, turned away", "angle to the weights upwards (°)",
        "cosine with the gradient", series, marks=marks,
        y_range=(min(-0.15, 1.1 * float(rows.min())), 1.08),
    )  # fmt: skip
    label = (
        f"Cosine of the contrastive update with minus the gradient in {len(rows)} networks, over "
        f"the angle between the weights downwards and upwards: a median of {middle[0]:.2f} at "
        f"{turned[0]:g} degrees and {middle[-1]:.2f} at {turned[-1]:g}, where it goes from "
        f"{rows[:, -1].min():.2f} to {rows[:, -1].max():.2f}."
    )
    return chart([panel], minus(label), 600, 230)

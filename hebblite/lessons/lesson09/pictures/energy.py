"""The energy on the way to rest."""

from __future__ import annotations

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import minus

Array = np.ndarray
LOWEST = 1e-6  # of the share of the way that is drawn
FEW = 6  # inputs that have a line of their own


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
    # Where there are many inputs, the range of all stands for most of them.
    few = range(min(energy.shape[1], FEW))
    zoom = (0.0, float(min(len(steps) - 1, max(3 * gone, 8))))
    series = [
        Series("all inputs", steps, above.max(axis=1), "band", low=above.min(axis=1),
               colour="layer3"),
        *(Series("", steps, above[:, b], colour="layer3", ghost=True) for b in few),
        Series("the typical input", steps, np.median(above, axis=1), colour="voltage"),
    ]  # fmt: skip
    seen = np.maximum(left, LOWEST)
    shares = [
        Series("all inputs", steps, seen.max(axis=1), "band", low=seen.min(axis=1),
               colour="layer3"),
        *(Series("", steps, seen[:, b], colour="layer3", ghost=True) for b in few),
        Series("the typical input", steps, np.maximum(typical, LOWEST), colour="voltage"),
    ]  # fmt: skip
    panels = [
        Panel("The energy falls" if falls else "The energy", "step", "energy above its end",
              series, x_range=zoom),
        Panel("As the share that is left", "step", "share left", shares, y_log=True,
              y_range=(LOWEST, 2.0), marks=[("y", 0.01, "99 % of the way")]),
    ]  # fmt: skip
    words = "falls in every step for every input" if falls else "rises in some steps"
    label = (
        f"Energy above its end over the steps of the free phase, for {energy.shape[1]} inputs: it "
        f"{words}. The typical input has gone 99 percent of its way after {gone} steps."
    )
    return chart(panels, minus(label), 680, 210)

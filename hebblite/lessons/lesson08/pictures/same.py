"""The energy of Predictive Coding at rest beside the least effort of Deep Feedback Control."""

from __future__ import annotations

import numpy as np

from ....teaching.chart import Panel, Series, chart, limits

Array = np.ndarray


def draw_same(F: Array, H: Array, names: tuple[str, str] = ("F*", "H*")) -> str:
    """F* against H*, a point for each input, with the line on which they are equal; and how far
    apart they are, relative to H*.

    F, H: (B,), above 0.
    """
    F, H = np.asarray(F, float), np.asarray(H, float)
    apart = np.abs(F - H) / H
    low, high = limits([F, H], log=True)
    ends = np.array([low, high])
    floor = 1e-17  # (equal to the last bit)
    shown = np.maximum(apart, floor)
    least, most = limits([shown, np.array([1.0])], log=True)
    panels = [
        Panel(
            "One number, measured in two ways", f"{names[1]}, least effort", f"{names[0]}, energy",
            [Series("equal", ends, ends, colour="layer3"),
             Series("one input", H, F, "points", colour="error")],
            x_log=True, y_log=True, x_range=(low, high), y_range=(low, high)),
        Panel(
            "How far apart", f"{names[1]}, least effort", "relative difference",
            [Series("one input", H, shown, "points", colour="error")],
            x_log=True, y_log=True, x_range=(low, high), y_range=(least, most)),
    ]  # fmt: skip
    label = (
        f"The energy at rest against the least effort for {len(F)} inputs, with the line on which "
        f"they are equal. The largest relative difference is {apart.max():.2g}, the median "
        f"{np.median(apart):.2g}; both go from {H.min():.3g} to {H.max():.3g}."
    )
    return chart(panels, label, 700, 200)

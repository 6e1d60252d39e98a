"""Three updates of every layer, and the angles between them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.predictions import Guess

Array = np.ndarray


def draw_layers(angles: Mapping[str, Array], guess: Guess | None = None) -> str:
    """The angles between pairs of updates, by layer.

    angles: by the name of the pair degrees (L,), the output last. guess: what the learner expects,
    in words."""
    depth = len(next(iter(angles.values())))
    names = [*(f"layer {l + 1}" for l in range(depth - 1)), "output"]
    series = [
        Series(name, np.arange(depth) + 0.12 * (k - 1), np.asarray(each, float), "points")
        for k, (name, each) in enumerate(angles.items())
    ]
    most = max(float(np.max(each)) for each in angles.values())
    heading = "Angle between two updates" + (f" (you said: {guess})" if guess else "")
    panel = Panel(
        heading, "", "angle (°)", series, x_range=(-0.5, depth - 0.5), x_names=names,
        y_range=(-0.05 * most, 1.15 * most),
    )  # fmt: skip
    said = "; ".join(
        f"{name}: " + ", ".join(f"{where} {a:.0f}°" for where, a in zip(names, each, strict=True))
        for name, each in angles.items()
    )
    return chart([panel], f"Angles between pairs of updates. {said}.", 520, 200)

"""Has it converged, and does it matter? Angles and accuracies against the steps of inference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart, limits

Array = np.ndarray
LOOKS = {
    "dh": "dh", "error-based": "error", "backprop": "backprop", "layer 1": "layer1",
    "layer 2": "layer2", "layer 3": "layer3", "output": "layer4",
}  # fmt: skip


def look_of(name: str, k: int) -> str | int:
    """The look of a curve by what stands at the start of its name, or by its number."""
    return next((look for word, look in LOOKS.items() if name.lower().startswith(word)), k)


def curves(values: Mapping[str, Array], x: Array) -> list[Series]:
    """For each name the mean over seeds with a band from the least to the greatest. values: (K,) or
    (S, K); where one is NaN nothing is drawn."""
    series: list[Series] = []
    for k, (name, each) in enumerate(values.items()):
        y, look = np.atleast_2d(np.asarray(each, float)), look_of(name, k)
        seen = np.isfinite(y).all(axis=0)
        y, at = y[:, seen], x[seen]
        if len(y) > 1:
            series.append(Series("", at, y.max(axis=0), "band", y.min(axis=0), colour=look))
        series.append(Series(name, at, y.mean(axis=0), "line+points", colour=look))
    return series


def draw_settling(
    steps: Array,
    angles: Mapping[str, Array],
    accuracy: Mapping[str, Array] | None = None,
    reference: str = "the gradient",
    guess: float | None = None,
) -> str:
    """The angle between an update and ``reference`` against the number of steps of inference, and,
    where they are given, accuracies after training with that many.

    steps: (K,). angles, accuracy: by name degrees and % (K,), or (S, K) for several seeds; NaN
    where a layer learns nothing. guess: the number of steps that the learner expects to be enough.
    """
    x = np.asarray(steps, float)
    ends = limits([x], log=True)
    said_so: list[tuple[str, float, str]] = [("x", guess, f"you said {guess:g}")] if guess else []
    common: dict[str, Any] = {"x_log": True, "x_range": ends, "marks": said_so}
    every = np.concatenate([np.ravel(np.asarray(v, float)) for v in angles.values()])
    most = float(np.max(every, where=np.isfinite(every), initial=0.0))
    panels = [
        Panel(
            f"Angle to {reference}", "steps of inference", "angle (°)", curves(angles, x),
            y_range=(0.0, max(1.15 * most, 10.0)), **common,
        )
    ]  # fmt: skip
    said = [_said(name, v, x, "°") for name, v in angles.items()]
    if accuracy:
        panels.append(
            Panel("Accuracy after training", "steps of inference", "test accuracy (%)",
                  curves(accuracy, x), **common)
        )  # fmt: skip
        said += [_said(f"accuracy, {name}", v, x, " %") for name, v in accuracy.items()]
    label = f"Against the number of steps of inference, from {x[0]:g} to {x[-1]:g}: "
    return chart(panels, label + "; ".join(said) + ".", 700, 190)


def _said(name: str, values: Array, x: Array, unit: str) -> str:
    mean = np.atleast_2d(np.asarray(values, float)).mean(axis=0)
    seen = np.flatnonzero(np.isfinite(mean))
    if not seen.size:
        return f"{name} has none"
    ends = (f"{mean[k]:.1f}{unit} at {x[k]:g}" for k in (seen[0], seen[-1]))
    return f"{name} {' and '.join(ends)}"

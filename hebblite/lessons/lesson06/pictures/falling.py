"""Steps along the learner's slope of the least effort, beside steps of the same lengths along
backprop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from ....teaching.chart import Panel, Series, chart

LOOKS = ("error", "backprop", "dh")


class Falls(Protocol):
    """What one way of learning did, step by step; entry 0 is the start. effort: mean H*. error:
    mean |e|."""

    effort: list[float]
    error: list[float]


def draw_falling(runs: Mapping[str, Falls], guess: Mapping[str, float] | None = None) -> str:
    """Least effort and error over steps, by name of the way of learning: the learner's first, then
    backprop. guess: by name the share of the first least effort that the learner expects to be left
    in the end (%)."""
    left = ", ".join(f"{name} {100 * r.effort[-1] / r.effort[0]:.0f} %" for name, r in runs.items())
    marks = [
        ("y", value / 100 * runs[name].effort[0], f"you said {value:g} % for {name}")
        for name, value in (guess or {}).items()
        if name in runs
    ]
    panels = [
        Panel(f"Remaining H*: {left}", "step", "H*", _series(runs, "effort"),
              y_range=_from_0([run.effort for run in runs.values()]), marks=marks),
        Panel("Error, mean", "step", "|e|", _series(runs, "error"), y_range=_from_0(
            [run.error for run in runs.values()])),
    ]  # fmt: skip
    said = "; ".join(
        f"{name}: the least effort goes from {run.effort[0]:.3g} to {run.effort[-1]:.3g}, the "
        f"error from {run.error[0]:.3g} to {run.error[-1]:.3g}"
        for name, run in runs.items()
    )
    steps = len(next(iter(runs.values())).effort) - 1
    return chart(
        panels, f"Two line charts over {steps} steps. {said}. Remaining: {left}.", 680, 170
    )


def _series(runs: Mapping[str, Falls], what: str) -> list[Series]:
    return [
        Series(name, np.arange(float(len(getattr(run, what)))), np.array(getattr(run, what)),
               "line+points", colour=LOOKS[k % len(LOOKS)])
        for k, (name, run) in enumerate(runs.items())
    ]  # fmt: skip


def _from_0(curves: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Limits of an axis that reaches 0; what is not finite has no say."""
    seen = [y for curve in curves for y in curve if np.isfinite(y)]
    return 0.0, 1.1 * max(seen, default=1.0) or 1.0

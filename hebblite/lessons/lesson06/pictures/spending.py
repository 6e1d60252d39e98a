"""What kinds of feedback spend on an input, compared with what it needs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ..runs.spending import Spending

#: Kinds of feedback, by what stands in their names.
LOOKS = {"dynamic": "voltage", "jacobian": "apical", "transpose": "backprop", "random": "hebb"}


def draw_spending(spent: Mapping[str, Spending], guess: Mapping[str, float] | None = None) -> str:
    """What kinds of feedback spend against the least effort, one point for each input that they put
    right; and how many times the least effort that is.

    spent: by kind of feedback, such as ``runs.spending.on_digits`` makes. Names with "dynamic",
    "jacobian", "transpose" or "random" in them have their own looks. guess: how many times the
    least effort the learner expects, by kind.
    """
    least = np.concatenate([s.least[s.arrived] for s in spent.values()])
    ends = np.array([0.7 * float(least.min()), 1.4 * float(least.max())])
    points = [
        Series(name, s.least[s.arrived], s.effort[s.arrived], "points", colour=_look_of(name, k))
        for k, (name, s) in enumerate(spent.items())
    ]
    times = [
        Series("", np.full(int(s.arrived.sum()), float(k)), s.times, "dots",
               colour=_look_of(name, k))
        for k, (name, s) in enumerate(spent.items())
    ]  # fmt: skip
    said_so = [
        ("y", guess[name], f"you said {guess[name]:g} for {name}")
        for name in spent
        if guess and name in guess
    ]
    panels = [
        Panel("Spent, and needed", "least effort H*", "effort spent",
              [*points, Series("no more than needed", ends, ends, colour="layer3")],
              x_log=True, y_log=True, x_range=(float(ends[0]), float(ends[1]))),
        Panel("Times the least effort", "", "effort / H*", times, y_log=True, x_names=list(spent),
              marks=[("y", 1.0, "no more than needed"), *said_so]),
    ]  # fmt: skip
    said = "; ".join(_spent_in_words(name, s) for name, s in spent.items())
    label = (
        "Two charts of what feedback spends, one point for each input, against the least effort "
        f"and as multiples of it. {said}."
    )
    return chart(panels, label, 680, 260)


def _spent_in_words(name: str, s: Spending) -> str:
    lost = int((~s.arrived).sum())
    if lost == len(s.arrived):
        return f"{name} puts none of {lost} right"
    rest = f", and does not put {lost} of {len(s.arrived)} right" if lost else ""
    return f"{name} spends {np.median(s.times):.4g} times the least (median){rest}"


def _look_of(name: str, k: int) -> str | int:
    return next((look for kind, look in LOOKS.items() if kind in name), k)

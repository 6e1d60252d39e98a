"""Networks that learn from spikes, beside those that learn from rates, and a control."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.seeds import courses, over_seeds, stacked, whole
from ....teaching.numerals import decimals, signed
from ....teaching.schematic import Drawing
from .looks import apart

Array = np.ndarray
Run = Mapping[str, Any]
CHANCE = 10.0  # per cent


def _panel(title: str, runs: Mapping[str, Run], **more: Any) -> tuple[Panel, str]:
    """One panel of courses, and the accuracies at the end."""
    series: list[Series] = []
    told = []
    for (name, run), look in zip(runs.items(), apart(list(runs)), strict=True):
        series += courses(name, run["epochs"], run["accuracy"], look)
        told.append(f"{name} {decimals(float(np.median(stacked(run['accuracy'], 1)[:, -1])), 1)} %")
    longest = max((run["epochs"] for run in runs.values()), key=len)
    settings = {"y_range": (0.0, 100.0), "x_names": whole(longest)} | more
    panel = Panel(title, "epoch", "accuracy (%)", series, **settings)
    return panel, ", ".join(told)


def _seeds(runs: Mapping[str, Run]) -> int:
    return max(len(stacked(run["accuracy"], 1)) for run in runs.values())


def draw_frameworks(frameworks: Mapping[str, Mapping[str, Run]]) -> str:
    """Accuracy over training, a panel for each framework, two in a row.

    frameworks: ``{"DFC": {"STDP": run, "DH": run, "backprop": run, ...}, "PC": ...}`` with runs
    ``{"epochs": (E,), "accuracy": (E,) or (S, E) per cent}``.
    """
    told, drawn, seeds = [], [], 1
    for name, runs in frameworks.items():
        panel, said = _panel(name, runs, marks=[("y", CHANCE, "chance")])
        told.append(f"{name}: {said}")
        seeds = max(seeds, _seeds(runs))
        drawn.append(panel)
    label = (
        "Accuracy over training in each framework. At the end: "
        f"{'; '.join(told)}.{over_seeds(seeds)}"
    )
    if len(drawn) <= 2:
        return chart(drawn, label, 350.0 * max(len(drawn), 1.6), 190)
    rows = [chart(drawn[k : k + 2], label, 350.0 * len(drawn[k : k + 2]), 150)
            for k in range(0, len(drawn), 2)]  # fmt: skip
    heights = [float(row.split('viewBox="')[1].split('"')[0].split()[3]) for row in rows]
    d = Drawing(700, sum(heights) + 4, label)
    y = 0.0
    for row, height in zip(rows, heights, strict=True):
        d.put(row, 0, y)
        y += height + 4
    return d.svg()


def draw_courses(
    runs: Mapping[str, Run],
    said: Mapping[str, float] | float | None = None,
    title: str = "Digits read",
) -> str:
    """Accuracy over training of networks, by what trained them. said: what the learner expects at
    the end, in per cent; by name where there are several."""
    guesses = said if isinstance(said, Mapping) else {"": said}
    marks = [("y", CHANCE, "chance")]
    marks += [
        ("y", float(guess), f"you said {guess:g} %{f' for {name}' if name else ''}")
        for name, guess in guesses.items()
        if guess is not None
    ]
    panel, told = _panel(title, runs, marks=marks)
    label = f"Accuracy over training. At the end: {told}.{over_seeds(_seeds(runs))}"
    return chart([panel], label, 600, 220)


def draw_better(runs: Mapping[str, Run], baseline: str = "DH", at: int = -1) -> str:
    """Which learns better: accuracy over training, and beside it the difference to ``baseline`` of
    each network at epoch number ``at`` (the last), a dot for each seed.

    runs: ``{name: {"epochs": (E,), "accuracy": (S, E) per cent}}``, the same seeds in each.
    """
    lows = [float(stacked(run["accuracy"], 1)[:, 1:].min()) for run in runs.values()]
    left, told = _panel("Digits read", runs, y_range=None if min(lows) > 60 else (0.0, 100.0))
    if min(lows) > 60:
        highs = [float(stacked(run["accuracy"], 1).max()) for run in runs.values()]
        left.y_range = (min(lows) - 2, max(highs) + 2)
    base = stacked(runs[baseline]["accuracy"], 1)[:, at]
    looks = dict(zip(runs, apart(list(runs)), strict=True))
    series: list[Series] = []
    names: list[str] = []
    differs = []
    for name in runs:
        if name == baseline:
            continue
        gain = stacked(runs[name]["accuracy"], 1)[:, at] - base
        kind = "dots" if len(gain) > 1 else "points"
        series.append(
            Series("", np.full(len(gain), float(len(names))), gain, kind, colour=looks[name])
        )
        names.append(name)
        differs.append(
            f"{name} {signed(float(np.median(gain)), 1)} points, better in "
            f"{int((gain > 0).sum())} of {len(gain)}"
        )
    right = Panel(
        "Difference at the end, by seed", "", "points", series, x_names=names,
        x_range=(-0.6, len(names) - 0.4), marks=[("y", 0.0, baseline)],
    )  # fmt: skip
    label = (
        f"Accuracy over training: {told} at the end. Differences to {baseline}, a dot for each "
        f"seed: {'; '.join(differs)}.{over_seeds(_seeds(runs))}"
    )
    return chart([left, right], label, 700, 220)

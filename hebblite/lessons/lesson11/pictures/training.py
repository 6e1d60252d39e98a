"""Networks that learn from spikes, beside those that learn from rates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.seeds import courses, over_seeds, stacked
from ....teaching.numerals import decimals, signed
from ....teaching.schematic import Drawing
from .looks import apart

Array = np.ndarray
Run = Mapping[str, Any]


def at_the_end(run: Run) -> float:
    """The accuracy after the last epoch (%), the median over seeds."""
    return float(np.median(stacked(run["accuracy"], 1)[:, -1]))


def _panel(title: str, runs: Mapping[str, Run], **more: Any) -> tuple[Panel, str]:
    """One panel of courses, from the first epoch on, and the accuracies at the end, which stand
    with the names."""
    series: list[Series] = []
    told = []
    for (name, run), look in zip(runs.items(), apart(list(runs)), strict=True):
        end = at_the_end(run)
        rows = stacked(run["accuracy"], 1)[:, 1:]
        series += courses(f"{name} {decimals(end, 0)} %", run["epochs"][1:], rows, look)
        told.append(f"{name} {decimals(end, 1)} %")
    low, high = lowest_and_highest(runs)
    settings = {"y_range": (low - 2, high + 2)} | more
    panel = Panel(title, "epoch", "accuracy (%)", series, **settings)
    return panel, ", ".join(told)


def lowest_and_highest(runs: Mapping[str, Run]) -> tuple[float, float]:
    """Of all accuracies after the first epoch and later."""
    found = [stacked(run["accuracy"], 1)[:, 1:] for run in runs.values()]
    return min(float(rows.min()) for rows in found), max(float(rows.max()) for rows in found)


def _seeds(runs: Mapping[str, Run]) -> int:
    return max(len(stacked(run["accuracy"], 1)) for run in runs.values())


def draw_frameworks(frameworks: Mapping[str, Mapping[str, Run]]) -> str:
    """Accuracy over training, a panel for each framework, two in a row, from the first epoch on,
    each on an axis of its own.

    frameworks: ``{"DFC": {"STDP": run, "DH": run, "backprop": run, ...}, "PC": ...}`` with runs
    ``{"epochs": (E,), "accuracy": (E,) or (S, E) per cent}``.
    """
    told, drawn, seeds = [], [], 1
    for name, runs in frameworks.items():
        panel, said = _panel(name, runs)
        told.append(f"{name}: {said}")
        seeds = max(seeds, _seeds(runs))
        drawn.append(panel)
    label = (
        "Accuracy over training in each framework, from the first epoch on. At the end: "
        f"{'; '.join(told)}.{over_seeds(seeds)}"
    )
    if len(drawn) <= 2:
        return chart(drawn, label, 350.0 * max(len(drawn), 1.6), 210)
    rows = [chart(drawn[k : k + 2], label, 350.0 * len(drawn[k : k + 2]), 190)
            for k in range(0, len(drawn), 2)]  # fmt: skip
    heights = [float(row.split('viewBox="')[1].split('"')[0].split()[3]) for row in rows]
    d = Drawing(700, sum(heights) + 4, label)
    y = 0.0
    for row, height in zip(rows, heights, strict=True):
        d.put(row, 0, y)
        y += height + 4
    return d.svg()


def draw_courses(runs: Mapping[str, Run], title: str = "Digits read") -> str:
    """Accuracy over training of networks, by what trained them, which may take as long as they
    like; a mark where the first of them ends."""
    first, run = next(iter(runs.items()))
    end = at_the_end(run)
    panel, told = _panel(title, runs, marks=[("y", end, f"{first}, at the end")])
    longest = max(int(run["epochs"][-1]) for run in runs.values())
    label = (
        f"Accuracy over up to {longest} epochs of training. At the end: {told}."
        f"{over_seeds(_seeds(runs))}"
    )
    return chart([panel], label, 600, 220)


def draw_better(runs: Mapping[str, Run], baseline: str = "DH") -> str:
    """Which learns better: accuracy over training, and beside it the difference to ``baseline``
    over the epochs, network by network.

    runs: ``{name: {"epochs": (E,), "accuracy": (S, E) per cent}}``, the same seeds in each.
    """
    left, told = _panel("Digits read", runs)
    base = stacked(runs[baseline]["accuracy"], 1)
    looks = dict(zip(runs, apart(list(runs)), strict=True))
    series: list[Series] = []
    differs = []
    for name, run in runs.items():
        if name == baseline:
            continue
        gain = stacked(run["accuracy"], 1) - base
        series += courses(name, run["epochs"][1:], gain[:, 1:], looks[name])
        differs.append(
            f"{name} {signed(float(np.median(gain[:, -1])), 1)} points, better in "
            f"{int((gain[:, -1] > 0).sum())} of {len(gain)}"
        )
    right = Panel(
        f"Ahead of {baseline}, on the same network", "epoch", "points", series,
        marks=[("y", 0.0, baseline)],
    )  # fmt: skip
    label = (
        f"Accuracy over training: {told} at the end. Differences to {baseline} at the end: "
        f"{'; '.join(differs)}.{over_seeds(_seeds(runs))}"
    )
    return chart([left, right], label, 700, 230)

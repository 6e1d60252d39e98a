"""The paper's curves from our runs: angles and surprise over training, STDP against samples, and
the controller's error over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.seeds import courses, over_seeds, stacked
from ....teaching.colours import layer
from ....teaching.numerals import decimals, rounded
from .looks import apart

Array = np.ndarray

DEGREES = 95.0


def draw_angles(angles: Mapping[str, Any], pairs: Sequence[str] = (), together: bool = True) -> str:
    """Angles between pairs of updates over training, a panel for each of up to two pairs and in
    it a curve for each layer.

    angles: ``{"epochs": (E,), "DH to backprop": (E, L) or (S, E, L) degrees, ...}``. together: the
    last column is of all weights. pairs: which ones to draw, the first two if not given.
    """
    epochs = np.asarray(angles["epochs"], float)
    names = list(pairs) or [name for name in angles if name != "epochs"][:2]
    top = max(DEGREES, *(1.05 * float(np.nanmax(angles[name])) for name in names))
    panels, told, seeds = [], [], 1
    for name in names:
        rows = stacked(angles[name], 2)
        seeds = max(seeds, len(rows))
        depth = rows.shape[2] - together
        series: list[Series] = []
        for l in range(rows.shape[2]):
            words = f"layer {l + 1}" if l < depth else "all weights"
            look = layer(l + 1) if l < depth else "error"
            series += courses(words, epochs, rows[:, :, l], look)
            middle = np.nanmedian(rows[:, :, l], axis=0)
            told.append(
                f"{name}, {words} {decimals(middle[0], 0)} to {decimals(middle[-1], 0)}, at most "
                f"{decimals(float(np.nanmax(rows[:, :, l])), 0)}"
            )
        panels.append(
            Panel(name, "epoch", "angle (°)", series, y_range=(-2.0, top),
                  marks=[("y", 90.0, "right angle")])
        )  # fmt: skip
    label = f"Angles between updates over training, in degrees: {'; '.join(told)}."
    return chart(panels, label + over_seeds(seeds), 350.0 * max(len(panels), 1.6), 230)


def draw_surprise(found: Mapping[str, Any]) -> str:
    """The feedback over training while labels are shifted and, from the epoch ``"change"`` on,
    right; on a logarithmic axis.

    found: ``{"epochs": (E,), "change": epoch}`` and by the method's name (E,) or (S, E), with the
    epoch of the change twice.
    """
    epochs, change = np.asarray(found["epochs"], float), float(found["change"])
    names = [name for name in found if name not in ("epochs", "change")]
    series: list[Series] = []
    told, seeds = [], 1
    for name, look in zip(names, apart(names), strict=True):
        rows = stacked(found[name], 1)
        seeds = max(seeds, len(rows))
        went = ~np.isnan(rows).all(axis=0)  # as far as any run of this method did
        own, rows = epochs[went], rows[:, went]
        series += courses(name, own, rows, look)
        middle = np.nanmedian(rows, axis=0)
        k = int(np.searchsorted(own, change))  # the last epoch of shifted labels
        before, after = middle[k : k + 2]
        told.append(
            f"{name} {rounded(middle[0], 2)} at first, {rounded(before, 2)} before the change, "
            f"{rounded(after, 2)} after it, {rounded(middle[-1], 2)} after epoch {own[-1]:g}"
        )
    panel = Panel(
        "Feedback that the teacher needs", "epoch", "feedback", series, y_log=True,
        bands=[("x", float(epochs[0]), change, "labels shifted")],
    )  # fmt: skip
    label = (
        f"Feedback over training. Up to epoch {change:g} labels are shifted, then they are right: "
        f"{'; '.join(told)}."
    )
    return chart([panel], label + over_seeds(seeds), 640, 230)


def draw_samples(found: Mapping[str, Any]) -> str:
    """The cosine of STDP with DH over the number of trains, a curve for each layer, and as a pale
    line that of its expectation: what more trains lead to.

    found: ``{"trains": (K,), "cosine": (K, L) or (S, K, L), "expected": (L,) or (S, L)}``; with
    ``"together": True`` if the last column is of all weights.
    """
    trains, rows = np.asarray(found["trains"], float), stacked(found["cosine"], 2)
    expected = stacked(found["expected"], 1) if "expected" in found else None
    series: list[Series] = []
    told = []
    for l in range(rows.shape[2]):
        whole = bool(found.get("together")) and l == rows.shape[2] - 1
        name, look = ("all weights", "stdp") if whole else (f"layer {l + 1}", layer(l + 1))
        series += courses(name, trains, rows[:, :, l], look, "line+points")
        first, last = np.nanmedian(rows[:, [0, -1], l], axis=0)
        words = f"{name} {decimals(first, 2)} to {decimals(last, 2)}"
        if expected is not None:
            level = float(np.nanmedian(expected[:, l]))
            flat = np.full(len(trains), level)
            key = "expectation" if l == 0 else ""
            series.append(Series(key, trains, flat, colour=look, ghost=True))
            words += f", expectation {decimals(level, 2)}"
        told.append(words)
    low = min(-0.05, float(np.nanmin(rows)) - 0.03)
    panel = Panel("STDP against DH", "trains averaged", "cosine with DH", series, x_log=True,
                  y_range=(low, 1.05))  # fmt: skip
    label = (
        f"Cosines of STDP with DH, from {trains[0]:g} to {trains[-1]:g} trains: {'; '.join(told)}."
    )
    return chart([panel], label + over_seeds(len(rows)), 620, 240)


def draw_error(found: Mapping[str, Any]) -> str:
    """The error of the output over time under the controller, a curve for each of up to four
    epochs, the first as a pale one, on a logarithmic axis.

    found: ``{"ms": (T,), "error": (E, T) or (S, E, T), "epochs": (E,)}``.
    """
    ms, rows = np.asarray(found["ms"], float), stacked(found["error"], 2)
    epochs = np.asarray(found["epochs"], float)
    chosen = np.unique(np.linspace(0, len(epochs) - 1, 4).round().astype(int))
    series: list[Series] = []
    told = []
    for place, k in enumerate(chosen):
        name = f"epoch {epochs[k]:g}" if epochs[k] else "untrained"
        middle = np.nanmedian(rows[:, k], axis=0)
        if k == 0:
            series.append(Series(name, ms, middle, colour="layer3", ghost=True))
        else:
            series += courses(name, ms, rows[:, k], 2 + place)
        told.append(f"{name} from {decimals(middle[0], 2)} to {decimals(middle[-1], 2)}")
    panel = Panel("The controller at work", "time since the teacher came (ms)", "error |e|", series,
                  y_log=True, y_range=(0.8 * float(np.nanmin(rows[:, chosen])), 1.3))  # fmt: skip
    label = f"The output's error over {ms[-1]:g} ms under the controller: {'; '.join(told)}."
    return chart([panel], label + over_seeds(len(rows)), 620, 230)


def draw_together(found: Mapping[str, Any]) -> str:
    """Several losses over training, each in parts of its first value, on a logarithmic axis; a
    panel for each method.

    found: by the method's name ``{"epochs": (E,), "error |e|": (E,) or (S, E), "feedback": ...,
    "latency": ...}``, up to two methods.
    """
    panels, told, seeds = [], [], 1
    looks: dict[str, str | int] = {"error": "error", "feedback": "apical", "latency": "basal"}
    for method, losses in list(found.items())[:2]:
        series: list[Series] = []
        for k, (name, values) in enumerate((n, v) for n, v in losses.items() if n != "epochs"):
            rows = stacked(values, 1)
            rows = rows / rows[:, :1]
            seeds = max(seeds, len(rows))
            look = next((c for part, c in looks.items() if part in name), k)
            series += courses(name, losses["epochs"], rows, look)
            last = float(np.nanmedian(rows[:, -1]))
            told.append(f"{method}, {name} to {rounded(last, 2)} of its first value")
        panels.append(Panel(method, "epoch", "in parts of the first", series, y_log=True))
    lows = [float(np.nanmin(s.y[s.y > 0])) for p in panels for s in p.series]
    for panel in panels:
        panel.y_range = (0.8 * min(lows), 1.6)
    label = f"Losses over training: {'; '.join(told)}."
    return chart(panels, label + over_seeds(seeds), 350.0 * max(len(panels), 1.6), 220)

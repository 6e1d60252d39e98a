"""Networks that learn: with random top-down weights, and with interneurons that learn too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.seeds import courses, over_seeds, stacked, whole
from ....teaching.colours import layer
from ....teaching.numerals import decimals
from .looks import in_words, look_of

Array = np.ndarray
Run = Mapping[str, Any]

#: The looks of top-down weights.
LOOKS = {"transpose": "dh", "random": "apical"}


def _accuracy(runs: Mapping[str, Run]) -> tuple[Panel, str]:
    series: list[Series] = []
    said = []
    for k, (name, run) in enumerate(runs.items()):
        series += courses(name, run["epochs"], run["accuracy"], LOOKS.get(name, k))
        last = float(np.median(stacked(run["accuracy"], 1)[:, -1]))
        said.append(f"{name} {decimals(last, 1)} %")
    panel = Panel("Digits read", "epoch", "accuracy (%)", series, x_names=_names(runs))
    return panel, ", ".join(said)


def _names(runs: Mapping[str, Run]) -> list[str]:
    return whole(max((run["epochs"] for run in runs.values()), key=len))


def _seeds(runs: Mapping[str, Run]) -> int:
    return max(len(stacked(run["accuracy"], 1)) for run in runs.values())


def _height(*values: Array) -> float:
    return 1.08 * max(float(np.max(v)) for v in values)


def draw_random(runs: Mapping[str, Run]) -> str:
    """The angles of the hidden updates to backprop over training with random top-down weights, and
    pale with transposed ones; and beside them what the networks learn.

    runs: ``{"transpose": run, "random": run}`` with ``{"epochs": (E,), "accuracy": (E,) or (S, E)
    per cent, "angles": (E, n) or (S, E, n) degrees, of layers 1..n}``.
    """
    series: list[Series] = []
    said = []
    top = max(95.0, _height(*(np.asarray(run["angles"]) for run in runs.values())))
    for name, run in runs.items():
        angles = stacked(run["angles"], 2)
        for l in range(angles.shape[2]):
            words, look = f"{name}, layer {l + 1}", layer(l + 1)
            first, last = np.median(angles[:, [0, -1], l], axis=0)
            said.append(f"{words} {first:.0f} to {last:.0f} degrees")
            if name == "random":
                series += courses(words, run["epochs"], angles[:, :, l], look)
            else:
                middle, key = np.median(angles[:, :, l], axis=0), name if l == 0 else ""
                series.append(Series(key, run["epochs"], middle, colour=look, ghost=True))
    angle = Panel(
        "Angle to backprop", "epoch", "angle (°)", series, y_range=(0.0, top),
        marks=[("y", 90.0, "right angle")], x_names=_names(runs),
    )  # fmt: skip
    accuracy, reads = _accuracy(runs)
    label = (
        f"Angles of updates to backprop's over training: {'; '.join(said)}. Beside them what the "
        f"networks learn: {reads} at the end."
    )
    return chart([angle, accuracy], label + over_seeds(_seeds(runs)), 700, 220)


def draw_keeping_up(runs: Mapping[str, Run], said: Mapping[str, float] | None = None) -> str:
    """What networks learn while their interneurons learn beside them, pale with exact lateral
    weights.

    runs: ``{"dh": run, "error-based": run, "dh, exact": run, "backprop": run}``, any of them, with
    ``{"epochs": (E,), "accuracy": (E,) or (S, E) per cent}``. said: what the learner expects at
    the end, in per cent, such as ``{"DH": 70, "error-based": 40}``.
    """
    series: list[Series] = []
    told = []
    for k, (name, run) in enumerate(runs.items()):
        words, look = in_words(name), look_of(name, k)
        accuracy = stacked(run["accuracy"], 1)
        if ", " in name:
            middle = np.median(accuracy, axis=0)
            series.append(Series(words, run["epochs"], middle, colour=look, ghost=True))
        else:
            series += courses(words, run["epochs"], accuracy, look)
        told.append(f"{words} {decimals(float(np.median(accuracy[:, -1])), 1)} %")
    marks = [
        ("y", float(guess), f"you said {guess:g} % for {name}")
        for name, guess in (said or {}).items()
        if guess is not None
    ]
    panel = Panel("Interneurons learn along", "epoch", "accuracy (%)", series,
                  y_range=(0.0, 100.0), x_names=_names(runs), marks=marks)  # fmt: skip
    label = (
        "Accuracy over training while the interneurons keep up with the forward weights. At the "
        f"end: {', '.join(told)}."
    )
    return chart([panel], label + over_seeds(_seeds(runs)), 560, 220)


# ---------------------------------------------------------------------- what is left over

RULES = (("dh", "DH", "dh"), ("error-based", "error-based", "error"))


def draw_left_over(rounds: Mapping[str, Array]) -> str:
    """What the apical voltage that is left over does to the two rules: their angle to backprop,
    against how much is left, a panel for each of the first two layers. Learning goes to the right.

    rounds: ``{"left": (R, L-1) or (S, R, L-1) per cent, "dh", "error-based": (R, L) or (S, R, L)
    degrees, "exact dh", "exact error-based": (L,)}``, the last two with exact lateral weights.
    """
    left = stacked(rounds["left"], 2)
    count = min(2, left.shape[2])
    many = {key: stacked(rounds[key], 2) for key, *_ in RULES}
    top = max(90.0, _height(*(a[:, :, :count] for a in many.values())))
    shares = np.maximum(left[:, :, :count], 1e-9)
    panels, said = [], []
    for l in range(count):
        x = np.median(shares[:, :, l], axis=0)
        series = []
        for key, name, look in RULES:
            series += courses(name, x, many[key][:, :, l], look, "line+points")
            exact = float(np.ravel(rounds[f"exact {key}"])[l])
            series.append(
                Series(f"{name}, exact", shares_range(shares), np.full(2, exact), colour=look,
                       ghost=True)
            )  # fmt: skip
            first, last = np.median(many[key][:, [0, -1], l], axis=0)
            said.append(
                f"layer {l + 1}, {name}: from {first:.0f} to {last:.0f} degrees, exact {exact:.0f}"
            )
        low, high = shares_range(shares)
        panels.append(
            Panel(f"Layer {l + 1}", "left of the apical voltage (%), less to the right",
                  "angle to backprop (°)", series, x_log=True,
                  x_range=(float(high), float(low)), y_range=(0.0, top))
        )  # fmt: skip
    label = (
        "Angles of two rules to backprop against what is left of the apical voltage without a "
        f"teacher, which falls to the right, on a logarithmic axis. {'; '.join(said)}."
    )
    return chart(panels, label + over_seeds(len(left)), 350 * count if count > 1 else 520, 220)


def shares_range(shares: Array) -> Array:
    """A little less than the smallest share, and a little more than the largest."""
    return np.array([float(shares.min()) / 1.15, float(shares.max()) * 1.15])

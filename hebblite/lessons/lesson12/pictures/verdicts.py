"""Intervals of a difference, the tolerance, and what follows from both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import decimals

Array = np.ndarray

LOOKS = {"agrees": "rate", "cannot tell": "backprop", "differs": "apical"}


def draw_verdicts(
    names: Sequence[str], values: Array, left: Array, right: Array, verdicts: Sequence[str],
    tolerance: float, beside: str,
) -> str:  # fmt: skip
    """How much more DH reads, framework by framework: a dot a seed, the interval of the mean, the
    tolerance as a line, and the verdict under each.

    values: (S, K) points. left, right: (K,). verdicts: in words.
    """
    mean = np.asarray(values).mean(axis=0)
    series, told = [], []
    for k, name in enumerate(names):
        x = np.full(len(values), float(k))
        series.append(Series("", x - 0.16, values[:, k], "points", colour="dh"))
        ends = np.array([[mean[k] - left[k]], [right[k] - mean[k]]])
        look = LOOKS[verdicts[k]]
        series.append(Series("", x[:1] + 0.1, mean[k : k + 1], "points", colour=look, error=ends))
        told.append(
            f"{name} {decimals(mean[k], 2)} points, from {decimals(left[k], 2)} to "
            f"{decimals(right[k], 2)}: {verdicts[k]}"
        )
    panel = Panel(
        f"DH minus {beside}: seeds, mean and 95 %", "", "difference (points)", series,
        x_range=(-0.5, len(names) - 0.5), y_range=(-2.5, 2.0),
        x_names=[f"{name}: {v}" for name, v in zip(names, verdicts, strict=True)],
        marks=[("y", -tolerance, f"tolerance: {decimals(tolerance, 2)} points less")],
    )  # fmt: skip
    label = f"DH minus {beside}, with a tolerance of {decimals(tolerance, 2)} points. "
    return chart([panel], label + "; ".join(told) + ".", 640, 240)


def draw_alike(found: dict[str, Array], title: str) -> str:
    """Cosines of changes with those under backprop: {with whom: (S,)}, a dot a seed."""
    names = list(found)
    series = [
        Series("", np.full(len(y), float(k)), np.asarray(y, float), "dots",
               colour="dh" if name == "DH" else "backprop")
        for k, (name, y) in enumerate(found.items())
    ]  # fmt: skip
    panel = Panel(
        title, "", "cosine", series, y_range=(-0.3, 1.0), x_range=(-0.5, len(names) - 0.5),
        x_names=[name.removeprefix("backprop, ") for name in names],
        marks=[("y", 0.0, "nothing in common")],
    )  # fmt: skip
    told = ", ".join(f"{name} {decimals(float(np.median(y)), 2)}" for name, y in found.items())
    return chart([panel], f"Cosine with backprop's changes. Medians: {told}.", 640, 230)


def draw_widths(tolerance: float = 1.0, spread: float = 0.5) -> str:
    """Half the interval's width over the number of seeds, for one spread of the differences."""
    from ..equations import student

    n = np.arange(2, 21)
    half = np.array([student(int(k)) * spread / np.sqrt(k) for k in n])
    enough = n[half <= tolerance]
    first = int(enough[0]) if len(enough) else None
    panel = Panel(
        "Half the width of the interval", "seeds", "points",
        [Series("factor times σ / √N", n, half, "line+points", colour="dh")], y_range=(0.0, 5.0),
        x_range=(1.0, 21.0), marks=[("y", tolerance, f"tolerance {decimals(tolerance, 2)}")],
    )  # fmt: skip
    told = f"below the tolerance from {first} seeds on" if first else "never below the tolerance"
    return chart(
        [panel], f"Half width {decimals(half[0], 1)} points with 2 seeds, {told}.", 560, 220
    )

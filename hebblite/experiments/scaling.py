"""The cost of a batch against depth, width, batch and steps: does it grow as the products do?"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..extras import needed_for
from ..frameworks import DeepFeedbackControl
from . import bench
from .cases import Case


def scaling(repeats: int = 3) -> dict[str, list[dict[str, Any]]]:
    """Seconds per batch of Deep Feedback Control with DH against depth, width, batch and steps,
    each varied alone around 784-256-256-256-10, batch 128, 100 steps."""

    def one(depth: int = 3, width: int = 256, batch: int = 128, steps: int = 100) -> float:
        case = Case(
            "dfc", "dfc", lambda: DeepFeedbackControl(steps=steps),
            (784, *[width] * depth, 10), "sigmoid", batch,
        )  # fmt: skip
        return bench.timing(case, "dh", repeats).seconds

    ranges: dict[str, list[int]] = {
        "depth": [1, 2, 3, 4, 6, 8],
        "width": [32, 64, 128, 256, 512, 1024],
        "batch": [1, 8, 32, 64, 128, 256, 512],
        "steps": [10, 50, 100, 200, 400, 800],
    }
    return {
        name: [{name: value, "seconds": one(**{name: value})} for value in values]
        for name, values in ranges.items()
    }


def plot_scaling(measured: dict[str, list[dict[str, Any]]], path: str) -> None:
    """Four panels. Depth beside a straight line: the first hidden layer has no product at every
    step. The others on log-log axes, each with the line of proportionality through its last point;
    products go with the square of the width."""
    with needed_for("A figure of the cost"):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 3.2), layout="constrained")
    units = {"depth": "hidden layers", "width": "neurons per hidden layer", "batch": "inputs",
             "steps": "Euler steps"}  # fmt: skip
    for axes, (name, rows) in zip(figure.subplots(1, 4), measured.items(), strict=True):
        x = np.array([row[name] for row in rows], float)
        y = np.array([row["seconds"] for row in rows]) * 1e3
        axes.plot(x, y, "o-", color="#0072B2", label="measured")
        if name == "depth":
            line, label = np.polyval(np.polyfit(x, y, 1), x), "straight line"
            axes.set_ylim(bottom=0)
        else:
            slope = 2 if name == "width" else 1
            line, label = y[-1] * (x / x[-1]) ** slope, f"slope {slope}"
            axes.set_xscale("log")
            axes.set_yscale("log")
        axes.plot(x, line, "--", color="#666666", label=label)
        axes.set_xticks(x, [f"{value:.0f}" for value in x], fontsize=7)
        axes.set_xticks([], minor=True)
        axes.set_xlabel(f"{name} ({units[name]})")
        axes.legend(fontsize=8)
    figure.axes[0].set_ylabel("time per batch (ms)")
    FigureCanvasAgg(figure).print_figure(path, dpi=150)

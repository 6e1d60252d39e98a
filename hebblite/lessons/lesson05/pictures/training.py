"""Pictures of training runs: angles and steps over learning, and one constant of Adam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ..runs.training import Run
from .breaks import by_layer

Array = np.ndarray
LOOKS = {
    "differential Hebbian": "dh", "error-based": "error", "backprop": "backprop",
}  # fmt: skip


def draw_angles(
    rows: Mapping[str, Sequence[float]], guess: Mapping[str, float] | None = None
) -> str:
    """Angles of DH to backprop in each layer, several rows of (L,). guess: the learner's, by
    "layer 1" and so on."""
    depth = len(next(iter(rows.values())))
    x = np.arange(float(depth))
    names = [f"layer {l}" for l in range(1, depth + 1)]
    series = [
        Series(name, x, np.array(row, float), "line+points", colour=colour)
        for colour, (name, row) in zip(("dh", "rate", "voltage"), rows.items(), strict=False)
    ]
    if guess:
        series.append(Series("you said", x, np.array([guess[n] for n in names]), "line+points",
                             colour="error"))  # fmt: skip
    said = "; ".join(f"{name} {', '.join(f'{a:.0f}' for a in row)}" for name, row in rows.items())
    label = f"Angles of DH to backprop in layers 1 to {depth}, in degrees: {said}."
    panel = Panel(
        "Angle to backprop before training", "", "angle (°)", series, x_range=(-0.3, depth - 0.7),
        y_range=(0, 95), x_names=names, marks=[("y", 90.0, "unrelated")],
    )  # fmt: skip
    return chart([panel], label, 560)


def draw_learning(run: Run) -> str:
    """Angles and largest eigenvalue of P, per layer, over learning."""
    largest = np.array(run.largest)
    top = max(50.0, 1.1 * float(np.max(run.angles)))
    panels = [
        Panel("Angle to backprop", "epoch", "angle (°)", by_layer(run.angles), y_range=(0, top)),
        Panel("Largest eigenvalue of Pₗ", "epoch", "λ max", by_layer(run.largest)),
    ]
    label = (
        "Two line charts over epochs, one line for each of the four layers. Left: the angle "
        f"between the differential Hebbian update and backprop's, at the end "
        f"{', '.join(f'{a:.0f}' for a in run.angles[-1])} degrees from layer 1 up. Right: the "
        f"largest eigenvalue of P, at the end {', '.join(f'{v:.1f}' for v in largest[-1])}."
    )
    return chart(panels, label, 680)


def draw_steps(runs: Mapping[str, Run]) -> str:
    """Length of the last update over that of k_p times the gradient, per layer."""
    found = {name: np.array(run.gain[-1]) for name, run in runs.items()}
    layers = np.arange(4.0)
    series = [Series(name, layers, y, "bars", colour=LOOKS[name]) for name, y in found.items()]
    words = "; ".join(f"{name} {', '.join(f'{v:.2f}' for v in y)}" for name, y in found.items())
    label = f"Bar chart of the size of an update against the gradient in layers 1 to 4: {words}."
    names = [f"layer {l + 1}" for l in range(4)]
    panel = Panel(
        "Step, relative to kₚ times the gradient", "", "|ΔW| / kₚ|∂L/∂W|", series, x_names=names,
        marks=[("y", 1.0, "as long as kₚ times the gradient")],
    )  # fmt: skip
    return chart([panel], label, 480)


def draw_adam(runs: Mapping[tuple[str, float], tuple[Array, Any]]) -> str:
    """Accuracy per epoch for both kinds of feedback and both values of eps."""
    names = {"jacobian": "aligned", "random": "random"}
    powers = {9e-5: "9·10⁻⁵", 1e-8: "10⁻⁸"}
    series, ends = [], []
    for (feedback, eps), (accuracy, _) in runs.items():
        name = f"{names[feedback]} feedback, eps = {powers[eps]}"
        epochs = np.arange(1.0, 1 + len(accuracy))
        series.append(Series(name, epochs, np.asarray(accuracy), "line+points"))
        ends.append(f"{name}: {accuracy[-1]:.0f} percent")
    panel = Panel(
        "One constant of the optimiser", "epoch", "accuracy (%)", series, y_range=(0, 100),
        marks=[("y", 10.0, "a blind guess")],
    )  # fmt: skip
    label = f"Line chart of test accuracy, at the end {'; '.join(ends)}."
    return chart([panel], label, 620)

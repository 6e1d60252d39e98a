"""Pictures of training runs: the race, angles and steps over learning, and what broke."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ..runs.training import BREAKS, Run

Array = np.ndarray


def draw_race(runs: dict[str, list[Run]]) -> str:
    """Left: test accuracy of the racers, mean over seeds. Right: points behind backprop from the
    same weights, mean over seeds with the band from worst to best."""
    twins = np.array([run.accuracy for run in runs["backprop"]])[:, 1:]
    epochs = np.arange(1.0, 1 + twins.shape[1])
    left, right, ends = [], [], []
    for j, (name, several) in enumerate(runs.items()):
        accuracy = np.array([run.accuracy for run in several])[:, 1:]
        left.append(Series(name, epochs, accuracy.mean(0), "line+points", colour=j))
        ends.append(f"{name} ends at {accuracy[:, -1].mean():.1f} percent")
        if name == "backprop":
            continue
        behind = twins - accuracy
        right.append(Series("", epochs, behind.max(0), "band", behind.min(0), j))
        right.append(Series(name, epochs, behind.mean(0), "line+points", colour=j))
        ends[-1] += f", {behind[:, -1].mean():.1f} points behind backprop"
    label = f"Two line charts over epochs, means of {len(twins)} seeds: {'; '.join(ends)}."
    panels = [
        Panel("Mean over the seeds", "epoch", "test accuracy (%)", left),
        Panel(
            "Behind backprop (band: worst to best)", "epoch", "difference (points)", right,
            marks=[("y", 0.0, "no difference")],
        ),
    ]  # fmt: skip
    return chart(panels, label, 680)


def _by_layer(rows: Any, kind: str = "line+points") -> list[Series]:
    table = np.array(rows)
    epochs = np.arange(float(len(table)))
    return [Series(f"layer {l + 1}", epochs, y, kind) for l, y in enumerate(table.T)]


def draw_learning(run: Run) -> str:
    """Angles, largest eigenvalue and size of the step, per layer, over learning."""
    largest = np.array(run.largest)
    top = max(50.0, 1.1 * float(np.max(run.angles)))
    panels = [
        Panel(
            "Angle to backprop", "epoch", "angle (degrees)", _by_layer(run.angles), y_range=(0, top)
        ),
        Panel("Largest eigenvalue of Pₗ", "epoch", "λ max (no unit)", _by_layer(largest)),
    ]
    label = (
        "Two line charts over epochs, one line for each of the four layers. Left: the angle "
        f"between the differential Hebbian update and backprop's, at the end "
        f"{', '.join(f'{a:.0f}' for a in run.angles[-1])} degrees from layer 1 up. Right: the "
        f"largest eigenvalue of P, at the end {', '.join(f'{v:.1f}' for v in largest[-1])}."
    )
    return chart(panels, label, 680)


def draw_steps(runs: dict[str, list[Run]]) -> str:
    """Length of the last update over that of k_p times the gradient, per layer, mean of seeds."""
    found = {
        name: np.mean([run.gain[-1] for run in runs[name]], axis=0)
        for name in ("differential Hebbian", "error-based")
    }
    layers = np.arange(4.0)
    series = [Series(name, layers, y, "bars") for name, y in found.items()]
    words = "; ".join(f"{name} {', '.join(f'{v:.2f}' for v in y)}" for name, y in found.items())
    label = f"Bar chart of the size of an update against the gradient in layers 1 to 4: {words}."
    names = [str(l + 1) for l in range(4)]
    panel = Panel(
        "Step, relative to the gradient", "layer", "|ΔW| / k|∂L/∂W| (no unit)", series,
        x_names=names,
    )  # fmt: skip
    return chart([panel], label, 420)


def draw_break(mode: str, runs: dict[str, Run]) -> str:
    """Accuracy and angles of one broken run, beside the whole one."""
    run, whole = runs[mode], runs["nothing broken"]
    series = [
        Series(
            "nothing broken", np.arange(float(len(whole.accuracy))), np.array(whole.accuracy),
            "line+points", colour=5,
        )
    ]  # fmt: skip
    last = run.accuracy[-1] if run.accuracy else float("nan")
    if mode != "nothing broken" and run.accuracy:
        epochs = np.arange(float(len(run.accuracy)))
        series.append(Series(mode, epochs, np.array(run.accuracy), "line+points", colour=3))
    angles = run.angles or [[float("nan")] * 4]
    panels = [
        Panel(
            "Does it learn?", "epoch", "test accuracy (%)", series,
            x_range=(-0.3, len(whole.accuracy) - 0.7), y_range=(0, 100),
        ),
        Panel(
            "Angle to backprop", "epoch", "angle (degrees)", _by_layer(angles),
            x_range=(-0.3, len(whole.accuracy) - 0.7), y_range=(0, 180),
            marks=[("y", 90.0, "90°: unrelated")],
        ),
    ]  # fmt: skip
    start, end = (", ".join(_degrees(a) for a in row) for row in (angles[0], angles[-1]))
    outcome = run.words or f"Test accuracy after {len(run.accuracy) - 1} epochs: {last:.1f} %."
    label = (
        f"Two line charts over epochs for the case {mode}. Left: test accuracy, at the end "
        f"{last:.1f} percent, against {whole.accuracy[-1]:.1f} with nothing broken. Right: angles "
        f"to backprop in layers 1 to 4, at the start {start}, at the end {end} degrees."
    )
    if run.words:
        label += " The run was stopped."
    title = "Nothing broken" if mode == "nothing broken" else "Broken"
    return f"<p><b>{title}: {BREAKS[mode][0]}.</b><br>{outcome}</p>" + chart(panels, label, 680)


def _degrees(value: float) -> str:
    return f"{value:.0f}" if np.isfinite(value) else "none"


def draw_adam(runs: dict[tuple[str, float], tuple[Array, Any]]) -> str:
    """Accuracy per epoch for both kinds of feedback and both values of eps."""
    names = {"jacobian": "aligned", "random": "random"}
    powers = {9e-5: "9·10⁻⁵", 1e-8: "10⁻⁸"}
    series, ends = [], []
    for (feedback, eps), (accuracy, _) in runs.items():
        name = f"{names[feedback]} feedback, ε = {powers[eps]}"
        epochs = np.arange(1.0, 1 + len(accuracy))
        series.append(Series(name, epochs, np.asarray(accuracy), "line+points"))
        ends.append(f"{name}: {accuracy[-1]:.0f} percent")
    panel = Panel(
        "One constant of the optimiser", "epoch", "test accuracy (%)", series, y_range=(0, 100),
        marks=[("y", 10.0, "a blind guess")],
    )  # fmt: skip
    lost = sum(bool(accuracy[-1] < 15) for accuracy, _ in runs.values())
    words = f"{lost} of {len(runs)} lines lie on or near that of a blind guess."
    label = f"Line chart of test accuracy, at the end {'; '.join(ends)}. {words}"
    return chart([panel], label, 620) + f"<p>{words}</p>"

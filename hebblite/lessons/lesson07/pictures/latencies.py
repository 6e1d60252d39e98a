"""Charts of latencies: against the error, before and after a change, and which way is down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....teaching.chart import Panel, Series, chart

Array = np.ndarray
LOOKS = {"jacobian": ("Q = Jᵀ", "apical"), "gauss-newton": ("Gauss-Newton", "backprop")}


def draw_against_error(first: Array, latency: Mapping[str, Array], e_tol: float) -> str:
    """The latency of each digit against its error, for each feedback of LOOKS.

    first: |e_0|, (B,). latency: (B,) seconds for each. Digits that are right from the start are
    left out. The line is ln(|e_0| / e_tol), the latency with J Q = 1 and k_i / tau_u = 1 per second.
    """
    seen = first > e_tol
    e = np.linspace(e_tol, 1.02 * float(first.max()), 100)
    series = [Series("ln(|e₀| / e_tol)", e, np.log(e / e_tol), colour="error")]
    said = []
    for name, (words, colour) in LOOKS.items():
        here = seen & np.isfinite(latency[name])
        series.append(Series(words, first[here], latency[name][here], "points", colour=colour))
        middle = float(np.median(latency[name][here] / np.log(first[here] / e_tol)))
        said.append(f"{words}: the typical digit takes {middle:.2f} times the logarithm")
    panel = Panel(
        "Each dot is a digit", "error |e₀| without feedback", "latency (s)", series,
        marks=[("x", e_tol, "tolerance")], y_range=(0.0, 1.1 * float(np.log(e[-1] / e_tol))),
    )  # fmt: skip
    label = (
        "Latency against the error without feedback, for digits with both kinds of feedback, and "
        f"the logarithm of the error over the tolerance as a line. {'; '.join(said)}."
    )
    return chart([panel], label, 600, 260)


def draw_downhill(
    rows: Mapping[str, Array], guess: Mapping[str, float] | float | None = None
) -> str:
    """Angles between the way down in latency and backprop's update, in each layer: the mean over
    digits and the range of the middle 80 %. rows: for each feedback of LOOKS, (N, L) degrees.
    guess: the learner's, for the uppermost layer."""
    depth = next(iter(rows.values())).shape[1]
    x, series, said = np.arange(float(depth)), [], []
    for name, (words, colour) in LOOKS.items():
        mean = rows[name].mean(axis=0)
        low, high = np.quantile(rows[name], (0.1, 0.9), axis=0)
        series.append(
            Series(words, x, mean, "line+points", colour=colour,
                   error=np.stack([np.maximum(mean - low, 0), np.maximum(high - mean, 0)]))
        )  # fmt: skip
        said.append(f"{words} {', '.join(f'{a:.0f}' for a in mean)}")
    marks = [("y", 90.0, "unrelated")]
    if isinstance(guess, int | float):
        marks.append(("y", float(guess), f"you said {guess:g}°"))
    panel = Panel(
        "The quickest way to a shorter latency", "", "angle to backprop (°)", series,
        x_range=(-0.3, depth - 0.7), y_range=(-4, 100),
        x_names=[f"layer {l}" for l in range(1, depth + 1)], marks=marks,
    )  # fmt: skip
    label = (
        f"Angles between minus the gradient of the latency and backprop's update in layers 1 to "
        f"{depth}, in degrees, mean over digits. {'; '.join(said)}."
    )
    return chart([panel], label, 560)


def draw_twins(
    gains: Sequence[float], latency: Mapping[str, Sequence[float]], error: Sequence[float],
    guess: float | None = None,
) -> str:  # fmt: skip
    """What becomes of a trained network whose hidden neurons get twins: the median latency with
    each feedback of LOOKS, and the mean error, in percent of what they were. guess: the learner's,
    for the last gain and Q = J^T."""
    x = np.array(gains, float)
    series = [
        Series("error", x, 100 * np.array(error) / error[0], "line+points", colour="error"),
        *(
            Series(f"latency, {words}", x, 100 * np.array(latency[name]) / latency[name][0],
                   "line+points", colour=colour)
            for name, (words, colour) in LOOKS.items()
        ),
    ]  # fmt: skip
    marks = [] if guess is None else [("y", float(guess), f"you said {guess:g} %")]
    said = "; ".join(f"{s.name} {s.y[-1]:.0f}" for s in series)
    panel = Panel(
        "Error and latency of one network", "gain of the twins", "percent of before", series,
        y_range=(0.0, 118.0), marks=marks,
    )  # fmt: skip
    label = (
        f"Error and latency over the gain of the twins, in percent of what they are at gain 1. At "
        f"gain {x[-1]:g}: {said}."
    )
    return chart([panel], label, 560)

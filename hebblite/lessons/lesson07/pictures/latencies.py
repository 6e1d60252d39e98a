"""Charts of latencies: against the error, before and after a change, which way is down, and with
what a learner has guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ....losses import Course
from ....losses.courses import pairs, ratio
from ....teaching.chart import Panel, Series, chart
from ....teaching.predictions import said
from ..runs.race import Speeds
from ..runs.stage import E_TOL
from ..runs.waste import Waste
from .central import SIZES, draw_ahead
from .digits import draw_speed

Array = np.ndarray
LOOKS = {"jacobian": ("Q = Jᵀ", "apical"), "gauss-newton": ("Gauss-Newton", "backprop")}


def draw_against_error(first: Array, latency: Mapping[str, Array], e_tol: float) -> str:
    """The latency of each digit against its error, for each feedback of LOOKS.

    first: |e_0|, (B,). latency: (B,) seconds for each. Digits that are within the tolerance from
    the start are left out. The line is ln(|e_0| / e_tol), the latency with J Q = 1 and
    k_i / tau_u = 1 / s.
    """
    seen = first > e_tol
    e = np.linspace(e_tol, 1.02 * float(first.max()), 100)
    series, told = [], []
    for name, (words, colour) in LOOKS.items():
        here = seen & np.isfinite(latency[name])
        series.append(Series(words, first[here], latency[name][here], "points", colour=colour))
        middle = float(np.median(latency[name][here] / np.log(first[here] / e_tol)))
        told.append(f"{words}: the typical digit takes {middle:.2f} times the logarithm")
    # The line comes last, since all the dots of one feedback lie on it.
    series.append(Series("ln(|e₀| / e_tol)", e, np.log(e / e_tol), colour="error"))
    panel = Panel(
        "Each dot is a digit", "error |e₀| without feedback", "latency (s)", series,
        marks=[("x", e_tol, "tolerance")], y_range=(0.0, 1.1 * float(np.log(e[-1] / e_tol))),
    )  # fmt: skip
    label = (
        "Latency against the error without feedback, for digits with both kinds of feedback, and "
        f"the logarithm of the error over the tolerance as a line. {'; '.join(told)}."
    )
    return chart([panel], label, 600, 260)


def draw_downhill(
    rows: Mapping[str, Array], guess: Mapping[str, float] | float | None = None
) -> str:
    """Angles between the way down in latency and backprop's update, in each layer: the mean over
    digits and the range of the middle 80 %. rows: for each feedback of LOOKS, (N, L) degrees.
    guess: the learner's, for the uppermost layer."""
    depth = next(iter(rows.values())).shape[1]
    x, series, told = np.arange(float(depth)), [], []
    for name, (words, colour) in LOOKS.items():
        mean = rows[name].mean(axis=0)
        low, high = np.quantile(rows[name], (0.1, 0.9), axis=0)
        series.append(
            Series(words, x, mean, "line+points", colour=colour,
                   error=np.stack([np.maximum(mean - low, 0), np.maximum(high - mean, 0)]))
        )  # fmt: skip
        told.append(f"{words} {', '.join(f'{a:.0f}' for a in mean)}")
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
        f"{depth}, in degrees, mean over digits. {'; '.join(told)}."
    )
    angle = round(float(rows["jacobian"].mean(axis=0)[-1]))
    return f"<p>{said('07.p2', angle)}</p>" + chart([panel], label, 560)


def draw_twins(wasted: Waste, guess: float | None = None) -> str:
    """What becomes of a trained network whose hidden neurons get twins: for each feedback of LOOKS
    the median latency and the mean error, in percent of what they were. guess: the learner's, for
    the last split and Q = J^T."""
    x, error = np.array(wasted.splits, float), 100 * np.array(wasted.error) / wasted.error[0]
    panels, told = [], [f"error {error[-1]:.0f}"]
    for name, (words, colour) in LOOKS.items():
        latency = 100 * np.array(wasted.latency[name]) / wasted.latency[name][0]
        series = [
            Series("error", x, error, colour="error"),
            Series("latency", x, latency, "points", colour=colour),
        ]
        mine = guess is not None and name == "jacobian"
        marks = [("y", float(guess or 0), f"you said {guess:g} %")] if mine else []
        panels.append(
            Panel(words, "split of the twins", "percent of split 1", series, marks=marks,
                  x_range=(0.8, 1.05 * float(x[-1])), y_range=(0.0, 118.0))
        )  # fmt: skip
        told.append(f"latency {latency[-1]:.0f} with {words}")
    label = (
        f"Error and latency over the split of the twins, in percent of what they are at split 1. "
        f"At split {x[-1]:g}: {'; '.join(told)}."
    )
    left = round(100 * wasted.latency["jacobian"][-1] / wasted.latency["jacobian"][0])
    return f"<p>{said('07.p3', left)}</p>" + chart(panels, label, 640)


def draw_predicted(predicted: Array, measured: Array) -> str:
    """The latency that the linear loop predicts for each digit against the measured one, (B,)."""
    top = 1.05 * float(max(predicted.max(), measured.max()))
    line = np.array([0.0, top])
    series = [
        Series("alike", line, line, colour="backprop"),
        Series("a digit", measured, predicted, "points", colour="apical"),
    ]
    panel = Panel(
        "The linear loop and the engine", "measured latency (s)", "predicted (s)", series,
        x_range=(0.0, top), y_range=(0.0, top),
    )  # fmt: skip
    off = float(np.median(np.abs(predicted / measured - 1)))
    label = (
        f"The predicted latency of {len(measured)} digits against the measured one. In the median "
        f"they differ by {100 * off:.0f} percent."
    )
    return chart([panel], label, 460, 260)


def draw_slow(speeds: Speeds, guess: float | None = None) -> str:
    """How much longer misread digits take, in words beside the guess, and ``draw_speed``."""
    return f"<p>{said('07.p1', round(slower(speeds), 1))}</p>" + draw_speed(speeds, E_TOL)


def slower(speeds: Speeds) -> float:
    """The median latency of the misread digits over that of the others, of those that race."""
    raced = speeds.latency > 0
    wrong, right = (speeds.latency[raced & of] for of in (~speeds.read, speeds.read))
    return float(np.median(wrong) / np.median(right))


def draw_answer(courses: Iterable[Course], guess: str | None = None) -> str:
    """Which network is quicker at equal error, in words beside the guess, and ``draw_ahead``."""
    courses = list(courses)
    beside = pairs(courses, "dh", "backprop")[tuple(SIZES), "tanh"]
    ahead = np.mean([ratio(one, other, "latency") for one, other in beside]) < 1
    answer = f"the one that {'DH' if ahead else 'backprop'} has trained"
    return f"<p>{said('07.p4', answer)}</p>" + draw_ahead(courses)

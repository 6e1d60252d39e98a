"""When a falling error meets the tolerance: in closed form, recorded, with a bounded rate."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import number

Array = np.ndarray
#: Axes of the pictures with sliders: seconds, |e|, and |e| on a logarithmic axis.
SECONDS, STRAIGHT, LOG = (0.0, 1.0), (0.0, 1.1), (0.03, 1.2)


def latency(e_0: float, e_tol: float, rate: float) -> float:
    """ln(|e_0| / e_tol) / rate, or 0 where the error is within the tolerance from the start."""
    return max(math.log(e_0 / e_tol), 0.0) / rate


def draw_crossing(
    e_tol: float, e_0: float, rate: float, start: tuple[float, float, float] = (0.1, 0.9, 5.0)
) -> str:
    """|e| = |e_0| exp(-rate t) on a straight and on a logarithmic axis, with the crossing.

    e_tol: the tolerance, 0.05 to 0.5. e_0: |e| at the start, 0.1 to 1. rate: (k_i / tau_u) lambda,
    per second, 3 to 20. start: (e_tol, e_0, rate) of the ghost, where the sliders began.
    """
    t = np.linspace(0, SECONDS[1], 120)
    took = latency(e_0, e_tol, rate)
    now, before = e_0 * np.exp(-rate * t), start[1] * np.exp(-start[2] * t)
    here = np.array([took]), np.array([min(e_0, e_tol)])
    series = [
        Series("at the start of the sliders", t, before, colour="error", ghost=True),
        Series("error", t, now, colour="error"),
        Series("the answer is right", *here, "points", colour="rate"),
    ]
    marks = [("y", e_tol, "tolerance"), ("x", took, "latency")]
    panels = [
        Panel("Straight axis", "time (s)", "|e|", series, x_range=SECONDS, y_range=STRAIGHT,
              marks=marks),
        Panel("Logarithmic axis: a straight line", "time (s)", "|e|", series, x_range=SECONDS,
              y_log=True, y_range=LOG, marks=marks),
    ]  # fmt: skip
    label = (
        f"The error falls from {e_0:g} by a factor of e in every {1000 / rate:.0f} ms. It meets "
        f"the tolerance of {e_tol:g} after {1000 * took:.0f} ms. On a logarithmic axis it falls "
        "along a straight line."
    )
    return _formula(e_tol, e_0, rate, took) + chart(panels, label, 680)


def _formula(e_tol: float, e_0: float, rate: float, took: float) -> str:
    if not took:
        return "<p>The error is within the tolerance from the start: latency 0.</p>"
    return (
        f"<p>latency = ln(|e₀| / tolerance) / rate = ln({e_0:g} / {e_tol:g}) / {rate:g} per second "
        f"= {math.log(e_0 / e_tol):.2f} / {rate:g} s = <b>{1000 * took:.0f} ms</b></p>"
    )


def draw_recorded(
    time: Array, size: Array, e_tol: float, latency: float, predicted: Array | None = None
) -> str:
    """A recorded error on a straight and on a logarithmic axis, with the crossing that was found.

    time: (T,) seconds. size: |e|, (T,). latency: seconds, infinite if there is none.
    predicted: (T,), what the linearised loop does.
    """
    ms = 1000 * np.asarray(time)
    series = [Series("recorded", ms, size, colour="error")]
    if predicted is not None:
        series.append(Series("linearised loop", ms, predicted, colour="backprop"))
    marks = [("y", e_tol, "tolerance")]
    found = "The error does not meet it."
    if np.isfinite(latency):
        marks.append(("x", 1000 * latency, "latency"))
        found = f"The error meets it after {1000 * latency:.0f} ms."
    low = min(float(np.min(size)), e_tol) / 1.5
    panels = [
        Panel("Straight axis", "time (ms)", "|e|", series, marks=marks,
              y_range=(0.0, 1.08 * float(np.max(size)))),
        Panel("Logarithmic axis", "time (ms)", "|e|", series, marks=marks, y_log=True,
              y_range=(low, 1.2 * float(np.max(size)))),
    ]  # fmt: skip
    label = (
        f"A recorded error goes from {size[0]:.2f} to {size[-1]:.2f} in {ms[-1]:.0f} ms. The "
        f"tolerance is {e_tol:g}. {found}"
    )
    return chart(panels, label, 680)


# ---------------------------------------------------------------------- a bounded rate


def draw_bounded(e_0: float, e_tol: float = 0.1, rate: float = 4.0, speed: float = 2.0) -> str:
    """The integral controller beside one whose rate is bounded, with J Q = 1.

    Left: |e| over time, de/dt = -rate e against de/dt = -speed e / |e|. Right: the latency of every
    error, a logarithm against a straight line. e_0: |e| at the start, above e_tol and up to 1.
    """
    far = 1.0
    t, errors = np.linspace(0, far, 160), np.linspace(e_tol, 1.0, 120)
    times = {
        "integral": (np.log(errors / e_tol) / rate, latency(e_0, e_tol, rate)),
        "bounded rate": ((errors - e_tol) / speed, max(e_0 - e_tol, 0.0) / speed),
    }
    falls = {
        "integral": e_0 * np.exp(-rate * t),
        "bounded rate": np.maximum(e_0 - speed * t, 0.0),
    }
    looks = {"integral": "error", "bounded rate": "dh"}
    left = [Series(name, t, y, colour=looks[name]) for name, y in falls.items()]
    right: list[Series] = []
    for name, (curve, took) in times.items():
        right.append(Series(name, errors, curve, colour=looks[name]))
        left.append(Series("", np.array([took]), np.array([min(e_0, e_tol)]), "points",
                           colour=looks[name]))  # fmt: skip
        right.append(Series("", np.array([e_0]), np.array([took]), "points", colour=looks[name]))
    panels = [
        Panel("The error falls", "time (s)", "|e|", left, x_range=(0.0, far), y_range=STRAIGHT,
              marks=[("y", e_tol, "tolerance")]),
        Panel("Latency of every error", "|e₀|", "latency (s)", right, x_range=(0.0, 1.05),
              y_range=(0.0, 0.65)),
    ]  # fmt: skip
    a, b = (1000 * took for _, took in times.values())
    label = (
        f"From an error of {e_0:g}, the integral controller takes {a:.0f} ms to the tolerance of "
        f"{e_tol:g}, the one with a bounded rate {b:.0f} ms. Over all errors the latency of the "
        "first grows like a logarithm, that of the second along a straight line."
    )
    return chart(panels, label, 680)


def seconds(values: Sequence[float]) -> str:
    """Times in words, in milliseconds."""
    return ", ".join(f"{number(round(1000 * v, 1))} ms" for v in values)

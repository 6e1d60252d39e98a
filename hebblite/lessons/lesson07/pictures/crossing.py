"""When a falling error meets the tolerance: in closed form, and with a bounded rate."""

from __future__ import annotations

import math

import numpy as np

from ....teaching.chart import Panel, Series
from ....teaching.schematic import Drawing, Frame, put_chart
from .axes import crossing, zone

Array = np.ndarray
#: Axes of the pictures with sliders: seconds, |e|, and |e| on a logarithmic axis.
SECONDS, STRAIGHT, LOG = (0.0, 1.6), (0.0, 1.3), (0.03, 1.5)


def latency(e_0: float, e_tol: float, rate: float) -> float:
    """ln(|e_0| / e_tol) / rate, or 0 where the error is within the tolerance from the start."""
    return max(math.log(e_0 / e_tol), 0.0) / rate


def draw_crossing(
    e_tol: float, e_0: float, rate: float, start: tuple[float, float, float] = (0.3, 1.0, 2.0)
) -> str:
    """|e| = |e_0| exp(-rate t) on a straight and on a logarithmic axis, with the crossing.

    e_tol: the tolerance, 0.05 to 0.6. e_0: |e| at the start, 0.1 to 1.2. rate: (k_i / tau_u)
    lambda, per second, 2 to 10. start: (e_tol, e_0, rate) of the ghost, where the sliders began.
    """
    t = np.linspace(0, SECONDS[1], 140)
    took = latency(e_0, e_tol, rate)
    now, before = e_0 * np.exp(-rate * t), start[1] * np.exp(-start[2] * t)
    series = [Series("", t, before, colour="error", ghost=True), Series("", t, now, colour="error")]
    panels = [
        Panel("Straight axis", "time (s)", "|e|", series, x_range=SECONDS, y_range=STRAIGHT),
        Panel("Logarithmic axis: a straight line", "time (s)", "|e|", series, x_range=SECONDS,
              y_log=True, y_range=LOG),
    ]  # fmt: skip
    d = Drawing(680, 292, _label(e_tol, e_0, rate, took))
    frames = put_chart(d, panels, 0, 0, 680, 180)
    if took:
        _legs(d, frames[1], e_tol, e_0, min(took, SECONDS[1]))
    for frame in frames:
        zone(d, frame, e_tol)
        if took <= SECONDS[1]:
            at = frame.at(took, min(e_0, e_tol))
            crossing(d, frame, at, f"{1000 * took:.0f} ms")
    _formula(d, 282.0, e_tol, e_0, rate, took)
    return d.svg()


def _label(e_tol: float, e_0: float, rate: float, took: float) -> str:
    falls = f"The error falls from {e_0:g} at a rate of {rate:g} per second. "
    if not took:
        return f"{falls}It is within the tolerance of {e_tol:g} from the start: its latency is 0."
    where = "" if took <= SECONDS[1] else ", beyond the end of the axis"
    return (
        f"{falls}It meets the tolerance of {e_tol:g} after {1000 * took:.0f} ms{where}. On a "
        "logarithmic axis it falls along a straight line."
    )


def _legs(d: Drawing, frame: Frame, e_tol: float, e_0: float, took: float) -> None:
    """How far down, and how long that takes: the two sides of a triangle on logarithmic axes."""
    top, corner = frame.at(0, e_0), frame.at(0, e_tol)
    side = frame.left + 5
    d.path(f"M{side:.1f},{top.y:.1f} V{corner.y:.1f}", "error", 5)
    d.path(f"M{side:.1f},{corner.y:.1f} H{float(frame.to_x(took)):.1f}", None, 5)


def _formula(d: Drawing, y: float, e_tol: float, e_0: float, rate: float, took: float) -> None:
    """How far down over how fast, in numbers."""
    if not took:
        d.say(58, y, "within the tolerance from the start: latency 0", fixed=True)
        return
    far = math.log(e_0 / e_tol)
    d.path(f"M58,{y - 4:.1f} h20", "error", 5)
    d.say(84, y, f"how far: ln({e_0:g} / {e_tol:g}) = {far:.2f}", fixed=True)
    d.path(f"M292,{y - 4:.1f} h20", None, 5)
    d.say(318, y, f"how long: {far:.2f} / ({rate:g} per second) = {1000 * took:.0f} ms", fixed=True)


# ---------------------------------------------------------------------- a bounded rate

LOOKS = {"integral": 3, "bounded rate": 0}


def draw_bounded(e_0: float, e_tol: float = 0.3, rate: float = 1.5, speed: float = 0.6) -> str:
    """The integral controller beside one whose rate is bounded, with J Q = 1.

    Left: |e| over time, de/dt = -rate e against de/dt = -speed e / |e|. Right: the latency of every
    error, a logarithm against a straight line. e_0: |e| at the start, 0.1 to 1.2. e_tol: 0.1 to
    0.6.
    """
    far, most = 2.0, 1.3
    t, errors = np.linspace(0, far, 200), np.linspace(e_tol, most, 160)
    curves = {
        "integral": np.log(errors / e_tol) / rate,
        "bounded rate": (errors - e_tol) / speed,
    }
    falls = {
        "integral": e_0 * np.exp(-rate * t),
        "bounded rate": np.maximum(e_0 - speed * t, 0.0),
    }
    took = {
        "integral": latency(e_0, e_tol, rate),
        "bounded rate": max(e_0 - e_tol, 0.0) / speed,
    }
    left = [Series(name, t, y, colour=LOOKS[name]) for name, y in falls.items()]
    right = [Series("", errors, y, colour=LOOKS[name]) for name, y in curves.items()]
    panels = [
        Panel("The error falls", "time (s)", "|e|", left, x_range=(0.0, far), y_range=(0.0, most)),
        Panel("How long each error takes", "error at the start |e₀|", "latency (s)", right,
              x_range=(0.0, most), y_range=(0.0, far)),
    ]  # fmt: skip
    a, b = took["integral"], took["bounded rate"]
    label = (
        f"From an error of {e_0:g}, the integral controller takes {a:.2f} seconds to the tolerance "
        f"of {e_tol:g}, the one with a bounded rate {b:.2f}. Over all errors the latency of the "
        "first grows like a logarithm, that of the second along a straight line."
    )
    d = Drawing(680, 276, label)
    frames = put_chart(d, panels, 0, 0, 680, 180)
    zone(d, frames[0], e_tol)
    for name, seconds in took.items():
        if seconds <= far:
            d.circle(*frames[0].at(seconds, min(e_0, e_tol)), 5.5, None, LOOKS[name])
            d.circle(*frames[1].at(e_0, seconds), 5.5, None, LOOKS[name])
    x = frames[1].at(e_0, 0.0).x
    d.path(f"M{x:.1f},{frames[1].top:.1f} V{frames[1].bottom:.1f}", None, 1, opacity=0.5)
    return d.svg()

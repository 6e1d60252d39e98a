"""Two ways to a shorter latency: a smaller error, or a larger gain lambda of the loop."""

from __future__ import annotations

import math

import numpy as np

from ....teaching.chart import Scale
from ....teaching.schematic import Drawing, Point
from .crossing import latency

Array = np.ndarray
E_TOL, RATE = 0.1, 4.0  # tolerance; k_i / tau_u, per second
ERRORS, GAINS = (0.1, 1.0), (0.3, 3.0)  # a decade each, so that both axes have one scale
LEFT, RIGHT, TOP, GROUND = 62.0, 342.0, 30.0, 310.0
CONTOURS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # seconds


def draw_two_ways(
    e_0: float, gain: float, example: tuple[tuple[float, float], tuple[float, float]] | None = None
) -> str:
    """Contours of the latency over |e_0| and lambda, both logarithmic, with minus its gradient.

    e_0: |e| at the start, 0.1 to 1 (the tolerance is 0.1). gain: lambda, 0.3 to 3. example: (|e_0|,
    lambda) before and after a change that a learner made, as an arrow.
    """
    took = latency(e_0, E_TOL, RATE * gain)
    lower, faster = 1.0, math.log(max(e_0 / E_TOL, 1.0))  # in units of 1 / (k lambda)
    label = (
        f"Contours of the latency over the error and the gain. At an error of {e_0:g} and a gain "
        f"of {gain:g} it is {1000 * took:.0f} ms. Of the way down, a lower error has a share of "
        f"{_share(lower, faster):.0f} percent, a larger gain "
        f"{100 - _share(lower, faster):.0f} percent."
    )
    if example:
        (e_a, g_a), (e_b, g_b) = example
        label += (
            f" An arrow goes from error {e_a:.2g} and gain {g_a:.2g} to error {e_b:.2g} and gain "
            f"{g_b:.2g}."
        )
    d = Drawing(680, 366, label)
    to_x = Scale(*ERRORS, LEFT, RIGHT, True)
    to_y = Scale(*GAINS, GROUND, TOP, True)
    _axes(d, to_x, to_y)
    _contours(d, to_x, to_y)
    at = Point(float(to_x(e_0)), float(to_y(gain)))
    _arrows(d, at, lower, faster)
    if example:
        ends = [(float(to_x(e)), float(to_y(g))) for e, g in example]
        d.arrow(ends, "dh", 4, dashed=False)
        d.circle(*ends[0], 5, None, "dh")
    _words(d, e_0, gain, took, lower, faster, example)
    return d.svg()


def _share(lower: float, faster: float) -> float:
    """Percent of the squared length of the gradient that lowers the error."""
    return 100 * lower**2 / (lower**2 + faster**2)


def _axes(d: Drawing, to_x: Scale, to_y: Scale) -> None:
    d.path(f"M{LEFT},{TOP} H{RIGHT} V{GROUND} H{LEFT} Z", None, 1, opacity=0.4)
    for e in (0.1, 0.2, 0.5, 1.0):
        d.say(float(to_x(e)), GROUND + 20, f"{e:g}", "middle", fixed=True)
    for g in (0.3, 0.5, 1.0, 2.0, 3.0):
        d.say(LEFT - 6, float(to_y(g)) + 4, f"{g:g}", "end", fixed=True)
    d.say((LEFT + RIGHT) / 2, GROUND + 40, "error |e₀| before learning acts", "middle", fixed=True)
    d.say(6, TOP - 12, "gain λ", fixed=True)


def _contours(d: Drawing, to_x: Scale, to_y: Scale) -> None:
    """Where the latency is the same: lambda = ln(|e_0| / e_tol) / (RATE t)."""
    for t in CONTOURS:
        e = np.geomspace(ERRORS[0] * 1.0005, ERRORS[1], 160)
        g = np.log(e / E_TOL) / (RATE * t)
        seen = (g >= GAINS[0]) & (g <= GAINS[1])
        if not seen.any():
            continue
        xs, ys = to_x(e[seen]), to_y(g[seen])
        points = " L".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
        d.path("M" + points, "voltage", 1.4)
        x, y = float(xs[-1]), float(ys[-1])
        words = f"{1000 * t:.0f} ms"
        if x > RIGHT - 2:
            d.say(x + 5, y + 4, words, size=11, fixed=True)
        else:
            d.say(x, TOP - 5, words, "middle", size=11, fixed=True)


def _arrows(d: Drawing, at: Point, lower: float, faster: float) -> None:
    """Minus the gradient in these axes, and its two parts."""
    unit = 36.0
    left, up = at.left(unit * lower), at.up(unit * faster)
    both = Point(left.x, up.y)
    d.arrow([at, left], "error", 4, dashed=False)
    if faster > 0.05:
        d.arrow([at, up], "apical", 4, dashed=False)
    d.arrow([at, both], None, 2, dashed=False)
    d.circle(*at, 5, None, "rate")


def _words(
    d: Drawing, e_0: float, gain: float, took: float, lower: float, faster: float,
    example: object,
) -> None:  # fmt: skip
    x = 410.0
    d.say(x, 44, f"latency {1000 * took:.0f} ms", size=15, bold=True, fixed=True)
    d.say(x, 66, f"|e₀| = {e_0:g},  λ = {gain:g}", fixed=True)
    d.say(x, 104, "What the gradient is made of:", fixed=True)
    for k, (words, part, colour) in enumerate(
        (("lower the error", lower, "error"), ("raise the gain", faster, "apical"))
    ):
        y = 132 + 44 * k
        d.say(x, y, words, fixed=True)
        d.path(f"M{x:.1f},{y + 7:.1f} h{80 * part:.1f} v14 h{-80 * part:.1f} Z", colour, 1,
               colour, 0.8)  # fmt: skip
        d.say(x + 80 * part + 6, y + 19, f"{part:.2f} / kλ", fixed=True)
    d.arrow([(x, 236), (x + 30, 236)], None, 2, dashed=False)
    d.say(x + 38, 240, "the gradient, downhill", fixed=True)
    if example:
        d.arrow([(x, 262), (x + 30, 262)], "dh", 4, dashed=False)
        d.say(x + 38, 266, "what was changed", fixed=True)

"""Two ways to a shorter latency: a smaller error, or a larger eigenvalue of the loop."""

from __future__ import annotations

import math

import numpy as np

from ....teaching.chart import Scale
from ....teaching.schematic import Drawing, Point
from .crossing import latency

Array = np.ndarray

E_TOL, RATE = 0.3, 1.0  # tolerance; k_i / tau_u, per second
E_FOLD = 150.0  # pixels for a factor of e, on both axes
ERRORS, HIGHEST = 5.0, 7.0  # the axes end at 5 e_tol, and at lambda = 7
LEFT, TOP = 62.0, 34.0
RIGHT, GROUND = LEFT + E_FOLD * math.log(ERRORS), TOP + E_FOLD * math.log(HIGHEST)
CONTOURS = tuple(m * 10.0**p for p in (-3, -2, -1, 0) for m in (1, 2, 5))  # seconds
STEP = 1.1  # the factor of a small step, whose effect is told


def draw_two_ways(e_0: float, eigenvalue: float) -> str:
    """Contours of the latency over |e_0| and lambda, both logarithmic, with its gradient downhill
    and the two parts of it.

    e_0: |e| at the start, 0.3 (the tolerance) to 1.5. eigenvalue: lambda, 1 to 5, at k_i / tau_u =
    1 per second.
    """
    to_x = Scale(E_TOL, ERRORS * E_TOL, LEFT, RIGHT, True)
    to_y = Scale(1.0, HIGHEST, GROUND, TOP, True)
    took = latency(e_0, E_TOL, RATE * eigenvalue)
    d = Drawing(680, 384, _label(e_0, eigenvalue, took))
    _axes(d, to_x, to_y)
    _contours(d, to_x, to_y)
    _gradient(d, Point(float(to_x(e_0)), float(to_y(eigenvalue))), e_0)
    _words(d, e_0, eigenvalue, took)
    return d.svg()


def saved(e_0: float, eigenvalue: float) -> tuple[float, float]:
    """Seconds that an error STEP times smaller saves, and an eigenvalue STEP times larger."""
    took = latency(e_0, E_TOL, RATE * eigenvalue)
    lower = latency(max(e_0 / STEP, 1e-12), E_TOL, RATE * eigenvalue)
    return took - lower, took - latency(e_0, E_TOL, RATE * eigenvalue * STEP)


def _label(e_0: float, eigenvalue: float, took: float) -> str:
    lower, faster = saved(e_0, eigenvalue)
    return (
        f"Contours of the latency over the error and the eigenvalue. At an error of {e_0:g} and "
        f"an eigenvalue of {eigenvalue:g} it is {1000 * took:.0f} ms. An error 1.1 times smaller "
        f"saves {1000 * lower:.0f} ms, an eigenvalue 1.1 times larger {1000 * faster:.0f} ms."
    )


def _axes(d: Drawing, to_x: Scale, to_y: Scale) -> None:
    d.path(f"M{LEFT},{TOP} H{RIGHT:.1f} V{GROUND:.1f} H{LEFT} Z", None, 1, opacity=0.4)
    d.path(f"M{LEFT},{TOP} V{GROUND:.1f}", "rate", 5)
    for e in (0.3, 0.5, 0.7, 1.0, 1.5):
        d.say(float(to_x(e)), GROUND + 20, f"{e:g}", "middle", fixed=True)
    for value in (1, 2, 3, 5, 7):
        y = float(to_y(value))
        d.path(f"M{LEFT - 5},{y:.1f} h5", None, 1)
        d.say(LEFT - 9, y + 4, f"{value}", "end", fixed=True)
    d.say(
        (LEFT + RIGHT) / 2, GROUND + 42, "error |e₀| (the tolerance is 0.3)", "middle", fixed=True
    )
    d.say(6, TOP - 18, "eigenvalue λ", fixed=True)
    d.say(RIGHT + 8, TOP - 18, "latency", fixed=True)


def _contours(d: Drawing, to_x: Scale, to_y: Scale) -> None:
    """Where the latency is the same: lambda = ln(|e_0| / e_tol) / (RATE t)."""
    e = np.geomspace(E_TOL * 1.0005, ERRORS * E_TOL, 200)
    taken = -99.0
    for t in CONTOURS:
        g = np.log(e / E_TOL) / (RATE * t)
        seen = (g >= 1) & (g <= HIGHEST)
        if seen.sum() < 12:
            continue
        xs, ys = to_x(e[seen]), to_y(g[seen])
        points = " L".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
        d.path("M" + points, "voltage", 1.5)
        x, y, words = float(xs[-1]), float(ys[-1]), f"{1000 * t:.0f} ms"
        if x > RIGHT - 2:
            d.say(x + 8, max(y + 4, TOP + 10), words, size=11, fixed=True)
        elif x - taken > 52 and x < RIGHT - 24:
            d.say(x, TOP - 5, words, "middle", size=11, fixed=True)
            taken = x


def _gradient(d: Drawing, at: Point, e_0: float) -> None:
    """Downhill in these axes, and its two parts: 1 / lambda and ln(|e_0| / e_tol) / lambda."""
    far = math.log(max(e_0 / E_TOL, 1.0))
    unit = min(28.0, at.x - LEFT, (at.y - TOP) / max(far, 1e-9))  # all of it within the frame
    if unit < 4:  # there already
        d.circle(*at, 6, None, "rate")
        return
    left, up = at.left(unit), at.up(unit * far)
    corner = Point(left.x, up.y)
    dashes = d.path(f"M{left.x:.1f},{left.y:.1f} L{corner.x:.1f},{corner.y:.1f} L{up.x:.1f},"
                    f"{up.y:.1f}", None, 1, opacity=0.5)  # fmt: skip
    dashes.set("stroke-dasharray", "3 3")
    d.arrow([at, left], "error", 4.5, dashed=False)
    if unit * far > 6:
        d.arrow([at, up], "apical", 4.5, dashed=False)
    d.arrow([at, corner], None, 2.2, dashed=False)
    d.circle(*at, 6, None, "rate")


def _words(d: Drawing, e_0: float, eigenvalue: float, took: float) -> None:
    x, (lower, faster) = 400.0, saved(e_0, eigenvalue)
    d.say(x, 66, f"latency {1000 * took:.0f} ms", size=16, bold=True, fixed=True)
    d.say(x, 86, f"error {e_0:g}, eigenvalue {eigenvalue:g}", fixed=True)
    for k, (words, part, colour) in enumerate(
        (
            ("an error 1.1 times smaller saves", lower, "error"),
            ("an eigenvalue 1.1 times larger saves", faster, "apical"),
        )
    ):
        y, ms = 130 + 50 * k, 1000 * part
        d.say(x, y, words, fixed=True)
        d.path(f"M{x:.1f},{y + 8:.1f} h{1.2 * ms + 0.5:.1f} v14 h{-1.2 * ms - 0.5:.1f} Z", colour,
               1, colour, 0.8)  # fmt: skip
        d.say(x + 1.2 * ms + 8, y + 19, f"{ms:.0f} ms", bold=True, fixed=True)
    d.arrow([(x, 240), (x + 30, 240)], None, 2.2, dashed=False)
    d.say(x + 38, 244, "the gradient, downhill", fixed=True)

"""Two ways to a shorter latency: a smaller error, or a larger gain lambda of the loop."""

from __future__ import annotations

import math

import numpy as np

from ....teaching.chart import Scale
from ....teaching.numerals import number
from ....teaching.schematic import Drawing, Point
from .crossing import latency

Array = np.ndarray
Pair = tuple[float, float]  # |e_0| and lambda

E_TOL, RATE = 0.3, 1.0  # tolerance; k_i / tau_u, per second
E_FOLD = 150.0  # pixels for a factor of e, on both axes
ERRORS, GAINS = 5.0, 7.0  # how many times where they begin the axes reach
LEFT, TOP = 62.0, 34.0
RIGHT, GROUND = LEFT + E_FOLD * math.log(ERRORS), TOP + E_FOLD * math.log(GAINS)
CONTOURS = tuple(m * 10.0**p for p in (-3, -2, -1, 0) for m in (1, 2, 5))  # seconds
STEP = 1.1  # the factor of a small step, whose effect is told


def draw_two_ways(
    e_0: float, gain: float, example: tuple[Pair, Pair] | None = None, lowest: float = 1.0
) -> str:
    """Contours of the latency over |e_0| and lambda, both logarithmic, with its gradient downhill
    and the two parts of it.

    e_0: |e| at the start, 0.3 (the tolerance) to 1.5. gain: lambda, ``lowest`` to 5 times
    lowest, at k_i / tau_u = 1 per second. example: (|e_0|, lambda) before and after a change that a
    learner made; then an arrow from one to the other is drawn in place of the gradient.
    """
    to_x = Scale(E_TOL, ERRORS * E_TOL, LEFT, RIGHT, True)
    to_y = Scale(lowest, GAINS * lowest, GROUND, TOP, True)
    took = latency(e_0, E_TOL, RATE * gain)
    d = Drawing(680, 384, _label(e_0, gain, took, example))
    _axes(d, to_x, to_y, lowest)
    _contours(d, to_x, to_y, lowest)
    if example:
        _example(d, to_x, to_y, example)
    else:
        _gradient(d, Point(float(to_x(e_0)), float(to_y(gain))), e_0)
        _words(d, e_0, gain, took)
    return d.svg()


def saved(e_0: float, gain: float) -> tuple[float, float]:
    """Seconds that an error STEP times smaller saves, and a gain STEP times larger."""
    took = latency(e_0, E_TOL, RATE * gain)
    lower = latency(max(e_0 / STEP, 1e-12), E_TOL, RATE * gain)
    return took - lower, took - latency(e_0, E_TOL, RATE * gain * STEP)


def _label(e_0: float, gain: float, took: float, example: tuple[Pair, Pair] | None) -> str:
    if example:
        (e_a, g_a), (e_b, g_b) = example
        before, after = (latency(e, E_TOL, RATE * g) for e, g in example)
        return (
            f"Contours of the latency over the error and the gain. An arrow goes from error "
            f"{e_a:.2f} and gain {g_a:.3g} to error {e_b:.2f} and gain {g_b:.3g}: the latency "
            f"changes from {1000 * before:.0f} to {1000 * after:.0f} ms."
        )
    lower, faster = saved(e_0, gain)
    return (
        f"Contours of the latency over the error and the gain. At an error of {e_0:g} and a gain "
        f"of {gain:g} it is {1000 * took:.0f} ms. An error 1.1 times smaller saves "
        f"{1000 * lower:.0f} ms, a gain 1.1 times larger {1000 * faster:.0f} ms."
    )


def _axes(d: Drawing, to_x: Scale, to_y: Scale, lowest: float) -> None:
    d.path(f"M{LEFT},{TOP} H{RIGHT:.1f} V{GROUND:.1f} H{LEFT} Z", None, 1, opacity=0.4)
    d.path(f"M{LEFT},{TOP} V{GROUND:.1f}", "rate", 5)
    for e in (0.3, 0.5, 0.7, 1.0, 1.5):
        d.say(float(to_x(e)), GROUND + 20, f"{e:g}", "middle", fixed=True)
    for factor in (1, 2, 3, 5, 7):
        y = float(to_y(factor * lowest))
        d.path(f"M{LEFT - 5},{y:.1f} h5", None, 1)
        d.say(LEFT - 9, y + 4, f"{factor * lowest:.3g}", "end", fixed=True)
    d.say((LEFT + RIGHT) / 2, GROUND + 42, "error |e₀| (it is right at 0.3)", "middle", fixed=True)
    d.say(6, TOP - 18, "gain λ", fixed=True)
    d.say(RIGHT + 8, TOP - 18, "latency", fixed=True)


def _contours(d: Drawing, to_x: Scale, to_y: Scale, lowest: float) -> None:
    """Where the latency is the same: lambda = ln(|e_0| / e_tol) / (RATE t)."""
    e = np.geomspace(E_TOL * 1.0005, ERRORS * E_TOL, 200)
    taken = -99.0
    for t in CONTOURS:
        g = np.log(e / E_TOL) / (RATE * t)
        seen = (g >= lowest) & (g <= GAINS * lowest)
        if seen.sum() < 12:
            continue
        xs, ys = to_x(e[seen]), to_y(g[seen])
        points = " L".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
        d.path("M" + points, "voltage", 1.5)
        x, y, words = float(xs[-1]), float(ys[-1]), f"{1000 * t:.0f} ms"
        if x > RIGHT - 2:
            d.say(x + 8, max(y + 4, TOP + 10), words, size=11, fixed=True)
        elif x - taken > 42 and x < RIGHT - 24:
            d.say(x, TOP - 5, words, "middle", size=11, fixed=True)
            taken = x


def _gradient(d: Drawing, at: Point, e_0: float) -> None:
    """Downhill in these axes, and its two parts: 1 / lambda and ln(|e_0| / e_tol) / lambda."""
    far = math.log(max(e_0 / E_TOL, 1.0))
    unit = min(28.0, at.x - LEFT, (at.y - TOP) / max(far, 1e-9))  # all of it within the frame
    if unit < 4:  # right already
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


def _words(d: Drawing, e_0: float, gain: float, took: float) -> None:
    x, (lower, faster) = 400.0, saved(e_0, gain)
    d.say(x, 66, f"latency {1000 * took:.0f} ms", size=16, bold=True, fixed=True)
    d.say(x, 86, f"error {e_0:g}, gain {gain:g}", fixed=True)
    for k, (words, part, colour) in enumerate(
        (
            ("an error 1.1 times smaller saves", lower, "error"),
            ("a gain 1.1 times larger saves", faster, "apical"),
        )
    ):
        y, ms = 130 + 50 * k, 1000 * part
        d.say(x, y, words, fixed=True)
        d.path(f"M{x:.1f},{y + 8:.1f} h{1.2 * ms + 0.5:.1f} v14 h{-1.2 * ms - 0.5:.1f} Z", colour,
               1, colour, 0.8)  # fmt: skip
        d.say(x + 1.2 * ms + 8, y + 19, f"{ms:.0f} ms", bold=True, fixed=True)
    d.arrow([(x, 240), (x + 30, 240)], None, 2.2, dashed=False)
    d.say(x + 38, 244, "the gradient, downhill", fixed=True)


def _example(d: Drawing, to_x: Scale, to_y: Scale, example: tuple[Pair, Pair]) -> None:
    """The change as an arrow, and the latency at both ends of it."""
    ends = [(float(to_x(e)), float(to_y(g))) for e, g in example]
    d.arrow(ends, "apical", 4.5, dashed=False)
    d.circle(*ends[0], 6, None, "rate")
    x = 400.0
    for k, ((e, g), when) in enumerate(zip(example, ("before", "after"), strict=True)):
        y = 84 + 74 * k
        d.say(x, y, f"{when}: {1000 * latency(e, E_TOL, RATE * g):.0f} ms", size=16, bold=True,
              fixed=True)  # fmt: skip
        d.say(x, y + 20, f"error {e:.2f}, gain {number(float(f'{g:.2g}'))}", fixed=True)
    (e_a, _), (e_b, _) = example
    same = abs(e_b - e_a) < 0.005 * e_a
    d.say(x, 236, "The error is what it was." if same else "The error has changed.", fixed=True)

"""Two outputs: the error is a point in a plane, and the loop takes it to the middle."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.schematic import Drawing
from .crossing import latency

Array = np.ndarray
E_TOL, RATE = 0.1, 4.0  # tolerance; k_i / tau_u, per second
SECONDS = (0.0, 2.4)
TURN = 30.0  # degrees from output 1 to the direction in which J Q is largest
CENTRE, UNIT = (156.0, 182.0), 132.0  # of the plane, in pixels


@dataclass(frozen=True)
class Way:
    """The way of an error e(t) under de/dt = -RATE M e: times (T,), e (T, 2), and the latency."""

    time: Array
    e: Array
    latency: float

    def size(self) -> Array:
        return np.asarray(np.linalg.norm(self.e, axis=1))


@dataclass(frozen=True)
class Plane:
    """A loop of two outputs. ratio: largest over smallest eigenvalue of J Q, whose product is 1.
    degrees: of e_0 from the direction of the largest one."""

    ratio: float
    degrees: float

    @property
    def eigenvalues(self) -> tuple[float, float]:
        """The largest and the smallest."""
        root = math.sqrt(self.ratio)
        return root, 1 / root

    @property
    def axes(self) -> Array:
        """Their directions as columns (2, 2)."""
        turn = math.radians(TURN)
        return np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])

    def parts(self) -> Array:
        """e_0 along the two directions, (2,); its length is 1."""
        a = math.radians(self.degrees)
        return np.array([math.cos(a), math.sin(a)])

    def bent(self) -> Way:
        """With Q = J^T, whose J Q has these eigenvalues."""
        return self._way(np.array(self.eigenvalues))

    def straight(self) -> Way:
        """With Gauss-Newton feedback: J Q = 1."""
        return self._way(np.ones(2))

    def bounds(self) -> tuple[float, float]:
        """The shortest and the longest latency that these eigenvalues allow."""
        fast, slow = (latency(1.0, E_TOL, RATE * value) for value in self.eigenvalues)
        return fast, slow

    def _way(self, values: Array) -> Way:
        time = np.linspace(*SECONDS, 241)
        c = self.parts() * np.exp(-RATE * values * time[:, None])
        size = np.linalg.norm(c, axis=1)
        at = int(np.argmax(size <= E_TOL))  # |e| falls throughout: between two rows, log-linear
        a, b = np.log(size[at - 1 : at + 1] / E_TOL)
        took = float(time[at - 1] + (time[at] - time[at - 1]) * a / (a - b))
        return Way(time, c @ self.axes.T, took)


def draw_plane(ratio: float, degrees: float, now: float | None = None) -> str:
    """The way of the error with Q = J^T and with Gauss-Newton feedback.

    Left: the plane. Right: |e| over time, between the bounds of both eigenvalues; the bar on the
    tolerance is the room that the bounds leave to the latency. ratio: of the eigenvalues, 1 to 16.
    degrees: of e_0 from the fast direction, 0 to 90. now: seconds; the end if not given.
    """
    plane = Plane(float(ratio), float(degrees))
    bent, straight = plane.bent(), plane.straight()
    low, high = plane.bounds()
    label = (
        f"The error of two outputs as a point in a plane. The eigenvalues of J Q differ by a "
        f"factor of {ratio:g}, and the error begins {degrees:g} degrees from the fast direction. "
        f"With the transposed Jacobian it reaches the tolerance after {1000 * bent.latency:.0f} "
        f"ms, between the bounds of {1000 * low:.0f} and {1000 * high:.0f} ms; with Gauss-Newton "
        f"feedback it comes straight, in {1000 * straight.latency:.0f} ms."
    )
    d = Drawing(680, 372, label)
    _plane(d, plane, bent, straight, now)
    d.put(_over_time(bent, straight, plane, now), 312, 8)
    return d.svg()


def _at(e: Array) -> tuple[float, float]:
    return CENTRE[0] + UNIT * float(e[0]), CENTRE[1] - UNIT * float(e[1])


def _plane(d: Drawing, plane: Plane, bent: Way, straight: Way, now: float | None) -> None:
    x, y = CENTRE
    d.path(f"M{x - 142:.1f},{y:.1f} h284 M{x:.1f},{y - 142:.1f} v284", None, 1, opacity=0.4)
    d.say(x + 142, y + 15, "e₁", "end", fixed=True)
    d.say(x + 6, y - 134, "e₂", fixed=True)
    for k, words in enumerate(("fast", "slow")):
        axis = plane.axes[:, k]
        a, b = _at(1.04 * axis), _at(-1.04 * axis)
        line = d.path(f"M{a[0]:.1f},{a[1]:.1f} L{b[0]:.1f},{b[1]:.1f}", "apical", 1.2, opacity=0.7)
        line.set("stroke-dasharray", "2 4")
        if plane.ratio > 1.001:
            d.say(b[0], b[1] + (14 if k == 0 else 12), words, "middle", italic=True)
    d.circle(x, y, UNIT * E_TOL, None, "rate", 0.35)
    for way, colour, width in ((straight, "backprop", 2.4), (bent, "apical", 3.4)):
        points = [_at(e) for e in way.e]
        d.path("M" + " L".join(f"{a:.1f},{b:.1f}" for a, b in points), colour, width,
               dashed=colour == "backprop")  # fmt: skip
        for t in np.arange(0.0, SECONDS[1], 0.1):  # dots that are as far apart in time
            e = [float(np.interp(t, way.time, way.e[:, i])) for i in (0, 1)]
            d.circle(*_at(np.array(e)), 2.6, None, colour, width=0.6)
        if now is not None:
            e = [float(np.interp(now, way.time, way.e[:, i])) for i in (0, 1)]
            d.circle(*_at(np.array(e)), 6.5, None, colour)
    start = _at(bent.e[0])
    d.circle(*start, 5, None, "error")
    d.say(start[0] + 9, start[1] - 8, "e₀")
    d.say(8, 18, "The error in the plane", bold=True, fixed=True)
    d.say(8, 354, "circle: the tolerance. Dots: every 100 ms", fixed=True)


def _over_time(bent: Way, straight: Way, plane: Plane, now: float | None) -> str:
    fast, slow = plane.eigenvalues
    low, high = plane.bounds()
    t = bent.time
    series = [
        Series("between the bounds", t, np.exp(-RATE * slow * t), "band",
               low=np.exp(-RATE * fast * t), colour="apical"),
        Series("Gauss-Newton feedback", t, straight.size(), colour="backprop"),
        Series("Q = Jᵀ", t, bent.size(), colour="apical"),
        Series("latency: allowed", np.array([low, high]), np.full(2, E_TOL), colour="dh"),
        Series("latency: found", np.array([bent.latency, straight.latency]), np.full(2, E_TOL),
               "points", colour="rate"),
    ]  # fmt: skip
    marks = [("y", E_TOL, "tolerance")] + ([("x", now, "now")] if now is not None else [])
    panel = Panel("|e| over time", "time (s)", "|e|, logarithmic", series, x_range=SECONDS,
                  y_log=True, y_range=(0.03, 1.2), marks=marks)  # fmt: skip
    return chart([panel], "", 366, 210)


def plane_film(ratio: float, degrees: float, count: int = 49) -> dict[str, Any]:
    """What ``player.play`` wants: both errors on their way to the middle."""
    plane = Plane(float(ratio), float(degrees))
    bent, straight = plane.bent(), plane.straight()
    end = 1.1 * max(bent.latency, straight.latency)
    moments = np.linspace(0, min(end, SECONDS[1]), count).tolist()
    sizes = [(np.interp(t, w.time, w.size()) for w in (bent, straight)) for t in moments]
    captions = [
        f"{1000 * t:.0f} ms: |e| is {a:.2f} with Q = Jᵀ, {b:.2f} with Gauss-Newton feedback."
        for t, (a, b) in zip(moments, sizes, strict=True)
    ]
    label = (
        "Two errors leave the same point. With Gauss-Newton feedback one goes straight to the "
        "middle. With the transposed Jacobian the other first loses what lies along the fast "
        f"direction, and then creeps along the slow one. They reach the tolerance after "
        f"{1000 * straight.latency:.0f} and {1000 * bent.latency:.0f} ms."
    )
    frames = [draw_plane(ratio, degrees, t) for t in moments]
    return {"frames": frames, "captions": captions, "label": label, "seconds": 6.0}

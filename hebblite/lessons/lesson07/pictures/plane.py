"""Two outputs: the error is a point in a plane, and the loop takes it to the middle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ....teaching.chart import Panel, Series
from ....teaching.schematic import Drawing, Point, put_chart
from .crossing import latency

Array = np.ndarray
E_TOL, RATE = 0.3, 1.0  # tolerance; k_i / tau_u, per second
SECONDS = (0.0, 5.0)
TURN = 25.0  # degrees from output 1 to the direction in which J Q is largest
CENTRE, UNIT = (152.0, 178.0), 128.0  # of the plane, in pixels
EVERY = 0.25  # seconds between two dots of a way


@dataclass(frozen=True)
class Way:
    """The way of an error e(t) under de/dt = -RATE M e: times (T,), e (T, 2), and the latency."""

    time: Array
    e: Array
    latency: float

    def size(self) -> Array:
        return np.asarray(np.linalg.norm(self.e, axis=1))

    def at(self, t: float) -> Array:
        """e at a time, (2,)."""
        return np.array([np.interp(t, self.time, self.e[:, i]) for i in (0, 1)])


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
        a = math.radians(self.degrees)
        time = np.linspace(*SECONDS, 401)
        parts = np.array([math.cos(a), math.sin(a)]) * np.exp(-RATE * values * time[:, None])
        size = np.linalg.norm(parts, axis=1)
        row = int(np.argmax(size <= E_TOL))  # |e| falls throughout: between rows, log-linear
        above, below = np.log(size[row - 1 : row + 1] / E_TOL)
        part = above / (above - below)
        took = float(time[row - 1] + part * (time[row] - time[row - 1]))
        return Way(time, parts @ self.axes.T, took)


def draw_plane(ratio: float, degrees: float) -> str:
    """The way of the error with Q = J^T and with Gauss-Newton feedback.

    Left: the plane. Right: |e| over time, between the bounds of both eigenvalues; the bar on the
    tolerance is the room that the bounds leave to the latency. ratio: of the eigenvalues, 1 to 16.
    degrees: of e_0 from the fast direction, 0 to 90.
    """
    plane = Plane(float(ratio), float(degrees))
    bent, straight = plane.bent(), plane.straight()
    low, high = plane.bounds()
    label = (
        f"The error of two outputs as a point in a plane. The eigenvalues of J Q differ by a "
        f"factor of {ratio:g}, and the error begins {degrees:g} degrees from the fast direction. "
        f"With the transposed Jacobian it reaches the tolerance after {bent.latency:.2f} seconds, "
        f"between the bounds of {low:.2f} and {high:.2f}; with Gauss-Newton feedback it comes "
        f"straight, in {straight.latency:.2f} seconds."
    )
    d = Drawing(680, 356, label)
    _plane(d, plane, bent, straight)
    _over_time(d, plane, bent, straight)
    return d.svg()


def _at(e: Array) -> Point:
    return Point(CENTRE[0] + UNIT * float(e[0]), CENTRE[1] - UNIT * float(e[1]))


def _plane(d: Drawing, plane: Plane, bent: Way, straight: Way) -> None:
    x, y = CENTRE
    d.say(8, 18, "The error as a point", bold=True, fixed=True)
    d.path(f"M{x - 140:.1f},{y:.1f} h280 M{x:.1f},{y - 140:.1f} v280", None, 1, opacity=0.35)
    d.say(x + 138, y + 15, "e₁", "end", fixed=True)
    d.say(x - 6, y + 138, "e₂", "end", fixed=True)
    for k, words in enumerate(("fast", "slow")):
        a, b = _at(1.05 * plane.axes[:, k]), _at(-1.05 * plane.axes[:, k])
        line = d.path(f"M{a.x:.1f},{a.y:.1f} L{b.x:.1f},{b.y:.1f}", None, 1, opacity=0.6)
        line.set("stroke-dasharray", "2 4")
        shown = d.say(b.x + (4, 8)[k], b.y + (16, 4)[k], words, ("middle", "start")[k],
                      italic=True, fixed=True)  # fmt: skip
        shown.set("opacity", "1" if plane.ratio > 1 else "0")
    d.circle(x, y, UNIT * E_TOL, "rate", "rate", 0.2, 1.6)
    d.say(x, y + UNIT * E_TOL + 15, "tolerance", "middle", fixed=True)
    for way, colour, width in ((straight, "backprop", 2.2), (bent, "apical", 3.4)):
        points = " L".join(f"{p.x:.1f},{p.y:.1f}" for p in map(_at, way.e[::4]))
        d.path(f"M{points}", colour, width)
        for t in np.arange(EVERY, SECONDS[1], EVERY):  # as far apart in time
            d.circle(*_at(way.at(float(t))), 2.8, None, colour, width=0.7)
    start = _at(bent.e[0])
    d.circle(*start, 5, None, "error")
    name = _at(1.12 * bent.e[0])
    d.say(name.x, name.y + 4, "e₀", "middle", bold=True, fixed=True)
    d.say(8, 346, f"dots: every {1000 * EVERY:.0f} ms", fixed=True)


def _over_time(d: Drawing, plane: Plane, bent: Way, straight: Way) -> None:
    """|e| of both ways over time, and the bar between the two bounds."""
    fast, slow = plane.eigenvalues
    t = bent.time[::4]
    series = [
        Series("", t, np.exp(-RATE * slow * t), "band", low=np.exp(-RATE * fast * t),
               colour="apical"),
        Series("", t, bent.size()[::4], colour="apical"),
        Series("", t, straight.size()[::4], colour="backprop"),
    ]  # fmt: skip
    panel = Panel("How far it still is", "time (s)", "|e|, logarithmic", series, x_range=SECONDS,
                  y_log=True, y_range=(0.05, 1.2), marks=[("y", E_TOL, "")])  # fmt: skip
    frame = put_chart(d, [panel], 312, 2, 366, 206)[0]
    a, b = (frame.at(s, E_TOL) for s in plane.bounds())
    d.path(f"M{a.x:.1f},{a.y:.1f} H{b.x:.1f} M{a.x:.1f},{a.y - 9:.1f} v18 M{b.x:.1f},{b.y - 9:.1f} "
           "v18", None, 4)  # fmt: skip
    for way, colour in ((straight, "backprop"), (bent, "apical")):
        d.circle(*frame.at(way.latency, E_TOL), 6, None, colour)
    _keys(d, frame.left, plane, bent, straight)


def _keys(d: Drawing, left: float, plane: Plane, bent: Way, straight: Way) -> None:
    """What the strokes and dots are, and the latencies."""
    low, high = plane.bounds()
    for k, (way, colour, words) in enumerate(
        ((bent, "apical", "Q = Jᵀ"), (straight, "backprop", "Gauss-Newton feedback"))
    ):
        y = 296.0 + 20 * k
        d.path(f"M{left:.1f},{y - 4:.1f} h28", colour, 2.4, dashed=True)
        d.circle(left + 14, y - 4, 5.5, None, colour)
        d.say(left + 38, y, f"{words}: {way.latency:.2f} s", fixed=True)
    d.path(f"M{left + 1:.1f},332 h26 m0,-6 v12 m-26,0 v-12", None, 3)
    d.say(left + 38, 336, f"what the eigenvalues allow: {low:.2f} to {high:.2f} s", fixed=True)

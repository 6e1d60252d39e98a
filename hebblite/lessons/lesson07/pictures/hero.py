"""The picture of the title: an easy and a hard digit, their errors, and two clocks that stop."""

from __future__ import annotations

from functools import cache
from xml.etree import ElementTree as ET

import numpy as np

from ....data import load_digits, one_hot
from ....frameworks import Backprop, DeepFeedbackControl
from ....network import Network
from ....rules import Gradient
from ....stream import Record, fold
from ....teaching.motion import Timeline, path_length
from ....teaching.schematic import Drawing, digit
from ....training import fit
from ..runs.race import Race, race
from .clock import Clock, clock, hand_at

Array = np.ndarray
E_TOL, PROBES = 0.3, 200
LEFT, RIGHT, TOP, GROUND = 262.0, 664.0, 34.0, 262.0
HIGHEST = 1.15  # of the axis of errors
BEGIN, LONG = 0.4, 3.8  # of the race, in seconds of the film
KEYS = 24
CLOCK, RADIUS = 178.0, 34.0


@cache
def two_digits() -> Race:
    """An easy and a hard test digit of a small network after two epochs on 3,000 digits: one that
    it reads and is soon sure of, and the one it misreads that takes longest."""
    digits = load_digits()
    net = Network([784, 64, 10], hidden="tanh", output="linear", seed=0)
    fit(net, Backprop(), Gradient(), digits.x_train[:3000], digits.y_train[:3000], epochs=2,
        batch_size=32, confidence=0.9, progress=False)  # fmt: skip
    labels = digits.y_test[:PROBES]
    target = one_hot(labels, 10, confidence=0.9)
    control = DeepFeedbackControl(k_p=0, k_i=1.0, leak=0, dt=0.005, steps=400)
    recorded = fold(control.teach(net, digits.x_test[:PROBES], target), Record())[0]
    whole = race(net, recorded, labels, E_TOL)
    read = whole.said[0].argmax(axis=1) == labels
    slowest = np.where(np.isfinite(whole.latency) & ~read, whole.latency, 0)
    easy = np.where(read, np.abs(whole.latency - 0.25 * slowest.max()), np.inf).argmin()
    return whole.pick([int(easy), int(slowest.argmax())])


def hero() -> str:
    """The errors of both fall at once; each clock stops when its digit arrives."""
    ran = two_digits()
    ms = 1000 * ran.latency
    end = 1.12 * float(ran.latency.max())
    d = Drawing(
        680, 306,
        "Two digits race. A controller pushes the network until its error is small. The error of "
        f"an easy {ran.labels[0]} is below the tolerance after {ms[0]:.0f} milliseconds, that of "
        f"a hard {ran.labels[1]} after {ms[1]:.0f}. Two clocks have stopped at these times.",
    )  # fmt: skip
    film = Timeline(d, seconds=5.0)
    _axes(d)
    for j, word in enumerate(("easy", "hard")):
        _lane(d, film, ran, j, word, end)
    return film.svg()


def _axes(d: Drawing) -> None:
    y = _y(E_TOL)
    box = f"M{LEFT:.1f},{y:.1f} H{RIGHT:.1f} V{GROUND:.1f} H{LEFT:.1f} Z"
    d.path(box, None, 0, "rate", 0.16)
    d.path(f"M{LEFT:.1f},{TOP - 12:.1f} V{GROUND:.1f} H{RIGHT:.1f}", None, 1.4)
    d.path(f"M{LEFT:.1f},{y:.1f} H{RIGHT:.1f}", None, 1.6).set("stroke-dasharray", "7 4")
    d.say(374, GROUND - 7, "below the tolerance: it has arrived", fixed=True)
    d.say(LEFT + 8, TOP - 4, "error |e|", fixed=True)
    d.say(RIGHT, GROUND + 36, "time", "end", fixed=True)


def _y(size: float) -> float:
    return GROUND - (GROUND - TOP) * size / HIGHEST


def _lane(d: Drawing, film: Timeline, ran: Race, j: int, word: str, end: float) -> None:
    """A digit, its clock, its curve, and the moment in which it arrives."""
    top, latency = 16 + 140 * j, float(ran.latency[j])
    digit(d, ran.images[j], 14, top, 104)
    watch = clock(d, CLOCK, top + 44, RADIUS, latency / end)
    d.say(66, top + 122, word, "middle", 13, fixed=True)
    times = np.linspace(0, end, 80)
    sizes = np.interp(times, ran.time, ran.size[:, j])
    xs = LEFT + (RIGHT - LEFT) * times / end
    points = [f"{x:.1f},{_y(s):.1f}" for x, s in zip(xs, sizes, strict=True)]
    line = d.path("M" + " L".join(points), "error", (2.8, 4.5)[j])
    x, k = LEFT + (RIGHT - LEFT) * latency / end, 18
    name = d.group()
    d.say(xs[k] + (-6, 8)[j], _y(sizes[k]) + (14, -8)[j], word, ("end", "start")[j], 13, into=name)
    stop, words = d.group(), f"{1000 * latency:.0f} ms"
    d.say(CLOCK, top + 102, words, "middle", 14, True, fixed=True, into=stop)
    d.path(f"M{x:.1f},{_y(E_TOL):.1f} V{GROUND:.1f}", None, 1.6, into=stop)
    d.circle(x, _y(E_TOL), 6.5, None, "rate", into=stop)
    d.say(x, GROUND + 18, words, "middle", bold=True, fixed=True, into=stop)
    _move(film, line, watch, top + 44.0, latency / end, (xs, sizes))
    film.appear(name, at=BEGIN + 0.3, for_=0.4)
    film.appear(stop, at=BEGIN + LONG * latency / end, for_=0.2)


def _move(
    film: Timeline, line: ET.Element, watch: Clock, y: float, part: float,
    curve: tuple[Array, Array],
) -> None:  # fmt: skip
    """Let the curve grow with time, and the clock run until its digit arrives."""
    xs, sizes = curve
    ys = GROUND - (GROUND - TOP) * sizes / HIGHEST
    far = np.r_[0, np.cumsum(np.hypot(np.diff(xs), np.diff(ys)))]
    length = path_length(line.get("d", "")) + 2
    line.set("stroke-dasharray", f"{length:.0f}")
    line.set("stroke-dashoffset", "0")
    grown = np.interp(np.linspace(0, 1, KEYS), np.linspace(0, 1, len(far)), far)
    film.change(line, "stroke-dashoffset", [*(length - grown[:-1]).tolist(), 0.0], BEGIN, LONG)
    steps = np.linspace(0, part, KEYS)
    film.change(
        watch.part, "stroke-dashoffset", (watch.round * (1 - steps)).tolist(), BEGIN, LONG * part
    )
    hands = [hand_at(CLOCK, y, RADIUS, float(s)) for s in steps]
    film.change(watch.hand, "d", hands, BEGIN, LONG * part)

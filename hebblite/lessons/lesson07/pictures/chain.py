"""The chain: error, feedback, latency, and what holds between any two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ....teaching.chart.words import wrapped
from ....teaching.schematic import Drawing, Point
from ....teaching.schematic.circuit import block

LOW = 372.0
KINDS = ("exact", "bound", "same minimisers", "measured")
NODES = {
    "error": ("error", "|e|", "error", Point(340, 54)),
    "feedback": ("feedback", "H*: the least push", "apical", Point(110, LOW)),
    "latency": ("latency", "time until |e| ≤ tolerance", "rate", Point(570, LOW)),
}


class Link(NamedTuple):
    """What holds between two of NODES. kind: one of KINDS. words: what, in a few words. rests_on:
    the step, theorem or claim that shows it."""

    ends: tuple[str, str]
    kind: str
    words: str
    rests_on: str


LINKS = (
    Link(("error", "feedback"), "same minimisers", "H* = 0 only where e = 0", "T4"),
    Link(("error", "feedback"), "bound", "between two multiples of |e|², if small", "T4"),
    Link(("error", "latency"), "exact", "Gauss-Newton: same direction downhill", "T5"),
    Link(("error", "latency"), "bound", "Q = Jᵀ: between λ max and λ min", "T5"),
    Link(("error", "latency"), "same minimisers", "0 only where |e| ≤ tolerance", "T5"),
    Link(("feedback", "latency"), "measured", "fall together over training", "claim"),
)


def draw_chain(links: Sequence[Link] = LINKS, lit: str = "") -> str:
    """The triangle of the three losses; along each side what holds, and what that rests on.

    lit: one of KINDS; the others are pale. Each kind has its own stroke.
    """
    said = "; ".join(
        f"{a} and {b}: {kind}, {words} ({rests_on})" for (a, b), kind, words, rests_on in links
    )
    d = Drawing(680, 440, f"Error, feedback and latency, and what holds between them. {said}.")
    nodes = {
        name: block(d, *at, words, below, colour, 0.25)
        for name, (words, below, colour, at) in NODES.items()
    }
    sides = {}
    for link in links:
        sides.setdefault(link.ends, []).append(link)
    for ends, found in sides.items():
        a, b = (nodes[name].centre for name in ends)
        for k, link in enumerate(found):
            _line(d, a, b, k - (len(found) - 1) / 2, link, bool(lit) and link.kind != lit)
        _words(d, ends, found)
    return d.svg()


def _line(d: Drawing, a: Point, b: Point, place: float, link: Link, pale: bool) -> None:
    """One of several strokes side by side between two nodes, shortened at both ends."""
    along = np.array([b.x - a.x, b.y - a.y], float)
    along /= np.hypot(*along)
    side = np.array([-along[1], along[0]]) * 9 * place
    cut = 46 if abs(along[1]) > 0.3 else 112
    start, end = (np.array(p) + side + s * cut * along for p, s in ((a, 1), (b, -1)))
    width = {"exact": 5.0, "bound": 2.6, "same minimisers": 2.2, "measured": 2.6}[link.kind]
    line = d.path(
        f"M{start[0]:.1f},{start[1]:.1f} L{end[0]:.1f},{end[1]:.1f}", None, width,
        opacity=0.3 if pale else 1.0,
    )  # fmt: skip
    dash = {"exact": "none", "bound": "10 5", "same minimisers": "2 6", "measured": "12 4 2 4"}
    line.set("stroke-dasharray", dash[link.kind])


def _words(d: Drawing, ends: tuple[str, str], links: Sequence[Link]) -> None:
    """What the strokes of one side say, outside the triangle or below it."""
    y, anchor, room = {
        ("error", "feedback"): (126.0, "end", 168.0),
        ("error", "latency"): (110.0, "start", 168.0),
        ("feedback", "latency"): (LOW + 28, "middle", 220.0),
    }[ends]
    for link in links:
        lines = wrapped(link.words, room)
        x = {"end": 322 - 0.77 * (y - 30), "start": 358 + 0.77 * (y - 30), "middle": 340.0}[anchor]
        d.say(x, y, f"{link.kind} ({link.rests_on})", anchor, bold=True, fixed=True)
        for k, line in enumerate(lines):
            base = y + 15 * (k + 1)
            x = {"end": 322 - 0.77 * (base - 40), "start": 358 + 0.77 * (base - 40)}.get(anchor, x)
            d.say(x, base, line, anchor, fixed=True)
        y += 15 * len(lines) + 26

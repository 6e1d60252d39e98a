"""The chain: error, least effort, latency, and what holds between any two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ....teaching.chart.words import wrapped
from ....teaching.schematic import Drawing, Point
from ....teaching.schematic.circuit import block

KINDS = ("exact", "bound", "zero", "measured")
#: Width and dashes of the stroke of each kind.
STROKES = {
    "exact": (5.0, "none"),
    "bound": (3.0, "12 6"),
    "zero": (3.0, "1 7"),
    "measured": (2.0, "14 4 2 4"),
}
NODE = (150.0, 50.0)
NODES = {
    "error": ("error", "|e|", "error", Point(340, 34)),
    "effort": ("least effort", "H* (lesson 06)", "apical", Point(132, 324)),
    "latency": ("latency", "time until |e| ≤ tolerance", "rate", Point(548, 324)),
}
#: Where the words of a side begin.
CARDS = {
    ("error", "effort"): (6.0, 60.0),
    ("error", "latency"): (472.0, 30.0),
    ("effort", "latency"): (222.0, 352.0),
}


class Link(NamedTuple):
    """What holds between two of NODES. kind: one of KINDS. words: what, in a few words, which are
    not parted at a "~". rests_on: the step, theorem or claim that shows it."""

    ends: tuple[str, str]
    kind: str
    words: str
    rests_on: str


LINKS: tuple[Link, ...] = (
    Link(
        ("error", "effort"), "bound",
        "small errors: H* is between |e|²/(2~λ~max) and |e|²/(2~λ~min)", "T4.7, T4.8",
    ),
    Link(("error", "effort"), "zero", "H* = 0 exactly where |e|~=~0", "lesson 06"),
    Link(
        ("error", "latency"), "exact", "one input, Gauss-Newton: the same way down as backprop's",
        "T5.5",
    ),
    Link(
        ("error", "latency"), "bound",
        "Q = Jᵀ: it is between ln(|e|/tolerance) over λ~max and over λ~min", "T5.3",
    ),
    Link(("error", "latency"), "zero", "error 0 makes it 0, not the other way round", "T5.2"),
    Link(
        ("effort", "latency"), "measured", "both fall while a network learns, by backprop "
        "as well", "claims",
    ),
)  # fmt: skip


#: What is said below the node of the effort.
ABOUT_EFFORT = ("the error-based rule goes", "straight down H* (T4.4)")


def draw_chain(links: Sequence[Link] = LINKS, lit: str = "") -> str:
    """The triangle of the three losses; beside each side what holds, and what that rests on.

    lit: one of KINDS; the strokes of the others are pale. Each kind has its own stroke.
    """
    said = "; ".join(
        f"{a} and {b}: {kind}, {words} ({rests_on})" for (a, b), kind, words, rests_on in links
    )
    said = f"Error, least effort and latency, and what holds between them. {said}.".replace(
        "~", " "
    )
    d = Drawing(680, 404, f"{said} Least effort: {' '.join(ABOUT_EFFORT)}.")
    sides: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        sides.setdefault(link.ends, []).append(link)
    for ends, found in sides.items():
        a, b = (NODES[name][3] for name in ends)
        for k, link in enumerate(found):
            _stroke(d, a, b, 10 * (k - (len(found) - 1) / 2), link.kind, lit)
    for words, below, colour, at in NODES.values():
        _node(d, words, below, colour, at)
    for ends, found in sides.items():
        _card(d, CARDS[ends], found, lit)
    for k, words in enumerate(ABOUT_EFFORT):
        d.say(6, 372 + 15 * k, words, fixed=True)
    return d.svg()


def _node(d: Drawing, words: str, below: str, colour: str, at: Point) -> None:
    """One of the losses. The page shows through a box, so the strokes end at its edge."""
    block(d, *at, words, below, colour, 0.25, width=NODE[0], height=NODE[1])


def _stroke(d: Drawing, a: Point, b: Point, aside: float, kind: str, lit: str) -> None:
    """One of several strokes side by side between two nodes, from edge to edge."""
    along = np.array([b.x - a.x, b.y - a.y], float)
    along /= np.hypot(*along)
    side = np.array([-along[1], along[0]]) * aside
    cut = min(
        (NODE[0] / 2 + 4) / max(abs(along[0]), 1e-9), (NODE[1] / 2 + 6) / max(abs(along[1]), 1e-9)
    )
    start, end = np.array(a) + side + cut * along, np.array(b) + side - cut * along
    _line(d, (start[0], start[1]), (end[0], end[1]), kind, lit)


def _line(
    d: Drawing, start: tuple[float, float], end: tuple[float, float], kind: str, lit: str
) -> None:
    width, dash = STROKES[kind]
    line = d.path(
        f"M{start[0]:.1f},{start[1]:.1f} L{end[0]:.1f},{end[1]:.1f}", None, width,
        opacity=0.25 if lit and kind != lit else 1.0,
    )  # fmt: skip
    line.set("stroke-dasharray", dash)


def _card(d: Drawing, at: tuple[float, float], links: Sequence[Link], lit: str) -> None:
    """For each link of a side its stroke, its kind, and what holds."""
    x, y = at
    for link in links:
        _line(d, (x, y - 4), (x + 30, y - 4), link.kind, lit)
        d.say(x + 38, y, f"{link.kind} ({link.rests_on})", bold=True, fixed=True)
        lines = [line.replace("~", " ") for line in wrapped(link.words, 176)]
        for k, line in enumerate(lines, start=1):
            d.say(x + 38, y + 15 * k, line, fixed=True)
        y += 15 * len(lines) + 27

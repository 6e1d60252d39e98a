"""The four theories side by side, drawn alike: what moves activity in each, what each asks for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple
from xml.etree import ElementTree as ET

from ....errors import check_choice
from ....teaching.schematic import Drawing, Point, block

#: What can be shown: what moves activity, the phases in time, which weights mirror which.
SHOW = ("moves", "phases", "symmetric")
WIDE, TALL, KEY = 345.0, 236.0, 50.0  # of a theory; of the two rows of looks at the bottom
NODES, GROUND, RADIUS = (52.0, 142.0, 232.0), 130.0, 14.0  # of the three layers
HALO = 9.0
DOTTED = "3 4"


class Theory(NamedTuple):
    """A theory's name, and two lines for each thing that can be shown."""

    name: str
    moves: tuple[str, str]
    phases: tuple[str, str]
    symmetric: tuple[str, str]


THEORIES = (
    Theory(
        "DFC: Deep Feedback Control",
        ("A controller reads the output error,", "and pushes all layers at once."),
        ("Free: one pass up. Then the controller", "works until the output is on target."),
        ("Q, the way down, must point as the", "transposed Jacobian does."),
    ),
    Theory(
        "PC: Predictive Coding",
        ("The output is held on the target. Errors", "push the layers on either side of them."),
        ("Free: one pass up. Then the output is", "held, and the layers settle."),
        ("Predictions go up through W, errors", "come down through its transpose."),
    ),
    Theory(
        "EP: Equilibrium Propagation",
        ("A weak nudge of the output spreads", "downwards from layer to layer."),
        ("The network settles freely, and once", "more while its output is nudged."),
        ("Each connection has one weight for", "both directions."),
    ),
    Theory(
        "DEB: Dendritic error backprop",
        ("A nudge of the output. What interneurons", "do not predict pushes the soma."),
        ("The network rests freely (interneurons", "learn then), and then is nudged."),
        ("Y mirrors W, X copies W, and Z = −Y;", "X and Z can learn it on the spot."),
    ),
)


def draw_theories(show: str = "moves") -> str:
    """Four small networks of three layers, one for each theory. show: one of ``SHOW``; what is
    meant is lit, and said below each."""
    check_choice("show", show, SHOW)
    said = " ".join(f"{t.name}. {' '.join(getattr(t, show))}" for t in THEORIES)
    what = {
        "moves": "what moves activity", "phases": "what happens one after the other",
        "symmetric": "which weights must mirror which",
    }[show]  # fmt: skip
    d = Drawing(2 * WIDE, 2 * TALL + KEY, f"Four theories, drawn alike: {what}. {said}")
    drawn: tuple[Callable[[Part], None], ...] = (_dfc, _pc, _ep, _deb)
    for k, (theory, draw) in enumerate(zip(THEORIES, drawn, strict=True)):
        left, top = WIDE * (k % 2), TALL * (k // 2)
        frame = f"M{left + 4:.1f},{top + 4:.1f} h{WIDE - 8:.1f} v{TALL - 8:.1f} h{8 - WIDE:.1f} Z"
        d.path(frame, None, 1, opacity=0.35)
        d.say(left + 14, top + 24, theory.name, bold=True, fixed=True)
        draw(Part(d, left, top, show))
        for j, line in enumerate(getattr(theory, show)):
            d.say(left + 14, top + TALL - 34 + 16 * j, line, fixed=True)
        _phases(d, left, top, k, show == "phases")
    _key(d)
    return d.svg()


class Part:
    """The place of one theory in the picture, and what all four have."""

    def __init__(self, d: Drawing, left: float, top: float, show: str) -> None:
        self.d, self.show, self.left, self.top = d, show, left, top
        self.nodes = [Point(left + x, top + GROUND) for x in NODES]
        for k, at in enumerate(self.nodes):
            d.circle(*at, RADIUS, "rate", "rate", 0.25, 2)
            d.say(at.x, at.y + 4, ("1", "2", "L")[k], "middle", bold=True, fixed=True)

    def wire(
        self,
        points: list[tuple[float, float]],
        colour: str,
        role: str = "",
        curved: bool = False,
        head: str = "arrow",
    ) -> ET.Element:
        """A wire through points of the part's own. role: for what it is lit, "moves",
        "symmetric" or both."""
        way = [(self.left + x, self.top + y) for x, y in points]
        halo = self.d.arrow(way, colour, 2 + HALO, "", curved, dashed=False)
        halo.set("opacity", "0.32" if self.show in role.split() else "0")
        return self.d.arrow(way, colour, 2, head, curved, dashed=colour == "apical")

    def say(self, x: float, y: float, words: str, anchor: str = "middle") -> None:
        self.d.say(self.left + x, self.top + y, words, anchor, fixed=True)

    def upwards(self, role: str = "") -> None:
        """The input, and the feedforward weights in a row."""
        self.wire([(6, GROUND), (NODES[0] - RADIUS - 2, GROUND)], "basal")
        for low, high in pairwise(NODES):
            self.wire([(low + RADIUS + 2, GROUND), (high - RADIUS - 2, GROUND)], "basal", role)
            self.say((low + high) / 2, GROUND + 17, "W")

    def push(self, words: str, role: str = "moves") -> None:
        """The teacher's push on the output."""
        self.wire([(324, GROUND), (NODES[2] + RADIUS + 3, GROUND)], "error", role)
        self.say(290, GROUND - 9, words)


def _dfc(part: Part) -> None:
    """The controller, its bus across all layers, and its arrows."""
    part.upwards()
    box = block(part.d, part.left + 288, part.top + 62, "controller", width=92, height=26)
    right = NODES[2] + RADIUS + 3
    part.wire([(right, GROUND), (306, GROUND), (306, 78)], "error", "moves")
    part.say(302, GROUND + 17, "error")
    bus = float(box.west.x) - part.left
    part.wire([(bus, 62), (NODES[0], 62), (NODES[0], GROUND - RADIUS - 3)], "apical",
              "moves symmetric")  # fmt: skip
    for x in NODES[1:]:
        part.wire([(x, 62), (x, GROUND - RADIUS - 3)], "apical", "moves symmetric")
    part.say(160, 82, "Q")


def _pc(part: Part) -> None:
    """An error unit above each layer; predictions go up to it, errors come down from it."""
    high = 66.0
    part.wire([(6, GROUND - 12), (NODES[0] - 12, high + 7)], "basal")
    for k, x in enumerate(NODES):
        at = (part.left + x, part.top + high)
        part.d.circle(*at, 11, "error", "error", 0.25, 2)
        part.d.say(at[0], at[1] + 4, "ε", "middle", bold=True, fixed=True)
        part.wire([(x - 5, GROUND - RADIUS - 2), (x - 5, high + 13)], "rate")
        part.wire([(x + 5, high + 13), (x + 5, GROUND - RADIUS - 2)], "error", "moves")
        if k:
            below = NODES[k - 1]
            part.wire([(below + 10, GROUND - 12), (x - 14, high + 3)], "basal", "symmetric")
            part.wire([(x - 9, high + 11), (below + 16, GROUND - 4)], "error", "moves symmetric")
    part.say(NODES[0] + 38, 76, "W")
    part.say(NODES[0] + 62, GROUND - 8, "Wᵀ")
    box = f"M{part.left + NODES[2] - 20:.1f},{part.top + GROUND - 20:.1f} h40 v40 h-40 Z"
    part.d.path(box, "error", 2.4)
    part.say(NODES[2] + 26, GROUND + 4, "held", "start")


def _ep(part: Part) -> None:
    """Wires in both directions, and a nudge."""
    part.wire([(6, GROUND), (NODES[0] - RADIUS - 2, GROUND)], "basal")
    for low, high in pairwise(NODES):
        part.wire([(low + 14, GROUND - 8), ((low + high) / 2, GROUND - 20),
                   (high - 15, GROUND - 8)], "basal", "symmetric", True)  # fmt: skip
        part.wire([(high - 14, GROUND + 8), ((low + high) / 2, GROUND + 20),
                   (low + 15, GROUND + 8)], "apical", "moves symmetric", True)  # fmt: skip
        part.say((low + high) / 2, GROUND - 26, "W")
        part.say((low + high) / 2, GROUND + 4, "Wᵀ")
    part.push("nudge")


def _deb(part: Part) -> None:
    """An apical dendrite on each hidden layer, an interneuron beside it, and a nudge."""
    part.upwards("symmetric")
    high = 84.0
    for k, x in enumerate(NODES[:2]):
        above = NODES[k + 1]
        part.wire([(x, 58), (x, GROUND - RADIUS)], "apical", "moves", head="")
        part.d.circle(part.left + x + 45, part.top + high, 10, "lateral", "lateral", 0.25, 2)
        part.say(x + 45, high + 4, "i")
        part.wire([(x + 10, GROUND - 12), (x + 38, high + 11)], "lateral", "symmetric")
        nudge = part.wire([(above - 14, GROUND - 8), (x + 53, high + 10)], "voltage")
        nudge[0].set("stroke-dasharray", DOTTED)
        part.wire([(x + 33, high), (x + 3, high)], "lateral", "moves symmetric", head="bar")
        part.wire([(above - 10, GROUND - RADIUS + 3), (above - 19, 76), (above - 30, 50),
                   (x + 28, 47), (x + 3, 57)], "apical", "moves symmetric", True)  # fmt: skip
    part.say(NODES[0] + 18, high - 6, "Z")
    part.say(NODES[0] + 38, GROUND - 8, "X")
    part.say(NODES[0] + 45, 40, "Y")
    part.push("nudge")


# ---------------------------------------------------------------------- phases and key

#: The two phases of each theory, in which DH reads: the free one, and that with a teacher. How long
#: they are drawn says nothing about how long they take.
TIMES = (("free", "controlled"), ("free", "held"), ("free", "nudged"), ("free", "nudged"))


def _phases(d: Drawing, left: float, top: float, k: int, lit: bool) -> None:
    """A band of time: pale without a teacher, coloured with one. Seen only when it is asked for."""
    group = d.group()
    group.set("opacity", "1" if lit else "0")
    x, y, wide = left + 14, top + TALL - 76, 150.0
    for name, taught in zip(TIMES[k], (False, True), strict=True):
        box = f"M{x:.1f},{y:.1f} h{wide:.1f} v20 h{-wide:.1f} Z"
        d.path(box, "error" if taught else None, 1.2, "error" if taught else None, 0.3, into=group)
        d.say(x + wide / 2, y + 14, name, "middle", fixed=True, into=group)
        x += wide


def _key(d: Drawing) -> None:
    """The looks of the wires in two rows at the bottom, and what the shade behind them means."""
    looks = (
        ("basal", "from below"), ("apical", "from above"), ("error", "teacher, errors"),
        ("lateral", "interneuron"), ("rate", "rates, compared"), ("voltage", "nudge of i"),
    )  # fmt: skip
    for k, (colour, words) in enumerate(looks):
        x, y = 14 + (k % 4) * 165, 2 * TALL + 17 + 20 * (k // 4)
        line = d.path(f"M{x:.1f},{y - 4:.1f} h24", colour, 2.6, dashed=colour == "apical")
        if colour == "voltage":
            line.set("stroke-dasharray", DOTTED)
        d.say(x + 31, y, words, fixed=True)
    x, y = 14 + 2 * 165, 2 * TALL + 37
    d.path(f"M{x + 3:.1f},{y - 4:.1f} h16", "layer3", 2 + HALO, opacity=0.32)
    d.say(x + 31, y, "shaded: what the choice above asks for", fixed=True)

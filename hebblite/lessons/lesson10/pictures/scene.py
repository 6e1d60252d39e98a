"""One pyramidal neuron, the neuron above it, and the interneuron between them: the scene on which
the lesson's pictures play."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from ....teaching.schematic import (
    Drawing,
    Interneuron,
    Neuron,
    Point,
    interneuron,
    neuron,
)

#: The weights of the circuit, in the order in which they are named.
WEIGHTS = ("W", "X", "Y", "Z")


@dataclass(frozen=True)
class Levels:
    """What the cells of the scene show, each from -1 to 1 (rates from 0 to 1)."""

    b: float = 0.0
    a: float = 0.0
    v: float = 0.0
    r: float = 0.0
    i: float = 0.0
    p: float = 0.0
    b_above: float = 0.0
    v_above: float = 0.0
    r_above: float = 0.0


@dataclass(frozen=True)
class Scene:
    """The cells, the wires by the names of their weights, and places for words."""

    cell: Neuron
    above: Neuron
    inter: Interneuron
    wires: dict[str, list[ET.Element]]
    teacher: ET.Element
    nudge: ET.Element
    at: dict[str, Point]


def scene(
    d: Drawing,
    left: float,
    top: float,
    levels: Levels,
    size: float = 1.0,
    lit: tuple[str, ...] = (),
    teacher: bool = True,
) -> Scene:
    """The scene with its corner at (left, top), about 410 x 400 pixels at size 1.

    lit: the names of the weights whose wires get a halo. teacher: whether the teacher's arrow onto
    the neuron above is strong; it is pale otherwise.
    """

    def at(x: float, y: float) -> Point:
        return Point(left + size * x, top + size * y)

    level, cells = levels, d.group()
    cell = neuron(d, *at(120, 300), 0.8 * size, level.b, level.a, level.v, level.r, signs=False,
                  into=cells)  # fmt: skip
    above = neuron(d, *at(318, 84), 0.5 * size, level.b_above, 0.0, level.v_above, level.r_above,
                   signs=False, apical=False, into=cells)  # fmt: skip
    to = [at(226, 226), at(131, 222)]
    inter = interneuron(d, *at(312, 244), to, 0.8 * size, level.i, level.p, into=cells)
    wide = 2.4 * size
    lines = {
        "W": [
            ([at(2, 392), at(48, 362)], "basal", False),
            ([at(240, 308), at(398, 308), at(398, 138), at(366, 126)], "basal", False),
        ],
        "X": [([at(312, 308), inter.below], "lateral", False)],
        "Y": [([at(298, 88), at(222, 102), at(172, 152)], "apical", True)],
        "Z": [],
    }
    wires = {
        name: [
            _wire(d, points, colour, wide, curved, name in lit) for points, colour, curved in all_
        ]
        for name, all_ in lines.items()
    }
    halo = d.arrow([at(293, 241), *to], "lateral", wide + 9, "", True, dashed=False)
    halo.set("opacity", "0.3" if "Z" in lit else "0")
    wires["Z"] = [inter.axon]
    nudge = d.arrow([at(312, 136), inter.above.up(2)], "voltage", wide)
    nudge[0].set("stroke-dasharray", "3 4")
    push = d.arrow([at(318, 8), at(318, 50)], "error", 3 * size, dashed=False)
    push.set("opacity", "1" if teacher else "0.25")
    places = {
        "W": at(22, 360), "W_above": at(390, 178), "X": at(322, 302), "Y": at(210, 88),
        "Z": at(226, 214), "nudge": at(302, 172), "teacher": at(330, 24),
        "below": at(0, 398), "i": at(312, 248),
    }  # fmt: skip
    return Scene(cell, above, inter, wires, push, nudge, places)


def _wire(
    d: Drawing, points: list[Point], colour: str, width: float, curved: bool, lit: bool
) -> ET.Element:
    """A wire with a halo, which is seen where it is lit."""
    group = d.group()
    halo = d.arrow(points, colour, width + 9, "", curved, dashed=False, into=group)
    halo.set("opacity", "0.3" if lit else "0")
    d.arrow(points, colour, width, "arrow", curved, dashed=False, into=group)
    return group

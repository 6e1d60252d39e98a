"""A stop-watch: a dial that fills while time runs."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from xml.etree import ElementTree as ET

from ....teaching.schematic import Drawing


@dataclass(frozen=True)
class Clock:
    """The filled part of a dial and its hand, for those who let them move; ``round`` is how long
    the stroke of a dial is that is filled as a whole."""

    part: ET.Element
    hand: ET.Element
    round: float


def clock(d: Drawing, x: float, y: float, r: float, part: float, stopped: bool = True) -> Clock:
    """A dial with its middle at (x, y), filled up to ``part`` (0 to 1) of one turn from twelve
    o'clock on. stopped: drawn with a heavy rim."""
    d.circle(x, y, r, None, None, width=3.0 if stopped else 1.4)
    d.path(f"M{x:.1f},{y - r - 5:.1f} v5 M{x - 4:.1f},{y - r - 5:.1f} h8", None, 2)
    for quarter in range(4):
        a = quarter * pi / 2
        inner, outer = (f"{x + s * sin(a):.1f},{y - s * cos(a):.1f}" for s in (r - 4, r - 1))
        d.path(f"M{inner} L{outer}", None, 1.2, opacity=0.6)
    half = (r - 4) / 2  # a stroke as wide as the dial's radius is a filled dial
    arc = f"A{half:.2f},{half:.2f} 0 0 1"
    filled = d.path(
        f"M{x:.2f},{y - half:.2f} {arc} {x:.2f},{y + half:.2f} {arc} {x:.2f},{y - half:.2f}",
        "error", 2 * half, opacity=0.65,
    )  # fmt: skip
    whole = 2 * pi * half
    filled.set("stroke-linecap", "butt")
    filled.set("stroke-dasharray", f"{whole:.2f}")
    filled.set("stroke-dashoffset", f"{whole * (1 - min(max(part, 0.0), 1.0)):.2f}")
    hand = d.path(hand_at(x, y, r, part), None, 2.4)
    return Clock(filled, hand, whole)


def hand_at(x: float, y: float, r: float, part: float) -> str:
    """The outline of the hand when ``part`` of one turn is over."""
    a, far = 2 * pi * part, r - 5
    return f"M{x:.1f},{y:.1f} L{x + far * sin(a):.1f},{y - far * cos(a):.1f}"

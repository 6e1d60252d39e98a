"""Circuits: boxes, sums and the wires between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from ..placing import Box, text_width
from .drawing import Drawing, Point


@dataclass(frozen=True)
class Node:
    """A box or a circle of a circuit: where it is, and where wires leave it."""

    centre: Point
    width: float
    height: float
    element: ET.Element

    @property
    def east(self) -> Point:
        return self.centre.right(self.width / 2)

    @property
    def west(self) -> Point:
        return self.centre.left(self.width / 2)

    @property
    def north(self) -> Point:
        return self.centre.up(self.height / 2)

    @property
    def south(self) -> Point:
        return self.centre.down(self.height / 2)


def block(
    d: Drawing,
    x: float,
    y: float,
    words: str,
    below: str = "",
    colour: str | None = None,
    level: float = 0.0,
    width: float | None = None,
    height: float | None = None,
    lit: bool = False,
    into: ET.Element | None = None,
) -> Node:
    """A box with its centre at (x, y), as wide as its words. below: a second, plain line.

    colour: a meaning; level: how strongly it is filled with it, 0 to 1. lit: a heavy frame.
    """
    lines = [words, below] if below else [words]
    needs = max(text_width(line, 12, bold=not k) for k, line in enumerate(lines))
    width = width or needs + 22
    height = height or 22 + 16 * len(lines)
    group = d.group(into)
    box = f"M{x - width / 2:.1f},{y - height / 2:.1f} h{width:.1f} v{height:.1f} h{-width:.1f} Z"
    d.path(box, colour, 3.5 if lit else 1.8, colour, 0.10 + 0.5 * min(abs(level), 1.0), into=group)
    for k, line in enumerate(lines):
        base = y + 4 + 16 * (k - (len(lines) - 1) / 2)
        d.say(x, base, line, "middle", bold=k == 0, fixed=True, into=group)
    d.keep_free(Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    return Node(Point(x, y), width, height, group)


def split(
    d: Drawing, x: float, y: float, words: str = "", radius: float = 13.0,
    into: ET.Element | None = None,
) -> Node:  # fmt: skip
    """A circle where signals meet (a sum, "+" or "Σ") or part (no words: a small dot)."""
    group = d.group(into)
    radius = radius if words else 3.5
    d.circle(x, y, radius, None, None if words else "layer3", into=group)
    if words:
        d.say(x, y + 5, words, "middle", 15, True, fixed=True, into=group)
    d.keep_free(Box(x - radius, y - radius, x + radius, y + radius))
    return Node(Point(x, y), 2 * radius, 2 * radius, group)


def wire(
    d: Drawing,
    points: Sequence[tuple[float, float]],
    colour: str | None = None,
    width: float = 2.0,
    words: str = "",
    sign: str = "",
    cut: bool = False,
    lit: bool = False,
    head: str = "arrow",
    curved: bool = False,
    place: tuple[float, float] | None = None,
    into: ET.Element | None = None,
) -> ET.Element:
    """A wire through points, with its words above the middle of its longest piece, or at ``place``.

    sign: "+" or "−" beside its head. cut: pale and dashed, with a cross in its middle: nothing
    passes. lit: with a wide halo: the signal's way. All wires have the same parts, seen or not.
    """
    group = d.group(into)
    longest = max(range(len(points) - 1), key=lambda k: _length(points[k], points[k + 1]))
    (x0, y0), (x1, y1) = points[longest], points[longest + 1]
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    halo = d.arrow(points, colour, width + 9, "", curved, dashed=False, into=group)
    halo.set("opacity", "0.3" if lit else "0")
    line = d.arrow(points, colour, width, head, curved, into=group)
    line.set("opacity", "0.45" if cut else "1")
    if cut:
        line[0].set("stroke-dasharray", "3 5")
    cross = f"M{x - 8:.1f},{y - 8:.1f} l16,16 M{x + 8:.1f},{y - 8:.1f} l-16,16"
    d.path(cross, None, 3, into=group).set("opacity", "1" if cut else "0")
    if sign:
        sx, sy = _beside_head(points[-2], points[-1])
        d.say(sx, sy, sign, "middle", 15, True, into=group)
    if words and place is not None:
        d.say(*place, words, "middle", into=group)
    elif words and abs(y1 - y0) > abs(x1 - x0):
        d.say(x + 10, y + 4, words, into=group)
    elif words:
        d.say(x, y - 14, words, "middle", into=group)
    return group


def _beside_head(before: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """A place beside the head of an arrow."""
    length = _length(before, end) or 1.0
    ux, uy = (end[0] - before[0]) / length, (end[1] - before[1]) / length
    return end[0] - 13 * ux + 13 * abs(uy), end[1] - 13 * uy - 7 * abs(ux) + 5 * abs(uy)


def _length(a: tuple[float, float], b: tuple[float, float]) -> float:
    return ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5

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
    into: ET.Element | None = None,
) -> ET.Element:
    """A wire through points, with its words above the middle of its longest piece.

    sign: "+" or "−" beside its head. cut: pale and dashed, with a cross in its middle: nothing
    passes. lit: with a wide halo: the signal's way.
    """
    group = d.group(into)
    longest = max(range(len(points) - 1), key=lambda k: _length(points[k], points[k + 1]))
    (x0, y0), (x1, y1) = points[longest], points[longest + 1]
    middle = Point((x0 + x1) / 2, (y0 + y1) / 2)
    if lit:
        halo = d.arrow(points, colour, width + 8, "", curved, 0.28, False, group)
        halo[0].set("stroke-dasharray", "none")
    line = d.arrow(points, colour, width, head, curved, 0.45 if cut else 1.0, not cut, group)
    if cut:
        line[0].set("stroke-dasharray", "3 5")
        x, y = middle
        d.path(
            f"M{x - 8:.1f},{y - 8:.1f} l16,16 M{x + 8:.1f},{y - 8:.1f} l-16,16", None, 3, into=group
        )
    if sign:
        (ax, ay), (bx, by) = points[-2], points[-1]
        along = _length((ax, ay), (bx, by)) or 1.0
        ux, uy = (bx - ax) / along, (by - ay) / along
        d.say(
            bx - 12 * ux + 11 * abs(uy),
            by - 12 * uy - 6 * abs(ux),
            sign,
            "middle",
            15,
            True,
            into=group,
        )
    if words:
        upright = abs(y1 - y0) > abs(x1 - x0)
        if upright:
            d.say(middle.x + 8, middle.y + 4, words, into=group)
        else:
            d.say(middle.x, middle.y - (16 if cut else 8), words, "middle", into=group)
    return group


def _length(a: tuple[float, float], b: tuple[float, float]) -> float:
    return ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5

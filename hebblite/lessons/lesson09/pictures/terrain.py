"""Contours of an energy over two voltages, and the plane in which they are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.schematic import Drawing, Point
from ....teaching.schematic.drawing import broken

Array = np.ndarray
Edge = tuple[int, int, int]  # row, column, and 0 for the edge to the right or 1 for that downwards


@dataclass(frozen=True)
class Plane:
    """A square of the page over two voltages from ``-far`` to ``far``: the first to the right, the
    second upwards."""

    left: float
    top: float
    size: float
    far: float
    count: int = 57  # of the values on each axis

    def at(self, first: float, second: float) -> Point:
        """Where a pair of voltages lies."""
        unit = self.size / (2 * self.far)
        middle = self.size / 2
        return Point(
            self.left + middle + unit * float(first), self.top + middle - unit * float(second)
        )

    def way(self, first: Array, second: Array) -> str:
        """A path through pairs of voltages."""
        unit, middle = self.size / (2 * self.far), self.size / 2
        x = (self.left + middle + unit * np.asarray(first)).tolist()
        y = (self.top + middle - unit * np.asarray(second)).tolist()
        return broken(list(zip(x, y, strict=True)))

    @property
    def values(self) -> Array:
        """The voltages of the grid."""
        return np.linspace(-self.far, self.far, self.count)

    def window(self, d: Drawing) -> ET.Element:
        """The plane, out of which nothing is drawn."""
        x, y, side = self.left, self.top, self.size
        box = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{side:g}", "height": f"{side:g}"}
        return ET.SubElement(d.root, "svg", box | {"viewBox": f"{x:g} {y:g} {side:g} {side:g}"})

    def axes(self, d: Drawing, first: str, second: str) -> None:
        """A thin frame, numbers, and what the axes are."""
        right, bottom = self.left + self.size, self.top + self.size
        frame = f"M{self.left:.1f},{self.top:.1f} H{right:.1f} V{bottom:.1f} H{self.left:.1f} Z"
        d.path(frame, None, 1, opacity=0.4)
        for value in range(-int(self.far), int(self.far) + 1):
            words = f"{value}".replace("-", "−")
            d.say(self.at(value, 0).x, bottom + 16, words, "middle", 11, fixed=True)
            d.say(self.left - 6, self.at(0, value).y + 4, words, "end", 11, fixed=True)
        d.say(self.left + self.size / 2, bottom + 34, first, "middle", fixed=True)
        across = self.top + self.size / 2
        turned = d.group(transform=f"rotate(-90 {self.left - 28:.1f} {across:.1f})")
        place = {"x": f"{self.left - 28:.1f}", "y": f"{across:.1f}", "fill": "currentColor"}
        ET.SubElement(turned, "text", place | {"text-anchor": "middle"}).text = second

    def contours(
        self,
        d: Drawing,
        height: Array,
        levels: Iterable[float],
        window: ET.Element,
        colour: str = "voltage",
        ghost: bool = False,
    ) -> None:
        """Lines of equal height, the lowest strongest. height: over ``values``, the second voltage
        along the rows. ghost: pale and finely dotted."""
        levels = list(levels)
        for k, level in enumerate(levels):
            lines = contour(height, level)
            way = " ".join(
                self.way(self._value(line[:, 1]), self._value(line[:, 0])) for line in lines
            )
            strength = 0.95 - 0.65 * k / max(len(levels) - 1, 1)
            line = d.path(way or "M0,0", colour, 1.5, opacity=0.6 if ghost else strength,
                          into=window)  # fmt: skip
            line.set("stroke-dasharray", "1 4" if ghost else "none")

    def _value(self, place: Array) -> Array:
        return np.asarray(self.far * (2 * place / (self.count - 1) - 1))


def rings(height: Array, count: int = 9, first: float = 0.02) -> list[float]:
    """Levels that lie evenly apart in a bowl: above its ground by ``first`` times 1, 4, 9, ..."""
    ground = float(height.min())
    return [ground + first * k**2 for k in range(1, count + 1)]


def contour(height: Array, level: float) -> list[Array]:
    """Where a table (rows, columns) passes a level: lines, each (T, 2) of row and column, which are
    closed or end at the edge (marching squares)."""
    above = height > level
    cells = above[:-1, :-1] + 0 + above[:-1, 1:] + above[1:, :-1] + above[1:, 1:]
    upper, table = above.tolist(), height.tolist()  # single numbers are quicker in lists
    ends: dict[Edge, list[Edge]] = {}
    for i, j in np.argwhere((cells > 0) & (cells < 4)).tolist():
        for a, b in _pieces(upper, table, level, i, j):
            ends.setdefault(a, []).append(b)
            ends.setdefault(b, []).append(a)
    lines = []
    loose = [edge for edge, others in ends.items() if len(others) == 1]
    for start in [*loose, *ends]:
        way = _follow(ends, start)
        if len(way) > 1:
            lines.append(np.array([_crossing(table, level, edge) for edge in way]))
    return lines


def _pieces(
    above: list[list[bool]], height: list[list[float]], level: float, i: int, j: int
) -> Sequence[tuple[Edge, Edge]]:
    """The one or two stretches of the line within a cell."""
    north, south, west, east = (i, j, 0), (i + 1, j, 0), (i, j, 1), (i, j + 1, 1)
    (a, b), (c, d) = above[i][j : j + 2], above[i + 1][j : j + 2]
    sides = ((north, a != b), (east, b != d), (south, c != d), (west, a != c))
    crossed = [edge for edge, changes in sides if changes]
    if len(crossed) == 2:
        return [(crossed[0], crossed[1])]
    corners = height[i][j] + height[i][j + 1] + height[i + 1][j] + height[i + 1][j + 1]
    if (corners > 4 * level) == a:  # a pass: which two corners hang together
        return [(north, east), (south, west)]
    return [(north, west), (south, east)]


def _follow(ends: dict[Edge, list[Edge]], start: Edge) -> list[Edge]:
    """The line from an edge on, taking its stretches out of ``ends``."""
    way, here = [start], start
    while ends[here]:
        there = ends[here].pop()
        ends[there].remove(here)
        way.append(there)
        here = there
    return way


def _crossing(height: list[list[float]], level: float, edge: Edge) -> tuple[float, float]:
    """Where the line passes an edge."""
    i, j, down = edge
    a, b = height[i][j], height[i + 1][j] if down else height[i][j + 1]
    part = (level - a) / (b - a)
    return (i + part, float(j)) if down else (float(i), j + part)

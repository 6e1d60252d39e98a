"""Charts as parts of a drawing, and where values lie in it: for marks, balls and shaded zones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..chart import Panel, Scale, chart
from ..chart.axes import ranges
from ..chart.panel import LEFT, RIGHT, TOP
from .drawing import Drawing, Point


class Frame(NamedTuple):
    """Where a panel's frame lies in a drawing, and how values become places in it."""

    left: float
    top: float
    width: float
    height: float
    to_x: Scale
    to_y: Scale

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def at(self, x: float, y: float) -> Point:
        """The place of a pair of values."""
        return Point(float(self.to_x(x)), float(self.to_y(y)))


def put_chart(
    d: Drawing, panels: Sequence[Panel], x: float, y: float, width: float, height: float
) -> list[Frame]:
    """A chart in a drawing, with its corner at (x, y), and the frames of its panels (which do not
    name their curves at the ends)."""
    d.put(chart(panels, "", width, height), x, y)
    each, found = width / len(panels), []
    for i, panel in enumerate(panels):
        (x_low, x_high), (y_low, y_high) = ranges(panel)
        left, top, inner = x + i * each + LEFT, y + TOP, each - LEFT - RIGHT
        to_x = Scale(x_low, x_high, left, left + inner, panel.x_log)
        to_y = Scale(y_low, y_high, top + height, top, panel.y_log)
        found.append(Frame(left, top, inner, height, to_x, to_y))
    return found

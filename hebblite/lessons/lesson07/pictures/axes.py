"""Charts as parts of a drawing, with the zone in which an input has arrived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ....teaching.chart import Panel, Scale, chart
from ....teaching.chart.axes import ranges
from ....teaching.chart.panel import LEFT, RIGHT, TOP
from ....teaching.schematic import Drawing, Point


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


def zone(d: Drawing, frame: Frame, e_tol: float, words: str = "") -> None:
    """The errors up to the tolerance, in green, with the tolerance as a dashed line above them.
    words: in the corner that curves which fall from the left do not reach."""
    y = min(max(float(frame.to_y(e_tol)), frame.top), frame.bottom)
    box = f"M{frame.left:.1f},{y:.1f} h{frame.width:.1f} V{frame.bottom:.1f} h{-frame.width:.1f} Z"
    d.path(box, None, 0, "rate", 0.16)
    line = d.path(f"M{frame.left:.1f},{y:.1f} h{frame.width:.1f}", None, 1.4)
    line.set("stroke-dasharray", "6 4")
    if words:
        d.say(frame.left + 8, frame.bottom - 7, words, fixed=True)


def crossing(d: Drawing, frame: Frame, at: Point, words: str) -> None:
    """The place where a falling curve meets the tolerance: a dot, a line down to the time axis, and
    when that is, on the side where the curve is not."""
    d.path(f"M{at.x:.1f},{at.y:.1f} V{frame.bottom:.1f}", None, 1.6)
    d.circle(*at, 5.5, None, "rate")
    if at.x < frame.left + 0.72 * frame.width:
        d.say(at.x + 7, at.y - 8, words, bold=True, fixed=True)
    else:
        below = at.y + 17 < frame.bottom - 3  # else the zone is too thin
        d.say(at.x - 7, at.y + 17 if below else at.y - 16, words, "end", bold=True, fixed=True)

"""Panels side by side in one picture: axes, what is shaded, curves, marks, names, an inset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np

from ..numerals import minus
from ..placing import text_width
from ..svg import picture, text
from . import legend
from .axes import Frame, Scale, below_axis, draw_axes, ranges
from .curves import draw_curve
from .model import Inset, Panel, Series, look_number
from .strokes import numbers, stroke

Array = np.ndarray
LEFT, RIGHT, TOP = 58.0, 14.0, 28.0


def lines(
    x: Array,
    panels: Sequence[tuple[str, str, dict[str, Array]]],
    x_label: str,
    label: str,
    width: float = 680,
) -> str:
    """Line charts side by side over one x axis. panels: (title, y label, {name: values (T,)})."""
    made = [
        Panel(title, x_label, y_label, [Series(name, x, y) for name, y in series.items()])
        for title, y_label, series in panels
    ]
    return chart(made, label, width)


def chart(panels: Sequence[Panel], label: str, width: float = 680, height: float = 180) -> str:
    """Panels side by side in one picture. label: its text alternative, which says what is seen."""
    each = width / len(panels)
    frames = []
    for i, panel in enumerate(panels):
        inner = each - LEFT - RIGHT - legend.margin(panel)
        frames.append((i * each + LEFT, TOP, max(inner, 60.0), height))
    below = max(
        below_axis(panel, frame[2]) + legend.ROW * len(legend.rows_of(panel, frame[2]))
        for panel, frame in zip(panels, frames, strict=True)
    )
    svg = picture(width, TOP + height + below + 4, minus(label))
    for panel, frame in zip(panels, frames, strict=True):
        draw_panel(svg, panel, frame)
    return ET.tostring(svg, encoding="unicode")


def draw_panel(svg: ET.Element, panel: Panel, frame: Frame) -> None:
    """One panel around its frame (left, top, width, height)."""
    left, top, width, height = frame
    (x_low, x_high), (y_low, y_high) = ranges(panel)
    to_x = Scale(x_low, x_high, left, left + width, panel.x_log)
    to_y = Scale(y_low, y_high, top + height, top, panel.y_log)
    draw_axes(svg, panel, frame, to_x, to_y)
    window = ET.SubElement(svg, "svg", numbers(x=left, y=top, width=width, height=height))
    window.set("viewBox", f"{left:.1f} {top:.1f} {width:.1f} {height:.1f}")
    _shade(window, panel, frame, to_x, to_y)
    bars = [s for s in panel.series if s.kind == "bars"]
    for s in panel.series:
        place = next(((k, len(bars)) for k, other in enumerate(bars) if other is s), (0, 1))
        draw_curve(window, s, look_number(panel, s), to_x, to_y, place)
    for k, (axis, value, _name) in enumerate(panel.marks):
        at = float(to_x(value) if axis == "x" else to_y(value))
        ends = (at, top, at, top + height) if axis == "x" else (left, at, left + width, at)
        stroke(window, ends, "currentColor", legend.mark_dash(k), 1.3)
    legend.draw_names(svg, panel, frame, to_x, to_y)
    first = top + height + below_axis(panel, width) + 10
    for row, entries in enumerate(legend.rows_of(panel, width)):
        for x, entry in entries:
            legend.draw_key(svg, entry, left + x, first + legend.ROW * row)
    if panel.inset is not None:
        _inset(svg, panel, panel.inset, frame, to_x, to_y)


def _shade(svg: ET.Element, panel: Panel, frame: Frame, to_x: Scale, to_y: Scale) -> None:
    """Shaded stretches with their names: at the top of an upright one, at the left of a flat one.
    A name that does not fit beside the last one goes a line lower."""
    left, top, width, height = frame
    ends: list[float] = []  # of each line of names
    for axis, start, stop, name in panel.bands:
        if axis == "x":
            a, b = sorted(np.clip([float(to_x(start)), float(to_x(stop))], left, left + width))
            box, line, x = numbers(x=a, y=top, width=b - a, height=height), 0, float(a) + 4
            needs = text_width(minus(name), 11)
            x = min(x, left + width - needs - 4)
            while line < len(ends) and ends[line] > x:
                line += 1
            ends[line : line + 1] = [x + needs + 6]
            y = top + 14 + 14 * line
            if _curves_in(panel, (x, y - 12, x + needs, y + 4), to_x, to_y):
                y = top + height - 6 - 14 * line
        else:
            a, b = sorted(np.clip([float(to_y(start)), float(to_y(stop))], top, top + height))
            box, x = numbers(x=left, y=a, width=width, height=b - a), left + 5
            y = min(float(a) + 14, top + height - 4)
        ET.SubElement(svg, "rect", {**box, "fill": "currentColor", "fill-opacity": "0.09"})
        text(svg, x, y, minus(name), font_size="11")


def _curves_in(panel: Panel, box: Frame, to_x: Scale, to_y: Scale) -> bool:
    """Whether a curve has a point in the box (left, top, right, bottom)."""
    left, top, right, bottom = box
    for s in panel.series:
        px, py = to_x(s.x), to_y(s.y)
        if np.any((px >= left) & (px <= right) & (py >= top) & (py <= bottom)):
            return True
    return False


# ---------------------------------------------------------------------- a panel within a panel

CORNERS = ("upper right", "lower right", "upper left", "lower left")


def _inset(
    svg: ET.Element, panel: Panel, inset: Inset, frame: Frame, to_x: Scale, to_y: Scale
) -> None:
    left, top, width, height = frame
    w, h = inset.width * width, inset.height * height
    corner = inset.corner or emptiest_corner(panel, inset, frame, to_x, to_y)
    x = left + width - w - 8 if "right" in corner else left + 40
    y = top + 22 if "upper" in corner else top + height - h - 22
    small = replace(inset.panel, inset=None, direct=False)
    group = ET.SubElement(svg, "g", {"font-size": "11"})
    draw_panel(group, replace(small, marks=[(a, v, "") for a, v, _ in small.marks],
                              series=[replace(s, name="") for s in small.series]),
               (x, y, w - (0 if "right" in corner else 32), h))  # fmt: skip


def emptiest_corner(panel: Panel, inset: Inset, frame: Frame, to_x: Scale, to_y: Scale) -> str:
    """The corner of the frame in which the fewest places of curves lie."""
    left, top, width, height = frame
    found = {}
    for corner in CORNERS:
        x_part = (1 - inset.width, 1.0) if "right" in corner else (0.0, inset.width)
        y_part = (0.0, inset.height) if "upper" in corner else (1 - inset.height, 1.0)
        inside = 0
        for s in panel.series:
            px = (to_x(s.x) - left) / width
            py = (to_y(s.y) - top) / height
            near = (px >= x_part[0]) & (px <= x_part[1]) & (py >= y_part[0]) & (py <= y_part[1])
            inside += int(np.sum(near))
        found[corner] = inside
    return min(CORNERS, key=lambda corner: found[corner])

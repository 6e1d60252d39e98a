"""Axes: scales, ticks, limits, and how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np

from ..numerals import minus, number
from ..placing import text_box, text_width
from ..svg import text
from .model import Panel
from .strokes import numbers, stroke
from .words import wrapped

Array = np.ndarray
Frame = tuple[float, float, float, float]  # left, top, width, height


class Scale:
    """From values to places on the page, straight or logarithmic. Where low is the larger of the
    two, values fall from start to end."""

    def __init__(self, low: float, high: float, start: float, end: float, log: bool) -> None:
        self.low, self.high, self.start, self.end, self.log = low, high, start, end, log
        self._low = float(np.log10(low)) if log else low
        self._high = float(np.log10(high)) if log else high

    def __call__(self, values: Array | float) -> Array:
        v = np.asarray(values, float)
        if self.log:
            v = np.log10(np.maximum(v, min(self.low, self.high) * 1e-3))
        part = np.clip((v - self._low) / (self._high - self._low), -0.5, 1.5)
        return self.start + part * (self.end - self.start)

    def ticks(self, count: int) -> list[float]:
        low, high = sorted((self.low, self.high))
        return log_ticks(low, high) if self.log else ticks(low, high, count)

    def apart(self, count: int) -> list[float]:
        """Ticks of an x axis whose numbers do not touch each other, at most about ``count``."""
        marks = self.ticks(count)
        while count > 2 and not self._fit(marks):
            count -= 1
            marks = marks[::2] if self.log else self.ticks(count)
        return marks

    def _fit(self, marks: Sequence[float]) -> bool:
        boxes = [text_box(float(self(t)), 0, number(t), "middle") for t in marks]
        return not any(a.meets(b, 4) for a, b in pairwise(boxes))


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers within [low, high], about ``count`` of them."""
    step = 10 ** np.floor(np.log10((high - low) / count))
    step *= next(m for m in (1, 2, 5, 10) if (high - low) / (step * m) <= count)
    marks = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 0.5) * step + 0.0
    return [float(f"{t:.12g}") for t in marks]


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten within [low, high], every other or so where there are many; with 2 and 5
    between where there are few."""
    first, last = int(np.ceil(np.log10(low) - 1e-9)), int(np.floor(np.log10(high) + 1e-9))
    if last - first >= 2:
        skip = 1 + (last - first) // 6
        return [10.0**p for p in range(first, last + 1, skip)]
    every = [m * 10.0**p for p in range(first - 1, last + 1) for m in (1, 2, 5)]
    return [t for t in every if low * (1 - 1e-9) <= t <= high * (1 + 1e-9)]


def limits(values: Sequence[Array], log: bool = False) -> tuple[float, float]:
    """The range of all finite values with a margin; never empty."""
    whole: Array = np.concatenate([np.zeros(0), *(np.ravel(np.asarray(v, float)) for v in values)])
    whole = whole[np.isfinite(whole) & ((whole > 0) | (not log))]
    if not whole.size:
        return (0.1, 1.0) if log else (0.0, 1.0)
    low, high = float(whole.min()), float(whole.max())
    if log:
        margin = max((high / low) ** 0.06, 1.15)
        return low / margin, high * margin
    margin = 0.06 * (high - low)
    if margin < 1e-12 * max(abs(low), abs(high), 1e-300):  # constant up to rounding
        margin = 0.5 * (abs(low) or 1.0)
    return low - margin, high + margin


def fixed_range(
    *values: Array, zero: bool = True, even: bool = False, log: bool = False
) -> tuple[float, float]:
    """Limits that hold while a control moves: of all that will ever be shown.

    values: the data at the ends of the control (and where it is largest). zero: the axis reaches 0.
    even: it reaches as far below 0 as above. log: for a logarithmic axis.
    """
    if log:
        return limits(values, log=True)
    whole = list(values) + ([np.zeros(1)] if zero or even else [])
    low, high = limits(whole)
    if even:
        most = max(abs(low), abs(high))
        return -most, most
    return low, high


def ranges(panel: Panel) -> tuple[tuple[float, float], tuple[float, float]]:
    """What the axes span: the ranges given, or those of the data and the marks."""
    kinds = {s.kind for s in panel.series}
    xs = [s.x for s in panel.series] + [np.array([v]) for axis, v, _ in panel.marks if axis == "x"]
    ys = [s.y for s in panel.series] + [np.array([v]) for axis, v, _ in panel.marks if axis == "y"]
    ys += [s.low for s in panel.series if s.low is not None]
    ys += [
        end for s in panel.series if s.error is not None for end in (s.y - s.error, s.y + s.error)
    ]
    x_range = limits(xs, panel.x_log)
    if "bars" in kinds:
        ys.append(np.zeros(1))
    if kinds & {"bars", "dots"} and not panel.x_log:
        centres = np.concatenate([np.ravel(x) for x in xs])
        x_range = float(centres.min()) - 0.6, float(centres.max()) + 0.6
    elif kinds <= {"line", "steps", "band"} and not panel.x_log:
        margin = 0.06 / 1.12 * (x_range[1] - x_range[0])  # curves may touch the frame
        x_range = x_range[0] + margin, x_range[1] - margin
    return panel.x_range or x_range, panel.y_range or limits(ys, panel.y_log)


def name_lines(panel: Panel, width: float) -> list[list[str]]:
    """The words below the x axis, each broken into lines that fit between its neighbours."""
    if not panel.x_names:
        return []
    (low, high), _ = ranges(panel)
    slot = width / max(high - low, 1e-12) - 6
    return [wrapped(minus(name), slot) for name in panel.x_names]


def below_axis(panel: Panel, width: float) -> float:
    """Pixels between the frame and the legend's first row."""
    rows = max([1, *(len(lines) for lines in name_lines(panel, width))])
    return 24.0 + 14.0 * (rows - 1) + (18.0 if panel.x_label else 0.0)


def draw_axes(svg: ET.Element, panel: Panel, frame: Frame, to_x: Scale, to_y: Scale) -> None:
    """Frame, ticks, grid and labels around the box (left, top, width, height)."""
    left, top, width, height = frame
    outline = numbers(x=left, y=top, width=width, height=height)
    ET.SubElement(
        svg, "rect", {**outline, "fill": "none", "stroke": "currentColor", "opacity": "0.4"}
    )
    named = name_lines(panel, width)
    for j, rows in enumerate(named):
        for k, row in enumerate(rows):
            text(svg, float(to_x(j)), top + height + 16 + 14 * k, row, text_anchor="middle")
    if not named:
        for t in to_x.apart(max(3, int(width / 60))):
            text(svg, float(to_x(t)), top + height + 16, number(t), text_anchor="middle")
    for t in to_y.ticks(max(2, min(5, int(height / 26)))):
        y = float(to_y(t))
        stroke(svg, (left, y, left + width, y), "currentColor", "", 1, opacity="0.12")
        text(svg, left - 6, y + 4, number(t), text_anchor="end")
    bottom = top + height + below_axis(panel, width) - 8
    text(svg, left + width / 2, bottom, minus(panel.x_label), text_anchor="middle")
    _upright(svg, minus(panel.y_label), left - 46, top + height / 2, height + 40)
    text(svg, left, top - 9, minus(panel.title), font_weight="bold")


def _upright(svg: ET.Element, words: str, x: float, y: float, room: float) -> None:
    """Words that run upwards, smaller where they are longer than the axis."""
    if not words:
        return
    style = {"font_size": "11"} if text_width(words) > room else {}
    turn = f"rotate(-90 {x:.1f} {y:.1f})"
    text(svg, x, y, words, text_anchor="middle", transform=turn, **style)

"""Charts with axes, as inline SVG: lines, points, bars, bands and spike rasters.

Curves differ in colour (Okabe & Ito's palette, safe for colour-blind readers) *and* in dashes or in
the shape of their points, and every panel has its legend below it.

    chart([Panel("Learning", "epoch", "accuracy (%)", [Series("DH", x, y)])], label="...")
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

import numpy as np

from .colours import look as look_of
from .svg import picture, text

Array = np.ndarray

#: Outlines of the points of a series, around (0, 0), about 8 wide.
SHAPES = (
    "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0",  # disc
    "M-3.6,-3.6h7.2v7.2h-7.2z",  # square
    "M0,-4.8L4.4,3.4H-4.4z",  # triangle
    "M0,-5L5,0L0,5L-5,0z",  # diamond
    "M-1.3,-4.5h2.6v3.2h3.2v2.6h-3.2v3.2h-2.6v-3.2h-3.2v-2.6h3.2z",  # plus
    "M0,4.8L4.4,-3.4H-4.4z",  # triangle upside down
)
KINDS = ("line", "points", "line+points", "steps", "bars", "band", "spikes")
POINTS = 400  # a curve of more is thinned out: nobody can see the difference, and it draws faster


@dataclass
class Series:
    """One curve. x, y: (T,). kind: one of KINDS.

    band: the area between y and ``low`` (T,). bars: from 0 to y, side by side where several series
    of bars share a panel. spikes: a stroke at each x, in row y (a raster).
    colour: a meaning in ``colours.CODE``, such as "apical", or a number, to give series in several
    panels one look; their order if not given.
    """

    name: str
    x: Array
    y: Array
    kind: str = "line"
    low: Array | None = None
    colour: int | str | None = None


@dataclass
class Panel:
    """One pair of axes. Labels carry units. x_range, y_range: fixed limits, or those of the data.

    marks: lines across the panel, as ("x" or "y", value, name): a theory, a threshold.
    """

    title: str
    x_label: str
    y_label: str
    series: Sequence[Series]
    x_log: bool = False
    y_log: bool = False
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    marks: Sequence[tuple[str, float, str]] = field(default_factory=list)
    x_names: Sequence[str] = ()


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
    top = 28.0
    each = width / len(panels)
    rows = max(len(_legend(panel, each - 72)) for panel in panels)
    svg = picture(width, top + height + 46 + 18 * rows, label)
    for i, panel in enumerate(panels):
        _draw(svg, panel, (i * each + 58, top, each - 72, height))
    return ET.tostring(svg, encoding="unicode")


# ---------------------------------------------------------------------- one panel


class Scale:
    """From values to places on the page, straight or logarithmic."""

    def __init__(self, low: float, high: float, start: float, end: float, log: bool) -> None:
        self.low, self.high, self.start, self.end, self.log = low, high, start, end, log
        self._low = float(np.log10(low)) if log else low
        self._high = float(np.log10(high)) if log else high

    def __call__(self, values: Array | float) -> Array:
        v = np.asarray(values, float)
        if self.log:
            v = np.log10(np.maximum(v, self.low * 1e-3))
        part = np.clip((v - self._low) / (self._high - self._low), -0.5, 1.5)
        return self.start + part * (self.end - self.start)

    def ticks(self, count: int) -> list[float]:
        return log_ticks(self.low, self.high) if self.log else ticks(self.low, self.high, count)


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


def _ranges(panel: Panel) -> tuple[tuple[float, float], tuple[float, float]]:
    """What the axes span: the ranges given, or those of the data and the marks."""
    kinds = {s.kind for s in panel.series}
    xs = [s.x for s in panel.series] + [np.array([v]) for axis, v, _ in panel.marks if axis == "x"]
    ys = [s.y for s in panel.series] + [np.array([v]) for axis, v, _ in panel.marks if axis == "y"]
    ys += [s.low for s in panel.series if s.low is not None]
    x_range = limits(xs, panel.x_log)
    if "bars" in kinds:
        ys.append(np.zeros(1))
        centres = np.concatenate([np.ravel(x) for x in xs])
        x_range = float(centres.min()) - 0.6, float(centres.max()) + 0.6
    elif kinds <= {"line", "steps", "band"} and not panel.x_log:
        margin = 0.06 / 1.12 * (x_range[1] - x_range[0])  # curves may touch the frame
        x_range = x_range[0] + margin, x_range[1] - margin
    return panel.x_range or x_range, panel.y_range or limits(ys, panel.y_log)


def _draw(svg: ET.Element, panel: Panel, box: tuple[float, float, float, float]) -> None:
    left, top, width, height = box
    (x_low, x_high), (y_low, y_high) = _ranges(panel)
    to_x = Scale(x_low, x_high, left, left + width, panel.x_log)
    to_y = Scale(y_low, y_high, top + height, top, panel.y_log)
    _axes(svg, panel, box, to_x, to_y)
    window = ET.SubElement(svg, "svg", _numbers(x=left, y=top, width=width, height=height))
    window.set("viewBox", f"{left:.1f} {top:.1f} {width:.1f} {height:.1f}")
    bars = [s for s in panel.series if s.kind == "bars"]
    for j, s in enumerate(panel.series):
        place = (bars.index(s), len(bars)) if s in bars else (0, 1)
        _curve(window, s, s.colour if s.colour is not None else j, to_x, to_y, place)
    for axis, value, _name in panel.marks:
        at = float(to_x(value) if axis == "x" else to_y(value))
        ends = (at, top, at, top + height) if axis == "x" else (left, at, left + width, at)
        _stroke(window, ends, "currentColor", "5 4", 1.3)
    for row, entries in enumerate(_legend(panel, width)):
        for x, entry in entries:
            _key(svg, entry, left + x, top + height + 52 + 18 * row)


def _axes(
    svg: ET.Element,
    panel: Panel,
    box: tuple[float, float, float, float],
    to_x: Scale,
    to_y: Scale,
) -> None:
    """Frame, ticks, grid and labels around the box (left, top, width, height)."""
    left, top, width, height = box
    frame = _numbers(x=left, y=top, width=width, height=height)
    ET.SubElement(
        svg, "rect", {**frame, "fill": "none", "stroke": "currentColor", "opacity": "0.4"}
    )
    if panel.x_names:
        for j, name in enumerate(panel.x_names):
            text(svg, float(to_x(j)), top + height + 16, name, text_anchor="middle")
    else:
        for t in to_x.ticks(max(3, int(width / 60))):
            text(svg, float(to_x(t)), top + height + 16, number(t), text_anchor="middle")
    for t in to_y.ticks(5):
        y = float(to_y(t))
        _stroke(svg, (left, y, left + width, y), "currentColor", "", 1, opacity="0.12")
        text(svg, left - 6, y + 4, number(t), text_anchor="end")
    text(svg, left + width / 2, top + height + 34, panel.x_label, text_anchor="middle")
    x, y = left - 46, top + height / 2
    turn = f"rotate(-90 {x:.1f} {y:.1f})"
    text(svg, x, y, panel.y_label, text_anchor="middle", transform=turn)
    text(svg, left, top - 9, panel.title, font_weight="bold")


def _curve(
    svg: ET.Element, s: Series, look: int | str, to_x: Scale, to_y: Scale, place: tuple[int, int]
) -> None:
    colour, dash, shape_number = look_of(look)
    x, y = np.asarray(s.x, float), np.asarray(s.y, float)
    if s.kind not in KINDS:
        raise ValueError(f"kind: got {s.kind!r}, expected one of {', '.join(KINDS)}")
    if s.kind == "spikes":
        marks = " ".join(f"M{a:.1f},{b - 5:.1f}v10" for a, b in zip(to_x(x), to_y(y), strict=True))
        _path(svg, marks, colour, "", 1.4)
        return
    if s.kind == "bars":
        index, count = place
        half = 0.4 / count
        for a, b in zip(x - 0.4 + half * (2 * index + 1), y, strict=True):
            x0, x1 = float(to_x(a - half)), float(to_x(a + half))
            y0, y1 = sorted((float(to_y(max(to_y.low, 0.0))), float(to_y(b))))
            bar = _numbers(x=x0, y=y0, width=x1 - x0 - 1, height=y1 - y0)
            ET.SubElement(
                svg, "rect", {**bar, "fill": colour, "fill-opacity": "0.75", "stroke": colour}
            )
            if index:  # the second cue, beside colour: stripes of the page's text colour
                for k in np.arange(x0 + 4, x1 - 1, 4 + 4 * index):
                    _stroke(svg, (k, y0, k, y1), "currentColor", "", 0.7)
        return
    if len(x) > POINTS and "points" not in s.kind:
        keep = np.unique(np.linspace(0, len(x) - 1, POINTS).astype(int))
        x, y = x[keep], y[keep]
        low = None if s.low is None else np.asarray(s.low, float)[keep]
    else:
        low = s.low
    if s.kind == "steps":
        x, y = np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
    px, py = to_x(x), to_y(y)
    if s.kind == "band":
        assert low is not None, "a band needs low"
        outline = [*zip(px, py, strict=True), *zip(px[::-1], to_y(low)[::-1], strict=True)]
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in outline)
        ET.SubElement(svg, "polygon", {"points": points, "fill": colour, "opacity": "0.22"})
        return
    if s.kind != "points":
        seen = np.isfinite(px) & np.isfinite(py)
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(px[seen], py[seen], strict=True))
        look_of_line = {"fill": "none", "stroke": colour, "stroke-width": "2"}
        ET.SubElement(svg, "polyline", {"points": points, **look_of_line, "stroke-dasharray": dash})
    if "points" in s.kind:
        shape = SHAPES[shape_number]
        for a, b in zip(px, py, strict=True):
            if np.isfinite(a) and np.isfinite(b):
                at = {"d": shape, "transform": f"translate({a:.1f},{b:.1f})"}
                ET.SubElement(svg, "path", {**at, "fill": colour})


# ---------------------------------------------------------------------- legends


Entry = tuple[str, str, int | str]  # what it stands for, kind, look


def _legend(panel: Panel, width: float) -> list[list[tuple[float, Entry]]]:
    """Rows of (x, entry), as many in a row as fit."""
    entries: list[Entry] = [
        (s.name, s.kind, s.colour if s.colour is not None else j)
        for j, s in enumerate(panel.series)
        if s.name
    ]
    entries += [(name, "mark", 0) for _, _, name in panel.marks if name]
    rows: list[list[tuple[float, Entry]]] = [[]]
    x = 0.0
    for entry in entries:
        needs = 34 + 6.6 * len(entry[0]) + 10
        if rows[-1] and x + needs > width + 8:
            rows.append([])
            x = 0.0
        rows[-1].append((x, entry))
        x += needs
    return rows


def _key(svg: ET.Element, entry: Entry, x: float, y: float) -> None:
    name, kind, look = entry
    colour, dash, shape = look_of(look)
    if kind == "mark":
        _stroke(svg, (x, y, x + 26, y), "currentColor", "5 4", 1.3)
    elif kind in ("band", "bars"):
        box = _numbers(x=x + 4, y=y - 5, width=18, height=10)
        ET.SubElement(svg, "rect", {**box, "fill": colour, "opacity": "0.5"})
        stripes = look if isinstance(look, int) else shape
        if kind == "bars" and stripes:
            for k in range(1, 18, 4 + 4 * stripes):
                _stroke(svg, (x + 4 + k, y - 5, x + 4 + k, y + 5), "currentColor", "", 0.7)
    elif kind == "spikes":
        _path(svg, f"M{x + 8:.1f},{y - 5:.1f}v10 M{x + 14:.1f},{y - 5:.1f}v10", colour, "", 1.4)
    else:
        if kind != "points":
            line = {"fill": "none", "stroke": colour, "stroke-width": "2"}
            points = f"{x:.1f},{y:.1f} {x + 26:.1f},{y:.1f}"
            ET.SubElement(svg, "polyline", {"points": points, **line, "stroke-dasharray": dash})
        if "points" in kind:
            at = {"d": SHAPES[shape], "transform": f"translate({x + 13:.1f},{y:.1f})"}
            ET.SubElement(svg, "path", {**at, "fill": colour})
    text(svg, x + 32, y + 4, name)


# ---------------------------------------------------------------------- small pieces


def number(t: float) -> str:
    """A tick: short, with a real minus, and powers of ten where zeros would pile up."""
    if t and not 1e-3 <= abs(t) < 1e5:
        mantissa, exponent = f"{t:.3g}".split("e") if "e" in f"{t:.3g}" else f"{t:.2e}".split("e")
        power = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        mantissa = f"{float(mantissa):g}"
        words = f"10{power}" if mantissa == "1" else f"{mantissa}·10{power}"
    else:
        words = f"{t:g}"
    return words.replace("-", "−")


def decimals(value: float, digits: int = 3) -> str:
    """A number with a real minus, and none before a zero."""
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", "−")


def _numbers(**values: float) -> dict[str, str]:
    return {key: f"{max(value, 0) if key in ('width', 'height') else value:.1f}"
            for key, value in values.items()}  # fmt: skip


def _stroke(
    svg: ET.Element,
    ends: tuple[float, float, float, float],
    colour: str,
    dash: str,
    width: float,
    **more: str,
) -> None:
    place = dict(zip(("x1", "y1", "x2", "y2"), (f"{v:.1f}" for v in ends), strict=True))
    look = {"stroke": colour, "stroke-width": f"{width:g}", "stroke-dasharray": dash}
    ET.SubElement(svg, "line", {**place, **look, **more})


def _path(svg: ET.Element, d: str, colour: str, dash: str, width: float) -> None:
    look = {"fill": "none", "stroke": colour, "stroke-width": f"{width:g}"}
    ET.SubElement(svg, "path", {"d": d, **look, "stroke-dasharray": dash})

"""What stands for what: a legend below a panel, or names at the ends of curves."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

from ..colours import look as look_of
from ..numerals import minus
from ..placing import spread, text_width
from ..svg import text
from .axes import Frame, Scale
from .curves import GHOST, PALE, SHAPES
from .model import Panel, Series, look_number
from .strokes import numbers, path, stroke

KEY = 32.0  # pixels from the start of an entry to its words
ROW = 18.0
Entry = tuple[str, str, int | str]  # what it stands for, kind, look

NAMED_AT_END = ("line", "line+points", "points", "steps")


def at_end(panel: Panel) -> list[Series]:
    """The series that are named at their right end."""
    if not panel.direct:
        return []
    return [s for s in panel.series if s.name and s.kind in NAMED_AT_END and np.size(s.y)]


#: Lines across a panel, told apart by their dashes.
MARKS = ("5 4", "1 4", "10 4 1 4", "14 5", "3 2", "8 2 3 2")


def mark_dash(number: int) -> str:
    """The dashes of the mark with this number in its panel."""
    return MARKS[number % len(MARKS)]


def margin(panel: Panel) -> float:
    """Pixels that the names at the ends of curves need, right of the frame."""
    return max([0.0, *(text_width(minus(s.name)) + 18 for s in at_end(panel))])


def rows_of(panel: Panel, width: float) -> list[list[tuple[float, Entry]]]:
    """Rows of (x, entry), as many in a row as fit."""
    named = {id(s) for s in at_end(panel)}
    entries: list[Entry] = [
        (s.name, f"ghost {s.kind}" if s.ghost else s.kind, look_number(panel, s))
        for s in panel.series
        if s.name and id(s) not in named
    ]
    entries += [(name, "mark", k) for k, (_, _, name) in enumerate(panel.marks) if name]
    rows: list[list[tuple[float, Entry]]] = [[]]
    x = 0.0
    for entry in entries:
        needs = KEY + text_width(minus(entry[0])) + 12
        if rows[-1] and x + needs > width + 20:
            rows.append([])
            x = 0.0
        rows[-1].append((x, entry))
        x += needs
    return rows if rows[0] else []


def draw_key(svg: ET.Element, entry: Entry, x: float, y: float) -> None:
    """One entry of a legend: how it looks, and its words."""
    name, kind, which = entry
    colour, dash, shape = look_of(which)
    if kind == "mark":
        stroke(svg, (x, y, x + 26, y), "currentColor", mark_dash(int(which)), 1.3)
    elif kind == "ghost points":
        at = {"d": SHAPES[shape], "transform": f"translate({x + 13:.1f},{y:.1f})"}
        hollow = {"fill": "none", "stroke": colour, "stroke-width": "1.4", "opacity": PALE}
        ET.SubElement(svg, "path", at | hollow)
    elif kind.startswith("ghost"):
        stroke(svg, (x, y, x + 26, y), colour, GHOST, 2, opacity=PALE, stroke_linecap="round")
    elif kind in ("band", "bars"):
        box = numbers(x=x + 4, y=y - 5, width=18, height=10)
        ET.SubElement(svg, "rect", {**box, "fill": colour, "opacity": "0.5"})
        stripes = which if isinstance(which, int) else shape
        if kind == "bars" and stripes:
            for k in range(1, 18, 4 + 4 * stripes):
                stroke(svg, (x + 4 + k, y - 5, x + 4 + k, y + 5), "currentColor", "", 0.7)
    elif kind == "spikes":
        path(svg, f"M{x + 8:.1f},{y - 5:.1f}v10 M{x + 14:.1f},{y - 5:.1f}v10", colour, "", 1.4)
    elif kind == "dots":
        for aside in (6, 13, 20):
            place = f"translate({x + aside:.1f},{y:.1f}) scale(0.75)"
            dot = {"d": SHAPES[shape], "transform": place, "fill": colour}
            ET.SubElement(svg, "path", dot)
    else:
        if kind != "points":
            line = {"fill": "none", "stroke": colour, "stroke-width": "2"}
            points = f"{x:.1f},{y:.1f} {x + 26:.1f},{y:.1f}"
            ET.SubElement(svg, "polyline", {"points": points, **line, "stroke-dasharray": dash})
        if "points" in kind:
            at = {"d": SHAPES[shape], "transform": f"translate({x + 13:.1f},{y:.1f})"}
            ET.SubElement(svg, "path", {**at, "fill": colour})
    text(svg, x + KEY, y + 4, minus(name))


def draw_names(svg: ET.Element, panel: Panel, frame: Frame, to_x: Scale, to_y: Scale) -> None:
    """Names at the right edge, apart from each other, each tied by a line to the end of its curve,
    which may lie far to the left."""
    left, top, width, height = frame
    series = at_end(panel)
    ends = []
    for s in series:
        y = np.asarray(s.y, float)
        seen = y[np.isfinite(y)]
        ends.append(float(np.clip(to_y(seen[-1] if seen.size else 0.0), top, top + height)))
    edge = left + width
    for s, end, place in zip(
        series, ends, spread(ends, 15.0, top + 4, top + height - 2), strict=True
    ):
        colour, dash, _ = look_of(look_number(panel, s))
        tie = {"fill": "none", "stroke": colour, "stroke-width": "1.6"}
        last = min(float(to_x(np.asarray(s.x, float)[-1])), edge) if len(s.x) else edge
        points = f"{edge:.1f},{end:.1f} {edge + 13:.1f},{place:.1f}"
        dashes = {"stroke-dasharray": GHOST if s.ghost else dash}
        if last < edge - 3:  # the curve ends early: a thin line leads from there to its name
            points = f"{last + 6:.1f},{end:.1f} {edge:.1f},{end:.1f} {edge + 13:.1f},{place:.1f}"
            dashes = {"stroke-dasharray": "1 5"}
            tie["stroke-width"] = "1"
        ET.SubElement(svg, "polyline", {"points": points, **tie, **dashes})
        text(svg, edge + 16, place + 4, minus(s.name))

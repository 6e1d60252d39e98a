"""A picture that is put together from strokes, shapes, and labels that never collide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree as ET

import numpy as np

from ...errors import ArgumentError
from ..colours import look
from ..placing import SMALLEST, Box, clashes, free_place, text_box, text_width
from ..svg import picture, png, text

Array = np.ndarray
MARGIN = 2.0
SVG = "http://www.w3.org/2000/svg"


class Point(NamedTuple):
    """A place in a drawing, in pixels; y grows downwards."""

    x: float
    y: float

    def right(self, by: float) -> Point:
        return Point(self.x + by, self.y)

    def left(self, by: float) -> Point:
        return Point(self.x - by, self.y)

    def up(self, by: float) -> Point:
        return Point(self.x, self.y - by)

    def down(self, by: float) -> Point:
        return Point(self.x, self.y + by)


def stroke_of(colour: str | int | None) -> tuple[str, str]:
    """Colour and dashes of a meaning; None is the page's own text colour, undashed."""
    if colour is None:
        return "currentColor", ""
    return look(colour)[:2]


class Drawing:
    """A picture under construction, ``width`` x ``height`` pixels. label: its text alternative,
    which says what is seen.

    Each method adds something and returns its element. ``into``: the group that it goes into.
    colour: a meaning of ``colours.CODE``, a number, or None for the page's text colour.
    """

    def __init__(self, width: float, height: float, label: str) -> None:
        if len(label) <= 30:
            raise ArgumentError("label", repr(label), "a sentence that says what is seen")
        self.root = picture(width, height, label)
        self.whole = Box(0, 0, width, height)
        self.page = Box(MARGIN, MARGIN, width - MARGIN, height - MARGIN)
        self.taken: list[Box] = []  # what labels keep away from
        self.labels: list[Box] = []

    # ------------------------------------------------------------------ words

    def say(
        self,
        x: float,
        y: float,
        words: str,
        anchor: str = "start",
        size: float = 12.0,
        bold: bool = False,
        italic: bool = False,
        fixed: bool = False,
        into: ET.Element | None = None,
    ) -> ET.Element:
        """Words at (x, y), or in the nearest free place. fixed: exactly there; where another label
        is, ArgumentError."""
        if size < SMALLEST:
            raise ArgumentError("size", size, f"at least {SMALLEST:g} pixels")
        box = text_box(x, y, words, anchor, size, bold)
        if fixed:
            if clashes([box], self.page) or any(box.meets(other) for other in self.labels):
                raise ArgumentError("label", repr(words), f"a free place at ({x:g}, {y:g})")
            dx = dy = 0.0
        else:
            dx, dy = free_place(box, self.taken, self.page)
        box = box.moved(dx, dy)
        self.labels.append(box)
        self.taken.append(box)
        style = {"font_weight": "bold"} if bold else {}
        style |= {"font_style": "italic"} if italic else {}
        style |= {"font_size": f"{size:g}"} if size != 12 else {}
        style |= {"text_anchor": anchor} if anchor != "start" else {}
        return text(self._in(into), x + dx, y + dy, words, **style)

    def row(
        self, words: Sequence[str], left: float, right: float, y: float, size: float = 12.0
    ) -> list[ET.Element]:
        """Several labels on one line, spread from ``left`` to ``right``."""
        widths = [text_width(each, size) for each in words]
        gap = (right - left - sum(widths)) / max(len(words) - 1, 1)
        starts = [left + sum(widths[:k]) + k * gap for k in range(len(words))]
        return [
            self.say(x, y, each, size=size, fixed=True)
            for x, each in zip(starts, words, strict=True)
        ]

    def keep_free(self, box: Box) -> None:
        """No label goes here unless it is ``fixed``."""
        self.taken.append(box)

    # ------------------------------------------------------------------ strokes and shapes

    def group(self, into: ET.Element | None = None, **attributes: str) -> ET.Element:
        """A group, to move or fade as one."""
        return ET.SubElement(self._in(into), "g", attributes)

    def path(
        self,
        d: str,
        colour: str | int | None = None,
        width: float = 2.0,
        fill: str | int | None = None,
        fill_level: float = 1.0,
        opacity: float = 1.0,
        dashed: bool = False,
        into: ET.Element | None = None,
    ) -> ET.Element:
        """An outline ``d`` in SVG's words. fill: a meaning; fill_level: how strong, 0 to 1.
        dashed: with the dashes of the meaning."""
        stroke, dash = stroke_of(colour)
        look_of = {"d": d, "stroke": stroke, "stroke-width": f"{width:.2f}"}
        look_of["fill"] = stroke_of(fill)[0] if fill is not None else "none"
        if fill is not None:
            look_of["fill-opacity"] = f"{fill_level:.3f}"
        if dashed:
            look_of["stroke-dasharray"] = dash or "none"
        if opacity != 1:
            look_of["opacity"] = f"{opacity:.3f}"
        look_of |= {"stroke-linecap": "round", "stroke-linejoin": "round"}
        return ET.SubElement(self._in(into), "path", look_of)

    def circle(
        self,
        x: float,
        y: float,
        r: float,
        colour: str | int | None = None,
        fill: str | int | None = None,
        fill_level: float = 1.0,
        width: float = 1.5,
        into: ET.Element | None = None,
    ) -> ET.Element:
        """A circle with the outline of one meaning and the filling of another."""
        stroke, _ = stroke_of(colour)
        place = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{r:.2f}"}
        inside = {"fill": stroke_of(fill)[0] if fill is not None else "none"}
        inside["fill-opacity"] = f"{fill_level:.3f}"
        outline = {"stroke": stroke, "stroke-width": f"{width:.2f}"}
        return ET.SubElement(self._in(into), "circle", {**place, **inside, **outline})

    def arrow(
        self,
        points: Sequence[tuple[float, float]],
        colour: str | int | None = None,
        width: float = 2.0,
        head: str = "arrow",
        curved: bool = False,
        opacity: float = 1.0,
        dashed: bool = True,
        into: ET.Element | None = None,
    ) -> ET.Element:
        """A line through points with a head at its end: "arrow", "bar" (inhibits), "dot" or "".
        Returns the group of both. curved: a smooth bend through the points."""
        group = self.group(into)
        if opacity != 1:
            group.set("opacity", f"{opacity:.3f}")
        size = 5.0 + 1.6 * width
        (x0, y0), (x1, y1) = points[-2], points[-1]
        along = np.array([x1 - x0, y1 - y0], float)
        along /= np.hypot(*along) or 1.0
        back = 0.7 * size if head == "arrow" else 0.0
        stop = (x1 - back * along[0], y1 - back * along[1])
        d = bend([*points[:-1], stop]) if curved else broken([*points[:-1], stop])
        self.path(d, colour, width, dashed=dashed, into=group)
        outline = head_of(head, (x1, y1), along, size)
        if outline:
            fill = stroke_of(colour)[0]
            shape = {
                "d": outline,
                "fill": fill,
                "stroke": fill,
                "stroke-width": f"{max(1.2, 0.8 * width) if head == 'bar' else 1.2:.2f}",
            }
            ET.SubElement(group, "path", shape)
        return group

    def image(
        self, pixels: Array, x: float, y: float, size: float, into: ET.Element | None = None
    ) -> ET.Element:
        """Pixels (h, w) or (h, w, 3) in [0, 1] as a square with hard edges and a thin frame."""
        square = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{size:g}", "height": f"{size:g}"}
        group = self.group(into)
        ET.SubElement(
            group, "image", {**square, "href": png(pixels), "style": "image-rendering:pixelated"}
        )
        frame = {"fill": "none", "stroke": "currentColor", "stroke-opacity": "0.5"}
        ET.SubElement(group, "rect", {**square, **frame})
        return group

    def put(self, svg: str, x: float, y: float, into: ET.Element | None = None) -> ET.Element:
        """Another picture, such as a ``chart``, with its corner at (x, y). What it says to those
        who do not see it belongs into the drawing's label."""
        part = ET.fromstring(svg.replace(f' xmlns="{SVG}"', "", 1))
        for name in ("role", "aria-label", "style"):
            part.attrib.pop(name, None)
        _, _, width, height = (float(n) for n in part.get("viewBox", "0 0 1 1").split())
        if not Box(x, y, x + width, y + height).inside(self.whole):
            raise ArgumentError(
                "svg", f"{width:g} x {height:g} at ({x:g}, {y:g})", "inside the page"
            )
        part.attrib |= {
            "x": f"{x:g}",
            "y": f"{y:g}",
            "width": f"{width:g}",
            "height": f"{height:g}",
        }
        self._in(into).append(part)
        self.keep_free(Box(x, y, x + width, y + height))
        return part

    # ------------------------------------------------------------------ the whole

    def clashes(self) -> list[tuple[int, int]]:
        """Labels that meet, or leave the page (see ``placing.clashes``)."""
        return clashes(self.labels, self.page)

    def svg(self) -> str:
        """The drawing as a string for ``show``."""
        return ET.tostring(self.root, encoding="unicode")

    def _in(self, into: ET.Element | None) -> ET.Element:
        return self.root if into is None else into


def broken(points: Sequence[tuple[float, float]]) -> str:
    """Straight pieces through points, as a path."""
    return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in points)


def bend(points: Sequence[tuple[float, float]]) -> str:
    """A smooth curve through points, as a path of cubic pieces (Catmull and Rom's)."""
    p = np.asarray(points, float)
    if len(p) < 3:
        return broken(points)
    whole = np.vstack([p[0], p, p[-1]])
    d = f"M{p[0][0]:.1f},{p[0][1]:.1f}"
    for i in range(1, len(whole) - 2):
        c1 = whole[i] + (whole[i + 1] - whole[i - 1]) / 6
        c2 = whole[i + 1] - (whole[i + 2] - whole[i]) / 6
        d += " C" + " ".join(f"{a:.1f},{b:.1f}" for a, b in (c1, c2, whole[i + 1]))
    return d


def head_of(head: str, end: tuple[float, float], along: Array, size: float) -> str:
    """The outline of an arrow's head at ``end``, for a line that comes along ``along`` (2,)."""
    tip, side = np.asarray(end, float), np.array([-along[1], along[0]])
    if head == "arrow":
        corners = [
            tip,
            tip - size * along + 0.45 * size * side,
            tip - size * along - 0.45 * size * side,
        ]
        return broken([(float(x), float(y)) for x, y in corners]) + " Z"
    if head == "bar":
        ends = [tip + 0.6 * size * side, tip - 0.6 * size * side]
        return broken([(float(x), float(y)) for x, y in ends])
    if head == "dot":
        r = 0.4 * size
        half = f"a{r:.1f},{r:.1f} 0 1,0"
        return f"M{tip[0] - r:.1f},{tip[1]:.1f}{half} {2 * r:.1f},0{half} {-2 * r:.1f},0"
    if head:
        raise ArgumentError("head", repr(head), 'one of "arrow", "bar", "dot", ""')
    return ""

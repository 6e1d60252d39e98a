"""The curves of a panel: one function for each kind of series."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

from ..colours import Look
from ..colours import look as look_of
from .axes import Scale
from .model import Series
from .strokes import numbers, path, stroke

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
KINDS = ("line", "points", "line+points", "steps", "bars", "band", "spikes", "dots")
POINTS = 400  # a curve of more is thinned out: nobody can see the difference, and it draws faster
GHOST = "1 5"  # the dashes of what a picture started from
PALE = "0.7"


def draw_curve(
    svg: ET.Element, s: Series, which: int | str, to_x: Scale, to_y: Scale, place: tuple[int, int]
) -> None:
    """One series. place: (index, count) among the series of bars."""
    if s.kind not in KINDS:
        raise ValueError(f"kind: got {s.kind!r}, expected one of {', '.join(KINDS)}")
    look = look_of(which)
    x, y = np.asarray(s.x, float), np.asarray(s.y, float)
    if s.ghost:
        svg = ET.SubElement(svg, "g", {"opacity": PALE, "stroke-linecap": "round"})
        look = look._replace(dash=GHOST)
    if s.kind == "spikes":
        marks = " ".join(f"M{a:.1f},{b - 5:.1f}v10" for a, b in zip(to_x(x), to_y(y), strict=True))
        path(svg, marks, look.colour, "", 1.4)
    elif s.kind == "bars":
        x = _bars(svg, x, y, look, to_x, to_y, place)
    elif s.kind == "dots":
        _dots(svg, x, y, look, to_x, to_y)
    else:
        _line(svg, s, x, y, look, to_x, to_y)
    if s.error is not None:
        _errors(svg, x, y, np.asarray(s.error, float), to_x, to_y)


def _bars(
    svg: ET.Element, x: Array, y: Array, look: Look, to_x: Scale, to_y: Scale,
    place: tuple[int, int],
) -> Array:  # fmt: skip
    """Bars from zero, side by side with those of other series. Returns their centres."""
    index, count = place
    half = 0.4 / count
    centres = x - 0.4 + half * (2 * index + 1)
    for a, b in zip(centres, y, strict=True):
        x0, x1 = float(to_x(a - half)), float(to_x(a + half))
        y0, y1 = sorted((float(to_y(max(to_y.low, 0.0))), float(to_y(b))))
        bar = numbers(x=x0, y=y0, width=x1 - x0 - 1, height=y1 - y0)
        inside = {"fill": look.colour, "fill-opacity": "0.75", "stroke": look.colour}
        ET.SubElement(svg, "rect", {**bar, **inside})
        if look.shape:  # the second cue, beside colour: stripes, as in the legend
            for k in np.arange(x0 + 4, x1 - 1, 4 + 4 * look.shape):
                stroke(svg, (k, y0, k, y1), "currentColor", "", 0.7)
    return centres


def _dots(svg: ET.Element, x: Array, y: Array, look: Look, to_x: Scale, to_y: Scale) -> None:
    """One dot for each draw, and the median of the draws at each x."""
    slot = float(abs(to_x(1.0) - to_x(0.0))) if not to_x.log else 40.0
    for centre in np.unique(x):
        here = np.sort(y[(x == centre) & np.isfinite(y)])
        if not here.size:
            continue
        at, heights = float(to_x(centre)), to_y(here)
        for aside, height in zip(swarm(heights, 7.0, 0.42 * slot), heights, strict=True):
            place = f"translate({at + aside:.1f},{height:.1f}) scale(0.75)"
            dot = {"d": SHAPES[look.shape], "transform": place, "fill": look.colour}
            ET.SubElement(svg, "path", {**dot, "fill-opacity": "0.8"})
        middle, half = float(to_y(float(np.median(here)))), min(0.4 * slot, 22.0)
        stroke(svg, (at - half, middle, at + half, middle), "currentColor", "", 2.4)


def swarm(heights: Array, apart: float, room: float) -> list[float]:
    """How far to set each dot aside so that neighbours do not cover each other: heights (T,) in
    pixels, dots ``apart`` wide, at most ``room`` aside (then they overlap)."""
    asides: list[float] = []
    steps = [0.0] + [sign * k * apart for k in range(1, 40) for sign in (1, -1)]
    free = [s for s in steps if abs(s) <= room] or [0.0]
    for i, height in enumerate(heights):
        near = [asides[j] for j in range(i) if abs(heights[j] - height) < apart]
        fits = [s for s in free if all(abs(s - other) >= apart - 0.01 for other in near)]
        asides.append(fits[0] if fits else free[i % len(free)])
    return asides


def _line(
    svg: ET.Element, s: Series, x: Array, y: Array, look: Look, to_x: Scale, to_y: Scale
) -> None:
    low = None if s.low is None else np.asarray(s.low, float)
    if len(x) > POINTS and "points" not in s.kind:
        keep = np.unique(np.linspace(0, len(x) - 1, POINTS).astype(int))
        x, y, low = x[keep], y[keep], None if low is None else low[keep]
    if s.kind == "steps":
        x, y = np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
    px, py = to_x(x), to_y(y)
    if s.kind == "band":
        assert low is not None, "a band needs low"
        outline = [*zip(px, py, strict=True), *zip(px[::-1], to_y(low)[::-1], strict=True)]
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in outline)
        ET.SubElement(svg, "polygon", {"points": points, "fill": look.colour, "opacity": "0.22"})
        return
    if s.kind != "points":
        seen = np.isfinite(px) & np.isfinite(py)
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(px[seen], py[seen], strict=True))
        line = {"fill": "none", "stroke": look.colour, "stroke-width": "2"}
        ET.SubElement(svg, "polyline", {"points": points, **line, "stroke-dasharray": look.dash})
    if "points" in s.kind:
        shape = SHAPES[look.shape]
        for a, b in zip(px, py, strict=True):
            if np.isfinite(a) and np.isfinite(b):
                at = {"d": shape, "transform": f"translate({a:.1f},{b:.1f})"}
                hollow = {"fill": "none", "stroke": look.colour, "stroke-width": "1.4"}
                ET.SubElement(svg, "path", at | (hollow if s.ghost else {"fill": look.colour}))


def _errors(svg: ET.Element, x: Array, y: Array, error: Array, to_x: Scale, to_y: Scale) -> None:
    """Error bars with caps. error: (T,), or (2, T): below and above."""
    below, above = error if error.ndim == 2 else (error, error)
    for a, low, high in zip(to_x(x), to_y(y - below), to_y(y + above), strict=True):
        d = f"M{a:.1f},{low:.1f}V{high:.1f}M{a - 4:.1f},{low:.1f}h8M{a - 4:.1f},{high:.1f}h8"
        path(svg, d, "currentColor", "", 1.4)

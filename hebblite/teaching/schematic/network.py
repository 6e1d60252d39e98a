"""Layers of neurons and what connects them; a digit for their input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import numpy as np

from .drawing import Drawing, Point, broken

Array = np.ndarray


@dataclass(frozen=True)
class Layers:
    """Where the neurons of a drawn network are. ``at[l][i]``: neuron i of layer l; ``nodes``: their
    circles; ``radius`` of each."""

    at: list[list[Point]]
    nodes: list[list[ET.Element]]
    radius: float

    def top(self, l: int) -> Point:
        """Above layer l, for a label."""
        return self.at[l][0].up(self.radius + 8)

    def bottom(self, l: int) -> Point:
        """Below layer l, for a label."""
        return self.at[l][-1].down(self.radius + 16)


def layers(
    d: Drawing,
    sizes: Sequence[int],
    left: float,
    top: float,
    width: float,
    height: float,
    rates: Sequence[Array] | None = None,
    colours: Sequence[str] | None = None,
    radius: float = 9.0,
    gap: float = 3.4,
    into: ET.Element | None = None,
) -> Layers:
    """Columns of neurons from left to right, in the box (left, top, width, height).

    sizes: how many circles each column shows. rates: for each column levels from -1 to 1 (n,): the
    share of the circle that is filled; a negative one is filled with an outline only. colours: a
    meaning for each column; "rate" for all if not given. gap: between neurons at most, in radii.
    """
    xs = np.linspace(left + radius, left + width - radius, len(sizes))
    places, circles = [], []
    for l, n in enumerate(sizes):
        apart = min((height - 2 * radius) / max(n - 1, 1), gap * radius)
        start = top + height / 2 - apart * (n - 1) / 2
        column = [Point(float(xs[l]), start + i * apart) for i in range(n)]
        colour = colours[l] if colours else "rate"
        level = np.zeros(n) if rates is None else np.clip(np.ravel(rates[l])[:n], -1, 1)
        nodes = [
            neuron_dot(d, p, radius, float(level[i]), colour, into) for i, p in enumerate(column)
        ]
        places.append(column)
        circles.append(nodes)
    return Layers(places, circles, radius)


def disc_radius(radius: float, level: float) -> float:
    """The radius of the disc in a neuron of this radius: its area is the level, 0 to 1."""
    return (radius - 2.0) * min(abs(level), 1.0) ** 0.5


def neuron_dot(
    d: Drawing, at: Point, radius: float, level: float, colour: str, into: ET.Element | None
) -> ET.Element:
    """A neuron as a circle with a disc in it whose area is its level. Returns the disc."""
    d.circle(*at, radius, colour, None, into=into)
    disc = d.circle(*at, disc_radius(radius, level), colour, colour, 0.9, 1.5, into=into)
    if level < 0:
        disc.set("fill-opacity", "0.000")
    return disc


def connect(
    d: Drawing,
    net: Layers,
    l: int,
    weights: Array,
    colour: str = "basal",
    backward: bool = False,
    marked: Array | None = None,
    curve: float = 0.0,
    widest: float = 3.5,
    least: float = 0.08,
    opacity: float = 0.9,
    heads: bool = True,
    scale: float = 0.0,
    into: ET.Element | None = None,
) -> list[ET.Element]:
    """Connections between layers l and l+1. weights: (n_{l+1}, n_l) as in the paper. scale: the
    magnitude that is drawn widest; that of the largest one here if not given.

    Width is magnitude; a negative weight is dashed. backward: the arrow-heads sit at layer l.
    marked: (n_{l+1}, n_l) of bool: those that forward and backward share get a double stroke.
    curve: how far the lines bend aside, in pixels, so that two sets can be told apart.
    least: weights below this share of the scale are left out (0: none, so
    that frames of a player have the same parts). heads: whether each line has an
    arrow-head, which is too much where there are many. Returns the lines, in the order of
    ``weights.ravel()``, without those left out.
    """
    scaled = np.atleast_2d(weights) / (scale or np.abs(weights).max() or 1.0)
    group = d.group(into)
    group.set("opacity", f"{opacity:g}")
    beneath = ET.Element("g")  # below all that is drawn already
    if marked is not None:
        d.root.insert(0, beneath)
    found = []
    for (i, j), w in np.ndenumerate(scaled):
        if abs(w) < least:
            continue
        below, above = net.at[l][j], net.at[l + 1][i]
        start, end = _edge(below, above, net.radius + 2), _edge(above, below, net.radius + 2)
        if backward:
            start, end = end, start
        points: list[tuple[float, float]] = [start, end]
        if curve:
            points = [start, _aside(start, end, curve), end]
        width = line_width(float(w), widest)
        if marked is not None and marked[i, j]:
            d.path(broken([start, end]), None, width + 6, opacity=0.3, into=beneath)
        head = "arrow" if heads else ""
        line = d.arrow(points, colour, width, head, bool(curve), dashed=False, into=group)
        line[0].set("stroke-dasharray", "5 4" if w < 0 else "none")
        found.append(line)
    return found


def _aside(start: Point, end: Point, by: float) -> tuple[float, float]:
    """The middle of a line, moved sideways, downwards if ``by`` is positive."""
    across = np.array([start.y - end.y, end.x - start.x])
    across *= np.sign(across[1] or 1.0) * by / (np.hypot(*across) or 1.0)
    return (start.x + end.x) / 2 + float(across[0]), (start.y + end.y) / 2 + float(across[1])


def line_width(weight: float, widest: float = 3.5) -> float:
    """The width of the line of a weight in [-1, 1]."""
    return 0.6 + (widest - 0.6) * min(abs(weight), 1.0)


def _edge(here: Point, there: Point, by: float) -> Point:
    """The point ``by`` pixels from here towards there."""
    step = np.array([there.x - here.x, there.y - here.y])
    step *= by / (np.hypot(*step) or 1.0)
    return Point(here.x + float(step[0]), here.y + float(step[1]))


def digit(
    d: Drawing, pixels: Array, x: float, y: float, size: float = 84, into: ET.Element | None = None
) -> ET.Element:
    """A digit, pixels (784,) or (28, 28) in [0, 1], as a square whose corner is at (x, y)."""
    image = np.asarray(pixels, float)
    if image.ndim == 1:
        side = round(len(image) ** 0.5)
        image = image.reshape(side, side)
    return d.image(image, x, y, size, into)

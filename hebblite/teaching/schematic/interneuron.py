"""An inhibitory interneuron: a round cell that listens to its neighbours and silences one of their
dendrites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import numpy as np

from ..placing import Box
from .drawing import Drawing, Point, bend
from .neuron import BEADS, on_curve

RADIUS = 24.0
#: Short dendrites, four that listen to the layer, and two that listen to the neuron above.
BELOW = (
    ((-15.0, 19.0), (-24.0, 32.0), (-38.0, 40.0)),
    ((-5.0, 24.0), (-8.0, 38.0), (-14.0, 50.0)),
    ((5.0, 24.0), (8.0, 38.0), (14.0, 50.0)),
    ((15.0, 19.0), (24.0, 32.0), (38.0, 40.0)),
)
ABOVE = (
    ((-6.0, -23.0), (-8.0, -36.0), (-16.0, -46.0)),
    ((6.0, -23.0), (8.0, -36.0), (16.0, -46.0)),
)
RIM = 24  # points on either side of the part that is filled


@dataclass(frozen=True)
class Interneuron:
    """Where the parts of an interneuron are, and the groups that show its levels."""

    soma: Point  # the centre
    below: Point  # the lower dendrites' end: where the layer's own neurons arrive
    above: Point  # the upper dendrites' end: where the neuron above arrives
    end: Point  # the axon's end
    whole: ET.Element
    fill_i: ET.Element
    axon: ET.Element
    beads: ET.Element


def interneuron(
    d: Drawing,
    x: float,
    y: float,
    to: Sequence[tuple[float, float]],
    size: float = 1.0,
    i: float = 0.0,
    p: float = 0.0,
    phase: float = 0.5,
    into: ET.Element | None = None,
) -> Interneuron:
    """An interneuron with the centre of its soma at (x, y); about 80 x 100 pixels at size 1.

    to: the points that its axon goes through, in pixels of the page; at the last one it inhibits,
    which its bar shows. i: its potential, from -1 to 1: the soma fills, pale where it is negative.
    p: its rate, 0 to 1: beads travel on the axon, larger the larger p. phase: how far they have
    come, in [0, 1].
    """
    i, p = (float(np.clip(np.nan_to_num(level), -1, 1)) for level in (i, p))
    whole = d.group(into)

    def at(point: tuple[float, float]) -> Point:
        return Point(x + size * point[0], y + size * point[1])

    start = _towards(Point(x, y), Point(*to[0]), RADIUS * size)
    way = [start, *(Point(*point) for point in to)]
    axon = d.arrow(way, "lateral", 2.2 * max(size, 0.6), "bar", True, dashed=False, into=whole)
    for branch in (*BELOW, *ABOVE):
        d.path(bend([at(point) for point in branch]), "lateral", 3 * size, into=whole)
    beads = d.group(whole)
    for k in range(BEADS):
        along = (k + phase % 1.0) / BEADS
        radius = size * 6.0 * abs(p) * min(1.0, 6 * along, 6 * (1 - along))
        place = on_curve(np.array(way), along)
        d.circle(*place, radius, "lateral", "lateral", 0.9, 0, into=beads)
    fill_i = d.group(whole)
    filled = _up_to(abs(i), x, y, RADIUS * size)
    d.path(filled, None, 0, "voltage", 0.85 if i >= 0 else 0.35, into=fill_i)
    d.circle(x, y, RADIUS * size, "lateral", width=2.6 * max(size, 0.6), into=whole)
    d.keep_free(Box(x - RADIUS * size, y - RADIUS * size, x + RADIUS * size, y + RADIUS * size))
    below, above = at((0, BELOW[1][-1][1])), at((0, ABOVE[0][-1][1]))
    return Interneuron(Point(x, y), below, above, way[-1], whole, fill_i, axon, beads)


def _towards(here: Point, there: Point, by: float) -> Point:
    """The point ``by`` pixels from here towards there."""
    far = float(np.hypot(there.x - here.x, there.y - here.y)) or 1.0
    return Point(here.x + by * (there.x - here.x) / far, here.y + by * (there.y - here.y) / far)


def _up_to(level: float, x: float, y: float, radius: float) -> str:
    """The part of a round soma below a level in [0, 1]; with as many points at every level."""
    angle = np.arccos(1 - 2 * level)  # from straight down to the rim at this level
    turns = np.linspace(-angle, angle, 2 * RIM)
    points = zip(x + radius * np.sin(turns), y + radius * np.cos(turns), strict=True)
    return "M" + " L".join(f"{a:.1f},{b:.1f}" for a, b in points) + " Z"

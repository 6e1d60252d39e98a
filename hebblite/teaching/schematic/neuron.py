"""A pyramidal neuron whose parts show what happens in them, and a synapse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import numpy as np

from ..placing import Box
from .drawing import Drawing, Point, bend, broken

Array = np.ndarray

TRUNK = ((0.0, -33.0), (1.0, -70.0), (0.0, -112.0))
TUFT = (
    ((0.0, -112.0), (-16.0, -134.0), (-46.0, -148.0), (-62.0, -168.0)),
    ((0.0, -112.0), (-6.0, -136.0), (-16.0, -152.0), (-20.0, -174.0)),
    ((0.0, -112.0), (7.0, -136.0), (17.0, -152.0), (21.0, -174.0)),
    ((0.0, -112.0), (17.0, -134.0), (46.0, -148.0), (62.0, -168.0)),
)
BASAL = (
    ((-27.0, 32.0), (-46.0, 44.0), (-70.0, 56.0), (-98.0, 64.0)),
    ((-14.0, 32.0), (-26.0, 52.0), (-42.0, 70.0), (-52.0, 92.0)),
    ((2.0, 32.0), (5.0, 54.0), (2.0, 74.0), (6.0, 98.0)),
    ((18.0, 32.0), (32.0, 50.0), (50.0, 66.0), (66.0, 84.0)),
)
#: Thin side branches, of the apical and of the basal dendrites.
TWIGS = (
    ((0.5, -64.0), (-16.0, -76.0), (-34.0, -80.0)),
    ((1.0, -76.0), (17.0, -88.0), (33.0, -92.0)),
    ((-46.0, -148.0), (-62.0, -150.0), (-80.0, -149.0)),
    ((-16.0, -152.0), (-28.0, -162.0), (-38.0, -177.0)),
    ((17.0, -152.0), (30.0, -161.0), (40.0, -177.0)),
    ((46.0, -148.0), (62.0, -150.0), (80.0, -149.0)),
)
ROOTLETS = (
    ((-70.0, 56.0), (-82.0, 69.0), (-88.0, 86.0)),
    ((-42.0, 70.0), (-34.0, 84.0), (-29.0, 99.0)),
    ((50.0, 66.0), (68.0, 71.0), (86.0, 70.0)),
    ((3.0, 66.0), (14.0, 82.0), (25.0, 93.0)),
)
AXON = ((37.0, 26.0), (66.0, 30.0), (104.0, 14.0), (150.0, 10.0))
SOMA = ((0.0, -32.0), (40.0, 30.0), (-40.0, 30.0))
#: What labels keep away from: the tuft, the soma, the basal dendrites.
BODY = (
    ((-80.0, -176.0), (80.0, -146.0)),
    ((-38.0, -10.0), (38.0, 30.0)),
    ((-98.0, 34.0), (86.0, 98.0)),
)
BEADS = 3
Place = Callable[[tuple[float, float]], Point]  # from a neuron's own coordinates to the page's


@dataclass(frozen=True)
class Neuron:
    """Where the parts of a neuron are, to tie labels and arrows to; and the groups that show its
    levels, for ``motion``."""

    tuft: Point  # right of the apical tuft
    trunk: Point  # the middle of the apical trunk
    soma: Point  # the centre of the soma
    basal: Point  # right of the basal dendrites
    axon: Point  # the axon's end
    tips: list[Point]  # where synapses sit on the tuft
    roots: list[Point]  # where synapses sit on the basal dendrites
    whole: ET.Element
    glow_a: ET.Element
    glow_b: ET.Element
    fill_v: ET.Element
    beads: ET.Element


def neuron(
    d: Drawing,
    x: float,
    y: float,
    size: float = 1.0,
    b: float = 0.0,
    a: float = 0.0,
    v: float = 0.0,
    r: float = 0.0,
    phase: float = 0.5,
    signs: bool = True,
    apical: bool = True,
    into: ET.Element | None = None,
) -> Neuron:
    """A pyramidal neuron with the centre of its soma at (x, y); about 200 x 280 pixels at size 1.

    b, a, v, r: levels from -1 to 1 (0 to 1 for r); divide by the largest value that will be shown.
    The basal dendrites glow with b and the apical ones with a, wider the larger the level, with
    dashes where it is negative; the soma fills with v; beads travel on the axon, larger the larger
    r. phase: how far the beads have come, in [0, 1]. signs: "+" or "−" beside the dendrites.
    apical: whether it has an apical dendrite.
    """
    levels = {"b": b, "a": a, "v": v, "r": r}
    b, a, v, r = (float(np.clip(np.nan_to_num(level), -1, 1)) for level in levels.values())

    def at(point: tuple[float, float]) -> Point:
        return Point(x + size * point[0], y + size * point[1])

    def smooth(points: tuple[tuple[float, float], ...]) -> str:
        return bend([at(p) for p in points])

    def all_of(branches: Sequence[tuple[tuple[float, float], ...]]) -> str:
        return " ".join(map(smooth, branches))

    whole = d.group(into)
    nothing = f"M{x:.1f},{y:.1f}"
    upper = all_of([TRUNK, *TUFT, *TWIGS]) if apical else nothing
    glow_a, glow_b = d.group(whole), d.group(whole)
    _glow(d, upper, "apical", a, size, glow_a)
    _glow(d, all_of([*BASAL, *ROOTLETS]), "basal", b, size, glow_b)
    if apical:
        d.path(smooth(TRUNK), "apical", 6 * size, into=whole)
        d.path(all_of(TUFT), "apical", 3 * size, into=whole)
        d.path(all_of(TWIGS), "apical", 1.8 * size, into=whole)
    d.path(all_of(BASAL), "basal", 3 * size, into=whole)
    d.path(all_of(ROOTLETS), "basal", 1.8 * size, into=whole)
    beads = _axon(d, at, r, phase, size, whole)
    fill_v = _soma(d, at, v, size, whole)
    for low, high in BODY[not apical :]:
        d.keep_free(Box(*at(low), *at(high)))
    if signs:
        for level, place in ((a, at((-30, -104))), (b, at((-86, 34))))[not apical :]:
            sign = "" if abs(level) < 0.02 else "+" if level > 0 else "−"
            _sign(d, place, sign, whole)
    return Neuron(
        at((80, -168)), at(TRUNK[1]), at((0, 8)), at((88, 84)), at(AXON[-1]),
        [at(branch[-1]) for branch in TUFT], [at(branch[-1]) for branch in BASAL],
        whole, glow_a, glow_b, fill_v, beads,
    )  # fmt: skip


def _glow(d: Drawing, path: str, colour: str, level: float, size: float, into: ET.Element) -> None:
    """A halo around a dendrite: wide and faint, narrow and strong."""
    for wide, strong in ((1.0, 0.25), (0.6, 0.4)):
        halo = d.path(path, colour, size * (4 + 15 * abs(level)) * wide, into=into)
        halo.set("stroke-opacity", f"{strong * abs(level) ** 0.7:.3f}")
        halo.set("stroke-dasharray", f"{5 * size:g} {4 * size:g}" if level < 0 else "none")
        halo.set("stroke-linecap", "butt" if level < 0 else "round")


def _soma(d: Drawing, at: Place, v: float, size: float, into: ET.Element) -> ET.Element:
    """The cell body, filled from below up to |v|; striped where v is negative."""
    corners = [at(p) for p in SOMA]
    paper = d.path(broken(corners) + " Z", None, 0, fill=None, into=into)
    paper.set("stroke-width", "0")
    filled = d.group(into)
    d.path(
        broken(_up_to(abs(v), at)) + " Z", None, 0, "voltage", 0.85 if v >= 0 else 0.35, into=filled
    )
    d.path(broken(corners) + " Z", None, 2.2 * max(size, 0.6), into=into)
    return filled


def _up_to(level: float, at: Place) -> list[Point]:
    """The part of the soma below a level in [0, 1]."""
    apex, right, left = (np.array(p) for p in SOMA)
    high_right, high_left = right + level * (apex - right), left + level * (apex - left)
    return [at(tuple(p)) for p in (left, high_left, high_right, right)]


def _axon(
    d: Drawing, at: Place, r: float, phase: float, size: float, into: ET.Element
) -> ET.Element:
    points = [at(p) for p in AXON]
    d.arrow(points, "rate", 2.2 * max(size, 0.6), curved=True, dashed=False, into=into)
    beads = d.group(into)
    for k in range(BEADS):
        along = (k + phase % 1.0) / BEADS
        place = at(on_curve(np.array(AXON), along))
        d.circle(*place, size * 6.5 * abs(r) * min(1.0, 6 * along, 6 * (1 - along)), "rate", "rate",
                 0.9, 0, into=beads)  # fmt: skip
    return beads


def on_curve(points: Array, part: float) -> tuple[float, float]:
    """The place on the smooth curve through ``points`` (n, 2) at ``part`` of its length, 0 to 1."""
    t = np.linspace(0, len(points) - 1, 200)
    i = np.minimum(t.astype(int), len(points) - 2)
    s = (t - i)[:, None]
    p = np.vstack([points[0], points, points[-1]])
    p0, p1, p2, p3 = (p[i + k] for k in range(4))
    c1, c2 = p1 + (p2 - p0) / 6, p2 - (p3 - p1) / 6
    curve = (1 - s) ** 3 * p1 + 3 * s * (1 - s) ** 2 * c1 + 3 * s**2 * (1 - s) * c2 + s**3 * p2
    length = np.r_[0, np.cumsum(np.hypot(*np.diff(curve, axis=0).T))]
    at = float(np.interp(part, length / length[-1], np.arange(200)))
    k = min(int(at), 198)
    place = curve[k] + (at - k) * (curve[k + 1] - curve[k])
    return float(place[0]), float(place[1])


def _sign(d: Drawing, place: Point, sign: str, into: ET.Element) -> None:
    """A sign that is always there, so that frames of a player have the same parts."""
    node = ET.SubElement(into, "text", {"x": f"{place.x:.1f}", "y": f"{place.y + 5:.1f}"})
    node.attrib |= {"text-anchor": "middle", "font-size": "16", "font-weight": "bold"}
    node.attrib["fill"] = "currentColor"
    node.text = sign


def synapse(
    d: Drawing,
    start: tuple[float, float],
    end: tuple[float, float],
    weight: float = 1.0,
    colour: str = "rate",
    level: float = 0.0,
    into: ET.Element | None = None,
) -> ET.Element:
    """A synapse: an axon from ``start`` that ends in a bouton on a spine at ``end``.

    weight: from -1 to 1: the width of the axon and the size of the bouton; a negative one ends in a
    bar and is dashed. level: how much of it is active, 0 to 1 (a halo around the bouton).
    """
    group = d.group(into)
    halo = d.circle(*end, 6 + 9 * abs(level), colour, colour, 0.3 * min(abs(level), 1.0), 0, group)
    halo.set("stroke-width", "0")
    strength = min(abs(weight), 1.0)
    line = d.arrow([start, end], colour, 1.2 + 3.2 * strength, "bar" if weight < 0 else "dot",
                   dashed=weight < 0, into=group)  # fmt: skip
    if weight < 0:
        line[0].set("stroke-dasharray", "6 4")
    return group

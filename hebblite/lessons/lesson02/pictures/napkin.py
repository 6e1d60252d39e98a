"""The network on a napkin: rates go up in one colour, blame comes down in another."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.chart import decimals
from ....teaching.motion import Timeline
from ....teaching.placing import Box
from ....teaching.schematic import Drawing, Point
from ....teaching.schematic.network import neuron_dot
from ..runs.napkin import Napkin

UP, DOWN = "basal", "apical"
RADIUS = 19.0
#: The napkin of the film, and of the twins: not the one whose answer section 2 asks for.
OTHER = Napkin(0.8, (1.0, -0.5), (1.5, 1.0))
INPUT, FIRST, UPPER, LOWER, OUTPUT, ERROR = (
    Point(58, 150), Point(196, 150), Point(352, 78), Point(352, 222), Point(508, 150),
    Point(626, 150),
)  # fmt: skip


@dataclass
class Parts:
    """The elements of a drawn napkin, for a film: in the order in which they happen."""

    d: Drawing
    up: list[list[ET.Element]] = field(default_factory=list)
    rates: list[list[ET.Element]] = field(default_factory=list)
    down: list[list[ET.Element]] = field(default_factory=list)
    blames: list[list[ET.Element]] = field(default_factory=list)
    shared: list[ET.Element] = field(default_factory=list)
    blame: list[ET.Element] = field(default_factory=list)


def napkin(net: Napkin, label: str, title: str = "") -> Parts:
    """Draw a napkin with all its numbers."""
    d = Drawing(680, 330, label)
    parts = Parts(d)
    d.path("M14,10 H650 L668,28 V300 H14 Z M650,10 V28 H668", None, 1.2, opacity=0.45)
    for node in (INPUT, FIRST, UPPER, LOWER, OUTPUT):
        d.keep_free(_around(node, RADIUS + 3))
    pairs = [(FIRST, UPPER), (FIRST, LOWER), (UPPER, OUTPUT), (LOWER, OUTPUT)]
    parts.shared = [_band(d, *pair) for pair in pairs]
    parts.up = [[_lane(d, INPUT, FIRST, UP, 0)], [_lane(d, *pair, UP, -6) for pair in pairs[:2]],
                [_lane(d, *pair, UP, -6) for pair in pairs[2:]]]  # fmt: skip
    parts.down = [[_lane(d, ERROR.left(14), OUTPUT, DOWN, 0)],
                  [_lane(d, b, a, DOWN, -6) for a, b in pairs[2:]],
                  [_lane(d, b, a, DOWN, -6) for a, b in pairs[:2]]]  # fmt: skip
    values = [[(INPUT, net.x)], [(FIRST, net.r_1)],
              list(zip((UPPER, LOWER), net.r_2, strict=True)), [(OUTPUT, net.r_3)]]  # fmt: skip
    for column in values:
        parts.rates.append([neuron_dot(d, at, RADIUS, _level(r), "rate", None) for at, r in column])
    _words(parts, net, title)
    return parts


def _words(parts: Parts, net: Napkin, title: str) -> None:
    """The numbers, each at its place."""
    d, say = parts.d, parts.d.say
    if title:
        say(30, 34, title, bold=True, fixed=True)
    say(INPUT.x, INPUT.y - 28, f"x = {net.x:g}", "middle", fixed=True)
    say((INPUT.x + FIRST.x) / 2, INPUT.y - 12, f"w = {plain(net.w)}", "middle", bold=True,
        fixed=True)  # fmt: skip
    left, right = (FIRST.x + UPPER.x) / 2 - 16, (UPPER.x + OUTPUT.x) / 2 + 16
    for x, name, weights, anchor in (
        (left, "W₂", net.W_2, "end"),
        (right, "W₃", net.W_3, "start"),
    ):
        for y, path, weight in ((92, "a", weights[0]), (216, "b", weights[1])):
            say(x, y, f"{name}{path} = {plain(weight)}", anchor, bold=True, fixed=True)
    parts.rates[1].append(_number(d, FIRST.x, FIRST.y - 28, "r₁", net.r_1))
    parts.rates[2] += [_number(d, UPPER.x, UPPER.y - 46, "r₂a", net.r_2[0]),
                       _number(d, LOWER.x, LOWER.y + 36, "r₂b", net.r_2[1])]  # fmt: skip
    parts.rates[3].append(_number(d, OUTPUT.x, OUTPUT.y - 28, "r₃", net.r_3))
    parts.blames = [
        [_number(d, ERROR.x, ERROR.y + 4, "e", net.e)],
        [_number(d, UPPER.x, UPPER.y - 28, "δ₂a", net.delta_2[0]),
         _number(d, LOWER.x, LOWER.y + 54, "δ₂b", net.delta_2[1])],
        [_number(d, FIRST.x, FIRST.y + 38, "δ₁", net.delta_1)],
    ]  # fmt: skip
    say(ERROR.x, ERROR.y - 28, f"target {net.y:.2g}".replace("-", "−"), "middle", fixed=True)
    direction = "grow" if net.blame > 0 else "shrink"
    parts.blame = [
        say(INPUT.x - 32, 240, f"w should {direction}:", bold=True, fixed=True),
        say(INPUT.x - 32, 258, f"its blame is δ₁ x = {decimals(net.blame)}", fixed=True),
    ]
    _legend(d)


def _legend(d: Drawing) -> None:
    """What the two colours and the grey bands are."""
    y = 318.0
    d.arrow([(16, y - 4), (46, y - 4)], UP, 2.2, dashed=False)
    d.say(52, y, "forward: rates", fixed=True)
    d.arrow([(216, y - 4), (186, y - 4)], DOWN, 2.2)
    d.say(222, y, "backward: blame", fixed=True)
    d.path(f"M370,{y - 4:g} h30", None, 16, opacity=0.16)
    d.say(412, y, "a weight that both directions use", fixed=True)


def _number(d: Drawing, x: float, y: float, name: str, value: float) -> ET.Element:
    return d.say(x, y, f"{name} = {decimals(value, 2)}", "middle", fixed=True)


def plain(value: float) -> str:
    """A weight as it is set, with a real minus."""
    return f"{value:g}".replace("-", "−")


def _level(r: float) -> float:
    return float(np.clip(r, -1, 1))


def _around(at: Point, by: float) -> Box:
    return Box(at.x - by, at.y - by, at.x + by, at.y + by)


def _ends(a: Point, b: Point, off: float) -> list[Point]:
    """From a to b without the circles, shifted to the left of the path by ``-off`` pixels."""
    along = np.array([b.x - a.x, b.y - a.y], float)
    along /= np.hypot(*along)
    across = np.array([-along[1], along[0]]) * off
    short = along * (RADIUS + 4)
    return [Point(*(np.array(a) + short + across)), Point(*(np.array(b) - short + across))]


def _lane(d: Drawing, a: Point, b: Point, colour: str, off: float) -> ET.Element:
    return d.arrow(_ends(a, b, off), colour, 2.4, dashed=colour == DOWN)


def _band(d: Drawing, a: Point, b: Point) -> ET.Element:
    (x0, y0), (x1, y1) = _ends(a, b, 0)
    return d.path(f"M{x0:.1f},{y0:.1f} L{x1:.1f},{y1:.1f}", None, 24, opacity=0.16)


def told(net: Napkin) -> str:
    """A napkin in words."""
    a, b = net.delta_2
    return (
        f"The rates go up: x {net.x:g}, r1 {net.r_1:.2f}, r2 {net.r_2[0]:.2f} and "
        f"{net.r_2[1]:.2f}, r3 {net.r_3:.2f}; the target is {net.y:.2g}. The blame comes down "
        f"through the same weights: e {net.e:.2f}, {a:.2f} and {b:.2f}, {net.delta_1:.2f}. The "
        f"lowest weight w should {'grow' if net.blame > 0 else 'shrink'}."
    )


def draw_napkin(w_2b: float = 0.0, w: float = 0.5) -> str:
    """The napkin of section 2 with another weight on path b, and another w."""
    net = Napkin(w, (2.0, w_2b))
    a, b = net.paths
    sentence = (
        f"<p style='min-height:2.6em'>Path a: {decimals(a)}, path b: {decimals(b)}, together "
        f"{decimals(a + b)}. The error is {decimals(net.e)}, so w should "
        f"{'grow' if net.blame > 0 else 'shrink'}: its blame is {decimals(net.blame)}.</p>"
    )
    return sentence + napkin(net, f"A network on a napkin. {told(net)}").d.svg()


def draw_twin(twin: bool = False) -> str:
    """A napkin or its twin, which is equal below the top and should do the opposite with w."""
    net = OTHER.twin() if twin else OTHER
    name = "the twin" if twin else "the network from the top of the page"
    sentence = (
        f"<p style='min-height:2.6em'>This is {name}. Compare what stands below the top: x, w, "
        f"r₁, r₂a and r₂b, and e. The blame of w is {decimals(net.blame)}.</p>"
    )
    return sentence + napkin(net, f"This is {name}. {told(net)}").d.svg()


def hero() -> str:
    """The napkin as a film: rates go up, an error appears, blame comes down the same weights."""
    net = OTHER
    parts = napkin(net, f"A small network on a napkin, drawn step by step. {told(net)}")
    film = Timeline(parts.d, seconds=5.0)
    for k, lanes in enumerate(parts.up):
        film.appear(*lanes, at=0.2 + 0.6 * k, for_=0.4)
        film.appear(*parts.rates[k + 1], at=0.5 + 0.6 * k, for_=0.3)
    for k, (lanes, blames) in enumerate(zip(parts.down, parts.blames, strict=True)):
        film.appear(*blames, at=(2.1, 3.2, 4.0)[k], for_=0.3)
        film.appear(*lanes, at=(2.4, 2.9, 3.7)[k], for_=0.4)
    film.appear(*parts.shared, at=2.9, for_=1.2)
    film.appear(*parts.blame, at=4.4, for_=0.5)
    return film.svg()

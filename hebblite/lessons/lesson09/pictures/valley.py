"""The landscape of two free neurons: the nudge tilts it, and the state rolls a little."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree as ET

import numpy as np

from ....errors import check_choice
from ....teaching.numerals import decimals, minus
from ....teaching.schematic import Drawing
from ....teaching.schematic.drawing import broken
from .terrain import Plane, rings
from .tiny import Rest, downhill, free_landscape, over, rest, tiny, way

Array = np.ndarray

KINDS = ("towards the target", "away from it", "both ways")
LOWER, UPPER, TARGET = 0.6, 1.2, -0.8
PLANE = Plane(52.0, 14.0, 320.0, 1.3, 45)
LEFT, ZERO, SCALE = 404.0, 572.0, 140.0  # of the bars: their words, their zero, pixels for 1


@dataclass(frozen=True)
class Tilted:
    """The two states of rest that a synapse compares, and what it makes of them."""

    low: Rest  # with the lower nudge
    high: Rest
    free: Rest

    @property
    def estimate(self) -> float | None:
        """The difference of the products over that of the nudges."""
        span = self.high.nudge - self.low.nudge
        return (self.high.product - self.low.product) / span if span else None


@cache
def untilted() -> tuple[Rest, float]:
    """The free state, and minus the slope of its loss by the upper weight."""
    net = tiny(LOWER, UPPER)
    return rest(net, TARGET), downhill(net, TARGET)


@cache
def tilted(nudge: float, kind: str) -> Tilted:
    """The states of rest of the tiny network. kind: one of KINDS."""
    net, free = tiny(LOWER, UPPER), untilted()[0]
    up = rest(net, TARGET, nudge, free) if kind != KINDS[1] else free
    down = rest(net, TARGET, -nudge, free) if kind != KINDS[0] else free
    return Tilted(down, up, free)


def draw_landscape(nudge: float = 0.3, kind: str = KINDS[0]) -> str:
    """Contours of E + nudge * loss over the voltages of the hidden and of the output neuron, the
    untilted landscape as a ghost, the way of the state, and what the upper synapse makes of it.

    For ``explore``: nudge from 0 to 0.6; kind: one of KINDS, where the nudge drives the output.
    """
    check_choice("kind", kind, KINDS)
    net, seen = tiny(LOWER, UPPER), tilted(nudge, kind)
    slope = untilted()[1]
    d = Drawing(680, 440, _label(seen, slope, nudge, kind))
    window = PLANE.window(d)
    sign = -1 if kind == KINDS[1] else 1
    height = over(net, PLANE.values, TARGET, sign * nudge)
    flat = free_landscape(LOWER, UPPER, PLANE.far, PLANE.count)
    PLANE.contours(d, flat, rings(flat, 5, 0.03), window, "layer3", ghost=True)
    PLANE.contours(d, height, rings(height), window)
    _target(d)
    _ways(d, window, seen, kind)
    PLANE.axes(d, "voltage of the hidden neuron, v₁", "voltage of the output neuron, v₂")
    _key(d, kind)
    _bars(d, seen, slope, nudge, kind)
    return d.svg()


def _label(seen: Tilted, slope: float, nudge: float, kind: str) -> str:
    free, high, low = seen.free, seen.high, seen.low
    words = (
        "Contours of the energy over the voltages of the hidden and of the output neuron. Without "
        f"a nudge the state rests at {free.v[0]:.2f} and {free.v[1]:.2f}. "
    )
    if not nudge:
        words += "There is no nudge yet. "
    for there in (high, low):
        if there.nudge:
            words += (
                f"With a nudge of {there.nudge:.2f} it rests at {there.v[0]:.2f} and "
                f"{there.v[1]:.2f}. "
            )
    if seen.estimate is not None:
        words += (
            f"The upper synapse sees {low.product:.2f} and {high.product:.2f}; their difference "
            f"over that of the nudges is {seen.estimate:.2f}. "
        )
    return minus(f"{words}Minus the slope of the loss is {slope:.2f}. Driven {kind}.")


def _target(d: Drawing) -> None:
    """The output voltage at which the loss is zero."""
    y = PLANE.at(0, np.arctanh(TARGET)).y
    line = d.path(f"M{PLANE.left:.1f},{y:.1f} h{PLANE.size:.1f}", "error", 1.6)
    line.set("stroke-dasharray", "9 3 2 3")
    d.say(PLANE.left + PLANE.size - 6, y - 6, "target", "end", fixed=True)


def _ways(d: Drawing, window: ET.Element, seen: Tilted, kind: str) -> None:
    """Where the state rolls, from the free state, or from one nudge to the other."""
    net = tiny(LOWER, UPPER)
    begin, end = {
        KINDS[0]: (seen.free, seen.high), KINDS[1]: (seen.free, seen.low),
        KINDS[2]: (seen.low, seen.high),
    }[kind]  # fmt: skip
    rolled = way(net, TARGET, end.nudge, begin)
    d.path(PLANE.way(rolled[:, 0], rolled[:, 1]), "rate", 3.2, into=window)
    for there in (seen.low, seen.high):
        if there.nudge:
            d.circle(*PLANE.at(*there.v), 7, None, "rate")
    d.circle(*PLANE.at(*seen.free.v), 6, None, None, width=2.2)


def _key(d: Drawing, kind: str) -> None:
    y = PLANE.top + PLANE.size + 58
    d.circle(PLANE.left + 6, y - 4, 6, None, None, width=2.2)
    d.say(PLANE.left + 20, y, "free state of rest", fixed=True)
    d.circle(PLANE.left + 150, y - 4, 7, None, "rate")
    d.say(PLANE.left + 164, y, "with the nudge", fixed=True)
    d.path(f"M{PLANE.left + 266:.1f},{y - 4:.1f} h24", "rate", 3.2)
    d.say(PLANE.left + 298, y, "its way", fixed=True)
    y += 20
    d.path(f"M{PLANE.left:.1f},{y - 4:.1f} h24", "voltage", 1.5)
    d.say(PLANE.left + 32, y, "equal heights", fixed=True)
    line = d.path(f"M{PLANE.left + 136:.1f},{y - 4:.1f} h24", "layer3", 1.5, opacity=0.6)
    line.set("stroke-dasharray", "1 4")
    d.say(PLANE.left + 168, y, "equal heights without a nudge", fixed=True)


def _bars(d: Drawing, seen: Tilted, slope: float, nudge: float, kind: str) -> None:
    """The products at the two states of rest, what the synapse makes of them, and the slope."""
    d.say(LEFT, 30, f"nudge {decimals(nudge, 2)}, {kind}", bold=True, fixed=True)
    d.say(LEFT, 58, "The upper synapse compares r₂ r₁", fixed=True)
    if kind == KINDS[2]:
        pair = (("nudged away", seen.low), ("nudged to the target", seen.high))
    else:
        taught = seen.high if kind == KINDS[0] else seen.low
        pair = (("free", seen.free), ("nudged", taught))
    rows = [(words, there.product, "rate", 0.25 + 0.5 * k) for k, (words, there) in enumerate(pair)]
    for k, (words, value, colour, level) in enumerate(rows):
        _bar(d, 78.0 + 42 * k, words, value, colour, level)
    d.say(LEFT, 200, "and learns from their difference.", fixed=True)
    estimate = seen.estimate
    _bar(d, 220, "difference, per nudge", estimate, "voltage", 0.75)
    _bar(d, 262, "minus the slope of the loss", slope, "backprop", 0.4)
    d.path(f"M{ZERO:.1f},72 V154 M{ZERO:.1f},214 V296", None, 1, opacity=0.6)
    if estimate is None:
        words = "No nudge, no difference."
    else:
        words = f"It is off by {100 * abs(estimate / slope - 1):.1f} %."
    d.say(LEFT, 324, words, bold=True, fixed=True)


def _bar(d: Drawing, y: float, words: str, value: float | None, colour: str, level: float) -> None:
    """Words, and below them a bar with its number."""
    d.say(LEFT, y + 4, words, fixed=True)
    far = SCALE * (value or 0.0)
    corners = [(ZERO, y + 10), (ZERO + far, y + 10), (ZERO + far, y + 26), (ZERO, y + 26)]
    d.path(broken(corners) + " Z", colour, 1.6, colour, level)
    shown = "–" if value is None else decimals(value, 3)
    d.say(LEFT, y + 22, shown, fixed=True)

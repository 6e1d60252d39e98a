"""Clamped or nudged: two ways on one landscape of hidden and output voltage."""

from __future__ import annotations

from functools import cache

import numpy as np

from ....teaching.chart import Panel, Series
from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing, Frame, put_chart
from .smallest import START, Smallest, Way

Array = np.ndarray
HIDDEN, OUTPUT = (-1.6, 1.6), (-1.9, 1.9)
LEVELS = (0.02, 0.1, 0.3, 0.7, 1.4, 2.5)  # of energy, of the lines
BEGAN = (0.3, 1.2, 1.2)  # nudge, target and weight: the start's rests stay as ghosts
LONG = 8.0  # of inference, in tau
LEFT = 396.0  # of the words


def two_ways(nudge: float, target: float, weight: float) -> tuple[Way, Way]:
    """The ways of the clamped network and of the nudged one."""
    clamped, nudged = Smallest(weight, target), Smallest(weight, target, nudge=nudge)
    return clamped.inference(LONG), nudged.inference(LONG)


@cache
def _start() -> tuple[Way, Way]:
    return two_ways(*BEGAN)


def draw_nudging(
    nudge: float = BEGAN[0], target: float = BEGAN[1], weight: float = BEGAN[2]
) -> str:
    """The energy of a 1-1-1 network as lines of equal height over hidden and output voltage. The
    clamped output jumps onto its target and stays on that line; the nudged one leaves the
    feedforward pass by itself, and stops where energy and loss balance.

    For ``explore``: nudge 0.1 to 20 (logarithmic), target -1.5 to 1.5, weight 0.5 to 2.
    """
    ways = two_ways(nudge, target, weight)
    clamped, nudged = Smallest(weight, target), Smallest(weight, target, nudge=nudge)
    d = Drawing(700, 372, _label(nudged, ways))
    frame = put_chart(d, [_plane(clamped, ways)], 0, 0, 380, 272)[0]
    _marks(d, frame, target, ways)
    _words(d, nudged, ways)
    return d.svg()


def _ends(net: Smallest, way: Way) -> tuple[float, Array, float]:
    """Where a way ends: output voltage, energy by layer, and how far it is from the target."""
    out = float(way.output[-1])
    return out, net.parts(way.hidden[-1], out), abs(net.target - out)


def _label(nudged: Smallest, ways: tuple[Way, Way]) -> str:
    (_, held, _), (out, free, left) = (_ends(nudged, way) for way in ways)
    return (
        "The plane of hidden and output voltage with lines of equal energy, whose valley is where "
        "the output is as predicted. The clamped output is on its target, "
        f"{nudged.target:g}, from the first step, and the hidden voltage then goes to "
        f"{ways[0].hidden[-1]:.2f}: energy {held.sum():.2f}. The nudged output, with beta "
        f"{nudged.nudge:g}, comes to rest at {out:.2f}, {left:.2f} from the target, with an energy "
        f"of {free.sum():.2f}."
    )


def _plane(net: Smallest, ways: tuple[Way, Way]) -> Panel:
    """Lines of equal energy: 1/2 (v_1 - b_1)^2 + 1/2 (v_2 - W tanh v_1)^2 = level, above and below
    the valley."""
    lines = []
    for level in LEVELS:
        far = np.sqrt(2 * level)
        angle = np.linspace(0, 2 * np.pi, 90)
        v = START + far * np.cos(angle)
        out = net.predicted(v) + far * np.sin(angle)
        lines.append(Series("", v, out, colour="layer3", ghost=True))
    v = np.linspace(*HIDDEN, 80)
    valley = Series("as predicted", v, net.predicted(v), colour="basal")
    held, free = ways  # the clamped output is on its target before the hidden voltage moves
    hidden = np.r_[held.hidden[0], held.hidden[0], held.hidden[1:]]
    output = np.r_[held.output[0], net.target, held.output[1:]]
    drawn = [
        Series("clamped", hidden, output, colour="apical"),
        Series("nudged", free.hidden, free.output, colour="voltage"),
    ]
    return Panel(
        "Lines of equal energy", "hidden voltage v₁", "output voltage v₂",
        [*lines, valley, *drawn], x_range=HIDDEN, y_range=OUTPUT,
    )  # fmt: skip


def _marks(d: Drawing, frame: Frame, target: float, ways: tuple[Way, Way]) -> None:
    """The start, the line of the target, and where both ways end; as ghosts, where they ended with
    the sliders as they were at first."""
    height = frame.at(0.0, target).y
    d.path(f"M{frame.left:.1f},{height:.1f} H{frame.right:.1f}", None, 1.4).set(
        "stroke-dasharray", "6 4"
    )
    d.say(frame.right - 4, height - 5 if target < 1.6 else height + 14, "target", "end", fixed=True)
    x, y = frame.at(float(ways[0].hidden[0]), float(ways[0].output[0]))
    d.circle(x, y, 6, None, width=1.8)
    for way, look in zip(_start(), ("apical", "voltage"), strict=True):
        x, y = frame.at(float(way.hidden[-1]), float(way.output[-1]))
        ghost = d.circle(x, y, 8.5, look, None, width=1.8)
        ghost.set("stroke-dasharray", "1 4")
    for way, look in zip(ways, ("apical", "voltage"), strict=True):
        x, y = frame.at(float(way.hidden[-1]), float(way.output[-1]))
        d.circle(x, y, 6.5, None, look, width=1.4)


def _words(d: Drawing, nudged: Smallest, ways: tuple[Way, Way]) -> None:
    """What both pay at rest, by layer, as bars; and how far from the target their outputs are."""
    most = 2.6
    d.say(LEFT, 34, "Energy at rest", bold=True, fixed=True)
    for k, (name, way) in enumerate(zip(("clamped", "nudged"), ways, strict=True)):
        _, parts, left = _ends(nudged, way)
        y = 58.0 + 66 * k
        d.say(LEFT, y, f"{name}, {decimals(left, 2)} from the target", fixed=True)
        x = LEFT
        for part, look, level in zip(parts, ("layer1", "layer2"), (0.35, 0.8), strict=True):
            wide = 230.0 * min(float(part), most) / most
            d.path(f"M{x:.1f},{y + 8:.1f} h{wide:.1f} v16 h{-wide:.1f} Z", look, 1, look, level)
            x += wide
        d.say(x + 8, y + 21, decimals(float(parts.sum()), 2), fixed=True)
    for k, (words, look, level) in enumerate(
        (("hidden layer", "layer1", 0.35), ("output", "layer2", 0.8))
    ):
        x = LEFT + 120 * k
        d.path(f"M{x:.1f},190 h16 v11 h-16 Z", look, 1, look, level)
        d.say(x + 22, 200, words, fixed=True)
    d.circle(LEFT + 7, 226, 6, None, width=1.8)
    d.say(LEFT + 22, 230, "feedforward pass", fixed=True)
    ends = (("clamped, at rest", "apical"), ("nudged, at rest", "voltage"))
    for k, (words, look) in enumerate(ends):
        d.circle(LEFT + 7, 250 + 24 * k, 6.5, None, look, width=1.4)
        d.say(LEFT + 22, 254 + 24 * k, words, fixed=True)

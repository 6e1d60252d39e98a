"""The picture of the title: a ball rests in a landscape, the nudge tilts it, a synapse compares the
two places and learns, and the ball rests nearer the target."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree as ET

import numpy as np

from ....frameworks import EquilibriumPropagation
from ....network import Network
from ....rules import Contrastive
from ....teaching.motion import Timeline
from ....teaching.numerals import decimals, minus, signed
from ....teaching.schematic import Drawing, Point
from ....teaching.schematic.drawing import broken
from .tiny import Rest, X, over, rest, tiny

Array = np.ndarray

LOWER, UPPER, TARGET, NUDGE, RATE = 0.7, 0.5, 1.5, 0.8, 1.0
V = np.linspace(-0.7, 1.9, 53)  # output voltages of the curves
LEFT, RIGHT, GROUND, UNIT = 16.0, 408.0, 272.0, 122.0  # of the curves; pixels for an energy of 1
LOWEST = -0.64  # the energy at GROUND
BALL = 10.0
HIDDEN, OUTPUT = Point(470.0, 236.0), Point(470.0, 84.0)
BARS, FULL = 548.0, 180.0  # left end of the bars; pixels for a product of 1
WIDTH = 13.0  # of the synapse's line for a weight of 1


@dataclass(frozen=True)
class Story:
    """The three states of rest, the landscape over the output voltage in each, what the rule makes
    of the first two, and the network after learning."""

    free: Rest
    nudged: Rest
    after: Rest
    curves: list[Array]
    change: float
    learned: Network


@cache
def story() -> Story:
    """The tiny network, one contrastive update long."""
    net, target = tiny(LOWER, UPPER, "linear"), np.array([[TARGET]])
    ep = EquilibriumPropagation(NUDGE, free_steps=2000, nudged_steps=2000, steady=1e-10)
    update = Contrastive()(ep.teach(net, X, target))
    learned = net.copy()
    for W, dW in zip(learned.weights, update.weights, strict=True):
        W += RATE * dW / ep.span
    free = rest(net, TARGET)
    curves = [along(net, 0.0), along(net, NUDGE), along(learned, 0.0)]
    change = float(learned.weights[1].item()) - UPPER
    after = rest(learned, TARGET)
    return Story(free, rest(net, TARGET, NUDGE, free), after, curves, change, learned)


def along(net: Network, nudge: float) -> Array:
    """The height over each output voltage of V, with the hidden voltage at its best, (53,)."""
    fine = np.linspace(V[0], V[-1], 52 * 8 + 1)
    return np.asarray(over(net, fine, TARGET, nudge).min(axis=1)[::8])


def spot(v: float, height: float) -> Point:
    """Where in the picture a place of a landscape lies."""
    x = LEFT + (RIGHT - LEFT) * (v - V[0]) / (V[-1] - V[0])
    return Point(float(x), float(GROUND - UNIT * (height - LOWEST)))


def hero() -> str:
    """The film: at rest, tilted, rolled, compared, learned, at rest nearer the target."""
    told = story()
    free, nudged, after = told.free, told.nudged, told.after
    d = Drawing(
        680, 330,
        minus(
            "A ball rests in a landscape, the energy over the output's voltage. A nudge tilts the "
            f"landscape towards the target, and the ball rolls from {free.v[1]:.2f} to "
            f"{nudged.v[1]:.2f}. The synapse between two neurons compares post times pre at both "
            f"places, {free.product:.2f} and {nudged.product:.2f}, and grows by {told.change:.2f}. "
            f"Without the nudge the ball now rests at {after.v[1]:.2f}, nearer the target."
        ),
    )  # fmt: skip
    film = Timeline(d, seconds=5.0)
    _scene(d)
    first, tilt, last = _curves(d, told)
    synapse = _network(d, film, told)
    _bars(d, film, told)
    for curve, when in ((first, 0.6), (tilt, 3.9)):
        film.appear(curve, at=when, for_=0.3)
    _roll(d, film, told, last)
    film.change(synapse, "stroke-width", [WIDTH * UPPER, WIDTH * (UPPER + told.change)], 3.3, 0.6)
    return film.svg()


def _scene(d: Drawing) -> None:
    """The axis of the output's voltage, with the target."""
    goal = spot(float(TARGET), LOWEST)
    d.path(f"M{LEFT:.1f},28 V{GROUND + 10:.1f} H{RIGHT:.1f}", None, 1.2, opacity=0.6)
    d.say(LEFT - 6, 20, "energy", fixed=True)
    line = d.path(f"M{goal.x:.1f},40 V{GROUND + 10:.1f}", "error", 1.6)
    line.set("stroke-dasharray", "9 3 2 3")
    d.say(goal.x, 32, "target", "middle", fixed=True)
    d.say((LEFT + RIGHT) / 2, GROUND + 32, "voltage of the output neuron", "middle", fixed=True)


def _outline(curve: Array) -> str:
    return broken([spot(v, h) for v, h in zip(V, curve, strict=True)])


def _curves(d: Drawing, told: Story) -> tuple[ET.Element, ET.Element, ET.Element]:
    """The landscapes: free and tilted, which are pale in the end, and the one after learning."""
    first = d.path(_outline(told.curves[0]), "layer3", 2, opacity=0.8)
    first.set("stroke-dasharray", "1 5")
    tilt = d.path(_outline(told.curves[1]), "error", 1.6, opacity=0.6)
    tilt.set("stroke-dasharray", "9 3 2 3")
    return first, tilt, d.path(_outline(told.curves[2]), "voltage", 3.4)


def _height(curve: Array, v: float) -> float:
    return float(np.interp(v, V, curve))


def _ball_on(curve: Array, v: float) -> Point:
    """The middle of a ball that lies on a curve above v."""
    slope = UNIT * float(np.interp(v, V, np.gradient(curve, V))) * (V[-1] - V[0]) / (RIGHT - LEFT)
    up = np.array([slope, 1.0]) / np.hypot(slope, 1.0)
    at = spot(v, _height(curve, v))
    return Point(at.x - BALL * float(up[0]), at.y - BALL * float(up[1]))


def _roll(d: Drawing, film: Timeline, told: Story, line: ET.Element) -> None:
    """The landscape that is drawn tilts, then has learned; the ball goes with it."""
    free, nudged, after = (float(s.v[1]) for s in (told.free, told.nudged, told.after))
    old, tilt, new = told.curves
    for v, curve, words in ((free, old, "free"), (nudged, tilt, "nudged")):
        at = _ball_on(curve, v)
        shadow = d.circle(*at, BALL, "rate", "rate", 0.12, 1.6)
        name = d.say(at.x - 13, at.y - 12, words, "end", fixed=True)
        film.appear(shadow, name, at=0.8 if words == "free" else 2.4, for_=0.3)
    end = _ball_on(new, after)
    ball = d.circle(*end, BALL, None, "rate")
    name = d.say(end.x, end.y + 27, "free, after learning", "middle", fixed=True)
    film.appear(name, at=4.7, for_=0.25)
    steps = 8
    mixed = [(1 - s) * old + s * tilt for s in np.linspace(0, 1, steps)]
    film.change(line, "d", [_outline(c) for c in mixed], 0.8, 0.6)
    rolled = [
        (tilt, v) for v in free + (nudged - free) * (1 - np.cos(np.linspace(0, np.pi, 12))) / 2
    ]
    settled = [((1 - s) * tilt + s * new, nudged) for s in np.linspace(0, 1, steps)]
    home = [(new, v) for v in nudged + (after - nudged) * np.linspace(0, 1, 8)]
    film.change(line, "d", [_outline(c) for c, _ in settled], 3.9, 0.5)
    for places, begin, for_ in (
        ([(c, free) for c in mixed], 0.8, 0.6), (rolled, 1.4, 0.9), (settled, 3.9, 0.5),
        (home, 4.4, 0.4),
    ):  # fmt: skip
        moves = [_ball_on(c, float(v)) for c, v in places]
        steps_of = [f"translate({p.x - end.x:.1f}px,{p.y - end.y:.1f}px)" for p in moves]
        film.change(ball, "transform", steps_of, begin, for_)


def _network(d: Drawing, film: Timeline, told: Story) -> ET.Element:
    """The hidden and the output neuron, and the synapse whose width is its weight."""
    gap = 21
    line = d.path(
        f"M{HIDDEN.x:.1f},{HIDDEN.y - gap:.1f} V{OUTPUT.y + gap:.1f}", "basal",
        WIDTH * (UPPER + told.change),
    )  # fmt: skip
    line.set("stroke-linecap", "butt")
    d.arrow([(HIDDEN.x, 306), (HIDDEN.x, HIDDEN.y + gap)], "basal", 3)
    for at, words in ((HIDDEN, "r₁"), (OUTPUT, "r₂")):
        d.circle(*at, 18, "rate", "rate", 0.15, 2.2)
        d.say(at.x, at.y + 5, words, "middle", 13, fixed=True)
    nudge = d.arrow([(OUTPUT.x, 28), (OUTPUT.x, OUTPUT.y - gap)], "error", 4, dashed=False)
    nudge.set("opacity", "0.35")
    word = d.say(OUTPUT.x + 12, 42, "nudge", fixed=True)
    film.change(nudge, "opacity", [0.0, 1.0], 0.7, 0.2)
    film.change(nudge, "opacity", [1.0, 0.35], 3.8, 0.2)
    film.appear(word, at=0.7, for_=0.2)
    d.say(HIDDEN.x + 12, 312, "input", fixed=True)
    return line


def _bars(d: Drawing, film: Timeline, told: Story) -> None:
    """Post times pre at both places, and what the weight becomes."""
    d.say(BARS - 48, 92, "compared: r₂ r₁", bold=True, fixed=True)
    rows = (("free", told.free.product, 0.12, 0.3), ("nudged", told.nudged.product, 0.75, 2.4))
    for k, (words, value, level, when) in enumerate(rows):
        y = 106.0 + 30 * k
        d.say(BARS - 4, y + 14, words, "end", fixed=True)
        path = f"M{BARS:.1f},{y:.1f} h{FULL * value:.1f} v19 h{-FULL * value:.1f} Z"
        bar = d.path(path, "rate", 1.8, "rate", level)
        thin = f"M{BARS:.1f},{y:.1f} h0.1 v19 h-0.1 Z"
        number = d.say(BARS + FULL * value + 6, y + 14, decimals(value, 2), fixed=True)
        film.change(bar, "d", [thin, path], when, 0.5)
        film.appear(number, at=when + 0.4, for_=0.2)
    gain = d.group()
    d.say(BARS - 48, 198, f"weight {signed(told.change, 2)}", bold=True, fixed=True, into=gain)
    film.appear(gain, at=3.2, for_=0.3)

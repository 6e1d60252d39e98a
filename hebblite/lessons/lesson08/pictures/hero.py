"""The picture of the title: an output is put on its label, and its error is handed down."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree as ET

import numpy as np

from ....frameworks import PredictiveCoding
from ....network import Network
from ....stream import Block, Record, fold
from ....teaching.colours import layer
from ....teaching.motion import Timeline
from ....teaching.schematic import Drawing, Layers, Point, connect
from ....teaching.schematic.network import disc_radius, line_width
from .reading import energy_by_layer, errors, name_of

Array = np.ndarray
SIZES, TARGET = (3, 4, 4, 2), (0.95, 0.1)
ROWS, MIDDLE, APART, RADIUS = (318.0, 232.0, 146.0, 60.0), 208.0, 84.0, 13.0
ERROR = 27.0  # pixels from a neuron to its error; and half the height of the largest one:
LARGEST, SMALLEST = 15.0, 0.6
STEPS, SEEN = 40, (0, 1, 2, 3, 5, 8, 12, 18, 26, 40)  # of inference; those with a key in the film
BEGIN, LONG = 0.7, 2.7  # of inference, in seconds of the film
CHART = (452.0, 664.0, 66.0, 206.0)  # left, right, top and ground of the energy
FILL = (0.3, 0.7, 0.95)  # of the layers' parts
RATE = 1.5  # of learning: as much as can be seen
SAID = ("The output is put on its label.", "Errors are handed down,", "and activity settles.",
        "Then the weights change.")  # fmt: skip


@dataclass(frozen=True)
class Lesson:
    """A network, one input's inference as a block, and what it changes: eps_l r_{l-1}^T."""

    net: Network
    block: Block
    change: list[Array]


@cache
def one_lesson() -> Lesson:
    """A small network whose output is clamped far from where it was."""
    net = Network(list(SIZES), hidden="tanh", output="linear", seed=540)
    for beta in net.biases[:-1]:
        beta += 0.3  # so that all rates are positive
    x = np.array([[0.9, 0.3, 0.7]])
    teach = PredictiveCoding(steps=STEPS, step=0.2, halve=False).teach(net, x, [TARGET])
    block = fold(teach, Record())[0]
    eps = errors(block)
    change = [RATE * np.outer(e[-1], r[-1, 0]) for e, r in zip(eps, block.rates, strict=False)]
    return Lesson(net, block, change)


def hero() -> str:
    """A network of three layers above its input: errors appear at the top and walk down."""
    made = one_lesson()
    parts = energy_by_layer(made.block)
    d = Drawing(
        680, 360,
        "A network whose output is put on its label. Errors appear at the output and are handed "
        "down from layer to layer while the activity settles. The energy, stacked by layer, falls "
        f"from {parts[1].sum():.2f} to {parts[-1].sum():.2f}; the output layer's part goes from "
        f"{parts[1, -1]:.2f} to {parts[-1, -1]:.2f}. At the end the weights change.",
    )  # fmt: skip
    film = Timeline(d, seconds=5.0)
    net = _places(made)
    grown = [_weights(d, film, made, net, l) for l in range(len(SIZES) - 1)]
    _neurons(d, film, made, net)
    _handed_down(d, film, made.net.weights, net)
    _energy(d, film, parts)
    _key(d)
    for k, (words, at) in enumerate(zip(SAID, (0.5, 1.0, 1.7, 3.8), strict=True)):
        line = d.say(CHART[0], 262 + 26.0 * k, words, size=14, fixed=True)
        film.appear(line, at=at, for_=0.4)
    for lines in grown:
        film.appear(*lines, at=3.9, for_=0.7)
    return film.svg()


def _places(made: Lesson) -> Layers:
    """Rows of neurons, the input at the bottom."""
    at = [
        [Point(MIDDLE + APART * (i - (n - 1) / 2), y) for i in range(n)]
        for n, y in zip(SIZES, ROWS, strict=True)
    ]
    return Layers(at, [], RADIUS)


def _moments(values: Array) -> list[float]:
    """What a film goes through: values at the steps SEEN, spread over the time of the film so that
    the first few steps take as long as many of the later ones."""
    return [float(values[t]) for t in SEEN]


def _weights(d: Drawing, film: Timeline, made: Lesson, net: Layers, l: int) -> list[ET.Element]:
    """Lines as wide as the weights, which end as wide as learning makes them; and what learning
    adds, in the colour of the rule."""
    before, after = made.net.weights[l], made.net.weights[l] + made.change[l]
    most = float(max(np.abs(before).max(), np.abs(after).max()))
    lines = connect(d, net, l, after, least=0, heads=False, opacity=0.35, scale=most)
    for line, w in zip(lines, before.ravel(), strict=True):
        width = line_width(float(w) / most)
        film.change(line[0], "stroke-width", [width, line[0].get("stroke-width", "1")], 3.9, 0.7)
    added = connect(d, net, l, made.change[l], "error", least=0.3, heads=False, opacity=0.75,
                    widest=3.2)  # fmt: skip
    return added


def _neurons(d: Drawing, film: Timeline, made: Lesson, net: Layers) -> None:
    """Each neuron with a disc for its rate and, above the input, a diamond for its error."""
    eps = errors(made.block)
    most = max(float(np.abs(e).max()) for e in eps)
    for l, row in enumerate(net.at):
        name = "input" if l == 0 else "output" if l == len(net.at) - 1 else f"layer {l}"
        d.say(8, ROWS[l] + 4, name, fixed=True)
        for i, at in enumerate(row):
            _neuron(d, film, at, made.block.rates[l][:, 0, i])
            if l:
                _error(d, film, at.right(ERROR), eps[l - 1][:, i] / most)
            if l == len(net.at) - 1:
                d.say(at.x, at.y - 24, f"label {TARGET[i]:g}", "middle", fixed=True)


def _key(d: Drawing) -> None:
    """What discs and diamonds are."""
    d.circle(94, 349, 6, "rate", "rate", 0.9, 1)
    d.say(106, 353, "rate", fixed=True)
    for x, filled, words in ((156, 0.85, "error"), (222, 0.0, "negative error")):
        d.path(_diamond(Point(x, 349), 0.25), "error", 1.6, "error", filled)
        d.say(x + 12, 353, words, fixed=True)


def _neuron(d: Drawing, film: Timeline, at: Point, rates: Array) -> None:
    d.circle(*at, RADIUS, "rate", None)
    radii = [disc_radius(RADIUS, r) for r in _moments(rates)]
    disc = d.circle(*at, radii[-1], "rate", "rate", 0.9, 1.0)
    if np.ptp(rates) > 1e-3:
        film.change(disc, "r", radii, BEGIN, LONG)


def _error(d: Drawing, film: Timeline, at: Point, levels: Array) -> None:
    """A diamond as high as an error is large; a negative one is hollow."""
    shapes = [_diamond(at, level) for level in _moments(levels)]
    filled = 0.85 if levels[-1] > 0 else 0.0
    film.change(
        d.path(shapes[-1], "error", 1.8, "error", filled), "d", shapes, BEGIN, LONG
    )  # fmt: skip


def _diamond(at: Point, level: float) -> str:
    high = SMALLEST + (LARGEST - SMALLEST) * min(abs(level), 1.0) ** 0.5
    wide = 0.7 * high
    return (
        f"M{at.x:.1f},{at.y - high:.1f} L{at.x + wide:.1f},{at.y:.1f} "
        f"L{at.x:.1f},{at.y + high:.1f} L{at.x - wide:.1f},{at.y:.1f} Z"
    )


def _handed_down(d: Drawing, film: Timeline, W: list[Array], net: Layers) -> None:
    """Pulses from the errors of a layer to the neurons below it, along the larger weights."""
    for l, at in ((2, 1.0), (1, 1.7)):
        size = np.abs(W[l])
        for i, above in enumerate(net.at[l + 1]):
            for j, below in enumerate(net.at[l]):
                if size[i, j] < np.median(size):
                    continue
                pulse = d.circle(below.x, below.y - RADIUS, 3.4, "error", "error", width=0)
                ends = [(above.x + ERROR, above.y + 10), (below.x, below.y - RADIUS)]
                film.travel(pulse, ends, at=at, for_=0.7)


def _energy(d: Drawing, film: Timeline, parts: Array) -> None:
    """Stacked bars of the energy, one for each step that is shown, which appear in turn."""
    left, right, top, ground = CHART
    scale = (ground - top) / float(parts.sum(axis=1).max())
    slot = (right - left) / len(SEEN)
    d.say(left, top - 38, "energy: errors², by layer", bold=True, fixed=True)
    d.path(f"M{left:.1f},{ground:.1f} H{right:.1f}", None, 1.2)
    d.say(right, ground + 18, "inference", "end", fixed=True)
    for k, t in enumerate(SEEN):
        group, foot = d.group(), ground
        for l, part in enumerate(parts[t]):
            high = scale * float(part)
            x = left + slot * k + 2
            box = f"M{x:.1f},{foot:.1f} h{slot - 4:.1f} v{-high:.1f} h{4 - slot:.1f} Z"
            d.path(box, layer(l + 1), 0.8, layer(l + 1), FILL[l], into=group)
            foot -= high
        if t:
            film.appear(group, at=BEGIN + LONG * (k - 0.3) / (len(SEEN) - 1), for_=0.15)
    for l in range(parts.shape[1]):
        x = left + (0.0, 74.0, 148.0)[l]
        d.path(f"M{x:.1f},{top - 27:.1f} h14 v10 h-14 Z", layer(l + 1), 0.8, layer(l + 1), FILL[l])
        d.say(x + 20, top - 18, name_of(l + 1, parts.shape[1]), fixed=True)

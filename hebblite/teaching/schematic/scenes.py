"""Pictures that several lessons begin with: a digit and the network that reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

import numpy as np

from ..motion import Timeline
from ..placing import Box
from .circuit import wire
from .drawing import Drawing, Point
from .network import Layers, connect, digit, disc_radius, layers, line_width

Array = np.ndarray


@dataclass(frozen=True)
class DigitNetwork:
    """A drawn digit and network, and its elements by what they show, for ``motion``."""

    drawing: Drawing
    image: ET.Element
    net: Layers
    forward: list[list[ET.Element]]  # the lines into layer 1, 2, ...: groups of a path and a head
    feedback: list[ET.Element]  # what descends to layer L, L - 1, ..., 1
    ghosts: list[ET.Element] = field(default_factory=list)  # rings of the rates before
    words: dict[str, ET.Element] = field(default_factory=dict)  # "digit", "layer 1", "feedback"
    target: list[ET.Element] = field(default_factory=list)  # the mark of the target, and its word


def digit_network(
    label: str,
    pixels: Array,
    rates: Sequence[Array],
    before: Sequence[Array] | None = None,
    weights: Sequence[Array] | None = None,
    feedback: float = 0.0,
    names: Sequence[str] = (),
    target: int | None = None,
    title: str = "",
    scale: float = 0.0,
    height: float = 300.0,
    foot: float = 0.0,
) -> DigitNetwork:
    """A digit on the left and layers of neurons to its right, with their rates as discs.

    pixels: (784,) or (28, 28). rates: of layers 1 to L, each (n_l,) in [0, 1], at most about ten
    neurons of each. before: rates of another moment, as thin rings where they differ. weights: W_2
    to W_L, each (n_l, n_{l-1}) for the neurons drawn; scale: the magnitude that is drawn widest.
    feedback: 0 to 1: how strongly apical feedback comes down from the output; at 0 it is not drawn.
    names: of the output neurons, such as the digits. target: the output neuron that should speak.
    title: below the image. foot: empty pixels below, for more words.
    """
    d = Drawing(680, height + foot, label)
    top, room = 62.0, height - 92.0
    image = digit(d, pixels, 18, top + room / 2 - 55, 110)
    sizes = [len(r) for r in rates]
    right = 600.0 if names else 660.0
    net = layers(d, sizes, 215, top, right - 215, room, rates, radius=8.5)
    words = {"digit": d.say(73, top + room / 2 + 74, title or "a digit", "middle")}
    forward = [_from_image(d, net, Point(128, top + room / 2))]
    for l, W in enumerate(weights or []):
        forward.append(connect(d, net, l, W, heads=False, scale=scale, opacity=0.75))
    for l in range(len(sizes)):
        words[f"layer {l + 1}"] = d.say(*_below(net, l, top + room), f"layer {l + 1}", "middle")
    for name, place in zip(names, net.at[-1], strict=False):
        d.say(place.x + 16, place.y + 4, name, fixed=True)
    rings = [] if before is None else _rings(d, net, before, rates)
    aim = [] if target is None else _target(d, net.at[-1][target])
    down = _feedback(d, net, feedback, words, target) if feedback else []
    return DigitNetwork(d, image, net, forward, down, rings, words, aim)


def _below(net: Layers, l: int, bottom: float) -> Point:
    return Point(net.at[l][0].x, bottom + 22)


def _from_image(d: Drawing, net: Layers, start: Point) -> list[ET.Element]:
    group = d.group()
    group.set("opacity", "0.6")
    ends = [place.left(net.radius + 3) for place in net.at[0]]
    return [d.arrow([start, end], "basal", 1.2, "", dashed=False, into=group) for end in ends]


def _rings(
    d: Drawing, net: Layers, before: Sequence[Array], rates: Sequence[Array]
) -> list[ET.Element]:
    """Where the discs' edges were before."""
    rings = []
    for places, old, new in zip(net.at, before, rates, strict=True):
        for place, level, now in zip(places, np.clip(old, 0, 1), new, strict=True):
            radius = disc_radius(net.radius, float(level))
            if abs(radius - disc_radius(net.radius, float(now))) > 0.6:
                rings.append(d.circle(*place, radius, width=1.1))
    return rings


def _target(d: Drawing, place: Point) -> list[ET.Element]:
    """A frame around the name of the output neuron that should speak."""
    box = f"M{place.x + 12:.1f},{place.y - 8:.1f} h16 v16 h-16 Z"
    word = d.say(place.x + 42, place.y + 4, "target")
    return [d.path(box, "error", 2, dashed=False), word]


def _feedback(
    d: Drawing, net: Layers, level: float, words: dict[str, ET.Element], target: int | None
) -> list[ET.Element]:
    """Apical feedback: from above the output along the top and down into every layer."""
    high = 30.0
    found, width = [], 1.5 + 3.5 * level
    start = Point(net.at[-1][0].x, high)
    for l in reversed(range(len(net.at))):
        first = net.at[l][0]
        end = Point(first.x, first.y - net.radius - 4)
        points: list[tuple[float, float]] = [start, Point(first.x, high), end]
        if l == len(net.at) - 1:
            points = [start, end]
            if target is not None:
                aim = net.at[-1][target]
                side = aim.x + 36
                points = [(aim.x + 28, aim.y), (side, aim.y), (side, high), start, end]
        found.append(wire(d, points, "apical", width))
        start = Point(first.x, high)
    words["feedback"] = d.say(start.x - 8, high + 4, "feedback", "end")
    d.keep_free(Box(start.x, high - 6, net.at[-1][0].x, high + 6))
    return found


def learning_film(
    label: str,
    pixels: Array,
    free: Sequence[Array],
    taught: Sequence[Array],
    weights: Sequence[Array],
    learned: Sequence[Array],
    names: Sequence[str] = (),
    target: int | None = None,
    title: str = "",
) -> str:
    """What one teaching phase does, in five seconds, as an SVG that plays once: the digit comes in,
    the free state builds up layer by layer, feedback descends, rates move, weights thicken.

    free, taught: rates of the neurons drawn, in [0, 1]. weights, learned: before and after, as in
    ``digit_network``; the change is drawn, so exaggerate it until it is seen. The last frame shows
    the taught state, with thin rings where the rates were, and the learned weights.
    """
    scale = max(float(np.abs(W).max()) for W in (*weights, *learned)) or 1.0
    scene = digit_network(
        label, pixels, taught, free, learned, 0.6, names, target, title, scale, foot=34
    )  # fmt: skip
    d, net = scene.drawing, scene.net
    steps = ("1  a digit comes in", "2  the free state", "3  feedback descends",
             "4  rates move", "5  weights change")  # fmt: skip
    captions = d.row(steps, 14, 666, 322)
    film = Timeline(d, 5.0)
    for k, caption in enumerate(captions):
        film.appear(caption, at=(0.0, 0.5, 1.7, 2.5, 3.7)[k], for_=0.3)
    film.appear(scene.image, at=0.0, for_=0.4)
    for l, discs in enumerate(net.nodes):
        film.appear(*scene.forward[l], at=0.4 + 0.35 * l, for_=0.3)
        for i, disc in enumerate(discs):
            radii = [disc_radius(net.radius, float(r)) for r in (0.0, free[l][i], taught[l][i])]
            film.change(disc, "r", radii[:2], at=0.6 + 0.35 * l, for_=0.4)
            film.change(disc, "r", radii[1:], at=2.6, for_=1.0)
    for k, way in enumerate(scene.feedback):
        film.draw(way, at=1.7 + 0.3 * k, for_=0.4)
    film.appear(*scene.target, at=1.6, for_=0.2)
    if scene.feedback:
        film.appear(scene.words["feedback"], at=1.9)
    film.appear(*scene.ghosts, at=2.5, for_=0.2)
    _thicken(film, scene, weights, learned, scale)
    return film.svg()


def _thicken(
    film: Timeline,
    scene: DigitNetwork,
    weights: Sequence[Array],
    learned: Sequence[Array],
    scale: float,
) -> None:
    """Each line's width goes from what its weight was to what it is."""
    for lines, before, after in zip(scene.forward[1:], weights, learned, strict=True):
        drawn = [w for w, new in zip(before.ravel(), after.ravel(), strict=True)
                 if abs(new) / scale >= 0.08]  # fmt: skip
        for line, w in zip(lines, drawn, strict=True):
            widths = [line_width(float(w) / scale), float(line[0].get("stroke-width", "1"))]
            if abs(widths[0] - widths[1]) > 0.15:
                film.change(line[0], "stroke-width", widths, at=3.7, for_=1.0)

"""The picture of the title: a push travels layer by layer."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.motion import Timeline
from ....teaching.schematic import Drawing, layers
from ..runs.push import weak_push
from .push import DOWN, legend, planes, scale_of, stacks

Array = np.ndarray

EXAMPLE = 5  # the random network that is drawn: four layers
WIDTH = 168.0
TOP, LOW = 62.0, 128.0  # of the columns of neurons
GROUND = 330.0


def hero() -> str:
    """All layers are pushed at once. Then the pushes are handed up, from layer to layer, and add to
    the own ones. How far that is from backprop the learner foretells before it is shown."""
    pushed = weak_push(EXAMPLE)
    made = stacks(pushed, len(pushed.phase.time) - 1)
    d = Drawing(
        680, GROUND + DOWN + 62,
        "A network of four layers. A controller pushes all of them at once. Each layer then hands "
        "its push up to the next, so that what a layer does is its own push plus what comes from "
        "below.",
    )  # fmt: skip
    film = Timeline(d, seconds=5.0)
    pushes = _controller(d)
    ways = _network(d, [abs(r[-1, 0]) for r in pushed.phase.rates[1:]])
    drawn = planes(d, made, scale_of(pushed), 4, GROUND, WIDTH, compare=False)
    legend(d, GROUND + DOWN + 36, compare=False)
    film.appear(*pushes, at=0.3, for_=0.4)
    for l, plane in enumerate(drawn):
        film.appear(plane.own, at=0.7, for_=0.5)
        if l:
            film.appear(ways[l - 1], at=0.4 + l, for_=0.4)
            film.appear(plane.handed, at=0.8 + l, for_=0.4)
        film.appear(plane.whole, plane.words, at=1.2 + l if l else 1.3, for_=0.4)
    return film.svg()


def _x(l: int) -> float:
    return 4 + l * WIDTH + 48


def _controller(d: Drawing) -> list[ET.Element]:
    """The controller's line across the page, and an arrow from it into every layer."""
    d.path(f"M{_x(0) - 40:.0f},24 H{_x(3) + 60:.0f}", "apical", 3)
    d.say(_x(0) - 40, 15, "controller: u = kₚ e, sent to all layers at once", fixed=True)
    return [d.arrow([(_x(l), 24), (_x(l), TOP - 6)], "apical", 3, dashed=False) for l in range(4)]


def _network(d: Drawing, rates: list[Array]) -> list[ET.Element]:
    """A column of neurons for each layer, and the three ways up between them."""
    layers(d, [3] * 4, _x(0) - 8, TOP, _x(3) - _x(0) + 16, LOW - TOP, rates, radius=8)
    middle = (TOP + LOW) / 2
    found = []
    for l in range(3):
        way = d.group()
        d.arrow(
            [(_x(l) + 16, middle), (_x(l + 1) - 16, middle)], "basal", 3, dashed=False, into=way
        )
        words = f"W{chr(0x2082 + l)} Δr{chr(0x2081 + l)}"
        d.say((_x(l) + _x(l + 1)) / 2, middle - 9, words, "middle", fixed=True, into=way)
        found.append(way)
    return found

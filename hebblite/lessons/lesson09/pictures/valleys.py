"""A landscape with one valley or two, and how many networks have more than one state of rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ....losses import Landscape, landscape, states_of_rest
from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import decimals, minus
from ....teaching.schematic import Drawing
from .terrain import Plane, rings
from .tiny import downwards, tiny

Array = np.ndarray

PLANE = Plane(52.0, 14.0, 320.0, 1.7, 45)
STARTS = np.linspace(-1.55, 1.55, 11)  # of the small marks, along both voltages
NEAR = 0.25  # of a minimum, in which a start is taken to end after its steps
SAME = 0.05  # of two minima no farther apart
LEFT = 408.0
START = (2.0, 0.1)  # where the controls of the lesson start: the ghost
LOOKS = ("rate", "apical")


@dataclass(frozen=True)
class Valleys:
    """The landscape (45, 45); its minima (K, 2), that with the highest first voltage first, and
    their energies (K,); other places at rest (J, 2); where each of the starts ends (its number
    among the minima; -1 for none); the way from the feedforward pass to rest (T, 2)."""

    height: Array
    minima: Array
    energy: Array
    others: Array
    ends: Array
    way: Array

    @property
    def led(self) -> int:
        """The minimum that the feedforward pass leads to; -1 where it leads to none."""
        gaps = np.abs(self.way[-1] - self.minima).max(axis=1)
        return int(gaps.argmin()) if gaps.min() < NEAR else -1


@lru_cache(maxsize=64)
def valleys(weight: float, drive: float) -> Valleys:
    """Two tanh neurons with a weight between them, the lower one driven by ``drive``."""
    net, x = tiny(1.0, weight), np.array([[drive]])
    height = landscape(net, x, PLANE.values, PLANE.values)
    rests = states_of_rest(net, x, starts=12, spread=1.5, saddles=True, tolerance=1e-8)
    places = np.concatenate(rests.voltages, axis=1)
    order = np.argsort(-places[:, 0])
    lows, others = (order[rests.minimum[order] == kind] for kind in (True, False))
    lows = _apart(lows, places)
    land = Landscape(net, x)
    begin = np.stack([g.ravel() for g in np.meshgrid(STARTS, STARTS)], axis=1)
    forward = np.concatenate(net.feedforward(x)[0], axis=1)
    ways = downwards(land, np.concatenate([begin, forward]), 160, 0.3)
    gaps = np.abs(ways[-1, :-1, None] - places[lows]).max(axis=2)
    ends = np.where(gaps.min(axis=1) < NEAR, gaps.argmin(axis=1), -1)
    return Valleys(height, places[lows], rests.energy[lows], places[others], ends, ways[:, -1])


def _apart(lows: Array, places: Array) -> Array:
    """Those of the minima that lie apart from the ones before them. Where a valley is about to
    split, its floor is so flat that a search ends at several places next to each other."""
    kept: list[int] = []
    for k in lows.tolist():
        if all(np.abs(places[k] - places[j]).max() > SAME for j in kept):
            kept.append(k)
    return np.array(kept, dtype=int)


def draw_two_valleys(weight: float = START[0], drive: float = START[1]) -> str:
    """Contours of the energy of two neurons that excite each other, its states of rest, and small
    marks at starts that tell in which of them each ends.

    For ``explore``: weight from 0.5 to 3, between the two neurons; drive from -0.6 to 0.6, the
    input to the lower one.
    """
    seen = valleys(weight, drive)
    d = Drawing(680, 384, _label(seen, weight, drive))
    window = PLANE.window(d)
    began = valleys(*START).height
    PLANE.contours(d, began, rings(began, 4, 0.04), window, "layer3", ghost=True)
    PLANE.contours(d, seen.height, rings(seen.height, 9, 0.02), window)
    first, second = (g.ravel() for g in np.meshgrid(STARTS, STARTS))
    for a, b, k in zip(first, second, seen.ends, strict=True):
        at = PLANE.at(a, b)
        if k == 1:
            d.path(f"M{at.x - 3:.1f},{at.y - 3:.1f} h6 v6 h-6 Z", LOOKS[1], 1.2)
        elif k == 0:
            d.circle(*at, 2.6, LOOKS[0], LOOKS[0], 0.8, 0.8)
    line = d.path(PLANE.way(seen.way[:, 0], seen.way[:, 1]), None, 1.8, into=window)
    line.set("stroke-dasharray", "3 3")
    _states(d, seen)
    at = PLANE.at(*seen.way[0])
    d.path(f"M{at.x:.1f},{at.y - 6:.1f} l6,6 l-6,6 l-6,-6 Z", None, 1.2, "basal", into=window)
    PLANE.axes(d, "voltage of the lower neuron, v₁", "voltage of the upper neuron, v₂")
    _words(d, seen, weight, drive)
    return d.svg()


def _label(seen: Valleys, weight: float, drive: float) -> str:
    places = " and ".join(f"{a:.2f}, {b:.2f}" for a, b in seen.minima)
    count = len(seen.minima)
    words = "one valley" if count == 1 else f"{count} valleys"
    ends = [int((seen.ends == k).sum()) for k in range(count)]
    return minus(
        f"Contours of the energy of two neurons with a weight of {weight:g} between them and a "
        f"drive of {drive:g}: {words}. The voltages rest at {places}. Of {len(seen.ends)} starts "
        f"{' and '.join(map(str, ends))} end there. From the feedforward pass the network comes "
        f"to {seen.way[-1][0]:.2f}, {seen.way[-1][1]:.2f}."
    )


def _states(d: Drawing, seen: Valleys) -> None:
    """Minima as discs and squares, other states of rest as crosses."""
    for k, (a, b) in enumerate(seen.minima[:2]):
        _mark(d, k, *PLANE.at(a, b))
    for a, b in seen.others:
        at = PLANE.at(a, b)
        d.path(f"M{at.x - 7:.1f},{at.y - 7:.1f} l14,14 m0,-14 l-14,14", None, 2.6)


def _words(d: Drawing, seen: Valleys, weight: float, drive: float) -> None:
    """How many states there are, their energies, and how many of the starts end in each."""
    count = len(seen.minima)
    words = "One state of rest" if count == 1 else f"{count} stable states of rest"
    d.say(LEFT, 30, words, bold=True, size=14, fixed=True)
    settings = f"weight {decimals(weight, 2)}, drive {decimals(drive, 2)}"
    d.say(LEFT, 50, settings, fixed=True)
    for k in range(2):
        y = 92.0 + 66 * k
        if k >= count:
            continue
        _mark(d, k, LEFT + 8, y - 4)
        d.say(LEFT + 26, y, f"energy {decimals(seen.energy[k], 3)}", fixed=True)
        share = int((seen.ends == k).sum())
        d.say(LEFT + 26, y + 18, f"{share} of {len(seen.ends)} starts end here", fixed=True)
        if k == seen.led:
            d.say(LEFT + 26, y + 36, "the feedforward pass leads here", fixed=True)
    line = d.path(f"M{LEFT:.1f},342 h18", "layer3", 1.5, opacity=0.6)
    line.set("stroke-dasharray", "1 4")
    d.say(LEFT + 26, 346, "equal heights when you began", fixed=True)
    rows: list[tuple[str, str]] = [("saddle", "saddle: at rest until disturbed"),
                                   ("forward", "feedforward pass, dashed its way"),
                                   ("start", "small: where each start ends")]  # fmt: skip
    for k, (kind, said) in enumerate(rows):
        y = 268.0 + 26 * k
        _sign(d, kind, LEFT + 8, y - 4)
        d.say(LEFT + 26, y, said, fixed=True)


def _mark(d: Drawing, k: int, x: float, y: float) -> None:
    if k:
        d.path(f"M{x - 7:.1f},{y - 7:.1f} h14 v14 h-14 Z", None, 1.8, LOOKS[1])
    else:
        d.circle(x, y, 8, None, LOOKS[0], 1.0, 1.8)


def _sign(d: Drawing, kind: str, x: float, y: float) -> None:
    if kind == "saddle":
        d.path(f"M{x - 7:.1f},{y - 7:.1f} l14,14 m0,-14 l-14,14", None, 2.6)
    elif kind == "forward":
        d.path(f"M{x:.1f},{y - 6:.1f} l6,6 l-6,6 l-6,-6 Z", None, 1.2, "basal")
    else:
        d.circle(x - 5, y, 2.6, LOOKS[0], LOOKS[0], 0.8, 0.8)
        d.path(f"M{x + 3:.1f},{y - 3:.1f} h6 v6 h-6 Z", LOOKS[1], 1.2)


# ---------------------------------------------------------------------- how often


def draw_share(
    found: Mapping[str, Mapping[str, Any]],
    x_label: str = "scale of the weights",
    guess: float | None = None,
) -> str:
    """The share of networks or inputs in which more than one stable state of rest was found.

    found: by name, e.g. of an activation, ``scale`` (T,) and ``share`` (T,), from 0 to 1. guess:
    the learner's, in percent.
    """
    series, said = [], []
    for k, (name, rows) in enumerate(found.items()):
        x, y = np.asarray(rows["scale"], float), 100 * np.asarray(rows["share"], float)
        series.append(Series(name, x, y, "line+points", colour=k))
        many = np.flatnonzero(y > 0)
        first = f"from {x[many[0]]:g} on" if len(many) else "nowhere"
        said.append(f"{name}: {first}, {y[-1]:.0f} percent at {x[-1]:g}")
    marks = [] if guess is None else [("y", guess, f"you said {guess:g} %")]
    panel = Panel("More than one state of rest", x_label, "share found (%)", series,
                  y_range=(-3.0, 106.0), marks=marks)  # fmt: skip
    label = f"Share with more than one stable state of rest over the {x_label}. {'; '.join(said)}."
    return chart([panel], label, 560, 220)

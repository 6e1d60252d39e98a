"""The control loop of Deep Feedback Control as a block diagram."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import numpy as np

from ...errors import ArgumentError
from ..colours import layer
from .circuit import Node, block, split, wire
from .drawing import Drawing, Point

#: The wires of the loop, in the order in which a signal goes round.
WIRES = ("target", "error", "control", "feedback", "output", "return")
LOOKS = {"target": None, "error": "error", "control": "error", "feedback": "apical",
         "output": "rate", "return": "rate"}  # fmt: skip
HIGH, BUS, LOW, BACK = 64.0, 118.0, 176.0, 246.0


def control_loop(
    label: str,
    lit: Collection[str] = (),
    cut: Collection[str] = (),
    levels: Mapping[str, float] | None = None,
    sign: str = "−",
    words: Mapping[str, str] | None = None,
    layers: int = 3,
    rates: Sequence[float] = (),
    signal: float | None = None,
) -> Drawing:
    """Target, comparator, controller, feedback weights Q, the layers, and the way back.

    lit, cut: wires of WIRES on which a signal travels, or none can. levels: for each wire the size
    of its signal, 0 to 1, as the width of the line. sign: with which the output enters the
    comparator; "+" is the wrong one. words: other words for wires, and for "controller", "Q" and
    "input". layers: how many are drawn, 1 to 4; rates: how far each is filled, 0 to 1. signal: how
    far a dot has come round the loop, from the comparator (0) back to it (1).

    All settings draw the same parts, so frames of a player stay small.
    """
    named = {*lit, *cut, *(levels or {})} - set(WIRES)
    for name in sorted(named):
        raise ArgumentError("wire", repr(name), f"one of {', '.join(WIRES)}")
    if layers not in (1, 2, 3, 4):
        raise ArgumentError("layers", layers, "1 to 4")
    said = {
        "target": "target", "error": "error e", "control": "u", "feedback": "a = Q u",
        "output": "output r", "return": "", "controller": "k e + ∫ e dt", "Q": "feedback weights",
        "input": "input",
    } | dict(words or {})  # fmt: skip
    d = Drawing(680, 276, label)
    comparator = split(d, 118, HIGH, "Σ", 16)
    plant = _plant(d, layers, rates, said["input"])
    middle = (plant[0].centre.x + plant[-1].centre.x) / 2
    controller = block(d, 262, HIGH, "controller", said["controller"], "error")
    q = block(d, max(middle, 440), HIGH, "Q", said["Q"], "apical")
    ways = _ways(comparator, controller, q, plant)
    for name, points in ways.items():
        level = (levels or {}).get(name, 0.15)
        plus = {"target": "+", "return": sign}.get(name, "")
        head = "" if name in ("output", "feedback") else "arrow"
        place = {"output": Point(440, BACK - 8), "feedback": q.south.right(44).down(15)}.get(name)
        wire(d, points, LOOKS[name], 1.4 + 4 * level, said[name], plus, name in cut, name in lit,
             head, place=place)  # fmt: skip
    _drops(d, plant, q.centre.x, (levels or {}).get("feedback", 0.15), "feedback" in cut)
    round_ = [p for name in WIRES[1:] for p in ways[name]]
    spot = along(round_, signal or 0.0)
    dot = d.circle(*spot, 7.0, None, "error", width=1.6)
    dot.set("opacity", "0" if signal is None else "1")
    return d


def _plant(d: Drawing, layers: int, rates: Sequence[float], words: str) -> list[Node]:
    """The layers in a row, each with its rate, and the arrows from layer to layer."""
    step = 104.0 if layers < 4 else 88.0
    xs = [440 + step * (k - (layers - 1) / 2) for k in range(layers)]
    found = [
        block(d, x, LOW, f"layer {k + 1}", "", layer(k + 1), width=64, height=40,
              level=rates[k] if k < len(rates) else 0.0)
        for k, x in enumerate(xs)
    ]  # fmt: skip
    start = found[0].west.left(64)
    wire(d, [start, found[0].west], "basal", 1.8, words)
    for here, there in pairwise(found):
        wire(d, [here.east, there.west], "basal", 1.8)
    return found


def _ways(
    comparator: Node, controller: Node, q: Node, plant: list[Node]
) -> dict[str, list[tuple[float, float]]]:
    """The points that each wire runs through."""
    last, side = plant[-1], 648.0
    bus = Point(q.centre.x, BUS)
    return {
        "target": [(22, HIGH), comparator.west],
        "error": [comparator.east, controller.west],
        "control": [controller.east, q.west],
        "feedback": [q.south, bus, (last.centre.x, BUS), last.north.up(14)],
        "output": [last.east, (side, LOW), (side, BACK), (300, BACK)],
        "return": [(300, BACK), (comparator.centre.x, BACK), comparator.south],
    }


def _drops(d: Drawing, plant: list[Node], start: float, level: float, cut: bool) -> None:
    """The feedback's branches, down into each layer."""
    group = d.group()
    group.set("opacity", "0.45" if cut else "1")
    width = 1.4 + 4 * level
    first = min(plant[0].centre.x, start)
    d.path(f"M{start:.1f},{BUS} L{first:.1f},{BUS}", "apical", width, dashed=True, into=group)
    for node in plant:
        d.arrow([(node.centre.x, BUS), node.north.up(2)], "apical", width, into=group)


def along(points: Sequence[tuple[float, float]], part: float) -> Point:
    """The place at ``part`` (0 to 1) of the length of the straight pieces through points."""
    p = np.asarray(points, float)
    length = np.r_[0.0, np.cumsum(np.hypot(*np.diff(p, axis=0).T))]
    at = float(np.clip(part, 0, 1)) * length[-1]
    return Point(float(np.interp(at, length, p[:, 0])), float(np.interp(at, length, p[:, 1])))

"""Inference on a digit, watched: errors walk down from the output, and the energy falls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from ....stream import Block
from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.axes import ranges
from ....teaching.chart.panel import LEFT, RIGHT, TOP
from ....teaching.colours import layer
from ....teaching.numerals import decimals, rounded
from ....teaching.schematic import Drawing, digit
from ....teaching.svg import png, signed
from .reading import energy_by_layer, errors, name_of, predicted

Array = np.ndarray
Precision = float | Sequence[float]
MAP, GROUND = 132.0, 178.0  # pixels of a map of errors; where the maps and bars stand
CHART = 158.0  # height of the energy's frame


def inference_film(
    block: Block, target: Array, j: int = 0, count: int = 60, precision: Precision = 1.0
) -> dict[str, Any]:
    """What ``player.play`` wants: the inference of input j of a recorded block, in ``count``
    moments, close together at first, while the errors walk down.

    block: with voltages. target: (B, n_L), as given to ``teach``. precision: as the framework's.
    """
    rows = steps_shown(block.steps, count)
    parts = energy_by_layer(block, j, precision)
    names = [name_of(l, block.depth) for l in range(1, block.depth + 1)]
    captions = [_caption(parts[t], names, t) for t in rows]
    return {
        "frames": [draw_inference(block, target, t, j, precision) for t in rows],
        "captions": captions,
        "label": f"Inference on {_first_read(block, target, j)}. Step 1 puts the output on its "
        f"label, and there is an error at the output of {parts[1, -1]:.2f} in energy. "
        "The errors are handed down layer by layer. "
        f"After {block.steps} steps the energy is {parts[-1].sum():.2f}, of which the "
        f"output has {parts[-1, -1]:.2f}.",
        "seconds": 10.0,
    }


def steps_shown(steps: int, count: int) -> list[int]:
    """Steps from 0 to ``steps``: each of the first few, then ever fewer, at most ``count``."""
    even = np.linspace(0, 1, count) ** 2 * steps
    return sorted({*range(min(6, steps + 1)), *even.round().astype(int).tolist()})


def _caption(parts: Array, names: Sequence[str], t: int) -> str:
    total = float(parts.sum())
    if t == 0:
        return "Step 0: the feedforward pass. No layer has an error."
    shares = ", ".join(
        f"{name} {100 * part / (total or 1):.0f} %" for name, part in zip(names, parts, strict=True)
    )
    return f"Step {t}: energy {total:.2f} ({shares})."


def draw_inference(
    block: Block, target: Array, t: int = -1, j: int = 0, precision: Precision = 1.0
) -> str:
    """One moment: the digit, a map of the errors of each hidden layer, the errors of the output
    with what is predicted of it and the label, and below them the energy by layer over the steps.
    """
    t = range(block.steps + 1)[t]
    eps, parts = errors(block, j), energy_by_layer(block, j, precision)
    total = float(parts[t].sum())
    shares = ", ".join(
        f"{name_of(l + 1, block.depth)} {part:.3f}" for l, part in enumerate(parts[t])
    )
    d = Drawing(
        680, 476,
        f"Step {t} of inference on a digit, with the errors of each layer as a map. The energy is "
        f"{total:.2f}; by layer: {shares}.",
    )  # fmt: skip
    digit(d, block.rates[0][0, j], 14, GROUND - 112, 112)
    d.say(14, GROUND - 122, "input", bold=True, fixed=True)
    for k, line in enumerate(_first_read(block, target, j).split(", ")):
        d.say(14, GROUND + 16 + 16 * k, line, fixed=True)
    hidden = block.depth - 1
    step = 320.0 / max(hidden, 1)
    for l in range(hidden):
        _map(d, f"layer {l + 1}", 152 + step * l, eps[l], t, min(MAP, step - 22))
    _output(d, 480.0, eps[-1], predicted(block, target, j)[t], np.asarray(target, float)[j], t)
    _key(d)
    _energy(d, parts, t)
    return d.svg()


def _first_read(block: Block, target: Array, j: int) -> str:
    """The digit, and what the feedforward pass reads: "a 7, first read as a 2"."""
    label, read = (
        int(np.argmax(each)) for each in (target[j], predicted(block, target, j)[0])
    )  # fmt: skip
    return f"{_article(label)}, first read as {_article(read)}"


def _article(number: int) -> str:
    return f"an {number}" if number == 8 else f"a {number}"


def _map(d: Drawing, name: str, x: float, eps: Array, t: int, size: float) -> None:
    """The errors of a layer at step t as a square of cells: blue above 0, orange below. Full colour
    is the largest error that the layer has at any step."""
    most = float(np.abs(eps).max()) or 1.0
    side = int(np.ceil(np.sqrt(eps.shape[1])))
    cells = np.zeros(side * side)
    cells[: eps.shape[1]] = eps[t] / most
    pixels = np.concatenate([cells, [1.0]])  # (so that the largest is full colour in each frame)
    colours = signed(pixels)[:-1].reshape(side, side, 3)
    d.say(x, GROUND - size - 24, name, bold=True, fixed=True)
    d.say(x, GROUND - size - 8, f"|ε| at most {rounded(most, 2)}", fixed=True)
    d.image(colours, x, GROUND - size, size)


def _output(d: Drawing, x: float, eps: Array, said: Array, target: Array, t: int) -> None:
    """For each class what is predicted (filled bar), the target (a line), the error as a cell."""
    n, most = len(target), float(np.abs(eps).max()) or 1.0
    slot = 186.0 / n
    d.say(x, GROUND - 156, "output", bold=True, fixed=True)
    d.say(x, GROUND - 140, f"|ε| at most {rounded(most, 2)}", fixed=True)
    colours = signed(np.concatenate([eps[t] / most, [1.0]]))[:-1].reshape(1, n, 3)
    box = {"x": f"{x:.1f}", "y": f"{GROUND - 132:.1f}", "width": f"{slot * n:.1f}", "height": "22"}
    ET.SubElement(d.root, "image", {
        **box, "href": png(colours), "preserveAspectRatio": "none",
        "style": "image-rendering:pixelated",
    })  # fmt: skip
    ET.SubElement(d.root, "rect", {**box, "fill": "none", "stroke": "currentColor",
                                   "stroke-opacity": "0.5"})  # fmt: skip
    high, foot = 66.0, GROUND - 18
    for i in range(n):
        left, level = x + slot * i, high * float(np.clip(said[i], -0.1, 1.1))
        bar = f"M{left + 2:.1f},{foot:.1f} v{-level:.1f} h{slot - 4:.1f} v{level:.1f} Z"
        d.path(bar, "rate", 1.0, "rate", 0.6)
        mark = foot - high * float(target[i])
        d.path(f"M{left:.1f},{mark:.1f} h{slot:.1f}", None, 1.8)
        d.say(left + slot / 2, GROUND, str(i), "middle", 11, fixed=True)


def _key(d: Drawing) -> None:
    """What colours, bars and lines stand for."""
    y = GROUND + 26
    for x, level, words in ((152.0, 1.0, "ε > 0"), (222.0, -1.0, "ε < 0")):
        d.image(signed(np.array([[level]])), x, y - 10, 12)
        d.say(x + 18, y, words, fixed=True)
    d.path(f"M480,{y - 10:.1f} h14 v10 h-14 Z", "rate", 1, "rate", 0.6)
    d.say(500, y, "prediction", fixed=True)
    d.path(f"M574,{y - 5:.1f} h16", None, 1.8)
    d.say(596, y, "label", fixed=True)


# ---------------------------------------------------------------------- energy over the steps


def stacked(parts: Array, title: str, top: float | None = None) -> Panel:
    """The energy over the steps as areas upon each other, the lowest layer at the bottom. parts:
    (T+1, L)."""
    steps = np.arange(float(len(parts)))
    whole = np.c_[np.zeros(len(parts)), np.cumsum(parts, axis=1)]
    depth = parts.shape[1]
    areas = [
        Series("", steps, whole[:, l], "band", whole[:, l - 1], colour=layer(l))
        for l in range(1, depth + 1)
    ]
    edges = [
        Series(name_of(l, depth), steps, whole[:, l], colour=layer(l)) for l in range(1, depth + 1)
    ]
    return Panel(
        title, "step of inference", "energy F", [*areas, *edges], x_range=(0.0, float(steps[-1])),
        y_range=(0.0, top or 1.06 * float(whole[:, -1].max() or 1.0)),
    )  # fmt: skip


def _energy(d: Drawing, parts: Array, t: int) -> None:
    panel, top = stacked(parts, "Energy, stacked by layer"), GROUND + 46
    d.put(chart([panel], "", 680, CHART), 0, top)
    (_, x_high), (_, y_high) = ranges(panel)
    x = LEFT + (680 - LEFT - RIGHT) * t / x_high
    foot = top + TOP + CHART
    d.path(f"M{x:.1f},{top + TOP:.1f} V{foot:.1f}", None, 1.4)
    whole = np.cumsum(parts[t])
    for l, level in enumerate(whole):
        d.circle(x, foot - CHART * float(level) / y_high, 4, None, layer(l + 1), width=1)
    d.say(666, top + 18, f"F = {decimals(float(whole[-1]), 2)}", "end", bold=True, fixed=True)

"""Rasters of a network that learns: inputs shown one after the other, and who fires for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing
from ....teaching.words import count

Array = np.ndarray
Course = Mapping[str, Any]

WIDTH = 700.0
LEFT, RIGHT = 62.0, 536.0  # of the raster
TOP, ROW = 74.0, 21.0  # the first row of the raster, and how far rows are apart
BINS = 24  # moments for which an input is shown, where spikes are drawn here
WORDS = 556.0  # where the epochs are told


def drawn_spikes(course: Course) -> Array:
    """Spikes (E, C, T, n) of neurons that fire at each moment with a probability of their rate.
    The same random numbers are used in each epoch, so that only learning moves a spike."""
    rates = np.asarray(course["rates"], float)
    if "spikes" in course:
        return np.asarray(course["spikes"], float)
    _, inputs, neurons = rates.shape
    chance = np.random.Generator(np.random.PCG64(0)).random((inputs, BINS, neurons))
    return (chance[None] < rates[:, :, None, :]).astype(float)


def hits(spikes: Array, labels: Array) -> float:
    """The share of all spikes, (C, T, n), that are of the neuron of the label."""
    own = sum(float(spikes[c, :, label].sum()) for c, label in enumerate(labels))
    return own / max(float(spikes.sum()), 1.0)


def draw_learning(course: Course, k: int = -1) -> str:
    """The raster after so many epochs: a column for each input, a row for each output neuron.

    course: ``{"epochs": (E,), "rates": (E, C, n) in [0, 1], "labels": (C,)}``, of C inputs and n
    neurons, with ``"accuracy": (E,) per cent``, ``"images": (C, 784)`` and ``"spikes": (E, C, T,
    n)`` if they are known; spikes are drawn from the rates else.
    """
    k = range(len(course["epochs"]))[k]
    spikes = drawn_spikes(course)
    neurons = spikes.shape[3]
    d = Drawing(WIDTH, TOP + ROW * neurons + 40, label_of(course, spikes, k))
    frame(d, course, neurons)
    raster(d, spikes[k])
    for j in range(len(course["epochs"])):
        told(d, course, spikes, j, now=j == k)
    return d.svg()


def learning_film(course: Course) -> dict[str, Any]:
    """What ``player.play`` wants: ``draw_learning`` after each epoch."""
    rows = range(len(course["epochs"]))
    spikes = drawn_spikes(course)
    captions = [
        f"{after(course, k)}: {100 * hits(spikes[k], course['labels']):.0f} % of the spikes are of "
        "the right neuron"
        for k in rows
    ]
    label = label_of(course, spikes, len(rows) - 1)
    frames = [draw_learning(course, k) for k in rows]
    return {"frames": frames, "captions": captions, "label": label, "seconds": 1.0 * len(rows)}


def label_of(course: Course, spikes: Array, k: int) -> str:
    """What is seen after epoch number k, and how it began."""
    labels = np.asarray(course["labels"])
    said = f"Raster of {spikes.shape[3]} output neurons while {len(labels)} inputs are shown one "
    said += f"after the other, {after(course, k)}. "
    first, now = (100 * hits(spikes[j], labels) for j in (0, k))
    said += f"Of all spikes {now:.0f} % are of the neuron of the input's label"
    return said + (f"; before learning it was {first:.0f} %." if k else ".")


def after(course: Course, k: int) -> str:
    """How long the network has learned."""
    epoch = float(course["epochs"][k])
    return f"after {count(epoch, 'epoch')}" if epoch else "before learning"


# ---------------------------------------------------------------------- parts


def frame(d: Drawing, course: Course, neurons: int) -> None:
    """The columns with their inputs, the rows with their numbers, and a box where the neuron of
    the label crosses its input."""
    labels = np.asarray(course["labels"])
    wide = (RIGHT - LEFT) / len(labels)
    bottom = TOP + ROW * neurons
    for c, label in enumerate(labels):
        x = LEFT + c * wide
        if "images" in course:
            size = min(wide - 6, 44.0)
            pixels = np.asarray(course["images"][c], float).reshape(28, 28)
            d.image(pixels, x + (wide - size) / 2, TOP - size - 12, size)
        else:
            d.say(x + wide / 2, TOP - 14, str(label), "middle", bold=True, fixed=True)
        y = TOP + ROW * int(label)
        box = f"M{x + 1:.1f},{y:.1f} h{wide - 2:.1f} v{ROW:.1f} h{2 - wide:.1f} Z"
        d.path(box, "dh", 1.0, "dh", 0.10, opacity=0.8)
        if c:
            d.path(f"M{x:.1f},{TOP:.1f} V{bottom:.1f}", width=0.8, opacity=0.3)
    d.path(f"M{LEFT},{TOP} H{RIGHT} V{bottom:.1f} H{LEFT} Z", width=1, opacity=0.5)
    for n in range(neurons):
        d.say(LEFT - 8, TOP + ROW * (n + 0.5) + 4, str(n), "end", fixed=True)
    side = d.say(0, 0, " ", fixed=False)  # turned words have no box of their own
    side.text = "output neuron"
    x, y = 22.0, (TOP + bottom) / 2
    side.attrib |= {
        "x": f"{x}", "y": f"{y:.1f}", "text-anchor": "middle",
        "transform": f"rotate(-90 {x} {y:.1f})",
    }  # fmt: skip
    d.say((LEFT + RIGHT) / 2, bottom + 22, "time: one input after the other", "middle", fixed=True)


def raster(d: Drawing, spikes: Array, into: ET.Element | None = None) -> ET.Element:
    """The spikes (C, T, n) of one epoch, a stroke each."""
    inputs, moments, neurons = spikes.shape
    wide = (RIGHT - LEFT) / inputs
    step = (wide - 6) / moments
    group = d.group(into)
    for n in range(neurons):
        y = TOP + ROW * (n + 0.5)
        at = [
            f"M{LEFT + c * wide + 3 + (t + 0.5) * step:.1f},{y - 7:.1f}v14"
            for c, t in zip(*np.nonzero(spikes[:, :, n]), strict=True)
        ]
        d.path("".join(at) or f"M{LEFT:.1f},{y:.1f}v0", "stdp", 1.5, into=group)
    return group


def told(d: Drawing, course: Course, spikes: Array, k: int, now: bool = False) -> list[ET.Element]:
    """A line at the right for each epoch: how many spikes are of the right neuron."""
    share = 100 * hits(spikes[k], course["labels"])
    y = TOP + 12 + k * min(52.0, (ROW * spikes.shape[3] - 30) / max(len(course["epochs"]) - 1, 1))
    words = [d.say(WORDS, y, after(course, k), bold=now, size=13, fixed=True)]
    more = f"{share:.0f} % right spikes"
    if "accuracy" in course:
        more = f"reads {decimals(float(course['accuracy'][k]), 0)} % of digits"
    words.append(d.say(WORDS, y + 18, more, fixed=True))
    return words

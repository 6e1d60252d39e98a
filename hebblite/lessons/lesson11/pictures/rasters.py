"""A layer's spikes beside its rates, in the free and in the taught phase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing
from ....teaching.words import count as count_of

Array = np.ndarray
Record = Mapping[str, Any]

WIDTH = 700.0
LEFT, RIGHT = 56.0, 446.0  # of the raster
BARS = (500.0, 686.0)  # of the rates
TOP = 64.0
TALL = 300.0  # of all rows together, at most
WINDOW = 0.02  # seconds over which spikes are counted for the bars, before the moment


def recent(record: Record, t: int) -> Array:
    """The mean of each neuron's spikes (n,) over the last ``WINDOW`` seconds up to row t."""
    mean: Array = np.asarray(record["spikes"], float)[seen_rows(record, t)].mean(axis=0)
    return mean


def seen_rows(record: Record, t: int) -> Array:
    """Which rows (T,) are of the last ``WINDOW`` seconds up to row t."""
    time = np.asarray(record["time"], float)
    seen: Array = (time <= time[t] + 1e-9) & (time > time[t] - WINDOW + 1e-9)
    return seen


def corner_of(record: Record) -> float:
    """Where words begin, at the right of the digit if there is one."""
    return 60.0 if "image" in record else LEFT


def draw_rasters(record: Record, t: int = -1) -> str:
    """Spikes over time, a row for each neuron, with the moment of row ``t`` marked; at the right
    each neuron's rate at that moment, and what its last spikes say of it.

    record: ``{"time": (T,) seconds, below 0 in the free phase, "rates": (T, n) in [-1, 1],
    "spikes": (T, n), 1, 0 or -1, or a population's mean, "layer": l}``, of one input, with
    ``"image": (784,)`` and ``"label"`` if it is a digit.
    """
    t = range(len(record["time"]))[t]
    rates, spikes = (np.asarray(record[key], float) for key in ("rates", "spikes"))
    neurons = rates.shape[1]
    row = min(TALL / neurons, 22.0)
    bottom = TOP + row * neurons
    d = Drawing(WIDTH, bottom + 64, label_of(record, t))
    ms = 1000 * np.asarray(record["time"], float)

    def at(moment: float) -> float:
        return LEFT + (RIGHT - LEFT) * float((moment - ms[0]) / (ms[-1] - ms[0]))

    _frame(d, record, ms, bottom, at)
    _strokes(d, ms, spikes, row, at)
    d.path(f"M{at(ms[t]):.1f},{TOP - 4:.1f} V{bottom + 4:.1f}", "rate", 2.0)
    signed = bool(rates.min() < 0 or spikes.min() < 0)
    if signed:
        d.say(corner_of(record), 36, "up: counts +1, down: OFF cells, −1", fixed=True)
    steps = int(seen_rows(record, len(ms) - 1).sum())
    _bars(d, rates[t], recent(record, t), row, signed, f"last {count_of(steps, 'step')}")
    return d.svg()


def _strokes(d: Drawing, ms: Array, spikes: Array, row: float, at: Any) -> None:
    """A stroke up for a spike, and one down for a spike that counts as -1."""
    signed = bool(spikes.min() < 0)
    half = (0.46 if signed else 0.8) * row
    for n in range(spikes.shape[1]):
        y = TOP + row * (n + (0.5 if signed else 0.92))
        d.path(f"M{LEFT},{y:.1f} H{RIGHT}", width=0.5, opacity=0.25)
        for seen, look in ((spikes[:, n] > 0, "stdp"), (spikes[:, n] < 0, "layer1")):
            marks = [
                f"M{at(ms[s]):.1f},{y:.1f}v{-half * spikes[s, n]:.1f}" for s in np.flatnonzero(seen)
            ]
            if marks:
                d.path("".join(marks), look, 1.8)


def _frame(d: Drawing, record: Record, ms: Array, bottom: float, at: Any) -> None:
    d.path(f"M{LEFT},{TOP} H{RIGHT} V{bottom:.1f} H{LEFT} Z", width=1, opacity=0.5)
    corner = corner_of(record)
    if "image" in record:
        d.image(np.asarray(record["image"], float).reshape(28, 28), 4, 4, 46)
    title = f"Spikes of layer {record['layer']}"
    if "label" in record:
        title += f", the digit is a {record['label']}"
    d.say(corner, 18, title, bold=True, fixed=True)
    if ms[0] < 0 < ms[-1]:
        taught = at(0.0)
        d.path(f"M{taught:.1f},{TOP - 8:.1f} V{bottom:.1f}", "apical", 1.6, dashed=True)
        d.say(taught - 6, TOP - 12, "free", "end", fixed=True)
        d.say(taught + 6, TOP - 12, "taught", fixed=True)
    for moment in _ticks(ms):
        d.say(at(moment), bottom + 17, decimals(moment, 0), "middle", fixed=True)
    d.say((LEFT + RIGHT) / 2, bottom + 36, "time since the teacher came (ms)", "middle", fixed=True)
    side = d.say(0, 0, " ")
    side.text = "neuron"
    y = (TOP + bottom) / 2
    side.attrib |= {"x": "30", "y": f"{y:.1f}", "text-anchor": "middle",
                    "transform": f"rotate(-90 30 {y:.1f})"}  # fmt: skip


def _ticks(ms: Array) -> list[float]:
    """Round moments of the axis, 0 among them, that have room."""
    wide = float(ms[-1] - ms[0])
    step = next(s for s in (5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1e9) if wide / s <= 9)
    first = int(np.ceil(ms[0] / step))
    return [step * k for k in range(first, int(np.floor(ms[-1] / step)) + 1)]


def _bars(d: Drawing, rates: Array, said: Array, row: float, signed: bool, words: str) -> None:
    """The rates as bars, and the mean of the last spikes as points."""
    left, right = BARS
    zero = (left + right) / 2 if signed else left
    wide = right - zero
    bottom = TOP + row * len(rates)
    d.path(f"M{left},{TOP} H{right} V{bottom:.1f} H{left} Z", width=1, opacity=0.5)
    d.path(f"M{zero:.1f},{TOP} V{bottom:.1f}", width=1, opacity=0.6)
    d.say(left, 18, "Rates, and what spikes say", bold=True, fixed=True)
    d.path(f"M{left:.1f},{TOP - 27:.1f} h16 v8 h-16 Z", "rate", 1.2, "rate", 0.55)
    d.say(left + 22, TOP - 18, "rate", fixed=True)
    d.circle(left + 66, TOP - 23, 4, None, "stdp", width=1.0)
    d.say(left + 76, TOP - 18, words, fixed=True)
    for value in (-1, 0, 1) if signed else (0, 1):
        d.say(zero + wide * value, bottom + 17, decimals(value, 0),
              "middle" if abs(value) < 1 or signed else "end", fixed=True)  # fmt: skip
    for n, (rate, share) in enumerate(zip(rates, said, strict=True)):
        y, half = TOP + row * (n + 0.5), 0.36 * row
        a, b = sorted((zero, zero + wide * float(np.clip(rate, -1, 1))))
        d.path(f"M{a:.1f},{y - half:.1f} H{b:.1f} V{y + half:.1f} H{a:.1f} Z", "rate", 1.0, "rate",
               0.55)  # fmt: skip
        d.circle(zero + wide * float(np.clip(share, -1, 1)), y, min(0.34 * row, 4.0), None,
                 "stdp", width=1.0)  # fmt: skip


def label_of(record: Record, t: int) -> str:
    """What is seen at row t."""
    time, rates = 1000 * float(record["time"][t]), np.asarray(record["rates"], float)
    apart = float(np.sqrt(np.mean((recent(record, t) - rates[t]) ** 2)))
    when = f"{time:.0f} ms after the teacher came" if time > 0 else "in the free phase"
    moved = float(np.sqrt(np.mean((rates[-1] - rates[0]) ** 2)))
    return (
        f"Left: spikes of the {rates.shape[1]} neurons of layer {record['layer']} over time. "
        f"Right: their rates {when}, as bars, and as points the mean of their spikes in the last "
        f"20 ms, which is {apart:.2f} from the rate (root mean square). The teacher moves the "
        f"rates by {moved:.2f}."
    )


def raster_film(record: Record, count: int = 60) -> dict[str, Any]:
    """What ``player.play`` wants: the record in ``count`` moments (see ``draw_rasters``)."""
    rows = np.unique(np.linspace(0, len(record["time"]) - 1, count).round().astype(int)).tolist()
    time = 1000 * np.asarray(record["time"], float)
    captions = [f"{time[t]:.0f} ms: {'taught' if time[t] > 0 else 'free'}" for t in rows]
    frames = [draw_rasters(record, t) for t in rows]
    return {
        "frames": frames, "captions": captions, "label": label_of(record, len(time) - 1),
        "seconds": 6.0,
    }  # fmt: skip

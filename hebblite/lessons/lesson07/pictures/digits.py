"""Latencies of many digits: between their bounds, and from the fastest to the slowest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....teaching.chart import Panel, Series, chart, limits
from ....teaching.chart.axes import Scale
from ....teaching.chart.curves import swarm
from ....teaching.schematic import Drawing, digit

Array = np.ndarray


def draw_bounds(low: Array, high: Array, measured: Array, most: int = 80) -> str:
    """The latency of each digit between its two bounds, digits in the order of their latency.

    low, high, measured: (B,) seconds. Digits that are right from the start, or never, are left out.
    most: how many are drawn, evenly chosen.
    """
    seen = np.isfinite(measured) & (measured > 0) & (low > 0) & np.isfinite(high)
    order = np.flatnonzero(seen)[np.argsort(measured[seen], kind="stable")]
    inside = (measured[order] >= low[order]) & (measured[order] <= high[order])
    some = order[np.unique(np.linspace(0, len(order) - 1, most).round().astype(int))]
    ms = 1000 * measured[some]
    axis = limits([1000 * low[some], 1000 * high[some]], log=True)
    series = [
        Series(
            "between the bounds", ms, ms, "points", colour="apical",
            error=np.stack([ms - 1000 * low[some], 1000 * high[some] - ms]),
        ),
        Series("measured", np.array(axis), np.array(axis), colour="backprop"),
    ]  # fmt: skip
    panel = Panel(
        "Every digit has its own bounds", "measured latency (ms)", "bounds (ms)", series,
        x_log=True, y_log=True, y_range=axis, x_range=limits([ms], log=True),
    )  # fmt: skip
    label = (
        f"Of {len(order)} digits {int(inside.sum())} have a latency between their two bounds. The "
        f"latencies go from {1000 * measured[order].min():.3g} to "
        f"{1000 * measured[order].max():.3g} ms; the upper bound is "
        f"{np.median(high[order] / low[order]):.3g} times the lower one in the median digit."
    )
    return chart([panel], label, 600, 300)


# ---------------------------------------------------------------------- fast and slow


@dataclass(frozen=True)
class Speeds:
    """latency: (B,) seconds, 0 where right from the start, infinite where never within the
    tolerance. read: (B,) of bool: whether the network reads the digit before any feedback. images:
    (B, 28, 28) or (B, 784). labels, said: (B,), the right digit and what is read."""

    latency: Array
    read: Array
    images: Array
    labels: Array
    said: Array


LEFT, RIGHT, AXIS = 96.0, 660.0, 208.0
TILE, COLUMNS = 52.0, 5


def draw_speed(speeds: Speeds, e_tol: float) -> str:
    """One dot for each digit on an axis of time, those that are misread below those that are read;
    images of the fastest and of the slowest."""
    latency = np.asarray(speeds.latency, float)
    raced = np.isfinite(latency) & (latency > 0)
    order = np.flatnonzero(raced)[np.argsort(latency[raced], kind="stable")]
    d = Drawing(680, 372, _label(speeds, latency, raced, e_tol))
    low, high = limits([1000 * latency[raced]], log=True)
    to_x = Scale(low, high, LEFT, RIGHT, True)
    rows = (
        ("read", speeds.read, 58.0, "rate", 44.0),
        ("misread", ~speeds.read, 160.0, "error", 30.0),
    )
    for name, rows_of, y, colour, room in rows:
        here = order[rows_of[order]]
        _strip(d, to_x, 1000 * latency[here], y, colour, room)
        d.say(10, y + 4, f"{name}:", bold=True, fixed=True)
        d.say(10, y + 20, f"{int(np.sum(rows_of))}", fixed=True)
    _axis(d, to_x)
    _tiles(d, speeds, order[:COLUMNS], 8.0, "the fastest")
    _tiles(d, speeds, order[::-1][:COLUMNS][::-1], 680 - 8 - COLUMNS * (TILE + 8), "the slowest")
    return d.svg()


def _label(speeds: Speeds, latency: Array, raced: Array, e_tol: float) -> str:
    read, wrong = (1000 * latency[rows & raced] for rows in (speeds.read, ~speeds.read))
    said = f"Latencies of {len(latency)} digits to a tolerance of {e_tol:g}. "
    said += f"{int((latency == 0).sum())} are within it from the start"
    never = int(np.isinf(latency).sum())
    said += f", {never} were not within it when the phase ended. " if never else ". "
    if len(read) and len(wrong):
        said += (
            f"Of the others, the median of those that are read is {np.median(read):.0f} ms, of "
            f"those that are misread {np.median(wrong):.0f} ms."
        )
    return said


def _strip(d: Drawing, to_x: Scale, ms: Array, y: float, colour: str, room: float) -> None:
    """A swarm of dots along the axis, and their median."""
    xs = np.asarray(to_x(ms))
    for x, aside in zip(xs, swarm(xs, 4.0, room), strict=True):
        d.circle(float(x), y + aside, 2.2, colour, colour, 0.7, 0.8)
    if len(ms):
        x = float(to_x(float(np.median(ms))))
        d.path(f"M{x:.1f},{y - room:.1f} v{2 * room:.1f}", None, 2.6)


def _axis(d: Drawing, to_x: Scale) -> None:
    d.path(f"M{LEFT:.1f},{AXIS:.1f} H{RIGHT:.1f}", None, 1.2)
    for t in to_x.apart(8):
        x = float(to_x(t))
        d.path(f"M{x:.1f},{AXIS:.1f} v5", None, 1.2)
        d.say(x, AXIS + 18, f"{t:g}", "middle", fixed=True)
    d.say((LEFT + RIGHT) / 2, AXIS + 38, "latency (ms), logarithmic; strokes: medians", "middle",
          fixed=True)  # fmt: skip


def _tiles(d: Drawing, speeds: Speeds, which: Array, left: float, words: str) -> None:
    d.say(left, AXIS + 66, words, bold=True, fixed=True)
    for k, b in enumerate(which):
        x = left + k * (TILE + 8)
        digit(d, speeds.images[b], x, AXIS + 76, TILE)
        mark = (
            f"{speeds.labels[b]}"
            if speeds.read[b]
            else f"{speeds.labels[b]}, read {speeds.said[b]}"
        )
        d.say(x + TILE / 2, AXIS + 144, mark, "middle", 11, fixed=True)

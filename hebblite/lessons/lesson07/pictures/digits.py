"""Latencies of many digits: between their bounds, and from the fastest to the slowest."""

from __future__ import annotations

import numpy as np

from ....errors import ArgumentError
from ....teaching.chart import Panel, Scale, Series, limits
from ....teaching.chart.curves import swarm
from ....teaching.schematic import Drawing, digit, put_chart
from ..runs.race import Speeds

Array = np.ndarray


def draw_bounds(low: Array, high: Array, measured: Array, most: int = 60) -> str:
    """The latency of each digit as a dot in the bar between its two bounds; digits stand in the
    order of their latency, on a logarithmic axis.

    low, high, measured: (B,) seconds. Digits within the tolerance from the start, or never, are
    left out. most: how many are drawn, evenly chosen.
    """
    low, high, measured = (1000 * np.asarray(v, float) for v in (low, high, measured))
    seen = np.isfinite(measured) & (measured > 0) & (low > 0) & np.isfinite(high)
    order = np.flatnonzero(seen)[np.argsort(measured[seen], kind="stable")]
    if not len(order):
        raise ArgumentError("measured", "no digit that takes its time", "at least one")
    inside = (measured >= low) & (measured <= high)
    some = order[np.unique(np.linspace(0, len(order) - 1, most).round().astype(int))]
    axis = limits([low[some], high[some], measured[some]], log=True)
    panel = Panel(
        "Every digit has its own bounds", f"{len(some)} digits, from the fastest to the slowest",
        "latency (ms)", [Series("", np.array([0.0]), np.array([axis[0]]))],
        x_range=(-1.0, float(len(some))), y_log=True, y_range=axis, x_names=(" ",),
    )  # fmt: skip
    label = (
        f"Of {len(order)} digits {int(inside[order].sum())} have a latency between their two "
        f"bounds. The latencies go from {measured[order].min():.3g} to "
        f"{measured[order].max():.3g} ms; the upper bound is "
        f"{np.median(high[order] / low[order]):.3g} times the lower one in the median digit."
    )
    d = Drawing(680, 330, label)
    frame = put_chart(d, [panel], 0, 0, 680, 226)[0]
    wide = 0.55 * frame.width / (len(some) + 1)
    for k, b in enumerate(some):
        top, ground = frame.at(k, float(high[b])), frame.at(k, float(low[b]))
        bar = f"M{top.x - wide / 2:.1f},{top.y:.1f} h{wide:.1f} V{ground.y:.1f} h{-wide:.1f} Z"
        d.path(bar, "apical", 0.8, "apical", 0.3)
        at = frame.at(k, float(measured[b]))
        if inside[b]:
            d.circle(*at, 3.4, None, "rate", width=1)
        else:
            d.path(f"M{at.x:.1f},{at.y - 6:.1f} l6,6 l-6,6 l-6,-6 Z", None, 1.4, "error")
    _bounds_key(d, 318.0, bool((~inside[some]).any()))
    return d.svg()


def _bounds_key(d: Drawing, y: float, outside: bool) -> None:
    d.path(f"M60,{y - 10:.1f} h8 v12 h-8 Z", "apical", 0.8, "apical", 0.3)
    d.say(76, y, "between the bounds", fixed=True)
    d.circle(224, y - 4, 3.6, None, "rate", width=1)
    d.say(234, y, "measured", fixed=True)
    if outside:
        d.path(f"M326,{y - 10:.1f} l6,6 l-6,6 l-6,-6 Z", None, 1.4, "error")
        d.say(338, y, "measured, outside its bounds", fixed=True)


# ---------------------------------------------------------------------- fast and slow


LEFT, RIGHT, AXIS = 118.0, 660.0, 206.0
TILE, TILES = 50.0, 5
ROWS = (("read", True, 56.0, "rate", 44.0), ("misread", False, 160.0, "error", 34.0))


def draw_speed(speeds: Speeds, e_tol: float) -> str:
    """One dot for each digit on an axis of time, those that are misread below those that are read;
    images of the fastest and of the slowest."""
    latency = 1000 * np.asarray(speeds.latency, float)
    raced = np.isfinite(latency) & (latency > 0)
    order = np.flatnonzero(raced)[np.argsort(latency[raced], kind="stable")]
    _, high = limits([latency[raced]])
    to_x = Scale(0.0, high, LEFT, RIGHT, False)
    d = Drawing(680, 368, _label(speeds, latency, raced, e_tol))
    for name, read, y, colour, room in ROWS:
        rows = speeds.read == read
        here = order[rows[order]]
        d.say(10, y - 6, f"{int(rows.sum())} {name}", bold=True, fixed=True)
        d.say(10, y + 10, f"{int((rows & (latency == 0)).sum())} at once", fixed=True)
        never = int((rows & np.isinf(latency)).sum())
        if never:
            d.say(10, y + 26, f"{never} never", fixed=True)
        _strip(d, to_x, latency[here], y, colour, room)
    _axis(d, to_x)
    _tiles(d, speeds, order[:TILES], 10.0, "the fastest of them")
    _tiles(d, speeds, order[-TILES:], RIGHT - TILES * (TILE + 8) + 8, "the slowest")
    return d.svg()


def _label(speeds: Speeds, latency: Array, raced: Array, e_tol: float) -> str:
    read, wrong = (latency[rows & raced] for rows in (speeds.read, ~speeds.read))
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
    for x, aside in zip(xs, swarm(xs, 4.6, room), strict=True):
        d.circle(float(x), y + aside, 2.4, colour, colour, 0.7, 0.8)
    if len(ms):
        middle = float(np.median(ms))
        x = float(to_x(middle))
        d.path(f"M{x:.1f},{y - room:.1f} v{2 * room:.1f}", None, 2.6)
        aside, anchor = (6, "start") if x < RIGHT - 120 else (-6, "end")
        d.say(x + aside, y - room + 8, f"median {middle:.0f} ms", anchor, 11, fixed=True)


def _axis(d: Drawing, to_x: Scale) -> None:
    d.path(f"M{LEFT:.1f},{AXIS:.1f} H{RIGHT:.1f}", None, 1.2)
    for t in to_x.apart(8):
        x = float(to_x(t))
        d.path(f"M{x:.1f},{AXIS:.1f} v5", None, 1.2)
        d.say(x, AXIS + 18, f"{t:g}", "middle", fixed=True)
    d.say((LEFT + RIGHT) / 2, AXIS + 38, "latency (ms)", "middle", fixed=True)


def _tiles(d: Drawing, speeds: Speeds, which: Array, left: float, words: str) -> None:
    d.say(left, AXIS + 66, words, bold=True, fixed=True)
    for k, b in enumerate(which):
        x, label, said = left + k * (TILE + 8), speeds.labels[b], speeds.said[b]
        digit(d, speeds.images[b], x, AXIS + 76, TILE)
        mark = f"{label}" if label == said else f"{label} read {said}"
        d.say(x + TILE / 2, AXIS + 142, mark, "middle", 11, fixed=True)

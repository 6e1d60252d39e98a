"""Claim cards: what is claimed, where a quantity has to lie, where ours lies, and the verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....teaching.chart import number, ticks
from ....teaching.chart.curves import swarm
from ....teaching.numerals import minus, rounded
from ....teaching.schematic import Drawing
from ....teaching.words import count
from .looks import wrapped

Array = np.ndarray

WIDTH = 690.0
LEFT, RIGHT = 30.0, 520.0  # of the axes
VERDICTS = ("agrees", "differs", "cannot tell", "not yet")
#: The look of a verdict: colour, and the outline of its sign within a frame of its own.
SIGNS = {
    "agrees": ("rate", "M-8,0a8,8 0 1,0 16,0a8,8 0 1,0 -16,0", "M-4,0.5 L-1,4 L4.5,-3.5"),
    "differs": ("apical", "M-8,-8 h16 v16 h-16 Z", "M-4,-4 L4,4 M4,-4 L-4,4"),
    "cannot tell": (None, "M0,-10 L10,0 L0,10 L-10,0 Z",
                    "M-2.6,-2.2 a2.8,2.6 0 1,1 3.6,2.4 q-1,0.6 -1,2 M0,4.8 v0.4"),
    "not yet": (None, "M-8,0a8,8 0 1,0 16,0a8,8 0 1,0 -16,0", "M-4,0 H4"),
}  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """One quantity of a claim: where it has to lie, what the seeds gave, the 95 % interval of
    their mean if there are two or more, the verdict, and who is missing, in lines."""

    quantity: str
    unit: str
    low: float
    high: float
    values: tuple[float, ...]
    interval: tuple[float, float] | None
    verdict: str
    missing: tuple[str, ...] = ()

    @property
    def mean(self) -> float:
        """Over the seeds; NaN without any."""
        return float(np.mean(self.values)) if self.values else math.nan


def quantities(card: Any) -> list[Quantity]:
    """The quantities of a card of ``experiments.paper.cards``."""
    found = []
    for m in card.measured:
        values = tuple(m.values.values())
        verdict = m.verdict if values else "not yet"
        low, high = m.allowed
        interval = finite(m.interval) if len(values) > 1 else None
        missing = tuple(m.missing.replace(", and ", ",|").split("|")) if m.missing else ()
        found.append(Quantity(m.quantity, m.unit, low, high, values, interval, verdict, missing))
    return found


def finite(interval: Sequence[float] | None) -> tuple[float, float] | None:
    """An interval, or None for one that is not there or has no ends."""
    if interval is None or not np.all(np.isfinite(interval)):
        return None
    return float(interval[0]), float(interval[1])


def told(card: Any) -> tuple[str, str, str, str]:
    """Name, claim, place in the paper and verdict of a card."""
    verdict = card.verdict if any(m.values for m in card.measured) else "not yet"
    return card.name, card.claim.claimed, card.claim.where, verdict


# ---------------------------------------------------------------------- a card


def draw_card(card: Any) -> str:
    """A claim, and for each of its quantities the range where it has to lie as a shaded stretch,
    the seeds as dots, their mean with its 95 % interval as a bar, and the verdict with its sign.

    card: as ``experiments.paper.cards`` makes it.
    """
    name, claimed, where, verdict = told(card)
    rows = quantities(card)
    lines = wrapped(claimed, 510, 13)
    heads = [wrapped(row.quantity, RIGHT - LEFT) for row in rows]
    top = 34.0 + 17 * len(lines) + 24
    high = [17.0 * len(head) + 74 for head in heads]
    d = Drawing(WIDTH, top + sum(high) + 22, _label(card, rows))
    d.path(f"M1,1 H{WIDTH - 1} V{top + sum(high) + 21:.1f} H1 Z", width=1, opacity=0.5)
    _key(d, top + sum(high) + 4)
    d.say(14, 22, f"claim: {name}", bold=True, size=14, fixed=True)
    if where:
        d.say(WIDTH - 14, 22, f"paper: {where}", "end", size=11, fixed=True)
    for k, line in enumerate(lines):
        d.say(14, 44 + 17 * k, line, size=13, fixed=True)
    _verdict(d, 566, 52, verdict, bold=True)
    y = top
    for row, head, height in zip(rows, heads, high, strict=True):
        for j, line in enumerate(head):
            d.say(LEFT, y + 12 + 17 * j, line, fixed=True)
        _axis(d, row, y + 17 * len(head) + 18)
        _verdict(d, 546, y + 17 * len(head) + 18, row.verdict)
        for j, line in enumerate(row.missing):
            d.say(538, y + 17 * len(head) - 11 + 14 * j, line, size=11, fixed=True)
        y += height
    return d.svg()


def _key(d: Drawing, y: float) -> None:
    """What the signs on the axes mean."""
    x = LEFT
    for words, wide in (("where it has to lie", 136.0), ("a seed", 70.0), ("mean", 64.0),
                        ("95 % interval", 118.0)):  # fmt: skip
        middle = x + 8
        if words.startswith("where"):
            d.path(f"M{x},{y - 6} h16 v12 h-16 Z", "rate", 0, "rate", 0.20)
        elif words == "a seed":
            d.circle(middle, y, 3.2, None, "basal", width=0.8)
        elif words == "mean":
            d.path(f"M{middle},{y - 6} l6,6 l-6,6 l-6,-6 Z", None, 1.0, "dh")
        else:
            d.path(f"M{x},{y} h16 M{x},{y - 5} v10 M{x + 16},{y - 5} v10", None, 2.2)
        d.say(x + 22, y + 4, words, size=11, fixed=True)
        x += wide + 22


def _verdict(d: Drawing, x: float, y: float, verdict: str, bold: bool = False) -> None:
    """A verdict's sign and word."""
    sign(d, x, y, verdict)
    d.say(x + 16, y + 4, verdict, bold=bold, size=13 if bold else 12, fixed=True)


def sign(d: Drawing, x: float, y: float, verdict: str) -> None:
    """The sign of a verdict, each with a shape of its own."""
    colour, outline, mark = SIGNS[verdict]
    frame = d.path(outline, colour, 1.6, colour, 0.28) if colour else d.path(outline, None, 1.4)
    inner = d.path(mark, None, 2.0)
    for node in (frame, inner):
        node.set("transform", f"translate({x:.1f},{y:.1f})")
    if verdict == "not yet":
        frame.set("stroke-dasharray", "2 3")


def _axis(d: Drawing, row: Quantity, y: float) -> None:
    """The axis of a quantity, with its range and what was found."""
    low, high = limits(row)

    def at(value: float) -> float:
        share = float(np.clip((value - low) / (high - low), 0, 1))
        return LEFT + (RIGHT - LEFT) * share

    a, b = at(row.low), at(row.high)
    d.path(f"M{a:.1f},{y - 15} H{b:.1f} V{y + 15} H{a:.1f} Z", None, 0, "rate", 0.20)
    for edge in (row.low, row.high):
        if math.isfinite(edge):
            d.path(f"M{at(edge):.1f},{y - 15} V{y + 15}", "rate", 2.2)
    if math.isinf(row.high):
        d.path(f"M{RIGHT - 7},{y - 6} l6,6 l-6,6", "rate", 2.2)
    if math.isinf(row.low):
        d.path(f"M{LEFT + 7},{y - 6} l-6,6 l6,6", "rate", 2.2)
    d.path(f"M{LEFT},{y + 15} H{RIGHT}", width=1, opacity=0.6)
    found = [t for t in ticks(low, high) if low <= t <= high]
    for t in found:
        d.path(f"M{at(t):.1f},{y + 15} v4", width=1, opacity=0.6)
        d.say(at(t), y + 31, number(t), "middle", size=11, fixed=True)
    if row.unit:
        d.say(RIGHT + 18, y + 31, row.unit, size=11, fixed=True)
    if row.interval is not None:
        first, last = (at(edge) for edge in row.interval)
        d.path(f"M{first:.1f},{y} H{last:.1f} M{first:.1f},{y - 6} v12 M{last:.1f},{y - 6} v12",
               None, 2.4)  # fmt: skip
    places = np.array([at(v) for v in row.values])
    for aside, x in zip(swarm(np.sort(places), 7.0, 8.0), np.sort(places), strict=True):
        d.circle(float(x), y - 9 + min(aside, 0.0), 3.2, None, "basal", width=0.8)
    if row.values:
        x = at(row.mean)
        d.path(f"M{x:.1f},{y - 6} l6,6 l-6,6 l-6,-6 Z", None, 1.0, "dh")


def limits(row: Quantity) -> tuple[float, float]:
    """The ends of a quantity's axis: all that is drawn on it, with room."""
    ends = [edge for edge in (row.low, row.high) if math.isfinite(edge)]
    ends += [*row.values, *(row.interval or ())]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    room = 0.15 * (high - low) or max(abs(high), 0.5)
    return low - room, high + room


def within(row: Quantity) -> str:
    """Where a quantity has to lie, in words."""
    if math.isinf(row.high):
        return minus(f"{row.low:g} {row.unit}".strip() + " or above")
    if math.isinf(row.low):
        return minus(f"{row.high:g} {row.unit}".strip() + " or below")
    return minus(f"{row.low:g} to {row.high:g} {row.unit}".strip())


def _label(card: Any, rows: Sequence[Quantity]) -> str:
    name, claimed, _, verdict = told(card)
    parts = []
    for row in rows:
        words = f"{row.quantity} has to be {within(row)}"
        if row.values:
            words += f"; ours is {rounded(row.mean, 3)}"
            if row.interval is not None:
                low, high = (rounded(edge, 3) for edge in row.interval)
                words += f", 95 % interval {low} to {high}"
            words += f" with {count(len(row.values), 'seed')}: {row.verdict}"
            words += f" ({' '.join(row.missing)})" * bool(row.missing)
        else:
            words += f"; {' '.join(row.missing) or 'no run of it is there yet'}"
        parts.append(words)
    return f"Claim card {name}. {claimed} {'. '.join(parts)}. Verdict: {verdict}."

"""Angles drawn as angles: an arrow that stays, and one that is turned away from it."""

from __future__ import annotations

import numpy as np

from ....teaching.schematic import Drawing


def dial(
    d: Drawing,
    x: float,
    y: float,
    radius: float,
    degrees: float,
    colour: str,
    words: tuple[str, str],
    ghost: float | None = None,
    fixed: str = "backprop",
    below: str = "",
) -> None:
    """A half disc on the right of (x, y). The arrow that stays points up; the other one is turned
    by ``degrees``. words: what is written above and below. ghost: where it was at the
    start. below: what it means to stand in the lower quarter."""
    outline = f"M{x:.1f},{y - radius:.1f} A{radius},{radius} 0 0 1 {x:.1f},{y + radius:.1f}"
    d.path(outline, None, 1, opacity=0.4)
    quarter = f"M{x:.1f},{y:.1f} h{radius} A{radius},{radius} 0 0 1 {x:.1f},{y + radius:.1f} Z"
    d.path(quarter, None, 0, "backprop", 0.22).set("stroke-width", "0")
    d.arrow([(x, y), (x, y - radius)], fixed, 5.5, dashed=False, opacity=0.75)
    if ghost is not None:
        d.arrow([(x, y), tip(x, y, radius, ghost)], colour, 2.0, opacity=0.35)
    d.arrow([(x, y), tip(x, y, radius, degrees)], colour, 3.0, dashed=False)
    if below:
        d.say(x + 0.45 * radius, y + 0.5 * radius, below, "middle", size=11, fixed=True)
    d.say(x + radius + 5, y + 4, "90°", size=11, fixed=True)
    d.say(x - 8, y - radius - 12, words[0], bold=True, fixed=True)
    d.say(x - 8, y + radius + 20, words[1], fixed=True)


def tip(x: float, y: float, radius: float, degrees: float) -> tuple[float, float]:
    """The end of an arrow from (x, y) that is turned clockwise from straight up."""
    turn = np.radians(degrees)
    return float(x + radius * np.sin(turn)), float(y - radius * np.cos(turn))

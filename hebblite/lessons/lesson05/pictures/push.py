"""What a push does to a layer, as arrows that are stacked: its own, and what is handed up to it."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

import numpy as np

from ....analysis import angle
from ....teaching.colours import look
from ....teaching.svg import picture, text
from ..runs.push import Push, push, random_case

Array = np.ndarray
Point = tuple[float, float]

#: A plane is so wide and high, and backprop's direction points up from the middle of its floor.
WIDE, HIGH = 168.0, 190.0


@dataclass(frozen=True)
class Stack:
    """One layer at one moment, in the plane of backprop's direction (y) and of what the layer did:
    the tips of its own push and of the sum, as (x, y); and the angle of the sum to backprop."""

    own: Point
    whole: Point
    angle: float


def stacks(pushed: Push, t: int) -> list[Stack]:
    """The stacked arrows of every layer at row ``t`` of the phase. Lengths are relative to what
    the layer's own push is at the end of the phase."""
    found = []
    for (own, handed), g in zip(pushed.parts, pushed.gradient.biases, strict=True):
        size = np.linalg.norm(own[-1])
        whole = (own[t] + handed[t]) / size
        up = g / np.linalg.norm(g)
        side = whole - (whole @ up) * up
        far = np.linalg.norm(side)
        side = side / far if far > 1e-3 else np.zeros_like(side)
        tips = [(float(v @ side), float(v @ up)) for v in (own[t] / size, whole)]
        found.append(Stack(*tips, angle(whole, g) if t else float("nan")))
    return found


def reach(pushed: Push) -> float:
    """How far the arrows reach in any layer at any moment of the phase, so that axes can stay."""
    points = [p for t in range(1, len(pushed.phase.time)) for s in stacks(pushed, t)
              for p in (s.own, s.whole)]  # fmt: skip
    return max(1.0, *(max(abs(x) * 2 * HIGH / WIDE, abs(y)) for x, y in points))

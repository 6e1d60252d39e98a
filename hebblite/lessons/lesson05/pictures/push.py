"""What a push does to a layer, as arrows that are stacked: its own, and what is handed up to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from ....analysis import angle
from ....teaching.placing import text_width
from ....teaching.schematic import Drawing
from ..runs.push import Push

Array = np.ndarray
Pair = tuple[float, float]

#: Pixels of a plane: how far it goes up from the ground, down, to the right and to the left of the
#: point at which the arrows begin.
UP, DOWN, RIGHT, LEFT = 148.0, 44.0, 112.0, 44.0
GROUND = 178.0


@dataclass(frozen=True)
class Stack:
    """One layer at one moment, in the plane of backprop's direction (y) and of what the layer did:
    the tips of its own push and of the sum, as (x, y), and the angle of the sum to backprop."""

    own: Pair
    whole: Pair
    angle: float


def stacks(pushed: Push, t: int) -> list[Stack]:
    """The stacked arrows of every layer at row ``t`` of the phase. The unit of length is what the
    layer's own push amounts to at the end of the phase."""
    found = []
    for (own, handed), g in zip(pushed.parts, pushed.gradient.biases, strict=True):
        unit, up = np.linalg.norm(own[-1]), g / np.linalg.norm(g)
        whole = (own[t] + handed[t]) / unit
        side = whole - (whole @ up) * up
        far = np.linalg.norm(side)
        side = side / far if far > 1e-3 else np.zeros_like(side)
        tip, end = ((float(v @ side), float(v @ up)) for v in (own[t] / unit, whole))
        found.append(Stack(tip, end, angle(whole, g) if t else float("nan")))
    return found


def scale_of(pushed: Push) -> float:
    """Pixels for a length of 1, so that no arrow leaves its plane at any moment of the phase."""
    rows = range(1, len(pushed.phase.time))
    tips = np.array([tip for t in rows for s in stacks(pushed, t) for tip in (s.own, s.whole)])
    (right, up), (left, down) = tips.max(axis=0), tips.min(axis=0)
    room = [RIGHT / max(right, 1e-9), UP / max(up, 1.0), LEFT / max(-left, 1e-9)]
    return float(min(*room, DOWN / max(-down, 1e-9), 60.0))


@dataclass(frozen=True)
class Plane:
    """The elements of one layer's plane, for those who let them move."""

    own: ET.Element
    handed: ET.Element
    whole: ET.Element
    words: ET.Element


def planes(
    d: Drawing,
    made: list[Stack],
    scale: float,
    left: float,
    ground: float,
    width: float,
    compare: bool = True,
) -> list[Plane]:
    """One plane for each layer, side by side from ``left`` on, each ``width`` wide. compare: with
    the direction of backprop, and the angle to it."""
    found = []
    for l, stack in enumerate(made):
        x0 = left + l * width + LEFT + 4
        far = min(LEFT + RIGHT, width - 12) - 26
        d.path(f"M{x0 - LEFT:.1f},{ground:.1f} h{far:.1f}", None, 1, opacity=0.5)
        if compare:
            d.say(x0 - LEFT + far + 3, ground + 4, "90°", fixed=True)
            d.arrow([(x0, ground), (x0, ground - UP - 12)], "backprop", 1.4)
        own, whole = ((x0 + scale * x, ground - scale * y) for x, y in (stack.own, stack.whole))
        found.append(
            Plane(
                _arrow(d, (x0, ground), own, "apical", 5.0),
                _arrow(d, own, whole, "basal", 3.4),
                _arrow(d, (x0, ground), whole, "voltage", 2.2),
                _name(d, x0, ground, l, stack, compare),
            )
        )
    return found


def _arrow(d: Drawing, start: Pair, tip: Pair, colour: str, width: float) -> ET.Element:
    """An arrow; one that is too short to be seen is there, and invisible."""
    far = float(np.hypot(tip[0] - start[0], tip[1] - start[1]))
    shown = min(1.0, far / 6.0)
    width = min(width, max(1.0, far / 6.0))
    return d.arrow([start, tip], colour, width, opacity=min(shown, 0.999), dashed=False)


def _name(d: Drawing, x0: float, ground: float, l: int, stack: Stack, compare: bool) -> ET.Element:
    group = d.group()
    d.say(x0 + 24, ground + DOWN + 8, f"layer {l + 1}", "middle", bold=True, fixed=True, into=group)
    if not compare:
        return group
    degrees = "no push yet" if np.isnan(stack.angle) else f"{stack.angle:.0f}° from backprop"
    d.say(x0 + 24, ground + DOWN + 25, degrees, "middle", fixed=True, into=group)
    return group


def legend(d: Drawing, y: float, left: float = 14.0, compare: bool = True) -> None:
    """What the arrows are."""
    entries = (
        ("own push", "apical", 5.0), ("handed up from below", "basal", 3.4),
        ("sum: what the layer does", "voltage", 2.2), ("backprop", "backprop", 1.4),
    )  # fmt: skip
    for words, colour, width in entries if compare else entries[:-1]:
        d.arrow([(left, y - 4), (left + 26, y - 4)], colour, width, dashed=colour == "backprop")
        d.say(left + 32, y, words, fixed=True)
        left += 32 + text_width(words) + 12


def draw_push(pushed: Push, t: int = -1) -> str:
    """The stacked arrows of every layer at row ``t`` of the phase."""
    t = range(len(pushed.phase.time))[t]
    made = stacks(pushed, t)
    said = "; ".join(
        f"layer {l}: the sum is {np.hypot(*s.whole):.1f} times as long as the own push in the end, "
        f"{s.angle:.0f} degrees from backprop" if t else f"layer {l}: nothing yet"
        for l, s in enumerate(made, start=1)
    )  # fmt: skip
    label = (
        f"Arrows for each layer, {1000 * pushed.phase.time[t]:.0f} ms after the push began: its "
        f"own push, and on its tip what the layer below hands up. {said}."
    )
    d = Drawing(680, GROUND + DOWN + 62, label)
    planes(d, made, scale_of(pushed), 4, GROUND, 672 / len(made))
    legend(d, GROUND + DOWN + 52)
    return d.svg()


def push_film(pushed: Push) -> dict[str, Any]:
    """What ``player.play`` wants: a picture and a caption for each step of the first six time
    constants, and a label."""
    rows = [t for t, now in enumerate(pushed.phase.time) if now <= 0.0631]
    last = stacks(pushed, rows[-1])
    angles = ", ".join(f"{s.angle:.0f}" for s in last)
    return {
        "frames": [draw_push(pushed, t) for t in rows],
        "captions": [f"{1000 * pushed.phase.time[t]:.0f} ms after the push began" for t in rows],
        "label": "Stacked arrows for each layer. The own pushes grow at once; what is handed up "
        f"from below follows. In the end the sums stand {angles} degrees from backprop in layers "
        f"1 to {len(last)}.",
    }

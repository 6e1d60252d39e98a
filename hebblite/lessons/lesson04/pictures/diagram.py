"""The block diagram of the loop: target, error, controller, feedback weights, layers, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.colours import layer
from ....teaching.motion import Timeline
from ....teaching.schematic import Drawing, Node, block, split, wire

Places = list[tuple[float, float]]
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
TOP, PUSH, ROW, BACK = 50.0, 112.0, 186.0, 240.0  # heights: control, Q, layers, the way back
COMPARATOR, CONTROLLER, FIRST, APART = 96.0, 224.0, 384.0, 106.0


@dataclass
class Loop:
    """A drawn loop: its parts, so that a film can move them, and the ways that a signal takes."""

    drawing: Drawing
    comparator: Node
    controller: Node
    feedback: list[Node] = field(default_factory=list)
    layers: list[Node] = field(default_factory=list)
    minus: ET.Element | None = None

    def down(self, l: int) -> Places:
        """From the controller's output to layer l (from 0)."""
        x = self.layers[l].centre.x
        return [self.controller.east, (x, TOP), self.layers[l].north]

    def back(self) -> Places:
        """From the last layer's output to the comparator."""
        x = self.layers[-1].east.x + 18
        return [self.layers[-1].east, (x, ROW), (x, BACK), (COMPARATOR, BACK),
                self.comparator.south]  # fmt: skip


def loop(
    label: str,
    error: float = 0.5,
    control: float = 0.5,
    pushes: Sequence[float] = (0.5, 0.5, 0.5),
    moved: Sequence[float] = (0.3, 0.3, 0.3),
    sign: str = "−",
    note: str = "",
) -> Loop:
    """The loop with three layers. error, control, pushes, moved: sizes of e, u, each a_l and how
    far each layer has moved, from 0 to 1, as the widths of wires and the filling of boxes. sign:
    with which the prediction enters the comparator. note: what stands below the controller."""
    d = Drawing(680, 262, label)
    comparator = split(d, COMPARATOR, TOP, "Σ", 15)
    controller = block(d, CONTROLLER, TOP, "controller", note or "reads e, makes u", "error",
                       error, width=124)  # fmt: skip
    made = Loop(d, comparator, controller)
    xs = [FIRST + APART * l for l in range(3)]
    for l, x in enumerate(xs):
        made.feedback.append(block(d, x, PUSH, f"Q{SUBSCRIPTS[l + 1]}", "", "apical", width=40))
        made.layers.append(block(d, x, ROW, f"layer {l + 1}", "", layer(l + 1), moved[l], width=70))
    wire(d, [(16, TOP), comparator.west], None, 2.0)
    wire(d, [comparator.east, controller.west], "error", _wide(error))
    wire(d, [controller.east, (xs[-1], TOP)], "error", _wide(control), head="")
    for l, (x, push) in enumerate(zip(xs, pushes, strict=True)):
        wire(d, [(x, TOP), made.feedback[l].north], "error", _wide(control))
        wire(d, [made.feedback[l].south, made.layers[l].north], "apical", _wide(push))
        d.say(x + 12, 150, f"a{SUBSCRIPTS[l + 1]}", fixed=True)
    wire(d, [(xs[0] - 88, ROW), made.layers[0].west], "basal", 2.0)
    for here, there in zip(made.layers, made.layers[1:], strict=False):
        wire(d, [here.east, there.west], "basal", 2.0)
    wire(d, made.back(), "rate", 2.4)
    for x, y, words in (
        (44, TOP - 8, "target"),
        (136, TOP - 8, "e"),
        (332, TOP - 8, "u"),
        (xs[0] - 62, ROW - 8, "input"),
        (xs[1], BACK - 8, "prediction"),
    ):
        d.say(x, y, words, "middle", fixed=True)
    made.minus = d.say(COMPARATOR + 13, TOP + 30, sign, "middle", 18, True, fixed=True)
    d.say(COMPARATOR - 24, TOP + 17, "+", "middle", 15, True, fixed=True)
    return made


def _wide(size: float) -> float:
    """The width of a wire for a size from 0 to 1."""
    return round(1.0 + 4.0 * min(max(size, 0.0), 1.0), 2)


# ---------------------------------------------------------------------- the film of the title


def hero() -> str:
    """The loop goes round with the right sign and settles; then with a wrong one, and runs away."""
    made = loop(
        "Block diagram of a loop. A controller compares the target with the prediction, sends its "
        "signal u through feedback weights Q1, Q2 and Q3 to three layers at once, and the "
        "prediction comes back. In the middle two curves of the error over time: with a minus sign "
        "at the comparison the error settles at zero, with a plus sign it runs away."
    )
    d = made.drawing
    settled, away = _curves(d)
    film = Timeline(d, 5.0)
    assert made.minus is not None
    plus = d.say(COMPARATOR + 13, TOP + 52, "+", "middle", 18, True, fixed=True)
    plus.set("y", made.minus.get("y", "0"))
    for start, size, curve in ((0.2, 6.0, settled), (2.6, 9.0, away)):
        _round(d, made, film, start, size)
        film.draw(curve[0], at=start + 0.2, for_=1.9)
        film.appear(curve[1], at=start + 1.6, for_=0.4)
    film.change(made.minus, "opacity", [1, 0, 0, 0, 0, 0, 0, 1], 2.4, 2.6)
    plus.set("opacity", "0")
    film.change(plus, "opacity", [0, 1, 1, 1, 1, 1, 1, 0], 2.4, 2.6)
    return film.svg()


def _round(d: Drawing, made: Loop, film: Timeline, start: float, size: float) -> None:
    """One way round: out to all layers, and back."""
    first = d.circle(*made.controller.east, size, "error", "error")
    film.travel(first, [made.comparator.east, made.controller.east], start, 0.4)
    for l, node in enumerate(made.layers):
        push = d.circle(*node.north, size, "apical", "apical")
        film.travel(push, made.down(l), start + 0.45, 0.7)
        box = node.element[0]
        calm = box.get("fill-opacity", "0.2")
        film.change(box, "fill-opacity", [calm, "0.75", calm], start + 1.1, 0.6)
    answer = d.circle(*made.comparator.south, size, "rate", "rate")
    film.travel(answer, made.back(), start + 1.3, 0.8)


def _curves(d: Drawing) -> tuple[tuple[ET.Element, ET.Element], tuple[ET.Element, ET.Element]]:
    """The error over time with the right sign and with the wrong one: each curve and its name."""
    left, bottom, width, height = 128.0, 216.0, 150.0, 104.0
    d.path(f"M{left},{bottom - height} V{bottom} H{left + width}", None, 1.2)
    d.say(left + 4, bottom - height + 4, "error", fixed=True)
    d.say(left + width, bottom + 14, "time", "end", fixed=True)
    t = np.linspace(0, 1, 40)
    found = []
    for name, values, y in (
        ("with −: settles", 0.3 * np.exp(-4 * t), bottom - 14),
        ("with +: runs away", 0.3 * np.exp(1.0 * t), bottom - 82),
    ):
        points = zip(left + width * t, bottom - height * values, strict=True)
        curve = d.path("M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in points), "error", 2.6)
        found.append((curve, d.say(left + 42, y, name, fixed=True)))
    return found[0], found[1]

"""The control loop of Deep Feedback Control as a block diagram."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ...errors import ArgumentError
from ..colours import layer
from ..placing import Box
from .circuit import block, split, wire
from .drawing import Drawing

#: The wires of the loop, in the order in which a signal goes round.
WIRES = ("target", "error", "control", "feedback", "output", "return")


def control_loop(
    label: str,
    lit: Collection[str] = (),
    cut: Collection[str] = (),
    levels: Mapping[str, float] | None = None,
    sign: str = "−",
    words: Mapping[str, str] | None = None,
    layers: int = 3,
    width: float = 680,
) -> Drawing:
    """Target, comparator, controller, feedback weights Q, the layers, and the way back.

    lit, cut: wires of WIRES on which a signal travels, or none can. levels: for each wire the size
    of its signal, 0 to 1, as the width of the line. sign: with which the output enters the
    comparator; "+" is the wrong one. words: other words for wires. layers: how many are drawn.
    """
    for name in {*lit, *cut, *(levels or {}), *(words or {})} - set(WIRES):
        raise ArgumentError("wire", repr(name), f"one of {', '.join(WIRES)}")
    said = {
        "target": "target", "error": "error e", "control": "u", "feedback": "a = Q u",
        "output": "output r", "return": "",
    } | dict(words or {})  # fmt: skip
    size = {name: (levels or {}).get(name, 0.15) for name in WIRES}
    d = Drawing(width, 260, label)
    y, low = 70.0, 190.0
    comparator = split(d, 120, y, "Σ", 15)
    controller = block(d, 265, y, "controller", "u = k e + ∫e", "error")
    q = block(d, 400, y, "Q", "feedback", "apical", width=80)
    xs = [505 + 62 * k - 31 * (layers - 3) for k in range(layers)]
    plant = [
        block(d, x, low, f"layer {k + 1}", "", layer(k + 1), width=58) for k, x in enumerate(xs)
    ]
    looks = {"target": None, "error": "error", "control": "error", "feedback": "apical",
             "output": "rate", "return": "rate"}  # fmt: skip
    middle = plant[len(plant) // 2]
    ways: dict[str, list[tuple[float, float]]] = {
        "target": [(20, y), comparator.west],
        "error": [comparator.east, controller.west],
        "control": [controller.east, q.west],
        "feedback": [q.east, (middle.centre.x, y), middle.north],
        "output": [plant[-1].south, (plant[-1].centre.x, 236), (420, 236)],
        "return": [(420, 236), (120, 236), comparator.south],
    }
    for name, points in ways.items():
        wire(d, points, looks[name], 1.2 + 4 * size[name], said[name],
             sign if name == "return" else "+" if name == "target" else "",
             name in cut, name in lit, "" if name == "output" else "arrow")  # fmt: skip
    d.keep_free(Box(0, 0, 1, 1))
    return d

"""Who compares? Neurons of their own for the errors, or the dendrites of the neurons themselves."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from ....errors import ArgumentError
from ....teaching.schematic import Drawing, Point, neuron, synapse, wire
from ....teaching.schematic.circuit import Node

KINDS = ("error units", "dendrites")
LIT = ("", "prediction", "error", "inference", "learning")
#: What is lit, in words, for each kind.
SAID = {
    ("error units", ""): "Two layers of a network with error units.",
    ("error units", "prediction"): "The layer below predicts the layer above, through W.",
    ("error units", "error"): "An error unit adds the voltage and takes the prediction away.",
    ("error units", "inference"):
        "Its own error pulls a neuron back; the error above pushes it, through Wᵀ.",
    ("error units", "learning"):
        "The synapse W has the error after it and the rate before it: ΔW = ε rᵀ.",
    ("dendrites", ""): "The same two layers without error units.",
    ("dendrites", "prediction"): "The prediction is the basal drive b = W r.",
    ("dendrites", "error"): "The error is what the soma has beyond its basal drive: ε = v − b.",
    ("dendrites", "inference"): "The error above arrives as apical drive: a = Wᵀ ε, times a slope.",
    ("dendrites", "learning"):
        "The synapse has to see soma minus basal drive. DH sees the change of the rate.",
}  # fmt: skip
#: How much of basal drive, apical drive and voltage is seen in a pyramidal neuron.
LEVELS = {
    "prediction": (0.8, 0.0, 0.0), "error": (0.8, 0.0, 1.0), "inference": (0.0, 0.8, 1.0),
    "learning": (0.8, 0.0, 1.0),
}  # fmt: skip
HIGH, LOW, TALL = 108.0, 268.0, 372.0


def draw_circuit(kind: str = "error units", lit: str = "") -> str:
    """Two layers of a network of Predictive Coding, one neuron each. kind: one of KINDS. lit: what
    is lit, one of LIT."""
    if kind not in KINDS:
        raise ArgumentError("kind", repr(kind), f"one of {', '.join(KINDS)}")
    if lit not in LIT:
        raise ArgumentError("lit", repr(lit), f"one of {', '.join(map(repr, LIT))}")
    said = SAID[kind, lit]
    d = Drawing(680, TALL, f"{_seen(kind)} {said}")
    _error_units(d, lit) if kind == "error units" else _dendrites(d, lit)
    d.say(340, TALL - 14, said, "middle", 14, fixed=True)
    return d.svg()


def _seen(kind: str) -> str:
    if kind == "error units":
        return (
            "Each layer has a neuron for its voltage and beside it an error unit. The rate of the "
            "layer below goes up to the error unit above as a prediction; the error goes back "
            "down to the neuron below, and sideways to the neuron of its own layer."
        )
    return (
        "Each layer has a pyramidal neuron. The rate of the layer below comes to the basal "
        "dendrites of the neuron above; what comes back from above arrives at the apical tuft."
    )


# ---------------------------------------------------------------------- error units


def _error_units(d: Drawing, lit: str) -> None:
    """Values on the left, errors on the right, the layer below at the bottom."""
    value, error = 220.0, 470.0
    up, down = _value(d, value, HIGH, "l + 1"), _value(d, value, LOW, "l")
    e_up, e_down = _error(d, error, HIGH, "l + 1"), _error(d, error, LOW, "l")
    for y, words in ((HIGH, "layer l + 1"), (LOW, "layer l")):
        d.say(20, y + 5, words, size=14, bold=True, fixed=True)
    _rows(d, (up, down), (e_up, e_down), lit)
    seen, before = lit == "prediction", lit == "learning"
    wire(d, [down.north.right(12), e_up.south.left(12)], "basal", 2.6, head="bar",
         lit=seen or before or lit == "error")  # fmt: skip
    d.say(300, 172, "prediction W r", "end", bold=seen, fixed=True)
    wire(d, [e_up.south.right(6), (e_up.south.x + 6, 186), (down.east.x - 2, 254)], "error", 2.6,
         lit=lit == "inference")  # fmt: skip
    d.say(490, 180, "error, through Wᵀ", bold=lit == "inference", fixed=True)
    _stubs(d, up, e_down)
    for y, head, words in ((30.0, "arrow", "adds"), (52.0, "bar", "takes away")):
        d.arrow([(546, y), (578, y)], None, 1.8, head)
        d.say(588, y + 4, words, fixed=True)
    at = e_up.south.left(12)
    mark = d.circle(at.x, at.y + 6, 9, "dh", "dh", 0.5 if before else 0.0, 2.2)
    mark.set("opacity", "1" if before else "0")


def _value(d: Drawing, x: float, y: float, index: str) -> Node:
    made = d.group()
    d.circle(x, y, 31, "voltage", "voltage", 0.16, 2.4, into=made)
    d.say(x, y + 5, "v", "middle", 16, italic=True, fixed=True, into=made)
    d.say(x, y + 20, "neuron", "middle", 11, fixed=True, into=made)
    return Node(Point(x, y), 64, 64, made)


def _error(d: Drawing, x: float, y: float, index: str) -> Node:
    made = d.group()
    diamond = f"M{x:.1f},{y - 36:.1f} l46,36 l-46,36 l-46,-36 Z"
    d.path(diamond, "error", 2.4, "error", 0.16, into=made)
    d.say(x, y + 2, "ε", "middle", 16, italic=True, fixed=True, into=made)
    d.say(x, y + 16, "error unit", "middle", 11, fixed=True, into=made)
    return Node(Point(x, y), 94, 74, made)


def _rows(d: Drawing, values: tuple[Node, ...], errors: tuple[Node, ...], lit: str) -> None:
    """Within a layer: the voltage goes to the error unit, the error pulls it back."""
    for value, error in zip(values, errors, strict=True):
        wire(d, [value.east.up(9), error.west.right(11).up(9)], "voltage", 2.2,
             lit=lit == "error")  # fmt: skip
        wire(d, [error.west.right(11).down(9), value.east.down(9)], "error", 2.2, head="bar",
             lit=lit == "inference")  # fmt: skip
        middle = (value.east.x + error.west.x) / 2
        d.say(middle, value.centre.y - 16, "+1", "middle", bold=True, fixed=True)
        d.say(middle, value.centre.y + 26, "−1", "middle", bold=True, fixed=True)


def _stubs(d: Drawing, up: Node, down: Node) -> None:
    """What goes on beyond the two layers."""
    for points, colour, head in (
        ([up.north.right(12), up.north.right(40).up(34)], "basal", ""),
        ([(up.east.x + 40, 30.0), up.north.right(22).down(6)], "error", "arrow"),
        ([(down.south.x - 60, 336.0), down.south.left(12)], "basal", "bar"),
        ([down.south.right(6), (down.south.x + 34, 336.0)], "error", ""),
    ):
        d.arrow(points, colour, 1.8, head, opacity=0.5)


# ---------------------------------------------------------------------- dendrites


def _dendrites(d: Drawing, lit: str) -> None:
    """Two pyramidal neurons, the layer below on the left."""
    b, a, v = LEVELS.get(lit, (0.0, 0.0, 0.0))
    below, above = (
        neuron(d, x, 204, 0.9, b=b, a=a, v=v, signs=False) for x in (170, 480)
    )  # fmt: skip
    for at, words in ((170, "layer l"), (480, "layer l + 1")):
        d.say(at, 26, words, "middle", 14, True, fixed=True)
    _forward(d, below.axon, above.roots[0], lit)
    _back(d, lit)
    d.say(above.tuft.x + 4, above.tuft.y + 14, "apical drive a", fixed=True)
    d.say(above.soma.x + 38, above.soma.y - 18, "voltage v", fixed=True)
    d.say(above.basal.x + 4, above.basal.y - 6, "basal drive b", fixed=True)


def _forward(d: Drawing, axon: Point, root: Point, lit: str) -> None:
    level = 1.0 if lit in ("prediction", "learning") else 0.0
    colour = "dh" if lit == "learning" else "rate"
    synapse(d, axon, root, 0.8, colour, level)
    d.say(330, axon.y + 62, "r, through W", "middle", bold=lit == "prediction", fixed=True)


def _back(d: Drawing, lit: str) -> ET.Element:
    """From the upper neuron's soma back to the lower one's tuft. By what, is an open question."""
    made = wire(
        d, [(442, 190), (398, 150), (330, 74), (250, 56)], "apical", 2.6, lit=lit == "inference",
        curved=True,
    )  # fmt: skip
    d.say(330, 46, "ε above, through Wᵀ", "middle", fixed=True)
    d.say(318, 134, "by what cells?", "end", italic=True, fixed=True)
    return made

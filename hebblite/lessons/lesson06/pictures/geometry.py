"""The plane of pushes: which of them put the output right, and which of those costs least."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing
from ....teaching.schematic.drawing import broken
from ..runs.geometry import Way, at_random, completed, least, transposed, way

Array = np.ndarray
Pair = tuple[float, float]

UNIT = 76.0  # pixels for a push of 1
X_RANGE, Y_RANGE = (-0.9, 2.1), (-1.75, 2.45)
LEFT, TOP = 44.0, 14.0
START = (0.0, 1.2, "tanh")  # where the controls of the lesson start: the ghost
PUSHES = np.linspace(*X_RANGE, 121)
MOST = 3.2  # of the axis of effort


def place(a_1: float, a_2: float) -> Pair:
    """Where in the picture a push lies."""
    return LEFT + UNIT * (a_1 - X_RANGE[0]), TOP + UNIT * (Y_RANGE[1] - a_2)


def draw_geometry(a_1: float = START[0], error: float = START[1], hidden: str = START[2]) -> str:
    """The plane of the two pushes of the network 1-1-1. a_1: how hard the learner pushes the hidden
    neuron; the output neuron makes up for the rest. error: of the free state. hidden: "tanh", a
    curve of pushes that put the output right, or "linear", a straight line.

    For ``explore``: a_1 from -0.5 to 1.5, error from 0.4 to 1.6.
    """
    yours, best = way(a_1, error, hidden), least(error, hidden)
    d = Drawing(
        680, TOP + UNIT * (Y_RANGE[1] - Y_RANGE[0]) + 44, _label(yours, best, error, hidden)
    )
    _axes(d)
    window = _window(d)
    started = way(*START)
    _curve(d, window, START[1], START[2], ghost=True)
    _circle(d, window, started, ghost=True)
    _curve(d, window, error, hidden)
    _circle(d, window, best, colour="dh")
    _circle(d, window, yours, colour="apical")
    _right_angle(d, window, best)
    d.arrow([place(0, 0), place(yours.a_1, yours.a_2)], "apical", 4, dashed=False, into=window)
    _points(d, error, hidden, best)
    _effort(d, yours, best, error, hidden)
    _bars(d, yours)
    return d.svg()


def _label(yours: Way, best: Way, error: float, hidden: str) -> str:
    more = yours.effort / best.effort - 1
    words = (
        "as little as can be" if more < 0.005 else f"{100 * more:.0f} percent more than the least"
    )
    shape = "a straight line" if hidden == "linear" else "a curve"
    return (
        f"The plane of two pushes, of the hidden and of the output neuron, for an error of "
        f"{error:.1f}. Those that put the output right lie on {shape}. Yours, {yours.a_1:.2f} and "
        f"{yours.a_2:.2f}, costs {yours.effort:.2f}, {words}. The least, {best.a_1:.2f} and "
        f"{best.a_2:.2f}, costs {best.effort:.2f}: there the circle of equal effort touches the "
        f"line. The hidden neuron is pushed by {yours.a_1:.2f} and asked for {yours.asked:.2f}."
    )


def _axes(d: Drawing) -> None:
    (x, y), (right, _) = place(X_RANGE[0], 0), place(X_RANGE[1], 0)
    _, bottom = place(0, Y_RANGE[0])
    d.path(f"M{x:.1f},{y:.1f} H{right:.1f} M{place(0, 0)[0]:.1f},{TOP:.1f} V{bottom:.1f}", None, 1,
           opacity=0.45)  # fmt: skip
    for value in (1, 2):
        d.say(place(value, 0)[0], y + 15, str(value), "middle", 11, fixed=True)
        d.say(place(0, 0)[0] - 6, place(0, value)[1] + 4, str(value), "end", 11, fixed=True)
    d.say((x + right) / 2, bottom + 18, "push of the hidden neuron, a₁", "middle", fixed=True)
    node = d.group()
    up = (TOP + bottom) / 2
    node.set("transform", f"rotate(-90 20 {up:.1f})")
    text = ET.SubElement(node, "text", {"x": "20", "y": f"{up:.1f}", "fill": "currentColor"})
    text.set("text-anchor", "middle")
    text.text = "push of the output neuron, a₂"


def _window(d: Drawing) -> ET.Element:
    """The plane, out of which nothing is drawn."""
    width, height = UNIT * (X_RANGE[1] - X_RANGE[0]), UNIT * (Y_RANGE[1] - Y_RANGE[0])
    box = {"x": f"{LEFT:g}", "y": f"{TOP:g}", "width": f"{width:g}", "height": f"{height:g}"}
    window = ET.SubElement(d.root, "svg", box)
    window.set("viewBox", f"{LEFT:g} {TOP:g} {width:g} {height:g}")
    return window


def _curve(d: Drawing, window: ET.Element, error: float, hidden: str, ghost: bool = False) -> None:
    """All pushes that put the output right."""
    points = [
        place(float(a), float(b))
        for a, b in zip(PUSHES, completed(PUSHES, error, hidden), strict=True)
    ]
    line = d.path(broken(points), "rate", 2.0 if ghost else 3.4, into=window)
    if ghost:
        line.set("opacity", "0.5")
        line.set("stroke-dasharray", "1 5")


def _circle(
    d: Drawing, window: ET.Element, there: Way, colour: str = "backprop", ghost: bool = False
) -> None:
    """All pushes that cost as much as this one."""
    radius = UNIT * (2 * there.effort) ** 0.5
    made = d.circle(*place(0, 0), radius, colour, width=1.6, into=window)
    if ghost:
        made.set("opacity", "0.5")
        made.set("stroke-dasharray", "1 5")
    else:
        made.set("stroke-dasharray", "7 3" if colour == "apical" else "none")


def _right_angle(d: Drawing, window: ET.Element, best: Way, size: float = 11.0) -> None:
    """From 0 to the least push, and the sign of a right angle between it and the line."""
    x, y = place(best.a_1, best.a_2)
    d.path(broken([place(0, 0), (x, y)]), "dh", 1.6, into=window)
    back = np.array([best.a_1, -best.a_2])
    back = -size * back / (np.hypot(*back) or 1.0)
    side = np.array([-back[1], back[0]])
    corners = [(x + float(p[0]), y + float(p[1])) for p in (back, back + side, side)]
    d.path(broken(corners), None, 1.4, into=window)


def _points(d: Drawing, error: float, hidden: str, best: Way) -> None:
    """The least push, the one along the transpose, and a random one."""
    found = [("random", at_random(error, hidden), None), ("least", best, "dh"),
             ("transposed", transposed(error, hidden), "backprop")]  # fmt: skip
    for words, there, colour in found:
        if there is None or there.a_1 > X_RANGE[1] or there.a_2 > Y_RANGE[1]:
            continue
        x, y = place(there.a_1, there.a_2)
        d.circle(x, y, 5, colour, colour, 1.0 if colour else 0.0, 2.0)
        if words == "random":
            d.say(x - 8, y - 8, words, "end")
        else:
            d.say(x + 9, y - 7 if words == "least" else y + 9, words, bold=words == "least")


def _effort(d: Drawing, yours: Way, best: Way, error: float, hidden: str) -> None:
    """Effort over the push of the hidden neuron, and where the learner is on it."""

    def along(error: float, hidden: str) -> Array:
        return (PUSHES**2 + completed(PUSHES, error, hidden) ** 2) / 2

    panel = Panel(
        f"Effort: {decimals(yours.effort, 2)}   (least {decimals(best.effort, 2)})",
        "push of the hidden neuron, a₁", "½ (a₁² + a₂²)",
        [Series("", PUSHES, along(START[1], START[2]), ghost=True, colour="rate"),
         Series("", PUSHES, along(error, hidden), colour="rate"),
         Series("", np.array([best.a_1]), np.array([best.effort]), "points", colour="dh"),
         Series("", np.array([yours.a_1]), np.array([yours.effort]), "points", colour="apical")],
        x_range=X_RANGE, y_range=(0, MOST),
    )  # fmt: skip
    d.put(chart([panel], "effort over the push", 350, 150), 316, 4)


def _bars(d: Drawing, yours: Way) -> None:
    """What the hidden neuron is pushed by, and what the output neuron's push asks of it."""
    zero, scale, y = 470.0, 80.0, 250.0
    d.path(f"M{zero:.1f},{y - 6:.1f} v66", None, 1, opacity=0.5)
    rows = (("pushed by  a₁", yours.a_1, "apical"), ("asked for  φ′ w a₂", yours.asked, "rate"))
    for k, (words, value, colour) in enumerate(rows):
        top = y + 32 * k
        end = zero + scale * float(np.clip(value, -1.4, 2.1))
        d.path(f"M{zero:.1f},{top:.1f} H{end:.1f} v20 H{zero:.1f} Z", colour, 1.5, colour, 0.75)
        d.say(zero - 120, top + 14, words, "end" if False else "start", fixed=True)
    more = yours.asked - yours.a_1
    if abs(more) < 0.02:
        words = "Equal: moving the hidden neuron helps no more."
    elif more > 0:
        words = "More is asked than given: push it harder."
    else:
        words = "More is given than asked: push it less."
    d.say(340, y + 84, words, fixed=True)

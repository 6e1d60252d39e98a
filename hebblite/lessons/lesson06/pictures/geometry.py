"""The plane of pushes: which of them put the output right, and which of those costs least."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import decimals, minus
from ....teaching.placing import text_width
from ....teaching.schematic import Drawing
from ....teaching.schematic.drawing import broken
from ..runs.geometry import Way, at_random, completed, least, transposed, way

Array = np.ndarray
Pair = tuple[float, float]

UNIT = 76.0  # pixels for a push of 1
X_RANGE, Y_RANGE = (-0.9, 2.1), (-1.75, 2.45)
LEFT, TOP = 44.0, 14.0
WIDE, HIGH = UNIT * (X_RANGE[1] - X_RANGE[0]), UNIT * (Y_RANGE[1] - Y_RANGE[0])
START = (0.0, 1.2, "tanh")  # where the controls of the lesson start: the ghost
PUSHES = np.linspace(*X_RANGE, 121)
MOST = 3.2  # of the axis of effort
GHOST = "1 5"
EQUAL = 0.05  # what is asked and what is given differ by no more than can be seen


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
    d = Drawing(680, TOP + HIGH + 62, _label(yours, best, error, hidden))
    _axes(d)
    window = _window(d)
    _line(d, window, START[1], START[2], ghost=True)
    _circle(d, window, way(*START), None, GHOST, 0.55)
    _circle(d, window, yours, "apical", "7 3")
    _circle(d, window, best, None, "none")
    _line(d, window, error, hidden)
    _right_angle(d, window, best)
    d.arrow([place(0, 0), place(yours.a_1, yours.a_2)], "apical", 4.5, dashed=False, into=window)
    _points(d, error, hidden, best)
    _effort(d, yours, best, error, hidden)
    _bars(d, yours)
    _key(d, TOP + HIGH + 48)
    return d.svg()


def _label(yours: Way, best: Way, error: float, hidden: str) -> str:
    more = yours.effort / best.effort - 1
    words = (
        "which is the least" if more < 0.005 else f"{100 * more:.0f} percent more than the least"
    )
    shape = "a straight line" if hidden == "linear" else "a curve"
    return minus(
        "The plane of two pushes, of the hidden and of the output neuron, for an error of "
        f"{error:.1f}. Those that put the output right lie on {shape}. Yours, {yours.a_1:.2f} and "
        f"{yours.a_2:.2f}, costs {yours.effort:.2f}, {words}. The least, {best.a_1:.2f} and "
        f"{best.a_2:.2f}, costs {best.effort:.2f}: there a circle around 0 touches it, and "
        f"the push meets it at a right angle. The hidden neuron is pushed by {yours.a_1:.2f} and "
        f"asked for {yours.asked:.2f}."
    )


def _axes(d: Drawing) -> None:
    (x, y), (right, bottom) = place(0, 0), (LEFT + WIDE, TOP + HIGH)
    axes = f"M{LEFT:.1f},{y:.1f} H{right:.1f} M{x:.1f},{TOP:.1f} V{bottom:.1f}"
    d.path(axes, None, 1, opacity=0.45)
    for value in (1, 2):
        d.say(place(value, 0)[0], y + 15, str(value), "middle", 11, fixed=True)
        d.say(x - 6, place(0, value)[1] + 4, str(value), "end", 11, fixed=True)
    d.say(LEFT + WIDE / 2, bottom + 18, "push of the hidden neuron, a₁", "middle", fixed=True)
    up = TOP + HIGH / 2
    turned = d.group(transform=f"rotate(-90 20 {up:.1f})")
    words = {"x": "20", "y": f"{up:.1f}", "fill": "currentColor", "text-anchor": "middle"}
    ET.SubElement(turned, "text", words).text = "push of the output neuron, a₂"


def _window(d: Drawing) -> ET.Element:
    """The plane, out of which nothing is drawn."""
    box = {"x": f"{LEFT:g}", "y": f"{TOP:g}", "width": f"{WIDE:g}", "height": f"{HIGH:g}"}
    return ET.SubElement(d.root, "svg", box | {"viewBox": f"{LEFT:g} {TOP:g} {WIDE:g} {HIGH:g}"})


def _line(d: Drawing, window: ET.Element, error: float, hidden: str, ghost: bool = False) -> None:
    """All pushes that put the output right."""
    rest = completed(PUSHES, error, hidden)
    points = [place(float(a), float(b)) for a, b in zip(PUSHES, rest, strict=True)]
    made = d.path(broken(points), "rate", 2.0 if ghost else 3.6, into=window)
    if ghost:
        made.set("opacity", "0.55")
        made.set("stroke-dasharray", GHOST)


def _circle(
    d: Drawing, window: ET.Element, there: Way, colour: str | None, dash: str, opacity: float = 1.0
) -> None:
    """All pushes that cost as much as this one."""
    radius = UNIT * (2 * there.effort) ** 0.5
    made = d.circle(*place(0, 0), radius, colour, width=1.6, into=window)
    made.set("opacity", f"{opacity:g}")
    made.set("stroke-dasharray", dash)


def _right_angle(d: Drawing, window: ET.Element, best: Way, size: float = 13.0) -> None:
    """From 0 to the least push, and the sign of a right angle between it and the line."""
    x, y = place(best.a_1, best.a_2)
    d.path(broken([place(0, 0), (x, y)]), None, 1.6, into=window)
    back = -size * np.array([best.a_1, -best.a_2]) / np.hypot(best.a_1, best.a_2)
    side = np.array([-back[1], back[0]])
    corners = [(x + float(p[0]), y + float(p[1])) for p in (back, back + side, side)]
    d.path(broken(corners), None, 1.4, into=window)


def _points(d: Drawing, error: float, hidden: str, best: Way) -> None:
    """The least push, the one along the transpose, and a random one."""
    found = (("random", at_random(error, hidden), "hebb"),
             ("transposed", transposed(error, hidden), "backprop"),
             ("least", best, None))  # fmt: skip
    for words, there, colour in found:
        if there is None or there.a_1 > X_RANGE[1] or there.a_2 > Y_RANGE[1]:
            continue
        x, y = place(there.a_1, there.a_2)
        if words == "transposed":
            d.path(f"M{x - 5:.1f},{y - 5:.1f} h10 v10 h-10 Z", colour, 2, colour)
        else:
            filled = words == "random"
            d.circle(x, y, 5 if filled else 8, colour, colour if filled else None, 1.0, 2.4)
        if words == "random":
            d.say(x - 10, y + 4, words, "end")
        elif words == "least":
            d.say(x + 8, y - 16, words, bold=True)
        else:
            d.say(x + 13, y, words)


def _key(d: Drawing, y: float) -> None:
    """What the lines of the plane are."""
    x = LEFT
    rows = (("the output is right", "rate", 3.6, "none"), ("least effort", None, 1.6, "none"),
            ("your effort", "apical", 1.6, "7 3"),
            ("when you began", None, 2.0, GHOST))  # fmt: skip
    for words, colour, width, dash in rows:
        line = d.path(f"M{x:.1f},{y - 4:.1f} h28", colour, width)
        line.set("stroke-dasharray", dash)
        d.say(x + 34, y, words, fixed=True)
        x += 34 + text_width(words) + 22


def _effort(d: Drawing, yours: Way, best: Way, error: float, hidden: str) -> None:
    """Effort over the push of the hidden neuron, and where the learner is on it."""

    def along(error: float, hidden: str) -> Array:
        return np.asarray((PUSHES**2 + completed(PUSHES, error, hidden) ** 2) / 2)

    panel = Panel(
        f"Your effort: {decimals(yours.effort, 2)}", "push of the hidden neuron, a₁",
        "½ (a₁² + a₂²)",
        [Series("", PUSHES, along(START[1], START[2]), ghost=True, colour="rate"),
         Series("", PUSHES, along(error, hidden), colour="rate"),
         Series("", np.array([yours.a_1]), np.array([yours.effort]), "points", colour="apical")],
        x_range=X_RANGE, y_range=(0, MOST),
        marks=[("y", best.effort, f"least: {decimals(best.effort, 2)}")],
    )  # fmt: skip
    d.put(chart([panel], "effort over the push", 362, 130), 312, 4)


def _bars(d: Drawing, yours: Way) -> None:
    """What the hidden neuron is pushed by, and what the output neuron's push asks of it."""
    left, zero, scale, y = 340.0, 476.0, 55.0, 226.0
    d.path(f"M{zero:.1f},{y:.1f} v88", None, 1, opacity=0.5)
    rows = (("pushed by a₁", yours.a_1, "apical", 0.8), ("asked for φ′ w a₂", yours.asked,
                                                         "backprop", 0.3))  # fmt: skip
    for k, (words, value, colour, level) in enumerate(rows):
        top = y + 22 + 46 * k
        d.say(left, top - 6, words, fixed=True)
        d.path(f"M{zero:.1f},{top:.1f} H{zero + scale * value:.1f} v18 H{zero:.1f} Z", colour, 1.8,
               colour, level)  # fmt: skip
    more = yours.asked - yours.a_1
    if abs(more) <= EQUAL:
        words = "Equal: moving it helps no more."
    else:
        words = "Less than it is asked for." if more > 0 else "More than it is asked for."
        words += f" Push it {'harder' if more > 0 else 'less'}."
    d.say(left, y + 112, words, bold=abs(more) <= EQUAL, fixed=True)

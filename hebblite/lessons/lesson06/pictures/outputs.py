"""Two outputs: what pushes of one effort can reach, and why the push along the transpose misses."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing
from ....teaching.schematic.drawing import broken
from ..runs.geometry import TwoOutputs, two_outputs

Array = np.ndarray
Pair = tuple[float, float]

UNIT, FAR = 66.0, 2.6  # pixels for an output of 1; how far the plane goes
CENTRE = (8 + UNIT * FAR, 8 + UNIT * FAR)
TIMES = np.r_[0.0, np.geomspace(1e-3, 60, 120)]
START = (110.0, 2.5)
LEFT = 380.0  # of the words


def spot(y: Array) -> Pair:
    """Where in the picture an output (2,) lies."""
    return CENTRE[0] + UNIT * float(y[0]), CENTRE[1] - UNIT * float(y[1])


def draw_outputs(angle: float = START[0], stretch: float = START[1]) -> str:
    """The plane of two outputs of a linear network. The free output is in the middle, its target in
    direction ``angle`` (degrees). stretch: how many times as far a push moves the output along
    the easy direction as across it.

    For ``explore``: angle from 0 to 360, stretch from 1 to 2.5. With a larger one the ellipse goes
    beyond the plane, and is cut off.
    """
    made = two_outputs(angle, stretch)
    d = Drawing(680, 2 * CENTRE[1], _label(made))
    for p, q in (((-FAR, 0), (FAR, 0)), ((0, -FAR), (0, FAR))):
        d.path(broken([spot(np.array(p)), spot(np.array(q))]), None, 1, opacity=0.4)
    d.say(CENTRE[0] + UNIT * FAR - 2, CENTRE[1] + 16, "output 1", "end", fixed=True)
    d.say(CENTRE[0] + 6, CENTRE[1] - UNIT * FAR + 12, "output 2", fixed=True)
    window = _window(d)
    began = two_outputs(*START)
    for part in (_ellipse(d, window, began.edge(began.J.T), "apical", "1 5", 0.0),
                 d.circle(*spot(began.e), 10, None, width=2.0, into=window)):  # fmt: skip
        part.set("opacity", "0.5")
        part.set("stroke-dasharray", "1 5")
    _ellipse(d, window, made.edge(made.J.T), "apical", "none", 0.14)
    _ellipse(d, window, made.edge(made.Q), "hebb", "2 4", 0.0)
    d.path(broken([spot(y) for y in made.path(made.J.T, TIMES)]), "voltage", 2.4, dashed=True)
    d.arrow([spot(np.zeros(2)), spot(made.J @ made.back)], "backprop", 3)
    d.arrow([spot(np.zeros(2)), spot(made.e)], "apical", 4, dashed=False)
    d.circle(*spot(made.e), 10, None, width=2.4)
    _efforts(d, made)
    _key(d)
    return d.svg()


def missed(made: TwoOutputs) -> float:
    """The error that is left when the push along the transpose has cost as much as the least."""
    return float(np.linalg.norm(made.e - made.J @ made.back))


def _label(made: TwoOutputs) -> str:
    gone = missed(made)
    words = "ends on it too" if gone < 0.005 else f"ends {gone:.2f} from it"
    return (
        "The plane of two outputs. Pushes of one effort reach an ellipse, and the target lies on "
        f"its edge: the least effort is {made.H:.2f}. The push along the transpose that costs as "
        f"much {words}, and the controller, which starts along it, bends towards the target. "
        f"Random feedback reaches a smaller ellipse with this effort; it needs {made.H_random:.2f}."
    )


def _window(d: Drawing) -> ET.Element:
    """The plane, out of which nothing is drawn."""
    size = f"{2 * CENTRE[0]:g}"
    box = {"x": "0", "y": "0", "width": size, "height": size, "viewBox": f"0 0 {size} {size}"}
    return ET.SubElement(d.root, "svg", box)


def _ellipse(
    d: Drawing, window: ET.Element, edge: Array, colour: str, dash: str, level: float
) -> ET.Element:
    outline = broken([spot(y) for y in edge]) + " Z"
    made = d.path(outline, colour, 2.2, colour, level, into=window)
    made.set("stroke-dasharray", dash)
    return made


def _efforts(d: Drawing, made: TwoOutputs) -> None:
    most = 200.0
    d.say(LEFT, 34, "Effort to reach the target", bold=True, fixed=True)
    rows = (("least", made.H, "apical", 0.8), ("random feedback", made.H_random, "hebb", 0.3))
    for k, (words, effort, colour, level) in enumerate(rows):
        y = 46.0 + 44 * k
        d.say(LEFT, y + 10, words, fixed=True)
        end = LEFT + most * min(effort / 4, 1.1)
        bar = d.path(f"M{LEFT:.1f},{y + 16:.1f} H{end:.1f} v14 H{LEFT:.1f} Z", colour, 1.8, colour,
                     level)  # fmt: skip
        if colour == "hebb":
            bar.set("stroke-dasharray", "2 4")
        d.say(LEFT + most + 30, y + 28, decimals(effort, 2), fixed=True)
    gone = missed(made)
    words = "Jᵀe: the same effort"
    words += " gets there too." if gone < 0.005 else f" ends {decimals(gone, 2)} from the target."
    d.say(LEFT, 152, words, fixed=True)


def _key(d: Drawing) -> None:
    d.say(LEFT, 196, "What one effort, the least, can do", bold=True, fixed=True)
    rows = (("any push: as far as this edge", "apical", "area"),
            ("random feedback: only to here", "hebb", "area"),
            ("transpose, straight along Jᵀe", "backprop", "arrow"),
            ("transpose, steered by the error", "voltage", "line"))  # fmt: skip
    for k, (words, colour, kind) in enumerate(rows):
        y = 216.0 + 26 * k
        line = [(LEFT, y), (LEFT + 30, y)]
        if kind == "area":
            box = f"M{LEFT:.1f},{y - 7:.1f} h30 v14 h-30 Z"
            level = 0.14 if colour == "apical" else 0.0
            made = d.path(box, colour, 2.2, colour, level)
            made.set("stroke-dasharray", "none" if colour == "apical" else "2 4")
        elif kind == "arrow":
            d.arrow(line, colour, 3)
        else:
            d.path(broken(line), colour, 2.4, dashed=True)
        d.say(LEFT + 40, y + 4, words, fixed=True)

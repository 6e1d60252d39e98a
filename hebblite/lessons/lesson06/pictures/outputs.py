"""Two outputs: what pushes of one effort can reach, and why the push along the transpose misses."""

from __future__ import annotations

import numpy as np

from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing
from ....teaching.schematic.drawing import broken
from ..runs.geometry import TwoOutputs, two_outputs

Array = np.ndarray
Pair = tuple[float, float]

UNIT, FAR = 100.0, 1.7  # pixels for an output of 1; how far the plane goes
CENTRE = (16 + UNIT * FAR, 16 + UNIT * FAR)
TIMES = np.geomspace(1e-3, 60, 120)
START = (110.0, 2.5)


def spot(y: Array) -> Pair:
    """Where in the picture an output (2,) lies."""
    return CENTRE[0] + UNIT * float(y[0]), CENTRE[1] - UNIT * float(y[1])


def draw_outputs(angle: float = START[0], stretch: float = START[1]) -> str:
    """The plane of two outputs of a linear network. The free output is in the middle, its target in
    direction ``angle`` (degrees). stretch: how much easier the pushes move the output one way
    than the other.

    For ``explore``: angle from 0 to 360, stretch from 1 to 4.
    """
    made = two_outputs(angle, stretch)
    d = Drawing(680, 2 * CENTRE[1], _label(made))
    for p, q in (((-FAR, 0), (FAR, 0)), ((0, -FAR), (0, FAR))):
        d.path(broken([spot(np.array(p)), spot(np.array(q))]), None, 1, opacity=0.4)
    d.say(CENTRE[0] + UNIT * FAR - 2, CENTRE[1] - 6, "output 1", "end", fixed=True)
    d.say(CENTRE[0] + 6, CENTRE[1] - UNIT * FAR + 10, "output 2", fixed=True)
    reach, small = made.edge(made.J.T), made.edge(made.Q)
    d.path(broken([spot(y) for y in reach]) + " Z", "dh", 2.2, "dh", 0.14)
    d.path(broken([spot(y) for y in small]) + " Z", None, 1.6).set("stroke-dasharray", "3 4")
    way = np.vstack([np.zeros(2), made.path(made.J.T, TIMES)])
    d.path(broken([spot(y) for y in way]), "voltage", 2.2, dashed=True)
    d.arrow([spot(np.zeros(2)), spot(made.J @ made.back)], "backprop", 3)
    d.arrow([spot(np.zeros(2)), spot(made.e)], "dh", 3, dashed=False)
    d.circle(*spot(made.e), 9, "error", width=2.6)
    _words(d, made)
    return d.svg()


def missed(made: TwoOutputs) -> float:
    """The error that is left when the push along the transpose has cost as much as the least."""
    return float(np.linalg.norm(made.e - made.J @ made.back))


def _label(made: TwoOutputs) -> str:
    return (
        "The plane of two outputs. Pushes of one effort reach an ellipse, and the target lies on "
        f"its edge: the least effort is {made.H:.2f}. The push along the transpose that costs as much "
        f"ends {missed(made):.2f} from the target; random feedback reaches a smaller ellipse and "
        f"has to spend {made.H_random:.2f}."
    )


def _words(d: Drawing, made: TwoOutputs) -> None:
    left, most = 400.0, 170.0
    d.say(left, 40, "Effort to reach the target", bold=True, fixed=True)
    for k, (words, effort, colour) in enumerate(
        (("least", made.H, "dh"), ("random feedback", made.H_random, None))
    ):
        y = 56.0 + 44 * k
        d.say(left, y + 10, words, fixed=True)
        end = left + most * min(effort / 4, 1.0)
        d.path(f"M{left:.1f},{y + 16:.1f} H{end:.1f} v14 H{left:.1f} Z", colour, 1.5, colour,
               0.8)  # fmt: skip
        d.say(left + most + 8, y + 28, decimals(effort, 2), fixed=True)
    rows = (("reached with the least effort", "dh", "area"),
            ("same effort, random feedback", None, "dotted"),
            ("same effort along Jᵀe", "backprop", "arrow"),
            ("way of the controller with Jᵀ", "voltage", "dashed"))  # fmt: skip
    for k, (words, colour, kind) in enumerate(rows):
        y = 190.0 + 24 * k
        line = [(left, y), (left + 28, y)]
        if kind == "area":
            d.path(f"M{left:.1f},{y - 6:.1f} h28 v12 h-28 Z", colour, 2, colour, 0.14)
        elif kind == "arrow":
            d.arrow(line, colour, 3)
        elif kind == "dotted":
            d.path(broken(line), None, 1.6).set("stroke-dasharray", "3 4")
        else:
            d.path(broken(line), colour, 2.2, dashed=True)
        d.say(left + 36, y + 4, words, fixed=True)

"""A softmax leaves a constant free: which voltages say the same, and which of them cost least."""

from __future__ import annotations

import numpy as np

from ....teaching.chart import Panel, Series
from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing, put_chart

Array = np.ndarray


def best(basal: Array, target: Array) -> float:
    """The constant that costs least: the mean of b - log y. basal, target: (n,)."""
    return float(np.mean(np.asarray(basal, float) - np.log(np.asarray(target, float))))


def cost(basal: Array, target: Array, c: Array | float) -> Array:
    """The output's energy |log y + c - b|^2 / 2 for constants c (K,)."""
    gap = np.log(np.asarray(target, float)) - np.asarray(basal, float)
    return np.asarray(((gap + np.asarray(c, float)[..., None]) ** 2).sum(axis=-1) / 2)


def draw_constant(basal: Array, target: Array, c: float | None = None) -> str:
    """The output's energy over the constant, and the voltages that it chooses beside the basal
    drive.

    basal: (n,) of the output neurons. target: (n,) probabilities above 0. c: the constant; the best
    if not given. For ``explore``: c from best - 4 to best + 4.
    """
    basal, target = np.asarray(basal, float), np.asarray(target, float)
    middle = best(basal, target)
    c = middle if c is None else float(c)
    here, least = float(cost(basal, target, c)), float(cost(basal, target, middle))
    d = Drawing(
        700, 316,
        "The energy of a softmax output over the constant that is added to its voltages: a "
        f"parabola. It is least, {least:.2f}, where the constant is {middle:.2f}; at {c:.2f} it is "
        f"{here:.2f}. Beside it, the voltages that this constant chooses, and the basal drives.",
    )  # fmt: skip
    far = np.linspace(middle - 4, middle + 4, 90)
    panels = [_parabola(basal, target, far), _voltages(basal, target, c, middle)]
    left, _ = put_chart(d, panels, 0, 0, 700, 196)
    low = left.at(middle, least)
    d.path(f"M{low.x:.1f},{low.y:.1f} V{left.bottom:.1f}", None, 1.4).set("stroke-dasharray", "3 3")
    d.say(low.x + 6, left.bottom - 8, f"c = {decimals(middle, 2)}", fixed=True)
    d.circle(*left.at(c, here), 6.5, None, "rate", width=1.5)
    d.say(left.right, 18, f"energy {decimals(here, 2)}", "end", bold=True, fixed=True)
    return d.svg()


def _parabola(basal: Array, target: Array, c: Array) -> Panel:
    energy = cost(basal, target, c)
    return Panel(
        "Energy of the output", "constant c", "energy", [Series("", c, energy, colour="error")],
        x_range=(float(c[0]), float(c[-1])), y_range=(0.0, 1.15 * float(energy.max())),
    )  # fmt: skip


def _voltages(basal: Array, target: Array, c: float, middle: float) -> Panel:
    """Bars of what the network predicts, and points at the clamp; the ghost is the best clamp."""
    classes, log = np.arange(float(len(basal))), np.log(target)
    ends = np.concatenate([basal, log + middle - 4, log + middle + 4])
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    return Panel(
        "Voltages of the output", "class", "voltage",
        [Series("basal drive b", classes, basal, "points", colour="basal"),
         Series("log y + c", classes, log + c, "points", colour="apical"),
         Series("at the best c", classes, log + middle, "points", colour="apical", ghost=True)],
        x_names=[str(i) for i in range(len(basal))], x_range=(-0.6, len(basal) - 0.4),
        y_range=(low - 0.5, high + 0.5),
    )  # fmt: skip

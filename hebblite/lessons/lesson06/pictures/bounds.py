"""How the least effort goes with the error, and what the kink of a relu does to it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import number
from ..runs.sandwich import Sandwich

Array = np.ndarray


def draw_sandwich(made: Sandwich) -> str:
    """The least effort against |e|^2 between the bounds of small errors, and both divided by
    |e|^2, where the bounds are level. One curve for each direction of the error."""
    squared, ones = made.squared, np.ones_like(made.squared)
    panels = []
    for title, y_label, unit in (
        ("The least effort between its bounds", "H*", squared),
        ("The same, divided by |e|²", "H* / |e|²", ones),
    ):
        curves = [
            Series("H*, one line for each direction of e" if k == 0 else "", squared, row,
                   "line" if unit is squared else "line+points", colour="apical")
            for k, row in enumerate(made.H / squared * unit)
        ]  # fmt: skip
        ends = [
            Series(
                "bounds for small errors" if k == 0 else "", squared, end * unit, colour="layer3"
            )
            for k, end in enumerate((made.low, made.high))
        ]
        shade = Series("", squared, made.high * unit, "band", made.low * unit, colour="layer3")
        panels.append(
            Panel(title, "|e|²", y_label, [shade, *ends, *curves], x_log=True, y_log=True)
        )
    out = squared[~made.inside.all(axis=0)]
    where = f"outside lie some from |e|² = {out.min():.2g} on" if len(out) else "none lies outside"
    label = (
        "Two charts of the least effort against the squared error on logarithmic axes, with its "
        f"two bounds, which are {made.high / made.low:.1f} times apart. Of {made.H.size} points "
        f"{int(made.inside.sum())} lie between them; {where}."
    )
    return chart(panels, label, 680, 230)


def slopes_at_0(v: Array, H: Array) -> tuple[float, float]:
    """The slopes of H on the left and on the right of v = 0, by differences."""
    k = int(np.argmin(np.abs(v)))
    slopes = np.diff(H[k - 1 : k + 2]) / np.diff(v[k - 1 : k + 2])
    return float(slopes[0]), float(slopes[1])


def draw_kink(curves: Mapping[str, tuple[Array, Array]]) -> str:
    """Effort over the voltage of one hidden neuron, one panel for each activation; where the slope
    jumps at 0, both slopes are drawn.

    curves: by activation ("tanh", "relu") the voltages v (T,), 0 among them, and the effort H
    there (T,), such as ``runs.geometry.over_voltage`` makes.
    """
    top = 1.1 * max(float(H.max()) for _, H in curves.values())
    panels, said = [], []
    for name, (v, H) in curves.items():
        k, (left, right) = int(np.argmin(H)), slopes_at_0(v, H)
        series, jumps = [Series("effort H", v, H, colour="rate")], abs(right - left) > 0.1
        words = f"has a kink at 0, where its slope jumps from {left:.2f} to {right:.2f},"
        if jumps:
            reach = np.array([-0.7, 0.7])
            tangents = [H[np.argmin(np.abs(v))] + slope * reach for slope in (left, right)]
            series += [
                Series(words, reach, line, colour="backprop")
                for words, line in zip(("its two slopes at 0", ""), tangents, strict=True)
            ]
        series.append(Series("least", v[k : k + 1], H[k : k + 1], "points", colour="apical"))
        panels.append(
            Panel(f"{name}: {'a kink' if jumps else 'smooth'}", "voltage of the hidden neuron",
                  "effort H", series, y_range=(0, top))
        )  # fmt: skip
        at = number(round(float(v[k]), 2) + 0.0)
        said.append(f"with {name} it {words if jumps else 'is smooth'} and least at {at}")
    label = f"Effort over the voltage of one hidden neuron: {'; '.join(said)}."
    return chart(panels, label, 680, 190)

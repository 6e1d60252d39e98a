"""How the least effort goes with the error, and what the kink of a relu does to it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import number

Array = np.ndarray


def draw_sandwich(squared: Array, H: Array, low: float, high: float) -> str:
    """The least effort against |e|^2, between the two bounds of small errors.

    squared: |e|^2 of K errors along each of D directions, (K,). H: H*, (D, K), or (K,) for one
    direction. low, high: 1/(2 s_max) and 1/(2 s_min), the bounds divided by |e|^2.
    """
    squared, H = np.asarray(squared, float), np.atleast_2d(np.asarray(H, float))
    many = np.tile(squared, (len(H), 1))
    ratio = H / many
    inside = (ratio >= low * (1 - 1e-6)) & (ratio <= high * (1 + 1e-6))
    out = squared[~inside.all(axis=0)]
    series = [
        Series("", squared, high * squared, "band", low * squared, colour="layer3"),
        Series("|e|² / 2 s, smallest s and largest s", squared, high * squared, colour="layer3"),
        Series("", squared, low * squared, colour="layer3"),
        Series("H*", many.ravel(), H.ravel(), "points", colour="apical"),
    ]  # fmt: skip
    where = f"from |e|² = {out.min():.2g} on some lie outside" if len(out) else "all lie within"
    label = (
        "Chart of the least effort against the squared error on logarithmic axes, with two bounds "
        f"that are {high / low:.1f} times apart. Of {H.size} points {int(inside.sum())} lie "
        f"between them; {where}."
    )
    panel = Panel(
        "The least effort between its two bounds", "|e|²", "least effort H*", series, x_log=True,
        y_log=True, x_range=(0.8 * float(squared.min()), 1.25 * float(squared.max())),
    )  # fmt: skip
    return chart([panel], label, 520, 280)


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

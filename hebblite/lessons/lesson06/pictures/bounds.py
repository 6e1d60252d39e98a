"""How the least effort goes with the error, and what the kink of a relu does to it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart

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
        Series("bounds of small errors", squared, high * squared, colour="backprop"),
        Series("", squared, low * squared, colour="backprop"),
        Series("H*", many.ravel(), H.ravel(), "points", colour="dh"),
    ]  # fmt: skip
    where = f"from |e|² = {out.min():.2g} on some lie outside" if len(out) else "all lie within"
    label = (
        "Chart of the least effort against the squared error on logarithmic axes, with two bounds "
        f"that are {high / low:.1f} times apart. Of {H.size} points {int(inside.sum())} lie "
        f"between them; {where}."
    )
    panel = Panel(
        "Between two bounds", "|e|²", "least effort H*", series, x_log=True, y_log=True,
        x_range=(float(squared.min()), float(squared.max())),
    )  # fmt: skip
    return chart([panel], label, 520, 280)


def draw_kink(curves: Mapping[str, tuple[Array, Array]]) -> str:
    """Effort over the voltage of one hidden neuron, one panel for each activation.

    curves: by activation ("tanh", "relu") the voltages v (T,) and the effort H there (T,).
    """
    panels, said = [], []
    for name, (v, H) in curves.items():
        v, H = np.asarray(v, float), np.asarray(H, float)
        k = int(H.argmin())
        kink = [("x", 0.0, "kink")] if name == "relu" else []
        panels.append(
            Panel(name, "voltage of the hidden neuron", "effort H",
                  [Series("H", v, H, colour="rate"),
                   Series("least", v[k : k + 1], H[k : k + 1], "points", colour="dh")],
                  y_range=(0, 1.1 * float(H.max())), marks=kink)
        )  # fmt: skip
        at = (
            "at the kink"
            if name == "relu" and abs(v[k]) < 1.5 * (v[1] - v[0])
            else f"at {v[k]:.2f}"
        )
        said.append(f"with {name} it is least {at}")
    label = f"Effort over the voltage of one hidden neuron: {'; '.join(said)}."
    return chart(panels, label, 680, 170)

"""The least effort over a weight, touched from above by the effort with the push kept."""

from __future__ import annotations

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import decimals, minus
from ..runs.envelope import WEIGHTS, Touch, kept, least_push, touch

Array = np.ndarray

START = 0.4
OTHERS = (
    -2.0,
    -0.8,
    -0.3,
    0.0,
    0.3,
    0.8,
    2.0,
)  # weights whose pushes are kept, in the pale parabolas
AWAY = np.geomspace(0.02, 0.6, 9)  # from the weight, in the right panel
TOP = 3.2


def draw_envelope(w: float = START) -> str:
    """Left: H* over the weight w, and the effort of pushes that are kept while w changes; that of
    the least push at this w touches H*. Right: how far above H* it is next to w.

    For ``explore``: w from -2.4 to 2.4.
    """
    at = touch(w)
    best = kept(least_push(WEIGHTS), WEIGHTS)
    pale = [
        Series("other pushes, kept" if k == 0 else "", WEIGHTS, kept(float(least_push(o)), WEIGHTS),
               ghost=True, colour="apical")
        for k, o in enumerate(OTHERS)
    ]  # fmt: skip
    near = np.array([w - 1.0, w + 1.0])
    point = np.array([at.w]), np.array([at.H])
    left = Panel(
        f"Slope {decimals(at.slope, 2)} for both", "weight w", "effort",
        [*pale,
         Series("this push, kept", WEIGHTS, kept(at.a_1, WEIGHTS), colour="apical"),
         Series("least effort H*(w)", WEIGHTS, best, colour=0),
         Series("slope −a₂ r₁", near, at.H + at.slope * (near - w), colour="backprop"),
         Series("", *point, "points", colour="apical")],
        x_range=(float(WEIGHTS[0]), float(WEIGHTS[-1])), y_range=(0, TOP),
    )  # fmt: skip
    right = Panel(
        "What keeping the push costs", "distance from w", "H − H*",
        [Series("ten times nearer, a hundred times less", AWAY, AWAY**2, ghost=True,
                colour="layer3"),
         Series("measured", AWAY, cost(at), "line+points", colour="apical")],
        x_log=True, y_log=True, x_range=(0.015, 0.8), y_range=(1e-6, 1),
    )  # fmt: skip
    more = cost(at)
    label = (
        f"Left: the least effort over the weight. At w = {w:.1f} it is {at.H:.2f}; the effort with "
        f"the push kept touches it from above, and both have the slope {decimals(at.slope, 2)}. "
        f"Right: {AWAY[0]:.2f} away from w keeping the push costs {more[0]:.1e} more, "
        f"{AWAY[-1]:.1f} away {more[-1]:.1e}."
    )
    return chart([left, right], minus(label), 680, 220)


def cost(at: Touch) -> Array:
    """How far above H* the effort with the push kept is, the mean of both sides, (9,)."""
    sides = [
        kept(at.a_1, at.w + sign * AWAY) - kept(least_push(at.w + sign * AWAY), at.w + sign * AWAY)
        for sign in (1, -1)
    ]
    return np.asarray(np.mean(sides, axis=0))

"""Of which order an error is: the residual of a step over the strength, both axes logarithmic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..chart import Panel, Series, chart, number
from ..numerals import rounded
from .kinds import slope_of

Array = np.ndarray
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
GUIDES = (1, 2)


def draw_order(
    strengths: Sequence[float], residuals: Array | Sequence[Sequence[float]], power: int,
    floor: float = 0.0,
) -> str:  # fmt: skip
    """The world whose residual shrinks least, and guides of first and second order.

    strengths: (S,). residuals: (worlds, S), the largest difference of the two sides. power: the
    order that the step claims. floor: what is below it is rounding, and is not drawn."""
    k, worst = np.asarray(strengths, float), worst_of(strengths, residuals, floor)
    seen = np.isfinite(worst) & (worst > max(floor, 0.0))
    series = []
    if seen.any():
        series.append(Series("difference of the two sides", k[seen], worst[seen], "line+points",
                             colour="error"))  # fmt: skip
        at, height = float(k[seen][-1]), float(worst[seen][-1])
        for p in sorted({*GUIDES, power}):
            name = f"order {p}" + (", as the step claims" if p == power else "")
            series.append(Series(name, k, height * (k / at) ** p, colour=p, ghost=p != power))
    panel = Panel(
        "How the difference shrinks", "strength", "largest difference",
        series, x_log=True, y_log=True,
    )  # fmt: skip
    return chart([panel], in_words(k, worst, seen, power), width=420, height=170)


def worst_of(
    strengths: Sequence[float], residuals: Array | Sequence[Sequence[float]], floor: float = 0.0
) -> Array:
    """The residuals (S,) of the world in which they shrink least; of several, the largest."""
    rows = np.atleast_2d(np.asarray(residuals, float))
    found = [slope_of(strengths, row, floor) for row in rows]
    sloped = [np.inf if not np.isfinite(slope) else slope for slope in found]
    near = [i for i, slope in enumerate(sloped) if slope <= min(sloped) + 0.05 or slope == np.inf]
    near = [i for i in near if sloped[i] < np.inf] or near
    return np.asarray(rows[max(near, key=lambda i: np.nan_to_num(rows[i], nan=0.0).max())])


def two_digits(value: float) -> str:
    """A number of a chart in words."""
    return rounded(value, 2) if abs(value) < 1e300 else "not a number"


def in_words(k: Array, worst: Array, seen: Array, power: int) -> str:
    """The chart for those who do not see it."""
    if not seen.any():
        return "Chart of the difference of the two sides over the strength: it is below rounding."
    points = ", ".join(
        f"{two_digits(r)} at {number(float(s))}" for s, r in zip(k[seen], worst[seen], strict=True)
    )
    slope = slope_of(list(k[seen]), worst[seen])
    found = f" Its slope is {slope:.2f}; the step claims {power}." if np.isfinite(slope) else ""
    return (
        "Chart of the largest difference of the two sides over the strength, both "
        f"axes logarithmic: {points}.{found}"
    )

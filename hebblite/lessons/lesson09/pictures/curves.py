"""Charts of theorem T6: the value at rest over the nudge, and how fast the estimate gets right."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import decimals, minus

Array = np.ndarray

#: How the two ways to nudge are called, how they look, and the power of the nudge with which their
#: error goes.
WAYS = {
    "one-sided": ("from one side", "voltage", 1), "centred": ("to both sides", "layer2", 2),
}  # fmt: skip


def draw_value(curve: Mapping[str, Array], at: float = 0.0) -> str:
    """E + nudge * loss at rest over the nudge with its tangent, whose slope is the loss there; and
    the slope of that curve, by differences, on the loss itself.

    curve: ``nudge`` (T,) from the lowest up, ``value`` (T,), E + nudge * loss at rest, and ``loss``
    (T,), the loss at rest; of one input or the mean over a batch. at: where the tangent
    touches, near one of the nudges: for ``explore`` too.
    """
    nudge, value, loss = (np.asarray(curve[k], float) for k in ("nudge", "value", "loss"))
    k = int(np.argmin(np.abs(nudge - at)))
    tangent = value[k] + loss[k] * (nudge - nudge[k])
    between = (nudge[1:] + nudge[:-1]) / 2
    slope = np.diff(value) / np.diff(nudge)
    here = slice(k, k + 1)
    room = 0.08 * float(np.ptp(value) or 1.0)
    panels = [
        Panel(
            f"Its slope here is the loss, {decimals(loss[k], 2)}", "nudge", "F = E + nudge · loss",
            [Series("at rest", nudge, value, colour="voltage"),
             Series("tangent", nudge, tangent, colour="error"),
             Series("", nudge[here], value[here], "points", colour="rate")],
            y_range=(float(value.min()) - room, float(value.max()) + 3 * room),
        ),
        Panel(
            "Slope and loss, side by side", "nudge", "loss",
            [Series("loss at rest", nudge, loss, colour="error"),
             Series("slope of the left curve", between, slope, "points", colour="voltage"),
             Series("", nudge[here], loss[here], "points", colour="rate")],
            y_range=(0.0, 1.15 * float(max(loss.max(), slope.max()))),
        ),
    ]  # fmt: skip
    off = float(np.abs(slope - (loss[1:] + loss[:-1]) / 2).max())
    label = (
        f"Left: E + nudge times loss at rest over the nudge, from {nudge[0]:g} to {nudge[-1]:g}. "
        f"At a nudge of {nudge[k]:g} it is {value[k]:.3f}, and its tangent has the slope "
        f"{loss[k]:.3f}, which is the loss there. Right: the loss at rest and the slope of the "
        f"left curve by differences; they are at most {off:.2g} apart."
    )
    return chart(panels, minus(label), 680, 220)


def powers(nudge: Array, error: Array) -> float:
    """The slope of error against nudge on logarithmic axes: the power of the nudge with which the
    error goes, fitted to the median over seeds at the smaller half of the nudges."""
    few = max(2, (len(nudge) + 1) // 2)
    middle = np.median(np.atleast_2d(error), axis=0)
    return float(np.polyfit(np.log(nudge[:few]), np.log(middle[:few]), 1)[0])


def draw_estimate(errors: Mapping[str, Array]) -> str:
    """How far the contrastive update over the span of the nudges is from minus the gradient, over
    the nudge, on logarithmic axes, with lines of slope 1 and 2.

    errors: ``nudge`` (T,), from the least > 0 up, and for some of WAYS the relative error, (T,) or
    (S, T) with a row for each seed: their median is drawn, and their range shaded.
    """
    nudge = np.asarray(errors["nudge"], float)
    series: list[Series] = []
    said: list[str] = []
    for name, (words, colour, power) in WAYS.items():
        if name not in errors:
            continue
        rows = np.atleast_2d(np.asarray(errors[name], float))
        middle, found = np.median(rows, axis=0), powers(nudge, rows)
        line = middle[0] * (nudge / nudge[0]) ** power
        if len(rows) > 1:
            series.append(Series("", nudge, rows.max(0), "band", low=rows.min(0), colour=colour))
        series.append(
            Series("" if said else "slopes 1 and 2", nudge, line, ghost=True, colour="layer3")
        )
        series.append(
            Series(f"{words}: slope {found:.2f}", nudge, middle, "line+points", colour=colour)
        )
        said.append(
            f"{words}: the error goes from {middle[0]:.1e} at {nudge[0]:g} to {middle[-1]:.1e} at "
            f"{nudge[-1]:g}, with a slope of {found:.2f} (the line: {power})"
        )
    panel = Panel(
        "A smaller nudge, a better estimate", "nudge", "relative error of the estimate", series,
        x_log=True, y_log=True,
    )  # fmt: skip
    label = f"Error of the contrastive estimate on logarithmic axes. {'; '.join(said)}."
    return chart([panel], minus(label), 600, 260)

"""One neuron under control. With an integral time is logarithmic: the first drop takes
milliseconds, the rest a second."""

from __future__ import annotations

import numpy as np

from ....teaching.chart import Panel, Series, chart, decimals
from ..runs.plant import Array, at_rest

TIME = "time (s), logarithmic from 1 ms"
STEPS = np.unique(np.geomspace(1, 1000, 150).round().astype(int))  # those that are drawn
SECONDS = 1e-3 * STEPS
SHORT = 101  # steps of 1 ms in which a proportional controller has come to rest


def draw_gains(errors: dict[float, Array], guess: float | None = None) -> str:
    """Errors (T,) of one neuron under proportional control, for several gains, with the share (%)
    that the learner predicted for the gain 4."""
    series, said = [], []
    for k, (k_p, e) in enumerate(errors.items()):
        name = f"k_p = {k_p:g}: rests at {e[-1]:.2f}"
        series.append(Series(name, np.arange(SHORT), e[:SHORT], colour=k))
        said.append(f"{e[-1]:.2f} for k_p = {k_p:g}")
    label = (
        "Line chart of the error of one neuron over 100 ms, for several proportional gains. It "
        f"comes to rest at {', '.join(said)}."
    )
    marks = [] if guess is None else [("y", guess / 100, f"you said {guess:g} % for k_p = 4")]
    panel = Panel("Push in proportion to the error", "time (ms)", "error e", series,
                  x_range=(0.0, SHORT - 1.0), y_range=(0.0, 1.05), marks=marks)  # fmt: skip
    return chart([panel], label, 600, 210)


def draw_plant(
    e: Array, u_int: Array, k_p: float, k_i: float, leak: float, start: Array | None = None
) -> str:
    """One neuron under control for a second: error e (T,) in steps of 1 ms, and the two parts of u.
    start: an error to compare with, drawn as a ghost."""
    rest = e[0] * at_rest(k_p, k_i, leak)
    left, proportional = round(float(e[-1]), 4) + 0.0, round(k_p * float(e[-1]), 2) + 0.0
    below = ", after falling below zero" if e.min() < -0.005 else ""
    label = (
        f"Two line charts over one second for gains k_p {k_p:g}, k_i {k_i:g}, leak {leak:g}. Left: "
        f"the error goes from {e[0]:.2f} to {left:.4f}{below}; at rest it would be {rest:.3f}. "
        f"Right: at the end the proportional part is {proportional:.2f} and the integral "
        f"{u_int[-1]:.2f}."
    )
    axis = (1e-3, 1.0)
    errors = [Series("error", SECONDS, e[STEPS], colour="error")]
    if start is not None:
        errors.append(
            Series("with the first settings", SECONDS, start[STEPS], colour="error", ghost=True)
        )
    parts = [Series("k_p e", SECONDS, k_p * e[STEPS], colour="error"),
             Series("memory u_int", SECONDS, u_int[STEPS], colour="apical")]  # fmt: skip
    panels = [
        Panel("The error", TIME, "error e", errors, x_log=True, x_range=axis,
              y_range=(-0.65, 1.05), marks=[("y", rest, f"at rest: {rest:.3f}")]),
        Panel("Who does the pushing?", TIME, "part of u", parts, x_log=True, x_range=axis,
              y_range=(-2.0, 5.2)),
    ]  # fmt: skip
    words = f"<p>Error after one second: {decimals(left, 4)}. At rest: {decimals(rest, 4)}.</p>"
    return words + chart(panels, label)

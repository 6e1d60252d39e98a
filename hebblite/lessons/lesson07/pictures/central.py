"""The central measurement: error, feedback, latency and H* over training, DH beside backprop.

A course is one training run (``hebblite.losses.Course``): its ``losses`` have a list over epochs,
from epoch 0, the start, for each name of QUANTITIES.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np

from ....teaching.chart import Panel, Series, chart, limits
from ....teaching.schematic import Drawing

Array = np.ndarray


class Course(Protocol):
    """What is read of a training run."""

    @property
    def method(self) -> str: ...
    @property
    def sizes(self) -> tuple[int, ...]: ...
    @property
    def hidden(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def losses(self) -> Mapping[str, list[float]]: ...


#: What is drawn, by its name in ``losses``: words for an axis, and a factor to its unit.
QUANTITIES = {
    "error": ("|e|", 1.0),
    "feedback": ("feedback", 1.0),
    "latency": ("latency (ms)", 1000.0),
    "least": ("H*", 1.0),
}
METHODS = {"dh": "DH", "backprop": "backprop"}
HIDDEN = ("tanh", "sigmoid", "relu")


def table(
    courses: Iterable[Course], method: str, hidden: str, sizes: tuple[int, ...], name: str
) -> Array:
    """One quantity of the runs of one kind as it is drawn, (seeds, epochs + 1)."""
    rows = [
        c.losses[name] for c in courses
        if (c.method, c.hidden, tuple(c.sizes)) == (method, hidden, tuple(sizes))
    ]  # fmt: skip
    least = min(map(len, rows))  # a run that broke down is shorter
    return QUANTITIES[name][1] * np.array([row[:least] for row in rows])


def draw_central(courses: Iterable[Course], sizes: tuple[int, ...] = (784, 64, 64, 10)) -> str:
    """A row for each quantity, a column for each activation: the median of the seeds over epochs,
    and the band from the lowest to the highest."""
    courses, said, rows = list(courses), [], []
    for name, (words, _) in QUANTITIES.items():
        panels, first, last = [], name == "error", name == "least"
        found = {
            (hidden, method): table(courses, method, hidden, sizes, name)
            for hidden in HIDDEN for method in METHODS
        }  # fmt: skip
        y_range = limits(list(found.values()), log=True)
        for hidden in HIDDEN:
            series = []
            for method, called in METHODS.items():
                y = found[hidden, method]
                x, middle = np.arange(float(y.shape[1])), np.median(y, axis=0)
                series.append(Series("", x, y.max(0), "band", low=y.min(0), colour=method))
                series.append(Series(called if last else "", x, middle, colour=method))
                said.append(f"{words}, {hidden}, {called}: {middle[0]:.3g} to {middle[-1]:.3g}")
            title, axis = hidden if first else "", "epoch" if last else ""
            panels.append(Panel(title, axis, words, series, y_log=True, y_range=y_range))
        rows.append(chart(panels, "", 680, 112))
    label = (
        "Error, feedback, latency and H* over epochs, the median and the range of the seeds, for "
        f"DH and for backprop. {'; '.join(said)}."
    )
    heights = [float(row.split('viewBox="')[1].split('"')[0].split()[-1]) for row in rows]
    d = Drawing(680, sum(heights), label)
    for row, y in zip(rows, np.r_[0, np.cumsum(heights)[:-1]], strict=True):
        d.put(row, 0, float(y))
    return d.svg()


def draw_equal(
    courses: Iterable[Course], hidden: str = "tanh", sizes: tuple[int, ...] = (784, 64, 64, 10)
) -> str:
    """At equal error: H*, latency and feedback against |e| over training, one line for each seed
    from epoch 1 on, for DH and backprop."""
    courses, panels, said = list(courses), [], []
    for name in ("least", "latency", "feedback"):
        words, series = QUANTITIES[name][0], []
        for method, called in METHODS.items():
            errors = table(courses, method, hidden, sizes, "error")[:, 1:]
            values = table(courses, method, hidden, sizes, name)[:, 1:]
            for k, (e, y) in enumerate(zip(errors, values, strict=True)):
                series.append(Series("" if k else called, e, y, "line+points", colour=method))
        panels.append(Panel(words, "error |e|", words, series, x_log=True, y_log=True))
        a, b = (_at_least_error(courses, method, hidden, sizes, name) for method in METHODS)
        said.append(f"{words}: DH {a:.3g}, backprop {b:.3g}")
    label = (
        f"H*, latency and feedback against the error, over training, {hidden}. At the smallest "
        f"error that all runs reach, in the median over seeds: {'; '.join(said)}."
    )
    return chart(panels, label, 680, 200)


def _at_least_error(
    courses: list[Course], method: str, hidden: str, sizes: tuple[int, ...], name: str
) -> float:
    """The median over seeds of a quantity, at the smallest error that all runs come down to."""
    least = max(
        float(table(courses, other, hidden, sizes, "error").min(axis=1).max()) for other in METHODS
    )
    errors = table(courses, method, hidden, sizes, "error")
    values = table(courses, method, hidden, sizes, name)
    found = []
    for e, y in zip(np.log(errors), np.log(values), strict=True):
        order = np.argsort(e)
        found.append(np.exp(np.interp(np.log(least), e[order], y[order])))
    return float(np.median(found))

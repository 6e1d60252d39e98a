"""The central measurement: error, feedback, latency and H* over training, DH beside backprop.

A course is one training run (``hebblite.losses.Course``): its ``losses`` have a list over epochs,
from epoch 0, the start, for each name of QUANTITIES.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ....losses import Course
from ....losses.courses import pairs, ratio
from ....teaching.chart import Panel, Series, chart, limits, log_ticks
from ....teaching.schematic import Drawing
from .axes import put_chart

Array = np.ndarray

#: What is drawn, by its name in ``losses``: words for an axis, and a factor to its unit.
QUANTITIES = {
    "error": ("|e|", 1.0),
    "feedback": ("feedback spent", 1.0),
    "latency": ("latency (ms)", 1000.0),
    "least": ("H*", 1.0),
}
METHODS = {"dh": "DH", "backprop": "backprop"}
AT_EQUAL = ("least", "latency", "feedback")
SIZES = (784, 64, 64, 10)
OVERLAP = 26.0  # pixels of a row of panels that hold no word, above and below
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


def draw_central(courses: Iterable[Course], sizes: tuple[int, ...] = SIZES) -> str:
    """A row for each quantity, a column for each activation: the median of the seeds over epochs,
    and the band from the lowest to the highest."""
    courses, said, rows = list(courses), [], []
    for name, (words, _) in QUANTITIES.items():
        panels, first, last = [], name == "error", name == "least"
        found = {
            (hidden, method): table(courses, method, hidden, sizes, name)
            for hidden in HIDDEN for method in METHODS
        }  # fmt: skip
        y_range = _decades(*limits(list(found.values()), log=True))
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
        rows.append(chart(panels, "", 680, 100))
    label = (
        "Error, feedback, latency and H* over epochs, the median and the range of the seeds, for "
        f"DH and for backprop. {'; '.join(said)}."
    )
    heights = [float(row.split('viewBox="')[1].split('"')[0].split()[-1]) for row in rows]
    tops = np.cumsum([0.0, *(height - OVERLAP for height in heights[:-1])]).tolist()
    d = Drawing(680, tops[-1] + heights[-1], label)
    for row, top in zip(rows, tops, strict=True):
        d.put(row, 0, top)
    return d.svg()


def _decades(low: float, high: float) -> tuple[float, float]:
    """A range with many ticks up to whole powers of ten, which alone are then written."""
    if len(log_ticks(low, high)) <= 6:
        return low, high
    return float(10 ** np.floor(np.log10(low))), float(10 ** np.ceil(np.log10(high)))


def draw_equal(
    courses: Iterable[Course], hidden: str = "tanh", sizes: tuple[int, ...] = SIZES
) -> str:
    """At equal error: H*, latency and feedback against |e| over training, one line for each seed
    from epoch 1 on, for DH and backprop."""
    courses, panels, said = list(courses), [], []
    beside = pairs(courses, "dh", "backprop")[tuple(sizes), hidden]
    for name in AT_EQUAL:
        words, series = QUANTITIES[name][0], []
        for method, called in METHODS.items():
            errors = table(courses, method, hidden, sizes, "error")[:, 1:]
            values = table(courses, method, hidden, sizes, name)[:, 1:]
            for k, (e, y) in enumerate(zip(errors, values, strict=True)):
                series.append(Series("" if k else called, e, y, colour=method))
        top = 1.08 * max(float(line.y.max()) for line in series)
        panels.append(Panel(words, "error |e|", words, series, y_range=(0.0, top)))
        times = [ratio(one, other, name) for one, other in beside]
        said.append(f"{words} of DH is {min(times):.2f} to {max(times):.2f} times that of backprop")
    label = (
        f"H*, latency and feedback against the error over training, {hidden}, a line for each "
        f"seed. At equal error, {'; '.join(said)}."
    )
    return chart(panels, label, 680, 200)


def draw_ahead(courses: Iterable[Course], sizes: tuple[int, ...] = SIZES) -> str:
    """How many times that of backprop DH's H*, latency and feedback are at equal error: one dot for
    each seed, for each activation. Below the line at 1, DH is ahead."""
    beside, panels, said = pairs(courses, "dh", "backprop"), [], []
    found = {
        (name, hidden): [ratio(one, other, name) for one, other in beside[tuple(sizes), hidden]]
        for name in AT_EQUAL for hidden in HIDDEN
    }  # fmt: skip
    top = 1.1 * max(1.0, *(max(values) for values in found.values()))
    for name in AT_EQUAL:
        words = QUANTITIES[name][0].removesuffix(" (ms)")
        series = []
        for k, hidden in enumerate(HIDDEN):
            y = np.array(found[name, hidden])
            series.append(Series("", np.full(len(y), float(k)), y, "dots", colour="dh"))
            ahead = int((y < 1).sum())
            said.append(
                f"{words}, {hidden}: {y.min():.2f} to {y.max():.2f}, {ahead} of {len(y)} below 1"
            )
        panels.append(
            Panel(words, "", "DH / backprop", series, x_range=(-0.6, 2.6), y_range=(0.0, top),
                  x_names=HIDDEN, bands=[("y", 0.0, 1.0, "")],
                  marks=[("y", 1.0, "the same")])
        )  # fmt: skip
    label = (
        "Dots, one for each seed: how many times that of backprop DH's H*, latency and feedback "
        f"are at equal error. {'; '.join(said)}."
    )
    d = Drawing(680, 256, label)
    for frame in put_chart(d, panels, 0, 0, 680, 180):
        d.say(frame.left + 6, frame.bottom - 7, "less with DH", size=11, fixed=True)
    return d.svg()

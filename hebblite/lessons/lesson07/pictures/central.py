"""The central measurement: error, effort, latency and H* over training, DH beside backprop.

A course is one training run (``hebblite.losses.Course``): its ``losses`` have a list over epochs,
from epoch 0, the start, for each name of QUANTITIES.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ....losses import Course
from ....losses.courses import pairs, ratio
from ....teaching.chart import SHAPES, Panel, Series, chart, limits, log_ticks
from ....teaching.colours import look
from ....teaching.schematic import Drawing, put_chart

Array = np.ndarray

#: What is drawn, by its name in ``losses``: words for an axis, and a factor to its unit.
QUANTITIES = {
    "error": ("|e|", 1.0),
    "feedback": ("spent", 1.0),
    "latency": ("latency (ms)", 1000.0),
    "least": ("H*", 1.0),
}
METHODS = {"dh": "DH", "backprop": "backprop"}
#: What is compared at equal error.
AT_EQUAL = {
    "least": "least effort H*",
    "latency": "latency",
    "gain": "mean eigenvalue of JQ",
    "latency_at_gain_1": "latency × eigenvalue",
}
BESIDE = {"dh": "DH", "backprop slow": "the control: backprop with a third of the step size"}
ROW = 214.0
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
        "Error, what the controller spends, latency and H* over epochs, the median and the range "
        f"of the seeds, for DH and for backprop. {'; '.join(said)}."
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


def draw_ahead(courses: Iterable[Course], sizes: tuple[int, ...] = SIZES) -> str:
    """How many times that of backprop H*, latency, the loop's mean eigenvalue, and latency times
    that eigenvalue are at equal error, for DH and for backprop with shorter steps as a control: one
    dot for each seed, for each activation."""
    courses, said = list(courses), []
    found = {
        (name, hidden, method): np.array([
            ratio(one, other, name)
            for one, other in pairs(courses, method, "backprop")[tuple(sizes), hidden]
        ])
        for name in AT_EQUAL for hidden in HIDDEN for method in BESIDE
    }  # fmt: skip
    for (name, hidden, method), y in found.items():
        said.append(
            f"{AT_EQUAL[name]}, {hidden}, {BESIDE[method]}: {y.min():.2f} to {y.max():.2f}, "
            f"{int((y < 1).sum())} of {len(y)} below 1"
        )
    label = "Dots, one for each seed: how many times backprop's these are at equal error. "
    d = Drawing(560, 2 * ROW + 24, f"{label}{'; '.join(said)}.")
    whole = limits([*found.values(), np.ones(1)])
    for at, name in enumerate(AT_EQUAL):
        _ratios(d, {key[1:]: y for key, y in found.items() if key[0] == name}, name, at, whole)
    for x, (method, words) in zip((58.0, 150.0), BESIDE.items(), strict=True):
        ground, seen = 2 * ROW + 8, look(method.split()[0])
        d.path(SHAPES[seen.shape], None, 0, method.split()[0]).set(
            "transform", f"translate({x},{ground})"
        )
        d.say(x + 12, ground + 4, words, fixed=True)
    return d.svg()


def _ratios(
    d: Drawing, found: dict[tuple[str, str], Array], name: str, at: int, whole: tuple[float, float]
) -> None:
    """One of four panels: the ratios of each activation, DH and the control side by side."""
    series = [
        Series("", np.full(len(y), 3.0 * HIDDEN.index(hidden) + list(BESIDE).index(method)), y,
               "dots", colour=method.split()[0])
        for (hidden, method), y in found.items()
    ]  # fmt: skip
    panel = Panel(AT_EQUAL[name], "", "times backprop's", series, x_range=(-1.0, 8.0),
                  x_names=(" ",), y_range=whole, marks=[("y", 1.0, "")])  # fmt: skip
    frame = put_chart(d, [panel], 280 * (at % 2), ROW * (at // 2), 280, 150)[0]
    for k, hidden in enumerate(HIDDEN):
        d.say(frame.at(3.0 * k + 0.5, 1.0).x, frame.bottom + 18, hidden, "middle", fixed=True)

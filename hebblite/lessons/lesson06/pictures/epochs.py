"""Error and least effort while a network learns, DH beside backprop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ....losses.courses import Course
from ....teaching.chart import Panel, Series, chart
from ....teaching.schematic import Drawing

Array = np.ndarray
Sizes = tuple[int, ...]

LOOKS = {"dh": "dh", "backprop": "backprop", "error-based": "error"}
NAMES = {"dh": "DH"}
TALL = 282.0  # of a row of charts
HIDDEN, METHODS = ("tanh", "sigmoid"), ("dh", "backprop")


def of(courses: Iterable[Course], hidden: str, method: str) -> list[Course]:
    """The courses of one method on networks of one activation: one for each seed."""
    return [c for c in courses if c.hidden == hidden and c.method == method]


def of_size(courses: Iterable[Course], sizes: Sizes | None) -> list[Course]:
    """The courses of networks of these sizes; of those of the first course if none are given."""
    courses = list(courses)
    wanted = courses[0].sizes if sizes is None else tuple(sizes)
    return [c for c in courses if c.sizes == wanted]


def rises(courses: Sequence[Course]) -> dict[int, int]:
    """In which epochs the least effort rose while the error fell, and on how many seeds."""
    found: dict[int, int] = {}
    for course in courses:
        for t in course.rises("least"):
            found[t] = found.get(t, 0) + 1
    return found


def draw_epochs(
    courses: Iterable[Course],
    hidden: Sequence[str] = HIDDEN,
    methods: Sequence[str] = METHODS,
    sizes: Sizes | None = None,
) -> str:
    """Error (the mean over seeds) and least effort (each seed) over epochs, a row of charts for
    each activation.

    courses: from ``hebblite.losses.stored_courses`` or the learner's own. sizes: of the networks
    that are shown. Epochs in which H* rises on some seeds while the error falls are shaded: "↑2, 1"
    means on two seeds with the first method and on one with the second.
    """
    courses = of_size(courses, sizes)
    shown = [(phi, m) for phi in hidden for m in methods if of(courses, phi, m)]
    said = " ".join(_said(of(courses, phi, m), phi, m) for phi, m in shown)
    d = Drawing(680, TALL * len(hidden), f"Line charts over epochs. {said}")
    for k, phi in enumerate(hidden):
        beside = {m: of(courses, phi, m) for m in methods if (phi, m) in shown}
        d.put(chart([_error(phi, beside), _effort(phi, beside)], phi, 680, 170), 0, TALL * k)
    return d.svg()


def values(courses: Sequence[Course], key: str) -> Array:
    """A loss of several seeds over epochs, (S, E+1)."""
    shortest = min(len(c[key]) for c in courses)
    return np.stack([c[key][:shortest] for c in courses])


def _error(phi: str, beside: dict[str, list[Course]]) -> Panel:
    """The mean error over epochs, and a band from the least to the greatest of the seeds."""
    series, top = [], 0.0
    for method, courses in beside.items():
        y, look = values(courses, "error"), LOOKS.get(method)
        epochs = np.arange(float(y.shape[1]))
        if len(y) > 1:
            series.append(Series("", epochs, y.max(0), "band", y.min(0), colour=look))
        name = NAMES.get(method, method)
        series.append(Series(name, epochs, y.mean(0), "line+points", colour=look))
        top = max(top, float(y.max()))
    return Panel(
        f"{phi}: error (shaded: all seeds)", "epoch", "|e|", series, y_range=(0, 1.2 * top)
    )


def _effort(phi: str, beside: dict[str, list[Course]]) -> Panel:
    """The least effort over epochs, a line for each seed. The fall of the first epoch is left out:
    beside it no rise could be seen."""
    series = []
    for method, courses in beside.items():
        for k, H in enumerate(values(courses, "least")[:, 1:]):
            name = NAMES.get(method, method) if k == 0 else ""
            epochs = np.arange(1.0, 1 + len(H))
            series.append(Series(name, epochs, H, "line+points", colour=LOOKS.get(method)))
    up = [rises(courses) for courses in beside.values()]
    epochs_up = sorted({t for found in up for t in found if t > 1})
    bands = [
        ("x", t - 1.0, float(t), "↑" + ", ".join(str(found.get(t, 0)) for found in up))
        for t in epochs_up
    ]
    names = ", ".join(NAMES.get(m, m) for m in beside)
    ends = [float(end) for s in series for end in (s.y.min(), s.y.max())]
    low, high = min(ends), max(ends)
    room = 0.08 * (high - low) or 0.1 * high
    key = f"epoch (↑: seeds with a rise: {names})" if bands else "epoch"
    return Panel(
        f"{phi}: least effort from epoch 1", key, "H*", series, bands=bands,
        x_range=(0.7, max(float(s.x[-1]) for s in series) + 0.3),
        y_range=(low - room, high + (4 if bands else 1) * room),
    )  # fmt: skip


def _said(courses: Sequence[Course], phi: str, method: str) -> str:
    e, H = values(courses, "error").mean(0), values(courses, "least").mean(0)
    up = rises(courses)
    where = ", ".join(f"in epoch {t} on {up[t]} of {len(courses)} seeds" for t in sorted(up))
    rose = f"; it rises while the error falls {where}" if up else ""
    return (
        f"{NAMES.get(method, method)} with {phi}: the error goes from {e[0]:.2f} to {e[-1]:.2f}, "
        f"the least effort from {H[0]:.2f} to {H[-1]:.2f}{rose}."
    )

"""The measured courses of all losses as tables in words (three_losses.py has the plan)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ..losses import Course
from ..losses.courses import Comparison, compare
from .results import aligned

#: The columns of the table at equal error: a loss, and what it is called.
COLUMNS = {
    "least": "H*",
    "latency": "latency",
    "feedback": "feedback",
    "gain": "gain",
    "least_at_gain_1": "H* x gain",
    "latency_at_gain_1": "lat. x gain",
}
LEGEND = """\
|e|: error of the free state; feedback: 1/2 sum |a|^2 of the controller that trains
latency: until |e| <= 0.3 under integral control; H*: the least feedback to the target
gain: mean eigenvalue of J Q; all are means over 64 test digits, and over the seeds
r: correlation with |e| over the epochs of a run, the least over the seeds
rises: H* rises in an epoch while |e| falls, in how many epochs, on how many seeds"""
LEGEND_EQUAL = """\
ratio to backprop where both err equally: geometric mean over errors and seeds, and in
brackets the number of seeds on which it is below 1"""


def grouped(courses: Iterable[Course]) -> dict[tuple[str, tuple[int, ...], str], list[Course]]:
    """Courses of one method and kind of network, by both, in the order of first mention."""
    found: dict[tuple[str, tuple[int, ...], str], list[Course]] = {}
    for course in courses:
        found.setdefault((course.method, *course.kind), []).append(course)
    return found


def fall_table(courses: Iterable[Course]) -> str:
    """What each loss is at the start and in the end, and how it goes with the error."""
    rows: list[Sequence[str]] = [
        ("network", "method", "|e|", "feedback", "latency, ms", "H*", "r: fb", "lat.", "H*",
         "rises", "%")
    ]  # fmt: skip
    for (method, sizes, hidden), runs in grouped(courses).items():
        r = (
            min(c.correlation(name) for c in runs)
            for name in ("feedback", "latency", "least")
        )  # fmt: skip
        rises = [c.rises("least") for c in runs]
        rows.append((
            network(sizes, hidden), method,
            ends(runs, "error"), ends(runs, "feedback"), ends(runs, "latency", 1e3),
            ends(runs, "least"), *(f"{value:.2f}" for value in r),
            f"{sum(map(len, rises))} ({sum(map(bool, rises))}/{len(runs)})",
            f"{np.mean([c['accuracy'][-1] for c in runs]):.1f}",
        ))  # fmt: skip
    return aligned(rows) + "\n\n" + LEGEND


def ends(runs: Sequence[Course], name: str, unit: float = 1.0) -> str:
    """A loss at the start and in the end: the mean over runs."""
    first, last = (unit * np.mean([c[name][t] for c in runs]) for t in (0, -1))
    return f"{first:.3g} > {last:.3g}"


def network(sizes: tuple[int, ...], hidden: str) -> str:
    """784-64-10 tanh."""
    return f"{'-'.join(map(str, sizes))} {hidden}"


def equal_table(courses: Sequence[Course], control: str = "backprop") -> str:
    """Every other method beside the control, at equal error."""
    methods = [m for m in dict.fromkeys(c.method for c in courses) if m != control]
    found = [c for method in methods for c in compare(courses, method, fair(method, control))]
    if not found:
        return "No two courses pass the same error: nothing can be compared."
    rows: list[Sequence[str]] = [("network", "method", *COLUMNS.values())]
    for c in found:
        rows.append((network(c.sizes, c.hidden), c.method, *(cell(c, name) for name in COLUMNS)))
    return aligned(rows) + "\n\n" + LEGEND_EQUAL


def fair(method: str, control: str) -> str:
    """The control that steps as the method does: that of plain steps for a method with them."""
    plain = method.endswith(" sgd") and not method.startswith(control)
    return f"{control} sgd" if plain else control


def cell(found: Comparison, name: str) -> str:
    return f"{found.middle(name):.2f} ({found.below(name)}/{len(found.seeds)})"

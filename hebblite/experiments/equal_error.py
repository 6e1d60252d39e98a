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
    "least_at_gain_1": "H* x g",
    "latency_at_gain_1": "lat. x g",
}
LEGEND = """\
|e|: error of the free state; feedback: 1/2 sum |a|^2 of the controller that
trains; latency: until |e| <= 0.3 under integral control, in ms; H*: the least
feedback that reaches the target. Means over 64 test digits and over the seeds,
at the start > in the end
r: correlation of the three with |e| over the epochs, the least of all seeds
H* up: on how many seeds H* rises in an epoch in which |e| falls"""
LEGEND_EQUAL = """\
How many times the value of backprop it is, where both err equally: the
geometric mean over errors and seeds, and on how many seeds it is below 1
(dh slow, fast and sgd: of backprop with the same steps)
gain, g: mean eigenvalue of J Q; x g: with the gain taken out"""


def networks(courses: Iterable[Course]) -> list[tuple[tuple[int, ...], str]]:
    """The kinds of network that there are, in the order of first mention."""
    return list(dict.fromkeys(c.kind for c in courses))


def table(parts: dict[str, list[Sequence[str]]], header: Sequence[str], legend: str) -> str:
    """Rows in columns of one width, below the name of the network that they are of."""
    rows = [header, *(row for part in parts.values() for row in part)]
    head, *lines = aligned(rows).splitlines()
    text = [head]
    for name, part in parts.items():
        text += ["", name, *lines[: len(part)]]
        lines = lines[len(part) :]
    return "\n".join([*text, "", legend])


def fall_table(courses: Sequence[Course]) -> str:
    """What each loss is at the start and in the end, and how it goes with the error."""
    header = ("method", "|e|", "feedback", "latency", "H*", "r", "H* up")
    parts: dict[str, list[Sequence[str]]] = {}
    for kind in networks(courses):
        here = [c for c in courses if c.kind == kind]
        for method in dict.fromkeys(c.method for c in here):
            runs = [c for c in here if c.method == method]
            r = min(c.correlation(name) for c in runs for name in ("feedback", "latency", "least"))
            up = sum(bool(c.rises("least")) for c in runs)
            parts.setdefault(network(*kind), []).append((
                method, ends(runs, "error"), ends(runs, "feedback"), ends(runs, "latency", 1e3),
                ends(runs, "least"), f"{r:.2f}", f"{up}/{len(runs)}",
            ))  # fmt: skip
    return table(parts, header, LEGEND)


def ends(runs: Sequence[Course], name: str, unit: float = 1.0) -> str:
    """A loss at the start and in the end: the mean over runs."""
    first, last = (unit * np.mean([c[name][t] for c in runs]) for t in (0, -1))
    return f"{short(first)} > {short(last)}"


def short(value: float) -> str:
    """Two digits, and those before the point: 0.021, 6.8, 142."""
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"


def network(sizes: tuple[int, ...], hidden: str) -> str:
    """784-64-10 tanh."""
    return f"{'-'.join(map(str, sizes))} {hidden}"


def equal_table(courses: Sequence[Course], control: str = "backprop") -> str:
    """Every other method beside the control, at equal error."""
    methods = [m for m in dict.fromkeys(c.method for c in courses) if m != control]
    found = [c for m in methods for c in compare(courses, m, fair(m, control))]
    parts: dict[str, list[Sequence[str]]] = {}
    for kind in networks(courses):
        rows: list[Sequence[str]] = [
            (c.method, *(cell(c, name) for name in COLUMNS))
            for c in found
            if (c.sizes, c.hidden) == kind
        ]
        if rows:
            parts[network(*kind)] = rows
    if not parts:
        return "No two courses pass the same error: nothing can be compared."
    return table(parts, ("method", *COLUMNS.values()), LEGEND_EQUAL)


def fair(method: str, control: str) -> str:
    """The control that takes the same steps: for "dh slow" the slow one."""
    name, _, steps = method.partition(" ")
    return f"{control} {steps}" if steps and name != control else control


def cell(found: Comparison, name: str) -> str:
    return f"{found.middle(name):.2f} {found.below(name)}/{len(found.seeds)}"

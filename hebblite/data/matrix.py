"""The matrix that ships with the course: every rule that learns without spikes, in every framework
where it has a meaning, on the packaged digits, five seeds each.

    for cell in stored_matrix():
        print(cell.framework, cell.rule, cell.mean, cell.spread)

``python -m hebblite matrix --stored`` prints the same numbers as a table. They are made by the
command that hebblite/experiments/README.md gives, and each is one run's: the file says of every run
how it differs from the usual plan.
"""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from ..errors import ArgumentError

STORED = "matrix.json"


@dataclass(frozen=True)
class Cell:
    """A rule in a framework, with one kind of hidden layers. accuracies: percent of the test
    digits, one for each of ``seeds``. failures: why training ended early, or None, for each.
    courses: percent after each epoch, for each; short where training ended early."""

    framework: str
    rule: str
    hidden: str
    seeds: tuple[int, ...]
    accuracies: tuple[float, ...]
    failures: tuple[str | None, ...]
    courses: tuple[tuple[float, ...], ...]

    @property
    def mean(self) -> float:
        """Mean accuracy over the seeds, in percent."""
        return statistics.fmean(self.accuracies)

    @property
    def spread(self) -> float:
        """Standard deviation over the seeds, in points; 0 for a single one."""
        return statistics.stdev(self.accuracies) if len(self.accuracies) > 1 else 0.0


def stored_runs() -> list[dict[str, Any]]:
    """What the file has of each run: "plan" (what differs from the usual), "accuracy", "failure",
    "course"."""
    text = (resources.files(__package__) / STORED).read_text("utf-8")
    return list(json.loads(text)["runs"])


@cache
def stored_matrix() -> tuple[Cell, ...]:
    """All cells, in the order of the table."""
    cells: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for made in stored_runs():
        plan = made["plan"]
        cells.setdefault((plan["framework"], plan["rule"], plan["hidden"]), []).append(made)
    return tuple(
        Cell(
            *key,
            seeds=tuple(made["plan"]["seed"] for made in runs),
            accuracies=tuple(made["accuracy"] for made in runs),
            failures=tuple(made["failure"] for made in runs),
            courses=tuple(tuple(made["course"]) for made in runs),
        )
        for key, runs in cells.items()
    )


def stored_cell(framework: str, rule: str, hidden: str | None = None) -> Cell:
    """One cell, by the names of the commands: ``stored_cell("pc", "dh")``. hidden: needed only for
    backprop, which was run with two kinds of hidden layers. ArgumentError if there is no such
    cell."""
    found = [
        cell
        for cell in stored_matrix()
        if (cell.framework, cell.rule) == (framework, rule) and hidden in (None, cell.hidden)
    ]
    if len(found) != 1:
        have = ", ".join(f"{c.framework} {c.rule} {c.hidden}" for c in stored_matrix())
        raise ArgumentError("framework, rule, hidden", f"{framework} {rule} {hidden}", have)
    return found[0]

"""Courses of training: all losses after each epoch, and two of them compared at equal error.

Any method that learns lowers error, feedback and latency together, so that the three fall together
says nothing for one method. A fair question is: *where two networks err equally*, which of them
needs less feedback, and which is quicker? Error falls at another pace with each method. So a course
is read as a function of the error: between two epochs its logarithm is taken to be linear in that
of the error. Epoch 0 has no part in it, since both begin with the same network.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

Array = np.ndarray

STORED = "three_losses.json"
#: At how many errors, evenly spaced in their logarithm, two courses are compared.
LEVELS = 9
#: What is compared at equal error.
COMPARED = (
    "least", "latency", "feedback", "gain", "least_at_gain_1", "latency_at_gain_1", "weights",
)  # fmt: skip


@dataclass(frozen=True)
class Course:
    """One training run. method: such as "dh" or "backprop". losses: for each name of
    ``together.Together`` (and "accuracy" in percent, "weights" the norm of all weights above the
    first layer) one number per epoch, from epoch 0, the start."""

    method: str
    sizes: tuple[int, ...]
    hidden: str
    seed: int
    losses: dict[str, list[float]]

    @property
    def kind(self) -> tuple[tuple[int, ...], str]:
        """Sizes and activation: what two courses that are compared have in common."""
        return self.sizes, self.hidden

    def __getitem__(self, name: str) -> Array:
        """One loss after each epoch, (epochs + 1,)."""
        return np.array(self.losses[name])

    def range(self) -> tuple[float, float]:
        """The least and the greatest error after the first epoch and later."""
        e = self["error"][1:]
        return float(e.min()), float(e.max())

    def at(self, name: str, level: float) -> float:
        """A loss where the error first comes down to ``level``; NaN if it never does, or did
        within the first epoch."""
        e, values = np.log(self["error"][1:]), np.log(self[name][1:])
        for t, (before, after) in enumerate(itertools.pairwise(e)):
            if before >= np.log(level) >= after:
                part = (before - np.log(level)) / (before - after) if before > after else 0.0
                return float(np.exp(values[t] + part * (values[t + 1] - values[t])))
        return float("nan")

    def rises(self, name: str) -> list[int]:
        """The epochs in which this loss rose while the error fell; 1 is the first."""
        e, values = np.diff(self["error"]), np.diff(self[name])
        return [int(t) + 1 for t in np.flatnonzero((e < 0) & (values > 0))]

    def correlation(self, name: str, since: int = 0) -> float:
        """Of a loss with the error, over the epochs from ``since`` on."""
        return float(np.corrcoef(self["error"][since:], self[name][since:])[0, 1])


def common_levels(one: Course, other: Course, count: int = LEVELS) -> Array:
    """Errors that both courses pass after their first epoch; none if there are none."""
    (low, high), (low_2, high_2) = one.range(), other.range()
    low, high = max(low, low_2), min(high, high_2)
    # Just inside, so that rounding leaves no level out.
    return np.geomspace(low * (1 + 1e-9), high * (1 - 1e-9), count) if low < high else np.array([])


def ratio(one: Course, other: Course, name: str) -> float:
    """How many times the loss of ``other`` that of ``one`` is at equal error: the geometric mean
    over all errors that both pass. NaN if there are none."""
    pairs = [(one.at(name, level), other.at(name, level)) for level in common_levels(one, other)]
    logs = [np.log(a / b) for a, b in pairs]
    return float(np.exp(np.mean(logs))) if logs else float("nan")


def pairs(
    courses: Iterable[Course], method: str, control: str
) -> dict[tuple[tuple[int, ...], str], list[tuple[Course, Course]]]:
    """The courses of two methods from the same start, side by side, for each kind of network."""
    known = {(c.method, c.kind, c.seed): c for c in courses}
    found: dict[tuple[tuple[int, ...], str], list[tuple[Course, Course]]] = {}
    for (name, kind, seed), course in known.items():
        beside = known.get((control, kind, seed))
        if name == method and beside is not None:
            found.setdefault(kind, []).append((course, beside))
    return found


@dataclass(frozen=True)
class Comparison:
    """A method beside a control on one kind of network, at equal error.

    ratios: for each loss how many times that of the control it is, one number for each of
    ``seeds``. Seeds on which the two pass no error in common have no part in it."""

    method: str
    control: str
    sizes: tuple[int, ...]
    hidden: str
    seeds: list[int]
    ratios: dict[str, list[float]]

    def middle(self, name: str) -> float:
        """The geometric mean of the ratios over the seeds."""
        return float(np.exp(np.mean(np.log(self.ratios[name]))))

    def below(self, name: str) -> int:
        """On how many seeds the method has less than the control."""
        return sum(value < 1 for value in self.ratios[name])


def compare(
    courses: Iterable[Course],
    method: str = "dh",
    control: str = "backprop",
    names: Iterable[str] = COMPARED,
) -> list[Comparison]:
    """The method beside the control, seed by seed, for each kind of network."""
    found = []
    for (sizes, hidden), both in pairs(courses, method, control).items():
        both = [(one, other) for one, other in both if len(common_levels(one, other))]
        if both:
            ratios = {name: [ratio(one, other, name) for one, other in both] for name in names}
            seeds = [one.seed for one, _ in both]
            found.append(Comparison(method, control, sizes, hidden, seeds, ratios))
    return found


# ---------------------------------------------------------------------- stored


def as_json(courses: Iterable[Course]) -> str:
    """Courses as JSON, a line for each, with four digits of every number."""
    lines = []
    for course in courses:
        losses = {
            name: [float(f"{value:.4g}") for value in values]
            for name, values in course.losses.items()
        }
        lines.append(json.dumps({**asdict(course), "losses": losses}, separators=(",", ":")))
    return "[\n" + ",\n".join(lines) + "\n]"


def from_json(text: str) -> list[Course]:
    """The courses that ``as_json`` wrote."""
    return [Course(**{**made, "sizes": tuple(made["sizes"])}) for made in json.loads(text)]


@cache
def stored_courses() -> tuple[Course, ...]:
    """The courses that ship with the package, measured by ``python -m hebblite losses`` with its
    defaults (experiments/three_losses.py says how)."""
    file: Any = resources.files("hebblite.data").joinpath(STORED)
    return tuple(from_json(file.read_text("utf-8")))

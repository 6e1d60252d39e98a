"""One attempt at an exercise, as those who look for what went wrong see it."""

from __future__ import annotations

import copy
import inspect
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .comparing import Array, Refused, all_close, close, numbers
from .exercises import Answer, Exercise

Case = tuple[Any, ...]
Results = list[list[Array]]  # by case: the parts of what was returned


class Found(str):
    """A message that names the slip, and not only how the values look."""


@dataclass(frozen=True)
class Attempt:
    """An answer, the cases it was tried on, what it returned and what is expected."""

    exercise: Exercise
    answer: Answer
    cases: list[Case]
    results: Results
    expected: Results
    part: int | None = None  # of several things, the only one that is looked at

    @property
    def tolerance(self) -> float:
        return self.exercise.tolerance

    @property
    def names(self) -> list[str]:
        """The names of the arguments, one for each."""
        return argument_names(self.exercise, self.cases[0])

    @property
    def pairs(self) -> list[tuple[Array, Array]]:
        """(returned, expected), over all cases and parts."""
        both = zip(self.results, self.expected, strict=True)
        return [pair for r, e in both for pair in zip(r, e, strict=True)]

    @property
    def case_of_pair(self) -> list[Case]:
        """The case of each of ``pairs``: cases may have different numbers of parts."""
        each = zip(self.cases, self.expected, strict=True)
        return [case for case, parts in each for _ in parts]

    @property
    def right(self) -> list[bool]:
        """Of each case, whether it is right."""
        return [
            all(close(a, b, self.tolerance) for a, b in zip(r, e, strict=True))
            for r, e in zip(self.results, self.expected, strict=True)
        ]

    def only(self, part: int) -> Attempt:
        """The same attempt, with one of several things."""
        r, e = [[x[part]] for x in self.results], [[x[part]] for x in self.expected]
        return replace(self, results=r, expected=e, part=part)

    def equals(self, change: Callable[[Case], Case]) -> bool:
        """Whether the answer returns what the reference does for changed arguments."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                return all(
                    self.same(change(copy.deepcopy(case)), r)
                    for case, r in zip(self.cases, self.results, strict=True)
                )
            except Exception:  # the reference is not made for arguments like these
                return False

    def same(self, case: Case, result: list[Array]) -> bool:
        other = numbers(self.exercise.reference(*case))
        if self.part is not None:
            other = [other[self.part]]
        return all_close([result], [other], self.tolerance)


def argument_names(exercise: Exercise, case: Case) -> list[str]:
    """The names of the arguments, one for each."""
    known = list(inspect.signature(exercise.reference).parameters)
    return [*known, *(f"argument {i}" for i in range(len(known), len(case)))]


def tried_on(attempt: Attempt, cases: list[Case]) -> Attempt | None:
    """The same answer on other cases; None if it cannot be judged there. Where one of several
    things is looked at, a case that has fewer of them is left out."""
    from .trying import outcome

    expected = [numbers(attempt.exercise.reference(*copy.deepcopy(case))) for case in cases]
    if attempt.part is not None:
        both = [(c, e) for c, e in zip(cases, expected, strict=True) if len(e) > attempt.part]
        cases, expected = [c for c, _ in both], [e for _, e in both]
    try:
        results = [
            outcome(attempt.answer, c, e).parts for c, e in zip(cases, expected, strict=True)
        ]
    except Refused:
        return None
    other = replace(attempt, cases=cases, results=results, expected=expected, part=None)
    return other if attempt.part is None else other.only(attempt.part)

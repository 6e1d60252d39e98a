"""Two slips at once: what is done to the result, after another slip before it."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from .attempt import Attempt, Found
from .comparing import Array, all_close, numbers
from .slips import changes

Parts = list[Array]
Finish = Callable[[Parts, tuple[Any, ...]], Parts]


def finishes(attempt: Attempt) -> Iterator[tuple[str, Finish]]:
    """(what to tell, what may be done to a result): one thing, to each of its parts."""
    yield "the sign is the wrong way round", each(np.negative)
    yield "it is the transpose", each(np.transpose)
    yield "the first row is missing", each(lambda part: part[1:])
    yield "the last row is missing", each(lambda part: part[:-1])
    yield "the list runs the wrong way", lambda parts, case: parts[::-1]
    for value in (2.0, 0.5):
        yield f"it is {value:g} times as large", each(partial(np.multiply, value))
    for i, name in enumerate(attempt.names[: len(attempt.cases[0])]):
        given = [case[i] for case in attempt.cases]
        for k in range(min((np.ndim(x) for x in given if isinstance(x, np.ndarray)), default=0)):
            words = f"`len({name})`" if k == 0 else f"`{name}.shape[{k}]`"
            yield f"it is divided by {words}", partial(by_length, i=i, k=k, power=-1)
            yield (
                f"it is multiplied by {words} (a sum where a mean is asked?)",
                partial(by_length, i=i, k=k, power=1),
            )


def each(change: Callable[[Array], Array]) -> Finish:
    """``change`` made to each part."""
    return lambda parts, case: [change(part) for part in parts]


def by_length(parts: Parts, case: tuple[Any, ...], i: int, k: int, power: int) -> Parts:
    """The parts times (power 1), or divided by (-1), a length of argument ``i``."""
    return [part * float(case[i].shape[k]) ** power for part in parts]


def first_slips(attempt: Attempt) -> Iterator[tuple[str, Callable[[tuple[Any, ...]], Any]]]:
    """(what to tell, a wrong answer): the mistakes of the exercise, then the general ones."""
    for wrong, message in attempt.exercise.wrong:
        yield message, partial(unpacked, wrong)
    for message, change in changes(attempt):
        yield message, partial(changed, attempt.exercise.reference, change)


def unpacked(answer: Callable[..., Any], case: tuple[Any, ...]) -> Any:
    return answer(*case)


def changed(answer: Callable[..., Any], change: Any, case: tuple[Any, ...]) -> Any:
    return answer(*change(case))


def two_slips(attempt: Attempt) -> str:
    """Two slips that explain the answer together, in words, or ""."""
    if attempt.part is not None or not all(np.isfinite(r).all() for r, _ in attempt.pairs):
        return ""
    if any(right_part(attempt, k) for k in range(len(attempt.expected[0]))):
        return ""
    finishing = list(finishes(attempt))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for message, wrong in first_slips(attempt):
            words = finished_by(attempt, wrong, finishing)
            if words:
                return Found(f"two things are wrong at once. First, {words}. Second, {message}")
    return ""


def right_part(attempt: Attempt, k: int) -> bool:
    """Whether one of several things is right: what is done to all of them would spoil it."""
    alike = all(len(parts) > k for parts in attempt.expected)
    return alike and len(attempt.expected[0]) > 1 and all(attempt.only(k).right)


def finished_by(
    attempt: Attempt, wrong: Callable[[Any], Any], finishing: list[tuple[str, Finish]]
) -> str:
    """What has to be done to the result of a wrong answer, in words, or ""."""
    try:
        first = of_case(attempt, wrong, 0)
    except Exception:  # not made for arguments like these
        return ""
    for words, finish in finishing:
        try:
            if fits(attempt, finish, first, 0) and all(
                fits(attempt, finish, of_case(attempt, wrong, k), k)
                for k in range(1, len(attempt.cases))
            ):
                return words
        except Exception:
            continue
    return ""


def of_case(attempt: Attempt, wrong: Callable[[tuple[Any, ...]], Any], k: int) -> Parts:
    """What a wrong answer returns for one case."""
    return numbers(wrong(copy.deepcopy(attempt.cases[k])), None)


def fits(attempt: Attempt, finish: Finish, parts: Parts, k: int) -> bool:
    """Whether this, finished so, is what was returned for a case."""
    result = attempt.results[k]
    if not any(part.any() for part in result):
        return False
    return all_close([result], [finish(parts, attempt.cases[k])], attempt.tolerance)

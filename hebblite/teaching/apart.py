"""What the cases in which an answer fails have, and those in which it is right lack."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from .attempt import Attempt, Case, tried_on
from .comparing import Array
from .slips import leaves

MORE = range(4, 24)  # cases beside those that a learner sees: a chance in four proves nothing


def apart(attempt: Attempt) -> str:
    """What tells the wrong cases from the right ones, as "where `pre` has one row", or ""."""
    more = tried_on(attempt, [attempt.exercise.cases(seed) for seed in MORE])
    if more is None:
        return ""
    cases = [*attempt.cases, *more.cases]
    wrong = np.array([not good for good in (*attempt.right, *more.right)])
    has: dict[str, Array] = {}
    for k, case in enumerate(cases):
        for words in features(case, attempt.names):
            has.setdefault(words, np.zeros(len(cases), bool))[k] = True
    for words, where in has.items():
        if (where == wrong).all():
            return words
    for (a, x), (b, y) in itertools.combinations(has.items(), 2):
        if ((x | y) == wrong).all() and (x & wrong).any() and (y & wrong).any():
            return f"{a}, and {b}"
    return ""


def features(case: Case, names: list[str]) -> Iterator[str]:
    """What is special about the arguments of a case, in words."""
    shapes: list[tuple[str, Array]] = []
    for name, given in zip(names, case, strict=False):
        if isinstance(given, list | tuple):
            yield f"where `{name}` has {'one item' if len(given) == 1 else f'{len(given)} items'}"
            if len(given) > 1:
                yield f"where `{name}` has more than one item"
        arrays = leaves(given)
        for array in arrays:
            yield from of_array(name, array)
        if isinstance(given, np.ndarray):
            shapes.append((name, given))
        if isinstance(given, int | float):
            yield f"where `{name}` is {'negative' if given < 0 else 'positive' if given else '0'}"
            yield f"where `{name}` is {'below' if abs(given) < 1 else 'not below'} 1 in size"
            if given == 1:
                yield f"where `{name}` is 1"
    for (a, x), (b, y) in itertools.combinations(shapes, 2):
        if x.ndim and y.ndim:
            same = "the same" if x.shape[-1] == y.shape[-1] else "another"
            yield f"where `{a}` has {same} number of columns as `{b}`".replace(
                "another number of columns as", "another number of columns than"
            )


def of_array(name: str, array: Array) -> Iterator[str]:
    if array.size == 0:
        yield f"where `{name}` is empty"
        return
    for axis, few in enumerate(array.shape):
        kind = ("row", "column")[axis] if array.ndim < 3 else ""
        if few == 1:
            yield f"where `{name}` has {f'one {kind}' if kind else f'1 along axis {axis}'}"
        else:
            more = f"more than one {kind}" if kind else f"more than 1 along axis {axis}"
            yield f"where `{name}` has {more}"
        if 1 < few < 4:
            yield f"where `{name}` has " + (
                f"{few} {kind}s" if kind else f"{few} along axis {axis}"
            )
    if array.ndim == 2:
        kind = "square" if array.shape[0] == array.shape[1] else "not square"
        yield f"where `{name}` is {kind}"
    if (array < 0).any():
        yield f"where `{name}` has negative entries"
    if (array == 0).any():
        yield f"where `{name}` has zeros"
    if array.ndim == 0 or not array.any():
        yield f"where `{name}` is nothing but zeros"

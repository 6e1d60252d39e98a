"""What the cases in which an answer fails have, and those in which it is right lack."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from .attempt import Attempt, Case, tried_on
from .comparing import Array
from .slips import leaves

CUT = 3  # cases that are cut, to see whether their length is to blame
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
        if (where == wrong).all() and certain(attempt, cases, words):
            return words
    sizes = {words for case in cases for words in lengths(case, attempt.names)}
    others = [(words, where) for words, where in has.items() if words not in sizes]
    for (a, x), (b, y) in itertools.combinations(others, 2):
        if ((x | y) == wrong).all() and (x & wrong).any() and (y & wrong).any():
            return f"{a}, and {b}"
    return ""


def certain(attempt: Attempt, cases: list[Case], words: str) -> bool:
    """Whether a length is to blame, and not what the cases of that length happen to hold: if cases
    with more are cut to one, each cut is right where more are wrong, and wrong where one is."""
    known = [lengths(case, attempt.names).get(words) for case in cases]
    axis = next((one for one in known if one is not None), None)
    if axis is None:
        return True
    i, k = axis
    group = [
        (j, l)
        for j, given in enumerate(cases[0])
        for l in range(np.ndim(given) if isinstance(given, np.ndarray) else 0)
        if all(case[j].ndim > l and case[j].shape[l] == case[i].shape[k] for case in cases)
    ]
    blamed = "more than" in words  # else those with one are wrong
    longer = [case for case in cases if case[i].shape[k] > 1][:CUT]
    cuts = [cut(case, group, at) for case in longer for at in range(case[i].shape[k])]
    try:
        found = tried_on(attempt, cuts) if cuts else None
    except Exception:  # the exercise is not made for them
        return False
    return found is not None and all(right == blamed for right in found.right)


def cut(case: Case, group: list[tuple[int, int]], at: int) -> Case:
    """The case with only one entry along some axes of its arguments."""
    given = list(case)
    for j, axis in group:
        given[j] = np.take(given[j], [at], axis=axis)
    return tuple(given)


def lengths(case: Case, names: list[str]) -> dict[str, tuple[int, int]]:
    """What is said of the lengths of a case's arrays, one or more than one: argument and axis."""
    return {
        words: (i, axis)
        for i, (name, given) in enumerate(zip(names, case, strict=False))
        if isinstance(given, np.ndarray)
        for axis, few in enumerate(given.shape)
        for words in (one_or_more(f"`{name}`", given, axis, few),)
    }


def one_or_more(who: str, array: Array, axis: int, few: int) -> str:
    kind = kind_of(array, axis)
    if few == 1:
        return f"where {who} has {f'one {kind}' if kind else f'1 along axis {axis}'}"
    more = f"more than one {kind}" if kind else f"more than 1 along axis {axis}"
    return f"where {who} has {more}"


def kind_of(array: Array, axis: int) -> str:
    """What lies along an axis: "row", "column", "entry", or "" where it has no name."""
    return "entry" if array.ndim == 1 else ("row", "column")[axis] if array.ndim == 2 else ""


def features(case: Case, names: list[str]) -> Iterator[str]:
    """What is special about the arguments of a case, in words."""
    shapes: list[tuple[str, Array]] = []
    for name, given in zip(names, case, strict=False):
        if isinstance(given, list | tuple):
            yield f"where `{name}` has {'one item' if len(given) == 1 else f'{len(given)} items'}"
            if len(given) > 1:
                yield f"where `{name}` has more than one item"
        who = f"an array in `{name}`" if isinstance(given, list | tuple) else f"`{name}`"
        for array in leaves(given):
            yield from of_array(who, array)
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


def of_array(who: str, array: Array) -> Iterator[str]:
    if array.size == 0:
        yield f"where {who} is empty"
        return
    for axis, few in enumerate(array.shape):
        kind = kind_of(array, axis)
        yield one_or_more(who, array, axis, few)
        if 1 < few < 4:
            several = "entries" if kind == "entry" else f"{kind}s"
            yield f"where {who} has {few} " + (several if kind else f"along axis {axis}")
    if array.ndim == 2:
        kind = "square" if array.shape[0] == array.shape[1] else "not square"
        yield f"where {who} is {kind}"
    if (array < 0).any():
        yield f"where {who} has negative entries"
    if (array == 0).any():
        yield f"where {who} has zeros"
    if array.ndim == 0 or not array.any():
        yield f"where {who} is nothing but zeros"

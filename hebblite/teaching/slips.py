"""Slips that any exercise may see: an answer is right, but for other arguments.

If an answer returns what the reference returns for arguments that have been changed in one way (the
sign of one, two swapped, the last row cut off, ...), that change is what happened to it.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from functools import partial
from operator import itemgetter
from typing import Any

import numpy as np

from .attempt import Attempt, Case, Found
from .comparing import Array, Refused, all_close, numbers
from .factors import MILLISECONDS, timed
from .trying import outcome

Change = Callable[[Any], Any]


def slip(attempt: Attempt) -> str:
    """The first change of the arguments that explains the answer, in words, or ""."""
    for words, change in changes(attempt):
        if attempt.equals(change):
            return Found(words)
    return ""


def changes(attempt: Attempt) -> Iterator[tuple[str, Callable[[Case], Case]]]:
    """(what to tell, change of the arguments): what is special stands before what is general."""
    names, count = attempt.names, len(attempt.cases[0])
    order = ", ".join(names)
    for i, j in itertools.combinations(range(count), 2):
        yield (
            f"`{names[i]}` and `{names[j]}` are swapped. Your function is called with ({order}): "
            "is that the order in its `def` line, and in what you call inside?",
            partial(swapped, i=i, j=j),
        )
    yield from cuts(attempt)
    for i in range(count):
        for words, change in (*values(names[i], timed(attempt)), *rows(names[i])):
            yield words, partial(at, which=[i], change=change)
    yield from passed_through(attempt)
    yield from made_up(attempt)


def passed_through(attempt: Attempt) -> Iterator[tuple[str, Callable[[Case], Case]]]:
    """An argument that goes through an activation before it is used."""
    names = attempt.names
    for j, case in enumerate(attempt.cases[0]):
        for i in range(len(attempt.cases[0])) if callable(case) else ():
            yield (
                f"`{names[i]}` is passed through `{names[j]}` before it is used. Here it is used "
                "as it is.",
                partial(through_its_own, i=i, j=j),
            )
    for words, phi in (("a relu", partial(np.maximum, 0.0)), ("a tanh", np.tanh),
                       ("a sigmoid", lambda x: 1 / (1 + np.exp(-x)))):  # fmt: skip
        for i, name in enumerate(names[: len(attempt.cases[0])]):
            yield (
                f"`{name}` is passed through {words} before it is used. Here it is used as it is.",
                partial(at, which=[i], change=every(phi)),
            )


def through_its_own(case: Case, i: int, j: int) -> Case:
    """Argument ``i`` passed through the function that is argument ``j``."""
    return at(case, [i], every(case[j]))


def made_up(attempt: Attempt) -> Iterator[tuple[str, Callable[[Case], Case]]]:
    """Arguments with a common first axis, and a row of one that is not there."""
    for group in common(attempt.cases, 0):
        who = " and ".join(f"`{attempt.names[i]}`" for i in group)
        for i in group:
            for words, longer in (
                ("a row of zeros stands after the last one", lambda x: np.r_[x, 0 * x[:1]]),
                ("a row of zeros stands before the first one", lambda x: np.r_[0 * x[:1], x]),
                ("its first row follows once more after the last one", lambda x: np.r_[x, x[:1]]),
                ("its last row stands before the first one", lambda x: np.r_[x[-1:], x]),
            ):  # fmt: skip
                yield (
                    f"there is a change that never happened: in `{attempt.names[i]}`, {words} "
                    "(`append=`, `prepend=` or `np.roll`?). Between R rows lie R - 1 changes, so "
                    "leave off a row of what they are multiplied by.",
                    partial(padded, group=group, i=i, longer=longer),
                )
        for k, name in enumerate(attempt.names[: len(attempt.cases[0])]):
            for axis in (1, 2):
                yield (
                    f"a loop over the rows of {who} runs as often as `{name}.shape[{axis}]` says. "
                    f"The number of rows is `len({attempt.names[group[0]]})`.",
                    partial(as_many_rows, group=group, k=k, axis=axis),
                )


def padded(case: Case, group: list[int], i: int, longer: Change) -> Case:
    """Argument ``i`` with a row made up; the others of its group repeat their last one."""
    last = every(lambda x: np.concatenate([x, x[-1:]]))
    return tuple(
        every(longer)(x) if k == i else last(x) if k in group else x for k, x in enumerate(case)
    )


def as_many_rows(case: Case, group: list[int], k: int, axis: int) -> Case:
    """A group cut to as many rows as argument ``k`` has along another axis."""
    rows = case[k].shape[axis]
    return at(case, group, every(itemgetter(slice(0, rows))))


def values(name: str, time: bool = False) -> Iterator[tuple[str, Change]]:
    """What may happen to the numbers of one argument. time: the exercise speaks of times."""
    yield (
        f"the term with `{name}` is missing: this is what comes out if `{name}` is 0.",
        every(np.zeros_like),
    )
    yield (
        f"`{name}` is missing as a factor: this is what comes out if it is 1.",
        every(np.ones_like),
    )
    yield (
        f"`{name}` has the wrong sign: this is what comes out for -`{name}`.",
        every(np.negative),
    )
    yield (
        f"`{name}` stands upside down: this is what comes out for 1 / `{name}`. Divide where you "
        "multiply, or the other way round.",
        every(np.reciprocal),
    )
    yield (
        f"`{name}` enters twice: this is what comes out for its square.",
        every(np.square),
    )
    for factor, said in ((2, "twice"), (0.5, "half of")):
        yield (
            f"a factor of `{name}` is off: this is what comes out for {said} `{name}`.",
            every(partial(np.multiply, factor)),
        )
    for factor, said in ((1000.0, "1000 times"), (0.001, "a thousandth of")):
        ask = f" {MILLISECONDS[0].upper()}{MILLISECONDS[1:]}" if time else ""
        yield (
            f"a factor of 1000 is off: this is what comes out for {said} `{name}`.{ask}",
            measured(partial(np.multiply, factor)),
        )
    yield (
        f"the sign of `{name}` is lost: this is what comes out for its absolute value.",
        every(np.abs),
    )
    yield (
        f"`{name}` is rounded to whole numbers on the way. Is there a `//`, an `int(...)`, or an "
        "array made for integers?",
        every(np.trunc),
    )
    yield (
        f"`{name}` is not applied: call the function that you are given.",
        lambda x: (lambda v: v) if callable(x) else nothing(),
    )
    for index, which in ((-1, "last"), (0, "first")):
        yield (
            f"the {which} item of `{name}` is left out: this is what comes out if it is 1.",
            partial(one_is_one, index=index),
        )


def rows(name: str) -> Iterator[tuple[str, Change]]:
    """What may happen to the order of one argument's numbers."""
    for axis in (0, 1):
        yield (
            f"`{name}` is averaged over axis {axis} before it is used. Use each entry, and average "
            "at the end if that is asked.",
            every(partial(averaged, axis=axis)),
        )
    what = (
        (f"only the first row of `{name}` is used.", lambda x: 0 * x + x[:1]),
        (f"only the last row of `{name}` is used.", lambda x: 0 * x + x[-1:]),
        (
            f"`{name}` is taken one row too late: an index or the start of a slice is too large "
            "by one.",
            lambda x: np.concatenate([x[1:], x[-1:]]),
        ),
        (
            f"`{name}` is taken one row too early: an index or the start of a slice is too small "
            "by one.",
            lambda x: np.concatenate([x[:1], x[:-1]]),
        ),
        (f"`{name}` is read backwards: from its last row to its first.", lambda x: x[::-1]),
        (f"`{name}` stands there as its transpose.", lambda x: x.swapaxes(-1, -2)),
    )
    for words, change in what:
        yield words, every(change)


def cuts(attempt: Attempt) -> Iterator[tuple[str, Callable[[Case], Case]]]:
    """Arguments with a common axis, and what may be lost along it."""
    for axis in (0, 1):
        for group in common(attempt.cases, axis):
            who = " and ".join(f"`{attempt.names[i]}`" for i in group)
            for words, piece in (
                ("the last {row} of {who} is left out. Does a loop or a slice end one too early?",
                 slice(None, -1)),
                ("the first {row} of {who} is left out. Does a loop or a slice begin one too late?",
                 slice(1, None)),
                ("only the first {row} of {who} counts. Is an index fixed at 0?", slice(0, 1)),
                ("only the first step counts, from row 0 of {who} to row 1. Does the loop end in "
                 "its first pass?", slice(0, 2)),
                ("only the last step counts, between the last two rows of {who}. Is the result "
                 "overwritten in a loop (`=`), where it should grow (`+=`)?", slice(-2, None)),
                ("only the last {row} of {who} counts. Is the result overwritten in a loop, "
                 "where it should grow?", slice(-1, None)),
            ):  # fmt: skip
                row = "row" if axis == 0 else "entry along axis 1"
                index = (slice(None),) * axis + (piece,)
                yield (
                    words.format(row=row, who=who),
                    partial(at, which=group, change=every(itemgetter(index))),
                )
    three = [
        i for i in range(len(attempt.cases[0]))
        if all(isinstance(case[i], np.ndarray) and case[i].ndim == 3 for case in attempt.cases)
    ]  # fmt: skip
    if three:
        yield (
            "axes 0 and 1 are taken for each other: which of them is time, and which is the batch?",
            partial(at, which=three, change=every(lambda x: x.swapaxes(0, 1))),
        )


def common(cases: list[Case], axis: int) -> list[list[int]]:
    """Groups of arguments that have the same length along ``axis`` in every case."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for i in range(len(cases[0])):
        sizes = [{a.shape[axis] if a.ndim > axis else 0 for a in leaves(case[i])} for case in cases]
        if all(len(size) == 1 and size != {0} for size in sizes):
            groups.setdefault(tuple(size.pop() for size in sizes), []).append(i)
    return list(groups.values())


def ignored(attempt: Attempt) -> str:
    """An argument that makes no difference to the answer, and should. Numbers of steps are asked
    first: where a fixed one is so large that all comes to rest, its beginning does not matter."""
    whole = [isinstance(given, int | np.integer) for given in attempt.cases[0]]
    for i in np.argsort(np.logical_not(whole), kind="stable"):
        name = attempt.names[i]
        with np.errstate(all="ignore"):
            try:
                alike = [
                    makes_no_difference(attempt, k, i, change)
                    for k in range(len(attempt.cases)) for change in (unlike, reversed_sign)
                ]  # fmt: skip
            except (Refused, Exception):
                continue
        if any(alike) and None not in alike:
            return Found(
                f"`{name}` makes no difference to your result. Does a fixed number stand where "
                f"`{name}` belongs, or a variable from outside your function?"
            )
    return ""


def of_no_size(attempt: Attempt) -> str:
    """An argument whose size should make no difference to the answer, and does."""
    for i, name in enumerate(attempt.names[: len(attempt.cases[0])]):
        with np.errstate(all="ignore"):
            try:
                found = [
                    makes_no_difference(attempt, k, i, every(partial(np.multiply, factor)), False)
                    for k in range(len(attempt.cases)) for factor in (0.5, 0.01)
                ]  # fmt: skip
            except (Refused, Exception):
                continue
        if any(found) and None not in found:
            return Found(
                f"for twice `{name}` your result is another one, and the right one is the same: "
                f"the size of `{name}` should drop out. Divide by its length."
            )
    return ""


def makes_no_difference(
    attempt: Attempt, k: int, i: int, change: Change, mine: bool = True
) -> bool | None:
    """Whether another argument ``i`` leaves the result of case ``k`` as it is, and the right one
    not (or, for ``mine`` False, the other way round); None if the first does not hold."""
    other = at(attempt.cases[k], [i], change)
    expected = numbers_of(attempt, other)
    result = outcome(attempt.answer, other, expected).parts
    if attempt.part is not None:
        expected, result = [expected[attempt.part]], [result[attempt.part]]
    own = all_close([result], attempt.results[k : k + 1], 1e-12)
    right = all_close([expected], attempt.expected[k : k + 1], attempt.tolerance)
    same, differs = (own, not right) if mine else (right, not own)
    return differs if same else None


def numbers_of(attempt: Attempt, case: Case) -> list[Array]:
    """What the reference returns."""
    return numbers(attempt.exercise.reference(*copy.deepcopy(case)))


# ---------------------------------------------------------------------- changing arguments


def at(case: Case, which: list[int], change: Change) -> Case:
    """The case with ``change`` made to some of its arguments."""
    return tuple(change(x) if i in which else x for i, x in enumerate(case))


def swapped(case: Case, i: int, j: int) -> Case:
    given = list(case)
    given[i], given[j] = given[j], given[i]
    return tuple(given)


def averaged(array: Array, axis: int) -> Array:
    """The mean over an axis in place of each entry."""
    return np.broadcast_to(array.mean(axis=axis, keepdims=True), array.shape)


def every(change: Change) -> Change:
    """``change`` made to a number, to an array, or to each array of a list. An argument that has
    none, or that it leaves as it is, raises."""

    def made(argument: Any) -> Any:
        if isinstance(argument, list | tuple):
            return type(argument)(made(part) for part in argument)
        if callable(argument) or isinstance(argument, str):
            nothing()
        if np.ndim(argument):
            return np.asarray(change(np.asarray(argument, float)))
        return type(argument)(change(float(argument)))

    return made


def measured(change: Change) -> Change:
    """The same for what is measured in units: a whole number, as of steps, has none."""
    return lambda given: nothing() if isinstance(given, int | np.integer) else every(change)(given)


def nothing() -> Any:
    raise TypeError("not for this kind of argument")


def one_is_one(argument: Any, index: int) -> Any:
    """A list of arrays with ones in place of one of them."""
    if not isinstance(argument, list | tuple) or len(argument) < 2:
        nothing()
    items = list(argument)
    items[index] = np.ones_like(items[index])
    return items


def unlike(argument: Any) -> Any:
    """Another argument of the same form."""
    if callable(argument):
        return lambda v: np.tanh(0.7 * v + 0.1)
    if isinstance(argument, bool):
        nothing()
    if isinstance(argument, int | np.integer):
        return argument + 1  # may be a number of steps
    return every(lambda x: 0.63 * x + 0.17)(argument)


def reversed_sign(argument: Any) -> Any:
    """The same with the other sign; what cannot be so is made unlike."""
    whole = isinstance(argument, int | np.integer)
    return unlike(argument) if callable(argument) or whole else every(np.negative)(argument)


def leaves(argument: Any) -> list[Array]:
    """All arrays of an argument."""
    if isinstance(argument, list | tuple):
        return [array for part in argument for array in leaves(part)]
    return [argument] if isinstance(argument, np.ndarray) else []

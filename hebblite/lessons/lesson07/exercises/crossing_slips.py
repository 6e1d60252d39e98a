"""The known mistakes of exercise 07.1, each beside what whoever makes it is told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from .crossing import between, crossing_time, each

Array = np.ndarray

crossing_time.wrong(
    "an input that never gets there has no row, and argmax then says 0. The last time counts for "
    "it."
)(each(between, never=0.0))

crossing_time.wrong(
    "this is the time of the first row that is below e_tol. The line crosses a little earlier, "
    "between that row and the one before."
)(each(lambda time, size, e_tol, t: float(time[t])))

crossing_time.wrong(
    "this is the time of the last row before the crossing. The line crosses a little later, "
    "between that row and the next."
)(each(lambda time, size, e_tol, t: float(time[t - 1])))

crossing_time.wrong(
    "argmax says 0 if there is no such row, but then the last time counts. And the line crosses a "
    "little before the row that you take."
)(each(lambda time, size, e_tol, t: float(time[t]), never=0.0))

crossing_time.wrong(
    "argmax says 0 if there is no such row, but then the last time counts. And the line crosses a "
    "little after the row that you take."
)(each(lambda time, size, e_tol, t: float(time[t - 1]), never=0.0))

crossing_time.wrong(
    "these are numbers of rows, and seconds are asked for: time[t]. And where there is no such "
    "row, the last time counts."
)(each(lambda time, size, e_tol, t: float(t), never=0.0))

crossing_time.wrong(
    "this is the middle between two rows. How far the line has gone when it crosses depends on "
    "the errors of both."
)(each(lambda time, size, e_tol, t: float(time[t - 1] + time[t]) / 2))


def _line(
    part: Callable[[float, float, float], float] = lambda before, after, e_tol: (
        (before - e_tol) / (before - after)
    ),
    place: Callable[[float, float, float], float] = lambda part, one, other: (
        one + part * (other - one)
    ),
) -> Answer:
    """Answers with another part of the way, or with another use of it between two times."""
    return each(
        lambda time, size, e_tol, t: float(
            place(part(size[t - 1], size[t], e_tol), time[t - 1], time[t])
        )
    )


crossing_time.wrong("the part of the way is counted from the wrong end: begin with row t-1.")(
    _line(place=lambda part, one, other: other - part * (other - one))
)

crossing_time.wrong(
    "the line does not begin at row t but at row t-1: add the part to time[t - 1]."
)(_line(place=lambda part, one, other: other + part * (other - one)))

crossing_time.wrong(
    "the sign of the part is wrong: the crossing lies after row t-1, not before it."
)(_line(place=lambda part, one, other: one - part * (other - one)))

crossing_time.wrong(
    "this is the *part* of a step. Multiply it by the length of the step, and add time[t - 1]."
)(_line(place=lambda part, one, other: part))

crossing_time.wrong(
    "time[t - 1] is missing: this is the time since that row, not since the start."
)(_line(place=lambda part, one, other: part * (other - one)))

crossing_time.wrong(
    "the part is added without the length of the step: part * (time[t] - time[t - 1])."
)(_line(place=lambda part, one, other: one + part))

crossing_time.wrong("you divide by the length of the step. The part is *of* the step: multiply.")(
    _line(place=lambda part, one, other: one + part / (other - one))
)

for other_place in (
    lambda part, one, other: one + part * (other + one),
    lambda part, one, other: one + part * other,
    lambda part, one, other: one - part * one,
    lambda part, one, other: one + part * one,
):
    crossing_time.wrong("the length of the step is time[t] - time[t - 1].")(
        _line(place=other_place)
    )

crossing_time.wrong(
    "you multiply where you should divide: the part is how far the error has to fall, over how far "
    "it falls in the whole step."
)(_line(lambda before, after, e_tol: (before - e_tol) * (before - after)))

for other_part in (
    lambda before, after, e_tol: before - e_tol,
    lambda before, after, e_tol: (before - e_tol) / before,
    lambda before, after, e_tol: (before - e_tol) / -after,
    lambda before, after, e_tol: (before - e_tol) / after,
    lambda before, after, e_tol: (before - e_tol) / e_tol,
    lambda before, after, e_tol: (before - e_tol) / (before + after),
):
    crossing_time.wrong(
        "what you divide by is wrong. It is how far the error falls in the whole step: the error "
        "of row t-1 minus that of row t."
    )(_line(other_part))

for other_part in (
    lambda before, after, e_tol: before / (before - after),
    lambda before, after, e_tol: -e_tol / (before - after),
    lambda before, after, e_tol: e_tol / (before - after),
    lambda before, after, e_tol: (before + e_tol) / (before - after),
    lambda before, after, e_tol: (after - e_tol) / (before - after),
):
    crossing_time.wrong(
        "the part of the way begins with how far the error has to fall: the error of row t-1 minus "
        "e_tol."
    )(_line(other_part))


def _rows(which: int, row: Callable[[int], int]) -> Answer:
    """Answers with another row in one of five places."""

    def when(time: Array, size: Array, e_tol: float, t: int) -> float:
        last = len(time) - 1
        rows = [t - 1, t, t - 1, t, t - 1]
        rows[which] = min(row(t), last)
        before, after = size[rows[0]], size[rows[1]]
        part = (before - e_tol) / (before - after if before != after else np.inf)
        return float(time[rows[2]] + part * (time[rows[3]] - time[rows[4]]))

    return each(when)


#: Where each row may slip to; what behaves like a mistake above is not repeated.
_NEAR: tuple[Callable[[int], int], ...] = (lambda t: t - 2, lambda t: t + 1, lambda t: 1 - t)
for which, others in enumerate(
    (
        (*_NEAR, lambda t: -1, lambda t: 0),
        (*_NEAR, lambda t: -1, lambda t: 0),
        (*_NEAR, lambda t: -1),
        (*_NEAR, lambda t: -1),
        (*_NEAR, lambda t: -1),
    )
):
    for other_row in others:
        crossing_time.wrong(
            "one of the rows is not the right one. The line goes from row t-1, the last before the "
            "crossing, to row t: in the errors and in the times."
        )(_rows(which, other_row))


def _shifted(by: int) -> Answer:
    """Answers whose row t is another one."""
    return each(
        lambda time, size, e_tol, t: between(
            time, size, e_tol, int(np.clip(t + by, 1, len(time) - 1))
        )
    )


for by in (1, -1):
    crossing_time.wrong(
        "the row t is another one: it is the first in which the error is no larger than e_tol."
    )(_shifted(by))


@crossing_time.wrong(
    "the question is the wrong way round: those that are there from the start, row 0, have the "
    "time 0, and all others a crossing."
)
def start_and_others(time: Array, size: Array, e_tol: float) -> Array:
    found = np.full(size.shape[1], time[-1])
    for i, column in enumerate(size.T):
        rows = np.flatnonzero(column <= e_tol)
        if len(rows):
            found[i] = 0 if rows[0] else between(time, column, e_tol, 0)
    return found


for first, last, which_one in ((1, None, "first"), (0, -1, "last")):

    @crossing_time.wrong(f"the {which_one} input is left out: go through all of them.")
    def left_out(time: Array, size: Array, e_tol: float, rows: slice = slice(first, last)) -> Array:
        found = np.full(size.shape[1], time[-1])
        found[rows] = crossing_time(time, size[:, rows], e_tol)
        return found


crossing_time.wrong("these are numbers of rows. Seconds are asked for: time[t], not t.")(
    each(
        lambda time, size, e_tol, t: t - 1 + float((size[t - 1] - e_tol) / (size[t - 1] - size[t]))
    )
)

crossing_time.wrong("these are numbers of rows. Seconds are asked for, and between two rows.")(
    each(lambda time, size, e_tol, t: float(t))
)

crossing_time.wrong(
    "the line is straight in the error itself, not in its logarithm (which would be another "
    "sensible choice)."
)(
    each(
        lambda time, size, e_tol, t: float(
            time[t - 1]
            + np.log(size[t - 1] / e_tol) / np.log(size[t - 1] / size[t]) * (time[t] - time[t - 1])
        )
    )
)


@crossing_time.wrong(
    "this is the *last* time at which the error comes below e_tol (np.interp finds that one, too). "
    "It may come, go and come back: the first time counts."
)
def last_crossing(time: Array, size: Array, e_tol: float) -> Array:
    found = np.full(size.shape[1], time[-1])
    for i, column in enumerate(size.T):
        rows = np.flatnonzero((column[1:] <= e_tol) & (column[:-1] > e_tol)) + 1
        if len(rows):
            found[i] = between(time, column, e_tol, int(rows[-1]))
        elif column[0] <= e_tol:
            found[i] = 0.0
    return found


@crossing_time.wrong(
    "an input that is there from the start needs no time at all. Row -1, with which you compare "
    "row 0, is the last row."
)
def start_from_behind(time: Array, size: Array, e_tol: float) -> Array:
    return np.asarray(each(between, start=False)(time, size, e_tol))


@crossing_time.wrong(
    "an input that is there from the start has no crossing, but its time is 0, not the last one."
)
def no_start(time: Array, size: Array, e_tol: float) -> Array:
    return np.where(size[0] <= e_tol, time[-1], crossing_time(time, size, e_tol))


@crossing_time.wrong(
    "an input that is there from the start gets a time from the rows 0 and 1. Its time is 0."
)
def extrapolated(time: Array, size: Array, e_tol: float) -> Array:
    return np.asarray(
        each(lambda time, size, e_tol, t: between(time, size, e_tol, max(t, 1)), start=False)(
            time, size, e_tol
        )
    )


@crossing_time.wrong(
    "you look for where the error is *larger* than e_tol. It begins there; look for where it is "
    "no longer."
)
def first_above(time: Array, size: Array, e_tol: float) -> Array:
    above = size > e_tol
    return np.where(above.any(axis=0), time[above.argmax(axis=0)], time[-1])


@crossing_time.wrong(
    "this is one time for the whole batch. Each input has a time of its own, shape (B,)."
)
def of_the_batch(time: Array, size: Array, e_tol: float) -> Array:
    first = crossing_time(time, size.mean(axis=1, keepdims=True), e_tol)
    return np.repeat(first, size.shape[1])


@crossing_time.wrong("this is the time until *all* inputs are there. Each has one of its own.")
def until_all(time: Array, size: Array, e_tol: float) -> Array:
    return np.full(size.shape[1], crossing_time(time, size, e_tol).max())


@crossing_time.wrong(
    "this is how long the error stays above e_tol in all, visits after the first crossing included."
)
def time_above(time: Array, size: Array, e_tol: float) -> Array:
    above = (size[:-1] > e_tol) * np.diff(time)[:, None]
    return np.asarray(above.sum(axis=0))


@crossing_time.wrong("only the first input is filled in: go through all of them.")
def first_input(time: Array, size: Array, e_tol: float) -> Array:
    found = np.full(size.shape[1], time[-1])
    found[0] = crossing_time(time, size[:, :1], e_tol)[0]
    return found


def _vectorised(first: int, at_start: bool) -> Answer:
    """All inputs at once by argmax, which says 0 both for an input that is there from the start and
    for one that never is. first: the least row t of a crossing, 1 or 0 (then row t-1 is the last
    one). at_start: whether an input that is there from the start gets 0 after all."""

    def answer(time: Array, size: Array, e_tol: float) -> Array:
        there, i = size <= e_tol, np.arange(size.shape[1])
        t = np.maximum(there.argmax(axis=0), first)
        before, after = size[t - 1, i], size[t, i]
        part = (before - e_tol) / np.where(before == after, np.inf, before - after)
        found = time[t - 1] + part * (time[t] - time[t - 1])
        return np.where(there[0] & at_start, 0.0, found)

    return answer


for first in (0, 1):
    crossing_time.wrong(
        "argmax says 0 both for an input that is there from the start and for one that never "
        "arrives. `there.any(axis=0)` tells them apart: 0 counts for the one, and the last time "
        "for the other."
    )(_vectorised(first, at_start=False))
    crossing_time.wrong(
        "only an input that never arrives is missing: argmax says 0 for it. `there.any(axis=0)` "
        "finds it. The last time counts for it."
    )(_vectorised(first, at_start=True))

"""Exercise 07.1: when an error that was recorded crosses the tolerance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Array, Array, float]:
    """Errors of 1 to 5 inputs that fall, each with a wobble that crosses the tolerance again. The
    steps of time differ. One input is right from the start, one never is."""
    rng = np.random.default_rng([71, seed])
    steps, batch = int(rng.integers(8, 14)), 1 if seed % 4 == 3 else int(rng.integers(3, 6))
    time = np.concatenate([[0.0], np.cumsum(rng.uniform(0.005, 0.05, steps))])
    e_tol = float(rng.uniform(0.2, 0.4))
    size = np.exp(-np.outer(time / time[-1], rng.uniform(2.5, 5, batch)))
    size += 0.25 * e_tol * rng.uniform(-1, 1, size.shape)  # so that some cross more than once
    size[0] = rng.uniform(0.9, 1.2, batch)
    size[-3] = np.minimum(size[-3], 0.7 * e_tol)  # there by then
    size[-2] = 1.2 * e_tol  # and once more out of it
    if batch > 1:
        size[:, 1] *= 0.5 * e_tol / size[0, 1]
        size[:, 2] = e_tol * rng.uniform(1.05, 2, steps + 1)
    return time, size, e_tol


@exercise(
    "07.1",
    "the crossing time of a recorded phase",
    cases=cases,
    hints=(
        "For each input, find the rows in which the error is no larger than e_tol: "
        "np.flatnonzero(size[:, i] <= e_tol). The first of them is the row t.",
        "Three cases: no such row (the last time counts), the row 0 (no time at all), and all "
        "others. There the crossing lies between row t-1 and row t.",
        "Between two rows the error is a straight line. It has gone the part "
        "(size[t-1] - e_tol) / (size[t-1] - size[t]) of the way when it crosses.",
    ),
)
def crossing_time(time: Array, size: Array, e_tol: float) -> Array:
    """The first time, (B,), at which size (T+1, B), a straight line between the times (T+1,), is
    no larger than e_tol; the last time if it never is."""
    found = np.full(size.shape[1], time[-1])
    for i in range(size.shape[1]):
        rows = np.flatnonzero(size[:, i] <= e_tol)
        if len(rows) and rows[0] == 0:
            found[i] = 0
        elif len(rows):
            t = rows[0]
            before, after = size[t - 1, i], size[t, i]
            part = (before - e_tol) / (before - after)
            found[i] = time[t - 1] + part * (time[t] - time[t - 1])
    return found


def _between(time: Array, size: Array, e_tol: float, t: int) -> float:
    """Where the line from row t-1 to row t crosses e_tol."""
    part = (size[t - 1] - e_tol) / (size[t - 1] - size[t])
    return float(time[t - 1] + part * (time[t] - time[t - 1]))


def _each(
    when: Callable[[Array, Array, float, int], float],
    never: float | None = None,
    start: bool = True,
) -> Answer:
    """Answers that ask ``when`` of each input with its first row t. never: what counts if there is
    none, by default the last time. start: whether an input that is right from the start gets 0."""

    def answer(time: Array, size: Array, e_tol: float) -> Array:
        found = np.full(size.shape[1], time[-1] if never is None else never)
        for i, column in enumerate(size.T):
            rows = np.flatnonzero(column <= e_tol)
            if len(rows):
                t = int(rows[0])
                found[i] = 0.0 if start and t == 0 else when(time, column, e_tol, t)
        return found

    return answer


@crossing_time.right
def step_by_step(time: Array, size: Array, e_tol: float) -> Array:
    """As the engine does: the time runs, and those that are not there yet are looked at."""
    found = np.where(size[0] <= e_tol, 0.0, np.inf)
    for t in range(1, len(time)):
        new = np.isinf(found) & (size[t] <= e_tol)
        part = (size[t - 1, new] - e_tol) / (size[t - 1, new] - size[t, new])
        found[new] = time[t - 1] + part * (time[t] - time[t - 1])
    return np.minimum(found, time[-1])


@crossing_time.right
def at_once(time: Array, size: Array, e_tol: float) -> Array:
    there = size <= e_tol
    t = np.maximum(there.argmax(axis=0), 1)
    i = np.arange(size.shape[1])
    before, after = size[t - 1, i], size[t, i]
    part = (before - e_tol) / np.where(before == after, 1, before - after)
    found = time[t - 1] + part * (time[t] - time[t - 1])
    found = np.where(there[0], 0.0, found)
    return np.where(there.any(axis=0), found, time[-1])


crossing_time.right(
    _each(
        lambda time, size, e_tol, t: float(
            np.interp(-e_tol, [-size[t - 1], -size[t]], [time[t - 1], time[t]])
        )
    )
)


crossing_time.wrong(
    "an input that never gets there has no row, and argmax then says 0. The last time counts for "
    "it."
)(_each(_between, never=0.0))

crossing_time.wrong(
    "this is the time of the first row that is below e_tol. The line crosses a little earlier, "
    "between that row and the one before."
)(_each(lambda time, size, e_tol, t: float(time[t])))

crossing_time.wrong(
    "this is the time of the last row before the crossing. The line crosses a little later, "
    "between that row and the next."
)(_each(lambda time, size, e_tol, t: float(time[t - 1])))

crossing_time.wrong(
    "this is the middle between two rows. How far the line has gone when it crosses depends on "
    "the errors of both."
)(_each(lambda time, size, e_tol, t: float(time[t - 1] + time[t]) / 2))


def _line(
    part: Callable[[float, float, float], float] = lambda before, after, e_tol: (
        (before - e_tol) / (before - after)
    ),
    place: Callable[[float, float, float], float] = lambda part, one, other: (
        one + part * (other - one)
    ),
) -> Answer:
    """Answers with another part of the way, or with another use of it between two times."""
    return _each(
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

    return _each(when)


for which in range(5):
    for other_row in (
        lambda t: t,
        lambda t: t - 1,
        lambda t: t - 2,
        lambda t: t + 1,
        lambda t: 1 - t,
        lambda t: -1,
        lambda t: 0,
    ):
        if other_row(3) != (3 if which in (1, 3) else 2):
            crossing_time.wrong(
                "one of the rows is not the right one. The line goes from row t-1, the last before "
                "the crossing, to row t: in the errors and in the times."
            )(_rows(which, other_row))


def _shifted(by: int) -> Answer:
    """Answers whose row t is another one."""
    return _each(
        lambda time, size, e_tol, t: _between(
            time, size, e_tol, int(np.clip(t + by, 1, len(time) - 1))
        )
    )


for by in (1, -1):
    crossing_time.wrong(
        "the row t is another one: it is the first in which the error is no larger than e_tol."
    )(_shifted(by))


@crossing_time.wrong(
    "the second row that is below e_tol is taken for the first: rows[0] comes before rows[1]."
)
def second_row(time: Array, size: Array, e_tol: float) -> Array:
    found = np.asarray(crossing_time(time, size, e_tol))
    for i, column in enumerate(size.T):
        rows = np.flatnonzero(column <= e_tol)
        if len(rows) > 1 and rows[0]:
            found[i] = _between(time, column, e_tol, int(rows[1]))
    return found


@crossing_time.wrong(
    "the question is the wrong way round: those that are right from the start, row 0, have the "
    "time 0, and all others a crossing."
)
def start_and_others(time: Array, size: Array, e_tol: float) -> Array:
    found = np.full(size.shape[1], time[-1])
    for i, column in enumerate(size.T):
        rows = np.flatnonzero(column <= e_tol)
        if len(rows):
            found[i] = 0 if rows[0] else _between(time, column, e_tol, 0)
    return found


for first, last, which_one in ((1, None, "first"), (0, -1, "last")):

    @crossing_time.wrong(f"the {which_one} input is left out: go through all of them.")
    def left_out(time: Array, size: Array, e_tol: float, rows: slice = slice(first, last)) -> Array:
        found = np.full(size.shape[1], time[-1])
        found[rows] = crossing_time(time, size[:, rows], e_tol)
        return found


crossing_time.wrong("these are numbers of rows. Seconds are asked for: time[t], not t.")(
    _each(
        lambda time, size, e_tol, t: t - 1 + float((size[t - 1] - e_tol) / (size[t - 1] - size[t]))
    )
)

crossing_time.wrong("these are numbers of rows. Seconds are asked for, and between two rows.")(
    _each(lambda time, size, e_tol, t: float(t))
)

crossing_time.wrong(
    "the line is straight in the error itself, not in its logarithm (which would be another "
    "sensible choice)."
)(
    _each(
        lambda time, size, e_tol, t: float(
            time[t - 1]
            + np.log(size[t - 1] / e_tol) / np.log(size[t - 1] / size[t]) * (time[t] - time[t - 1])
        )
    )
)


@crossing_time.wrong(
    "this is the *last* time at which the error comes below e_tol. It may come, go and come back: "
    "the first time counts."
)
def last_crossing(time: Array, size: Array, e_tol: float) -> Array:
    found = np.full(size.shape[1], time[-1])
    for i, column in enumerate(size.T):
        rows = np.flatnonzero((column[1:] <= e_tol) & (column[:-1] > e_tol)) + 1
        if len(rows):
            found[i] = _between(time, column, e_tol, int(rows[-1]))
        elif column[0] <= e_tol:
            found[i] = 0.0
    return found


@crossing_time.wrong(
    "an input that is right from the start needs no time at all. Row -1, with which you compare "
    "row 0, is the last row."
)
def start_from_behind(time: Array, size: Array, e_tol: float) -> Array:
    return np.asarray(_each(_between, start=False)(time, size, e_tol))


@crossing_time.wrong(
    "an input that is right from the start has no crossing, but its time is 0, not the last one."
)
def no_start(time: Array, size: Array, e_tol: float) -> Array:
    return np.where(size[0] <= e_tol, time[-1], crossing_time(time, size, e_tol))


@crossing_time.wrong(
    "an input that is right from the start gets a time from the rows 0 and 1. Its time is 0."
)
def extrapolated(time: Array, size: Array, e_tol: float) -> Array:
    return np.asarray(
        _each(lambda time, size, e_tol, t: _between(time, size, e_tol, max(t, 1)), start=False)(
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


@crossing_time.wrong("np.interp needs values that only rise, but errors wobble on their way down.")
def interp(time: Array, size: Array, e_tol: float) -> Array:
    return np.array([np.interp(e_tol, column[::-1], time[::-1]) for column in size.T])

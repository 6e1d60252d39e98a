"""Exercise 07.1: when an error that was recorded crosses the tolerance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Array, Array, float]:
    """Errors of 1 to 5 inputs that fall, each with a wobble that crosses the tolerance again. The
    steps of time differ. One input is there from the start, one never is;
    where there is one input alone, it never is now and then."""
    rng = np.random.default_rng([71, seed])
    steps, batch = int(rng.integers(8, 14)), 1 if seed % 4 == 3 else int(rng.integers(3, 6))
    time = np.concatenate([[0.0], np.cumsum(rng.uniform(0.005, 0.05, steps))])
    e_tol = float(rng.uniform(0.2, 0.4))
    size = np.exp(-np.outer(time / time[-1], rng.uniform(2.5, 5, batch)))
    size += 0.25 * e_tol * rng.uniform(-1, 1, size.shape)  # so that some cross more than once
    size[0] = rng.uniform(0.9, 1.2, batch)
    size[-3] = np.minimum(size[-3], 0.7 * e_tol)  # there by then
    size[-2] = 1.2 * e_tol  # and once more out of it
    if batch == 1 and seed % 8 == 7:  # or else "never" would seem to need several inputs
        size[:] = np.maximum(size, 1.05 * e_tol)
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


def between(time: Array, size: Array, e_tol: float, t: int) -> float:
    """Where the line from row t-1 to row t crosses e_tol."""
    part = (size[t - 1] - e_tol) / (size[t - 1] - size[t])
    return float(time[t - 1] + part * (time[t] - time[t - 1]))


def each(
    when: Callable[[Array, Array, float, int], float],
    never: float | None = None,
    start: bool = True,
) -> Answer:
    """Answers that ask ``when`` of each input with its first row t. never: what counts if there is
    none, by default the last time. start: whether an input that is there from the start gets 0."""

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
    each(
        lambda time, size, e_tol, t: float(
            np.interp(-e_tol, [-size[t - 1], -size[t]], [time[t - 1], time[t]])
        )
    )
)

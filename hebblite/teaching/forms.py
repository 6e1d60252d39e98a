"""An answer of another shape than is expected: what would make it right, and where a shape comes
from."""

from __future__ import annotations

import numpy as np

from .attempt import Attempt, Found
from .comparing import Array, arguments, close

NUMBER = (
    "it returns one number, and an array of shape {} is expected. A sum or a mean over everything "
    "is one number: say over which axis it runs, as in `np.sum(x, axis=0)`."
)
NOTHING_ADDED = (
    "it returns the number 0, and an array of shape {} is expected. A sum that adds nothing is 0: "
    "does its loop run at all, and over which axis? This happens when {}."
)


LENGTH = (
    "one number is expected. Should an array become one number on the way, by its length "
    "(`np.linalg.norm`) or by a sum?"
)


def wrong_shape(attempt: Attempt) -> str:
    """An array of another shape, and what would make it right."""
    tolerance = attempt.tolerance
    for i, (r, e) in enumerate(attempt.pairs):
        if r.shape == e.shape:
            continue
        case = attempt.case_of_pair[i]
        if not r.ndim and e.size != 1:
            if not r.any() and case:
                return Found(NOTHING_ADDED.format(e.shape, arguments(case, attempt.names)))
            return Found(NUMBER.format(e.shape))
        said = f"it returns shape {r.shape}, expected {e.shape}"
        if not r.size:
            return Found(f"{said}: it is empty. Does a loop run at all, or is a slice too short?")
        if r.shape == e.shape[::-1] and close(r.T, e, tolerance):
            return Found(f"{said}: it is the transpose of the right answer.")
        if r.squeeze().shape == e.squeeze().shape:
            return axis_of_one(said, r, e, tolerance)
        return (
            not_added_up(said, r, e, tolerance)
            or (Found(f"it returns shape {r.shape}, and {LENGTH}") if not e.ndim else "")
            or joined(said, r, e, tolerance)
            or too_long(said, r, e, tolerance)
            or f"{said}.{whence(attempt, r, e)}"
        )
    return ""


def axis_of_one(said: str, r: Array, e: Array, tolerance: float) -> str:
    """An axis of length 1 that is lost or added."""
    right = close(r.squeeze(), e.squeeze(), tolerance)
    return Found(
        f"{said}{'. The numbers are right, but' if right else ':'} an axis of length 1 is lost or "
        "added. For one neuron or one input, too, the array keeps its axis (does it call "
        "`squeeze`?)."
    )


def not_added_up(said: str, r: Array, e: Array, tolerance: float) -> str:
    """One axis too many: the sum or the mean over it is the answer."""
    for axis in range(r.ndim if r.ndim == e.ndim + 1 else 0):
        for verb, value in (("add up", r.sum(axis)), ("take the mean", mean(r, axis))):
            if close(value, e, tolerance):
                return Found(f"{said}. Each entry is right; now {verb} over axis {axis}.")
    return ""


def mean(array: Array, axis: int) -> Array:
    """As np.mean, and without a warning where there is nothing."""
    return array.sum(axis) / max(array.shape[axis], 1)


def joined(said: str, r: Array, e: Array, tolerance: float) -> str:
    """All numbers, with two axes made one, or in another order."""
    if r.size != e.size:
        return ""
    if r.ndim < e.ndim and close(r.reshape(e.shape), e, tolerance):
        return Found(
            f"{said}. The numbers are right, but two axes are joined to one. `np.concatenate` does "
            "that; collect the arrays in a list, then `np.array(...)` of it keeps an axis for them."
        )
    for axis in range(1, r.ndim if r.ndim == e.ndim else 0):
        if close(r.swapaxes(0, axis), e, tolerance):
            return Found(f"{said}. The numbers are right, but axes 0 and {axis} are exchanged.")
    return ""


def too_long(said: str, r: Array, e: Array, tolerance: float) -> str:
    """A row too many or too few."""
    if r.ndim != e.ndim or not r.ndim or r.shape[1:] != e.shape[1:]:
        return ""
    for rest, right, words in (
        (r[1:], e, "the first row is too much"), (r[:-1], e, "the last row is too much"),
        (r, e[1:], "the first row is missing"), (r, e[:-1], "the last row is missing"),
    ):  # fmt: skip
        if close(rest, right, tolerance):
            return Found(f"{said}: {words}. All other rows are right.")
    return ""


def whence(attempt: Attempt, r: Array, e: Array) -> str:
    """Where the lengths of the expected shape come from, in a sentence to add; or ""."""
    if r.ndim == e.ndim and r.ndim and r.shape[1:] == e.shape[1:]:
        for i, name in enumerate(attempt.names[: len(attempt.cases[0])]):
            steps = [case[i] for case in attempt.cases]
            whole = all(isinstance(step, int | np.integer) for step in steps)
            if whole and all(
                len(right[0]) == step + 1
                for right, step in zip(attempt.expected, steps, strict=True)
            ):
                return (
                    f" `{name}` steps have `{name}` + 1 rows: row 0 is the state before the first "
                    "step. Other numbers are wrong as well."
                )
    lengths = [origin(attempt, axis) for axis in range(e.ndim)]
    if all(lengths) and lengths:
        return f" The expected shape is ({', '.join(lengths)}{',' * (e.ndim == 1)})."
    return ""


def origin(attempt: Attempt, axis: int) -> str:
    """Which length of an argument this length of the answer is, in all cases; or ""."""
    if any(len(right) != 1 for right in attempt.expected):
        return ""
    wanted = [right[0].shape[axis] for right in attempt.expected]
    for i, name in enumerate(attempt.names[: len(attempt.cases[0])]):
        given = [case[i] for case in attempt.cases]
        if not all(isinstance(x, np.ndarray) for x in given):
            continue
        for k in range(min(x.ndim for x in given)):
            if [x.shape[k] for x in given] == wanted:
                return f"`{name}.shape[{k}]`"
    return ""

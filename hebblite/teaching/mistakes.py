"""What is probably wrong with an answer: a mistake that its exercise knows, or a general one.

A message is ``Found`` (see ``attempt``) if it names the slip. One that says only how the numbers
look is a plain string: ``tests/mutants.py`` counts how many answers get no better than that.
"""

from __future__ import annotations

import copy
import traceback
import warnings
from collections.abc import Callable

import numpy as np

from .apart import apart
from .attempt import Attempt, Found
from .comparing import Array, all_close, close, described, numbers
from .factors import constant, factor, loosely
from .slips import ignored, slip
from .source import seen_in_source, whole_numbers
from .words import count

#: What float32 reaches after some sums: relative to the largest entry.
COARSE = 1e-4

SINGLE = Found(
    "the numbers are right, but only to about {digits}, as in single precision (float32). Work in "
    "float64, which is what NumPy takes by itself: leave out `dtype=np.float32` and `astype`, and "
    "round nothing. Later cells check identities to 12 digits."
)


def mistake(attempt: Attempt) -> str:
    """What to tell whoever made this attempt."""
    return known_mistake(attempt) or general_mistake(attempt)


def known_mistake(attempt: Attempt) -> str:
    """The message of the first known wrong answer that behaves alike in every case, or ""."""
    for wrong, message in attempt.exercise.wrong:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                alike = [
                    numbers(wrong(*copy.deepcopy(case)), like)  # read as the answer is
                    for case, like in zip(attempt.cases, attempt.expected, strict=True)
                ]
                if all_close(attempt.results, alike, attempt.tolerance):
                    return Found(message)
            except Exception:  # not made for sizes like these: then the answer is not that one
                continue
    return ""


def coarse_answer(attempt: Attempt) -> str:
    """Right, but for its precision."""
    for digits in range(8, 3, -1):
        if all_close(attempt.results, attempt.expected, 10.0**-digits):
            return Found(SINGLE.format(digits=count(digits, "digit")))
    return ""


def general_mistake(attempt: Attempt) -> str:
    """Mistakes that need no knowledge of the exercise."""
    return seen_in_source(attempt) or reversed_parts(attempt) or of_first_wrong_part(attempt)


def of_first_wrong_part(attempt: Attempt) -> str:
    """The mistake in the first of several things that is wrong."""
    several, which = len(attempt.expected[0]), ""
    if several > 1 and all(len(e) == several for e in attempt.expected):
        for k in range(several):
            one = attempt.only(k)
            if not all(one.right):
                names = attempt.exercise.parts
                name = names[k] if k < len(names) else f"item {k}"
                attempt, which = one, f"{name} is wrong: "
                break
    for look in (
        *(not_finite, nothing_but_zeros, wrong_everywhere, constant, slip, wrong_shape),
        *(always_alike, whole, factor, displaced, ignored, wrong_in_some_cases, loosely),
    ):
        said = look(attempt)
        if said:
            return Found(which + said) if isinstance(said, Found) else which + said
    return which + wrong_values(attempt)


def reversed_parts(attempt: Attempt) -> str:
    """A list in the wrong order."""
    backwards = [r[::-1] for r in attempt.results]
    if len(attempt.expected[0]) > 1 and all_close(backwards, attempt.expected, attempt.tolerance):
        return Found("the items are right, but the list runs the wrong way: reverse its order.")
    return ""


def not_finite(attempt: Attempt) -> str:
    """NaN and infinity, and where they come from."""
    bad = [not all(np.isfinite(r).all() for r in parts) for parts in attempt.results]
    if not any(bad):
        return ""
    said = "it returns NaN or infinite values"
    case = attempt.cases[bad.index(True)]
    try:
        with np.errstate(all="raise", under="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            attempt.answer(*copy.deepcopy(case))
    except FloatingPointError as error:
        lines = traceback.extract_tb(error.__traceback__)
        line = lines[-1].line or ""
        where = f", in `{line}`" if len(lines) > 1 and line else ""
        return Found(f"{said}. NumPy says: {error}{where}. Arguments: {described(case)}.")
    except Exception:
        return f"{said}."
    return f"{said}. Does it use an array (np.empty, np.nan) before that is filled?"


def nothing_but_zeros(attempt: Attempt) -> str:
    """Zeros of the right shape, and why."""
    if any(r.any() or r.shape != e.shape for r, e in attempt.pairs):
        return ""
    why = whole_numbers(attempt)
    if why:
        return Found("it returns nothing but zeros." + why)
    return (
        "it returns nothing but zeros. Is the array filled before it is returned, and is nothing "
        "subtracted from itself?"
    )


def wrong_shape(attempt: Attempt) -> str:
    """An array of another shape, and what would make it right."""
    tolerance = attempt.tolerance
    for r, e in attempt.pairs:
        if r.shape == e.shape:
            continue
        said = f"it returns shape {r.shape}, expected {e.shape}"
        if r.shape == e.shape[::-1] and close(r.T, e, tolerance):
            return Found(f"{said}: it is the transpose of the right answer.")
        if r.squeeze().shape == e.squeeze().shape:
            if close(r.squeeze(), e.squeeze(), tolerance):
                said += ". The numbers are right, but"
            else:
                said += ":"
            return Found(
                f"{said} an axis of length 1 is lost or added. For one neuron or one input, "
                "too, the array keeps its axis (does it call `squeeze`?)."
            )
        return not_added_up(said, r, e, tolerance) or too_long(said, r, e, tolerance) or f"{said}."
    return ""


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


def wrong_everywhere(attempt: Attempt) -> str:
    """The sign, the transpose of square matrices."""
    pairs, tolerance = attempt.pairs, attempt.tolerance
    if all(close(-r, e, tolerance) for r, e in pairs):
        return Found("the sign is the wrong way round.")
    square = all(e.ndim == 2 and e.shape[0] == e.shape[1] for _, e in pairs)
    if square and all(close(r.T, e, tolerance) for r, e in pairs):
        return Found("it is the transpose of the right answer.")
    if all(close(r, np.abs(e), tolerance) for r, e in pairs):
        return Found("the sizes are right, but the signs are lost.")
    return ""


def always_alike(attempt: Attempt) -> str:
    """The same number everywhere."""
    values = np.concatenate([r.ravel() for r, _ in attempt.pairs])
    if len(values) < 2 or np.ptp(values):
        return ""
    return Found(
        f"it returns {values[0]:.4g} in every case, whatever its arguments are. Is there a fixed "
        "number in your function, or a variable from outside it?"
    )


def whole(attempt: Attempt) -> str:
    """Whole numbers where others are expected."""
    if all((r == np.round(r)).all() for r, _ in attempt.pairs) and not all(
        (e == np.round(e)).all() for _, e in attempt.pairs
    ):
        why = whole_numbers(attempt)
        return Found(
            "all numbers that it returns are whole ones, and the right ones are not."
            + (why or " Is an array made for integers on the way, or does it divide with `//`?")
        )
    return ""


Move = Callable[[Array, Array], tuple[Array, Array]]
MOVED: tuple[tuple[str, Move], ...] = (
    (
        "is one row too late: row t holds what belongs into row t - 1",
        lambda r, e: (r[1:], e[:-1]),
    ),
    (
        "is one row too early: row t holds what belongs into row t + 1",
        lambda r, e: (r[:-1], e[1:]),
    ),
    ("runs backwards along axis 0", lambda r, e: (r[::-1], e)),
    (
        "is summed up along axis 0 (np.cumsum?); the single rows are asked for",
        lambda r, e: (r, e.cumsum(0)),
    ),
)


def displaced(attempt: Attempt) -> str:
    """The right rows in the wrong places."""
    pairs, tolerance = attempt.pairs, attempt.tolerance
    if not all(r.ndim and len(r) > 1 for r, _ in pairs):
        return ""
    for words, moved in MOVED:
        if all(close(*moved(r, e), tolerance) for r, e in pairs):
            return Found(f"the result {words}.")
    for words, rest in (("first", slice(1, None)), ("last", slice(None, -1))):
        if all(close(r[rest], e[rest], tolerance) for r, e in pairs):
            return Found(f"only the {words} row is wrong; all others are right.")
    return ""


def wrong_in_some_cases(attempt: Attempt) -> str:
    """Right here and there; what the wrong cases have, and the arguments of the first of them."""
    right = attempt.right
    if not any(right):
        return ""
    where = f"Arguments for which it is wrong: {described(attempt.cases[right.index(False)])}."
    what = apart(attempt)
    if what:
        return Found(f"it is right, except {what}. {where}")
    return loosely(attempt) or (
        f"it is right in {sum(right)} of {len(right)} random cases: not for all sizes or values. "
        f"{where}"
    )


def wrong_values(attempt: Attempt) -> str:
    """By how much the values are off, where nothing else can be said."""
    off = max(float(np.abs(r - e).max(initial=0)) for r, e in attempt.pairs)
    size = max(float(np.abs(e).max(initial=0)) for _, e in attempt.pairs)
    return (
        f"the shape is right, but values are off by up to {off:.3g} "
        f"(the right ones reach {size:.3g})."
    )

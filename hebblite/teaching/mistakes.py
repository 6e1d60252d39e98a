"""What is probably wrong with an answer: a mistake that its exercise knows, or a general one.

A message is ``Found`` (see ``attempt``) if it names the slip. One that says only how the numbers
look is a plain string: ``tests/mutants.py`` counts how many answers get no better than that.
"""

from __future__ import annotations

import copy
import re
import traceback
import warnings
from collections.abc import Callable

import numpy as np

from .apart import apart
from .attempt import Attempt, Case, Found
from .comparing import Array, all_close, arguments, close, numbers
from .entries import two_known, where_infinite, where_wrong
from .exercises import Answer, Exercise
from .factors import constant, factor, loosely
from .forms import wrong_shape
from .numerals import rounded as figures
from .slips import ignored, of_no_size, slip
from .source import ends_too_early, seen_in_source, suspicious, whole_numbers
from .twice import two_slips
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
    return ends_too_early(attempt.answer) or known_mistake(attempt) or general_mistake(attempt)


def alone(attempt: Attempt) -> str:
    """The same, only where it is certain: for arguments that the exercise does not draw."""
    return (
        known_mistake(attempt) or wrong_everywhere(attempt) or reversed_parts(attempt)
        or slip(attempt) or two_slips(attempt)
    )  # fmt: skip


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


def known_refused(exercise: Exercise, answer: Answer, cases: list[Case]) -> str:
    """The message of a known wrong answer that returns the same things, too many or too few."""

    def returned(one: Answer) -> list[list[Array]]:
        return [numbers(one(*copy.deepcopy(case))) for case in cases]

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            mine = returned(answer)
        except Exception:
            return ""
        for wrong, message in exercise.wrong:
            try:
                if all_close(mine, returned(wrong), exercise.tolerance):
                    return message
            except Exception:  # not made for sizes like these
                continue
    return ""


def coarse_answer(attempt: Attempt) -> str:
    """Right, but for its precision."""
    digits = agreeing(attempt)
    return Found(SINGLE.format(digits=count(digits, "digit"))) if digits else ""


def agreeing(attempt: Attempt) -> int:
    """The digits to which all numbers are right; 0 for less than four."""
    good = (k for k in range(8, 3, -1) if all_close(attempt.results, attempt.expected, 10.0**-k))
    return next(good, 0)


def rounded(attempt: Attempt) -> str:
    """Float64 all through, but rounded on the way."""
    digits, pairs = agreeing(attempt), attempt.pairs
    if not digits or any(r.shape != e.shape for r, e in pairs):
        return ""
    said = f"the numbers are right, but only to about {count(digits, 'digit')}"
    for places in range(10):
        if all((np.round(r, places) == r).all() for r, _ in pairs):
            return Found(f"{said}: they are rounded to {count(places, 'decimal')}. Round nothing.")
    return Found(
        f"{said}. They come as float64, so something is rounded on the way: an array in single "
        "precision (`np.float32`), `np.round`, or a constant with few digits."
    )


def general_mistake(attempt: Attempt) -> str:
    """Mistakes that need no knowledge of the exercise."""
    said = seen_in_source(attempt) or reversed_parts(attempt) or of_first_wrong_part(attempt)
    if not isinstance(said, Found) and "a factor is off" not in said:
        # Where many answers are right, what separates one from the reference need be no slip.
        two = "" if attempt.exercise.bench else two_slips(attempt)
        return two or suspicious(attempt) or said
    return said


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
        *(not_finite, nothing_but_zeros, wrong_everywhere, rounded, constant, turned, slip),
        wrong_shape,
        *(
            always_alike,
            whole,
            factor,
            displaced,
            untouched,
            of_no_size,
            ignored,
            two_known,
            where_wrong,
            wrong_in_some_cases,
            loosely,
        ),
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
        given = arguments(case, attempt.names)
        why = of_negative(case, attempt.expected[0]) if re.search(NEGATIVE, str(error)) else ""
        return Found(f"{said}. NumPy says: {error}{where}. There {given}.{why}")
    except Exception:
        return f"{said}."
    if not any(np.isnan(r).any() for r, _ in attempt.pairs):
        where = where_infinite(attempt)
        if where:
            return Found(f"it returns infinite values {where}.")
        return "it returns infinite values. Is an `np.inf` left over, or a number too large?"
    return f"{said}. Does it use an array (np.empty, np.nan) before that is filled?"


NEGATIVE = "invalid value encountered in (log|sqrt|power)"


def of_negative(case: Case, expected: list[Array]) -> str:
    """What to say where a logarithm or a root meets a negative number."""
    vectors = any(isinstance(x, np.ndarray) and x.ndim == 1 and (x < 0).any() for x in case)
    if vectors and all(e.ndim == 0 for e in expected):
        return (
            " It is taken of a negative number. Should a vector become one number first, by its "
            "length (`np.linalg.norm`) or by a sum?"
        )
    return " It is taken of a negative number, which has none."


def nothing_but_zeros(attempt: Attempt) -> str:
    """Zeros of the right shape, and why."""
    if any(r.any() or r.shape != e.shape for r, e in attempt.pairs):
        return ""
    why = whole_numbers(attempt)
    if why:
        return Found("it returns nothing but zeros." + why)
    return (
        "it returns nothing but zeros. Is the array filled before it is returned, does its loop "
        "run at all (over an axis that is longer than 1), and is nothing subtracted from itself?"
    )


def wrong_everywhere(attempt: Attempt) -> str:
    """The sign, the transpose of square matrices."""
    pairs, tolerance = attempt.pairs, attempt.tolerance
    if all(close(-r, e, tolerance) for r, e in pairs):
        return Found("the sign is the wrong way round.")
    square = all(e.ndim == 2 and e.shape[0] == e.shape[1] for _, e in pairs)
    if square and all(close(r.T, e, tolerance) for r, e in pairs):
        return Found("it is the transpose of the right answer.")
    lost = all(close(r, np.abs(e), tolerance) for r, e in pairs)
    if lost and any((e < 0).any() for _, e in pairs):  # else it is only off by a little
        return Found("the sizes are right, but the signs are lost.")
    return ""


def turned(attempt: Attempt) -> str:
    """The transpose of matrices that are not square: as of a product whose factors are swapped."""
    pairs = attempt.pairs
    if not all(e.ndim == 2 and close(r.T, e, attempt.tolerance) for r, e in pairs):
        return ""
    return Found(
        "it is the transpose of the right answer. (`np.outer(a, b)`, and `a.T @ b` of a batch, "
        "have a row for each entry of `a` and a column for each one of `b`.)"
    )


def always_alike(attempt: Attempt) -> str:
    """The same number everywhere."""
    values = np.concatenate([r.ravel() for r, _ in attempt.pairs])
    if len(values) < 2 or np.ptp(values):
        return ""
    return Found(
        f"it returns {figures(values[0], 4)} in every case, whatever its arguments are. Is there a "
        "fixed number in your function, or a variable from outside it?"
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


ACTIVATIONS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("a relu", lambda x: np.maximum(x, 0.0)),
    ("a sigmoid", lambda x: 1 / (1 + np.exp(-x))),
    ("a tanh", np.tanh),
)


def untouched(attempt: Attempt) -> str:
    """An activation that does not belong there, or a first row that is an argument as it is."""
    pairs = attempt.pairs
    for name, phi in ACTIVATIONS:
        if all(close(r, phi(e), attempt.tolerance) for r, e in pairs):
            return Found(
                f"it is the right answer, passed through {name}. What is asked for may be "
                "negative, or large: leave the activation out."
            )
    if any(r.shape != e.shape or not r.ndim for r, e in pairs) or len(pairs) != len(attempt.cases):
        return ""
    for i, name in enumerate(attempt.names[: len(attempt.cases[0])]):
        rows = [(case, r[0], e[0]) for case, (r, e) in zip(attempt.cases, pairs, strict=True)]
        given = [case[i] for case in attempt.cases]
        if not all(isinstance(x, np.ndarray) for x in given):
            continue
        as_it_is = all(
            close(row[1], x, attempt.tolerance) for row, x in zip(rows, given, strict=True)
        )
        if as_it_is and not any(close(mine, right, attempt.tolerance) for _, mine, right in rows):
            return Found(f"row 0 is `{name}` as it is. {applied(rows, i, attempt)}")
    return ""


def applied(rows: list[tuple[Case, Array, Array]], i: int, attempt: Attempt) -> str:
    """What has to be done to argument ``i`` to make it the right first row."""
    for j, phi in enumerate(attempt.names[: len(attempt.cases[0])]):
        if all(callable(c[j]) and close(c[j](c[i]), e, attempt.tolerance) for c, _, e in rows):
            return (
                f"Row 0 too is what `{phi}` makes of it: `{phi}({attempt.names[i]})`, a rate and "
                "not a voltage."
            )
    return "Something has to be done to it first, as in all other rows."


def wrong_in_some_cases(attempt: Attempt) -> str:
    """Right here and there; what the wrong cases have, and the arguments of the first of them."""
    right = attempt.right
    if not any(right):
        return ""
    given = arguments(attempt.cases[right.index(False)], attempt.names)
    where = f"It is wrong, for one, when {given}."
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
        f"the shape is right, but values are off by up to {figures(off, 3)} "
        f"(the right ones reach {figures(size, 3)})."
    )

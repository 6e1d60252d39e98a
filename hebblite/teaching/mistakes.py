"""What is probably wrong with an answer: a mistake that its exercise knows, or a general one."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import numpy as np

from .comparing import Array, all_close, close, described, numbers
from .exercises import Exercise


def mistake(
    results: list[list[Array]],
    expected: list[list[Array]],
    exercise: Exercise,
    cases: list[tuple[Any, ...]],
) -> str:
    """What to tell whoever gave these wrong results in these cases."""
    known = known_mistake(results, expected, exercise, cases)
    return known or general_mistake(results, expected, exercise, cases)


def known_mistake(
    results: list[list[Array]],
    expected: list[list[Array]],
    exercise: Exercise,
    cases: list[tuple[Any, ...]],
) -> str:
    """The message of the first known wrong answer that behaves alike in every case, or ""."""
    for wrong, message in exercise.wrong:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                alike = [
                    numbers(wrong(*copy.deepcopy(case)), like)  # read as the answer is
                    for case, like in zip(cases, expected, strict=True)
                ]
                if all_close(results, alike, exercise.tolerance):
                    return message
            except Exception:  # not made for sizes like these: then the answer is not that one
                continue
    return ""


def general_mistake(
    results: list[list[Array]],
    expected: list[list[Array]],
    exercise: Exercise,
    cases: list[tuple[Any, ...]],
) -> str:
    """Mistakes that need no knowledge of the exercise; of several things, in the first wrong one:
    shape, NaN, sign, transpose, factor, some cases only."""
    count, tolerance, which = len(expected[0]), exercise.tolerance, ""
    if count > 1 and all(len(e) == count for e in expected):
        for k in range(count):
            r, e = [[r[k]] for r in results], [[e[k]] for e in expected]
            if not all_close(r, e, tolerance):
                name = exercise.parts[k] if k < len(exercise.parts) else f"item {k}"
                results, expected, which = r, e, f"{name} is wrong: "
                break
    pairs = [p for r, e in zip(results, expected, strict=True) for p in zip(r, e, strict=True)]
    return which + (
        wrong_shape(pairs, tolerance)
        or wrong_everywhere(pairs, tolerance)
        or wrong_factor(pairs, tolerance)
        or wrong_in_some_cases(results, expected, tolerance, cases)
        or wrong_values(pairs)
    )


Pairs = list[tuple[Array, Array]]  # what was returned, and what is expected


def wrong_shape(pairs: Pairs, tolerance: float) -> str:
    """An array of another shape, and what would make it right."""
    for r, e in pairs:
        if r.shape != e.shape:
            said = f"it returns shape {r.shape}, expected {e.shape}"
            if r.shape == e.shape[::-1] and close(r.T, e, tolerance):
                return f"{said}: it is the transpose of the right answer."
            if r.squeeze().shape == e.squeeze().shape:
                if close(r.squeeze(), e.squeeze(), tolerance):
                    said += ". The numbers are right, but"
                else:
                    said += ":"
                return (
                    f"{said} an axis of length 1 is lost or added. For one neuron or one input, "
                    "too, the array keeps its axis (does it call `squeeze`?)."
                )
            return f"{said}."
    return ""


def wrong_everywhere(pairs: Pairs, tolerance: float) -> str:
    """NaN, nothing but zeros, the sign, the transpose of square matrices."""
    if not all(np.isfinite(r).all() for r, _ in pairs):
        return "it returns NaN or infinite values."
    if not any(r.any() for r, _ in pairs):
        return "it returns nothing but zeros."
    if all(close(-r, e, tolerance) for r, e in pairs):
        return "the sign is the wrong way round."
    square = all(e.ndim == 2 and e.shape[0] == e.shape[1] for _, e in pairs)
    if square and all(close(r.T, e, tolerance) for r, e in pairs):
        return "it is the transpose of the right answer."
    return ""


def wrong_factor(pairs: Pairs, tolerance: float) -> str:
    """A multiple of the right answer in each case."""
    factors = [float(np.vdot(r, e) / (np.vdot(e, e) or 1)) for r, e in pairs]
    if not factors[0] or not all(
        close(r, f * e, tolerance) for f, (r, e) in zip(factors, pairs, strict=True)
    ):
        return ""
    if np.ptp(factors) < 1e-6 * abs(factors[0]):
        return f"it is {factors[0]:.4g} times the right answer: a factor is off."
    if np.allclose(np.abs(factors), 1):
        return "the sign is right in some cases and wrong in others."
    if all(e.size > 1 for _, e in pairs):  # any number is a multiple of any other
        return "it is proportional to the right answer, but the factor changes with the sizes."
    return ""


def wrong_in_some_cases(
    results: list[list[Array]],
    expected: list[list[Array]],
    tolerance: float,
    cases: list[tuple[Any, ...]],
) -> str:
    """Right here and there, and the arguments of the first case where it is not."""
    right = [
        all(close(a, b, tolerance) for a, b in zip(r, e, strict=True))
        for r, e in zip(results, expected, strict=True)
    ]
    if not any(right):
        return ""
    return (
        f"it is right in {sum(right)} of {len(right)} random cases: not for all sizes or values. "
        f"Arguments for which it is wrong: {described(cases[right.index(False)])}."
    )


def wrong_values(pairs: Pairs) -> str:
    """By how much the values are off, where nothing else can be said."""
    off = max(float(np.abs(r - e).max(initial=0)) for r, e in pairs)
    size = max(float(np.abs(e).max(initial=0)) for _, e in pairs)
    return (
        f"the shape is right, but values are off by up to {off:.3g} "
        f"(the right ones reach {size:.3g})."
    )

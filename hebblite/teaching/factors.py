"""The factor between an answer and the right one, named by the arguments where that is possible."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import numpy as np

from .attempt import Attempt, Found
from .comparing import Array, close
from .numerals import rounded

MILLISECONDS = "are there milliseconds where seconds are meant, or the other way round?"
#: Factors that units bring.
KNOWN = {
    1000.0: f": {MILLISECONDS}",
    1e6: ": is a factor of a thousand (milliseconds for seconds) squared?",
    180 / np.pi: ": are there degrees where radians are meant, or the other way round?",
    100.0: ": is it in percent?",
}


def constant(attempt: Attempt) -> str:
    """The same multiple of the right answer in every case."""
    found = [
        f for f, (r, e) in zip(multiples(attempt), attempt.pairs, strict=False)
        if r.any() or e.any()  # 0 is any multiple of 0
    ]  # fmt: skip
    if found and np.ptp(found) < 1e-6 * abs(found[0]):
        for value, words in KNOWN.items():
            for factor, said in ((value, "times"), (1 / value, "divided by")):
                if np.isclose(found[0], factor, rtol=1e-6):
                    told = timed(attempt) or "milli" not in words
                    about = words if told else ": a factor is off."
                    return Found(f"it is the right answer {said} {rounded(value, 4)}{about}")
        if abs(found[0] - 1) < 0.01:
            return Found(
                f"it is {found[0]:.6g} times the right answer: only just off. Is a constant "
                "rounded, such as 3.14 for `np.pi`?"
            )
        return f"it is {rounded(found[0], 4)} times the right answer: a factor is off."
    return ""


#: What speaks of times in the words of an exercise.
TIMES = re.compile(r"\b(time|times|second|seconds|latency|milliseconds?|phase|dt|tau|decay)\b")


def timed(attempt: Attempt) -> bool:
    """Whether something in the exercise is a time: by its names, its title and its docstring."""
    about = attempt.exercise
    words = f"{about.title} {about.reference.__doc__ or ''} " + " ".join(attempt.names)
    return bool(TIMES.search(words.lower().replace("_", " ")))


def factor(attempt: Attempt) -> str:
    """A multiple of the right answer, by a number that is among the arguments."""
    of_cases = by_case(multiples(attempt), attempt)
    said = named(of_cases, attempt) if of_cases is not None else ""
    return Found(f"it is the right answer {said}") if said else ""


def loosely(attempt: Attempt) -> str:
    """A multiple of the right answer, that changes from case to case for no known reason."""
    found = multiples(attempt)
    if found and np.allclose(np.abs(found), 1):
        return "the sign is right in some cases and wrong in others."
    if found and all(e.size > 1 for _, e in attempt.pairs):  # any number is a multiple of another
        return "it is proportional to the right answer, but the factor changes with the sizes."
    return ""


def multiples(attempt: Attempt) -> list[float]:
    """The factor of each pair; none if one is no multiple of the right answer."""
    pairs = attempt.pairs
    if any(r.shape != e.shape for r, e in pairs):
        return []
    found = [float(np.vdot(r, e) / (np.vdot(e, e) or 1)) for r, e in pairs]
    fits = all(np.isfinite(found)) and all(
        close(r, f * e, attempt.tolerance) for f, (r, e) in zip(found, pairs, strict=True)
    )
    return found if fits and any(found) else []


def by_case(found: list[float], attempt: Attempt) -> Array | None:
    """One factor for each case; None if parts of a case differ in it."""
    factors, start = [], 0
    if not all(found) or not found:
        return None
    for parts in attempt.expected:
        mine = found[start : start + len(parts)]
        start += len(parts)
        if not mine or np.ptp(mine) > 1e-6 * abs(mine[0]):
            return None
        factors.append(mine[0])
    return np.array(factors)


def named(factors: Array, attempt: Attempt) -> str:
    """The factor as one quantity of the arguments, or as the product or ratio of two."""
    known = dict(quantities(attempt))
    for name, values in known.items():
        if equal(factors, values):
            return f"times {name}: divide by that, or leave out the factor. {advice(name)}"
        if equal(factors, 1 / values):
            return f"divided by {name}: that factor is missing, or divided by once too often."
    for name, values in known.items():
        for product, side in ((factors / values, "stands in the denominator"),
                              (factors * values, "is a factor")):  # fmt: skip
            fixed = product[0] if side == "is a factor" else 1 / product[0]
            alike = np.ptp(values) > 0 and np.allclose(product, product[0], rtol=1e-6)
            if alike and fixed > 1 and np.isclose(fixed, round(fixed)):
                return (
                    f"times a number that changes with {name}: a fixed {fixed:.0f} {side} where "
                    f"{name} belongs."
                )
    for (a, x), (b, y) in itertools.combinations(known.items(), 2):
        for words, value in (
            (f"times {a} and {b}", x * y), (f"times {a} and divided by {b}", x / y),
            (f"times {b} and divided by {a}", y / x), (f"divided by {a} and by {b}", 1 / (x * y)),
        ):  # fmt: skip
            if equal(factors, value):
                return f"{words}: a factor is missing, or stands upside down."
    return ""


def advice(name: str) -> str:
    return "Is this a sum where a mean is asked?" if "len(" in name or "shape" in name else ""


def equal(factors: Array, values: Array) -> bool:
    return bool(np.allclose(factors, values, rtol=1e-6, atol=0) and np.ptp(values) > 0)


def quantities(attempt: Attempt) -> Iterator[tuple[str, Array]]:
    """What a factor may be: numbers among the arguments, and lengths of arrays, over the cases."""
    for i, name in enumerate(attempt.names[: len(attempt.cases[0])]):
        given = [case[i] for case in attempt.cases]
        if all(isinstance(x, int | float | np.number) for x in given):
            values = np.array(given, float)
            if values.all():
                yield f"`{name}`", values
                yield f"`{name}` squared", values**2
        elif all(isinstance(x, np.ndarray) for x in given):
            for axis in range(min(x.ndim for x in given)):
                sizes = np.array([float(x.shape[axis]) for x in given])
                words = f"len({name})" if axis == 0 else f"{name}.shape[{axis}]"
                if sizes.all():
                    yield f"`{words}`", sizes
                if (sizes > 1).all():
                    yield f"`{words} - 1`", sizes - 1
        elif all(isinstance(x, list | tuple) and x for x in given):
            yield f"`len({name})`", np.array([float(len(x)) for x in given])

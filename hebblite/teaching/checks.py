"""Checks that say at once whether an answer is right and, if not, why not.

    check("00.1", my_function)     says right, or names the likely mistake; never a traceback
    piece("00.1", my_function)     the learner's piece if right, else the reference: it says which

An ``Exercise`` holds a reference, further right answers written differently, and known wrong ones
with the message that each should get. The answer is tried on random cases. If it is wrong and
behaves exactly like one of the known wrong answers on every case, that one's message is given.

In grading mode (``grading=True``, or the environment variable HEBBLITE_GRADING=1) ``check`` raises
AssertionError instead of printing, and tries other random cases than those a learner can see. A
teacher who wants cases of their own sets HEBBLITE_GRADING_SEED to any whole number.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import importlib
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from .progress import remember

Array = np.ndarray
Answer = Callable[..., Any]

SECONDS = 5.0
SEEN = range(4)


def hidden() -> range:
    """The seeds of the cases in grading mode."""
    try:
        chosen = abs(int(os.environ.get("HEBBLITE_GRADING_SEED", "0")))
    except ValueError:
        chosen = 0
    return range(1000 + 6 * chosen, 1006 + 6 * chosen)


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    cases: seed -> arguments for the answer: numbers, arrays, or lists of these. Sizes should vary
        with the seed. reference: the answer: a function that returns a number, an array, or a list
        or tuple of these. right: further right answers. wrong: (answer, what to tell whoever gave
        it); the first one that behaves alike is told. hints: from gentle to plain.
    tolerance: of the comparison, relative to the largest entry of the reference.
    value: the answer is a value, not a function; ``cases`` then gives no arguments.
    parts: names of what the answer returns, where it is several things.
    """

    title: str
    cases: Callable[[int], tuple[Any, ...]]
    reference: Answer
    right: tuple[Answer, ...]
    wrong: tuple[tuple[Answer, str], ...]
    hints: tuple[str, ...]
    tolerance: float = 1e-6
    value: bool = False
    parts: tuple[str, ...] = ()


class OutOfTime(BaseException):
    """The answer took too long. Not an Exception: an answer's own ``except`` must not eat it."""


class NotNumbers(Exception):
    """What an answer returned cannot be read as numbers; the message says what it is."""


def find(exercise: Any) -> Exercise | None:
    """The exercise "NN.k" from the module of lesson NN, or None."""
    try:
        module = importlib.import_module(f".lesson{str(exercise)[:2]}", __package__)
        found: Exercise | None = module.EXERCISES.get(exercise)
    except (ImportError, AttributeError, TypeError, ValueError):
        return None
    return found


def check(exercise: str, answer: Any, grading: bool | None = None) -> None:
    """Print whether ``answer`` is right, or the likely mistake. In grading mode raise instead."""
    if grading is None:
        grading = os.environ.get("HEBBLITE_GRADING", "") not in ("", "0")
    known = find(exercise)
    if known is None:
        message = f"there is no exercise {exercise!r}: look at the number in its heading."
    else:
        message = judge(known, answer, hidden() if grading else SEEN)
    if grading:
        assert not message, f"{exercise}: {message}"
    if known is not None and not message:
        remember(exercise)
        print(f"✓ {exercise} is right: {known.title}.")
    else:
        print(f"✗ {exercise}: {message}")


def piece(exercise: str, answer: Any) -> Answer:
    """The learner's own piece if it is right, else the reference; says which one it is."""
    known = find(exercise)
    if known is None:
        raise ValueError(f"exercise: got {exercise!r}, expected one like '00.1'")
    if judge(known, answer) == "":
        print("From here on your piece is used.")
        return adapted(known, answer)
    print(f"{exercise} is not right yet, so ours is used for now.")
    return known.reference


def adapted(exercise: Exercise, answer: Answer) -> Answer:
    """The answer, with what it returns put into the form that the reference has: a check accepts a
    list of lists where an array is meant, but the engine needs the array."""
    example = exercise.reference(*copy.deepcopy(exercise.cases(0)))

    @functools.wraps(answer)
    def piece(*arguments: Any, **named: Any) -> Any:
        result = answer(*arguments, **named)
        if isinstance(example, list | tuple):
            return type(example)(np.asarray(part) for part in result)
        array = np.asarray(result)
        if np.ndim(example) == 0 and array.size == 1:
            return array.item()
        return array[0] if array.ndim == np.ndim(example) + 1 and len(array) == 1 else array

    return piece


# ---------------------------------------------------------------------- judging an answer


def judge(exercise: Exercise, answer: Any, seeds: range = SEEN) -> str:
    """ "" if the answer is right on every case, else what is probably wrong with it."""
    modules = dict(sys.modules)
    try:
        return _judge(exercise, answer, seeds)
    except Exception as error:  # such as a NumPy that the answer has taken apart
        return (
            f"the check itself could not run ({type(error).__name__}: {error}). Something that it "
            "needs was changed or deleted: restart the kernel and run the cells again."
        )
    finally:
        sys.modules.update(modules)  # an answer may have thrown a module out


def _judge(exercise: Exercise, answer: Any, seeds: range) -> str:
    if answer is None:
        return NOT_SOLVED
    if exercise.value:
        if callable(answer):
            return "give the value itself; this is a function."
        given_value = answer
        answer = lambda: given_value  # noqa: E731
    elif not callable(answer):
        return f"give the function itself, without calling it; this is a {type(answer).__name__}."
    cases = [exercise.cases(seed) for seed in seeds]
    expected = [numbers(exercise.reference(*copy.deepcopy(case))) for case in cases]
    results: list[list[Array]] = []
    for case, e in zip(cases, expected, strict=True):
        given = copy.deepcopy(case)
        try:
            with warnings.catch_warnings(), time_limit(SECONDS):
                warnings.simplefilter("ignore")
                result = answer(*given)
                if result is not None:
                    results.append(numbers(result, like=e))
        except OutOfTime:
            return f"it had not finished after {SECONDS:g} s. Is there a loop that never ends?"
        except KeyboardInterrupt:
            return "it was interrupted before it finished."
        except NotNumbers as error:
            return str(error)
        except NameError as error:
            return (
                f"it uses a name that is not there ({error}). Has the cell that makes it been run?"
            )
        except BaseException as error:
            said = str(error).rstrip(".") or "without a message"
            return f"it raised {type(error).__name__}: {said}.{shapes(error, case)}"
        if result is None:
            return NOTHING
        if not same(given, case):
            return (
                "it changes its arguments. Work on copies (after `v = b` both names are one array; "
                "`b.copy()` is another): the caller still needs them."
            )
    if all_close(results, expected, exercise.tolerance):
        return ""
    for wrong, message in exercise.wrong:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                alike = [numbers(wrong(*copy.deepcopy(case))) for case in cases]
                if all_close(results, alike, exercise.tolerance):
                    return message
            except Exception:  # not made for sizes like these: then the answer is not that one
                continue
    return general_mistake(results, expected, exercise)


def shapes(error: BaseException, case: tuple[Any, ...]) -> str:
    """The shapes of the arguments, for an error that is about shapes."""
    if not isinstance(error, ValueError | IndexError):
        return ""

    def of(argument: Any) -> str:
        if isinstance(argument, list | tuple):
            return "[" + ", ".join(map(of, argument)) + "]"
        return str(np.shape(argument)) if np.ndim(argument) else "a number"

    return f" The arguments were: {', '.join(map(of, case))}."


NOTHING = (
    "not solved yet: your function returns None. Replace the placeholder (or add a forgotten "
    "`return`), then run this cell again; hint() may help."
)
NOT_SOLVED = "not solved yet. Replace the placeholder, then run this cell again; hint() may help."


def numbers(result: Any, like: list[Array] | None = None) -> list[Array]:
    """A result as a list of arrays of float64: of one, unless it is a list or tuple of several.

    like: what the reference returns: a plain list of numbers is one array where one is expected.
    """
    several = isinstance(result, list | tuple) and (like is None or len(like) > 1)
    if several and all(np.ndim(part) == 0 for part in result) and like is None:
        several = isinstance(result, tuple)  # a list of numbers is an array, a tuple is not
    if like is not None and len(like) > 1 and isinstance(result, np.ndarray):
        # Several of one shape may come stacked: they unpack as well.
        several = all(result.shape == (len(like), *part.shape) for part in like)
    if like is not None and len(like) > 1 and not several:
        kind = type(result).__name__
        raise NotNumbers(f"it returns one {kind}; a list or tuple of {len(like)} is expected.")
    if (
        like is not None
        and len(like) == 1
        and isinstance(result, list | tuple)
        and len(result) == 1
    ):
        several = np.ndim(result[0]) == like[0].ndim  # a list of one layer
    parts = list(result) if several else [result]
    if like is not None and len(parts) != len(like):
        raise NotNumbers(f"it returns {len(parts)} things, expected {len(like)}.")
    arrays: list[Array] = []
    for part in parts:
        try:
            array = np.asarray(part)
            if np.iscomplexobj(array):
                raise NotNumbers(
                    "it returns complex numbers; take the real part where it is meant."
                )
            if array.dtype.kind in "USOMm":
                raise TypeError
            if like is not None and like[len(arrays)].ndim == 0 and array.size == 1:
                array = array.reshape(())  # a number in a box
            arrays.append(array.astype(np.float64))
        except (TypeError, ValueError):
            kind = type(part).__name__
            hint = " Has a part of it not been filled in?" if part is None else ""
            raise NotNumbers(
                f"it returns a {kind} where an array of numbers is expected.{hint}"
            ) from None
    return arrays


def general_mistake(
    results: list[list[Array]], expected: list[list[Array]], exercise: Exercise
) -> str:
    """Mistakes that need no knowledge of the exercise: shape, transpose, NaN, sign, factor."""
    count, tolerance = len(expected[0]), exercise.tolerance
    if count > 1 and all(len(e) == count for e in expected):
        # Several things: speak of the first that is wrong.
        for k in range(count):
            r, e = [[r[k]] for r in results], [[e[k]] for e in expected]
            if not all_close(r, e, tolerance):
                name = exercise.parts[k] if k < len(exercise.parts) else f"item {k}"
                return f"{name} is wrong: {_mistake(r, e, tolerance)}"
    return _mistake(results, expected, tolerance)


def _mistake(results: list[list[Array]], expected: list[list[Array]], tolerance: float) -> str:
    pairs = [p for r, e in zip(results, expected, strict=True) for p in zip(r, e, strict=True)]
    for r, e in pairs:
        if r.shape != e.shape:
            swapped = r.shape == e.shape[::-1] and close(r.T, e, tolerance)
            return f"it returns shape {r.shape}, expected {e.shape}" + (
                ": it is the transpose of the right answer." if swapped else "."
            )
    if not all(np.isfinite(r).all() for r, _ in pairs):
        return "it returns NaN or infinite values."
    if not any(r.any() for r, _ in pairs):
        return "it returns nothing but zeros."
    if all(close(-r, e, tolerance) for r, e in pairs):
        return "the sign is the wrong way round."
    square = all(e.ndim == 2 and e.shape[0] == e.shape[1] for _, e in pairs)
    if square and all(close(r.T, e, tolerance) for r, e in pairs):
        return "it is the transpose of the right answer."
    factors = [float(np.vdot(r, e) / (np.vdot(e, e) or 1)) for r, e in pairs]
    if factors[0] and all(
        close(r, f * e, tolerance) for f, (r, e) in zip(factors, pairs, strict=True)
    ):
        if np.ptp(factors) < 1e-6 * abs(factors[0]):
            return f"it is {factors[0]:.4g} times the right answer: a factor is off."
        if np.allclose(np.abs(factors), 1):
            return "the sign is right in some cases and wrong in others."
        if all(e.size > 1 for _, e in pairs):  # any number is a multiple of any other
            return "it is proportional to the right answer, but the factor changes with the sizes."
    right = sum(
        all(close(a, b, tolerance) for a, b in zip(r, e, strict=True))
        for r, e in zip(results, expected, strict=True)
    )
    if right:
        return (
            f"it is right in {right} of {len(results)} random cases: not for all sizes or values."
        )
    off = max(float(np.abs(r - e).max(initial=0)) for r, e in pairs)
    size = max(float(np.abs(e).max(initial=0)) for _, e in pairs)
    return (
        f"the shape is right, but values are off by up to {off:.3g} "
        f"(the right ones reach {size:.3g})."
    )


def all_close(results: list[list[Array]], expected: list[list[Array]], tolerance: float) -> bool:
    """Whether all parts of all cases agree."""
    return all(
        len(r) == len(e) and all(close(a, b, tolerance) for a, b in zip(r, e, strict=True))
        for r, e in zip(results, expected, strict=True)
    )


def close(result: Array, expected: Array, tolerance: float) -> bool:
    """Equal shapes, and equal values up to ``tolerance`` of the largest expected one."""
    if result.shape != expected.shape:
        return False
    scale = float(np.abs(expected[np.isfinite(expected)]).max(initial=0)) or 1.0
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(result - expected) <= tolerance * scale
    both_nan = np.isnan(result) & np.isnan(expected)  # so that a known wrong answer may have NaN
    return bool((near | both_nan).all())


def same(given: Any, case: Any) -> bool:
    """Whether the arguments, nested lists of arrays among them, are still what they were."""
    if isinstance(case, list | tuple):
        return (
            isinstance(given, list | tuple)
            and len(given) == len(case)
            and all(same(g, c) for g, c in zip(given, case, strict=True))
        )
    if callable(case):
        return True
    return np.array_equal(given, case)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block after ``seconds``, where the system has an alarm clock.

    The alarm rings again and again: a bare ``except`` in a loop may swallow the first one."""
    usable = hasattr(signal, "setitimer") and (
        threading.current_thread() is threading.main_thread()
    )
    if not usable:
        yield
        return

    def ring(number: int, frame: Any) -> None:
        raise OutOfTime

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
    try:
        yield
    finally:
        # A second alarm may ring right here; one more try is then enough.
        for _ in range(2):
            with contextlib.suppress(OutOfTime):
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, previous)

"""Checks that say at once whether an answer is right and, if not, why not.

    check("00.1", my_function)     says right, or names the likely mistake; never a traceback
    hint("00.1")                   the next hint
    piece("00.1", my_function)     the learner's piece if right, else the reference: it says which

An ``Exercise`` holds a reference, further right answers written differently, and known wrong ones
with the message that each should get. The answer is tried on random cases. If it is wrong and
behaves exactly like one of the known wrong answers on every case, that one's message is given.

In grading mode (environment variable HEBBLITE_GRADING=1) ``check`` raises AssertionError instead.
"""

from __future__ import annotations

import copy
import importlib
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray
Answer = Callable[..., Any]

SECONDS = 5.0
CASES = 4


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    cases: seed -> arguments for the answer. reference: the answer. right: further right answers.
    wrong: (answer, what to tell whoever gave it). hints: from gentle to plain.
    tolerance: of the comparison, relative to the largest entry of the reference.
    """

    title: str
    cases: Callable[[int], tuple[Any, ...]]
    reference: Answer
    right: tuple[Answer, ...]
    wrong: tuple[tuple[Answer, str], ...]
    hints: tuple[str, ...]
    tolerance: float = 1e-6


class OutOfTime(BaseException):
    """The answer took too long. Not an Exception: an answer's own ``except`` must not eat it."""


def find(exercise: str) -> Exercise | None:
    """The exercise "NN.k" from the module of lesson NN, or None."""
    try:
        module = importlib.import_module(f".lesson{str(exercise)[:2]}", __package__)
        found: Exercise | None = module.EXERCISES.get(exercise)
    except (ImportError, AttributeError, TypeError):
        return None
    return found


def check(exercise: str, answer: Any, grading: bool | None = None) -> None:
    """Print whether ``answer`` is right, or the likely mistake. In grading mode raise instead."""
    if grading is None:
        grading = os.environ.get("HEBBLITE_GRADING", "") not in ("", "0")
    known = find(exercise)
    if known is None:
        message, ok = (
            f"There is no exercise {exercise!r}: look at the number in its heading.",
            False,
        )
    else:
        message = judge(known, answer)
        ok = message == ""
    if grading:
        assert ok, f"{exercise}: {message}"
    if ok and known is not None:
        remember(exercise)
        print(f"✓ {exercise} is right: {known.title}.")
    else:
        print(f"✗ {exercise}: {message}")


def judge(exercise: Exercise, answer: Any) -> str:
    """ "" if the answer is right on every case, else what is probably wrong with it."""
    if answer is None:
        return NOT_SOLVED
    if not callable(answer):
        return f"give the function itself, without calling it; this is a {type(answer).__name__}."
    cases = [exercise.cases(seed) for seed in range(CASES)]
    expected = [np.asarray(exercise.reference(*copy.deepcopy(case))) for case in cases]
    results: list[Any] = []
    for case in cases:
        given = copy.deepcopy(case)
        try:
            with time_limit(SECONDS):
                result = answer(*given)
        except OutOfTime:
            return f"it had not finished after {SECONDS:g} s. Is there a loop that never ends?"
        except KeyboardInterrupt:
            return "it was interrupted before it finished."
        except BaseException as error:
            return f"it raised {type(error).__name__}: {error or 'without a message'}."
        if result is None:
            return NOT_SOLVED
        if not same(given, case):
            return "it changes its arguments. Work on copies: the caller still needs them."
        try:
            results.append(np.asarray(result, dtype=np.float64))
        except (TypeError, ValueError):
            return f"it returns a {type(result).__name__}; an array of numbers is expected."
    if all(close(r, e, exercise.tolerance) for r, e in zip(results, expected, strict=True)):
        return ""
    for wrong, message in exercise.wrong:
        if all(
            close(r, np.asarray(wrong(*copy.deepcopy(case))), exercise.tolerance)
            for r, case in zip(results, cases, strict=True)
        ):
            return message
    return general_mistake(results, expected, exercise.tolerance)


NOT_SOLVED = "not solved yet. Replace the placeholder, then run this cell again; hint() may help."


def general_mistake(results: list[Array], expected: list[Array], tolerance: float) -> str:
    """Mistakes that need no knowledge of the exercise: shape, transpose, NaN, sign, factor."""
    for r, e in zip(results, expected, strict=True):
        if r.shape != e.shape:
            swapped = r.shape == e.shape[::-1] and close(r.T, e, tolerance)
            return f"it returns shape {r.shape}, expected {e.shape}" + (
                ": it is the transpose of the right answer." if swapped else "."
            )
    if not all(np.isfinite(r).all() for r in results):
        return "it returns NaN or infinite values."
    pairs = list(zip(results, expected, strict=True))
    if all(close(-r, e, tolerance) for r, e in pairs):
        return "the sign is the wrong way round."
    factors = [float(np.vdot(r, e) / (np.vdot(e, e) or 1)) for r, e in pairs]
    if factors[0] and all(
        close(r, f * e, tolerance) for f, (r, e) in zip(factors, pairs, strict=True)
    ):
        if np.ptp(factors) < 1e-6 * abs(factors[0]):
            return f"it is {factors[0]:.4g} times the right answer: a factor is off."
        return "it is proportional to the right answer, but the factor changes with the sizes."
    right = sum(close(r, e, tolerance) for r, e in pairs)
    if right:
        return f"it is right in {right} of {len(pairs)} random cases: not for all sizes or values."
    off = max(float(np.abs(r - e).max()) for r, e in pairs)
    return f"the values are off by up to {off:.3g}; shape and sign of the numbers look plausible."


def close(result: Array, expected: Array, tolerance: float) -> bool:
    """Equal shapes, and equal values up to ``tolerance`` of the largest expected one."""
    if result.shape != expected.shape:
        return False
    scale = float(np.abs(expected).max(initial=0)) or 1.0
    with np.errstate(invalid="ignore", over="ignore"):
        return bool((np.abs(result - expected) <= tolerance * scale).all())


def same(given: tuple[Any, ...], case: tuple[Any, ...]) -> bool:
    """Whether the arguments are still what they were."""
    return all(np.array_equal(g, c) for g, c in zip(given, case, strict=True))


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block after ``seconds``, where the system has an alarm clock."""
    usable = hasattr(signal, "setitimer") and (
        threading.current_thread() is threading.main_thread()
    )
    if not usable:
        yield
        return

    def ring(number: int, frame: Any) -> None:
        raise OutOfTime

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def piece(exercise: str, answer: Answer) -> Answer:
    """The learner's own piece if it is right, else the reference; says which one it is."""
    known = find(exercise)
    if known is None:
        raise ValueError(f"exercise: got {exercise!r}, expected one like '00.1'")
    if judge(known, answer) == "":
        print("The engine runs with your piece.")
        return answer
    print(f"{exercise} is not right yet, so the engine runs with ours for now.")
    return known.reference


# ---------------------------------------------------------------------- hints and progress

_given: dict[str, int] = {}


def hint(exercise: str) -> None:
    """Print the next hint; after the last one, begin again."""
    known = find(exercise)
    if known is None:
        print(f"There is no exercise {exercise!r}.")
        return
    number = _given.get(exercise, 0) % len(known.hints)
    _given[exercise] = number + 1
    print(f"Hint {number + 1} of {len(known.hints)}: {known.hints[number]}")


def progress_file() -> Path:
    """Where solved exercises are kept: on this machine only."""
    home = os.environ.get("HEBBLITE_HOME")
    return (Path(home) if home else Path.home() / ".hebblite") / "progress.json"


def progress() -> list[str]:
    """The exercises solved so far, in order; none if nothing can be read."""
    try:
        solved = json.loads(progress_file().read_text())
        return sorted(str(name) for name in solved)
    except (OSError, ValueError, TypeError):
        return []


def remember(exercise: str) -> None:
    """Add a solved exercise. A machine that cannot store it does not spoil the lesson."""
    path = progress_file()
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(sorted({*progress(), exercise})))
        part.replace(path)
    except OSError:
        pass

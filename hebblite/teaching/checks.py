"""Checks that say at once whether an answer is right and, if not, why not.

    check("00.1", my_function)     says right, or names the likely mistake; never a traceback
    piece("00.1", my_function)     the learner's piece if right, else the reference: it says which

The answer is tried on random cases of its exercise (see ``exercises``). If it is wrong and behaves
exactly like one of the known wrong answers on every case, that one's message is given.

In grading mode (``grading=True``, or the environment variable HEBBLITE_GRADING=1) ``check`` raises
AssertionError instead of printing, and tries other random cases than those a learner can see. A
teacher who wants cases of their own sets HEBBLITE_GRADING_SEED to any whole number. An answer that
runs the course's own one is refused then (see ``honesty``).
"""

from __future__ import annotations

import copy
import functools
import inspect
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np

from .attempt import Attempt, Found, argument_names
from .boxes import Box, Fold, Piece, put
from .comparing import Refused, numbers
from .exercises import Answer, Bench, Exercise, find
from .honesty import refusal, watching
from .mistakes import coarse_answer, known_mistake, known_refused, mistake
from .progress import tried
from .raised import Raised
from .side_by_side import side_by_side
from .solved import remember
from .source import ends_too_early
from .square import on_square_arrays
from .trying import NOTHING, outcome
from .ways import other_ways
from .words import a, count

SEEN = range(4)

LISTS = (
    "It returns lists. That is slow where it is called often: np.array(...) around what you return "
    "keeps training quick."
)
FORM = "it returns "  # so begins what is said of a result of another form than is expected
NOT_SOLVED = "not solved yet. Replace the placeholder, then run this cell again; `hint()` may help."


def hidden() -> range:
    """The seeds of the cases in grading mode."""
    try:
        chosen = abs(int(os.environ.get("HEBBLITE_GRADING_SEED", "0")))
    except ValueError:
        chosen = 0
    return range(1000 + 6 * chosen, 1006 + 6 * chosen)


def in_grading_mode() -> bool:
    """Whether HEBBLITE_GRADING asks for it."""
    return os.environ.get("HEBBLITE_GRADING", "") not in ("", "0")


def check(exercise: str, answer: Any, grading: bool | None = None) -> None:
    """Show whether ``answer`` is right, or the likely mistake. In grading mode raise instead."""
    grading = in_grading_mode() if grading is None else grading
    known, found = None, Verdict(f"there is no exercise {exercise!r}: look at its heading.")
    try:
        known = find(exercise)
    except Exception as error:  # its lesson cannot be imported
        found = Verdict(could_not_run(error))
    if known is not None:
        tried(exercise)
        found = verdict(known, answer, hidden() if grading else SEEN, grading)
    if grading and found.message:
        raise AssertionError(f"{exercise}: {found.message}")  # not ``assert``: python -O drops it
    if known is not None and not found.message:
        remember(exercise)
        put(right_box(exercise, known, found))
    else:
        put(wrong_box(exercise, found))


def right_box(number: str, exercise: Exercise, found: Verdict) -> Box:
    """The box of a right answer, with other right ways, folded."""
    ways = other_ways(exercise)
    pieces: list[Piece] = []
    if ways:
        title = f"{count(len(ways), 'right way')} to write it"
        pieces.append(Fold(title, code="\n\n".join(ways)))
    return Box("right", f"✓ {number} is right: {exercise.title}.", found.note, pieces)


def wrong_box(number: str, found: Verdict) -> Box:
    """The box of a wrong answer, with the two beside each other where that can be shown."""
    pieces: list[Piece] = []
    try:
        pieces = side_by_side(found.attempt) if found.attempt else []
    except Exception:  # numbers that cannot be drawn: the sentence is there all the same
        pieces = []
    unsolved = found.message in (NOT_SOLVED, NOTHING)
    sign, look = ("○", "open") if unsolved else ("✗", "wrong")
    return Box(look, f"{sign} {number}:", found.message, pieces)


def piece(exercise: str, answer: Any) -> Answer:
    """The learner's own piece if it is right, else the reference; says which one it is."""
    known = find(exercise)
    if known is None:
        raise ValueError(f"exercise: got {exercise!r}, expected one like '00.1'")
    if judge(known, answer) == "":
        put(Box("right", "From here on your piece is used."))
        return known.bench.made(answer) if known.bench else adapted(known, answer)
    put(Box("open", f"{exercise} is not right yet, so ours is used for now."))
    return known.bench.made(known.reference) if known.bench else known.reference


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


@dataclass(frozen=True)
class Verdict:
    """message: "" for a right answer, else what is probably wrong. specific: it names the slip,
    and not only how the numbers look. note: what to say about a right one. attempt: what was
    tried, where the answer could be tried at all. raised: it raised an error."""

    message: str
    specific: bool = False
    note: str = ""
    attempt: Attempt | None = None
    raised: bool = False


def judge(exercise: Exercise, answer: Any, seeds: range = SEEN, grading: bool = False) -> str:
    """ "" if the answer is right on every case, else what is probably wrong with it.

    Where marks are given (``grading``), it must be the learner's own as well."""
    return verdict(exercise, answer, seeds, grading).message


def verdict(exercise: Exercise, answer: Any, seeds: range = SEEN, grading: bool = False) -> Verdict:
    """The same, with what else there is to say."""
    modules = dict(sys.modules)
    try:
        if exercise.bench is not None and answer is not None:
            return on_the_bench(exercise, exercise.bench, answer, seeds, grading)
        return _verdict(exercise, as_function(exercise, answer), seeds, grading)
    except Refused as refusal:
        return Verdict(str(refusal), specific=True, raised=isinstance(refusal, Raised))
    except Exception as error:  # such as a NumPy that the answer has taken apart
        return Verdict(could_not_run(error))
    finally:
        sys.modules.update(modules)  # an answer may have thrown a module out


def could_not_run(error: Exception) -> str:
    """What to say where it is not the answer that fails."""
    return (
        f"the check itself could not run ({type(error).__name__}: {error}). Something that it "
        "needs was changed or deleted: restart the kernel and run the cells again."
    )


def as_function(exercise: Exercise, answer: Any) -> Answer:
    """The answer as a function of the arguments; raises Refused if it is none."""
    if answer is None:
        raise Refused(NOT_SOLVED)
    if exercise.value:
        if callable(answer):
            raise Refused("give the value itself; this is a function.")
        return lambda: answer
    if not callable(answer):
        kind = a(type(answer).__name__)
        raise Refused(f"give the function itself, without calling it; this is {kind}.")
    return answer


def on_the_bench(
    exercise: Exercise, bench: Bench, answer: Any, seeds: range, grading: bool
) -> Verdict:
    """The verdict on an answer to an open question: right if the bench finds nothing wrong with it,
    even where it returns what the reference does. Known mistakes, wrong shapes and numbers that are
    not finite get their own words."""
    if not bench.knows(answer):
        as_function(exercise, answer)  # refuses what is none
    function = by_names(exercise, answer)
    if function is not None:
        found = _verdict(exercise, function, seeds, grading)
        if found.attempt is None or (found.message and known_mistake(found.attempt)):
            return found
        pairs = found.attempt.pairs
        sound = all(r.shape == e.shape and np.isfinite(r).all() for r, e in pairs)
        if not sound or function is answer:
            return found
    watched: AbstractContextManager[list[str]] = nullcontext([])
    if grading:
        cases = [exercise.cases(seed) for seed in seeds]
        if function is not None:  # what the cases show need not go through all of the bench
            with watching(exercise, cases) as taken:
                function(*copy.deepcopy(cases[0]))
            if refusal(taken):
                return Verdict(refusal(taken), True)
        watched = watching(exercise, cases)
    with watched as taken:
        fault = bench.fault(answer)
    said = fault or refusal(taken)
    return Verdict(said, bool(said))


def by_names(exercise: Exercise, answer: Any) -> Answer | None:
    """The answer as a function of the arguments of the reference, of which it may leave out some;
    None if it reads others, or is no plain function."""
    if not inspect.isfunction(answer):
        return None
    known, wanted = (list(inspect.signature(f).parameters) for f in (exercise.reference, answer))
    kinds = [each.kind for each in inspect.signature(answer).parameters.values()]
    if not wanted or inspect.Parameter.VAR_POSITIONAL in kinds:  # it cannot be asked by names
        return answer
    if not set(wanted) <= set(known):
        return None

    @functools.wraps(answer)
    def called(*given: Any) -> Any:
        return answer(**{name: value for name, value in zip(known, given, strict=True)
                         if name in wanted})  # fmt: skip

    return called


def _verdict(exercise: Exercise, answer: Answer, seeds: range, grading: bool) -> Verdict:
    cases = [exercise.cases(seed) for seed in seeds]
    expected = [numbers(exercise.reference(*copy.deepcopy(case))) for case in cases]
    watched: AbstractContextManager[list[str]] = nullcontext([])
    if grading:
        watched = watching(exercise, cases)
    with watched as taken:
        names = argument_names(exercise, cases[0])
        try:
            tried = [outcome(answer, c, e, names) for c, e in zip(cases, expected, strict=True)]
        except Raised as error:
            raise Raised(on_square_arrays(str(error), exercise, answer, cases)) from None
        except Refused as why:
            early = ends_too_early(answer) if str(why) != NOTHING else ""
            known = known_refused(exercise, answer, cases) if str(why).startswith(FORM) else ""
            raise Refused(early or known or str(why)) from None
    attempt = Attempt(exercise, answer, cases, [found.parts for found in tried], expected)
    coarse = any(found.coarse for found in tried)
    if all(attempt.right) and not coarse:
        refused = refusal(taken)
        listed = any(found.listed for found in tried)
        return Verdict(refused, bool(refused), LISTS if listed else "", attempt)
    said = (coarse_answer(attempt) if coarse else "") or mistake(attempt)
    return Verdict(said, isinstance(said, Found), "", attempt)

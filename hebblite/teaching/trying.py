"""An answer tried out safely: nothing that it does, raises or returns gets beyond this module."""

from __future__ import annotations

import copy
import signal
import threading
import warnings
from collections.abc import Sequence
from types import FrameType
from typing import Any, NamedTuple

from .comparing import Array, Refused, coarse, listed, numbers, same
from .exercises import Answer
from .raised import Raised, raised

SECONDS = 5.0


class Outcome(NamedTuple):
    """What an answer returned for one case: as arrays; whether it is coarse (below float64), and
    whether lists stand in it for arrays."""

    parts: list[Array]
    coarse: bool
    listed: bool


class OutOfTime(BaseException):
    """The answer took too long. Not an Exception: an answer's own ``except`` must not eat it."""


def outcome(
    answer: Answer, case: tuple[Any, ...], like: list[Array], names: Sequence[str] = ()
) -> Outcome:
    """What the answer returns for one case, read as numbers ``like`` those of the reference.

    Raises Refused, with what to tell the learner, if it raises, takes too long, returns nothing,
    or changes its arguments; Raised, if it raises. names: those of the arguments.
    """
    given = copy.deepcopy(case)
    try:
        with warnings.catch_warnings(), time_limit(SECONDS):
            warnings.simplefilter("ignore")
            result = answer(*given)
            found = None if result is None else numbers(result, like)
            if found is not None:
                how = coarse(result), listed(result, like)
    except Refused:
        raise
    except (OutOfTime, KeyboardInterrupt) as error:
        raise Refused(stopped(error)) from None
    except BaseException as error:
        raise Raised(failure(error, case, names, like)) from None
    if found is None:
        raise Refused(NOTHING)
    if not same(given, case):
        raise Refused(
            "it changes its arguments. Work on copies (after `v = b` both names are one array; "
            "`b.copy()` is another): the caller still needs them."
        )
    return Outcome(found, *how)


def stopped(error: BaseException) -> str:
    """A sentence about an answer that did not finish."""
    if isinstance(error, OutOfTime):
        return f"it had not finished after {SECONDS:g} s. Is there a loop that never ends?"
    return "it was interrupted before it finished."


def failure(error: BaseException, case: tuple[Any, ...], names: Sequence[str], like: Any) -> str:
    """Sentences about what the answer raised."""
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        return f"it uses a name that is not there ({error}). Has the cell that makes it been run?"
    return raised(error, case, names, like)


NOTHING = (
    "not solved yet: your function returns None. Replace the placeholder (or add a forgotten "
    "`return`), then run this cell again; `hint()` may help."
)


class time_limit:
    """Raise OutOfTime in the block after ``seconds``, where the system has an alarm clock.

    The alarm rings again and again: a bare ``except`` in a loop may swallow the first one. On a
    busy machine it may ring while the block is being left. It is then not heard: an error there
    would leave the alarm on, and end whatever runs after the block."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.usable = hasattr(signal, "setitimer") and (
            threading.current_thread() is threading.main_thread()
        )

    def __enter__(self) -> None:
        if self.usable:
            self.previous = signal.signal(signal.SIGALRM, self.ring)
            signal.setitimer(signal.ITIMER_REAL, self.seconds, 0.2)

    def __exit__(self, *error: object) -> None:
        if self.usable:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.previous)

    @staticmethod
    def ring(number: int, frame: FrameType | None) -> None:
        while frame:
            if frame.f_code in (time_limit.__enter__.__code__, time_limit.__exit__.__code__):
                return
            frame = frame.f_back
        raise OutOfTime

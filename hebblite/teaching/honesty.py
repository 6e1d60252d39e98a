"""Whose work an answer is: in grading mode, one that runs the course's own answer is refused.

While the learner's function runs, every call of Python code is looked at. Code from the file in
which the exercise's reference or one of its stored right answers is written is the course's own:
the answers, and what they and the known mistakes are made of. So it does not matter on which way
the answer got hold of it (an import, ``find``, what ``piece`` returned, ``functools.partial``, a
wrapper, a module imported anew). Reading the file counts as well. Everything else of the package
may be used, and so may the references of other exercises: an engine function is no answer.

What is not seen: numbers worked out before the function was called, and text copied by hand.
"""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from .exercises import Exercise, loaded

Place = tuple[str, int]  # a file, and the line in which a function begins

REFUSED = (
    "it is right, but it is the course's own answer that works here ({name}). Write yours: you may "
    "use the engine, but not the stored answers of this exercise."
)


@contextmanager
def watching(exercise: Exercise, cases: list[tuple[Any, ...]]) -> Iterator[list[str]]:
    """In the block: a list that fills with the names of the course's answers that are run.

    cases: the arguments that the answer is given; functions among them it may call."""
    files = written_in(exercise)
    free = {place(code) for code in (*others(exercise), *functions_in(cases))}
    seen: list[str] = []

    def look(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename in files and place(code) not in free:
            seen.append(f"{code.co_qualname} of {frame.f_globals.get('__name__')}")

    before, before_in_threads = sys.getprofile(), threading.getprofile()
    threading.setprofile(look)
    sys.setprofile(look)
    try:
        with reading(files, seen.append):
            yield seen
    finally:
        sys.setprofile(before)
        threading.setprofile(before_in_threads)


def refusal(seen: list[str]) -> str:
    """What to say about a right answer that ran these stored ones; "" if it ran none."""
    return REFUSED.format(name=seen[0]) if seen else ""


def place(code: CodeType) -> Place:
    """Where code is written: the same for a copy of it, and after its module was reloaded."""
    return code.co_filename, code.co_firstlineno


def written_in(exercise: Exercise) -> set[str]:
    """The files in which the exercise's reference and its stored right answers are written."""
    codes = map(python_code, (exercise.reference, *exercise.right))
    return {code.co_filename for code in codes if code is not None}


def others(exercise: Exercise) -> Iterator[CodeType]:
    """The references of the other exercises: pieces of earlier ones are used in later ones."""
    for other in loaded():
        code = python_code(other.reference)
        if code is not None and other.reference is not exercise.reference:
            yield code


def functions_in(arguments: Any) -> Iterator[CodeType]:
    """The code of the functions among the arguments, in nested lists too."""
    if isinstance(arguments, list | tuple):
        for argument in arguments:
            yield from functions_in(argument)
    elif callable(arguments):
        code = python_code(arguments)
        if code is not None:
            yield code


def python_code(answer: Any) -> CodeType | None:
    """The code of an answer; None where it is not written in Python, or belongs to NumPy."""
    function = inner(answer)
    module = getattr(function, "__module__", None) or ""
    return None if module.split(".")[0] == "numpy" else getattr(function, "__code__", None)


def inner(answer: Any) -> Any:
    """The function inside a partial, a wrapper, a method, or an object that can be called."""
    while True:
        if isinstance(answer, Exercise):
            answer = answer.reference
        elif isinstance(answer, functools.partial):
            answer = answer.func
        elif hasattr(answer, "__func__"):
            answer = answer.__func__
        elif hasattr(answer, "__wrapped__"):
            answer = answer.__wrapped__
        elif not hasattr(answer, "__code__") and hasattr(type(answer).__call__, "__code__"):
            return type(answer).__call__
        else:
            return answer


# ---------------------------------------------------------------------- reading the source

_readers: list[tuple[set[str], Callable[[str], None]]] = []
_hooked = False


@contextmanager
def reading(files: Iterable[str], tell: Callable[[str], None]) -> Iterator[None]:
    """In the block, ``tell`` about each of ``files`` that is opened."""
    global _hooked
    if not _hooked:
        sys.addaudithook(_opened)  # Python keeps it for good: it does nothing outside such a block
        _hooked = True
    entry = (set(files), tell)
    _readers.append(entry)
    try:
        yield
    finally:
        _readers.remove(entry)


def _opened(event: str, arguments: tuple[Any, ...]) -> None:
    if _readers and event == "open":
        for files, tell in _readers:
            if isinstance(arguments[0], str) and arguments[0] in files:
                tell(f"read from {arguments[0]}")

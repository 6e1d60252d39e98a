"""Whose work an answer is: in grading mode, one that runs the course's own answer is refused.

While the learner's function runs, every call of Python code is looked at. Code that belongs to the
exercise's reference, or to one of its stored right answers, is known by its file and line: so it
does not matter on which way the answer got hold of it (an import, ``EXERCISES``, what ``piece``
returned, ``functools.partial``, a wrapper, a module imported anew). Reading the file in which they
stand counts as well. Everything else of the package may be used: an engine function is no answer.

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

from .exercises import Exercise

Place = tuple[str, int]  # a file, and the line in which a function begins

REFUSED = (
    "it is right, but it is the course's own answer that works here ({name}). Write yours: you may "
    "use the engine, but not the stored answers of this exercise."
)


@contextmanager
def watching(exercise: Exercise) -> Iterator[list[str]]:
    """In the block: a list that fills with the names of the course's answers that are run."""
    places = {place(code): name for name, code in stored(exercise)}
    files = {file for file, _ in places}
    seen: list[str] = []

    def look(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            here = place(frame.f_code)
            if here in places:
                seen.append(places[here])
            elif frame.f_code.co_name == "<module>" and here[0] in files:
                seen.append(f"{here[0]}, imported anew")

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


def stored(exercise: Exercise) -> Iterator[tuple[str, CodeType]]:
    """The code of the exercise's reference and right answers, with the names to tell, and of the
    private functions of their modules that they call."""
    for answer in (exercise.reference, *exercise.right):
        function = inner(answer)
        code = getattr(function, "__code__", None)
        module = getattr(function, "__module__", None) or ""
        if code is None or module.split(".")[0] == "numpy":
            continue  # NumPy belongs to everybody
        yield f"{function.__name__} of {module}", code
        for name in sorted(private_names(code)):
            helper = inner(function.__globals__.get(name))
            if getattr(helper, "__module__", None) == module and hasattr(helper, "__code__"):
                yield f"{name} of {module}", helper.__code__


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


def private_names(code: CodeType) -> set[str]:
    """The names with a leading underscore that code uses, in the functions inside it too."""
    inside = [c for c in code.co_consts if isinstance(c, CodeType)]
    own = {name for name in code.co_names if name.startswith("_") and name[1:2] != "_"}
    return own.union(*map(private_names, inside))


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

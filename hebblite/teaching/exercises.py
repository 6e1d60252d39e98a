"""What an exercise is: a reference, other right answers, and each mistake beside its message.

    @exercise("05.1", "differential Hebb for a layer and a batch", cases=phases, hints=(...))
    def layer_update(post, pre):              # the reference; it is still called as a function
        return np.einsum("tbi,tbj->ij", np.diff(post, axis=0), pre[:-1]) / post.shape[1]

    @layer_update.right
    def loops(post, pre): ...                 # right too, but written differently

    @layer_update.wrong("this is the sum over the batch; the update is its average.")
    def summed(post, pre): ...                # a mistake, and what whoever makes it is told

The first mistake that behaves like an answer is the one that is told: order matters, and what is
special stands before what is general. An answer that a function makes is added in one line:
``layer_update.wrong("the sign is the wrong way round.")(variant(sign=-1))``.

Where a value is asked for, not a function, the functions take no arguments and return it:

    @exercise("08.2", "the angle in degrees", value=True, hints=(...))
    def angle(): return 90.0

Exercises are registered under their numbers. Those of lesson NN are found by name, in
``hebblite.lessons.lessonNN.exercises``: this package imports no lesson.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable
from typing import Any

Answer = Callable[..., Any]

LESSONS = "hebblite.lessons"


class Right(list[Answer]):
    """Further right answers. As a decorator it adds one, and leaves the function as it is."""

    def __call__(self, answer: Answer) -> Answer:
        self.append(answer)
        return answer


class Wrong(list[tuple[Answer, str]]):
    """Mistakes: (answer, message). ``@wrong(message)`` adds one and leaves the function be."""

    def __call__(self, message: str) -> Callable[[Answer], Answer]:
        def add(answer: Answer) -> Answer:
            self.append((answer, message))
            return answer

        return add


def no_arguments(seed: int) -> tuple[()]:
    """The cases of an exercise that asks for a value."""
    return ()


class Exercise:
    """One exercise; called, it is its reference.

    cases: seed -> arguments for the answer: numbers, arrays, or lists of these. Sizes should vary
        with the seed, and be 1 now and then. reference: the answer: a function that returns a
        number, an array, or a list or tuple of these. right: further right answers. wrong:
        (answer, what to tell whoever gave it); the first one that behaves alike is told. hints:
        from gentle to plain.
    tolerance: of the comparison, relative to the largest entry of the reference.
    value: the answer is a value, not a function; ``cases`` then gives no arguments.
    parts: names of what the answer returns, where it is several things.
    bench, an attribute: what judges an answer that returns something else than the reference,
        where many are right. Arguments of the answer may then be any of ``bench.reads``, and
        ``bench.made`` makes of it what its ``piece`` is.
    """

    bench: Bench | None = None

    def __init__(
        self,
        title: str,
        cases: Callable[[int], tuple[Any, ...]],
        reference: Answer,
        right: Iterable[Answer] = (),
        wrong: Iterable[tuple[Answer, str]] = (),
        hints: tuple[str, ...] = (),
        tolerance: float = 1e-9,
        value: bool = False,
        parts: tuple[str, ...] = (),
    ) -> None:
        self.title, self.cases, self.reference = title, cases, reference
        self.right, self.wrong, self.hints = Right(right), Wrong(wrong), hints
        self.tolerance, self.value, self.parts = tolerance, value, parts
        functools.update_wrapper(self, reference)  # its name, its docstring, its signature

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.reference(*arguments, **named)


class Bench:
    """What judges answers to an open question (see testbench)."""

    #: The names of arguments that an answer may have.
    reads: tuple[str, ...] = ()

    def knows(self, answer: Any) -> bool:
        """Whether it is something other than a function that can be judged."""
        return False

    def fault(self, answer: Any) -> str:
        """What is wrong with the answer, or "" if nothing is."""
        raise NotImplementedError

    def made(self, answer: Any) -> Any:
        """What the engine can use."""
        raise NotImplementedError


_known: dict[str, Exercise] = {}


def exercise(
    number: str,
    title: str,
    *,
    cases: Callable[[int], tuple[Any, ...]] = no_arguments,
    hints: tuple[str, ...],
    parts: tuple[str, ...] = (),
    tolerance: float = 1e-9,
    value: bool = False,
) -> Callable[[Answer], Exercise]:
    """Make the decorated function the reference of exercise ``number``, such as "05.1".

    The other arguments are those of ``Exercise``. Raises ValueError for a number that is not of
    this form, or that another function has already.
    """
    if not re.fullmatch(r"\d\d\.\d+", number):
        raise ValueError(f"number: got {number!r}, expected one like '05.1'")

    def make(reference: Answer) -> Exercise:
        before = _known.get(number)
        if before is not None and origin(before.reference) != origin(reference):
            raise ValueError(
                f"number: got {number!r} for {origin(reference)}, but {origin(before.reference)} "
                "has it already"
            )
        _known[number] = Exercise(title, cases, reference, (), (), hints, tolerance, value, parts)
        return _known[number]

    return make


def origin(function: Answer) -> str:
    """Where a function is written; the same after its module was reloaded."""
    return f"{function.__module__}.{function.__qualname__}"


def find(number: Any) -> Exercise | None:
    """The exercise with this number, or None if there is none."""
    if not isinstance(number, str) or not re.fullmatch(r"\d\d\.\d+", number):
        return None
    if number not in _known:
        load(f"lesson{number[:2]}")
    return _known.get(number)


def exercises() -> dict[str, Exercise]:
    """All exercises of all lessons, by number."""
    for module in pkgutil.iter_modules(importlib.import_module(LESSONS).__path__):
        if re.fullmatch(r"lesson\d\d", module.name):
            load(module.name)
    return dict(sorted(_known.items()))


def loaded() -> list[Exercise]:
    """The exercises of the lessons that have been imported so far."""
    return list(_known.values())


def load(lesson: str) -> None:
    """Import the exercises of a lesson, which registers them; a lesson may be missing."""
    name = f"{LESSONS}.{lesson}.exercises"
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if not name.startswith(str(error.name)):  # something else is missing: do not hide it
            raise

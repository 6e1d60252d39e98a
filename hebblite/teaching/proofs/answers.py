"""The learner's function as a right side: which symbols it uses, and its value in a world."""

from __future__ import annotations

import contextlib
import functools
import inspect
import io
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from ...suggest import meant
from ..attempt import Attempt
from ..checks import NOT_SOLVED
from ..comparing import Refused
from ..exercises import Answer, Exercise
from ..trying import outcome
from ..words import a, listing
from .kinds import model
from .theory import Array, Step, Theorem, World

SECONDS = 10.0  # for all worlds together
HUGE = 1000  # times as many numbers as are expected


class Unfinished(Refused):
    """Not wrong, but not there yet."""


class Side:
    """A right side. names: of its arguments, all of them symbols. coarse, listed: see ``trying``.

    Its values are kept: a world that is asked for again is not tried again."""

    def __init__(self, step: Step, answer: Answer, names: Sequence[str]) -> None:
        self.step, self.answer, self.names = step, answer, tuple(names)
        self.coarse = self.listed = False
        self._left = SECONDS
        self._kept: dict[int, tuple[World, Array]] = {}

    def arguments(self, world: World) -> tuple[Any, ...]:
        return tuple(world[name] for name in self.names)

    def __call__(self, world: World) -> Array:
        """The value in a world. Raises Refused if the answer does anything but return numbers."""
        known = self._kept.get(id(world))
        if known is not None and known[0] is world:
            return known[1]
        like = [model(self.step, world)]
        if self._left < 0:
            raise Refused(
                f"it is slow: {SECONDS:g} s were not enough for all networks. Is there a loop that "
                "goes on for long?"
            )
        begun = time.perf_counter()
        # What it prints is seen once, for the first world, and not a hundred times.
        quiet: AbstractContextManager[Any] = nullcontext()
        if self._kept:
            quiet = contextlib.redirect_stdout(io.StringIO())
        with quiet:
            found = outcome(self._filled, self.arguments(world), like, self.names)
        self._left -= time.perf_counter() - begun
        if found.parts[0].size > HUGE * (1 + like[0].size):  # to look for its slip would take long
            shapes = f"{found.parts[0].shape}, and {like[0].shape} is expected"
            raise Refused(f"it returns far too many numbers: an array of shape {shapes}.")
        self.coarse, self.listed = self.coarse or found.coarse, self.listed or found.listed
        self._kept[id(world)] = world, found.parts[0]
        return found.parts[0]

    def _filled(self, *arguments: Any) -> Any:
        """What it returns; None for the placeholder."""
        result = self.answer(*arguments)
        return None if result is Ellipsis else result


def side_of(step: Step, answer: Any, free: bool = False) -> Side:
    """The learner's function as a right side of ``step``; raises Refused if it is none.

    free: it may use all symbols of the theorem but the left one."""
    if answer is None or answer is Ellipsis:
        raise Unfinished(NOT_SOLVED)
    if isinstance(answer, type):
        raise Refused("give a function; this is a class.")
    if not callable(answer):
        raise Refused(f"give the function itself, without calling it; this is {a(kind(answer))}.")
    if inspect.isgeneratorfunction(answer) or inspect.iscoroutinefunction(answer):
        raise Refused("it has to return its value: `return`, and not `yield`.")
    given = allowed(step, free)
    try:
        parameters = list(inspect.signature(answer).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    if not parameters:
        raise Refused(f"it takes no arguments that can be read. {may_use(step.theorem, given)}")
    for one in parameters:
        if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD):
            raise Refused(
                f"`{one}` stands for any arguments: name the symbols that the right side uses. "
                f"{may_use(step.theorem, given)}"
            )
        if one.kind == one.KEYWORD_ONLY:
            raise Refused("its arguments come after a `*`: leave that out.")
        if one.default is not one.empty:
            raise Refused(
                f"`{one.name}` has a value of its own (`{one}`). Its arguments are the symbols of "
                "the step, which the check fills in: leave the value out."
            )
    names = [one.name for one in parameters]
    for name in names:
        if name not in given:
            raise Refused(not_a_symbol(step, name, given, free))
    return Side(step, answer, names)


def allowed(step: Step, free: bool) -> tuple[str, ...]:
    """The symbols that the right side may use."""
    if not free:
        return step.given
    return tuple(name for name in step.theorem.symbols if name != step.left)


def not_a_symbol(step: Step, name: str, given: Sequence[str], free: bool) -> str:
    """What to say about an argument that the right side must not use."""
    theorem = step.theorem
    if name == step.left:
        why = f"`{name}` is the left side itself: the right side must do without it."
    elif name in theorem.symbols:
        means = theorem.symbols[name]
        why = f"`{name}` ({means}) is a symbol of {theorem.number}, not of {step.number}."
    else:
        why = f"`{name}` is no symbol of {step.number}{meant(name, given)}"
        why += "" if why.endswith("?") else "."
    return f"{why} {may_use(theorem, given)}"


def may_use(theorem: Theorem, given: Sequence[str]) -> str:
    """The symbols that the right side may use, and what they mean."""
    listed = [f"`{name}` ({theorem.symbols[name]})" for name in given]
    return f"The right side may use {listing(listed)}."


def kind(answer: Any) -> str:
    return type(answer).__name__


def as_attempt(side: Side, worlds: Sequence[World]) -> Attempt | None:
    """The answer beside the model, as those see it who look for what went wrong; None if it uses
    symbols that the model does not use."""
    step = side.step
    if not set(side.names) <= set(step.given):
        return None
    cases = [step.arguments(world) for world in worlds]
    exercise = Exercise(
        step.title, lambda seed: cases[seed % len(cases)], step.reference, (), step.wrong
    )
    results = [[side(world)] for world in worlds]
    return Attempt(
        exercise, in_order(side), cases, results, [[model(step, world)] for world in worlds]
    )


def in_order(side: Side) -> Answer:
    """The answer with the arguments of the model; it may use fewer, in another order."""
    if side.names == side.step.given:
        return side.answer
    places = [side.step.given.index(name) for name in side.names]

    @functools.wraps(side.answer)
    def answer(*arguments: Any) -> Any:
        return side.answer(*(arguments[i] for i in places))

    return answer

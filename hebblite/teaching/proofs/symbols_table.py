"""The symbols of a theorem, and what a learner is given who writes a whole step.

symbols("T3")        every symbol: its name in code, its meaning, its shape
statement("T3.1")    only what may be used, for whoever writes left side and claim as well
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..boxes import Box, Fold, Grid, put_whole
from ..checks import could_not_run
from .named import instead, named
from .registry import find_step, steps
from .theory import Step, Theorem

SHAPE = re.compile(r"^(.*?)[,;]?\s*(\((?:[\w\s+\-*{}]+,[\w\s,+\-*{}]*)\))(.*)$", re.S)
LIKE = re.compile(r"^(.*), as (\w+)$", re.S)


def symbols(theorem: Any) -> None:
    """Show the symbols of a theorem, such as "T3"."""
    put_whole(symbols_box(theorem))


def symbols_box(number: Any) -> Box:
    """The box that ``symbols`` shows."""
    theorem = named(number)
    if isinstance(theorem, Box):
        return theorem
    head = f"The symbols of {number}, {theorem.title}:"
    return Box("open", head, pieces=[symbols_grid(theorem)])


def symbols_grid(theorem: Theorem, left_out: tuple[str, ...] = ()) -> Grid:
    """A table of the symbols with meaning, shape and name in code."""
    return grid_of({n: m for n, m in theorem.symbols.items() if n not in left_out})


def grid_of(meanings: Mapping[str, str]) -> Grid:
    rows = [(f"`{name}`", *meaning_and_shape(said)) for name, said in meanings.items()]
    return Grid(("in code", "meaning", "shape"), rows)


def meaning_and_shape(said: str) -> tuple[str, str]:
    """ "apical drive of this layer, (n,)" as its meaning and its shape; a number has none."""
    found, alike = SHAPE.match(said), LIKE.match(said)
    if alike:
        return alike[1], f"as `{alike[2]}`"
    if not found:
        kind = "a function" if re.search(r"\bfunction\b", said) else "a number"
        return re.sub(r",? a (?:number|function)$", "", said), kind
    return (found[1] + found[3]).strip(" ,;"), found[2]


def statement(step: Any) -> None:
    """Show what a learner is given who writes a whole step, such as "T3.1"."""
    put_whole(statement_box(step))


def statement_box(number: Any) -> Box:
    """The box that ``statement`` shows: symbols and how to say it, and nothing of the answer."""
    try:
        step, known = find_step(number), list(steps())
    except Exception as error:  # a lesson that cannot be imported
        return Box("open", could_not_run(error))
    if step is None:
        return Box("open", f"There is no step {number!r}{instead(number, known)}")
    theorem = step.theorem
    head = f"○ {number}, to be written whole: a step of {theorem.number}, {theorem.title}."
    return Box("open", head, ways_of(step), [Fold("What you are given", inside=given(step))])


def given(step: Step) -> Grid:
    return symbols_grid(step.theorem)


def ways_of(step: Step) -> str:
    """How to hand in a whole step: with names that say nothing of the answer."""
    return (
        "State something true about one symbol (the left side), and write a function of others "
        "that it equals, by their names. Then call "
        f'`prove("{step.number}", my_step, uses=[...], left="...", claim=...)`. `claim` is '
        "`Exact()`, or `Order(2)` where it holds up to terms of second order, or another kind of "
        "claim."
    )

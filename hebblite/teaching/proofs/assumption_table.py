"""Which assumption, broken by itself, makes which step fail: measured, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..boxes import Box, Fold, Grid, Piece, Words, put_whole
from ..words import listing
from .named import named
from .theory import Theorem
from .uses import table
from .worlds import SEEN, Lab

HOLDS, FAILS = "✓\N{NO-BREAK SPACE}holds", "✗\N{NO-BREAK SPACE}fails"


def draw_assumptions(theorem: Any) -> None:
    """Show the table of a theorem, such as "T3"."""
    put_whole(assumptions_box(theorem))


def assumptions_box(number: Any) -> Box:
    """The box that ``draw_assumptions`` shows."""
    theorem = named(number, lambda one: one.steps, " with steps")
    if isinstance(theorem, Box):
        return theorem
    found = broken_one_by_one(theorem)
    titles = Grid(("step", "what it shows"), [(s.number, s.title) for s in theorem.steps.values()])
    meanings = Grid(("assumption", "what it means"), list(theorem.assumptions.items()))
    pieces: list[Piece] = [
        grid(theorem, found), *map(Words, sentences(theorem, found)),
        Fold("What the assumptions mean", inside=meanings), Fold("The steps", inside=titles),
    ]  # fmt: skip
    head = f"{number}: what happens to each step where one assumption is broken."
    return Box("open", head, pieces=pieces)


def broken_one_by_one(theorem: Theorem) -> dict[str, Mapping[str, bool]]:
    """For each step, for each assumption, whether the step fails where that is broken."""
    lab = Lab(theorem, tuple(SEEN))
    return {step.number: table(step, lab) for step in theorem.steps.values()}


def grid(theorem: Theorem, found: Mapping[str, Mapping[str, bool]]) -> Grid:
    """A row for each assumption, a column for each step."""
    columns = ("broken", *found)
    rows = [
        (name, *(FAILS if fails[name] else HOLDS for fails in found.values()))
        for name in theorem.assumptions
    ]
    return Grid(columns, rows)


def sentences(theorem: Theorem, found: Mapping[str, Mapping[str, bool]]) -> list[str]:
    """What the table says, where it is worth a sentence."""
    said = []
    free = [number for number, fails in found.items() if not any(fails.values())]
    if free:
        noun, verb = ("Step", "needs") if len(free) == 1 else ("Steps", "need")
        said.append(f"{noun} {listing(free)} {verb} none of them.")
    idle = [n for n in theorem.assumptions if not any(fails[n] for fails in found.values())]
    if idle:
        names = listing([f'"{name}"' for name in idle])
        said.append(f"No single step fails without {names}.")
    return said

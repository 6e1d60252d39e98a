"""What a notebook calls: ``prove("T3.1", my_step, uses=[...])`` shows a box, as ``check`` does."""

from __future__ import annotations

from typing import Any

from ...suggest import meant
from ..boxes import Box, Fold, Picture, Piece, Words, in_notebook, put
from ..checks import could_not_run, hidden, in_grading_mode
from ..exercises import Answer
from ..progress import tried
from ..solved import remember
from ..ways import other_ways
from ..words import count
from .box_pieces import order_of, seen, tags_of
from .registry import find_step, steps
from .theory import Step
from .verdict import Told, as_exercise, verdict
from .worlds import SEEN


def prove(
    step: str, answer: Any = None, uses: Any = None, *, left: Any = None, claim: Any = None,
    grading: bool | None = None,
) -> None:  # fmt: skip
    """Show whether ``answer`` is the right side of a step and ``uses`` names what it needs.

    step: such as "T3.1". answer: a function whose arguments are symbols of the step. uses: a list
    of names of assumptions. left, claim: who writes it all gives these too, and may then use all
    symbols of the theorem but the left one. grading: other random networks, and AssertionError."""
    grading = in_grading_mode() if grading is None else grading
    known, told = None, Told("")
    try:
        step = step.number if isinstance(step, Step) else step
        known = find_step(step)
        near = meant(step, steps()) if known is None and isinstance(step, str) else ""
        told = Told(f"there is no step {step!r}{near or ': look at its heading.'}")
    except Exception as error:  # its lesson cannot be imported
        told = Told(could_not_run(error))
    if known is not None:
        tried(step)
        told = verdict(known, answer, uses, left, claim, hidden() if grading else SEEN, grading)
    if grading and told.message:
        raise AssertionError(f"{step}: {told.message}")  # not ``assert``: python -O drops it
    if known is not None and not told.message:
        remember(step)
        put(right_box(known, told, brief=grading))
    else:
        put(wrong_box(step, told))


def right_box(step: Step, told: Told, brief: bool = False) -> Box:
    """The box of a right step: why it holds, and other right ways. brief: none of
    these, as a teacher's cell needs it."""
    if brief:
        return Box("right", f"✓ {step.number} holds: {step.title}.", told.note)
    pieces: list[Piece] = [Words(f"Why it holds: {step.because}."), *tags_of(step)]
    pieces += order_of(told.side)
    ways = other_ways(as_exercise(step))
    if ways:
        title = f"{count(len(ways), 'right way')} to write it"
        pieces.append(Fold(title, code="\n\n".join(ways)))
    return Box("right", f"✓ {step.number} holds: {step.title}.", told.note, pieces)


def wrong_box(number: str, told: Told) -> Box:
    """The box of a wrong step, with the smallest network in which it fails. In a notebook it is
    drawn, and so it is not told as well."""
    pieces = seen(told)
    sign, look = ("○", "open") if told.open else ("✗", "wrong")
    said = told.message
    if told.found is not None and in_notebook() and any(isinstance(p, Picture) for p in pieces):
        said = said.replace(told.found.words(), "").strip()
    return Box(look, f"{sign} {number}:", said, pieces)


def your_step(step: str, answer: Any) -> Answer:
    """The learner's right side if it is right, else the model's; says which one it is, as
    ``piece`` does."""
    known = find_step(step)
    if known is None:
        raise ValueError(f"step: got {step!r}, expected one like 'T3.1'")
    told = verdict(known, answer, only_side=True)
    if told.message == "":
        put(Box("right", f"From here on your step {step} is used."))
        return answer
    state = "open" if told.open else "not right yet"
    put(Box("open", f"{step} is {state}, so ours is used for now."))
    return known.reference

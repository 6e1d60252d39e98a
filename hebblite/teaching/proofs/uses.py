"""Which assumptions a step needs: each is broken by itself, and the two sides compared again."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...suggest import meant
from ..comparing import Refused
from ..words import a, listing
from .answers import NOT_SOLVED, Side, Unfinished
from .kinds import model
from .theory import Step
from .worlds import Lab


def needed(step: Step, lab: Lab) -> frozenset[str]:
    """The assumptions without which the model fails; kept."""
    if lab.seeds not in step.needed:
        step.needed[lab.seeds] = failing(step, lambda world: model(step, world), lab)
    return step.needed[lab.seeds]


def failing(step: Step, value: Any, lab: Lab) -> frozenset[str]:
    """The assumptions without which a right side fails."""
    return frozenset(
        name for name in step.theorem.assumptions if not holds_without(step, value, lab, name)
    )


def holds_without(step: Step, value: Any, lab: Lab, name: str) -> bool:
    """Whether the claim still holds where one assumption is broken."""
    strengths = step.claim.strengths_of(step)
    broken = lab.breaking([name], most=len(lab.seeds) if len(strengths) == 1 else 4)
    if not any(broken.worlds(strength) for strength in strengths):
        return name not in step.uses  # the bench cannot break it: what the step says is believed
    try:
        with np.errstate(all="ignore"):
            return step.claim.decide(step, value, broken).holds
    except Refused:  # it raises there
        return False


def table(step: Step, lab: Lab) -> dict[str, bool]:
    """For each assumption whether breaking it makes the model fail."""
    need = needed(step, lab)
    return {name: name in need for name in step.theorem.assumptions}


def read_uses(step: Step, uses: Any) -> list[str]:
    """The assumptions that the learner names; raises Refused with what is wrong with them."""
    known = step.theorem.assumptions
    if uses is Ellipsis:
        raise Unfinished(f"the assumptions are {NOT_SOLVED}")
    if uses is None:
        raise Unfinished(
            "your right side is right. Now name the assumptions that it needs, as in "
            f'`uses=["{next(iter(known))}"]`. {choice(step)}'
        )
    if isinstance(uses, str):
        raise Refused(f'`uses` is a list of names: write `["{uses}"]`, with brackets.')
    if not isinstance(uses, list | tuple | set | frozenset):
        raise Refused(f"`uses` is a list of names; this is {a(type(uses).__name__)}.")
    names = list(uses)
    if any(name is Ellipsis for name in names):
        raise Unfinished(f"the assumptions are {NOT_SOLVED}")
    for name in names:
        if not isinstance(name, str):
            raise Refused(f"`uses` is a list of names in quotes; {name!r} is none.")
        if name not in known:
            near = meant(name, known)
            raise Refused(f'no assumption is called "{name}"{near or "."} {choice(step)}')
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise Refused(f'`uses` has "{twice[0]}" twice: name each assumption once.')
    return names


def choice(step: Step) -> str:
    """The names to choose from."""
    names = [f'"{name}"' for name in step.theorem.assumptions]
    return f"The assumptions of {step.theorem.number} are {listing(names)}."


def about_uses(side: Side, names: list[str], lab: Lab) -> str:
    """What to say about the assumptions of a right answer: silent ones first, then idle ones.

    An answer may need less than the model does, as a norm in the place of an eigenvalue: then
    both lists are right."""
    step = side.step
    need = failing(step, side, lab)
    may_need = need | needed(step, lab)
    for name, means in step.theorem.assumptions.items():
        if name in need and name not in names:
            return (
                f'the right side is right, but it fails without the assumption "{name}" '
                f"({means}), which you did not name."
            )
    for name, means in step.theorem.assumptions.items():
        if name in names and name not in may_need:
            return (
                f'the right side is right, but it does not need the assumption "{name}" '
                f"({means}): where that is broken, the two sides still agree."
            )
    return ""

"""Which assumptions a step needs: each is broken by itself, and the two sides compared again."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...suggest import meant
from ..checks import NOT_SOLVED
from ..comparing import Refused
from ..words import a, listing
from .answers import Side, Unfinished
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
    except Refused:  # it raises there: of an assumption that the model does not need, by chance
        return isinstance(value, Side) and name not in needed(step, lab)


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
            f'`uses=["{next(iter(known))}"]`; a list may be empty, `[]`. {choice(step)}'
        )
    if isinstance(uses, str):
        parts = [part.strip(" []\"'") for part in ([uses] if uses in known else uses.split(","))]
        written = ", ".join(f'"{name}"' for name in parts if name)
        own = ", each in quotes of its own," if len(parts) > 1 else ","
        raise Refused(f"`uses` is a list of names: write `[{written}]`{own} with brackets.")
    if not isinstance(uses, list | tuple | set | frozenset):
        raise Refused(f"`uses` is a list of names; this is {a(type(uses).__name__)}.")
    names = list(uses)
    if any(name is Ellipsis for name in names):
        raise Unfinished(f"the assumptions are {NOT_SOLVED}")
    for at, name in enumerate(names):
        if not isinstance(name, str):
            raise Refused(f"`uses` is a list of names in quotes; {name!r} is none.")
        same = [one for one in known if one.casefold() == " ".join(name.split()).casefold()]
        if same:  # neither a blank too many nor a capital makes it another name
            names[at] = same[0]
        else:
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
    known = step.theorem.assumptions
    silent = [name for name in known if name in need and name not in names]
    idle = [name for name in known if name in names and name not in may_need]
    if silent:
        surplus = f" It does not need {called(step, idle)}." if idle else ""
        return (
            f"the right side is right, but it fails without {called(step, silent)}, which you did "
            f"not name.{surplus}"
        )
    if not idle:
        return ""
    said = f"the right side is right, but it does not need {called(step, idle)}: "
    foreign = [name for name in idle if untouched(step, lab, name)]
    if foreign == idle:
        given = listing([f"`{name}`" for name in step.given])
        return (
            f"{said}the step starts from {given}, and does not depend on whether "
            f"{'that holds' if len(idle) == 1 else 'they hold'} elsewhere. Name only what the step "
            "needs in addition to what it is given."
        )
    that = "that is" if len(idle) == 1 else "one of them is"
    return f"{said}where {that} broken, the two sides still agree."


def called(step: Step, names: list[str]) -> str:
    """The assumptions by name, and what they mean: 'the assumption "weak" (...)'."""
    noun = "the assumption" if len(names) == 1 else "the assumptions"
    return f"{noun} " + listing([f'"{name}" ({step.theorem.assumptions[name]})' for name in names])


def untouched(step: Step, lab: Lab, name: str) -> bool:
    """Whether nothing that the step speaks of changes where an assumption is broken."""
    broken = lab.breaking([name])
    whole, other = Lab(step.theorem, broken.seeds).worlds(), broken.worlds()
    if not other:
        return True
    if len(whole) != len(other):
        return False
    symbols = {*step.given, step.left} | {getattr(step.claim, x, step.left) for x in ("of", "by")}
    for world, changed in zip(whole, other, strict=True):
        for symbol in symbols & set(world):
            one, two = world[symbol], changed[symbol]
            if callable(one):  # a function of a symbol: by its values at two points
                by = getattr(step.claim, "by", None)
                if by is None:
                    return False
                points = [x * np.asarray(world[by]) for x in (1, 1.01)]
                one, two = ([f(point) for point in points] for f in (one, two))
            if not np.array_equal(one, two):
                return False
    return True

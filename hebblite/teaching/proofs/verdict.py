"""What is told about an answer to a step, and in which order.

Not solved, wrong symbols, what it raised and wrong shapes come first: then nothing can be compared.
An answer that fails is told the first of: a known mistake; what is missing; a slip that
``teaching.mistakes`` names; in what way the claim fails. The smallest network in which it fails is
added. One that holds is asked for its assumptions.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..attempt import Attempt, Found
from ..checks import LISTS, could_not_run
from ..comparing import Refused
from ..exercises import Exercise
from ..factors import multiples
from ..honesty import refusal, watching
from ..mistakes import coarse_answer, known_mistake, mistake, wrong_everywhere
from ..numerals import rounded
from ..raised import Raised
from ..square import on_square_arrays
from ..trying import NOTHING
from .answers import Side, Unfinished, as_attempt, in_order, side_of
from .bound import Bound
from .kinds import Exact, Finding, model
from .missing import missing
from .rewritten import check_statement
from .smallest import Smallest, smallest
from .spot import spot
from .theory import Step, World
from .uses import about_uses, read_uses
from .worlds import SEEN, Lab, worlds_of

BY_SIZE = "it is right, except where"


@dataclass(frozen=True)
class Told:
    """message: "" for a right answer. specific: it names the slip, and not only how the numbers
    look. note: what to say about a right one. open: it is not wrong, but not finished. attempt:
    what was tried, where it could be compared. found: the smallest network in which it fails.
    raised: it raised an error. side: the answer as a right side, where it is to be shown how far
    it is off."""

    message: str
    specific: bool = False
    note: str = ""
    open: bool = False
    attempt: Attempt | None = None
    found: Smallest | None = None
    raised: bool = False
    side: Side | None = None


def verdict(
    step: Step, answer: Any, uses: Any = None, left: Any = None, claim: Any = None,
    seeds: range = SEEN, grading: bool = False, only_side: bool = False,
) -> Told:  # fmt: skip
    """Whether ``answer`` is a right side of ``step``, and ``uses`` the assumptions that it needs.

    left, claim: given by who writes it all. only_side: the assumptions are not asked for."""
    modules = dict(sys.modules)
    try:
        free = left is not None or claim is not None
        if free:
            check_statement(step, left, claim)
        side = side_of(step, answer, free)
        return _verdict(side, uses, Lab(step.theorem, tuple(seeds)), grading, only_side)
    except Refused as why:
        unfinished = isinstance(why, Unfinished) or str(why) == NOTHING
        return Told(str(why), True, open=unfinished, raised=isinstance(why, Raised))
    except Exception as error:  # such as a NumPy that the answer has taken apart
        return Told(could_not_run(error))
    finally:
        sys.modules.update(modules)


def _verdict(side: Side, uses: Any, lab: Lab, grading: bool, only_side: bool) -> Told:
    step = side.step
    strengths = step.claim.strengths_of(step)
    worlds = lab.worlds(strengths[-1])
    if not worlds:
        raise RuntimeError(f"the bench of {step.theorem.number} draws nothing")
    telling = [world for strength in strengths[::-1] for world in lab.worlds(strength)]
    for world in telling:
        model(step, world)  # kept: where whose work it is is watched, the model's must not run
    watched: AbstractContextManager[list[str]] = nullcontext([])
    if grading:
        secret = as_exercise(step)
        secret.right += [step.theorem.bench, worlds_of]  # and no looking into the worlds
        watched = watching(secret, [step.arguments(world) for world in worlds])
    with watched as taken:
        try:
            for world in telling:
                side(world)
        except Raised as error:
            raise Raised(where_all_fit(str(error), side, worlds)) from None
    attempt = as_attempt(side, worlds)
    if attempt is not None and any(r.shape != e.shape for r, e in attempt.pairs):
        said = mistake(attempt)
        return Told(said, isinstance(said, Found), attempt=attempt)
    with np.errstate(all="ignore"):
        finding = step.claim.decide(step, side, lab)
    if not finding.holds or side.coarse:
        return failed(side, finding, attempt, worlds)
    refused = refusal(taken)
    if refused:
        return Told(refused, True)
    note = LISTS if side.listed else ""
    other = another_step(side)
    if other:
        return Told(other, True, attempt=attempt)
    if only_side:
        return Told("", note=note, attempt=attempt, side=side)
    said = about_uses(side, read_uses(step, uses), lab)
    return Told(said, bool(said), note, attempt=attempt, side=None if said else side)


def where_all_fit(error: str, side: Side, worlds: list[World]) -> str:
    """The same, with what the answer does wrong where all layers have one size."""
    if not set(side.names) <= set(side.step.given):
        return error
    cases = [side.step.arguments(world) for world in worlds]
    return on_square_arrays(error, as_exercise(side.step), in_order(side), cases)


def failed(side: Side, finding: Finding, attempt: Attempt | None, worlds: list[World]) -> Told:
    """What to say about a right side that fails."""
    said, specific = explained(side, finding, attempt, worlds)
    with np.errstate(all="ignore"):
        found = smallest(side.step, side, side.names)
    if found is not None:
        said = f"{said} {found.words()}"
    return Told(said, specific, attempt=attempt, found=found, side=side)


def explained(
    side: Side, finding: Finding, attempt: Attempt | None, worlds: list[World]
) -> tuple[str, bool]:
    """Why it fails, and whether that names the slip: the slip first, then in what way the claim
    fails, where that says more than that the two sides differ."""
    if attempt is None:
        return finding.said, False
    slip = slip_of(side, attempt, worlds)
    said = slip or mistake(attempt)
    if not slip and (not isinstance(said, Found) or said.startswith(BY_SIZE)):
        said = Found(spot(attempt)) or said
    if not slip and said.startswith(BY_SIZE) and isinstance(side.step.claim, Bound):
        return finding.said, True  # it says how it is wrong
    if slip or isinstance(said, Found):
        seen = "" if isinstance(side.step.claim, Exact) else finding.said
        return f"{said} {sentence(seen)}".strip(), True
    if finding.said and said.startswith("the shape is right"):
        return finding.said, False
    return f"{finding.said} {sentence(said)}".strip(), False


def slip_of(side: Side, attempt: Attempt, worlds: list[World]) -> str:
    """What is wrong with it, in words of this step; "" where nothing is known."""
    return str(
        (coarse_answer(attempt) if side.coarse else "")
        or known_mistake(attempt)
        or wrong_everywhere(attempt)
        or times_the_model(attempt)
        or missing(side.step, side, worlds)
    )


def sentence(said: str) -> str:
    """The same with a capital letter."""
    return said[:1].upper() + said[1:]


def times_the_model(attempt: Attempt) -> str:
    """One number that the whole right side is multiplied with."""
    found = [f for f, (_, e) in zip(multiples(attempt), attempt.pairs, strict=False) if e.any()]
    if not found or np.ptp(found) > 1e-6 * abs(found[0]) or abs(found[0] - 1) < 0.01:
        return ""
    return f"your side is {rounded(found[0], 4)} times the right one."


def another_step(side: Side) -> str:
    """What to say about who writes it all, and wrote another step of the theorem."""
    if set(side.names) <= set(side.step.given):
        return ""
    for other in side.step.theorem.steps.values():
        alike = other.left == side.step.left and set(other.given) == set(side.names)
        if alike and other.number != side.step.number:
            return (
                f"that is right, but this is step {other.number}, {other.title}. What "
                f"{side.step.number} says has other symbols on its right side."
            )
    return ""


def as_exercise(step: Step) -> Exercise:
    """The step as those see it who look whose work an answer is."""
    return Exercise(step.title, lambda seed: (), step.reference, step.right, step.wrong, step.hints)


def holds(step: Step, answer: Any, seeds: range = SEEN) -> bool:
    """Whether the right side alone is right; quicker than a verdict, which also says why not."""
    lab = Lab(step.theorem, tuple(seeds))
    try:
        side = side_of(step, answer)
        with np.errstate(all="ignore"):
            return step.claim.decide(step, side, lab).holds and not side.coarse
    except Refused:
        return False

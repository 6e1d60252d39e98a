"""A step of which the learner gives everything: the left side, the claim, and the symbols."""

from __future__ import annotations

from typing import Any

from ...suggest import meant
from ..comparing import Refused
from ..words import a
from .bound import Bound
from .gradient import Gradient
from .kinds import Exact, Order, Tends
from .mean import Mean
from .theory import Step

KINDS = (Exact, Order, Tends, Bound, Gradient, Mean)
NAMES = 'Exact(), Order(2), Tends(1), Bound("lower"), Gradient("H", "W") or Mean()'


def check_statement(step: Step, left: Any, claim: Any) -> None:
    """Raise Refused if the learner's left side and claim are not this step's."""
    theorem = step.theorem
    if left is None or left is Ellipsis:
        raise Refused('the left side is not given yet: name its symbol, as in `left="..."`.')
    if not isinstance(left, str):
        raise Refused(
            f"`left` is the name of a symbol, in quotes; this is {a(type(left).__name__)}."
        )
    if left not in theorem.symbols:
        near = meant(left, theorem.symbols)
        raise Refused(f"`left`: {theorem.number} has no symbol `{left}`{near or '.'}")
    if left != step.left:
        raise Refused(
            f"{step.number} is not about `{left}` ({theorem.symbols[left]}). Read its heading: "
            "which quantity is it about?"
        )
    if isinstance(claim, type) and issubclass(claim, KINDS):
        raise Refused(f"`claim`: `{claim.__name__}` needs its brackets, as in {NAMES}.")
    if not isinstance(claim, KINDS):
        raise Refused(f"`claim` is one of {NAMES}.")
    check_claim(step, claim)


def check_claim(step: Step, claim: Any) -> None:
    """Raise Refused if the learner's claim is not the step's."""
    mine = step.claim
    if not isinstance(mine, type(claim)):
        if isinstance(mine, Order) and isinstance(claim, Exact):
            raise Refused("that is too much: the two sides differ by terms of higher order.")
        if isinstance(mine, Exact) and isinstance(claim, Order):
            raise Refused("that is true, but too little: the two sides are equal exactly.")
        raise Refused(f"this is another kind of claim than that of {step.number}.")
    if isinstance(claim, Order) and isinstance(mine, Order) and claim.power != mine.power:
        much = "too much" if claim.power > mine.power else "true, but too little"
        raise Refused(f"an error of order {claim.power} is {much}.")
    if isinstance(claim, Bound) and isinstance(mine, Bound) and claim.side != mine.side:
        raise Refused(f"is it a{'n upper' if claim.side == 'upper' else ' lower'} bound?")
    if isinstance(claim, Gradient) and isinstance(mine, Gradient):
        asks = (claim.of, claim.by)
        if asks != (mine.of, mine.by):
            raise Refused(f"look again: of what, and by what? The claim speaks of `{mine.of}`.")

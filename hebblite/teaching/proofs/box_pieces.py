"""What stands in the box of ``prove`` below the sentence: pictures, and assumptions as tags."""

from __future__ import annotations

from ..boxes import Picture, Piece, Tags, Words
from ..side_by_side import side_by_side
from .answers import Side
from .kinds import Order, apart, floor_of
from .order_picture import draw_order
from .smallest import Smallest
from .smallest_picture import can_draw, draw_smallest
from .theory import Step
from .uses import needed
from .verdict import Told
from .worlds import SEEN, Lab


def seen(told: Told) -> list[Piece]:
    """The smallest network in which it fails, and of which order it is wrong; where there is
    neither, the two sides beside each other."""
    pieces = [*smallest_network(told.found), *order_of(told.side)]
    try:
        if not pieces and told.attempt is not None:
            pieces = side_by_side(told.attempt)
    except Exception:  # numbers that cannot be drawn: the sentence is there all the same
        pieces = []
    return pieces


def smallest_network(found: Smallest | None) -> list[Piece]:
    """The smallest network in which it fails, drawn; none where it cannot be."""
    if found is None or not can_draw(found.world):
        return []
    try:
        drawing = draw_smallest(found)
    except Exception:  # numbers that find no place: they stand in the message
        return []
    return [Words(f"The smallest network in which it fails: {found.where}."), Picture(drawing)]


def order_of(side: Side | None) -> list[Piece]:
    """How the difference of the two sides shrinks, for a claim about that."""
    if side is None or not isinstance(side.step.claim, Order):
        return []
    step, claim = side.step, side.step.claim
    lab = Lab(step.theorem, tuple(SEEN))
    same = lab.series(sorted(claim.strengths))  # each world at all strengths
    try:
        residuals = [[apart(side(world), world[step.left]) for world in row] for row in same]
        floor = 30 * max(floor_of(step, world) for row in same for world in row)
        return [Picture(draw_order(sorted(claim.strengths), residuals, claim.power, floor))]
    except Exception:  # an answer that fails now and then: the sentence is there all the same
        return []


def tags_of(step: Step) -> list[Piece]:
    """The assumptions that a step needs, and those that it holds without."""
    need = needed(step, Lab(step.theorem, tuple(SEEN)))
    used = [name for name in step.theorem.assumptions if name in need]
    idle = [name for name in step.theorem.assumptions if name not in need]
    pieces: list[Piece] = [Tags("It needs", used or ["none of the assumptions"])]
    return [*pieces, Tags("It does not need", idle, pale=True)] if idle and used else pieces

"""Twelve digits that the learner has judged: which one was chosen, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....teaching.schematic import Drawing
from ..runs.digits import Examined
from .digits import draw_twelve

LETTERS = "ABCDEFGHIJKL"
WIDE, TALL, WORDS = 628.0, 376.0, 26.0  # of the twelve digits; of the line above them


def draw_judged(seen: Examined, which: Sequence[int], chosen: str | None = None) -> str:
    """The twelve digits with the effort that each needs. chosen: the letter of the one that the
    learner finds the hardest to read."""
    if chosen is None:
        return draw_twelve(seen, which, reveal=True)
    place = 1 + list(np.argsort(-seen.H[list(which)])).index(LETTERS.index(chosen))
    order = {1: "needs the most effort of all", 12: "needs the least effort of all"}
    rest = f"needs more effort than {12 - place} of the other eleven"
    said = f"You chose {chosen}. It {order.get(place, rest)}."
    d = Drawing(WIDE, TALL + WORDS, f"{said} The twelve digits, with the effort that each needs.")
    d.say(20, 16, said, bold=True, fixed=True)
    d.put(draw_twelve(seen, which, reveal=True), 0, WORDS)
    return d.svg()

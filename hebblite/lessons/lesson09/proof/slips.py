"""Slips of T6.5 and T6.6 are the same ones: both compare two states of rest, that with the higher
nudge and that with the lower one, and divide by how far their nudges lie apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Step

Array = np.ndarray
#: Of r_l and r_{l-1} at the higher nudge, then at the lower one, and how far the two lie apart.
Contrast = Callable[[Array, Array, Array, Array, float], Array]


def contrast(high: Array, high_below: Array, low: Array, low_below: Array, span: float) -> Array:
    """The update of T6.5 and T6.6."""
    return np.asarray((np.outer(high, high_below) - np.outer(low, low_below)) / span)


#: Message and slip.
SLIPS: tuple[tuple[str, Contrast], ...] = (
    ("the sign is the wrong way round: the state with the higher nudge is nearer to the target, "
     "so its product is added and the other one subtracted.",
     lambda h, hb, l, lb, s: -contrast(h, hb, l, lb, s)),
    ("it is not divided. The contrast itself goes to 0 with the nudge.",
     lambda h, hb, l, lb, s: contrast(h, hb, l, lb, 1.0)),
    ("the nudge multiplies: a slope is a difference *divided* by how far apart the two are.",
     lambda h, hb, l, lb, s: contrast(h, hb, l, lb, 1 / s)),
    ("only the change of the rates of this layer is there. Those of the layer below move with the "
     "nudge as well.",
     lambda h, hb, l, lb, s: np.outer(h - l, lb) / s),
    ("only the change of the rates of this layer is there. Those of the layer below move with the "
     "nudge as well.",
     lambda h, hb, l, lb, s: np.outer(h - l, hb) / s),
    ("only the change of the rates of this layer is there. Those of the layer below move with the "
     "nudge as well.",
     lambda h, hb, l, lb, s: np.outer(h - l, (hb + lb) / 2) / s),
    ("only the change of the rates below is there. Those of this layer move with it as well.",
     lambda h, hb, l, lb, s: np.outer((h + l) / 2, hb - lb) / s),
    ("only the change of the rates below is there. Those of this layer move with it as well.",
     lambda h, hb, l, lb, s: np.outer(l, hb - lb) / s),
    ("only the change of the rates below is there. Those of this layer move with it as well.",
     lambda h, hb, l, lb, s: np.outer(h, hb - lb) / s),
    ("this is the product of the changes. The change of the *product* is asked for: multiply "
     "first, then subtract.",
     lambda h, hb, l, lb, s: np.outer(h - l, hb - lb) / s),
    ("the two products are added: their difference tells the gradient.",
     lambda h, hb, l, lb, s: (np.outer(h, hb) + np.outer(l, lb)) / s),
    ("this is Hebb in the state with the higher nudge. The product of the other state is missing.",
     lambda h, hb, l, lb, s: np.outer(h, hb) / s),
    ("this is the product in the state with the lower nudge alone: the other one is missing.",
     lambda h, hb, l, lb, s: -np.outer(l, lb) / s),
    ("this subtracts the change of the rates below, as it multiplies rates of different states. "
     "Multiply what is there at the same time, and both changes are added.",
     lambda h, hb, l, lb, s: (np.outer(h, lb) - np.outer(l, hb)) / s),
    ("this subtracts the change of this layer's rates, as it multiplies rates of different states. "
     "Multiply what is there at the same time, and both changes are added.",
     lambda h, hb, l, lb, s: (np.outer(l, hb) - np.outer(h, lb)) / s),
    ("only one of the two products is divided: the difference stands in brackets, and all of it is "
     "divided.",
     lambda h, hb, l, lb, s: np.outer(h, hb) - np.outer(l, lb) / s),
    ("only one of the two products is divided: the difference stands in brackets, and all of it is "
     "divided.",
     lambda h, hb, l, lb, s: np.outer(h, hb) / s - np.outer(l, lb)),
    ("the nudge divides twice: once is enough.",
     lambda h, hb, l, lb, s: contrast(h, hb, l, lb, s**2)),
    ("the signs of the rates are lost.",
     lambda h, hb, l, lb, s: np.abs(contrast(h, hb, l, lb, s))),
    ("this is the slope by the bias: a weight counts with the rate below it, too.",
     lambda h, hb, l, lb, s: np.outer(h - l, np.ones_like(lb)) / s),
)  # fmt: skip


def add_slips(step: Step, as_answer: Callable[[Contrast], Answer]) -> None:
    """All of them, as answers with the arguments of the step."""
    for message, slip in SLIPS:
        step.wrong(message)(as_answer(slip))

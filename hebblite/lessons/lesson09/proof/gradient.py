"""Steps T6.4 to T6.6: the two slopes change places, and two states of rest tell the gradient."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Gradient, Tends
from .slips import Contrast, add_slips, contrast
from .statement import AT_REST, SMALL, SYMMETRIC, T6, VALLEY

Array = np.ndarray

#: The nudges at which T6.5 and T6.6 are tried: with weaker ones, what is divided by the nudge would
#: be rounding.
NUDGES = (0.01, 0.03, 0.1)


@T6.step(
    "T6.4",
    "the two slopes change places",
    left="dL_dW",
    claim=Gradient(of="L_of_W", by="W"),
    uses=(SYMMETRIC, AT_REST, VALLEY),
    needs=("T6.2", "T6.3"),
    because="the slope by W_l of dF/dbeta_nudge is the slope by beta_nudge of dF/dW_l",
    hints=(
        "By T6.2 the loss of the free state is dF/dbeta_nudge at nudge 0. Take its slope by W_l, "
        "and change the order of the two derivatives.",
        "What is left is the slope of -r_l r_{l-1}^T (T6.3) by the nudge. Both rates move with the "
        "nudge: use the rule for a product.",
        "-(np.outer(dr, r_free_below) + np.outer(r_free, dr_below))",
    ),
)
def exchanged(r_free: Array, r_free_below: Array, dr: Array, dr_below: Array) -> Array:
    """dL/dW_l = -d/dbeta_nudge (r_l r_{l-1}^T) at nudge 0"""
    return -(np.outer(dr, r_free_below) + np.outer(r_free, dr_below))


exchanged.right(lambda r_free, r_free_below, dr, dr_below: (
    -dr[:, None] * r_free_below - r_free[:, None] * dr_below
))  # fmt: skip
exchanged.right(lambda r_free, r_free_below, dr, dr_below: (
    -np.stack([dr, r_free], axis=1) @ np.stack([r_free_below, dr_below])
))  # fmt: skip


@exchanged.right
def of_two_states(r_free: Array, r_free_below: Array, dr: Array, dr_below: Array) -> Array:
    """Half the difference of the products at the nudges +1 and -1, if rates moved on a line."""
    plus = np.outer(r_free + dr, r_free_below + dr_below)
    minus = np.outer(r_free - dr, r_free_below - dr_below)
    return np.asarray((minus - plus) / 2)


@exchanged.term("the change of this layer times the rates below")
def change_here(dr: Array, r_free_below: Array) -> Array:
    return np.outer(dr, r_free_below)


@exchanged.term("the rates of this layer times the change below")
def change_below(r_free: Array, dr_below: Array) -> Array:
    return np.outer(r_free, dr_below)


@exchanged.term("the product of the two changes")
def both_changes(dr: Array, dr_below: Array) -> Array:
    return np.outer(dr, dr_below)


wrong = exchanged.wrong
wrong("this is *minus* the slope of the loss, which is the update. The slope itself is asked for.")(
    lambda r_free, r_free_below, dr, dr_below: (
        np.outer(dr, r_free_below) + np.outer(r_free, dr_below)
    )
)
wrong(
    "only the rates of this layer move. The nudge comes down to the layer below as well: by the "
    "rule for a product a second term is missing."
)(lambda r_free, r_free_below, dr, dr_below: -np.outer(dr, r_free_below))
wrong(
    "only the rates below move. Those of this layer move with the nudge too: by the rule for a "
    "product a second term is missing."
)(lambda r_free, r_free_below, dr, dr_below: -np.outer(r_free, dr_below))
wrong("the two terms of the rule for a product are added, not subtracted.")(
    lambda r_free, r_free_below, dr, dr_below: (
        np.outer(r_free, dr_below) - np.outer(dr, r_free_below)
    )
)
wrong("the two terms of the rule for a product are added, not subtracted.")(
    lambda r_free, r_free_below, dr, dr_below: (
        np.outer(dr, r_free_below) - np.outer(r_free, dr_below)
    )
)
wrong("this is the product of the two changes. The change of the *product* is asked for.")(
    lambda r_free, r_free_below, dr, dr_below: -np.outer(dr, dr_below)
)
wrong("this is T6.3 itself, dF/dW. Its slope by the nudge is asked for.")(
    lambda r_free, r_free_below, dr, dr_below: -np.outer(r_free, r_free_below)
)
wrong("no 1/2 is left: the rule for a product adds its two terms, whole.")(
    lambda r_free, r_free_below, dr, dr_below: (
        -(np.outer(dr, r_free_below) + np.outer(r_free, dr_below)) / 2
    )
)
wrong("no 2 is left: each of the two terms stands there once.")(
    lambda r_free, r_free_below, dr, dr_below: (
        -2 * (np.outer(dr, r_free_below) + np.outer(r_free, dr_below))
    )
)
wrong("the product of the two changes is too much: a slope is linear in the changes.")(
    lambda r_free, r_free_below, dr, dr_below: (
        -(np.outer(dr, r_free_below) + np.outer(r_free, dr_below) + np.outer(dr, dr_below))
    )
)
wrong("the second term has two changes. One factor of each term stays what it is.")(
    lambda r_free, r_free_below, dr, dr_below: (
        -(np.outer(dr, r_free_below) + np.outer(dr, dr_below))
    )
)
wrong("the first term has two changes. One factor of each term stays what it is.")(
    lambda r_free, r_free_below, dr, dr_below: (
        -(np.outer(dr, dr_below) + np.outer(r_free, dr_below))
    )
)
wrong("the second term has no change in it. One factor of each term is a change.")(
    lambda r_free, r_free_below, dr, dr_below: (
        -(np.outer(dr, r_free_below) + np.outer(r_free, r_free_below))
    )
)
wrong("the two terms are multiplied: the rule for a product adds them.")(
    lambda r_free, r_free_below, dr, dr_below: (
        -np.outer(dr, r_free_below) * np.outer(r_free, dr_below)
    )
)
wrong("this is the slope by the bias: a weight counts with the rate below it, too.")(
    lambda r_free, r_free_below, dr, dr_below: -np.outer(dr, np.ones_like(r_free_below))
)


@T6.step(
    "T6.5",
    "two states of rest tell the gradient",
    left="downhill",
    claim=Tends(1, NUDGES),
    uses=(SYMMETRIC, AT_REST, VALLEY, SMALL),
    needs=("T6.4",),
    because="a slope at nudge 0 is what a difference tends to that is divided by the nudge",
    hints=(
        "T6.4 has a slope by the nudge, at nudge 0. How is a slope read off two states, one "
        "without the nudge and one with it?",
        "By the difference of what they have, divided by the nudge. T6.4 has a minus, and so has "
        "the left side.",
        "(np.outer(r_nudged, r_nudged_below) - np.outer(r_free, r_free_below)) / nudge",
    ),
)
def one_sided(
    r_free: Array, r_free_below: Array, r_nudged: Array, r_nudged_below: Array, nudge: float
) -> Array:
    """-dL/dW_l = (r_l^+ r_{l-1}^+^T - r_l^- r_{l-1}^-^T) / beta_nudge + O(beta_nudge)"""
    return (np.outer(r_nudged, r_nudged_below) - np.outer(r_free, r_free_below)) / nudge


Sides = Callable[[Contrast], Answer]


def _from_0(make: Contrast) -> Answer:
    return lambda r_free, r_free_below, r_nudged, r_nudged_below, nudge: make(
        r_nudged, r_nudged_below, r_free, r_free_below, nudge
    )


one_sided.right(_from_0(lambda h, hb, l, lb, s: (np.outer(h - l, hb) + np.outer(l, hb - lb)) / s))
one_sided.right(_from_0(lambda h, hb, l, lb, s: (h[:, None] * hb - l[:, None] * lb) / s))


@one_sided.right
def of_first_order(
    r_free: Array, r_free_below: Array, r_nudged: Array, r_nudged_below: Array, nudge: float
) -> Array:
    """T6.4 with differences for the slopes; it tends to the same."""
    dr, dr_below = (r_nudged - r_free) / nudge, (r_nudged_below - r_free_below) / nudge
    return np.outer(dr, r_free_below) + np.outer(r_free, dr_below)


@one_sided.term("the contrast divided by the nudge")
def contrast_by_nudge(
    r_free: Array, r_free_below: Array, r_nudged: Array, r_nudged_below: Array, nudge: float
) -> Array:
    return contrast(r_nudged, r_nudged_below, r_free, r_free_below, nudge)


add_slips(one_sided, _from_0)
one_sided.wrong("the two nudges, 0 and beta_nudge, lie beta_nudge apart, and not twice as far.")(
    _from_0(lambda h, hb, l, lb, s: contrast(h, hb, l, lb, 2 * s))
)


@T6.step(
    "T6.6",
    "nudged to both sides, the error is of order 2",
    left="downhill",
    claim=Tends(2, NUDGES),
    uses=(SYMMETRIC, AT_REST, VALLEY, SMALL),
    needs=("T6.5",),
    because="what is even in the nudge is the same on both sides and cancels, the term of T6.5's "
    "error with it",
    hints=(
        "Write r_l r_{l-1}^T at rest as a power series in the nudge. What of it is left in the "
        "difference of the states at +beta_nudge and at -beta_nudge?",
        "The term of first order, twice, and what is of third order. So divide by twice the nudge.",
        "(np.outer(r_plus, r_plus_below) - np.outer(r_minus, r_minus_below)) / (2 * nudge)",
    ),
)
def centred(
    r_plus: Array, r_plus_below: Array, r_minus: Array, r_minus_below: Array, nudge: float
) -> Array:
    """-dL/dW_l = the contrast from -beta_nudge to +beta_nudge / (2 beta_nudge)
    + O(beta_nudge^2)"""
    return (np.outer(r_plus, r_plus_below) - np.outer(r_minus, r_minus_below)) / (2 * nudge)


def _from_minus(make: Contrast) -> Answer:
    return lambda r_plus, r_plus_below, r_minus, r_minus_below, nudge: make(
        r_plus, r_plus_below, r_minus, r_minus_below, 2 * nudge
    )


centred.right(_from_minus(lambda h, hb, l, lb, s: (np.outer(h - l, hb) + np.outer(l, hb - lb)) / s))
centred.right(_from_minus(lambda h, hb, l, lb, s: (h[:, None] * hb - l[:, None] * lb) / s))


@centred.right
def about_the_middle(
    r_plus: Array, r_plus_below: Array, r_minus: Array, r_minus_below: Array, nudge: float
) -> Array:
    """T6.4 with differences for the slopes, about the mean of the two states."""
    dr, dr_below = (r_plus - r_minus) / nudge, (r_plus_below - r_minus_below) / nudge
    middle, below = (r_plus + r_minus) / 2, (r_plus_below + r_minus_below) / 2
    return (np.outer(dr, below) + np.outer(middle, dr_below)) / 2


@centred.term("the contrast divided by the distance of the nudges")
def contrast_by_distance(
    r_plus: Array, r_plus_below: Array, r_minus: Array, r_minus_below: Array, nudge: float
) -> Array:
    return contrast(r_plus, r_plus_below, r_minus, r_minus_below, 2 * nudge)


centred.wrong("the two nudges lie twice beta_nudge apart: from -beta_nudge to +beta_nudge.")(
    _from_minus(lambda h, hb, l, lb, s: contrast(h, hb, l, lb, s / 2))
)
centred.wrong("this divides by 2 and then multiplies by the nudge: write / (2 * nudge).")(
    _from_minus(lambda h, hb, l, lb, s: contrast(h, hb, l, lb, 1.0) / 2 * (s / 2))
)
centred.wrong("the two nudges lie twice beta_nudge apart, not four times.")(
    _from_minus(lambda h, hb, l, lb, s: contrast(h, hb, l, lb, 2 * s))
)
centred.wrong(
    "it tends to the gradient, but only with an error of order 1: the product of the two changes "
    "is left out. Subtract the products themselves."
)(_from_minus(lambda h, hb, l, lb, s: (np.outer(h - l, lb) + np.outer(l, hb - lb)) / s))
centred.wrong(
    "it tends to the gradient, but only with an error of order 1: the product of the two changes "
    "counts twice. Subtract the products themselves."
)(_from_minus(lambda h, hb, l, lb, s: (np.outer(h - l, hb) + np.outer(h, hb - lb)) / s))
add_slips(centred, _from_minus)

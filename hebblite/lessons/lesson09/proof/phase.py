"""Steps T6.7 and T6.8: what differential Hebb reads in a phase of Equilibrium Propagation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Exact, Order
from .statement import AT_REST, SMALL, T6, VALLEY

Array = np.ndarray


@T6.step(
    "T6.7",
    "symmetrised DH sees the two ends only",
    left="DH_sym",
    claim=Exact(),
    uses=(),
    because="the change of a product is the sum of its two changes, and the changes of all steps "
    "add up to the change from the first state to the last",
    hints=(
        "In one step, symmetrised DH adds (r[t+1] - r[t]) r_below[t]^T + r[t+1] (r_below[t+1] - "
        "r_below[t])^T. Multiply out: which of the four products cancel?",
        "What is left is r[t+1] r_below[t+1]^T - r[t] r_below[t]^T. Add that up over all steps.",
        "np.outer(r_end, r_end_below) - np.outer(r_start, r_start_below)",
    ),
)
def ends_only(r_start: Array, r_start_below: Array, r_end: Array, r_end_below: Array) -> Array:
    """sum_t (change of r_l) r_{l-1}^T + r_l (change of r_{l-1})^T = the contrast of the two ends"""
    return np.outer(r_end, r_end_below) - np.outer(r_start, r_start_below)


Ends = Callable[[Array, Array, Array, Array], Array]


def _ends(make: Ends) -> Answer:
    """An answer, made of (r, r_below) at the start and at the end."""
    return lambda r_start, r_start_below, r_end, r_end_below: make(
        r_start, r_start_below, r_end, r_end_below
    )


ends_only.right(_ends(lambda s, sb, e, eb: np.outer(e - s, sb) + np.outer(e, eb - sb)))
ends_only.right(_ends(lambda s, sb, e, eb: e[:, None] * eb - s[:, None] * sb))
ends_only.right(_ends(lambda s, sb, e, eb: (
    np.outer(e - s, eb + sb) / 2 + np.outer(e + s, eb - sb) / 2
)))  # fmt: skip


@ends_only.term("the product at the end")
def at_the_end(r_end: Array, r_end_below: Array) -> Array:
    return np.outer(r_end, r_end_below)


@ends_only.term("the product at the start")
def at_the_start(r_start: Array, r_start_below: Array) -> Array:
    return np.outer(r_start, r_start_below)


BELOW_TOO = (
    "only the rates of this layer change here. Symmetrised DH adds up the changes of the rates "
    "below as well."
)
THIS_TOO = (
    "only the rates below change here. Symmetrised DH adds up the changes of the rates of this "
    "layer as well."
)
wrong = ends_only.wrong
wrong("the sign is the wrong way round: a change is the end minus the start.")(
    _ends(lambda s, sb, e, eb: np.outer(s, sb) - np.outer(e, eb))
)
wrong(BELOW_TOO)(_ends(lambda s, sb, e, eb: np.outer(e - s, sb)))
wrong(BELOW_TOO)(_ends(lambda s, sb, e, eb: np.outer(e - s, eb)))
wrong(BELOW_TOO)(_ends(lambda s, sb, e, eb: np.outer(e - s, (sb + eb) / 2)))
wrong(THIS_TOO)(_ends(lambda s, sb, e, eb: np.outer((s + e) / 2, eb - sb)))
wrong(THIS_TOO)(_ends(lambda s, sb, e, eb: np.outer(e, eb - sb)))
wrong(THIS_TOO)(_ends(lambda s, sb, e, eb: np.outer(s, eb - sb)))
wrong("this is the product of the two changes. The change of the *product* is asked for.")(
    _ends(lambda s, sb, e, eb: np.outer(e - s, eb - sb))
)
wrong("the change of the rates below has a minus: symmetrised DH adds the two.")(
    _ends(lambda s, sb, e, eb: np.outer(e - s, sb) - np.outer(e, eb - sb))
)
wrong("no 1/2: symmetrised DH adds the two changes, it does not average them.")(
    _ends(lambda s, sb, e, eb: (np.outer(e, eb) - np.outer(s, sb)) / 2)
)
wrong("the two products are added: what is there at the start has to be subtracted.")(
    _ends(lambda s, sb, e, eb: np.outer(e, eb) + np.outer(s, sb))
)
wrong("the product at the start is missing: a sum of changes is the end minus the start.")(
    _ends(lambda s, sb, e, eb: np.outer(e, eb))
)
wrong("the product at the end is missing: a sum of changes is the end minus the start.")(
    _ends(lambda s, sb, e, eb: -np.outer(s, sb))
)
wrong("the rates of the two layers belong to different times: multiply what is there together.")(
    _ends(lambda s, sb, e, eb: np.outer(e, sb) - np.outer(s, eb))
)
wrong(
    "one of the two changes is multiplied with the wrong end: with r_below at the start belongs r "
    "at the end."
)(_ends(lambda s, sb, e, eb: np.outer(e - s, sb) + np.outer(s, eb - sb)))
wrong(
    "one of the two changes is multiplied with the wrong end: with r_below at the end belongs r at "
    "the start."
)(_ends(lambda s, sb, e, eb: np.outer(e - s, eb) + np.outer(e, eb - sb)))
wrong("this is the change of the bias: a weight counts with the rate below it, too.")(
    _ends(lambda s, sb, e, eb: np.outer(e - s, np.ones_like(sb)))
)
wrong("the signs are lost: an update can go either way.")(
    _ends(lambda s, sb, e, eb: np.abs(np.outer(e, eb) - np.outer(s, sb)))
)


@T6.step(
    "T6.8",
    "one-sided DH reads one of the two terms",
    left="DH",
    claim=Order(2),
    uses=(AT_REST, VALLEY, SMALL),
    needs=("T6.4",),
    because="the changes of r_l add up to beta_nudge dr, and meanwhile r_{l-1} hardly leaves its "
    "free value: what that adds is a product of two small changes",
    hints=(
        "One-sided DH adds up (r[t+1] - r[t]) r_below[t]^T. What can be said of r_below[t] if the "
        "nudge is small?",
        "It is its free value, and something of the order of the nudge, which meets a change of "
        "that order. So take r_free_below out of the sum. What do the changes of r add up to?",
        "nudge * np.outer(dr, r_free_below)",
    ),
)
def reads_one_term(
    r_free: Array, r_free_below: Array, dr: Array, dr_below: Array, nudge: float
) -> Array:
    """DH = beta_nudge (dr_l/dbeta_nudge) r_{l-1}^T + O(beta_nudge^2)"""
    return nudge * np.outer(dr, r_free_below)


def _slopes(make: Callable[[Array, Array, Array, Array], Array]) -> Answer:
    """An answer, made of (r, r_below, dr, dr_below), times the nudge."""
    return lambda r_free, r_free_below, dr, dr_below, nudge: (
        nudge * make(r_free, r_free_below, dr, dr_below)
    )


def _nudges(make: Callable[[float], float]) -> Answer:
    """The step with another factor, made of the nudge."""
    return lambda r_free, r_free_below, dr, dr_below, nudge: (
        make(nudge) * np.outer(dr, r_free_below)
    )


reads_one_term.right(lambda r_free, r_free_below, dr, dr_below, nudge: (
    (nudge * dr)[:, None] * r_free_below
))  # fmt: skip
reads_one_term.right(lambda r_free, r_free_below, dr, dr_below, nudge: (
    np.outer(nudge * dr, r_free_below + nudge * dr_below / 2)
))  # fmt: skip


@reads_one_term.term("the change of this layer times the rates below")
def first_term(dr: Array, r_free_below: Array, nudge: float) -> Array:
    return nudge * np.outer(dr, r_free_below)


@reads_one_term.term("the rates of this layer times the change below")
def second_term(r_free: Array, dr_below: Array, nudge: float) -> Array:
    return nudge * np.outer(r_free, dr_below)


wrong = reads_one_term.wrong
wrong(
    "this is what *symmetrised* DH reads, both terms of T6.4. One-sided DH has no change of the "
    "rates below in it."
)(_slopes(lambda r, rb, dr, drb: np.outer(dr, rb) + np.outer(r, drb)))
wrong("this is the other term of T6.4. DH reads the change of the rates of *this* layer.")(
    _slopes(lambda r, rb, dr, drb: np.outer(r, drb))
)
wrong("this is the difference of the two terms of T6.4. One-sided DH reads the first one alone.")(
    _slopes(lambda r, rb, dr, drb: np.outer(dr, rb) - np.outer(r, drb))
)
wrong("this is the mean of the two terms of T6.4. One-sided DH reads the first one alone.")(
    _slopes(lambda r, rb, dr, drb: (np.outer(dr, rb) + np.outer(r, drb)) / 2)
)
wrong("the sign is the wrong way round: DH follows the change of the rates, as it is.")(
    _slopes(lambda r, rb, dr, drb: -np.outer(dr, rb))
)
wrong("the nudge is missing: dr is a slope, and the rates change by nudge times that.")(
    _nudges(lambda nudge: 1.0)
)
wrong("the nudge divides: the rates change by nudge *times* their slope.")(
    _nudges(lambda nudge: 1 / nudge)
)
wrong("the nudge is a square here: the changes of the rates are of first order.")(
    _nudges(lambda nudge: nudge**2)
)
wrong("this is half of it: the rates change by all of nudge times dr.")(
    _nudges(lambda nudge: nudge / 2)
)
wrong("this is twice as much: the rates change by nudge times dr.")(
    _nudges(lambda nudge: 2 * nudge)
)
wrong("this is the product of two changes, which is of second order: DH has one change in it.")(
    _slopes(lambda r, rb, dr, drb: np.outer(dr, drb))
)
wrong("this is the product of two small changes, of second order: DH has one change in it.")(
    lambda r_free, r_free_below, dr, dr_below, nudge: nudge**2 * np.outer(dr, dr_below)
)
wrong("this is plain Hebb: DH reads the *change* of the rates of this layer.")(
    _slopes(lambda r, rb, dr, drb: np.outer(r, rb))
)
wrong("this is the change of the bias: a weight counts with the rate below it, too.")(
    _slopes(lambda r, rb, dr, drb: np.outer(dr, np.ones_like(rb)))
)
wrong("the rates below count, not their squares.")(
    _slopes(lambda r, rb, dr, drb: np.outer(dr, rb**2))
)
wrong("the signs are lost: an update can go either way.")(
    _slopes(lambda r, rb, dr, drb: np.abs(np.outer(dr, rb)))
)

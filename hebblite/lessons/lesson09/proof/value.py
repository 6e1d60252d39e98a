"""Steps T6.1 to T6.3: one energy, its value at rest, and how that changes."""

from __future__ import annotations

import numpy as np

from ....teaching.proofs import Gradient
from .statement import AT_REST, SYMMETRIC, T6, VALLEY

Array = np.ndarray


@T6.step(
    "T6.1",
    "activity goes down one energy",
    left="dE_dv",
    claim=Gradient(of="E_of_v", by="v"),
    uses=(SYMMETRIC,),
    because="the rates r_l stand in E beside what comes from below, and once more in the term of "
    "the layer above, whose slope is what comes down if the weights are symmetric",
    hints=(
        "In which terms of E + beta_nudge * loss do the voltages of this layer stand? In "
        "|v_l|^2 / 2 by themselves, and through their rates in two more.",
        "A rate changes by its slope D times the change of its voltage. The slope of "
        "-r_l^T (W_l r_{l-1} + beta_l) by r_l is minus what comes from below. That of "
        "-r_{l+1}^T W_{l+1} r_l is minus W_{l+1}^T r_{l+1}: what comes from above.",
        "v - D * (from_below + from_above)",
    ),
)
def slope_by_voltage(v: Array, D: Array, from_below: Array, from_above: Array) -> Array:
    """d(E + beta_nudge * loss)/dv_l = v_l - D_l (W_l r_{l-1} + beta_l + W_{l+1}^T r_{l+1})"""
    return v - D * (from_below + from_above)


slope_by_voltage.right(lambda v, D, from_below, from_above: v - D * from_below - D * from_above)
slope_by_voltage.right(lambda v, D, from_below, from_above: (
    v - np.diag(D) @ (from_above + from_below)
))  # fmt: skip
slope_by_voltage.right(lambda v, D, from_below, from_above: -(D * (from_below + from_above) - v))


@slope_by_voltage.term("the voltage itself")
def itself(v: Array) -> Array:
    return v


@slope_by_voltage.term("the part that comes from below")
def part_from_below(D: Array, from_below: Array) -> Array:
    return D * from_below


@slope_by_voltage.term("the part that comes from above")
def part_from_above(D: Array, from_above: Array) -> Array:
    return D * from_above


wrong = slope_by_voltage.wrong
wrong("this is minus the slope: the way down, tau dv/dt. The slope itself is asked for.")(
    lambda v, D, from_below, from_above: D * (from_below + from_above) - v
)
wrong(
    "the slopes D are missing. Rates stand in E, and a rate changes by D times the change of its "
    "voltage."
)(lambda v, D, from_below, from_above: v - (from_below + from_above))
wrong(
    "what comes from above is missing. The rates of this layer also stand in the term of the layer "
    "above."
)(lambda v, D, from_below, from_above: v - D * from_below)
wrong("what comes from below is missing: the rates of this layer stand in their own term as well.")(
    lambda v, D, from_below, from_above: v - D * from_above
)
wrong("the voltage itself is missing: the slope of |v|^2 / 2 is v.")(
    lambda v, D, from_below, from_above: -D * (from_below + from_above)
)
wrong("D multiplies what comes from below only. Both terms of E hold the rate of this layer.")(
    lambda v, D, from_below, from_above: v - D * from_below - from_above
)
wrong("D multiplies what comes from above only. Both terms of E hold the rate of this layer.")(
    lambda v, D, from_below, from_above: v - from_below - D * from_above
)
wrong("what comes from above has the wrong sign: both terms of E have the same sign.")(
    lambda v, D, from_below, from_above: v - D * (from_below - from_above)
)
wrong("what comes from below has the wrong sign: both terms of E have the same sign.")(
    lambda v, D, from_below, from_above: v - D * (from_above - from_below)
)
wrong("the two terms of E with rates have a minus: E is lower where rates agree with their drive.")(
    lambda v, D, from_below, from_above: v + D * (from_below + from_above)
)
wrong("D multiplies the voltage as well. |v|^2 / 2 holds the voltage itself, and no rate.")(
    lambda v, D, from_below, from_above: D * (v - from_below - from_above)
)
wrong("the 2 of the square and the 1/2 in E cancel: the slope of |v|^2 / 2 is v.")(
    lambda v, D, from_below, from_above: 2 * v - D * (from_below + from_above)
)
wrong("the 2 of the square and the 1/2 in E cancel: the slope of |v|^2 / 2 is v.")(
    lambda v, D, from_below, from_above: v / 2 - D * (from_below + from_above)
)
wrong("no 1/2 is left: each weight stands in E once, and E is not a half of that.")(
    lambda v, D, from_below, from_above: v - D * (from_below + from_above) / 2
)
wrong(
    "`D @ ...` adds up over the neurons: `D` is the *vector* of the slopes, the diagonal of D_l. "
    "Multiply neuron by neuron, with `*`."
)(lambda v, D, from_below, from_above: v - D @ (from_below + from_above))
wrong("the slopes come in once: one rate stands between the voltage and each term.")(
    lambda v, D, from_below, from_above: v - D**2 * (from_below + from_above)
)
wrong("you divide by the slopes: the chain rule multiplies.")(
    lambda v, D, from_below, from_above: v - (from_below + from_above) / D
)
wrong("what comes from below and from above is multiplied: it adds up.")(
    lambda v, D, from_below, from_above: v - D * from_below * from_above
)


@T6.step(
    "T6.2",
    "the slope of F by the nudge",
    left="dF_dbeta",
    claim=Gradient(of="F_of_nudge", by="nudge"),
    uses=(SYMMETRIC, AT_REST, VALLEY),
    needs=("T6.1",),
    because="the state of rest moves with the nudge, but there E + beta_nudge * loss has no slope, "
    "so that only the nudge itself counts",
    hints=(
        "If the nudge changes a little, F changes in two ways: the nudge stands in "
        "E + beta_nudge * loss, and the state of rest moves. What does a small move of that state "
        "change?",
        "Nothing, to first order: at rest the slope by each voltage is zero. So hold the state, "
        "and take the slope of E + beta_nudge * loss by beta_nudge.",
        "It is the loss at rest, half the squared error: e @ e / 2.",
    ),
)
def by_the_nudge(e: Array, nudge: float) -> float:
    """dF/dbeta_nudge = loss"""
    return float(e @ e / 2)


by_the_nudge.right(lambda e, nudge: 0.5 * np.sum(e**2))
by_the_nudge.right(lambda e, nudge: np.linalg.norm(e) ** 2 / 2)


@by_the_nudge.term("the loss")
def the_loss(e: Array) -> float:
    return float(e @ e / 2)


wrong = by_the_nudge.wrong
wrong("the 1/2 is missing: the loss is |e|^2 / 2.")(lambda e, nudge: e @ e)
wrong("this is beta_nudge * loss itself. Its slope by beta_nudge is asked for.")(
    lambda e, nudge: nudge * (e @ e) / 2
)
wrong("the sign is the wrong way round: F holds + beta_nudge * loss.")(
    lambda e, nudge: -(e @ e) / 2
)
wrong("the loss is half the *squared* length of e.")(lambda e, nudge: np.linalg.norm(e) / 2)
wrong("this is the length of e. The loss is half of its square.")(
    lambda e, nudge: np.linalg.norm(e)
)
wrong(
    "zero? It is the slope by the *voltages* that is zero at rest. The nudge itself stands in "
    "E + beta_nudge * loss too."
)(lambda e, nudge: 0.0 * (e @ e))
wrong("this is the mean over the outputs: the loss is their sum.")(
    lambda e, nudge: float(np.mean(e**2)) / 2
)
wrong("the error itself is added up, not its square.")(lambda e, nudge: float(e.sum()) / 2)
wrong("this is the sum of the sizes of the errors. The loss is half the sum of their squares.")(
    lambda e, nudge: float(np.abs(e).sum()) / 2
)
wrong("no division by the nudge: F is linear in the nudge where that itself stands.")(
    lambda e, nudge: e @ e / 2 / nudge
)
wrong("the slope of beta_nudge is 1: the nudge comes in no second time.")(
    lambda e, nudge: (1 + nudge) * (e @ e) / 2
)
wrong("beta_nudge is no square in F: no factor is left of it.")(
    lambda e, nudge: 2 * nudge * (e @ e) / 2
)
wrong("this is the loss of each output by itself: add them up.")(lambda e, nudge: e**2 / 2)


@T6.step(
    "T6.3",
    "the slope of F by a weight",
    left="dF_dW",
    claim=Gradient(of="F_of_W", by="W"),
    uses=(SYMMETRIC, AT_REST, VALLEY),
    needs=("T6.1",),
    because="the state of rest moves with the weight, but there E + beta_nudge * loss has no "
    "slope, so that only the weight itself counts",
    hints=(
        "If W changes a little, F changes in two ways: W stands in E, and the state of rest moves. "
        "What does a small move of that state change?",
        "Nothing, to first order: at rest the slope by each voltage is zero. So hold the state. "
        "W_l stands in one term of E alone, -r_l^T W_l r_{l-1}.",
        "-np.outer(r, r_below)",
    ),
)
def by_a_weight(r: Array, r_below: Array) -> Array:
    """dF/dW_l = -r_l r_{l-1}^T"""
    return -np.outer(r, r_below)


by_a_weight.right(lambda r, r_below: -r[:, None] * r_below)
by_a_weight.right(lambda r, r_below: -np.einsum("i,j->ij", r, r_below))
by_a_weight.right(lambda r, r_below: np.outer(-r, r_below))


@by_a_weight.term("the product of the two rates")
def product(r: Array, r_below: Array) -> Array:
    return np.outer(r, r_below)


wrong = by_a_weight.wrong
wrong(
    "the sign is the wrong way round: E holds -r_l^T W_l r_{l-1}. (Plain Hebb, r_l r_{l-1}^T, goes "
    "*down* F.)"
)(lambda r, r_below: np.outer(r, r_below))
wrong("no 1/2: W stands in one term of E, and there is no half before that.")(
    lambda r, r_below: -np.outer(r, r_below) / 2
)
wrong("no 2: activity takes the weight in both directions, but it stands in one term of E, once.")(
    lambda r, r_below: -2 * np.outer(r, r_below)
)
wrong(
    "zero? It is the slope by the *voltages* that is zero at rest. W itself stands in E too, or "
    "nothing could be learned."
)(lambda r, r_below: 0 * np.outer(r, r_below))
wrong(
    "this is the slope by the bias, the same for every weight of a neuron. A weight counts with "
    "the rate below it, too."
)(lambda r, r_below: -np.outer(r, np.ones_like(r_below)))
wrong("the rates of this layer are missing: a weight counts with the rates at both of its ends.")(
    lambda r, r_below: -np.outer(np.ones_like(r), r_below)
)
wrong("the rates below count, not their squares.")(lambda r, r_below: -np.outer(r, r_below**2))
wrong("the rates of this layer count, not their squares.")(
    lambda r, r_below: -np.outer(r**2, r_below)
)
wrong("the rates count with their signs.")(lambda r, r_below: -np.abs(np.outer(r, r_below)))
wrong(
    "only the mean rate of the layer below is left. Each weight counts with the rate of its own "
    "neuron below."
)(lambda r, r_below: -np.outer(r, np.full_like(r_below, r_below.mean())))
wrong("there is a slope too many, 1 - r^2: with the state held, W changes no rate.")(
    lambda r, r_below: -np.outer((1 - r**2) * r, r_below)
)

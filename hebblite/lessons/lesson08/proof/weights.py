"""Steps T7.3 and T7.4: how the energy changes with the weights, and how that at rest does."""

from __future__ import annotations

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Gradient
from .statement import END, T7

Array = np.ndarray


@T7.step(
    "T7.3",
    "the slope of the energy by the weights, with all voltages held",
    left="dF_dW",
    claim=Gradient(of="F_of_W", by="W"),
    uses=(),
    because="with the voltages held, W_l stands in eps_l alone",
    hints=(
        "Which of the errors change if W changes and no voltage does?",
        "Only eps = v - W r_below - beta. The slope of 1/2 eps_i^2 by the weight from j to i is "
        "eps_i times the slope of eps_i.",
        "-np.outer(eps, r_below)",
    ),
)
def slope_by_weights(eps: Array, r_below: Array, D: Array) -> Array:
    """dF/dW_l = -eps_l r_{l-1}^T, voltages held"""
    return -np.outer(eps, r_below)


slope_by_weights.right(lambda eps, r_below, D: -eps[:, None] * r_below)
slope_by_weights.right(lambda eps, r_below, D: -np.einsum("i,j->ij", eps, r_below))

#: What goes wrong in T7.3, and in T7.4 in just the same way.
SLIPS: tuple[tuple[str, Answer], ...] = (
    (
        "the sign is the wrong way round: W r_below stands in the error with a minus. You wrote "
        "the *update*, which goes against the slope.",
        lambda eps, r, D: np.outer(eps, r),
    ),
    (
        "no slope phi' of this layer is needed: an error is a difference of voltages, and what "
        "predicts them is linear in W.",
        lambda eps, r, D: -np.outer(D * eps, r),
    ),
    (
        "the 2 of the square and the 1/2 of F cancel: no factor is left.",
        lambda eps, r, D: -np.outer(eps, r) / 2,
    ),
    (
        "the 2 of the square and the 1/2 of F cancel: no factor is left.",
        lambda eps, r, D: -2 * np.outer(eps, r),
    ),
    (
        "this looks only at the size of the error, not at its sign.",
        lambda eps, r, D: -np.outer(np.abs(eps), r),
    ),
    (
        "this is the slope by the bias, the same for every weight of a neuron. A weight counts "
        "with the rate that it carries.",
        lambda eps, r, D: -np.outer(eps, np.ones_like(r)),
    ),
    ("the rates below count, not their squares.", lambda eps, r, D: -np.outer(eps, r**2)),
    (
        "the error itself counts, not its square: a square loses the sign.",
        lambda eps, r, D: -np.outer(eps**2, r),
    ),
    (
        "the error is missing: this is the slope of the error by W, and not that of its square.",
        lambda eps, r, D: -np.outer(np.ones_like(eps), r),
    ),
)


def _held(slip: Answer) -> Answer:
    return lambda eps, r_below, D: slip(eps, r_below, D)


def _at_the_end(slip: Answer) -> Answer:
    return lambda eps_end, r_end_below, D_end: slip(eps_end, r_end_below, D_end)


for message, slip in SLIPS:
    slope_by_weights.wrong(message)(_held(slip))


@slope_by_weights.term("the product of error and rate below")
def product(eps: Array, r_below: Array) -> Array:
    return np.outer(eps, r_below)


@T7.step(
    "T7.4",
    "the slope by the weights when inference runs anew for each",
    left="dF_end_dW",
    claim=Gradient(of="F_end_of_W", by="W"),
    uses=(END,),
    needs=("T7.1", "T7.3"),
    because="the voltages move too, but at rest F has no slope there, so that only W itself counts",
    hints=(
        "If W changes, the energy at the end changes in two ways: W stands in an error, and "
        "inference ends at other voltages. By T7.1, what does a small move of the voltages change "
        "at rest?",
        "Nothing, to first order: there dF/dv = 0. What is left is the slope with the voltages "
        "held, -eps_l r_{l-1}^T (step T7.3).",
        "-np.outer(eps_end, r_end_below)",
    ),
)
def envelope(eps_end: Array, r_end_below: Array, D_end: Array) -> Array:
    """dF*/dW_l = -eps_l r_{l-1}^T at rest: the envelope theorem"""
    return -np.outer(eps_end, r_end_below)


envelope.right(lambda eps_end, r_end_below, D_end: -eps_end[:, None] * r_end_below[None, :])
envelope.right(lambda eps_end, r_end_below, D_end: np.einsum("i,j->ij", -eps_end, r_end_below))

for message, slip in SLIPS:
    envelope.wrong(message)(_at_the_end(slip))


@envelope.wrong(
    "zero? It is the slope by the *voltages* that is zero at rest. That by the weights is not, or "
    "nothing could be learned."
)
def nothing(eps_end: Array, r_end_below: Array, D_end: Array) -> Array:
    return 0 * np.outer(eps_end, r_end_below)


@envelope.term("the product of error and rate below")
def product_at_rest(eps_end: Array, r_end_below: Array) -> Array:
    return np.outer(eps_end, r_end_below)

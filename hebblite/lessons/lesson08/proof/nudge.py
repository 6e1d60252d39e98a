"""Step T7.7: the output is nudged weakly, instead of clamped."""

from __future__ import annotations

import numpy as np

from ....teaching.proofs import Tends
from .statement import END, T7, WEAK

Array = np.ndarray


@T7.step(
    "T7.7",
    "updates of a nudged output, divided by the nudge, are nearly backprop's",
    left="dW_over_beta",
    claim=Tends(1),
    uses=(END, WEAK),
    needs=("T7.2",),
    because="the error of the output is beta times that of the task; it comes down by the "
    "recursion of backprop, with slopes and rates that hardly differ from those of the free state",
    hints=(
        "A nudged output goes down F + beta C with C = 1/2 |target - v_L|^2. At rest, how large is "
        "its prediction error?",
        "It is beta (target - v_L), nearly beta e. By T7.2 it comes down through all layers, and "
        "J.T is the product of all their weights and slopes.",
        "The error here is beta J.T @ e, and the error-based update is its outer product with the "
        "rates below. Divide by beta: np.outer(J.T @ e, r_free_below).",
    ),
)
def weakly_nudged(J: Array, e: Array, r_free_below: Array) -> Array:
    """Update / beta -> J_l^T e r_{l-1}^T, minus the gradient of C, as beta -> 0"""
    return np.outer(J.T @ e, r_free_below)


weakly_nudged.right(lambda J, e, r_free_below: (e @ J)[:, None] * r_free_below)
weakly_nudged.right(lambda J, e, r_free_below: J.T @ np.outer(e, r_free_below))
weakly_nudged.right(lambda J, e, r_free_below: np.einsum("ki,k,j->ij", J, e, r_free_below))


@weakly_nudged.term("backprop's update")
def backprop(J: Array, e: Array, r_free_below: Array) -> Array:
    return np.outer(J.T @ e, r_free_below)


weakly_nudged.wrong(
    "this is the gradient: an update goes against it. The error is target minus prediction, the "
    "way to go."
)(lambda J, e, r_free_below: -np.outer(J.T @ e, r_free_below))

weakly_nudged.wrong("the 2 of the square and the 1/2 of C cancel: no factor is left.")(
    lambda J, e, r_free_below: 2 * np.outer(J.T @ e, r_free_below)
)

weakly_nudged.wrong("the 2 of the square and the 1/2 of C cancel: no factor is left.")(
    lambda J, e, r_free_below: np.outer(J.T @ e, r_free_below) / 2
)

weakly_nudged.wrong(
    "the Jacobian is missing: the error of the output comes down to this layer through J.T."
)(lambda J, e, r_free_below: np.outer(np.resize(e, J.shape[1]), r_free_below))

weakly_nudged.wrong(
    "the error is missing: this is what comes down if every output has the error 1."
)(lambda J, e, r_free_below: np.outer(J.sum(axis=0), r_free_below))

weakly_nudged.wrong(
    "this is the update of the bias, the same for every weight of a neuron. A weight counts with "
    "the rate that it carries."
)(lambda J, e, r_free_below: np.outer(J.T @ e, np.ones_like(r_free_below)))

weakly_nudged.wrong(
    "this divides the error by J. That is what it would take to put the output *right* from this "
    "layer alone; a weak nudge asks for much less."
)(lambda J, e, r_free_below: np.outer(np.linalg.pinv(J) @ e, r_free_below))

weakly_nudged.wrong("the rates below count, not their squares.")(
    lambda J, e, r_free_below: np.outer(J.T @ e, r_free_below**2)
)

weakly_nudged.wrong("this looks only at the size of the error, not at its sign.")(
    lambda J, e, r_free_below: np.outer(J.T @ np.abs(e), r_free_below)
)

weakly_nudged.wrong(
    "J comes in once: on the way down. The way up is in the error of the output already."
)(lambda J, e, r_free_below: np.outer(J.T @ J @ J.T @ e, r_free_below))

weakly_nudged.wrong("zero? The update itself tends to zero with beta, but it was divided by beta.")(
    lambda J, e, r_free_below: 0 * np.outer(J.T @ e, r_free_below)
)

weakly_nudged.wrong(
    "the update is transposed: rows belong to this layer, columns to the one below."
)(
    lambda J, e, r_free_below: np.resize(
        np.outer(r_free_below, J.T @ e), (J.shape[1], len(r_free_below))
    )
)

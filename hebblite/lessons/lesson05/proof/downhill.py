"""Steps T3.5 and T3.6: P_l is at least the identity, and what that means for the weights."""

from __future__ import annotations

import numpy as np

from ....teaching.proofs import Bound, Order
from .fitting import fit
from .statement import ALIGNED, END, ONE, START, T3, WEAK

Array = np.ndarray


@T3.step(
    "T3.5",
    "no eigenvalue below 1",
    left="zPz",
    claim=Bound("lower", near=1e-6),
    needs=("T3.4",),
    because="z^T P z = |z|^2 + (A^T z)^T P_{l-1} (A^T z) with A = W D, and P_{l-1} is positive by "
    "induction",
    hints=(
        "Put P = I + A P_below A^T between z^T and z, and multiply out.",
        "The second term is w^T P_below w with w = A^T z. What sign has it?",
        "Leave the second term out: what remains of z^T I z?",
    ),
)
def at_least_one(z: Array) -> Array:
    """z^T P_l z >= |z|^2"""
    return np.asarray(z @ z)


@at_least_one.term("the length of z, squared")
def squared_length(z: Array) -> Array:
    return np.asarray(z @ z)


at_least_one.right(lambda z: np.sum(z**2))
at_least_one.right(lambda z: np.linalg.norm(z) ** 2)
at_least_one.right(lambda z: np.einsum("i,i->", z, z))

at_least_one.wrong("a root too many: the bound is the *square* of the length of z.")(
    lambda z: np.linalg.norm(z)
)
at_least_one.wrong(
    "0 is a true bound, and not the best one. Multiply z^T (I + A P A^T) z out, and leave out only "
    "the second term."
)(lambda z: 0.0 * np.sum(z))
at_least_one.wrong(
    "this counts the entries of z. The quadratic form of the identity is the sum of their squares."
)(lambda z: float(len(z)))
at_least_one.wrong("the identity counts once: |z|^2, not twice that.")(lambda z: 2 * (z @ z))
at_least_one.wrong(
    "half of |z|^2 is a true bound, but not the best one: z^T I z is |z|^2 in full."
)(lambda z: z @ z / 2)
at_least_one.wrong("the sign is the wrong way round: a sum of squares is not negative.")(
    lambda z: -(z @ z)
)
at_least_one.wrong("this is the square of the sum. The sum of the squares is meant: z @ z.")(
    lambda z: np.sum(z) ** 2
)
at_least_one.wrong("these are the entries without their squares: z^T I z is z @ z.")(
    lambda z: np.sum(z)
)
at_least_one.wrong("these are absolute values. z^T I z sums up squares.")(
    lambda z: np.sum(np.abs(z))
)
at_least_one.wrong("this is the mean of the squares: their sum is meant.")(lambda z: np.mean(z**2))
at_least_one.wrong(
    "this is the largest square. It is a true bound, but not the best one: all squares add up."
)(lambda z: np.max(z**2))
at_least_one.wrong("a power too many: |z| to the fourth. z^T I z is |z|^2.")(lambda z: (z @ z) ** 2)
at_least_one.wrong(
    "1 is the least eigenvalue. The quadratic form of z is at least that *times* |z|^2."
)(lambda z: 1.0 + 0.0 * np.sum(z))


@T3.step(
    "T3.6",
    "from voltages to the update",
    left="dW",
    claim=Order(2),
    uses=(ONE, START, END, WEAK, ALIGNED),
    needs=("T3.4",),
    because="the rates below move by O(k_p) only, so the update is P_l a_l times the rates below, "
    "with a_l = k_p J_l^T e",
    hints=(
        "DH on voltages adds up dv_l r_{l-1}^T. The rates below hardly move: which ones are they?",
        "The voltages change by P_l a_l, and a_l = J_l^T u with u = k_p e.",
        "The update has the shape (n, m): np.outer(P a, r_below) with a = k_p J^T e.",
    ),
)
def the_update(k_p: float, P: Array, J: Array, e: Array, r_below: Array) -> Array:
    """DW_l = k_p P_l J_l^T e r_{l-1}^T + O(k_p^2)"""
    return k_p * np.outer(P @ (J.T @ e), r_below)


@the_update.term("minus the gradient, times the gain")
def backprop(k_p: float, J: Array, e: Array, r_below: Array) -> Array:
    return k_p * np.outer(J.T @ e, r_below)


@the_update.term("P times minus the gradient, times the gain")
def preconditioned(k_p: float, P: Array, J: Array, e: Array, r_below: Array) -> Array:
    return k_p * np.outer(P @ (J.T @ e), r_below)


the_update.right(lambda k_p, P, J, e, r_below: (P @ (k_p * (e @ J)))[:, None] * r_below[None, :])
the_update.right(lambda k_p, P, J, e, r_below: k_p * P @ np.outer(e @ J, r_below))
the_update.right(lambda k_p, P, J, e, r_below: np.einsum("ik,ok,o,j->ij", k_p * P, J, e, r_below))

the_update.wrong(
    "this is the update of backprop, times the gain. The voltages change by P a, not by a: what is "
    "handed up is missing."
)(lambda k_p, P, J, e, r_below: k_p * np.outer(J.T @ e, r_below))

the_update.wrong("the gain is missing: the controller sends k_p e, not e.")(
    lambda k_p, P, J, e, r_below: np.outer(P @ (J.T @ e), r_below)
)

the_update.wrong("the gain and P are missing: this is minus the gradient alone.")(
    lambda k_p, P, J, e, r_below: np.outer(J.T @ e, r_below)
)

the_update.wrong(
    "the sign is the wrong way round. An update is *added* to the weights, and the error is target "
    "minus prediction."
)(lambda k_p, P, J, e, r_below: -k_p * np.outer(P @ (J.T @ e), r_below))

the_update.wrong(
    "J is not transposed: it leads from this layer to the output, and the error comes back."
)(lambda k_p, P, J, e, r_below: k_p * np.outer(P @ fit(J @ fit(e, J.shape[1]), len(P)), r_below))

the_update.wrong("the update is transposed: rows belong to this layer, columns to the one below.")(
    lambda k_p, P, J, e, r_below: k_p * fit(np.outer(r_below, P @ (J.T @ e)), len(P), len(r_below))
)

the_update.wrong("P comes in twice: the voltages change by P a.")(
    lambda k_p, P, J, e, r_below: k_p * np.outer(P @ P @ (J.T @ e), r_below)
)

the_update.wrong("P is inverted: the voltages change by P *times* a.")(
    lambda k_p, P, J, e, r_below: k_p * np.outer(np.linalg.inv(P) @ (J.T @ e), r_below)
)

the_update.wrong("you divide by the gain: a stronger controller moves the voltages further.")(
    lambda k_p, P, J, e, r_below: np.outer(P @ (J.T @ e), r_below) / k_p
)

the_update.wrong("the gain comes in twice: u = k_p e.")(
    lambda k_p, P, J, e, r_below: k_p**2 * np.outer(P @ (J.T @ e), r_below)
)

the_update.wrong("the gain is halved or doubled: u = k_p e, once.")(
    lambda k_p, P, J, e, r_below: 2 * k_p * np.outer(P @ (J.T @ e), r_below)
)

the_update.wrong("the error is missing: this is what comes down if every output has the error 1.")(
    lambda k_p, P, J, e, r_below: k_p * np.outer(P @ J.sum(axis=0), r_below)
)

the_update.wrong("the Jacobian is missing: the error comes down to this layer through J.T.")(
    lambda k_p, P, J, e, r_below: k_p * np.outer(P @ fit(e, len(P)), r_below)
)

the_update.wrong(
    "the rates below are missing: a synapse multiplies the change of its neuron by the rate that "
    "comes in."
)(lambda k_p, P, J, e, r_below: k_p * np.outer(P @ (J.T @ e), np.ones(len(r_below))))

the_update.wrong(
    "* with P multiplies entry by entry, so only the diagonal of P counts. A product of matrices "
    "is @."
)(lambda k_p, P, J, e, r_below: k_p * np.outer(np.diag(P) * (J.T @ e), r_below))

"""Steps T5.3 and T5.4: several eigenvalues, and the feedback that leaves only one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Bound, Exact
from .statement import SYMMETRIC, T5

Array = np.ndarray


@T5.step(
    "T5.3",
    "no loop is quicker than its largest eigenvalue",
    left="t_sym",
    claim=Bound("lower"),
    uses=(SYMMETRIC,),
    needs=("T5.1", "T5.2"),
    because="no part of the error along an eigenvector falls sooner than that of lambda_max",
    hints=(
        "In the eigenbasis of JQ each part of the error falls by itself. Which one is quickest?",
        "If all of the error lay along the quickest eigenvector, step T5.2 would tell the latency.",
        "Step T5.2 with np.linalg.eigvalsh(JQ)[-1], the largest eigenvalue, in the place of lam.",
    ),
)
def at_least(e_0: Array, e_tol: float, JQ: Array, k_i: float, tau_u: float) -> float:
    """t_lat >= tau_u / (k_i lambda_max) * ln(|e_0| / e_tol)"""
    most = np.linalg.eigvalsh(JQ)[-1]
    return float(tau_u / (k_i * most) * np.log(np.linalg.norm(e_0) / e_tol))


def _with(
    make: Callable[[Array], float],
    fall: Callable[[float, float], float] = lambda size, e_tol: float(np.log(size / e_tol)),
    unit: Callable[[float, float, float], float] = lambda lam, k_i, tau_u: tau_u / (k_i * lam),
) -> Answer:
    """The step with another number in the place of the largest eigenvalue, or another time."""
    return lambda e_0, e_tol, JQ, k_i, tau_u: (
        unit(make(JQ), k_i, tau_u) * fall(float(np.linalg.norm(e_0)), e_tol)
    )


def _most(JQ: Array) -> float:
    return float(np.linalg.eigvalsh(JQ)[-1])


at_least.right(_with(lambda JQ: float(np.linalg.eigh(JQ)[0].max())))
at_least.right(_with(lambda JQ: float(np.linalg.norm(JQ, 2))))
at_least.right(lambda e_0, e_tol, JQ, k_i, tau_u: (
    np.log((e_0 @ e_0) / e_tol**2) * tau_u / (2 * k_i * np.max(np.linalg.eigvals(JQ).real))
))  # fmt: skip


@at_least.term("what the first error takes")
def of_the_first_error(e_0: Array, JQ: Array, k_i: float, tau_u: float) -> float:
    return float(tau_u / (k_i * _most(JQ)) * np.log(np.linalg.norm(e_0)))


@at_least.term("what the tolerance spares")
def of_the_tolerance(e_tol: float, JQ: Array, k_i: float, tau_u: float) -> float:
    return float(-tau_u / (k_i * _most(JQ)) * np.log(e_tol))


wrong = at_least.wrong
wrong("this is the *upper* bound: with the smallest eigenvalue it takes longest.")(
    _with(lambda JQ: float(np.linalg.eigvalsh(JQ)[0]))
)
wrong(
    "with the mean of the eigenvalues it is no bound: the error may lie along the quickest part."
)(_with(lambda JQ: float(np.trace(JQ) / len(JQ))))
wrong(
    "this is true, since the sum of the eigenvalues is larger than the largest, but nothing "
    "attains it."
)(_with(lambda JQ: float(np.trace(JQ))))
wrong(
    "this is true, since the norm of all entries is larger than the largest eigenvalue, but "
    "nothing attains it."
)(_with(lambda JQ: float(np.linalg.norm(JQ))))
wrong("this is true, but nothing attains it: the largest sum of a row is above the eigenvalues.")(
    _with(lambda JQ: float(np.abs(JQ).sum(axis=1).max()))
)
wrong("you read the diagonal, or the largest entry. The bound is about the eigenvalues.")(
    _with(lambda JQ: float(np.diag(JQ).max()))
)
wrong("you read one entry of the loop. The bound is about the eigenvalues.")(
    _with(lambda JQ: float(JQ[0, 0]))
)
wrong("this is the product of the eigenvalues, the determinant.")(
    _with(lambda JQ: float(np.linalg.det(JQ)))
)
wrong("eigvalsh sorts upwards: the largest eigenvalue is at index -1, the second largest at -2.")(
    _with(lambda JQ: float(np.linalg.eigvalsh(JQ)[-2]))
)
wrong("you take the root of the eigenvalue: it stands as it is.")(
    _with(lambda JQ: float(np.sqrt(_most(JQ))))
)
wrong("it is negative: the logarithm is of |e_0| / e_tol, which is above 1.")(
    _with(_most, lambda size, e_tol: float(np.log(e_tol / size)))
)
wrong("the logarithm is missing: the error falls exponentially.")(
    _with(_most, lambda size, e_tol: size / e_tol)
)
wrong("the tolerance is missing under the logarithm.")(
    _with(_most, lambda size, e_tol: float(np.log(size)))
)
wrong("this is the logarithm of |e_0| e_tol: a small tolerance takes longer.")(
    _with(_most, lambda size, e_tol: float(np.log(size * e_tol)))
)
wrong("|e_0|² stands beside e_tol: compare sizes with sizes.")(
    _with(_most, lambda size, e_tol: float(np.log(size**2 / e_tol)))
)
wrong("1 is added under the logarithm: |e_0| / e_tol stands there alone.")(
    _with(_most, lambda size, e_tol: float(np.log1p(size / e_tol)))
)
wrong("this is the logarithm to another base: np.log is the natural one.")(
    _with(_most, lambda size, e_tol: float(np.log2(size / e_tol)))
)
wrong("this is true, but half of the bound: nothing attains it.")(
    _with(_most, lambda size, e_tol: float(np.log(size / e_tol)) / 2)
)
wrong("this is true, but less than the bound: np.log10 is less than half of np.log.")(
    _with(_most, lambda size, e_tol: float(np.log10(size / e_tol)))
)
wrong("this is twice the bound, and loops that are quicker are easily found.")(
    _with(_most, lambda size, e_tol: 2 * float(np.log(size / e_tol)))
)
wrong("the eigenvalue multiplies: a strong loop is quick, so it divides.")(
    _with(_most, unit=lambda lam, k_i, tau_u: tau_u * lam / k_i)
)
wrong("this is the rate in the place of the time: turn k_i lambda / tau_u upside down.")(
    _with(_most, unit=lambda lam, k_i, tau_u: k_i * lam / tau_u)
)
wrong("k_i is missing, or multiplies: it divides.")(
    _with(_most, unit=lambda lam, k_i, tau_u: tau_u / lam)
)
wrong("k_i multiplies: more gain makes it quicker, so it divides.")(
    _with(_most, unit=lambda lam, k_i, tau_u: tau_u * k_i / lam)
)
wrong("tau_u is missing.")(_with(_most, unit=lambda lam, k_i, tau_u: 1 / (k_i * lam)))
wrong("tau_u divides: a slow controller takes longer, so it multiplies.")(
    _with(_most, unit=lambda lam, k_i, tau_u: 1 / (k_i * lam * tau_u))
)
wrong(
    "eigvalsh sorts upwards: the largest eigenvalue is at index -1. Index 1 is the second smallest."
)(_with(lambda JQ: float(np.linalg.eigvalsh(JQ)[1])))
wrong("you divide by the logarithm: multiply, since the logarithm says how many units it takes.")(
    _with(_most, lambda size, e_tol: 1 / float(np.log(size / e_tol)))
)
wrong("tau_u is multiplied by k_i and the eigenvalue: it is *divided* by both.")(
    _with(_most, unit=lambda lam, k_i, tau_u: tau_u * k_i * lam)
)
wrong("// rounds down to whole numbers: divide with /.")(
    _with(_most, unit=lambda lam, k_i, tau_u: tau_u // (k_i * lam))
)
wrong("// rounds down to whole numbers: divide |e_0| by e_tol with /.")(
    _with(_most, lambda size, e_tol: float(np.log(size // e_tol)))
)


@T5.step(
    "T5.4",
    "the least push that moves the output by u",
    left="a",
    claim=Exact(),
    uses=(),
    because="a part of a that J does not see would be wasted, so a = J.T z, and J a = u says what "
    "z is",
    hints=(
        "Which a with J a = u is the shortest? A part that J does not see would be wasted, so a is "
        "J.T times some vector of the size of the output.",
        "Put a = J.T z into J a = u: then (J J.T) z = u.",
        "J.T @ np.linalg.solve(J @ J.T, u)",
    ),
)
def least_push(J: Array, u: Array) -> Array:
    """a = J^T (J J^T)^-1 u"""
    return np.asarray(J.T @ np.linalg.solve(J @ J.T, u))


least_push.right(lambda J, u: np.linalg.pinv(J) @ u)
least_push.right(lambda J, u: J.T @ np.linalg.inv(J @ J.T) @ u)
least_push.right(lambda J, u: np.linalg.lstsq(J, u, rcond=None)[0])


@least_push.term("the transposed Jacobian's push")
def transposed(J: Array, u: Array) -> Array:
    return J.T @ u


wrong = least_push.wrong
wrong(
    "this is the transposed Jacobian's push. It moves the output by J J.T u: that is u in no "
    "direction but by luck."
)(lambda J, u: J.T @ u)
wrong("the loop is not inverted: J.T times the *inverse* of J J.T.")(
    lambda J, u: J.T @ (J @ J.T) @ u
)
wrong("1 / (J @ J.T) inverts every entry by itself: the inverse of a matrix is np.linalg.inv.")(
    lambda J, u: J.T @ (1 / (J @ J.T)) @ u
)
wrong("you divide by one number, the trace of J J.T. Every direction needs its own share.")(
    lambda J, u: J.T @ u / np.trace(J @ J.T)
)
wrong("you divide by the mean eigenvalue of J J.T. Every direction needs its own share.")(
    lambda J, u: J.T @ u * len(J) / np.trace(J @ J.T)
)
wrong("you divide by the largest eigenvalue of J J.T. Every direction needs its own share.")(
    lambda J, u: J.T @ u / np.linalg.eigvalsh(J @ J.T)[-1]
)
wrong("you keep the diagonal of J J.T alone: invert all of it.")(
    lambda J, u: J.T @ (u / np.diag(J @ J.T))
)
wrong("the sign is the wrong way round: this moves the output by -u.")(
    lambda J, u: -J.T @ np.linalg.solve(J @ J.T, u)
)
wrong("the inverse comes in twice: once is enough.")(
    lambda J, u: J.T @ np.linalg.solve(J @ J.T, np.linalg.solve(J @ J.T, u))
)
wrong("you add the identity before you invert. J J.T can be inverted as it is.")(
    lambda J, u: J.T @ np.linalg.solve(J @ J.T + np.eye(len(J)), u)
)
wrong(
    "the output layer does it all. That moves the output by u as well, but with a longer push: the "
    "layers below can help."
)(lambda J, u: np.concatenate([np.zeros(J.shape[1] - len(u)), u]))
wrong("you take the root of J J.T. Its inverse itself is needed.")(
    lambda J, u: J.T @ (_power(J @ J.T, -0.5) @ u)
)


def _power(M: Array, exponent: float) -> Array:
    values, V = np.linalg.eigh(M)
    return np.asarray(V * values**exponent @ V.T)

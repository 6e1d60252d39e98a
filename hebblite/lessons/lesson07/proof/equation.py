"""Steps T5.1 and T5.2: the equation of the loop, and how long it takes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Exact, Order
from .slips import add_slips, time_of
from .statement import ALONE, FAST, FIXED, ONE, SMALL, T5

Array = np.ndarray


@T5.step(
    "T5.1",
    "the equation of the loop",
    left="dedt",
    claim=Order(2),
    uses=(SMALL, FAST, ALONE, FIXED),
    because="e = e_0 - JQ u while neurons are at rest, and u grows at the rate (k_i / tau_u) e",
    hints=(
        "How does the output answer to u? The push Q u moves it by J Q u, so e = e_0 - J Q u.",
        "Only u changes on the right. With integral control alone, du/dt = (k_i / tau_u) e.",
        "-(k_i / tau_u) * J @ Q @ e: in which way does the error change?",
    ),
)
def equation_of_the_loop(J: Array, Q: Array, e: Array, k_i: float, tau_u: float) -> Array:
    """de/dt = -(k_i / tau_u) J Q e"""
    return -(k_i / tau_u) * (J @ Q @ e)


def _loop(make: Callable[[Array, Array], Array]) -> Answer:
    """The step with something else in the place of J Q e, made of JQ and e."""
    return lambda J, Q, e, k_i, tau_u: -(k_i / tau_u) * make(J @ Q, e)


def _rate(make: Callable[[float, float], float]) -> Answer:
    """The step with another factor, made of k_i and tau_u."""
    return lambda J, Q, e, k_i, tau_u: make(k_i, tau_u) * (J @ (Q @ e))


equation_of_the_loop.right(lambda J, Q, e, k_i, tau_u: J @ (Q @ (-k_i * e / tau_u)))
equation_of_the_loop.right(
    lambda J, Q, e, k_i, tau_u: -k_i / tau_u * np.einsum("ij,jk,k->i", J, Q, e)
)


@equation_of_the_loop.right
def push_by_push(J: Array, Q: Array, e: Array, k_i: float, tau_u: float) -> Array:
    dudt = k_i * e / tau_u
    moved = sum(J[:, i] * (Q[i] @ dudt) for i in range(len(Q)))
    return -np.asarray(moved)


@equation_of_the_loop.term("what the push does to the output")
def of_the_push(J: Array, Q: Array, e: Array, k_i: float, tau_u: float) -> Array:
    return k_i / tau_u * (J @ Q @ e)


@equation_of_the_loop.term("the error itself")
def of_the_error(e: Array, k_i: float, tau_u: float) -> Array:
    return k_i / tau_u * e


wrong = equation_of_the_loop.wrong
wrong("the sign is the wrong way round: a push in the direction of the error makes it smaller.")(
    _rate(lambda k_i, tau_u: k_i / tau_u)
)
wrong("k_i is missing: the integral grows at the rate k_i e / tau_u.")(
    _rate(lambda k_i, tau_u: -1 / tau_u)
)
wrong("tau_u is missing: the integral grows at the rate k_i e / tau_u.")(
    _rate(lambda k_i, tau_u: -k_i)
)
wrong("k_i and tau_u have changed places: a slow controller has a large tau_u.")(
    _rate(lambda k_i, tau_u: -tau_u / k_i)
)
wrong("tau_u multiplies: a slow controller has a large tau_u, and its error falls slowly.")(
    _rate(lambda k_i, tau_u: -k_i * tau_u)
)
wrong("k_i divides: more gain makes the error fall sooner.")(
    _rate(lambda k_i, tau_u: -1 / (k_i * tau_u))
)
wrong("k_i and tau_u are missing: the integral grows at the rate k_i e / tau_u.")(
    _rate(lambda k_i, tau_u: -1.0)
)
wrong(
    "you take the feedback to be the transposed Jacobian. Here Q is any feedback, so the loop is "
    "J @ Q."
)(lambda J, Q, e, k_i, tau_u: -(k_i / tau_u) * (J @ J.T @ e))
wrong("you use the feedback alone. What it does to the output is told by J: the loop is J @ Q.")(
    lambda J, Q, e, k_i, tau_u: -(k_i / tau_u) * (Q.T @ Q @ e)
)
wrong("the loop is missing: this would be so if the output followed u itself, JQ = 1.")(
    _loop(lambda JQ, e: e)
)
wrong("the loop is transposed: first Q takes u to the neurons, then J takes them to the output.")(
    _loop(lambda JQ, e: JQ.T @ e)
)
wrong("the loop is inverted. A strong loop makes the error change quickly, not slowly.")(
    _loop(lambda JQ, e: np.linalg.pinv(JQ) @ e)
)
wrong("you keep the diagonal of the loop alone. Its other entries mix the outputs.")(
    _loop(lambda JQ, e: np.diag(JQ) * e)
)
wrong("the error goes round the loop once, not twice.")(_loop(lambda JQ, e: JQ @ JQ @ e))
wrong("you take one number for the loop, its mean eigenvalue. Here JQ is any matrix.")(
    _loop(lambda JQ, e: np.trace(JQ) / len(JQ) * e)
)
wrong("* multiplies entry by entry: J @ Q @ e is a product of matrices.")(
    _loop(lambda JQ, e: (JQ * e).sum(axis=0))
)
wrong(
    "beside the loop stands the error once more. That is the proportional part of lesson 04's "
    "thermostat; here the neurons are always at rest."
)(_loop(lambda JQ, e: e + JQ @ e))
wrong("// rounds down to whole numbers: k_i / tau_u.")(_rate(lambda k_i, tau_u: -(k_i // tau_u)))
wrong("you divide by the loop: what the push does to the output multiplies the rate.")(
    _loop(lambda JQ, e: 1 / np.where(JQ @ e == 0, np.inf, JQ @ e))
)


@T5.step(
    "T5.2",
    "the latency with one eigenvalue",
    left="t_lat",
    claim=Exact(),
    uses=(ONE,),
    needs=("T5.1",),
    because="|e(t)| = |e_0| exp(-k_i lam t / tau_u), and the logarithm says when that is e_tol",
    hints=(
        "With JQ = lam I every part of the error obeys the same equation, "
        "de/dt = -(k_i lam / tau_u) e. How does its size fall?",
        "|e(t)| = |e_0| exp(-k_i lam t / tau_u). Set it to e_tol, and solve for t.",
        "np.log(np.linalg.norm(e_0) / e_tol), divided by the rate k_i * lam / tau_u.",
    ),
)
def latency(e_0: Array, e_tol: float, lam: float, k_i: float, tau_u: float) -> float:
    """t_lat = tau_u / (k_i lam) * ln(|e_0| / e_tol)"""
    return float(tau_u / (k_i * lam) * np.log(np.linalg.norm(e_0) / e_tol))


def logarithm(size: float, e_tol: float) -> float:
    return float(np.log(size / e_tol))


latency.right(lambda e_0, e_tol, lam, k_i, tau_u: (
    (np.log(np.linalg.norm(e_0)) - np.log(e_tol)) * tau_u / lam / k_i
))  # fmt: skip
latency.right(lambda e_0, e_tol, lam, k_i, tau_u: (
    -np.log(e_tol**2 / (e_0 @ e_0)) / (2 * k_i * lam / tau_u)
))  # fmt: skip
latency.right(lambda e_0, e_tol, lam, k_i, tau_u: (
    tau_u / (k_i * lam) * np.log(np.sqrt(np.sum(e_0**2)) / e_tol)
))  # fmt: skip


@latency.term("what the first error takes")
def of_the_first_error(e_0: Array, lam: float, k_i: float, tau_u: float) -> float:
    return float(tau_u / (k_i * lam) * np.log(np.linalg.norm(e_0)))


@latency.term("what the tolerance spares")
def of_the_tolerance(e_tol: float, lam: float, k_i: float, tau_u: float) -> float:
    return float(-tau_u / (k_i * lam) * np.log(e_tol))


add_slips(latency, logarithm)
wrong = latency.wrong
wrong("it is negative: the logarithm is of |e_0| / e_tol, which is above 1.")(
    time_of(lambda size, e_tol: float(np.log(e_tol / size)))
)
wrong("the logarithm is missing: the error falls exponentially, not along a straight line.")(
    time_of(lambda size, e_tol: size / e_tol)
)
wrong("the error does not fall at a constant rate: that is the bounded controller of T5.7.")(
    time_of(lambda size, e_tol: size - e_tol)
)
wrong("this is the logarithm to base 10: np.log is the natural one.")(
    time_of(lambda size, e_tol: float(np.log10(size / e_tol)))
)
wrong("this is the logarithm to base 2, a number of half-lives: np.log is the natural one.")(
    time_of(lambda size, e_tol: float(np.log2(size / e_tol)))
)
wrong("the tolerance is missing: this is the time until |e| = 1.")(
    time_of(lambda size, e_tol: float(np.log(size)))
)
wrong("the first error is missing: this is the time that an error of size 1 takes.")(
    time_of(lambda size, e_tol: -float(np.log(e_tol)))
)
wrong("e_tol multiplies: a small tolerance takes *longer*.")(
    time_of(lambda size, e_tol: float(np.log(size * e_tol)))
)
wrong("this is exp in the place of its inverse, the logarithm.")(
    time_of(lambda size, e_tol: float(np.exp(size / e_tol)))
)
wrong("1 is added under the logarithm: |e_0| / e_tol stands there alone.")(
    time_of(lambda size, e_tol: float(np.log1p(size / e_tol)))
)
wrong("this is twice as long: ln(|e_0|² / e_tol²) is *twice* ln(|e_0| / e_tol).")(
    time_of(lambda size, e_tol: 2 * float(np.log(size / e_tol)))
)
wrong("this is half as long: the rate of |e| is k_i lam / tau_u; twice that is the rate of |e|².")(
    time_of(lambda size, e_tol: float(np.log(size / e_tol)) / 2)
)
wrong("this is the rate in the place of the time: turn k_i lam / tau_u upside down.")(
    time_of(logarithm, unit=lambda lam, k_i, tau_u: k_i * lam / tau_u)
)
wrong("lam comes in as a square. Each part of the error falls at the rate k_i lam / tau_u.")(
    time_of(logarithm, unit=lambda lam, k_i, tau_u: tau_u / (k_i * lam**2))
)
wrong("k_i, lam and tau_u are missing: the rate at which the error falls.")(
    time_of(logarithm, unit=lambda lam, k_i, tau_u: 1.0)
)
wrong("under the logarithm stands |e_0|², beside e_tol: compare sizes with sizes.")(
    time_of(logarithm, size=lambda e: float(e @ e))
)
wrong("this is the mean of the parts of e_0. Its size is np.linalg.norm(e_0).")(
    time_of(logarithm, size=lambda e: float(np.abs(e).mean()))
)
wrong("you divide by the logarithm: multiply, since the logarithm says how many units it takes.")(
    time_of(lambda size, e_tol: 1 / float(np.log(size / e_tol)))
)
wrong("// rounds down to whole numbers: divide |e_0| by e_tol with /.")(
    time_of(lambda size, e_tol: float(np.log(size // e_tol)) if size >= e_tol else 0.0)
)


@latency.wrong(
    "e_0 is a vector, and a latency is one number: take its size, np.linalg.norm(e_0), before you "
    "divide by e_tol."
)
def of_each_output(e_0: Array, e_tol: float, lam: float, k_i: float, tau_u: float) -> Array:
    return np.asarray(tau_u / (k_i * lam) * np.log(np.abs(e_0) / e_tol))


@latency.wrong(
    "the logarithm of a negative number is no number, and e_0 is a vector. Take its size, "
    "np.linalg.norm(e_0), before you divide by e_tol."
)
def without_a_norm(e_0: Array, e_tol: float, lam: float, k_i: float, tau_u: float) -> Array:
    with np.errstate(invalid="ignore"):
        return np.asarray(tau_u / (k_i * lam) * np.log(e_0 / e_tol))

"""Step T5.7: the latency of a controller whose rate is bounded."""

from __future__ import annotations

import numpy as np

from ....teaching.proofs import Exact
from .slips import add_slips, time_of
from .statement import ONE, T5

Array = np.ndarray


@T5.step(
    "T5.7",
    "with a bounded rate the latency is linear in the error",
    left="t_bounded",
    claim=Exact(),
    uses=(ONE,),
    needs=("T5.1",),
    because="e / |e| has length 1, so |e| falls at the constant rate k_i lam / tau_u",
    hints=(
        "Now de/dt = -(k_i lam / tau_u) e / |e|. Which direction does the error move in, and how "
        "fast?",
        "e / |e| has length 1. So |e| falls by k_i lam / tau_u in every second, whatever it is.",
        "The way is |e_0| - e_tol. Divide it by the speed.",
    ),
)
def bounded(e_0: Array, e_tol: float, lam: float, k_i: float, tau_u: float) -> float:
    """t_lat = tau_u / (k_i lam) (|e_0| - e_tol)"""
    return float(tau_u / (k_i * lam) * (np.linalg.norm(e_0) - e_tol))


def difference(size: float, e_tol: float) -> float:
    return size - e_tol


bounded.right(lambda e_0, e_tol, lam, k_i, tau_u: (
    (np.sqrt(e_0 @ e_0) - e_tol) / (k_i * lam / tau_u)
))  # fmt: skip
bounded.right(lambda e_0, e_tol, lam, k_i, tau_u: (
    (1 - e_tol / np.linalg.norm(e_0)) * np.linalg.norm(e_0) * tau_u / lam / k_i
))  # fmt: skip


@bounded.term("the way down to 0")
def all_of_it(e_0: Array, lam: float, k_i: float, tau_u: float) -> float:
    return float(tau_u / (k_i * lam) * np.linalg.norm(e_0))


@bounded.term("what the tolerance spares")
def of_the_tolerance(e_tol: float, lam: float, k_i: float, tau_u: float) -> float:
    return -tau_u / (k_i * lam) * e_tol


add_slips(bounded, difference)
wrong = bounded.wrong
wrong("this is the latency of T5.2. With a bounded rate the error falls at a constant speed.")(
    time_of(lambda size, e_tol: float(np.log(size / e_tol)))
)
wrong("it is negative: the way is from |e_0| down to e_tol.")(
    time_of(lambda size, e_tol: e_tol - size)
)
wrong("the tolerance is missing: this is the time until the error is 0.")(
    time_of(lambda size, e_tol: size)
)
wrong("the first error is missing: the way is |e_0| - e_tol.")(time_of(lambda size, e_tol: e_tol))
wrong("the tolerance is added: the error only has to fall *to* it.")(
    time_of(lambda size, e_tol: size + e_tol)
)
wrong("the tolerance divides. With a constant speed the way is a difference, |e_0| - e_tol.")(
    time_of(lambda size, e_tol: size / e_tol)
)
wrong("the tolerance multiplies. With a constant speed the way is a difference, |e_0| - e_tol.")(
    time_of(lambda size, e_tol: size * e_tol)
)
wrong("only the error is divided by the speed: the bracket around |e_0| - e_tol is missing.")(
    lambda e_0, e_tol, lam, k_i, tau_u: tau_u / (k_i * lam) * np.linalg.norm(e_0) - e_tol
)
wrong("this is twice as long.")(time_of(lambda size, e_tol: 2 * (size - e_tol)))
wrong("this is half as long: |e| falls at the speed k_i lam / tau_u, and so does not |e|²/2.")(
    time_of(lambda size, e_tol: (size - e_tol) / 2)
)
wrong("these are squares: the speed is that of |e| itself.")(
    time_of(lambda size, e_tol: size**2 - e_tol**2)
)
wrong("you multiply by the speed: a way divided by a speed is a time.")(
    time_of(difference, unit=lambda lam, k_i, tau_u: k_i * lam / tau_u)
)
wrong("k_i, lam and tau_u are missing: the speed at which the error falls.")(
    time_of(difference, unit=lambda lam, k_i, tau_u: 1.0)
)
wrong("this is |e_0|², beside e_tol. The size of the error is its root, np.linalg.norm(e_0).")(
    time_of(difference, size=lambda e: float(e @ e))
)
wrong("you divide by the way: a longer way takes longer.")(
    time_of(lambda size, e_tol: 1 / (size - e_tol))
)

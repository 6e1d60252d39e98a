"""Steps T5.5 and T5.6: how the latency depends on the weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Gradient
from .statement import GAUSS_NEWTON, ONE, T5

Array = np.ndarray


@T5.step(
    "T5.5",
    "with Gauss-Newton feedback both gradients point one way",
    left="dt_gauss",
    claim=Gradient(of="latency_gauss", by="W"),
    uses=(GAUSS_NEWTON,),
    needs=("T5.2", "T5.4"),
    because="lam is 1 for all weights, so only |e_0| changes, and ln |e_0| changes by dL / |e_0|²",
    hints=(
        "With lam = 1 the latency is tau_u / k_i * ln(|e_0| / e_tol). Only |e_0| depends on W.",
        "ln |e_0| is half of ln |e_0|², and |e_0|² is twice the loss.",
        "The slope of ln is one over its argument: d ln |e_0| = dL / |e_0|², with |e_0|² = "
        "e_0 @ e_0.",
    ),
)
def one_way(dL: Array, e_0: Array, k_i: float, tau_u: float) -> Array:
    """dt_lat/dW = tau_u / (k_i |e_0|^2) dL/dW"""
    return tau_u / (k_i * (e_0 @ e_0)) * dL


def _times(make: Callable[[Array, float, float], float]) -> Answer:
    """The step with another factor before dL, made of e_0, k_i and tau_u."""
    return lambda dL, e_0, k_i, tau_u: make(e_0, k_i, tau_u) * dL


one_way.right(_times(lambda e, k_i, tau_u: tau_u / k_i / float(np.linalg.norm(e)) ** 2))
one_way.right(_times(lambda e, k_i, tau_u: tau_u / (k_i * float(np.sum(e**2)))))


@one_way.right
def by_the_chain_rule(dL: Array, e_0: Array, k_i: float, tau_u: float) -> Array:
    size = np.linalg.norm(e_0)
    dsize = dL / size
    return np.asarray(tau_u / k_i * dsize / size)


@one_way.term("the slope through the error")
def through_error(dL: Array, e_0: Array, k_i: float, tau_u: float) -> Array:
    return tau_u / (k_i * (e_0 @ e_0)) * dL


wrong = one_way.wrong
wrong(
    "this is the *update*, minus the gradient. The latency grows with the loss, so its gradient "
    "has the same sign."
)(_times(lambda e, k_i, tau_u: -tau_u / (k_i * (e @ e))))
wrong("|e_0| is to be squared: one from the slope of ln, one from d|e_0| = dL / |e_0|.")(
    _times(lambda e, k_i, tau_u: tau_u / (k_i * float(np.linalg.norm(e))))
)
wrong("|e_0|² is missing: the slope of ln is one over its argument.")(
    _times(lambda e, k_i, tau_u: tau_u / k_i)
)
wrong("|e_0|² multiplies: the slope of ln is *one over* its argument.")(
    _times(lambda e, k_i, tau_u: tau_u / k_i * (e @ e))
)
wrong("this is twice the gradient: ln |e_0|² = 2 ln |e_0|, and dL is half of d|e_0|².")(
    _times(lambda e, k_i, tau_u: 2 * tau_u / (k_i * (e @ e)))
)
wrong("this is half of the gradient: d|e_0|² is *twice* dL.")(
    _times(lambda e, k_i, tau_u: tau_u / (2 * k_i * (e @ e)))
)
wrong("k_i is missing.")(_times(lambda e, k_i, tau_u: tau_u / (e @ e)))
wrong("k_i multiplies: more gain makes all latencies shorter, so it divides.")(
    _times(lambda e, k_i, tau_u: tau_u * k_i / (e @ e))
)
wrong("tau_u is missing.")(_times(lambda e, k_i, tau_u: 1 / (k_i * (e @ e))))
wrong("tau_u divides: a slow controller makes all latencies longer, so it multiplies.")(
    _times(lambda e, k_i, tau_u: 1 / (k_i * tau_u * (e @ e)))
)
wrong("k_i and tau_u have changed places.")(_times(lambda e, k_i, tau_u: k_i / (tau_u * (e @ e))))
wrong("tau_u and k_i are missing: the gradient is a number of seconds for each weight.")(
    _times(lambda e, k_i, tau_u: 1 / (e @ e))
)
wrong("this is the gradient of the loss. That of the latency points the same way, but is shorter.")(
    _times(lambda e, k_i, tau_u: 1.0)
)
wrong("the error stands there with its third power: |e_0|² is enough.")(
    _times(lambda e, k_i, tau_u: tau_u / (k_i * float(np.linalg.norm(e)) ** 3))
)
wrong("the sum of the parts of e_0, squared, is not |e_0|²: e_0 @ e_0 is.")(
    _times(lambda e, k_i, tau_u: tau_u / (k_i * float(e.sum()) ** 2))
)
wrong("the mean of the squares of e_0 is not |e_0|²: sum them.")(
    _times(lambda e, k_i, tau_u: tau_u / (k_i * float((e * e).mean())))
)
wrong("ln |e_0| stands there, and not its slope.")(
    _times(lambda e, k_i, tau_u: tau_u / k_i * float(np.log(np.linalg.norm(e))))
)
wrong("you divide by dL. The latency changes in proportion to the loss: multiply.")(
    lambda dL, e_0, k_i, tau_u: tau_u / (k_i * (e_0 @ e_0)) / np.where(dL == 0, np.inf, dL)
)
wrong("dL is missing: how the loss depends on W.")(
    lambda dL, e_0, k_i, tau_u: tau_u / (k_i * (e_0 @ e_0)) * np.ones_like(dL)
)
wrong("dL is made a direction of length 1. Its length belongs to the gradient.")(
    lambda dL, e_0, k_i, tau_u: tau_u / (k_i * (e_0 @ e_0)) * dL / max(np.linalg.norm(dL), 1e-300)
)
wrong("tau_u is multiplied by k_i and |e_0|²: it is *divided* by both.")(
    _times(lambda e, k_i, tau_u: tau_u * k_i * (e @ e))
)
wrong("// rounds down to whole numbers: divide with /.")(
    _times(lambda e, k_i, tau_u: tau_u // (k_i * (e @ e)))
)


@T5.step(
    "T5.6",
    "with other feedback there is a second way down",
    left="dt_lat",
    claim=Gradient(of="latency", by="W"),
    uses=(ONE,),
    needs=("T5.2", "T5.5"),
    because="the latency is a quotient, and with Q = J.T its denominator lam depends on W as well",
    hints=(
        "t_lat = tau_u / k_i * ln(|e_0| / e_tol) / lam. Now both ln |e_0| and lam depend on W.",
        "The first part is that of T5.5, divided by lam. For the second: d(1 / lam) = "
        "-dlam / lam².",
        "tau_u / k_i * (dL / (lam * e_0 @ e_0) - np.log(|e_0| / e_tol) / lam**2 * dlam)",
    ),
)
def two_ways(
    dL: Array, dlam: Array, e_0: Array, e_tol: float, lam: float, k_i: float, tau_u: float
) -> Array:
    """dt_lat/dW = tau_u/k_i (dL/dW / (lam |e_0|^2) - ln(|e_0| / e_tol) / lam^2 dlam/dW)"""
    ratio = np.linalg.norm(e_0) / e_tol
    return np.asarray(tau_u / k_i * (dL / (lam * (e_0 @ e_0)) - np.log(ratio) / lam**2 * dlam))


Part = Callable[[Array, Array, Array, float, float], Array]


def _error(dL: Array, dlam: Array, e: Array, e_tol: float, lam: float) -> Array:
    return dL / (lam * (e @ e))


def _loop(dL: Array, dlam: Array, e: Array, e_tol: float, lam: float) -> Array:
    return -np.log(np.linalg.norm(e) / e_tol) / lam**2 * dlam


def _sum(
    first: Part | None = _error,
    second: Part | None = _loop,
    unit: Callable[[float, float], float] = lambda k_i, tau_u: tau_u / k_i,
) -> Answer:
    """The step with other parts, or in another unit."""

    def answer(
        dL: Array, dlam: Array, e_0: Array, e_tol: float, lam: float, k_i: float, tau_u: float
    ) -> Array:
        parts = [part(dL, dlam, e_0, e_tol, lam) for part in (first, second) if part]
        return np.asarray(unit(k_i, tau_u) * sum(parts))

    return answer


@two_ways.right
def of_a_quotient(
    dL: Array, dlam: Array, e_0: Array, e_tol: float, lam: float, k_i: float, tau_u: float
) -> Array:
    fall, dfall = np.log(np.linalg.norm(e_0) / e_tol), dL / (e_0 @ e_0)
    return np.asarray(tau_u * (dfall * lam - fall * dlam) / (k_i * lam**2))


@two_ways.right
def by_the_latency(
    dL: Array, dlam: Array, e_0: Array, e_tol: float, lam: float, k_i: float, tau_u: float
) -> Array:
    t_lat = tau_u / (k_i * lam) * np.log(np.linalg.norm(e_0) / e_tol)
    return np.asarray(tau_u * dL / (k_i * lam * np.sum(e_0**2)) - t_lat * dlam / lam)


@two_ways.term("the part through the error")
def part_of_the_error(dL: Array, e_0: Array, lam: float, k_i: float, tau_u: float) -> Array:
    return tau_u / k_i * dL / (lam * (e_0 @ e_0))


@two_ways.term("the part through the eigenvalue")
def part_of_the_eigenvalue(
    dlam: Array, e_0: Array, e_tol: float, lam: float, k_i: float, tau_u: float
) -> Array:
    return -tau_u / k_i * np.log(np.linalg.norm(e_0) / e_tol) / lam**2 * dlam


wrong = two_ways.wrong
wrong(
    "the second part is missing: lam depends on W too, and the network can lower its latency by "
    "raising lam."
)(_sum(second=None))
wrong("the first part is missing: a smaller error is quicker as well.")(_sum(first=None))
wrong("the second part has the wrong sign: a larger lam makes the latency *shorter*.")(
    _sum(second=lambda *given: -_loop(*given))
)
wrong("the first part has the wrong sign: a larger loss makes the latency longer.")(
    _sum(first=lambda *given: -_error(*given))
)
wrong("both signs are the wrong way round: this is the update, minus the gradient.")(
    _sum(unit=lambda k_i, tau_u: -tau_u / k_i)
)
wrong("in the second part lam is to be squared: d(1 / lam) = -dlam / lam².")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: lam * _loop(dL, dlam, e, e_tol, lam))
)
wrong("in the second part lam² is missing: d(1 / lam) = -dlam / lam².")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: lam**2 * _loop(dL, dlam, e, e_tol, lam))
)
wrong("in the second part lam² multiplies: d(1 / lam) = -dlam / lam².")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: lam**4 * _loop(dL, dlam, e, e_tol, lam))
)
wrong("in the second part lam stands with its third power: d(1 / lam) = -dlam / lam².")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: _loop(dL, dlam, e, e_tol, lam) / lam)
)
wrong("in the first part lam is missing: all of the latency is divided by it.")(
    _sum(first=lambda dL, dlam, e, e_tol, lam: dL / (e @ e))
)
wrong("in the first part lam multiplies: all of the latency is divided by it.")(
    _sum(first=lambda dL, dlam, e, e_tol, lam: dL * lam / (e @ e))
)
wrong("in the first part lam is squared: there it is the factor 1 / lam that stays as it is.")(
    _sum(first=lambda dL, dlam, e, e_tol, lam: dL / (lam**2 * (e @ e)))
)
wrong("in the first part |e_0| is to be squared, as in T5.5.")(
    _sum(first=lambda dL, dlam, e, e_tol, lam: dL / (lam * np.linalg.norm(e)))
)
wrong("in the first part |e_0|² is missing, as in T5.5.")(
    _sum(first=lambda dL, dlam, e, e_tol, lam: dL / lam)
)
wrong("in the first part |e_0|² multiplies. As in T5.5, it divides.")(
    _sum(first=lambda dL, dlam, e, e_tol, lam: dL * (e @ e) / lam)
)
wrong("in the first part stands the change of lam in the place of that of the loss.")(
    _sum(first=lambda dL, dlam, e, e_tol, lam: dlam / (lam * (e @ e)))
)
wrong("in the second part stands the change of the loss in the place of that of lam.")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: _loop(dL, dL, e, e_tol, lam))
)
wrong(
    "the first part is twice as large: dL is the gradient of |e_0|²/2, and d ln |e_0| has the ½."
)(_sum(first=lambda dL, dlam, e, e_tol, lam: 2 * dL / (lam * (e @ e))))
wrong("the first part is half as large: d|e_0|² is twice dL.")(
    _sum(first=lambda dL, dlam, e, e_tol, lam: dL / (2 * lam * (e @ e)))
)
wrong("the logarithm is missing in the second part: the latency without 1 / lam stays as it is.")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: -dlam / lam**2)
)
wrong("in the second part the ratio stands there without its logarithm.")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: -np.linalg.norm(e) / e_tol / lam**2 * dlam)
)
wrong("in the second part the tolerance is missing: ln(|e_0| / e_tol).")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: -np.log(np.linalg.norm(e)) / lam**2 * dlam)
)
wrong("in the second part the tolerance multiplies: ln(|e_0| / e_tol).")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: -np.log(np.linalg.norm(e) * e_tol) / lam**2 * dlam)
)
wrong("in the second part |e_0|² stands beside e_tol: ln(|e_0| / e_tol).")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: -np.log((e @ e) / e_tol) / lam**2 * dlam)
)
wrong("this is a logarithm to another base: np.log is the natural one.")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: _loop(dL, dlam, e, e_tol, lam) / np.log(10))
)
wrong("the second part is twice as large: ln(|e_0|² / e_tol²) is twice ln(|e_0| / e_tol).")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: 2 * _loop(dL, dlam, e, e_tol, lam))
)
wrong("the parts are multiplied: the change of a product is a *sum* of two.")(
    lambda dL, dlam, e_0, e_tol, lam, k_i, tau_u: (
        tau_u / k_i * _error(dL, dlam, e_0, e_tol, lam) * _loop(dL, dlam, e_0, e_tol, lam)
    )
)
wrong("k_i is missing.")(_sum(unit=lambda k_i, tau_u: tau_u))
wrong("k_i multiplies: it divides.")(_sum(unit=lambda k_i, tau_u: tau_u * k_i))
wrong("tau_u is missing.")(_sum(unit=lambda k_i, tau_u: 1 / k_i))
wrong("tau_u divides: it multiplies.")(_sum(unit=lambda k_i, tau_u: 1 / (k_i * tau_u)))
wrong("k_i and tau_u have changed places.")(_sum(unit=lambda k_i, tau_u: k_i / tau_u))
wrong("tau_u and k_i are missing.")(_sum(unit=lambda k_i, tau_u: 1.0))
wrong("tau_u / k_i belongs to both parts: a bracket is missing.")(
    lambda dL, dlam, e_0, e_tol, lam, k_i, tau_u: (
        tau_u / k_i * _error(dL, dlam, e_0, e_tol, lam) + _loop(dL, dlam, e_0, e_tol, lam)
    )
)
wrong("in the first part lam |e_0|² multiplies. It divides.")(
    _sum(first=lambda dL, dlam, e, e_tol, lam: dL * lam * (e @ e))
)
wrong("in the first part lam |e_0|² is missing: it divides dL.")(
    _sum(first=lambda dL, dlam, e, e_tol, lam: dL)
)
wrong("// rounds down to whole numbers: divide with / in the first part.")(
    _sum(first=lambda dL, dlam, e, e_tol, lam: dL // (lam * (e @ e)))
)
wrong("// rounds down to whole numbers: divide with / in the second part.")(
    _sum(
        second=lambda dL, dlam, e, e_tol, lam: -(np.log(np.linalg.norm(e) / e_tol) // lam**2) * dlam
    )
)
wrong("// rounds down to whole numbers: divide |e_0| by e_tol with /.")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: -np.log(np.linalg.norm(e) // e_tol) / lam**2 * dlam)
)
wrong("// rounds down to whole numbers: tau_u / k_i.")(_sum(unit=lambda k_i, tau_u: tau_u // k_i))
wrong("2**lam is a power of 2. The square of lam is lam**2.")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: lam**2 / 2**lam * _loop(dL, dlam, e, e_tol, lam))
)
wrong("in the second part dlam divides: how the latency changes is in proportion to it.")(
    _sum(second=lambda dL, dlam, e, e_tol, lam: (
        -np.log(np.linalg.norm(e) / e_tol) / lam**2 / np.where(dlam == 0, np.inf, dlam)
    ))
)  # fmt: skip

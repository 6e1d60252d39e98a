"""Exercise 07.4: the latency of a linear loop, in the eigenbasis of JQ."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Array, Array, float, float, float]:
    """Errors of 2 to 5 outputs, and of 1 in one case of four, in a loop that is symmetric and
    positive."""
    rng = np.random.default_rng([74, seed])
    n = 1 if seed % 4 == 3 else int(rng.integers(2, 6))
    A = rng.normal(size=(n, n + 1))
    e_0 = rng.normal(size=n)
    e_tol = float(rng.uniform(0.05, 0.6) * np.linalg.norm(e_0))
    # Of all kinds: loops whose rates are below 1 per second, above it, and so slow that an interval
    # which is fixed beforehand does not reach the crossing.
    scale = (0.2, 2.0, 0.001)[seed % 3]
    JQ = scale * (rng.uniform(0.5, 1.5) * np.eye(n) + A @ A.T)
    return e_0, JQ, e_tol, float(rng.uniform(0.5, 1.5)), float(rng.uniform(0.6, 1.5))


@exercise(
    "07.4",
    "the latency in the eigenbasis",
    cases=cases,
    tolerance=1e-6,
    hints=(
        "eigenvalues, V = np.linalg.eigh(JQ). The parts of the error along the eigenvectors are "
        "V.T @ e_0, and each of them decays by itself.",
        "So the size at time t is the norm of (V.T @ e_0) * np.exp(-rates * t), "
        "with rates = k_i / tau_u * eigenvalues.",
        "The size falls all the time, so halve an interval that contains the crossing: it begins "
        "at 0, and at tau_u / (k_i * smallest eigenvalue) * log(|e_0| / e_tol) the crossing is "
        "over. Sixty halvings are enough.",
    ),
)
def latency_in_the_eigenbasis(
    e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float
) -> float:
    """The time at which |exp(-(k_i / tau_u) JQ t) e_0| has come down to e_tol. JQ is
    symmetric and positive, (n, n)."""
    eigenvalues, V = np.linalg.eigh(JQ)
    parts, rates = V.T @ e_0, k_i / tau_u * eigenvalues
    low, high = 0.0, np.log(np.linalg.norm(parts) / e_tol) / rates[0]
    for _ in range(60):
        middle = (low + high) / 2
        if np.linalg.norm(parts * np.exp(-rates * middle)) > e_tol:
            low = middle
        else:
            high = middle
    return float(high)


def _halving(e_0: Array, JQ: Array, e_tol: float, k: float) -> float:
    eigenvalues, V = np.linalg.eigh(JQ)
    return _cross(V.T @ e_0, k * eigenvalues, e_tol)


def _cross(parts: Array, rates: Array, e_tol: float) -> float:
    """When the norm of parts that decay at these rates has come down to e_tol."""
    low, high = 0.0, 1.0
    while np.linalg.norm(parts * np.exp(-rates * high)) > e_tol and high < 1e9:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        if np.linalg.norm(parts * np.exp(-rates * middle)) > e_tol:
            low = middle
        else:
            high = middle
    return 0.0 if np.linalg.norm(parts) <= e_tol else high


def _rates(make: Callable[[Array, float, float], Array]) -> Answer:
    """The crossing with other rates of decay, made of the eigenvalues, k_i and tau_u."""

    def answer(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
        eigenvalues, V = np.linalg.eigh(JQ)
        return _cross(V.T @ e_0, make(eigenvalues, k_i, tau_u), e_tol)

    return answer


def _closed(make: Callable[[Array, Array], float]) -> Answer:
    """tau_u / k_i * log(|e_0| / e_tol) over one number, made of JQ and e_0."""

    def answer(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
        ratio = max(float(np.linalg.norm(e_0)) / e_tol, 1.0)
        return float(tau_u / k_i * np.log(ratio) / make(JQ, e_0))

    return answer


@latency_in_the_eigenbasis.right
def newton(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
    """Newton's method on the logarithm of the size, which is convex: it never overshoots."""
    eigenvalues, V = np.linalg.eigh(JQ)
    weights, rates, t = (V.T @ e_0) ** 2, 2 * k_i / tau_u * eigenvalues, 0.0
    for _ in range(200):
        now = weights * np.exp(-rates * t)
        t += np.log(now.sum() / e_tol**2) / (rates @ now / now.sum())
    return float(max(t, 0.0)) if np.linalg.norm(e_0) > e_tol else 0.0


@latency_in_the_eigenbasis.right
def squared(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
    """By halving, with the exponential of the matrix written out and squares in place of norms."""
    eigenvalues, V = np.linalg.eigh(JQ)
    low, high = 0.0, tau_u / (k_i * eigenvalues[0]) * max(np.log(e_0 @ e_0 / e_tol**2) / 2, 0)
    for _ in range(80):
        middle = (low + high) / 2
        e = V @ np.diag(np.exp(-k_i / tau_u * eigenvalues * middle)) @ V.T @ e_0
        low, high = (middle, high) if e @ e > e_tol**2 else (low, middle)
    return float(high)


wrong = latency_in_the_eigenbasis.wrong

wrong(
    "this is the lower bound, with the largest eigenvalue alone. Each part of the error has a rate "
    "of its own."
)(_closed(lambda JQ, e_0: float(np.linalg.eigvalsh(JQ)[-1])))

wrong(
    "this is the upper bound, with the smallest eigenvalue alone. Each part of the error has a "
    "rate of its own."
)(_closed(lambda JQ, e_0: float(np.linalg.eigvalsh(JQ)[0])))

wrong("you take the mean of the eigenvalues. Each part of the error has a rate of its own.")(
    _closed(lambda JQ, e_0: float(np.trace(JQ) / len(JQ)))
)

wrong(
    "you take the rate at which the error falls at the start, for good. The quick parts go first, "
    "so it gets slower."
)(_closed(lambda JQ, e_0: float(e_0 @ JQ @ e_0 / (e_0 @ e_0))))

wrong("the eigenvalues are missing: the parts do not all decay at the same rate.")(
    _rates(lambda lam, k_i, tau_u: k_i / tau_u * np.ones_like(lam))
)

wrong("k_i is missing in the rates of decay.")(_rates(lambda lam, k_i, tau_u: lam / tau_u))

wrong("tau_u is missing in the rates of decay.")(_rates(lambda lam, k_i, tau_u: k_i * lam))

wrong("tau_u and k_i have changed places: a slow integrator makes the decay slow.")(
    _rates(lambda lam, k_i, tau_u: tau_u / k_i * lam)
)

wrong("tau_u multiplies the rates. It divides: a slow integrator makes the decay slow.")(
    _rates(lambda lam, k_i, tau_u: k_i * tau_u * lam)
)

wrong("k_i divides the rates. It multiplies: more gain makes the decay quicker.")(
    _rates(lambda lam, k_i, tau_u: lam / (k_i * tau_u))
)

wrong("the eigenvalues divide: a large eigenvalue makes its part decay *quickly*.")(
    _rates(lambda lam, k_i, tau_u: k_i / tau_u / lam)
)

wrong("the rates are twice as large: |e|² decays at twice the rate of |e|.")(
    _rates(lambda lam, k_i, tau_u: 2 * k_i / tau_u * lam)
)

wrong("this is half of it: |e|² is to come down to e_tol², not to e_tol⁴.")(
    _rates(lambda lam, k_i, tau_u: k_i / tau_u * lam / 2)
)


@wrong(
    "the error is not turned into the eigenbasis: its parts along the eigenvectors are V.T @ e_0."
)
def not_turned(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
    return _cross(e_0, k_i / tau_u * np.linalg.eigvalsh(JQ), e_tol)


@wrong("the eigenvectors are the *columns* of V: the parts along them are V.T @ e_0, not V @ e_0.")
def turned_back(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
    eigenvalues, V = np.linalg.eigh(JQ)
    return _cross(V @ e_0, k_i / tau_u * eigenvalues, e_tol)


@wrong("np.exp(JQ) takes every entry by itself. In the eigenbasis the exponential is of numbers.")
def entry_by_entry(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
    return _cross(e_0, k_i / tau_u * np.diag(JQ), e_tol)


@wrong("the squared size is compared with e_tol: take the root, or compare with e_tol².")
def square_with_size(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
    return _halving(e_0, JQ, float(np.sqrt(e_tol)), k_i / tau_u)


@wrong("the time at which the error is e_tol *times* the first one. Compare with e_tol itself.")
def relative(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
    return _halving(e_0, JQ, e_tol * float(np.linalg.norm(e_0)), k_i / tau_u)


@wrong("the sum of the parts is compared with e_tol. Their norm is the size of the error.")
def summed(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
    eigenvalues, V = np.linalg.eigh(JQ)
    c, rates = V.T @ e_0, k_i / tau_u * eigenvalues
    low, high = 0.0, 1e4
    for _ in range(90):
        middle = (low + high) / 2
        above = np.abs(c * np.exp(-rates * middle)).sum() > e_tol
        low, high = (middle, high) if above else (low, middle)
    return float(high)


def _other_bracket(make: Callable[[float, Array], float]) -> Answer:
    """Answers that begin with another interval, made of |e_0| / e_tol and the rates."""

    def answer(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
        eigenvalues, V = np.linalg.eigh(JQ)
        parts, rates = V.T @ e_0, k_i / tau_u * eigenvalues
        low, high = 0.0, make(float(np.linalg.norm(parts) / e_tol), rates)
        if np.linalg.norm(parts) <= e_tol:
            return 0.0
        for _ in range(60):
            middle = (low + high) / 2
            above = np.linalg.norm(parts * np.exp(-rates * middle)) > e_tol
            low, high = (middle, high) if above else (low, middle)
        return float(high)

    return answer


for bracket in (
    lambda ratio, rates: np.log(ratio) * rates[0],
    lambda ratio, rates: np.log(ratio) // rates[0],
    lambda ratio, rates: np.log(ratio),
    lambda ratio, rates: 1 / rates[0],
    lambda ratio, rates: 0.0,
):
    wrong(
        "the interval that you halve does not always contain the crossing. It is over at the upper "
        "bound, tau_u / (k_i * smallest eigenvalue) * log(|e_0| / e_tol)."
    )(_other_bracket(bracket))


def _other_size(make: Callable[[Array, Array, float, float], bool], share: float = 0.5) -> Answer:
    """Answers that ask another question in the middle, or halve at another point."""

    def answer(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
        eigenvalues, V = np.linalg.eigh(JQ)
        parts, rates = V.T @ e_0, k_i / tau_u * eigenvalues
        if np.linalg.norm(parts) <= e_tol:
            return 0.0
        low, high = 0.0, float(np.log(np.linalg.norm(parts) / e_tol) / rates[0])
        for _ in range(60):
            middle = low + share * (high - low)
            low, high = (middle, high) if make(parts, rates, middle, e_tol) else (low, middle)
        return float(high)

    return answer


wrong("the halves are swapped: while the error is still above e_tol, the crossing comes *later*.")(
    _other_size(lambda parts, rates, t, e_tol: bool(_size(parts, rates, t) <= e_tol))
)

wrong("the parts of the error are missing: this asks for exp(-rate t) alone.")(
    _other_size(lambda parts, rates, t, e_tol: bool(_size(1 + 0 * parts, rates, t) > e_tol))
)

wrong("the exponential is missing: the parts go as exp(-rate t).")(
    _other_size(lambda parts, rates, t, e_tol: bool(np.linalg.norm(parts * rates * t) > e_tol))
)


def _size(parts: Array, rates: Array, t: float) -> float:
    return float(np.linalg.norm(parts * np.exp(-rates * t)))


@wrong("// rounds down to whole numbers: divide with /.")
def whole_numbers(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
    return float(
        _rates(lambda lam, k_i, tau_u: k_i // tau_u * lam + 1e-12)(e_0, JQ, e_tol, k_i, tau_u)
    )


for pick in (lambda low, high: high / 2, lambda low, high: (low + high) / 3):

    @wrong("the middle of the interval is (low + high) / 2.")
    def other_middle(
        e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float,
        pick: Callable[[float, float], float] = pick,
    ) -> float:  # fmt: skip
        eigenvalues, V = np.linalg.eigh(JQ)
        parts, rates = V.T @ e_0, k_i / tau_u * eigenvalues
        if np.linalg.norm(parts) <= e_tol:
            return 0.0
        low, high = 0.0, float(np.log(np.linalg.norm(parts) / e_tol) / rates[0])
        for _ in range(60):
            t = pick(low, high)
            low, high = (t, high) if _size(parts, rates, t) > e_tol else (low, t)
        return float(high)


def _fixed(end: float) -> Answer:
    """Halvings of an interval that does not depend on the loop."""

    def answer(e_0: Array, JQ: Array, e_tol: float, k_i: float, tau_u: float) -> float:
        eigenvalues, V = np.linalg.eigh(JQ)
        parts, rates = V.T @ e_0, k_i / tau_u * eigenvalues
        low, high = 0.0, end
        for _ in range(80):
            middle = (low + high) / 2
            if np.linalg.norm(parts * np.exp(-rates * middle)) > e_tol:
                low = middle
            else:
                high = middle
        return high

    return answer


for end in (1, 2, 3, 4, 5, 8, 10, 15, 16, 20, 25, 30, 32, 40, 50, 64, 100, 200, 500, 1000):
    latency_in_the_eigenbasis.wrong(
        "your interval has a fixed end, and a slow loop is not there by then. Let the end depend "
        "on the smallest eigenvalue, or double it until the crossing lies before it."
    )(_fixed(float(end)))

"""Exercise 05.3: the largest angle that P allows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....analysis import kantorovich
from ....teaching.exercises import Answer, exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Array]:
    """Matrices of size 3 to 6, and of size 1 in one case of four."""
    rng = np.random.default_rng([53, seed])
    n = 1 if seed % 4 == 3 else int(rng.integers(3, 7))
    A = rng.normal(size=(n, n + 1))
    return (rng.uniform(0.5, 2) * np.eye(n) + A @ A.T,)


@exercise(
    "05.3",
    "the largest angle that P allows",
    cases=cases,
    hints=(
        "np.linalg.eigvalsh gives the eigenvalues of a symmetric matrix in ascending order.",
        "The least cosine is 2 sqrt(m M) / (m + M), with m the smallest and M the largest.",
        "The largest angle has the least cosine: np.arccos, then np.degrees.",
    ),
)
def largest_angle(P: Array) -> float:
    """The largest angle in degrees between P g and g, over all g, for P symmetric and positive."""
    eigenvalues = np.linalg.eigvalsh(P)
    return float(np.degrees(np.arccos(min(1.0, kantorovich(eigenvalues[-1], eigenvalues[0])))))


def _ends(P: Array) -> tuple[float, float]:
    eigenvalues = np.linalg.eigvalsh(P)
    return float(eigenvalues[0]), float(eigenvalues[-1])


def _degrees_of(cos: float) -> float:
    return float(np.degrees(np.arccos(cos)))


def _cosine(make: Callable[[float, float], float]) -> Answer:
    """The angle whose cosine is ``make(m, M)``, of the smallest and the largest eigenvalue."""
    return lambda P: _degrees_of(make(*_ends(P)))


def _ratio(m: float, M: float) -> float:
    """The largest angle for two numbers in the place of the extreme eigenvalues."""
    return _degrees_of(float(np.clip(2 * np.sqrt(abs(m * M)) / (m + M), -1, 1)))


def _between(P: Array, low: int, high: int) -> float:
    """The angle from two eigenvalues by their index, where there are so many."""
    eigenvalues = np.linalg.eigvalsh(P)
    last = len(eigenvalues) - 1
    m, M = (eigenvalues[np.clip(i if i >= 0 else last + 1 + i, 0, last)] for i in (low, high))
    return _ratio(float(m), float(M))


@largest_angle.right
def by_sine(P: Array) -> float:
    m, M = _ends(P)
    return float(np.degrees(np.arcsin((M - m) / (M + m))))


@largest_angle.right
def by_tangent(P: Array) -> float:
    m, M = _ends(P)
    return float(np.degrees(np.arctan2(M - m, 2 * np.sqrt(m * M))))


@largest_angle.right
def by_ratio(P: Array) -> float:
    lam = np.linalg.cond(P)
    return _degrees_of(2 * np.sqrt(lam) / (1 + lam))


largest_angle.wrong("this is the cosine. The angle in degrees is asked for.")(
    lambda P: float(np.cos(np.radians(largest_angle(P))))
)

largest_angle.wrong("this is in radians: give degrees.")(
    lambda P: float(np.radians(largest_angle(P)))
)

largest_angle.wrong(
    "you take the smallest eigenvalue to be 1. It is only known to be at least that "
    "for our P; here it is not. Use the ratio of the largest to the smallest."
)(_cosine(lambda m, M: 2 * np.sqrt(M) / (1 + M)))

largest_angle.wrong("a factor 2 is missing: for P = 1 the angle must be 0.")(
    _cosine(lambda m, M: float(np.sqrt(m * M)) / (m + M))
)

largest_angle.wrong("this is the square of the cosine: a root is missing.")(
    _cosine(lambda m, M: 4 * m * M / (m + M) ** 2)
)

largest_angle.wrong("under the root the smallest eigenvalue is missing.")(
    _cosine(lambda m, M: 2 * np.sqrt(M) / (m + M))
)


@largest_angle.wrong(
    "np.linalg.eig does not sort: its first and last eigenvalues need not be the "
    "smallest and the largest. Use eigvalsh."
)
def unsorted(P: Array) -> float:
    eigenvalues = np.linalg.eig(P)[0].real
    m, M = eigenvalues[0], eigenvalues[-1]
    return _degrees_of(min(1.0, 2 * np.sqrt(m * M) / (m + M)))


largest_angle.wrong("that is the complement: the angle of which your expression is the *cosine*.")(
    lambda P: 90 - largest_angle(P)
)

largest_angle.wrong("you read the diagonal. The bound is about the eigenvalues.")(
    lambda P: _degrees_of(
        2 * np.sqrt(np.diag(P).min() * np.diag(P).max()) / (np.diag(P).min() + np.diag(P).max())
    )
)

largest_angle.wrong(
    "this is the ratio of the eigenvalues. Kantorovich's cosine is larger than that."
)(_cosine(lambda m, M: m / M))

largest_angle.wrong("this is the cosine in degrees: np.arccos is missing.")(
    lambda P: float(np.degrees(np.cos(np.radians(largest_angle(P)))))
)

largest_angle.wrong(
    "you take the largest eigenvalue and the *second* smallest: eigvalsh sorts upwards, so the "
    "smallest is at index 0."
)(lambda P: _between(P, 1, -1))

largest_angle.wrong(
    "you take the smallest eigenvalue and the *second* smallest: the largest is at index -1."
)(lambda P: _between(P, 0, 1))

largest_angle.wrong(
    "you take the smallest eigenvalue and the second *largest*: the largest is at index -1."
)(lambda P: _between(P, 0, -2))

largest_angle.wrong(
    "eigvalsh sorts upwards: the smallest eigenvalue is at index 0, the largest at index -1."
)(lambda P: _between(P, 2, -1))

largest_angle.wrong(
    "it returns 0 every time, so your cosine is 1. Either both eigenvalues are the same one (the "
    "smallest is at index 0, the largest at index -1), or the root over m M is missing and a clip "
    "hides that the cosine is then above 1."
)(lambda P: 0.0)

largest_angle.wrong(
    "you take roots of the eigenvalues first. In the formula they stand as they are."
)(lambda P: _ratio(*np.sqrt(_ends(P))))

largest_angle.wrong(
    "this is half the angle. Do not mix up the largest angle with the turn from the "
    "middle direction."
)(lambda P: largest_angle(P) / 2)

largest_angle.wrong("you use the squares of the eigenvalues (or P twice): P is applied once.")(
    lambda P: largest_angle(P @ P)
)

largest_angle.wrong(
    "NaN: your cosine is above 1. Over the line it is the *root* of m M, and m and M "
    "are the two extreme eigenvalues (determinant and trace serve for 2 x 2 only)."
)(_cosine(lambda m, M: 2 * m * M / (m + M)))

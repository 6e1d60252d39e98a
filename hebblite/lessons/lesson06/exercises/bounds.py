"""Exercise 06.3: the effort that small errors need, and its bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray
Three = tuple[Any, Any, Any]


def cases(seed: int) -> tuple[list[Array], Array]:
    """J_1..J_L, each (n_L, n_l), with J_L = I as where the output is linear, and e (n_L,)."""
    rng = np.random.default_rng([63, seed])
    outputs = 1 if seed % 3 == 2 else int(rng.integers(2, 5))
    sizes = rng.integers(1, 6, size=rng.integers(1, 4))
    J = [rng.normal(size=(outputs, n)) for n in sizes]
    return [*J, np.eye(outputs)], rng.normal(size=outputs)


@exercise(
    "06.3",
    "the effort that small errors need, and its bounds",
    cases=cases,
    parts=("the lower bound", "the effort", "the upper bound"),
    hints=(
        "First make the matrix: the sum of J_l J_l^T over all layers. It has one row for each "
        "output.",
        "The effort is half of e^T z, where z solves (matrix) z = e: np.linalg.solve. The bounds "
        "need the largest and the smallest eigenvalue: np.linalg.eigvalsh gives them in order.",
        "JJ = sum(J_l @ J_l.T for J_l in J); lam = np.linalg.eigvalsh(JJ); the bounds are "
        "e @ e / (2 * lam[-1]) and e @ e / (2 * lam[0]).",
    ),
)
def small_errors(J: list[Array], e: Array) -> Three:
    """|e|^2 / (2 lam_max), 1/2 e^T JJ^-1 e and |e|^2 / (2 lam_min), where JJ = sum_l J_l J_l^T
    has the eigenvalues lam."""
    JJ = sum(J_l @ J_l.T for J_l in J)
    lam = np.linalg.eigvalsh(JJ)
    return e @ e / (2 * lam[-1]), e @ np.linalg.solve(JJ, e) / 2, e @ e / (2 * lam[0])


def _loop(J: list[Array]) -> Array:
    return np.asarray(sum(J_l @ J_l.T for J_l in J))


@small_errors.right
def in_the_eigenbasis(J: list[Array], e: Array) -> Three:
    """The error split into its parts along the eigenvectors, each divided by its eigenvalue."""
    lam, V = np.linalg.eigh(_loop(J))
    parts = (V.T @ e) ** 2 / 2
    return parts.sum() / lam.max(), (parts / lam).sum(), parts.sum() / lam.min()


@small_errors.right
def stacked(J: list[Array], e: Array) -> Three:
    """All layers side by side: the least push is pinv(J) e, and lam = singular values squared."""
    wide = np.hstack(J)
    a, sigma = np.linalg.pinv(wide) @ e, np.linalg.svd(wide, compute_uv=False)
    return e @ e / 2 / sigma[0] ** 2, a @ a / 2, e @ e / 2 / sigma[-1] ** 2


Made = Callable[[Array, Array, Array], Any]


def _low(JJ: Array, lam: Array, e: Array) -> Any:
    return e @ e / (2 * lam[-1])


def _middle(JJ: Array, lam: Array, e: Array) -> Any:
    return e @ np.linalg.solve(JJ, e) / 2


def _high(JJ: Array, lam: Array, e: Array) -> Any:
    return e @ e / (2 * lam[0])


def _made(
    low: Made = _low, middle: Made = _middle, high: Made = _high, of_layers: Answer = _loop
) -> Answer:
    """Each of the three from JJ, its eigenvalues lam and e; of_layers: another matrix in the
    place of JJ."""

    def answer(J: list[Array], e: Array) -> Three:
        JJ = of_layers(J)
        lam = np.linalg.eigvalsh(JJ)
        return low(JJ, lam, e), middle(JJ, lam, e), high(JJ, lam, e)

    return answer


def _times(factor: float, make: Made) -> Made:
    return lambda JJ, lam, e: factor * make(JJ, lam, e)


small_errors.wrong("the factor 1/2 is missing, in all three.")(
    _made(_times(2, _low), _times(2, _middle), _times(2, _high))
)

small_errors.wrong("the factor 1/2 of the two bounds is missing.")(
    _made(low=_times(2, _low), high=_times(2, _high))
)

small_errors.wrong("the factor 1/2 of the lower bound is missing.")(_made(low=_times(2, _low)))

small_errors.wrong("the factor 1/2 of the effort is missing.")(_made(middle=_times(2, _middle)))

small_errors.wrong("the factor 1/2 of the upper bound is missing.")(_made(high=_times(2, _high)))

small_errors.wrong(
    "the two bounds are the wrong way round. The largest eigenvalue makes the push cheap, and so "
    "it belongs to the lower bound."
)(_made(low=_high, high=_low))

small_errors.wrong("both bounds have the largest eigenvalue: the upper one needs the smallest.")(
    _made(high=_low)
)

small_errors.wrong("both bounds have the smallest eigenvalue: the lower one needs the largest.")(
    _made(low=_high)
)

small_errors.wrong(
    "the lower bound needs the largest eigenvalue, the upper one the smallest; one of yours has "
    "another. eigvalsh gives them from the smallest up."
)(_made(low=lambda JJ, lam, e: e @ e / (2 * lam[max(len(lam) - 2, 0)])))

small_errors.wrong(
    "the lower bound needs the largest eigenvalue, the upper one the smallest; one of yours has "
    "another. eigvalsh gives them from the smallest up."
)(_made(high=lambda JJ, lam, e: e @ e / (2 * lam[min(1, len(lam) - 1)])))

small_errors.wrong(
    "this multiplies by the matrix. The push has to *undo* what the matrix does: solve, or its "
    "inverse."
)(_made(middle=lambda JJ, lam, e: e @ JJ @ e / 2))

for bounds in (
    {"low": lambda JJ, lam, e: e @ e * lam[0] / 2, "high": lambda JJ, lam, e: e @ e * lam[-1] / 2},
    {"low": lambda JJ, lam, e: e @ e * lam[-1] / 2, "high": lambda JJ, lam, e: e @ e * lam[0] / 2},
    {"low": lambda JJ, lam, e: e @ e * lam[-1] / 2},
    {"low": lambda JJ, lam, e: e @ e * 2 * lam[-1]},
    {"high": lambda JJ, lam, e: e @ e * lam[0] / 2},
    {"high": lambda JJ, lam, e: e @ e * 2 * lam[0]},
):
    small_errors.wrong(
        "a bound multiplies |e|^2 by the eigenvalue: divide by it. (Without brackets, "
        "e @ e / 2 * x multiplies by x.)"
    )(_made(**bounds))

small_errors.wrong("the bounds need the square of |e|.")(
    _made(
        low=lambda JJ, lam, e: np.linalg.norm(e) / (2 * lam[-1]),
        high=lambda JJ, lam, e: np.linalg.norm(e) / (2 * lam[0]),
    )
)

small_errors.wrong(
    "these are bounds with singular values of J. The eigenvalues of J J^T are their squares."
)(
    _made(
        low=lambda JJ, lam, e: e @ e / (2 * np.sqrt(lam[-1])),
        high=lambda JJ, lam, e: e @ e / (2 * np.sqrt(lam[0])),
    )
)

for rounded in (
    {"low": lambda JJ, lam, e: e @ e // (2 * lam[-1])},
    {"middle": lambda JJ, lam, e: e @ np.linalg.solve(JJ, e) // 2},
    {"high": lambda JJ, lam, e: e @ e // (2 * lam[0])},
):
    small_errors.wrong("// rounds down to a whole number: divide with /.")(_made(**rounded))

for where, part, make in (
    ("the lower bound", "low", _low),
    ("the effort", "middle", _middle),
    ("the upper bound", "high", _high),
):
    for factor in (2 / 3, 0.5, 4.0):  # e^T z / 3, another half, and * 2 in the place of / 2
        small_errors.wrong(f"the factor of {where} is off: it is 1/2, once.")(
            _made(**{part: _times(factor, make)})
        )

small_errors.wrong("the output layer is missing from the sum: it is pushed too.")(
    _made(of_layers=lambda J: _loop(J[:-1]) + 1e-300 * np.eye(len(J[0])))
)

small_errors.wrong("this looks at the output layer alone. All layers are pushed.")(
    _made(of_layers=lambda J: _loop(J[-1:]))
)

small_errors.wrong("layer 1 is missing from the sum.")(_made(of_layers=lambda J: _loop(J[1:])))

small_errors.wrong("this is the mean over the layers. It is their sum.")(
    _made(of_layers=lambda J: _loop(J) / len(J))
)

small_errors.wrong("this divides by the diagonal alone: the outputs are not pushed one by one.")(
    _made(middle=lambda JJ, lam, e: (e / np.diag(JJ)) @ e / 2)
)

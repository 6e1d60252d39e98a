"""Exercise 07.2: Gauss-Newton feedback, layer by layer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray
Layers = list[Array]


def cases(seed: int) -> tuple[Layers]:
    """Jacobians of 2 to 4 layers, with 2 to 4 outputs, and with 1 in one case of four."""
    rng = np.random.default_rng([72, seed])
    top = 1 if seed % 4 == 3 else int(rng.integers(2, 5))
    hidden = rng.integers(1, 6, size=rng.integers(1, 4))
    return ([*(rng.normal(size=(top, n)) for n in hidden), np.diag(rng.uniform(0.5, 1.5, top))],)


@exercise(
    "07.2",
    "Gauss-Newton feedback",
    cases=cases,
    hints=(
        "All layers share one matrix: the loop J J^T, which is the sum of J_l @ J_l.T over all "
        "layers, with the shape (n_L, n_L).",
        "Each Q_l is the transposed Jacobian of the layer times the inverse of that one matrix.",
        "loop = sum(J_l @ J_l.T for J_l in J), and then J_l.T @ np.linalg.inv(loop) for each.",
    ),
)
def gauss_newton(J: Layers) -> Layers:
    """Q_1..Q_L, each (n_l, n_L), with sum_l J_l Q_l = 1, from J_1..J_L, each (n_L, n_l)."""
    inverse = np.linalg.inv(_loop(J))
    return [J_l.T @ inverse for J_l in J]


def _loop(J: Layers) -> Array:
    return np.asarray(sum(J_l @ J_l.T for J_l in J))


def _each(make: Callable[[Array, Array], Array]) -> Answer:
    """Answers that ask ``make`` of each J_l and of the loop J J^T."""
    return lambda J: [make(J_l, _loop(J)) for J_l in J]


@gauss_newton.right
def solved(J: Layers) -> Layers:
    return [np.linalg.solve(_loop(J), J_l).T for J_l in J]


@gauss_newton.right
def pseudo_inverse(J: Layers) -> Layers:
    """The pseudo-inverse of all Jacobians side by side, cut into layers again."""
    ends = np.cumsum([J_l.shape[1] for J_l in J])[:-1]
    return list(np.split(np.linalg.pinv(np.hstack(J)), ends))


gauss_newton.right(lambda J: tuple(gauss_newton(J)))


gauss_newton.wrong("these are the transposes alone: the inverse of the loop J J^T is missing.")(
    _each(lambda J_l, loop: J_l.T)
)

gauss_newton.wrong(
    "the loop stands there as it is. Its *inverse* is needed, so that JQ becomes the identity."
)(_each(lambda J_l, loop: J_l.T @ loop))

gauss_newton.wrong(
    "1 / loop inverts every entry by itself. The inverse of a matrix is np.linalg.inv(loop)."
)(_each(lambda J_l, loop: J_l.T @ (1 / loop)))

gauss_newton.wrong(
    "these have the shape of J_l: transpose them. Feedback goes from the outputs to the layer."
)(_each(lambda J_l, loop: np.linalg.solve(loop, J_l)))

gauss_newton.wrong(
    "you invert each layer by itself. Then *each* of them puts the whole error right, and JQ is "
    "L times the identity at best. Invert the sum over all layers."
)(lambda J: [np.linalg.pinv(J_l) for J_l in J])

gauss_newton.wrong(
    "you invert each layer by itself and divide by the number of layers. That may make JQ the "
    "identity too, but it is not Gauss-Newton: invert the sum over all layers."
)(lambda J: [np.linalg.pinv(J_l) / len(J) for J_l in J])

gauss_newton.wrong(
    "the top layer does all of the work. That makes JQ the identity too, but with more push than "
    "needed: all layers share it."
)(lambda J: [*(np.zeros(J_l.T.shape) for J_l in J[:-1]), np.linalg.inv(J[-1])])

gauss_newton.wrong(
    "the output layer is missing in the loop. It gets a push as well: sum over all of J."
)(lambda J: [J_l.T @ np.linalg.pinv(np.asarray(sum(J_k @ J_k.T for J_k in J[:-1]))) for J_l in J])

gauss_newton.wrong("the first layer is missing in the loop: sum over all of J.")(
    lambda J: [J_l.T @ np.linalg.pinv(np.asarray(sum(J_k @ J_k.T for J_k in J[1:]))) for J_l in J]
)

gauss_newton.wrong(
    "you add the identity before you invert. The loop can be inverted as it is, since the output "
    "layer is part of it."
)(_each(lambda J_l, loop: J_l.T @ np.linalg.inv(loop + np.eye(len(loop)))))

gauss_newton.wrong("the inverse comes in twice: once is enough.")(
    _each(lambda J_l, loop: J_l.T @ np.linalg.inv(loop) @ np.linalg.inv(loop))
)

gauss_newton.wrong("the sign is the wrong way round: JQ is then minus the identity.")(
    _each(lambda J_l, loop: -J_l.T @ np.linalg.inv(loop))
)

gauss_newton.wrong("you take the mean over the layers. The loop is their sum.")(
    lambda J: [J_l.T @ np.linalg.inv(_loop(J) / len(J)) for J_l in J]
)

gauss_newton.wrong(
    "you divide by one number, the trace of the loop. It is the inverse of the matrix that makes "
    "all directions equally fast."
)(_each(lambda J_l, loop: J_l.T / np.trace(loop)))

gauss_newton.wrong(
    "you divide by one number, the largest eigenvalue of the loop. It is the inverse of the matrix "
    "that makes all directions equally fast."
)(_each(lambda J_l, loop: J_l.T / np.linalg.eigvalsh(loop)[-1]))

gauss_newton.wrong(
    "you keep the diagonal of the loop alone. Its other entries mix the outputs: invert all of it."
)(_each(lambda J_l, loop: J_l.T / np.diag(loop)))

gauss_newton.wrong(
    "the layers are the wrong way round: the first matrix of the list belongs to layer 1."
)(lambda J: gauss_newton(J)[::-1])

gauss_newton.wrong(
    "the product of the Jacobians is not the loop. Layers work side by side, so what they do adds "
    "up: the sum of J_l @ J_l.T."
)(_each(lambda J_l, loop: J_l.T @ np.linalg.inv(J_l @ J_l.T + 1e-9 * np.eye(len(loop)))))

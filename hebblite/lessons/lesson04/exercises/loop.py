"""Exercise 04.3: whether the loop settles, and how fast."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray
Layers = list[Array]


def cases(seed: int) -> tuple[Layers, Layers, float, float]:
    """Feedback that is half aligned. Every other case runs away, with the worst mode far to the
    left and another one, nearer to 0, to the right. One case of four has a single output."""
    for attempt in range(1000):
        rng = np.random.default_rng([43, seed, attempt])
        n, depth = int(rng.integers(3, 6)), int(rng.integers(2, 4))
        n = 1 if seed % 4 == 2 else n
        widths = [*rng.integers(5, 9, depth - 1), n]
        J = [rng.normal(size=(n, w)) / 2 for w in widths]
        Q = [J_l.T + (0.7, 1.5)[seed % 2] * rng.normal(size=J_l.T.shape) for J_l in J]
        lower = seed % 4 == 3 and _worst_layer(J, Q) == depth - 1  # it shall be a lower one
        if n == 1 or (not lower and _tells(np.linalg.eigvals(_loop(J, Q)), seed % 4)):
            break
    return J, Q, float(rng.uniform(1.5, 4)), float(rng.uniform(0.3, 0.8))


def _tells(spectrum: Array, case: int) -> bool:
    """Whether usual mistakes show in this spectrum. In case 0 the loop settles, and its worst mode
    is one of a complex pair. In the others it runs away, the mode nearest to 0 is not the worst,
    and the worst comes last in the list or first, as the list is not sorted."""
    real = spectrum.real
    least = float(real.min())
    if case == 0:
        return least > 0.2 and not np.isreal(spectrum[real.argmin()])
    nearest, ends = real[np.abs(real).argmin()], np.isclose(real[[0, -1]], least)
    return bool(least < -0.2 and 0 < nearest < -least / 2 and ends[int(case == 1)])


def _worst_layer(J: Layers, Q: Layers) -> int:
    """Which layer, alone, has the least real part (from 0)."""
    return int(np.argmin([np.linalg.eigvals(j @ q).real.min() for j, q in zip(J, Q, strict=True)]))


def _loop(J: Layers, Q: Layers) -> Array:
    return np.asarray(sum(J_l @ Q_l for J_l, Q_l in zip(J, Q, strict=True)))


@exercise(
    "04.3",
    "whether the loop settles, and how fast",
    cases=cases,
    parts=("the least real part", "the time constant"),
    hints=(
        "What does a unit of control do to the output, all layers together? That is one "
        "(n_L, n_L) matrix. J and Q are lists with one matrix for each layer.",
        "Sum J_l @ Q_l over the layers. np.linalg.eigvals gives complex numbers in no order; "
        ".real.min() picks the mode that settles last or, if it is negative, grows fastest.",
        "A mode decays as exp(-k_i least t / tau_u). Its time constant is tau_u / (k_i * "
        "least), sign included.",
    ),
)
def settling(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
    """The least real part of an eigenvalue of J Q = sum_l J_l Q_l, and the time constant in
    seconds of the mode that it belongs to under integral control: tau_u / (k_i least)."""
    loop = sum(J_l @ Q_l for J_l, Q_l in zip(J, Q, strict=True))
    least = float(np.linalg.eigvals(loop).real.min())
    return least, tau_u / (k_i * least)


def _with_least(least: Callable[..., float]) -> Answer:
    """An answer whose first part is ``least(J, Q)`` and whose second follows from it."""

    def answer(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
        value = np.float64(least(J, Q))
        return float(value), float(tau_u / (k_i * value))

    return answer


def _then_seconds(seconds: Callable[..., float]) -> Answer:
    """An answer whose second part is ``seconds(least, k_i, tau_u)``."""

    def answer(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
        least, _ = settling(J, Q, k_i, tau_u)
        return least, float(seconds(least, k_i, tau_u))

    return answer


@settling.right
def stacked(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
    least = float(np.linalg.eigvals(np.hstack(J) @ np.vstack(Q)).real.min())
    return least, 1 / (k_i / tau_u * least)


@settling.right
def by_modes(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
    loop = np.einsum("ia,aj->ij", np.concatenate(J, axis=1), np.concatenate(Q, axis=0))
    rates = sorted(-k_i / tau_u * value.real for value in np.linalg.eig(loop)[0])
    return -rates[-1] * tau_u / k_i, -1 / rates[-1]


settling.wrong("the two come in the wrong order: return (least, seconds).")(
    lambda J, Q, k_i, tau_u: settling(J, Q, k_i, tau_u)[::-1]
)

settling.wrong(
    "you take the first eigenvalue in the list. np.linalg.eigvals sorts nothing: look for the "
    "smallest real part with .min()."
)(_with_least(lambda J, Q: np.linalg.eigvals(_loop(J, Q))[0].real))

settling.wrong(
    "you take the last eigenvalue in the list. np.linalg.eigvals sorts nothing: look for the "
    "smallest real part with .min()."
)(_with_least(lambda J, Q: np.linalg.eigvals(_loop(J, Q))[-1].real))

settling.wrong("that is the largest real part, the fastest mode; the loop waits for the slowest.")(
    _with_least(lambda J, Q: np.linalg.eigvals(_loop(J, Q)).real.max())
)


@settling.wrong(
    "that is the real part nearest to 0. A mode far to the left of 0 is worse: take "
    "the smallest real part, its sign included."
)
@_with_least
def nearest_to_zero(J: Layers, Q: Layers) -> float:
    real = np.linalg.eigvals(_loop(J, Q)).real
    return float(real[np.abs(real).argmin()])


settling.wrong("this is the loop through the output layer alone; sum over all layers.")(
    _with_least(lambda J, Q: np.linalg.eigvals(J[-1] @ Q[-1]).real.min())
)


@settling.wrong(
    "you take the eigenvalues of each layer's loop and the least of all. The layers "
    "add up first; then take the eigenvalues of the sum."
)
@_with_least
def least_of_one_layer(J: Layers, Q: Layers) -> float:
    return min(float(np.linalg.eigvals(j @ q).real.min()) for j, q in zip(J, Q, strict=True))


settling.wrong(
    "you add the least eigenvalues of the layers. Eigenvalues do not add up, matrices do: add the "
    "J_l Q_l first, then take the eigenvalues of the sum."
)(
    _with_least(
        lambda J, Q: sum(np.linalg.eigvals(j @ q).real.min() for j, q in zip(J, Q, strict=True))
    )
)

settling.wrong(
    "you take the largest of the layers' least eigenvalues. The layers add up first; then take the "
    "eigenvalues of the sum."
)(
    _with_least(
        lambda J, Q: max(np.linalg.eigvals(j @ q).real.min() for j, q in zip(J, Q, strict=True))
    )
)

settling.wrong(
    "these are eigenvalues of Q_l J_l, layer by layer. First add J_l Q_l over the layers, each of "
    "shape (n_L, n_L); then take the eigenvalues of the sum."
)(
    _with_least(
        lambda J, Q: min(np.linalg.eigvals(q @ j).real.min() for j, q in zip(J, Q, strict=True))
    )
)


@settling.wrong("the second number is right; the first is an eigenvalue of J Q alone, without k_i.")
def gain_in_least(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
    least, seconds = settling(J, Q, k_i, tau_u)
    return k_i * least, seconds


@settling.wrong(
    "the second number is right; the first is a rate (per second). Give the eigenvalue "
    "of J Q alone, without k_i / tau_u."
)
def rate_as_least(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
    least, seconds = settling(J, Q, k_i, tau_u)
    return k_i / tau_u * least, seconds


@settling.wrong(
    "the first number is right; in the second you divide by the complex eigenvalue. "
    "Take the real part first: it alone says how fast the size changes."
)
def real_part_last(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
    spectrum = np.linalg.eigvals(_loop(J, Q))
    slowest = spectrum[spectrum.real.argmin()]
    return float(slowest.real), float((tau_u / (k_i * slowest)).real)


settling.wrong(
    "np.linalg.eig returns two things, the eigenvalues first and then the eigenvectors. You take "
    "the least entry of the vectors."
)(_with_least(lambda J, Q: np.linalg.eig(_loop(J, Q))[1].real.min()))

settling.wrong("that is the mean of the eigenvalues. One bad mode is enough: take the least.")(
    _with_least(lambda J, Q: np.linalg.eigvals(_loop(J, Q)).real.mean())
)

settling.wrong(
    "that is the sum of the eigenvalues, the trace. One bad mode is enough: take the least."
)(_with_least(lambda J, Q: np.trace(_loop(J, Q))))

settling.wrong(
    "the sign is the wrong way round: a mode goes as exp(-k_i λ t / tau_u), so what settles has a "
    "*positive* eigenvalue of J Q. Give that of J Q, not of -J Q."
)(_with_least(lambda J, Q: np.linalg.eigvals(-_loop(J, Q)).real.min()))

settling.wrong(
    "you turn the sign of the smallest real part. Give it as it is: what settles is positive."
)(_with_least(lambda J, Q: -np.linalg.eigvals(_loop(J, Q)).real.min()))

settling.wrong("you take the size of the least real part. Keep its sign: it is what decides.")(
    _with_least(lambda J, Q: abs(np.linalg.eigvals(_loop(J, Q)).real.min()))
)

settling.wrong("you subtract the layers from each other; their effects on the output add up.")(
    _with_least(lambda J, Q: np.linalg.eigvals(J[0] @ Q[0] - _loop(J[1:], Q[1:])).real.min())
)

settling.wrong("the first layer is left out; sum over all layers.")(
    _with_least(lambda J, Q: np.linalg.eigvals(_loop(J[1:], Q[1:])).real.min())
)

settling.wrong("the last layer is left out; sum over all layers.")(
    _with_least(lambda J, Q: np.linalg.eigvals(_loop(J[:-1], Q[:-1])).real.min())
)

settling.wrong("these are singular values, which are never negative; take eigenvalues.")(
    _with_least(lambda J, Q: np.linalg.svd(_loop(J, Q), compute_uv=False).min())
)

settling.wrong("you take the size of the eigenvalues; their real part decides.")(
    _with_least(lambda J, Q: np.abs(np.linalg.eigvals(_loop(J, Q))).min())
)

settling.wrong(
    "eigvalsh and eigh read one triangle of a matrix and take it to be symmetric; J Q is not."
)(_with_least(lambda J, Q: np.linalg.eigvalsh(_loop(J, Q)).min()))

settling.wrong(
    "these are eigenvalues of the symmetric part. If they are positive the loop "
    "settles, but it may settle without; take those of J Q itself."
)(_with_least(lambda J, Q: np.linalg.eigvalsh(_loop(J, Q) + _loop(J, Q).T).min() / 2))

settling.wrong(
    "this is Q J, whose many zero eigenvalues belong to pushes that no output feels; "
    "the loop that the error sees is J Q, of shape (n_L, n_L)."
)(_with_least(lambda J, Q: np.linalg.eigvals(np.vstack(Q) @ np.hstack(J)).real.min()))

settling.wrong("this is the loop through the first layer alone; sum over all layers.")(
    _with_least(lambda J, Q: np.linalg.eigvals(J[0] @ Q[0]).real.min())
)

settling.wrong("you take the mean over the layers; their effects on the output add up.")(
    _with_least(lambda J, Q: np.linalg.eigvals(_loop(J, Q)).real.min() / len(J))
)

settling.wrong("this is J J^T: the feedback weights Q you were given are not used.")(
    _with_least(lambda J, Q: np.linalg.eigvals(sum(j @ j.T for j in J)).real.min())
)

settling.wrong(
    "the first number is right; the second is the rate of the mode (per second). Its "
    "time constant is one over it."
)(_then_seconds(lambda least, k_i, tau_u: k_i * least / tau_u))

settling.wrong("the first number is right; in the second k_i is missing: more gain is faster.")(
    _then_seconds(lambda least, k_i, tau_u: tau_u / least)
)

settling.wrong(
    "the first number is right; in the second tau_u, the controller's own clock, is missing."
)(_then_seconds(lambda least, k_i, tau_u: 1 / (k_i * least)))

settling.wrong(
    "the first number is right; in the second k_i is on the wrong side: more gain is faster."
)(_then_seconds(lambda least, k_i, tau_u: tau_u * k_i / least))

settling.wrong(
    "the first number is right; keep its sign in the second: a negative time constant "
    "says that the mode grows."
)(_then_seconds(lambda least, k_i, tau_u: abs(tau_u / (k_i * least))))

settling.wrong(
    "the first number is right; in the second k_i and tau_u have changed places: it is "
    "tau_u / (k_i least)."
)(_then_seconds(lambda least, k_i, tau_u: k_i / (tau_u * least)))

settling.wrong(
    "the first number is right; in the second the eigenvalue is in the numerator: a large one is "
    "fast, so divide by it."
)(_then_seconds(lambda least, k_i, tau_u: tau_u / k_i * least))

settling.wrong(
    "the first number is right; the second has the wrong sign: positive where the loop settles."
)(_then_seconds(lambda least, k_i, tau_u: -tau_u / (k_i * least)))

settling.wrong("the first number is right; in the second the eigenvalue is missing.")(
    _then_seconds(lambda least, k_i, tau_u: tau_u / k_i)
)

settling.wrong(
    "the first number is right; in the second tau_u is on the wrong side: a slower clock takes "
    "longer."
)(_then_seconds(lambda least, k_i, tau_u: 1 / (tau_u * k_i * least)))

settling.wrong(
    "the first number is right; in the second everything is multiplied: divide by k_i and by the "
    "eigenvalue."
)(_then_seconds(lambda least, k_i, tau_u: tau_u * k_i * least))

settling.wrong(
    "the first number is right; in the second a sum stands where k_i and the eigenvalue multiply."
)(_then_seconds(lambda least, k_i, tau_u: tau_u / (k_i + least)))

settling.wrong(
    "the first number is right; k_i and tau_u are arguments, and in the second you use fixed ones."
)(_then_seconds(lambda least, k_i, tau_u: 1 / least))

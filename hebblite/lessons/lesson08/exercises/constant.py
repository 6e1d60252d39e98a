"""Exercise 08.3: where a softmax output is clamped, with the constant that costs least."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Array, Array]:
    """Targets, rows of probabilities that are not zero, and basal drives, each (B, n_L)."""
    rng = np.random.default_rng([83, seed])
    batch, n = 1 if seed % 3 == 2 else int(rng.integers(2, 5)), int(rng.integers(2, 6))
    return rng.dirichlet(np.full(n, 2.0), size=batch), rng.normal(0.5, 1.5, size=(batch, n))


@exercise(
    "08.3",
    "the clamp of a softmax, with its constant",
    cases=cases,
    hints=(
        "A softmax does not see a constant that is added to all its voltages. So log(y) + c "
        "predicts y for every number c, and each input may have a c of its own.",
        "Of 1/2 sum_i (log y_i + c - b_i)^2 take the slope by c, and set it to zero: the c that "
        "costs the least energy is a mean over the outputs.",
        "c = (b - np.log(target)).mean(axis=1, keepdims=True); return np.log(target) + c.",
    ),
)
def clamped(target: Array, b: Array) -> Array:
    """log(target) + c, (B, n_L), where c is the mean over the outputs of b - log(target)."""
    return np.log(target) + (b - np.log(target)).mean(axis=1, keepdims=True)


@clamped.right
def of_means(target: Array, b: Array) -> Array:
    """Both without their means, and then the mean of b."""
    log = np.log(target)
    return np.array([row - row.mean() + b_row.mean() for row, b_row in zip(log, b, strict=True)])


@clamped.right
def by_projection(target: Array, b: Array) -> Array:
    """b + (log(target) - b) without its part along (1, ..., 1)."""
    n = b.shape[1]
    return b + (np.log(target) - b) @ (np.eye(n) - np.ones((n, n)) / n)


Constant = Callable[[Array, Array], Array]


def _with(constant: Constant, log: Callable[[Array], Array] = np.log) -> Answer:
    return lambda target, b: log(target) + constant(b, log(target))


def _rows(values: Array) -> Array:
    return np.asarray(values).mean(axis=1, keepdims=True)


clamped.wrong("no constant: the softmax is right, but another c costs less energy.")(
    _with(lambda b, log: 0 * b)
)

clamped.wrong("this is the constant c alone: add it to log(target).")(
    lambda target, b: _rows(b - np.log(target)) + 0 * b
)

clamped.wrong("the sign of c is the wrong way round: c has to bring log(target) near to b.")(
    _with(lambda b, log: _rows(log - b))
)

clamped.wrong(
    "c is the mean of b alone. The mean of log(target) is not zero: take the mean of the "
    "difference b - log(target)."
)(_with(lambda b, log: _rows(b)))

clamped.wrong("c is minus the mean of log(target) alone: the basal drive b has a mean as well.")(
    _with(lambda b, log: -_rows(log))
)

clamped.wrong("b and log(target) are added in the mean. Take their difference, b - log(target).")(
    _with(lambda b, log: _rows(b + log))
)

clamped.wrong(
    "one c for the whole batch. Each input has its own: the mean over the outputs, axis 1."
)(_with(lambda b, log: np.full_like(b, (b - log).mean())))

clamped.wrong(
    "the mean runs over the batch, axis 0. It runs over the outputs of an input, axis 1."
)(_with(lambda b, log: (b - log).mean(axis=0)))

clamped.wrong("the sum over the outputs in the place of their mean.")(
    _with(lambda b, log: (b - log).sum(axis=1, keepdims=True))
)

clamped.wrong("the median in the place of the mean: the energy has squares.")(
    _with(lambda b, log: np.median(b - log, axis=1, keepdims=True))
)

clamped.wrong("c is not divided by the number of outputs, but by another number.")(
    _with(lambda b, log: (b - log).sum(axis=1, keepdims=True) / (b.shape[1] + 1))
)

clamped.wrong(
    "this makes the largest voltage equal to the largest drive. The least energy needs the mean of "
    "all differences."
)(_with(lambda b, log: b.max(axis=1, keepdims=True) - log.max(axis=1, keepdims=True)))

clamped.wrong("the c of the largest difference. The least energy needs their mean.")(
    _with(lambda b, log: (b - log).max(axis=1, keepdims=True))
)

clamped.wrong("the c of the smallest difference. The least energy needs their mean.")(
    _with(lambda b, log: (b - log).min(axis=1, keepdims=True))
)

clamped.wrong(
    "a softmax *has* the exponential in it already, so the voltage is the logarithm of the target, "
    "not the target itself."
)(_with(lambda b, y: _rows(b - y), lambda y: y))

clamped.wrong("the exponential of the target: take the logarithm.")(
    _with(lambda b, y: _rows(b - y), np.exp)
)

clamped.wrong("c is made with the target itself: with its logarithm.")(
    lambda target, b: np.log(target) + _rows(b - target)
)

clamped.wrong("this is the basal drive itself: it predicts what is predicted already.")(
    lambda target, b: np.array(b)
)

clamped.wrong("the logarithm to another base: np.log, since the softmax is made with exp.")(
    _with(lambda b, log: _rows(b - log), np.log10)
)

clamped.wrong("the logarithm to another base: np.log, since the softmax is made with exp.")(
    _with(lambda b, log: _rows(b - log), np.log2)
)

clamped.wrong("this is the softmax of it. Return voltages, in front of the softmax.")(
    lambda target, b: np.array(target)
)

clamped.wrong("this is the error eps_L, log(target) + c - b. Return the voltage.")(
    lambda target, b: clamped(target, b) - b
)

clamped.wrong("half of c: the slope of the energy by c is zero at the whole mean.")(
    _with(lambda b, log: _rows(b - log) / 2)
)

clamped.wrong("the signs of log(target) are the wrong way round: no minus.")(
    lambda target, b: -np.log(target) + _rows(b + np.log(target))
)

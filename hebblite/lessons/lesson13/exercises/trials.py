"""Exercise 13.3: how many trials an experiment takes."""

from __future__ import annotations

import numpy as np

from ....teaching.exercises import exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Array, Array, float]:
    """Effects of 2 to 4 comparisons, of 1 in one case of four, and the noise of one trial in each
    (a standard deviation), both (K,); and the standard errors that are wanted."""
    rng = np.random.default_rng([133, seed])
    K = 1 if seed % 4 == 3 else int(rng.integers(2, 5))
    effect = rng.uniform(0.2, 2.0, K)
    return effect, effect * rng.uniform(0.6, 5.0, K), float(rng.uniform(1.5, 4.0))


@exercise(
    "13.3",
    "how many trials an experiment takes",
    cases=cases,
    hints=(
        "The mean of N trials scatters by noise / sqrt(N).",
        "The difference of two such means scatters by noise * sqrt(2 / N): variances add.",
        "Solve z * noise * sqrt(2 / N) <= effect for N, and take the next whole number (np.ceil).",
    ),
)
def trials(effect: Array, noise: Array, z: float) -> Array:
    """The least number of trials of each of two kinds for which the difference of their means, if
    it is ``effect`` (K,), is at least ``z`` standard errors; noise (K,), of one trial."""
    return np.asarray(np.ceil(2 * (z * noise / effect) ** 2))


@trials.right
def by_counting(effect: Array, noise: Array, z: float) -> Array:
    n = np.ones_like(effect)
    while (short := z * noise * np.sqrt(2 / n) > effect).any():
        n = n + short
    return n


@trials.right
def by_variances(effect: Array, noise: Array, z: float) -> Array:
    return -((-(noise**2 + noise**2) * z**2) // effect**2)


def _with(number: Array) -> Array:
    return np.asarray(np.ceil(number))


trials.wrong(
    "one of the two kinds of trials is taken to have no noise. The means of both scatter, and "
    "variances add: a factor 2 is missing."
)(lambda effect, noise, z: _with((z * noise / effect) ** 2))

trials.wrong(
    "two things are missing: the means of both kinds scatter, and variances add, which is a factor "
    "2; and a number of trials is whole, so take the next whole number, with np.ceil."
)(lambda effect, noise, z: (z * noise / effect) ** 2)

trials.wrong("a number of trials is whole: take the next whole number, with np.ceil.")(
    lambda effect, noise, z: 2 * (z * noise / effect) ** 2
)

trials.wrong("rounded down, it falls just short of what is asked: take np.ceil.")(
    lambda effect, noise, z: np.floor(2 * (z * noise / effect) ** 2)
)

trials.wrong("rounded to the nearest, it may fall just short: take np.ceil.")(
    lambda effect, noise, z: np.round(2 * (z * noise / effect) ** 2)
)

trials.wrong("a square is missing: a mean scatters with one over the *root* of the number.")(
    lambda effect, noise, z: _with(2 * z * noise / effect)
)

trials.wrong("the ratio is upside down: more noise takes more trials.")(
    lambda effect, noise, z: _with(2 * (z * effect / noise) ** 2)
)

trials.wrong("z must be squared, too: twice as many standard errors take four times the trials.")(
    lambda effect, noise, z: _with(2 * z * (noise / effect) ** 2)
)

trials.wrong("the noise is a standard deviation, not a variance: square it.")(
    lambda effect, noise, z: _with(2 * z**2 * noise / effect**2)
)

trials.wrong("the effect must be squared: half the effect takes four times the trials.")(
    lambda effect, noise, z: _with(2 * (z * noise) ** 2 / effect)
)

trials.wrong("standard deviations do not add, variances do: the factor is 2, not 4.")(
    lambda effect, noise, z: _with(4 * (z * noise / effect) ** 2)
)

trials.wrong("z is left out: with this number the effect is one standard error.")(
    lambda effect, noise, z: _with(2 * (noise / effect) ** 2)
)

trials.wrong("z belongs to the numerator: asking for more standard errors takes more trials.")(
    lambda effect, noise, z: _with(2 * (noise / (z * effect)) ** 2)
)

trials.wrong("this is one trial more than is needed: np.ceil alone is enough.")(
    lambda effect, noise, z: _with(2 * (z * noise / effect) ** 2) + 1
)

trials.wrong("the trials of each kind are asked for, and this is the number of both together.")(
    lambda effect, noise, z: 2 * _with(2 * (z * noise / effect) ** 2)
)

trials.wrong("this is how far the difference scatters with one trial of each kind. Solve for N.")(
    lambda effect, noise, z: noise * np.sqrt(2)
)

trials.wrong("the factor is 2: for half as many trials, one kind would have to be free of noise.")(
    lambda effect, noise, z: _with(0.5 * (z * noise / effect) ** 2)
)

trials.wrong("the root of 2 is squared with the rest: the factor is 2.")(
    lambda effect, noise, z: _with(np.sqrt(2) * (z * noise / effect) ** 2)
)

trials.wrong("the factor is 2: there are two means, each with its variance.")(
    lambda effect, noise, z: _with(3 * (z * noise / effect) ** 2)
)

trials.wrong("a mean scatters with one over the root of the number, so it is a square, no cube.")(
    lambda effect, noise, z: _with(2 * (z * noise / effect) ** 3)
)

trials.wrong("rounded too early: round the number of trials up, and nothing before.")(
    lambda effect, noise, z: _with(2 * (z * noise // effect) ** 2)
)

trials.wrong("rounded too early: round the number of trials up, and nothing before.")(
    lambda effect, noise, z: 2 * np.ceil((z * noise / effect) ** 2)
)

trials.wrong("it is a power of 2 here. The ratio is to be squared: ratio ** 2.")(
    lambda effect, noise, z: _with(2 * 2 ** (z * noise / effect))
)

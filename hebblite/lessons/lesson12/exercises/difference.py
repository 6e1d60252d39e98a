"""Exercise 12.2: a difference over seeds, and how sure it is, paired and not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray
Three = tuple[Array, Array, Array]


def cases(seed: int) -> tuple[Array, Array]:
    """Accuracies (%) of two methods in K frameworks (N, K), one to three, on the same two to nine
    seeds: alike from seed to seed, or opposite, or neither."""
    rng = np.random.default_rng([122, seed])
    N, K = int(rng.integers(2, 10)), 1 if seed % 3 == 1 else int(rng.integers(2, 4))
    if K > 1 and abs(N - K) < 2:  # an axis taken for the other shows in the shape
        N = K + 2
    shared, own = rng.normal(0, 1, (N, K)), rng.normal(0, 0.5, (2, N, K))
    with_it = (1.0, -1.0, 0.0)[seed % 3]
    a = 94 + shared + own[0]
    return a, 94 + rng.uniform(-2, 2, K) + 0.8 * with_it * shared + 2 * own[1]


@exercise(
    "12.2",
    "a difference, paired and not",
    cases=cases,
    parts=("mean", "paired", "unpaired"),
    hints=(
        "Paired: make one number of each seed first, the difference. Then it is the standard error "
        "of a mean, as in 12.1.",
        "Unpaired: each mean has an error of its own. Squares of independent errors add up.",
        "d = a - b; d.mean(axis=0), d.std(axis=0, ddof=1) / np.sqrt(N), and np.sqrt((a.var(axis=0, "
        "ddof=1) + b.var(axis=0, ddof=1)) / N).",
    ),
)
def difference(a: Array, b: Array) -> Three:
    """Mean of a - b over the seeds, its standard error with pairs, s_d / sqrt(N), and as if the
    seeds of a and b were others, sqrt((s_a^2 + s_b^2) / N), each (K,). a, b: (N, K)."""
    return _mean(a, b), _paired(a, b), _unpaired(a, b)


def _sd(values: Array, ddof: int = 1) -> Array:
    return np.asarray(values.std(axis=0, ddof=ddof))


def _var(values: Array, ddof: int = 1) -> Array:
    return np.asarray(values.var(axis=0, ddof=ddof))


def _mean(a: Array, b: Array) -> Array:
    return np.asarray((a - b).mean(axis=0))


def _paired(a: Array, b: Array) -> Array:
    return np.asarray((a - b).std(axis=0, ddof=1) / np.sqrt(len(a)))


def _unpaired(a: Array, b: Array) -> Array:
    return np.asarray(np.sqrt((a.var(axis=0, ddof=1) + b.var(axis=0, ddof=1)) / len(a)))


Part = Callable[[Array, Array], Any]


def _made(mean: Part = _mean, paired: Part = _paired, unpaired: Part = _unpaired) -> Answer:
    return lambda a, b: (mean(a, b), paired(a, b), unpaired(a, b))


@difference.right
def by_covariance(a: Array, b: Array) -> Three:
    """Both from what the two have in common: pairs leave that out."""
    a_off, b_off, N = a - a.mean(axis=0), b - b.mean(axis=0), len(a)
    both = (a_off**2 + b_off**2).sum(axis=0) / (N - 1)
    common = (a_off * b_off).sum(axis=0) / (N - 1)
    paired = np.sqrt(np.maximum(both - 2 * common, 0) / N)
    return a.mean(axis=0) - b.mean(axis=0), paired, np.sqrt(both / N)


@difference.right
def by_framework(a: Array, b: Array) -> Any:
    """A column at a time, by sums."""

    def error(v: Array) -> float:
        return float(((v - v.sum() / len(v)) ** 2).sum() / (len(v) - 1) / len(v))

    rows = [
        (float((x - y).sum() / len(x)), error(x - y) ** 0.5, (error(x) + error(y)) ** 0.5)
        for x, y in zip(a.T, b.T, strict=True)
    ]
    return np.array(rows).T


difference.right(lambda a, b: list(difference(a, b)))


@difference.wrong("means and spreads are taken over the frameworks. Seeds are the rows: axis=0.")
def over_frameworks(a: Array, b: Array) -> Three:
    d, K = (a - b).T, a.shape[1]
    paired = _sd(d, min(1, K - 1)) / np.sqrt(K)
    both = _var(a.T, min(1, K - 1)) + _var(b.T, min(1, K - 1))
    return d.mean(axis=0), paired, np.sqrt(both / K)


@difference.wrong(
    "means and spreads are taken over all frameworks together. Each has its own: axis=0."
)
def over_all(a: Array, b: Array) -> Three:
    d, N = a - b, len(a)
    one = np.ones(a.shape[1])
    both = a.var(ddof=1) + b.var(ddof=1)
    return d.mean() * one, d.std(ddof=1) / np.sqrt(N) * one, np.sqrt(both / N) * one


difference.wrong(
    "a root of N *multiplies*. A mean of more seeds is surer: divide by the root of N."
)(
    _made(
        paired=lambda a, b: _sd(a - b) * np.sqrt(len(a)),
        unpaired=lambda a, b: np.sqrt((_var(a) + _var(b)) * len(a)),
    )
)
difference.wrong("the root of N multiplies the paired spread: divide by it.")(
    _made(paired=lambda a, b: _sd(a - b) * np.sqrt(len(a)))
)
difference.wrong(
    "only one of the two variances is divided by the number of seeds: both means are of N seeds."
)(_made(unpaired=lambda a, b: np.sqrt(_var(a) / len(a) + _var(b))))
difference.wrong(
    "only one of the two variances is divided by the number of seeds: both means are of N seeds."
)(_made(unpaired=lambda a, b: np.sqrt(_var(a) + _var(b) / len(a))))
difference.wrong(
    "only one of the two variances has `ddof=1`. Both are estimated, each with its own mean."
)(_made(unpaired=lambda a, b: np.sqrt((_var(a, 0) + _var(b)) / len(a))))
difference.wrong(
    "only one of the two variances has `ddof=1`. Both are estimated, each with its own mean."
)(_made(unpaired=lambda a, b: np.sqrt((_var(a) + _var(b, 0)) / len(a))))
difference.wrong("the difference is the wrong way round: a minus b.")(
    _made(mean=lambda a, b: (b - a).mean(axis=0))
)
difference.wrong("this is the mean size of the differences: they keep their signs.")(
    _made(mean=lambda a, b: np.abs(a - b).mean(axis=0))
)
difference.wrong("this is the median of the differences: the mean is asked for.")(
    _made(mean=lambda a, b: np.median(a - b, axis=0))
)
difference.wrong("this is the sum of the differences: take their mean.")(
    _made(mean=lambda a, b: (a - b).sum(axis=0))
)
difference.wrong("first comes the mean of the *differences*, a - b, not that of a.")(
    _made(mean=lambda a, b: a.mean(axis=0))
)
difference.wrong("first comes the mean of the differences over the seeds, not all of them.")(
    _made(mean=lambda a, b: a - b)
)
difference.wrong(
    "paired and unpaired are swapped: the mean comes first, then the error of the paired "
    "difference, then the other."
)(_made(paired=_unpaired, unpaired=_paired))
difference.wrong("the standard deviations divide by n: `ddof=1` divides by n - 1.")(
    _made(
        paired=lambda a, b: _sd(a - b, 0) / np.sqrt(len(a)),
        unpaired=lambda a, b: np.sqrt((_var(a, 0) + _var(b, 0)) / len(a)),
    )
)
difference.wrong(
    "the standard deviation of the paired differences divides by n: `ddof=1` divides by n - 1."
)(_made(paired=lambda a, b: _sd(a - b, 0) / np.sqrt(len(a))))
difference.wrong("the unpaired variances divide by n: `ddof=1` divides by n - 1.")(
    _made(unpaired=lambda a, b: np.sqrt((_var(a, 0) + _var(b, 0)) / len(a)))
)
difference.wrong(
    "both are spreads of single seeds. The error of a mean of n seeds is smaller by the root of n."
)(
    _made(
        paired=lambda a, b: _sd(a - b),
        unpaired=lambda a, b: np.sqrt(_var(a) + _var(b)),
    )
)
difference.wrong(
    "the paired one is the spread of single differences: divide by the root of n for their mean."
)(_made(paired=lambda a, b: _sd(a - b)))
difference.wrong(
    "the unpaired one is of single seeds: divide each variance by n for the error of the means."
)(_made(unpaired=lambda a, b: np.sqrt(_var(a) + _var(b))))
difference.wrong("the paired spread is divided by n: an error falls with the *root* of n.")(
    _made(paired=lambda a, b: _sd(a - b) / len(a))
)
difference.wrong(
    "the paired spread is divided by the root of n - 1. The n - 1 stands in the standard deviation "
    "already (`ddof=1`)."
)(_made(paired=lambda a, b: _sd(a - b) / np.sqrt(len(a) - 1)))
difference.wrong(
    "the two standard errors are added up. Independent errors add up as squares: the root of the "
    "sum of the variances."
)(_made(unpaired=lambda a, b: (_sd(a) + _sd(b)) / np.sqrt(len(a))))
difference.wrong(
    "the unpaired variances are subtracted. The difference of two independent numbers is *less* "
    "sure than either: their variances add up."
)(
    _made(
        unpaired=lambda a, b: np.sqrt(abs(_var(a) - _var(b)) / len(a)),
    )
)
difference.wrong("the unpaired one is a variance: its root is missing.")(
    _made(unpaired=lambda a, b: (_var(a) + _var(b)) / len(a))
)
difference.wrong("the paired one is a variance: its root is missing.")(
    _made(paired=lambda a, b: _var(a - b) / len(a))
)
difference.wrong("both errors are variances: the roots are missing.")(
    _made(
        paired=lambda a, b: _var(a - b) / len(a),
        unpaired=lambda a, b: (_var(a) + _var(b)) / len(a),
    )
)
difference.wrong(
    "the unpaired one has the *mean* of the two variances. They add up, and are not averaged."
)(_made(unpaired=lambda a, b: np.sqrt((_var(a) + _var(b)) / 2 / len(a))))
difference.wrong(
    "the unpaired one pools all 2n values: then the difference of the two means counts as spread."
)(
    _made(
        unpaired=lambda a, b: _sd(np.concatenate([a, b])) / np.sqrt(len(a)),
    )
)
difference.wrong(
    "the unpaired one pools all 2n values: then the difference of the two means counts as spread."
)(
    _made(
        unpaired=lambda a, b: _sd(np.concatenate([a, b])) / np.sqrt(2 * len(a)),
    )
)
difference.wrong(
    "the paired one sorts each method's seeds first. A pair is the *same* seed of both: their "
    "order must stay."
)(
    _made(
        paired=lambda a, b: _sd(np.sort(a, axis=0) - np.sort(b, axis=0)) / np.sqrt(len(a)),
    )
)
difference.wrong("the unpaired one leaves b out: both means have an error.")(
    _made(unpaired=lambda a, b: _sd(a) / np.sqrt(len(a)))
)
difference.wrong(
    "the paired one is the difference of the two standard errors. Subtract seed by seed first, "
    "and take the spread of what you get."
)(_made(paired=lambda a, b: (_sd(a) - _sd(b)) / np.sqrt(len(a))))
difference.wrong(
    "the paired one has the root of the *difference* of the two variances. Subtract seed by seed "
    "first, and take the spread of what you get."
)(_made(paired=lambda a, b: np.sqrt(abs(_var(a) - _var(b)) / len(a))))
difference.wrong("both errors are the paired one. In the third, nothing is subtracted by seed.")(
    _made(unpaired=_paired)
)
difference.wrong("both errors are the unpaired one. In the second, subtract seed by seed first.")(
    _made(paired=_unpaired)
)
difference.wrong("the paired one is of the sum: the spread of a *minus* b, seed by seed.")(
    _made(paired=lambda a, b: _sd(a + b) / np.sqrt(len(a)))
)

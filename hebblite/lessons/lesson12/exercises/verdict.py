"""Exercise 12.1: the interval of a mean, and the verdict that it allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....teaching.exercises import Answer, exercise
from ..equations import student

Array = np.ndarray
Given = tuple[Array, Array, Array, float]
Verdict = tuple[Array, Array, Array]


#: A bound that binds nothing.
FAR = 100.0


def cases(seed: int) -> Given:
    """Values of K quantities (N, K), one, five or six, on two to nine seeds, bounds (K,) and t. In
    turn an interval lies inside, on one side, on the other, reaches over one bound, over the other,
    over both; bounds are far away now and then. Of the last of six all seeds are alike, and a
    bound is just there: its interval has no width, and ends *at* the bound."""
    rng = np.random.default_rng([121, seed])
    N, K = int(rng.integers(2, 10)), (5, 1, 6)[seed % 3]
    if K > 1 and abs(N - K) < 2:  # an axis taken for the other shows in the shape
        N = K + 2
    values = rng.normal(rng.uniform(-3, 3, K), rng.uniform(0.5, 2, K), (N, K))
    t = student(N)
    bounds = [
        _bounds(rng, float(v.mean()), t * float(v.std(ddof=1)) / np.sqrt(N), 5 * seed + k)
        for k, v in enumerate(values.T)
    ]
    if K == 6:
        values[:, -1] = at = float(rng.integers(-3, 4))  # a mean of whole numbers is exact
        bounds[-1] = (at, at + 1) if seed % 2 else (at - 1, at)
    low, high = np.array(bounds).T
    return values, low, high, t


def _bounds(rng: np.random.Generator, m: float, half: float, which: int) -> tuple[float, float]:
    """Bounds for an interval m -+ half, of ten kinds."""
    near, far = m - half * rng.uniform(1.3, 2), m + half * rng.uniform(1.3, 2)
    inner = half * rng.uniform(0.2, 0.7)
    return (
        (near, far),
        (m - inner, far),
        (far, far + 2 * half),
        (near, m + inner),
        (near - 2 * half, near),
        (m - inner, m + inner),
        (near, FAR),
        (-FAR, m - inner),
        (far, FAR),
        (-FAR, near),
    )[which % 10]


@exercise(
    "12.1",
    "an interval, and a verdict",
    cases=cases,
    parts=("left", "right", "verdict"),
    hints=(
        "The interval is the mean over the seeds, minus and plus t standard errors of that mean. "
        "How is the standard error related to the standard deviation of the values?",
        "s = values.std(axis=0, ddof=1), and the standard error of the mean is s / sqrt(N). For "
        "the verdict compare both ends with both bounds, with & and | as these are arrays.",
        "half = t * values.std(axis=0, ddof=1) / np.sqrt(len(values)). "
        "inside = (low <= left) & (right <= high), outside = (right < low) | (left > high); the "
        "verdict is inside.astype(int) - outside.",
    ),
)
def verdict(values: Array, low: Array, high: Array, t: float) -> Verdict:
    """(left, right, verdict), each (K,): ends of the interval mean -+ t s / sqrt(N) of the values
    (N, K) over seeds, and 1 if all of it lies within [low, high], -1 if all of it lies outside,
    else 0."""
    m, half = values.mean(axis=0), t * values.std(axis=0, ddof=1) / np.sqrt(len(values))
    return m - half, m + half, judged(m - half, m + half, low, high)


def judged(left: Any, right: Any, low: Any, high: Any) -> Array:
    """1 for an interval within [low, high], -1 for one outside, else 0."""
    inside = (low <= left) & (right <= high)
    outside = (right < low) | (left > high)
    return np.asarray(inside.astype(int) - outside.astype(int))


Half = Callable[[Array, float], Any]
Judge = Callable[..., Any]


def spread(values: Array, ddof: int = 1) -> Array:
    """Standard deviation over the seeds, (K,)."""
    return np.asarray(values.std(axis=0, ddof=ddof))


def _half(values: Array, t: float) -> Any:
    return t * spread(values) / np.sqrt(len(values))


def _mean(values: Array) -> Any:
    return values.mean(axis=0)


def made(half: Half = _half, judge: Judge = judged, middle: Any = _mean) -> Answer:
    """Answers with another half width, another verdict or another middle."""

    def answer(values: Array, low: Array, high: Array, t: float) -> Any:
        h, m = half(values, t), middle(values)
        return m - h, m + h, judge(m - h, m + h, low, high)

    return answer


@verdict.right
def by_hand(values: Array, low: Array, high: Array, t: float) -> Any:
    """A quantity at a time."""
    found = []
    for column, lowest, highest in zip(values.T, low, high, strict=True):
        n = len(column)
        m = sum(column) / n
        half = t * (sum((x - m) ** 2 for x in column) / (n - 1) / n) ** 0.5
        told = 0
        if lowest <= m - half and m + half <= highest:
            told = 1
        elif m + half < lowest or highest < m - half:
            told = -1
        found.append((m - half, m + half, told))
    return np.array(found).T


@verdict.right
def by_clipping(values: Array, low: Array, high: Array, t: float) -> Verdict:
    """How much of the interval is left within the bounds: all, nothing, or a part."""
    half = t * np.sqrt(np.var(values, axis=0, ddof=1) / len(values))
    left, right = values.mean(axis=0) - half, values.mean(axis=0) + half
    a, b = np.maximum(left, low), np.minimum(right, high)
    return left, right, np.where(a > b, -1, np.where((a == left) & (b == right), 1, 0))


verdict.right(lambda values, low, high, t: list(verdict(values, low, high, t)))

# ---------------------------------------------------------------------- the interval


@verdict.wrong(
    "mean and spread are taken over the quantities. Take them over the seeds, which are the rows: "
    "axis=0."
)
def over_quantities(values: Array, low: Array, high: Array, t: float) -> Verdict:
    turned = values.T
    m, half = (
        turned.mean(axis=0),
        t * spread(turned, min(1, len(turned) - 1)) / np.sqrt(len(turned)),
    )
    return m - half, m + half, 0 * m


@verdict.wrong(
    "mean and spread are taken over all quantities together. Each has an interval of its own: "
    "axis=0."
)
def over_all(values: Array, low: Array, high: Array, t: float) -> Verdict:
    m, half = values.mean(), t * values.std(ddof=1) / np.sqrt(len(values))
    m, half = 0 * low.clip(-1, 1) + m, half
    return m - half, m + half, judged(m - half, m + half, low, high)


verdict.wrong(
    "all values of all quantities are counted. Each quantity has N of them: `len(values)`, and not "
    "`values.size`."
)(made(lambda v, t: t * spread(v) / np.sqrt(v.size)))

verdict.wrong(
    "the root of N *multiplies* the spread. A mean of more seeds is surer: divide by it."
)(made(lambda v, t: t * spread(v) * np.sqrt(len(v))))

verdict.wrong("the interval is divided by t: it reaches t standard errors to either side.")(
    made(lambda v, t: spread(v) / t / np.sqrt(len(v)))
)

verdict.wrong("the spread is missing: t standard errors, and a standard error has s in it.")(
    made(lambda v, t: t / np.sqrt(len(v)) + 0 * v[0])
)

verdict.wrong("`ddof=2` takes two off. One is taken off, since one mean was estimated: `ddof=1`.")(
    made(lambda v, t: t * (spread(v, 2) if len(v) > 2 else 2 * spread(v)) / np.sqrt(len(v)))
)

verdict.wrong(
    "the standard deviation divides by n here. From a sample it is estimated with n - 1: "
    "`values.std(ddof=1)`."
)(made(lambda v, t: t * spread(v, 0) / np.sqrt(len(v))))

verdict.wrong(
    "this is t times the spread of single seeds. The mean of n seeds is surer by the root of n."
)(made(lambda v, t: t * spread(v)))

verdict.wrong(
    "this is t times the spread of single seeds, with n where n - 1 belongs. Divide by the root of "
    "n, and take `ddof=1`."
)(made(lambda v, t: t * spread(v, 0)))

verdict.wrong("the spread is divided by n: the error of a mean falls with the *root* of n.")(
    made(lambda v, t: t * spread(v) / len(v))
)

verdict.wrong(
    "the spread is divided by the root of n - 1. The n - 1 belongs into the standard deviation "
    "(`ddof=1`), and the root of n is what averaging n values brings."
)(made(lambda v, t: t * spread(v) / np.sqrt(len(v) - 1)))

verdict.wrong("t is missing: this is one standard error to either side, not 95 %.")(
    made(lambda v, t: spread(v) / np.sqrt(len(v)))
)

verdict.wrong(
    "t is missing, and the standard deviation divides by n. Use `ddof=1`, and t standard errors."
)(made(lambda v, t: spread(v, 0) / np.sqrt(len(v))))

verdict.wrong(
    "1.96 is the factor for very many seeds. For few of them Student's t is larger: use the "
    "argument t."
)(made(lambda v, t: 1.96 * spread(v) / np.sqrt(len(v))))

verdict.wrong(
    "2 is about the factor for many seeds. For few of them Student's t is larger: use the "
    "argument t."
)(made(lambda v, t: 2 * spread(v) / np.sqrt(len(v))))

verdict.wrong("this is the variance: its root is missing.")(
    made(lambda v, t: t * spread(v) ** 2 / np.sqrt(len(v)))
)

verdict.wrong("this is the variance over n: take the root of it before you multiply by t.")(
    made(lambda v, t: t * spread(v) ** 2 / len(v))
)

verdict.wrong("the interval is half as wide as it should be: t standard errors to *either* side.")(
    made(lambda v, t: _half(v, t) / 2)
)

verdict.wrong("the interval is twice as wide as it should be: t standard errors to either side.")(
    made(lambda v, t: 2 * _half(v, t))
)

verdict.wrong("this is the interval around the median. The claim is about the mean.")(
    made(middle=lambda v: np.median(v, axis=0))
)

verdict.wrong("this is the interval around the sum: take the mean.")(
    made(middle=lambda v: v.sum(axis=0))
)

verdict.wrong(
    "this is the interval around zero: it should stand around the mean of the values, and the "
    "bounds are compared with that."
)(made(middle=lambda v: 0 * v[0]))


@verdict.wrong(
    "this is the range from the least to the greatest value. It grows with more seeds, while the "
    "interval of the mean shrinks."
)
def as_range(values: Array, low: Array, high: Array, t: float) -> Verdict:
    left, right = values.min(axis=0), values.max(axis=0)
    return left, right, judged(left, right, low, high)


def returning(what: Callable[[Array, Array, Array], Any]) -> Answer:
    """Answers that return something else of (left, right, verdict)."""
    return lambda values, low, high, t: what(*verdict(values, low, high, t))


verdict.wrong("left and right are swapped: the smaller end comes first.")(
    returning(lambda a, b, v: (b, a, v))
)
verdict.wrong("return both ends of the interval, not its middle and half its width.")(
    returning(lambda a, b, v: ((a + b) / 2, (b - a) / 2, v))
)
verdict.wrong("return both ends of the interval, not its middle and its width.")(
    returning(lambda a, b, v: ((a + b) / 2, b - a, v))
)
verdict.wrong("the verdict comes last: left, right, verdict.")(returning(lambda a, b, v: (v, a, b)))

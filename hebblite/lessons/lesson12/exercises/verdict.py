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
    """Values of K quantities (N, K), one or five, on two to nine seeds, bounds (K,) and t. In
    turn an interval lies inside, on one side, on the other, reaches over one bound, over the other,
    over both; bounds are far away now and then."""
    rng = np.random.default_rng([121, seed])
    N, K = int(rng.integers(2, 10)), 1 if seed % 3 == 1 else 5
    if K > 1 and abs(N - K) < 2:  # an axis taken for the other shows in the shape
        N = K + 2
    values = rng.normal(rng.uniform(-3, 3, K), rng.uniform(0.5, 2, K), (N, K))
    t = student(N)
    bounds = [
        _bounds(rng, float(v.mean()), t * float(v.std(ddof=1)) / np.sqrt(N), 5 * seed + k)
        for k, v in enumerate(values.T)
    ]
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
    return m - half, m + half, _judged(m - half, m + half, low, high)


def _judged(left: Any, right: Any, low: Any, high: Any) -> Array:
    inside = (low <= left) & (right <= high)
    outside = (right < low) | (left > high)
    return np.asarray(inside.astype(int) - outside.astype(int))


Half = Callable[[Array, float], Any]
Judge = Callable[..., Any]


def _sd(values: Array, ddof: int = 1) -> Array:
    return np.asarray(values.std(axis=0, ddof=ddof))


def _half(values: Array, t: float) -> Any:
    return t * _sd(values) / np.sqrt(len(values))


def _mean(values: Array) -> Any:
    return values.mean(axis=0)


def _made(half: Half = _half, judge: Judge = _judged, middle: Any = _mean) -> Answer:
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
    m, half = turned.mean(axis=0), t * _sd(turned, min(1, len(turned) - 1)) / np.sqrt(len(turned))
    return m - half, m + half, 0 * m


@verdict.wrong(
    "mean and spread are taken over all quantities together. Each has an interval of its own: "
    "axis=0."
)
def over_all(values: Array, low: Array, high: Array, t: float) -> Verdict:
    m, half = values.mean(), t * values.std(ddof=1) / np.sqrt(len(values))
    m, half = 0 * low.clip(-1, 1) + m, half
    return m - half, m + half, _judged(m - half, m + half, low, high)


verdict.wrong(
    "all values of all quantities are counted. Each quantity has N of them: `len(values)`, and not "
    "`values.size`."
)(_made(lambda v, t: t * _sd(v) / np.sqrt(v.size)))

verdict.wrong(
    "the root of N *multiplies* the spread. A mean of more seeds is surer: divide by it."
)(_made(lambda v, t: t * _sd(v) * np.sqrt(len(v))))

verdict.wrong("the interval is divided by t: it reaches t standard errors to either side.")(
    _made(lambda v, t: _sd(v) / t / np.sqrt(len(v)))
)

verdict.wrong("the spread is missing: t standard errors, and a standard error has s in it.")(
    _made(lambda v, t: t / np.sqrt(len(v)) + 0 * v[0])
)

verdict.wrong("`ddof=2` takes two off. One is taken off, since one mean was estimated: `ddof=1`.")(
    _made(lambda v, t: t * (_sd(v, 2) if len(v) > 2 else 2 * _sd(v)) / np.sqrt(len(v)))
)

verdict.wrong(
    "the standard deviation divides by n here. From a sample it is estimated with n - 1: "
    "`values.std(ddof=1)`."
)(_made(lambda v, t: t * _sd(v, 0) / np.sqrt(len(v))))

verdict.wrong(
    "this is t times the spread of single seeds. The mean of n seeds is surer by the root of n."
)(_made(lambda v, t: t * _sd(v)))

verdict.wrong(
    "this is t times the spread of single seeds, with n where n - 1 belongs. Divide by the root of "
    "n, and take `ddof=1`."
)(_made(lambda v, t: t * _sd(v, 0)))

verdict.wrong("the spread is divided by n: the error of a mean falls with the *root* of n.")(
    _made(lambda v, t: t * _sd(v) / len(v))
)

verdict.wrong(
    "the spread is divided by the root of n - 1. The n - 1 belongs into the standard deviation "
    "(`ddof=1`), and the root of n is what averaging n values brings."
)(_made(lambda v, t: t * _sd(v) / np.sqrt(len(v) - 1)))

verdict.wrong("t is missing: this is one standard error to either side, not 95 %.")(
    _made(lambda v, t: _sd(v) / np.sqrt(len(v)))
)

verdict.wrong(
    "t is missing, and the standard deviation divides by n. Use `ddof=1`, and t standard errors."
)(_made(lambda v, t: _sd(v, 0) / np.sqrt(len(v))))

verdict.wrong(
    "1.96 is the factor for very many seeds. For few of them Student's t is larger: use the "
    "argument t."
)(_made(lambda v, t: 1.96 * _sd(v) / np.sqrt(len(v))))

verdict.wrong(
    "2 is about the factor for many seeds. For few of them Student's t is larger: use the "
    "argument t."
)(_made(lambda v, t: 2 * _sd(v) / np.sqrt(len(v))))

verdict.wrong("this is the variance: its root is missing.")(
    _made(lambda v, t: t * _sd(v) ** 2 / np.sqrt(len(v)))
)

verdict.wrong("this is the variance over n: take the root of it before you multiply by t.")(
    _made(lambda v, t: t * _sd(v) ** 2 / len(v))
)

verdict.wrong("the interval is half as wide as it should be: t standard errors to *either* side.")(
    _made(lambda v, t: _half(v, t) / 2)
)

verdict.wrong("the interval is twice as wide as it should be: t standard errors to either side.")(
    _made(lambda v, t: 2 * _half(v, t))
)

verdict.wrong("this is the interval around the median. The claim is about the mean.")(
    _made(middle=lambda v: np.median(v, axis=0))
)

verdict.wrong("this is the interval around the sum: take the mean.")(
    _made(middle=lambda v: v.sum(axis=0))
)

verdict.wrong(
    "this is the interval around zero: it should stand around the mean of the values, and the "
    "bounds are compared with that."
)(_made(middle=lambda v: 0 * v[0]))


@verdict.wrong(
    "this is the range from the least to the greatest value. It grows with more seeds, while the "
    "interval of the mean shrinks."
)
def as_range(values: Array, low: Array, high: Array, t: float) -> Verdict:
    left, right = values.min(axis=0), values.max(axis=0)
    return left, right, _judged(left, right, low, high)


def _returning(made: Callable[[Array, Array, Array], Any]) -> Answer:
    return lambda values, low, high, t: made(*verdict(values, low, high, t))


verdict.wrong("left and right are swapped: the smaller end comes first.")(
    _returning(lambda a, b, v: (b, a, v))
)
verdict.wrong("return both ends of the interval, not its middle and half its width.")(
    _returning(lambda a, b, v: ((a + b) / 2, (b - a) / 2, v))
)
verdict.wrong("return both ends of the interval, not its middle and its width.")(
    _returning(lambda a, b, v: ((a + b) / 2, b - a, v))
)
verdict.wrong("the verdict comes last: left, right, verdict.")(
    _returning(lambda a, b, v: (v, a, b))
)

# ---------------------------------------------------------------------- the verdict


def _by(judge: Callable[..., int]) -> Answer:
    """Answers whose verdict is made of one interval at a time."""
    return _made(judge=np.vectorize(judge, otypes=[int]))


def _one(a: float, b: float, low: float, high: float) -> int:
    return int(_judged(np.array(a), b, low, high))


verdict.wrong(
    "the verdict asks only where the mean lies. Then noise decides near a bound: both ends of the "
    "interval have to lie inside, or both outside on one side."
)(_by(lambda a, b, low, high: 1 if low <= (a + b) / 2 <= high else -1))

verdict.wrong(
    "what does not agree differs here. There is a third case: an interval that reaches over a "
    "bound cannot tell, and is 0."
)(_by(lambda a, b, low, high: 1 if low <= a and b <= high else -1))

verdict.wrong(
    "an interval that merely touches the range agrees here. *All* of it has to lie inside; else it "
    "cannot tell."
)(_by(lambda a, b, low, high: 1 if a <= high and b >= low else -1))

verdict.wrong(
    "an interval that reaches over a bound agrees here: the cases 1 and 0 are merged or swapped."
)(_by(lambda a, b, low, high: 0 if low <= a and b <= high else -1 if b < low or a > high else 1))

verdict.wrong("the sign of the verdict is the wrong way round: 1 if it agrees, -1 if it differs.")(
    _by(lambda a, b, low, high: -_one(a, b, low, high))
)

verdict.wrong("the lower bound plays no part in agreeing: an interval may reach below it.")(
    _by(lambda a, b, low, high: 1 if b <= high and b >= low else _one(a, b, low, high))
)

verdict.wrong("the upper bound plays no part in agreeing: an interval may reach above it.")(
    _by(lambda a, b, low, high: 1 if low <= a <= high else _one(a, b, low, high))
)

verdict.wrong("only the lower bound is looked at. A quantity may be too large as well.")(
    _by(lambda a, b, low, high: _one(a, b, low, np.inf))
)

verdict.wrong("only the upper bound is looked at. A quantity may be too small as well.")(
    _by(lambda a, b, low, high: _one(a, b, -np.inf, high))
)

verdict.wrong(
    "what lies wholly above the range cannot tell here: it differs, as what lies wholly below it."
)(_by(lambda a, b, low, high: 0 if a > high else _one(a, b, low, high)))

verdict.wrong(
    "what lies wholly below the range cannot tell here: it differs, as what lies wholly above it."
)(_by(lambda a, b, low, high: 0 if b < low else _one(a, b, low, high)))

verdict.wrong(
    "nothing ever differs here, -1. To differ, an interval has to lie outside on *one* side: `|`, "
    "and not `&`, as nothing is below low and above high at once."
)(_by(lambda a, b, low, high: 1 if low <= a and b <= high else 0))

verdict.wrong(
    "this asks whether the interval leaves out zero. The claim has bounds of its own, which were "
    "set before the run: low and high."
)(_by(lambda a, b, low, high: 1 if a > 0 or b < 0 else 0))

verdict.wrong(
    "this asks whether zero lies in the interval. The claim has bounds of its own, which were set "
    "before the run: low and high."
)(_by(lambda a, b, low, high: 1 if a <= 0 <= b else -1))

verdict.wrong("the verdict is always 1: compare both ends of the interval with low and high.")(
    _by(lambda a, b, low, high: 1)
)

verdict.wrong("the verdict is always 0: compare both ends of the interval with low and high.")(
    _by(lambda a, b, low, high: 0)
)

verdict.wrong("the interval is t *over* the spread: multiply, t * s / sqrt(N).")(
    _made(lambda v, t: t / _sd(v) / np.sqrt(len(v)))
)

verdict.wrong("the left end lacks the mean: the interval stands around it.")(
    _returning(lambda a, b, v: (-(b - a) / 2, b, v))
)

verdict.wrong("the right end lacks the mean: the interval stands around it.")(
    _returning(lambda a, b, v: (a, (b - a) / 2, v))
)


def _counted(inside: Callable[..., Any]) -> Answer:
    """Answers that count 1 for what they call inside, less 1 for what is outside."""

    def answer(values: Array, low: Array, high: Array, t: float) -> Verdict:
        left, right, _ = verdict(values, low, high, t)
        outside = (right < low) | (left > high)
        return left, right, inside(left, right, low, high).astype(int) - outside.astype(int)

    return answer


verdict.wrong(
    "to agree, the left end has to be *above* the lower bound: low <= left. This has it the other "
    "way."
)(_counted(lambda a, b, low, high: (low > a) & (b <= high)))

verdict.wrong(
    "to agree, the right end has to be *below* the upper bound: right <= high. This has it the "
    "other way."
)(_counted(lambda a, b, low, high: (low <= a) & (b > high)))

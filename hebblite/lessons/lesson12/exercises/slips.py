"""Exercise 12.1: slips in the verdict, once the interval is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....teaching.exercises import Answer
from .verdict import Array, Verdict, judged, made, returning, verdict


def _by(judge: Callable[..., int]) -> Answer:
    """Answers whose verdict is made of one interval at a time."""
    return made(judge=np.vectorize(judge, otypes=[int]))


def _one(a: float, b: float, low: float, high: float) -> int:
    return int(judged(np.array(a), b, low, high))


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

verdict.wrong("the left end lacks the mean: the interval stands around it.")(
    returning(lambda a, b, v: (-(b - a) / 2, b, v))
)

verdict.wrong("the right end lacks the mean: the interval stands around it.")(
    returning(lambda a, b, v: (a, (b - a) / 2, v))
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

verdict.wrong(
    "an interval that ends exactly at a bound still lies within the range: ends are included, so "
    "compare with <= and >=."
)(_by(lambda a, b, low, high: 1 if low < a and b < high else -1 if b < low or a > high else 0))

verdict.wrong(
    "an interval that merely touches a bound differs here. What differs lies wholly *outside*, and "
    "the ends of the range are not outside: b < low or a > high."
)(_by(lambda a, b, low, high: -1 if b <= low or a >= high else 1 if low <= a and b <= high else 0))

verdict.wrong(
    "an interval that reaches over *one* bound differs here. To differ it has to lie wholly "
    "outside; reaching over a bound, it cannot tell."
)(_by(lambda a, b, low, high: 1 if low <= a and b <= high else 0 if a < low and b > high else -1))

verdict.wrong(
    "what reaches over a bound differs here, and what lies wholly outside cannot tell. It is the "
    "other way round."
)(_by(lambda a, b, low, high: (1, -1, 0)[1 - _one(a, b, low, high)]))

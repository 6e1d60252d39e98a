"""Digits of a trained network: which need the most effort, who finds them hard, what is spent.

Each ``said`` is a sentence, or a part of one, that is ready for the text. What the text needs to
say beside them: a network 784-64-64-10 with a linear output that DH has trained on 4,000 digits;
200 test digits; three stand-ins for people (``runs/digits.py``).
"""

from __future__ import annotations

import numpy as np

from ....teaching.claims import claim
from ..runs.digits import examine, rank_correlation, stand_ins
from ..runs.spending import on_digits


@claim(
    "06.c31",
    "how many times the effort of a digit that is read right a misread one needs, medians",
    said="In the median, a misread digit needs more than twice the effort of one that is read "
    "right, on every seed.",
    low=2,
)
def misread_need_more(seed: int) -> float:
    return examine(seed).misread_needs()


@claim(
    "06.c32",
    "of the twenty digits with the most effort more than half are misread; of the hundred with the "
    "least at most one",
    said="More than half of the twenty digits that need the most effort are misread. Among the "
    "hundred that need the least, at most one is.",
)
def the_most_are_misread(seed: int) -> bool:
    seen = examine(seed)
    wrong = ~seen.right[seen.order]
    return bool(wrong[-20:].sum() > 10 and wrong[:100].sum() <= 1)


@claim(
    "06.c33",
    "ones need the least effort of all classes",
    said="Of all ten digits, 1 needs the least effort on average, on at least four seeds of five.",
    share=0.8,
)
def ones_need_least(seed: int) -> bool:
    return int(np.argmin(examine(seed).by_class())) == 1


def agreement(seed: int, name: str) -> float:
    """The rank correlation of H* with a stand-in."""
    return rank_correlation(examine(seed).H, stand_ins(seed)[name])


@claim(
    "06.c34",
    "rank correlation of H* with the doubt of twenty other networks",
    said="its rank correlation with the doubt of twenty networks that were trained on other digits "
    "is above 0.7",
    low=0.7,
)
def others_doubt(seed: int) -> float:
    return agreement(seed, "doubt of others")


@claim(
    "06.c35",
    "rank correlation of H* with the doubt of neighbours",
    said="with the doubt of the nearest neighbours it is above 0.5",
    share=0.9,
    low=0.5,
)
def neighbours_doubt(seed: int) -> float:
    return agreement(seed, "doubt of neighbours")


@claim(
    "06.c36",
    "rank correlation of H* with odd looks",
    said="with odd looks it is above 0.3",
    low=0.3,
)
def looks_odd(seed: int) -> float:
    return agreement(seed, "odd looks")


@claim(
    "06.c37",
    "control: by how much the error itself agrees more with the other networks than H* does",
    said="The size of the error agrees with the twenty networks just as well: the two correlations "
    "differ by less than 0.05.",
    low=-0.05,
    high=0.05,
    control=True,
)
def the_error_says_as_much(seed: int) -> float:
    doubt = stand_ins(seed)["doubt of others"]
    return rank_correlation(examine(seed).error, doubt) - agreement(seed, "doubt of others")


@claim(
    "06.c38",
    "with the Jacobian of the free state, the most that is spent on a digit, over H*",
    said="With the Jacobian of the free state the controller spends less than 3 % more than the "
    "least on every digit.",
    high=1.03,
)
def jacobian_spends(seed: int) -> float:
    return float(on_digits(seed)["jacobian"].times.max())


@claim(
    "06.c39",
    "with transposed weights, the median of what is spent over H*",
    said="With transposed weights it spends between 5 and 50 % more in the median.",
    low=1.05,
    high=1.5,
)
def transpose_spends(seed: int) -> float:
    return float(np.median(on_digits(seed)["transpose"].times))


@claim(
    "06.c40",
    "with random feedback, the median of what is spent over H*",
    said="With random feedback it spends more than five times the least in the median.",
    low=5,
    control=True,
)
def random_spends(seed: int) -> float:
    return float(np.median(on_digits(seed)["random"].times))

"""What the expectation of STDP points to, layer by layer, before training and after."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.directions import bias, moving_at_the_end
from ..runs.stage import NAMES

LIMIT = "2 DH − contrast"


@claim(
    "11.c11",
    "layer 1: the smallest cosine of STDP's expectation with DH, of four frameworks",
    said="In layer 1 the cosine with DH is above 0.99 in all four frameworks.",
    low=0.99,
)
def layer_1(seed: int) -> float:
    return min(bias(name, seed)["DH"][0] for name in NAMES)


@claim(
    "11.c12",
    "DFC, layer 2: the cosine with DH",
    said="In layer 2 of DFC it is below 0.98",
    high=0.98,
    control=True,
)
def layer_2(seed: int) -> float:
    return bias("dfc", seed)["DH"][1]


@claim(
    "11.c13",
    "the smallest cosine with 2 DH - contrast, of all layers and frameworks",
    said="with 2 DH − contrast it is above 0.93 in every layer of all four",
    low=0.93,
)
def the_limit(seed: int) -> float:
    return min(min(bias(name, seed)[LIMIT]) for name in NAMES)


@claim(
    "11.c14",
    "DFC, upper layers: the cosine with 2 DH - contrast less that with DH, the smaller of two",
    said="In both upper layers of DFC, 2 DH − contrast is closer to STDP than DH is.",
    low=0,
)
def closer_than_dh(seed: int) -> float:
    found = bias("dfc", seed)
    pairs = zip(found[LIMIT][1:], found["DH"][1:], strict=True)
    return min(limit - dh for limit, dh in pairs)


@claim(
    "11.c15",
    "EP: the smallest cosine with DH of all layers",
    said="In EP all cosines with DH are above 0.98",
    low=0.98,
)
def in_ep(seed: int) -> float:
    return min(bias("ep", seed)["DH"])


@claim(
    "11.c16",
    "trained networks: the smallest cosine with 2 DH - contrast, of all layers and frameworks",
    said="that with 2 DH − contrast stays above 0.95 in every layer",
    low=0.95,
)
def the_limit_after_learning(seed: int) -> float:
    return min(min(bias(name, seed, True)[LIMIT]) for name in NAMES)


@claim(
    "11.c17",
    "trained networks of DFC and PC, layers 2 and 3: the largest cosine with DH",
    said="the cosine with DH has fallen below 0.97 in layers 2 and 3 of DFC and PC",
    high=0.97,
    control=True,
)
def dh_after_learning(seed: int) -> float:
    return max(max(bias(name, seed, True)["DH"][1:]) for name in ("dfc", "pc"))


@claim(
    "11.c18",
    "DFC and DEB, trained or not: movement in the last step over that in the fastest, any layer",
    said="In DFC and DEB the last step is less than 0.05 of the fastest, in every layer.",
    high=0.05,
)
def at_rest(seed: int) -> float:
    return max(
        max(moving_at_the_end(name, seed, learned))
        for name in ("dfc", "deb")
        for learned in (False, True)
    )


@claim(
    "11.c19",
    "layer 1 of PC and of trained EP: movement in the last step over that in the fastest",
    said="In layer 1 of PC, and in that of a trained network of EP, it is more than 0.1.",
    low=0.1,
    control=True,
)
def not_at_rest(seed: int) -> float:
    return min(moving_at_the_end(name, seed, True)[0] for name in ("pc", "ep"))

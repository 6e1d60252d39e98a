"""DH, what STDP tends to, and the contrast: which learns better, and which points nearer."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.better import LONGER, RULES, to_backprop, upper_layers
from ..runs.stage import EPOCHS, course

NEITHER = "Where all layers learn, both others end within 2 points of DH."


def ahead(way: str, seed: int) -> float:
    """Points ahead of DH where all layers learn, in DFC."""
    return float(course("dfc", way, seed)[-1] - course("dfc", "DH", seed)[-1])


def ahead_above(way: str, seed: int, epoch: int) -> float:
    """Points ahead of DH after so many epochs in which layer 1 does not learn."""
    return float(upper_layers(way, seed)[epoch] - upper_layers("DH", seed)[epoch])


@claim("11.c41", "STDP's expectation less DH, all layers (points)", said=NEITHER, low=-2, high=2)
def expected_and_dh(seed: int) -> float:
    return ahead("STDP, expected", seed)


@claim("11.c42", "the contrast less DH, all layers (points)", said=NEITHER, low=-2, high=2)
def contrast_and_dh(seed: int) -> float:
    return ahead("contrastive", seed)


@claim(
    "11.c43",
    "STDP's expectation less DH, layer 1 frozen, after four epochs (points)",
    said="After four epochs STDP is ahead of DH on more than half of the networks.",
    share=0.5,
    low=0,
)
def faster_at_first(seed: int) -> float:
    return ahead_above("STDP, expected", seed, EPOCHS)


@claim(
    "11.c45",
    "STDP's expectation less DH, layer 1 frozen, after twelve epochs (points)",
    said="After twelve the two are within 3 points",
    low=-3,
    high=3,
)
def no_longer_ahead(seed: int) -> float:
    return ahead_above("STDP, expected", seed, LONGER)


@claim(
    "11.c44",
    "the contrast less DH, layer 1 frozen, after twelve epochs (points)",
    said="the contrast is still more than 3 points behind DH",
    high=-3,
    control=True,
)
def contrast_behind(seed: int) -> float:
    return ahead_above("contrastive", seed, LONGER)


@claim(
    "11.c46",
    "fresh DFC, layer 2: degrees to backprop, of STDP's expectation less DH",
    said="Before learning, DH is nearer to backprop than STDP in layer 2",
    low=0,
)
def dh_nearer_in_layer_2(seed: int) -> float:
    found = to_backprop(seed)
    return float(found["STDP, expected"][1] - found["DH"][1])


@claim(
    "11.c47",
    "fresh DFC, layers 2 and 3: degrees to backprop, of the contrast less DH, the smaller of two",
    said="The contrast is further away than DH in both.",
    low=0,
)
def contrast_furthest(seed: int) -> float:
    found = to_backprop(seed)
    return float((found["contrastive"] - found["DH"])[1:].min())


@claim(
    "11.c48",
    "fresh DFC, layer 3: degrees to backprop, of DH less STDP's expectation",
    said="in the output layer STDP is nearer on more than half of the networks",
    share=0.5,
    low=0,
)
def stdp_nearer_at_the_output(seed: int) -> float:
    found = to_backprop(seed)
    return float(found["DH"][2] - found["STDP, expected"][2])


@claim(
    "11.c49",
    "trained DFC, layer 3: degrees to backprop, of the nearer of both others less DH, whoever "
    "taught",
    said="After learning, DH is the nearest of the three in the output layer, whichever of them "
    "has trained the network.",
    low=0,
)
def dh_nearest_once_trained(seed: int) -> float:
    return min(
        float(min(found["STDP, expected"][2], found["contrastive"][2]) - found["DH"][2])
        for found in (to_backprop(seed, teacher) for teacher in RULES)
    )


@claim(
    "11.c50",
    "DFC trained by STDP, layer 2: degrees to backprop, of the nearer of both others less DH",
    said="In layer 2 it is the nearest in networks that STDP has trained.",
    low=0,
)
def dh_nearest_in_layer_2(seed: int) -> float:
    found = to_backprop(seed, "STDP, expected")
    return float(min(found["STDP, expected"][1], found["contrastive"][1]) - found["DH"][1])

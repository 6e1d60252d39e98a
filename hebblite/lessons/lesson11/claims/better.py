"""DH, what STDP tends to, and the contrast: which learns better, and which points nearer."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.better import DEEP, to_backprop, upper_layers
from ..runs.stage import course

NEITHER = "Where all layers learn, both others end within 2 points of DH."


def ahead(way: str, seed: int) -> float:
    """Points ahead of DH where all layers learn, in DFC."""
    return float(course("dfc", way, seed)[-1] - course("dfc", "DH", seed)[-1])


def ahead_above(
    way: str, seed: int, framework: str = "dfc", sizes: tuple[int, ...] | None = None
) -> float:
    """Points ahead of DH where layer 1 does not learn."""
    found = upper_layers(framework, way, seed, sizes)[-1]
    return float(found - upper_layers(framework, "DH", seed, sizes)[-1])


@claim("11.c41", "STDP's expectation less DH, all layers (points)", said=NEITHER, low=-2, high=2)
def expected_and_dh(seed: int) -> float:
    return ahead("STDP, expected", seed)


@claim("11.c42", "the contrast less DH, all layers (points)", said=NEITHER, low=-2, high=2)
def contrast_and_dh(seed: int) -> float:
    return ahead("contrastive", seed)


@claim(
    "11.c43",
    "STDP's expectation less DH, layer 1 frozen (points)",
    said="STDP ends ahead of DH on more than half of the networks",
    share=0.5,
    low=0,
)
def ahead_in_upper_layers(seed: int) -> float:
    return ahead_above("STDP, expected", seed)


@claim(
    "11.c44",
    "the contrast less DH, layer 1 frozen (points)",
    said="the contrast is more than 2 points behind DH",
    high=-2,
    control=True,
)
def contrast_behind(seed: int) -> float:
    return ahead_above("contrastive", seed)


@claim(
    "11.c45",
    "PC with four hidden layers, layer 1 frozen: STDP's expectation less DH (points)",
    said="In a deeper network (PC, four hidden layers, the first one frozen) DH ends ahead of "
    "STDP, on four networks of five.",
    share=0.8,
    high=0,
)
def behind_in_deep_networks(seed: int) -> float:
    return ahead_above("STDP, expected", seed, "pc", DEEP)


@claim(
    "11.c46",
    "DFC, layer 2: degrees to backprop, of STDP's expectation less DH",
    said="In layer 2, DH is nearer to backprop than STDP is.",
    low=0,
)
def dh_nearer_in_layer_2(seed: int) -> float:
    found = to_backprop("dfc", seed)
    return found["STDP, expected"][1] - found["DH"][1]


@claim(
    "11.c47",
    "DFC, layers 2 and 3: degrees to backprop, of the contrast less DH, the smaller of two",
    said="The contrast is further away than DH in both upper layers.",
    low=0,
)
def contrast_furthest(seed: int) -> float:
    found = to_backprop("dfc", seed)
    pairs = zip(found["contrastive"][1:], found["DH"][1:], strict=True)
    return min(contrast - dh for contrast, dh in pairs)


@claim(
    "11.c48",
    "DFC, layer 3: degrees to backprop, of DH less STDP's expectation",
    said="In the output layer STDP is the nearest of the three on half of the networks or more.",
    share=0.5,
    low=0,
)
def stdp_nearer_at_the_output(seed: int) -> float:
    found = to_backprop("dfc", seed)
    return found["DH"][2] - found["STDP, expected"][2]

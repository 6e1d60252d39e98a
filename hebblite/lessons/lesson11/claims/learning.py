"""Networks that learn digits from spikes, and those that do not."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.stage import course

ALL = "It learns in all four: DFC, PC and DEB read more than 75 % of new digits, EP more than 65 %."


def right(framework: str, way: str, seed: int, epochs: int | None = None) -> float:
    """Accuracy on new digits after training (%)."""
    return float(course(framework, way, seed, epochs)[-1])


@claim("11.c21", "DFC, 64 neurons for each rate: accuracy (%)", said=ALL, low=75)
def dfc(seed: int) -> float:
    return right("dfc", "STDP", seed)


@claim("11.c22", "PC, 64 neurons for each rate: accuracy (%)", said=ALL, low=75)
def pc(seed: int) -> float:
    return right("pc", "STDP", seed)


@claim("11.c23", "DEB, 256 neurons for each rate: accuracy (%)", said=ALL, low=75)
def deb(seed: int) -> float:
    return right("deb", "STDP", seed)


@claim("11.c24", "EP, 4096 neurons for each rate: accuracy (%)", said=ALL, low=65)
def ep(seed: int) -> float:
    return right("ep", "STDP", seed)


@claim(
    "11.c25",
    "DFC: DH less STDP with 64 neurons (points)",
    said="In DFC, STDP ends within 4 points of DH.",
    low=-4,
    high=4,
)
def near_dh(seed: int) -> float:
    return right("dfc", "DH", seed) - right("dfc", "STDP", seed)


@claim(
    "11.c26",
    "DFC: 64 neurons less one (points)",
    said="One train instead of the 64 neurons costs 2 points or more.",
    low=2,
    control=True,
)
def one_train_costs(seed: int) -> float:
    return right("dfc", "STDP", seed) - right("dfc", "STDP, one train", seed)


@claim(
    "11.c27",
    "DFC, the window mirrored: accuracy after two epochs (%)",
    said="Two epochs with the window mirrored teach nothing: less than 25 %.",
    high=25,
    control=True,
)
def mirrored(seed: int) -> float:
    return right("dfc", "reversed", seed, 2)


@claim(
    "11.c28",
    "DFC, plain Hebb: accuracy after two epochs (%)",
    said="Two of plain Hebb stay below 25 %, too.",
    high=25,
    control=True,
)
def hebb(seed: int) -> float:
    return right("dfc", "Hebb", seed, 2)


@claim(
    "11.c29",
    "EP, one train: accuracy (%)",
    said="With one train, EP reads less than 50 %.",
    high=50,
    control=True,
)
def one_train_in_ep(seed: int) -> float:
    return right("ep", "STDP, one train", seed)

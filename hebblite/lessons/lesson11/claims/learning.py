"""Networks that learn digits from spikes, and those that do not."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.films import PATIENT
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
    "DFC: 64 neurons less one, both after four epochs (points)",
    said="after four epochs it is more than 3 points behind",
    low=3,
    control=True,
)
def one_train_costs(seed: int) -> float:
    return right("dfc", "STDP", seed) - float(course("dfc", "STDP, one train", seed, PATIENT)[4])


@claim(
    "11.c30",
    "DFC: 64 neurons after four epochs less one after twelve (points)",
    said="after twelve it is within 4 points of what they read after four",
    low=-4,
    high=4,
)
def one_train_gets_there(seed: int) -> float:
    return right("dfc", "STDP", seed) - right("dfc", "STDP, one train", seed, PATIENT)


@claim(
    "11.c27",
    "DFC, the window turned round: accuracy after two epochs (%)",
    said="DFC reads less than 25 % after two epochs, as it does with plain Hebb",
    high=25,
    control=True,
)
def mirrored(seed: int) -> float:
    return right("dfc", "mirrored", seed, 2)


@claim(
    "11.c28",
    "DFC, plain Hebb: accuracy after two epochs (%)",
    said="as it does with plain Hebb",
    high=25,
    control=True,
)
def hebb(seed: int) -> float:
    return right("dfc", "Hebb", seed, 2)


@claim(
    "11.c29",
    "EP, one train: accuracy (%)",
    said="With one train it reads less than 50 % after six epochs.",
    high=50,
    control=True,
)
def one_train_in_ep(seed: int) -> float:
    return right("ep", "STDP, one train", seed)

"""How alike the changes of neurons are in two networks."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.features import likeness


@claim(
    "12.c18",
    "median cosine of DH's changes with backprop's, layer 1",
    said="In layer 1 DH's changes have a cosine above 0.95 with backprop's",
    low=0.95,
)
def changes_of_dh(seed: int) -> float:
    return likeness("dh", seed)


@claim(
    "12.c19",
    "the same of backprop in another order",
    said="as have those of backprop in another order",
    low=0.95,
)
def changes_in_another_order(seed: int) -> float:
    return likeness("other order", seed)


@claim(
    "12.c20",
    "the same of backprop turned by 60 degrees",
    said="turned by 60°, the cosine is below 0.8",
    high=0.8,
    control=True,
)
def changes_of_turned(seed: int) -> float:
    return likeness("turned", seed)


@claim(
    "12.c22",
    "the same from another start",
    said="With another start it lies between −0.4 and 0.4.",
    low=-0.4,
    high=0.4,
    control=True,
)
def changes_from_another_start(seed: int) -> float:
    return likeness("other start", seed)


@claim(
    "12.c24",
    "median cosine of DH's changes with backprop's, layer 2",
    said="its cosine is between 0.8 and 0.95",
    low=0.8,
    high=0.95,
)
def second_layer_of_dh(seed: int) -> float:
    return likeness("dh", seed, 2)


@claim(
    "12.c25",
    "layer 2: the difference between DH's cosine and that of backprop turned by 60 degrees",
    said="DH and the turned update differ by less than 0.07",
    high=0.07,
)
def turned_in_the_second_layer(seed: int) -> float:
    return abs(likeness("dh", seed, 2) - likeness("turned", seed, 2))


@claim(
    "12.c26",
    "layer 2: by how much DH is less like backprop than backprop on other digits",
    said="and backprop on other digits is more like backprop than DH is",
    low=0,
)
def other_digits_in_the_second_layer(seed: int) -> float:
    return likeness("other digits", seed, 2) - likeness("dh", seed, 2)

"""Which learns better, DH or what STDP tends to: the same networks, digits, order and steps."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from ....analysis import angles, backprop_updates
from ....rules import Frozen
from .stage import WAYS, batch, course, fresh, make_framework, train

Array = np.ndarray

RULES = ("DH", "STDP, expected", "contrastive")
DEEP = (784, 64, 64, 64, 64, 10)


@cache
def upper_layers(
    framework: str, way: str, seed: int = 0, sizes: tuple[int, ...] | None = None
) -> Array:
    """Accuracy (%) over epochs, from 0, where layer 1 stays as it was drawn: (E+1,)."""
    net = fresh(framework, seed, sizes) if sizes else fresh(framework, seed)
    made = make_framework("backprop" if way == "backprop" else framework, seed)
    return np.array(train(net, made, Frozen(WAYS[way](framework, seed), (0,)), seed))


def all_layers_over_seeds(
    framework: str = "dfc", seeds: Iterable[int] = range(3), ways: Iterable[str] = RULES
) -> dict[str, dict[str, Array]]:
    """Courses where all layers learn: of each way ``epochs`` and ``accuracy`` (S, E+1)."""
    seeds = list(seeds)
    found = {way: np.array([course(framework, way, seed) for seed in seeds]) for way in ways}
    return _courses(found)


def upper_layers_over_seeds(
    framework: str = "dfc",
    seeds: Iterable[int] = range(3),
    ways: Iterable[str] = RULES,
    sizes: tuple[int, ...] | None = None,
) -> dict[str, dict[str, Array]]:
    """The same where layer 1 stays as it was drawn."""
    seeds = list(seeds)
    found = {
        way: np.array([upper_layers(framework, way, seed, sizes) for seed in seeds]) for way in ways
    }
    return _courses(found)


def _courses(found: dict[str, Array]) -> dict[str, dict[str, Array]]:
    return {
        way: {"epochs": np.arange(rows.shape[1]), "accuracy": rows} for way, rows in found.items()
    }


@cache
def to_backprop(framework: str = "dfc", seed: int = 0, count: int = 256) -> dict[str, list[float]]:
    """Degrees to backprop by layer, of each of RULES, before training."""
    net, x, target = batch(framework, seed, count)
    wanted = backprop_updates(net, x, target)
    return {
        way: angles(
            WAYS[way](framework, seed)(make_framework(framework, seed).teach(net, x, target)),
            wanted,
        )
        for way in RULES
    }


def to_backprop_over_seeds(
    framework: str = "dfc", seeds: Iterable[int] = range(3)
) -> dict[str, Array]:
    """The same for several seeds, each (S, L)."""
    found = [to_backprop(framework, seed) for seed in seeds]
    return {way: np.array([one[way] for one in found]) for way in RULES}

"""Which learns better, DH or what STDP tends to: the same networks, digits, order and steps."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ....analysis import angles, backprop_updates
from ....network import Network
from ....teaching.remembered import remembered
from .stage import WAYS, batch, course, fresh, make_framework, train
from .upper import Upper

Array = np.ndarray

RULES = ("DH", "STDP, expected", "contrastive")
#: Epochs with layer 1 frozen, where learning is slower: until the curves have flattened.
LONGER = 12


@remembered
def _upper(way: str, seed: int = 0, epochs: int = LONGER) -> tuple[Network, Array]:
    """A network of DFC whose layer 1 stays as it was drawn, trained, and its accuracies."""
    net = fresh("dfc", seed)
    rule = Upper(WAYS[way]("dfc", seed))
    return net, np.array(train(net, make_framework("dfc", seed), rule, seed, epochs))


def upper_layers(way: str, seed: int = 0) -> Array:
    """Accuracy (%) over epochs, from 0, where layer 1 stays as it was drawn: (E+1,)."""
    return _upper(way, seed)[1]


def all_layers_over_seeds(seeds: Iterable[int] = range(3)) -> dict[str, dict[str, Array]]:
    """Courses where all layers learn: of each of RULES ``epochs`` and ``accuracy`` (S, E+1)."""
    seeds = list(seeds)
    return _courses({way: np.array([course("dfc", way, seed) for seed in seeds]) for way in RULES})


def upper_layers_over_seeds(seeds: Iterable[int] = range(3)) -> dict[str, dict[str, Array]]:
    """The same where layer 1 stays as it was drawn."""
    seeds = list(seeds)
    return _courses({way: np.array([upper_layers(way, seed) for seed in seeds]) for way in RULES})


def _courses(found: dict[str, Array]) -> dict[str, dict[str, Array]]:
    return {
        way: {"epochs": np.arange(rows.shape[1]), "accuracy": rows} for way, rows in found.items()
    }


@remembered
def to_backprop(seed: int = 0, teacher: str | None = None, count: int = 256) -> dict[str, Array]:
    """Degrees to backprop by layer, of each of RULES in DFC: in a fresh network, or in one whose
    upper layers the rule ``teacher`` has trained."""
    net, x, target = batch("dfc", seed, count)
    if teacher is not None:
        net = _upper(teacher, seed)[0]
    wanted = backprop_updates(net, x, target)
    made = {
        way: WAYS[way]("dfc", seed)(make_framework("dfc", seed).teach(net, x, target))
        for way in RULES
    }
    return {way: np.array(angles(update, wanted)) for way, update in made.items()}


def to_backprop_over_seeds(
    teacher: str | None = None, seeds: Iterable[int] = range(3)
) -> dict[str, Array]:
    """The same for several seeds, each (S, L)."""
    found = [to_backprop(seed, teacher) for seed in seeds]
    return {way: np.array([one[way] for one in found]) for way in RULES}

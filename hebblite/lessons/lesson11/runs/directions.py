"""Where an update from spikes points: of one digit, of averages, and of the expectation itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ....analysis import angles, cosine
from ....network import Network
from ....rules import Contrastive, DifferentialHebbian, Rule, Updates
from ....stream import Record
from ....teaching.remembered import remembered
from .stage import batch, fresh, make_framework, spiking, trained

Array = np.ndarray

COUNTS = (1, 4, 16, 64, 256)


def taught(framework: str, rule: Rule, net: Network, x: Array, target: Array, seed: int) -> Updates:
    """What a rule makes of one batch."""
    made: Updates = rule(make_framework(framework, seed).teach(net, x, target))
    return made


def network(framework: str, seed: int, learned: bool) -> Network:
    """A fresh one, or the one that STDP with populations has trained."""
    return trained(framework, "STDP", seed).net if learned else fresh(framework, seed)


@remembered
def rules_of(
    framework: str, seed: int = 0, count: int = 64, learned: bool = False
) -> dict[str, Updates]:
    """Of one batch: the exact expectation of STDP, DH, and the contrast."""
    _, x, target = batch(framework, seed, count)
    net = network(framework, seed, learned)
    rules = {
        "expected": spiking(framework, expected=True),
        "DH": DifferentialHebbian(),
        "contrastive": Contrastive(),
    }
    made = {name: taught(framework, rule, net, x, target, seed) for name, rule in rules.items()}
    return made


@remembered
def drawn_update(
    framework: str, seed: int, count: int, samples: int = 1, population: int = 1
) -> Updates:
    """What spikes make of one batch of so many digits."""
    net, x, target = batch(framework, seed, count)
    rule = spiking(framework, 1000 + seed, samples=samples, population=population)
    return taught(framework, rule, net, x, target, seed)


def angles_to_dh(framework: str = "dfc", seed: int = 0, count: int = 1) -> list[float]:
    """Degrees between one train's update and DH, by layer, for a batch of so many digits."""
    return list(
        angles(drawn_update(framework, seed, count), rules_of(framework, seed, count)["DH"])
    )


@remembered
def noise(
    seed: int = 0, counts: tuple[int, ...] = COUNTS, framework: str = "dfc"
) -> dict[str, Any]:
    """How far the update of layer 1 is from its expectation, for one digit: the squared distance
    over the squared size of the expectation. ``n`` (K,), ``draws``, ``population`` (K,)."""
    wanted = rules_of(framework, seed, 1)["expected"].weights[0]

    def off(**how: int) -> float:
        made = drawn_update(framework, seed, 1, **how).weights[0]
        return float(((made - wanted) ** 2).sum() / (wanted**2).sum())

    return {
        "n": np.array(counts),
        "draws": np.array([off(samples=n) for n in counts]),
        "population": np.array([off(population=n) for n in counts]),
    }


def noise_over_seeds(seeds: Iterable[int] = range(3)) -> dict[str, Array]:
    """The same for several seeds: ``draws`` and ``population`` are (S, K)."""
    found = [noise(seed) for seed in seeds]
    both = {name: np.array([one[name] for one in found]) for name in ("draws", "population")}
    return {"n": found[0]["n"], **both}


def limit(found: dict[str, Updates]) -> list[Array]:
    """2 DH - contrast, layer by layer."""
    pairs = zip(found["DH"].weights, found["contrastive"].weights, strict=True)
    return [2 * dh - contrast for dh, contrast in pairs]


@remembered
def bias(
    framework: str = "dfc", seed: int = 0, learned: bool = False, count: int = 64
) -> dict[str, list[float]]:
    """Cosines of STDP's expectation with DH and with 2 DH - contrast, by layer."""
    found = rules_of(framework, seed, count, learned)
    goals = {"DH": found["DH"].weights, "2 DH − contrast": limit(found)}
    return {
        name: [float(cosine(a, b)) for a, b in zip(found["expected"].weights, goal, strict=True)]
        for name, goal in goals.items()
    }


@remembered
def moving_at_the_end(
    framework: str, seed: int = 0, learned: bool = False, count: int = 64
) -> list[float]:
    """How much the rates of each layer move in the last step of a phase, as a share of what they
    move in their fastest step: 0 if they have come to rest."""
    _, x, target = batch(framework, seed, count)
    net = network(framework, seed, learned)
    rates = Record()(make_framework(framework, seed).teach(net, x, target)).rates[1:]
    moves = [np.sqrt((np.diff(r.astype(float), axis=0) ** 2).sum(axis=(1, 2))) for r in rates]
    return [float(move[-1] / move.max()) for move in moves]


def spikes_a_second(framework: str, seed: int = 0) -> list[float]:
    """By hidden layer, in the free state of a fresh network: the mean over neurons and digits."""
    net, x, target = batch(framework, seed)
    track = Record()(make_framework(framework, seed).teach(net, x, target))
    step = float(track.time[1] - track.time[0])
    return [float(np.abs(r[0]).mean()) / step for r in track.rates[1:-1]]


def bias_over_seeds(framework: str = "dfc", seeds: Iterable[int] = range(3)) -> dict[str, Array]:
    """The same for several seeds, each (S, L)."""
    found = [bias(framework, seed) for seed in seeds]
    return {name: np.array([one[name] for one in found]) for name in found[0]}

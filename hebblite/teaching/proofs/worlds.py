"""Random worlds in which a step is tried: drawn once, and kept.

Which networks are drawn depends on the seed alone: layers of different sizes, so that a wrong
shape shows; a layer of one neuron in one draw of three; one neuron in all layers in one of six.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import ArgumentError, DivergenceError
from .theory import Draw, Theorem, World

SEEN = range(6)
LARGEST = 7  # neurons in a layer


def sizes_and_hidden(theorem: Theorem, seed: int) -> tuple[tuple[int, ...], str]:
    """The network of this seed."""
    number = int("".join(re.findall(r"\d", theorem.number)) or 0)
    rng = np.random.default_rng([number, seed])
    least, most = theorem.depth
    depth = least + seed % (most - least + 1)
    sizes = rng.permutation(np.arange(2, max(LARGEST, depth + 2) + 1))[: depth + 1]
    if seed % 3 == 2:
        sizes[rng.integers(depth + 1)] = 1
    if seed % 6 == 5:
        sizes[:] = 1
    hidden = theorem.hidden[(seed // 2) % len(theorem.hidden)]
    return tuple(int(n) for n in sizes), hidden


def worlds_of(theorem: Theorem, draw: Draw) -> list[World]:
    """The worlds of one draw: measured once."""
    if draw not in theorem.worlds:
        found = measured(theorem, draw)
        for world in found:
            for name in theorem.symbols:
                if isinstance(world.get(name), np.ndarray):
                    world[name].flags.writeable = False  # all who come later see the same
        theorem.worlds[draw] = found
    return theorem.worlds[draw]


def measured(theorem: Theorem, draw: Draw) -> list[World]:
    """What the bench finds; nothing where the engine cannot follow."""
    try:
        return theorem.bench(draw)
    except (ArgumentError, DivergenceError):
        return []


@dataclass(frozen=True)
class Lab:
    """The worlds of these seeds, with these assumptions broken."""

    theorem: Theorem
    seeds: tuple[int, ...]
    broken: frozenset[str] = frozenset()

    def draws(self, strength: float) -> list[Draw]:
        return [
            Draw(seed, *sizes_and_hidden(self.theorem, seed), strength, self.broken)
            for seed in self.seeds
        ]

    def nets(self, strength: float | None = None) -> list[list[World]]:
        """The worlds of each network."""
        strength = self.theorem.strength if strength is None else strength
        return [worlds_of(self.theorem, draw) for draw in self.draws(strength)]

    def series(self, strengths: Sequence[float]) -> list[tuple[World, ...]]:
        """Each world at all these strengths, for the networks that exist at all of them."""
        found = []
        for nets in zip(*(self.nets(strength) for strength in strengths), strict=True):
            if len({len(net) for net in nets}) == 1:
                found += list(zip(*nets, strict=True))
        return found

    def worlds(self, strength: float | None = None) -> list[World]:
        """All of them."""
        return [world for net in self.nets(strength) for world in net]

    def breaking(self, assumptions: Iterable[str], most: int = 4) -> Lab:
        """The same with these assumptions broken, in fewer networks."""
        return Lab(self.theorem, self.seeds[:most], frozenset(assumptions))

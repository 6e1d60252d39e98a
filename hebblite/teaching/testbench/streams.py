"""Streams to try a rule on: recorded once, then cut, poisoned and shifted."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from ...frameworks import Framework
from ...network import Network
from ...rules import Rule, Updates
from ...stream import Block, Record

Array = np.ndarray
Tried = TypeVar("Tried", Rule, Framework)

SIZES = (5, 4, 6, 3)


def network(seed: int, sizes: Sequence[int] = SIZES, **settings: Any) -> Network:
    """A small network in float64, with biases that are not zero."""
    net = Network(sizes, seed=seed, dtype="float64", **settings)
    rng = np.random.default_rng([13, seed])
    for beta in net.biases:
        beta[...] = rng.normal(0, 0.3, beta.shape)
    return net


def batch(net: Network, seed: int, inputs: int) -> tuple[Array, Array]:
    """Inputs (B, n_0) between 0 and 1, and targets (B, n_L) that the network can reach."""
    rng = np.random.default_rng([31, seed])
    x = rng.uniform(0, 1, (inputs, net.sizes[0]))
    target = rng.uniform(-0.8, 0.8, (inputs, net.sizes[-1]))
    if net.output == "softmax":
        target = np.exp(2 * target) / np.exp(2 * target).sum(axis=1, keepdims=True)
    return x, target


def recorded(framework: Framework, net: Network, seed: int = 0, inputs: int = 6) -> Block:
    """A whole teaching phase as one block that owns its arrays."""
    block: Block = Record()(framework.teach(net, *batch(net, seed, inputs)))
    return block


def copied(thing: Tried) -> Tried:
    """A copy of a rule or a framework that shares no memory with it, where it can be copied."""
    try:
        return copy.deepcopy(thing)
    except Exception:  # it holds something that cannot be copied
        return thing


def update_of(rule: Rule, *blocks: Block) -> Updates:
    """What a copy of the rule makes of a stream."""
    updates: Updates = copied(rule)(iter(blocks))
    return updates


def mean_update(rule: Rule, block: Block, draws: int) -> Updates:
    """The mean over so many goes of a rule that draws random numbers."""
    rule = copied(rule)
    whole = rule(iter([block]))
    for _ in range(draws - 1):
        more = rule(iter([block]))
        for a, b in zip(
            (*whole.weights, *whole.biases), (*more.weights, *more.biases), strict=True
        ):
            a += b
    for a in (*whole.weights, *whole.biases):
        a /= draws
    made: Updates = whole
    return made


# ---------------------------------------------------------------------- comparing


def flat(updates: Updates) -> Array:
    """All of an update as one vector."""
    return np.concatenate([np.ravel(p) for p in (*updates.weights, *updates.biases)])


def layer_of(updates: Updates, l: int) -> Array:
    """Weights and biases of one layer, (n, m + 1)."""
    return np.column_stack([updates.weights[l], updates.biases[l]])


def apart(a: Array, b: Array) -> float:
    """How far two arrays are apart, as a share of the larger one's size: 0 to 2."""
    size = max(float(np.linalg.norm(a)), float(np.linalg.norm(b)))
    return float(np.linalg.norm(a - b)) / size if size else 0.0


# ---------------------------------------------------------------------- changing a block


def part_of(block: Block, b: int) -> Block:
    """One input of the batch alone."""

    def cut(series: Sequence[Array]) -> list[Array]:
        return [a[:, b : b + 1] for a in series]

    return replace(
        block, rates=cut(block.rates), voltages=cut(block.voltages), basal=cut(block.basal),
        apical=cut(block.apical), error=block.error[:, b : b + 1],
    )  # fmt: skip


def in_pieces(block: Block, steps: int) -> list[Block]:
    """The same stream in blocks of so many steps."""

    def cut(rows: slice) -> Block:
        return replace(
            block, time=block.time[rows], rates=[r[rows] for r in block.rates],
            voltages=[v[rows] for v in block.voltages], basal=[b[rows] for b in block.basal],
            apical=[a[rows] for a in block.apical], error=block.error[rows],
        )  # fmt: skip

    return [cut(slice(start, start + steps + 1)) for start in range(0, block.steps, steps)]


def with_layer(block: Block, l: int, change: Any) -> Block:
    """The block with what neurons of layer l + 1 do changed: ``change(name, series)``."""
    made: dict[str, Any] = {}
    for name in ("voltages", "basal", "apical"):
        series = list(getattr(block, name))
        series[l] = change(name, series[l])
        made[name] = series
    rates = list(block.rates)
    rates[l + 1] = change("rates", rates[l + 1])
    return replace(block, rates=rates, **made)


def shifted(block: Block, l: int, rng: np.random.Generator) -> Block:
    """A baseline added to rates, voltages and apical drives of layer l + 1: another number for each
    neuron and input, the same at all times."""

    def change(name: str, series: Array) -> Array:
        return series if name == "basal" else series + rng.normal(0, 1, series.shape[1:])

    return with_layer(block, l, change)


def noise_like(series: Array, rng: np.random.Generator) -> Array:
    """Random numbers in (0, 1), constant in time where the series is."""
    if series.strides[0] == 0:
        return np.broadcast_to(rng.uniform(size=series.shape[1:]), series.shape)
    return rng.uniform(size=series.shape)


def poisoned_elsewhere(block: Block, l: int, rng: np.random.Generator) -> Block:
    """Random numbers in place of all layers but l + 1, and the rates of the one below."""

    def spoil(series: Sequence[Array], kept: Sequence[int]) -> list[Array]:
        return [a if i in kept else noise_like(a, rng) for i, a in enumerate(series)]

    return replace(
        block, rates=spoil(block.rates, (l, l + 1)), voltages=spoil(block.voltages, (l,)),
        basal=spoil(block.basal, (l,)), apical=spoil(block.apical, (l,)),
    )  # fmt: skip


def poisoned_error(block: Block, rng: np.random.Generator) -> Block:
    """Random numbers in place of target minus prediction."""
    return replace(block, error=noise_like(block.error, rng))


def poisoned_neighbours(block: Block, l: int, post: int, pre: int, rng: Any) -> Block:
    """Random numbers in place of all neurons of layer l + 1 but ``post``, and of all rates of the
    layer below but those of ``pre``."""

    def change(name: str, series: Array) -> Array:
        other = noise_like(series, rng)
        other[..., post] = series[..., post]
        return other

    made, rates = with_layer(block, l, change), block.rates[l]
    below = np.array(
        noise_like(rates, rng)[:1] if rates.strides[0] == 0 else noise_like(rates, rng)
    )
    below[..., pre] = rates[: len(below), :, pre]
    made.rates[l] = np.broadcast_to(below[0], rates.shape) if rates.strides[0] == 0 else below
    return made

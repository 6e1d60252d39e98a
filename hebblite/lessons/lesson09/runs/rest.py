"""Where a network comes to rest: how it differs from the feedforward pass, how long it takes, and
in how many places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ....frameworks import EquilibriumPropagation
from ....losses import settle, states_of_rest
from ....network import Network
from ....stream import Record, fold
from ....teaching.remembered import remembered
from .stage import fresh, some_digits

Array = np.ndarray


def energies(net: Network, x: Array, energy: Any, steps: int = 40, step: float = 0.5) -> Array:
    """The energy of each input in each step of the engine's free phase, (T+1, B). energy: a
    function of (v, r, weights, biases) such as the learner's."""
    ep = EquilibriumPropagation(free_steps=steps, step=step)
    target = net.readout(net.feedforward(x)[1][-1])
    (way,) = fold(ep.relax(net, x, target), Record())
    rows = []
    for t in range(way.steps + 1):
        v, r = [v_l[t].copy() for v_l in way.voltages], [r_l[t].copy() for r_l in way.rates]
        rows.append(np.asarray(energy(v, r, net.weights, net.biases)))
    return np.array(rows)


def free_and_feedforward(net: Network, x: Array) -> dict[str, tuple[Array, Array]]:
    """Rates of the last hidden layer and predictions: in the feedforward pass, and at rest."""
    passed, free = net.feedforward(x)[1], settle(net, x[:50]).rates
    passed = [r[:50] for r in passed]
    return {
        "last hidden layer": (passed[-2].ravel(), free[-2].ravel()),
        "prediction": (net.readout(passed[-1]).ravel(), net.readout(free[-1]).ravel()),
    }


def reads_alike(net: Network, x: Array) -> float:
    """The share of inputs that the free state reads as the feedforward pass does."""
    ep = EquilibriumPropagation(free_steps=100)
    return float(np.mean(ep.predict(net, x).argmax(axis=1) == net.predict(x).argmax(axis=1)))


def steps_to_rest(net: Network, x: Array, step: float = 0.5, most: int = 600) -> Array:
    """For each input the steps of the free phase until no voltage moves by more than 1e-3 per tau,
    (B,); ``most`` where that takes longer."""
    ep = EquilibriumPropagation(free_steps=most, step=step)
    (way,) = fold(ep.relax(net, x, net.predict(x)), Record())
    moved = np.zeros((way.steps, len(x)))
    for v in way.voltages:
        moved = np.maximum(moved, np.abs(np.diff(v, axis=0)).max(axis=2) / step)
    return np.asarray((np.cumsum((moved > 1e-3)[::-1], axis=0)[::-1] > 0).sum(axis=0))


SCALES = (0.5, 1.0, 1.5, 2.0)
SMALL = (6, 8, 3)


@remembered
def many_rests(hidden: str, scale: float, seed: int, networks: int = 8, inputs: int = 3) -> float:
    """Of random networks 6-8-3 with random inputs: the share of inputs with more than one state
    of rest. scale: of all weights above the first layer."""
    found = []
    for i in range(networks):
        number = networks * seed + i
        net = fresh(number, hidden, scale, SMALL)
        x = np.random.default_rng([94, number]).normal(size=(inputs, SMALL[0]))
        found.append(np.mean(states_of_rest(net, x, starts=8, seed=number).count > 1))
    return float(np.mean(found))


def share_over_scales(seed: int = 0, networks: int = 8) -> dict[str, dict[str, Array]]:
    """The same over scales, for sigmoid and tanh: what ``draw_share`` draws."""
    return {
        hidden: {
            "scale": np.array(SCALES),
            "share": np.array([many_rests(hidden, s, seed, networks) for s in SCALES]),
        }
        for hidden in ("sigmoid", "tanh")
    }


@dataclass(frozen=True)
class Crossed:
    """What nudges do to B inputs. nudge: (T,). left: the share that is in another valley once the
    nudge is gone again, (T,)."""

    nudge: Array
    left: Array


def crossed(
    net: Network, x: Array, target: Array, nudges: tuple[float, ...] = (0.1, 0.3, 1.0, 3.0)
) -> Crossed:
    """Nudge, let go, and see who does not come back to the free state."""
    free, left = settle(net, x), []
    for nudge in nudges:
        there = settle(net, x, target, nudge, start=free.voltages)
        back = settle(net, x, start=there.voltages)
        apart = [
            np.abs(a - b).max(axis=1) for a, b in zip(free.rates[1:], back.rates[1:], strict=True)
        ]
        left.append(float(np.mean(np.max(apart, axis=0) > 1e-3)))
    return Crossed(np.array(nudges), np.array(left))


@cache
def crossed_digits(hidden: str, seed: int) -> Crossed:
    """The same for 24 digits and a nudge of 1, in a fresh network of the lesson's size."""
    x, _, target = some_digits(seed, 24)
    return crossed(fresh(seed, hidden), x, target, (1.0,))


def value_of(net: Network, x: Array, target: Array) -> dict[str, Array]:
    """F of one input over the nudge: ``nudge``, ``value`` and the ``loss`` at rest, (T,) each."""
    nudges, free = np.linspace(-0.5, 1, 13), settle(net, x).voltages
    value, loss = [], []
    for nudge in nudges:
        at = settle(net, x, target, nudge, start=free)
        value.append(at.energy[0])
        loss.append(net.losses(at.rates[-1], target)[0])
    return {"nudge": nudges, "value": np.array(value), "loss": np.array(loss)}

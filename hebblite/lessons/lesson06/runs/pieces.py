"""The learner's pieces at work on digits: the recursion, the way down H, and small errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np

from ....analysis import jacobians
from ....losses import LeastControl, least_control
from ....network import Network
from .digits import examine

Array = np.ndarray
Layers = list[Array]

RECURSION, DESCENT, RATE = 40, 6, 0.2  # digits; steps of the way down, in units of tau
STOPS = (0, 10, 30, 100, 300)


@cache
def _least(seed: int, count: int) -> LeastControl:
    seen = examine(seed)
    return least_control(seen.net, seen.x[:count], seen.target[:count], tolerance=1e-10)


def recursion_error(pushes: Callable[..., Any], seed: int = 0, count: int = RECURSION) -> Array:
    """How far the pushes that follow from a_L are from the engine's least ones, relative to their
    length, for digits of a trained network, (N,)."""
    seen, least, found = examine(seed), _least(seed, count), []
    net = seen.net
    for b in range(count):
        a = [layer[b] for layer in least.apical]
        slopes = slopes_at(net, seen.x[b], a)
        made = np.concatenate(pushes([W.copy() for W in net.weights], slopes, a[-1].copy()))
        whole = np.concatenate(a)
        found.append(np.linalg.norm(made - whole) / np.linalg.norm(whole))
    return np.array(found)


def slopes_at(net: Network, x: Array, a: Layers) -> Layers:
    """phi' of all layers where a neuron's voltage is its basal drive plus a_l, each (n_l,)."""
    r, slopes = x, []
    for a_l, W, beta, phi in zip(a, net.weights, net.biases, net.activations, strict=True):
        r = phi.rate(a_l + W @ r + beta)
        slopes.append(phi.slope(r))
    return slopes


def on_the_way(
    descend: Callable[..., Any], stops: Iterable[int] = STOPS, seed: int = 0, count: int = DESCENT
) -> dict[int, Array]:
    """H over H* after so many steps of the learner's way down, for digits of a trained network,
    (N,) each. It begins in the free state, where the output layer alone is pushed."""
    seen, least = examine(seed), _least(seed, count)
    net, found = seen.net, {}
    free = net.feedforward(seen.x[:count])[0][:-1]
    for steps in stops:
        efforts = []
        for b in range(count):
            v = [layer[b].copy() for layer in free]
            given = [W.copy() for W in net.weights], [beta.copy() for beta in net.biases]
            a = descend(v, *given, seen.x[b].copy(), seen.target[b].copy(), RATE, steps)
            efforts.append(sum(float(a_l @ a_l) for a_l in a) / 2)
        found[steps] = np.array(efforts) / least.H
    return found


def small_error_ratios(formula: Callable[..., Any], seed: int = 0, count: int = 60) -> Array:
    """Lower bound, H of small errors and upper bound by exercise 06.3, over the engine's H*, for
    digits of a trained network, (N, 3)."""
    seen = examine(seed)
    J = jacobians(seen.net, seen.x[:count])
    rows = [formula([J_l[b].copy() for J_l in J], seen.e[b].copy()) for b in range(count)]
    return np.asarray(rows, float) / seen.H[:count, None]

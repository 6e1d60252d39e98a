"""The learner's pieces at work on digits: inference with a teacher, and without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....losses import least_control
from ....network import Network
from .stage import shown, trained

Array = np.ndarray
Layers = list[Array]
#: Exercise 08.1 and exercise 08.2.
Errors = Callable[[Layers, Layers, Layers, Layers], Any]
Step = Callable[[Array, Array, Array, Array, float], Any]

RATE = 0.2


def _descend(
    net: Network, v: Layers, x: Array, errors: Errors, step: Step, steps: int, held: bool
) -> tuple[Layers, Array]:
    """Inference with the learner's two pieces: the voltages at the end, and F after each step,
    (steps + 1, B). held: whether the output stays where it is; otherwise it goes down F too."""
    energies = []
    for t in range(steps + 1):
        rates = [x, *(np.tanh(v_l) for v_l in v[:-1])]
        found = errors([v_l.copy() for v_l in v], rates, list(net.weights), list(net.biases))
        eps, F = [np.asarray(part) for part in found[:-1]], np.asarray(found[-1])
        energies.append(F)
        if t == steps:
            break
        new = [
            step(v[l].copy(), eps[l].copy(), eps[l + 1].copy(), net.weights[l + 1], RATE)
            for l in range(len(v) - 1)
        ]
        v = [*(np.asarray(v_l) for v_l in new), v[-1] if held else v[-1] - RATE * eps[-1]]
    return v, np.array(energies)


def with_a_teacher(
    errors: Errors, step: Step, seed: int = 0, count: int = 20, steps: int = 100
) -> Array:
    """F over F* after each step, (steps + 1, N), for test digits: the output is held on its target
    and the hidden voltages begin in the free state."""
    net, digits = trained(seed), shown(seed, count)
    free = net.feedforward(digits.x)[0]
    _, F = _descend(net, [*free[:-1], digits.target], digits.x, errors, step, steps, True)
    return np.asarray(F / least_control(net, digits.x, digits.target, tolerance=1e-8).H)


def without_a_teacher(
    errors: Errors,
    step: Step,
    seed: int = 0,
    count: int = 60,
    stops: tuple[int, ...] = (0, 10, 30, 100, 300),
) -> dict[int, Array]:
    """How far the output is from that of the feedforward pass, (N,), after so many steps, if all
    voltages begin at random and nobody holds the output. Relative to the output's length."""
    net, digits = trained(seed), shown(seed, count)
    rng = np.random.default_rng([808, seed])
    v = [rng.normal(size=(count, n)) for n in net.sizes[1:]]
    free, found, made = net.predict(digits.x), {}, 0
    for stop in stops:
        v, _ = _descend(net, v, digits.x, errors, step, stop - made, False)
        made = stop
        off = np.linalg.norm(v[-1] - free, axis=1)
        found[stop] = np.asarray(off / np.linalg.norm(free, axis=1))
    return found

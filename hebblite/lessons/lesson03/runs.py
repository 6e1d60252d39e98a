"""What lesson 03 simulates and trains: a layer of neurons with a teacher each, one neuron in time,
and looks under two troubles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...errors import ArgumentError, check_target
from ...frameworks.base import Framework
from ...network import Network
from ...stream import Block, Lazy
from .equations import PHI, Array, sigmoid
from .exercises import phase, step


class ApicalTeacher(Framework):
    """One layer of neurons, each with a teacher of its own at its apical dendrite.

    phase: a function like ``phase`` of this module. k: how strongly the teacher speaks.
    dt, tau: ms. steps: Euler steps of a teaching phase.
    """

    def __init__(
        self, phase: Any = phase, k: float = 1.0, dt: float = 2.0, tau: float = 10.0,
        steps: int = 40,
    ) -> None:  # fmt: skip
        self.phase, self.k, self.dt, self.tau, self.steps = phase, k, dt, tau, steps

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        if net.depth != 1:
            raise ArgumentError("net", f"{net.depth} layers", "one layer: each neuron has a target")
        (b,), (pre, _) = net.feedforward(x)
        target = check_target(target, len(b), net.sizes[1], net.dtype)
        phi = net.activations[0]
        settings = self.k, PHI[phi.name], self.dt, self.tau, self.steps
        rates = np.asarray(self.phase(b, target, *settings), net.dtype)
        T = len(rates)
        error = target - rates
        yield Block(
            time=1e-3 * self.dt * np.arange(T),
            rates=[np.broadcast_to(pre, (T, *pre.shape)), rates],
            voltages=Lazy(1, lambda l: phi.inverse(rates)),
            basal=[np.broadcast_to(b, rates.shape)],
            apical=[self.k * error],
            error=error,
            activations=net.activations,
        )


# ---------------------------------------------------------------------- one neuron in time


def voltages(t: Array, basal: float, a: Array, tau: float) -> Array:
    """Voltage (T,) of one neuron at the equal steps t (T,) in ms, from its free state, under a
    constant basal drive and an apical drive a (T,)."""
    dt = t[1] - t[0]
    v, drive = np.empty_like(t), np.full(1, basal)
    v[0] = basal
    for i in range(len(t) - 1):
        v[i + 1 : i + 2] = step(v[i : i + 1], drive, a[i : i + 1], dt, tau)
    return v


# ---------------------------------------------------------------------- two rules, two troubles


def look(
    b: Array, target: Array | float, k: float, offset: Array | float = 0.0,
    drift: Array | float = 0.0, dt: float = 2.0, tau: float = 10.0, steps: int = 60,
    step: Any = step,
) -> tuple[Array, Array]:  # fmt: skip
    """Rates (steps + 1, B, n) of one teaching phase under two troubles, and the basal drive at its
    end: ``offset`` is an apical drive that is always there, in the free state too; ``drift`` is
    what the basal drive gains during the phase, at a steady pace. k = 0: nobody teaches."""
    v = b + offset
    r = [sigmoid(v)]
    for t in range(steps):
        now = b + drift * ((t + 1) / steps)
        v = step(v, now, offset + k * (target - r[-1]), dt, tau)
        r.append(sigmoid(v))
    return np.array(r), b + drift


RULES = ("temporal", "comparison")


def duel(
    digits: Any, rule: str, offset: Array | float = 0.0, drift: Array | float = 0.0,
    shuffled: float = 0.0, k: float = 1.0, lr: float = 2.0,
) -> float:  # fmt: skip
    """Test accuracy of ten neurons after two passes through 5,000 digits, each neuron with its
    ``offset`` and ``drift`` (10,), plus others drawn anew for every image (``shuffled``: their
    standard deviation). Tested at the end of a look, with trouble and without teacher.
    rule: one of RULES."""
    if rule not in RULES:
        raise ArgumentError("rule", repr(rule), f"one of {', '.join(RULES)}")
    rng = np.random.default_rng(0)
    x, labels = digits.x_train[:5_000].astype(float), digits.y_train[:5_000]
    targets = np.eye(10)[labels]
    W, beta = np.zeros((10, x.shape[1])), np.zeros(10)
    for rows in np.split(np.concatenate([rng.permutation(5_000) for _ in range(2)]), 200):
        pre = x[rows]
        b = pre @ W.T + beta
        c, d = shuffled * rng.normal(size=(2, *b.shape))
        r, basal = look(b, targets[rows], k, offset + c, drift + d)
        change = r[-1] - (r[0] if rule == "temporal" else sigmoid(basal))
        W += lr * change.T @ pre / len(rows)
        beta += lr * change.mean(axis=0)
    b = digits.x_test[:1_000].astype(float) @ W.T + beta
    end = look(b, 0.0, 0.0, offset, drift)[0][-1]
    return float((end.argmax(axis=1) == digits.y_test[:1_000]).mean())

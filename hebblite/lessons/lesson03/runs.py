"""What lesson 03 simulates and trains: a layer of neurons with a teacher each, one neuron in time,
and looks under two troubles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...data import Digits
from ...errors import ArgumentError, check_target
from ...frameworks import DeepFeedbackControl
from ...frameworks.base import Framework
from ...network import Network
from ...optim import SGD
from ...rules import DifferentialHebbian, ErrorBased, Rule
from ...stream import Block, Lazy, Record, fold
from ...training import fit
from .equations import PHI, Array, sigmoid
from .exercises import phase, step


class ApicalTeacher(Framework):
    """One layer of neurons, each with a teacher of its own at its apical dendrite.

    phase: a function like ``phase`` of this module. k_p: how strongly the teacher speaks.
    dt, tau: seconds. steps: Euler steps of a teaching phase.
    """

    def __init__(
        self, phase: Any = phase, k_p: float = 1.0, dt: float = 0.002, tau: float = 0.010,
        steps: int = 40,
    ) -> None:  # fmt: skip
        self.phase, self.k_p, self.dt, self.tau, self.steps = phase, k_p, dt, tau, steps

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        if net.depth != 1:
            raise ArgumentError("net", f"{net.depth} layers", "one layer: each neuron has a target")
        (b,), (pre, _) = net.feedforward(x)
        target = check_target(target, len(b), net.sizes[1], net.dtype)
        phi = net.activations[0]
        settings = self.k_p, PHI[phi.name], self.dt, self.tau, self.steps
        rates = np.asarray(self.phase(b, target, *settings), net.dtype)
        T = len(rates)
        error = target - rates
        yield Block(
            time=self.dt * np.arange(T),
            rates=[np.broadcast_to(pre, (T, *pre.shape)), rates],
            voltages=Lazy(1, lambda l: phi.inverse(rates)),
            basal=[np.broadcast_to(b, rates.shape)],
            apical=[self.k_p * error],
            error=error,
            activations=net.activations,
        )


def ten_neurons(
    digits: Digits, framework: Framework, rule: Rule, lr: float = 2.0, seed: int = 0
) -> Network:
    """Ten sigmoid neurons after three passes through 5,000 digits, from weights of zero. seed: of
    the order of the digits."""
    net = Network([784, 10], hidden="sigmoid", output="same", init="zeros")
    x, y = digits.x_train[:5_000], digits.y_train[:5_000]
    fit(net, framework, rule, x, y, optimizer=SGD(lr), epochs=3, batch_size=50, seed=seed,
        progress=False)  # fmt: skip
    return net


# ---------------------------------------------------------------------- theorem T1, tried


def one_sided(post: Array, pre: Array) -> Array:
    """The DH sum of lesson 00: post (T+1, n) and pre (T+1, m) to (n, m)."""
    return np.diff(post, axis=0).T @ pre[:-1]


def four_paths(seeds: int = 50, steps: int = 400) -> dict[str, tuple[float, float]]:
    """Paths with the same ends, by name: how far the DH sum is from (r+ - r-) pre^T at most while
    pre is constant, and at least while pre rises."""
    s = np.linspace(0, 1, steps + 1)[:, None]
    found: dict[str, list[tuple[float, float]]] = {}
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        taught = rng.normal(size=4)
        still = np.repeat(np.linspace(0.1, 1, 6)[None], steps + 1, axis=0)
        moving = still + s * rng.random(6)
        ends = np.outer(taught, still[0])
        for name, path in (
            ("straight", s * taught),
            ("random walk", rng.normal(size=(steps + 1, 4)).cumsum(axis=0)),
            ("noise", rng.normal(size=(steps + 1, 4))),
            ("oscillation", np.sin(rng.uniform(0, 100, 4) * s)),
        ):
            path[0], path[-1] = 0, taught
            off = (float(np.abs(one_sided(path, pre) - ends).max()) for pre in (still, moving))
            found.setdefault(name, []).append((next(off), next(off)))
    return {
        name: (max(a for a, _ in pairs), min(b for _, b in pairs)) for name, pairs in found.items()
    }


def wild_paths(symmetric: Any, count: int = 100) -> list[float]:
    """How far a learner's symmetrised sum is from the contrast, on noisy paths of all sizes: a
    share of what the sums add up before they cancel."""
    gaps = []
    for seed in range(count):
        rng = np.random.default_rng(seed)
        T, n, m = rng.integers(2, 300), rng.integers(1, 6), rng.integers(1, 6)
        times = np.sort(rng.uniform(0, 1, T + 1))[:, None]  # irregular steps
        post = np.sin(rng.uniform(0, 50, n) * times) + 0.3 * rng.normal(size=(T + 1, n))
        pre = rng.normal(size=(T + 1, m)).cumsum(axis=0)
        contrast = np.outer(post[-1], pre[-1]) - np.outer(post[0], pre[0])
        scale = T * np.abs(post).max() * np.abs(pre).max()
        gaps.append(float(np.abs(symmetric(post, pre) - contrast).max() / scale))
    return gaps


def sizes_of_updates(strengths: Array, seed: int) -> dict[str, Array]:
    """In layer 2 of a small random network, for each strength k_p of the feedback: the size of the
    movement (r+ - r-) pre-, and of what three updates have besides it."""
    rng = np.random.default_rng(seed)
    net = Network([6, 8, 5, 4], dtype="float64", seed=seed)
    x, target = rng.normal(size=(9, 6)), np.eye(4)[rng.integers(4, size=9)]
    rules = DifferentialHebbian(), DifferentialHebbian(symmetric=True), ErrorBased()
    found = []
    for k_p in strengths:
        dfc = DeepFeedbackControl(k_p=float(k_p), k_i=0.0, steps=200)
        path, *updates = fold(dfc.teach(net, x, target), Record(), *rules)
        movement = (path.rates[2][-1] - path.rates[2][0]).T @ path.rates[1][0] / len(x)
        found.append(
            [
                float(np.linalg.norm(dW))
                for dW in [movement, *(u.weights[1] - movement for u in updates)]
            ]
        )
    names = "movement", "one-sided − movement", "contrast − movement", "comparison − movement"
    return dict(zip(names, np.array(found).T, strict=True))


# ---------------------------------------------------------------------- one neuron in time


def voltages(t: Array, basal: float, a: Array, tau: float) -> Array:
    """Voltage (T,) of one neuron at the equal steps t (T,) in seconds, from its free state, under a
    constant basal drive and an apical drive a (T,)."""
    dt = t[1] - t[0]
    v, drive = np.empty_like(t), np.full(1, basal)
    v[0] = basal
    for i in range(len(t) - 1):
        v[i + 1 : i + 2] = step(v[i : i + 1], drive, a[i : i + 1], dt, tau)
    return v


# ---------------------------------------------------------------------- two rules, two troubles


def look(
    b: Array, target: Array | float, k_p: float, offset: Array | float = 0.0,
    drift: Array | float = 0.0, dt: float = 0.002, tau: float = 0.010, steps: int = 60,
    step: Any = step,
) -> tuple[Array, Array]:  # fmt: skip
    """Rates (steps + 1, B, n) of one teaching phase under two troubles, and the basal drive at its
    end: ``offset`` is an apical drive that is always there, in the free state too; ``drift`` is
    what the basal drive gains during the phase, at a steady pace. k_p = 0: nobody teaches."""
    v = b + offset
    r = [sigmoid(v)]
    for t in range(steps):
        now = b + drift * ((t + 1) / steps)
        v = step(v, now, offset + k_p * (target - r[-1]), dt, tau)
        r.append(sigmoid(v))
    return np.array(r), b + drift


RULES = ("temporal", "comparison")


def duel(
    digits: Any, rule: str, offset: Array | float = 0.0, drift: Array | float = 0.0,
    shuffled: float = 0.0, k_p: float = 1.0, lr: float = 2.0, seed: int = 0,
) -> float:  # fmt: skip
    """Test accuracy of ten neurons after two passes through 5,000 digits, each neuron with its
    ``offset`` and ``drift`` (10,), plus others drawn anew for every image (``shuffled``: their
    standard deviation). Tested at the end of a look, with trouble and without teacher.
    rule: one of RULES. seed: of the order of the digits."""
    if rule not in RULES:
        raise ArgumentError("rule", repr(rule), f"one of {', '.join(RULES)}")
    rng = np.random.default_rng(seed)
    x, labels = digits.x_train[:5_000].astype(float), digits.y_train[:5_000]
    targets = np.eye(10)[labels]
    W, beta = np.zeros((10, x.shape[1])), np.zeros(10)
    for rows in np.split(np.concatenate([rng.permutation(5_000) for _ in range(2)]), 200):
        pre = x[rows]
        b = pre @ W.T + beta
        c, d = shuffled * rng.normal(size=(2, *b.shape))
        r, basal = look(b, targets[rows], k_p, offset + c, drift + d)
        change = r[-1] - (r[0] if rule == "temporal" else sigmoid(basal))
        W += lr * change.T @ pre / len(rows)
        beta += lr * change.mean(axis=0)
    b = digits.x_test[:1_000].astype(float) @ W.T + beta
    end = look(b, 0.0, 0.0, offset, drift)[0][-1]
    return float((end.argmax(axis=1) == digits.y_test[:1_000]).mean())

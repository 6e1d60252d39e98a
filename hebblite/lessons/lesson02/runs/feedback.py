"""Updates that are not backprop's: other feedback, turned feedback, perpendicular deviations."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....analysis import angle, backprop_updates
from ....data import Digits, one_hot
from ....errors import check_target
from ....frameworks import Framework
from ....network import Network
from ....rules import Gradient, Updates
from ....stream import Block
from ..exercises import aligned_deltas
from .misread import young_network

Array = np.ndarray
Deltas = Callable[[list[Array], list[Array], Array], Any]

#: Step sizes along an update at which the loss is measured.
STEPS = np.geomspace(0.01, 3, 60)


class WithDeltas(Framework):
    """A framework made from a function of exercise 02.1 or 02.3, for tanh networks.

    deltas: (matrices, rates, e) to delta_1..delta_L. matrices: the weights of the network at that
    moment, or ``feedback`` where that is given: fixed matrices, or a function of the network.
    Like Backprop, it yields one state, with delta in the place of the apical drive.
    """

    def __init__(
        self,
        deltas: Deltas,
        feedback: list[Array] | Callable[[Network], list[Array]] | None = None,
    ) -> None:
        self.deltas, self.feedback = deltas, feedback

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        v, rates = net.feedforward(x)
        target = check_target(target, len(rates[0]), net.sizes[-1], net.dtype, net.output)
        e = target - net.readout(rates[-1])
        if self.feedback is None:
            matrices = net.weights
        else:
            matrices = self.feedback(net) if callable(self.feedback) else self.feedback
        deltas = self.deltas(matrices, rates, e)
        rows = [v_l[None] for v_l in v]
        yield Block(
            time=np.zeros(1),
            rates=[r[None] for r in rates],
            voltages=rows,
            basal=rows,
            apical=[np.asarray(d, net.dtype)[None] for d in deltas],
            error=e[None],
            activations=net.activations,
        )


class Tilted(Gradient):
    """Backprop's update, tilted: to each array a perpendicular one is added, so long that the sum
    stands at ``degrees`` to the gradient. Its direction is drawn anew for each batch, or once."""

    def __init__(self, degrees: float, fresh: bool = True, seed: int = 0) -> None:
        self.tangent, self.fresh = float(np.tan(np.radians(degrees))), fresh
        self.rng = np.random.default_rng(seed)
        self.drawn: dict[int, Array] = {}

    def finish(self) -> Updates:
        updates = super().finish()
        for i, g in enumerate((*updates.weights, *updates.biases)):
            if self.fresh or i not in self.drawn:
                self.drawn[i] = self.rng.standard_normal(g.shape).astype(g.dtype)
            across = self.drawn[i] - np.vdot(self.drawn[i], g) / np.vdot(g, g) * g
            g += self.tangent * np.linalg.norm(g) / np.linalg.norm(across) * across
        return updates


def random_feedback(sizes: Sequence[int], seed: Any, dtype: Any = "float32") -> list[Array]:
    """B_1..B_{L-1}, each (n_l, n_{l+1}), as large as Xavier's forward weights are on average."""
    rng = np.random.default_rng(seed)
    pairs = itertools.pairwise(sizes[1:])
    return [rng.normal(0, np.sqrt(2 / (n + m)), (n, m)).astype(dtype) for n, m in pairs]


@dataclass(frozen=True)
class Blend:
    """What the feedback widget needs: a network, a batch, backprop's update, random matrices."""

    net: Network
    x: Array
    target: Array
    backprop: Updates
    across: list[Array]  # perpendicular to W_{l+1}^T and as long, (n_l, n_{l+1})
    best: Array  # what STEPS along backprop's update do to the loss, (T,)

    def feedback(self, degrees: float) -> list[Array]:
        """B_1..B_{L-1}, each turned by ``degrees`` away from W_{l+1}^T, at equal length."""
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        return [c * W.T + s * R for W, R in zip(self.net.weights[1:], self.across, strict=True)]

    def updates(self, degrees: float) -> Updates:
        """The update with this feedback."""
        framework = WithDeltas(aligned_deltas, self.feedback(degrees))
        updates: Updates = Gradient()(framework.teach(self.net, self.x, self.target))
        return updates


def blend(digits: Digits, seed: int = 0, batch: int = 128) -> Blend:
    """The widget's young network and batch, with random feedback to turn towards."""
    net, rng = young_network(digits, seed), np.random.default_rng([4, seed])
    chosen = rng.permutation(len(digits.x_train))[:batch]
    x = digits.x_train[chosen].astype(np.float64)
    target = one_hot(digits.y_train[chosen], dtype="float64")
    across = []
    for W in net.weights[1:]:
        R = rng.standard_normal(W.T.shape)
        R -= np.vdot(R, W.T) / np.vdot(W, W) * W.T
        across.append(R * np.linalg.norm(W) / np.linalg.norm(R))
    g = backprop_updates(net, x, target)
    best = losses_along(net, x, target, g, STEPS) - net.loss(x, target)
    return Blend(net, x, target, g, across, best)


def losses_along(
    net: Network, x: Array, target: Array, d: Updates, steps: Sequence[float] | Array
) -> Array:
    """The mean loss after a step of each size along the update ``d``, (T,)."""
    v, _ = net.feedforward(x)
    dv = x @ d.weights[0].T + d.biases[0]  # layer 1 is linear in the step: one product for all
    found = []
    for step in steps:
        r = np.tanh(v[0] + step * dv)
        for l in range(1, net.depth):
            W = net.weights[l] + step * d.weights[l]
            beta = net.biases[l] + step * d.biases[l]
            r = net.activations[l].rate(r @ W.T + beta)
        found.append(float(np.mean(net.losses(r, target))))
    return np.array(found)


def random_angles(n: int, count: int, seed: int = 0) -> Array:
    """Angles in degrees (count,) of random directions in n dimensions to one fixed direction.

    By symmetry the fixed one may be the first axis. Then the cosine is z / sqrt(z^2 + c), with a
    normal z and the sum c of the n - 1 other squares, drawn as one number (chi-squared).
    """
    rng = np.random.default_rng([n, seed])
    z = rng.standard_normal(count)
    rest = rng.chisquare(n - 1, count)
    return np.degrees(np.arccos(z / np.sqrt(z**2 + rest)))


@dataclass(frozen=True)
class Bench:
    """A young network and a batch, on which updates of layer 1 are compared."""

    net: Network
    x: Array
    e: Array
    slopes: list[Array]

    def layer_1(self, e: Array, down: Sequence[Array], slopes: Sequence[Any]) -> Array:
        """The update of layer 1, from what comes down as W_2 and W_3 and with these slopes."""
        delta = (e @ down[1] * slopes[1]) @ down[0] * slopes[0]
        return delta.T @ self.x / len(self.x)

    @property
    def true(self) -> Array:
        return self.layer_1(self.e, self.net.weights[1:], self.slopes)


def bench(digits: Digits, seed: int = 0, batch: int = 512) -> Bench:
    net, rng = young_network(digits, seed), np.random.default_rng([5, seed])
    chosen = rng.permutation(len(digits.x_train))[:batch]
    x = digits.x_train[chosen].astype(np.float64)
    e = one_hot(digits.y_train[chosen], dtype="float64") - net.predict(x)
    return Bench(net, x, e, [1 - r**2 for r in net.feedforward(x)[1][1:3]])


def ignorance(digits: Digits, seed: int = 0) -> dict[str, float]:
    """The angle of layer 1's update to backprop's for each piece of knowledge that is missing."""
    b = bench(digits, seed)
    down = b.net.weights[1:]
    late = [np.roll(slope, 1, axis=0) for slope in b.slopes]
    B = [B_l.T for B_l in random_feedback(b.net.sizes, [6, seed], "float64")]
    everyone = np.abs(b.e).sum(axis=1, keepdims=True) * b.slopes[0]
    found = {
        "no slopes": b.layer_1(b.e, down, (1.0, 1.0)),
        "late slopes": b.layer_1(b.e, down, late),
        "no signs": b.layer_1(np.abs(b.e), down, b.slopes),
        "random feedback": b.layer_1(b.e, B, b.slopes),
        "one number for all": everyone.T @ b.x / len(b.x),
    }
    return {name: angle(update, b.true) for name, update in found.items()}


def spread(digits: Digits, seed: int = 0, count: int = 40) -> float:
    """The standard deviation of layer 1's angle to backprop over random feedbacks, in degrees."""
    b = bench(digits, seed)
    true, found = b.true, []
    for k in range(count):
        B = [B_l.T for B_l in random_feedback(b.net.sizes, [6, seed, k], "float64")]
        found.append(angle(b.layer_1(b.e, B, b.slopes), true))
    return float(np.std(found))

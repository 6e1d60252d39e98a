"""What lesson 02 runs: the learner's backward pass, one misread digit, feedback that is turned."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...analysis import backprop_updates
from ...data import Digits, one_hot
from ...errors import check_target
from ...frameworks import Backprop, Framework
from ...network import Network
from ...optim import SGD
from ...rules import Gradient, Updates
from ...stream import Block
from ...training import fit
from .exercises import aligned_deltas

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


def random_feedback(sizes: Sequence[int], seed: int, dtype: Any = "float32") -> list[Array]:
    """B_1..B_{L-1}, each (n_l, n_{l+1}), as large as Xavier's forward weights are on average."""
    rng = np.random.default_rng(seed)
    pairs = itertools.pairwise(sizes[1:])
    return [rng.normal(0, np.sqrt(2 / (n + m)), (n, m)).astype(dtype) for n, m in pairs]


@dataclass(frozen=True)
class Story:
    """A young network (float64), one test digit that it misreads, and the blame of each synapse.

    x: (1, 784). target: (1, 10). label, guess: what it is and what the network takes it for.
    blame: minus the gradient of the loss, for weights and biases.
    """

    net: Network
    x: Array
    target: Array
    label: int
    guess: int
    blame: Updates

    def synapse(self, rank: int) -> tuple[int, int]:
        """(neuron, pixel): the most blamed synapse of a neuron of layer 1; the neurons are
        ordered by it, and ``rank`` counts from 0."""
        size = np.abs(self.blame.weights[0])
        i = int(np.argsort(-size.max(axis=1), kind="stable")[rank])
        return i, int(size[i].argmax())


def young_network() -> Network:
    """784-64-32-10, tanh and softmax, before any learning."""
    return Network([784, 64, 32, 10], hidden="tanh", dtype="float64", seed=0)


def one_wrong_digit(digits: Digits) -> Story:
    """Let a network learn from 3,000 digits, once each; take the first test digit it misreads."""
    net = young_network()
    x, y = digits.x_train[:3000], digits.y_train[:3000]
    fit(net, Backprop(), Gradient(), x, y, optimizer=SGD(0.05), epochs=1, batch_size=64,
        progress=False)  # fmt: skip
    guesses = net.predict(digits.x_test).argmax(axis=1)
    index = int(np.flatnonzero(guesses != digits.y_test)[0])
    x = digits.x_test[index : index + 1].astype(np.float64)
    label = int(digits.y_test[index])
    target = one_hot([label], dtype="float64")
    return Story(net, x, target, label, int(guesses[index]), backprop_updates(net, x, target))


def turn_one_weight(story: Story, i: int, j: int, values: Array) -> tuple[Array, Array]:
    """Losses (T,) and predictions (T, 10) of the digit with W_1[i, j] set to each of ``values``."""
    net = story.net
    voltages, _ = net.feedforward(story.x)
    v = np.repeat(voltages[0], len(values), axis=0)
    v[:, i] += (values - net.weights[0][i, j]) * story.x[0, j]  # no other drive moves
    r = np.tanh(v)
    for W, beta, phi in zip(net.weights[1:], net.biases[1:], net.activations[1:], strict=True):
        r = phi.rate(r @ W.T + beta)
    target = np.repeat(story.target, len(values), axis=0)
    return net.losses(r, target), net.readout(r)


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


def blend(digits: Digits, seed: int = 2, batch: int = 128) -> Blend:
    """The widget's network after 3,000 digits, with random feedback to turn towards."""
    net = young_network()
    fit(net, Backprop(), Gradient(), digits.x_train[:3000], digits.y_train[:3000],
        optimizer=SGD(0.05), epochs=1, batch_size=64, progress=False)  # fmt: skip
    x = digits.x_train[:batch].astype(np.float64)
    target = one_hot(digits.y_train[:batch], dtype="float64")
    rng, across = np.random.default_rng(seed), []
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

"""A young network, the test digits that it misreads, and what turning weights does to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....analysis import backprop_updates
from ....data import Digits, one_hot
from ....frameworks import Backprop
from ....network import Network
from ....optim import SGD
from ....rules import Gradient, Updates
from ....training import fit
from ..exercises import deltas

Array = np.ndarray

SIZES = (784, 64, 32, 10)
#: How far one weight is turned, either way. A thousand times a typical weight.
TURNS = np.geomspace(0.01, 50, 120)
#: How far the weight that moves most is turned when all weights move.
TURNS_OF_ALL = np.geomspace(1e-4, 1, 120)


def young_network(digits: Digits, seed: int = 0, seen: int = 3_000) -> Network:
    """784-64-32-10, tanh and softmax, after ``seen`` digits, once each, drawn by the seed."""
    net = Network(SIZES, hidden="tanh", dtype="float64", seed=seed)
    chosen = np.random.default_rng([2, seed]).permutation(len(digits.x_train))[:seen]
    fit(net, Backprop(), Gradient(), digits.x_train[chosen], digits.y_train[chosen],
        optimizer=SGD(0.05), epochs=1, batch_size=64, progress=False)  # fmt: skip
    return net


@dataclass(frozen=True)
class Story:
    """A network (float64), one test digit that it misreads, and the blame of each synapse.

    x: (1, 784). target: (1, 10). label, guess: what it is and what the network takes it for.
    blame: minus the slope of the loss, for weights and biases: how each should change.
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
        blame = np.abs(self.blame.weights[0])
        i = int(np.argsort(-blame.max(axis=1), kind="stable")[rank])
        return i, int(blame[i].argmax())


def misread(net: Network, digits: Digits, count: int) -> Array:
    """The indices of the first ``count`` test digits that a network gets wrong."""
    return np.flatnonzero(net.predict(digits.x_test).argmax(axis=1) != digits.y_test)[:count]


def one_wrong_digit(digits: Digits, seed: int = 0) -> Story:
    """The first test digit that a young network misreads."""
    return wrong_digits(digits, seed, 1)[0]


def wrong_digits(digits: Digits, seed: int = 0, count: int = 20) -> list[Story]:
    """The first ``count`` test digits that a young network misreads."""
    net, stories = young_network(digits, seed), []
    for index in misread(net, digits, count):
        x = digits.x_test[index : index + 1].astype(np.float64)
        label = int(digits.y_test[index])
        target = one_hot([label], dtype="float64")
        guess = int(net.predict(x).argmax())
        stories.append(Story(net, x, target, label, guess, backprop_updates(net, x, target)))
    return stories


def turn_one_weight(story: Story, i: int, j: int, values: Array) -> tuple[Array, Array]:
    """Losses (T,) and predictions (T, 10) of the digit with W_1[i, j] set to each of ``values``."""
    net = story.net
    v = np.repeat(net.feedforward(story.x)[0][0], len(values), axis=0)
    v[:, i] += (values - net.weights[0][i, j]) * story.x[0, j]  # no other drive moves
    r = upwards(net, v)
    return net.losses(r, np.repeat(story.target, len(values), axis=0)), net.readout(r)


def upwards(net: Network, v: Array) -> Array:
    """The output rates that voltages v (T, n_1) of layer 1 lead to."""
    r = net.activations[0].rate(v)
    for W, beta, phi in zip(net.weights[1:], net.biases[1:], net.activations[1:], strict=True):
        r = phi.rate(r @ W.T + beta)
    return r


@dataclass(frozen=True)
class Repairs:
    """How far weights of layer 1 have to be turned until misread digits are read right, (n,) each;
    infinite where no turn that was tried repairs one.

    blamed: the most blamed weight alone. by_lot: one picked at random among those whose pixel is
    not dark. all: every weight in proportion to its own blame; the change of the one that moves
    most. random: the same with random signs, turned just as far.
    """

    blamed: Array
    by_lot: Array
    all: Array
    random: Array

    def shares(self) -> dict[str, float]:
        """The share of the digits that each of the four repairs."""
        return {name: float(np.isfinite(values).mean()) for name, values in vars(self).items()}


def repairs(digits: Digits, seed: int = 0, count: int = 100) -> Repairs:
    """Try to repair the first ``count`` test digits that a young network misreads."""
    net, rng = young_network(digits, seed), np.random.default_rng([3, seed])
    chosen = misread(net, digits, count)
    x, labels = digits.x_test[chosen].astype(np.float64), digits.y_test[chosen]
    v, rates = net.feedforward(x)
    delta_1 = deltas(net.weights, rates, one_hot(labels, dtype="float64") - net.predict(x))[0]
    found = []
    for x_s, v_s, delta, label in zip(x, v[0], delta_1, labels, strict=True):
        neurons = np.eye(len(delta))

        def least(dv: Array, turns: Array, v_s: Array = v_s, label: int = label) -> float:
            right = upwards(net, v_s + turns[:, None] * dv).argmax(axis=1) == label
            return float(turns[right.argmax()]) if right.any() else np.inf

        blamed = neurons[np.abs(delta).argmax()] * x_s.max()
        by_lot = rng.choice(neurons) * rng.choice(x_s[x_s > 0])
        largest = np.abs(delta).max() * x_s.max()
        together = least(delta * np.sum(x_s**2) / largest, TURNS_OF_ALL)
        signs = rng.choice([-1.0, 1.0], (len(delta), len(x_s)))
        at_random = np.array([together if np.isfinite(together) else TURNS_OF_ALL[-1]])
        found.append([
            *(min(least(dv, TURNS), least(-dv, TURNS)) for dv in (blamed, by_lot)),
            together, least(delta * (signs @ x_s**2) / largest, at_random),
        ])  # fmt: skip
    return Repairs(*np.array(found).T)

"""Training with other feedback than the transposes, and what is looked at along the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from ....analysis import backprop_updates, total_angle
from ....data import load_digits, one_hot
from ....frameworks import Framework
from ....network import Network
from ....optim import SGD
from ....rules import Gradient
from ....stream import Block
from ....training import fit
from ..exercises import aligned_deltas, degrees_between, deltas
from .feedback import Deltas, WithDeltas, random_feedback
from .misread import SIZES

Array = np.ndarray

#: How the trainings of section 6 go: 30,000 presentations.
SCHOOL: dict[str, Any] = {"epochs": 3, "batch_size": 50}
RATE = 0.1
#: Digits between two looks.
EACH = 1_000


def new_network(seed: int = 0) -> Network:
    """784-64-32-10, tanh and softmax, float32, before any learning."""
    return Network(SIZES, hidden="tanh", seed=seed)


def five_kinds(
    feedback: list[Array], backward: Deltas = deltas, aligned: Deltas = aligned_deltas
) -> dict[str, Framework]:
    """The five kinds of feedback, from a backward pass and from one that takes other matrices."""
    return {
        "transposes": WithDeltas(backward),
        "random": WithDeltas(aligned, feedback),
        "zero": WithDeltas(aligned, [0 * B_l for B_l in feedback]),
        "reversed": WithDeltas(aligned, lambda net: [net.weights[1].T, -net.weights[2].T]),
        "ψ = 180°": WithDeltas(aligned, lambda net: [-W.T for W in net.weights[1:]]),
    }


class Watched(Framework):
    """A framework that keeps a diary: every 1,000 digits it looks where the network stands.

    feedback: B_1, B_2, to which the forward weights are compared. x, labels: the updates are looked
    at on the first 512. test: digits for the accuracy. measure: the angle of two arrays. Its lists
    have one entry a look:

    seen: digits so far. updates: angles of the updates of layers 1 and 2 to backprop's.
    forward: angles of W_2 to B_1^T and of W_3 to B_2^T. total: the angle of the whole update.
    reads: test accuracy. top: a copy of W_3.
    """

    def __init__(
        self,
        framework: Framework,
        feedback: list[Array],
        x: Array,
        labels: Array,
        test: tuple[Array, Array],
        measure: Callable[[Array, Array], float] = degrees_between,
    ) -> None:
        self.framework, self.feedback, self.measure = framework, feedback, measure
        self.x, self.target, self.test = x[:512], one_hot(labels[:512]), test
        self.count, self.whole = 0, SCHOOL["epochs"] * len(x)
        self.seen: list[int] = []
        self.updates: list[list[float]] = []
        self.forward: list[list[float]] = []
        self.total: list[float] = []
        self.reads: list[float] = []
        self.top: list[Array] = []

    @property
    def finished(self) -> bool:
        """Whether the network has seen all that it should: nobody has stopped its training."""
        return self.count >= self.whole

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        if self.count // EACH >= len(self.seen):
            self.look(net)
        self.count += len(x)
        yield from self.framework.teach(net, x, target, voltages)

    def look(self, net: Network) -> None:
        """One more entry of the diary."""
        d = Gradient()(self.framework.teach(net, self.x, self.target))
        g = backprop_updates(net, self.x, self.target)
        pairs = list(zip(net.weights[1:], self.feedback, strict=True))
        self.seen.append(self.count)
        self.updates.append([self.measure(d.weights[l], g.weights[l]) for l in (0, 1)])
        self.forward.append([self.measure(W, B.T) for W, B in pairs])
        self.total.append(total_angle(d, g))
        self.reads.append(net.accuracy(*self.test))
        self.top.append(net.weights[2].copy())


@lru_cache(maxsize=64)
def diary(kind: str, seed: int) -> Watched:
    """The diary of a training with one of the five kinds of feedback; everything that is drawn is
    drawn by the seed: first weights, feedback, the order of the digits."""
    digits = load_digits()
    order = np.random.default_rng([7, seed]).permutation(len(digits.x_train))
    x, y = digits.x_train[order], digits.y_train[order]
    net, feedback = new_network(seed), random_feedback(SIZES, [6, seed])
    framework = five_kinds(feedback)[kind]
    watched = Watched(framework, feedback, x, y, (digits.x_test, digits.y_test))
    fit(net, watched, Gradient(), x, y, optimizer=SGD(RATE), seed=seed, progress=False, **SCHOOL)
    watched.look(net)
    return watched


def read_at_the_end(kind: str, seed: int) -> float:
    """Test accuracy after the same training, with nobody looking along the way; NaN where it was
    stopped."""
    digits = load_digits()
    net, framework = new_network(seed), five_kinds(random_feedback(SIZES, [6, seed]))[kind]
    history = fit(net, framework, Gradient(), digits.x_train, digits.y_train, optimizer=SGD(RATE),
                  seed=seed, progress=True, **SCHOOL)  # fmt: skip
    return np.nan if history.interrupted else net.accuracy(digits.x_test, digits.y_test)


def read_by_others(diaries: Mapping[str, Watched], seeds: Sequence[int]) -> dict[str, list[float]]:
    """What other networks read at the end, for each kind of feedback with which the first one was
    trained to the end. Stopped, it goes no further."""
    found: dict[str, list[float]] = {kind: [] for kind in diaries}
    for kind, diary in diaries.items():
        for seed in seeds if diary.finished else ():
            reads = read_at_the_end(kind, seed)
            if np.isnan(reads):
                return found
            found[kind].append(reads)
    return found

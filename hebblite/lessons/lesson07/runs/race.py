"""Digits that race: what the controller does to each of them, and when its error is small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....errors import ArgumentError
from ....frameworks import DeepFeedbackControl
from ....losses import InferenceLatency
from ....network import Network
from ....stream import Block, Record, fold
from .stage import E_TOL, LOOP, STEPS

Array = np.ndarray


@dataclass(frozen=True)
class Race:
    """What B digits do in one teaching phase of T + 1 moments.

    time: (T+1,) seconds. size: |e|, (T+1, B). said: predictions, (T+1, B, n_L). images: (B, 28,
    28). labels: (B,). e_tol: the tolerance. latency: (B,) seconds, infinite where |e| stays above.
    """

    time: Array
    size: Array
    said: Array
    images: Array
    labels: Array
    e_tol: float
    latency: Array

    def pick(self, which: Sequence[int] | Array) -> Race:
        """The same race with these digits only."""
        rows = np.asarray(which, int)
        return Race(
            self.time, self.size[:, rows], self.said[:, rows], self.images[rows],
            self.labels[rows], self.e_tol, self.latency[rows],
        )  # fmt: skip


def race(net: Network, recorded: Block, labels: Array, e_tol: float) -> Race:
    """The race in a recorded phase (``stream.Record``) of a batch of digits with these labels."""
    latency = InferenceLatency(e_tol)
    latency.start(recorded)
    latency.absorb(recorded)
    x = recorded.rates[0][0]
    return Race(
        recorded.time, np.linalg.norm(recorded.error, axis=-1), net.readout(recorded.rates[-1]),
        x.reshape(len(x), 28, 28), np.asarray(labels), e_tol, latency.finish(),
    )  # fmt: skip


def easy_to_hard(latency: Array, count: int = 5) -> Array:
    """The numbers of ``count`` digits that arrive, but not at once, from the quickest to the
    slowest, evenly spread in the order of their latencies (B,)."""
    order = np.argsort(latency, kind="stable")
    some = order[(latency[order] > 0) & np.isfinite(latency[order])]
    if not len(some):
        raise ArgumentError("latency", "no digit that takes its time", "at least one")
    return np.asarray(some[np.linspace(0, len(some) - 1, count).round().astype(int)])


def run_race(
    net: Network, x: Array, labels: Array, wanted: Array, count: int = 5, e_tol: float = E_TOL
) -> Race:
    """The race of ``count`` of the digits x (B, 784) under the lesson's integral control, from
    the easiest to the hardest of those that are not there from the start."""
    control = DeepFeedbackControl(steps=STEPS, **LOOP)
    (latency,) = fold(control.teach(net, x, wanted, voltages=False), InferenceLatency(e_tol))
    some = easy_to_hard(latency, count)
    (recorded,) = fold(control.teach(net, x[some], wanted[some]), Record())
    return race(net, recorded, labels[some], e_tol)


@dataclass(frozen=True)
class Speeds:
    """latency: (B,) seconds, 0 where there from the start, infinite where never within the
    tolerance. images: (B, 784). labels, said: (B,), the right digit, and what the network reads
    before any feedback."""

    latency: Array
    images: Array
    labels: Array
    said: Array

    @property
    def read(self) -> Array:
        """Whether each digit is read right, (B,)."""
        return np.asarray(self.labels == self.said)


def speeds(net: Network, x: Array, labels: Array, latency: Array) -> Speeds:
    """How fast and how right a network is on digits x (B, 784) with these latencies (B,)."""
    return Speeds(latency, x, labels, net.predict(x).argmax(axis=1))

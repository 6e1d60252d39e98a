"""The learner's pieces in the engine: a population of spikes, and the rule that STDP tends to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....rules import STDP, DifferentialHebbian
from ....rules.base import Updates
from ....stream import Block

Array = np.ndarray


def window(rows: int, d: float) -> Array:
    """K[t, t'] = sign(t - t') d^|t - t'|, (rows, rows)."""
    lag = np.subtract.outer(np.arange(rows), np.arange(rows))
    return np.sign(lag) * d ** np.abs(lag)


class WithPopulation(STDP):
    """STDP on a population of real spikes, whose update ``make(S_post, S_pre, K)`` gives.

    It keeps a whole teaching phase, lets every neuron fire at its free rate before it, and draws
    for each rate the spikes of ``neurons`` neurons of their own, 0 or 1 (or -1, of an OFF cell),
    (N, T+1, B, n). A bias is a presynaptic neuron that fires at every step.

    rest: how long neurons fire at their free rates beforehand, in time constants of the window.
    """

    def __init__(
        self, make: Callable[..., Any], neurons: int = 8, rest: float = 2.5, **settings: Any
    ) -> None:
        super().__init__(samples=neurons, **settings)
        self.make, self.rest = make, rest

    def start(self, block: Block) -> None:
        super().start(block)
        self._phase: list[list[Array]] = [[] for _ in block.rates]

    def absorb(self, block: Block) -> None:
        d = self._decay_of(block)  # which also sees to it that all steps are equally long
        if not self._phase[0]:
            rows = 1 + round(-self.rest / np.log(d))
            self._phase = [[np.repeat(r[:1], rows, axis=0)] for r in block.rates]
        for phase, r in zip(self._phase, block.rates, strict=True):
            phase.append(r[1:].copy())

    def finish(self) -> Updates:
        rates = [np.concatenate(rows) for rows in self._phase]
        S = [
            np.stack([self._fire(l, r, run) for run in range(self.samples)])
            for l, r in enumerate(rates)
        ]
        K = window(len(rates[0]), self._decay).astype(S[0].dtype)
        always = np.ones((1, *S[0].shape[1:3], 1), S[0].dtype)
        # The engine divides by the batch and by the number of draws; ``make`` has done so.
        times = rates[0].shape[1] * self.samples
        for l in range(len(self._dW)):
            self._dW[l] += times * np.asarray(self.make(S[l + 1], S[l], K))
            share = S[l + 1].mean(axis=0, keepdims=True)
            self._db[l] += times * np.asarray(self.make(share, always, K))[:, 0]
        return super().finish()


class WithLimit(DifferentialHebbian):
    """The rule ``make(post, pre)``, of the rates of a whole teaching phase, (T+1, B, n) and
    (T+1, B, m). What it says of biases, whose pre never moves, is DH."""

    separable = False

    def __init__(self, make: Callable[[Array, Array], Any]) -> None:
        super().__init__()
        self.make = make

    def start(self, block: Block) -> None:
        super().start(block)
        self._phase = [[r[:1].copy()] for r in block.rates]

    def absorb(self, block: Block) -> None:
        super().absorb(block)
        for phase, r in zip(self._phase, block.rates, strict=True):
            phase.append(r[1:].copy())

    def finish(self) -> Updates:
        rates = [np.concatenate(rows) for rows in self._phase]
        made = super().finish()
        made.weights = [
            np.asarray(self.make(post, pre)).astype(post.dtype)
            for post, pre in zip(rates[1:], rates[:-1], strict=True)
        ]
        return made

"""The learner's STDP in the engine: it is given spikes, and never sees a rate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....rules import STDP, Updates
from ....stream import Block

Array = np.ndarray


class WithSpikes(STDP):
    """The engine's spikes, paired by a function of the exercise: ``stdp(S_post, S_pre, d)``.

    It keeps a whole teaching phase, lets every neuron fire at its free rate before it, and hands
    the spikes of two layers over, all inputs of the batch at once. Several draws (``samples``) are
    handed over as one larger batch: spikes of different inputs never meet, and neither do those of
    different draws. Negative and unbounded rates are treated as in ``STDP``, but OFF cells are
    handed over as neurons of their own. A bias is a presynaptic neuron that fires at every step.
    Steps must be equally long, as in ``STDP``: UndefinedCell if they are not.

    rest: how long neurons fire at their free rates beforehand, in time constants of the window.
    """

    def __init__(self, stdp: Callable[..., Any], rest: float = 2.5, **settings: Any) -> None:
        super().__init__(**settings)
        self.stdp, self.rest = stdp, rest

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
            np.concatenate([self._fire(l, r, run) for run in range(len(self._traces))], axis=1)
            for l, r in enumerate(rates)
        ]
        always = np.ones((*S[0].shape[:2], 1), S[0].dtype)
        for l in range(len(self._dW)):
            self._dW[l] += self._paired(S[l + 1], S[l])
            self._db[l] += self._paired(S[l + 1], always)[:, 0]
        return super().finish()

    def _paired(self, post: Array, pre: Array) -> Array:
        """What the learner's function makes of these spikes. It is given 0 and 1 only: ON and OFF
        cells are neurons of their own, and OFF cells have synapses of the opposite sign."""
        dW = np.asarray(self.stdp(_on_off(post), _on_off(pre), self._decay))
        n, m = post.shape[2], pre.shape[2]
        dW = dW[:n] - dW[n:] if len(dW) > n else dW
        return dW[:, :m] - dW[:, m:] if dW.shape[1] > m else dW


def shuffled(stdp: Callable[..., Any], rng: np.random.Generator) -> Callable[..., Any]:
    """The same rule on the same spikes, in a random order of time: the control that must fail."""

    def rule(S_post: Array, S_pre: Array, d: float) -> Any:
        order = rng.permutation(len(S_post))
        return stdp(S_post[order], S_pre[order], d)

    return rule


def _on_off(S: Array) -> Array:
    """Signed spikes (T+1, B, n) as those of ON cells and, behind them, of OFF cells, if any."""
    if S.min() >= 0:
        return S
    return np.concatenate([np.maximum(S, 0), np.maximum(-S, 0)], axis=2)

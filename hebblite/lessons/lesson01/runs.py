"""What lesson 01 runs: many draws of spikes, and the learner's STDP in the engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from ...rules import STDP, Updates
from ...stream import Block
from .equations import kernel, noise, swing
from .exercises import expected_stdp

Array = np.ndarray

BASELINES = ("none", "low (0.1)", "high (0.5)")


@cache
def averages(baseline: str) -> tuple[Array, Array, float]:
    """DH (96,) of a patch of 8 x 12 synapses, the STDP updates averaged over the first 2^k
    draws, k = 0..11: (12, 96), both on the scale of DH, and V / |mu|^2 of (6)."""
    base = {"none": 0.0, "low (0.1)": 0.1, "high (0.5)": 0.5}[baseline]
    rng = np.random.default_rng(4)
    T, d, draws = 60, float(np.exp(-1 / 8)), 2**11
    low, high = rng.uniform(0, 0.4, (2, 8))
    post = base + swing(T, 30, 10, low, high)
    pre = np.broadcast_to(rng.uniform(0.02, 0.6, 12), (T + 1, 12))
    dh = (np.diff(post, axis=0).T @ pre[:-1]).ravel()
    total, means = np.zeros(dh.size), []
    for k in range(12):
        count = 2 ** max(k - 1, 0)
        S_post = (rng.random((count, *post.shape)) < post).astype(np.float32)
        S_pre = (rng.random((count, *pre.shape)) < pre).astype(np.float32)
        paired = kernel(T + 1, d).astype(np.float32) @ S_pre
        total = total + np.einsum("cti,ctj->ij", S_post, paired, optimize=True).ravel()
        means.append(total / 2**k * (1 - d) ** 2 / d)
    assert 2 * count == draws
    expected = expected_stdp(post, pre, d)
    return dh, np.array(means), noise(post, pre, d) / float((expected**2).sum())


class WithSpikes(STDP):
    """The engine's spikes, paired by a function of the exercise: ``stdp(S_post, S_pre, d)``.

    It keeps a whole teaching phase, lets every neuron fire at its free rate for ``rest`` steps
    before it, and hands the spikes of two layers over, all inputs of the batch at once. Negative
    and unbounded rates are treated as in ``STDP``, but OFF cells are handed over as neurons of
    their own. A bias is a presynaptic neuron that fires at every step.
    """

    def __init__(self, stdp: Callable[..., Any], rest: int = 8, **settings: Any) -> None:
        super().__init__(**settings)
        self.stdp, self.rest = stdp, rest

    def start(self, block: Block) -> None:
        super().start(block)
        self._phase = [[np.repeat(r[:1], self.rest + 1, axis=0)] for r in block.rates]

    def absorb(self, block: Block) -> None:
        self._decay = float(np.exp(-np.diff(block.time).mean() / self.tau))
        for rows, r in zip(self._phase, block.rates, strict=True):
            rows.append(r[1:].copy())

    def finish(self) -> Updates:
        rates = [np.concatenate(rows) for rows in self._phase]
        always = np.ones((*rates[0].shape[:2], 1), rates[0].dtype)
        for _ in self._traces:  # one round for each sample
            S = [self._fire(l, r) for l, r in enumerate(rates)]
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


def _on_off(S: Array) -> Array:
    """Signed spikes (T+1, B, n) as those of ON cells and, behind them, of OFF cells, if any."""
    if S.min() >= 0:
        return S
    return np.concatenate([np.maximum(S, 0), np.maximum(-S, 0)], axis=2)

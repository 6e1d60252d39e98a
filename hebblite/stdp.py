"""Spike-timing-dependent plasticity: each pair of a pre- and a postsynaptic spike changes the weight
by a window of their distance in time (Bi & Poo 1998; Song, Miller & Abbott 2000).

    K(s) = sign(s) exp(-|s| / tau),    s = t_post - t_pre                      (the window)
    dW   = sum over t of  S_post[t] X_pre[t]^T - X_post[t] S_pre[t]^T

S[t] in {0, 1} are spikes, X[t] = sum_{s<t} d^(t-s) S[s] their exponential traces, with the decay
d = exp(-dt / tau) per step. A post spike finds the trace of earlier pre spikes and potentiates, a pre
spike finds the trace of earlier post spikes and depresses: nothing looks ahead, nothing is stored
but two traces.

Spikes are independent given the rates, so E[dW] is the same expression with S replaced by its
probability (``expected=True``). For a constant pre and a post that is at rest at both ends, that is
(d / (1 - d)^2) (post[T] - post[0]) pre: theorem T2. The update is divided by this factor, and so
STDP and DifferentialHebbian are estimates of one another on one scale.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .errors import ArgumentError, UndefinedCell, check_choice, check_count, check_number, check_seed
from .rules import Rule, Updates
from .stream import Block, is_constant

Array = np.ndarray


class STDP(Rule):
    """Pair-based STDP on Bernoulli spikes: at each step a neuron fires with the probability
    ``probability`` x rate.

    A rate can be negative (tanh, linear outputs, inputs) or above 1, a probability cannot. Negative
    rates are those of an OFF cell, whose spikes count as -1, so that the mean of a spike is
    proportional to the rate. A layer whose activation is not bounded is scaled down to twice its
    greatest free rate; rates beyond that fire at every step. ``scales`` holds what each layer was
    divided by, and the update is multiplied by them again.

    samples: how many independent spike trains are drawn and averaged: the variance falls as 1/n.
    expected: use the exact expectation instead.
    tau: seconds, of both sides of the window (the code of Aceituno et al. 2023 has d = 0.94 at
        dt = 1 ms). Steps must be equally long.
    probability: of a spike per step at rate 1.
    traces: how they start: "free": at their mean after a long time in the free state; "empty": 0.
    seed: of the spikes; each stream draws new ones.
    """

    def __init__(
        self,
        samples: int = 1,
        expected: bool = False,
        tau: float = 0.0162,
        probability: float = 1.0,
        traces: str = "free",
        seed: int = 0,
    ) -> None:
        self.samples = check_count("samples", samples)
        self.expected = bool(expected)
        self.tau = check_number("tau", tau, above=0)
        self.probability = check_number("probability", probability, above=0, most=1)
        self.traces = check_choice("traces", traces, ("free", "empty"))
        self.rng = np.random.Generator(np.random.SFC64(check_seed("seed", seed)))

    def start(self, block: Block) -> None:
        super().start(block)
        self._decay: float | None = None
        self.scales = []
        for l, r in enumerate(block.rates):
            bounded = l > 0 and np.isfinite(block.activations[l - 1].high)
            top = 1.0 if bounded else float(np.abs(r[0]).max())
            # An input is constant, so its greatest rate is known; others may grow.
            self.scales.append(1.0 if top <= 1 and (bounded or l == 0) else top * (1 + (l > 0)))
        self.scales = [scale or 1.0 for scale in self.scales]
        shapes, dtype = [r[0].shape for r in block.rates], block.error.dtype
        n = 1 if self.expected else self.samples
        self._traces = [[np.zeros(shape, dtype) for shape in shapes] for _ in range(n)]

    def absorb(self, block: Block) -> None:
        d = self._check_steps(block.time)
        if self._decay is None:
            self._decay = d
            if self.traces == "free":
                for l, r in enumerate(block.rates):
                    for traces in self._traces:
                        traces[l][...] = self._mean(l, r[:1])[0] * (d / (1 - d))
        S = block.steps
        window = window_matrix(S, d).astype(block.error.dtype)
        fade = window[-1, 1:]  # d^S ... d: what each spike leaves in the trace at the block's end
        first = -d ** np.arange(S).astype(block.error.dtype)
        for traces in self._traces:
            # Row 0 of a layer's array is its trace before the first spike, the others are spikes.
            fired = [self._fire(l, r[1:], traces[l]) for l, r in enumerate(block.rates)]
            for l in range(block.depth):
                pre, post = fired[l], fired[l + 1]
                self._dW[l] += self._pairs(pre, post, window, first)
                # A bias is a weight from a neuron that fires at every step, with certainty.
                self._db[l] += self._bias(block, post, d)
            for l, spikes in enumerate(fired):
                traces[l][...] = np.tensordot(window[-1], spikes, 1)
        del fade
        self._elapsed = True

    # The rest is arithmetic on one block.

    def _check_steps(self, time: Array) -> float:
        steps = np.diff(time)
        if np.ptp(steps) > 1e-6 * steps.max():
            raise UndefinedCell("STDP draws spikes at steps of one length; this stream's vary")
        return float(np.exp(-steps.mean() / self.tau))

"""Spike-timing-dependent plasticity: each pair of a pre- and a postsynaptic spike changes the
weight by a window of their distance in time (Bi & Poo 1998; Song, Miller & Abbott 2000).

    K(s) = sign(s) exp(-|s| / tau),    s = t_post - t_pre                      (the window)
    dW   = sum over t of  S_post[t] X_pre[t]^T - X_post[t] S_pre[t]^T

S[t] in {0, 1} are spikes, X[t] = sum_{s<t} d^(t-s) S[s] their exponential traces, with the decay
d = exp(-dt / tau) per step. A post spike finds the trace of earlier pre spikes and potentiates, a
pre spike finds the trace of earlier post spikes and depresses: nothing looks ahead, and nothing is
stored but two traces. (Within a block of steps the same sum is taken as one product: ``pairing``.)

Spikes are independent given the rates, so E[dW] is the same expression with S replaced by its
probability (``expected=True``). For a constant pre and a post that is at rest at both ends, that is
(d / (1 - d)^2) (post[T] - post[0]) pre: theorem T2. The update is divided by this factor, and so
STDP and DifferentialHebbian are estimates of one another on one scale.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .errors import (
    ArgumentError,
    UndefinedCell,
    check_choice,
    check_count,
    check_flag,
    check_number,
    check_seed,
)
from .rules import Rule, Updates, outer
from .stream import Block

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
        self.expected = check_flag("expected", expected)
        self.tau = check_number("tau", tau, above=0)
        self.probability = check_number("probability", probability, least=1e-6, most=1)
        self.traces = check_choice("traces", traces, ("free", "empty"))
        self.rng = np.random.Generator(np.random.SFC64(check_seed("seed", seed)))

    def start(self, block: Block) -> None:
        super().start(block)
        self._decay = 0.0
        self.scales: list[float] = []
        for l, r in enumerate(block.rates):
            bounded = l > 0 and np.isfinite(block.activations[l - 1].high)
            greatest = float(np.abs(r[0]).max())
            # The input is constant, so its greatest rate is known; an unbounded rate may grow.
            self.scales.append(1.0 if bounded else max(1.0, greatest * (1 if l == 0 else 2)))
        runs = 1 if self.expected else self.samples
        #: Traces of layers 0..L in each run of the spikes, and that of a bias: a neuron that
        #: fires at every step with certainty.
        self._traces = [[np.zeros_like(r[0]) for r in block.rates] for _ in range(runs)]
        self._bias_trace = 0.0

    def absorb(self, block: Block) -> None:
        S, steps = block.steps, np.diff(block.time)
        if np.ptp(steps) > 1e-6 * steps.max():
            raise UndefinedCell("STDP draws spikes at steps of one length; this stream's vary")
        d = float(np.exp(-steps.mean() / self.tau))
        if not 1e-6 < d < 1 - 1e-6:
            dt = f"{steps.mean():g}"
            raise ArgumentError(
                "tau", f"{self.tau:g}", f"a window of 0.1 to 1e6 steps of {dt} seconds"
            )
        if not self._decay and self.traces == "free":
            for l, r in enumerate(block.rates):
                for traces in self._traces:
                    traces[l][...] = self._probability(l, r[0]) * (d / (1 - d))
            self._bias_trace = d / (1 - d)
        self._decay = d

        M = pairing(S, d)
        bias = M @ np.array([self._bias_trace, *([1.0] * S)])
        self._bias_trace = float(bias[S])
        M = M.astype(block.error.dtype)
        for traces in self._traces:
            before = [trace.copy() for trace in traces]
            spikes, paired, fade = [], [], []
            for l, r in enumerate(block.rates):
                run = np.concatenate([before[l][None], self._fire(l, r[1:])])
                made = (M @ run.reshape(S + 1, -1)).reshape(S + 2, *r.shape[1:])
                spikes.append(run[1:])
                paired.append(made[:S])
                traces[l] = made[S]
                fade.append(made[S + 1])
            for l in range(block.depth):
                post, X_post = spikes[l + 1], before[l + 1]
                self._dW[l] += outer(post, paired[l])
                self._dW[l] -= outer(X_post, fade[l])
                self._db[l] += bias[:S] @ post.sum(axis=1) - bias[S + 1] * X_post.sum(axis=0)

    def finish(self) -> Updates:
        d = self._decay
        self._batch *= len(self._traces) * self.probability**2 * d / (1 - d) ** 2
        for l, dW in enumerate(self._dW):
            dW *= self.scales[l] * self.scales[l + 1]
            self._db[l] *= self.scales[l + 1] * self.probability
        return super().finish()

    def state(self) -> dict[str, Any]:
        return {"rng": self.rng.bit_generator.state["state"]["state"].tolist()}

    def restore(self, meta: dict[str, Any]) -> None:
        state = self.rng.bit_generator.state
        state["state"]["state"] = np.array(meta["rng"], np.uint64)
        self.rng.bit_generator.state = state

    def _probability(self, l: int, r: Array) -> Array:
        """The mean of a spike, signed: at most 1 in size."""
        p = r * r.dtype.type(self.probability / self.scales[l])
        if self.scales[l] != 1:  # only rates that may grow can pass 1
            np.clip(p, -1, 1, out=p)
        return p

    def _fire(self, l: int, r: Array) -> Array:
        """Spikes (S, B, n) of a layer with rates r (S, B, n): 1, 0 or, of an OFF cell, -1."""
        p = self._probability(l, r)
        if self.expected:
            return p
        u = self._uniform(p.shape, p.dtype)
        if p.min() >= 0:
            return np.ceil(np.subtract(p, u, out=u), out=u)  # 1 where u < p
        return np.copysign(np.abs(p) > u, p)

    def _uniform(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """Uniform numbers in [0, 1): two of 32 bits from each raw draw of 64, the fastest way."""
        size = int(np.prod(shape))
        raw = self.rng.bit_generator.random_raw((size + 1) // 2).view(np.uint32)[:size]
        raw &= np.uint32(0xFFFFFF00)  # 24 bits, which float32 holds exactly
        u = raw.astype(dtype)
        u *= dtype.type(2.0**-32)
        return u.reshape(shape)


def pairing(S: int, d: float) -> Array:
    """What pair-based STDP makes of S steps, as one matrix (S + 2, S + 1).

    It acts on a neuron's trace at the start of the block and its S spikes. Rows 0..S-1, at each
    step: its trace of earlier spikes minus that of later ones in the block, so that the post
    spikes times this are all pairs within the block. Row S: its trace at the start of the next
    block. Row S + 1: what a post trace of 1 at the start of the block finds of its spikes, since
    depression by post spikes of earlier blocks is that trace times this.
    """
    t, s = np.arange(S)[:, None], np.arange(S)[None, :]
    M = np.zeros((S + 2, S + 1))
    M[:S, 0] = d ** np.arange(S)
    M[:S, 1:] = np.sign(t - s) * d ** np.abs(t - s)
    M[S, 0] = d**S
    M[S, 1:] = d ** (S - np.arange(S))
    M[S + 1, 1:] = d ** np.arange(S)
    return M

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

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import (
    ArgumentError,
    UndefinedCell,
    check_choice,
    check_count,
    check_flag,
    check_number,
    check_seed,
)
from ..memory import aligned
from ..stream import Block, is_constant
from .base import Rule, Updates

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

    separable = True

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
        self._bias_trace = float(bias[-1])
        dtype = block.error.dtype
        M, bias = M.astype(dtype), bias.astype(dtype)
        for traces in self._traces:
            runs, paired = [], []
            for l, r in enumerate(block.rates):
                run = aligned((S + 1, *r.shape[1:]), dtype)
                run[0] = traces[l]
                self._fire(l, r[1:], run[1:])
                made = aligned((S + 2, *r.shape[1:]), dtype)
                np.matmul(M, run.reshape(S + 1, -1), out=made.reshape(S + 2, -1))
                traces[l][...] = made[-1]
                runs.append(run)
                paired.append(made[:-1])
            for l in range(block.depth):
                self._add_outer(l, runs[l + 1], paired[l])
                self._db[l] += bias[:-1] @ runs[l + 1].sum(axis=1)

    def finish(self) -> Updates:
        d = self._decay
        self._batch *= len(self._traces) * self.probability**2 * d / (1 - d) ** 2
        for l, dW in enumerate(self._dW):
            dW *= self.scales[l] * self.scales[l + 1]
            self._db[l] *= self.scales[l + 1] * self.probability
        return super().finish()

    def split(self, shares: Sequence[float]) -> list[Rule]:
        """Each part draws spikes of its own, from a seed that is drawn here."""
        rules = super().split(shares)
        for rule in rules:
            seed = int(self.rng.integers(2**63))
            rule.rng = np.random.Generator(np.random.SFC64(seed))  # type: ignore[attr-defined]
        return rules

    def state(self) -> dict[str, Any]:
        return {"rng": self.rng.bit_generator.state["state"]["state"].tolist()}

    def restore(self, meta: dict[str, Any]) -> None:
        state = self.rng.bit_generator.state
        state["state"]["state"] = np.array(meta["rng"], np.uint64)
        self.rng.bit_generator.state = state

    def _probability(self, l: int, r: Array) -> Array:
        """The mean of a spike, signed: at most 1 in size."""
        if self.probability == self.scales[l] == 1:
            return r
        p = r * r.dtype.type(self.probability / self.scales[l])
        if self.scales[l] != 1:  # only rates that may grow can pass 1
            np.clip(p, -1, 1, out=p)
        return p

    def _fire(self, l: int, r: Array, out: Array | None = None) -> Array:
        """Spikes (S, B, n) of a layer with rates r (S, B, n): 1, 0 or, of an OFF cell, -1."""
        out = np.empty(r.shape, r.dtype) if out is None else out
        p = self._probability(l, r[:1] if is_constant(r) else r)
        if self.expected:
            out[...] = p
            return out
        self._uniform(out)
        if p.min() >= 0:
            return np.ceil(np.subtract(p, out, out=out), out=out)  # 1 where out < p
        return np.copysign(np.abs(p) > out, p, out=out)

    def _uniform(self, out: Array) -> None:
        """Uniform numbers in [0, 1): two of 32 bits from each raw draw of 64, the fastest way."""
        raw = self.rng.bit_generator.random_raw((out.size + 1) // 2).view(np.uint32)[: out.size]
        raw &= np.uint32(0xFFFFFF00)  # 24 bits, which float32 holds exactly
        out[...] = raw.reshape(out.shape)
        out *= out.dtype.type(2.0**-32)


def pairing(S: int, d: float) -> Array:
    """What pair-based STDP makes of S steps, as one matrix (S + 2, S + 1).

    It acts on a neuron's trace at the start of the block and its S spikes, and makes of them what
    the post trace at the start (row 0) and each post spike (rows 1..S) are to be multiplied with,
    so that their sum is the update. Row 0: minus what a post trace of 1 finds of later pre spikes.
    Rows 1..S, at each step: the trace of earlier spikes minus that of later ones in the block.
    Row S + 1: the trace at the start of the next block.
    """
    t, s = np.arange(S)[:, None], np.arange(S)[None, :]
    M = np.zeros((S + 2, S + 1))
    M[0, 1:] = -(d ** np.arange(S))
    M[1:-1, 0] = d ** np.arange(S)
    M[1:-1, 1:] = np.sign(t - s) * d ** np.abs(t - s)
    M[-1, 0] = d**S
    M[-1, 1:] = d ** (S - np.arange(S))
    return M

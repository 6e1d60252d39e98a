"""Spike-timing-dependent plasticity: each pair of a pre- and a postsynaptic spike changes the
weight by a window of their distance in time (Bi & Poo 1998; Song, Miller & Abbott 2000).

    K(s) = sign(s) exp(-|s| / tau),    s = t_post - t_pre                      (the window)
    dW   = sum over t of  S_post[t] X_pre[t]^T - X_post[t] S_pre[t]^T

S[t] in {0, 1} are spikes, X[t] = sum_{s<t} d^(t-s) S[s] their exponential traces, with the decay
d = exp(-dt / tau) per step. A post spike finds the trace of earlier pre spikes and potentiates, a
pre spike finds the trace of earlier post spikes and depresses: nothing looks ahead, and nothing is
stored but two traces. (Within a block of steps the same sum is taken as one product: ``pairing``.)

Spikes are independent given the rates, so E[dW] is the same expression with S replaced by its
probability (``expected=True``). What it tends to as rates move slowly against the window, and rest
at both ends, is theorem T2:

    E[dW]  ->  f sum_t (post[t+1] - post[t]) pre[t]^T - post[t] (pre[t+1] - pre[t])^T

with f = d / (1 - d)^2. The update is divided by f. Where pre is constant, as the input is, the
second term is zero and the first is DifferentialHebbian: on one scale, each is an estimate of the
other. Where pre moves too, as in all upper layers, the limit is another thing,
2 DifferentialHebbian - Contrastive as dt -> 0. How far STDP is from DifferentialHebbian there is
bias, not noise: neither more spikes nor a shorter window takes it away.
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
from .spikes import Spikes

Array = np.ndarray

_UNEQUAL = "STDP draws spikes at steps of one length; this stream's vary"


class STDP(Rule):
    """Pair-based STDP on Bernoulli spikes: at each step a neuron fires with the probability
    ``probability`` x rate.

    A rate can be negative (tanh, linear outputs, inputs) or above 1, a probability cannot. Negative
    rates are those of an OFF cell, whose spikes count as -1, so that the mean of a spike is
    proportional to the rate. A layer whose activation is not bounded is scaled down to twice its
    greatest free rate; rates beyond that fire at every step. After a stream, ``scales`` holds what
    each layer was divided by, and the update is multiplied by them again.

    samples: how many independent spike trains are drawn and averaged: the variance falls as 1/n.
    population: how many neurons carry each rate, all pairs of them learning: the variance of a
        spike falls as 1/n, at the cost of one train whatever n (``spikes.py``).
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
        population: int = 1,
    ) -> None:
        self.samples = check_count("samples", samples)
        self.population = check_count("population", population)
        self.expected = check_flag("expected", expected)
        self.tau = check_number("tau", tau, above=0)
        self.probability = check_number("probability", probability, least=1e-6, most=1)
        self.traces = check_choice("traces", traces, ("free", "empty"))
        self.rng = np.random.Generator(np.random.SFC64(check_seed("seed", seed)))

    def start(self, block: Block) -> None:
        super().start(block)
        self._step = self._decay = 0.0
        self.scales: list[float] = []
        #: Whether rates of layers 0..L may be negative, and whether they may pass their scale.
        self._signed: list[bool] = []
        self._grows: list[bool] = []
        for l, r in enumerate(block.rates):
            phi = block.activations[l - 1] if l else None
            bounded, known = phi is not None and np.isfinite(phi.high), is_constant(r)
            greatest = float(np.abs(r[0]).max())
            # The input is constant, so its greatest rate is known; an unbounded rate may grow.
            self.scales.append(1.0 if bounded else max(1.0, greatest * (1 if known else 2)))
            self._grows.append(not bounded)
            self._signed.append(phi.low < 0 if phi else not known or bool(r[0].min() < 0))
        runs = 1 if self.expected else self.samples
        #: Traces of layers 0..L in each run of the spikes, and that of a bias: a neuron that
        #: fires at every step with certainty.
        self._traces = [[np.zeros_like(r[0]) for r in block.rates] for _ in range(runs)]
        self._bias_trace = 0.0
        self._spikes = (
            [] if self.expected else [self._trains(len(block.rates)) for _ in range(runs)]
        )

    def _trains(self, layers: int) -> list[Spikes]:
        seeds = self.rng.bit_generator.random_raw(layers)
        return [Spikes(int(seed), self.population) for seed in seeds]

    def absorb(self, block: Block) -> None:
        d = self._decay_of(block)
        S, L, dtype = block.steps, block.depth, block.error.dtype
        M = pairing(S, d)
        bias = M @ np.array([self._bias_trace, *([1.0] * S)])
        self._bias_trace = float(bias[-1])
        M, bias = M.astype(dtype), bias.astype(dtype)
        means = [
            self._probability(l, r[:1] if is_constant(r) else r[1:])
            for l, r in enumerate(block.rates)
        ]
        for run, traces in enumerate(self._traces):
            trains = []  # of each layer, (S+1, B, n): its trace at the start, then its spikes
            for l, p in enumerate(means):
                train = aligned((S + 1, *p.shape[1:]), dtype)
                train[0] = traces[l]
                self._draw(l, p, train[1:], run)
                trains.append(train)
            for l in range(0, L + 1, 2):
                _times(M[-1:], trains[l], traces[l])
            for l in range(1, L + 1, 2):
                paired = aligned((S + 2, *trains[l].shape[1:]), dtype)
                _times(M, trains[l], paired)
                traces[l][...] = paired[-1]
                # M[:-1] is antisymmetric: what spikes of pre find of post is minus what post finds
                # of pre. So every other layer is paired once, as post of the layer below and as
                # pre of the one above.
                self._add_outer(l - 1, paired[:-1], trains[l - 1], sign=-1)
                if l < L:
                    self._add_outer(l, trains[l + 1], paired[:-1])
            for l in range(L):
                self._db[l] += bias[:-1] @ trains[l + 1].sum(axis=1)

    def finish(self) -> Updates:
        d = self._decay
        self._batch *= len(self._traces) * self.probability**2 * d / (1 - d) ** 2
        for l, dW in enumerate(self._dW):
            scale = self.scales[l] * self.scales[l + 1]
            if scale != 1:
                dW *= scale
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

    def _decay_of(self, block: Block) -> float:
        """d of this stream. Its first block sets the traces, and all steps must be like the first.

        UndefinedCell if they are not. ArgumentError if the window is too short or too long."""
        steps = np.diff(block.time)
        if self._decay:
            if np.abs(steps - self._step).max() > 1e-6 * self._step:
                raise UndefinedCell(_UNEQUAL)
            return self._decay
        if np.ptp(steps) > 1e-6 * steps.max():
            raise UndefinedCell(_UNEQUAL)
        self._step = float(steps.mean())
        d = float(np.exp(-self._step / self.tau))
        if not 1e-6 < d < 1 - 1e-6:
            expected = f"a window of 0.1 to 1e6 steps of {self._step:g} seconds"
            raise ArgumentError("tau", f"{self.tau:g}", expected)
        if self.traces == "free":
            for l, r in enumerate(block.rates):
                for traces in self._traces:
                    traces[l][...] = self._probability(l, r[0]) * (d / (1 - d))
            self._bias_trace = d / (1 - d)
        self._decay = d
        return d

    def _probability(self, l: int, r: Array) -> Array:
        """The mean of a spike of layer l at rates r, signed: at most 1 in size."""
        factor = self.probability / self.scales[l]
        if factor == 1 and not self._grows[l]:
            return r
        p = r * r.dtype.type(factor)
        return np.clip(p, -1, 1, out=p) if self._grows[l] else p

    def _draw(self, l: int, p: Array, out: Array, run: int) -> None:
        """The next spikes of layer l in this run, (S, B, n), of means p, (S or 1, B, n)."""
        if self.expected:
            out[...] = p
        else:
            self._spikes[run][l].draw(p, out, self._signed[l])

    def _fire(self, l: int, r: Array, run: int = 0) -> Array:
        """Spikes of layer l with rates r, (S, B, n): 1, 0 or, of an OFF cell, -1."""
        out = np.empty(r.shape, r.dtype)
        self._draw(l, self._probability(l, r), out, run)
        return out


def _times(M: Array, train: Array, out: Array) -> None:
    """M (k, S+1) times a train (S+1, B, n), into out (k, B, n)."""
    np.matmul(M, train.reshape(len(train), -1), out=out.reshape(len(M), -1))


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

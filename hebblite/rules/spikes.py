"""Spikes of neurons whose probability to fire is given at each step.

    S[t] = sign(p[t])  with probability |p[t]|,  else 0                       (one neuron)
    S[t] = p[t] + (that - p[t]) / sqrt(n)                                     (a population of n)

The share of n independent neurons that fire has the mean p and the variance p (1 - p) / n. The
second line has both, exactly, for any p and n: it is the spike of one neuron, drawn towards its
mean, and so lies in [0, 1] without being cut off. It is not binomial, but STDP is linear in each
spike, and the mean and the covariances of its updates depend on nothing else of the distribution.
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray


class Spikes:
    """The spikes of one layer in one stream, step after step, from a generator of its own. Each
    step takes as many draws from it as any other, and so the spikes do not depend on how many steps
    are asked for at once, nor on other layers.

    A neuron fires if a random number of 24 bits is less than |p|. Its upper 16 bits are the
    neuron's own; the lower 8 are the same for all neurons of a step, which halves the time. So the
    probability is right to 2^-24, and two neurons of a step depend on one another in one
    step of 2^32 at most. Neurons of two layers, which STDP pairs, never do, nor do two steps.
    """

    def __init__(self, seed: int, population: int = 1) -> None:
        self._bits = np.random.SFC64(seed)
        self._spread = population**-0.5

    def draw(self, p: Array, out: Array, signed: bool) -> None:
        """The next S steps. p: means in [-1, 1], (S, B, n), or (1, B, n) if they stay the same;
        none is negative unless ``signed``. out: (S, B, n), contiguous."""
        rows = out.reshape(len(out), -1)
        size = rows.shape[1]
        words = -(-size // 4)
        raw = self._bits.random_raw(len(rows) * (words + 1)).reshape(len(rows), words + 1)
        number = out.dtype.type
        rows[...] = raw[:, :words].view(np.uint16)[:, :size]
        rows += (raw[:, words:] & np.uint64(255)).astype(out.dtype) * number(2.0**-8)
        rows *= number(-(2.0**-16))
        out += np.abs(p) if signed else p
        np.ceil(out, out=out)  # |p| minus a random number in [0, 1): 1 where that is less, else 0
        if signed:
            np.copysign(out, p, out=out)
        if self._spread != 1:
            out *= number(self._spread)
            out += p * number(1 - self._spread)

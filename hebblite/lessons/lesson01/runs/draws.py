"""Draws of spikes: of one synapse in four settings, of a layer, of trains that are correlated."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ....teaching.remembered import remembered
from ..equations import differential_hebb, factor, kernel, noise, swing
from ..exercises import expected_stdp

Array = np.ndarray

T, TAU_MS = 120, 10  # steps of 1 ms of a phase, and the time constant of the window
PRE, COPIED = 0.2, 0.3  # the rate of pre, and how often post copies it where it does

#: What post does in the histogram: its rate at the start, at the end.
POSTS = {
    "rises from 0.1 to 0.4": (0.1, 0.4),
    "falls from 0.4 to 0.1": (0.4, 0.1),
    "stays at 0.25": (0.25, 0.25),
    "stays at 0.25, but copies pre": (0.25, 0.25),
}
BASELINES = ("none", "low (0.1)", "high (0.5)")


def spikes(rates: Array, rng: np.random.Generator) -> Array:
    """Independent spikes, 0 or 1, with these probabilities."""
    return (rng.random(np.shape(rates), np.float32) < rates).astype(np.float32)


def updates(S_post: Array, S_pre: Array, d: float) -> Array:
    """STDP of each draw, on the scale of DH. S_post (N, T+1, n), S_pre (N, T+1, m): (N, n, m)."""
    K = kernel(S_post.shape[1], d).astype(np.float32)
    found: Array = S_post.swapaxes(1, 2) @ (K @ S_pre)
    return found / factor(d)


def sample(post: Array, pre: Array, d: float, count: int, rng: np.random.Generator) -> Array:
    """So many draws of the update for rates post (T+1, n), pre (T+1, m): (count, n, m)."""
    S_post = spikes(np.broadcast_to(post, (count, *post.shape)), rng)
    S_pre = spikes(np.broadcast_to(pre, (count, *pre.shape)), rng)
    return updates(S_post, S_pre, d)


def copying(S_pre: Array, rate: float, share: float, rng: np.random.Generator) -> Array:
    """Spikes of a post neuron with this rate that copies, with the probability ``share``, what pre
    did in the step before. S_pre (N, T+1, m) of rate PRE: (N, T+1, m)."""
    own = spikes(np.full(S_pre.shape, (rate - share * PRE) / (1 - share)), rng)
    copied = np.where(rng.random(own.shape) < share, np.roll(S_pre, 1, axis=1), own)
    copied[:, 0] = spikes(np.full(own[:, 0].shape, rate), rng)
    return copied


class Single(NamedTuple):
    """One synapse. draws: many single updates, on the scale of DH, (N,). dh: DH. mean: what they
    average to."""

    draws: Array
    dh: float
    mean: float


@remembered
def single(post: str, seed: int = 4, count: int = 2**15) -> Single:
    """Updates of one synapse whose post neuron does what POSTS says; pre is constant."""
    rng, d = np.random.default_rng([1, seed]), float(np.exp(-1 / TAU_MS))
    low, high = POSTS[post]
    rate, pre = swing(T, T / 2, 20, low, high)[:, None], np.full((T + 1, 1), PRE)
    if "copies" not in post:
        mean = expected_stdp(rate, pre, d).item() / factor(d)
        draws = np.concatenate([sample(rate, pre, d, 4096, rng) for _ in range(count // 4096)])
    else:
        mean = T * COPIED * PRE * (1 - PRE) * d / factor(d)  # a covariance for each step
        parts = []
        for _ in range(count // 4096):
            S_pre = spikes(np.full((4096, T + 1, 1), PRE), rng)
            parts.append(updates(copying(S_pre, low, COPIED, rng), S_pre, d))
        draws = np.concatenate(parts)
    return Single(draws.ravel(), differential_hebb(rate, pre).item(), mean)


def averaged(draws: Array, count: int) -> Array:
    """Means of so many draws each."""
    return draws.reshape(-1, count).mean(axis=1)


@remembered
def averages(baseline: str, seed: int = 4) -> tuple[Array, Array, float]:
    """DH (96,) of a patch of 8 x 12 synapses, the STDP updates averaged over the first 2^k
    draws, k = 0..11: (12, 96), both on the scale of DH, and V / |mu|^2 of (6)."""
    base = {"none": 0.0, "low (0.1)": 0.1, "high (0.5)": 0.5}[baseline]
    rng = np.random.default_rng(seed)
    steps, d, draws = 60, float(np.exp(-1 / 8)), 2**11
    low, high = rng.uniform(0, 0.4, (2, 8))
    post = base + swing(steps, 30, 10, low, high)
    pre = np.broadcast_to(rng.uniform(0.02, 0.6, 12), (steps + 1, 12))
    dh = differential_hebb(post, pre).ravel()
    total, means = np.zeros(dh.size), []
    for k in range(12):
        count = 2 ** max(k - 1, 0)
        total = total + sample(post, pre, d, count, rng).sum(axis=0).ravel()
        means.append(total / 2**k)
    assert 2 * count == draws
    expected = expected_stdp(post, pre, d)
    return dh, np.array(means), noise(post, pre, d) / float((expected**2).sum())

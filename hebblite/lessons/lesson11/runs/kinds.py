"""Trains that are not Poisson: each has the same rate at each step, and is otherwise its own.

Poisson      fires at each step with the probability r[t], whatever it did before
refractory   is silent for DEAD steps after a spike, and fires more readily afterwards
regular      fires when the sum of its rates passes the next whole number, from a random start
correlated   is Poisson, but decides by a common random number with the probability SHARED
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ....teaching.remembered import remembered
from .pieces import window

Array = np.ndarray

KINDS = ("Poisson", "refractory", "regular", "correlated")
DEAD, SHARED = 2, 0.3
STEPS, TAU, PRE, LOW, HIGH = 120, 10, 0.2, 0.1, 0.3  # steps; the rates of pre and of post
REST = 40  # steps at the first rate beforehand
COUNTS = (1, 4, 16, 64)


def post_rate() -> Array:
    """A rate that rises smoothly within 20 steps, (STEPS,)."""
    part = np.clip((np.arange(STEPS) - STEPS / 2) / 20 + 0.5, 0, 1)
    return LOW + part * part * (3 - 2 * part) * (HIGH - LOW)


def trains(kind: str, rate: Array, n: int, trials: int, rng: np.random.Generator) -> Array:
    """Spikes of n neurons of this rate in so many trials, (trials, n, T)."""
    r = np.concatenate([np.full(REST, rate[0]), rate])
    shape = (trials, n, len(r))
    if kind == "regular":
        phase = np.floor(np.cumsum(r) + rng.random((trials, n, 1)))
        fired = np.diff(phase, axis=2, prepend=0.0) > 0
    elif kind == "refractory":
        fired, silent = np.zeros(shape, bool), np.zeros((trials, n), int)
        for t, now in enumerate(r):
            ready = now / (1 - DEAD * now)  # so that the rate, silence included, is r
            fired[:, :, t] = (silent == 0) & (rng.random((trials, n)) < ready)
            silent = np.where(fired[:, :, t], DEAD, np.maximum(silent - 1, 0))
    else:
        u = rng.random(shape)
        if kind == "correlated":
            common = rng.random((trials, 1, len(r)))
            u = np.where(rng.random(shape) < SHARED, common, u)
        fired = u < r
    return fired[:, :, REST:].astype(float)


@remembered
def updates(kind: str, n: int, seed: int = 0, trials: int = 300) -> Array:
    """Updates of one synapse whose post rises, by populations of n neurons, over their expectation
    from the rates: (trials,). Their mean is 1 if the trains are independent."""
    rng = np.random.default_rng([11, seed, KINDS.index(kind), n])
    post, pre = post_rate(), np.full(STEPS, PRE)
    K = window(STEPS, float(np.exp(-1 / TAU)))
    S_post = trains(kind, post, n, trials, rng).mean(axis=1)
    S_pre = trains(kind, pre, n, trials, rng).mean(axis=1)
    made: Array = np.einsum("kt,ts,ks->k", S_post, K, S_pre, optimize=True)
    return made / float(post @ K @ pre)


def variance(kind: str, n: int, seed: int = 0) -> float:
    """Of an update, over the square of its mean."""
    return float(updates(kind, n, seed).var())


def kinds_over_seeds(seeds: Iterable[int] = range(2)) -> dict[str, Array]:
    """``n`` (K,), and for each kind the variance over the squared mean, (S, K)."""
    seeds = list(seeds)
    found = {
        kind: np.array([[variance(kind, n, seed) for n in COUNTS] for seed in seeds])
        for kind in KINDS
    }
    return {"n": np.array(COUNTS), **found}

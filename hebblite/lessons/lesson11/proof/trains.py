"""Spikes of the bench of T2: many draws of them, and what each part of their noise is.

Rates post (T, n) and pre (T, m) are probabilities of a spike in steps 1..T. Traces start at x_post
(n,) and x_pre (m,), which is what step 1 finds.
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray
COPIED = 0.9  # of the spikes, where they are not independent


def spikes(
    rng: np.random.Generator, draws: int, post: Array, pre: Array, copied: bool
) -> tuple[Array, Array]:
    """Spikes (draws, T, n) and (draws, T, m) with these rates. copied: most of what decides
    whether a neuron of post fires is what decided it for one of pre a step before."""
    of_post = rng.random((draws, *post.shape), np.float32)
    of_pre = rng.random((draws, *pre.shape), np.float32)
    if copied:
        partner = np.arange(post.shape[1]) % pre.shape[1]
        same = rng.random((draws, len(post) - 1, post.shape[1]), np.float32) < COPIED
        of_post[:, 1:] = np.where(same, of_pre[:, :-1, partner], of_post[:, 1:])
    return (of_post < post).astype(np.float32), (of_pre < pre).astype(np.float32)


def paired(d: float, S_post: Array, S_pre: Array, x_post: Array, x_pre: Array) -> Array:
    """STDP's update of each draw of spikes, (draws, n, m)."""
    X_post = np.broadcast_to(x_post, S_post[:, 0].shape).astype(np.float32)
    X_pre = np.broadcast_to(x_pre, S_pre[:, 0].shape).astype(np.float32)
    found = np.zeros((len(S_post), S_post.shape[2], S_pre.shape[2]))
    for t in range(S_post.shape[1]):
        found += S_post[:, t, :, None] * X_pre[:, None] - X_post[..., None] * S_pre[:, t, None]
        X_post, X_pre = d * (X_post + S_post[:, t]), d * (X_pre + S_pre[:, t])
    return found


def draws_of_an_update(
    d: float, post: Array, pre: Array, x_post: Array, x_pre: Array,
    rng: np.random.Generator, draws: int, *, copied: bool,
) -> Array:  # fmt: skip
    """Updates, each by one spike train of every neuron, (draws, n, m)."""
    return paired(d, *spikes(rng, draws, post, pre, copied), x_post, x_pre)


def draws_of_the_noise(
    d: float, post: Array, pre: Array, x_post: Array, x_pre: Array,
    rng: np.random.Generator, draws: int, *, n: int, N: int, copied: bool,
) -> Array:  # fmt: skip
    """Squares of how far an update of one synapse lies from its mean, (draws,): the average over
    all pairs of n neurons that carry the rate of post (T, 1) and n that carry the rate of pre, and
    over N such draws."""
    trains = spikes(rng, draws * N, np.repeat(post, n, axis=1), np.repeat(pre, n, axis=1), copied)
    S_post, S_pre = (np.add.reduce([S[..., [i]] for i in range(n)]) / n for S in trains)
    mean = paired(d, post[None], pre[None], x_post, x_pre).item()
    updates = paired(d, S_post, S_pre, x_post, x_pre).reshape(draws, N)
    return np.asarray((updates.mean(axis=1) - mean) ** 2)


def parts_of_the_noise(
    d: float, post: Array, pre: Array, x_post: Array, x_pre: Array
) -> tuple[float, float, float]:
    """The variance of a single draw of one synapse's update, in three parts: by the spikes of post
    alone, with the rate in the place of pre's spikes; by those of pre alone; and the rest."""
    t = np.arange(len(post))
    lag = np.subtract.outer(t, t)
    K = np.sign(lag) * d ** np.abs(lag)
    v, w = post[:, 0] * (1 - post[:, 0]), pre[:, 0] * (1 - pre[:, 0])
    of_post = v @ (K @ pre[:, 0] + x_pre * d**t) ** 2
    of_pre = w @ (post[:, 0] @ K - x_post * d**t) ** 2
    return float(of_post), float(of_pre), float(v @ K**2 @ w)

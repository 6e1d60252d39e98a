"""The equations of lesson 01: the window over a phase, what it sees of a change, and its noise.

Spikes, rates and traces run over T + 1 steps of length dt, rows t = 0..T. A rate here is the
probability of a spike in one step, and d = exp(-dt / tau_s) is the decay of the window per step.
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def kernel(rows: int, d: float) -> Array:
    """K[t, s] = sign(t - s) d^|t - s| for steps t of post and s of pre: (rows, rows)."""
    lag = np.subtract.outer(np.arange(rows), np.arange(rows))
    return np.sign(lag) * d ** np.abs(lag)


def factor(d: float) -> float:
    """d / (1 - d)^2: so many times DH is the average STDP of a change that is seen in full."""
    return d / (1 - d) ** 2


def visibility(T: int, d: float) -> Array:
    """How much of a change from t to t + 1 the pairs within the steps 0..T see: (T,)."""
    t = np.arange(T)
    return (1 - d ** (t + 1)) * (1 - d ** (T - t))


def swing(
    T: int, when: float, duration: float, low: float | Array = 0.1, high: float | Array = 0.3
) -> Array:
    """A rate (T + 1,) or, for arrays low and high (n,), (T + 1, n), that goes from low to high in
    a smooth step with its middle at step ``when``, over ``duration`` steps."""
    part = np.clip((np.arange(T + 1) - when) / max(duration, 1e-9) + 0.5, 0, 1)
    part = part * part * (3 - 2 * part)
    return low + np.multiply.outer(part, np.subtract(high, low))


def differential_hebb(post: Array, pre: Array) -> Array:
    """DH: each change of post times the pre it finds, (n, m)."""
    return np.diff(post, axis=0).T @ pre[:-1]


def mirror_image(post: Array, pre: Array) -> Array:
    """DH with the roles of the two neurons swapped: each change of pre times post, (n, m)."""
    return post[1:].T @ np.diff(pre, axis=0)


def noise(post: Array, pre: Array, d: float) -> float:
    """Variance of one draw of the update, summed over the synapses, for independent spikes with
    probabilities post (T + 1, n) and pre (T + 1, m)."""
    K, v, w = kernel(len(post), d), post * (1 - post), pre * (1 - pre)
    parts = v.T @ (K @ pre) ** 2 + ((post.T @ K) ** 2) @ w + v.T @ K**2 @ w
    return float(parts.sum())

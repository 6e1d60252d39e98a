"""The loop of a controller in closed form: when |e| comes down to e_tol, for one input.

integral control    de/dt = -rate M e,             M = J Q, rate = k_i / tau_u
bounded control     de/dt = -rate M e / |e|
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def crossing(e_0: Array, M: Array, rate: float, e_tol: float) -> float:
    """The latency in a loop with M symmetric and positive; 0 if |e_0| <= e_tol.

    Newton's method on ln |e|^2, which is convex in time: each step stays before the crossing."""
    eigenvalues, V = np.linalg.eigh(M)
    parts, rates, t = (V.T @ e_0) ** 2, 2 * rate * eigenvalues, 0.0
    if parts.sum() <= e_tol**2:
        return 0.0
    for _ in range(60):
        now = parts * np.exp(-rates * t)
        step = np.log(now.sum() / e_tol**2) / (rates @ now / now.sum())
        t += step
        if abs(step) < 1e-15 * t:
            break
    return float(t)


def crossing_anyhow(e_0: Array, M: Array, rate: float, e_tol: float) -> float:
    """The latency in a loop with any M, whose error may rise before it falls; inf if it has not
    come down to e_tol after 100 of the slowest time constants."""
    values, V = np.linalg.eig(rate * M)
    c = np.linalg.solve(V, e_0.astype(complex))

    def size(t: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore"):  # it may run away
            return np.asarray(np.linalg.norm(np.exp(-np.outer(t, values)) * c @ V.T, axis=1))

    slow = max(float(values.real.min()), 1e-3 * float(np.abs(values).max()))
    times = np.concatenate([[0.0], np.geomspace(1e-4 / np.abs(values).max(), 100 / slow, 400)])
    there = size(times) <= e_tol
    if not there.any():
        return float("inf")
    at = int(there.argmax())
    low, high = times[max(at - 1, 0)], times[at]
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if size(np.array([middle]))[0] > e_tol else (low, middle)
    return float(high)


def crossing_bounded(e_0: Array, M: Array, rate: float, e_tol: float) -> float:
    """The latency under bounded control, M symmetric and positive. With dt = |e| ds the loop is
    linear in s: integrate |e| over s by Gauss and Legendre, in pieces, as |e| may fall by orders.
    """
    end = crossing(e_0, M, rate, e_tol)
    eigenvalues, V = np.linalg.eigh(M)
    nodes, weights = np.polynomial.legendre.leggauss(20)
    s = ((np.arange(32)[:, None] + (nodes + 1) / 2) * end / 32).ravel()
    size = np.linalg.norm(np.exp(-rate * np.outer(s, eigenvalues)) * (V.T @ e_0), axis=1)
    return float(np.tile(weights, 32) @ size * end / 64)

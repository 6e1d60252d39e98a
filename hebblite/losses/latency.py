"""Theorem T5: how long a linearised loop takes to put its error right, in closed form.

With M = J Q = lambda 1 the latency is T(delta) = ln(|e| / delta) / (k lambda): the larger the
feedforward error, the longer it takes. In general it lies between that with the greatest and that
with the least eigenvalue of M.

Its gradient is along that of the error only if lambda does not depend on the weights, as with
Q = J^T (J J^T)^-1, which makes M = 1 for all of them. With Q = J^T it has a second part, since a
network can also be quick by having a larger gain; that part goes as |e| comes down to delta.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ArgumentError, check_flag, check_number, check_reals
from ..lanes import one_thread

Array = np.ndarray


@one_thread()
def linear_latency(e: Any, M: Any, k: float, delta: float, bounded: bool = False) -> Array:
    """T(delta) of the linearised loop with fast neurons, for errors e (B, n): the first time with
    |e| <= delta.

        integral control    de/dt = -k M e
        bounded control     de/dt = -k M e / |e|        (``bounded``: a rate that cannot exceed k)

    M = J Q: symmetric and positive definite, (n, n) or (B, n, n). Both are solved in the
    eigenbasis of M: along the way of bounded control, time runs as s = integral of dt / |e|.
    """
    bounded = check_flag("bounded", bounded)
    e, eigenvalues, V, k, delta = _loop(e, M, k, delta)
    c = np.einsum("bij,bi->bj", V, e)  # e in the eigenbasis; each part decays by itself

    def size(s: Array) -> Array:
        return np.linalg.norm(c * np.exp(-k * eigenvalues * s[:, None]), axis=1)

    # |e| falls monotonically: bisect. The bounds of T5 bracket the root.
    low, high = _bounds(e, eigenvalues, k, delta)
    for _ in range(200):
        middle = (low + high) / 2
        above = size(middle) > delta
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    if not bounded:
        return high
    # dt = |e| ds: integrate over s by Gauss-Legendre, in pieces as |e| may fall by orders.
    nodes, weights = np.polynomial.legendre.leggauss(20)
    total, pieces = np.zeros(len(e)), 64
    for piece in range(pieces):
        for node, weight in zip(nodes, weights, strict=True):
            s = high * (piece + (node + 1) / 2) / pieces
            total += weight * size(s) * high / (2 * pieces)
    return total


@one_thread()
def latency_bounds(e: Any, M: Any, k: float, delta: float) -> tuple[Array, Array]:
    """The bounds of theorem T5 on the latency under integral control, (B,) each:
    ln(|e| / delta) / (k lambda) with the greatest and with the least eigenvalue of M."""
    e, eigenvalues, _, k, delta = _loop(e, M, k, delta)
    return _bounds(e, eigenvalues, k, delta)


def _bounds(e: Array, eigenvalues: Array, k: float, delta: float) -> tuple[Array, Array]:
    ratio = np.log(np.maximum(np.linalg.norm(e, axis=1) / delta, 1))
    return ratio / (k * eigenvalues[:, -1]), ratio / (k * eigenvalues[:, 0])


def _loop(e: Any, M: Any, k: Any, delta: Any) -> tuple[Array, Array, Array, float, float]:
    """The arguments of a linear loop, checked: e (B, n), M's eigenvalues (B, n), from the least
    up, its eigenvectors (B, n, n), k and delta."""
    # Within these limits no product or square below leaves the floats.
    k = check_number("k", k, least=1e-100, most=1e100)
    delta = check_number("delta", delta, least=1e-100, most=1e100)
    e, M = np.atleast_2d(check_reals("e", e)), check_reals("M", M)
    for name, values in (("e", e), ("M", M)):
        if np.abs(values).max() > 1e100:
            raise ArgumentError(name, f"{np.abs(values).max():g}", "values up to 1e100")
    if e.ndim != 2:
        raise ArgumentError("e", f"shape {e.shape}", "errors of shape (B, n)")
    if M.ndim not in (2, 3) or (M.ndim == 3 and len(M) not in (1, len(e))):
        raise ArgumentError("M", f"shape {M.shape}", "(n, n) or (B, n, n)")
    if M.shape[-2:] != (e.shape[1], e.shape[1]):
        raise ArgumentError("M", f"shape {M.shape}", f"(..., {e.shape[1]}, {e.shape[1]}), as e has")
    if not np.allclose(M, M.swapaxes(-1, -2), rtol=1e-6, atol=1e-9 * np.abs(M).max()):
        raise ArgumentError("M", "a matrix that is not symmetric", "a symmetric one")
    eigenvalues, V = np.linalg.eigh(np.broadcast_to(M, (len(e), *M.shape[-2:])))
    if not (eigenvalues >= 1e-100).all():
        raise ArgumentError("M", f"an eigenvalue of {eigenvalues.min():g}", "positive eigenvalues")
    return e, eigenvalues, V, k, delta

"""The losses of the theory, as folds of the stream: one number for each input, shape (B,).

    OutputError         |e|, e = target - prediction               what machine learning minimises
    InferenceLatency    first time with |e| <= delta               theorem T5
    FeedbackAmount      1/2 sum_l |a_l|^2                          amount of top-down feedback
    Energy              F of Predictive Coding, E of Equilibrium Propagation

and the two optima that the theorems compare them with:

    least_control       H*: the least feedback that puts the output on its target (theorem T4)
    linear_latency      T(delta) of the linearised loop, in closed form (theorem T5)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from . import analysis
from .errors import (
    ArgumentError,
    check_choice,
    check_flag,
    check_kind,
    check_number,
    check_reals,
    check_target,
)
from .frameworks import PredictiveCoding
from .frameworks.ep import energy as hopfield_energy
from .frameworks.pc import clamped_voltage, energy_of, on_clamp
from .network import Network
from .rules import ErrorBased, Updates
from .stream import Block, Fold, fold

Array = np.ndarray


class OutputError(Fold):
    """|e| of the free state (``at="free"``) or of the taught one (``at="end"``)."""

    def __init__(self, at: str = "free") -> None:
        self.at = check_choice("at", at, ("free", "end"))

    def start(self, block: Block) -> None:
        self._size = np.linalg.norm(block.error[0], axis=-1)

    def absorb(self, block: Block) -> None:
        if self.at == "end":
            self._size = np.linalg.norm(block.error[-1], axis=-1)

    def finish(self) -> Array:
        return self._size


class InferenceLatency(Fold):
    """Seconds from the free state until |e| <= delta for the first time; 0 if it is so from the
    start, infinite if it never is. Between two steps |e| is taken to be linear."""

    def __init__(self, delta: float) -> None:
        self.delta = check_number("delta", delta, above=0)

    def start(self, block: Block) -> None:
        self._time = np.full(block.batch, np.inf)
        self._time[np.linalg.norm(block.error[0], axis=-1) <= self.delta] = 0

    def absorb(self, block: Block) -> None:
        size = np.linalg.norm(block.error, axis=-1)
        for t in range(1, block.steps + 1):
            new = np.isinf(self._time) & (size[t] <= self.delta)
            if new.any():
                part = (size[t - 1, new] - self.delta) / (size[t - 1, new] - size[t, new])
                step = block.time[t] - block.time[t - 1]
                self._time[new] = block.time[t - 1] + np.clip(part, 0, 1) * step

    def finish(self) -> Array:
        return self._time


class FeedbackAmount(Fold):
    """1/2 sum_l |a_l|^2 in the taught state (``over="end"``), or its mean over the teaching phase
    (``over="phase"``): how much top-down feedback the framework needed with its own Q."""

    reads_voltages = True  # which the apical drive may be made of

    def __init__(self, over: str = "end") -> None:
        self.over = check_choice("over", over, ("end", "phase"))

    def start(self, block: Block) -> None:
        self._sum, self._seconds = np.zeros(block.batch), 0.0

    def absorb(self, block: Block) -> None:
        if self.over == "end":
            self._last = block
        else:
            self._add(block, slice(1, None), np.diff(block.time))

    def finish(self) -> Array:
        if self.over == "end":
            self._add(self._last, slice(-1, None), np.ones(1))
        return self._sum / self._seconds

    def _add(self, block: Block, rows: slice, seconds: Array) -> None:
        for a in block.apical:
            self._sum += np.einsum("tbi,tbi,t->b", a[rows], a[rows], seconds) / 2
        self._seconds += float(seconds.sum())


class Energy(Fold):
    """The energy at every step, (S+1, B).

    kind: ``prediction``: F = 1/2 sum_l |v_l - b_l|^2, of Predictive Coding; ``hopfield``: E of
    Equilibrium Propagation.
    """

    reads_voltages = True

    def __init__(self, net: Network, kind: str = "prediction") -> None:
        check_kind("net", net, Network)
        self.net, self.kind = net, check_choice("kind", kind, ("prediction", "hopfield"))

    def start(self, block: Block) -> None:
        self._parts: list[Array] = []

    def absorb(self, block: Block) -> None:
        if self.kind == "prediction":
            eps = [v - b for v, b in zip(block.voltages, block.basal, strict=True)]
            energy = energy_of(eps, [1.0] * block.depth)
        else:
            energy = hopfield_energy(self.net, block.rates, list(block.voltages))
        self._parts.append(energy[1:] if self._parts else energy)

    def finish(self) -> Array:
        return np.concatenate(self._parts)


# ---------------------------------------------------------------------- theorem T4


@dataclass
class LeastControl:
    """``H`` (B,): the least 1/2 sum_l |a_l|^2 that puts the output on its target. ``apical``: the
    a_l that do, each (B, n_l). ``updates``: minus the gradient of H's mean, <a_l r_{l-1}^T>."""

    H: Array
    apical: list[Array]
    updates: Updates


def least_control(
    net: Network, x: Any, target: Any, tolerance: float = 1e-9, steps: int = 20_000
) -> LeastControl:
    """H* of theorem T4, as the energy of Predictive Coding with a clamped output at rest.

    The minimum is a local one, the one that inference reaches from the feedforward pass. Raises
    ArgumentError if inference is not at rest (no voltage moves by more than ``tolerance``, in
    units of tau) after ``steps``.
    """
    check_number("tolerance", tolerance, above=0)
    inference = PredictiveCoding(steps=steps, step=0.2, steady=tolerance)
    last: list[Block] = []

    class Last(Fold):
        def absorb(self, block: Block) -> None:
            last[:] = [block]

        def finish(self) -> None:
            pass

    updates, _ = fold(inference.teach(net, x, target), ErrorBased(on="voltage"), Last())
    if not last[0].steady:
        raise ArgumentError("steps", str(steps), "enough steps for inference to come to rest")
    apical = [v[-1] - b[-1] for v, b in zip(last[0].voltages, last[0].basal, strict=True)]
    return LeastControl(energy_of(apical, [1.0] * net.depth), apical, updates)


def least_control_of_small_errors(net: Network, x: Any, target: Any) -> Array:
    """1/2 d^T (sum_l J_l J_l^T)^-1 d for each input, (B,): H* up to O(|d|^3), where d is the way of
    the output rate from its free state to its target. A softmax leaves the mean of the output
    voltages free: there the least over d + c is taken."""
    check_kind("net", net, Network)
    v, r = net.feedforward(x)
    target = check_target(target, len(r[0]), net.sizes[-1], net.dtype, net.output)
    clamp = on_clamp(net, clamped_voltage(net, target), v[-1])
    d = net.activations[-1].rate(clamp) - r[-1]
    ones = np.ones_like(d)
    K_d, K_1 = np.moveaxis(
        np.linalg.solve(analysis.loops(net, x), np.stack([d, ones], axis=-1)), -1, 0
    )
    H = (d * K_d).sum(axis=1) / 2
    if net.output == "softmax":
        H -= (ones * K_d).sum(axis=1) ** 2 / (ones * K_1).sum(axis=1) / 2
    return np.asarray(H)


# ---------------------------------------------------------------------- theorem T5


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

"""Theorem T4: the least feedback that puts the output on its target,

    H* = min  1/2 sum_l |a_l|^2,    a_l = v_l - W_l r_{l-1} - beta_l,    r_l = phi(v_l),

over the hidden voltages, with v_L held where it predicts the target. This is the energy of
Predictive Coding with a clamped output, at rest, and by the envelope theorem the error-based rule
is exact gradient descent on it: -dH*/dW_l = a_l r_{l-1}^T.

The way down is that of inference at first, tau dv/dt = -dH/dv = -g, and Newton's in the end: with
the second derivatives S of H, an implicit step of length h solves (1/h + S) dv = -g, and h grows as
g shrinks (pseudo-transient continuation, Kelley & Keyes 1998). A step that would lead up is taken
again, shorter.

A relu has a kink at v = 0, and often the minimum lies on it, where plain descent jumps back and
forth for ever. So a neuron that would cross 0 stops there. It stays if H rises to both sides, and
otherwise goes on to the side on which H falls: one-sided derivatives are all that is needed, since
near a point H changes by a sum over neurons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import analysis
from ..errors import DivergenceError, check_count, check_kind, check_number, check_target
from ..frameworks.pc import clamped_voltage, energy_of, on_clamp
from ..lanes import one_thread
from ..network import Network
from ..rules import Updates

Array = np.ndarray

#: phi'' as a function of the rate.
CURVATURES = {
    "tanh": lambda r: -2 * r * (1 - r * r),
    "sigmoid": lambda r: r * (1 - r) * (1 - 2 * r),
}
#: The first step and the shortest, in units of tau; how many second derivatives are held at once.
FIRST, SHORTEST, ROOM = 0.2, 1e-12, 2_000_000


@dataclass
class LeastControl:
    """What ``least_control`` found, all in float64.

    H: the least 1/2 sum_l |a_l|^2 that puts the output on its target, (B,).
    apical: the a_l that do, each (B, n_l).
    updates: minus the gradient of H's mean, <a_l r_{l-1}^T>: exact where all inputs rest.
    rests: (B,) bool: whether the input came to rest. Where it did not, H is the least that was
        found, an upper bound, and ``apical`` does put the output on its target."""

    H: Array
    apical: list[Array]
    updates: Updates
    rests: Array


@one_thread()
def least_control(
    net: Network, x: Any, target: Any, tolerance: float = 1e-9, steps: int = 1000
) -> LeastControl:
    """H* of theorem T4 for inputs x (B, n_0) and targets (B, n_L), in float64 whatever the network
    has.

    The minimum is a local one, to which inference leads from the feedforward pass. An input rests
    when no voltage would move by more than ``tolerance``, in units of tau; what does not after
    ``steps`` is told by ``rests``. ArgumentError if the output cannot predict the target (as in
    Predictive Coding), DivergenceError if voltages are too large for their squares.
    """
    check_kind("net", net, Network)
    tolerance = check_number("tolerance", tolerance, above=0)
    steps, net = check_count("steps", steps), net.astype("float64")
    free_v, free_r = net.feedforward(x)
    target = check_target(target, len(free_r[0]), net.sizes[-1], net.dtype, net.output)
    clamp = clamped_voltage(net, target)
    with np.errstate(all="ignore"):
        parts, many = [], max(1, ROOM // max(1, sum(net.sizes[1:-1])) ** 2)
        for start in range(0, len(clamp), many):
            rows = slice(start, start + many)
            descent = _Descent(net, [v[rows] for v in free_v], clamp[rows])
            end = descent.run(tolerance, steps)
            parts.append((end.a, end.r, end.size <= tolerance))
    apical = [np.concatenate(layer) for layer in zip(*(a for a, _, _ in parts), strict=True)]
    rates = [free_r[0], *map(np.concatenate, zip(*(r for _, r, _ in parts), strict=True))]
    with np.errstate(all="ignore"):
        H = energy_of(apical, [1.0] * net.depth)
    if not np.isfinite(H).all():
        advice = "The weights, inputs or targets are too large."
        raise DivergenceError("The least control", net.depth, 0, advice)
    updates = Updates(
        [a.T @ r / len(a) for a, r in zip(apical, rates, strict=True)],
        [a.mean(axis=0) for a in apical],
    )
    return LeastControl(H, apical, updates, np.concatenate([rests for *_, rests in parts]))


class _State:
    """One place on the way: hidden voltages v (B, N), all layers side by side, and what follows."""

    def __init__(self, way: _Descent, rows: Array, v: Array) -> None:
        net = way.net
        layers = np.split(v, way.edges, axis=1)[: net.depth - 1]
        self.v = v
        self.r = [phi.rate(v_l) for phi, v_l in zip(way.phis, layers, strict=True)]
        b = [way.b_1[rows]]
        for r_l, W, beta in zip(self.r, net.weights[1:], net.biases[1:], strict=True):
            b.append(r_l @ W.T + beta)
        ends = [*layers, on_clamp(net, way.clamp[rows], b[-1])]
        self.a = [v_l - b_l for v_l, b_l in zip(ends, b, strict=True)]
        self.H = energy_of(self.a, [1.0] * net.depth)

        # push: what a_{l+1} asks of r_l. On the left of a kink the slope is 0, on the right 1.
        pushes = [a @ W for a, W in zip(self.a[1:], net.weights[1:], strict=True)]
        slopes = [phi.slope(r_l) for phi, r_l in zip(way.phis, self.r, strict=True)]
        left, push, slope = (_flat(part, v) for part in (self.a[:-1], pushes, slopes))
        right, kink = left - push, way.kinked & (v == 0)
        rightwards = kink & (-right > np.maximum(left, 0))
        self.stays = kink & ~rightwards & (left <= 0)
        self.side = np.where(kink, np.where(rightwards, 1.0, -1.0), np.sign(v))
        self.slope, self.push = np.where(kink, rightwards, slope), push
        self.g = np.where(self.stays, 0, left - self.slope * push)
        self.size = np.abs(self.g).max(axis=1, initial=0)


class _Descent:
    """The way of a batch down H."""

    def __init__(self, net: Network, free_v: list[Array], clamp: Array) -> None:
        self.net, self.clamp, self.b_1 = net, clamp, free_v[0]
        self.phis, hidden = net.activations[:-1], net.sizes[1:-1]
        self.edges = np.cumsum(hidden)
        self.kinked = np.repeat([phi.name == "relu" for phi in self.phis], hidden).astype(bool)
        # W_{l+1}^T W_{l+1}. A softmax leaves the mean of a_L free: that is no part of it.
        W = list(net.weights[1:])
        if net.output == "softmax" and W:
            W[-1] = W[-1] - W[-1].mean(axis=0)
        self.WW = [W_l.T @ W_l for W_l in W]
        self.v = _flat(free_v[:-1], clamp)

    def run(self, tolerance: float, steps: int) -> _State:
        """Where all inputs have come to rest, or at least after so many steps."""
        everywhere, h = np.arange(len(self.clamp)), np.full(len(self.clamp), FIRST)
        rows, size = everywhere, np.full(len(h), np.inf)
        for _ in range(steps):
            at = _State(self, rows, self.v[rows])
            new = at.v + self._step(at, h[rows])
            new = np.where(self.kinked & (new * at.side < 0), 0, new)
            to = _State(self, rows, new)
            # Where rounding hides which of two is lower, the gradient tells.
            level = (to.H <= at.H * (1 + 1e-9)) & (to.size < at.size)
            good = np.isfinite(to.size) & ((to.H < at.H) | level)
            h[rows] *= np.where(good, np.clip(at.size / to.size, 1.2, 8), 0.25)
            self.v[rows[good]] = new[good]
            size[rows] = np.where(good, to.size, at.size)
            rows = np.flatnonzero((size > tolerance) & (h > SHORTEST))
            if not len(rows):
                break
        return _State(self, everywhere, self.v)

    def _step(self, at: _State, h: Array) -> Array:
        """dv with (1/h + S) dv = -g, (B, N); neurons that stay on their kink are left out."""
        count, N = at.v.shape
        S = np.zeros((count, N, N))
        curved = [
            CURVATURES[phi.name](r_l) if phi.name in CURVATURES else np.zeros_like(r_l)
            for phi, r_l in zip(self.phis, at.r, strict=True)
        ]
        ends = [0, *self.edges]
        for l, WW in enumerate(self.WW):
            here = slice(ends[l], ends[l + 1])
            D = at.slope[:, here]
            S[:, here, here] = D[:, :, None] * WW * D[:, None, :]
            if l + 1 < len(self.WW):
                above = slice(ends[l + 1], ends[l + 2])
                S[:, above, here] = -self.net.weights[l + 1] * D[:, None, :]
                S[:, here, above] = S[:, above, here].swapaxes(1, 2)
        moves = ~at.stays
        S *= moves[:, :, None] * moves[:, None, :]
        i = np.arange(N)
        S[:, i, i] += 1 + 1 / h[:, None] - _flat(curved, at.v) * at.push
        return np.linalg.solve(S, -at.g[:, :, None])[:, :, 0]


def _flat(layers: list[Array], like: Array) -> Array:
    """Layers (B, n_l) side by side; (B, 0) if there are none."""
    return np.concatenate([like[:, :0], *layers], axis=1)


@one_thread()
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

"""The gradient of theorem T5's latency with respect to the weights, in closed form and in its two
parts.

The latency T of one input is the time at which the linearised loop has brought the error e down to
delta. With M = J Q that is

    |exp(-k M T) e|^2 = delta^2.

The weights move T in two ways: they change the error e that the loop starts with, and they change
the gain M with which the loop puts it right. Taking differentials of both sides,

    k e^T M E e dT = (E e)^T de + 1/2 e^T d(exp(-2 k T M)) e,    E = exp(-2 k T M),

where the last derivative is taken at a fixed T (Daleckii & Krein 1965: in the eigenbasis of M it is
a matrix of divided differences). The first part runs down the layers as in backprop. The second
runs through J_l = J_{l+1} W_{l+1} D_l, and through the slopes D_l, for which phi'' is needed.

With Gauss-Newton feedback M is the identity for all weights, so that the second part is zero, and
what is left is E e = (delta / |e|)^2 e times a number: a positive multiple of backprop's gradient
for each input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import ArgumentError, check_choice, check_kind, check_target
from ..frameworks.feedback import jacobians_at, slopes_at
from ..lanes import one_thread
from ..network import Network
from ..rules import Updates
from .control import CURVATURES
from .latency import linear_latency

Array = np.ndarray


@dataclass(frozen=True)
class LatencyGradient:
    """Minus the gradient of the mean latency of a batch, in float64.

    latency: T of each input, (B,); 0, with no gradient, where |e| <= delta from the start.
    through_error: the part that makes the error smaller. through_gain: the part that makes the
    loop stronger. ``updates`` is their sum."""

    latency: Array
    through_error: Updates
    through_gain: Updates

    @property
    def updates(self) -> Updates:
        """Both parts: minus the gradient of the mean latency."""
        one, other = self.through_error, self.through_gain
        return Updates(
            [a + b for a, b in zip(one.weights, other.weights, strict=True)],
            [a + b for a, b in zip(one.biases, other.biases, strict=True)],
        )


@one_thread()
def latency_gradient(
    net: Network, x: Any, target: Any, k: float, delta: float, feedback: str = "jacobian"
) -> LatencyGradient:
    """Minus dT/dW for inputs x (B, n_0) and targets (B, n_L), under integral control of gain k.

    feedback: "jacobian", Q_l = J_l^T, or "gauss-newton", with which J Q = 1. The output is linear
    or has the activation of the hidden layers; with a softmax the loop would have another factor,
    so that is an ArgumentError. It is one too if M has no inverse.
    """
    check_kind("net", net, Network)
    check_choice("feedback", feedback, ("jacobian", "gauss-newton"))
    if net.output == "softmax":
        raise ArgumentError("net.output", "'softmax'", "'linear' or 'same'")
    net = net.astype("float64")
    _, r = net.feedforward(x)
    target = check_target(target, len(r[0]), net.sizes[-1], net.dtype, net.output)
    e, J = target - r[-1], jacobians_at(net, r[1:])
    if feedback == "gauss-newton":
        M = np.broadcast_to(np.eye(net.sizes[-1]), (len(e), *[net.sizes[-1]] * 2))
    else:
        M = np.asarray(sum(J_l @ J_l.swapaxes(1, 2) for J_l in J))
    T = linear_latency(e, M, k, delta)
    by_e, by_M = _of_error_and_gain(e, M, k, T)
    none = [np.zeros_like(r_l) for r_l in r[1:]]
    through_error = _down(net, r, -by_e, none)
    if feedback == "gauss-newton":
        zeros = [np.zeros_like(W) for W in net.weights], [np.zeros_like(b) for b in net.biases]
        return LatencyGradient(T, through_error, Updates(*zeros))
    return LatencyGradient(T, through_error, _through_jacobians(net, r, J, by_M))


def _of_error_and_gain(e: Array, M: Array, k: float, T: Array) -> tuple[Array, Array]:
    """dT/de (B, n) and dT/dM (B, n, n) of each input; zero where T is."""
    eigenvalues, V = np.linalg.eigh(M)
    c = np.einsum("bij,bi->bj", V, e)
    E = np.exp(-2 * k * T[:, None] * eigenvalues)
    speed = k * (eigenvalues * E * c * c).sum(axis=1)  # of |e|^2 / 2, at the time T
    late = T > 0
    speed = np.where(late, speed, 1.0)
    by_e = np.einsum("bij,bj->bi", V, E * c) / speed[:, None]
    # (E_i - E_j) / (m_i - m_j), by way of sinh(z) / z, which has no gap where two are equal.
    mean = (eigenvalues[:, :, None] + eigenvalues[:, None, :]) / 2
    z = k * T[:, None, None] * (eigenvalues[:, :, None] - eigenvalues[:, None, :])
    near = np.abs(z) < 1e-4
    ratio = np.where(near, 1 + z * z / 6, np.sinh(z) / np.where(near, 1.0, z))
    rate = 2 * k * T[:, None, None]
    divided = -rate * np.exp(-rate * mean) * ratio
    inner = divided * c[:, :, None] * c[:, None, :] / 2
    by_M = V @ inner @ V.swapaxes(1, 2) / speed[:, None, None]
    return np.where(late[:, None], by_e, 0), np.where(late[:, None, None], by_M, 0)


def _down(net: Network, r: list[Array], by_r: Array, own: list[Array]) -> Updates:
    """Minus the mean gradient of what depends on r_L by ``by_r`` (B, n_L), and on the voltages of
    each layer by ``own`` (B, n_l) beside: backprop."""
    D, count = slopes_at(net, r[1:]), len(by_r)
    weights: list[Array] = []
    biases: list[Array] = []
    by_v = D[-1] * by_r + own[-1]
    for l in range(net.depth - 1, -1, -1):
        weights.insert(0, -by_v.T @ r[l] / count)
        biases.insert(0, -by_v.mean(axis=0))
        if l:
            by_v = D[l - 1] * (by_v @ net.weights[l]) + own[l - 1]
    return Updates(weights, biases)


def _through_jacobians(net: Network, r: list[Array], J: list[Array], by_M: Array) -> Updates:
    """Minus the mean gradient of what depends on M = sum_l J_l J_l^T by ``by_M``."""
    D, count, L = slopes_at(net, r[1:]), len(by_M), net.depth
    direct, own = [np.zeros_like(W) for W in net.weights], []
    A = 2 * by_M @ J[0]  # by J_l, from the first layer up: J_l shapes all the J below it
    for l in range(L - 1):
        below = A * D[l][:, None, :]
        direct[l + 1] -= np.einsum("boi,boj->ij", J[l + 1], below) / count
        by_slope = np.einsum("boj,boj->bj", A, J[l + 1] @ net.weights[l + 1])
        own.append(by_slope * _curvature(net, l, r[l + 1]))
        A = 2 * by_M @ J[l + 1] + below @ net.weights[l + 1].T
    own.append(np.einsum("bii->bi", A) * _curvature(net, L - 1, r[L]))
    updates = _down(net, r, np.zeros_like(r[-1]), own)
    return Updates(
        [W + more for W, more in zip(updates.weights, direct, strict=True)], updates.biases
    )


def _curvature(net: Network, l: int, r_l: Array) -> Array:
    """phi''(v) of layer l, where its rates are r_l."""
    curved = CURVATURES.get(net.activations[l].name)
    return np.zeros_like(r_l) if curved is None else curved(r_l)

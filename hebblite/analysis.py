"""Measuring updates: angles, Jacobians, the loop of the controller, the preconditioner of T3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .errors import ArgumentError, check_array, check_kind, check_reals
from .frameworks.backprop import Backprop
from .frameworks.feedback import jacobians_at
from .lanes import one_thread
from .network import Network
from .rules import Gradient, Updates

Array = np.ndarray


def cosine(a: Any, b: Any) -> float:
    """cos of the angle between two arrays of one shape, read as vectors. NaN if either is zero."""
    a, b = check_reals("a", a), check_reals("b", b)
    if a.shape != b.shape:
        raise ArgumentError("b", f"shape {b.shape}", f"shape {a.shape}, as a has")
    if not a.any() or not b.any():
        return float("nan")
    a, b = a / np.abs(a).max(), b / np.abs(b).max()  # whose squares can neither over- nor underflow
    return float(np.clip(np.vdot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b)), -1, 1))


def angle(a: Any, b: Any) -> float:
    """The angle between two arrays of one shape, in degrees (0 to 180). NaN if either is zero."""
    return float(np.degrees(np.arccos(cosine(a, b))))


def angles(a: Updates, b: Updates) -> list[float]:
    """The angle between two updates in each layer, weights and biases together, in degrees. NaN
    for a layer in which either is zero."""
    _check_alike(a, b)
    return [
        angle(np.append(Wa, ba), np.append(Wb, bb))
        for Wa, ba, Wb, bb in zip(a.weights, a.biases, b.weights, b.biases, strict=True)
    ]


def total_angle(a: Updates, b: Updates) -> float:
    """The angle between two updates of a whole network, read as one vector, in degrees."""

    _check_alike(a, b)

    def flat(updates: Updates) -> Array:
        return np.concatenate([np.ravel(p) for p in (*updates.weights, *updates.biases)])

    return angle(flat(a), flat(b))


def _check_alike(a: Updates, b: Updates) -> None:
    check_kind("a", a, Updates)
    check_kind("b", b, Updates)
    for name, u in (("a", a), ("b", b)):
        for kind, parts in (("weights", u.weights), ("biases", u.biases)):
            for l, p in enumerate(parts):
                check_array(f"{name}.{kind}[{l}]", p, "an array of real numbers")
    shapes = [[np.shape(p) for p in (*u.weights, *u.biases)] for u in (a, b)]
    if shapes[0] != shapes[1]:
        raise ArgumentError("b", f"shapes {shapes[1]}", f"{shapes[0]}, as a has")


def common_share(W: Any) -> float:
    """Which share of the norm of W (n, m) is in the mean of its rows: 1 if all rows are equal, 0 if
    their mean is zero; NaN if W is zero. In an update of the output layer a softmax does not see
    this common part, as it reads differences only."""
    W = check_reals("W", W)
    if W.ndim != 2:
        raise ArgumentError("W", f"shape {W.shape}", "a matrix (n, m)")
    size = np.linalg.norm(W)
    return float(len(W) ** 0.5 * np.linalg.norm(W.mean(axis=0)) / size) if size else float("nan")


def backprop_updates(net: Network, x: Any, target: Any) -> Updates:
    """Minus the gradient of the mean loss over the batch."""
    updates: Updates = Gradient()(Backprop().teach(net, x, target))
    return updates


def angles_to_backprop(net: Network, x: Any, target: Any, updates: Updates) -> list[float]:
    """The angle of ``updates`` to backprop's on the same batch, layer by layer, in degrees. NaN
    for a layer in which either is zero, as where all neurons above saturate."""
    return angles(updates, backprop_updates(net, x, target))


@one_thread()
def jacobians(net: Network, x: Any) -> list[Array]:
    """J_l = d r_L / d v_l at the free state of x (B, n_0): for l = 1..L, each (B, n_L, n_l).

    J_L = D_L and J_l = J_{l+1} W_{l+1} D_l, with D_l = diag phi'(v_l).
    """
    check_kind("net", net, Network)
    return jacobians_at(net, net.feedforward(x)[1][1:])


@one_thread()
def preconditioners(net: Network, x: Any) -> list[Array]:
    """P_l of theorem T3 for each input: l = 1..L, each (B, n_l, n_l), symmetric, P_l >= 1.

    P_1 = 1 and P_l = 1 + (W_l D_{l-1}) P_{l-1} (W_l D_{l-1})^T. With feedback J_l^T and a weak
    control signal u, v_l+ - v_l- = P_l a_l + O(|u|^2).

    So for *one* input, with a weak u along its first error, the voltage form of DH is the gradient
    times P_l: a descent direction that keeps ``kantorovich``'s bound with the greatest eigenvalue
    of P_l. A batch is promised nothing, as each input has a P_l of its own (large weights can
    turn the mean against the gradient); nor are gains of order 1; nor the rate form of DH, which
    multiplies by D_l as well. There, measure: ``angles_to_backprop``.
    """
    check_kind("net", net, Network)
    _, rates = net.feedforward(x)
    P = [
        np.broadcast_to(np.eye(net.sizes[1], dtype=net.dtype), (len(rates[0]), *[net.sizes[1]] * 2))
    ]
    for l in range(1, net.depth):
        WD = net.weights[l] * net.activations[l - 1].slope(rates[l])[:, None, :]
        P.append(np.eye(net.sizes[l + 1], dtype=net.dtype) + WD @ P[-1] @ WD.swapaxes(1, 2))
    return P


@one_thread()
def loops(net: Network, x: Any, Q: Sequence[Array] | None = None) -> Array:
    """J Q = sum_l J_l Q_l for each input: (B, n_L, n_L). What a unit of control signal does to the
    output, once the neurons have come to rest.

    Q: Q_1..Q_L, each (n_l, n_L), or None for the transposed Jacobian of each input, Q_l = J_l^T.
    """
    J = jacobians(net, x)
    if Q is None:
        return np.asarray(sum(J_l @ J_l.swapaxes(1, 2) for J_l in J))
    if not isinstance(Q, Sequence) or len(Q) != net.depth:
        got = f"{len(Q)} matrices" if isinstance(Q, Sequence) else type(Q).__name__
        raise ArgumentError("Q", got, f"a list of {net.depth}, one for each layer")
    Q = [check_reals(f"Q[{l}]", Q_l) for l, Q_l in enumerate(Q)]
    for l, (J_l, Q_l) in enumerate(zip(J, Q, strict=True)):
        shape = (J_l.shape[2], J_l.shape[1])
        if np.shape(Q_l) != shape:
            raise ArgumentError(f"Q[{l}]", f"shape {np.shape(Q_l)}", f"shape {shape}")
    return np.asarray(sum(J_l @ Q_l for J_l, Q_l in zip(J, Q, strict=True)))


@one_thread()
def loop_spectrum(net: Network, x: Any, Q: Sequence[Array] | None = None) -> Array:
    """Eigenvalues of J Q for each input, complex (B, n_L), from the greatest real part down.

    An eigenvalue with a negative real part is a direction in which feedback drives the output
    *away* from its target (theorem T9). Where all are equal, latency is a function of the size of
    the error and of that one eigenvalue (theorem T5), which depends on the weights in general."""
    eigenvalues = np.linalg.eigvals(loops(net, x, Q)).astype(complex)
    return np.take_along_axis(eigenvalues, np.argsort(-eigenvalues.real, axis=1), axis=1)


def kantorovich(largest: Any, smallest: Any = 1.0) -> Any:
    """The least cos(angle) between g and P g for symmetric P with eigenvalues between
    ``smallest`` > 0 and ``largest``: 2 sqrt(m M) / (m + M). (Kantorovich's inequality. For a sum
    over inputs, each with a P and a g of its own, it says nothing.)"""
    M, m = check_reals("largest", largest), check_reals("smallest", smallest)
    if not (m > 0).all():
        raise ArgumentError("smallest", f"{m.min():g}", "numbers > 0")
    try:
        M, m = np.broadcast_arrays(M, m)
    except ValueError as error:
        raise ArgumentError("largest", f"shape {M.shape}", f"shape {m.shape}") from error
    if not (m <= M).all():
        raise ArgumentError("largest", f"{M.min():g}", "numbers that are at least ``smallest``")
    return 2 * np.sqrt(m / M) / (1 + m / M)

"""The bench of theorem T5: the loop of a small random network with a linear output.

What a step of Deep Feedback Control does is measured with the engine, in a phase with neurons that
are at rest after every step (``fast``). What the loop's equation does afterwards, latencies and
their gradients, is measured on that equation, with the network's own Jacobians.

A network with one output has one eigenvalue whatever happens: the theorem has no use for it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from ....analysis import backprop_updates, jacobians
from ....frameworks import DeepFeedbackControl
from ....frameworks.base import Send
from ....losses import InferenceLatency
from ....network import Network
from ....stream import Record, fold
from ....teaching.proofs import Draw
from ..runs.loop import crossing, crossing_anyhow, crossing_bounded

Array = np.ndarray
World = dict[str, Any]

#: The strength of the worlds in which latencies are measured.
STRENGTH = 0.1
DT = 0.01  # s, a step of the recorded phase


class Drifting(DeepFeedbackControl):
    """Feedback that grows by a fifth in every step: it is not fixed."""

    def _feedback_path(self, net: Network, free_rates: list[Array], uses: int) -> Send:
        inner, calls = super()._feedback_path(net, free_rates, uses), 0

        def send(u: Array, out: list[Array], r: list[Array]) -> None:
            nonlocal calls
            calls += 1
            inner((1 + 0.2 * calls) * u, out, r)

        return send


def loops_of_a_network(draw: Draw) -> list[World]:
    """A world for each layer, which differ in W; none for a network with one output."""
    if draw.sizes[-1] == 1:
        return []
    rng = np.random.default_rng([75, draw.seed])
    net = Network(draw.sizes, draw.hidden, "linear", dtype="float64", seed=draw.seed)
    net.biases = [np.asarray(0.3 * rng.normal(size=n)) for n in net.sizes[1:]]
    x = rng.normal(size=(1, draw.sizes[0]))
    J = stacked(net, x)
    world: World = {
        "J": J, "net": net, "x": x[0], "k_i": rng.uniform(0.5, 2), "tau_u": rng.uniform(0.5, 2),
    }  # fmt: skip
    world |= first_steps(draw, net, x, world, rng)
    world |= latencies(draw, net, x, world, rng)
    worlds = [world | {"where": f"layer {l + 1}"} for l in range(net.depth)]
    if draw.strength == STRENGTH:  # no gradient is asked for at another one
        worlds = [one | gradients(draw, net, x, one, l) for l, one in enumerate(worlds)]
    return worlds


def stacked(net: Network, x: Array) -> Array:
    """J_1..J_L of one input side by side, (n_L, n)."""
    return np.hstack([J_l[0] for J_l in jacobians(net, x)])


def layers(net: Network, Q: Array) -> list[Array]:
    """Q, (n, n_L), cut into Q_1..Q_L."""
    return list(np.split(Q, np.cumsum(net.sizes[1:-1])))


# ---------------------------------------------------------------------- what the engine does


def first_steps(
    draw: Draw, net: Network, x: Array, world: World, rng: np.random.Generator
) -> World:
    """The error and its change in the second step of a phase with any feedback Q."""
    J, top = world["J"], net.sizes[-1]
    Q = J.T + 0.3 * rng.normal(size=J.T.shape)
    size = 1.5 if "small" in draw.broken else draw.strength
    target = net.predict(x) + size * rng.normal(size=(1, top))
    kind = Drifting if "fixed feedback" in draw.broken else DeepFeedbackControl
    control = kind(
        "random", k_p=0.5 if "integral alone" in draw.broken else 0, k_i=world["k_i"], leak=0,
        dt=DT, tau_v=10 * DT if "fast" in draw.broken else DT, tau_u=world["tau_u"], steps=2,
    )  # fmt: skip
    control.Q = layers(net, Q)
    (phase,) = fold(control.teach(net, x, target), Record())
    e = phase.error[:, 0]
    return {"Q": Q, "e": e[1], "dedt": (e[2] - e[1]) / DT}


def engine_latency(net: Network, x: Array, e_0: Array, part: float, world: World, s: float) -> Any:
    """(s e_0, its tolerance, the latency that the engine measures) with Gauss-Newton feedback, for
    an error s e_0 and neurons and steps that are faster by s."""
    dt = s * world["tau_u"] / world["k_i"]
    control = DeepFeedbackControl(
        "gauss-newton", k_p=0, k_i=world["k_i"], leak=0, dt=dt, tau_v=dt, tau_u=world["tau_u"],
        steps=int(1.3 * np.log(1 / part) / s) + 5,
    )  # fmt: skip
    e_tol = part * s * float(np.linalg.norm(e_0))
    target = net.predict(x) + s * e_0
    (latency,) = fold(control.teach(net, x, target), InferenceLatency(e_tol))
    return s * e_0, e_tol, latency[0]


def least_push(net: Network, x: Array, e_0: Array) -> World:
    """The apical drives of all layers that the engine's Gauss-Newton feedback sends for u."""
    control = DeepFeedbackControl("gauss-newton", k_p=1, k_i=0, leak=0, steps=1)
    (phase,) = fold(control.teach(net, x, net.predict(x) + e_0), Record())
    return {"u": e_0, "a": np.concatenate([a_l[1, 0] for a_l in phase.apical])}


# ---------------------------------------------------------------------- what its equation does


def latencies(draw: Draw, net: Network, x: Array, world: World, rng: np.random.Generator) -> World:
    """Latencies of the loop's equation with one eigenvalue, with several, and with a bounded
    rate."""
    J, rate = world["J"], world["k_i"] / world["tau_u"]
    e_0, part = rng.uniform(0.5, 1.5) * rng.normal(size=net.sizes[-1]), rng.uniform(0.1, 0.7)
    JQ, cross = any_loop(len(J), rng), crossing
    if "symmetric" in draw.broken:
        JQ, cross = JQ + 6 * np.triu(np.ones_like(JQ), 1), crossing_anyhow
    if "symmetric" in draw.broken or draw.seed % 2:  # where the bound is attained, or broken
        e_0 = np.linalg.norm(e_0) * np.linalg.eigh((JQ + JQ.T) / 2)[1][:, -1]

    def at(point: Array) -> World:
        e_tol = part * float(np.linalg.norm(point))
        return {"e_0": point, "e_tol": e_tol, "t_sym": cross(point, JQ, rate, e_tol)}

    found = at(e_0) | {"lam": mean_eigenvalue(J), "JQ": JQ} | least_push(net, x, e_0)
    one = J @ J.T if "one eigenvalue" in draw.broken else found["lam"] * np.eye(len(J))
    for name, solve in (("t_lat", crossing), ("t_bounded", crossing_bounded)):
        found[name] = solve(e_0, one, rate, found["e_tol"])

    def vary(point: Array) -> World | None:
        return world | found | at(point) if np.linalg.norm(point) > 1e-3 else None

    if not draw.broken:
        found |= {"point": e_0, "vary": vary}
    s = draw.strength
    found["run"] = functools.cache(lambda: engine_latency(net, x, e_0, part, world, s))
    return found


def any_loop(n: int, rng: np.random.Generator) -> Array:
    """A symmetric JQ, (n, n), with eigenvalues of its own. (Q = J^T (J J^T)^-1 JQ makes it.)"""
    V = np.linalg.qr(rng.normal(size=(n, n)))[0]
    JQ = V * rng.uniform(0.3, 4, n) @ V.T
    return np.asarray(JQ + JQ.T) / 2


def mean_eigenvalue(J: Array) -> float:
    """The mean of the eigenvalues of J J^T."""
    return float((J * J).sum() / len(J))


def gradients(draw: Draw, net: Network, x: Array, world: World, l: int) -> World:
    """For the weights of layer l + 1: the gradients of the loss and of lam, and the latencies as
    functions of these weights."""
    target, rate = net.predict(x)[0] + world["e_0"], world["k_i"] / world["tau_u"]

    def with_weights(W_l: Array) -> tuple[Array, Array]:
        """r_L (n_L,) and J (n_L, n) with other weights of this layer."""
        weights = [*net.weights[:l], W_l, *net.weights[l + 1 :]]
        return output_and_jacobian(net, weights, x[0])

    def latency(loop: Callable[[Array], Array]) -> Callable[[Array], float]:
        def of(W_l: Array) -> float:
            output, J = with_weights(W_l)
            return crossing(target - output, loop(J), rate, world["e_tol"])

        return of

    def several(J: Array) -> Array:
        return J @ J.T

    def inverted(J: Array) -> Array:
        M = J @ (J.T @ np.linalg.inv(J @ J.T))
        return (M + M.T) / 2

    def alike(J: Array) -> Array:
        return mean_eigenvalue(J) * np.eye(len(J))

    W = net.weights[l].copy()
    return {
        "W": W,
        "dL": -backprop_updates(net, x, target[None]).weights[l],
        "dlam": slope(lambda W_l: mean_eigenvalue(with_weights(W_l)[1]), W),
        "latency": latency(several if "one eigenvalue" in draw.broken else alike),
        "latency_gauss": latency(several if "Gauss-Newton" in draw.broken else inverted),
    }


def output_and_jacobian(net: Network, weights: list[Array], x: Array) -> tuple[Array, Array]:
    """r_L (n_L,) and J_1..J_L side by side, for one input and other weights: what the engine says,
    without what it does beside that."""
    r, slopes = x, []
    for W, beta, phi in zip(weights, net.biases, net.activations, strict=True):
        r = phi.rate(W @ r + beta)
        slopes.append(phi.slope(r))
    J = [np.diag(slopes[-1])]
    for W, slope_below in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        J.insert(0, J[0] @ W * slope_below)
    return np.asarray(r), np.hstack(J)


def slope(f: Callable[[Array], float], at: Array, h: float = 1e-3) -> Array:
    """The gradient of f by central differences with Richardson's extrapolation: error O(h^4)."""
    found = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        d = np.zeros_like(at)
        d[place] = h
        wide, near = f(at + d) - f(at - d), f(at + d / 2) - f(at - d / 2)
        found[place] = (8 * near - wide) / (6 * h)
    return found

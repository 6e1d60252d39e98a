"""Theorem T3 measured: on random networks, under feedback of every gain, and with weights of every
size."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....analysis import angle, jacobians, kantorovich, preconditioners
from ....frameworks import DeepFeedbackControl
from ....network import Network
from ....stream import Record
from ....teaching.remembered import remembered
from ..exercises import largest_angle, recursion
from .push import Case, Layers, push, random_case, slopes_of

Array = np.ndarray

GAINS = np.logspace(-4, np.log10(2), 9)


def T3_error(
    case: Case,
    P_of: Callable[[Layers, Layers], Layers] = recursion,
    feedback: str = "jacobian",
    k_p: float = 1e-5,
    seed: int = 1,
) -> float:
    """How wrong P_l a_l is, relative to what the layer did; the largest over the layers."""
    net, x, _ = case
    pushed = push(*case, k_p=k_p, feedback=feedback, seed=seed)
    P = P_of(net.weights, slopes_of(net, x))
    rows = zip(pushed.moved(), P, pushed.apical(), strict=True)
    return max(float(np.linalg.norm(dv - P_l @ a) / np.linalg.norm(dv)) for dv, P_l, a in rows)


def uphill(case: Case, feedback: str = "jacobian", seed: int = 1, k_p: float = 1e-6) -> list[bool]:
    """For each layer, whether a small step of this layer alone, by DH on voltages under feedback of
    gain k_p, makes the loss grow."""
    net, x, target = case
    updates = push(*case, k_p=k_p, feedback=feedback, seed=seed).on_voltages
    before, grows = net.loss(x, target), []
    for l, dW in enumerate(updates.weights):
        stepped = net.copy()
        stepped.weights[l] += 1e-4 / np.linalg.norm(dW) * dW
        grows.append(bool(stepped.loss(x, target) >= before))
    return grows


def on_rates(seed: int, hidden: str, inputs: int = 12) -> tuple[Array, Array]:
    """Angles of DH on *rates* to backprop, and the bounds that hold on voltages, each (inputs, L),
    of random network ``seed`` under weak feedback. NaN where a layer of ReLUs is dead."""
    net, *_ = random_case(seed, hidden)
    rng = np.random.default_rng([7, seed])
    x = rng.normal(size=(inputs, net.sizes[0]))
    target = rng.normal(size=(inputs, net.sizes[-1]))
    control = DeepFeedbackControl(k_p=1e-7, k_i=0, leak=0, dt=0.005, steps=60)
    phase = Record()(control.teach(net, x, target))
    e = target - net.predict(x)
    measured, bound = np.full((2, inputs, net.depth), np.nan)
    for l, (J, P) in enumerate(zip(jacobians(net, x), preconditioners(net, x), strict=True)):
        changes = phase.rates[l + 1][-1] - phase.rates[l + 1][0]
        for b, change in enumerate(changes):
            measured[b, l], bound[b, l] = angle(change, J[b].T @ e[b]), largest_angle(P[b])
    return measured, bound


def broken_bounds(seeds: Iterable[int], hidden: str) -> tuple[int, int, float]:
    """DH on rates in random networks, 12 inputs each: how many angles in hidden layers above the
    first exceed the bound for voltages, of how many, and the largest angle."""
    over, counted, largest = 0, 0, 0.0
    for seed in seeds:
        measured, bound = (values[:, 1:-1] for values in on_rates(seed, hidden))
        over += int((measured > bound + 0.1).sum())
        counted += int(np.isfinite(measured).sum())
        largest = max([largest, *measured[np.isfinite(measured)]])
    return over, counted, float(largest)


def bounds_and_angles(
    net: Network,
    x: Array,
    target: Array,
    P_of: Callable[[Layers, Layers], Layers] = recursion,
    angle_of: Callable[[Array], float] = largest_angle,
) -> tuple[Array, Array]:
    """For each input and layer the largest angle that P_l allows, and the measured one between DH
    on voltages and backprop under weak feedback, in degrees, each (B, L)."""
    _, rates = net.feedforward(x)
    slopes = [phi.slope(r) for phi, r in zip(net.activations, rates[1:], strict=True)]
    e = target - net.predict(x)
    control = DeepFeedbackControl(k_p=1e-5, k_i=0, dt=0.005, steps=120)
    phase = Record()(control.teach(net, x, target))
    bound, measured = np.zeros((2, len(x), net.depth))
    J = jacobians(net, x)
    for b in range(len(x)):
        P = P_of(net.weights, [slope[b] for slope in slopes])
        for l, v in enumerate(phase.voltages):
            bound[b, l] = angle_of(P[l])
            measured[b, l] = angle(v[-1, b] - v[0, b], J[l][b].T @ e[b])
    return bound, measured


@dataclass(frozen=True)
class Strength:
    """One gain: angles of DH to backprop, of P g to g, their bound, and the relative error of the
    prediction P a of the change of voltage; one number per layer."""

    measured: list[float]
    predicted: list[float]
    bound: list[float]
    error: list[float]


@remembered
def strength(k_p: float, network: int = 1) -> Strength:
    """A network of four layers, number ``network``, under feedback of gain k_p."""
    rng = np.random.default_rng(network)
    net = Network([12, 10, 9, 8, 5], hidden="tanh", output="linear", dtype="float64", seed=network)
    net.weights = [1.4 * W for W in net.weights]
    x, target = rng.normal(size=(1, 12)), rng.normal(size=(1, 5))
    pushed = push(net, x, target, k_p=k_p, steps=60, dt=0.002)
    P = [P_l[0] for P_l in preconditioners(net, x)]
    rows = zip(pushed.moved(), P, pushed.apical(), strict=True)
    return Strength(
        pushed.angles,
        [angle(P_l @ g, g) for P_l, g in zip(P, pushed.gradient.biases, strict=True)],
        [largest_angle(P_l) for P_l in P],
        [float(np.linalg.norm(dv - P_l @ a) / np.linalg.norm(dv)) for dv, P_l, a in rows],
    )


@remembered
def strengths(network: int = 1) -> list[Strength]:
    """That network under feedback of every gain in GAINS."""
    return [strength(float(k_p), network) for k_p in GAINS]


def spread_and_angle(
    scale: float, depth: int, inputs: int = 12, width: int = 12, seed: int = 3
) -> tuple[Array, Array]:
    """Ratio of the extreme eigenvalues of P_l, and measured angle, (inputs, depth), with the
    weights times ``scale``."""
    net = Network([width] * (depth + 1), hidden="tanh", output="linear", dtype="float64", seed=seed)
    net.weights = [scale * W for W in net.weights]
    rng = np.random.default_rng(seed)
    x, target = rng.normal(size=(inputs, width)), rng.normal(size=(inputs, width))
    v, r = net.feedforward(x)
    u = 1e-7 * (target - r[-1])
    # With the control signal given, the state of rest follows layer by layer from below.
    taught, measured, largest = x, [], []
    for l, (J_l, P_l) in enumerate(zip(jacobians(net, x), preconditioners(net, x), strict=True)):
        a = np.einsum("boi,bo->bi", J_l, u)
        v_l = taught @ net.weights[l].T + net.biases[l] + a
        taught = net.activations[l].rate(v_l)
        moved = v_l - v[l]
        cos = (moved * a).sum(1) / np.linalg.norm(moved, axis=1) / np.linalg.norm(a, axis=1)
        measured.append(np.degrees(np.arccos(np.clip(cos, -1, 1))))
        spectrum = np.linalg.eigvalsh(P_l)
        largest.append(spectrum[:, -1] / spectrum[:, 0])
    return np.array(largest).T, np.array(measured).T


def bound_and_angle(
    scale: float, depth: int, inputs: int = 12, width: int = 12, seed: int = 3
) -> Any:
    """Of a deep tanh network with its weights times ``scale``: the largest possible angles and the
    measured ones, in degrees, each (inputs, depth)."""
    spread, measured = spread_and_angle(scale, depth, inputs, width, seed)
    return np.degrees(np.arccos(np.minimum(1, kantorovich(spread)))), measured

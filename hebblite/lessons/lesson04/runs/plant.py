"""One linear neuron under a controller: the thermostat of the lesson's first section."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray
Controller = Callable[..., Any]


def proportional(
    e: Array, u: Array, u_int: Array, k_p: float, k_i: float, leak: float, dt: float, tau_u: float
) -> tuple[Array, Array]:
    """A controller without a memory: u = k_p e."""
    return k_p * e, u_int


def thermostat(
    controller: Controller,
    k_p: float,
    k_i: float = 0.0,
    leak: float = 0.0,
    q: float = 1.0,
    tau: float = 0.02,
    tau_u: float = 0.1,
    dt: float = 1e-3,
    steps: int = 1000,
) -> tuple[Array, Array]:
    """The error of one neuron (basal drive 0, target 1) and the integral: (steps + 1,) each."""
    v, u, u_int = np.zeros((1, 1)), np.zeros((1, 1)), np.zeros((1, 1))
    errors, integrals = [1.0], [0.0]
    for _ in range(steps):
        u, u_int = controller(1 - v, u, u_int, k_p, k_i, leak, dt, tau_u)
        v = v + dt / tau * (-v + q * u)
        errors.append(1 - v.item())
        integrals.append(u_int.item())
    return np.array(errors), np.array(integrals)


def at_rest(k_p: float, k_i: float, leak: float, q: float = 1.0) -> float:
    """The share of the error that is left at rest; with an integral, whatever k_p."""
    return leak / (leak + q * k_i) if leak or k_i else 1 / (1 + q * k_p)


def border(k_p: float, q: float = 1.0, tau: float = 0.02, tau_u: float = 0.1) -> float:
    """The integral gain above which the loop oscillates: 4 k_i q tau = tau_u (1 + k_p q)^2."""
    return tau_u * (1 + k_p * q) ** 2 / (4 * q * tau)

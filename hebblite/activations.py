"""Activation functions: from the voltage of a neuron to its rate, r = phi(v).

The slope phi'(v) is written as a function of the *rate*, which the dynamics hold already:
tanh' = 1 - r^2, sigmoid' = r (1 - r), relu' = [r > 0], linear' = 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Activation:
    """One activation function.

    ``rate(v, out=None)`` is phi(v), in any shape; ``out`` may be ``v`` itself.
    ``slope(r)`` is phi'(v) where r = phi(v).
    """

    name: str
    rate: Callable[..., Array]
    slope: Callable[[Array], Array]


def _sigmoid(v: Array, out: Array | None = None) -> Array:
    # sigmoid(v) = (1 + tanh(v/2)) / 2: one vectorised call that can neither overflow nor warn.
    out = np.multiply(v, 0.5, out=out)
    np.tanh(out, out=out)
    out += 1
    out *= 0.5
    return out


def _relu(v: Array, out: Array | None = None) -> Array:
    return np.maximum(v, 0, out=out)


def _linear(v: Array, out: Array | None = None) -> Array:
    if out is None:
        return v.copy()
    out[...] = v
    return out


ACTIVATIONS = {
    "tanh": Activation("tanh", np.tanh, lambda r: 1 - r * r),
    "sigmoid": Activation("sigmoid", _sigmoid, lambda r: r * (1 - r)),
    "relu": Activation("relu", _relu, lambda r: (r > 0).astype(r.dtype)),
    "linear": Activation("linear", _linear, np.ones_like),
}


def softmax(v: Array) -> Array:
    """Probabilities from voltages, both (..., n): exp(v) / sum exp(v), shifted by the maximum."""
    p = np.exp(v - v.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    return p

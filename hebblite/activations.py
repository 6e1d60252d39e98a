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
    ``slope(r, out=None)`` is phi'(v) where r = phi(v).
    ``inverse(r)`` is the voltage v with phi(v) = r (for relu, of a rate of 0: v = 0).
    ``low`` and ``high``: the rates lie between them, and never reach a finite one but relu's 0.
    ``rate_of_half(v / 2, out=None)`` is phi(v), where that takes no more than ``rate(v)`` does.
    """

    name: str
    rate: Callable[..., Array]
    slope: Callable[..., Array]
    inverse: Callable[[Array], Array]
    low: float
    high: float
    rate_of_half: Callable[..., Array] | None = None


def _sigmoid(v: Array, out: Array | None = None) -> Array:
    half = np.asarray(np.multiply(v, 0.5, out=out))
    return _sigmoid_of_half(half, half)


def _sigmoid_of_half(half: Array, out: Array | None = None) -> Array:
    # sigmoid(v) = (1 + tanh(v/2)) / 2: one vectorised call that can neither overflow nor warn.
    out = np.tanh(half, out=out)
    out += 1
    out *= 0.5
    return out


def _relu(v: Array, out: Array | None = None) -> Array:
    return np.maximum(v, 0, out=out)


def _linear(v: Array, out: Array | None = None) -> Array:
    if out is None:
        return np.array(v)
    out[...] = v
    return out


def _tanh_slope(r: Array, out: Array | None = None) -> Array:
    square = np.asarray(np.multiply(r, r, out=out))
    return np.subtract(1, square, out=square)


def _sigmoid_slope(r: Array, out: Array | None = None) -> Array:
    rest = np.asarray(np.subtract(1, r, out=out))
    return np.multiply(rest, r, out=rest)


def _relu_slope(r: Array, out: Array | None = None) -> Array:
    out = np.empty_like(r) if out is None else out
    out[...] = r > 0
    return out


def _linear_slope(r: Array, out: Array | None = None) -> Array:
    out = np.empty_like(r) if out is None else out
    out[...] = 1
    return out


_INF = float("inf")
ACTIVATIONS = {
    "tanh": Activation("tanh", np.tanh, _tanh_slope, np.arctanh, -1, 1),
    "sigmoid": Activation(
        "sigmoid",
        _sigmoid,
        _sigmoid_slope,
        lambda r: np.log(r) - np.log1p(-r),
        0,
        1,
        _sigmoid_of_half,
    ),
    "relu": Activation("relu", _relu, _relu_slope, np.copy, 0, _INF),
    "linear": Activation(
        "linear",
        _linear,
        _linear_slope,
        np.copy,
        -_INF,
        _INF,
        lambda half, out=None: np.multiply(half, 2, out=out),
    ),
}


def softmax(v: Array) -> Array:
    """Probabilities from voltages, both (..., n): exp(v) / sum exp(v), shifted by the maximum."""
    p = np.exp(v - v.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    return p

"""Exercise 03.4: the rival: comparing compartments."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....teaching.exercises import exercise
from ..equations import Array, Phi, sigmoid
from .teaching_phase import steep


def cases(seed: int) -> tuple[Any, ...]:
    rng = np.random.default_rng([34, seed])
    batch = 1 if seed % 4 == 1 else rng.integers(2, 6)
    n = 1 if seed % 4 == 2 else rng.integers(2, 4)
    m = 1 if seed % 4 == 3 else rng.integers(6, 9)
    b, a = rng.normal(0, 1, (2, batch, n))
    return b + a, b, rng.uniform(0, 1, (batch, m)), steep(seed, rng)


@exercise(
    "03.4",
    "the rival: comparing compartments",
    cases=cases,
    hints=(
        "Two rates for each neuron: that of its soma, and the one its basal drive alone asks for.",
        "Their difference has shape (B, n), pre has (B, m): which product gives (n, m)?",
        "(difference)^T @ pre, divided by the number of inputs B.",
    ),
)
def error_update(v: Array, b: Array, pre: Array, phi: Phi) -> Array:
    """<(phi(v) - phi(b)) pre^T>: soma against basal dendrite, v and b (B, n), pre (B, m)."""
    return (phi(v) - phi(b)).T @ pre / len(v)


@error_update.right
def _loop(v: Array, b: Array, pre: Array, phi: Phi) -> Array:
    dW = np.zeros((v.shape[1], pre.shape[1]))
    for i in range(len(v)):
        dW += np.outer(phi(v[i]) - phi(b[i]), pre[i]) / len(v)
    return dW


error_update.right(lambda v, b, pre, phi: np.einsum("bi,bj->ij", phi(v) - phi(b), pre) / len(pre))

error_update.right(lambda v, b, pre, phi: phi(v).T @ pre / len(v) - phi(b).T @ pre / len(v))

error_update.wrong(
    "the sign is the wrong way round: what the soma does, minus what the basal drive "
    "alone would make it do."
)(lambda v, b, pre, phi: -_loop(v, b, pre, phi))

error_update.wrong("you compare voltages; asked for is the comparison of rates, phi of each.")(
    lambda v, b, pre, phi: (v - b).T @ pre / len(v)
)

error_update.wrong("phi of a difference is not the difference of phi: take the two rates first.")(
    lambda v, b, pre, phi: phi(v - b).T @ pre / len(v)
)

error_update.wrong("you take the sum over the batch; the update is its mean.")(
    lambda v, b, pre, phi: _loop(v, b, pre, phi) * len(v)
)

error_update.wrong(
    "this is the transpose: rows belong to the postsynaptic neuron, columns to the presynaptic one."
)(lambda v, b, pre, phi: _loop(v, b, pre, phi).T)

error_update.wrong("this is plain Hebb in the taught state: nothing is compared.")(
    lambda v, b, pre, phi: phi(v).T @ pre / len(v)
)

error_update.wrong("this uses the basal drive alone: where is the soma?")(
    lambda v, b, pre, phi: phi(b).T @ pre / len(v)
)

error_update.wrong(
    "you average post and pre separately; multiply first, for each input, then take the mean."
)(lambda v, b, pre, phi: np.outer((phi(v) - phi(b)).mean(axis=0), pre.mean(axis=0)))

error_update.wrong(
    "the activation is an argument: call the phi you are given. You have fixed it as a sigmoid."
)(lambda v, b, pre, phi: _loop(v, b, pre, sigmoid))

error_update.wrong(
    "the activation is an argument: call the phi you are given. You have fixed it as tanh."
)(lambda v, b, pre, phi: _loop(v, b, pre, np.tanh))

error_update.wrong(
    "you divide by the number of neurons; the mean is over the batch, the first axis."
)(lambda v, b, pre, phi: _loop(v, b, pre, phi) * len(v) / v.shape[1])

error_update.wrong("you add the two rates; a comparison is their difference.")(
    lambda v, b, pre, phi: (phi(v) + phi(b)).T @ pre / len(v)
)

error_update.wrong("the soma enters as a voltage: take its rate, phi(v), first.")(
    lambda v, b, pre, phi: (v - phi(b)).T @ pre / len(v)
)

error_update.wrong(
    "the basal drive enters as a voltage: take phi(b), the rate it asks for, first."
)(lambda v, b, pre, phi: (phi(v) - b).T @ pre / len(v))

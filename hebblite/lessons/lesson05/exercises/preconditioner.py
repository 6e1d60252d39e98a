"""Exercise 05.2: the preconditioner, layer by layer."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray
Layers = list[Array]


def stack(rng: np.random.Generator, one: bool = False) -> tuple[Layers, Layers]:
    """Weights and slopes of a network of 2 to 4 layers for one input; with ``one`` one of its
    layers, the input among them, has one neuron."""
    sizes = rng.integers(2, 7, size=rng.integers(3, 6))
    if one:
        sizes[rng.integers(len(sizes))] = 1
    weights = [rng.normal(size=(n, m)) for n, m in zip(sizes[1:], sizes[:-1], strict=True)]
    return weights, [rng.uniform(0.2, 1, n) for n in sizes[1:]]


def cases(seed: int) -> tuple[Layers, Layers]:
    return stack(np.random.default_rng([52, seed]), one=seed % 2 == 1)


@exercise(
    "05.2",
    "the preconditioner, layer by layer",
    cases=cases,
    hints=(
        "Begin with the identity of size n_1. Each further layer needs its own W, the slopes "
        "of the layer *below*, and the matrix that you made last.",
        "W_l D_{l-1} scales the *columns* of W_l: in NumPy that is W * slope.",
        "With A = W * slope: the next matrix is the identity plus A times the last one times "
        "A transposed. W_1 only says how large P_1 is.",
    ),
)
def recursion(weights: Layers, slopes: Layers) -> Layers:
    """P_1..P_L for one input from W_1..W_L and the slopes phi'(v_1)..phi'(v_L), each (n_l,)."""
    P = [np.eye(len(weights[0]))]
    for W, slope in zip(weights[1:], slopes[:-1], strict=True):
        WD = W * slope
        P.append(np.eye(len(W)) + WD @ P[-1] @ WD.T)
    return P


def _eye(W: Array) -> Array:
    return np.eye(len(W))


def _climb(step: Callable[..., Array], first: Callable[[Array], Array] = _eye) -> Answer:
    """P_1 = first(W_1), and then P_l = step(W_l, slope below, slope here, P_{l-1})."""

    def answer(weights: Layers, slopes: Layers) -> Layers:
        P = [first(weights[0])]
        for l in range(1, len(weights)):
            P.append(step(weights[l], slopes[l - 1], slopes[l], P[-1]))
        return P

    return answer


@recursion.right
def unrolled(weights: Layers, slopes: Layers) -> Layers:
    """P_l as a sum over the layers j below: the chain from j to l, times its transpose."""
    found = []
    for l in range(len(weights)):
        chain, P = np.eye(len(weights[l])), np.eye(len(weights[l]))
        for j in range(l, 0, -1):
            chain = chain @ weights[j] @ np.diag(slopes[j - 1])
            P = P + chain @ chain.T
        found.append(P)
    return found


recursion.right(
    _climb(lambda W, below, here, P: _eye(W) + W @ np.diag(below) @ P @ np.diag(below) @ W.T)
)

recursion.right(lambda weights, slopes: tuple(recursion(weights, slopes)))

recursion.wrong(
    "the slopes are missing: the push goes through phi of the layer below before it reaches W."
)(_climb(lambda W, below, here, P: _eye(W) + W @ P @ W.T))

recursion.wrong(
    "the slopes are those of the wrong layer: what passes through W_l comes from the "
    "rates of layer l-1."
)(_climb(lambda W, below, here, P: _eye(W) + (here[:, None] * W) @ P @ (here[:, None] * W).T))

recursion.wrong(
    "the matrix of the layer below is missing in the middle, or it is always P_1, the identity. "
    "Take the one that you made last: the push of the layer below was itself passed on."
)(_climb(lambda W, below, here, P: _eye(W) + (W * below) @ (W * below).T))

recursion.wrong("the identity is missing: the neuron's own apical drive moves it too.")(
    _climb(lambda W, below, here, P: (W * below) @ P @ (W * below).T)
)

recursion.wrong(
    "the slopes stand on one side only, so it is not symmetric. They come in twice: "
    "once on the way down, once on the way up."
)(_climb(lambda W, below, here, P: _eye(W) + (W * below) @ P @ W.T))

recursion.wrong("the slopes are squared on each side: one factor on the left, one on the right.")(
    _climb(lambda W, below, here, P: _eye(W) + (W * below**2) @ P @ (W * below**2).T)
)

recursion.wrong(
    "layer 1 gets a push through W_1, but the input does not move: P_1 is the identity."
)(
    _climb(
        lambda W, below, here, P: _eye(W) + (W * below) @ P @ (W * below).T,
        first=lambda W: _eye(W) + W @ W.T,
    )
)

recursion.wrong("the sign of the second term is wrong: the push from below adds to the own one.")(
    _climb(lambda W, below, here, P: _eye(W) - (W * below) @ P @ (W * below).T)
)

recursion.wrong("the order is the wrong way round: P_1 first, then upwards.")(
    lambda weights, slopes: recursion(weights, slopes)[::-1]
)

recursion.wrong(
    "P_1 and P_2 are right, and above them stands the identity: go on, each matrix "
    "from the one below it, up to P_L."
)(
    lambda weights, slopes: [
        *recursion(weights, slopes)[:2],
        *(_eye(W) for W in weights[2:]),
    ]
)

recursion.wrong(
    "P_1 and P_2 are right, and above them nothing is filled in: go on, each matrix "
    "from the one below it, up to P_L."
)(
    lambda weights, slopes: [
        *recursion(weights, slopes)[:2],
        *(np.zeros((len(W), len(W))) for W in weights[2:]),
    ]
)

recursion.wrong(
    "you add a number in place of the identity matrix: np.eye(n) has ones on the diagonal alone."
)(_climb(lambda W, below, here, P: len(W) + (W * below) @ P @ (W * below).T))

recursion.wrong(
    "you add ones everywhere. The identity, np.eye(n), has ones on the diagonal alone."
)(
    _climb(
        lambda W, below, here, P: np.ones((len(W), len(W))) + (W * below) @ P @ (W * below).T,
        first=lambda W: np.ones((len(W), len(W))),
    )
)

recursion.wrong(
    "you add 1 to every entry. The identity, np.eye(n), has ones on the diagonal alone."
)(_climb(lambda W, below, here, P: 1 + (W * below) @ P @ (W * below).T))

recursion.wrong(
    "* multiplies entry by entry. The journey down and up is a product of matrices: use @."
)(_climb(lambda W, below, here, P: _eye(W) + (W * below) @ (P * np.eye(len(P))) @ (W * below).T))

recursion.wrong("you divide by the slopes: the push is *multiplied* by them on its way.")(
    _climb(lambda W, below, here, P: _eye(W) + (W / below) @ P @ (W / below).T)
)

recursion.wrong("the identity comes in twice: add it once in each layer.")(
    _climb(lambda W, below, here, P: 2 * _eye(W) + (W * below) @ P @ (W * below).T)
)

recursion.wrong(
    "these are the inverses: P takes the apical drive to the change of voltage, not back."
)(lambda weights, slopes: [np.linalg.inv(P) for P in recursion(weights, slopes)])


# Slips whose shapes fit only where all layers have one size; elsewhere the numbers are spread out
# or cut, so that each of them runs.


def _fit(array: Array, *shape: int) -> Array:
    return np.resize(array, shape)


def _turned(W: Array, below: Array, here: Array, P: Array) -> Array:
    A, n = W * below, len(W)
    return _eye(W) + _fit(A.T @ _fit(P, n, n) @ A, n, n)


recursion.wrong(
    "the transposes are swapped: A takes the push of the layer below up, so it stands on the left, "
    "A P A.T."
)(_climb(_turned))

recursion.wrong(
    "A.T is missing on the right: the push first goes down through A.T, and then up again "
    "through A."
)(_climb(lambda W, below, here, P: _eye(W) + _fit((W * below) @ P, len(W), len(W))))

recursion.wrong(
    "the slopes scale the rows of W. They belong to the neurons *below*, which are its columns: "
    "W * slope."
)(
    _climb(
        lambda W, below, here, P: (
            _eye(W) + (W * _fit(below, len(W))[:, None]) @ P @ (W * _fit(below, len(W))[:, None]).T
        )
    )
)

recursion.wrong(
    "the slopes are those of layer l. What W_l hands up are rates of layer l-1: slopes[l - 1], "
    "counted as W_l is."
)(
    _climb(
        lambda W, below, here, P: (
            _eye(W) + (W * _fit(here, len(below))) @ P @ (W * _fit(here, len(below))).T
        )
    )
)


@recursion.wrong(
    "the weights are those of the layer below: P_l needs W_l, the matrix through which its push "
    "arrives."
)
def weights_of_the_layer_below(weights: Layers, slopes: Layers) -> Layers:
    shifted = [_fit(V, *W.shape) for V, W in itertools.pairwise(weights)]
    return recursion([weights[0], *shifted], slopes)


recursion.wrong(
    "P_1 has the size of the input. It belongs to the neurons of layer 1: take the rows of W_1."
)(
    lambda weights, slopes: [
        np.eye(weights[0].shape[1]),
        *recursion(weights, slopes)[1:],
    ]
)

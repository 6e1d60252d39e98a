"""Exercise 06.1: all pushes of the least effort from that of the output."""

from __future__ import annotations

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


def cases(seed: int) -> tuple[Layers, Layers, Array]:
    rng = np.random.default_rng([61, seed])
    weights, slopes = stack(rng, one=seed % 2 == 1)
    return weights, slopes, rng.normal(size=len(slopes[-1]))


@exercise(
    "06.1",
    "all pushes of the least effort from that of the output",
    cases=cases,
    hints=(
        "Begin with the list [a_top], and go down: each push follows from the one above it.",
        "a_l needs W_{l+1} transposed, a_{l+1}, and the slopes of layer l, where it arrives.",
        "From the top down: a.insert(0, slopes[l - 1] * (weights[l].T @ a[0])) for l = L-1, ..., "
        "1. In Python, weights[l] is W_{l+1} and slopes[l - 1] belongs to layer l.",
    ),
)
def pushes_down(weights: Layers, slopes: Layers, a_top: Array) -> Layers:
    """a_1..a_L, each (n_l,), from W_1..W_L, phi'(v_1)..phi'(v_L) and a_L (n_L,)."""
    a = [a_top]
    for l in range(len(weights) - 1, 0, -1):
        a.insert(0, slopes[l - 1] * (weights[l].T @ a[0]))
    return a


def _down(step: Callable[..., Array]) -> Answer:
    """a_l = step(W_{l+1}, slopes of l, slopes of l+1, a_{l+1})."""

    def answer(weights: Layers, slopes: Layers, a_top: Array) -> Layers:
        a = [a_top]
        for l in range(len(weights) - 1, 0, -1):
            a.insert(0, step(weights[l], slopes[l - 1], slopes[l], a[0]))
        return a

    return answer


@pushes_down.right
def appended(weights: Layers, slopes: Layers, a_top: Array) -> Layers:
    """The list is made from the top and turned round in the end."""
    a = [a_top]
    for W, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        a.append(slope * (a[-1] @ W))
    return a[::-1]


@pushes_down.right
def as_matrices(weights: Layers, slopes: Layers, a_top: Array) -> Layers:
    """With one matrix from the output to each layer: a_l = (chain from l to L)^T a_L."""
    chain, found = np.eye(len(a_top)), [a_top]
    for W, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        chain = chain @ W @ np.diag(slope)
        found = [chain.T @ a_top, *found]
    return found


pushes_down.wrong("the slopes are missing: a neuron that is saturated is not worth pushing.")(
    _down(lambda W, here, above, a: W.T @ a)
)

pushes_down.wrong(
    "the slopes are those of the layer from which the push comes. a_l needs those of the layer "
    "where it arrives, l."
)(_down(lambda W, here, above, a: W.T @ (above * a)))

pushes_down.wrong(
    "the slopes are those of the layer above. Lists count from 0: where `weights[l]` is W_{l+1}, "
    "the slopes of layer l are `slopes[l - 1]`."
)(_down(lambda W, here, above, a: above * (W.T @ a)))


def _unturned(turned_weights: bool, turned_slopes: bool) -> Answer:
    """The lists are not walked down from the top, or not both of them."""

    def answer(weights: Layers, slopes: Layers, a_top: Array) -> Layers:
        a, some, others = [a_top], weights[1:], slopes[:-1]
        some = some[::-1] if turned_weights else some
        others = others[::-1] if turned_slopes else others
        for W, slope in zip(some, others, strict=True):
            a.insert(0, slope * (W.T @ a[0]))
        return a

    return answer


pushes_down.wrong(
    "the lists run from layer 1 up, and the pushes come from the top down: walk both of them "
    "backwards, `[::-1]`."
)(_unturned(False, False))

pushes_down.wrong(
    "`slopes` is walked backwards and `weights` is not: turn both round, so that W_{l+1} meets the "
    "slopes of layer l."
)(_unturned(False, True))

pushes_down.wrong(
    "`weights` is walked backwards and `slopes` is not: turn both round, so that W_{l+1} meets the "
    "slopes of layer l."
)(_unturned(True, False))


pushes_down.wrong("these are the slopes alone: they multiply W transposed times the push above.")(
    _down(lambda W, here, above, a: here)
)

pushes_down.wrong("the slopes come in once for each layer, not squared.")(
    _down(lambda W, here, above, a: here**2 * (W.T @ a))
)

pushes_down.wrong("you divide by the slopes: multiply by them.")(
    _down(lambda W, here, above, a: (W.T @ a) / here)
)

pushes_down.wrong("you divide the slopes by what arrives: multiply the two.")(
    _down(lambda W, here, above, a: here / (W.T @ a))
)


@pushes_down.wrong("a_top *is* the push of the output layer: do not multiply it by a slope again.")
def slope_on_top(weights: Layers, slopes: Layers, a_top: Array) -> Layers:
    return pushes_down(weights, slopes, slopes[-1] * a_top)


pushes_down.wrong("the order is the wrong way round: a_1 first, a_L last.")(
    lambda weights, slopes, a_top: pushes_down(weights, slopes, a_top)[::-1]
)


pushes_down.wrong(
    "the sign changes from layer to layer. At the least effort a_l *is* D_l W^T a_{l+1}, without a "
    "minus."
)(_down(lambda W, here, above, a: -here * (W.T @ a)))

pushes_down.wrong("the sign is the wrong way round.")(
    lambda weights, slopes, a_top: [-a for a in pushes_down(weights, slopes, a_top)]
)


@pushes_down.wrong("every push is made from a_top. It is to be made from that of the next layer.")
def from_the_top(weights: Layers, slopes: Layers, a_top: Array) -> Layers:
    return [*(s * (W.T @ a_top) for W, s in zip(weights[1:], slopes, strict=False)), a_top]


pushes_down.wrong(
    "the pushes add up on the way. Each one is made from the next one alone, without a sum."
)(
    lambda weights, slopes, a_top: [
        s + a
        for s, a in zip([*slopes[:-1], 0 * a_top], pushes_down(weights, slopes, a_top), strict=True)
    ]
)

pushes_down.wrong(
    "the slopes are added to or taken from what arrives: multiply the two, neuron by neuron."
)(_down(lambda W, here, above, a: here + W.T @ a))

pushes_down.wrong(
    "the slopes are added to or taken from what arrives: multiply the two, neuron by neuron."
)(_down(lambda W, here, above, a: here - W.T @ a))

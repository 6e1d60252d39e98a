"""Exercise 04.2: the feedback path, without a Jacobian in sight."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import exercise

Array = np.ndarray
Layers = list[Array]


def cases(seed: int) -> tuple[Array, Layers, Layers]:
    """One input in one case of four, one neuron in a layer in two others."""
    rng = np.random.default_rng([42, seed])
    sizes = rng.permutation(np.arange(2, 8))[: 3 + seed % 3]
    if seed % 4 > 1:
        sizes[-1 if seed % 4 == 2 else 1] = 1
    B = 1 if seed % 4 == 1 else int(rng.integers(2, 5))
    weights = [rng.normal(size=(n, m)) for n, m in zip(sizes[1:], sizes[:-1], strict=True)]
    slopes = [rng.uniform(0.1, 1, (B, n)) for n in sizes[1:]]
    return rng.normal(size=(B, sizes[-1])), weights, slopes


@exercise(
    "04.2",
    "the feedback path, without a Jacobian in sight",
    cases=cases,
    parts=("a_1", "a_2", "a_3", "a_4"),
    hints=(
        "Begin at the top, where a_L = D_L u, and walk down. How does J_l follow from J_{l+1}?",
        "J_l = J_{l+1} W_{l+1} D_l, so J_l^T u = D_l W_{l+1}^T (J_{l+1}^T u): one layer needs "
        "only the apical drive of the layer above. In a list, weights[l] is W_{l+1}.",
        "a = [u * slopes[-1]]; then for l = L-1 down to 1: put (a[0] @ weights[l]) * "
        "slopes[l - 1] in front. Rows are inputs, so W^T from the left becomes W from the "
        "right.",
    ),
)
def feedback_path(u: Array, weights: Layers, slopes: Layers) -> Layers:
    """a_l = J_l^T u for l = 1..L, from u (B, n_L), W_1..W_L and phi'(v_1)..phi'(v_L), (B, n_l)."""
    a = [u * slopes[-1]]
    for l in range(len(weights) - 1, 0, -1):
        a.insert(0, (a[0] @ weights[l]) * slopes[l - 1])
    return a


def _combined(u: Array, weights: Layers, slopes: Layers, by: Callable[..., Array]) -> Layers:
    """The path, where a slope does something else than multiply."""
    a = [by(u, slopes[-1])]
    for l in range(len(weights) - 1, 0, -1):
        a.insert(0, by(a[0] @ weights[l], slopes[l - 1]))
    return a


def _ones(slopes: Layers) -> Layers:
    return [np.ones_like(slope) for slope in slopes]


@feedback_path.right
def by_matrices(u: Array, weights: Layers, slopes: Layers) -> Layers:
    """The same with every J_l written out, input by input."""
    a = [np.zeros_like(s) for s in slopes]
    for b in range(len(u)):
        J = np.diag(slopes[-1][b])
        a[-1][b] = J.T @ u[b]
        for l in range(len(weights) - 1, 0, -1):
            J = J @ weights[l] @ np.diag(slopes[l - 1][b])
            a[l - 1][b] = J.T @ u[b]
    return a


@feedback_path.right
def backwards(u: Array, weights: Layers, slopes: Layers) -> Layers:
    a = u * slopes[-1]
    down = [a]
    for W, D in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        a = np.einsum("bi,ij,bj->bj", a, W, D)
        down.append(a)
    return down[::-1]


feedback_path.wrong(
    "all slopes are missing: this is feedback through transposed weights. Multiply by "
    "phi'(v_l) in every layer."
)(lambda u, weights, slopes: feedback_path(u, weights, _ones(slopes)))

feedback_path.wrong("the slope of the output layer is missing: J_L = D_L, not 1.")(
    lambda u, weights, slopes: feedback_path(u, weights, [*slopes[:-1], *_ones(slopes[-1:])])
)

feedback_path.wrong("the slopes of the hidden layers are missing.")(
    lambda u, weights, slopes: feedback_path(u, weights, [*_ones(slopes[:-1]), slopes[-1]])
)


@feedback_path.wrong(
    "each layer hands its slope down but does not use it itself: a_l needs the slope "
    "of its own layer l."
)
def _slope_late(u: Array, weights: Layers, slopes: Layers) -> Layers:
    """Each layer passes its slope on, but does not use it itself."""
    a = [u]
    for l in range(len(weights) - 1, 0, -1):
        a.insert(0, (a[0] * slopes[l]) @ weights[l])
    return a


@feedback_path.wrong("the slopes of the upper layers are taken twice.")
def slope_twice(u: Array, weights: Layers, slopes: Layers) -> Layers:
    a = [u * slopes[-1]]
    for l in range(len(weights) - 1, 0, -1):
        a.insert(0, ((a[0] * slopes[l]) @ weights[l]) * slopes[l - 1])
    return a


@feedback_path.wrong(
    "the two upper layers are right, but a hidden layer that hands its drive down "
    "multiplies by its slope once more. The drive a_l has it already."
)
def hidden_twice(u: Array, weights: Layers, slopes: Layers) -> Layers:
    """Right in the two upper layers; below, what is handed down has its slope twice."""
    handed = u * slopes[-1]
    a = [handed]
    for l in range(len(weights) - 1, 0, -1):
        a.insert(0, (handed @ weights[l]) * slopes[l - 1])
        handed = a[0] * slopes[l - 1]
    return a


@feedback_path.wrong("each a_l is multiplied by the slope of its own layer twice; once is enough.")
def each_twice(u: Array, weights: Layers, slopes: Layers) -> Layers:
    return [a * s for a, s in zip(feedback_path(u, weights, slopes), slopes, strict=True)]


@feedback_path.wrong(
    "below the top, each a_l takes the slope of the layer above (which a_{l+1} has "
    "already) and not that of its own layer l."
)
def slope_above(u: Array, weights: Layers, slopes: Layers) -> Layers:
    """The top is right, and its slope is then used again; below, always that of the layer above."""
    a = [u * slopes[-1]]
    for l in range(len(weights) - 1, 0, -1):
        a.insert(0, (a[0] * slopes[l]) @ weights[l])
    return a


@feedback_path.wrong(
    "the output layer is right; below it the slope is that of the layer above. Each "
    "a_l ends with the slope of its own layer l."
)
def slope_late_but_top(u: Array, weights: Layers, slopes: Layers) -> Layers:
    return [*_slope_late(u, weights, slopes)[:-1], u * slopes[-1]]


@feedback_path.wrong(
    "what you hand down passes only the weights, so each a_l has the slope of its own layer alone. "
    "Begin each step with the drive of the layer above, which has its slope already."
)
def slopes_alone_differ(u: Array, weights: Layers, slopes: Layers) -> Layers:
    """Weights are passed on the way, slopes are not: only the own one counts."""
    without = feedback_path(u, weights, _ones(slopes))
    return [a * s for a, s in zip(without, slopes, strict=True)]


feedback_path.wrong("the list is upside down: layer 1 comes first, the output layer last.")(
    lambda u, weights, slopes: feedback_path(u, weights, slopes)[::-1]
)

feedback_path.wrong("the sign is the wrong way round: the feedback pushes along J_l^T u.")(
    lambda u, weights, slopes: [-a for a in feedback_path(u, weights, slopes)]
)

feedback_path.wrong("the slopes are averaged over the batch; each input has its own.")(
    lambda u, weights, slopes: feedback_path(
        u, weights, [np.broadcast_to(s.mean(axis=0), s.shape) for s in slopes]
    )
)

feedback_path.wrong("u is averaged over the batch; each input has its own control signal.")(
    lambda u, weights, slopes: feedback_path(
        np.broadcast_to(u.mean(axis=0), u.shape), weights, slopes
    )
)

feedback_path.wrong("the signs of the weights are lost on the way down.")(
    lambda u, weights, slopes: feedback_path(u, [np.abs(W) for W in weights], slopes)
)

feedback_path.wrong(
    "the output layer is right, but what it hands down has lost its slope: hand down a_L = D_L u."
)(
    lambda u, weights, slopes: [
        *feedback_path(u, weights, [*slopes[:-1], *_ones(slopes[-1:])])[:-1],
        u * slopes[-1],
    ]
)

feedback_path.wrong(
    "you take a slope of the slopes. `slopes` holds phi'(v) already, so multiply by it as it is."
)(lambda u, weights, slopes: feedback_path(u, weights, [1 - s**2 for s in slopes]))

feedback_path.wrong(
    "you take 1 - slopes. `slopes` holds phi'(v) already, so multiply by it as it is."
)(lambda u, weights, slopes: feedback_path(u, weights, [1 - s for s in slopes]))

feedback_path.wrong("you divide by the slopes; the chain rule multiplies by them.")(
    lambda u, weights, slopes: feedback_path(u, weights, [1 / s for s in slopes])
)

feedback_path.wrong("the slopes of the first input are used for all; each input has its own.")(
    lambda u, weights, slopes: feedback_path(
        u, weights, [np.broadcast_to(s[0], s.shape) for s in slopes]
    )
)

feedback_path.wrong(
    "the slopes are averaged over the neurons of a layer; each neuron has its own."
)(
    lambda u, weights, slopes: feedback_path(
        u, weights, [np.broadcast_to(s.mean(axis=1, keepdims=True), s.shape) for s in slopes]
    )
)

feedback_path.wrong("the u of the first input is used for all; each input has its own.")(
    lambda u, weights, slopes: feedback_path(np.broadcast_to(u[0], u.shape), weights, slopes)
)

feedback_path.wrong(
    "somewhere you use ones where the identity is meant: np.ones((n, n)) mixes all outputs, "
    "np.eye(n) leaves each as it is."
)(
    lambda u, weights, slopes: feedback_path(
        np.repeat(u.sum(axis=1, keepdims=True), u.shape[1], axis=1), weights, slopes
    )
)

feedback_path.wrong(
    "the slopes are added; they multiply: D_l is a diagonal matrix, and D_l x is slope times x."
)(lambda u, weights, slopes: _combined(u, weights, slopes, np.add))

feedback_path.wrong(
    "the slopes are subtracted; they multiply: D_l is a diagonal matrix, so D_l x is slope times x."
)(lambda u, weights, slopes: _combined(u, weights, slopes, np.subtract))


feedback_path.wrong(
    "the batch is summed on the way: every input gets the same drive. Keep one row for each input."
)(
    lambda u, weights, slopes: [
        np.broadcast_to(a.sum(axis=0), a.shape) for a in feedback_path(u, weights, slopes)
    ]
)

feedback_path.wrong("every input gets the mean drive of the batch. Keep one row for each input.")(
    lambda u, weights, slopes: [
        np.broadcast_to(a.mean(axis=0), a.shape) for a in feedback_path(u, weights, slopes)
    ]
)

feedback_path.wrong(
    "your arrays hold whole numbers, so everything after the point is cut off. Make them with "
    "np.zeros(shape), or as np.zeros_like(slope)."
)(lambda u, weights, slopes: [np.trunc(a) for a in feedback_path(u, weights, slopes)])

"""Exercise 05.4: down and up, without any P."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import exercise
from .preconditioner import recursion, stack

Array = np.ndarray
Layers = list[Array]


def cases(seed: int) -> tuple[Layers, Layers, Array]:
    rng = np.random.default_rng([54, seed])
    weights, slopes = stack(rng, one=seed % 2 == 1)
    return weights, slopes, rng.normal(size=len(slopes[-1]))


@exercise(
    "05.4",
    "down and up, without any P",
    cases=cases,
    hints=(
        "First go down: a_{l-1} follows from a_l through W_l transposed and the slopes of "
        "layer l-1.",
        "Then go up: layer 1 moves by a_1; what does it pass on to layer 2, and what does "
        "layer 2 add?",
        "Down: a = slope_below * (W.T @ a). Up: change = a_here + W @ (slope_below * "
        "change_below).",
    ),
)
def down_and_up(weights: Layers, slopes: Layers, a_top: Array) -> Layers:
    """v_l+ - v_l- for l = 1..L to first order, from the apical drive (n_L,) of the output."""
    a = [a_top]
    for W, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        a.insert(0, slope * (W.T @ a[0]))
    change = [a[0]]
    for W, slope, a_l in zip(weights[1:], slopes[:-1], a[1:], strict=True):
        change.append(a_l + W @ (slope * change[-1]))
    return change


def _down(weights: Layers, slopes: Layers, a_top: Array) -> Layers:
    a = [a_top]
    for W, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        a.insert(0, slope * (W.T @ a[0]))
    return a


def _up(weights: Layers, slopes: Layers, a: Layers) -> Layers:
    change = [a[0]]
    for l in range(1, len(weights)):
        change.append(a[l] + weights[l] @ (slopes[l - 1] * change[-1]))
    return change


def _rise(weights: Layers, a: Layers, handed: Callable[[int, Array], Array]) -> Layers:
    """The way up, where W_l multiplies ``handed`` (its layer below, from 0; that one's change)."""
    change = [a[0]]
    for l in range(1, len(weights)):
        change.append(a[l] + weights[l] @ handed(l - 1, change[-1]))
    return change


def _upside_down(weights: Layers, slopes: Layers, a_top: Array) -> Layers:
    a = [a_top]
    for W, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        a.insert(0, slope / (W.T @ a[0]))
    return a


def _late_slopes(weights: Layers, slopes: Layers, a: Layers) -> Layers:
    change = [a[0]]
    for l in range(1, len(weights)):
        change.append(a[l] + slopes[l] * (weights[l] @ change[-1]))
    return change


def _ones(slopes: Layers) -> Layers:
    return [np.ones_like(slope) for slope in slopes]


down_and_up.right(
    lambda weights, slopes, a_top: [
        P @ a
        for P, a in zip(recursion(weights, slopes), _down(weights, slopes, a_top), strict=True)
    ]
)

down_and_up.right(
    lambda weights, slopes, a_top: _up(weights, slopes, _down(weights, slopes, a_top))
)

down_and_up.wrong(
    "these are the apical drives alone. A neuron is also moved by the neurons below "
    "it, which were pushed too."
)(lambda weights, slopes, a_top: _down(weights, slopes, a_top))

down_and_up.wrong("the slopes are missing on the way down.")(
    lambda weights, slopes, a_top: _up(weights, slopes, _down(weights, _ones(slopes), a_top))
)

down_and_up.wrong(
    "the slopes are missing on the way up: what W_l passes on are changes of *rate*."
)(lambda weights, slopes, a_top: _up(weights, _ones(slopes), _down(weights, slopes, a_top)))

down_and_up.wrong("the slopes are missing, on the way down and on the way up.")(
    lambda weights, slopes, a_top: _up(weights, _ones(slopes), _down(weights, _ones(slopes), a_top))
)


@down_and_up.wrong(
    "on the way up each layer must add its own apical drive to what comes from below."
)
def carried(weights: Layers, slopes: Layers, a_top: Array) -> Layers:
    change = _down(weights, slopes, a_top)[:1]
    for W, slope in zip(weights[1:], slopes[:-1], strict=True):
        change.append(W @ (slope * change[-1]))
    return change


@down_and_up.wrong(
    "on the way down the slopes are those of the layer that the wave leaves. a_{l-1} "
    "needs those of the layer where it arrives, l-1."
)
def slopes_of_the_layer_left(weights: Layers, slopes: Layers, a_top: Array) -> Layers:
    a = [a_top]
    for W, slope in zip(weights[:0:-1], slopes[:0:-1], strict=True):
        a.insert(0, W.T @ (slope * a[0]))
    return _up(weights, slopes, a)


@down_and_up.wrong(
    "each layer passes up its own drive only. Pass on the *whole* change below: it "
    "contains what came from further down."
)
def own_only(weights: Layers, slopes: Layers, a_top: Array) -> Layers:
    a = _down(weights, slopes, a_top)
    steps = zip(weights[1:], slopes[:-1], a[1:], a[:-1], strict=True)
    return [a[0], *(here + W @ (slope * below) for W, slope, here, below in steps)]


down_and_up.wrong(
    "a_top *is* the apical drive of the output layer: do not multiply it by a slope again."
)(lambda weights, slopes, a_top: down_and_up(weights, slopes, slopes[-1] * a_top))

down_and_up.wrong("these are the changes of the rates. Those of the voltages are asked for.")(
    lambda weights, slopes, a_top: [
        s * c for s, c in zip(slopes, down_and_up(weights, slopes, a_top), strict=True)
    ]
)

down_and_up.wrong("on the way down you divide by the slopes: multiply by them.")(
    lambda weights, slopes, a_top: _up(
        weights, slopes, _down(weights, [1 / slope for slope in slopes], a_top)
    )
)

down_and_up.wrong("on the way up you divide by the slopes: multiply by them.")(
    lambda weights, slopes, a_top: _up(
        weights, [1 / slope for slope in slopes], _down(weights, slopes, a_top)
    )
)

down_and_up.wrong("on the way up what comes from below is subtracted: the two add up.")(
    lambda weights, slopes, a_top: _up([-W for W in weights], slopes, _down(weights, slopes, a_top))
)

down_and_up.wrong(
    "on the way down the push does not arrive: the slopes of layer l-1 multiply W_l transposed "
    "times a_l, and nothing else."
)(lambda weights, slopes, a_top: _up(weights, slopes, [*slopes[:-1], a_top]))

down_and_up.wrong("on the way down you divide the slopes by what arrives: multiply the two.")(
    lambda weights, slopes, a_top: _up(weights, slopes, _upside_down(weights, slopes, a_top))
)

down_and_up.wrong(
    "on the way up W multiplies the slopes alone. It hands up slopes times the *change* below."
)(
    lambda weights, slopes, a_top: _rise(
        weights, _down(weights, slopes, a_top), lambda l, below: slopes[l]
    )
)

down_and_up.wrong("on the way up W multiplies slopes over changes: multiply the two.")(
    lambda weights, slopes, a_top: _rise(
        weights, _down(weights, slopes, a_top), lambda l, below: slopes[l] / below
    )
)

down_and_up.wrong(
    "on the way up the slopes are those of the layer where the push arrives. It passes through phi "
    "of the layer *below* before it reaches W_l."
)(lambda weights, slopes, a_top: _late_slopes(weights, slopes, _down(weights, slopes, a_top)))

down_and_up.wrong("the order is the wrong way round: layer 1 first.")(
    lambda weights, slopes, a_top: down_and_up(weights, slopes, a_top)[::-1]
)

down_and_up.wrong("the sign is the wrong way round: the voltages move where the drive pushes.")(
    lambda weights, slopes, a_top: [-c for c in down_and_up(weights, slopes, a_top)]
)

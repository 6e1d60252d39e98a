"""Exercise 06.2: the least effort by going down H."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray
Layers = list[Array]


def cases(seed: int) -> tuple[Layers, Layers, Layers, Array, Array, float, int]:
    """A network of 2 to 4 layers, one input, hidden voltages to begin with, and a few steps."""
    rng = np.random.default_rng([62, seed])
    sizes = rng.integers(2, 6, size=rng.integers(3, 6))
    if seed % 2:
        sizes[rng.integers(len(sizes))] = 1
    weights = [
        rng.normal(size=(n, m)) / np.sqrt(m) for n, m in zip(sizes[1:], sizes[:-1], strict=True)
    ]
    biases = [rng.normal(0, 0.5, n) for n in sizes[1:]]
    v = [rng.normal(size=n) for n in sizes[1:-1]]
    x, target = rng.normal(size=sizes[0]), rng.normal(size=sizes[-1])
    return v, weights, biases, x, target, float(rng.uniform(0.05, 0.2)), int(rng.integers(2, 6))


def pushes_of(v: Layers, weights: Layers, biases: Layers, x: Array, target: Array) -> Layers:
    """a_l = v_l - W_l r_{l-1} - beta_l for l = 1..L, with the output held on its target."""
    ends, rates = [*v, target], [x, *(np.tanh(v_l) for v_l in v)]
    rows = zip(ends, weights, rates, biases, strict=True)
    return [v_l - W @ r - beta for v_l, W, r, beta in rows]


@exercise(
    "06.2",
    "the least effort by going down H",
    cases=cases,
    hints=(
        "One step: work out all pushes a_l = v_l - W_l r_{l-1} - beta_l, with v_L = target. Then "
        "move every hidden voltage against the slope of H, which is what step T4.1 gave.",
        "The pushes are needed once in each step and once more after the last one: write a small "
        "function inside of yours. All slopes of a step belong to the same voltages.",
        "In a step: v[l] = v[l] - rate * (a[l] - (1 - np.tanh(v[l])**2) * (weights[l+1].T @ "
        "a[l+1])) for each l in range(len(v)). Do not write into the arrays that you were given.",
    ),
)
def descend(
    v: Layers, weights: Layers, biases: Layers, x: Array, target: Array, rate: float, steps: int
) -> Layers:
    """The pushes a_1..a_L after ``steps`` steps v_l -= rate dH/dv_l of all hidden layers."""
    v = list(v)
    for _ in range(steps):
        a = pushes_of(v, weights, biases, x, target)
        for l in range(len(v)):
            slope = 1 - np.tanh(v[l]) ** 2
            v[l] = v[l] - rate * (a[l] - slope * (weights[l + 1].T @ a[l + 1]))
    return pushes_of(v, weights, biases, x, target)


Gradient = Callable[[Array, Array, Array, Array, Array], Array]
Move = Callable[[Array, float, Array], Array]
Pushes = Callable[..., Layers]


def _slope_of_H(W: Array, v: Array, a: Array, above: Array, slope_above: Array) -> Array:
    """dH/dv of a layer with voltages v and pushes a; W, above, slope_above: of the layer above."""
    return a - (1 - np.tanh(v) ** 2) * (W.T @ above)


def _down(v: Array, rate: float, g: Array) -> Array:
    return v - rate * g


def _way(
    gradient: Gradient = _slope_of_H,
    pushes: Pushes = pushes_of,
    move: Move = _down,
    further: int = 0,
    end: Pushes | None = None,
) -> Answer:
    """A descent with another gradient, other pushes, another move in a step, or more steps; end:
    what is returned, made from the voltages, the pushes and the target."""

    def answer(*case: Any) -> Layers:
        v, weights, biases, x, target, rate, steps = case
        for _ in range(steps + further):
            a = pushes(v, weights, biases, x, target)
            slopes = [*(1 - np.tanh(v_l) ** 2 for v_l in v[1:]), np.ones(len(target))]
            v = [
                move(v_l, rate, gradient(weights[l + 1], v_l, a[l], a[l + 1], slopes[l]))
                for l, v_l in enumerate(v)
            ]
        a = pushes(v, weights, biases, x, target)
        return a if end is None else end(v, a, target)

    return answer


descend.right(_way())


@descend.right
def all_in_the_loop(
    v: Layers, weights: Layers, biases: Layers, x: Array, target: Array, rate: float, steps: int
) -> Layers:
    """The pushes are made in the loop, which goes round once more for those at the end."""
    hidden = [np.array(v_l, float) for v_l in v]
    for step in range(steps + 1):
        r = [np.tanh(v_l) for v_l in hidden]
        a, below = [], x
        for v_l, W, beta, r_l in zip([*hidden, target], weights, biases, [*r, target], strict=True):
            a.append(v_l - (W @ below + beta))
            below = r_l
        if step == steps:
            break
        for l, r_l in enumerate(r):
            hidden[l] = hidden[l] + rate * ((1 - r_l * r_l) * (a[l + 1] @ weights[l + 1]) - a[l])
    return a


# ---------------------------------------------------------------------- what is returned, and when

descend.wrong("these are the voltages. The pushes a_l = v_l - b_l are asked for.")(
    _way(end=lambda v, a, target: [*v, target])
)

descend.wrong("these are the pushes before the last step. Work them out once more after it.")(
    _way(further=-1)
)

descend.wrong("this goes one step too far.")(_way(further=1))

descend.wrong("this ends after the first step. Is the return inside of the loop?")(
    lambda *case: descend(*case[:-1], 1)
)

descend.wrong("these are the pushes at the start: the voltages have not moved.")(
    lambda *case: descend(*case[:-1], 0)
)

descend.wrong("the sign of all pushes is the wrong way round: a_l = v_l - b_l.")(
    _way(end=lambda v, a, target: [-a_l for a_l in a])
)


@descend.wrong("`steps` is given: let the loop run over range(steps), not over a number of yours.")
def own_number(*case: Any) -> Layers:
    return descend(*case[:-1], 20)


# ---------------------------------------------------------------------- the move

descend.wrong("this goes *up* H: voltages move against the slope.")(
    _way(move=lambda v, rate, g: v + rate * g)
)

descend.wrong("the factor `rate` is missing.")(_way(move=lambda v, rate, g: v - g))

descend.wrong("this divides by `rate` or by the slope of H. The move is rate times the slope.")(
    _way(move=lambda v, rate, g: v - g / rate)
)

descend.wrong("this divides by `rate` or by the slope of H. The move is rate times the slope.")(
    _way(move=lambda v, rate, g: v - rate / g)
)

descend.wrong("every voltage moves by `rate` alone. It moves by rate times the slope of H.")(
    _way(move=lambda v, rate, g: v - rate)
)

descend.wrong("the voltages are replaced by their change. It is to be added to them.")(
    _way(move=lambda v, rate, g: -rate * g)
)

descend.wrong("the voltage and its change are the wrong way round in the difference.")(
    _way(move=lambda v, rate, g: rate * g - v)
)

# ---------------------------------------------------------------------- the slope of H

descend.wrong("the slopes phi' are missing: what the layer above reads are rates.")(
    _way(lambda W, v, a, above, slope: a - W.T @ above)
)

descend.wrong(
    "the slopes are those of the layer above. What v_l does to H goes through phi of its own layer."
)(_way(lambda W, v, a, above, slope: a - W.T @ (slope * above)))

descend.wrong(
    "the sign of what the layer above asks for is the wrong way round: a_{l+1} = v_{l+1} - "
    "W_{l+1} r_l - beta_{l+1} has a minus before r_l."
)(_way(lambda W, v, a, above, slope: a + (1 - np.tanh(v) ** 2) * (W.T @ above)))

descend.wrong("nothing comes from the layer above: raising v_l also saves it a push.")(
    _way(lambda W, v, a, above, slope: a)
)

descend.wrong("the layer's own push is missing from the slope of H.")(
    _way(lambda W, v, a, above, slope: -(1 - np.tanh(v) ** 2) * (W.T @ above))
)

descend.wrong("the layer's own push and what the layer above asks for are to be subtracted.")(
    _way(lambda W, v, a, above, slope: (1 - np.tanh(v) ** 2) * (W.T @ above))
)

for phi_slope in (
    lambda v: 1 - np.tanh(v),
    lambda v: 1 + np.tanh(v) ** 2,
    lambda v: -(np.tanh(v) ** 2),
    lambda v: 2 - np.tanh(v) ** 2,
    lambda v: 1 - np.tanh(np.tanh(v)) ** 2,
    lambda v: np.tanh(v) ** 2,
    lambda v: 1 - np.tanh(v) ** 3,
    lambda v: 1 - 2 ** np.tanh(v),
    lambda v: 1 - v**2,
    lambda v: np.tanh(v),
):
    descend.wrong("the slope of tanh is off: it is 1 - tanh(v)**2.")(
        _way(lambda W, v, a, above, _, slope=phi_slope: a - slope(v) * (W.T @ above))  # type: ignore[misc]
    )

for joined in (
    lambda slope, asked: slope / asked,
    lambda slope, asked: slope,
    lambda slope, asked: slope + asked,
):
    descend.wrong("the slopes multiply what the layer above asks for, W transposed times a.")(
        _way(lambda W, v, a, above, _, join=joined: a - join(1 - np.tanh(v) ** 2, W.T @ above))  # type: ignore[misc]
    )

# ---------------------------------------------------------------------- the pushes

descend.wrong("the biases are missing from the pushes.")(
    _way(pushes=lambda v, W, biases, *ends: pushes_of(v, W, [0 * b for b in biases], *ends))
)

descend.wrong("the sign of the biases is the wrong way round in the pushes: minus.")(
    _way(pushes=lambda v, W, biases, *ends: pushes_of(v, W, [-b for b in biases], *ends))
)

descend.wrong("the sign of W_l r_{l-1} is the wrong way round in the pushes: minus.")(
    _way(pushes=lambda v, weights, *rest: pushes_of(v, [-W for W in weights], *rest))
)

descend.wrong("the sign of the pushes is off: a_l = v_l - (W_l r_{l-1} + beta_l).")(
    _way(
        pushes=lambda v, weights, biases, x, target: [
            -v_l + W @ r - beta
            for v_l, W, r, beta in zip(
                [*v, target], weights, [x, *map(np.tanh, v)], biases, strict=True
            )
        ]
    )
)

descend.wrong("W_l multiplies the *rates* tanh(v) of the layer below, not its voltages.")(
    _way(
        pushes=lambda v, weights, biases, x, target: [
            v_l - W @ r - beta
            for v_l, W, r, beta in zip([*v, target], weights, [x, *v], biases, strict=True)
        ]
    )
)

descend.wrong("x is a rate already: no tanh of it.")(
    lambda v, weights, biases, x, *rest: descend(v, weights, biases, np.tanh(x), *rest)
)

descend.wrong("the output is linear: its voltage is the target, not tanh(target).")(
    lambda v, weights, biases, x, target, *rest: descend(
        v, weights, biases, x, np.tanh(target), *rest
    )
)


@descend.wrong(
    "the pushes are worked out once and never again. In each step they belong to the new voltages."
)
def old_pushes(*case: Any) -> Layers:
    first = pushes_of(*case[:-2])
    steps = _way(pushes=lambda *now: first, end=lambda v, a, target: v)(*case)
    return pushes_of(steps, *case[1:-2])


# ---------------------------------------------------------------------- which layers move, and when


def _in_turn(order: Callable[[range], Any]) -> Answer:
    """Each layer reads the voltages that this very step has moved."""

    def answer(*case: Any) -> Layers:
        v, weights, biases, x, target, rate, steps = case
        v = list(v)
        for _ in range(steps):
            for l in order(range(len(v))):
                a = pushes_of(v, weights, biases, x, target)
                v[l] = v[l] - rate * _slope_of_H(weights[l + 1], v[l], a[l], a[l + 1], a[l])
        return pushes_of(v, weights, biases, x, target)

    return answer


for order in (list, reversed):
    descend.wrong(
        "one layer after the other: a layer reads voltages that this very step has moved. All "
        "layers move at once."
    )(_in_turn(order))


def _held(layer: int) -> Answer:
    """One hidden layer stays where it was."""

    def answer(*case: Any) -> Layers:
        v, weights, biases, x, target, rate, steps = case
        v = list(v)
        for _ in range(steps):
            a = pushes_of(v, weights, biases, x, target)
            for l in range(len(v)):
                if l != layer % len(v):
                    v[l] = v[l] - rate * _slope_of_H(weights[l + 1], v[l], a[l], a[l + 1], a[l])
        return pushes_of(v, weights, biases, x, target)

    return answer


descend.wrong("the first hidden layer does not move. All hidden layers do.")(_held(0))

descend.wrong("the last hidden layer does not move. All hidden layers do.")(_held(-1))

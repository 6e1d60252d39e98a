"""Exercise 09.2: one step down the energy, with a nudge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....teaching.exercises import Answer, exercise
from .states import Layers, some_network, some_state

Array = np.ndarray
Case = tuple[Layers, Layers, Layers, Layers, Layers, Array, float, float]


def cases(seed: int) -> Case:
    """A network of 2 to 4 layers, 1 to 4 states off rest, an error, a nudge and a step."""
    rng = np.random.default_rng([92, seed])
    (x,), weights, biases = some_network(
        rng, 1 if seed % 4 == 2 else 2 * int(rng.integers(1, 3)), seed % 4 == 3
    )
    v, slope, r = some_state(rng, x, biases)
    e = rng.normal(size=r[-1].shape)
    return (
        v,
        r,
        slope,
        weights,
        biases,
        e,
        float(rng.uniform(0.2, 0.8)),
        float(rng.uniform(0.1, 0.6)),
    )


@exercise(
    "09.2",
    "a step down the energy, with a nudge",
    cases=cases,
    hints=(
        "A layer gets W_l r_{l-1} + beta_l from below and W_{l+1}^T r_{l+1} from above. The output "
        "layer has nothing above it, and gets nudge * e in its place.",
        "Of a batch: from below r[l] @ weights[l].T + biases[l], from above r[l + 2] @ "
        "weights[l + 1]. Their sum times slope[l], minus v[l], is where the layer goes.",
        "new = v[l] + h * (slope[l] * (below + above) - v[l]), where above is nudge * e for the "
        "last l. Collect them in a new list, so that all layers see the same state.",
    ),
)
def relaxation_step(
    v: Layers,
    r: Layers,
    slope: Layers,
    weights: Layers,
    biases: Layers,
    e: Array,
    nudge: float,
    h: float,
) -> Layers:
    """Voltages v_1..v_L one step of h = dt / tau later. v, slope: of layers 1..L, r: 0..L."""
    new = []
    for l in range(len(v)):
        below = r[l] @ weights[l].T + biases[l]
        above = r[l + 2] @ weights[l + 1] if l + 1 < len(v) else nudge * e
        new.append(v[l] + h * (slope[l] * (below + above) - v[l]))
    return new


Move = Callable[[Array, Array, Array, Array, float], Array]  # of v, slope, below, above, h


def _down(v: Array, slope: Array, below: Array, above: Array, h: float) -> Array:
    return v + h * (slope * (below + above) - v)


def _way(
    move: Move = _down,
    top: Callable[[Array, float], Array] = lambda e, nudge: nudge * e,
    use_biases: bool = True,
    above_from: Callable[[Layers, Layers, int], Array] = lambda r, weights, l: (
        r[l + 2] @ weights[l + 1]
    ),
) -> Answer:
    """Answers with another move, another nudge, without biases, or with another way down."""

    def answer(*case: Any) -> Layers:
        v, r, slope, weights, biases, e, nudge, h = case
        new = []
        for l in range(len(v)):
            below = r[l] @ weights[l].T + (biases[l] if use_biases else 0)
            above = above_from(r, weights, l) if l + 1 < len(v) else top(e, nudge)
            new.append(move(v[l], slope[l], below, above, h))
        return new

    return answer


@relaxation_step.right
def mixed(
    v: Layers,
    r: Layers,
    slope: Layers,
    weights: Layers,
    biases: Layers,
    e: Array,
    nudge: float,
    h: float,
) -> Layers:
    """As the engine has it: what is kept of the voltage, and what comes in."""
    push = [r[l + 2] @ weights[l + 1] for l in range(len(v) - 1)] + [nudge * e]
    for l, W in enumerate(weights):
        push[l] = push[l] + (W @ r[l].T).T + biases[l]
    return [(1 - h) * a + h * D * p for a, D, p in zip(v, slope, push, strict=True)]


@relaxation_step.right
def input_by_input(*case: Any) -> Layers:
    """With D_l as a matrix, and column vectors."""
    v, r, slope, weights, biases, e, nudge, h = case
    new = [np.array(v_l) for v_l in v]
    for b in range(len(e)):
        for l in range(len(v)):
            push = weights[l] @ r[l][b] + biases[l]
            push = push + (weights[l + 1].T @ r[l + 2][b] if l < len(v) - 1 else nudge * e[b])
            new[l][b] -= h * (v[l][b] - np.diag(slope[l][b]) @ push)
    return new


relaxation_step.wrong(
    "the hidden layers get nothing from above. There is no teacher for them, but the layer above "
    "speaks all the time: W_{l+1}^T r_{l+1}."
)(_way(above_from=lambda r, weights, l: np.zeros_like(r[l + 1])))

relaxation_step.wrong(
    "the nudge multiplies what comes from above in all layers. It belongs to the error at the "
    "output alone; the other layers hear the layer above at full strength."
)(
    lambda v, r, slope, weights, biases, e, nudge, h: _way(
        above_from=lambda r, weights, l: nudge * (r[l + 2] @ weights[l + 1])
    )(v, r, slope, weights, biases, e, nudge, h)
)

relaxation_step.wrong(
    "at the output the slopes are missing at the error: D_L multiplies all that comes in, "
    "nudge * e as well."
)(
    lambda v, r, slope, weights, biases, e, nudge, h: [
        *relaxation_step(v, r, slope, weights, biases, e, nudge, h)[:-1],
        relaxation_step(v, r, slope, weights, biases, 0 * e, nudge, h)[-1] + h * nudge * e,
    ]
)

relaxation_step.wrong(
    "the layers go up the energy: from the voltage *towards* what comes in. Look at the sign of h."
)(_way(lambda v, slope, below, above, h: v - h * (slope * (below + above) - v)))

relaxation_step.wrong("the leak -v_l is missing: nothing pulls a voltage back to 0.")(
    _way(lambda v, slope, below, above, h: v + h * slope * (below + above))
)

relaxation_step.wrong("the leak has the wrong sign: it is -v_l, which pulls a voltage back to 0.")(
    _way(lambda v, slope, below, above, h: v + h * (slope * (below + above) + v))
)

relaxation_step.wrong(
    "the slopes multiply the leak as well. D_l belongs to what comes from below and above alone."
)(_way(lambda v, slope, below, above, h: v + h * slope * (below + above - v)))

relaxation_step.wrong("the slopes are missing: what comes in is multiplied by D_l.")(
    _way(lambda v, slope, below, above, h: v + h * (below + above - v))
)

relaxation_step.wrong(
    "the slopes multiply what comes from above alone. In an energy, they multiply what comes from "
    "below as well."
)(_way(lambda v, slope, below, above, h: v + h * (below + slope * above - v)))

relaxation_step.wrong(
    "the slopes multiply what comes from below alone. They multiply what comes from above as well."
)(_way(lambda v, slope, below, above, h: v + h * (slope * below + above - v)))

relaxation_step.wrong("what comes from above is missing, and the nudge with it.")(
    _way(lambda v, slope, below, above, h: v + h * (slope * below - v))
)

relaxation_step.wrong("what comes from below is missing.")(
    _way(lambda v, slope, below, above, h: v + h * (slope * above - v))
)

relaxation_step.wrong("these are the changes of the voltages. Add the old voltages.")(
    _way(lambda v, slope, below, above, h: h * (slope * (below + above) - v))
)

relaxation_step.wrong("the step h is missing: a voltage goes only the part h of the way.")(
    _way(lambda v, slope, below, above, h: slope * (below + above))
)

relaxation_step.wrong("the step h belongs to the leak as well, not only to what comes in.")(
    _way(lambda v, slope, below, above, h: v + h * slope * (below + above) - v)
)

relaxation_step.wrong("the step h belongs to what comes in as well, not only to the leak.")(
    _way(lambda v, slope, below, above, h: v + slope * (below + above) - h * v)
)

relaxation_step.wrong("the nudge is missing at the output: it is nudge * e.")(
    _way(top=lambda e, nudge: 0 * e)
)

relaxation_step.wrong("the error comes in at full strength. It is multiplied by the nudge.")(
    _way(top=lambda e, nudge: e)
)

relaxation_step.wrong(
    "the nudge has the wrong sign. The error is target minus output, so nudge * e pushes the "
    "output towards its target."
)(_way(top=lambda e, nudge: -nudge * e))

relaxation_step.wrong("the error is divided by the nudge. It is multiplied by it.")(
    _way(top=lambda e, nudge: e / nudge)
)

relaxation_step.wrong("the biases are missing: from below comes W_l r_{l-1} + beta_l.")(
    _way(use_biases=False)
)

relaxation_step.wrong(
    "of what comes from below only the biases are left: add r[l] @ weights[l].T."
)(
    lambda v, r, slope, weights, biases, e, nudge, h: [
        new - h * D * (below @ W.T)
        for new, D, below, W in zip(
            relaxation_step(v, r, slope, weights, biases, e, nudge, h),
            slope,
            r[:-1],
            weights,
            strict=True,
        )
    ]
)

relaxation_step.wrong("what comes from above is taken away. It is added to what comes from below.")(
    _way(lambda v, slope, below, above, h: v + h * (slope * (below - above) - v))
)

relaxation_step.wrong("h is divided by the slope of the energy. It is multiplied by it.")(
    _way(lambda v, slope, below, above, h: v + h / (slope * (below + above) - v))
)

relaxation_step.wrong(
    "the slopes are divided by what comes in. What comes in is multiplied by them."
)(_way(lambda v, slope, below, above, h: v + h * (slope / (below + above) - v)))

relaxation_step.wrong(
    "what comes from above are voltages. Neurons speak to each other by their rates, r[l + 2]."
)(
    lambda v, r, slope, weights, biases, e, nudge, h: [
        new + (h * D * ((v[l + 1] - r[l + 2]) @ weights[l + 1]) if l + 1 < len(v) else 0)
        for l, (new, D) in enumerate(
            zip(relaxation_step(v, r, slope, weights, biases, e, nudge, h), slope, strict=True)
        )
    ]
)

relaxation_step.wrong("every layer gets the nudge. The error reaches the output layer alone.")(
    lambda v, r, slope, weights, biases, e, nudge, h: [
        new + (h * D * nudge * e.mean(axis=1, keepdims=True) if l + 1 < len(v) else 0)
        for l, (new, D) in enumerate(
            zip(relaxation_step(v, r, slope, weights, biases, e, nudge, h), slope, strict=True)
        )
    ]
)

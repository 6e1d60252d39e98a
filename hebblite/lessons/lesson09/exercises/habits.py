"""Mistakes of exercise 09.2 that are habits from elsewhere: a feedforward pass, errors that come
down as in backprop or Predictive Coding, layers that are counted from another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....teaching.exercises import Answer
from .states import Layers
from .step import _down, _way, relaxation_step

Array = np.ndarray


def _hidden(above: Callable[[Any, int], Any]) -> Answer:
    """Answers with something else that reaches the hidden layers from above, made of the case."""

    def answer(*case: Any) -> Layers:
        v, r, slope, weights, biases, e, nudge, h = case
        new = []
        for l in range(len(v)):
            below = r[l] @ weights[l].T + biases[l]
            push = nudge * e if l + 1 == len(v) else above(case, l)
            new.append(_down(v[l], slope[l], below, push, h))
        return new

    return answer


@relaxation_step.wrong(
    "the layers are updated one after the other: a layer sees the *new* rates of the one below. "
    "Write into a new list, so that all layers see the same old state."
)
def one_after_the_other_with_tanh(*case: Any) -> Layers:
    v, r, slope, weights, biases, e, nudge, h = case
    new, rates = [], list(r)
    for l in range(len(v)):
        below = rates[l] @ weights[l].T + biases[l]
        above = nudge * e if l + 1 == len(v) else rates[l + 2] @ weights[l + 1]
        new.append(_down(v[l], slope[l], below, above, h))
        rates[l + 1] = np.tanh(new[l])
    return new


relaxation_step.wrong(
    "prediction errors come down, as in Predictive Coding. Here the *rates* of the layer above do, "
    "r[l + 2] @ weights[l + 1]."
)(
    _hidden(
        lambda case, l: (
            (case[0][l + 1] - case[1][l + 1] @ case[3][l + 1].T - case[4][l + 1]) @ case[3][l + 1]
        )
    )
)

relaxation_step.wrong(
    "prediction errors come down, as in Predictive Coding. Here the *rates* of the layer above do, "
    "r[l + 2] @ weights[l + 1]."
)(
    _hidden(
        lambda case, l: (
            (case[1][l + 2] - case[1][l + 1] @ case[3][l + 1].T - case[4][l + 1]) @ case[3][l + 1]
        )
    )
)

relaxation_step.wrong(
    "what comes from above is taken away from the hidden layers. It is added to what comes from "
    "below: what agrees with the layer above lowers the energy."
)(_hidden(lambda case, l: -case[1][l + 2] @ case[3][l + 1]))

relaxation_step.wrong(
    "the nudge multiplies all that comes in. It multiplies the error e of the output alone."
)(
    lambda v, r, slope, weights, biases, e, nudge, h: _way(
        lambda v, slope, below, above, h: v + h * (slope * nudge * (below + above) - v),
        top=lambda e, nudge: e,
    )(v, r, slope, weights, biases, e, nudge, h)
)

relaxation_step.wrong(
    "the error is sent down as in backprop. Here no error is: what comes down to a hidden layer "
    "are the rates above it, r[l + 2] @ weights[l + 1]."
)(_hidden(lambda case, l: case[6] * (case[5] @ case[3][l + 1]) if l + 2 == len(case[0]) else 0.0))

relaxation_step.wrong(
    "the output layer hears nothing from below: nudge * e is added to that, and does not take its "
    "place."
)(
    lambda v, r, slope, weights, biases, e, nudge, h: [
        *relaxation_step(v, r, slope, weights, biases, e, nudge, h)[:-1],
        v[-1] + h * (slope[-1] * nudge * e - v[-1]),
    ]
)

relaxation_step.wrong("the nudge and the error are added. The error is multiplied by the nudge.")(
    _way(top=lambda e, nudge: nudge + e)
)

relaxation_step.wrong(
    "the step h comes in twice at the nudge: it multiplies the whole move, once."
)(
    lambda v, r, slope, weights, biases, e, nudge, h: relaxation_step(
        v, r, slope, weights, biases, e, nudge * h, h
    )
)

relaxation_step.wrong("the leak is a voltage, -v_l, and not a rate.")(
    lambda v, r, slope, weights, biases, e, nudge, h: [
        new + h * (v_l - r_l)
        for new, v_l, r_l in zip(
            relaxation_step(v, r, slope, weights, biases, e, nudge, h), v, r[1:], strict=True
        )
    ]
)

relaxation_step.wrong("only the output layer moves. All layers take their step at the same time.")(
    lambda v, *rest: [*v[:-1], relaxation_step(v, *rest)[-1]]
)

relaxation_step.wrong("the output layer does not move: it is nudged, and not held.")(
    lambda v, *rest: [*relaxation_step(v, *rest)[:-1], v[-1]]
)

relaxation_step.wrong(
    "what comes from above is multiplied by the slopes of the layer *above*. Those of this layer, "
    "slope[l], multiply all that comes in."
)(
    lambda v, r, slope, weights, biases, e, nudge, h: [
        new
        + (
            h * (slope[l + 1] * r[l + 2]) @ weights[l + 1]
            - h * slope[l] * (r[l + 2] @ weights[l + 1])
            if l + 1 < len(v)
            else 0
        )
        for l, new in enumerate(relaxation_step(v, r, slope, weights, biases, e, nudge, h))
    ]
)

relaxation_step.wrong(
    "what comes from above goes through the transpose of what it needs: the weights that lead up "
    "are (n_above, n), and for rows r[l + 2] @ weights[l + 1] is W transposed times r already."
)(_hidden(lambda case, l: case[1][l + 2] @ case[3][l + 1].T))

relaxation_step.wrong(
    "the rates of the layer itself come from above here. `r[0]` is the input, so that the layer of "
    "`v[l]` has the rates r[l + 1], and the one above it r[l + 2]."
)(_hidden(lambda case, l: case[1][l + 1] @ case[3][l + 1]))

relaxation_step.wrong(
    "from above comes something through the weights that lead to *this* layer, weights[l]. Those "
    "to the layer above are weights[l + 1]."
)(_hidden(lambda case, l: case[1][l + 2] @ case[3][l]))


def _shifted(by: int) -> Answer:
    """The right step, but what comes from below is taken from another layer."""

    def answer(*case: Any) -> Layers:
        v, r, slope, weights, biases, e, nudge, h = case
        new = []
        for l in range(len(v)):
            below = r[l + by] @ weights[l].T + biases[l]
            above = nudge * e if l + 1 == len(v) else r[l + 2] @ weights[l + 1]
            new.append(_down(v[l], slope[l], below, above, h))
        return new

    return answer


for by in (1, -1):
    relaxation_step.wrong(
        "the lists begin at different layers: `v[0]` is layer 1, and `r[0]` is the input. So what "
        "comes from below to the layer of `v[l]` is r[l] @ weights[l].T + biases[l]."
    )(_shifted(by))

relaxation_step.wrong(
    "for a batch, whose inputs are rows, what comes from below is r[l] @ weights[l].T."
)(
    lambda v, r, slope, weights, biases, e, nudge, h: [
        new + h * D * (below @ W - below @ W.T)
        for new, D, below, W in zip(
            relaxation_step(v, r, slope, weights, biases, e, nudge, h),
            slope,
            r[:-1],
            weights,
            strict=True,
        )
    ]
)

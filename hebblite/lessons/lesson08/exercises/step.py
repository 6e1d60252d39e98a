"""Exercise 08.2: one step of inference of a hidden layer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Array, Array, Array, Array, float]:
    """Voltages and errors of a layer, the errors above, the weights between, and a step."""
    rng = np.random.default_rng([82, seed])
    batch, n, above = (int(k) for k in 2 + 2 * rng.permutation(3))  # none differs by one
    if seed % 2:
        batch, n, above = [(1, n, above), (batch, 1, above), (batch, n, 1)][seed // 2 % 3]
    v, eps = rng.normal(size=(2, batch, n))
    return (
        v,
        eps,
        rng.normal(size=(batch, above)),
        rng.normal(size=(above, n)),
        rng.uniform(0.05, 0.3),
    )


@exercise(
    "08.2",
    "one step of inference of a hidden layer",
    cases=cases,
    hints=(
        "Step T7.1 is the slope of F by one voltage vector. A step goes against it: the new "
        "voltages are v - h * slope.",
        "For a batch each row is an input. W transposed times a column is, for rows, eps_above @ "
        "W_above, without a transpose.",
        "return v - h * (eps - (1 - np.tanh(v)**2) * (eps_above @ W_above)). Do not write into "
        "the arrays that you were given.",
    ),
)
def inference_step(v: Array, eps: Array, eps_above: Array, W_above: Array, h: float) -> Array:
    """v_l - h dF/dv_l, (B, n_l), for tanh: dF/dv_l = eps_l - phi'(v_l) (eps_{l+1} W_{l+1})."""
    return v - h * (eps - (1 - np.tanh(v) ** 2) * (eps_above @ W_above))


Slope = Callable[[Array], Array]
Arrives = Callable[[Array, Array], Array]
Joined = Callable[[Array, Array, Array], Array]
Move = Callable[[Array, float, Array], Array]


def _slope(v: Array) -> Array:
    return 1 - np.tanh(v) ** 2


def _arrives(eps_above: Array, W: Array) -> Array:
    return eps_above @ W


def _joined(eps: Array, slope: Array, arrives: Array) -> Array:
    return eps - slope * arrives


def _down(v: Array, h: float, g: Array) -> Array:
    return v - h * g


def _made(
    slope: Slope = _slope, arrives: Arrives = _arrives, join: Joined = _joined, move: Move = _down
) -> Answer:
    def answer(v: Array, eps: Array, eps_above: Array, W_above: Array, h: float) -> Array:
        return move(v, h, join(eps, slope(v), arrives(eps_above, W_above)))

    return answer


@inference_step.right
def as_dynamics(v: Array, eps: Array, eps_above: Array, W_above: Array, h: float) -> Array:
    """tau dv/dt = -eps_l + D_l W_{l+1}^T eps_{l+1}: h is dt / tau."""
    r = np.tanh(v)
    a = (W_above.T @ eps_above.T).T * (1 - r * r)
    return v + h * (a - eps)


@inference_step.right
def row_by_row(v: Array, eps: Array, eps_above: Array, W_above: Array, h: float) -> Array:
    """Each input for itself, as in step T7.1."""
    new = []
    for v_b, eps_b, above_b in zip(v, eps, eps_above, strict=True):
        D = 1 / np.cosh(v_b) ** 2
        new.append(v_b - h * (eps_b - D * (W_above.T @ above_b)))
    return np.array(new)


# ---------------------------------------------------------------------- the move

inference_step.wrong("this goes *up* the energy: go against the slope.")(
    _made(move=lambda v, h, g: v + h * g)
)

inference_step.wrong("this is the change alone. Return the new voltages.")(
    _made(move=lambda v, h, g: -h * g)
)

inference_step.wrong("this is the slope of F. Return the new voltages, v - h * slope.")(
    _made(move=lambda v, h, g: g)
)

inference_step.wrong("this is minus the slope of F. Return the new voltages, v - h * slope.")(
    _made(move=lambda v, h, g: -g)
)

inference_step.wrong("the factor `h` is missing.")(_made(move=lambda v, h, g: v - g))

inference_step.wrong("divided by `h`: multiply the slope by it.")(
    _made(move=lambda v, h, g: v - g / h)
)

inference_step.wrong("every voltage moves by `h` alone. It moves by h times the slope of F.")(
    _made(move=lambda v, h, g: v - h)
)

inference_step.wrong("h is divided by the slope of F. Multiply the two.")(
    _made(move=lambda v, h, g: v - h / g)
)

inference_step.wrong(
    "`h` multiplies the own error alone. It multiplies the whole slope of F: put that in brackets."
)(lambda v, eps, eps_above, W_above, h: v - h * eps - _slope(v) * (eps_above @ W_above))

inference_step.wrong(
    "`h` multiplies the own error alone. It multiplies the whole slope of F: put that in brackets."
)(lambda v, eps, eps_above, W_above, h: v - h * eps + _slope(v) * (eps_above @ W_above))

inference_step.wrong(
    "`h` multiplies what arrives from above alone. It multiplies the whole slope of F: put that in "
    "brackets."
)(lambda v, eps, eps_above, W_above, h: v - eps + h * _slope(v) * (eps_above @ W_above))

inference_step.wrong(
    "`h` multiplies what arrives from above alone. It multiplies the whole slope of F: put that in "
    "brackets."
)(lambda v, eps, eps_above, W_above, h: v - eps - h * _slope(v) * (eps_above @ W_above))

inference_step.wrong(
    "in `v - h * g` the places of `v` and `h` are exchanged: `h` multiplies the slope of F."
)(_made(move=lambda v, h, g: h - v * g))

inference_step.wrong("no mean over the batch: each input has voltages and errors of its own.")(
    _made(move=lambda v, h, g: v - h * g / len(v))
)

inference_step.wrong("the voltages do not move. Each is moved against the slope of F.")(
    _made(move=lambda v, h, g: np.array(v))
)

inference_step.wrong("the voltages and their change are the wrong way round in the difference.")(
    _made(move=lambda v, h, g: h * g - v)
)

inference_step.wrong("these are rates. Return voltages: no tanh of the result.")(
    _made(move=lambda v, h, g: np.tanh(v - h * g))
)

inference_step.wrong("the step is taken from the rates tanh(v). It is the voltages that move.")(
    _made(move=lambda v, h, g: np.tanh(v) - h * g)
)

inference_step.wrong("the voltages are multiplied by their change: subtract it.")(
    _made(move=lambda v, h, g: v * h * g)
)

inference_step.wrong("`h` multiplies all of it. Only the slope of F is multiplied.")(
    _made(move=lambda v, h, g: h * (v - g))
)

# ---------------------------------------------------------------------- the slope of the energy

inference_step.wrong("the slopes phi' are missing: the layer above reads rates.")(
    _made(slope=np.ones_like)
)

inference_step.wrong("the slopes phi' multiply what arrives from above alone, not the own error.")(
    _made(join=lambda eps, slope, arrives: slope * (eps - arrives))
)

inference_step.wrong(
    "the sign of what arrives from above is the wrong way round: raising r_l *lowers* eps_{l+1} = "
    "v_{l+1} - W_{l+1} r_l - beta_{l+1}."
)(_made(join=lambda eps, slope, arrives: eps + slope * arrives))

inference_step.wrong(
    "the slopes multiply the own error here, and not what arrives from above. It is the layer "
    "above that reads rates."
)(_made(join=lambda eps, slope, arrives: slope * eps - arrives))

inference_step.wrong(
    "the slopes multiply the errors *above* here. phi'(v_l) belongs to this layer: multiply what "
    "arrives, after W_above."
)(lambda v, eps, eps_above, W_above, h: v - h * (eps - (_slope(v) * eps_above) @ W_above))

inference_step.wrong(
    "the slopes are taken from the errors above. They are phi'(v_l) of this layer, and multiply "
    "what arrives, after W_above."
)(lambda v, eps, eps_above, W_above, h: v - h * (eps - (_slope(eps_above) * eps_above) @ W_above))

inference_step.wrong(
    "the slopes are taken where the layer is *predicted* to be, v - eps. Take them at its "
    "voltage, v."
)(lambda v, eps, eps_above, W_above, h: v - h * (eps - _slope(v - eps) * (eps_above @ W_above)))

inference_step.wrong(
    "the step begins where the layer is *predicted* to be, v - eps. It begins at its voltage, v."
)(lambda v, eps, eps_above, W_above, h: inference_step(v, eps, eps_above, W_above, h) - eps)

inference_step.wrong(
    "the voltage stands in the place of the error: nothing pulls a voltage to 0 here. The slope "
    "of F begins with eps."
)(lambda v, eps, eps_above, W_above, h: v - h * (v - _slope(v) * (eps_above @ W_above)))

inference_step.wrong(
    "the errors above are missing: what comes down is eps_above @ W_above, not the weights alone."
)(lambda v, eps, eps_above, W_above, h: v - h * (eps - _slope(v) * W_above.sum(axis=0)))

inference_step.wrong(
    "the errors above come down through the weights as they are: for rows, W transposed times eps "
    "is eps_above @ W_above, without a `.T`."
)(lambda v, eps, eps_above, W_above, h: v - h * (eps - _slope(v) * (eps_above @ W_above.T)))

inference_step.wrong(
    "this is the formula for one input. For a batch, whose inputs are rows, it is "
    "eps_above @ W_above."
)(lambda v, eps, eps_above, W_above, h: v - h * (eps - _slope(v) * (W_above.T @ eps_above)))

inference_step.wrong(
    "this is the formula for columns, and a batch has its inputs in rows: eps_above @ W_above."
)(lambda v, eps, eps_above, W_above, h: v - h * (eps - _slope(v) * (W_above.T @ eps_above.T)))

inference_step.wrong(
    "`@` of the slopes adds up over neurons. They multiply neuron by neuron, with `*`."
)(lambda v, eps, eps_above, W_above, h: v - h * (eps - _slope(v) @ (eps_above @ W_above)))

inference_step.wrong("nothing comes from the layer above: v_l also stands in eps_{l+1}.")(
    _made(join=lambda eps, slope, arrives: eps)
)

inference_step.wrong("the layer's own error is missing.")(
    _made(join=lambda eps, slope, arrives: -slope * arrives)
)

inference_step.wrong("the layer's own error is missing.")(
    _made(join=lambda eps, slope, arrives: slope * arrives)
)

inference_step.wrong("the slopes are taken from the own error. They multiply what arrives.")(
    _made(join=lambda eps, slope, arrives: eps - slope)
)

inference_step.wrong("the slopes are to multiply what arrives, neuron by neuron.")(
    _made(join=lambda eps, slope, arrives: eps - (slope + arrives))
)

inference_step.wrong("the slopes are to multiply what arrives, neuron by neuron.")(
    _made(join=lambda eps, slope, arrives: eps - slope / arrives)
)

inference_step.wrong("the slopes are to multiply what arrives, neuron by neuron.")(
    _made(join=lambda eps, slope, arrives: eps - arrives / slope)
)

inference_step.wrong("the own error is to be taken as it is, and not multiplied by what arrives.")(
    _made(join=lambda eps, slope, arrives: eps * slope * arrives)
)

inference_step.wrong("the own error is to be taken as it is, and not divided by what arrives.")(
    _made(join=lambda eps, slope, arrives: eps / (slope * arrives))
)

for wrong_slope in (
    lambda v: 1 - np.tanh(v),
    lambda v: 1 + np.tanh(v) ** 2,
    lambda v: -(np.tanh(v) ** 2),
    lambda v: 2 - np.tanh(v) ** 2,
    lambda v: np.tanh(v) ** 2,
    lambda v: 1 - np.tanh(v) ** 3,
    lambda v: 1 - np.tanh(v) * 2,
    lambda v: 1 - v**2,
    lambda v: 1 / np.cosh(v),
    lambda v: 1 - np.tanh(np.tanh(v)) ** 2,
    lambda v: np.tanh(v),
    lambda v: 1 - 2 ** np.tanh(v),
):
    inference_step.wrong("the slope of tanh is off: it is 1 - tanh(v)**2.")(
        _made(slope=wrong_slope)
    )

inference_step.wrong("this slope belongs to the layer's error: it is that of its voltage, v.")(
    lambda v, eps, eps_above, W_above, h: (
        v - h * (eps - (1 - np.tanh(eps) ** 2) * (eps_above @ W_above))
    )
)

inference_step.wrong(
    "the mean over the batch has no place here: each input has voltages and errors of its own."
)(
    lambda v, eps, eps_above, W_above, h: (
        v - h * (eps - _slope(v) * (eps_above @ W_above)).mean(axis=0)
    )
)

inference_step.wrong(
    "the sum over the batch has no place here: each input has voltages and errors of its own."
)(
    lambda v, eps, eps_above, W_above, h: (
        v - h * (eps - _slope(v) * (eps_above @ W_above)).sum(axis=0)
    )
)

inference_step.wrong("only the first input of the batch moves. Every row is to.")(
    lambda v, eps, eps_above, W_above, h: np.concatenate(
        [inference_step(v, eps, eps_above, W_above, h)[:1], v[1:]]
    )
)

"""Steps T4.1 to T4.4: where H is least, and how the least effort changes with the weights."""

from __future__ import annotations

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Exact, Gradient
from .theory import T4

Array = np.ndarray


@T4.step(
    "T4.1",
    "the slope of H by a hidden voltage",
    left="dH_dv",
    claim=Gradient(of="H_of_v", by="v"),
    uses=("smooth",),
    because="v_l stands in two pushes: in a_l, and through its rates in a_{l+1}",
    hints=(
        "H = 1/2 sum |a_l|^2. Which of the pushes change if only the voltages of this layer do?",
        "a = v - (drive from below), so the first part is a itself. a_above = v_above - W_above "
        "phi(v) - beta: apply the chain rule. The slopes D multiply neuron by neuron.",
        "a - D * (W_above.T @ a_above)",
    ),
)
def slope_by_voltage(a: Array, a_above: Array, D: Array, W_above: Array) -> Array:
    return a - D * (W_above.T @ a_above)


slope_by_voltage.right(lambda a, a_above, D, W_above: a - (W_above * D).T @ a_above)
slope_by_voltage.right(lambda a, a_above, D, W_above: a - np.diag(D) @ W_above.T @ a_above)
slope_by_voltage.right(lambda a, a_above, D, W_above: -D * (a_above @ W_above) + a)

slope_by_voltage.wrong(
    "the sign of the second part is the wrong way round: the rates of this layer stand in a_above "
    "with a minus. What this layer does, the layer above need not be pushed to do."
)(lambda a, a_above, D, W_above: a + D * (W_above.T @ a_above))

slope_by_voltage.wrong("this is minus the slope: the way down H. The slope itself is asked for.")(
    lambda a, a_above, D, W_above: D * (W_above.T @ a_above) - a
)

slope_by_voltage.wrong(
    "the slopes phi' are missing. The layer above reads rates, and a voltage changes its rate by "
    "the slope D."
)(lambda a, a_above, D, W_above: a - W_above.T @ a_above)

slope_by_voltage.wrong(
    "`D @ ...` adds up over the neurons: `D` is the *vector* of the slopes, the diagonal of D_l. "
    "Multiply neuron by neuron, with `*`."
)(lambda a, a_above, D, W_above: a - D @ (W_above.T @ a_above))

slope_by_voltage.wrong(
    "the slopes multiply the push before it has come down. D belongs to this layer: multiply what "
    "arrives here, after W_above.T."
)(lambda a, a_above, D, W_above: a - W_above.T @ (D * a_above))

slope_by_voltage.wrong(
    "only the layer's own push is there. Its voltages also stand in the push of the layer above."
)(lambda a, a_above, D, W_above: a)

slope_by_voltage.wrong(
    "only the push of the layer above is there. The voltages stand in the layer's own push too."
)(lambda a, a_above, D, W_above: -D * (W_above.T @ a_above))

slope_by_voltage.wrong(
    "the slopes multiply the layer's own push too. a = v - b holds the voltage itself, not a rate."
)(lambda a, a_above, D, W_above: D * (a - W_above.T @ a_above))

slope_by_voltage.wrong("the slopes come in once: one rate stands between v and a_above.")(
    lambda a, a_above, D, W_above: a - D**2 * (W_above.T @ a_above)
)

slope_by_voltage.wrong("the 2 of the square and the 1/2 of H cancel: no factor 2 is left.")(
    lambda a, a_above, D, W_above: 2 * (a - D * (W_above.T @ a_above))
)

slope_by_voltage.wrong(
    "the slopes multiply the push that comes from above: they do not divide it."
)(lambda a, a_above, D, W_above: a - (W_above.T @ a_above) / D)


@slope_by_voltage.term("the layer's own push")
def own_push(a: Array) -> Array:
    return a


@slope_by_voltage.term("what the push of the layer above contributes")
def from_above(a_above: Array, D: Array, W_above: Array) -> Array:
    return D * (W_above.T @ a_above)


@T4.step(
    "T4.2",
    "at the least effort, each push follows from the one above",
    left="a_star",
    claim=Exact(),
    uses=("least", "smooth"),
    needs=("T4.1",),
    because="at the least effort H has no slope, so that the two parts of T4.1 are equal",
    hints=(
        "Where H is least its slope is zero. Put step T4.1 equal to zero.",
        "Solve it for the push of this layer.",
        "D_star * (W_above.T @ a_star_above)",
    ),
)
def recursion(a_star_above: Array, D_star: Array, W_above: Array) -> Array:
    return D_star * (W_above.T @ a_star_above)


recursion.right(lambda a_star_above, D_star, W_above: (W_above * D_star).T @ a_star_above)
recursion.right(lambda a_star_above, D_star, W_above: a_star_above @ W_above @ np.diag(D_star))

recursion.wrong("the sign is the wrong way round: T4.1 has a minus, and it changes the side.")(
    lambda a_star_above, D_star, W_above: -D_star * (W_above.T @ a_star_above)
)

recursion.wrong("the slopes are missing: a neuron that is saturated is not worth pushing.")(
    lambda a_star_above, D_star, W_above: W_above.T @ a_star_above
)

recursion.wrong(
    "`D_star @ ...` adds up over the neurons: `D_star` is the *vector* of the slopes. Multiply "
    "neuron by neuron, with `*`."
)(lambda a_star_above, D_star, W_above: D_star @ (W_above.T @ a_star_above))

recursion.wrong(
    "the slopes multiply the push before it has come down. D_star belongs to this layer: multiply "
    "what arrives here, after W_above.T."
)(lambda a_star_above, D_star, W_above: W_above.T @ (D_star * a_star_above))

recursion.wrong("the slopes come in once, not squared.")(
    lambda a_star_above, D_star, W_above: D_star**2 * (W_above.T @ a_star_above)
)

recursion.wrong("the slopes multiply: a flat neuron gets a small push, not a large one.")(
    lambda a_star_above, D_star, W_above: (W_above.T @ a_star_above) / D_star
)

recursion.wrong("no factor is left: the 1/2 of H and the 2 of the square cancel.")(
    lambda a_star_above, D_star, W_above: D_star * (W_above.T @ a_star_above) / 2
)

recursion.wrong("no factor is left: the 1/2 of H and the 2 of the square cancel.")(
    lambda a_star_above, D_star, W_above: 2 * D_star * (W_above.T @ a_star_above)
)

recursion.wrong("this is zero: no hidden neuron would be pushed at all.")(
    lambda a_star_above, D_star, W_above: 0 * D_star
)


@recursion.term("what the layer above asks for")
def asked(a_star_above: Array, D_star: Array, W_above: Array) -> Array:
    return D_star * (W_above.T @ a_star_above)


@T4.step(
    "T4.3",
    "the slope of H by the weights, with all voltages held",
    left="dH_dW",
    claim=Gradient(of="H_of_W", by="W"),
    uses=(),
    because="with the voltages held, W_l stands in a_l alone",
    hints=(
        "Which of the pushes change if W changes and no voltage does?",
        "Only a = v - W r_below - beta. The slope of 1/2 a_i^2 by the weight from j to i is a_i "
        "times the slope of a_i.",
        "-np.outer(a, r_below)",
    ),
)
def slope_by_weights(a: Array, r_below: Array, D: Array) -> Array:
    return -np.outer(a, r_below)


slope_by_weights.right(lambda a, r_below, D: -a[:, None] * r_below)
slope_by_weights.right(lambda a, r_below, D: -np.einsum("i,j->ij", a, r_below))

#: What goes wrong in T4.3, and in T4.4 in just the same way.
SLIPS: tuple[tuple[str, Answer], ...] = (
    (
        "the sign is the wrong way round: W r_below stands in a with a minus. You wrote the "
        "*update*, which goes against the slope.",
        lambda a, r, D: np.outer(a, r),
    ),
    (
        "no slope phi' of this layer is needed: a holds the voltage itself, and is linear in W.",
        lambda a, r, D: -np.outer(D * a, r),
    ),
    (
        "the 2 of the square and the 1/2 of H cancel: no factor is left.",
        lambda a, r, D: -np.outer(a, r) / 2,
    ),
    (
        "the 2 of the square and the 1/2 of H cancel: no factor is left.",
        lambda a, r, D: -2 * np.outer(a, r),
    ),
    (
        "this looks only at the size of the push, not at its sign.",
        lambda a, r, D: -np.outer(np.abs(a), r),
    ),
    (
        "this is the slope by the bias, the same for every weight of a neuron. A weight counts "
        "with the rate that it carries.",
        lambda a, r, D: -np.outer(a, np.ones_like(r)),
    ),
    ("the rates below count, not their squares.", lambda a, r, D: -np.outer(a, r**2)),
    (
        "the push itself counts, not its square: a square loses the sign.",
        lambda a, r, D: -np.outer(a**2, r),
    ),
)


def _held(slip: Answer) -> Answer:
    return lambda a, r_below, D: slip(a, r_below, D)


def _least(slip: Answer) -> Answer:
    return lambda a_star, r_star_below, D_star: slip(a_star, r_star_below, D_star)


for message, slip in SLIPS:
    slope_by_weights.wrong(message)(_held(slip))


@slope_by_weights.term("the product of push and rate below")
def product(a: Array, r_below: Array) -> Array:
    return np.outer(a, r_below)


@T4.step(
    "T4.4",
    "the slope of the least effort by the weights",
    left="dH_star_dW",
    claim=Gradient(of="H_star_of_W", by="W"),
    uses=("least",),
    needs=("T4.1", "T4.3"),
    because="the voltages move too, but H has no slope there, so that only W itself counts",
    hints=(
        "If W changes, H* changes in two ways: W stands in a_l, and the voltages of the least "
        "effort move. What does a small move of the voltages change, at the least effort?",
        "Nothing, to first order: there dH/dv = 0. What is left is the slope with the voltages "
        "held.",
        "-np.outer(a_star, r_star_below)",
    ),
)
def envelope(a_star: Array, r_star_below: Array, D_star: Array) -> Array:
    return -np.outer(a_star, r_star_below)


envelope.right(lambda a_star, r_star_below, D_star: -a_star[:, None] * r_star_below[None, :])
envelope.right(lambda a_star, r_star_below, D_star: np.einsum("i,j->ij", -a_star, r_star_below))

for message, slip in SLIPS:
    envelope.wrong(message)(_least(slip))


@envelope.wrong("zero? The least effort does change with the weights, or nothing could be learned.")
def nothing(a_star: Array, r_star_below: Array, D_star: Array) -> Array:
    return 0 * np.outer(a_star, r_star_below)


@envelope.term("the product of push and rate below")
def least_product(a_star: Array, r_star_below: Array) -> Array:
    return np.outer(a_star, r_star_below)

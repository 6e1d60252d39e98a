"""Steps T7.5 and T7.6: what DH reads in inference, in the hidden layers and at the output."""

from __future__ import annotations

import numpy as np

from ....teaching.proofs import Exact
from .statement import JUMP, START, T7

Array = np.ndarray


@T7.step(
    "T7.5",
    "the journey of a voltage has two parts",
    left="dv",
    claim=Exact(),
    uses=(START,),
    because="by definition v_l is eps_l plus what comes from below, and in the free state eps_l is "
    "zero; subtract the two ends",
    hints=(
        "Solve eps = v - W r_below - beta for v, once at the end of the phase and once in the free "
        "state.",
        "In the free state each layer is what the one below predicts, so its error is zero. "
        "Subtract: the bias drops out.",
        "eps_end + W @ dr_below",
    ),
)
def two_parts(eps_end: Array, W: Array, dr_below: Array) -> Array:
    """v_l^+ - v_l^- = eps_l^+ + W_l (r_{l-1}^+ - r_{l-1}^-): T3.1, with eps_l for a_l"""
    return eps_end + W @ dr_below


two_parts.right(lambda eps_end, W, dr_below: dr_below @ W.T + eps_end)
two_parts.right(lambda eps_end, W, dr_below: np.einsum("ij,j->i", W, dr_below) - (-eps_end))


@two_parts.right
def neuron_by_neuron(eps_end: Array, W: Array, dr_below: Array) -> Array:
    return np.array([eps_end[i] + sum(W[i] * dr_below) for i in range(len(eps_end))])


@two_parts.term("the layer's own error")
def own_error(eps_end: Array) -> Array:
    return eps_end


@two_parts.term("what the layer below hands up")
def handed_up(W: Array, dr_below: Array) -> Array:
    return W @ dr_below


two_parts.wrong(
    "this is the layer's own error alone. The rates below have changed as well, and with them what "
    "they predict for this layer."
)(lambda eps_end, W, dr_below: eps_end)

two_parts.wrong(
    "this is what the layer below hands up, alone. A voltage also moves away from what is "
    "predicted: by its error."
)(lambda eps_end, W, dr_below: W @ dr_below)

two_parts.wrong(
    "minus for plus. eps = v - W r_below - beta: solved for v, the prediction is *added* to the "
    "error."
)(lambda eps_end, W, dr_below: eps_end - W @ dr_below)

two_parts.wrong("both parts have the wrong sign: the change is the end minus the start.")(
    lambda eps_end, W, dr_below: -eps_end - W @ dr_below
)

two_parts.wrong(
    "the error has the wrong sign: it is the voltage minus the prediction, so a positive error is "
    "a voltage that is higher than predicted."
)(lambda eps_end, W, dr_below: W @ dr_below - eps_end)

two_parts.wrong("W is missing: a change of rate below reaches this layer through the weights.")(
    lambda eps_end, W, dr_below: eps_end + np.resize(dr_below, len(eps_end))
)

two_parts.wrong(
    "W is transposed. Row i of W holds the weights of neuron i of this layer, so W @ dr_below sums "
    "over the neurons below."
)(lambda eps_end, W, dr_below: eps_end + np.resize(W.T @ np.resize(dr_below, len(W)), len(eps_end)))

two_parts.wrong(
    "the weights are summed up for themselves. Each weight multiplies the change of the rate of "
    "its own neuron below: W @ dr_below."
)(lambda eps_end, W, dr_below: eps_end + W.sum(axis=1))

two_parts.wrong("this is the product of the two parts, entry by entry: they add up.")(
    lambda eps_end, W, dr_below: eps_end * (W @ dr_below)
)

two_parts.wrong("this is half of it: the two parts add up, they are not averaged.")(
    lambda eps_end, W, dr_below: (eps_end + W @ dr_below) / 2
)

two_parts.wrong("the error goes through W as well. It belongs to this layer already.")(
    lambda eps_end, W, dr_below: W @ (np.resize(eps_end, len(dr_below)) + dr_below)
)

two_parts.wrong("the error counts twice.")(lambda eps_end, W, dr_below: 2 * eps_end + W @ dr_below)

two_parts.wrong(
    "the sum runs over everything: each neuron gets what comes through its own row of W."
)(lambda eps_end, W, dr_below: eps_end + np.sum(W @ dr_below))


@T7.step(
    "T7.6",
    "the jump: what DH reads at the output weights",
    left="dW_out",
    claim=Exact(),
    uses=(START, JUMP),
    because="the output moves once, in the first step and by its whole error, when the rates below "
    "are still those of the free state",
    hints=(
        "DH adds up the change of the output's voltages in each step, times the rates below before "
        "that step. In how many steps does the output move?",
        "In the first one alone: from its prediction to its target, which is by e. After that it "
        "is clamped.",
        "np.outer(e, r_free_last): which rates did the last hidden layer have before the first "
        "step?",
    ),
)
def jump(e: Array, r_free_last: Array, r_end_last: Array) -> Array:
    """DW_L = e r_{L-1}^T with the rates of the free state: backprop's update, exactly"""
    return np.outer(e, r_free_last)


jump.right(lambda e, r_free_last, r_end_last: e[:, None] * r_free_last)
jump.right(lambda e, r_free_last, r_end_last: np.einsum("i,j->ij", e, r_free_last))


@jump.term("the error times the rates of the free state")
def with_free_rates(e: Array, r_free_last: Array) -> Array:
    return np.outer(e, r_free_last)


@jump.term("the error times the rates at the end")
def with_end_rates(e: Array, r_end_last: Array) -> Array:
    return np.outer(e, r_end_last)


jump.wrong(
    "these are the rates at the end of the phase. The output jumps at its very start, when the "
    "last hidden layer has not moved yet."
)(lambda e, r_free_last, r_end_last: np.outer(e, r_end_last))

jump.wrong(
    "the rates are averaged over the phase here, but the output does not move all the time: it "
    "jumps in the first step."
)(lambda e, r_free_last, r_end_last: np.outer(e, r_free_last + r_end_last) / 2)

jump.wrong(
    "this is what DH reads if the jump is not counted: a clamped output does not move any more. "
    "The jump itself is a change."
)(lambda e, r_free_last, r_end_last: 0 * np.outer(e, r_free_last))

jump.wrong(
    "the sign is the wrong way round: the output goes from its prediction to its target, and e is "
    "target minus prediction."
)(lambda e, r_free_last, r_end_last: -np.outer(e, r_free_last))

jump.wrong(
    "the change of the rates below is the wrong factor. DH multiplies the change of *this* layer "
    "by the rate below as it is."
)(lambda e, r_free_last, r_end_last: np.outer(e, r_end_last - r_free_last))

jump.wrong("no factor 1/2 is left: DH takes the whole change of the output.")(
    lambda e, r_free_last, r_end_last: np.outer(e, r_free_last) / 2
)

jump.wrong(
    "this is the update of the bias, the same for every weight of a neuron. DH multiplies by the "
    "rate below."
)(lambda e, r_free_last, r_end_last: np.outer(e, np.ones_like(r_free_last)))

jump.wrong("this looks only at the size of the error, not at its sign.")(
    lambda e, r_free_last, r_end_last: np.outer(np.abs(e), r_free_last)
)

jump.wrong("the error is missing: how far does the output jump?")(
    lambda e, r_free_last, r_end_last: np.outer(np.ones_like(e), r_free_last)
)

jump.wrong(
    "the two ends of the phase are added up. There is one jump, and one set of rates before it."
)(lambda e, r_free_last, r_end_last: np.outer(e, r_free_last + r_end_last))

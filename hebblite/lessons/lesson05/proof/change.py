"""Steps T3.1 and T3.2: where a change of voltage comes from."""

from __future__ import annotations

import numpy as np

from ....teaching.proofs import Exact, Order
from .fitting import fit, up
from .statement import END, START, T3, WEAK

Array = np.ndarray


@T3.step(
    "T3.1",
    "a change has two sources",
    left="dv",
    claim=Exact(),
    uses=(START, END),
    because="at rest the leak, the drive from below and the push cancel; subtract the two states "
    "of rest, and the bias drops out",
    hints=(
        "At rest dv/dt = 0. What is v_l then, in the free state and at the end of the phase?",
        "Subtract the two. The bias drops out, and so does everything else that is the same.",
        "What remains is the push itself, and W times the change of the rates below.",
    ),
)
def two_sources(a: Array, W: Array, dr_below: Array) -> Array:
    """v_l^+ - v_l^- = a_l + W_l (r_{l-1}^+ - r_{l-1}^-)"""
    return a + W @ dr_below


@two_sources.term("the layer's own push")
def own_push(a: Array) -> Array:
    return a


@two_sources.term("what the layer below hands up")
def handed_up(W: Array, dr_below: Array) -> Array:
    return W @ dr_below


two_sources.right(lambda a, W, dr_below: dr_below @ W.T + a)
two_sources.right(lambda a, W, dr_below: np.einsum("ij,j->i", W, dr_below) - (-a))


@two_sources.right
def neuron_by_neuron(a: Array, W: Array, dr_below: Array) -> Array:
    return np.array([a[i] + sum(W[i] * dr_below) for i in range(len(a))])


two_sources.wrong(
    "this is the layer's own push alone. The neurons below were pushed too, and what changes there "
    "comes up through W."
)(lambda a, W, dr_below: a)

two_sources.wrong(
    "this is what the layer below hands up, alone. The layer's own push moves it as well."
)(lambda a, W, dr_below: W @ dr_below)

two_sources.wrong(
    "minus for plus: what comes from below arrives at the same neuron as its own push, and the two "
    "add up."
)(lambda a, W, dr_below: a - W @ dr_below)

two_sources.wrong("both terms have the wrong sign: the change is taught minus free.")(
    lambda a, W, dr_below: -a - W @ dr_below
)

two_sources.wrong("the layer's own push has the wrong sign: voltages move where the push points.")(
    lambda a, W, dr_below: W @ dr_below - a
)

two_sources.wrong(
    "W is transposed. Row i of W holds the weights of neuron i of this layer, so W @ dr_below sums "
    "over the neurons below."
)(lambda a, W, dr_below: a + up(W, dr_below))

two_sources.wrong("W is missing: a change of rate below reaches this layer through the weights.")(
    lambda a, W, dr_below: a + fit(dr_below, len(a))
)

two_sources.wrong(
    "the weights are summed up for themselves. Each weight multiplies the change of the rate of "
    "its own neuron below: W @ dr_below."
)(lambda a, W, dr_below: a + W.sum(axis=1))

two_sources.wrong("this is the product of the two sources, entry by entry: they add up.")(
    lambda a, W, dr_below: a * (W @ dr_below)
)

two_sources.wrong(
    "there is an activation too many: this is about voltages, and a drive moves them as it is."
)(lambda a, W, dr_below: np.tanh(a + W @ dr_below))

two_sources.wrong("the push goes through W as well. It arrives at this layer directly.")(
    lambda a, W, dr_below: W @ (fit(a, len(dr_below)) + dr_below)
)

two_sources.wrong("the own push counts twice.")(lambda a, W, dr_below: 2 * a + W @ dr_below)

two_sources.wrong("what the layer below hands up counts twice.")(
    lambda a, W, dr_below: a + 2 * (W @ dr_below)
)

two_sources.wrong("this is half of it: the two sources add up, they are not averaged.")(
    lambda a, W, dr_below: (a + W @ dr_below) / 2
)

two_sources.wrong(
    "the sum runs over everything: each neuron gets what comes through its own row of W."
)(lambda a, W, dr_below: a + np.sum(W @ dr_below))


@T3.step(
    "T3.2",
    "small pushes add up",
    left="dv",
    claim=Order(2),
    uses=(START, END, WEAK),
    needs=("T3.1",),
    because="by Taylor's formula a small change of rate is the slope times the change of voltage, "
    "and what is left out is of second order",
    hints=(
        "Begin with step T3.1. Only the change of the rates below is not given any more.",
        "r = phi(v). By how much does a rate change if its voltage changes a little?",
        "In the place of dr_below put the slopes times the change of the voltages, entry by entry: "
        "D_below * dv_below.",
    ),
)
def small_pushes(a: Array, W: Array, D_below: Array, dv_below: Array) -> Array:
    """v_l^+ - v_l^- = a_l + W_l D_{l-1} (v_{l-1}^+ - v_{l-1}^-) + O(|u|^2)"""
    return a + W @ (D_below * dv_below)


@small_pushes.term("the layer's own push")
def push_again(a: Array) -> Array:
    return a


@small_pushes.term("what the layer below hands up")
def handed_up_at_first_order(W: Array, D_below: Array, dv_below: Array) -> Array:
    return W @ (D_below * dv_below)


small_pushes.right(lambda a, W, D_below, dv_below: a + (W * D_below) @ dv_below)
small_pushes.right(lambda a, W, D_below, dv_below: W @ np.diag(D_below) @ dv_below + a)
small_pushes.right(lambda a, W, D_below, dv_below: np.einsum("ij,j,j->i", W, D_below, dv_below) + a)

small_pushes.wrong(
    "this is the layer's own push alone. What the layer below hands up is of the same order, and "
    "it is missing."
)(lambda a, W, D_below, dv_below: a)

small_pushes.wrong(
    "this is what the layer below hands up, alone. The layer's own push is missing."
)(lambda a, W, D_below, dv_below: W @ (D_below * dv_below))

small_pushes.wrong(
    "the slopes are missing: W multiplies changes of *rate*, and a rate changes by its slope times "
    "the change of its voltage."
)(lambda a, W, D_below, dv_below: a + W @ dv_below)

small_pushes.wrong("minus for plus: what is handed up adds to the layer's own push.")(
    lambda a, W, D_below, dv_below: a - W @ (D_below * dv_below)
)

small_pushes.wrong("both terms have the wrong sign: the change is taught minus free.")(
    lambda a, W, D_below, dv_below: -a - W @ (D_below * dv_below)
)

small_pushes.wrong("the layer's own push has the wrong sign: voltages move where the push points.")(
    lambda a, W, D_below, dv_below: W @ (D_below * dv_below) - a
)

small_pushes.wrong(
    "the slopes stand on the wrong side of W. They belong to the neurons below, so they multiply "
    "before W sums up."
)(lambda a, W, D_below, dv_below: a + fit(D_below, len(a)) * (W @ dv_below))

small_pushes.wrong(
    "the slopes multiply the layer's own push as well. That push acts on the voltage itself, "
    "without a detour through any rate."
)(lambda a, W, D_below, dv_below: fit(D_below, len(a)) * a + W @ (D_below * dv_below))

small_pushes.wrong(
    "W is transposed. Row i of W holds the weights of neuron i of this layer, so W stands there "
    "as it is."
)(lambda a, W, D_below, dv_below: a + up(W, D_below * dv_below))

small_pushes.wrong("you divide by the slopes: a rate changes by slope *times* change of voltage.")(
    lambda a, W, D_below, dv_below: a + W @ (dv_below / np.where(D_below == 0, 1.0, D_below))
)

small_pushes.wrong("you divide the slopes by the change: multiply the two.")(
    lambda a, W, D_below, dv_below: a + W @ (D_below / np.where(dv_below == 0, 1.0, dv_below))
)

small_pushes.wrong("the slopes come in twice: one factor for each neuron below.")(
    lambda a, W, D_below, dv_below: a + W @ (D_below**2 * dv_below)
)

small_pushes.wrong(
    "this is phi of the change. The change of phi is asked for: the slope where the neuron stands, "
    "times the change."
)(lambda a, W, D_below, dv_below: a + W @ np.tanh(dv_below))

small_pushes.wrong("W is missing: a change of rate below reaches this layer through the weights.")(
    lambda a, W, D_below, dv_below: a + fit(D_below * dv_below, len(a))
)

small_pushes.wrong(
    "the change below is missing: the slopes say how strongly rates follow voltages, not how far "
    "they went."
)(lambda a, W, D_below, dv_below: a + W @ D_below)

small_pushes.wrong("slopes and changes are added. Each slope multiplies its change.")(
    lambda a, W, D_below, dv_below: a + W @ (D_below + dv_below)
)

small_pushes.wrong("the own push counts twice.")(
    lambda a, W, D_below, dv_below: 2 * a + W @ (D_below * dv_below)
)

small_pushes.wrong("this is the product of the two sources, entry by entry: they add up.")(
    lambda a, W, D_below, dv_below: a * (W @ (D_below * dv_below))
)

small_pushes.wrong("the push goes through W as well. It arrives at this layer directly.")(
    lambda a, W, D_below, dv_below: W @ (fit(a, len(dv_below)) + D_below * dv_below)
)

"""Step T8.6: the soma moves, which is what DH reads."""

from __future__ import annotations

import numpy as np

from ....teaching.proofs import Exact
from .statement import END, SILENT, START, T8

Array = np.ndarray


@T8.step(
    "T8.6",
    "the soma moves, and DH reads it",
    left="dv",
    claim=Exact(),
    uses=(SILENT, START, END),
    because="at rest v_l = b_l + a_l; in the free state the dendrite is silent; subtract",
    hints=(
        "At rest 0 = -v + b + a. Write down v at the end of the phase, and in the free state. How "
        "large is the apical drive without a teacher?",
        "It is zero there. Subtract the two: the bias drops out, and what remains of b is W times "
        "the change of the rates below.",
        "a_end + W @ dr_below",
    ),
)
def soma(a_end: Array, W: Array, dr_below: Array) -> Array:
    """v_l^+ - v_l^- = a_l^+ + W_l (r_{l-1}^+ - r_{l-1}^-): T3.1 once more"""
    return a_end + W @ dr_below


soma.right(lambda a_end, W, dr_below: dr_below @ W.T + a_end)
soma.right(lambda a_end, W, dr_below: np.einsum("ij,j->i", W, dr_below) - (-a_end))


@soma.right
def neuron_by_neuron(a_end: Array, W: Array, dr_below: Array) -> Array:
    return np.array([a_end[i] + sum(W[i] * dr_below) for i in range(len(a_end))])


@soma.term("the apical drive")
def apical(a_end: Array) -> Array:
    return a_end


@soma.term("what the layer below hands up")
def handed_up(W: Array, dr_below: Array) -> Array:
    return W @ dr_below


soma.wrong(
    "this is the apical drive alone. The layer below moves as well, and what changes there comes "
    "up through W."
)(lambda a_end, W, dr_below: a_end)

soma.wrong("this is what the layer below hands up, alone. The dendrite drives the soma too.")(
    lambda a_end, W, dr_below: W @ dr_below
)

soma.wrong("minus for plus: basal and apical drive reach the same soma, and they add up.")(
    lambda a_end, W, dr_below: a_end - W @ dr_below
)

soma.wrong("both parts have the wrong sign: the change is the end minus the start.")(
    lambda a_end, W, dr_below: -a_end - W @ dr_below
)

soma.wrong("the apical drive has the wrong sign: the soma moves to where it drives.")(
    lambda a_end, W, dr_below: W @ dr_below - a_end
)

soma.wrong("W is missing: a change of rate below reaches the soma through the weights.")(
    lambda a_end, W, dr_below: a_end + np.resize(dr_below, len(a_end))
)

soma.wrong(
    "W is transposed. Row i of W holds the weights of neuron i of this layer, so W @ dr_below sums "
    "over the neurons below."
)(lambda a_end, W, dr_below: a_end + np.resize(W.T @ np.resize(dr_below, len(W)), len(a_end)))

soma.wrong(
    "the weights are summed up for themselves. Each weight multiplies the change of the rate of "
    "its own neuron below."
)(lambda a_end, W, dr_below: a_end + W.sum(axis=1))

soma.wrong("this is the product of the two drives, entry by entry: they add up.")(
    lambda a_end, W, dr_below: a_end * (W @ dr_below)
)

soma.wrong("this is half of it: the two drives add up, they are not averaged.")(
    lambda a_end, W, dr_below: (a_end + W @ dr_below) / 2
)

soma.wrong("the apical drive goes through W as well. It belongs to this layer already.")(
    lambda a_end, W, dr_below: W @ (np.resize(a_end, len(dr_below)) + dr_below)
)

soma.wrong("the apical drive counts twice.")(lambda a_end, W, dr_below: 2 * a_end + W @ dr_below)

soma.wrong("the sum runs over everything: each neuron gets what comes through its own row of W.")(
    lambda a_end, W, dr_below: a_end + np.sum(W @ dr_below)
)

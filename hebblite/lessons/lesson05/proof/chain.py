"""Steps T3.3 and T3.4: aligned feedback closes the chain, and one matrix follows from another."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.proofs import Exact
from .fitting import down, fit
from .statement import ALIGNED, T3

Array = np.ndarray


@T3.step(
    "T3.3",
    "aligned feedback closes the chain",
    left="a_below",
    claim=Exact(),
    uses=(ALIGNED,),
    because="the chain rule, J_{l-1} = J_l W_l D_{l-1}, transposed and applied to u",
    hints=(
        "Aligned means a_l = J_l^T u, in every layer. How does J_{l-1} follow from J_l?",
        "A change of v_{l-1} reaches v_l through the slopes and then W. So J_{l-1} = J_l W D. "
        "Transpose it: what was on the right comes to the left.",
        "(W D)^T a = D W^T a: first W.T @ a, then the slopes of the layer below, entry by entry.",
    ),
)
def chain_down(W: Array, D_below: Array, a: Array) -> Array:
    """a_{l-1} = (W_l D_{l-1})^T a_l"""
    return D_below * (W.T @ a)


@chain_down.term("the push that comes down")
def comes_down(W: Array, D_below: Array, a: Array) -> Array:
    return D_below * (W.T @ a)


chain_down.right(lambda W, D_below, a: (W * D_below).T @ a)
chain_down.right(lambda W, D_below, a: a @ W @ np.diag(D_below))
chain_down.right(lambda W, D_below, a: np.einsum("j,ij,i->j", D_below, W, a))

chain_down.wrong(
    "the slopes are missing. J_{l-1} begins at the *voltages* below, and the way up from there "
    "leads through their slopes."
)(lambda W, D_below, a: W.T @ a)

chain_down.wrong(
    "W is not transposed. The push comes down here: from n neurons to the m below, so W.T."
)(lambda W, D_below, a: D_below * down(W, a))

chain_down.wrong("W is not transposed, and the slopes are missing: (W D)^T, applied to a.")(
    lambda W, D_below, a: down(W, a)
)

chain_down.wrong(
    "the slopes stand on the wrong side. Transposing turns the order round: (W D)^T = D W^T, so "
    "the slopes of the layer below multiply last."
)(lambda W, D_below, a: W.T @ (fit(D_below, len(a)) * a))

chain_down.wrong("you divide by the slopes: the chain rule multiplies.")(
    lambda W, D_below, a: (W.T @ a) / np.where(D_below == 0, 1.0, D_below)
)

chain_down.wrong("you divide the slopes by what comes down: multiply the two.")(
    lambda W, D_below, a: D_below / np.where((down_ := W.T @ a) == 0, 1.0, down_)
)

chain_down.wrong("the slopes come in twice: W D has one factor for each neuron below.")(
    lambda W, D_below, a: D_below**2 * (W.T @ a)
)

chain_down.wrong("the sign is the wrong way round: transposing changes no sign.")(
    lambda W, D_below, a: -D_below * (W.T @ a)
)

chain_down.wrong("slopes and push are added: the chain rule multiplies.")(
    lambda W, D_below, a: D_below + W.T @ a
)

chain_down.wrong(
    "this is an inverse. The feedback is the *transpose* of the way up; it undoes nothing."
)(lambda W, D_below, a: np.linalg.pinv(W * D_below) @ a)

chain_down.wrong(
    "the slopes multiply the inverse of W. The feedback is the transpose of the way up."
)(lambda W, D_below, a: D_below * (np.linalg.pinv(W) @ a))

chain_down.wrong(
    "this is the push of the layer itself. On its way to the layer below it passes W.T and the "
    "slopes there."
)(lambda W, D_below, a: fit(a, len(D_below)))

chain_down.wrong("W is missing: the push comes down through the weights, transposed.")(
    lambda W, D_below, a: D_below * fit(a, len(D_below))
)

chain_down.wrong("the push is missing: this is what comes down if every neuron gets a push of 1.")(
    lambda W, D_below, a: D_below * W.sum(axis=0)
)

chain_down.wrong("this is the slopes alone: multiply them by what comes down, W.T @ a.")(
    lambda W, D_below, a: D_below
)

chain_down.wrong(
    "what comes down goes through tanh. The slopes are the derivative; nothing else is nonlinear "
    "here."
)(lambda W, D_below, a: D_below * np.tanh(W.T @ a))

chain_down.wrong(
    "the identity is added. It belongs to the way up (the layer's own push); on the way down there "
    "is W.T and the slopes alone."
)(lambda W, D_below, a: fit(a, len(D_below)) + D_below * (W.T @ a))


@T3.step(
    "T3.4",
    "one matrix from the one below",
    left="dv_supposed",
    claim=Exact(),
    uses=(ALIGNED,),
    needs=("T3.2", "T3.3"),
    because="suppose that the voltages below change by P_{l-1} a_{l-1}; step T3.2 takes that up, "
    "and step T3.3 writes a_{l-1} with a_l",
    hints=(
        "Take step T3.2 and put P_{l-1} a_{l-1} in the place of the change below.",
        "a_{l-1} is not given, but step T3.3 makes it from a.",
        "Read from right to left: down through D W^T, then P_below, then up through W D; and the "
        "layer's own push is added.",
    ),
)
def one_matrix(a: Array, W: Array, D_below: Array, P_below: Array) -> Array:
    """P_l a_l with P_l = I + (W_l D_{l-1}) P_{l-1} (W_l D_{l-1})^T"""
    return a + W @ (D_below * (P_below @ (D_below * (W.T @ a))))


@one_matrix.term("the layer's own push")
def own(a: Array) -> Array:
    return a


@one_matrix.term("what the layer below hands up")
def journey(a: Array, W: Array, D_below: Array, P_below: Array) -> Array:
    return W @ (D_below * (P_below @ (D_below * (W.T @ a))))


@one_matrix.term("what is handed up if the layer below has only its own push")
def without_P(a: Array, W: Array, D_below: Array) -> Array:
    return W @ (D_below * (D_below * (W.T @ a)))


@one_matrix.right
def down_and_up(a: Array, W: Array, D_below: Array, P_below: Array) -> Array:
    A = W * D_below
    return a + A @ P_below @ A.T @ a


@one_matrix.right
def the_matrix_first(a: Array, W: Array, D_below: Array, P_below: Array) -> Array:
    D = np.diag(D_below)
    return (np.eye(len(a)) + W @ D @ P_below @ D @ W.T) @ a


@one_matrix.right
def step_by_step(a: Array, W: Array, D_below: Array, P_below: Array) -> Array:
    a_below = D_below * (a @ W)
    dv_below = a_below @ P_below
    return W @ (D_below * dv_below) + a


Journey = Callable[[Array, Array, Array, Array], Array]


def _wrong(message: str, mistaken: Journey) -> None:
    one_matrix.wrong(message)(mistaken)


_wrong(
    "this is the layer's own push alone. What the layer below hands up is missing.",
    lambda a, W, D_below, P_below: a,
)
_wrong(
    "the identity is forgotten: the layer's own push moves it too, so add a.",
    lambda a, W, D_below, P_below: (W * D_below) @ P_below @ (W * D_below).T @ a,
)
_wrong(
    "P_below is forgotten. The layer below does not only get a push: it changes by P_below times "
    "that push.",
    lambda a, W, D_below, P_below: a + (W * D_below) @ (W * D_below).T @ a,
)
_wrong(
    "the slopes are missing, down and up.",
    lambda a, W, D_below, P_below: a + W @ P_below @ W.T @ a,
)
_wrong(
    "the slopes are missing on the way down. By step T3.3 the push below is D W^T a.",
    lambda a, W, D_below, P_below: a + (W * D_below) @ P_below @ W.T @ a,
)
_wrong(
    "the slopes are missing on the way up. By step T3.2 what arrives is W D times what changes "
    "below.",
    lambda a, W, D_below, P_below: a + W @ P_below @ (W * D_below).T @ a,
)
_wrong(
    "minus for plus: what is handed up adds to the layer's own push.",
    lambda a, W, D_below, P_below: a - (W * D_below) @ P_below @ (W * D_below).T @ a,
)
_wrong(
    "both terms have the wrong sign: the change is taught minus free.",
    lambda a, W, D_below, P_below: -a - (W * D_below) @ P_below @ (W * D_below).T @ a,
)
_wrong(
    "the layer's own push has the wrong sign.",
    lambda a, W, D_below, P_below: (W * D_below) @ P_below @ (W * D_below).T @ a - a,
)
_wrong(
    "the way down is missing: P_below multiplies the push of the layer *below*, which is not a.",
    lambda a, W, D_below, P_below: a + (W * D_below) @ (P_below @ fit(a, len(P_below))),
)
_wrong(
    "the way up is missing: this is the change of the layer below. It reaches this layer through "
    "the slopes and W.",
    lambda a, W, D_below, P_below: a + fit(P_below @ (W * D_below).T @ a, len(a)),
)
_wrong(
    "the transposes are swapped. With A = W D, the push comes down through A^T, on the right, and "
    "goes up through A, on the left.",
    lambda a, W, D_below, P_below: (
        a
        + fit(
            (W * D_below).T @ fit(P_below, len(a), len(a)) @ (W * D_below) @ fit(a, len(D_below)),
            len(a),
        )
    ),
)
_wrong(
    "A^T is missing its T: down goes A^T, from n neurons to m, and then A goes up again.",
    lambda a, W, D_below, P_below: (
        a + (W * D_below) @ P_below @ fit((W * D_below) @ fit(a, len(D_below)), len(D_below))
    ),
)
_wrong(
    "P_below is inverted. The change below is P_{l-1} *times* the push there.",
    lambda a, W, D_below, P_below: a + (W * D_below) @ np.linalg.inv(P_below) @ (W * D_below).T @ a,
)
_wrong(
    "P_below comes in twice: the change below is P_{l-1} times the push there, once.",
    lambda a, W, D_below, P_below: a + (W * D_below) @ P_below @ P_below @ (W * D_below).T @ a,
)
_wrong(
    "* multiplies entry by entry, so only the diagonal of P_below counts. A product of matrices "
    "is @.",
    lambda a, W, D_below, P_below: a + (W * D_below) @ (np.diag(P_below) * ((W * D_below).T @ a)),
)
_wrong(
    "the slopes are squared on the way down, or on the way up: one factor of D each way.",
    lambda a, W, D_below, P_below: a + (W * D_below) @ P_below @ (W * D_below**2).T @ a,
)
_wrong(
    "the slopes are squared on the way up: one factor of D each way.",
    lambda a, W, D_below, P_below: a + (W * D_below**2) @ P_below @ (W * D_below).T @ a,
)
_wrong(
    "the slopes scale the rows of W. They belong to the neurons below, which are its columns: "
    "W * D_below.",
    lambda a, W, D_below, P_below: (
        a
        + (fit(D_below, len(a))[:, None] * W) @ P_below @ (fit(D_below, len(a))[:, None] * W).T @ a
    ),
)
_wrong(
    "the identity comes in twice.",
    lambda a, W, D_below, P_below: 2 * a + (W * D_below) @ P_below @ (W * D_below).T @ a,
)
_wrong(
    "the product is put into the place of the sum: the own push and what is handed up add up.",
    lambda a, W, D_below, P_below: a * ((W * D_below) @ P_below @ (W * D_below).T @ a),
)
_wrong(
    "you divide by the slopes: they multiply, on the way down and on the way up.",
    lambda a, W, D_below, P_below: (
        a + (A := W / np.where(D_below == 0, 1.0, D_below)) @ P_below @ A.T @ a
    ),
)
_wrong(
    "slopes are added to W. W D multiplies: each column of W by the slope of its neuron.",
    lambda a, W, D_below, P_below: a + (A := W + D_below) @ P_below @ A.T @ a,
)
_wrong(
    "slopes are subtracted from W. W D multiplies: each column of W by the slope of its neuron.",
    lambda a, W, D_below, P_below: a + (A := W - D_below) @ P_below @ A.T @ a,
)
_wrong(
    "the push is lost on the way down: P_below multiplies the push of the layer below, D W^T a, "
    "and not the slopes alone.",
    lambda a, W, D_below, P_below: a + W @ (D_below * (P_below @ D_below)),
)

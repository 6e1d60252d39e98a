"""Steps T8.4, T8.5 and T8.7: from the teacher's nudge of the output down to the updates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Exact, Order
from .statement import ALIGNED, END, SILENT, T8, WEAK

Array = np.ndarray


@T8.step(
    "T8.4",
    "the teacher's push at the output",
    left="a_out",
    claim=Order(2),
    uses=(END, WEAK),
    because="at rest the output lies above its basal drive by k times the error, which has changed "
    "by O(k) only",
    hints=(
        "At rest 0 = -v_L + b_L + k e, with the error as it is then. What is v_L - b_L?",
        "k times the error at the end. By how much does that differ from the error before the "
        "teacher came?",
        "By O(k), which k makes O(k^2): k * e",
    ),
)
def output_push(k: float, e: Array) -> Array:
    """v_L - b_L = k e + O(k^2)"""
    return k * e


output_push.right(lambda k, e: k * e / (1 + k))
output_push.right(lambda k, e: np.array([k * e_i for e_i in e]))


@output_push.term("k times the error")
def pushed(k: float, e: Array) -> Array:
    return k * e


@output_push.term("the error itself")
def the_error(e: Array) -> Array:
    return e


output_push.wrong(
    "the sign is the wrong way round: the teacher draws the output towards the target, and e is "
    "target minus prediction."
)(lambda k, e: -k * e)
output_push.wrong(
    "k is missing: this would put the output on its target. A weak teacher draws it only a little."
)(lambda k, e: e)
output_push.wrong("k comes in once: the push is k times the error.")(lambda k, e: k**2 * e)
output_push.wrong("a weak teacher pushes little: k multiplies.")(lambda k, e: e / k)
output_push.wrong("no factor 1/2: at rest the push is balanced by the whole distance.")(
    lambda k, e: k * e / 2
)
output_push.wrong("this looks at the size of the error alone, not at its sign.")(
    lambda k, e: k * np.abs(e)
)
output_push.wrong("the error is missing: this pushes all outputs alike.")(
    lambda k, e: k * np.ones_like(e)
)
output_push.wrong("each output is pushed by its own error, not by the sum of all.")(
    lambda k, e: k * np.sum(e) * np.ones_like(e)
)
output_push.wrong("zero is only right without a teacher: a push of the order of k is asked for.")(
    lambda k, e: 0 * e
)
output_push.wrong("the error itself pushes, and not its square, which would lose the sign.")(
    lambda k, e: k * e**2
)


@T8.step(
    "T8.5",
    "one layer further down: another gamma, another W^T D",
    left="a_supposed",
    claim=Exact(),
    uses=(ALIGNED,),
    needs=("T8.3",),
    because="of the error above gamma Y D comes down, by T8.3, and Y is the transpose of W_{l+1}",
    hints=(
        "By step T8.3, a = (g_A / g) v_A = gamma Y (D_above * (v_above - b_above)). Put in what is "
        "supposed: v_above - b_above = k gamma^n_above s_above.",
        "How many factors gamma does that make? And what is Y, if it is aligned?",
        "k * gamma ** (n_above + 1) * W_above.T @ (D_above * s_above)",
    ),
)
def one_layer_down(
    k: float, gamma: float, n_above: int, W_above: Array, D_above: Array, s_above: Array
) -> Array:
    """a_l = k gamma^(L-l) W_{l+1}^T D_{l+1} s_{l+1}, if a_{l+1} = k gamma^(L-l-1) s_{l+1}"""
    return k * gamma ** (n_above + 1) * W_above.T @ (D_above * s_above)


Strength = Callable[[float, float, int], float]


def _of_strength(
    number: Strength, down: Callable[[Array, Array, Array], Array] | None = None
) -> Answer:
    """The step with another number before it, or something else that comes down."""
    down = down or (lambda W, D, s: W.T @ (D * s))
    return lambda k, gamma, n_above, W_above, D_above, s_above: (
        number(k, gamma, n_above) * down(W_above, D_above, s_above)
    )


def _right(k: float, gamma: float, n: int) -> float:
    return k * gamma ** (n + 1)


one_layer_down.right(_of_strength(_right, lambda W, D, s: (W.T * D) @ s))
one_layer_down.right(_of_strength(_right, lambda W, D, s: W.T @ np.diag(D) @ s))
one_layer_down.right(_of_strength(lambda k, gamma, n: k * gamma**n * gamma))


@one_layer_down.term("what comes down, with the strength of the layer above")
def with_the_strength_above(
    k: float, gamma: float, n_above: int, W_above: Array, D_above: Array, s_above: Array
) -> Array:
    return k * gamma**n_above * W_above.T @ (D_above * s_above)


for message, number in (
    (
        "a factor gamma is missing: the error shrinks once more on its way to this layer.",
        lambda k, gamma, n: k * gamma**n,
    ),
    ("there are too many factors gamma: one more than above.", lambda k, g, n: k * g ** (n + 2)),
    (
        "the powers are missing: the error has shrunk on its way to the layer above already, by "
        "gamma ** n_above.",
        lambda k, gamma, n: k * gamma,
    ),
    ("k is missing: how hard does the teacher nudge?", lambda k, gamma, n: gamma ** (n + 1)),
    ("k comes in once, at the output.", lambda k, gamma, n: k ** (n + 2) * gamma ** (n + 1)),
    (
        "the factors gamma add up here. Each layer multiplies by one, so that it is a power.",
        lambda k, gamma, n: k * gamma * (n + 1),
    ),
    (
        "the sign is the wrong way round: a layer is pushed so that it helps the layer above.",
        lambda k, gamma, n: -k * gamma ** (n + 1),
    ),
    (
        "gamma divides here: further down the error is smaller, not larger.",
        lambda k, gamma, n: k / gamma ** (n + 1),
    ),
    (
        "the power is on the wrong number: only gamma comes in once for each layer.",
        lambda k, gamma, n: (k * gamma) ** (n + 1),
    ),
):
    one_layer_down.wrong(message)(_of_strength(number))

for message, down in (
    (
        "the slopes are missing: the dendrite gets *rates*, which change by slope times voltage.",
        lambda W, D, s: W.T @ s,
    ),
    (
        "`D_above @ ...` adds up over the neurons: `D_above` is the *vector* of the slopes. "
        "Multiply neuron by neuron, with `*`.",
        lambda W, D, s: W.T @ np.full(len(D), D @ s),
    ),
    ("the slopes come in once, not squared.", lambda W, D, s: W.T @ (D**2 * s)),
    (
        "the slopes stand on the wrong side of the weights. They belong to the neurons above, so "
        "they multiply before W_above.T sums up.",
        lambda W, D, s: np.resize(D, W.shape[1]) * (W.T @ s),
    ),
    ("the slopes multiply: they do not divide.", lambda W, D, s: W.T @ (s / D)),
    (
        "the weights are missing: what comes down comes through the transpose of W_above.",
        lambda W, D, s: np.resize(D * s, W.shape[1]),
    ),
):
    one_layer_down.wrong(message)(_of_strength(_right, down))


@T8.step(
    "T8.7",
    "the error-based update is k gamma^(L-l) times backprop's",
    left="dW",
    claim=Order(2),
    uses=(SILENT, END, WEAK, ALIGNED),
    needs=("T8.4", "T8.5"),
    because="the chain of T8.4 and T8.5 is backprop's, with k at its top and a gamma in each "
    "layer; the soma's rate adds the last slope",
    hints=(
        "Begin with k e at the output (T8.4) and go down n layers (T8.5): what is the strength of "
        "what arrives? All the W^T and D together, and the slope of this layer, make delta.",
        "On rates, the error-based rule has phi(v) - phi(b), which is D_l a_l to first order: "
        "k gamma^n delta. It is multiplied by the rates below.",
        "k * gamma**n * np.outer(delta, r_free_below)",
    ),
)
def the_update(k: float, gamma: float, n: int, delta: Array, r_free_below: Array) -> Array:
    """DW_l = k gamma^(L-l) delta_l r_{l-1}^T + O(k^2)"""
    return k * gamma**n * np.outer(delta, r_free_below)


def _update(number: Strength, product: Callable[[Array, Array], Array] = np.outer) -> Answer:
    return lambda k, gamma, n, delta, r_free_below: (
        number(k, gamma, n) * product(delta, r_free_below)
    )


def _strength(k: float, gamma: float, n: int) -> float:
    return k * gamma**n


the_update.right(_update(_strength, lambda delta, r: delta[:, None] * r))
the_update.right(_update(_strength, lambda delta, r: np.einsum("i,j->ij", delta, r)))
the_update.right(_update(lambda k, gamma, n: k * np.exp(n * np.log(gamma))))


@the_update.term("backprop's update, times k")
def backprop(k: float, delta: Array, r_free_below: Array) -> Array:
    return k * np.outer(delta, r_free_below)


@the_update.term("the update itself")
def itself(k: float, gamma: float, n: int, delta: Array, r_free_below: Array) -> Array:
    return k * gamma**n * np.outer(delta, r_free_below)


for message, number in (
    (
        "this is backprop's update. The dendrites carry it in a small form: times k, and times "
        "gamma for each layer above.",
        lambda k, gamma, n: 1.0,
    ),
    (
        "gamma is missing: with each layer that the error comes down it shrinks by gamma.",
        lambda k, gamma, n: k,
    ),
    ("k is missing: how hard does the teacher nudge?", lambda k, gamma, n: gamma**n),
    (
        "one factor gamma only? There is one for *each* layer above: gamma**n.",
        lambda k, gamma, n: k * gamma,
    ),
    ("there is a factor gamma too many: n layers lie above.", lambda k, g, n: k * g ** (n + 1)),
    ("there is a factor gamma too few: n layers lie above.", lambda k, g, n: k * g ** (n - 1)),
    (
        "the sign is the wrong way round: delta is *minus* the slope of the loss, and an update is "
        "added to the weights.",
        lambda k, gamma, n: -k * gamma**n,
    ),
    ("the factors gamma add up here: each layer multiplies.", lambda k, gamma, n: k * gamma * n),
    ("k comes in once, at the output.", lambda k, gamma, n: (k * gamma) ** n),
    ("gamma divides here: further down the error is smaller.", lambda k, gamma, n: k / gamma**n),
    ("no factor 1/2 is left.", lambda k, gamma, n: k * gamma**n / 2),
):
    the_update.wrong(message)(_update(number))

for message, product in (
    (
        "the rates below are missing: this is the update of the bias, the same for every weight of "
        "a neuron.",
        lambda delta, r: np.outer(delta, np.ones_like(r)),
    ),
    (
        "delta is missing: this would be the same for every neuron of the layer.",
        lambda delta, r: np.outer(np.ones_like(delta), r),
    ),
    (
        "the update is transposed: rows belong to this layer, columns to the one below.",
        lambda delta, r: np.resize(np.outer(r, delta), (len(delta), len(r))),
    ),
    (
        "this looks at the size of delta alone, not at its sign.",
        lambda delta, r: np.outer(np.abs(delta), r),
    ),
):
    the_update.wrong(message)(_update(_strength, product))

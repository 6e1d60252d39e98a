"""Steps T8.1 to T8.3: what an apical dendrite feels, and that it is an error."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Exact, Order
from .statement import END, SILENT, T8, WEAK

Array = np.ndarray


@T8.step(
    "T8.1",
    "the dendrite feels what the interneurons fail to predict",
    left="v_A",
    claim=Exact(),
    uses=(SILENT,),
    because="the interneurons come with Z_l = -Y_l: each takes away what the neuron above that it "
    "predicts brings",
    hints=(
        "Two kinds of input meet in the dendrite: Y r_above from the layer above, and Z r_inter "
        "from the interneurons. What is Z in the self-predicting state?",
        "Z = -Y: write both with Y.",
        "Y @ (r_above - r_inter)",
    ),
)
def surprise(Y: Array, r_above: Array, r_inter: Array) -> Array:
    """v^A_l = Y_l (r_{l+1} - phi(i_l))"""
    return Y @ (r_above - r_inter)


surprise.right(lambda Y, r_above, r_inter: Y @ r_above - Y @ r_inter)
surprise.right(lambda Y, r_above, r_inter: (r_above - r_inter) @ Y.T)
surprise.right(lambda Y, r_above, r_inter: np.einsum("ik,k->i", Y, r_above - r_inter))


@surprise.term("what the layer above brings")
def brought(Y: Array, r_above: Array) -> Array:
    return Y @ r_above


@surprise.term("what the interneurons take away")
def taken_away(Y: Array, r_inter: Array) -> Array:
    return Y @ r_inter


surprise.wrong(
    "this is what comes from above, alone. The interneurons inhibit the same dendrite, with Z = -Y."
)(lambda Y, r_above, r_inter: Y @ r_above)

surprise.wrong(
    "the interneurons excite here. In the self-predicting state Z is *minus* Y: they take away "
    "what they predict."
)(lambda Y, r_above, r_inter: Y @ (r_above + r_inter))

surprise.wrong(
    "the sign is the wrong way round: the layer above excites the dendrite, and the interneurons "
    "inhibit it."
)(lambda Y, r_above, r_inter: Y @ (r_inter - r_above))

surprise.wrong("this is what the interneurons bring, alone. The layer above is missing.")(
    lambda Y, r_above, r_inter: -Y @ r_inter
)

surprise.wrong(
    "silent? So it is without a teacher, when the interneurons do what the neurons above do. "
    "With a teacher they differ."
)(lambda Y, r_above, r_inter: 0 * (Y @ r_above))

surprise.wrong(
    "Y is missing: what a dendrite of this layer feels comes to it through its own row of Y."
)(lambda Y, r_above, r_inter: np.resize(r_above - r_inter, len(Y)))

surprise.wrong("Y is transposed. Row i of Y holds the top-down weights of neuron i of this layer.")(
    lambda Y, r_above, r_inter: np.resize(Y.T @ np.resize(r_above - r_inter, len(Y)), len(Y))
)

surprise.wrong(
    "this looks at the size of the surprise alone. Its sign says whether the neurons above do more "
    "than predicted, or less."
)(lambda Y, r_above, r_inter: Y @ np.abs(r_above - r_inter))

surprise.wrong("no factor 1/2: the two inputs are subtracted, not averaged.")(
    lambda Y, r_above, r_inter: Y @ (r_above - r_inter) / 2
)

surprise.wrong(
    "the weights are summed up for themselves. Each multiplies the surprise of its own neuron "
    "above."
)(lambda Y, r_above, r_inter: Y.sum(axis=1) * np.sum(r_above - r_inter))

surprise.wrong("the two inputs are subtracted from each other, not multiplied.")(
    lambda Y, r_above, r_inter: Y @ (r_above * r_inter)
)


@T8.step(
    "T8.2",
    "an interneuron between two inputs",
    left="i_end",
    claim=Exact(),
    uses=(SILENT, END),
    because="at rest its own input, which is b_{l+1} as X_l = W_{l+1}, and the pull of v_{l+1} "
    "balance",
    hints=(
        "Put tau_I di/dt = -i + (X r + bias) + k_I (v_above - i) equal to zero. What is X r + bias "
        "in the self-predicting state?",
        "X = W_{l+1}, so that it is b_above, what drives the layer above: "
        "0 = -i + b_above + k_I (v_above - i). Solve for i.",
        "(b_above + k_I * v_above) / (1 + k_I)",
    ),
)
def interneuron(b_above: Array, v_above: Array, k_I: float) -> Array:
    """i_l = (b_{l+1} + k_I v_{l+1}) / (1 + k_I)"""
    return (b_above + k_I * v_above) / (1 + k_I)


interneuron.right(lambda b_above, v_above, k_I: b_above + k_I / (1 + k_I) * (v_above - b_above))
interneuron.right(lambda b_above, v_above, k_I: v_above - (v_above - b_above) / (1 + k_I))
interneuron.right(lambda b_above, v_above, k_I: np.average([b_above, v_above], 0, [1, k_I]))


@interneuron.term("its own input")
def own_input(b_above: Array, k_I: float) -> Array:
    return b_above / (1 + k_I)


@interneuron.term("the pull of the neurons above")
def pulled(v_above: Array, k_I: float) -> Array:
    return k_I * v_above / (1 + k_I)


interneuron.wrong(
    "the denominator is missing: the pull is k_I (v_above - i), and i stands in the leak as well."
)(lambda b_above, v_above, k_I: b_above + k_I * v_above)

interneuron.wrong(
    "this is b_above + k_I (v_above - b_above). The pull ends where i is, and i is not b_above any "
    "more."
)(lambda b_above, v_above, k_I: b_above + k_I * (v_above - b_above))

interneuron.wrong("the two have changed places: k_I is the weight of v_above, which pulls.")(
    lambda b_above, v_above, k_I: (v_above + k_I * b_above) / (1 + k_I)
)

interneuron.wrong("this is what its own input alone would make of it. The neurons above pull too.")(
    lambda b_above, v_above, k_I: b_above
)

interneuron.wrong(
    "this is the neuron above itself. The interneuron follows it only in part, and that it fails "
    "to is what the dendrite feels."
)(lambda b_above, v_above, k_I: v_above)

interneuron.wrong("the pull is divided alone: the whole equation was solved for i.")(
    lambda b_above, v_above, k_I: b_above + k_I * v_above / (1 + k_I)
)

interneuron.wrong("a plain mean has equal weights: here they are 1 and k_I.")(
    lambda b_above, v_above, k_I: (b_above + v_above) / 2
)

interneuron.wrong("the denominator is 1 + k_I: the leak counts too, with weight 1.")(
    lambda b_above, v_above, k_I: (b_above + k_I * v_above) / k_I
)

interneuron.wrong("the weights, which are 1 and k_I, add up to 1 + k_I.")(
    lambda b_above, v_above, k_I: (b_above + k_I * v_above) / (2 + k_I)
)

interneuron.wrong("minus for plus: both inputs drive the interneuron.")(
    lambda b_above, v_above, k_I: (b_above - k_I * v_above) / (1 + k_I)
)

interneuron.wrong("the sign of the pull is the wrong way round: i is drawn *towards* v_above.")(
    lambda b_above, v_above, k_I: (b_above - k_I * v_above) / (1 - k_I)
)

interneuron.wrong("k_I is missing above: the pull has that weight.")(
    lambda b_above, v_above, k_I: (b_above + v_above) / (1 + k_I)
)

interneuron.wrong("this multiplies by 1 + k_I: solved for i, it divides.")(
    lambda b_above, v_above, k_I: (b_above + k_I * v_above) * (1 + k_I)
)

interneuron.wrong("this is how far the neuron above lies from where the interneuron is.")(
    lambda b_above, v_above, k_I: (v_above - b_above) / (1 + k_I)
)


@T8.step(
    "T8.3",
    "to first order, the dendrite carries the error of the layer above",
    left="v_A",
    claim=Order(2),
    uses=(SILENT, END, WEAK),
    needs=("T8.1", "T8.2"),
    because="v - i is (v - b) / (1 + k_I), and a small change of rate is the slope times the "
    "change of voltage",
    hints=(
        "Begin with v_A = Y (r_above - r_inter) of step T8.1. Both rates are phi of a voltage: of "
        "v_above and of i. By how much do these differ, with step T8.2?",
        "v_above - i = (v_above - b_above) / (1 + k_I). The rates differ by the slopes D_above "
        "times that, to first order.",
        "Y @ (D_above * (v_above - b_above)) / (1 + k_I)",
    ),
)
def error_above(Y: Array, D_above: Array, v_above: Array, b_above: Array, k_I: float) -> Array:
    """v^A_l = Y_l D_{l+1} (v_{l+1} - b_{l+1}) / (1 + k_I) + O(k^2)"""
    return Y @ (D_above * (v_above - b_above)) / (1 + k_I)


def _felt(make: Callable[[Array, Array, float], Array]) -> Answer:
    """Y times something made of D_above, v_above - b_above and k_I."""
    return lambda Y, D_above, v_above, b_above, k_I: Y @ make(D_above, v_above - b_above, k_I)


error_above.right(
    lambda Y, D_above, v_above, b_above, k_I: (Y * D_above) @ (v_above - b_above) / (1 + k_I)
)
error_above.right(
    lambda Y, D_above, v_above, b_above, k_I: Y @ np.diag(D_above / (1 + k_I)) @ (v_above - b_above)
)


@error_above.right
def by_the_interneuron(
    Y: Array, D_above: Array, v_above: Array, b_above: Array, k_I: float
) -> Array:
    i = (b_above + k_I * v_above) / (1 + k_I)
    return Y @ (D_above * (v_above - i))


@error_above.term("what comes down of the error above")
def of_the_error(Y: Array, D_above: Array, v_above: Array, b_above: Array, k_I: float) -> Array:
    return Y @ (D_above * (v_above - b_above)) / (1 + k_I)


@error_above.term("what would come down without slopes")
def without_slopes(Y: Array, v_above: Array, b_above: Array, k_I: float) -> Array:
    return Y @ (v_above - b_above) / (1 + k_I)


error_above.wrong(
    "1 + k_I is missing. The interneuron follows the neuron above in part, and only what it fails "
    "to follow is felt."
)(_felt(lambda D, error, k_I: D * error))

error_above.wrong(
    "this is the part that the interneuron follows. What is felt is the other part, which it does "
    "not predict."
)(_felt(lambda D, error, k_I: D * error * k_I / (1 + k_I)))

error_above.wrong(
    "the slopes are missing. The dendrite gets rates, and a rate changes by its slope times the "
    "change of its voltage."
)(_felt(lambda D, error, k_I: error / (1 + k_I)))

error_above.wrong(
    "the sign is the wrong way round: a neuron above that does more than predicted excites the "
    "dendrite."
)(_felt(lambda D, error, k_I: -D * error / (1 + k_I)))

error_above.wrong(
    "this multiplies by 1 + k_I: interneurons that follow well leave *less* to feel."
)(_felt(lambda D, error, k_I: D * error * (1 + k_I)))

error_above.wrong(
    "`D_above @ ...` adds up over the neurons: `D_above` is the *vector* of the slopes. Multiply "
    "neuron by neuron, with `*`."
)(_felt(lambda D, error, k_I: np.full(len(D), D @ error) / (1 + k_I)))

error_above.wrong(
    "`D_above` is the *vector* of the slopes, the diagonal of the matrix D in the text. Multiply "
    "neuron by neuron: D_above * (v_above - b_above)."
)(lambda Y, D_above, v_above, b_above, k_I: Y @ D_above @ (v_above - b_above) / (1 + k_I))

error_above.wrong("the slopes come in once, not squared.")(
    _felt(lambda D, error, k_I: D**2 * error / (1 + k_I))
)

error_above.wrong("the slopes multiply: they do not divide.")(
    _felt(lambda D, error, k_I: error / D / (1 + k_I))
)

error_above.wrong(
    "the basal drive is missing. What is predicted does not reach the dendrite, only what the "
    "neurons above do beyond it."
)(lambda Y, D_above, v_above, b_above, k_I: Y @ (D_above * v_above) / (1 + k_I))

error_above.wrong("this is the sum of voltage and prediction: the error is their difference.")(
    lambda Y, D_above, v_above, b_above, k_I: Y @ (D_above * (v_above + b_above)) / (1 + k_I)
)

error_above.wrong(
    "Y is missing: the errors above come to this layer through the top-down weights."
)(
    lambda Y, D_above, v_above, b_above, k_I: (
        np.resize(D_above * (v_above - b_above), len(Y)) / (1 + k_I)
    )
)

error_above.wrong("the denominator is 1 + k_I: with k_I alone it would be infinite at k_I = 0.")(
    _felt(lambda D, error, k_I: D * error / k_I)
)

error_above.wrong("1 + k_I comes in once: one interneuron stands between.")(
    _felt(lambda D, error, k_I: D * error / (1 + k_I) ** 2)
)

error_above.wrong(
    "the slopes stand on the wrong side of Y. They belong to the neurons above, so they multiply "
    "before Y sums up."
)(
    lambda Y, D_above, v_above, b_above, k_I: (
        np.resize(D_above, len(Y)) * (Y @ (v_above - b_above)) / (1 + k_I)
    )
)

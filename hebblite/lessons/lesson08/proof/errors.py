"""Steps T7.1 and T7.2: the way down the energy, and where it ends."""

from __future__ import annotations

import numpy as np

from ....teaching.proofs import Exact, Gradient
from .statement import END, T7

Array = np.ndarray


@T7.step(
    "T7.1",
    "the slope of the energy by a hidden voltage",
    left="dF_dv",
    claim=Gradient(of="F_of_v", by="v"),
    uses=(),
    because="v_l stands in two errors: in eps_l itself, and through its rates in eps_{l+1}",
    hints=(
        "F = 1/2 sum |eps_l|^2. Which of the errors change if only the voltages of this layer do?",
        "eps = v - (what comes from below), so the first part is eps itself. The layer above has "
        "eps_above = v_above - W_above phi(v) - beta: apply the chain rule.",
        "eps - D * (W_above.T @ eps_above): the slopes D multiply neuron by neuron.",
    ),
)
def slope_by_voltage(eps: Array, eps_above: Array, D: Array, W_above: Array) -> Array:
    """dF/dv_l = eps_l - D_l W_{l+1}^T eps_{l+1}"""
    return eps - D * (W_above.T @ eps_above)


slope_by_voltage.right(lambda eps, eps_above, D, W_above: eps - (W_above * D).T @ eps_above)
slope_by_voltage.right(lambda eps, eps_above, D, W_above: eps - np.diag(D) @ W_above.T @ eps_above)


@slope_by_voltage.right
def neuron_by_neuron(eps: Array, eps_above: Array, D: Array, W_above: Array) -> Array:
    return np.array([eps[i] - D[i] * (eps_above @ W_above[:, i]) for i in range(len(eps))])


@slope_by_voltage.term("the layer's own error")
def own_error(eps: Array) -> Array:
    return eps


@slope_by_voltage.term("what the error above contributes")
def from_above(eps_above: Array, D: Array, W_above: Array) -> Array:
    return D * (W_above.T @ eps_above)


slope_by_voltage.wrong(
    "the sign of the second part is the wrong way round. A higher rate explains more of the layer "
    "above: it stands in eps_above with a minus."
)(lambda eps, eps_above, D, W_above: eps + D * (W_above.T @ eps_above))

slope_by_voltage.wrong(
    "this is minus the slope: the way that inference takes, downhill. The slope itself is asked "
    "for."
)(lambda eps, eps_above, D, W_above: D * (W_above.T @ eps_above) - eps)

slope_by_voltage.wrong(
    "the slopes phi' are missing. The layer above is predicted from rates, and a voltage changes "
    "its rate by the slope D."
)(lambda eps, eps_above, D, W_above: eps - W_above.T @ eps_above)

slope_by_voltage.wrong(
    "`D @ ...` adds up over the neurons: `D` is the *vector* of the slopes, the diagonal of D_l. "
    "Multiply neuron by neuron, with `*`."
)(lambda eps, eps_above, D, W_above: eps - D @ (W_above.T @ eps_above))

slope_by_voltage.wrong(
    "only the layer's own error is there. Its rates also predict the layer above."
)(lambda eps, eps_above, D, W_above: eps)

slope_by_voltage.wrong(
    "only the error of the layer above is there. The voltages stand in the layer's own error too."
)(lambda eps, eps_above, D, W_above: -D * (W_above.T @ eps_above))

slope_by_voltage.wrong(
    "the slopes multiply the layer's own error too. That error holds the voltage itself, and no "
    "rate."
)(lambda eps, eps_above, D, W_above: D * (eps - W_above.T @ eps_above))

slope_by_voltage.wrong("the slopes come in once: one rate stands between v and eps_above.")(
    lambda eps, eps_above, D, W_above: eps - D**2 * (W_above.T @ eps_above)
)

slope_by_voltage.wrong("the 2 of the square and the 1/2 of F cancel: no factor 2 is left.")(
    lambda eps, eps_above, D, W_above: 2 * (eps - D * (W_above.T @ eps_above))
)

slope_by_voltage.wrong(
    "the slopes multiply the error that comes from above: they do not divide it."
)(lambda eps, eps_above, D, W_above: eps - (W_above.T @ eps_above) / D)

slope_by_voltage.wrong(
    "the slopes multiply the error before it has come down. D belongs to this layer: multiply what "
    "arrives here, after W_above.T."
)(lambda eps, eps_above, D, W_above: eps - W_above.T @ (np.resize(D, len(eps_above)) * eps_above))

slope_by_voltage.wrong("the two parts are added up, and not multiplied.")(
    lambda eps, eps_above, D, W_above: -eps * D * (W_above.T @ eps_above)
)


@T7.step(
    "T7.2",
    "an error is what comes down from the layer above",
    left="eps_end",
    claim=Exact(),
    uses=(END,),
    needs=("T7.1",),
    because="where nothing moves the slope of T7.1 is zero, so that its two parts are equal",
    hints=(
        "At rest no voltage moves, and voltages move down the slope of step T7.1. How large is it "
        "then?",
        "Put the slope equal to zero, and solve for the error of this layer.",
        "D_end * (W_above.T @ eps_end_above)",
    ),
)
def handed_down(eps_end_above: Array, D_end: Array, W_above: Array) -> Array:
    """eps_l = D_l W_{l+1}^T eps_{l+1} at rest: the recursion of backprop"""
    return D_end * (W_above.T @ eps_end_above)


handed_down.right(lambda eps_end_above, D_end, W_above: (W_above * D_end).T @ eps_end_above)
handed_down.right(lambda eps_end_above, D_end, W_above: eps_end_above @ W_above @ np.diag(D_end))
handed_down.right(
    lambda eps_end_above, D_end, W_above: np.einsum("i,ki,k->i", D_end, W_above, eps_end_above)
)


@handed_down.term("what comes down from the layer above")
def coming_down(eps_end_above: Array, D_end: Array, W_above: Array) -> Array:
    return D_end * (W_above.T @ eps_end_above)


handed_down.wrong(
    "the sign is the wrong way round: the second part of T7.1 has a minus, and it changes the side."
)(lambda eps_end_above, D_end, W_above: -D_end * (W_above.T @ eps_end_above))

handed_down.wrong(
    "the slopes phi' are missing: a neuron that is saturated cannot help the layer above, and so "
    "it gets no blame."
)(lambda eps_end_above, D_end, W_above: W_above.T @ eps_end_above)

handed_down.wrong(
    "`D_end @ ...` adds up over the neurons: `D_end` is the *vector* of the slopes. Multiply "
    "neuron by neuron, with `*`."
)(lambda eps_end_above, D_end, W_above: D_end @ (W_above.T @ eps_end_above))

handed_down.wrong(
    "the slopes multiply the error before it has come down. D_end belongs to this layer: multiply "
    "what arrives here, after W_above.T."
)(
    lambda eps_end_above, D_end, W_above: (
        W_above.T @ (np.resize(D_end, len(eps_end_above)) * eps_end_above)
    )
)

handed_down.wrong("the slopes come in once, not squared.")(
    lambda eps_end_above, D_end, W_above: D_end**2 * (W_above.T @ eps_end_above)
)

handed_down.wrong("the slopes multiply: a flat neuron gets a small error, not a large one.")(
    lambda eps_end_above, D_end, W_above: (W_above.T @ eps_end_above) / D_end
)

handed_down.wrong("no factor is left: the 1/2 of F and the 2 of the square cancel.")(
    lambda eps_end_above, D_end, W_above: D_end * (W_above.T @ eps_end_above) / 2
)

handed_down.wrong(
    "zero? Then no hidden layer would learn. It is the *slope* of F that is zero at rest, and an "
    "error from above balances that of this layer."
)(lambda eps_end_above, D_end, W_above: 0 * D_end)

handed_down.wrong(
    "the error above is missing: with this, what comes down does not depend on how wrong the layer "
    "above is."
)(lambda eps_end_above, D_end, W_above: D_end * W_above.sum(axis=0))

handed_down.wrong(
    "the weights are missing: the error of a neuron above comes down to each neuron here through "
    "the weight between the two."
)(lambda eps_end_above, D_end, W_above: D_end * np.sum(eps_end_above))

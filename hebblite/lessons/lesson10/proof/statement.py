"""What theorem T8 speaks of: its symbols and its assumptions."""

from __future__ import annotations

from ....teaching.proofs import theorem
from .bench import STRENGTH, microcircuits

SILENT, START, END, WEAK, ALIGNED = (
    "self-predicting",
    "rest at the start",
    "rest at the end",
    "weak",
    "aligned",
)

T8 = theorem(
    "T8",
    "apical dendrites carry backprop's error",
    lesson="10",
    bench=microcircuits,
    assumptions={
        SILENT: "the lateral weights are X_l = W_{l+1}, with its biases, and Z_l = -Y_l",
        START: "the phase begins in the free state",
        END: "the phase lasts until nothing moves any more",
        WEAK: "the teacher's nudge k is small",
        ALIGNED: "the top-down weights are the transposes, Y_l = W_{l+1}^T",
    },
    symbols={
        "W": "the weights into this layer, (n, m)",
        "W_above": "the weights out of this layer, (p, n)",
        "Y": "the top-down weights into this layer, (n, p)",
        "v_A": "apical voltage of this layer at the end of the phase, (n,)",
        "r_above": "rates of the layer above at the end of the phase, (p,)",
        "r_inter": "rates of this layer's interneurons at the end of the phase, (p,)",
        "i_end": "potentials of this layer's interneurons at the end of the phase, (p,)",
        "v_above": "voltages of the layer above at the end of the phase, (p,)",
        "b_above": "basal drive of the layer above at the end of the phase, (p,)",
        "D_above": "slopes of the layer above in the free state, (p,)",
        "k_I": "nudge of the neurons above on the interneurons, a number",
        "k": "nudge of the teacher on the output, a number",
        "gamma": "g_A / g divided by 1 + k_I, a number",
        "share": "g_A / g: how much of the apical voltage reaches the soma, a number",
        "n": "number of layers above this one, L - l",
        "n_above": "number of layers above the layer above, L - l - 1",
        "s_above": "any vector, in the place of what comes to the rates of the layer above, (p,)",
        "a_supposed": "apical drive of this layer to first order, if the layer above has "
        "v - b = k gamma^n_above s_above, (n,)",
        "a_end": "apical drive of this layer at the end of the phase, (n,)",
        "a_out": "voltage minus basal drive of the output at the end of the phase, (n_L,)",
        "e": "error before the teacher nudges, target minus prediction, (n_L,)",
        "dv": "change of this layer's voltages from the start of the phase to its end, (n,)",
        "dr_below": "change of the rates below from the start of the phase to its end, (m,)",
        "r_free_below": "rates of the layer below in the free state, (m,)",
        "delta": "what backprop sends to this layer, minus the slope of the loss by v_l, (n,)",
        "dW": "the error-based update of W, on rates, (n, m)",
    },
    strength=STRENGTH,
    small="nudge",
)

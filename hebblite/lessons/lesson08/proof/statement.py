"""What theorem T7 speaks of: its symbols and its assumptions."""

from __future__ import annotations

from ....teaching.proofs import theorem
from .bench import STRENGTH, inferences

START, JUMP, END, WEAK = "rest at the start", "jump counted", "rest at the end", "weak"

T7 = theorem(
    "T7",
    "DH in Predictive Coding",
    lesson="08",
    bench=inferences,
    assumptions={
        START: "the phase begins in the free state, the feedforward pass",
        JUMP: "the output's jump from its prediction to its target is part of the phase",
        END: "inference goes on until nothing moves any more",
        WEAK: "the nudge beta is small",
    },
    symbols={
        "W": "the weights into this layer, (n, m)",
        "W_above": "the weights out of this layer, (p, n)",
        "v": "voltages of this hidden layer, any, (n,)",
        "eps": "prediction error of this layer at any hidden voltages, (n,)",
        "eps_above": "prediction error of the layer above at any hidden voltages, (p,)",
        "D": "slopes of this layer at any hidden voltages, (n,)",
        "r_below": "rates of the layer below at any hidden voltages, (m,)",
        "eps_end": "prediction error of this layer at the end of the phase, (n,)",
        "eps_end_above": "prediction error of the layer above at the end of the phase, (p,)",
        "D_end": "slopes of this layer at the end of the phase, (n,)",
        "r_end_below": "rates of the layer below at the end of the phase, (m,)",
        "eps_all": "prediction errors of all layers at the end of the phase, side by side, (N,)",
        "dv": "change of this layer's voltages from the start of the phase to its end, (n,)",
        "dr_below": "change of the rates below from the start of the phase to its end, (m,)",
        "e": "error in the free state, target minus prediction, (n_L,)",
        "J": "what a nudge of this layer does to the output, in the free state, (n_L, n)",
        "r_free_below": "rates of the layer below in the free state, (m,)",
        "r_free_last": "rates of the last hidden layer in the free state, (n_{L-1},)",
        "r_end_last": "rates of the last hidden layer at the end of the phase, (n_{L-1},)",
        "b_out": "what the last hidden layer predicts for the voltages of the output, (n_L,)",
        "target": "the target of a softmax: probabilities, (n_L,)",
        "c": "the constant in the output's voltages, log(target) + c, a number",
        "H_star": "the least effort of theorem T4, a number",
        "F_of_v": "energy as a function of the voltages of this layer, all others held",
        "F_of_W": "energy as a function of the weights into this layer, all voltages held",
        "F_end_of_W": "energy where inference ends, as a function of the weights into this layer",
        "dF_dv": "slope of the energy by the voltages of this layer, all others held, (n,)",
        "dF_dW": "slope of the energy by the weights into this layer, all voltages held, (n, m)",
        "dF_end_dW": "slope of the energy at the end by the weights into this layer, (n, m)",
        "dW_out": "the update of the output weights by DH on voltages, (n_L, n_{L-1})",
        "dW_over_beta": "error-based update of W in a nudged phase, divided by the nudge, (n, m)",
    },
    strength=STRENGTH,
    small="nudge",
)

"""Theorem T6: what it assumes, and the symbols of its steps."""

from __future__ import annotations

from ....teaching.proofs import theorem
from .bench import nudged

SYMMETRIC, AT_REST, VALLEY, SMALL = "symmetric", "at rest", "same valley", "small"

T6 = theorem(
    "T6",
    "the contrast tends to minus the gradient",
    lesson="09",
    bench=nudged,
    assumptions={
        SYMMETRIC: "activity comes down through the transpose of the weights that lead up",
        AT_REST: "the states that are compared are states of rest",
        VALLEY: "all states of rest that are compared lie in one valley of the energy",
        SMALL: "the nudge is small",
    },
    symbols={
        "nudge": "the nudge beta_nudge of the output, a number",
        "W": "the weights W_l into this layer, (n, m)",
        "v": "the voltages of this layer, any, (n,)",
        "D": "the slopes phi'(v_l) of this layer at these voltages, (n,)",
        "from_below": "what comes to this layer from below, W_l r_{l-1} + beta_l, (n,)",
        "from_above": "what comes to it from above, through the weights that lead down; at the "
        "output the nudge, beta_nudge e, (n,)",
        "E_of_v": "E + beta_nudge * loss as a function of this layer's voltages, all others held",
        "dE_dv": "the slope of E + beta_nudge * loss by the voltages of this layer, (n,)",
        "r": "the rates of this layer at rest at the nudge, (n,)",
        "r_below": "the rates of the layer below at rest at the nudge, (m,)",
        "e": "the error of the output at rest at the nudge, (n_L,)",
        "F_of_nudge": "F, the value of E + beta_nudge * loss at rest, as a function of the nudge",
        "F_of_W": "F as a function of the weights into this layer",
        "dF_dbeta": "the slope of F by beta_nudge, a number",
        "dF_dW": "the slope of F by the weights into this layer, (n, m)",
        "r_free": "the rates of this layer in the free state, (n,)",
        "r_free_below": "the rates of the layer below in the free state, (m,)",
        "dr": "how fast the rates of rest of this layer change with the nudge, at nudge 0, (n,)",
        "dr_below": "how fast those of the layer below change with the nudge, at nudge 0, (m,)",
        "L_of_W": "the loss of the free state as a function of the weights into this layer",
        "dL_dW": "the slope of the loss of the free state by these weights, (n, m)",
        "downhill": "minus the slope of the loss of the free state by these weights, (n, m)",
        "r_nudged": "the rates of this layer in the nudged state, (n,)",
        "r_nudged_below": "the rates of the layer below in the nudged state, (m,)",
        "r_plus": "the rates of this layer at rest at +beta_nudge, (n,)",
        "r_plus_below": "the rates of the layer below at rest at +beta_nudge, (m,)",
        "r_minus": "the rates of this layer at rest at -beta_nudge, (n,)",
        "r_minus_below": "the rates of the layer below at rest at -beta_nudge, (m,)",
        "r_start": "the rates of this layer when the recorded phase starts, (n,)",
        "r_start_below": "the rates of the layer below when it starts, (m,)",
        "r_end": "the rates of this layer when the recorded phase ends, (n,)",
        "r_end_below": "the rates of the layer below when it ends, (m,)",
        "DH": "the update by one-sided DH, summed over the recorded phase, (n, m)",
        "DH_sym": "the update by symmetrised DH, summed over the recorded phase, (n, m)",
    },
    strength=0.3,
    small="nudge",
)

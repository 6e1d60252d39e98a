"""Theorem T3: what it assumes, and the symbols of its steps."""

from __future__ import annotations

from ....teaching.proofs import theorem
from .bench import phases

ONE, START, END, WEAK, ALIGNED = (
    "one input",
    "rest at the start",
    "rest at the end",
    "weak",
    "aligned",
)

T3 = theorem(
    "T3",
    "DH is preconditioned gradient descent",
    lesson="05",
    bench=phases,
    assumptions={
        ONE: "the update is that of one input, not the mean over a batch",
        START: "the phase begins in the free state",
        END: "the phase lasts until nothing moves any more",
        WEAK: "u = k_p e with a small gain k_p, so that the error hardly changes",
        ALIGNED: "the feedback weights are Q_l = J_l^T of the free state",
    },
    symbols={
        "a": "the push a_l that this layer gets from the controller, (n,)",
        "a_below": "the push a_{l-1} of the layer below, (m,)",
        "W": "the weights W_l from the layer below, (n, m)",
        "D_below": "the slopes phi'(v_{l-1}) of the layer below in the free state, (m,)",
        "dv": "the change of this layer's voltages, v_l^+ - v_l^-, (n,)",
        "dv_below": "the change of the voltages below, (m,)",
        "dr_below": "the change of the rates below, (m,)",
        "r_below": "the rates below in the free state, (m,)",
        "P_below": "a symmetric matrix with positive eigenvalues: P_{l-1}, (m, m)",
        "dv_supposed": "the change of this layer to first order, supposed that the voltages below "
        "change by P_{l-1} a_{l-1}, (n,)",
        "P": "the matrix P_l of this layer, (n, n)",
        "z": "any vector, (n,)",
        "zPz": "z^T P_l z, a number",
        "J": "the derivative of the output by this layer's voltages, (n_L, n)",
        "e": "the error in the free state, (n_L,)",
        "k_p": "the gain of the controller, which is its strength, a number",
        "dW": "the update of W by DH on voltages, (n, m)",
    },
    hidden=("tanh", "sigmoid", "relu"),
    strength=0.05,
)

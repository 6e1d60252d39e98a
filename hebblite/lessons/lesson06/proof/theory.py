"""What theorem T4 speaks of: its symbols and its assumptions."""

from __future__ import annotations

from ....teaching.proofs import theorem
from .bench import held

T4 = theorem(
    "T4",
    "the error-based rule is gradient descent on the effort needed",
    lesson="06",
    bench=held,
    assumptions={
        "least": "the hidden voltages are those of the least effort",
        "smooth": "no neuron sits on a kink of phi",
        "on target": "the output is held on its target",
        "small": "the error is so small that J stays what it is in the free state",
    },
    symbols={
        "W": "weights into this layer, (n, m)",
        "W_above": "weights out of this layer, (p, n)",
        "v": "voltages of this layer, any, (n,)",
        "a": "push on this layer at any hidden voltages, (n,)",
        "a_above": "push on the layer above at any hidden voltages, (p,)",
        "D": "slopes of this layer at any hidden voltages, (n,)",
        "r_below": "rates of the layer below at any hidden voltages, (m,)",
        "v_star": "voltages of this layer at the least effort, (n,)",
        "a_star": "push on this layer at the least effort, (n,)",
        "a_star_above": "push on the layer above at the least effort, (p,)",
        "D_star": "slopes of this layer at the least effort, (n,)",
        "r_star_below": "rates of the layer below at the least effort, (m,)",
        "e": "error of the free state, (k,)",
        "J": "what a nudge of this layer does to the output, in the free state, (k, n)",
        "JJ": "JJ^T, the sum of J_l J_l^T over all layers, (k, k)",
        "H_star": "least effort, a number",
        "H_of_v": "effort as a function of the voltages of this layer, all others held",
        "H_of_W": "effort as a function of the weights into this layer, all voltages held",
        "H_star_of_W": "least effort as a function of the weights into this layer",
        "H_small": "what small errors need, 1/2 e^T (JJ^T)^-1 e, a number",
        "dH_dv": "slope of H by the voltages of this layer, all others held, (n,)",
        "dH_dW": "slope of H by the weights into this layer, all voltages held, (n, m)",
        "dH_star_dW": "slope of H* by the weights into this layer, (n, m)",
    },
    strength=0.6,
    small="error",
)

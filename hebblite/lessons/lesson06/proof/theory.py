"""What theorem T4 speaks of: its symbols and its assumptions."""

from __future__ import annotations

from ....teaching.proofs import theorem
from .bench import held

T4 = theorem(
    "T4",
    "the error-based rule is gradient descent on the push needed",
    lesson="06",
    bench=held,
    assumptions={
        "least": "the hidden voltages are those of the least push",
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
        "v_star": "voltages of this layer at the least push, (n,)",
        "a_star": "least push on this layer, (n,)",
        "a_star_above": "least push on the layer above, (p,)",
        "D_star": "slopes of this layer at the least push, (n,)",
        "r_star_below": "rates of the layer below at the least push, (m,)",
        "e": "error of the free state, (k,)",
        "J": "what a nudge of this layer does to the output, in the free state, (k, n)",
        "JJ": "the sum of J J^T over all layers, (k, k)",
        "H_star": "least effort, a number",
        "H_small": "least effort of small errors, a number",
        "dH_dv": "slope of H by the voltages of this layer, all others held, (n,)",
        "dH_dW": "slope of H by the weights into this layer, all voltages held, (n, m)",
        "dH_star_dW": "slope of H* by the weights into this layer, (n, m)",
    },
    strength=0.6,
    small="error",
)

"""What theorem T2 speaks of: its symbols and its assumptions."""

from __future__ import annotations

from ....teaching.proofs import theorem
from .bench import SPEED, moving

INDEPENDENT, START, END, SLOW, CONSTANT = (
    "independent",
    "rest at the start",
    "rest at the end",
    "slow",
    "constant pre",
)

T2 = theorem(
    "T2",
    "STDP averages to 2 DH minus the contrast",
    lesson="11",
    bench=moving,
    hidden=("sigmoid",),
    depth=(2, 3),
    assumptions={
        INDEPENDENT: "given the rates, spikes do not depend on one another",
        START: "all rates have rested for long before the phase begins",
        END: "all rates have rested for long when the phase ends",
        SLOW: "rates move little within the time constant of the window",
        CONSTANT: "where pre is held, it does not move during the phase",
    },
    symbols={
        "d": "decay of a trace in one step, exp(-dt / tau_s), a number",
        "post": "rates of post, a row for each step of the phase, (T, n_post)",
        "pre": "rates of pre, a row for each step of the phase, (T, n_pre)",
        "dpost": "rates of post, each minus those one step before, (T, n_post)",
        "dpre": "rates of pre, each minus those one step before, (T, n_pre)",
        "trace_post": "mean traces of post that each step finds, (T, n_post)",
        "trace_pre": "mean traces of pre that each step finds, (T, n_pre)",
        "lag_post": "rates of post minus the running means that their traces hold, (T, n_post)",
        "lag_pre": "rates of pre minus the running means that their traces hold, (T, n_pre)",
        "dW": "STDP's update by one draw of spikes, (n_post, n_pre)",
        "E": "mean of STDP's update over all spikes, divided by d / (1 - d)^2, (n_post, n_pre)",
        "DH": "the update of differential Hebb, each change of post times pre one step before, "
        "(n_post, n_pre)",
        "contrast": "post times pre at the end, minus the same at the start, (n_post, n_pre)",
        "A": "each change of post times pre, minus post times each change of pre, (n_post, n_pre)",
        "E_held": "the same as E, where pre is held at its first rates, (n_post, n_pre)",
        "r_start": "rates of post at the start of the phase, (n_post,)",
        "r_end": "rates of post at the end of the phase, (n_post,)",
        "pre_held": "rates at which pre is held, (n_pre,)",
        "E_cut": "E of a phase that is cut off in the middle, (n_post, n_pre)",
        "A_cut": "A of the same phase, up to where it is cut off, (n_post, n_pre)",
        "lag_cut": "lag of post in the last step before the cut, (n_post,)",
        "post_cut": "rates of post in the last step before the cut, (n_post,)",
        "pre_cut": "rates of pre in the last step before the cut, (n_pre,)",
        "dpost_cut": "change of post in the last step before the cut, (n_post,)",
        "dpre_cut": "change of pre in the last step before the cut, (n_pre,)",
        "spread": "square of how far one synapse's update lies from its mean, a number",
        "noise_post": "variance of one draw, as far as the spikes of post alone make it, a number",
        "noise_pre": "variance of one draw, as far as the spikes of pre alone make it, a number",
        "noise_both": "variance of one draw that only both together make, a number",
        "n": "neurons that carry each rate, all pairs of them learning",
        "N": "draws of spikes that are averaged",
    },
    strength=SPEED,
    small="speed",
)

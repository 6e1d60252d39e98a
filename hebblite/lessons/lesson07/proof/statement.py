"""Theorem T5 in words: its assumptions, and its symbols with their shapes."""

from __future__ import annotations

from ....teaching.proofs import theorem
from .bench import loops_of_a_network

SMALL, FAST, ALONE, FIXED = "small", "fast", "integral alone", "fixed feedback"
ONE, SYMMETRIC, GAUSS_NEWTON = "one eigenvalue", "symmetric", "Gauss-Newton"

T5 = theorem(
    "T5",
    "inference latency",
    lesson="07",
    bench=loops_of_a_network,
    assumptions={
        SMALL: "voltages move so little that J stays what it was",
        FAST: "the neurons settle much sooner than the controller moves",
        ALONE: "k_p = 0, and no leak",
        FIXED: "Q does not change in the phase",
        ONE: "JQ is one number lam times the identity",
        SYMMETRIC: "JQ is symmetric, with positive eigenvalues",
        GAUSS_NEWTON: "Q is J.T times the inverse of J J.T, whatever the weights",
    },
    symbols={
        "J": "the Jacobians of all layers, side by side, (n_L, n)",
        "Q": "the feedback weights of all layers, stacked, (n, n_L)",
        "JQ": "the loop: the product of the two, (n_L, n_L)",
        "lam": "the eigenvalue of JQ, if it has one only; else the mean of all",
        "k_i": "the integral gain",
        "tau_u": "the controller's time constant in seconds",
        "u": "the control signal, (n_L,)",
        "a": "the apical drives of all layers, stacked, (n,)",
        "e": "the error at some moment, (n_L,)",
        "dedt": "how fast it changes then, (n_L,)",
        "e_0": "the error without feedback, (n_L,)",
        "e_tol": "the tolerance",
        "t_lat": "the latency: when the size of the error has come down to e_tol",
        "t_sym": "the latency in a loop with several eigenvalues",
        "t_bounded": "the latency if the controller's rate is bounded",
        "W": "the weights of one layer, (n_l, n_{l-1})",
        "dL": "the gradient of the loss |e_0|²/2 by these weights, as W",
        "dlam": "the gradient of lam by these weights, as W",
        "latency": "the latency as a function of these weights, if JQ is lam times the identity",
        "latency_gauss": "the latency as a function of these weights, with Gauss-Newton feedback",
        "dt_gauss": "the gradient of latency_gauss by these weights, as W",
        "dt_lat": "the gradient of latency by these weights, as W",
    },
    small="error",
)

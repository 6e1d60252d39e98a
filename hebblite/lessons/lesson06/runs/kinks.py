"""How often the least effort puts a neuron of a relu exactly on its kink."""

from __future__ import annotations

import numpy as np

from ....data import load_digits, one_hot
from ....losses import least_control
from ....network import Network
from .digits import CONFIDENCE, SIZES

Array = np.ndarray
DIGITS = 40


def on_kinks(seed: int, count: int = DIGITS) -> Array:
    """For digits and a random relu network that ``seed`` draws: how many hidden neurons rest on
    their kink at the least effort, (N,)."""
    digits = load_digits()
    chosen = np.random.default_rng([68, seed]).permutation(len(digits.x_test))[:count]
    net = Network(SIZES, hidden="relu", output="linear", dtype="float64", seed=seed)
    r = digits.x_test[chosen].astype(float)
    least = least_control(net, r, one_hot(digits.y_test[chosen], 10, CONFIDENCE, "float64"))
    found = np.zeros(count, int)
    rows = zip(least.apical, net.weights, net.biases, net.activations, strict=True)
    for a, W, beta, phi in list(rows)[:-1]:
        b = r @ W.T + beta
        found += ((np.abs(a + b) < 1e-9) & (np.abs(a) > 1e-6)).sum(axis=1)
        r = phi.rate(a + b)
    return found

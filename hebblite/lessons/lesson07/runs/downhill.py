"""Which way is down: the gradient of the latency beside backprop's, digit by digit."""

from __future__ import annotations

import numpy as np

from ....analysis import angle, backprop_updates, cosine, loops
from ....losses import latency_gradient
from ....network import Network
from .loop import crossing
from .stage import E_TOL

Array = np.ndarray
FEEDBACK = ("jacobian", "gauss-newton")


def angles_downhill(
    net: Network, x: Array, wanted: Array, feedback: str = "jacobian", e_tol: float = E_TOL
) -> Array:
    """For each input that takes any time, the angle in degrees between minus the gradient of its
    latency and backprop's update, in each layer: (N, L), by the closed form of T5."""
    found = []
    for i in range(len(x)):
        row = slice(i, i + 1)
        made = latency_gradient(net, x[row], wanted[row], 1.0, e_tol, feedback)
        if made.latency[0] > 0:
            weights, bp = made.updates.weights, backprop_updates(net, x[row], wanted[row]).weights
            found.append([angle(one, other) for one, other in zip(weights, bp, strict=True)])
    return np.array(found)


def both_angles(net: Network, x: Array, wanted: Array) -> dict[str, Array]:
    """The same with Q = J^T and with Gauss-Newton feedback."""
    return {name: angles_downhill(net, x, wanted, name) for name in FEEDBACK}


def angles_of_a_batch(
    net: Network, x: Array, wanted: Array, feedback: str = "jacobian", e_tol: float = E_TOL
) -> list[float]:
    """The same for the mean latency of a batch and the mean loss, one angle for each layer."""
    made = latency_gradient(net, x, wanted, 1.0, e_tol, feedback).updates.weights
    bp = backprop_updates(net, x, wanted).weights
    return [angle(one, other) for one, other in zip(made, bp, strict=True)]


def random_loop(seed: int) -> tuple[Network, Array, Array]:
    """A small network with a linear output, one input and one target, whose error is about 1."""
    rng = np.random.default_rng([78, seed])
    sizes = rng.integers(2, 7, size=rng.integers(3, 5)).tolist()
    net = Network(sizes, hidden="tanh", output="linear", dtype="float64", seed=seed)
    x = rng.normal(size=(1, sizes[0]))
    e = rng.normal(size=(1, sizes[-1]))
    return net, x, net.predict(x) + e / np.linalg.norm(e)


def measured_cosines(
    net: Network, x: Array, target: Array, feedback: str = "jacobian", e_tol: float = 0.2
) -> list[float]:
    """The cosine between minus the gradient of the latency and backprop's update, in each layer.
    The gradient is measured: every weight is turned a little, and the loop with the Jacobians and
    the feedback that the network *then* has is asked for its latency."""

    def latency(net: Network) -> float:
        J = loops(net, x)[0]
        if feedback == "gauss-newton":
            J = J @ np.linalg.inv(J)
        return crossing((target - net.predict(x))[0], (J + J.T) / 2, 1.0, e_tol)

    found, bp = [], backprop_updates(net, x, target).weights
    for l, W in enumerate(net.weights):
        slopes = np.zeros_like(W)
        for place in np.ndindex(W.shape):
            slopes[place] = slope_of(latency, net, l, place)
        found.append(cosine(-slopes, bp[l]))
    return found


def slope_of(f: object, net: Network, l: int, place: tuple[int, ...], h: float = 1e-3) -> float:
    """df/dw for one weight of layer l + 1, by central differences: the error is O(h^4)."""
    assert callable(f)
    values = []
    for shift in (h, -h, h / 2, -h / 2):
        turned = net.copy()
        turned.weights[l][place] += shift
        values.append(f(turned))
    wide, near = values[0] - values[1], values[2] - values[3]
    return float((8 * near - wide) / (6 * h))

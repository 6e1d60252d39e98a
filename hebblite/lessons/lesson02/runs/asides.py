"""What the asides measure: difference quotients, multiplications, trial and error, alignment."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from ....analysis import angle, backprop_updates
from ....data import Digits
from ....frameworks import Backprop
from ....network import Network
from ....optim import SGD
from ....training import fit
from .feedback import Tilted
from .misread import Story
from .school import new_network

Array = np.ndarray


def slope(story: Story, rank: int, h: float, forward: bool = False) -> float:
    """The slope of the loss for a synapse of layer 1, by turning it a little: h either way, or
    forward only."""
    i, j = story.synapse(rank)

    def turned(change: float) -> float:
        net = story.net.copy()
        net.weights[0][i, j] += change
        return net.loss(story.x, story.target)

    return (turned(h) - turned(0.0 if forward else -h)) / (h if forward else 2 * h)


def slope_errors(story: Story, h: Array) -> tuple[Array, Array]:
    """Relative errors of the central and the forward difference quotient for each h, (T,), at the
    most blamed synapse."""
    i, j = story.synapse(0)
    exact = -story.blame.weights[0][i, j]
    central = [slope(story, 0, s) for s in h]
    forward = [slope(story, 0, s, forward=True) for s in h]
    return np.abs(np.array(central) / exact - 1), np.abs(np.array(forward) / exact - 1)


def multiplications(sizes: Sequence[int]) -> tuple[int, int]:
    """Those of one forward and of one backward pass, for one input; products of matrices only."""
    n = list(sizes)
    forward = sum(below * above for below, above in itertools.pairwise(n))
    down = forward - n[0] * n[1]  # the way down ends at layer 1
    return forward, down + forward  # and the updates take as many as the forward pass


def trial_and_error(
    sizes: Sequence[int], trials: int, seed: int = 0, sigma: float = 1e-5
) -> tuple[float, float]:
    """The angle between the mean of so many trials and backprop's update in layer 1, measured and
    as arccos sqrt(m / (m + N)). A trial turns all weights of layer 1 at random and is told how
    much the loss rose."""
    rng, net = np.random.default_rng([8, seed]), Network(sizes, dtype="float64", seed=seed)
    x, target = rng.random((1, sizes[0])), np.eye(sizes[-1])[:1]
    g, before = backprop_updates(net, x, target).weights[0], net.loss(x, target)
    W, total = net.weights[0].copy(), np.zeros(g.shape)
    for _ in range(trials):
        xi = rng.standard_normal(g.shape)
        net.weights[0][:] = W + sigma * xi
        total -= (net.loss(x, target) - before) / sigma * xi
    expected = np.degrees(np.arccos(np.sqrt(trials / (trials + g.size))))
    return angle(total, g), float(expected)


def two_steps(batch: int, start: float = 0.0, eta: float = 0.1) -> tuple[float, float]:
    """Angles after two steps of feedback alignment in a linear network whose hidden weights have
    the size ``start`` at first: of W_2 to B_1^T, and of layer 1's update to backprop's. batch: the
    seed of all that is drawn."""
    W_2, B_1, x, e = after_two_steps(batch, start, eta)
    return angle(W_2, B_1.T), angle((e @ B_1.T).T @ x, (e @ W_2).T @ x)


def after_two_steps(batch: int, start: float, eta: float) -> tuple[Array, Array, Array, Array]:
    """W_2 and B_1 after two steps, and the inputs and first errors of the batch, as rows."""
    rng = np.random.default_rng([9, batch])
    x, target = rng.normal(size=(4, 6)), rng.normal(size=(4, 3))
    B_1 = rng.normal(size=(5, 3))
    W_1, W_2 = start * rng.normal(size=(5, 6)), np.zeros((3, 5))
    for _ in range(2):
        r_1 = x @ W_1.T
        e = target - r_1 @ W_2.T
        W_1, W_2 = W_1 + eta * (e @ B_1.T).T @ x, W_2 + eta * e.T @ r_1
    return W_2, B_1, x, target


#: name: (degrees, a new direction for each batch, learning rate). Where the rate is 0.1 times the
#: cosine, the step is as long as backprop's.
TILTS = {
    "backprop": (0.0, True, 0.1),
    "75° anew": (75.0, True, 0.1),
    "75° anew, equal length": (75.0, True, 0.1 * np.cos(np.radians(75))),
    "backprop, short": (0.0, True, 0.1 * np.cos(np.radians(75))),
    "75° always the same": (75.0, False, 0.1),
}


def tilted(digits: Digits, name: str, seed: int = 0, epochs: int = 1) -> Array:
    """The training loss after each epoch, (epochs,), of one of TILTS."""
    degrees, fresh, rate = TILTS[name]
    history = fit(new_network(seed), Backprop(), Tilted(degrees, fresh, seed), digits.x_train,
                  digits.y_train, optimizer=SGD(rate), epochs=epochs, batch_size=64, seed=seed,
                  progress=False)  # fmt: skip
    return np.array(history["loss"])

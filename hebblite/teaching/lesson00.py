"""Pictures and the exercise of lesson 00, "Start here"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data import Digits, one_hot
from ..frameworks import DeepFeedbackControl
from ..network import Network
from ..rules import Rule
from ..stream import Block, Record
from ..training import History
from .chart import lines
from .checks import Exercise
from .svg import images, signed

Array = np.ndarray

# ---------------------------------------------------------------------- pictures


def draw_digits(x: Array, labels: Array) -> str:
    """Images x (N, 784) with their labels (N,)."""
    listed = ", ".join(map(str, labels))
    label = f"{len(x)} handwritten digits in grey. Their labels are {listed}."
    return images([row.reshape(28, 28) for row in x], [str(y) for y in labels], label)


def draw_curves(histories: dict[str, History]) -> str:
    """Test accuracy after each epoch of several runs."""
    series = {name: 100 * np.array(h["accuracy"]) for name, h in histories.items()}
    epochs = np.arange(1, 1 + max(len(y) for y in series.values()), dtype=float)
    ends = "; ".join(f"{name} ends at {y[-1]:.1f} percent" for name, y in series.items())
    label = f"Line chart of test accuracy against epochs: {ends}."
    return lines(epochs, [("Learning curves", "test accuracy (%)", series)], "epoch", label, 440)


def draw_filters(net: Network, start: Network, units: int = 16) -> str:
    """What learning added to the first-layer weights: ``net`` minus ``start``, as images around
    zero, for the units that changed the most."""
    W = net.weights[0] - start.weights[0]
    strongest = np.argsort(-np.linalg.norm(W, axis=1))[:units]
    tiles = [signed(W[i].reshape(28, 28)) for i in strongest]
    label = (
        f"{len(tiles)} images of 28 by 28 learned weight changes, one for each of the neurons of "
        "the first layer that changed most. Blue weights grew, orange ones shrank. The border, "
        "where no digit has ink, did not change."
    )
    return images(tiles, [f"unit {i}" for i in strongest], label)


def draw_mistakes(net: Network, x: Array, y: Array, count: int = 16) -> str:
    """The misread digits about which the network was most certain."""
    p = net.predict(x)
    guess = p.argmax(axis=1)
    wrong = np.flatnonzero(guess != y)
    wrong = wrong[np.argsort(-p[wrong, guess[wrong]])][:count]
    captions = [f"{y[i]} read as {guess[i]}" for i in wrong]
    label = f"{len(wrong)} misread digits: " + ", ".join(captions) + "."
    return images([x[i].reshape(28, 28) for i in wrong], captions, label)


def teaching_phase(
    net: Network, x: Array, target: Array, k_p: float, steps: int = 120, dt: float = 5e-4
) -> Block:
    """The recorded teaching phase of inputs x (B, n_0) with a proportional gain ``k_p``."""
    dfc = DeepFeedbackControl(k_p=k_p, dt=dt, steps=steps)
    recorded: Block = Record()(dfc.teach(net, x, target))
    return recorded


def draw_phase(net: Network, digits: Digits, index: int, k_p: float) -> str:
    """One teaching phase: rates of four hidden neurons, feedback per layer, output error."""
    x, y = digits.x_test[index : index + 1], digits.y_test[index : index + 1]
    phase = teaching_phase(net, x, one_hot(y, net.sizes[-1], confidence=0.9), k_p)
    ms = 1000 * phase.time
    hidden = phase.rates[1][:, 0]
    movers = np.sort(np.argsort(-np.ptp(hidden, axis=0), kind="stable")[:4])
    rates = {f"neuron {i}": hidden[:, i] for i in movers}
    drive = {f"layer {l + 1}": np.linalg.norm(a[:, 0], axis=1) for l, a in enumerate(phase.apical)}
    error = np.linalg.norm(phase.error[:, 0], axis=1)
    drive["output error"] = error
    guess = int(phase.rates[-1][0, 0].argmax())
    shift = max(float(np.ptp(hidden[:, i])) for i in movers)
    label = (
        f"Two line charts over {ms[-1]:.0f} milliseconds for a digit {y[0]} that the network first "
        f"reads as {guess}, with gain {k_p:g}. Left: the rates of four neurons of layer 1 move "
        f"by up to {shift:.3f}. Right: the size of the apical drive in each layer; the output "
        f"error goes from {error[0]:.3f} to {error[-1]:.3f}."
    )
    verdict = "right" if guess == y[0] else "wrong"
    summary = (
        f"<p>A {y[0]}, at first read as {guess} ({verdict}). "
        f"Output error |e|: {error[0]:.3f} → {error[-1]:.3f}.</p>"
    )
    panels = [
        ("Rates that move most", "rate r (no unit)", rates),
        ("Feedback and error", "size |a|, |e| (no unit)", drive),
    ]
    return summary + lines(ms, panels, "time (ms)", label)


# ---------------------------------------------------------------------- the engine with your piece


class WithUpdate(Rule):
    """A rule made from a function of the exercise: ``update(post, pre)`` for one input and layer.

    Slow, since it goes through the batch one input at a time, but it runs *your* line.
    """

    def __init__(self, update: Any) -> None:
        self.update = update

    def absorb(self, block: Block) -> None:
        for l, post in enumerate(block.rates[1:]):
            for b in range(block.batch):
                self._dW[l] += self.update(post[:, b], block.rates[l][:, b])
            self._db[l] += (post[-1] - post[0]).sum(axis=0)


def dh_update(post: Array, pre: Array) -> Array:
    """sum_t (post[t+1] - post[t]) pre[t]^T for post (T+1, n) and pre (T+1, m): (n, m)."""
    return (post[1:] - post[:-1]).T @ pre[:-1]


# ---------------------------------------------------------------------- exercise 00.1


def _trajectories(seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng([8, seed])
    steps, n, m = rng.integers(3, 7), rng.integers(2, 5), rng.integers(5, 8)
    return rng.uniform(0, 1, (steps + 1, n)), rng.uniform(0, 1, (steps + 1, m))


def _loop(post: Array, pre: Array) -> Array:
    dW = np.zeros((post.shape[1], pre.shape[1]))
    for t in range(len(post) - 1):
        dW += np.outer(post[t + 1] - post[t], pre[t])
    return dW


def _pairs(post: Array, pre: Array) -> Sequence[tuple[Array, Array]]:
    return [(post[t + 1] - post[t], pre[t]) for t in range(len(post) - 1)]


EXERCISES = {
    "00.1": Exercise(
        title="the differential Hebbian update",
        cases=_trajectories,
        reference=dh_update,
        right=(
            _loop,
            lambda post, pre: np.einsum("ti,tj->ij", np.diff(post, axis=0), pre[:-1]),
            lambda post, pre: sum(np.outer(d, p) for d, p in _pairs(post, pre)),
            # summation by parts, as in theorem T1
            lambda post, pre: (
                np.outer(post[-1], pre[-1])
                - np.outer(post[0], pre[0])
                - post[1:].T @ np.diff(pre, axis=0)
            ),
        ),
        wrong=(
            (
                lambda post, pre: -_loop(post, pre),
                "the sign is the wrong way round: the change is later minus earlier.",
            ),
            (
                lambda post, pre: _loop(post, pre).T,
                "this is the transpose: rows belong to the postsynaptic neuron, columns to the "
                "presynaptic one.",
            ),
            (
                lambda post, pre: np.diff(post, axis=0).T @ pre[1:],
                "wrong end of the interval: the presynaptic rate is taken at t, before the change, "
                "not at t+1.",
            ),
            (
                lambda post, pre: post[:-1].T @ pre[:-1],
                "this is plain Hebb: the *change* of the postsynaptic rate is missing.",
            ),
            (
                lambda post, pre: post.T @ pre,
                "this is plain Hebb: the *change* of the postsynaptic rate is missing.",
            ),
            (
                lambda post, pre: post[1:].T @ pre[:-1],
                "this is plain Hebb with a delay: the *change* of the postsynaptic rate is "
                "missing.",
            ),
            (
                lambda post, pre: _loop(post, pre) / (len(post) - 1),
                "you take the mean over the steps; the update is their sum.",
            ),
            (
                lambda post, pre: np.outer(post[-1] - post[0], pre[0]),
                "that is right only while the presynaptic rate is constant: here it moves too, so "
                "take the sum step by step.",
            ),
            (
                lambda post, pre: np.outer(post[-1] - post[0], pre[-1]),
                "that is right only while the presynaptic rate is constant: here it moves too, so "
                "take the sum step by step.",
            ),
            (
                lambda post, pre: post[:-1].T @ np.diff(pre, axis=0),
                "you differentiate the presynaptic rate; it is the *post*synaptic one that changes "
                "in this rule.",
            ),
            (
                lambda post, pre: np.diff(post, axis=0)[-1:].T @ pre[-2:-1],
                "this is the last step alone: sum over all steps.",
            ),
            (
                lambda post, pre: np.outer(np.diff(post, axis=0).sum(0), pre[:-1].sum(0)),
                "you sum post and pre separately; multiply first, at each step, then sum.",
            ),
        ),
        hints=(
            "One row of an array is one moment. How do you subtract from each row the one before?",
            "post[1:] - post[:-1] has shape (T, n). Which rows of pre were there just before each "
            "change?",
            "The sum over t of an outer product is one matrix product: (n, T) times (T, m).",
        ),
    ),
}

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
from .chart import Panel, Series, chart
from .exercises import Exercise
from .svg import images, png, signed

Array = np.ndarray

# ---------------------------------------------------------------------- pictures


def draw_digits(x: Array, labels: Array) -> str:
    """Images x (N, 784) with their labels (N,)."""
    listed = ", ".join(map(str, labels))
    label = f"{len(x)} handwritten digits in grey. Their labels are {listed}."
    return images([row.reshape(28, 28) for row in x], [str(y) for y in labels], label)


def draw_curves(
    histories: dict[str, History], start: float, broken: tuple[float, float] | None = None
) -> str:
    """Test accuracy after each epoch of several runs, from ``start`` before the first. ``broken``:
    the epoch in which plain Hebb broke down, and its accuracy then. Accuracies in [0, 1]."""
    curves = {n: 100 * np.array([start, *h["accuracy"]]) for n, h in histories.items()}
    series = [Series(n, np.arange(len(y)), y, "line+points") for n, y in curves.items()]
    ends = "; ".join(f"{name} ends at {y[-1]:.1f} percent" for name, y in curves.items())
    label = f"Line chart of test accuracy against epochs, from {100 * start:.1f} percent: {ends}"
    if broken is not None:
        epoch, accuracy = broken[0], 100 * broken[1]
        x, y = np.array([0.0, epoch]), np.array([100 * start, accuracy])
        series.append(Series("plain Hebb, until it broke down", x, y, "line+points"))
        label += f"; plain Hebb broke down after {epoch:.1f} epochs at {accuracy:.1f} percent"
    marks = [("y", 10.0, "blind guess, 10 %")]
    panel = Panel("Learning curves", "epoch", "test accuracy (%)", series, marks=marks)
    panel.x_range = (0.0, max(map(len, curves.values())) - 0.9)
    panel.y_range = (0.0, 100.0)
    return chart([panel], label + ".", 480)


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
    return images(tiles, [f"neuron {i}" for i in strongest], label)


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


STRONGEST = 4.0  # the gain that the axes of the picture are made for


def draw_phase(net: Network, digits: Digits, index: int, k_p: float) -> str:
    """One teaching phase: rates of three hidden neurons, feedback per layer, output error.

    Neurons and axes are those of the strongest gain, so that they stay as the gain changes.
    Feedback and error have the same axes for all digits, so that digits can be compared.
    """
    x, y = digits.x_test[index : index + 1], digits.y_test[index : index + 1]
    target = one_hot(y, net.sizes[-1], confidence=0.9)
    phase, widest = (teaching_phase(net, x, target, k) for k in (k_p, max(k_p, STRONGEST)))
    ms = 1000 * phase.time
    hidden, most = phase.rates[1][:, 0], widest.rates[1][:, 0]
    movers = np.sort(np.argsort(-np.ptp(most, axis=0), kind="stable")[:3])
    drive, hardest = (
        [np.linalg.norm(a[:, 0], axis=1) for a in block.apical] for block in (phase, widest)
    )
    error = np.linalg.norm(phase.error[:, 0], axis=1)
    panels = [
        Panel(
            "Rates that move most", "time (ms)", "rate r (no unit)",
            [Series(f"neuron {i}", ms, hidden[:, i], colour=j) for j, i in enumerate(movers)],
        ),
        Panel(
            "Feedback", "time (ms)", "size |a| (no unit)",
            [Series(f"layer {l + 1}", ms, a, colour=3 + l) for l, a in enumerate(drive)],
        ),
        Panel(
            "Output error", "time (ms)", "size |e| (no unit)",
            [Series("", ms, error)], y_range=(0.0, 1.4),
        ),
    ]  # fmt: skip
    tops = float(np.max(most[:, movers])), max(9.0, float(np.max(hardest)))
    for panel, top in zip(panels, tops, strict=False):
        top = 1.05 * top or 1.0
        panel.y_range = (-0.04 * top, top)
    guess = int(phase.rates[-1][0, 0].argmax())
    shift = max(float(np.ptp(hidden[:, i])) for i in movers)
    label = (
        f"Three line charts over {ms[-1]:.0f} milliseconds for a digit {y[0]} that the network "
        f"first reads as {guess}, with gain {k_p:g}. Left: the rates of three neurons of layer 1 "
        f"move by up to {shift:.3f}. Middle: the size of the apical drive in each layer, at most "
        f"{max(map(np.max, drive)):.3f}. Right: the output error goes from {error[0]:.3f} to "
        f"{error[-1]:.3f}."
    )
    verdict = "right" if guess == y[0] else "wrong"
    summary = (
        f"<p><img src='{png(x.reshape(28, 28))}' alt='The digit, a {y[0]}.' width='56' "
        "style='image-rendering:pixelated;vertical-align:middle;display:inline;margin:0 8px 0 0'> "
        f"A {y[0]}, at first read as {guess} ({verdict}). "
        f"Output error |e|: {error[0]:.3f} → {error[-1]:.3f}.</p>"
    )
    return summary + chart(panels, label, 700)


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
                lambda post, pre: np.outer(post[1] - post[0], pre[0]),
                "this is the first step alone: sum over all steps. Does a `return` stand inside "
                "your loop?",
            ),
            (
                lambda post, pre: _loop(post[:-1], pre[:-1]),
                "the last step is missing: T+1 moments have T changes between them, so t runs from "
                "0 to T-1. How many rows has post?",
            ),
            (
                lambda post, pre: _loop(post[1:], pre[1:]),
                "the first step is missing: t begins at 0.",
            ),
            (
                lambda post, pre: np.diff(post, axis=0).T @ np.diff(pre, axis=0),
                "you multiply the changes of both neurons. That is Kosko's rule, the first of this "
                "name; here the presynaptic factor is the rate itself.",
            ),
            (
                lambda post, pre: np.diff(post, axis=0).T @ (pre[1:] + pre[:-1]) / 2,
                "you take the presynaptic rate in the middle of each step; the formula takes it at "
                "its start.",
            ),
            (
                lambda post, pre: np.abs(np.diff(post, axis=0)).T @ pre[:-1],
                "you take the size of the change; its sign matters: a rate that falls weakens its "
                "synapses.",
            ),
            (
                lambda post, pre: np.gradient(post, axis=0).T @ pre,
                "np.gradient averages the changes before and after each moment; the formula takes "
                "the plain difference of one row and the next.",
            ),
            (
                lambda post, pre: np.diff(post).T @ pre,
                "np.diff without an axis subtracts neighbouring *neurons*; time runs along axis 0.",
            ),
            (
                lambda post, pre: np.diff(post, axis=0)[:, :, None] * pre[:-1, None],
                "each step is right, but they are not added up yet: sum over time, axis 0.",
            ),
            (
                lambda post, pre: np.outer(np.diff(post, axis=0).sum(0), pre[:-1].sum(0)),
                "you sum post and pre separately; multiply first, at each step, then sum.",
            ),
        ),
        hints=(
            "One row is one moment: a 1-D array, n numbers in post, m in pre. Which product of two "
            "vectors makes an (n, m) matrix? NumPy has it under its mathematical name.",
            "It is the outer product, np.outer. Which two rows of post make one change, and which "
            "row of pre was there just before it? Add up over all changes.",
            "Without a loop: post[1:] - post[:-1] has shape (T, n), and the sum over t of an outer "
            "product is one matrix product: (n, T) times (T, m).",
        ),
    ),
}

"""Teaching phases on digits: they may diverge, and their feedback is of several kinds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....analysis import angle, angles_to_backprop, jacobians, loops
from ....data import Digits, one_hot
from ....errors import ArgumentError, DivergenceError
from ....frameworks import Backprop, DeepFeedbackControl
from ....network import Network
from ....rules import DifferentialHebbian, Gradient
from ....stream import Block, Record
from ....training import fit

Array = np.ndarray
Layers = list[Array]


CONFIDENCE = 0.9  # of the targets: 0.9 for the label, the rest for the others


def small_network(digits: Digits, seed: int = 0) -> Network:
    """784-64-32-10, trained a little by backprop, so that it errs on every fifth digit or so."""
    few = np.random.default_rng([404, seed]).choice(len(digits.x_train), 4_000, replace=False)
    net = Network([784, 64, 32, 10], hidden="tanh", dtype="float64", seed=seed)
    fit(net, Backprop(), Gradient(), digits.x_train[few], digits.y_train[few], epochs=1,
        batch_size=64, confidence=CONFIDENCE, progress=False)  # fmt: skip
    return net


def some_digits(digits: Digits, which: Sequence[int] | Array) -> tuple[Array, Array]:
    """Inputs (B, 784) and targets (B, 10) of the test digits with these numbers."""
    x = digits.x_test[which].astype("float64")
    return x, one_hot(digits.y_test[which], 10, confidence=CONFIDENCE, dtype="float64")


def softmax_slopes(net: Network, x: Array) -> Array:
    """C = d y_hat / d r_L = diag(y_hat) - y_hat y_hat^T of each input, (B, n_L, n_L)."""
    said = net.predict(x)
    return said[:, :, None] * (np.eye(said.shape[1]) - said[:, None, :])


def zero_sum(n: int) -> Array:
    """A basis (n, n - 1) of the errors that sum to zero, which no softmax ever leaves."""
    return np.asarray(np.linalg.qr(np.eye(n) - 1 / n)[0][:, : n - 1])


def share_settled(net: Network, x: Array, Q: Layers | None) -> float:
    """Percent of the inputs for which every mode of C J Q dies out, among errors that sum to 0."""
    basis = zero_sum(net.sizes[-1])
    loop = basis.T @ softmax_slopes(net, x) @ loops(net, x, Q) @ basis
    return 100 * float(np.mean(np.linalg.eigvals(loop).real.min(axis=1) > 0))


def settles_and_teaches(
    net: Network, x: Array, target: Array, kind: str, learned: DeepFeedbackControl, seed: int = 0
) -> tuple[float, list[float]]:
    """Of "jacobian", "transpose", "learned" or "random" feedback: the percent of inputs for which
    the loop settles, and the angles to backprop of the update that it makes of a phase."""
    dfc = learned if kind == "learned" else DeepFeedbackControl(kind, seed=seed)
    update = DifferentialHebbian()(dfc.teach(net, x, target))
    Q = None if kind == "jacobian" else dfc.Q
    if kind == "transpose":
        Q = feedback_weights("transposed weights", net, x[:1], 0, [])[1]
    return share_settled(net, x, Q), angles_to_backprop(net, x, target, update)


def compare_kinds(
    net: Network, x: Array, target: Array, learned: DeepFeedbackControl, draws: int = 16
) -> dict[str, list[tuple[float, float]]]:
    """For each kind of feedback, and ``draws`` of the random one: the percent of inputs for which
    the loop settles, and the angle to backprop of the update of layer 1."""
    seeds = {"jacobian": 1, "transpose": 1, "learned": 1, "random": draws}
    return {
        kind: [
            (settled, angles[0])
            for seed in range(count)
            for settled, angles in [settles_and_teaches(net, x, target, kind, learned, seed)]
        ]
        for kind, count in seeds.items()
    }


def learn_from_noise(
    net: Network, digits: Digits, rounds: int = 300, every: int = 25, seed: int = 1
) -> tuple[DeepFeedbackControl, Array, Array]:
    """Feedback that learns from noise; the rounds (K,) and the angles (K, L) of each Q_l to the
    mean J_l^T of 1,000 digits."""
    mean_J = [J_l.mean(axis=0) for J_l in jacobians(net, digits.x_train[:1000])]
    mirror = DeepFeedbackControl("learned", seed=seed)
    mirror.learn_feedback(net, digits.x_train, rounds=1, rate=1e-9)  # random Q, hardly moved yet
    seen = np.arange(0, rounds + 1, every)
    angles = []
    for k in seen:
        if k:
            mirror.learn_feedback(net, digits.x_train, rounds=every)
        angles.append([angle(Q_l, J_l.T) for Q_l, J_l in zip(mirror.Q, mean_J, strict=True)])
    return mirror, seen, np.array(angles)


def watch(dfc: DeepFeedbackControl, net: Network, x: Array, target: Array) -> tuple[Block, str]:
    """The recorded teaching phase, as far as it got, and the engine's words if it diverged."""
    record, message = Record(), ""
    started = False
    try:
        for block in dfc.teach(net, x, target):
            if not started:
                record.start(block)
                started = True
            record.absorb(block)
    except DivergenceError as error:
        message = str(error)
        if not started and dfc.block != 1:  # within the first block: go there again, step by step
            dfc.block = 1
            return watch(dfc, net, x, target)
    whole: Block = record.finish()
    return whole, message


FEEDBACK = (
    "transposed Jacobian",
    "transposed weights",
    "learned from noise",
    "random in all layers",
    "Jacobian, label's sign flipped",
)
SECONDS = 0.3


def feedback_weights(
    kind: str, net: Network, x: Array, label: int, learned: Layers
) -> tuple[Layers, Layers]:
    """J_l and Q_l of one input x (1, n_0), by the names of FEEDBACK."""
    if kind not in FEEDBACK:
        raise ArgumentError("kind", repr(kind), f"one of {', '.join(FEEDBACK)}")
    J = [J_l[0] for J_l in jacobians(net, x)]
    aligned = [J_l.T for J_l in J]
    if kind == "transposed Jacobian":
        return J, aligned
    if kind == "transposed weights":
        Q = [np.eye(net.sizes[-1])]
        for W in net.weights[:0:-1]:
            Q.insert(0, W.T @ Q[0])
        return J, Q
    if kind == "learned from noise":
        return J, learned
    if kind == "random in all layers":
        rng = np.random.default_rng(44)
        draws = [rng.normal(size=q.shape) for q in aligned]
        return J, [
            d * np.linalg.norm(q) / np.linalg.norm(d) for d, q in zip(draws, aligned, strict=True)
        ]
    flip = np.ones(net.sizes[-1])
    flip[label] = -1
    return J, [q * flip for q in aligned]

"""One training run under any setting, watched after every epoch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ....analysis import angles_to_backprop, backprop_updates, preconditioners
from ....data import Digits, one_hot
from ....errors import DivergenceError
from ....frameworks import Backprop, DeepFeedbackControl
from ....frameworks.base import Framework
from ....history import History
from ....network import Network
from ....optim import Adam
from ....rules import DifferentialHebbian, ErrorBased, Gradient, Hebbian, Rule
from ....training import fit
from .variants import Array, Hurried, OutputLayerOnly

SIZES = (784, 100, 64, 32, 10)
SAMPLES, BATCH, EPOCHS, CONFIDENCE = 2_000, 64, 5, 0.9
#: Digits on which angles are measured: of the 10,000, so many that the run does not train on.
PROBES = 128
RULES: dict[str, type[Rule]] = {
    "differential Hebbian": DifferentialHebbian,
    "error-based": ErrorBased,
    "plain Hebb": Hebbian,
    "backprop": Gradient,
    "output layer only": OutputLayerOnly,
}


@dataclass(frozen=True)
class Setting:
    """What a run is made of; the values given here are those of the lesson.

    rule: one of RULES. feedback: "jacobian" (aligned) or "random". gain: k_p. dt, steps: the phase
    lasts ``steps * dt`` seconds. settled: the share of the way to the free state that every voltage
    has gone when plasticity comes on. epochs, lr: of the training.
    """

    rule: str = "differential Hebbian"
    feedback: str = "jacobian"
    gain: float = 0.5
    dt: float = 0.005
    steps: int = 20
    settled: float = 1.0
    epochs: int = EPOCHS
    lr: float = 1e-3

    def make(self, seed: int) -> tuple[Framework, Rule]:
        """Framework and rule. seed: of random feedback."""
        rule = RULES[self.rule]()
        if isinstance(rule, Gradient):
            return Backprop(), rule
        control = DeepFeedbackControl(
            self.feedback, k_p=self.gain, dt=self.dt, steps=self.steps, seed=seed
        )
        return (control if self.settled == 1 else Hurried(control, self.settled)), rule


@dataclass
class Run:
    """What one training run did, epoch by epoch; row 0 is the start.

    accuracy: on test digits (%). angles: to backprop on 128 digits that are not trained on, in
    degrees, one per layer. gain: |update| over |k_p times backprop's|, per layer. largest: the
    largest eigenvalue of P_l, mean over 16 of those digits. rest: of a hurried start, |what the
    rest of the journey adds| over |update without it|. words: the error that ended it.
    """

    accuracy: list[float] = field(default_factory=list)
    angles: list[list[float]] = field(default_factory=list)
    gain: list[list[float]] = field(default_factory=list)
    largest: list[list[float]] = field(default_factory=list)
    rest: list[list[float]] = field(default_factory=list)
    words: str = ""


@dataclass(frozen=True)
class Start:
    """What a seed draws: the digits that a run trains on, those that it is watched on with their
    targets, and a network with random weights."""

    x: Array
    y: Array
    probe: Array
    wanted: Array
    net: Network


def start(digits: Digits, seed: int = 0) -> Start:
    """What a run with this seed begins with."""
    order = np.random.default_rng([5, seed]).permutation(len(digits.x_train))
    chosen, probes = order[:SAMPLES], order[-PROBES:]
    return Start(
        digits.x_train[chosen],
        digits.y_train[chosen],
        digits.x_train[probes],
        one_hot(digits.y_train[probes], 10, confidence=CONFIDENCE),
        Network(SIZES, hidden="tanh", seed=seed),
    )


def train(
    digits: Digits, setting: Setting | None = None, seed: int = 0, spectra: bool = False
) -> Run:
    """Train what ``seed`` draws, by ``setting``, with Adam, and watch it after every epoch.

    spectra: whether to watch the eigenvalues of P_l, which takes a while."""
    setting = Setting() if setting is None else setting
    begun, run = start(digits, seed), Run()
    framework, rule = setting.make(seed)

    def watch(net: Network, _: Any) -> None:
        run.accuracy.append(100 * net.accuracy(digits.x_test, digits.y_test))
        _look(run, net, begun, framework, rule)
        if spectra:
            P = preconditioners(net, begun.probe[:16])[1:]  # P_1 = 1
            tops = [float(np.linalg.eigvalsh(P_l)[:, -1].mean()) for P_l in P]
            run.largest.append([1.0, *tops])

    try:
        watch(begun.net, None)
        history = fit(
            begun.net, framework, rule, begun.x, begun.y, epochs=setting.epochs,
            batch_size=BATCH, confidence=CONFIDENCE, seed=seed, optimizer=Adam(setting.lr),
            progress=False, callback=watch,
        )  # fmt: skip
    except DivergenceError as error:
        run.words = str(error)
        return run
    whole(history)
    return run


def whole(history: History) -> None:
    """Raise KeyboardInterrupt if a training was ended early: half a training would be drawn beside
    whole ones, and none of those that follow it should begin."""
    if history.interrupted:
        raise KeyboardInterrupt("You stopped this. Run the cell again to see all of it.")


def _look(run: Run, net: Network, begun: Start, framework: Framework, rule: Rule) -> None:
    """Add to ``run`` how the network's update compares with backprop's now."""
    updates = rule(framework.teach(net, begun.probe, begun.wanted))
    gradient = backprop_updates(net, begun.probe, begun.wanted)
    run.angles.append(angles_to_backprop(net, begun.probe, begun.wanted, updates))
    gain = getattr(framework, "k_p", 1.0)
    sizes = [[float(np.linalg.norm(W)) for W in u.weights] for u in (updates, gradient)]
    run.gain.append([a / (gain * b) if b else float("nan") for a, b in zip(*sizes, strict=True)])
    if isinstance(framework, Hurried):
        push = rule(framework.control.teach(net, begun.probe, begun.wanted)).weights
        pairs = zip(updates.weights, push, strict=True)
        run.rest.append([float(np.linalg.norm(W - V) / np.linalg.norm(V)) for W, V in pairs])

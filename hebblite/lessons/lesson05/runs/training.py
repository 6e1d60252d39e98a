"""The training runs of lesson 05: the race of three rules, one run for each broken assumption, and
the two values of Adam's eps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ....analysis import angles_to_backprop, backprop_updates, preconditioners
from ....data import Digits, one_hot
from ....errors import DivergenceError
from ....frameworks import Backprop, DeepFeedbackControl
from ....frameworks.base import Framework
from ....network import Network
from ....optim import Adam
from ....rules import DifferentialHebbian, ErrorBased, Gradient, Hebbian, Rule
from ....training import fit
from .variants import Array, Hurried, MeanDH, OutputLayerOnly

SIZES = (784, 100, 64, 32, 10)
SAMPLES = 4_000
PROBE = slice(9_000, 9_128)  # the digits of the angles: nobody trains on them
#: The controller of the training runs: its phase of 0.1 s is about ten time constants of a neuron.
CONTROL: dict[str, Any] = {"k_p": 0.5, "dt": 0.005, "steps": 20}


@dataclass
class Run:
    """What one training run did, epoch by epoch; row 0 is the start.

    accuracy: on test digits. angles: to backprop on 128 digits that are not trained on, in
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


def train(
    digits: Digits,
    framework: Framework,
    rule: Rule,
    seed: int = 0,
    epochs: int = 5,
    lr: float = 1e-3,
    sizes: Sequence[int] = SIZES,
    spectra: bool = False,
) -> Run:
    """Train a tanh network with Adam on the first 4,000 digits, watching it after every epoch.

    spectra: whether to watch the eigenvalues of P_l, which takes a while."""
    net, run = Network(sizes, hidden="tanh", seed=seed), Run()

    def watch(net: Network, _: Any) -> None:
        _look(run, net, digits, framework, rule)
        if spectra:
            P = preconditioners(net, digits.x_train[PROBE][:16])[1:]  # P_1 = 1
            tops = [float(np.linalg.eigvalsh(P_l)[:, -1].mean()) for P_l in P]
            run.largest.append([1.0, *tops])

    try:
        watch(net, None)
        fit(
            net,
            framework,
            rule,
            digits.x_train[:SAMPLES],
            digits.y_train[:SAMPLES],
            epochs=epochs,
            batch_size=64,
            confidence=0.9,
            seed=seed,
            optimizer=Adam(lr),
            progress=False,
            callback=watch,
        )
    except DivergenceError as error:
        run.words = str(error)
    return run


def _look(run: Run, net: Network, digits: Digits, framework: Framework, rule: Rule) -> None:
    """Add to ``run`` what the network can do now, and how its update compares with backprop's."""
    probe = digits.x_train[PROBE]
    target = one_hot(digits.y_train[PROBE], 10, confidence=0.9)
    run.accuracy.append(100 * net.accuracy(digits.x_test, digits.y_test))
    updates = rule(framework.teach(net, probe, target))
    gradient = backprop_updates(net, probe, target)
    run.angles.append(angles_to_backprop(net, probe, target, updates))
    gain = getattr(framework, "k_p", 1.0)
    sizes = [[float(np.linalg.norm(W)) for W in u.weights] for u in (updates, gradient)]
    run.gain.append([a / (gain * b) if b else float("nan") for a, b in zip(*sizes, strict=True)])
    if isinstance(framework, Hurried):
        push = rule(framework.control.teach(net, probe, target)).weights
        pairs = zip(updates.weights, push, strict=True)
        run.rest.append([float(np.linalg.norm(W - V) / np.linalg.norm(V)) for W, V in pairs])


def races(digits: Digits, seeds: Sequence[int] = (0, 1, 2)) -> dict[str, list[Run]]:
    """Differential Hebb, error-based learning and backprop from the same weights, per seed."""
    control = DeepFeedbackControl(**CONTROL)
    racers: dict[str, tuple[Framework, Rule]] = {
        "differential Hebbian": (control, DifferentialHebbian()),
        "error-based": (control, ErrorBased()),
        "backprop": (Backprop(), Gradient()),
    }
    return {
        name: [
            train(digits, framework, rule, seed, spectra=isinstance(rule, DifferentialHebbian))
            for seed in seeds
        ]
        for name, (framework, rule) in racers.items()
    }


#: name: (what it breaks, framework, rule, learning rate)
BREAKS: dict[str, tuple[str, Callable[[], Framework], Callable[[], Rule], float]] = {
    "nothing broken": (
        "the run of the race",
        lambda: DeepFeedbackControl(**CONTROL),
        DifferentialHebbian,
        1e-3,
    ),
    "random feedback": (
        "alignment: Q is drawn at random and stays",
        lambda: DeepFeedbackControl("random", **CONTROL),
        DifferentialHebbian,
        1e-3,
    ),
    "phase cut short": (
        "rest at the end: the phase lasts 5 ms instead of 100 ms (in ten steps)",
        lambda: DeepFeedbackControl(**(CONTROL | {"dt": 0.0005, "steps": 10})),
        DifferentialHebbian,
        1e-3,
    ),
    "97 % settled at the start": (
        "rest at the start: plasticity comes on when the free state is 97 % reached",
        lambda: Hurried(DeepFeedbackControl(**CONTROL), 0.97),
        DifferentialHebbian,
        1e-3,
    ),
    "90 % settled at the start": (
        "rest at the start: plasticity comes on when the free state is 90 % reached",
        lambda: Hurried(DeepFeedbackControl(**CONTROL), 0.9),
        DifferentialHebbian,
        1e-3,
    ),
    "gain 8": (
        "weakness: the controller pushes 16 times as hard",
        lambda: DeepFeedbackControl(**(CONTROL | {"k_p": 8.0})),
        DifferentialHebbian,
        1e-3,
    ),
    "gain 24": (
        "stability: the loop overshoots at every step (gain 24)",
        lambda: DeepFeedbackControl(**(CONTROL | {"k_p": 24.0})),
        DifferentialHebbian,
        1e-3,
    ),
    "plain Hebb": (
        "the rule itself: rates instead of their change",
        lambda: DeepFeedbackControl(**CONTROL),
        Hebbian,
        1e-3,
    ),
    "output layer only": (
        "depth: hidden layers stay as they were drawn (exact gradient, ten times the rate)",
        Backprop,
        OutputLayerOnly,
        1e-2,
    ),
}


def break_all(digits: Digits, whole: Run) -> dict[str, Run]:
    """One run for each way to break an assumption, beside the run in which nothing is broken."""
    runs = {"nothing broken": whole}
    for name, (_, framework, rule, lr) in BREAKS.items():
        if name not in runs:
            runs[name] = train(digits, framework(), rule(), lr=lr)
    return runs


def adam_runs(digits: Digits, epochs: int = 10) -> dict[tuple[str, float], tuple[Array, Any]]:
    """The published step size, batch and time axis on a small network and 2,000 digits, with
    either feedback and either eps of Adam: (accuracy per epoch, first update)."""
    runs = {}
    x, y = digits.x_train[:2_000], digits.y_train[:2_000]
    for feedback in ("jacobian", "random"):
        for eps in (9e-5, 1e-8):
            net = Network([784, 64, 64, 10], hidden="sigmoid", seed=0)
            control = DeepFeedbackControl(feedback, k_p=2, dt=1e-3, steps=500, adaptive=0.003)
            rule = MeanDH(500)
            first = rule(control.teach(net, x[:128], one_hot(y[:128], 10, confidence=0.9)))
            history = fit(
                net,
                control,
                rule,
                x,
                y,
                epochs=epochs,
                batch_size=128,
                confidence=0.9,
                validation=(digits.x_test, digits.y_test),
                progress=False,
                optimizer=Adam(2.7e-4, betas=(0.9, 0.9), eps=eps),
            )
            runs[feedback, eps] = 100 * np.array(history["accuracy"]), first
    return runs

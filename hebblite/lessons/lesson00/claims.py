"""What lesson 00 claims: it learns, nearly as well as backprop; plain Hebb must fail."""

from __future__ import annotations

import contextlib
import functools

import numpy as np

from ...analysis import angles_to_backprop
from ...data import Digits, load_digits, one_hot
from ...errors import DivergenceError
from ...frameworks import Backprop, DeepFeedbackControl, Framework
from ...network import Network
from ...optim import SGD, Adam, Optimizer
from ...rules import DifferentialHebbian, Gradient, Hebbian, Rule
from ...stream import Record
from ...teaching.claims import claim
from ...training import fit
from .exercises import dh_update
from .runs import CONTROL, WithUpdate, growth, new_network, settings, teaching_phase

Array = np.ndarray


@functools.lru_cache(1)
def digits() -> Digits:
    return load_digits()


def reached(
    net: Network,
    framework: Framework,
    rule: Rule,
    seed: int,
    epochs: int,
    count: int = 10_000,
    optimizer: Optimizer | None = None,
) -> float:
    """Train in place on ``count`` digits; the accuracy in the end, broken down or not."""
    d = digits()
    with contextlib.suppress(DivergenceError):
        fit(net, framework, rule, d.x_train[:count], d.y_train[:count], epochs=epochs, seed=seed,
            optimizer=optimizer, progress=False, **settings(d))  # fmt: skip
    return net.accuracy(d.x_test, d.y_test)


@functools.lru_cache(4)
def taught(seed: int) -> tuple[Network, float]:
    """A network after five epochs of DH, and its accuracy."""
    net = new_network(seed)
    return net, reached(net, CONTROL, DifferentialHebbian(), seed, 5)


@claim("00.c1", "DH reads more than 90 % of new digits after five epochs",
       said="DH reads more than 90 of 100 new digits",
       share=0.9, low=0.9)  # fmt: skip
def learns(seed: int) -> float:
    return taught(seed)[1]


@claim("00.c2", "DH stays within three points of backprop",
       said="On at least 8 of 10 networks the two end within three points of each other",
       share=0.8, high=0.03)  # fmt: skip
def as_well(seed: int) -> float:
    backprop = reached(new_network(seed), Backprop(), Gradient(), seed, 5)
    return abs(taught(seed)[1] - backprop)


@claim("00.c3", "plain Hebb stays below 25 %",
       said="it reads fewer than 25 of 100", share=0.9, high=0.25,
       control=True)  # fmt: skip
def hebb_fails(seed: int) -> float:
    return reached(new_network(seed), CONTROL, Hebbian(), seed, 1)


@claim("00.c4", "plain Hebb makes the rates of layer 2 at least a hundred times as large",
       said="the rates of layer 2 are at least a hundred times as large", share=0.9, low=100,
       control=True)  # fmt: skip
def hebb_grows(seed: int) -> float:
    net = new_network(seed)
    reached(net, CONTROL, Hebbian(), seed, 1)
    return growth(net, digits(), seed)


@claim("00.c5", "plain Hebb fails without the proportional part of the controller, too",
       said="A gentle controller does not save it", share=0.9,
       high=0.25, control=True)  # fmt: skip
def hebb_fails_gently(seed: int) -> float:
    gentle = DeepFeedbackControl(k_p=0.0, dt=0.001, steps=20)
    return reached(new_network(seed), gentle, Hebbian(), seed, 1)


def angles(seed: int, rule: Rule) -> list[float]:
    """Degrees between a rule's update and backprop's, for each layer of a new network."""
    d, net = digits(), new_network(seed)
    rows = np.random.default_rng(seed).integers(len(d.x_train), size=128)
    x, target = d.x_train[rows], one_hot(d.y_train[rows], confidence=0.9)
    return list(angles_to_backprop(net, x, target, rule(CONTROL.teach(net, x, target))))


@claim("00.c6", "DH is less than 45 degrees from backprop in every layer",
       said="DH stays below 45° in every layer", share=0.9,
       high=45)  # fmt: skip
def goes_that_way(seed: int) -> float:
    return max(angles(seed, DifferentialHebbian()))


@claim("00.c7", "plain Hebb is more than 90 degrees from backprop in every layer",
       said="more than 90° in every layer", share=0.9, low=90,
       control=True)  # fmt: skip
def goes_against_it(seed: int) -> float:
    return min(angles(seed, Hebbian()))


def remaining(net: Network, index: int, gain: float) -> float:
    """The size of the error at the end of a teaching phase."""
    d = digits()
    target = one_hot(d.y_test[index : index + 1], confidence=0.9)
    phase = teaching_phase(net, d.x_test[index : index + 1], target, gain)
    return float(np.linalg.norm(phase.error[-1]))


@claim("00.c8", "doubling a gain of 1 leaves more than half of the error, for most digits",
       said="leaves more than half of the error on at least 8 of 10 digits", share=0.9,
       low=0.8)  # fmt: skip
def doubling(seed: int) -> float:
    net = taught(seed)[0]
    drawn = np.random.default_rng(seed).integers(2_000, size=40)
    return float(np.mean([remaining(net, i, 2.0) > 0.5 * remaining(net, i, 1.0) for i in drawn]))


@claim("00.c9", "a misread digit calls for more feedback than one that is read well",
       said="a misread digit calls for at least twice the feedback",
       share=0.9, low=2.0)  # fmt: skip
def misread_digits_need_more(seed: int) -> float:
    net, d = taught(seed)[0], digits()
    wrong = np.flatnonzero(net.predict(d.x_test).argmax(axis=1) != d.y_test)[:30]
    right = np.setdiff1d(np.arange(200), wrong)[:100]
    size = []
    for rows in (wrong, right):
        target = one_hot(d.y_test[rows], confidence=0.9)
        drive = teaching_phase(net, d.x_test[rows], target, 2.0).apical[0]
        size.append(np.linalg.norm(drive, axis=2).mean())
    return float(size[0] / size[1])


@claim("00.c10", "a loop over digits teaches too: the rule of the exercise",
       said="It reads more than 70 of 100 new digits", share=0.9,
       low=0.7)  # fmt: skip
def own_rule(seed: int) -> float:
    return reached(new_network(seed), CONTROL, WithUpdate(dh_update), seed, 1, 2_000)


def weak() -> DeepFeedbackControl:
    """The controller without its proportional part."""
    return DeepFeedbackControl(k_p=0.0, k_i=1.0, dt=0.005, steps=20)


@claim("00.c11", "without the proportional part rates move three to six times less",
       said="moves the rates three to six times less", share=0.9,
       low=3, high=6)  # fmt: skip
def moves_less(seed: int) -> float:
    d, net = digits(), new_network(seed)
    x, target = d.x_test[:200], one_hot(d.y_test[:200], confidence=0.9)
    moved = []
    for control in (CONTROL, weak()):
        rates = Record()(control.teach(net, x, target)).rates[1:]
        moved.append(sum(float(np.abs(r[-1] - r[0]).sum()) for r in rates))
    return moved[0] / moved[1]


@claim("00.c12", "with SGD, a small change teaches less",
       said="With SGD the weak teacher teaches less", share=0.9,
       low=0.0)  # fmt: skip
def slow_with_sgd(seed: int) -> float:
    return difference(seed, SGD, 0.1)


@claim("00.c13", "with Adam, a small change teaches as well as a large one",
       said="With Adam it ends within four points of the strong one", share=0.9, low=-0.04,
       high=0.04)  # fmt: skip
def as_fast_with_adam(seed: int) -> float:
    return difference(seed, Adam, 0.001)


def difference(seed: int, kind: type[Optimizer], lr: float) -> float:
    """How much higher the accuracy is after one epoch with the proportional part than without."""
    high, low = (
        reached(new_network(seed), control, DifferentialHebbian(), seed, 1, 4_000, kind(lr))
        for control in (CONTROL, weak())
    )
    return high - low

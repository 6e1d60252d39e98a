"""Three worked starts, two rules and a theory of feedback, and what their cards leave open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....analysis import angles, angles_to_backprop
from ....frameworks import (
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    Framework,
    PredictiveCoding,
)
from ....network import Network
from ....rules import DifferentialHebbian, Rule
from ....teaching.remembered import remembered
from ....teaching.testbench import Card, framework_from, rule_from, try_framework
from .observer import ApicalObserver, Signals

Array = np.ndarray


# ---------------------------------------------------------------------- the starts


def pre_at_the_end(post: Array, pre: Array) -> Array:
    """Differential Hebb with the presynaptic rate at the end of each step. post (T+1, B, n) and
    pre (T+1, B, m); the update is (n, m), as of every rule here."""
    return np.einsum("tbi,tbj->ij", np.diff(post, axis=0), pre[1:]) / post.shape[1]


def dendrite(post: Array, pre: Array, apical: Array) -> Array:
    """What stands in the apical dendrite (T+1, B, n) in the taught state, times pre."""
    return np.einsum("bi,bj->ij", apical[-1], pre[-1]) / post.shape[1]


def direct_feedback(weights: list[Array], error: Array) -> list[Array]:
    """The output error (B, n_L) through fixed random weights straight to every layer, without a
    controller: apical drives of layers 1..L, each (B, n_l)."""
    rng, top = np.random.default_rng(0), len(weights[-1])  # the same feedback every time
    Q = [rng.normal(0, top**-0.5, (len(W), top)) for W in weights[:-1]]
    return [*(error @ Q_l.T for Q_l in Q), error]


# ---------------------------------------------------------------------- what is measured of them


SCALE = 0.35
#: Each theory with a weak teacher.
WEAK: dict[str, Callable[[], Framework]] = {
    "DFC": lambda: DeepFeedbackControl(k_p=0.1, k_i=0.0, dt=1e-3, steps=100),
    "PC": lambda: PredictiveCoding(nudge=0.1, step=0.1, steps=100),
    "EP": lambda: EquilibriumPropagation(
        nudge=0.1, kind="centred", free_steps=60, nudged_steps=60, step=0.2
    ),
    "DEB": lambda: DendriticMicrocircuit(g_som=0.1, dt=1e-3, steps=60),
}


@remembered
def problem(seed: int = 0) -> tuple[Network, Array, Array]:
    """A random network of four layers and one batch, x (16, 12) and target (16, 5)."""
    rng = np.random.default_rng([131, seed])
    net = Network((12, 16, 16, 16, 5), "tanh", "linear", dtype="float64", seed=seed)
    for W in net.weights[1:]:
        W *= SCALE  # so that Equilibrium Propagation has one valley near the feedforward pass
    return net, rng.normal(size=(16, 12)), np.eye(5)[rng.integers(5, size=16)]


def off(rule: Any, theory: str = "DFC", seed: int = 0) -> list[float]:
    """The angle to backprop in each layer (deg), of a rule that is a function or one of ours."""
    net, x, target = problem(seed)
    made = rule if isinstance(rule, Rule) else rule_from(rule)
    return angles_to_backprop(net, x, target, made(WEAK[theory]().teach(net, x, target)))


def late_over_steps(seed: int = 0, factors: tuple[int, ...] = (1, 2, 4, 8)) -> dict[str, Array]:
    """Whether pre at the end of a step is another rule. dt: (K,), seconds of a step. apart: (K,),
    the greatest angle over the layers (deg) between it and differential Hebb, in one phase."""
    net, x, target = problem(seed)
    steps, apart = [], []
    for factor in factors:
        dt = 4e-3 / factor
        dfc = DeepFeedbackControl(k_p=0.5, k_i=0.0, dt=dt, steps=25 * factor)
        late = rule_from(pre_at_the_end)(dfc.teach(net, x, target))
        apart.append(max(angles(late, DifferentialHebbian()(dfc.teach(net, x, target)))))
        steps.append(dt)
    return {"dt": np.array(steps), "apart": np.array(apart)}


class Tonic(DeepFeedbackControl):
    """Deep Feedback Control whose apical dendrites get, beside the teacher, a constant drive that
    is there all the time, of ``size`` times a random number for each neuron. The basal drive makes
    up for it, so that no soma and no rate is other than it was."""

    def __init__(self, size: float, **settings: Any) -> None:
        super().__init__(**settings)
        self.size = size

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Any:
        rng = np.random.default_rng(0)
        extra = [self.size * rng.normal(size=n).astype(net.dtype) for n in net.sizes[1:]]
        for block in super().teach(net, x, target, voltages):
            block.apical = [a + more for a, more in zip(block.apical, extra, strict=True)]
            block.basal = [b - more for b, more in zip(block.basal, extra, strict=True)]
            yield block


def with_a_constant(rule: Any, size: float, seed: int = 0) -> list[float]:
    """The angle to backprop in each layer (deg) with such a constant drive."""
    net, x, target = problem(seed)
    made = rule if isinstance(rule, Rule) else rule_from(rule)
    framework: Framework = Tonic(size, k_p=0.1, k_i=0.0, dt=1e-3, steps=100)
    return angles_to_backprop(net, x, target, made(framework.teach(net, x, target)))


SIZES = (0.0, 0.1, 0.3, 1.0, 3.0)


def over_constants(seed: int = 0, sizes: tuple[float, ...] = SIZES) -> dict[str, Array]:
    """size: (K,), of the constant drive, as a share of the mean size of the teacher's. dendrite,
    dh: (K,), the angle to backprop in the worst hidden layer (deg)."""
    net, x, target = problem(seed)
    taught: Signals = ApicalObserver()(
        Tonic(0.0, k_p=0.1, k_i=0.0, dt=1e-3, steps=100).teach(net, x, target)
    )
    usual = float(np.mean([np.abs(a).mean() for a in taught.taught[:-1]]))
    rules: dict[str, Any] = {"dendrite": dendrite, "dh": DifferentialHebbian()}
    return {"size": np.array(sizes)} | {
        name: np.array([max(with_a_constant(rule, s * usual, seed)[:-1]) for s in sizes])
        for name, rule in rules.items()
    }


@remembered
def card_of_direct(seed: int = 0) -> Card:
    """The card of direct feedback, with digits."""
    return try_framework(direct_feedback, seed=seed)


def direct_angles(seed: int = 0) -> list[float]:
    """Direct feedback as DH reads it: the angle to backprop in each layer (deg), untrained."""
    net, x, target = problem(seed)
    updates = DifferentialHebbian()(framework_from(direct_feedback).teach(net, x, target))
    return angles_to_backprop(net, x, target, updates)

"""The stage of lesson 07: a network with a linear output that differential Hebb has trained, digits
that it has not seen, and the controller that puts their errors right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....analysis import loops
from ....data import Digits, one_hot
from ....frameworks import Backprop, DeepFeedbackControl
from ....frameworks.base import Framework
from ....losses import ErrorOverTime, InferenceLatency
from ....network import Network
from ....optim import Adam
from ....rules import DifferentialHebbian, Gradient, Rule
from ....stream import fold
from ....training import fit

Array = np.ndarray

SIZES = (784, 64, 32, 10)
SAMPLES, PROBES, BATCH, EPOCHS, CONFIDENCE = 2_000, 200, 64, 4, 0.9
#: Below this size of the error the largest output is always the right one: to confuse two digits,
#: an error must be at least as long as (0.9 - 0.1 / 9) / sqrt(2) = 0.63.
E_TOL = 0.3
#: Integral control alone, k_i / tau_u = 1 per second, and neurons of 10.5 ms.
LOOP: dict[str, Any] = {"k_p": 0, "k_i": 1, "leak": 0, "dt": 0.0025}
STEPS = 800


@dataclass(frozen=True)
class Stage:
    """nets: the network before training and after each epoch. x, labels, wanted: digits that it
    does not train on, (B, 784), (B,), and their targets (B, 10)."""

    nets: list[Network]
    x: Array
    labels: Array
    wanted: Array

    @property
    def net(self) -> Network:
        """The network after the last epoch."""
        return self.nets[-1]


def stage(digits: Digits, seed: int = 0, epochs: int = EPOCHS, backprop: bool = False) -> Stage:
    """Draw digits and a network from ``seed``, train it, and keep it after every epoch, in
    float64. backprop: train by backprop in place of differential Hebb."""
    order = np.random.default_rng([7, seed]).permutation(len(digits.x_train))
    chosen, probes = order[:SAMPLES], order[-PROBES:]
    net = Network(SIZES, hidden="tanh", output="linear", seed=seed)
    nets = [net.astype("float64")]
    framework: Framework = DeepFeedbackControl(k_p=0.5, dt=0.005, steps=20)
    rule: Rule = DifferentialHebbian()
    if backprop:
        framework, rule = Backprop(), Gradient()
    history = fit(
        net, framework, rule, digits.x_train[chosen], digits.y_train[chosen], epochs=epochs,
        batch_size=BATCH, confidence=CONFIDENCE, seed=seed, optimizer=Adam(1e-3), progress=False,
        callback=lambda net, _: nets.append(net.astype("float64")),
    )  # fmt: skip
    if history.interrupted:
        raise KeyboardInterrupt("You stopped this. Run the cell again to see all of it.")
    labels = digits.y_train[probes]
    wanted = one_hot(labels, 10, confidence=CONFIDENCE)
    return Stage(nets, digits.x_train[probes].astype(float), labels, wanted.astype(float))


@dataclass(frozen=True)
class Timed:
    """A recorded phase of B digits. time (T+1,) in seconds; size (T+1, B), the error of each at
    each moment; latency (B,), seconds until it has come down to e_tol, inf if it has not."""

    time: Array
    size: Array
    latency: Array
    e_tol: float

    @property
    def first(self) -> Array:
        """|e_0| of each digit, (B,)."""
        return np.asarray(self.size[0])


def timed(
    net: Network,
    x: Array,
    wanted: Array,
    feedback: str | DeepFeedbackControl = "jacobian",
    e_tol: float = E_TOL,
    steps: int = STEPS,
    crossing: Any = None,
) -> Timed:
    """Let the controller put the errors of all digits right, and record them.

    feedback: "jacobian" (Q = J^T), "gauss-newton" (J Q = 1), or a controller.
    crossing: a function of (time, size, e_tol) such as the learner's, in place of the engine's."""
    control = feedback
    if isinstance(control, str):
        control = DeepFeedbackControl(control, steps=steps, **LOOP)
    states = control.teach(net, x, wanted, voltages=False)
    (size, time), latency = fold(states, ErrorOverTime(), InferenceLatency(e_tol))
    if crossing is not None:
        latency = np.asarray(crossing(time, size, e_tol))
    return Timed(time, size, latency, e_tol)


def errors(net: Network, x: Array, wanted: Array) -> Array:
    """e_0, the error without feedback, (B, n_L)."""
    return np.asarray(wanted - net.feedforward(x)[1][-1])


def predicted(net: Network, x: Array, wanted: Array, e_tol: float = E_TOL) -> tuple[Array, Array]:
    """The bounds of theorem T5 on the latency with Q = J^T, for k_i / tau_u = 1 per second: the
    least and the largest latency that the eigenvalues of J J^T allow, (B,) each."""
    spectrum = np.linalg.eigvalsh(loops(net, x))
    ratio = np.log(np.maximum(np.linalg.norm(errors(net, x, wanted), axis=1) / e_tol, 1))
    return ratio / spectrum[:, -1], ratio / spectrum[:, 0]

"""What one network shows of all losses at once, on the same inputs: one number for each.

    error      |e| of the free state
    feedback   1/2 sum_l |a_l|^2 at the end of a teaching phase of the controller that trains
    latency    seconds until |e| <= delta under integral control alone, with fast neurons (T5)
    least      H*, the least feedback that puts the output on its target (T4)
    gain       the mean eigenvalue of J Q, with Q = J^T: what a unit of control does to the output
    way        |d|, how far the output voltages must go to reach the target

The last two are no losses. They say *why* the others are small: in first order a loop with J Q =
gain 1 needs  H* = |d|^2 / (2 gain)  and  T = ln(|e| / delta) / (k gain).  So a network can lower
both by a smaller error, and by a larger gain as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import analysis
from ..errors import check_kind, check_number, check_target
from ..frameworks import DeepFeedbackControl
from ..frameworks.pc import clamped_voltage, on_clamp
from ..lanes import one_thread
from ..network import Network
from ..stream import fold
from .control import least_control
from .folds import FeedbackAmount, InferenceLatency, OutputError

Array = np.ndarray

#: The controller of a teaching phase, whose feedback is measured: that of ``train``.
TEACHING: dict[str, Any] = {"k_p": 0.5, "dt": 0.005, "steps": 20}
#: Integral control alone with fast neurons, k = k_i / tau_u = 10 per second, for 4 seconds.
INTEGRAL: dict[str, Any] = {
    "k_p": 0.0, "k_i": 1.0, "leak": 0.0, "tau_v": 0.001, "tau_u": 0.1, "dt": 0.001, "steps": 4000,
    "adaptive": 0.003,
}  # fmt: skip
#: The answer counts as right when |e| is at most this.
DELTA = 0.3


@dataclass(frozen=True)
class Together:
    """One number for each input, (B,) each: see above. An input whose error never comes down to
    delta counts with the length of the phase as its latency."""

    error: Array
    feedback: Array
    latency: Array
    least: Array
    gain: Array
    way: Array

    @property
    def latency_at_gain_1(self) -> Array:
        """latency x gain: in first order, the latency if the loop's gain were 1."""
        return self.latency * self.gain

    @property
    def least_at_gain_1(self) -> Array:
        """least x gain: in first order, H* if the loop's gain were 1."""
        return self.least * self.gain

    def means(self) -> dict[str, float]:
        """The mean of each over the inputs, by its name."""
        extra = ("latency_at_gain_1", "least_at_gain_1")
        return {name: float(np.mean(getattr(self, name))) for name in (*vars(self), *extra)}


@one_thread()
def all_losses(net: Network, x: Any, target: Any, delta: float = DELTA) -> Together:
    """All of the above for inputs x (B, n_0) and targets (B, n_L), in float64 whatever the network
    has, with the controllers TEACHING and INTEGRAL."""
    check_kind("net", net, Network)
    delta, net = check_number("delta", delta, above=0), net.astype("float64")
    v, r = net.feedforward(x)
    target = check_target(target, len(r[0]), net.sizes[-1], net.dtype, net.output)
    teaching, integral = DeepFeedbackControl(**TEACHING), DeepFeedbackControl(**INTEGRAL)
    cap = integral.steps * integral.dt
    error, feedback = fold(teaching.teach(net, x, target), OutputError(), FeedbackAmount())
    (latency,) = fold(integral.teach(net, x, target, False), InferenceLatency(delta, cap))
    loops = analysis.loops(net, x)
    d = on_clamp(net, clamped_voltage(net, target), v[-1]) - v[-1]
    return Together(
        error=error,
        feedback=feedback,
        latency=latency,
        least=least_control(net, x, target).H,
        gain=np.trace(loops, axis1=1, axis2=2) / net.sizes[-1],
        way=np.linalg.norm(d, axis=1),
    )

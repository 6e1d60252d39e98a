"""One push through one small network: what each layer does itself, and what is handed up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ....analysis import angle, backprop_updates
from ....frameworks import DeepFeedbackControl
from ....network import Network
from ....rules import DifferentialHebbian, Updates
from ....stream import Block, Record, fold
from ....teaching.remembered import remembered

Array = np.ndarray
Layers = list[Array]
Case = tuple[Network, Array, Array]


def random_case(seed: int, hidden: str = "tanh") -> Case:
    """A network of 2 to 4 layers in float64, one input (1, n_0) and one target (1, n_L)."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(5, 13, size=rng.integers(3, 6)).tolist()
    net = Network(sizes, hidden=hidden, output="linear", dtype="float64", seed=seed)
    return net, rng.normal(size=(1, sizes[0])), rng.normal(size=(1, sizes[-1]))


def slopes_of(net: Network, x: Array) -> Layers:
    """phi'(v_l) in the free state of one input: the diagonals of D_l, l = 1..L, each (n_l,)."""
    rates = net.feedforward(x)[1]
    return [phi.slope(r)[0] for phi, r in zip(net.activations, rates[1:], strict=True)]


@dataclass(frozen=True)
class Push:
    """A recorded teaching phase of one input. Lists have one vector (n_l,) for each layer
    l = 1..L, between the free state and row ``t`` of the phase, by default the last."""

    net: Network
    phase: Block
    on_voltages: Updates
    on_rates: Updates
    gradient: Updates
    euler: float  # dt / tau, how far one Euler step goes

    def moved(self, t: int = -1) -> Layers:
        """v_l[t] - v_l^-: what the neurons did."""
        return [v[t, 0] - v[0, 0] for v in self.phase.voltages]

    def apical(self, t: int = -1) -> Layers:
        """a_l[t]: the push that each layer gets from the controller."""
        return [a[t, 0] for a in self.phase.apical]

    def from_below(self, t: int = -1) -> Layers:
        """W_l (r_{l-1}[t] - r_{l-1}^-): what the layer below hands up; none in layer 1."""
        below = [r[t, 0] - r[0, 0] for r in self.phase.rates[:-1]]
        return [W @ dr for W, dr in zip(self.net.weights, below, strict=True)]

    @cached_property
    def parts(self) -> list[tuple[Array, Array]]:
        """For each layer what its own push and what is handed up have moved it by so far, each
        (T+1, n_l). A neuron adds up linearly, so the two make up v_l[t] - v_l^- at every moment."""
        moments = range(len(self.phase.time))
        pairs = zip(
            zip(*map(self.apical, moments), strict=True),
            zip(*map(self.from_below, moments), strict=True),
            strict=True,
        )
        return [(self._filtered(a), self._filtered(b)) for a, b in pairs]

    def _filtered(self, drive: Sequence[Array]) -> Array:
        """y of  tau dy/dt = -y + drive,  from rest, by the Euler steps of the phase."""
        y, h = np.zeros((len(drive), len(drive[0]))), self.euler
        for t, d in enumerate(drive[1:], start=1):
            y[t] = (1 - h) * y[t - 1] + h * d
        return y

    @cached_property
    def angles(self) -> list[float]:
        """Of DH on voltages to backprop, in degrees."""
        pairs = zip(self.on_voltages.weights, self.gradient.weights, strict=True)
        return [angle(W, G) for W, G in pairs]

    @cached_property
    def angles_on_rates(self) -> list[float]:
        """Of DH on rates to backprop, in degrees. NaN where a layer of ReLUs is dead."""
        pairs = zip(self.on_rates.weights, self.gradient.weights, strict=True)
        return [angle(W, G) for W, G in pairs]


def push(
    net: Network,
    x: Array,
    target: Array,
    k_p: float = 1e-5,
    feedback: str = "jacobian",
    steps: int = 60,
    dt: float = 0.005,
    seed: int = 1,
) -> Push:
    """One teaching phase with the gain k_p and no integral, recorded. seed: of random feedback."""
    control = DeepFeedbackControl(feedback, k_p=k_p, k_i=0, leak=0, dt=dt, steps=steps, seed=seed)
    states = control.teach(net, x, target)
    rules = DifferentialHebbian("voltage"), DifferentialHebbian()
    phase, on_voltages, on_rates = fold(states, Record(), *rules)
    return Push(
        net, phase, on_voltages, on_rates, backprop_updates(net, x, target), dt / control.tau_v
    )


@remembered
def weak_push(seed: int, hidden: str = "tanh", feedback: str = "jacobian") -> Push:
    """A weak push through random network number ``seed``; random feedback has that seed too."""
    return push(*random_case(seed, hidden), k_p=1e-6, feedback=feedback, seed=seed)

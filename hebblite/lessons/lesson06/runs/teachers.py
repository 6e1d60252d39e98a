"""Three teachers of one small network: each pushes all neurons until the output is right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....frameworks import DeepFeedbackControl
from ....losses import FeedbackAmount, least_control
from ....network import Network
from ....stream import Record, fold
from ....teaching.remembered import remembered

Array = np.ndarray

EXAMPLE = 82  # the random network of the title
#: What the title calls the teachers, and the feedback that each of them has. The last one has none:
#: its pushes are those of ``least_control``.
TEACHERS = {"random": "random", "transposed weights": "transpose", "least": ""}


@dataclass(frozen=True)
class Teacher:
    """What one teacher did. apical: a_l of layers 1..L, each (n_l,). effort: 1/2 sum_l |a_l|^2.
    output: r_L at the end, (n_L,)."""

    name: str
    apical: list[Array]
    effort: float
    output: Array


@dataclass(frozen=True)
class Lesson:
    """One network, one input, one target, and what each of the teachers does about it.
    free: rates r_0..r_L of the feedforward pass, each (n_l,). target: (n_L,)."""

    net: Network
    free: list[Array]
    target: Array
    teachers: list[Teacher]


@remembered
def three_teachers(seed: int = EXAMPLE, off: float = 1.6) -> Lesson:
    """Random network number ``seed``, 2-3-1 with tanh, whose output is ``off`` away from its target
    (the sign is drawn), and the three teachers at rest on the target."""
    rng = np.random.default_rng(seed)
    net = Network([2, 3, 1], hidden="tanh", output="linear", dtype="float64", seed=seed)
    net.weights[-1] *= 1.5  # so that the hidden neurons have a say
    x = rng.normal(size=(1, 2))
    target = net.predict(x) + off * np.sign(rng.normal())
    free = [r[0] for r in net.feedforward(x)[1]]
    made = [_taught(name, kind, net, x, target, seed) for name, kind in TEACHERS.items()]
    return Lesson(net, free, target[0], made)


def _taught(name: str, kind: str, net: Network, x: Array, target: Array, seed: int) -> Teacher:
    if not kind:
        least = least_control(net, x, target)
        return Teacher(name, [a[0] for a in least.apical], float(least.H[0]), target[0])
    control = DeepFeedbackControl.strong(feedback=kind, seed=seed)
    phase, effort = fold(control.teach(net, x, target), Record(), FeedbackAmount())
    end = phase.rates[-1][-1, 0]
    return Teacher(name, [a[-1, 0] for a in phase.apical], float(effort[0]), end)

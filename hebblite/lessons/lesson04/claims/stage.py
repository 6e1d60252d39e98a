"""Networks, digits and feedback of one seed, which several claims measure."""

from __future__ import annotations

import functools

import numpy as np

from ....data import Digits, load_digits
from ....frameworks import DeepFeedbackControl
from ....network import Network
from ....stream import Record
from ..runs import digits as on_digits

Array = np.ndarray


@functools.cache
def all_digits() -> Digits:
    return load_digits()


@functools.lru_cache(maxsize=32)
def readers(seed: int) -> tuple[Network, Array, Array, Array]:
    """A network trained on digits of this seed, and 128 test digits: numbers, inputs, targets."""
    which = np.random.default_rng([40, seed]).choice(len(all_digits().x_test), 128, replace=False)
    net = on_digits.small_network(all_digits(), seed)
    return net, which, *on_digits.some_digits(all_digits(), which)


@functools.lru_cache(maxsize=32)
def phase_of(seed: int) -> tuple[Array, list[Array]]:
    """Of 32 digits: the share of the error at each step (501, 32), how far each layer moves."""
    net, _, x, target = readers(seed)
    phase = Record()(DeepFeedbackControl().teach(net, x[:32], target[:32]))
    size = np.linalg.norm(phase.error, axis=2)
    return size / size[0], [np.linalg.norm(v[-1] - v[0], axis=1) for v in phase.voltages]


@functools.lru_cache(maxsize=32)
def mirror_of(seed: int) -> tuple[DeepFeedbackControl, Array]:
    """Feedback that learned from noise, and the angles (2, L) before and after."""
    net = readers(seed)[0]
    mirror, _, angles = on_digits.learn_from_noise(net, all_digits(), every=300, seed=seed)
    return mirror, angles

"""Which digits need the most effort, and is it those that are hard to read?

``examine`` trains a network by DH and asks for H* of test digits. Nobody is here who could say
which of them are hard to read, so ``stand_ins`` computes numbers that know nothing of the network:

    doubt of others      what 20 small networks, trained on other digits, give to wrong answers
    doubt of neighbours  nearest digit of its own class against nearest of another one, on pixels
    odd looks            distance to the mean image of its class
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from ....data import Digits, load_digits, one_hot
from ....frameworks import Backprop, DeepFeedbackControl
from ....losses import least_control
from ....network import Network
from ....optim import Adam
from ....rules import DifferentialHebbian, Gradient
from ....teaching.remembered import remembered
from ....training import fit

Array = np.ndarray

SIZES, SAMPLES, EPOCHS, BATCH, CONFIDENCE = (784, 64, 64, 10), 4_000, 4, 64, 0.9
TESTED = 200
#: Of the networks that only say how hard a digit is.
JURY, JURY_SIZES, JURY_SAMPLES, JURY_EPOCHS = 20, (784, 16, 10), 1_000, 3

load = cache(load_digits)


@dataclass(frozen=True)
class Examined:
    """Digits that a network has not been trained on, and what it makes of them.

    x: (N, 784). labels, read: (N,), what it is and how it is read. target: (N, 10). e: (N, 10), the
    error. H: (N,), the least effort that puts the output right."""

    net: Network
    x: Array
    labels: Array
    read: Array
    target: Array
    e: Array
    H: Array

    @property
    def right(self) -> Array:
        """Which digits are read right, (N,)."""
        return np.asarray(self.labels == self.read)

    @property
    def error(self) -> Array:
        """|e|, (N,)."""
        return np.asarray(np.linalg.norm(self.e, axis=1))

    @property
    def order(self) -> Array:
        """The digits from the least effort to the most, (N,)."""
        return np.argsort(self.H, kind="stable")

    def gallery(self) -> list[tuple[Array, float, int, int]]:
        """Image, H*, label and reading of each digit, from the least effort to the most."""
        rows = zip(self.x, self.H, self.labels, self.read, strict=True)
        made = [(x, float(H), int(label), int(read)) for x, H, label, read in rows]
        return [made[i] for i in self.order]

    def misread_needs(self) -> float:
        """How many times the effort of a digit that is read right a misread one needs, medians."""
        return float(np.median(self.H[~self.right]) / np.median(self.H[self.right]))

    def by_class(self) -> Array:
        """The mean H* of the digits 0 to 9, (10,)."""
        return np.array([self.H[self.labels == c].mean() for c in range(10)])


@remembered
def trained(seed: int = 0) -> Network:
    """A network with a linear output that DH has trained on what ``seed`` draws, in float64."""
    digits = load()
    chosen = np.random.default_rng([6, seed]).permutation(len(digits.x_train))[:SAMPLES]
    net = Network(SIZES, output="linear", seed=seed)
    history = fit(
        net, DeepFeedbackControl(k_p=0.5, dt=0.005, steps=20), DifferentialHebbian(),
        digits.x_train[chosen], digits.y_train[chosen], epochs=EPOCHS, batch_size=BATCH,
        confidence=CONFIDENCE, optimizer=Adam(1e-3), seed=seed, progress=False,
    )  # fmt: skip
    if history.interrupted:
        raise KeyboardInterrupt("You stopped this. Run the cell again to see all of it.")
    return net.astype("float64")


@remembered
def examine(seed: int = 0, count: int = TESTED) -> Examined:
    """The network of ``seed`` and ``count`` test digits, drawn from ``seed`` as well."""
    digits, net = load(), trained(seed)
    chosen = np.random.default_rng([66, seed]).permutation(len(digits.x_test))[:count]
    x, labels = digits.x_test[chosen].astype(float), digits.y_test[chosen]
    target = one_hot(labels, 10, CONFIDENCE, "float64")
    output = net.predict(x)
    H = least_control(net, x, target, tolerance=1e-6).H
    return Examined(net, x, labels, output.argmax(axis=1), target, target - output, H)


# ---------------------------------------------------------------------- hard to read?


@remembered
def jury(seed: int = 0) -> list[Network]:
    """Small networks, each trained by backprop on digits of its own: they share nothing with the
    network of ``trained`` but the kind of task."""
    digits, made = load(), []
    for member in range(JURY):
        own = [606, seed, member]
        chosen = np.random.default_rng(own).permutation(len(digits.x_train))[:JURY_SAMPLES]
        net = Network(JURY_SIZES, seed=1_000 * seed + member)
        fit(net, Backprop(), Gradient(), digits.x_train[chosen], digits.y_train[chosen],
            epochs=JURY_EPOCHS, batch_size=32, optimizer=Adam(3e-3), seed=member,
            progress=False)  # fmt: skip
        made.append(net)
    return made


def doubt_of_others(seen: Examined, nets: Sequence[Network]) -> Array:
    """The mean probability that the networks give to wrong answers, (N,)."""
    rows = np.arange(len(seen.x))
    return 1 - np.mean([net.predict(seen.x)[rows, seen.labels] for net in nets], axis=0)


def doubt_of_neighbours(seen: Examined, digits: Digits) -> Array:
    """own / (own + other), the distances of pixels to the nearest training digit of its own class
    and to the nearest of another, (N,): above 1/2 the nearest one is of another class."""
    own, other = np.full((2, len(seen.x)), np.inf)
    square = (seen.x**2).sum(axis=1)
    for c in range(10):
        of_class = digits.x_train[digits.y_train == c].astype(float)
        apart = square[:, None] + (of_class**2).sum(axis=1) - 2 * seen.x @ of_class.T
        nearest = np.sqrt(np.maximum(apart.min(axis=1), 0))
        mine = seen.labels == c
        own[mine] = nearest[mine]
        other[~mine] = np.minimum(other[~mine], nearest[~mine])
    return np.asarray(own / (own + other))


def odd_looks(seen: Examined, digits: Digits) -> Array:
    """The distance of pixels to the mean image of its class, (N,)."""
    means = np.stack([digits.x_train[digits.y_train == c].mean(axis=0) for c in range(10)])
    return np.asarray(np.linalg.norm(seen.x - means[seen.labels], axis=1))


@remembered
def stand_ins(seed: int = 0, count: int = TESTED) -> dict[str, Array]:
    """How hard each examined digit is to read, by three measures that do not know the network."""
    seen, digits = examine(seed, count), load()
    return {
        "doubt of others": doubt_of_others(seen, jury(seed)),
        "doubt of neighbours": doubt_of_neighbours(seen, digits),
        "odd looks": odd_looks(seen, digits),
    }


def rank_correlation(a: Array, b: Array) -> float:
    """Spearman's: the correlation of the ranks; equal values share their mean rank."""
    return float(np.corrcoef(ranks(a), ranks(b))[0, 1])


def ranks(values: Array) -> Array:
    """The place of each value in their order, from 0; equal values share the mean of their
    places."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts + 1) / 2)[which])


def twelve(seen: Examined, seed: int = 0) -> Array:
    """Twelve digits for the eye: one from each twelfth of the order of H*, shuffled."""
    rng = np.random.default_rng([12, seed])
    parts = np.array_split(seen.order, 12)
    return rng.permutation([rng.choice(part) for part in parts])

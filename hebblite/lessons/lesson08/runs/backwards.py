"""PC in reverse, with the input free: what comes out of a label, and who can read it.

of_labels     from the label to an image, in a network that was trained from image to label
turned        a network the other way round, with the label for its input and the image for its
              output: images are its predictions, and reading is inference
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....data import one_hot
from ....frameworks import Backprop, PredictiveCoding, with_free_input
from ....network import Network
from ....optim import Adam
from ....rules import DifferentialHebbian, Gradient
from ....teaching.remembered import remembered
from ....training import fit
from .stage import CONFIDENCE, SIZES, chosen, shown, train, trained, untrained

Array = np.ndarray

#: How strongly the image is drawn back to its start, a blank one; steps of inference.
PULL, STEPS = 0.01, 300
READERS = 5
LABELS = one_hot(np.arange(10), 10, CONFIDENCE, "float64")


@remembered
def readers(seed: int = 0) -> tuple[Network, ...]:
    """Networks that other digits and other weights have taught to read, by backprop."""
    nets = []
    for number in range(READERS):
        other = 1_000 + READERS * seed + number
        net = Network(SIZES, output="linear", seed=other)
        train(net, Backprop(), Gradient(), other)
        nets.append(net.astype("float64"))
    return tuple(nets)


@dataclass(frozen=True)
class Images:
    """Ten images (10, 784), one for each label. off: how far the network's own prediction is from
    the label, the largest difference. own: what the network itself reads in them, (10,). others:
    what READERS other networks read in them, (READERS, 10)."""

    images: Array
    off: float
    own: Array
    others: Array

    @property
    def read_by_itself(self) -> float:
        """Share (%) of the images that the network reads as the label."""
        return float(100 * (self.own == np.arange(10)).mean())

    @property
    def read_by_others(self) -> float:
        """The same for the other networks."""
        return float(100 * (self.others == np.arange(10)).mean())


def from_labels(net: Network, seed: int = 0, pull: float = PULL) -> Images:
    """The input of ``net`` begins as a blank image and goes down the energy, while the output is
    held on each of the ten labels."""
    pc = PredictiveCoding(steps=STEPS, step=0.2, precision=[pull] + [1.0] * net.depth)
    *_, last = pc.teach(with_free_input(net), np.zeros((10, net.sizes[0])), LABELS)
    images = last.rates[1][-1].copy()
    predicted = net.predict(images)
    others = np.array([reader.predict(images).argmax(axis=1) for reader in readers(seed)])
    off = float(np.abs(predicted - LABELS).max())
    return Images(images, off, predicted.argmax(axis=1), others)


@remembered
def of_labels(seed: int = 0) -> dict[str, Images]:
    """From a trained network, and from one that has learned nothing."""
    return {
        "trained": from_labels(trained(seed), seed),
        "untrained": from_labels(untrained(seed), seed),
    }


@remembered
def turned(seed: int = 0) -> Network:
    """10-784: from a label to an image. With one layer the jump is all there is to inference."""
    x, labels = chosen(seed)
    net = Network([10, 784], output="linear", seed=seed)
    fit(net, PredictiveCoding(steps=1), DifferentialHebbian(), one_hot(labels, 10), x, epochs=4,
        batch_size=64, optimizer=Adam(1e-2), seed=seed, progress=False)  # fmt: skip
    return net.astype("float64")


def mean_images(seed: int = 0) -> Array:
    """The mean image of each class, (10, 784)."""
    x, labels = chosen(seed)
    return np.stack([x[labels == c].mean(axis=0) for c in range(10)])


@remembered
def reading(seed: int = 0, count: int = 200, steps: int = 200) -> float:
    """Share (%) of test digits that the turned network reads right, by inference: the image is
    held at its output, and its input goes down the energy from a label that says nothing."""
    net, digits = turned(seed), shown(seed, count)
    pc = PredictiveCoding(steps=steps, step=0.2, precision=[1.0, 1.0])
    start = np.full((count, 10), 0.1)
    *_, last = pc.teach(with_free_input(net), start, digits.x)
    return float(100 * (last.rates[1][-1].argmax(axis=1) == digits.labels).mean())

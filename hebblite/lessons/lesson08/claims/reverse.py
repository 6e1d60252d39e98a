"""PC in reverse: images of labels, and who can read them."""

from __future__ import annotations

import numpy as np

from ....teaching.claims import claim
from ..runs.backwards import mean_images, of_labels, reading, turned


@claim(
    "08.c31",
    "the images that the trained network reads as their labels (%)",
    said="The network reads all ten of its images as their labels",
    low=100,
)
def it_reads_its_own(seed: int) -> float:
    return of_labels(seed)["trained"].read_by_itself


@claim(
    "08.c32",
    "control: the same of an untrained network (%)",
    said="but so does a network that has learned nothing.",
    low=100,
    control=True,
)
def so_does_an_untrained_one(seed: int) -> float:
    return of_labels(seed)["untrained"].read_by_itself


@claim(
    "08.c33",
    "the images of the trained network that others read as their labels (%)",
    said="They read more than half of the images of the trained network as their labels",
    low=50,
)
def others_read_them(seed: int) -> float:
    return of_labels(seed)["trained"].read_by_others


@claim(
    "08.c34",
    "control: those of the untrained network (%)",
    said="and less than a third of those of the untrained one.",
    high=100 / 3,
    control=True,
)
def others_do_not_read_noise(seed: int) -> float:
    return of_labels(seed)["untrained"].read_by_others


@claim(
    "08.c35",
    "the turned network's images: distance from the mean images, relative to how far those lie "
    "apart",
    said="Its images are the means of the classes, to within a fifth of how far those lie apart.",
    high=0.2,
)
def the_means_come_out(seed: int) -> float:
    means = mean_images(seed)
    off = np.linalg.norm(turned(seed).predict(np.eye(10)) - means)
    return float(off / np.linalg.norm(means - means.mean(axis=0)))


@claim(
    "08.c36",
    "digits that the turned network reads right by inference (%)",
    said="It reads more than half of the digits right",
    low=50,
)
def it_reads_by_inference(seed: int) -> float:
    return reading(seed)

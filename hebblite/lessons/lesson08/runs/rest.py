"""Inference of digits, watched and brought to rest, beside the least effort H* of lesson 06."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....analysis import angle, backprop_updates
from ....frameworks import PredictiveCoding
from ....losses import Energy, Unrest, least_control
from ....rules import DifferentialHebbian, ErrorBased, Updates
from ....stream import Block, Record, fold
from ....teaching.remembered import remembered
from .stage import shown, trained, untrained

Array = np.ndarray
FEW = (1, 2, 3, 5, 10, 20, 50, 100, 200)  # steps of inference


def watch(seed: int = 0, steps: int = 60, count: int = 12) -> tuple[Block, Array]:
    """The inference of test digits by the network of ``seed``, recorded, and their targets: those
    that are misread come first, since they have the most to correct."""
    net, digits = trained(seed), shown(seed, 200)
    wrong = net.predict(digits.x).argmax(axis=1) != digits.labels
    first = np.argsort(~wrong, kind="stable")[:count]
    x, target = digits.x[first], digits.target[first]
    (block,) = fold(PredictiveCoding(steps=steps).teach(net, x, target), Record())
    return block, target


@remembered
def same(seed: int = 0, count: int = 40) -> tuple[Array, Array]:
    """F of PC's own inference at rest, and H* of ``least_control``, (N,) each."""
    net, digits = trained(seed), shown(seed, count)
    pc = PredictiveCoding(steps=4000, step=0.2, steady=1e-7)
    (energy,) = fold(pc.teach(net, digits.x, digits.target), Energy(net))
    return energy[-1], least_control(net, digits.x, digits.target, tolerance=1e-9).H


@dataclass(frozen=True)
class Settling:
    """A batch after different numbers K of inference steps. Angles in degrees between the rules
    "DH" and "error-based", both on voltages, and the ways "F*" (minus the gradient of F*) and
    "backprop", of each layer, (K, L), NaN where it learns nothing. energy: the mean of
    F / F*, (K,). unrest: the largest |tau dv/dt|, (K,)."""

    steps: Array
    angles: dict[tuple[str, str], Array]
    energy: Array
    unrest: Array


@remembered
def settling(seed: int = 0, count: int = 64, before: bool = False) -> Settling:
    """The network of ``seed``, trained, or ``before`` training, and a batch of test digits."""
    net = untrained(seed) if before else trained(seed)
    digits = shown(seed, count)
    least = least_control(net, digits.x, digits.target, tolerance=1e-8)
    references = {
        "F*": least.updates,
        "backprop": backprop_updates(net, digits.x, digits.target),
    }
    angles: dict[tuple[str, str], list[Array]] = {}
    energies, unrests = [], []
    for steps in FEW:
        dh, eb, energy, unrest = fold(
            PredictiveCoding(steps=steps).teach(net, digits.x, digits.target),
            DifferentialHebbian(on="voltage"), ErrorBased(on="voltage"), Energy(net), Unrest(),
        )  # fmt: skip
        energies.append((energy[-1] / least.H).mean())
        unrests.append(unrest[-1].max())
        for rule, made in (("DH", dh), ("error-based", eb)):
            for name, other in references.items():
                angles.setdefault((rule, name), []).append(angles_of(made, other))
    found = {key: np.array(rows) for key, rows in angles.items()}
    return Settling(np.array(FEW), found, np.array(energies), np.array(unrests))


def angles_of(one: Updates, other: Updates) -> Array:
    """The angle in every layer (degrees), (L,); NaN where one of the two is zero."""
    pairs = zip(one.weights, other.weights, strict=True)
    return np.array([angle(a, b) if a.any() and b.any() else np.nan for a, b in pairs])

"""Networks that learn digits in the microcircuit: exact and learned lateral weights, transposed and
random top-down weights, and the three rules side by side."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from ....analysis import angles, backprop_updates
from ....frameworks import DendriticMicrocircuit
from .digits import WAYS, circuit, drawn, fresh, learn

Array = np.ndarray

KEEP_UP = {"lateral": "learned", "keep_up": 2, "lateral_rate": 2.0}
#: So weak an apical dendrite that Adam's eps stops every hidden weight: only the output learns.
CUT = {"g_A": 1e-12}
INPUTS = 200


def course(
    way: str = "dh", seed: int = 0, epochs: int = 10, framework: DendriticMicrocircuit | None = None
) -> dict[str, Array]:
    """epochs: (E+1,), from 0. accuracy: (E+1,) on test digits (%). angles: (E+1, L) to backprop
    (deg). v_A: (E+1, L-1), root mean square of the apical voltages without a teacher."""
    net, data = fresh(seed), drawn(seed)
    deb, rule = framework or circuit(seed), WAYS[way][1]()
    off, voltages = [], []

    def look() -> None:
        x, target = data.x[:INPUTS], data.target[:INPUTS]
        off.append(angles(rule(deb.teach(net, x, target)), backprop_updates(net, x, target)))
        seen = deb.without_teacher(net, data.x_test[:INPUTS])
        voltages.append([float(np.sqrt(np.mean(np.square(v)))) for v in seen.apical])

    look()
    first = 100 * deb.accuracy(net, data.x_test, data.labels_test)
    accuracy = learn(net, way, seed, epochs, framework=deb, after_epoch=look)
    return {"epochs": np.arange(epochs + 1), "accuracy": np.array([first, *accuracy]),
            "angles": np.array(off), "v_A": np.array(voltages)}  # fmt: skip


@cache
def random_top_down(seed: int = 0, epochs: int = 10) -> dict[str, dict[str, Array]]:
    """DH with transposed and with random top-down weights."""
    kinds = ("transpose", "random")
    return {kind: course("dh", seed, epochs, circuit(seed, top_down=kind)) for kind in kinds}


@cache
def without_apical(seed: int = 0, epochs: int = 10) -> float:
    """Control: the accuracy (%) if nothing comes down, so that only the output layer learns."""
    return learn(fresh(seed), "dh", seed, epochs, framework=circuit(seed, **CUT))[-1]


@cache
def lateral(way: str, seed: int = 0, epochs: int = 3) -> dict[str, dict[str, Array]]:
    """A rule with exact lateral weights, and with weights that learn beside the forward ones."""
    kinds = {"self-predicting": circuit(seed), "learned": circuit(seed, **KEEP_UP)}  # type: ignore[arg-type]
    return {name: course(way, seed, epochs, deb) for name, deb in kinds.items()}


@cache
def side_by_side(seed: int = 0, epochs: int = 4) -> dict[str, float]:
    """Accuracy on test digits (%) of backprop, the error-based rule and DH, on one seed."""
    return {way: learn(fresh(seed), way, seed, epochs)[-1] for way in WAYS}


def over_seeds(seeds: Any = range(5)) -> dict[str, Array]:
    """The same for several seeds, each (S,)."""
    rows = [side_by_side(seed) for seed in seeds]
    return {way: np.array([row[way] for row in rows]) for way in WAYS}

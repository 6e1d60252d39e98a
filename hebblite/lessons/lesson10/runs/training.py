"""Networks that learn digits in the microcircuit: exact and learned lateral weights, transposed and
random top-down weights, and the three rules side by side."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....analysis import angles, backprop_updates
from ....data import stored_cell
from ....frameworks import DendriticMicrocircuit
from ....rules import DifferentialHebbian
from ....teaching.remembered import remembered
from .digits import WAYS, circuit, drawn, fresh, learn

Array = np.ndarray

KEEP_UP: dict[str, Any] = {"lateral": "learned", "keep_up": 2, "lateral_rate": 2.0}
#: So weak an apical dendrite that Adam's eps stops every hidden weight: only the output learns.
CUT: dict[str, Any] = {"g_A": 1e-12}
INPUTS = 200


def course(seed: int, epochs: int, deb: DendriticMicrocircuit) -> dict[str, Array]:
    """DH learns. epochs: (E+1,), from 0. accuracy: (E+1,) on test digits (%). angles: (E+1, L-1) of
    the hidden layers to backprop (deg)."""
    net, data, rule, off = fresh(seed), drawn(seed), DifferentialHebbian(), list[list[float]]()
    x, target = data.x[:INPUTS], data.target[:INPUTS]

    def look() -> None:
        off.append(angles(rule(deb.teach(net, x, target)), backprop_updates(net, x, target))[:-1])

    look()
    first = 100 * deb.accuracy(net, data.x_test, data.labels_test)
    accuracy = [first, *learn(net, "dh", seed, epochs, framework=deb, after_epoch=look)]
    return {"epochs": np.arange(epochs + 1), "accuracy": np.array(accuracy),
            "angles": np.array(off)}  # fmt: skip


@remembered
def random_top_down(seed: int = 0, epochs: int = 10) -> dict[str, dict[str, Array]]:
    """DH with transposed and with random top-down weights."""
    kinds = ("transpose", "random")
    return {kind: course(seed, epochs, circuit(seed, top_down=kind)) for kind in kinds}


@remembered
def without_apical(seed: int = 0, epochs: int = 10) -> float:
    """Control: the accuracy (%) if nothing comes down, so that only the output layer learns."""
    return learn(fresh(seed), "dh", seed, epochs, framework=circuit(seed, **CUT))[-1]


@remembered
def keeping_up(seed: int = 0, epochs: int = 3) -> dict[str, dict[str, Array]]:
    """Accuracy on test digits (%) over epochs, from 0, with interneurons that learn at the same
    time: of DH and of the error-based rule; and of DH with exact lateral weights."""
    runs = {"dh": ("dh", KEEP_UP), "error-based": ("error-based", KEEP_UP), "dh, exact": ("dh", {})}
    made = {}
    for name, (way, settings) in runs.items():
        net, deb, data = fresh(seed), circuit(seed, **settings), drawn(seed)
        first = 100 * deb.accuracy(net, data.x_test, data.labels_test)
        found = [first, *learn(net, way, seed, epochs, framework=deb)]
        made[name] = {"epochs": np.arange(epochs + 1), "accuracy": np.array(found)}
    return made


@remembered
def once_an_epoch(seed: int = 0, epochs: int = 3) -> float:
    """Control: the accuracy (%) of DH if the interneurons learn before each epoch only."""
    deb = circuit(seed, **{**KEEP_UP, "keep_up": 0})
    return learn(fresh(seed), "dh", seed, epochs, framework=deb)[-1]


@remembered
def side_by_side(seed: int = 0, epochs: int = 4) -> dict[str, float]:
    """Accuracy on test digits (%) of backprop, the error-based rule and DH, on one seed."""
    return {way: learn(fresh(seed), way, seed, epochs)[-1] for way in WAYS}


def over_seeds(seeds: Any = range(5)) -> dict[str, Array]:
    """The same for several seeds, each (S,)."""
    rows = [side_by_side(seed) for seed in seeds]
    return {way: np.array([row[way] for row in rows]) for way in WAYS}


#: The theories of the course by the names of the commands: the rule each was published with.
OWN_RULES = {"dfc": "error-based", "pc": "error-voltage", "ep": "contrastive", "deb": "error-based"}


def stored_rows() -> list[tuple[str, float, float, float]]:
    """Of each theory its name and mean accuracies (%) of the runs that ship with the course: DH,
    its own rule, backprop with the same hidden layers."""
    rows = []
    for name, own in OWN_RULES.items():
        dh = stored_cell(name, "dh")
        backprop = stored_cell("backprop", "gradient", dh.hidden)
        rows.append((name.upper(), dh.mean, stored_cell(name, own).mean, backprop.mean))
    return rows

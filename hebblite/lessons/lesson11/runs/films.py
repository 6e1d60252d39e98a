"""What is played: a layer's spikes in one phase, and the outputs of a network that learns."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....stream import Record
from .stage import NAMES, course, drawn, fresh, make_framework, shown_digits, trained

Array = np.ndarray
#: Epochs after which one train has learned about what a population learns in EPOCHS.
PATIENT = 12


def layer_record(framework: str = "dfc", seed: int = 0, layer: int = 2, neurons: int = 16) -> Any:
    """One digit, free and then taught: rates and spikes of some neurons of a layer."""
    net, data = fresh(framework, seed), drawn(seed)
    x, target = data.x[:1].astype(net.dtype), data.target[:1].astype(net.dtype)
    track = Record()(make_framework(framework, seed).teach(net, x, target))
    rates = track.rates[layer][:, 0, :neurons]
    step = float(track.time[1] - track.time[0])
    before = len(rates) - 1  # as many steps in the free state
    rates = np.concatenate([np.repeat(rates[:1], before, axis=0), rates])
    rng = np.random.default_rng([11, seed, layer])
    spikes = np.sign(rates) * (rng.random(rates.shape) < np.abs(rates))
    return {
        "time": step * (np.arange(len(rates)) - before), "rates": rates, "spikes": spikes,
        "layer": layer, "label": int(data.labels[0]), "image": data.x[0],
    }  # fmt: skip


def learning_course(framework: str = "dfc", seed: int = 0) -> Any:
    """A network that STDP trains with populations: what its outputs say to ten test digits before
    learning and after each epoch."""
    made = trained(framework, "STDP", seed)
    x, labels = shown_digits()
    return {
        "epochs": np.arange(len(made.said)), "rates": made.said, "labels": labels,
        "accuracy": made.accuracy, "images": x,
    }  # fmt: skip


def four_frameworks(ways: tuple[str, ...], seed: int = 0) -> dict[str, Any]:
    """Courses of all frameworks: name -> way -> ``epochs``, ``accuracy`` (%)."""
    return {
        name: {way: _run(course(short, way, seed)) for way in ways} for short, name in NAMES.items()
    }


def time_or_neurons(seed: int = 0) -> dict[str, Any]:
    """DFC with a population for each rate, and with one train, which learns for longer."""
    return {
        "64 neurons": _run(course("dfc", "STDP", seed)),
        "one train": _run(course("dfc", "STDP, one train", seed, PATIENT)),
    }


def _run(accuracy: Array) -> dict[str, Array]:
    return {"epochs": np.arange(len(accuracy)), "accuracy": accuracy}

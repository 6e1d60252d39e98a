"""What is played: a layer's spikes in one phase, and the outputs of a network that learns."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....stream import Record
from .stage import (
    EPOCHS,
    NAMES,
    POPULATION,
    RATE_OF,
    course,
    drawn,
    fresh,
    load,
    make_framework,
    spiking,
    train,
)

Array = np.ndarray


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


def shown_digits() -> tuple[Array, Array]:
    """The first test digit of each class: (10, 784), (10,)."""
    digits = load()
    rows = [int(np.flatnonzero(digits.y_test == label)[0]) for label in range(10)]
    return digits.x_test[rows], digits.y_test[rows]


def learning_course(framework: str = "dfc", seed: int = 0, epochs: int = EPOCHS) -> Any:
    """A network that STDP trains with populations: what its outputs say to ten test digits before
    learning and after each epoch."""
    net, made = fresh(framework, seed), make_framework(framework, seed)
    x, labels = shown_digits()
    said = [net.predict(x)]
    rule = spiking(framework, seed, population=POPULATION[framework])
    accuracy = train(
        net, made, rule, seed, epochs, RATE_OF[framework], lambda: said.append(net.predict(x))
    )
    return {
        "epochs": np.arange(epochs + 1), "rates": np.array(said), "labels": labels,
        "accuracy": np.array(accuracy), "images": x,
    }  # fmt: skip


def four_frameworks(ways: tuple[str, ...], seed: int = 0) -> dict[str, Any]:
    """Courses of all frameworks: name -> way -> ``epochs``, ``accuracy`` (%)."""
    found: dict[str, Any] = {}
    for short, name in NAMES.items():
        short_run = {"reversed": 2}  # what does not learn needs no more epochs
        runs = {way: course(short, way, seed, short_run.get(way)) for way in ways}
        found[name] = {
            way: {"epochs": np.arange(len(row)), "accuracy": row} for way, row in runs.items()
        }
    return found

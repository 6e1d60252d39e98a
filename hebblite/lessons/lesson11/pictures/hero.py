"""The picture of the title: spikes of an output layer while the network learns from spikes."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from ....data import load_digits, one_hot
from ....frameworks import DeepFeedbackControl
from ....network import Network
from ....optim import Adam
from ....rules import STDP
from ....teaching.motion import Timeline
from ....teaching.schematic import Drawing
from ....training import fit
from . import learning

STORED = "hero_rates.json"
EPOCHS = (0, 1, 2, 4)
SIZES, DIGITS, POPULATION = (784, 48, 32, 10), 4000, 1024
#: When each epoch is shown, in seconds, and how long it takes to come.
STARTS, FADE = (0.0, 1.2, 2.4, 3.6), 0.4


def make() -> dict[str, Any]:
    """Train a network by STDP with populations alone, and what its outputs say to the first test
    digit of each kind, rounded to a hundredth: the stored rates are made by this.

        python -m hebblite.lessons.lesson11.pictures.hero
    """
    digits = load_digits()
    net = Network(list(SIZES), hidden="tanh", seed=0)
    dfc = DeepFeedbackControl(k_p=1.0, dt=0.005, steps=20)
    shown = [int(np.flatnonzero(digits.y_test == k)[0]) for k in range(10)]
    rates, accuracy = [], []

    def look(net: Network, _: Any = None) -> None:
        rates.append(np.round(net.predict(digits.x_test[shown]).astype(float), 2).tolist())
        accuracy.append(round(100 * dfc.accuracy(net, digits.x_test, digits.y_test)))

    look(net)
    x, y = digits.x_train[:DIGITS], one_hot(digits.y_train[:DIGITS], 10, confidence=0.9)
    rule = STDP(population=POPULATION, seed=0)
    fit(net, dfc, rule, x, y, optimizer=Adam(1e-3), epochs=EPOCHS[-1], batch_size=32, seed=0,
        progress=False, callback=look)  # fmt: skip
    return {
        "epochs": list(EPOCHS), "labels": list(range(10)),
        "rates": [rates[e] for e in EPOCHS], "accuracy": [accuracy[e] for e in EPOCHS],
    }  # fmt: skip


@cache
def course() -> dict[str, Any]:
    """The stored rates, with the digits that were shown."""
    stored = json.loads((resources.files(__package__) / STORED).read_text("utf-8"))
    digits = load_digits()
    shown = [int(np.flatnonzero(digits.y_test == k)[0]) for k in stored["labels"]]
    return dict(stored) | {"images": digits.x_test[shown]}


def hero() -> str:
    """Ten digits, one after the other, and ten output neurons: without learning they fire alike,
    and while spikes teach the network a staircase appears."""
    made = course()
    spikes = learning.drawn_spikes(made)
    last = len(EPOCHS) - 1
    first, end = (100 * learning.hits(spikes[k], made["labels"]) for k in (0, last))
    d = Drawing(
        learning.WIDTH, learning.TOP + learning.ROW * 10 + 40,
        "Film of a raster: ten output neurons of a network while ten digits are shown one after "
        f"the other. Before learning all fire alike, {first:.0f} % of the spikes by the right "
        f"neuron. While spikes alone teach the network, a staircase appears: after "
        f"{EPOCHS[-1]} epochs each neuron fires mostly for its digit, {end:.0f} % of the spikes.",
    )  # fmt: skip
    learning.frame(d, made, 10)
    film = Timeline(d, 5.0)
    for k, at in enumerate(STARTS):
        group = learning.raster(d, spikes[k])
        if k:
            film.appear(group, at=at, for_=FADE)
            film.appear(*learning.told(d, made, spikes, k, now=k == last), at=at, for_=FADE)
        else:
            learning.told(d, made, spikes, 0)
        if k < last:
            film.vanish(group, at=STARTS[k + 1], for_=FADE)
    return film.svg()


if __name__ == "__main__":
    print(json.dumps(make()))

"""What a softmax cannot see: that part of an output layer's update which all its neurons share.

A softmax reads differences between its neurons. What is added to all of them changes no prediction,
so an update of W_L may have equal rows for nothing: this is its *common part*, the mean over output
neurons. A rule that reads changes of rates may have one; the gradient has none, since errors of a
softmax sum to zero.

The networks are too slow for a notebook, so they are stored (``STORED``). To make them again, in
some minutes:

    python -m hebblite.lessons.lesson12.runs.common FILE
"""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from ....analysis import angle, backprop_updates, common_share
from ....data import load_digits, one_hot
from ....files import write_text
from ....frameworks import Backprop, DeepFeedbackControl, Framework
from ....network import Network
from ....optim import Adam
from ....rules import DifferentialHebbian, ErrorBased, Gradient, Rule
from ....stream import fold
from ....training import fit

Array = np.ndarray

STORED = "common_part.json"
SEEDS = (0, 1, 2, 3, 4)
#: 784-64-64-64-10, sigmoid; all 10,000 packaged digits. Looked at on test digits, every 4 epochs.
SIZES, EPOCHS, EVERY, PROBES = (784, 64, 64, 64, 10), 44, 4, 128
BATCH, CONFIDENCE, RATE = 64, 0.9, 2e-3


def control(seed: int) -> DeepFeedbackControl:
    """The framework in which DH and the error-based rule are measured, and in which DH learns."""
    return DeepFeedbackControl(k_p=1.0, dt=0.005, steps=20, seed=seed)


def centred(update: Array) -> Array:
    """An update of the output layer without its common part, (n, m)."""
    return np.asarray(update - update.mean(axis=0))


def looked(net: Network, x: Array, target: Array, seed: int) -> dict[str, Any]:
    """Angles (deg) to backprop's updates layer by layer; those of the output layer without the
    common part of DH; and which share of DH's update and of W_L is common."""
    states = control(seed).teach(net, x, target)
    dh, error = (u.weights for u in fold(states, DifferentialHebbian(), ErrorBased()))
    down = backprop_updates(net, x, target).weights
    return {
        "dh": [round(angle(a, b), 2) for a, b in zip(dh, down, strict=True)],
        "error-based": [round(angle(a, b), 2) for a, b in zip(error, down, strict=True)],
        "centred": round(angle(centred(dh[-1]), down[-1]), 2),
        "share of the update": round(common_share(dh[-1]), 4),
        "share of the weights": round(common_share(net.weights[-1]), 4),
    }


def measure(method: str, seed: int, epochs: int = EPOCHS) -> list[dict[str, Any]]:
    """One run, looked at after every EVERY epochs. method: "dh" in Deep Feedback Control, or
    "backprop"."""
    digits, net = load_digits(), Network(SIZES, "sigmoid", seed=seed)
    made: Framework = control(seed) if method == "dh" else Backprop()
    rule: Rule = DifferentialHebbian() if method == "dh" else Gradient()
    x = digits.x_test[:PROBES]
    target = one_hot(digits.y_test[:PROBES], 10, CONFIDENCE)
    records: list[dict[str, Any]] = []

    def look(net: Network, history: Any = None) -> None:
        epoch = len(history.epochs) if history else 0
        if epoch % EVERY == 0:
            read = 100 * made.accuracy(net, digits.x_test, digits.y_test)
            records.append({"epoch": epoch, "read": round(read, 2)} | looked(net, x, target, seed))

    look(net)
    fit(
        net, made, rule, digits.x_train, digits.y_train, epochs=epochs, batch_size=BATCH,
        seed=seed, confidence=CONFIDENCE, optimizer=Adam(RATE), progress=False, callback=look,
    )  # fmt: skip
    return records


@cache
def stored() -> dict[str, dict[int, list[dict[str, Any]]]]:
    """The stored runs: {method: {seed: records}}."""
    text = (resources.files("hebblite.data") / STORED).read_text("utf-8")
    return {
        method: {int(seed): rows for seed, rows in runs.items()}
        for method, runs in json.loads(text).items()
    }


def main(path: str) -> None:
    """Make all runs, and write them."""
    runs = {m: {str(s): measure(m, s) for s in SEEDS} for m in ("backprop", "dh")}
    lines = [
        f' "{m}": {{\n'
        + ",\n".join(
            f'  "{s}": [\n' + ",\n".join(f"   {json.dumps(r)}" for r in rows) + "\n  ]"
            for s, rows in own.items()
        )
        + "\n }"
        for m, own in runs.items()
    ]
    write_text(Path(path), "{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main(sys.argv[1])

"""Courses over epochs of the stored runs of the paper's experiments, as their figures take them.

A run is a ``PaperOutcome`` (``hebblite.data.stored_paper``). Where none is stored, there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray
Runs = Sequence[Any]

#: Times (ms) at which the controller's error is kept in a record.
TIMES_MS = (0, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 500)
METHODS = {"dfc-dh": "DH", "dfc-error-based": "error-based", "bp": "backprop"}
PAIRS = {
    "dh bp": "DH to backprop",
    "dh error-based": "DH to error-based",
    "stdp-expected dh": "expected STDP to DH",
    "stdp dh": "16 trains of STDP to DH",
}


def of(runs: Runs, method: str) -> list[Any]:
    """Those of one method."""
    return [run for run in runs if run.method == method]


def course(runs: Runs, *where: str) -> tuple[Array, Array]:
    """Epochs (E,) and values (S, E, ...) of a quantity that records of the runs have. A run that
    ended early has NaN for the epochs that it did not see."""
    found = [run.at(*where) for run in runs]
    epochs = max((seen for seen, _ in found), key=len)
    shape = np.shape(next(values for _, values in found if values)[0])
    made = np.full((len(found), len(epochs), *shape), np.nan)
    for own, (_, values) in zip(made, found, strict=True):
        if values:
            own[: len(values)] = values
    return np.array(epochs, float), made


def angle_courses(runs: Runs) -> dict[str, Array]:
    """Of runs of one method: {"epochs": (E,), pair in words: (S, E, L + 1) degrees}, the last
    column all weights together."""
    found = {name: course(runs, "angles", pair) for pair, name in PAIRS.items()}
    return {"epochs": found["DH to backprop"][0]} | {name: v for name, (_, v) in found.items()}


def surprise_courses(runs: Runs) -> dict[str, Any]:
    """Of runs with shifted labels: {"epochs", "change": epoch, method: (S, E) feedback}. All
    methods have the epochs of the run that went on for longest. That of the change comes twice:
    for the labels just learned, and then for the right ones, of which nothing is learned yet. A run
    that ended before the change has nothing to show of it and is left out."""
    wanted = [
        run for method in METHODS for run in of(runs, method)
        if run.shifted in run.at("controller of the others", "feedback")[0]
    ]  # fmt: skip
    if not wanted:
        return {}
    epochs, feedback = course(wanted, "controller", "feedback")
    change = int(np.flatnonzero(epochs == wanted[0].shifted)[0])
    _, others = course(wanted, "controller of the others", "feedback")
    epochs = np.insert(epochs, change + 1, epochs[change])
    feedback = np.insert(feedback, change + 1, others[:, change], axis=1)
    found = {"epochs": epochs, "change": wanted[0].shifted}
    for method, name in METHODS.items():
        mine = [run.method == method for run in wanted]
        if any(mine):
            found[name] = feedback[mine]
    return found


def sample_courses(runs: Runs) -> dict[str, Any]:
    """Of runs of ``samples``: {"trains": (K,), "cosine": (S, K, L + 1), "expected": (S, L + 1)}."""
    rows = [[r for r in run.records if "trains" in r] for run in runs]  # others are of training
    drawn = [[r for r in own if r["trains"] != "expected"] for own in rows]
    last = [[r for r in own if r["trains"] == "expected"] for own in rows]
    return {
        "trains": np.array([r["trains"] for r in drawn[0]], float),
        "cosine": np.array([[r["cosine"] for r in own] for own in drawn]),
        "expected": np.array([own[0]["cosine"] for own in last]),
        "together": True,
    }


def error_courses(runs: Runs) -> dict[str, Array]:
    """Of runs of one method: {"ms": (T,), "error": (S, E, T), "epochs": (E,)}."""
    epochs, error = course(runs, "controller", "error")
    return {"ms": np.array(TIMES_MS, float), "error": error, "epochs": epochs}


def loss_courses(runs: Runs) -> dict[str, dict[str, Array]]:
    """By method: {"epochs": (E,), "error", "feedback", "latency": (S, E)}."""
    found: dict[str, dict[str, Array]] = {}
    for method, name in METHODS.items():
        own = of(runs, method)
        if own:
            parts = {loss: course(own, "losses", loss) for loss in ("error", "feedback", "latency")}
            found[name] = {"epochs": parts["error"][0]} | {k: v for k, (_, v) in parts.items()}
    return found

"""One run of the paper's experiments: trained, looked at after every epoch, and kept in a file.

What a run has come to is written after every epoch (``NAME.part.json`` and a checkpoint), so that a
run that was stopped goes on, bit for bit; its outcome, ``NAME.json``, when it ends.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ...data import Digits, load_digits, load_mnist, one_hot
from ...errors import CheckpointError, DivergenceError, OscillationError
from ...files import write_text
from ...frameworks import Framework
from ...network import Network
from ...optim import Optimizer
from ...rules import Rule
from ...training import fit
from ..runs import Plan, check_same
from . import looks
from .plans import SPLITS, PaperRun

Array = np.ndarray

#: Epochs after which the slow looks are taken: the first ones, where most happens, and every fifth.
DENSE, EVERY = 3, 5


def split(scale: str, folder: str | Path | None = None) -> tuple[Digits, Array, Array]:
    """Digits that train and test, and (x, labels) of those that choose. ``folder``: of the MNIST
    files, for the full scale."""
    train, choose, test = SPLITS[scale]
    d = load_mnist(str(folder)) if scale == "full" else load_digits()
    kept = Digits(d.x_train[:train], d.y_train[:train], d.x_test[:test], d.y_test[:test])
    return kept, d.x_train[train : train + choose], d.y_train[train : train + choose]


def targets(run: PaperRun, labels: Array) -> Array:
    """Targets (N, 10): 0.94 y + 0.03 for outputs of tanh, else one-hot with a confidence of 0.9."""
    if run.training.output == "same":
        return np.asarray(0.94 * one_hot(labels, 10) + 0.03, np.float32)
    return one_hot(labels, 10, confidence=run.training.confidence)


class Training:
    """A run on its way."""

    def __init__(self, run: PaperRun, data: tuple[Digits, Array, Array], folder: Path) -> None:
        self.run, self.folder = run, folder
        self.digits, self.x_choose, self.y_choose = data
        self.net: Network
        self.framework: Framework
        self.rule: Rule
        self.optimizer: Optimizer
        self.make()
        self.records: list[dict[str, Any]] = []
        self.part = folder / f"{run.name}.part.json"

    def make(self) -> None:
        """Network, framework, rule and optimizer, fresh."""
        self.net, self.framework, self.rule, self.optimizer = self.run.training.make()

    def go(self) -> dict[str, Any]:
        """Train to the end; the outcome, as it is written."""
        failure = None
        if self.part.exists():
            self.records = read(self.part, self.run)["records"]
        shifted, all_epochs = self.run.shifted, self.run.training.epochs
        try:
            if shifted:
                self.phase("shifted", (self.digits.y_train + 1) % 10, shifted, 0)
            self.phase("right", self.digits.y_train, all_epochs - shifted, shifted)
        except DivergenceError as error:
            failure = f"diverged (layer {error.layer})"
        return outcome(self.run, self.records, failure)

    def phase(self, name: str, labels: Array, epochs: int, before: int) -> None:
        """Epochs of one kind of labels, ``before`` of others having gone. What a checkpoint of
        this phase has done is not done again."""
        file = self.folder / f"{self.run.name}.{name}.npz"

        def train(more: int, look: Callable[..., None] | None) -> Any:
            p = self.run.training
            return fit(
                self.net, self.framework, self.rule, self.digits.x_train,
                targets(self.run, labels), optimizer=self.optimizer, epochs=more,
                batch_size=p.batch_size, seed=1000 * before + p.seed, progress=False,
                checkpoint=file, resume=True, callback=look,
            )  # fmt: skip

        def look(net: Network, history: Any) -> None:
            self.look(before + len(history.epochs), labels, history.epochs[-1])

        done = train(0, None)  # only restores
        if not self.records:
            self.look(0, labels, {})
        elif len(self.records) == before + len(done.epochs):  # stopped before the last look
            self.look(len(self.records), labels, done.epochs[-1] if done.epochs else {})
        if train(epochs, look).interrupted:
            raise KeyboardInterrupt  # after the batch at hand, with all of it kept

    def look(self, epoch: int, labels: Array, trained: dict[str, float]) -> None:
        """One record, and all of them written."""
        net = self.net
        began = time.perf_counter()
        now: dict[str, Any] = {
            "epoch": epoch,
            "loss": round(trained.get("loss", float("nan")), 6) if trained else None,
            "choose": round(100 * self.framework.accuracy(net, self.x_choose, self.y_choose), 3),
            "test": round(
                100 * self.framework.accuracy(net, self.digits.x_test, self.digits.y_test), 3
            ),
        }
        rows, moved = slice(0, looks.PROBES), epoch <= self.run.shifted
        x, y = self.x_choose[rows], self.y_choose[rows]
        shifted = (y + 1) % 10
        target = targets(self.run, shifted if self.run.shifted and moved else y)
        now |= self.details(epoch, x, target)
        if "controller" in now and self.run.shifted:  # what it costs to hear the other labels
            other = targets(self.run, y if moved else shifted)
            now["controller of the others"] = looks.controller(net, x, other)
        now["seconds"] = round(trained.get("seconds", 0.0), 1)
        now["seconds of looking"] = round(time.perf_counter() - began, 1)
        self.records.append(now)
        write(self.part, self.run, self.records, None)

    def details(self, epoch: int, x: Array, target: Array) -> dict[str, Any]:
        """What is looked at beside accuracies, on digits that validate."""
        net, p = self.net, self.run.training
        if isinstance(self.framework, looks.Looping):
            return dict(looks.own_swings(self.framework, net, x, target))
        if self.run.method not in looks.LOOKED_AT:
            return {}
        seen: dict[str, Any] = {"controller": looks.controller(net, x, target)}
        if self.run.scale != "medium" and not self.run.shifted and is_looked_at(epoch):
            seen["angles"] = looks.update_angles(net, x, target, p.seed)
            with contextlib.suppress(OscillationError):  # no losses, where their own loop swings
                seen["losses"] = looks.losses_of(net, x, target)
            if p.framework == "dfc" and p.rule != "stdp":
                seen["euler error"] = looks.euler_error(net, x, target, dict(p.framework_settings))
        return seen


def is_looked_at(epoch: int) -> bool:
    """Whether the slow looks are taken after this epoch."""
    return epoch <= DENSE or epoch % EVERY == 0


def outcome(run: PaperRun, records: list[dict[str, Any]], failure: str | None) -> dict[str, Any]:
    """What a run came to: its plan, the records, and the accuracy that counts: on the test digits,
    after the epoch that validation chose (the first of equal ones)."""
    trained = [r for r in records[1:] if "choose" in r] or records[:1]
    best = max(trained, key=lambda r: r["choose"])
    return {
        "run": asdict(run), "failure": failure, "chosen": best["epoch"],
        "accuracy": best["test"], "records": records,
    }  # fmt: skip


def write(path: Path, run: PaperRun, records: list[dict[str, Any]], failure: str | None) -> None:
    made = outcome(run, records, failure)
    rows = ",\n  ".join(json.dumps(r) for r in made.pop("records"))
    head = json.dumps(made, indent=1)[:-2]
    write_text(path, f'{head},\n "records": [\n  {rows}\n ]\n}}\n')


def read(path: Path, run: PaperRun) -> dict[str, Any]:
    """The outcome in a file. CheckpointError if it is of another plan, or damaged."""
    try:
        made = json.loads(path.read_text("utf-8"))
        plan = asdict(Plan.from_dict(made["run"]["training"]))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CheckpointError(f"{path}: is damaged or not a run ({error})") from error
    check_same(path, plan, asdict(run.training))
    return dict(made)


def train_to_file(
    run: PaperRun,
    folder: Path,
    data: str | Path | None = None,
    kind: type[Training] = Training,
) -> dict[str, Any]:
    """The outcome of a run: read from ``folder`` if it is there, else made, and written to it.
    kind: what trains it."""
    path = folder / f"{run.name}.json"
    if path.exists():
        return read(path, run)
    folder.mkdir(parents=True, exist_ok=True)
    training = kind(run, split(run.scale, data), folder)
    made = training.go()
    write(path, run, made["records"], made["failure"])
    for left in folder.glob(f"{run.name}.*"):
        if left.name != path.name:
            left.unlink()
    return made

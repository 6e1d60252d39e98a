"""``fit``: epochs of  stream -> rule -> optimizer, with a history that survives interruption."""

from __future__ import annotations

import copy
import itertools
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .checkpoint import Checkpoint, digest
from .data import one_hot
from .errors import (
    ArgumentError,
    CheckpointError,
    check_array,
    check_batch,
    check_count,
    check_flag,
    check_kind,
    check_labels,
    check_number,
    check_path,
    check_seed,
    check_target,
)
from .frameworks.base import Framework
from .history import History
from .lanes import one_thread, parts, side_by_side
from .network import Network
from .observers import FreeLoss, check_observers, one_each
from .optim import Adam, Optimizer
from .rules import Rule, merged
from .stream import Fold, fold
from .terminal import Bar, Progress, ending, interruption

__all__ = ["FreeLoss", "History", "fit", "update"]

Array = np.ndarray


def update(
    net: Network,
    framework: Framework,
    rule: Rule,
    x: Any,
    target: Any,
    observers: Mapping[str, Fold] | None = None,
) -> tuple[Any, ...]:
    """The rule's updates for one batch; the loss of its free state, summed over the batch; and for
    each of ``observers``, which are folds by name, the numbers (B,) that it gives.

    x: (B, n_0). target: (B, n_L). Where neither framework nor rule minds, a large batch goes
    through in lanes (lanes.py), side by side on all cores: the same as ``rule(framework.teach(net,
    x, target))``, to rounding, in less time, and the same bits on any number of cores. (STDP draws
    other spikes, from its own generator all the same, and each lane scales unbounded rates by the
    greatest of its own.) Copies of the observers do the work.
    """
    check_kind("net", net, Network)
    check_kind("framework", framework, Framework)
    check_kind("rule", rule, Rule)
    x = check_batch("x", x, net.sizes[0], net.dtype)
    target = check_target(target, len(x), net.sizes[-1], net.dtype, net.output)
    watching = check_observers(observers)
    voltages = any(f.reads_voltages for f in (rule, *watching.values()))
    lanes = [slice(0, len(x))]
    if rule.separable and framework.separable(net):
        lanes = parts(len(x), net.sizes)

    def learn(lane: tuple[slice, Rule]) -> tuple[Any, ...]:
        part, rule = lane
        states = framework.teach(net, x[part], target[part], voltages)
        others = [copy.copy(observer) for observer in watching.values()]
        updates, loss, *seen = fold(states, rule, FreeLoss(net, target[part]), *others)
        rows = part.stop - part.start
        return (
            updates,
            loss,
            *(one_each(*found, rows) for found in zip(watching, seen, strict=True)),
        )

    if len(lanes) == 1:
        return learn((lanes[0], rule))
    rules = rule.split([(part.stop - part.start) / len(x) for part in lanes])
    each = side_by_side(learn, list(zip(lanes, rules, strict=True)))
    updates, losses, *seen = zip(*each, strict=True)
    return merged(updates), sum(losses), *map(np.concatenate, seen)


def fit(
    net: Network,
    framework: Framework,
    rule: Rule,
    x: Any,
    y: Any,
    *,
    optimizer: Optimizer | None = None,
    epochs: int = 5,
    batch_size: int = 128,
    validation: tuple[Any, Any] | None = None,
    confidence: float = 1.0,
    observers: Mapping[str, Fold] | None = None,
    seed: int = 0,
    history: History | None = None,
    progress: bool | Progress = True,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    callback: Callable[[Network, History], None] | None = None,
) -> History:
    """Train ``net`` in place.

    x: (N, n_0). y: labels (N,), made one-hot with ``confidence``, or targets (N, n_L).
    optimizer: Adam(1e-3) if not given. seed: of the order of the samples, drawn anew each epoch.
    validation: (x, labels) for the accuracy after each epoch.
    observers: folds of the stream by name (observers.py), each a column of the history: the mean
        over the epoch's inputs. One latency that is infinite makes the mean infinite.
    history: of an earlier call, to go on from it, and kept as it is: with the same optimizer,
        framework and rule, 2 epochs and then 3 more are 5, bit for bit.
    checkpoint: a file written after each epoch and on interruption; with ``resume`` and an
        existing file, training goes on from it up to ``epochs`` as if it had never stopped, bit
        for bit. CheckpointError if the file is of a run with other settings or data.
    progress: a bar, none, or a terminal.Progress. callback: gets (net, history) after each epoch.

    Ctrl-C ends training after the batch at hand: the weights and the history so far stay.
    Raises DivergenceError with the weights as they were before the first update that is not finite.
    Whatever is wrong with an argument is told before anything has changed.
    """
    check_kind("net", net, Network)
    run = _Run(
        net, framework, rule, Adam() if optimizer is None else optimizer,
        *_check_data(net, x, y, confidence), _check_validation(net, validation),
        check_count("batch_size", batch_size), check_seed("seed", seed), check_observers(observers),
    )  # fmt: skip
    history = run.begin(history)
    last = len(history.epochs) + check_count("epochs", epochs, least=0)
    bar, resume = _progress(progress), check_flag("resume", resume)
    if not (callback is None or callable(callback)):
        raise ArgumentError("callback", type(callback).__name__, "a function, or None")
    if resume and checkpoint is None:
        raise ArgumentError("resume", "True without checkpoint", "a checkpoint file to resume")
    file = None if checkpoint is None else run.file(checkpoint, y, confidence)
    if file and resume and file.path.exists():
        history = file.restore()
    else:
        run.rehearse()
    if file is not None:
        file.save(history)  # a folder that cannot be written is found before any work
    run.train(history, last, bar, file, callback)
    return history


def _progress(wanted: Any) -> Progress:
    """What shows how far training is: the caller's own, a bar, or nothing."""
    if isinstance(wanted, Progress):
        return wanted
    return Bar() if check_flag("progress", wanted) else Progress()


@dataclass
class _Run:
    """What ``fit`` was given, and its way through the epochs."""

    net: Network
    framework: Framework
    rule: Rule
    optimizer: Optimizer
    x: Array
    targets: Array
    validation: tuple[Array, Array] | None
    batch_size: int
    seed: int
    observers: dict[str, Fold]

    def __post_init__(self) -> None:
        check_kind("framework", self.framework, Framework)
        check_kind("rule", self.rule, Rule)
        check_kind("optimizer", self.optimizer, Optimizer)
        self.batches = -(-len(self.x) // self.batch_size)
        as_saved = self.net.arrays().values()
        for i, (p, saved) in enumerate(
            zip(self.net.weights + self.net.biases, as_saved, strict=True)
        ):
            if p is not saved or not p.flags.writeable:
                kind = "weights" if i < self.net.depth else "biases"
                name = f"net.{kind}[{i % self.net.depth}]"
                got = f"{type(p).__name__} of {np.asarray(p).dtype}"
                expected = f"a writeable array of {self.net.dtype} (see Network.astype)"
                raise ArgumentError(name, got, expected)
        self.optimizer.check(self.net)

    def begin(self, history: History | None) -> History:
        """The history to write in. ArgumentError if ``history`` stopped in the middle of an epoch
        that is none of this run's."""
        if history is None:
            return History()
        check_kind("history", history, History)
        same = not history.batch or set(history.sums) == {"loss", *self.observers}
        if history.batch >= self.batches or not same:
            got = f"an epoch that stopped after batch {history.batch} with {list(history.sums)}"
            raise ArgumentError("history", got, "that of a run with these data and observers")
        return history.copy()

    def rehearse(self) -> None:
        """Try the first input on copies of framework, rule and observers: a rule that is not
        defined here, or an observer that gives no number, is found out before any work."""
        parts = self.framework, self.rule, list(self.observers.values())
        try:
            framework, rule, others = copy.deepcopy(parts, {id(self.net): self.net})
        except Exception:  # somebody's own holds what cannot be copied: an open file, a widget
            return
        with one_thread():
            framework.check_targets(self.net, self.targets)
            voltages = any(f.reads_voltages for f in (rule, *others))
            states = framework.teach(self.net, self.x[:1], self.targets[:1], voltages)
            first = next(iter(states))
            rule.start(first)
            rule.absorb(first)
            if others:
                seen = fold(itertools.chain([first], states), *others)
                for name, found in zip(self.observers, seen, strict=True):
                    one_each(name, found, 1)

    def train(
        self,
        history: History,
        last: int,
        progress: Progress,
        file: Checkpoint | None,
        callback: Callable[[Network, History], None] | None,
    ) -> None:
        """Epochs up to the ``last``, or to Ctrl-C."""

        def save() -> None:
            """A disk that fills up must not end training: the last checkpoint still stands."""
            try:
                if file is not None:
                    file.save(history)
            except CheckpointError as error:
                warnings.warn(f"{error}; training goes on", stacklevel=4)

        progress.begin(last * self.batches, len(history.epochs) * self.batches + history.batch)
        with ending(progress), interruption() as interrupted, one_thread():
            while len(history.epochs) < last and not interrupted():
                if not self.epoch(history, interrupted, progress):
                    break
                save()
                if callback is not None:
                    callback(self.net, history)
                if history.interrupted:
                    break
            history.interrupted |= interrupted()
        if history.interrupted:
            save()

    def epoch(self, history: History, interrupted: Callable[[], bool], progress: Progress) -> bool:
        """What is left of an epoch: whether it came to its end."""
        net, size, began = self.net, self.batch_size, time.perf_counter()
        order = np.random.default_rng([self.seed, len(history.epochs)]).permutation(len(self.x))
        try:
            if history.batch == 0:
                self.framework.begin_epoch(net, self.x)
            while history.batch < self.batches:
                rows = order[history.batch * size : (history.batch + 1) * size]
                x, target = self.x.take(rows, axis=0), self.targets.take(rows, axis=0)
                self.framework.begin_batch(net, x)
                updates, loss, *seen = update(
                    net, self.framework, self.rule, x, target, self.observers
                )
                self.optimizer.step(net, updates)
                sums = [float(found.sum()) for found in seen]
                history.count({"loss": loss} | dict(zip(self.observers, sums, strict=True)))
                progress.advance(1)
                if interrupted():
                    break
        except KeyboardInterrupt:  # raised by a caller's code, not by the signal
            history.interrupted = True
        if history.batch < self.batches:
            return False
        record = history.means(len(self.x))
        if self.validation is not None:
            record["accuracy"] = self.framework.accuracy(net, *self.validation)
        record["seconds"] = time.perf_counter() - began
        history.epochs.append(record)
        progress.report(record)
        return True

    def file(self, path: str | Path, y: Any, confidence: float) -> Checkpoint:
        """The checkpoint, with all on which the epochs depend."""
        check_path("checkpoint", path)
        labels = np.ndim(y) == 1
        made_with = {
            "samples": len(self.x),
            "batch size": self.batch_size,
            "seed": self.seed,
            "confidence": confidence if labels else None,
            "x": digest(self.x),
            "y": digest(np.asarray(y, np.int64) if labels else self.targets),
            "observers": self.observers,
            "validation": self.validation and [digest(part) for part in self.validation],
        }
        return Checkpoint(path, self.net, self.optimizer, self.framework, self.rule, made_with)


# ---------------------------------------------------------------------- the data


def _check_data(net: Network, x: Any, y: Any, confidence: float) -> tuple[Array, Array]:
    """x (N, n_0) and targets (N, n_L)."""
    classes = net.sizes[-1]
    x = check_batch("x", x, net.sizes[0], net.dtype)
    y = check_array("y", y, "labels (N,) or targets (N, n_L)")
    if y.ndim == 0:
        raise ArgumentError("y", repr(y.item()), "labels (N,) or targets (N, n_L)")
    if len(y) != len(x):
        raise ArgumentError("y", f"{len(y)} rows", f"{len(x)} rows, as in x")
    if y.ndim == 1:
        return x, one_hot(y, classes, confidence=confidence, dtype=net.dtype)
    check_number("confidence", confidence, above=0, most=1)
    return x, check_target(y, len(x), classes, net.dtype, net.output)


def _check_validation(net: Network, validation: Any) -> tuple[Array, Array] | None:
    """Inputs (M, n_0) and labels (M,), or None."""
    if validation is None:
        return None
    if not isinstance(validation, tuple | list) or len(validation) != 2:
        raise ArgumentError("validation", type(validation).__name__, "a pair (x, labels)")
    x = check_batch("validation x", validation[0], net.sizes[0], net.dtype)
    return x, check_labels(validation[1], len(x), net.sizes[-1])

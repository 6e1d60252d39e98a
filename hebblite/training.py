"""``fit``: epochs of  stream -> rule -> optimizer, with a history that survives interruption."""

from __future__ import annotations

import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .data import one_hot
from .errors import (
    ArgumentError,
    CheckpointError,
    check_batch,
    check_count,
    check_flag,
    check_kind,
    check_seed,
    check_target,
)
from .frameworks.base import Framework
from .lanes import one_thread, parts, side_by_side
from .network import Network, read_arrays, write_arrays
from .optim import Adam, Optimizer
from .rules import Rule, Updates, merged
from .stream import Block, Fold, fold

Array = np.ndarray


@dataclass
class History:
    """What ``fit`` saw: one dict per finished epoch with ``epoch`` (from 1), ``loss`` (mean over
    the epoch's batches, each before its own update), ``accuracy`` (validation, in [0, 1]; absent
    without validation labels) and ``seconds``. ``interrupted``: whether Ctrl-C ended it early."""

    epochs: list[dict[str, float]] = field(default_factory=list)
    interrupted: bool = False

    def __getitem__(self, key: str) -> list[float]:
        """One column: ``history["accuracy"]``."""
        return [epoch[key] for epoch in self.epochs]


class FreeLoss(Fold):
    """An observer: the loss of the stream's first state, summed over the batch. Costs no second
    pass. That is the free state, but for Equilibrium Propagation with two nudged phases."""

    def __init__(self, net: Network, target: Array) -> None:
        self._net, self._target = net, target

    def start(self, block: Block) -> None:
        self._loss = float(self._net.losses(block.rates[-1][0], self._target).sum())

    def absorb(self, block: Block) -> None:
        pass

    def finish(self) -> float:
        return self._loss


def update(
    net: Network, framework: Framework, rule: Rule, x: Any, target: Any
) -> tuple[Updates, float]:
    """The rule's updates for one batch, and the loss of its free state, summed over the batch.

    x: (B, n_0). target: (B, n_L). Where neither framework nor rule minds, a large batch goes
    through in lanes (lanes.py), side by side on all cores: the same as ``rule(framework.teach(net,
    x, target))``, to rounding, in less time, and the same bits on any number of cores. (STDP draws
    other spikes, from its own generator all the same, and each lane scales unbounded rates by the
    greatest of its own.)
    """
    check_kind("net", net, Network)
    check_kind("framework", framework, Framework)
    check_kind("rule", rule, Rule)
    x = check_batch("x", x, net.sizes[0], net.dtype)
    target = check_target(target, len(x), net.sizes[-1], net.dtype)
    lanes = [slice(0, len(x))]
    if rule.separable and framework.separable(net):
        lanes = parts(len(x), net.sizes)

    def learn(lane: tuple[slice, Rule]) -> tuple[Updates, float]:
        part, rule = lane
        states = framework.teach(net, x[part], target[part], rule.reads_voltages)
        updates, loss = fold(states, rule, FreeLoss(net, target[part]))
        return updates, loss

    if len(lanes) == 1:
        return learn((lanes[0], rule))
    rules = rule.split([(part.stop - part.start) / len(x) for part in lanes])
    updates, losses = zip(*side_by_side(learn, list(zip(lanes, rules, strict=True))), strict=True)
    return merged(updates), sum(losses)


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
    seed: int = 0,
    progress: bool = True,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    callback: Callable[[Network, History], None] | None = None,
) -> History:
    """Train ``net`` in place.

    x: (N, n_0). y: labels (N,), made one-hot with ``confidence``, or targets (N, n_L).
    optimizer: Adam(1e-3) if not given. seed: of the order of the samples, drawn anew each epoch.
    validation: (x, labels) for the accuracy after each epoch.
    checkpoint: a file written after each epoch and on interruption; with ``resume`` and an
        existing file, training goes on from it as if it had never stopped, bit for bit.
    callback: called with (net, history) after each epoch.

    Ctrl-C ends training after the batch at hand: the weights and the history so far stay.
    Raises DivergenceError with the weights as they were before the first update that is not finite.
    """
    check_kind("net", net, Network)
    x, targets, validation = _check_data(net, x, y, validation, confidence)
    epochs, batch_size = (
        check_count("epochs", epochs, least=0),
        check_count("batch_size", batch_size),
    )
    check_seed("seed", seed)
    resume = check_flag("resume", resume)
    check_kind("framework", framework, Framework)
    check_kind("rule", rule, Rule)
    if optimizer is not None:
        check_kind("optimizer", optimizer, Optimizer)
    if checkpoint is not None and not isinstance(checkpoint, str | Path):
        raise ArgumentError("checkpoint", type(checkpoint).__name__, "the path of a file, or None")
    if callback is not None and not callable(callback):
        raise ArgumentError("callback", type(callback).__name__, "a function, or None")
    optimizer = Adam() if optimizer is None else optimizer
    history, epoch, batch, loss = History(), 0, 0, 0.0
    plan = {"samples": len(x), "batch_size": batch_size, "seed": seed}
    if resume:
        if checkpoint is None:
            raise ArgumentError("resume", "True without checkpoint", "a checkpoint file to resume")
        if Path(checkpoint).exists():
            history, epoch, batch, loss = _resume(checkpoint, plan, net, optimizer, framework, rule)

    def save() -> None:
        if checkpoint is None:
            return
        _save(checkpoint, plan, net, optimizer, framework, rule, history, epoch, batch, loss)

    def save_or_warn() -> None:
        """A disk that fills up must not end training: the last checkpoint still stands."""
        try:
            save()
        except CheckpointError as error:
            warnings.warn(f"{error}; training goes on", stacklevel=2)

    save()  # find out that a folder cannot be written before any work is done
    starts = range(0, len(x), batch_size)
    with (
        _Progress(progress, epochs * len(starts)) as bar,
        _interruption() as interrupted,
        one_thread(),
    ):
        bar.advance(epoch * len(starts) + batch)
        while epoch < epochs and not interrupted():
            order = np.random.default_rng([seed, epoch]).permutation(len(x))
            began = time.perf_counter()
            try:
                if batch == 0:
                    framework.begin_epoch(net, x)
                while batch < len(starts) and not interrupted():
                    rows = order[starts[batch] : starts[batch] + batch_size]
                    updates, batch_loss = update(net, framework, rule, x[rows], targets[rows])
                    optimizer.step(net, updates)
                    loss += batch_loss
                    batch += 1
                    bar.advance(1)
            except KeyboardInterrupt:  # raised by a caller's code, not by the signal
                history.interrupted = True
            if batch < len(starts):
                break
            record = {"epoch": epoch + 1, "loss": loss / len(x)}
            if validation is not None:
                record["accuracy"] = framework.accuracy(net, *validation)
            record["seconds"] = time.perf_counter() - began
            history.epochs.append(record)
            epoch, batch, loss = epoch + 1, 0, 0.0
            bar.report(record)
            save_or_warn()
            if callback is not None:
                callback(net, history)
            if history.interrupted:
                break
        history.interrupted |= interrupted()
    if history.interrupted:
        save_or_warn()
    return history


def _check_data(
    net: Network, x: Any, y: Any, validation: tuple[Any, Any] | None, confidence: float
) -> tuple[Array, Array, tuple[Array, Array] | None]:
    classes = net.sizes[-1]
    x = check_batch("x", x, net.sizes[0], net.dtype)
    try:
        y = np.asarray(y)
    except ValueError as error:  # ragged nested lists
        raise ArgumentError("y", type(y).__name__, "labels (N,) or targets (N, n_L)") from error
    if y.ndim == 0:
        raise ArgumentError("y", repr(y.item()), "labels (N,) or targets (N, n_L)")
    if y.ndim == 1:
        targets = one_hot(y, classes, confidence=confidence, dtype=net.dtype)
    else:
        targets = check_target(y, len(y), classes, net.dtype)
    if len(targets) != len(x):
        raise ArgumentError("y", f"{len(targets)} rows", f"{len(x)} rows, as in x")
    if validation is not None:
        if not isinstance(validation, tuple | list) or len(validation) != 2:
            raise ArgumentError("validation", type(validation).__name__, "a pair (x, labels)")
        val_x = check_batch("validation x", validation[0], net.sizes[0], net.dtype)
        one_hot(validation[1], classes)  # for its checks of the labels
        validation = (val_x, np.asarray(validation[1]))
    return x, targets, validation


@contextmanager
def _interruption() -> Iterator[Callable[[], bool]]:
    """A function that tells whether Ctrl-C was pressed. The signal waits for the batch at hand, so
    that no update is left half done; a second Ctrl-C is not held back."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    pressed = threading.Event()
    previous = signal.getsignal(signal.SIGINT)

    def note(number: int, frame: Any) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, previous)

    signal.signal(signal.SIGINT, note)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, previous)


class _Progress:
    """A tqdm bar over batches, in the terminal or the notebook; nothing at all if not wanted."""

    def __init__(self, wanted: bool, batches: int) -> None:
        self._bar: Any = None
        if wanted:
            from tqdm.auto import tqdm

            self._bar = tqdm(total=batches, unit="batch", mininterval=0.2)

    def advance(self, batches: int) -> None:
        if self._bar is not None:
            self._bar.update(batches)

    def report(self, record: dict[str, float]) -> None:
        if self._bar is not None:
            accuracy = record.get("accuracy")
            scores = {"loss": f"{record['loss']:.3f}"}
            if accuracy is not None:
                scores["accuracy"] = f"{100 * accuracy:.1f} %"
            self._bar.set_postfix(scores)

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.close()


# ---------------------------------------------------------------------- checkpoints


def _save(
    path: str | Path,
    plan: dict[str, int],
    net: Network,
    optimizer: Optimizer,
    framework: Framework,
    rule: Rule,
    history: History,
    epoch: int,
    batch: int,
    loss: float,
) -> None:
    """All that the next batch depends on, in one file that is replaced as a whole."""
    optimizer_meta, optimizer_arrays = optimizer.state()
    framework_meta, framework_arrays = framework.state()
    meta = {
        "network": net.settings(),
        "plan": plan,
        "optimizer": optimizer_meta,
        "framework": framework_meta,
        "rule": rule.state(),
        "kinds": [type(part).__name__ for part in (optimizer, framework, rule)],
        "history": history.epochs,
        "position": [epoch, batch, loss],
    }
    arrays = {f"weights{i}": W for i, W in enumerate(net.weights)}
    arrays |= {f"biases{i}": b for i, b in enumerate(net.biases)}
    arrays |= {f"optimizer.{name}": a for name, a in optimizer_arrays.items()}
    arrays |= {f"framework.{name}": a for name, a in framework_arrays.items()}
    write_arrays(path, meta, arrays)


def _resume(
    path: str | Path,
    plan: dict[str, int],
    net: Network,
    optimizer: Optimizer,
    framework: Framework,
    rule: Rule,
) -> tuple[History, int, int, float]:
    """Put a checkpoint into net, optimizer and framework; where training was."""
    meta, arrays = read_arrays(path)
    saved = Network.from_arrays(meta, arrays, path)
    kinds = [type(part).__name__ for part in (optimizer, framework, rule)]
    try:
        for what, have, want in (
            ("sizes", saved.sizes, net.sizes),
            ("hidden and output", (saved.hidden, saved.output), (net.hidden, net.output)),
            ("dtype", saved.dtype, net.dtype),
            ("optimizer, framework and rule", meta["kinds"], kinds),
            ("samples, batch size and seed", meta["plan"], plan),
        ):
            if have != want:
                raise CheckpointError(
                    f"{path}: was made with other {what}: {have}, where this run has {want}"
                )
        net.weights, net.biases = saved.weights, saved.biases
        for owner, name in ((optimizer, "optimizer."), (framework, "framework.")):
            mine = {k.removeprefix(name): a for k, a in arrays.items() if k.startswith(name)}
            owner.restore(meta[name[:-1]], mine)
        rule.restore(meta["rule"])
        epoch, batch, loss = meta["position"]
        return History(list(meta["history"])), int(epoch), int(batch), float(loss)
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: holds no complete checkpoint of fit ({error})") from None

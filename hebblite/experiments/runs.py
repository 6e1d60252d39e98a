"""One run of one cell of the matrix: what it is, doing it, and many of them side by side.

A ``Plan`` says all that the result depends on, beside the versions of NumPy and hebblite and the
kind of processor. The number of cores, processes and BLAS threads is no part of it, as every
product runs on one thread (``lanes``): the same plan gives the same result bit for bit, in one
process or many, stopped and gone on with or not. Its outcome is written to a file of its own as
soon as it is known: whatever happens to other runs, or to this process, finished work stays.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..data import Digits, load_digits, load_mnist, toy_classes
from ..data.toys import KINDS
from ..errors import ArgumentError, CheckpointError, DivergenceError, UnwritableError
from ..files import write_text
from ..network import Network
from ..optim import SGD, Adam
from ..rules import STDP, Rule
from ..suggest import meant
from ..training import fit
from .cells import RATES, RULES, make_framework, settings_of
from .processes import in_processes

OPTIMIZERS: dict[str, type[Adam] | type[SGD]] = {"adam": Adam, "sgd": SGD}
SGD_RATE = 0.1
DATASETS = ("digits", *KINDS)


@dataclass(frozen=True)
class Plan:
    """All that a run depends on. ``framework_settings`` are (name, value) pairs on top of those of
    ``cells.SETTINGS``; ``data`` is a folder of MNIST files. Of STDP are ``tau``, ``samples`` and
    ``population``: ``samples`` independent runs of the spikes, in each of which so many neurons
    carry every rate."""

    framework: str
    rule: str
    seed: int = 0
    sizes: tuple[int, ...] = (784, 256, 256, 10)
    hidden: str = "tanh"
    output: str = "softmax"
    init: str = "xavier_normal"
    dtype: str = "float32"
    optimizer: str = "adam"
    lr: float | None = None
    epochs: int = 8
    batch_size: int = 64
    confidence: float = 0.9
    framework_settings: tuple[tuple[str, Any], ...] = ()
    samples: int = 1
    tau: float = 0.0162
    dataset: str = "digits"
    data: str | None = None
    population: int = 1

    @classmethod
    def from_dict(cls, made: dict[str, Any]) -> Plan:
        """What ``asdict`` and JSON make of a plan; fields that are younger are at their default."""
        settings = tuple((name, value) for name, value in made["framework_settings"])
        return cls(**{**made, "sizes": tuple(made["sizes"]), "framework_settings": settings})

    @property
    def name(self) -> str:
        """As a file name."""
        return f"{self.framework}-{self.rule}-{self.hidden}-{self.seed}"

    def make(self) -> tuple[Network, Any, Rule, Adam | SGD]:
        """Network, framework, rule and optimizer, fresh. ArgumentError if a setting is unusable."""
        net = Network(self.sizes, self.hidden, self.output, self.init, self.dtype, self.seed)
        settings = dict(self.framework_settings)
        known = settings_of(self.framework)
        for name in settings:
            if name not in known:
                wanted = f"a setting of {self.framework}: {', '.join(known) or 'it has none'}"
                raise ArgumentError("--set", repr(name), wanted + meant(name, known))
        framework = make_framework(self.framework, self.seed, **settings)
        rule = RULES[self.rule](self.seed)
        if isinstance(rule, STDP):
            rule = STDP(self.samples, rule.expected, self.tau, seed=self.seed,
                        population=self.population)  # fmt: skip
        rate = self.lr
        if rate is None:
            rate = RATES[self.framework] if self.optimizer == "adam" else SGD_RATE
        return net, framework, rule, OPTIMIZERS[self.optimizer](rate)

    def check_sizes(self, digits: Digits) -> None:
        """ArgumentError unless the first layer is as wide as an input and the last has a neuron
        for each class."""
        inputs = digits.x_train.shape[1]
        classes = int(max(digits.y_train.max(), digits.y_test.max())) + 1
        if len(self.sizes) < 2 or self.sizes[0] != inputs or self.sizes[-1] != classes:
            raise ArgumentError(
                "--sizes",
                "-".join(map(str, self.sizes)),
                f"{inputs}-...-{classes}, as inputs have {inputs} values and labels are 0 to "
                f"{classes - 1}",
            )

    def digits(self) -> Digits:
        """The data: (x_train, y_train, x_test, y_test)."""
        if self.dataset != "digits":
            parts = (
                *toy_classes(self.dataset, 1000, seed=0),
                *toy_classes(self.dataset, 500, seed=1),
            )
            return Digits(*parts)
        return load_digits() if self.data is None else load_mnist(self.data)


@dataclass
class Outcome:
    """What came of a plan. ``accuracy`` in percent on the test set, of the last weights that were
    finite. ``failure``: None, or why training ended early. ``epochs``: the history."""

    plan: Plan
    accuracy: float
    failure: str | None = None
    epochs: list[dict[str, float]] = field(default_factory=list)
    seconds: float = 0.0
    interrupted: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, made: dict[str, Any]) -> Outcome:
        return cls(**{**made, "plan": Plan.from_dict(made["plan"])})


def run(
    plan: Plan,
    digits: Digits | None = None,
    progress: bool = False,
    checkpoint: Path | None = None,
    resume: bool = False,
) -> Outcome:
    """Train as planned. A run that diverges is an outcome; bad settings are an ArgumentError."""
    began = time.perf_counter()
    net, framework, rule, optimizer = plan.make()
    digits = plan.digits() if digits is None else digits
    plan.check_sizes(digits)
    outcome = Outcome(plan, float("nan"))

    def note(net: Network, history: Any) -> None:
        outcome.epochs = history.epochs

    try:
        history = fit(
            net,
            framework,
            rule,
            digits.x_train,
            digits.y_train,
            optimizer=optimizer,
            epochs=plan.epochs,
            batch_size=plan.batch_size,
            validation=(digits.x_test, digits.y_test),
            confidence=plan.confidence,
            seed=plan.seed,
            progress=progress,
            checkpoint=checkpoint,
            resume=resume,
            callback=note,
        )
    except DivergenceError as error:
        outcome.failure = f"diverged (layer {error.layer})"
        print(f"{plan.name}: {error}", file=sys.stderr)
    else:
        outcome.epochs, outcome.interrupted = history.epochs, history.interrupted
    try:  # after a divergence these are the weights before the update that was not finite
        with np.errstate(all="ignore"):
            accuracy = framework.accuracy(net, digits.x_test, digits.y_test)
    except DivergenceError:
        accuracy = 0.0
    outcome.accuracy = 100 * accuracy
    outcome.seconds = time.perf_counter() - began
    return outcome


# ---------------------------------------------------------------------- many runs


def run_all(
    plans: Sequence[Plan], folder: Path | None = None, jobs: int = 1, progress: bool = False
) -> Iterator[Outcome]:
    """The outcomes, in the order in which they come, over ``jobs`` processes of one BLAS thread
    each; one after another in this process if that is one, or if joblib is not installed. With a
    folder, runs that have their outcome there are not done again, and others go on from their
    checkpoint."""
    todo = []
    for plan in plans:
        known = None if folder is None else load_outcome(folder, plan)
        if known is None:
            todo.append(plan)
        else:
            yield known
    jobs = min(jobs, len(todo))
    try:
        if jobs > 1:
            import joblib  # noqa: F401
    except ImportError:
        jobs = 1
    if jobs <= 1:
        yield from (run_to_file(plan, folder, progress) for plan in todo)
        return
    yield from in_processes(run_to_file, [(plan, folder, progress) for plan in todo], jobs)


def run_to_file(plan: Plan, folder: Path | None, progress: bool = False) -> Outcome:
    """``run``, with its plan, checkpoint and outcome in ``folder``. A disk that has become full
    costs these files, not the outcome."""
    if folder is None:
        return run(plan, progress=progress)
    checkpoint = folder / f"{plan.name}.npz"
    try:
        claim(folder, plan)
        outcome = run(plan, progress=progress, checkpoint=checkpoint, resume=True)
    except UnwritableError as error:  # before any work
        print(f"hebblite: {error}; going on without checkpoints", file=sys.stderr)
        outcome = run(plan, progress=progress)
    if not outcome.interrupted:
        try:
            write_text(folder / f"{plan.name}.json", json.dumps(outcome.as_dict(), indent=1))
        except UnwritableError as error:
            print(f"hebblite: {error}; the table will have it all the same", file=sys.stderr)
    return outcome


def claim(folder: Path, plan: Plan) -> None:
    """Say in the folder whose checkpoint will be there. CheckpointError if another plan's is."""
    path = folder / f"{plan.name}.plan.json"
    try:
        found = Plan.from_dict(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        write_text(path, json.dumps(asdict(plan), indent=1))
        return
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CheckpointError(f"{path}: is damaged or not a plan ({error})") from error
    check_same(path, asdict(found), asdict(plan))


def check_same(path: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
    if old != new:
        what = ", ".join(f"{k} {old.get(k)!r}, now {new[k]!r}" for k in new if old.get(k) != new[k])
        raise CheckpointError(
            f"{path}: is of a run with other settings ({what}); name another folder"
        )


def load_outcome(folder: Path, plan: Plan) -> Outcome | None:
    """The outcome of exactly this plan, if the folder has it. CheckpointError if it has that of
    another plan under the same name: nothing is overwritten."""
    path = folder / f"{plan.name}.json"
    try:
        made = json.loads(path.read_text("utf-8"))
        outcome = Outcome.from_dict(made)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CheckpointError(f"{path}: is damaged or not an outcome ({error})") from error
    check_same(path, asdict(outcome.plan), asdict(plan))
    return outcome

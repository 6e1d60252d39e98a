"""The claim as a whole, measured: error, feedback, latency and H* while a network learns.

Written down before the full run. (What had been seen: single courses of seed 0, and no comparison
at equal error.)

**The plan.** Networks 784-64-64-10 and 784-64-64-64-10 with tanh, sigmoid or relu, five seeds each
(of weights, the digits and their order), 6 epochs of 5,000 of the packaged digits, batches of 64,
targets of confidence 0.9. Methods, always from the same start:

    dh             Deep Feedback Control with the differential Hebbian rule, Adam 1e-3
    error-based    the same controller with its native rule: the other rule that T3 and T4 name
    backprop       the fair control, Adam 1e-3
    backprop slow, backprop fast       Adam 3e-4 and 3e-3: is a difference one of step size?
    dh sgd, backprop sgd               plain steps of 0.03, not with sigmoid, which learns too
                                       slowly from them: is it one of Adam?

The last four are asked of the first network only. (Added when the others were known, since slow
backprop was ahead of backprop by about as much as DH: **dh slow** and **dh fast**, with the same
two steps.)

At the start and after each epoch, the first 64 *test* digits, the same for all, give the means of
what losses/together.py lists: |e|, the feedback of the controller that trains (k_p = 0.5, for
backprop too), the latency to |e| <= 0.3 under integral control with k = 10 per second and neurons a
hundred times as fast as the integrator (a digit that is right from the start counts 0, one that
never gets there 4 s, the length of the phase), H* by Newton's method, and, beside these losses, the
gain: the mean eigenvalue of J Q. Steps of integral control are adaptive, with a tolerance of 0.003.

Two courses are compared at equal error (losses/courses.py), seed by seed. A difference counts if
all five seeds agree.

**What THEORY expects.**

1. All losses fall together, since they share their minimisers (T4: sandwich; T5: bounds), under
   *every* method that learns. So the correlation with |e| is near 1 for backprop as well.
2. Not always, epoch by epoch: H* also depends on how far the output voltages must go and on the
   gain, so that it can rise while |e| falls (sigmoid).
3. At equal error, error-based DFC has less H* than backprop: it is gradient descent on H* (T4).
   DH is that rule times P_l >= 1 (T3), so the same is expected of it, by less certain reasons.
4. To first order H* = |d|^2 / (2 gain) and T = ln(|e| / delta) / (k gain). If DH is ahead at equal
   error, then in first order because its loop has a larger gain. Corrected for it (times gain), the
   advantage should shrink, and may be gone. This is T5's second term, a second way to lower the
   losses, and no way of lowering the error.
5. The feedback of the weak controller is about gain |u|^2 / 2 with u = k_p e / (1 + ...): at equal
   error a larger gain makes it *larger*. It is not expected to favour DH.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..data import Digits, one_hot
from ..errors import CheckpointError, DivergenceError, UnwritableError
from ..files import write_text
from ..losses import Course, all_losses
from ..network import Network
from ..training import fit
from .processes import in_processes
from .runs import Plan, check_same

ARCHITECTURES = ((784, 64, 64, 10), (784, 64, 64, 64, 10))
HIDDEN = ("tanh", "sigmoid", "relu")
SEEDS = (0, 1, 2, 3, 4)
EPOCHS, SAMPLES, PROBES = 6, 5_000, 64
#: Of the controller that trains.
CONTROL: tuple[tuple[str, Any], ...] = (("dt", 0.005), ("k_p", 0.5), ("steps", 20))
#: Framework, rule, optimizer, learning rate.
METHODS = {
    "dh": ("dfc", "dh", "adam", 1e-3),
    "error-based": ("dfc", "error-based", "adam", 1e-3),
    "backprop": ("backprop", "gradient", "adam", 1e-3),
    "dh slow": ("dfc", "dh", "adam", 3e-4),
    "backprop slow": ("backprop", "gradient", "adam", 3e-4),
    "dh fast": ("dfc", "dh", "adam", 3e-3),
    "backprop fast": ("backprop", "gradient", "adam", 3e-3),
    "dh sgd": ("dfc", "dh", "sgd", 0.03),
    "backprop sgd": ("backprop", "gradient", "sgd", 0.03),
}
#: Of these, what only changes the steps of another: for the first network alone.
STEPS = tuple(m for m in METHODS if m.endswith((" slow", " fast", " sgd")))
MAIN = tuple(m for m in METHODS if m not in STEPS)


@dataclass(frozen=True)
class LossPlan:
    """One run: a method and the training that it stands for."""

    method: str
    training: Plan

    @property
    def name(self) -> str:
        """As a file name."""
        p = self.training
        sizes = "-".join(map(str, p.sizes))
        return f"{self.method.replace(' ', '-')}-{p.hidden}-{sizes}-{p.seed}"


def plan(
    method: str, sizes: tuple[int, ...], hidden: str, seed: int, epochs: int = EPOCHS
) -> LossPlan:
    """The run of a method on one network and seed."""
    framework, rule, optimizer, lr = METHODS[method]
    return LossPlan(
        method,
        Plan(
            framework, rule, seed, sizes, hidden,
            init="he_normal" if hidden == "relu" else "xavier_normal",
            optimizer=optimizer, lr=lr, epochs=epochs,
            framework_settings=() if framework == "backprop" else CONTROL,
        ),
    )  # fmt: skip


def plans(
    methods: Sequence[str] | None = None,
    architectures: Sequence[tuple[int, ...]] = ARCHITECTURES,
    hidden: Sequence[str] = HIDDEN,
    seeds: Sequence[int] = SEEDS,
    epochs: int = EPOCHS,
) -> list[LossPlan]:
    """All runs, a seed at a time, so that a measurement that is stopped has whole seeds. Without
    ``methods`` those of MAIN, and then those of STEPS on the first network."""
    if methods is None:
        first = architectures[:1]
        return [
            *plans(MAIN, architectures, hidden, seeds, epochs),
            *plans(STEPS, first, hidden, seeds, epochs),
        ]
    return [
        plan(method, sizes, phi, seed, epochs)
        for seed in seeds
        for sizes in architectures
        for phi in hidden
        for method in methods
        if not (phi == "sigmoid" and method.endswith("sgd"))
    ]


def measure(planned: LossPlan, digits: Digits) -> Course:
    """Train as planned and look after every epoch. A run that diverges ends where it was."""
    net, framework, rule, optimizer = planned.training.make()
    p = planned.training
    chosen = np.random.default_rng([7, p.seed]).permutation(len(digits.x_train))[:SAMPLES]
    p.check_sizes(digits)
    probe = digits.x_test[:PROBES]
    target = one_hot(digits.y_test[:PROBES], p.sizes[-1], confidence=p.confidence)
    losses: dict[str, list[float]] = {}

    def look(net: Network, _: Any = None) -> None:
        seen = all_losses(net, probe, target).means()
        seen["accuracy"] = 100 * net.accuracy(digits.x_test, digits.y_test)
        seen["weights"] = float(np.sqrt(sum(np.sum(W**2) for W in net.weights[1:])))
        for name, value in seen.items():
            losses.setdefault(name, []).append(value)

    look(net)
    try:
        history = fit(
            net, framework, rule, digits.x_train[chosen], digits.y_train[chosen],
            optimizer=optimizer, epochs=p.epochs, batch_size=p.batch_size,
            confidence=p.confidence, seed=p.seed, progress=False, callback=look,
        )  # fmt: skip
    except DivergenceError as error:
        print(f"{planned.name}: {error}", file=sys.stderr)
    else:
        if history.interrupted:
            raise KeyboardInterrupt
    return Course(planned.method, p.sizes, p.hidden, p.seed, losses)


def measure_all(
    planned: Sequence[LossPlan], folder: Path, digits: Digits, jobs: int = 1
) -> Iterator[tuple[Course, float]]:
    """The courses in the order in which they come, and the seconds that each took. Each is written
    to the folder as soon as it is known, and what is there is not done again."""
    todo = []
    for p in planned:
        known = load(folder, p)
        if known is None:
            todo.append(p)
        else:
            yield known, 0.0
    if min(jobs, len(todo)) <= 1:
        yield from (measure_to_file(p, folder, digits) for p in todo)
        return
    each = [(p, folder, digits) for p in todo]
    yield from in_processes(measure_to_file, each, min(jobs, len(todo)))


def measure_to_file(planned: LossPlan, folder: Path, digits: Digits) -> tuple[Course, float]:
    """``measure``, with its plan and course in a file of the folder. A disk that has become full
    costs the file, not the course."""
    began = time.perf_counter()
    course = measure(planned, digits)
    try:
        made = {"plan": asdict(planned), "course": asdict(course)}
        write_text(folder / f"{planned.name}.json", json.dumps(made, indent=1))
    except UnwritableError as error:
        print(f"hebblite: {error}; the table will have it all the same", file=sys.stderr)
    return course, time.perf_counter() - began


def load(folder: Path, planned: LossPlan) -> Course | None:
    """The course of exactly this plan, if the folder has it. CheckpointError if it has that of
    another plan under the same name."""
    path = folder / f"{planned.name}.json"
    try:
        made = json.loads(path.read_text("utf-8"))
        found = Plan.from_dict(made["plan"]["training"])
        course = Course(**{**made["course"], "sizes": tuple(made["course"]["sizes"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CheckpointError(f"{path}: is damaged or not a measured run ({error})") from error
    check_same(path, asdict(found), asdict(planned.training))
    return course

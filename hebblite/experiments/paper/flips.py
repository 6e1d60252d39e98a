"""Which of our choices flips a verdict: found by trying them.

A flip is one choice made otherwise. It is tried at medium size (packaged digits, the published
layers, 4 epochs), three seeds each, beside runs in which nothing is flipped. It flips the verdict
of a card if the verdict at this size, by the full-size bounds, is not that of the runs as planned.
A few are tried at full size as well, with one of their methods: what needs another has no value.

What turns the angles takes more epochs than four. So flips of that card have 40 of them, and are
tried beside ``long``, where nothing else is made otherwise.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...network import Network
from ...optim import Adam
from ...rules import Frozen, Updates
from ..runs import Plan
from . import looks
from .claims import CLAIMS
from .intervals import verdict
from .plans import PaperRun, paper_run
from .quantities import Runs, Values, greatest_angle, swinging, values_of
from .training import Array, Training, is_looked_at

SEEDS = (0, 1, 2)
#: Epochs of the flips of angles.
LONG = 40


class Recentred(Adam):
    """Adam, and after each step the mean over the output neurons is taken away from their weights
    and biases. A softmax reads differences only, so no prediction changes by it, and no feedback
    either: errors of a softmax sum to zero. It asks a synapse for the weights of others, and so is
    a control and no proposal.

    Why it should matter. Let m be the mean of the rows of W_L, and s the rates r_{L-1} as the
    membrane of an output neuron follows them. As the mean of u is zero, that of the output rates
    is m s (and the bias), and the mean over the rows of DH's update is m C with
    C = <sum_t ds[t] r_{L-1}[t]^T>. So what is common to the outputs is learned in proportion to
    itself, and no error ever corrects it: where an eigenvalue of C is positive it grows, step after
    step. The update of the error-based rule has no such part."""

    def step(self, net: Network, updates: Updates) -> None:
        super().step(net, updates)
        net.weights[-1] -= net.weights[-1].mean(axis=0)
        net.biases[-1] -= net.biases[-1].mean()


def same(training: Plan) -> Plan:
    return training


def setting(**changes: Any) -> Callable[[Plan], Plan]:
    """With other settings of the framework. (Backprop has none.)"""

    def change(training: Plan) -> Plan:
        old = dict(training.framework_settings)
        for name in changes:
            old.pop(name, None)
        new = {k: v for k, v in (old | changes).items() if v != "default"}
        return replace(training, framework_settings=tuple(sorted(new.items())))

    return change


@dataclass(frozen=True)
class Flip:
    """``card`` is the claim whose verdict it may flip, ``told`` what is otherwise, ``methods``
    those that it changes; ``optimizer`` and ``frozen`` are no part of a plan."""

    name: str
    card: str
    told: str
    methods: tuple[str, ...]
    change: Callable[[Plan], Plan] = same
    optimizer: Callable[[float], Adam] | None = None
    frozen: tuple[int, ...] = ()
    beside: str = ""
    control: bool = False


def long(training: Plan) -> Plan:
    return replace(training, epochs=LONG)


def tanh(training: Plan) -> Plan:
    return replace(training, hidden="tanh")


_DFC, _PC = ("dfc-dh", "dfc-error-based"), ("pc-dh", "pc-error-based")
_EP, _DEB = ("ep-dh", "ep-contrastive"), ("deb-dh", "deb-error-based")
_COARSE = setting(adaptive="default", dt=5e-3, steps=60)
FLIPS = (
    Flip("random-feedback", "dfc", "feedback weights are random and stay so, as in the published "
         "configuration of DH", _DFC, setting(feedback="random")),
    Flip("published-adam", "dfc", "Adam as published: betas 0.9 and 0.9, eps 9e-5",
         ("bp", *_DFC), optimizer=lambda lr: Adam(lr, betas=(0.9, 0.9), eps=9e-5)),
    Flip("weak-control", "dfc", "the controller is weak: k_p is 0.2 and not 2", _DFC,
         setting(k_p=0.2)),
    Flip("strong-control", "dfc", "the controller is strong: k_p is 20 and not 2", _DFC,
         setting(k_p=20.0)),
    Flip("tanh", "dfc", "hidden neurons are tanh and not sigmoid", ("bp", *_DFC), tanh),
    Flip("tanh-recentred", "dfc", "hidden neurons are tanh, and what is common to all outputs is "
         "taken away from the output weights after each batch", ("bp", *_DFC), tanh, Recentred),
    Flip("tanh-weak-control", "dfc", "hidden neurons are tanh, and the controller is weak: k_p is "
         "0.2", ("bp", *_DFC), lambda training: setting(k_p=0.2)(tanh(training))
         if training.framework == "dfc" else tanh(training)),
    Flip("coarse-steps", "dfc", "60 equal steps of 5 ms in place of adaptive ones", _DFC, _COARSE),
    Flip("few-neurons", "stdp", "each rate is carried by 4 neurons and not by 256",
         ("dfc-stdp",), lambda training: replace(training, population=4)),
    Flip("output-frozen", "pc", "the output layer of DH does not learn, as in the published code",
         ("pc-dh",), frozen=(-1,)),
    Flip("few-steps", "pc", "inference takes 5 steps and not 50", _PC, setting(steps=5)),
    Flip("softmax", "pc", "the output is softmax with a nudge of 3 in place of clamped tanh",
         ("bp-pc", *_PC),
         lambda training: setting(nudge=3.0)(replace(training, output="softmax"))
         if training.framework == "pc" else replace(training, output="softmax")),
    Flip("half-steps", "ep", "steps are half as long, and twice as many", _EP,
         setting(step=0.25, free_steps=80, nudged_steps=30)),
    Flip("full-rate", "ep", "Adam's steps are 3e-3, as at full size, and not 1e-3",
         ("bp-ep", *_EP), lambda training: replace(training, lr=3e-3)),
    Flip("one-sided", "ep", "the nudge goes from 0 to 1 and not from -1 to 1", _EP,
         setting(kind="one-sided")),
    Flip("hidden-tanh", "ep", "hidden neurons are tanh and not sigmoid", ("bp-ep", *_EP), tanh),
    Flip("random-top-down", "deb", "top-down weights are random and stay so", _DEB,
         setting(top_down="random")),
    Flip("weak-teacher", "deb", "the teacher's conductance is 0.8 and not 5", _DEB,
         setting(g_som=0.8)),
    Flip("hidden-sigmoid", "deb", "hidden neurons are sigmoid and not tanh", ("bp-deb", *_DEB),
         lambda training: replace(training, hidden="sigmoid")),
    Flip("long", "angles", "as many epochs as at full size", ("dfc-dh",), long, control=True),
    Flip("recentred", "angles", "what is common to all outputs is taken away from the output "
         "weights after each batch, which no softmax sees", ("dfc-dh",), long, Recentred,
         beside="long"),
)  # fmt: skip
BY_NAME = {flip.name: flip for flip in FLIPS}
#: What is tried at full size too, with which of the methods.
AT_FULL_SIZE = {"weak-control": ("dfc-dh",)}
#: What the cards that are flipped compare.
COMPARED = {
    "dfc": ("bp", "dfc-dh", "dfc-error-based"), "stdp": ("dfc-dh", "dfc-stdp"),
    "pc": ("bp-pc", "pc-dh", "pc-error-based"), "ep": ("bp-ep", "ep-contrastive", "ep-dh"),
    "deb": ("bp-deb", "deb-dh", "deb-error-based"), "angles": ("dfc-dh",),
}  # fmt: skip


def flipped(flip: Flip | None, method: str, seed: int, scale: str = "medium") -> PaperRun:
    """The run of one method and seed, with nothing flipped for None."""
    planned = paper_run(method, seed, scale)
    if flip is None:
        return planned
    training = flip.change(planned.training)
    return replace(planned, training=training, flip=flip.name)


def flip_runs(
    cards: Sequence[str] | None = None, seeds: Sequence[int] | None = None
) -> list[PaperRun]:
    """All runs that the flips of some cards need, those with nothing flipped first."""
    wanted = [c for c in COMPARED if cards is None or c in cards]
    with_plain = {f.card for f in FLIPS if not (f.control or f.beside)}
    methods = dict.fromkeys(m for c in wanted if c in with_plain for m in COMPARED[c])
    seeds = SEEDS if seeds is None else seeds
    return [
        *(flipped(None, m, seed) for m in methods for seed in seeds),
        *(flipped(f, m, seed) for f in FLIPS if f.card in wanted for m in f.methods
          for seed in seeds),
    ]  # fmt: skip


def full_size_flips(card: str, seeds: Sequence[int] | None = None) -> list[PaperRun]:
    """The flips of a card that are tried at full size."""
    return [
        flipped(BY_NAME[name], method, seed, "full")
        for name, methods in AT_FULL_SIZE.items()
        for method in methods
        if BY_NAME[name].card == card
        for seed in (SEEDS if seeds is None else seeds)
    ]


class Flipped(Training):
    """A run with what a plan cannot say."""

    def make(self) -> None:
        super().make()
        if self.run.flip:
            flip = BY_NAME[self.run.flip]
            if flip.optimizer is not None:
                self.optimizer = flip.optimizer(self.optimizer.lr)
            if flip.frozen:
                self.rule = Frozen(self.rule, flip.frozen)

    def details(self, epoch: int, x: Array, target: Array) -> dict[str, Any]:
        """Of the flips of angles, these and what is common to all outputs; of others nothing."""
        if not self.run.flip or BY_NAME[self.run.flip].card != "angles":
            return super().details(epoch, x, target)
        if not is_looked_at(epoch):
            return {}
        return {
            "angles": looks.update_angles(self.net, x, target, self.run.training.seed),
            "common": looks.common_to_outputs(self.net, x, target),
        }


# ---------------------------------------------------------------------- what came of them


@dataclass(frozen=True)
class Tried:
    """A flip with its numbers. values: of each quantity of the card, by seed; planned: the same of
    the runs in which nothing is flipped."""

    flip: Flip
    scale: str
    values: dict[str, Values]
    planned: dict[str, Values]
    verdict: str
    planned_verdict: str
    accuracies: dict[str, Values]
    more: str = ""

    @property
    def flips(self) -> bool:
        return self.verdict != self.planned_verdict

    def text(self) -> str:
        """One sentence or two."""
        how = f"flips it from {self.planned_verdict!r} to " if self.flips else "leaves it at "
        units = {b.quantity: b.unit for c in CLAIMS for b in c.bounds}
        gaps = "; ".join(self.gap(q, units[q]) for q, v in self.values.items() if v)
        reached = ", ".join(
            f"{m} {statistics.fmean(v.values()):.1f} %" for m, v in self.accuracies.items() if v
        )
        over = f" over {LONG} epochs" if self.flip.beside else ""
        numbers = f"{gaps}; {reached}{self.more}"
        where = f"at {self.scale} size{over}, {self.flip.told}"
        return f"{where}: {how}{self.verdict!r} ({numbers})"

    def gap(self, quantity: str, unit: str) -> str:
        """The mean of a quantity; of differences with their sign, of others beside the control."""
        mean = statistics.fmean(self.values[quantity].values())
        if unit == "points":
            return f"{quantity.removeprefix('accuracy of ')}: {mean:+.2f} points"
        planned = statistics.fmean(self.planned[quantity].values())
        return f"{quantity}: {mean:.0f} {unit} in place of {planned:.0f}"


def whole(values: dict[str, Values], card: str) -> str:
    """The verdict of a card by its full-size bounds, from the quantities that have values."""
    claim = next(c for c in CLAIMS if c.name == card)
    each = [
        verdict(list(values[b.quantity].values()), b.low, b.high)
        for b in claim.bounds
        if values[b.quantity]
    ]
    if "differs" in each:
        return "differs"
    return "agrees" if each and all(v == "agrees" for v in each) else "cannot tell"


def tried(runs: Runs, card: str | None = None) -> Iterator[Tried]:
    """The flips of a card, or of all, of which two seeds or more have gone through all methods."""
    for flip in FLIPS:
        if flip.control or card not in (None, flip.card):
            continue
        for scale, methods in (("full", AT_FULL_SIZE.get(flip.name)), ("medium", flip.methods)):
            if methods:
                sized = [r for r in runs if r.scale == scale and not r.shifted]
                yield from tried_at(flip, scale, methods, sized)


def tried_at(flip: Flip, scale: str, methods: Sequence[str], runs: Runs) -> Iterator[Tried]:
    """What came of a flip at one size, if it is known."""
    planned = [r for r in runs if r.flip == flip.beside]
    mine = [r for r in runs if r.flip == flip.name and r.method in methods]
    seeds = [{r.seed for r in mine if r.method == m} for m in methods]
    if len(seeds[0]) < 2 or any(s != seeds[0] for s in seeds):
        return
    others = [r for r in planned if r.method not in flip.methods]
    claim = next(c for c in CLAIMS if c.name == flip.card)
    values = {b.quantity: values_of(b.quantity, [*mine, *others]) for b in claim.bounds}
    control = {q: values_of(q, planned) if found else {} for q, found in values.items()}
    reached = {
        m: {r.seed: r.accuracy for r in (*mine, *others) if r.method == m}
        for m in COMPARED[flip.card]
    }
    yield Tried(
        flip, scale, values, control, whole(values, flip.card), whole(control, flip.card), reached,
        output_layer(mine, planned) if flip.card == "angles" else swings(mine),
    )  # fmt: skip


def swings(runs: Runs) -> str:
    """On how many of the digits that are looked at the loop swings, the most after any epoch, where
    that is known and not none."""
    most: dict[str, list[int]] = {}
    for run in runs:
        seen = swinging(run).values()
        most.setdefault(run.method, []).extend([max(seen)] if seen else [])
    told = ", ".join(
        f"{method} {statistics.fmean(n):.0f} of {looks.PROBES}"
        for method, n in most.items()
        if any(n)
    )
    return f"; digits on which the loop swings after some epoch: {told}" if told else ""


def output_layer(mine: Runs, planned: Runs) -> str:
    """The angle that the card judges, in the output layer alone."""
    new, old = (
        statistics.fmean(greatest_angle(runs, "dh error-based", layer=-2).values())
        for runs in (mine, planned)
    )
    return f"; DH to error-based in the output layer: {new:.0f} degrees in place of {old:.0f}"

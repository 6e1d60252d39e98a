"""What is asked of a framework: that its stream keeps to the protocol, that the free state is free,
and that a teacher moves all layers towards the target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...frameworks import Framework
from ...network import Network
from ...stream import Block, Record
from .card import Check, layers, percent
from .rule_checks import EXACT, TITLES, RuleBench
from .streams import SIZES, apart, batch, copied, network

Array = np.ndarray

FRAMEWORK_TITLES = {
    **TITLES, "runs": "Its stream is sound", "input": "Leaves network and data alone",
    "again": "Same input, same stream", "free": "Free state", "silent": "Silent without a teacher",
    "towards": "Towards the target", "reaches": "Reaches every layer",
}  # fmt: skip
INPUTS = 20
#: Without a teacher, so much of what one moves may move all the same: phases end before rest.
LEFT = 0.02


@dataclass
class FrameworkBench:
    """A framework on the bench, and the rule that learns in it."""

    framework: Framework
    learner: RuleBench
    seed: int = 0

    def net(self, sizes: Sequence[int] = SIZES) -> Network:
        return network(self.seed, sizes)

    def taught(self, x: Array, target: Array, net: Network | None = None) -> Block:
        """A phase of a copy of the framework, recorded."""
        block: Block = Record()(copied(self.framework).teach(net or self.net(), x, target))
        return block

    def usual(self) -> tuple[Block, Array, Array]:
        """A phase with a teacher, its inputs and targets."""
        x, target = batch(self.net(), self.seed, INPUTS)
        return self.taught(x, target), x, target


def verdict(key: str, passes: bool, measured: str, yes: str, no: str) -> Check:
    outcome = "passes" if passes else "fails"
    return Check(key, FRAMEWORK_TITLES[key], outcome, measured, yes if passes else no)


# ---------------------------------------------------------------------- the stream


def runs(bench: FrameworkBench) -> Check:
    """Blocks with all series, of the right shapes, that follow each other without a gap."""
    for sizes, inputs in ((SIZES, INPUTS), ((3, 1, 2), 1)):
        net = bench.net(sizes)
        x, target = batch(net, bench.seed, inputs)
        last: Block | None = None
        steps = 0
        for block in copied(bench.framework).teach(net, x, target):
            fault = fault_of(block, net, x) or gap(last, block)
            if fault:
                where = f"layers of {', '.join(map(str, sizes))} neurons"
                return verdict("runs", False, where, "", fault)
            steps += block.steps
            last = Record()(iter([block]))
        if last is None:
            return verdict("runs", False, "no block", "", "teach() yields nothing: use `yield`.")
        if not steps:
            return Check("runs", FRAMEWORK_TITLES["runs"], "does not apply", "no steps",
                         "It yields the free state alone: nothing moves, so there is no phase to "
                         "learn from.")  # fmt: skip
    return verdict("runs", True, f"{steps} steps", "Every block has all series, in the right "
                   "shapes, and begins where the one before ended.", "")  # fmt: skip


def fault_of(block: Any, net: Network, x: Array) -> str:
    """What is wrong with the form of one block, or nothing."""
    if not isinstance(block, Block):
        return f"teach() yields {type(block).__name__}, and not Blocks."
    T, B = len(block.time), len(x)
    for name, series, sizes in (
        ("rates", block.rates, net.sizes), ("voltages", block.voltages, net.sizes[1:]),
        ("basal", block.basal, net.sizes[1:]), ("apical", block.apical, net.sizes[1:]),
        ("error", [block.error], net.sizes[-1:]),
    ):  # fmt: skip
        if len(series) != len(sizes):
            return f"There are {len(series)} series of {name}, and should be {len(sizes)}."
        for l, (each, n) in enumerate(zip(series, sizes, strict=True)):
            if np.shape(each) != (T, B, n):
                return f"{name}[{l}] has the shape {np.shape(each)}, and should have {(T, B, n)}."
            if not np.isfinite(each).all():
                return f"{name}[{l}] is not finite."
    if not (np.diff(block.time) > 0).all():
        return "block.time does not grow."
    if apart(block.rates[0], np.broadcast_to(x, block.rates[0].shape)) > EXACT:
        return "rates[0] is not the input."
    for l, (phi, v) in enumerate(zip(block.activations, block.voltages, strict=True)):
        if apart(block.rates[l + 1], phi.rate(v)) > EXACT:
            return f"The rates of layer {l + 1} are not phi of its voltages."
    return ""


def gap(last: Block | None, block: Block) -> str:
    """Whether a block begins elsewhere than where the last one ended."""
    if last is None:
        return ""
    pairs = zip(last.rates, block.rates, strict=True)
    if any(apart(old[-1], new[0]) > EXACT for old, new in pairs):
        return "A block does not begin with the last row of the one before."
    return ""


def leaves_input(bench: FrameworkBench) -> Check:
    """Weights, biases, inputs and targets are the caller's."""
    net, (x, target) = bench.net(), batch(bench.net(), bench.seed, INPUTS)
    before = [a.copy() for a in (*net.weights, *net.biases, x, target)]
    bench.taught(x, target, net)
    names = [f"net.weights[{l}]" for l in range(net.depth)]
    names += [f"net.biases[{l}]" for l in range(net.depth)] + ["x", "target"]
    after = (*net.weights, *net.biases, x, target)
    changed = [
        name for name, old, new in zip(names, before, after, strict=True)
        if not np.array_equal(old, new)
    ]  # fmt: skip
    return verdict(
        "input", not changed, ", ".join(changed) or "nothing changed",
        "Weights, inputs and targets are as they were before.",
        "It writes into what it is given. Only the optimizer changes weights; work on copies.",
    )  # fmt: skip


def again(bench: FrameworkBench) -> Check:
    """The same input and target give the same states, whatever was taught before."""
    first, x, target = bench.usual()
    second = bench.taught(x, target)
    used = copied(bench.framework)
    other = batch(bench.net(), bench.seed + 1, INPUTS)
    Record()(used.teach(bench.net(), *other))
    third = Record()(used.teach(bench.net(), x, target))

    def off(block: Block) -> float:
        if len(block.time) != len(first.time):
            return 1.0
        return max(apart(a, b) for a, b in zip(first.rates, block.rates, strict=True))

    worst = max(off(second), off(third))
    return verdict(
        "again", worst <= EXACT, f"{percent(worst)} apart",
        "Copies agree, and nothing is left of the phase before.",
        "The same input and target give other states the second time. Draw random numbers from a "
        "generator with a seed, and begin each phase anew.",
    )  # fmt: skip


# ---------------------------------------------------------------------- without a teacher


def free(bench: FrameworkBench) -> Check:
    """Row 0 is the feedforward pass, or the framework says that it is not."""
    block, x, _ = bench.usual()
    rates = bench.net().feedforward(x)[1]
    off = max(apart(r[0], free) for r, free in zip(block.rates, rates, strict=True))
    if off > EXACT and block.apical_when_free:
        return Check("free", FRAMEWORK_TITLES["free"], "does not apply", f"{percent(off)} off",
                     "It says that top-down input is at work in the free state too, which is then "
                     "no feedforward pass.")  # fmt: skip
    return verdict(
        "free", off <= EXACT, f"{percent(off)} off",
        "Row 0 of the stream is the feedforward pass.",
        "Row 0 of the stream is not the feedforward pass, and no block says apical_when_free.",
    )  # fmt: skip


def moved(block: Block) -> float:
    """How far the rates go from the first row to the last: root of the sum of squares."""
    each = [float(((r[-1] - r[0]) ** 2).sum()) for r in block.rates[1:]]
    return float(np.sqrt(sum(each)))


def silent(bench: FrameworkBench) -> Check:
    """With its own prediction as the target, nothing moves, and no apical drive is left."""
    taught, x, _ = bench.usual()
    own = copied(bench.framework).predict(bench.net(), x)
    still = bench.taught(x, own)
    share = moved(still) / max(moved(taught), 1e-30)
    if not share <= LEFT:
        return verdict(
            "silent", False, f"moves {percent(share)} as far", "",
            "With its own prediction as the target the rates move all the same: this is no error "
            "that they follow, and a rule of changes learns it.",
        )  # fmt: skip
    if taught.apical_when_free:
        return verdict("silent", True, f"moves {percent(share)} as far",
                       "With its own prediction as the target nothing moves; its top-down input "
                       "is there all the same, as it says.", "")  # fmt: skip
    left = max(np.abs(a).max() for a in still.apical)
    left = float(left / max(1e-30, *(np.abs(a).max() for a in taught.apical)))
    return verdict(
        "silent", left <= LEFT, f"{percent(left)} of the apical drive is left",
        "With its own prediction as the target nothing moves, and the apical drive is zero.",
        "With its own prediction as the target there is apical drive all the same; say "
        "apical_when_free in each Block if that is meant.",
    )  # fmt: skip


# ---------------------------------------------------------------------- with a teacher


def towards(bench: FrameworkBench) -> Check:
    """The error of each input is smaller in the end."""
    block, _, _ = bench.usual()
    size = np.linalg.norm(block.error, axis=2)
    share = float(np.mean(size[-1] < size[0]))
    left = float(np.median(size[-1] / size[0]))
    if moved(block) <= 1e-9:
        return verdict(
            "towards", False, "nothing moves", "",
            "No rate moves, whatever the error: what is fed back is zero, or adds up to zero, as "
            "the errors of all outputs of a softmax do.",
        )  # fmt: skip
    return verdict(
        "towards", share == 1, f"{100 * share:.0f} % of inputs; {100 * left:.0f} % of error left",
        "The teacher brings the output of each input nearer to its target.",
        "For some inputs the output ends further from its target than it began: the feedback "
        "pushes the wrong way, or too hard.",
    )  # fmt: skip


def reaches(bench: FrameworkBench) -> Check:
    """Every layer moves when the output is taught."""
    block, _, _ = bench.usual()
    sizes = [float(np.abs(r[-1] - r[0]).max()) for r in block.rates[1:]]
    still = [l + 1 for l, size in enumerate(sizes) if size <= 1e-12]
    words = "rates move by up to " + ", ".join(f"{size:.2g}" for size in sizes)
    return verdict(
        "reaches", not still, words, "The teacher moves the rates of every layer.",
        f"In {layers(still or [0])} nothing moves, so a rule of changes learns nothing there.",
    )  # fmt: skip


QUICK_FRAMEWORK: dict[str, Callable[[FrameworkBench], Check]] = {
    "runs": runs, "input": leaves_input, "again": again, "free": free, "silent": silent,
    "towards": towards, "reaches": reaches,
}  # fmt: skip

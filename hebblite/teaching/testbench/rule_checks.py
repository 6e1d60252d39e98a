"""What is asked of a rule on recorded streams: quick, and to rounding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ...errors import UndefinedCell
from ...frameworks import Framework
from ...rules import Rule, Updates
from ...stream import Block
from .card import Check, percent
from .streams import (
    SIZES,
    apart,
    copied,
    flat,
    in_pieces,
    layer_of,
    network,
    part_of,
    poisoned_elsewhere,
    poisoned_error,
    poisoned_neighbours,
    recorded,
    shifted,
    update_of,
)

Array = np.ndarray

EXACT = 1e-8  # what counts as the same, in float64
TITLES = {
    "runs": "It runs", "input": "Leaves what it reads alone", "again": "Same stream, same update",
    "blocks": "Length of blocks does not matter", "local": "Local",
    "batch": "Mean over the inputs", "telescopes": "Telescopes", "blind": "Blind to baselines",
    "descent": "Descends on one input", "angle": "Angle to backprop", "learns": "Learns digits",
    "hidden": "Hidden layers learn", "reversed": "Control: sign reversed",
    "shuffled": "Control: labels shuffled", "cost": "Cost",
}  # fmt: skip
CLAIMS = ("telescopes", "blind")


@dataclass
class RuleBench:
    """A rule on the bench: pristine, as it was given; everything is tried on copies."""

    rule: Rule
    framework: Framework
    weak: Framework
    near: float  # for descent: how much of the way to the target ``weak`` is taught
    claims: tuple[str, ...]
    seed: int = 0
    memory: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def block(self) -> Block:
        """A phase in which all rates are bounded, so that a rule may take them for probabilities.
        The output is as bounded as the hidden layers."""
        return recorded(self.framework, network(self.seed, output="same"), self.seed)

    @cached_property
    def plain(self) -> Updates:
        """Its update for that phase."""
        return update_of(self.rule, self.block)

    @cached_property
    def draws(self) -> bool:
        """Whether it draws random numbers: it says that it carries something on from stream to
        stream, and the same stream again gives another update."""
        rule = copied(self.rule)
        if not rule.state():
            return False
        first, second = (flat(rule(iter([self.block]))) for _ in range(2))
        return apart(first, second) > EXACT

    def rng(self) -> np.random.Generator:
        return np.random.default_rng([7, self.seed])


def verdict(key: str, passes: bool, measured: str, reason: str) -> Check:
    return Check(key, TITLES[key], "passes" if passes else "fails", measured, reason)


def does_not_apply(key: str, reason: str) -> Check:
    return Check(key, TITLES[key], "does not apply", "", reason)


# ---------------------------------------------------------------------- it runs at all


def runs(bench: RuleBench) -> Check:
    """One update for each weight and bias, all finite, and not all zero; also for layers and
    batches of one."""
    said = {}
    for sizes, inputs in ((SIZES, 6), ((3, 1, 2), 1)):
        block = recorded(bench.framework, network(bench.seed, sizes, output="same"), 0, inputs)
        try:
            updates = update_of(bench.rule, block)
        except UndefinedCell as error:
            return does_not_apply("runs", f"It is not defined here: {error}.")
        fault = fault_of(updates, block)
        if fault:
            return verdict("runs", False, f"layers of {', '.join(map(str, sizes))} neurons", fault)
        said[sizes] = updates
    if not flat(said[SIZES]).any():
        return verdict("runs", False, "all zero", "It changes no weight at all.")
    return verdict("runs", True, "shapes and numbers are sound",
                   "There is one finite update for each weight and bias.")  # fmt: skip


def fault_of(updates: Any, block: Block) -> str:
    """What is wrong with the form of an update, or nothing."""
    if not isinstance(updates, Updates):
        return f"finish() returns {type(updates).__name__}, and not Updates(weights, biases)."
    shapes = [(r.shape[2], p.shape[2]) for p, r in zip(block.rates, block.rates[1:], strict=False)]
    for kind, parts, wanted in (
        ("weights", updates.weights, shapes),
        ("biases", updates.biases, [shape[:1] for shape in shapes]),
    ):
        if len(parts) != len(wanted):
            return f"There are {len(parts)} updates of {kind} for {len(wanted)} layers."
        for l, (part, shape) in enumerate(zip(parts, wanted, strict=True)):
            if np.shape(part) != shape:
                return f"The update of the {kind} of layer {l + 1} has the shape " \
                       f"{np.shape(part)}, and should have {shape}."  # fmt: skip
            if not np.isfinite(part).all():
                return f"The update of the {kind} of layer {l + 1} is not finite."
    return ""


def leaves_input(bench: RuleBench) -> Check:
    """It must not write into the stream, which other folds read too."""
    before = recorded(bench.framework, network(bench.seed, output="same"), bench.seed)
    after = recorded(bench.framework, network(bench.seed, output="same"), bench.seed)
    update_of(bench.rule, after)
    for name in ("time", "rates", "voltages", "basal", "apical", "error"):
        old, new = getattr(before, name), getattr(after, name)
        pairs = [(old, new)] if isinstance(old, np.ndarray) else zip(old, new, strict=True)
        for one, other in pairs:
            if not np.array_equal(one, other):
                return verdict(
                    "input", False, f"block.{name} changed",
                    "It writes into the stream, and whatever reads it next sees other numbers. "
                    "Work on copies: `b.copy()`.",
                )  # fmt: skip
    return verdict("input", True, "nothing changed", "The stream is as it was before.")


def again(bench: RuleBench) -> Check:
    """The same stream gives the same update, whatever came before."""
    fresh = copied(bench.rule).state()
    off = apart(flat(bench.plain), flat(update_of(bench.rule, bench.block)))
    if off > EXACT:
        return verdict(
            "again", False, f"{percent(off)} apart",
            "The same stream gives another update the second time. Does something outlive the "
            "call, such as a global list? Random numbers come from a generator with a seed, which "
            "the rule keeps as its own.",
        )  # fmt: skip
    used = copied(bench.rule)
    used(iter([recorded(bench.framework, network(bench.seed + 1, output="same"), 1)]))
    if fresh:
        used.restore(fresh)
    off = apart(flat(bench.plain), flat(used(iter([bench.block]))))
    return verdict(
        "again", off <= EXACT, f"{percent(off)} apart",
        "Copies agree, and nothing is left of the stream before." if off <= EXACT else
        "Something of the stream before is left: begin anew in start(). A rule that draws random "
        "numbers says so by state() and restore().",
    )  # fmt: skip


def blocks(bench: RuleBench) -> Check:
    """The same stream in short and long blocks."""
    if bench.block.steps < 2:
        return does_not_apply("blocks", "Nothing moves here: the stream is one state.")
    worst = max(
        apart(flat(bench.plain), flat(update_of(bench.rule, *in_pieces(bench.block, steps))))
        for steps in (1, 3, bench.block.steps - 1)
    )
    return verdict(
        "blocks", worst <= EXACT, f"{percent(worst)} apart",
        "In blocks of 1, of 3 and of many steps the update is the same." if worst <= EXACT else
        "It depends on where the stream is cut. A block begins with the last row of the one "
        "before, and what adds up must be carried on in absorb().",
    )  # fmt: skip


def over_batch(bench: RuleBench) -> Check:
    """The update of a batch is the mean of those of its inputs."""
    if bench.draws:
        return does_not_apply("batch", "It draws random numbers, others for each input.")
    each = [flat(update_of(bench.rule, part_of(bench.block, b))) for b in range(bench.block.batch)]
    whole, mean = flat(bench.plain), np.mean(each, axis=0)
    off = apart(whole, mean)
    if off <= EXACT:
        return verdict("batch", True, f"{percent(off)} apart",
                       "Each input counts for itself, and all count alike.")  # fmt: skip
    summed = apart(whole, np.sum(each, axis=0)) <= EXACT
    return verdict(
        "batch", False, f"{percent(off)} apart",
        "It is the sum over the batch: divide by the number of inputs." if summed else
        "One input's update depends on the others in the batch, which a synapse sees one after "
        "the other. (Axis 0 is time, axis 1 the batch.)",
    )  # fmt: skip


# ---------------------------------------------------------------------- what it reads


def local(bench: RuleBench) -> Check:
    """Poison what a synapse cannot see: its update must stay."""
    depth, rng, block = bench.block.depth, bench.rng(), bench.block

    def off(changed: Block, l: int) -> float:
        return apart(layer_of(bench.plain, l), layer_of(update_of(bench.rule, changed), l))

    # First other layers, all at once, with the error as it is; then the error; then neighbours.
    others = [off(poisoned_elsewhere(block, l, rng), l) for l in range(depth)]
    if max(others) > EXACT:
        l = int(np.argmax(others))
        return verdict(
            "local", False, f"layer {l + 1} changes by {percent(others[l])}",
            f"The update of layer {l + 1} reads other layers than its own and the one below: with "
            "random numbers in them it is another one.",
        )  # fmt: skip
    peeks = max(off(poisoned_error(block, rng), l) for l in range(depth))
    if peeks > EXACT:
        return verdict(
            "local", False, f"it changes by {percent(peeks)}",
            "It peeks at the target: with random numbers in place of target minus prediction it "
            "is another update. A synapse sees rates and drives, not the teacher's answer.",
        )  # fmt: skip
    for l in range(depth):
        post, pre = (int(rng.integers(block.rates[i].shape[2])) for i in (l + 1, l))
        spoiled = update_of(bench.rule, poisoned_neighbours(block, l, post, pre, rng))
        pairs = (bench.plain.weights[l][post, pre], spoiled.weights[l][post, pre]), (
            bench.plain.biases[l][post], spoiled.biases[l][post],
        )  # fmt: skip
        size = float(np.abs(layer_of(bench.plain, l)).max()) or 1.0
        most = max(abs(float(a - b)) for a, b in pairs) / size
        if most > EXACT:
            return verdict(
                "local", False, f"a synapse of layer {l + 1} changes by {percent(most)}",
                f"A synapse of layer {l + 1} depends on other neurons than the two that it joins: "
                "with random numbers in those, it learns something else.",
            )  # fmt: skip
    return verdict(
        "local", True, "same update, all else poisoned",
        "Random numbers for the target, other layers and other neurons of both layers change "
        "nothing: each synapse reads the two neurons that it joins.",
    )  # fmt: skip


def claimed(key: str, bench: RuleBench, off: float, yes: str, no: str) -> Check:
    """The outcome of a property that need not hold, unless it was claimed."""
    measured = f"{percent(off)} off"
    if off <= EXACT:
        return verdict(key, True, measured, yes)
    if key in bench.claims:
        return verdict(key, False, measured, no)
    return Check(key, TITLES[key], "not claimed", measured, no)


def telescopes(bench: RuleBench) -> Check:
    """Layer 1, whose input is constant: the update must be (r+ - r-) pre^T, up to a factor."""
    block = bench.block
    if block.steps == 0:
        return does_not_apply("telescopes", "Nothing moves here: the stream is one state.")
    if bench.draws:
        return does_not_apply("telescopes", "It draws random numbers, so nothing is exact.")
    update, found = bench.plain.weights[0], []
    for what, series in (("rate", block.rates[1]), ("voltage", block.voltages[0])):
        change = (series[-1] - series[0]).T @ block.rates[0][0] / block.batch
        factor = float(np.vdot(update, change) / np.vdot(change, change))
        found.append((apart(update, factor * change) if factor > 0 else 1.0, what, factor))
    off, what, factor = min(found)
    times = "" if abs(factor - 1) < 1e-6 else f" times {factor:.3g}"
    return claimed(
        "telescopes", bench, off,
        f"In layer 1, whose input is constant, it is (taught {what} - free {what}) preᵀ{times}: "
        "the changes on the way add up to the difference of the ends.",
        "In layer 1, whose input is constant, it is not (taught - free) preᵀ: what it adds up "
        "is not the change of rate or voltage alone.",
    )  # fmt: skip


def blind(bench: RuleBench) -> Check:
    """A constant added to what the postsynaptic neurons do, at all times."""
    rng, each = bench.rng(), []
    if bench.draws:
        return does_not_apply("blind", "It draws random numbers, so nothing is exact.")
    for l in range(bench.block.depth):
        other = update_of(bench.rule, shifted(bench.block, l, rng))
        each.append(apart(layer_of(bench.plain, l), layer_of(other, l)))
    l = int(np.argmax(each))
    return claimed(
        "blind", bench, max(each),
        "A constant added to rates, voltages and apical drives of the postsynaptic neurons, at all "
        "times, changes nothing: only changes count.",
        f"A constant added to what the postsynaptic neurons of layer {l + 1} do, at all times, "
        "changes the update: it takes what was there before for a signal.",
    )  # fmt: skip


#: In the order in which they are made; the first must pass for the others to make sense.
QUICK: dict[str, Callable[[RuleBench], Check]] = {
    "runs": runs, "input": leaves_input, "again": again, "blocks": blocks, "local": local,
    "batch": over_batch, "telescopes": telescopes, "blind": blind,
}  # fmt: skip

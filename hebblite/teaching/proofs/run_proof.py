"""Your proof, run: the learner's own steps, chained, predict what the engine measures.

    run_proof("T3", my_first, my_second, ...)      one function for each step, in the proof's order
    run_proof("T3", {"T3.2": my_small_pushes})     or by number

A step that is open or wrong is replaced by the model's, and the box says so. With ``trust=True``
also a wrong one is put into the chain: then the theorem is seen to fail.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..boxes import Box, Fold, Grid, Picture, Piece, Row, Words, put_whole
from ..comparing import Refused
from ..exercises import Answer
from ..trying import SECONDS, OutOfTime, stopped, time_limit
from ..words import a, count, listing
from .answers import in_order, side_of
from .named import named
from .run_picture import Run, draw_run
from .theory import Composition, Step, Theorem
from .verdict import verdict
from .worlds import SEEN, Lab

Array = np.ndarray
STRONGER = 10.0  # one more strength, for the picture: so many times the strongest one claimed


@dataclass(frozen=True)
class Part:
    """A step of the chain. said: why the model's stands here; "" where it is the learner's."""

    step: Step
    function: Answer
    said: str = ""
    opened: bool = False
    wrong: bool = False  # it is the learner's, and wrong

    @property
    def own(self) -> bool:
        return not self.said or self.wrong


@dataclass
class Chain(Mapping[str, Answer]):
    """The steps by number; it remembers which of them the composition has asked for."""

    parts: dict[str, Part]
    used: set[str] = field(default_factory=set)

    def __getitem__(self, number: str) -> Answer:
        self.used.add(number)
        return self.parts[number].function

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)


def run_proof(theorem: Any, *steps: Any, trust: bool = False) -> None:
    """Show what the learner's steps predict, chained, beside what the engine measures."""
    put_whole(run_box(theorem, *steps, trust=trust))


def run_box(number: Any, *steps: Any, trust: bool = False) -> Box:
    """The box that ``run_proof`` shows."""
    theorem = named(number, lambda one: one.composition, " that can be run")
    if isinstance(theorem, Box):
        return theorem
    composition = theorem.composition
    assert composition is not None
    try:
        answers = by_number(theorem, steps)
        chain = Chain({n: part(s, answers.get(n), trust) for n, s in theorem.steps.items()})
        run = measured(theorem, composition, chain)
    except Refused as why:
        return Box("open", f"○ {number} did not run:", str(why))
    return shown(theorem, composition, chain, run)


def by_number(theorem: Theorem, steps: tuple[Any, ...]) -> dict[str, Any]:
    """The learner's functions by the numbers of their steps; Refused if they cannot be told."""
    numbers = list(theorem.steps)
    if len(steps) == 1 and isinstance(steps[0], list | tuple):
        steps = tuple(steps[0])
    if len(steps) == 1 and isinstance(steps[0], Mapping):
        odd = [key for key in steps[0] if key not in theorem.steps]
        if odd:
            raise Refused(f"there is no step {odd[0]!r}: there are {listing(numbers)}.")
        return dict(steps[0])
    if len(steps) > len(numbers):
        given, has = count(len(steps), "function"), count(len(numbers), "step")
        raise Refused(f"you give {given}, and {theorem.number} has {has}: {listing(numbers)}.")
    for one in steps:
        if not (one is None or one is Ellipsis or callable(one)):
            kind = a(type(one).__name__)
            raise Refused(f"give the functions of your steps, in their order; this is {kind}.")
    return dict(zip(numbers, steps, strict=False))


def part(step: Step, answer: Any, trust: bool) -> Part:
    """The learner's function where it is right, else the model's."""
    if answer is None or answer is Ellipsis:
        return Part(step, step.reference, "still open", opened=True)
    told = verdict(step, answer, only_side=True)
    if told.open:
        return Part(step, step.reference, "still open", opened=True)
    try:
        own = in_order(side_of(step, answer))
    except (Refused, ValueError):
        return Part(step, step.reference, told.message)
    if not told.message:
        return Part(step, own)
    if trust and not told.raised:
        return Part(step, own, told.message, wrong=True)
    return Part(step, step.reference, told.message)


# ---------------------------------------------------------------------- measured


def measured(theorem: Theorem, composition: Composition, chain: Chain) -> Run:
    """What the chain predicts in random networks at several strengths; Refused if it fails to."""
    lab = Lab(theorem, tuple(SEEN))
    claim = composition.claim
    power = getattr(claim, "power", None)
    strengths = tuple(sorted(getattr(claim, "strengths", ()))) if power else (theorem.strength,)
    pairs, floor = [], 0.0  # by strength: those of each network
    for strength in strengths:
        row, noise = at_strength(lab, strength, chain, composition)
        pairs.append(row)
        floor = max(floor, noise)
    if power:
        with contextlib.suppress(Exception):  # the theorem may say nothing of strengths so large
            row, _ = at_strength(lab, STRONGER * strengths[-1], chain, composition)
            if len(row) == len(pairs[0]):
                pairs.append(row)
    beyond = len(pairs) > len(strengths)
    strengths += (STRONGER * strengths[-1],) if beyond else ()
    return Run(strengths, pairs, claim, floor, composition.title, beyond)


def at_strength(
    lab: Lab, strength: float, chain: Chain, composition: Composition
) -> tuple[list[tuple[Array, Array]], float]:
    """(predicted, measured) of each network, and below what a difference is rounding."""
    row, floor = [], 0.0
    for worlds in lab.nets(strength):
        if worlds:
            predicted, engine = flat(chain, composition, worlds)
            row.append((predicted, engine))
            noise = max(float(world.get("rounding", 0.0)) for world in worlds)
            floor = max(floor, 30 * max(noise, 1e-14 * max(1.0, np.abs(engine).max(initial=0.0))))
    return row, floor


def flat(
    chain: Chain, composition: Composition, worlds: list[dict[str, Any]]
) -> tuple[Array, Array]:
    """All predicted and all measured numbers of one network."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(), time_limit(SECONDS):
            warnings.simplefilter("ignore")
            found = composition.chain(chain, worlds)
            two = [np.concatenate([np.ravel(np.asarray(pair[k], float)) for pair in found])
                   for k in (0, 1)]  # fmt: skip
    except (OutOfTime, KeyboardInterrupt) as error:
        raise Refused(f"the chain breaks: {stopped(error)}") from None
    except (Exception, SystemExit) as error:  # a wrong step whose shapes do not fit the next one
        own = [n for n, p in chain.parts.items() if p.wrong and n in chain.used]
        why = f"{type(error).__name__}: {error}"
        steps = f"{'step' if len(own) == 1 else 'steps'} {listing(own)}"
        blame = f" What {steps} returns does not fit what follows." if own else ""
        raise Refused(f"the chain breaks ({why}).{blame}") from None
    if two[0].shape != two[1].shape:
        raise Refused("the chain predicts arrays of another shape than the engine measures.")
    return two[0], two[1]


# ---------------------------------------------------------------------- shown


def shown(theorem: Theorem, composition: Composition, chain: Chain, run: Run) -> Box:
    """The verdict, which steps are whose, and the picture."""
    parts = [p for n, p in chain.parts.items() if n in chain.used]
    own = [p.step.number for p in parts if p.own]
    whose = "Your proof" if len(own) == len(parts) else "The proof" if own else "The model's proof"
    holds = run.holds
    wrong = [p.step.number for p in parts if p.wrong]
    beside = [p.step.number for n, p in chain.parts.items()
              if n not in chain.used and p.said and not p.opened]  # fmt: skip
    number = theorem.number
    if holds and not wrong:
        complete = len(own) == len(parts) and not beside
        look, sign = ("right", "✓") if complete else ("open", "○")
        head = f"{sign} {whose} of {number}, run: it predicts the engine."
    elif holds:
        look, head = "open", f"○ {number}, run with a wrong step: it is not seen here."
    else:
        look, head = "wrong", f"✗ {whose} of {number}, run: it does not predict the engine."
    pieces: list[Piece] = [Words(line) for line in about(parts)]
    spare = [n for n, p in chain.parts.items() if n not in chain.used and not p.said]
    if spare:
        verb, it = ("is", "it") if len(spare) == 1 else ("are", "them")
        pieces.append(Words(f"Your {steps(spare)} {verb} right as well: this chain does without "
                            f"{it}."))  # fmt: skip
    if beside:
        verb = "is" if len(beside) == 1 else "are"
        made = steps([p.step.number for p in parts])
        pieces.append(Words(f"Of your others, {steps(beside)} {verb} wrong: the chain is made of "
                            f"{made} alone."))  # fmt: skip
    pieces.append(Row([Picture(drawing) for drawing in draw_run(run)]))
    wrongs = [(n, p.said) for n, p in chain.parts.items() if p.said and not p.opened]
    if wrongs:
        pieces.append(Fold("What is wrong", inside=Grid(("step", "what the check says"), wrongs)))
    return Box(look, head, run.words(), pieces)


def about(parts: list[Part]) -> list[str]:
    """Which steps are the learner's and which are the model's."""
    own = [p.step.number for p in parts if p.own and not p.wrong]
    trusted = [p.step.number for p in parts if p.wrong]
    opened = [p.step.number for p in parts if p.opened]
    model = [p.step.number for p in parts if p.said and not p.opened and not p.wrong]
    said = []
    if own:
        said.append(f"Your own: {steps(own)}.")
    if trusted:
        said.append(f"Yours as well, although the check says wrong: {steps(trusted)}.")
    if opened:
        said.append(f"The model's, as yours is still open: {steps(opened)}.")
    if model:
        said.append(f"The model's, as yours is wrong: {steps(model)}.")
    return [" ".join(said)] if said else []


def steps(numbers: list[str]) -> str:
    return f"{'step' if len(numbers) == 1 else 'steps'} {listing(numbers)}"

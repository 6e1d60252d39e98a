"""What a theorem is, as data: its symbols, its assumptions, a bench that measures, and its steps.

A step stands beside its reference, other right answers, known mistakes with their messages, and
the terms that an answer may lack. It is written as an exercise is (see ``teaching.exercises``).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from ..exercises import Answer, Right, Wrong

if TYPE_CHECKING:
    from .kinds import Claim

Array = np.ndarray
World = dict[str, Any]
Bench = Callable[["Draw"], list[World]]
Steps = Mapping[str, Answer]
Composer = Callable[[Steps, list[World]], list[tuple[Array, Array]]]
F = TypeVar("F", bound=Callable[..., Any])

#: What worlds may hold beside symbols: words such as "layer 2", the network, what a hill climb
#: varies (``Bound``).
BESIDE = ("where", "net", "point", "vary")


@dataclass(frozen=True)
class Draw:
    """What a bench is asked for: one random network and what happens in it.

    seed: of everything random. sizes: of the layers, the input first. hidden: the activation.
    strength: how hard the teacher pushes, or whatever the theorem calls small. broken: the
    assumptions that the worlds must violate, and no other one.
    """

    seed: int
    sizes: tuple[int, ...]
    hidden: str
    strength: float
    broken: frozenset[str] = frozenset()


class Terms(dict[str, Answer]):
    """Candidates for what an answer lacks: words -> function of some of the theorem's symbols."""

    def __call__(self, words: str) -> Callable[[F], F]:
        def add(term: F) -> F:
            self[words] = term
            return term

        return add


class Step:
    """One step of a proof; called, it is its reference.

    left: the symbol of the measured quantity. given: the symbols that the right side may use, the
    argument names of the reference. claim: in which sense left and right agree. uses: the
    assumptions that it needs. needs: the numbers of the steps that it builds on. because: the
    reason, in words. right, wrong, term: see the module.
    """

    def __init__(
        self, theorem: Theorem, number: str, title: str, reference: Answer, left: str, claim: Claim,
        uses: Iterable[str], needs: Iterable[str], because: str, hints: tuple[str, ...],
    ) -> None:  # fmt: skip
        self.theorem, self.number, self.title, self.reference = theorem, number, title, reference
        self.left, self.claim, self.uses, self.needs = left, claim, tuple(uses), tuple(needs)
        self.because, self.hints = because, hints
        self.given = tuple(inspect.signature(reference).parameters)
        self.right, self.wrong, self.term = Right(), Wrong(), Terms()
        self.needed: dict[tuple[int, ...], frozenset[str]] = {}  # see uses.py
        functools.update_wrapper(self, reference)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.reference(*arguments, **named)

    def __repr__(self) -> str:
        return f"step {self.number}"

    def arguments(self, world: World) -> tuple[Any, ...]:
        """What the reference is given in this world."""
        return tuple(world[name] for name in self.given)


@dataclass
class Composition:
    """The steps chained: what they predict together, beside what the engine measures.

    chain: (steps, worlds of one network) -> pairs of arrays (predicted, measured). steps: number ->
    function, with the arguments of the reference."""

    chain: Composer
    title: str
    claim: Claim


@dataclass
class Theorem:
    """A theorem. bench: draw -> worlds (none for a draw that it has no use for). assumptions: name
    -> what it means. symbols: name -> what it means, with its shape. hidden: the activations that
    are drawn. depth: least and greatest number of layers with weights. strength: of the worlds in
    which exact claims are tried. small: what the strength is, in words: "ten times less ..."."""

    number: str
    title: str
    lesson: str
    bench: Bench
    assumptions: dict[str, str]
    symbols: dict[str, str]
    hidden: tuple[str, ...] = ("tanh", "sigmoid")
    depth: tuple[int, int] = (2, 4)
    strength: float = 0.1
    small: str = "feedback"
    steps: dict[str, Step] = field(default_factory=dict)
    composition: Composition | None = None
    worlds: dict[Draw, list[World]] = field(default_factory=dict, repr=False)  # drawn so far

    def step(
        self, number: str, title: str, *, left: str, claim: Claim, uses: Iterable[str] = (),
        needs: Iterable[str] = (), because: str, hints: tuple[str, ...],
    ) -> Callable[[Answer], Step]:  # fmt: skip
        """Make the decorated function the reference of step ``number``, such as "T3.1"."""
        self._check(number, left, (uses := tuple(uses)))

        def make(reference: Answer) -> Step:
            made = Step(self, number, title, reference, left, claim, uses, needs, because, hints)
            unknown = [name for name in made.given if name not in self.symbols]
            if unknown:
                raise ValueError(f"{number}: {unknown[0]!r} is no symbol of {self.number}")
            self.steps[number] = made
            in_order = sorted(self.steps, key=lambda known: int(known.split(".")[1]))
            self.steps = {known: self.steps[known] for known in in_order}  # not that of imports
            return made

        return make

    def compose(self, title: str, *, claim: Claim) -> Callable[[Composer], Composer]:
        """Make the decorated function the chain of this theorem's steps: see ``Composition``."""

        def keep(chain: Composer) -> Composer:
            self.composition = Composition(chain, title, claim)
            return chain

        return keep

    def _check(self, number: str, left: str, uses: tuple[str, ...]) -> None:
        if not number.startswith(f"{self.number}.") or not number.split(".", 1)[1].isdigit():
            raise ValueError(f"number: got {number!r}, expected one like '{self.number}.1'")
        for name in uses:
            if name not in self.assumptions:
                raise ValueError(f"uses: {name!r} is no assumption of {self.number}")
        if left not in self.symbols:
            raise ValueError(f"left: {left!r} is no symbol of {self.number}")


_theorems: dict[str, Theorem] = {}


def theorem(
    number: str, title: str, *, lesson: str, bench: Bench, assumptions: dict[str, str],
    symbols: dict[str, str], hidden: tuple[str, ...] = ("tanh", "sigmoid"),
    depth: tuple[int, int] = (2, 4), strength: float = 0.1, small: str = "feedback",
) -> Theorem:  # fmt: skip
    """Register a theorem, such as "T3" of lesson "05". See ``Theorem``."""
    made = Theorem(
        number, title, lesson, bench, assumptions, symbols, hidden, depth, strength, small
    )
    _theorems[number] = made
    return made


def known_theorems() -> dict[str, Theorem]:
    """The theorems of the lessons that have been imported so far, by number."""
    return dict(sorted(_theorems.items()))

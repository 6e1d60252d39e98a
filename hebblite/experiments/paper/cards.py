"""Claim cards: what the paper claims, what our runs say, and the verdict by the rule that was
written before them (``claims``).

    from hebblite.data import stored_paper
    for card in cards([*stored_paper(), *stored_paper(surprise=True)]): print(card.text())
"""

from __future__ import annotations

import math
import statistics
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...data.paper import PaperOutcome, stored_outcomes
from ...errors import ArgumentError
from ...suggest import meant
from .claims import CLAIMS, Bound, PaperClaim
from .deviations import deviations
from .intervals import AGREES, CANNOT_TELL, DIFFERS, EVERYTHING, cut, interval, verdict
from .quantities import Runs, Values, about, values_of
from .remarks import Remark, remarks

#: Where a table of methods would stand.
NO_RUN = "No run of the table of methods is there yet."


def possible(quantity: str, unit: str) -> tuple[float, float]:
    """The values that a quantity can have. (Settled when the small runs had an interval for a
    correlation that went beyond 1.)"""
    if unit == "":  # a correlation, a cosine, or the difference of two
        return (-2.0, 2.0) if " minus " in quantity else (-1.0, 1.0)
    return {"degrees": (0.0, 180.0), "times": (0.0, math.inf), "points": (-100.0, 100.0)}[unit]


@dataclass(frozen=True)
class Measured:
    """One quantity of a claim. ``low`` and ``high`` of ``allowed``: where it has to lie. runs: how
    many there are that it is about; ended: the seeds of those that ended early."""

    quantity: str
    unit: str
    allowed: tuple[float, float]
    values: Values
    runs: int = 0
    ended: tuple[int, ...] = ()

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(self.values)

    @property
    def mean(self) -> float:
        """Over the seeds; NaN without any."""
        return statistics.fmean(self.values.values()) if self.values else math.nan

    @property
    def possible(self) -> tuple[float, float]:
        """The values that it can have."""
        return possible(self.quantity, self.unit)

    @property
    def interval(self) -> tuple[float, float]:
        """95 % for the mean; everything for fewer than two seeds. Only values that the quantity
        can have are in it."""
        if not self.values:
            return EVERYTHING
        return cut(interval(list(self.values.values())), self.possible)

    @property
    def verdict(self) -> str:
        values = list(self.values.values())
        return verdict(values, *self.allowed, self.possible)

    @property
    def each(self) -> str:
        """The value of each seed, in words."""
        return ", ".join(f"seed {s} {figures(v, self.unit)}" for s, v in self.values.items())

    @property
    def why(self) -> str:
        """The verdict, in a sentence."""
        if not self.values:
            none = bool(self.ended) and len(self.ended) == self.runs
            return "no run came so far" if none else "no run of it is there yet"
        if len(self.values) == 1:
            return "one seed says nothing of the spread"
        return {
            AGREES: "the whole interval is where it has to be",
            DIFFERS: "the whole interval is outside",
            CANNOT_TELL: "the interval crosses a bound",
        }[self.verdict]

    @property
    def missing(self) -> str:
        """Which runs diverged, and whether the verdict counts them; "" if none did."""
        if not self.ended:
            return ""
        told, one = diverged(len(self.ended), self.runs), len(self.ended) == 1
        out = sum(seed not in self.values for seed in self.ended)
        if not out:
            return f"{told}, and {'counts as far as it' if one else 'count as far as they'} went"
        which = "" if out == len(self.ended) else f"{out} of these "
        return f"{told}, and {which}{'is' if out == 1 else 'are'} not counted"


def diverged(ended: int, runs: int) -> str:
    """Of so many runs, in words."""
    return f"{ended} of {runs} run{'s' * (runs > 1)} diverged"


@dataclass(frozen=True)
class Card:
    """A claim and what became of it."""

    claim: PaperClaim
    scale: str
    measured: tuple[Measured, ...]
    deviations: tuple[str, ...]
    remarks: tuple[Remark, ...]
    #: How many runs the claim is about, and how many of them ended early.
    runs: int = 0
    ended: int = 0

    @property
    def missing(self) -> str:
        """How many of its runs diverged; "" if none did."""
        return diverged(self.ended, self.runs) if self.ended else ""

    @property
    def name(self) -> str:
        return self.claim.name

    @property
    def verdict(self) -> str:
        """agrees if all quantities do, differs if one does, else cannot tell."""
        each = [m.verdict for m in self.measured]
        if DIFFERS in each:
            return DIFFERS
        return AGREES if all(v == AGREES for v in each) else CANNOT_TELL

    def text(self) -> str:
        """In 80 columns."""
        head = f"{self.name}: {self.verdict.upper()}"
        lines = [f"{head} ({self.missing})" if self.missing else head]
        lines += _filled(self.claim.claimed, "  ")
        lines += _filled(f"(the paper: {self.claim.where})", "  ")
        for m in self.measured:
            lines += ["", *_filled(f"- {m.quantity}", "  ", "    ")]
            lines += _filled(f"must lie {within(m.allowed, m.unit)}; {found(m)}", "    ")
            lines += _filled("; ".join(filter(None, (f"{m.verdict}: {m.why}", m.missing))), "    ")
        for r in self.remarks:
            lines += ["", *_filled(f"* {r.text}", "  ", "    ")]
        lines += ["", "  How ours is not theirs:"]
        for d in self.deviations:
            lines += _filled(f"- {d}", "  ", "    ")
        return "\n".join(lines)


def _filled(text: str, indent: str, later: str | None = None) -> list[str]:
    return textwrap.wrap(
        text, 80, initial_indent=indent, subsequent_indent=indent if later is None else later,
        break_on_hyphens=False,
    )  # fmt: skip


def figures(value: float, unit: str) -> str:
    """A number as cards show it: two decimals, or three where there is no unit."""
    return f"{value:.3f}" if unit == "" else f"{value:.2f}"


def within(allowed: tuple[float, float], unit: str) -> str:
    """Where a quantity has to lie, in words."""
    low, high = allowed
    if math.isinf(high):
        return f"at {low:g} {unit}".rstrip() + " or above"
    if math.isinf(low):
        return f"at {high:g} {unit}".rstrip() + " or below"
    return f"from {low:g} to {high:g} {unit}".rstrip()


def found(m: Measured) -> str:
    """What was measured, in words."""
    if not m.values:
        return "not measured"
    count, mean = len(m.values), f"{figures(m.mean, m.unit)} {m.unit}".strip()
    if count == 1:
        return f"ours: {mean} (1 seed)"
    low, high = (figures(end, m.unit) for end in m.interval)
    return f"ours: {mean}, 95 % interval {low} to {high} ({count} seeds)"


def allowed(bound: Bound, scale: str) -> tuple[float, float]:
    """The bound of a scale."""
    if scale == "small":
        return bound.low_small, bound.high_small
    return bound.low, bound.high


def make_card(claim: PaperClaim, runs: Runs, scale: str = "full", flips: Runs = ()) -> Card:
    """The card of one claim from all runs of a scale. flips: runs with something made otherwise,
    and their controls."""
    planned = [r for r in runs if r.scale == scale and not r.flip]
    measured, every = [], dict[tuple[str, int], PaperOutcome]()
    for b in claim.bounds:
        mine = about(b.quantity, planned)
        every |= {(r.method, r.seed): r for r in mine}
        measured.append(
            Measured(
                b.quantity, b.unit, allowed(b, scale), values_of(b.quantity, planned), len(mine),
                tuple(r.seed for r in ended_early(mine)),
            )
        )  # fmt: skip
    return Card(
        claim, scale, tuple(measured), tuple(deviations(claim.name, planned, scale)),
        tuple(remarks(claim.name, planned, flips)),
        len(every), len(ended_early(every.values())),
    )  # fmt: skip


def ended_early(runs: Iterable[PaperOutcome]) -> list[PaperOutcome]:
    """Those whose training diverged."""
    return [r for r in runs if r.failure]


def make_cards(
    runs: Runs, scale: str = "full", names: Sequence[str] | None = None, flips: Runs = ()
) -> list[Card]:
    """All cards, or those of these names."""
    known = [claim.name for claim in CLAIMS]
    for name in names or ():
        if name not in known:
            raise ArgumentError("cards", repr(name), f"{', '.join(known)}{meant(name, known)}")
    return [make_card(c, runs, scale, flips) for c in CLAIMS if names is None or c.name in names]


def stored_cards(names: Sequence[str] | None = None) -> list[Card]:
    """The cards of the runs that ship with the course."""
    outcomes = stored_outcomes()
    return make_cards(outcomes, "full", names, outcomes)

"""The report of ``reproduce --report FILE.md``: all cards as tables, without figures."""

from __future__ import annotations

from collections.abc import Sequence

from ..experiments.paper.cards import NO_RUN, Card, found, within
from ..experiments.paper.quantities import Runs
from .paper_page import SCALES, methods

HEAD = """# The paper's experiments, claim by claim

Aceituno, Farinha, Loidl & Grewe (2023), *Learning cortical hierarchies with temporal Hebbian
updates*. Which quantity is measured for each claim and where it has to lie was written down before
the runs ([claims.py](claims.py)). A claim *agrees* if the whole 95 % interval (of the mean over
seeds, Student's t) lies there, *differs* if all of it lies outside, and else we *cannot tell*.
"""


def table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *body]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in r)} |" for r in rows
    )


def bullets(title: str, items: Sequence[str]) -> str:
    return f"{title}\n\n" + "\n".join(f"- {item}" for item in items) if items else ""


def judged(card: Card) -> str:
    """A card's verdict, and who is missing."""
    return f"{card.verdict} ({card.missing})" if card.missing else card.verdict


def section(card: Card) -> str:
    """One card."""
    body = [
        (m.quantity, within(m.allowed, m.unit), found(m).removeprefix("ours: "),
         "; ".join(filter(None, (f"{m.verdict}: {m.why}", m.missing))))
        for m in card.measured
    ]  # fmt: skip
    each = [f"{m.quantity}: {m.each}" for m in card.measured if m.values]
    parts = [
        f"## {card.name}: {judged(card)}", f"{card.claim.claimed} ({card.claim.where})",
        table(("quantity", "must lie", "ours", "verdict"), body),
        bullets("Beside it, not judged:", [r.text for r in card.remarks if r.kind == "beside"]),
        bullets("Made otherwise:", [r.text for r in card.remarks if r.kind == "flip"]),
        bullets("How ours is not theirs:", card.deviations),
        bullets("Seed by seed:", each),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def markdown(cards: Sequence[Card], runs: Runs, scale: str) -> str:
    """The whole report. runs: all outcomes; those of other scales, or with flips, have no part in
    the table of methods."""
    planned = [r for r in runs if r.scale == scale and not r.flip]
    made = f"Made by `python -m hebblite reproduce --report`. {SCALES[scale]}"
    verdicts = table(
        ("card", "claimed", "verdict"), [(c.name, c.claim.claimed, judged(c)) for c in cards]
    )
    head, *reached = methods(planned)
    parts = [
        HEAD + made,
        verdicts,
        table(head, reached) if reached else NO_RUN,
        *(section(card) for card in cards),
    ]
    return "\n\n".join(parts) + "\n"

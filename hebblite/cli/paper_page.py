"""The page that ``reproduce --report`` writes: one HTML file that needs nothing else."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from html import escape

from .. import __version__
from ..experiments.paper.cards import NO_RUN, Card, found, within
from ..experiments.paper.intervals import interval
from ..experiments.paper.plans import METHODS
from ..experiments.paper.quantities import Runs, accuracies
from .paper_figures import figure

STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top;
  border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent) }
section { margin-top: 3rem }
.verdict { font-weight: bold; padding: .1rem .5rem; border: 2px solid; border-radius: .3rem }
.agrees { border-style: solid } .differs { border-style: double; border-width: 4px }
.cannot { border-style: dashed }
svg { margin: 1rem 0 }
"""
SCALES = {
    "full": "The full MNIST and the published sizes.",
    "small": "Small networks on 2,000 packaged digits, with wider bounds: this checks that all "
    "runs work, and says little of the paper.",
}


def mark(verdict: str) -> str:
    """A verdict, told apart by its frame as well."""
    return f'<span class="verdict {verdict.split()[0]}">{escape(verdict)}</span>'


def rows(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """A table; cells are HTML."""
    top = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in body
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"


def listed(title: str, items: Sequence[str]) -> str:
    if not items:
        return ""
    each = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<h3>{title}</h3><ul>{each}</ul>"


def methods(runs: Runs) -> list[tuple[str, str, str, str]]:
    """Accuracy of every method, with the interval of its mean: head and rows of a table."""
    body = [("method", "test digits, %", "95 % interval", "each seed")]
    for method in METHODS:
        values = list(accuracies(runs, method).values())
        if values:
            low, high = interval(values)
            spread = "-" if math.isinf(low) else f"{low:.2f} to {high:.2f}"
            each = ", ".join(f"{v:.2f}" for v in values)
            body.append((method, f"{statistics.fmean(values):.2f}", spread, each))
    return body


def judged(card: Card) -> str:
    """A card's verdict, and who is missing."""
    return " ".join(filter(None, (mark(card.verdict), escape(card.missing))))


def card_section(card: Card, runs: Runs) -> str:
    """One card with its figure."""
    body = [
        (
            escape(m.quantity),
            escape(within(m.allowed, m.unit)),
            escape(found(m).removeprefix("ours: ")),
            "<br>".join((mark(m.verdict), *map(escape, filter(None, (m.why, m.missing))))),
        )
        for m in card.measured
    ]
    each = [f"{m.quantity}: {m.each}" for m in card.measured if m.values]
    beside = [r.text for r in card.remarks if r.kind == "beside"]
    flips = [r.text for r in card.remarks if r.kind == "flip"]
    parts = [
        f'<section id="{card.name}"><h2>{card.name} {judged(card)}</h2>',
        f"<p><b>Claimed:</b> {escape(card.claim.claimed)} ({escape(card.claim.where)})</p>",
        rows(("quantity", "must lie", "ours", "verdict"), body),
        figure(card.name, runs) or "<p>No figure: no run of it is there yet.</p>",
        listed("Beside it, not judged", beside),
        listed("What was tried otherwise", flips),
        listed("How ours is not theirs", card.deviations),
        listed("Seed by seed", each),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def page(cards: Sequence[Card], runs: Runs, scale: str) -> str:
    """The whole page. runs: all outcomes; those of other scales, or with flips, have no part in
    tables and figures."""
    planned = [r for r in runs if r.scale == scale and not r.flip]
    contents = [
        (f'<a href="#{c.name}">{c.name}</a>', escape(c.claim.claimed), judged(c)) for c in cards
    ]
    head, *reached = methods(planned)
    body = [
        "<h1>The paper's experiments, claim by claim</h1>",
        "<p>Aceituno, Farinha, Loidl &amp; Grewe (2023), <i>Learning cortical hierarchies with "
        "temporal Hebbian updates</i>. Which quantity is measured for each claim and where it has "
        "to lie was written down before the runs. A claim agrees if the whole 95 % interval (of "
        "the mean over seeds, Student's t) lies there, differs if all of it lies outside, and else "
        f"we cannot tell. {SCALES[scale]}</p>",
        rows(("card", "claimed", "verdict"), contents),
        "<h2>The table of methods</h2>", rows(head, reached) if reached else f"<p>{NO_RUN}</p>",
        *(card_section(card, planned) for card in cards),
        f"<p>Made by hebblite {__version__}: python -m hebblite reproduce --report.</p>",
    ]  # fmt: skip
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>The paper's experiments</title><style>{STYLE}</style></head>\n<body><main>\n"
        + "\n".join(body)
        + "\n</main></body></html>"
    )

"""What is handed in: whether a report answers all of its questions, and whose rule a card is of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....rules import Rule
from ....teaching.exercises import find

#: The questions of a report, and what each asks.
QUESTIONS = {
    "claim": "what you claim of your rule",
    "mechanism": "what in a neuron could do it",
    "refuted if": "which result would refute it",
    "weakness": "where it fails, or should",
    "not tried": "what nobody has tried",
    "experiment": "one experiment on dendrites, and what your theory foretells",
}
#: Words that an answer has at least.
LEAST = 5


def missing(report: Callable[[], Any]) -> str:
    """What a report still lacks, in a sentence. report: a function that returns a dict with a
    text for each of QUESTIONS."""
    found = report()
    if not isinstance(found, dict):
        return "Return a dict with a text for each of: " + ", ".join(QUESTIONS) + "."
    short = [
        f"{name} ({asks})"
        for name, asks in QUESTIONS.items()
        if len(str(found.get(name) or "").split()) < LEAST
    ]
    if short:
        return f"Still to be said, in {LEAST} words or more: " + "; ".join(short) + "."
    return "Nothing is missing."


def whose(rule: Rule) -> str:
    """What a piece of exercise 13.1 is called: the learner's own, or ours until it is solved."""
    known = find("13.1")
    ours = known is not None and getattr(rule, "function", None) is known.reference
    return "ours (13.1 is open)" if ours else "your rule"

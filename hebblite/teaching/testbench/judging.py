"""The bench as the check of an exercise: the first thing that fails is what the learner is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import ArgumentError
from ...frameworks import Framework
from ...rules import Rule
from ..exercises import Bench
from .card import Card
from .forms import FRAMEWORK_READS, RULE_READS, framework_from, rule_from
from .running import try_framework, try_rule


class _Judge(Bench):
    """Quick checks first; learning only where nothing fails in those."""

    def __init__(self, card: Callable[..., Card], make: Callable[[Any], Any]) -> None:
        self._card, self._make = card, make

    def knows(self, answer: Any) -> bool:
        return isinstance(answer, Rule | Framework)

    def made(self, answer: Any) -> Any:
        return self._make(answer)

    def fault(self, answer: Any) -> str:
        for quick in (True, False):
            try:
                card = self._card(answer, quick=quick)
            except ArgumentError as error:
                return f"{error}."
            if card.failed:
                first = card.failed[0]
                found = f" ({first.measured})" if first.measured else ""
                return f"{first.title} fails{found}. {first.reason}"
            if not card.passed:
                return card.verdict
        return ""


def _rule_card(answer: Any, quick: bool) -> Card:
    return try_rule(answer, claims=(), quick=quick)


rule_bench = _Judge(_rule_card, rule_from)
rule_bench.reads = RULE_READS
framework_bench = _Judge(try_framework, framework_from)
framework_bench.reads = FRAMEWORK_READS

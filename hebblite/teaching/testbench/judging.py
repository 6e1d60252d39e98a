"""The bench as the check of an exercise: the first thing that fails is what the learner is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...errors import ArgumentError
from ...frameworks import Framework
from ...rules import DifferentialHebbian, Rule
from ..exercises import Bench
from .card import Card
from .forms import FRAMEWORK_READS, RULE_READS, framework_from, rule_from
from .frameworks import FRAMEWORKS
from .rule_checks import EXACT
from .running import try_framework, try_rule
from .streams import apart, flat, network, recorded, update_of

#: What is made of an answer, one after the other, while nothing fails: a card of quick checks
#: (True), and the whole card.
STAGES = (True, False)
IS_DH = (
    "this is differential Hebb, the rule that the course is about. Change at least one thing in it."
)
#: Of an answer that is that times a number.
IS_DH_TIMES = (
    "this is differential Hebb times {factor}, and a factor is no other rule: it is a learning "
    "rate. Change at least one thing in it."
)


class _Judge(Bench):
    """Quick checks first; learning only where nothing fails in those."""

    def __init__(
        self, card: Callable[..., Card], make: Callable[[Any], Any], call: str,
        too_near: Callable[[Any], str] = lambda made: "",
    ) -> None:  # fmt: skip
        self._card, self._make, self._call, self._too_near = card, make, call, too_near

    def knows(self, answer: Any) -> bool:
        return isinstance(answer, Rule | Framework)

    def made(self, answer: Any) -> Any:
        return self._make(answer)

    def fault(self, answer: Any) -> str:
        for quick in STAGES:
            try:
                card = self._card(answer, quick=quick)
            except ArgumentError as error:
                return f"{error}."
            if card.failed:
                return self._said(card, getattr(answer, "__name__", ""))
            if not card.passed:
                return card.verdict
            near = self._too_near(self._make(answer))
            if near:
                return near
        return ""

    def _said(self, card: Card, name: str) -> str:
        """What fails first, why, and where to see what else does."""
        first, more = card.failed[0], len(card.failed) - 1
        found = f" ({first.measured})" if first.measured else ""
        said = f"{first.title} fails{found}. {first.reason}"
        if not more:
            return said
        fail = "1 more check fails" if more == 1 else f"{more} more checks fail"
        call = f"{self._call}({name if name.isidentifier() else '...'})"
        return f"{said} {fail}: `{call}` shows the card."


def is_dh(rule: Rule) -> str:
    """Whether a rule is differential Hebb up to a factor, and what to say of it, or ""."""
    block = recorded(FRAMEWORKS["dfc"](), network(1, output="same"), 1)
    try:
        with np.errstate(all="ignore"):
            own, dh = (flat(update_of(each, block)) for each in (rule, DifferentialHebbian()))
            factor = float(np.vdot(own, dh) / np.vdot(dh, dh))
    except Exception:  # it runs on other streams only: no reason to call it DH
        return ""
    if not factor > 0 or apart(own, factor * dh) > EXACT:
        return ""
    return IS_DH if abs(factor - 1) < EXACT else IS_DH_TIMES.format(factor=f"{factor:.3g}")


def _rule_card(answer: Any, quick: bool) -> Card:
    return try_rule(answer, claims=(), quick=quick)


rule_bench = _Judge(_rule_card, rule_from, "try_rule", is_dh)
rule_bench.reads = RULE_READS
framework_bench = _Judge(try_framework, framework_from, "try_framework")
framework_bench.reads = FRAMEWORK_READS

"""One check after the other, whatever the learner's code does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...errors import ArgumentError, check_choice, check_flag, check_seed
from ...rules import Contrastive, DifferentialHebbian, Rule
from ..trying import OutOfTime, time_limit
from . import descending, learning
from .card import Card, Check
from .forms import framework_from, name_of, rule_from
from .framework_checks import FRAMEWORK_TITLES, QUICK_FRAMEWORK, FrameworkBench
from .frameworks import chosen
from .rule_checks import CLAIMS, QUICK, TITLES, RuleBench
from .streams import copied

#: For the first check, which finds loops that never end, and for others, on a busy machine.
FIRST, SECONDS = 20.0, 180.0
RULE_CHECKS: dict[str, Callable[[RuleBench], Check]] = {
    **QUICK, "descent": descending.descent, "angle": descending.angle, "learns": learning.learns,
    "hidden": learning.hidden, "reversed": learning.turned_round, "shuffled": learning.shuffled,
    "cost": learning.cost,
}  # fmt: skip
FRAMEWORK_CHECKS: dict[str, Callable[[FrameworkBench], Check]] = {
    **QUICK_FRAMEWORK,
    "descent": lambda bench: descending.descent(bench.learner),
    "angle": lambda bench: descending.angle(bench.learner),
    "learns": lambda bench: learning.learns(bench.learner),
    "hidden": lambda bench: learning.hidden(bench.learner),
    "shuffled": lambda bench: learning.shuffled(bench.learner),
    "cost": lambda bench: learning.cost_of_teaching(bench.learner),
}
SLOW = ("learns", "hidden", "reversed", "shuffled", "cost")


def try_rule(
    rule: Any,
    framework: Any = "dfc",
    claims: Sequence[str] | None = None,
    name: str | None = None,
    quick: bool = False,
    seed: int = 0,
) -> Card:
    """The card of a rule: a function of one layer (``rule_from``), or a Rule.

    framework: one of FRAMEWORKS, or a Framework, in which it is tried. claims: any of CLAIMS, what
    is said of the rule beforehand; None: what is known of the engine's own, and nothing of
    others. quick: without learning digits, and without its cost. seed: of networks and inputs."""
    check_flag("quick", quick)
    tried, weak, near, where = chosen(framework)
    made = rule_from(rule)
    said = known_claims(made) if claims is None else check_claims(claims)
    bench = RuleBench(copied(made), tried, weak, near, said, check_seed("seed", seed))
    checks = run_all(bench, RULE_CHECKS, SLOW if quick else (), TITLES)
    return Card("rule", name or name_of(made), f"in {where}", said, checks)


def known_claims(rule: Rule) -> tuple[str, ...]:
    """What the course says of the engine's own rules."""
    if isinstance(rule, DifferentialHebbian):
        return ("telescopes",) if rule.symmetric else CLAIMS
    return ("telescopes",) if isinstance(rule, Contrastive) else ()


def check_claims(claims: Any) -> tuple[str, ...]:
    if isinstance(claims, str) or not np.iterable(claims):
        raise ArgumentError("claims", repr(claims), f"a list of some of {', '.join(CLAIMS)}")
    return tuple(check_choice("claims", claim, CLAIMS) for claim in claims)


def run_all(
    bench: Any, checks: dict[str, Callable[[Any], Check]], left_out: Sequence[str], titles: Any
) -> tuple[Check, ...]:
    """All checks in their order. If the first fails, the others cannot be made."""
    made: list[Check] = []
    for key, ask in checks.items():
        if key in left_out:
            continue
        if made and made[0].outcome != "passes":
            made.append(Check(key, titles[key], "does not apply", "", "Not tried: see the first."))
            continue
        made.append(guarded(key, ask, bench, titles))
    return tuple(made)


def guarded(key: str, ask: Callable[[Any], Check], bench: Any, titles: Any) -> Check:
    """A check, whatever happens in it."""
    seconds = FIRST if key == "runs" else SECONDS
    try:
        with time_limit(seconds), np.errstate(all="ignore"):
            return ask(bench)
    except OutOfTime:
        why = f"It had not finished after {seconds:g} s."
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        why = f"It raised {type(error).__name__}: {error}."
        if "read-only" in str(error):
            why = "It changes the arrays that it is given. Work on copies: `b = a.copy()`. " + why
    return Check(key, titles[key], "fails", "", why.replace("..", "."))


def try_framework(
    framework: Any, name: str | None = None, quick: bool = False, seed: int = 0, rule: Any = None
) -> Card:
    """The card of a framework: a function of the apical drives (``framework_from``), a Framework,
    or one of FRAMEWORKS. rule: what learns in it; DH, unless another is given."""
    check_flag("quick", quick)
    if isinstance(framework, str):
        tried, weak, near, called = chosen(framework)
    else:
        tried, weak, near, called = chosen(framework_from(framework))
    made = DifferentialHebbian() if rule is None else rule_from(rule)
    learner = RuleBench(copied(made), tried, weak, near, (), check_seed("seed", seed))
    bench = FrameworkBench(tried, learner, seed)
    checks = run_all(bench, FRAMEWORK_CHECKS, SLOW if quick else (), FRAMEWORK_TITLES)
    return Card("framework", name or called, f"with {name_of(made)}", (), checks)

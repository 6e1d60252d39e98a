"""The test bench: would you believe this rule, or this framework? A card says what was measured.

    card = try_rule(my_rule, framework="dfc", claims=["telescopes", "blind"])
    card = try_framework(my_feedback)
    card.save("my_rule.svg")

A rule of one's own is a function of one layer whose argument names say what it reads, or a
``Rule``; a framework of one's own is a function that gives the apical drives, or a ``Framework``
(forms.py). Each check has a name, what was measured, an outcome and a sentence that says why
(card.py). The same checks hold for the engine's own rules and frameworks.
"""

from .card import OUTCOMES, Card, Check
from .forms import framework_from, rule_from
from .frameworks import FRAMEWORKS
from .rule_checks import CLAIMS
from .running import try_framework, try_rule

__all__ = [
    "CLAIMS",
    "FRAMEWORKS",
    "OUTCOMES",
    "Card",
    "Check",
    "framework_from",
    "rule_from",
    "try_framework",
    "try_rule",
]

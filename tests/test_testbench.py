"""The test bench: our rules and frameworks pass where they should; each mistake fails, and is told
its reason."""

from __future__ import annotations

import numpy as np
import pytest

from hebblite.rules import (
    STDP,
    Contrastive,
    DifferentialHebbian,
    ErrorBased,
    Gradient,
)
from hebblite.teaching.testbench import try_rule

DYNAMIC = ("dfc", "pc", "ep", "deb")
RULES = {
    "dh": DifferentialHebbian(),
    "dh-voltage": DifferentialHebbian(on="voltage"),
    "dh-symmetric": DifferentialHebbian(symmetric=True),
    "contrastive": Contrastive(),
    "error-based": ErrorBased(),
    "error-voltage": ErrorBased(on="voltage"),
    "gradient": Gradient(),
    "stdp": STDP(),
    "stdp-expected": STDP(expected=True),
}


def dh(post, pre):
    return np.einsum("tbi,tbj->ij", np.diff(post, axis=0), pre[:-1]) / post.shape[1]


# ---------------------------------------------------------------------- ours


def undefined(name, framework):
    return framework == "ep" and name in ("error-based", "error-voltage", "gradient")


@pytest.mark.parametrize("framework", DYNAMIC)
@pytest.mark.parametrize("name", RULES)
def test_our_rules_pass_in_all_frameworks_in_which_they_are_defined(name, framework):
    card = try_rule(RULES[name], framework, quick=True)
    if undefined(name, framework):
        assert not card.passed and not card.failed
        assert {check.outcome for check in card.checks} == {"does not apply"}
        assert "top-down input is part of the free state too" in card.verdict
    else:
        assert card.passed, str(card)
        exact = "does not apply" if name == "stdp" else "passes"
        assert card["batch"].outcome == card["descent"].outcome == exact


@pytest.mark.parametrize(
    ("name", "framework"),
    [*(("dh", framework) for framework in DYNAMIC), ("contrastive", "ep"), ("error-based", "deb"),
     ("stdp", "dfc")],
)  # fmt: skip
def test_they_learn_and_the_controls_do_not(name, framework):
    card = try_rule(RULES[name], framework)
    assert card.passed, str(card)
    for key in ("learns", "hidden", "reversed", "shuffled"):
        assert card[key].outcome == "passes"
    assert card["cost"].outcome == "measured" and "times DH" in card["cost"].measured

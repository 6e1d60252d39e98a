"""Mutants of every reference are rejected, and most are told why (see mutants.py)."""

from __future__ import annotations

import ast
import inspect

import numpy as np
import pytest
from edits import search, tally_step, truly
from mutants import mutants, tally, variants

from hebblite.teaching import trying
from hebblite.teaching.exercises import Exercise, exercises
from hebblite.teaching.proofs import Bound, steps

#: (Where a bench decides, many answers are right: see test_testbench.py.)
FUNCTIONS = {
    name: known for name, known in exercises().items() if not known.value and known.bench is None
}


@pytest.mark.slips
@pytest.mark.parametrize("name", FUNCTIONS)
def test_mutants_that_differ_are_rejected_and_told_why(name, monkeypatch):
    monkeypatch.setattr(trying, "SECONDS", 0.5)
    count = tally(FUNCTIONS[name], most=150)
    assert count.passed == [], "these differ from the reference and pass"
    assert count.rejected
    assert count.share >= 0.8, count.rest


def test_each_kind_of_mutant_is_made():
    text = inspect.cleandoc("""
        def f(post, pre, d):
            total = 0.5 * np.outer(post[1:].mean(axis=0), -pre[:-1])
            for t in range(len(pre)):
                total += post[t].T @ pre[t + 1] - d
                d = d / 2
                if t > 3:
                    d = np.exp(d)
            return total
    """)
    made = "\n".join(words for words, _ in variants(ast.parse(text)))
    for words in (
        "0.5  ->  1.0", "(axis=0)  ->  post[1:].mean()", "post[1:].mean  ->  post[1:].sum",
        "post[1:]  ->  post[:-1]", "pre[:-1]  ->  pre[1:]", "-pre[:-1]  ->  pre[:-1]",
        "range(1, len(pre))", "range(len(pre) - 1)", "post[t].T  ->  post[t]",
        "post[t]  ->  post[t + 1]", "pre[t + 1] @ post[t].T", "d / 2  ->  d * 2", "d / 2  ->  d",
        "t > 3  ->  t <= 3", "np.exp(d)  ->  d", "total -= ", "total = post[t].T",
        "post, pre, d  ->  pre, post, d", "return in the loop", "two steps of a loop swapped",
        "return total  ->  return -total", "- d  ->  post[t].T @ pre[t + 1] + d", "0  ->  1",
    ):  # fmt: skip
        assert words in made, words


def test_a_weak_check_is_found_out():
    """Cases that are too tame let a mutant pass that differs elsewhere."""

    def cases(seed):
        return (np.ones(3) if seed < 30 else np.arange(3.0),)

    def reference(x):
        return 2 * x**2

    weak = Exercise("weak", cases, reference)
    count = tally(weak)
    assert len(list(mutants(reference))) == count.mutants >= 5
    assert "2  ->  3" in count.passed and count.share < 1


# ---------------------------------------------------------------------- steps of proofs

STEPS = {
    name: step for name, step in steps().items() if step.reference.__module__[:8] == "hebblite"
}


@pytest.mark.slips
@pytest.mark.parametrize("name", STEPS)
def test_mutants_of_a_step_are_rejected_and_told_why(name, monkeypatch):
    monkeypatch.setattr(trying, "SECONDS", 0.5)
    count = tally_step(STEPS[name], most=40)
    assert count.passed == [], "these differ from the model and pass"
    assert count.rejected
    assert count.share >= 0.8, count.rest


@pytest.mark.filterwarnings("ignore")
@pytest.mark.slips
@pytest.mark.parametrize("name", STEPS)
def test_no_edit_that_is_wrong_is_told_to_be_right(name, monkeypatch):
    """The full search, of 2,000 edits of each step, is ``make edits``."""
    monkeypatch.setattr(trying, "SECONDS", 0.5)
    count = search(STEPS[name], 150)
    assert count.false == []
    assert count.edits >= 60 and count.refused > 0.7 * count.edits


@pytest.mark.slips
@pytest.mark.parametrize("name", STEPS)
def test_what_is_truly_right_is_decided_without_the_verdict(name):
    """So that the search would notice: it knows right answers, and wrong ones."""
    step = STEPS[name]
    for answer in (step.reference, *step.right):
        assert truly(step, answer)
    if not isinstance(step.claim, Bound):  # a sharper one than the model is right for it
        assert not any(truly(step, answer) for answer, _ in step.wrong)
    for factor in (2.0, 0.9, -1.0):
        scaled = lambda *given: factor * np.asarray(step.reference(*given))  # noqa: B023, E731
        assert not truly(step, scaled, step.given)


def test_a_search_notices_a_check_that_is_too_kind(monkeypatch):
    import edits

    monkeypatch.setattr(edits, "holds", lambda step, answer: True)
    first = next(iter(STEPS.values()))
    count = search(first, 30)
    assert len(count.false) > 15
    assert len({text for text, _ in edits.edits(first, 30)}) == count.edits

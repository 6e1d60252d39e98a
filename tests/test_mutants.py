"""Mutants of every reference are rejected, and most are told why (see mutants.py)."""

from __future__ import annotations

import ast
import inspect

import numpy as np
import pytest
from mutants import mutants, tally, variants

from hebblite.teaching import trying
from hebblite.teaching.exercises import Exercise, exercises

FUNCTIONS = {name: known for name, known in exercises().items() if not known.value}


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

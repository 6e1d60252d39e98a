"""Steps of proofs: every step of every lesson, and the kit with made-up theorems (proof_data)."""

from __future__ import annotations

import inspect
import re

import numpy as np
import proof_data
import pytest
from proof_data import STEPS, T3, T94

from hebblite.teaching import hint, show_progress
from hebblite.teaching.boxes import Box
from hebblite.teaching.checks import hidden
from hebblite.teaching.proofs import (
    Bound,
    Exact,
    Gradient,
    Mean,
    Order,
    Tends,
    find_step,
    prove,
    steps,
    theorem,
)
from hebblite.teaching.proofs import prove as prove_module
from hebblite.teaching.proofs.uses import table
from hebblite.teaching.proofs.verdict import holds, verdict
from hebblite.teaching.proofs.worlds import SEEN, Lab, sizes_and_hidden
from hebblite.teaching.solved import progress

TAUGHT = list(steps().values())
ALL = [*TAUGHT, *STEPS]
each = pytest.mark.parametrize("step", ALL, ids=lambda step: step.number)
taught = pytest.mark.parametrize("step", TAUGHT, ids=lambda step: step.number)


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HEBBLITE_HOME", str(tmp_path))
    monkeypatch.delenv("HEBBLITE_GRADING", raising=False)


# ---------------------------------------------------------------------- every step


@each
@pytest.mark.parametrize("seeds", [SEEN, hidden()], ids=["seen", "hidden"])
def test_the_model_and_other_right_answers_pass(step, seeds):
    assert len(step.right) >= 2
    for answer in (step.reference, *step.right):
        told = verdict(step, answer, list(step.uses), seeds=seeds)
        assert told.message == "", inspect.getsource(answer)


@each
def test_known_wrong_answers_fail_with_their_own_message(step):
    assert len({message for _, message in step.wrong}) == len(step.wrong)
    for answer, message in step.wrong:
        for seeds in (SEEN, hidden()):
            told = verdict(step, answer, list(step.uses), seeds=seeds)
            assert message in told.message, f"{told.message}\n{inspect.getsource(answer)}"


@taught
def test_there_are_at_least_five_wrong_ones_and_whole_sentences(step):
    assert len(step.wrong) >= 5
    for words in (*step.hints, *(message for _, message in step.wrong)):
        assert re.search(r"[.?!)`]$", words), words
    assert step.because and not step.because.endswith(".")


@each
def test_a_step_fails_without_each_assumption_that_it_names_and_no_other(step):
    for seeds in (SEEN, hidden()):
        lab = Lab(step.theorem, tuple(seeds))
        broken = {name for name, fails in table(step, lab).items() if fails}
        assert broken == set(step.uses)
        for name in step.theorem.assumptions:
            drawn = lab.breaking([name])
            assert all(drawn.worlds(s) for s in step.claim.strengths_of(step)), name


@each
def test_silent_and_idle_assumptions_are_told(step):
    for name in step.theorem.assumptions:
        if name in step.uses:
            silent = [other for other in step.uses if other != name]
            assert f'fails without the assumption "{name}"' in said(step, silent)
        else:
            assert f'does not need the assumption "{name}"' in said(step, [*step.uses, name])


def said(step, uses):
    return verdict(step, step.reference, uses).message


@each
def test_symbols_have_meanings_and_hints_are_there(step):
    theorem = step.theorem
    assert len(step.hints) >= 2 and all(len(words) > 5 for words in theorem.symbols.values())
    for world in Lab(theorem, tuple(SEEN)).worlds():
        missing = {step.left, *step.given} - set(world)
        assert not missing or (isinstance(step.claim, Gradient) and missing == {step.left})
    for name in step.needs:
        other = find_step(name) or T3.steps[name]
        assert other is not step


@each
@pytest.mark.parametrize("seeds", [SEEN, hidden()], ids=["seen", "hidden"])
def test_worlds_vary_and_sizes_of_one_are_drawn(step, seeds):
    lab = Lab(step.theorem, tuple(seeds))
    sizes = [sizes_and_hidden(step.theorem, seed)[0] for seed in seeds]
    assert any(1 in n for n in sizes) and any(1 not in n for n in sizes)
    assert len({len(n) for n in sizes}) == step.theorem.depth[1] - step.theorem.depth[0] + 1
    assert len(lab.worlds()) >= 4
    for strength in step.claim.strengths_of(step):
        assert [len(net) for net in lab.nets(strength)] == [len(net) for net in lab.nets()]


@each
def test_nothing_and_what_it_is_times_a_number_fail(step):
    """So no claim is empty: nothing, twice, and half as much are told apart from the model."""
    for factor in (0.0, 2.0, 0.5, 1.001, -1.0):
        assert not holds(step, scaled(step, factor)), factor


def scaled(step, factor):
    return lambda *given: factor * np.asarray(step.reference(*given))


@each
def test_terms_are_terms_of_the_theorem_and_what_is_missing_is_told(step):
    assert step.term
    for words, term in step.term.items():
        names = set(inspect.signature(term).parameters)
        assert names <= set(step.theorem.symbols) or names == {"world"}, words

"""Where an answer is wrong: in which entries, and whether the sizes of arguments are to blame."""

from __future__ import annotations

import numpy as np
import pytest

from hebblite.teaching import checks
from hebblite.teaching.exercises import Exercise, find
from hebblite.teaching.proofs import find_step, verdict


def line(time, size, e_tol, t):
    """Where the line from row t-1 to row t crosses e_tol, for all inputs at once."""
    i = np.arange(size.shape[1])
    before, after = size[t - 1, i], size[t, i]
    return time[t - 1] + (before - e_tol) / (before - after) * (time[t] - time[t - 1])


def neither(time, size, e_tol):
    return line(time, size, e_tol, np.argmax(size <= e_tol, axis=0))


def never(time, size, e_tol):
    there = size <= e_tol
    return np.where(there[0], 0, line(time, size, e_tol, np.argmax(there, axis=0)))


def at_once(time, size, e_tol):
    there = size <= e_tol
    return np.where(there.any(0), line(time, size, e_tol, np.argmax(there, axis=0)), time[-1])


def infinite(time, size, e_tol):
    there = size <= e_tol
    found = np.where(there[0], 0, line(time, size, e_tol, np.argmax(there, axis=0)))
    return np.where(there.any(0), found, np.inf)


@pytest.mark.parametrize("answer", [neither, never, at_once, infinite])
def test_the_number_of_columns_is_not_blamed_for_what_some_columns_hold(answer):
    """07.1 draws an input that never arrives wherever there are several."""
    found = checks.verdict(find("07.1"), answer)
    assert found.specific and "more than one column" not in found.message, found.message


def crossing():
    """07.1 without the wrong answers that it knows."""
    known = find("07.1")
    return Exercise(known.title, known.cases, known.reference)


@pytest.mark.parametrize(("answer", "words"), [
    (never, "it is right, except where the right value is the last entry of `time`. For one, "),
    (neither, "where the right value is 0, and where the right value is the last entry of `time`."),
    (at_once, "it is right, except where the right value is 0. For one, entry 1 is"),
    (infinite, "it returns infinite values where the right value is the last entry of `time`."),
])  # fmt: skip
def test_wrong_entries_are_told_by_what_is_right_there(answer, words):
    found = checks.verdict(crossing(), answer)
    assert words in found.message and found.specific, found.message


def rows(seed):
    rng = np.random.default_rng([12, seed])
    return (rng.normal(size=(1 + seed % 3, 3)),)


def test_a_length_is_blamed_where_it_is_to_blame():
    means = Exercise("means", rows, lambda x: x.mean(axis=1) + x.sum(axis=1) ** 2)
    several = lambda x: means.reference(x) + (len(x) > 1)  # noqa: E731
    assert "except where `x` has more than one row" in checks.judge(means, several)
    alone = lambda x: means.reference(x) + (len(x) == 1)  # noqa: E731
    assert "except where `x` has one row" in checks.judge(means, alone)


def clipped(x):
    return np.clip(x, -0.5, 0.5)


def test_known_mistakes_that_explain_some_entries_each_are_told_together():
    clip = Exercise("clip", rows, clipped, wrong=[
        (lambda x: np.maximum(x, -0.5), "large ones stay."),
        (lambda x: np.minimum(x, 0.5), "small ones stay."),
        (lambda x: np.where(x > 0.5, 0, clipped(x)), "large ones become 0."),
    ])  # fmt: skip
    found = checks.verdict(clip, lambda x: np.where(x > 0.5, 0, np.minimum(x, 0.5)))
    assert found.specific and found.message.startswith("two things are wrong at once. In some entr")
    assert "small ones stay." in found.message and "large ones become 0." in found.message
    assert "at once" not in checks.judge(clip, lambda x: np.where(x > 0.5, 0.1, np.minimum(x, 0.5)))


def time_with(size):
    return lambda e_0, e_tol, lam, k_i, tau_u: tau_u / (k_i * lam) * np.log(size(e_0) / e_tol)


def test_a_vector_in_the_place_of_a_number_is_asked_for_its_length(monkeypatch):
    step = find_step("T5.2")
    monkeypatch.setattr(step, "wrong", [])  # what is said where the step knows no better
    of = {
        "It is taken of a negative number. Should a vector become one number first": lambda e: e,
        "and one number is expected. Should an array become one number on the way": np.abs,
    }
    for words, size in of.items():
        said = verdict(step, time_with(size), [])
        assert words in said.message and said.specific
    root = Exercise("root", rows, lambda x: np.abs(x) ** 0.5)
    assert "a negative number, which has none" in checks.judge(root, np.sqrt)


def test_a_product_that_adds_up_too_early_is_shown_and_no_size_is_blamed(monkeypatch):
    step = find_step("T4.1")
    monkeypatch.setattr(step, "wrong", [])
    said = verdict(step, lambda a, a_above, D, W_above: a - D @ W_above.T @ a_above, []).message
    assert "look at `D @ W_above.T @ a_above`: `@` adds up" in said and "more than one" not in said
    trace = verdict(find_step("T4.8"), lambda JJ, e: e @ e / 2 * np.trace(np.linalg.inv(JJ)), [])
    assert trace.message.startswith("it is a true bound, but") and trace.specific


def test_a_bound_that_nothing_attains_is_told_in_plain_numbers():
    said = verdict(find_step("T5.3"), lambda e_0, e_tol, JQ, k_i, tau_u: -9.0 * tau_u, []).message
    assert "e+" not in said and "never come nearer than" in said and "% of the left one" in said


def test_a_list_of_another_length_is_compared_with_the_known_mistakes():
    layers = lambda x: [x, 2 * x, 4 * x]  # noqa: E731
    wrong = [(lambda x: layers(x)[1:], "x itself is missing.")]
    three = Exercise("three", rows, layers, wrong=wrong)
    assert checks.judge(three, lambda x: [2 * x, x + 3 * x]) == "x itself is missing."
    assert "and 3 are expected" in checks.judge(three, lambda x: [2 * x, 5 * x])

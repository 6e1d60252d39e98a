"""What an answer raises is said in plain words before Python's own, in any exercise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hebblite.teaching import checks
from hebblite.teaching.exercises import Exercise, find
from hebblite.teaching.proofs import find_step, verdict
from hebblite.teaching.sides import Clash, Given, explained


def cases(seed):
    """post (T+1, n), pre (T+1, m), a list of matrices, and a number."""
    rng = np.random.default_rng([7, seed])
    T, n, m = int(rng.integers(4, 7)), int(rng.integers(2, 4)), int(rng.integers(7, 9))
    layers = [rng.normal(size=(n, m)), rng.normal(size=(m, n))]
    return rng.normal(size=(T + 1, n)), rng.normal(size=(T + 1, m)), layers, float(rng.uniform())


def reference(post, pre, layers, d):
    return d * np.diff(post, axis=0).T @ pre[:-1] + layers[0]


EXERCISE = Exercise("an update", cases, reference)


def steps(of, count=lambda post: len(post) - 1):
    """A loop over steps that adds ``of(change, pre[t])``."""

    def answer(post, pre, layers, d):
        dW = 0.0
        for t in range(count(post)):
            dW = dW + of(post[t + 1] - post[t], pre[t])
        return d * dW + layers[0]

    return answer


def at_rows(post, pre, layers, d):
    dW = np.zeros((post.shape[1], pre.shape[1]))
    for t in range(len(post) - 1):
        dW += (post[t + 1] - post[t]) @ pre[t].T
    return dW


def times_rows(post, pre, layers, d):
    dW = 0
    for t in range(len(post) - 1):
        dW = dW + (post[t + 1] - post[t]) * pre[t]
    return dW


def every_pair(post, pre, layers, d):
    return post[:, 0] - pre[0]


def no_axis(post, pre, layers, d):
    return np.diff(post).T @ pre[:-1]


def one_row_too_many(post, pre, layers, d):
    return np.diff(post, axis=0).T @ pre


def not_transposed(post, pre, layers, d):
    return np.diff(post, axis=0) @ pre[:-1]


def wrong_way_round(post, pre, layers, d):
    return pre.T @ post + layers[0]


def not_set(post, pre, layers, d):
    for t in range(len(post)):
        total += pre[t]  # noqa: F821
    return total


RAISED = [
    (at_rows, "`np.outer` makes a matrix of two rows, of shape ("),
    (steps(np.dot), "`np.outer` makes a matrix of two rows"),
    (times_rows, "are `np.outer(...)` of the two"),
    (every_pair, "make the first a column: `x[:, None] - y`"),
    (no_axis, "`np.diff` without an axis subtracts along the last axis"),
    (one_row_too_many, "The sizes differ by one. Between T + 1 rows lie only T changes"),
    (not_transposed, "with `.T` on the left one, the result would have the shape ("),
    (wrong_way_round, "one of the two is the transpose of what is meant"),
    (steps(np.outer, len), "`post` and `pre` have 7 rows, numbered 0 to 6. Between T + 1 rows lie"),
    (steps(np.outer, lambda post: 50), "take them from the array"),
    (lambda post, pre, layers, d: layers[2], "Here `layers` has 2 items"),
    (lambda post, pre, layers, d: layers.T, "a list is used as if it were an array"),
    (lambda post, pre, layers, d: np.array(layers), "A list holds them"),
    (lambda post, pre, layers, d: post(0), "round brackets stand after something"),
    (lambda post, pre, layers, d: range(post), "what stands in `range(...)`, must"),
    (lambda post, pre, layers, d: post[0, 0, 0], "more indices are given than the array has axes"),
    (lambda post, pre, layers, d: d[0], "a single number is used as if it had several entries"),
    (lambda post, pre, layers, d: math.exp(post), "NumPy's own, such as `np.exp`, take arrays"),
    (lambda post, pre, layers, d: 1 if post > 0 else 0, "Use `np.where(...)`"),
    (lambda post, pre, layers: post, "it is called with (post, pre, layers, d)"),
    (lambda post, pre, layers, d: post.mean(axis=3), "axis 0 is the first one"),
    (
        lambda post, pre, layers, d: np.einsum("ti,tj->ij", post, pre[1:]),
        "one letter stands for axes",
    ),
    (lambda post, pre, layers, d: [a for a, _, _ in [post.shape]], "taken apart into 3 names"),
    (lambda post, pre, layers, d: list(zip(post, layers, strict=True)), "lists of different leng"),
    (not_set, "`total` is used before it has a value"),
]


@pytest.mark.parametrize(("answer", "words"), RAISED, ids=[words[:40] for _, words in RAISED])
def test_what_python_says_is_put_into_plain_words(answer, words):
    found = checks.verdict(EXERCISE, answer)
    assert found.raised and words in found.message, found.message
    assert found.message.index(words) < found.message.index(" Python says: ")


def test_the_arguments_are_told_by_name():
    said = checks.judge(EXERCISE, at_rows)
    assert "The arguments had the shapes (7, 3) for `post` and (7, 8) for `pre`; the items" in said
    assert "of `layers` had the shapes (3, 8) and (8, 3) and `d` was 0." in said


def test_shapes_that_do_not_fit_are_told_without_the_text_of_the_line():
    said = checks.judge(EXERCISE, eval("lambda post, pre, layers, d: pre[0] * post[0]"))
    assert "`np.outer(...)`" in said
    assert "a single number: write `*`" in explained(Clash("@", (), (3,)), None)
    assert "`x[..., None]`" in explained(Clash("*", (4, 3), (4,)), None)
    batch = Given(("x", "y"), (np.ones((3, 2)), np.ones((3, 5))))
    assert "lost an axis, that of a batch?" in explained(Clash("@", (3, 2), (5,)), None, batch)
    assert "batch" not in explained(Clash("@", (3, 2), (5,)), None)
    assert "With three axes" in explained(Clash("@", (4, 3, 2), (4, 5, 2)), None)


def by_layers(step):
    """An answer to 06.1: each push from the one above, by ``step(weights, slopes, l, above)``."""

    def answer(weights, slopes, a_top):
        a = [a_top]
        for l in range(len(weights) - 1, 0, -1):
            a.insert(0, step(weights, slopes, l, a[0]))
        return a

    return answer


LAYERS = [
    (lambda W, D, l, a: D[l] / (W[l].T @ a), "is an index off by one?"),
    (lambda W, D, l, a: D[l - 1] * (W[l - 1].T @ a), "is an index off by one?"),
    (lambda W, D, l, a: D[l] + (W[l].T @ a), "is an index off by one?"),
    (lambda W, D, l, a: D[l - 1] * (W[l] @ a), "With `.T` on the left one they fit. Or is an"),
]


@pytest.mark.parametrize(("step", "words"), LAYERS)
def test_where_two_layers_meet_an_index_is_off_and_no_batch_is_lost(step, words):
    """Trial readers were sent to np.outer, and to an axis of a batch that is not there."""
    said = checks.judge(find("06.1"), by_layers(step))
    assert words in said and "np.outer" not in said and "batch" not in said


def test_a_row_that_meets_another_is_told_what_leads_from_one_to_the_other():
    step = find_step("T4.1")
    said = verdict(
        step, lambda a, a_above, D, W_above: a - W_above.T @ (D * a_above**2), []
    ).message
    assert "`W_above`, of shape (2, 4), leads from" in said and "np.outer" not in said
    said = verdict(step, lambda a, a_above, D, W_above: a - D * (W_above @ a_above), []).message
    assert "With `.T` on the left one they fit." in said and "batch" not in said
    loop = find_step("T5.1")
    said = verdict(loop, lambda J, Q, e, k_i, tau_u: -k_i / tau_u * Q @ J @ e, []).message
    assert "`J` and `Q` are swapped" in said and "batch" not in said


def test_what_shapes_hide_is_named_where_all_sizes_are_alike():
    def backward(W, e):
        return e @ W

    two = Exercise(
        "back", lambda seed: (np.random.default_rng(seed).normal(size=(4, 3)),
                              np.random.default_rng(seed + 9).normal(size=(2, 4))), backward,
    )  # fmt: skip
    said = checks.judge(two, lambda W, e: e @ W.T)
    assert said.endswith(
        "Where all sizes are alike it runs, and shows this: `W` stands there as its transpose."
    )
    assert "Where all sizes" not in checks.judge(two, lambda W, e: e @ W.T + W @ W)


def layers(seed, sizes=(6, 5, 3), batch=2):
    """Rates of all layers and the weights between them: sizes of neighbours differ by one."""
    rng = np.random.default_rng(seed)
    pairs = list(zip(sizes[1:], sizes[:-1], strict=True))
    return [rng.normal(size=(batch, n)) for n in sizes], [rng.normal(size=pair) for pair in pairs]


def upward(r, W):
    return [below @ W_l.T for below, W_l in zip(r, W, strict=False)]


def test_sizes_of_layers_that_differ_by_one_are_not_taken_for_changes():
    def one_above(r, W):
        return [r[l + 1] @ W[l].T for l in range(len(W))]

    def in_a_loop(r, W):
        found = []
        for l in range(len(W)):
            found.append(r[l + 1] @ W[l].T)
        return found

    up = Exercise("up", layers, upward)
    for answer in (one_above, in_a_loop):
        said = checks.judge(up, answer)
        assert "is an index off by one" in said and "changes" not in said
    up.wrong("`r[l]` is the layer below.")(one_above)
    assert checks.judge(up, one_above).startswith("`r[l]` is the layer below. (It cannot run")


def test_a_list_inside_a_list_is_told():
    both = Exercise("both", layers, lambda r, W: [*upward(r, W), r[0].sum(axis=1)])
    said = checks.judge(both, lambda r, W: (upward(r, W), r[0].sum(axis=1)))
    assert said.startswith("it returns a list inside another. All 3 arrays")


def test_lists_of_layers_have_arrays_and_not_rows():
    doubled = Exercise("twice", lambda seed: layers(seed, (4, 3), 1 + seed % 3), upward)
    said = checks.judge(doubled, lambda r, W: [r[0] @ W[0].T / len(r[0])])
    assert "where an array in `r` has more than one row" in said


def test_the_factors_of_an_outer_product_the_wrong_way_round():
    def drawn(seed):
        rng = np.random.default_rng(seed)
        return rng.normal(size=2 + seed), rng.normal(size=3)

    outer = Exercise("outer", drawn, lambda post, pre: np.outer(post, pre))
    said = checks.judge(outer, lambda post, pre: np.outer(pre, post))
    assert said.startswith("it is the transpose of the right answer.") and "swapped" not in said


def test_cases_with_fewer_layers_do_not_stop_the_check():
    """Those that a learner sees have three updates each; others have one."""

    def drawn(seed):
        return layers(seed, (4, 3, 4, 3) if seed < 4 else (4, 3), 1 + seed % 2)

    some = Exercise("some", drawn, upward)
    said = checks.judge(some, lambda r, W: [x / len(x) for x in upward(r, W)])
    assert "could not run" not in said and "item 0 is wrong" in said
    last = checks.judge(
        some, lambda r, W: [*upward(r, W)[:2], *(x / len(x) for x in upward(r, W)[2:])]
    )
    assert "could not run" not in last and "item 2 is wrong" in last

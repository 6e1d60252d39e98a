"""Lesson 06: theorem T4 on the engine, the learner's pieces on digits, and what they ask."""

from __future__ import annotations

import numpy as np
import pytest

from hebblite import Network
from hebblite.analysis import jacobians
from hebblite.lessons import lesson06
from hebblite.lessons.lesson06.exercises import descend, pushes_down, small_errors
from hebblite.lessons.lesson06.pictures.falling import draw_falling
from hebblite.lessons.lesson06.pictures.judged import LETTERS, draw_judged
from hebblite.lessons.lesson06.pictures.spending import draw_spending
from hebblite.lessons.lesson06.proof import T4
from hebblite.lessons.lesson06.proof.bench import effort, held, pushes
from hebblite.lessons.lesson06.runs import falling, kinks, pieces
from hebblite.lessons.lesson06.runs.spending import Spending
from hebblite.losses import least_control, least_control_of_small_errors
from hebblite.teaching.proofs import Draw
from hebblite.teaching.proofs.gradient import slope_along
from hebblite.teaching.proofs.uses import table
from hebblite.teaching.proofs.verdict import verdict
from hebblite.teaching.proofs.worlds import Lab

#: What each step needs, in the order of T4's assumptions. Breaking any other leaves it as it is.
NEEDS = {
    "T4.1": {"smooth"},
    "T4.2": {"least", "smooth"},
    "T4.3": set(),
    "T4.4": {"least"},
    "T4.5": {"least", "smooth", "on target", "small"},
    "T4.6": {"least", "smooth", "on target", "small"},
    "T4.7": set(),
    "T4.8": set(),
}
each_step = pytest.mark.parametrize("number", NEEDS)


def case(seed, hidden="tanh"):
    """A network of two to four layers in float64, one input, and a target not far away."""
    rng = np.random.default_rng([606, seed])
    sizes = rng.integers(2, 7, size=rng.integers(3, 6)).tolist()
    net = Network(sizes, hidden=hidden, output="linear", dtype="float64", seed=seed)
    net.biases = [rng.normal(0, 0.3, n) for n in sizes[1:]]
    x = rng.normal(size=(1, sizes[0]))
    return net, x, net.predict(x) + rng.normal(size=(1, sizes[-1]))


# ---------------------------------------------------------------------- the theorem on the engine


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("hidden", ["tanh", "sigmoid"])
def test_the_slope_of_the_least_effort_is_that_of_the_learners_step(seed, hidden):
    """dH*/dW of every layer by central differences, through the code of step T4.4, to 1e-7."""
    net, x, target = case(seed, hidden)
    found = least_control(net, x, target, tolerance=1e-12)
    way = falling.along(T4.steps["T4.4"].reference, net, x, found.apical)
    for l in range(net.depth):
        for given, mine in ((net.weights, way.weights[l]), (net.biases, way.biases[l])):
            direction = np.random.default_rng(seed).normal(size=mine.shape)

            def H(value, given=given, l=l):
                kept, given[l] = given[l], value
                H = least_control(net, x, target, tolerance=1e-10).H[0]
                given[l] = kept
                return H

            slope = slope_along(H, given[l].copy(), direction, 1e-3)
            size = np.linalg.norm(mine) * np.linalg.norm(direction)
            assert abs(slope + (mine * direction).sum()) <= 1e-7 * max(size, 1e-3)


def test_the_learners_slope_is_the_engines():
    net, x, target = case(3)
    found = least_control(net, x, target, tolerance=1e-12)
    way = falling.along(falling.of_right_side, net, x, found.apical)
    for mine, engine in zip(
        (*way.weights, *way.biases), (*found.updates.weights, *found.updates.biases), strict=True
    ):
        assert np.allclose(mine, engine, atol=1e-12)


def test_the_least_effort_is_zero_just_where_the_output_is_right():
    net, x, target = case(1)
    assert least_control(net, x, net.predict(x)).H[0] < 1e-20
    assert least_control(net, x, target).H[0] > 1e-3


def test_each_pair_of_pushes_on_the_line_puts_the_output_right_and_costs_at_least_the_least():
    net, x, target = case(2)
    free = [v[0] for v in net.feedforward(x)[0]]
    least = least_control(net, x, target).H[0]
    rng = np.random.default_rng(0)
    for _ in range(50):
        v = [v_l + rng.normal(size=v_l.shape) for v_l in free[:-1]]
        a = pushes(net, x[0], v, target[0])
        r = x[0]
        for a_l, W, beta, phi in zip(a, net.weights, net.biases, net.activations, strict=True):
            r = phi.rate(a_l + W @ r + beta)
        assert np.allclose(r, target[0])
        assert effort(a) >= least


# ---------------------------------------------------------------------- the steps


@each_step
def test_each_step_needs_what_it_names_and_nothing_else(number):
    step = T4.steps[number]
    assert set(step.uses) == NEEDS[number]
    for seeds in (range(6), range(1000, 1006)):
        found = table(step, Lab(T4, tuple(seeds)))
        assert {name for name, needed in found.items() if needed} == NEEDS[number]


@each_step
def test_each_step_is_told_right_from_wrong(number):
    step = T4.steps[number]
    assert len(step.right) >= 2 and len({message for _, message in step.wrong}) >= 5
    assert len(step.hints) == 3 and step.because
    for answer in (step.reference, *step.right):
        assert verdict(step, answer, list(step.uses)).message == ""
    for answer, message in step.wrong:
        told = verdict(step, answer, list(step.uses))
        assert told.message.startswith(message) or message in told.message, told.message


@pytest.mark.parametrize("number", ["T4.7", "T4.8"])
def test_a_true_bound_that_is_not_the_best_is_refuted(number):
    step, sign = T4.steps[number], 1 if number == "T4.8" else -1
    loose = verdict(step, lambda JJ, e: step.reference(JJ, e) * 1.2**sign, [])
    assert "no error attains it" in loose.message
    itself = verdict(step, lambda JJ, e: e @ np.linalg.inv(JJ) @ e / 2, [])
    assert itself.message


@pytest.mark.parametrize("broken", list(T4.assumptions))
def test_the_bench_breaks_one_assumption_and_keeps_the_others(broken):
    seen = 0
    for seed in range(6):
        for world in held(Draw(seed, (4, 3, 5, 2), "tanh", 0.6, frozenset({broken}))):
            net, l = world["net"], int(world["where"].split()[1]) - 1
            slope = world["a_star"] - world["D_star"] * (world["W_above"].T @ world["a_star_above"])
            rests = np.abs(slope).max() < 1e-10
            assert rests == (broken not in ("least", "smooth")) or broken == "smooth"
            kinked = (world["v_star"] == 0).any() or (world["v"] == 0).any()
            assert kinked == (broken == "smooth")
            size = np.linalg.norm(world["e"])
            assert np.isclose(size, 1.5 if broken == "small" else 0.6)
            assert world["a"].shape == (net.sizes[l + 1],)
            seen += 1
    assert seen >= 4


def test_the_pushes_of_step_5_add_up_to_the_engines_small_errors():
    net, x, target = case(4)
    J = [J_l[0] for J_l in jacobians(net, x)]
    JJ, e = sum(J_l @ J_l.T for J_l in J), (target - net.predict(x))[0]
    a = [T4.steps["T4.5"].reference(J_l, JJ, e) for J_l in J]
    engine = least_control_of_small_errors(net, x, target)[0]
    assert np.isclose(effort(a), engine) and np.isclose(small_errors(J, e)[1], engine)


# ---------------------------------------------------------------------- the learner's pieces


def test_the_pieces_find_the_engines_least_pushes_on_digits():
    assert lesson06.recursion_error(pushes_down, count=8).max() < 1e-6
    times = lesson06.on_the_way(descend, stops=(0, 30, 100), count=3)
    assert (times[0] > 1.2).all() and (times[100] < times[30]).all()
    assert (times[100] >= 1 - 1e-9).all() and (times[100] < 1.001).all()
    low, middle, high = lesson06.small_error_ratios(small_errors, count=8).T
    assert (low <= 1).all() and (high >= 1).all() and np.allclose(middle, 1, atol=0.1)


def test_wrong_pieces_show_on_digits():
    assert (
        lesson06.recursion_error(
            lambda weights, slopes, a: pushes_down(weights, [np.ones_like(s) for s in slopes], a),
            count=3,
        ).min()
        > 1e-3
    )
    up = lesson06.on_the_way(
        lambda *given: descend(*given[:-2], -given[-2], given[-1]), stops=(3,), count=2
    )
    assert (up[3] > lesson06.on_the_way(descend, stops=(0,), count=2)[0]).all()


def test_pieces_do_not_change_what_they_are_given():
    seen = lesson06.examine(0)
    before = [W.copy() for W in seen.net.weights]

    def spoil(weights, slopes, a_top):
        for array in (*weights, *slopes, a_top):
            array[...] = 0
        return pushes_down(weights, slopes, a_top)

    pieces.recursion_error(spoil, count=2)
    assert all(np.array_equal(W, kept) for W, kept in zip(seen.net.weights, before, strict=True))


def test_steps_down_the_slope_have_given_lengths_and_lower_the_effort():
    start, *_ = falling._start(0)
    net, way = start.copy(), falling.Updates([2 * W for W in start.weights], start.biases)
    falling.move(net, way, 0.25)
    moved = [a - b for a, b in zip(net.weights, start.weights, strict=True)]
    assert np.isclose(np.sqrt(sum((m**2).sum() for m in moved)), 0.25)
    run = falling.fall(0, steps=3)
    assert run.effort == sorted(run.effort, reverse=True) and run.left < 100


def test_a_kink_is_met_by_relu_alone():
    assert (kinks.on_kinks(0, count=5) > 0).any()
    net, x, target = case(0, "tanh")
    assert (np.abs(least_control(net, x, target).apical[0]) > 0).all()


# ---------------------------------------------------------------------- pictures with guesses


def spent(name, times):
    least = np.array([1.0, 2.0, 4.0])
    return Spending(name, least * times, least)


def test_pictures_that_answer_draw_the_guess():
    kinds = {name: spent(name, times) for name, times in (("jacobian", 1.1), ("random", 90.0))}
    assert "you said" not in draw_spending(kinds)
    assert "you said" in draw_spending(kinds, {"random": 5.0})
    runs = {"your slope": falling.Falling([4.0, 1.0], [2.0, 1.0])}
    runs["backprop"] = falling.Falling([4.0, 2.0], [2.0, 1.5])
    assert "25 %" in draw_falling(runs) and "you said" not in draw_falling(runs)
    assert "you said 40 % for backprop" in draw_falling(runs, {"backprop": 40.0})


def test_the_digit_that_was_chosen_is_told_its_place():
    seen = lesson06.examine(0)
    which = lesson06.twelve(seen)
    order = np.argsort(-seen.H[which])
    assert "needs the most effort of all" in draw_judged(seen, which, LETTERS[order[0]])
    assert "needs more effort than 10 of the other eleven" in draw_judged(
        seen, which, LETTERS[order[1]]
    )
    assert "You chose" not in draw_judged(seen, which)

"""Lesson 08: theorem T7 on the engine, step by step and as a whole."""

from __future__ import annotations

import numpy as np
import pytest

from hebblite import Network
from hebblite.analysis import backprop_updates, preconditioners
from hebblite.frameworks import PredictiveCoding
from hebblite.lessons.lesson08.proof import T7
from hebblite.lessons.lesson08.proof.bench import (
    STRENGTH,
    energy,
    errors_at_the_end,
    inference,
    inferences,
)
from hebblite.losses import least_control
from hebblite.rules import DifferentialHebbian, ErrorBased
from hebblite.stream import Record, fold
from hebblite.teaching.proofs import Draw
from hebblite.teaching.proofs.gradient import slope_along
from hebblite.teaching.proofs.places import Mark, mark
from hebblite.teaching.proofs.uses import table
from hebblite.teaching.proofs.verdict import verdict
from hebblite.teaching.proofs.worlds import SEEN, Lab

START, JUMP, END, WEAK = T7.assumptions
#: What each step needs. Breaking any other leaves it as it is.
NEEDS = {
    "T7.1": set(),
    "T7.2": {END},
    "T7.3": set(),
    "T7.4": {END},
    "T7.5": {START},
    "T7.6": {START, JUMP},
    "T7.7": {END, WEAK},
    "T7.8": {END},
    "T7.9": set(),
}


def case(seed, hidden="tanh", output="linear"):
    """A network of two to four layers in float64, one input, and a target not far away."""
    rng = np.random.default_rng([808, seed])
    sizes = rng.integers(2, 7, size=rng.integers(3, 6)).tolist()
    net = Network(sizes, hidden=hidden, output=output, dtype="float64", seed=seed)
    net.biases = [rng.normal(0, 0.3, n) for n in sizes[1:]]
    x = rng.normal(size=(1, sizes[0]))
    if output == "softmax":
        return net, x, rng.dirichlet(np.full(sizes[-1], 3.0))[None]
    return net, x, net.predict(x) + rng.normal(size=(1, sizes[-1]))


def rest(net, x, target, nudge=None):
    """The recorded phase of an inference to rest."""
    (phase,) = fold(inference(net, early=False, nudge=nudge).teach(net, x, target), Record())
    assert phase.steady
    return phase


# ---------------------------------------------------------------------- the theorem on the engine


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("hidden", ["tanh", "sigmoid"])
@pytest.mark.parametrize("output", ["linear", "softmax"])
def test_error_based_updates_are_minus_the_slope_of_the_energy_at_rest(seed, hidden, output):
    """dF*/dW of every layer by differences of inferences that each run anew, to 1e-7."""
    net, x, target = case(seed, hidden, output)
    phase = inference(net, early=False).teach(net, x, target)
    (updates,) = fold(phase, ErrorBased("voltage"))
    for l in range(net.depth):
        for given, mine in ((net.weights, updates.weights[l]), (net.biases, updates.biases[l])):
            direction = np.random.default_rng(seed).normal(size=mine.shape)

            def F(value, given=given, l=l):
                kept, given[l] = given[l], value
                found = energy(errors_at_the_end(rest(net, x, target)))
                given[l] = kept
                return found

            slope = slope_along(F, given[l].copy(), direction, 1e-3)
            size = np.linalg.norm(mine) * np.linalg.norm(direction)
            assert abs(slope + (mine * direction).sum()) <= 1e-7 * max(size, 1e-3)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("hidden", ["tanh", "sigmoid"])
def test_dh_trains_the_output_exactly_as_backprop_does_and_not_at_all_without_the_jump(
    seed, hidden
):
    net, x, target = case(seed, hidden)
    phase = rest(net, x, target)
    (dh,) = fold(iter([phase]), DifferentialHebbian("voltage"))
    gradient = backprop_updates(net, x, target)
    size = np.abs(gradient.weights[-1]).max()
    assert np.abs(dh.weights[-1] - gradient.weights[-1]).max() <= 1e-14 * max(size, 1)
    hidden_off = np.abs(dh.weights[0] - gradient.weights[0]).max()  # (the error is not small)
    assert hidden_off > 0.01 * np.abs(gradient.weights[0]).max()
    phase.voltages[-1][0] = phase.voltages[-1][1]
    (unseen,) = fold(iter([phase]), DifferentialHebbian("voltage"))
    assert not unseen.weights[-1].any() and unseen.weights[0].any()


@pytest.mark.parametrize("seed", range(4))
def test_with_a_weak_nudge_dh_is_the_gradient_times_P(seed):
    """T3 in Predictive Coding, with an error of first order in the nudge."""
    net, x, target = case(seed)
    P, gradient = preconditioners(net, x), backprop_updates(net, x, target)
    off = []
    for beta in (1e-3, 1e-4):
        phase = inference(net, early=False, nudge=beta).teach(net, x, target)
        (dh,) = fold(phase, DifferentialHebbian("voltage"))
        off.append([
            np.abs(dW / beta - P_l[0] @ g).max()
            for dW, P_l, g in zip(dh.weights, P, gradient.weights, strict=True)
        ])  # fmt: skip
    assert np.allclose(np.log10(np.divide(*off)), 1, atol=0.1)


@pytest.mark.parametrize("seed", range(4))
def test_no_other_constant_of_a_softmax_costs_less_and_its_errors_add_up_to_zero(seed):
    net, x, target = case(seed, output="softmax")
    phase = rest(net, x, target)
    errors = errors_at_the_end(phase)
    assert abs(errors[-1].sum()) < 1e-12
    c = (phase.voltages[-1][-1, 0] - np.log(target[0]))[0]
    assert np.isclose(c, T7.steps["T7.9"].reference(phase.basal[-1][-1, 0], target[0]))
    held = Network(net.sizes, net.hidden, "linear", dtype="float64", seed=seed)
    held.weights, held.biases = net.weights, net.biases
    for other in (c - 0.1, c + 0.1):
        assert least_control(held, x, np.log(target) + other).H[0] > energy(errors)


# ---------------------------------------------------------------------- the steps


@pytest.mark.parametrize("number", NEEDS)
def test_each_step_needs_what_it_names_and_nothing_else(number):
    step = T7.steps[number]
    assert set(step.uses) == NEEDS[number] and len(step.hints) == 3
    for seeds in (SEEN, range(1000, 1006)):
        found = table(step, Lab(T7, tuple(seeds)))
        assert {name for name, needed in found.items() if needed} == NEEDS[number]


def test_the_steps_of_inference_go_down_the_slope_of_step_1():
    """One step of the engine, from a state in the middle of its way."""
    net, x, target = case(3)
    (phase,) = fold(PredictiveCoding(6, 0.1, halve=False).teach(net, x, target), Record())
    for l in range(net.depth - 1):
        eps = [phase.voltages[k][5, 0] - phase.basal[k][5, 0] for k in (l, l + 1)]
        D = net.activations[l].slope(phase.rates[l + 1][5, 0])
        slope = T7.steps["T7.1"].reference(*eps, D, net.weights[l + 1])
        moved = phase.voltages[l][6, 0] - phase.voltages[l][5, 0]
        assert np.allclose(moved, -0.1 * slope, atol=1e-14)


@pytest.mark.parametrize("broken", list(T7.assumptions))
def test_the_bench_breaks_one_assumption_and_keeps_the_others(broken):
    seen = 0
    for seed in range(4):
        for world in inferences(Draw(seed, (4, 3, 5, 2), "tanh", STRENGTH, frozenset({broken}))):
            down = world["D_end"] * (world["W_above"].T @ world["eps_end_above"])
            assert np.allclose(world["eps_end"], down, atol=1e-12) == (broken != END)
            assert world["beta"] == (1.0 if broken == WEAK else STRENGTH)
            journey = world["eps_end"] + world["W"] @ world["dr_below"]
            assert np.allclose(world["dv"], journey, atol=1e-12) == (broken != START)
            assert world["dW_out"].any() == (broken != JUMP)
            seen += 1
    assert seen == 8


def test_the_chain_of_the_steps_is_right_to_second_order_and_a_wrong_step_is_not():
    steps = {number: step.reference for number, step in T7.steps.items()}
    for wrong in (None, "T7.2", "T7.4", "T7.5"):
        chain = dict(steps)
        if wrong:
            chain[wrong] = lambda *given, wrong=wrong: 1.1 * np.asarray(steps[wrong](*given))
        off = [
            max(
                np.abs(mine - measured).max()
                for mine, measured in T7.composition.chain(
                    chain, inferences(Draw(1, (4, 3, 5, 2), "tanh", beta))
                )
            )
            for beta in (1e-3, 1e-4)
        ]
        assert np.log10(off[0] / off[1]) == pytest.approx(1 if wrong else 2, abs=0.1)


def test_a_slip_at_the_output_is_marked_at_its_arrows():
    step = T7.steps["T7.6"]
    told = verdict(step, lambda e, r_free_last: 0 * np.outer(e, r_free_last), [])
    world, n = told.found.world, len(told.found.draw.sizes) - 1
    assert mark(world, "dW_out", told.found.left, told.found.yours) == Mark("arrows", n, 0, 0)

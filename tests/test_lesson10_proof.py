"""Lesson 10: theorem T8 on the engine, step by step and as a whole."""

from __future__ import annotations

import numpy as np
import pytest

from hebblite import Network
from hebblite.analysis import backprop_updates
from hebblite.frameworks import DendriticMicrocircuit
from hebblite.lessons.lesson10.proof import T8
from hebblite.lessons.lesson10.proof.bench import STRENGTH, STRONG, microcircuits
from hebblite.rules import DifferentialHebbian, ErrorBased
from hebblite.stream import Record, fold
from hebblite.teaching.proofs import Draw
from hebblite.teaching.proofs.uses import table
from hebblite.teaching.proofs.worlds import SEEN, Lab

SILENT, START, END, WEAK, ALIGNED = T8.assumptions
#: What each step needs. Breaking any other leaves it as it is.
NEEDS = {
    "T8.1": {SILENT},
    "T8.2": {SILENT, END},
    "T8.3": {SILENT, END, WEAK},
    "T8.4": {END, WEAK},
    "T8.5": {ALIGNED},
    "T8.6": {SILENT, START, END},
    "T8.7": {SILENT, END, WEAK, ALIGNED},
}
SIZES = (4, 3, 5, 2)
NUDGES = (1e-2, 1e-3, 1e-4)


def case(seed, hidden="tanh", output="linear"):
    """A network of two to four layers in float64, one input, and a target not far away."""
    rng = np.random.default_rng([1010, seed])
    sizes = rng.integers(2, 7, size=rng.integers(3, 6)).tolist()
    net = Network(sizes, hidden=hidden, output=output, dtype="float64", seed=seed)
    net.biases = [rng.normal(0, 0.3, n) for n in sizes[1:]]
    x = rng.normal(size=(1, sizes[0]))
    if output == "softmax":
        return net, x, rng.dirichlet(np.full(sizes[-1], 3.0))[None]
    return net, x, net.predict(x) + rng.normal(size=(1, sizes[-1]))


def circuit(k, **more):
    """To rest, with a nudge k."""
    settings = {"g_som": 1.1 * k, "dt": 4e-3, "steps": 5000, "steady": 1e-14} | more
    return DendriticMicrocircuit(**settings)


def slope_of(off):
    """The order of differences that are measured at all the nudges."""
    return np.polyfit(np.log(NUDGES), np.log(off), 1)[0]


# ---------------------------------------------------------------------- the theorem on the engine


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("output", ["linear", "softmax"])
def test_updates_divided_by_k_and_gammas_tend_to_the_gradient_with_slope_1(seed, output):
    net, x, target = case(seed, output=output)
    gradient = backprop_updates(net, x, target)
    off = []
    for k in NUDGES:
        deb = circuit(k)
        (updates,) = fold(deb.teach(net, x, target), ErrorBased())
        off.append([
            np.linalg.norm(dW / (k * deb.gamma ** (net.depth - 1 - l)) - g) / np.linalg.norm(g)
            for l, (dW, g) in enumerate(zip(updates.weights, gradient.weights, strict=True))
        ])  # fmt: skip
    # At a softmax the output's error-based rule is on voltages: rates are the voltages there.
    for layer in np.transpose(off):
        assert layer[-1] < 1e-2 and slope_of(layer) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_dh_reads_the_dendrite_and_what_the_layer_below_hands_up(seed):
    """dv_l = R_l a_l to first order with R_1 = I, R_l = I + gamma W_l D_{l-1} R_{l-1} W_l^T D_l:
    T3's recursion, in which what comes from below has shrunk by gamma."""
    net, x, target = case(seed)
    off = []
    for k in NUDGES:
        deb = circuit(k)
        dh, phase = fold(deb.teach(net, x, target), DifferentialHebbian("voltage"), Record())
        rates = [r_l[0, 0] for r_l in phase.rates]
        D = [phi.slope(r) for phi, r in zip(net.activations, rates[1:], strict=True)]
        R, row = np.eye(net.sizes[1]), []
        for l, (dW, r) in enumerate(zip(dh.weights, rates[:-1], strict=True)):
            if l:
                W = net.weights[l]
                R = np.eye(len(W)) + deb.gamma * (W * D[l - 1]) @ R @ W.T * D[l]
            row.append(np.abs(dW - np.outer(R @ phase.apical[l][-1, 0], r)).max())
        off.append(row)
    first, *others = np.transpose(off)
    assert first.max() < 1e-13  # in layer 1 the dendrite alone, exactly
    assert all(slope_of(one) == pytest.approx(2, abs=0.1) for one in others)


@pytest.mark.parametrize("lateral", ["self-predicting", "learned"])
def test_the_interneurons_of_a_recorded_phase_are_those_that_the_dendrites_have_felt(lateral):
    net, x, target = case(2)
    deb = circuit(0.5, lateral=lateral, steps=40, steady=None)
    if lateral == "learned":
        deb.learn_lateral(net, x, rounds=20)
    (phase,) = fold(deb.teach(net, x, target), Record())
    i = deb.interneurons(net, phase)
    share = deb.g_A / (deb.g_lk + deb.g_B + deb.g_A)
    for l in range(net.depth - 1):
        Y = net.weights[l + 1].T
        Z = -Y if lateral == "self-predicting" else deb.Z[l]
        p = net.activations[l + 1].rate(i[l])
        assert i[l].shape == phase.voltages[l + 1].shape
        felt = share * (phase.rates[l + 2] @ Y.T + p @ Z.T)
        assert np.allclose(phase.apical[l][1:], felt[:-1], rtol=0, atol=1e-14)
        moved = np.abs(i[l][-1] - i[l][0]).max()
        assert moved > 1e-3


def test_without_a_teacher_every_dendrite_is_silent_at_every_input():
    net, _, _ = case(1)
    x = np.random.default_rng(0).normal(size=(50, net.sizes[0]))
    seen = circuit(0.5).without_teacher(net, x)
    for v_A, above in zip(seen.apical, seen.top_down, strict=True):
        assert np.abs(v_A).max() < 1e-14 and np.abs(above).max() > 0.1
    noisy = circuit(0.5, lateral="learned", settle=200)
    assert min(noisy.without_teacher(net, x).residual) > 0.1


# ---------------------------------------------------------------------- the steps


@pytest.mark.parametrize("number", NEEDS)
def test_each_step_needs_what_it_names_and_nothing_else(number):
    step = T8.steps[number]
    assert set(step.uses) == NEEDS[number] and len(step.hints) == 3
    for seeds in (SEEN, range(1000, 1006)):
        found = table(step, Lab(T8, tuple(seeds)))
        assert {name for name, needed in found.items() if needed} == NEEDS[number]


@pytest.mark.parametrize("broken", list(T8.assumptions))
def test_the_bench_breaks_one_assumption_and_keeps_the_others(broken):
    seen = 0
    for seed in range(4):
        for world in microcircuits(Draw(seed, SIZES, "tanh", STRENGTH, frozenset({broken}))):
            push = world["Y"] @ (world["r_above"] - world["r_inter"])
            assert np.allclose(world["v_A"], push, atol=1e-12) == (broken != SILENT)
            soma = world["a_end"] + world["W"] @ world["dr_below"]
            kept = np.allclose(world["dv"], soma, atol=1e-11)
            assert kept == (broken not in (SILENT, START, END))
            nudge = STRONG if broken == WEAK else STRENGTH
            assert 0.7 <= world["k"] / nudge <= 1.3
            assert np.array_equal(world["Y"], world["W_above"].T) == (broken != ALIGNED)
            k_I = world["k_I"]
            at_rest = (world["b_above"] + k_I * world["v_above"]) / (1 + k_I)
            rests = np.allclose(world["i_end"], at_rest, atol=1e-11)
            assert rests == (broken not in (SILENT, END))
            seen += 1
    assert seen == 8


def test_the_chain_of_the_steps_is_right_to_second_order_and_a_wrong_step_is_not():
    steps = {number: step.reference for number, step in T8.steps.items()}
    for wrong in (None, "T8.3", "T8.4", "T8.6", "T8.7"):
        chain = dict(steps)
        if wrong:
            chain[wrong] = lambda *given, wrong=wrong: 1.1 * np.asarray(steps[wrong](*given))
        off = [
            max(
                np.abs(mine - measured).max()
                for mine, measured in T8.composition.chain(
                    chain, microcircuits(Draw(1, SIZES, "tanh", k / 10))
                )
            )
            for k in NUDGES
        ]
        assert slope_of(off) == pytest.approx(1 if wrong else 2, abs=0.1)


def test_the_chain_needs_no_transposed_weights_except_in_step_7():
    steps = {number: step.reference for number, step in T8.steps.items()}
    off = []
    for k in NUDGES:
        worlds = microcircuits(Draw(1, SIZES, "tanh", k, frozenset({ALIGNED})))
        pairs = T8.composition.chain(steps, worlds)
        off.append([np.abs(mine - measured).max() for mine, measured in pairs])
    dh, error_based = np.transpose(off)[:3], np.transpose(off)[3:]
    assert all(slope_of(one) == pytest.approx(2, abs=0.1) for one in dh)
    assert all(slope_of(one) == pytest.approx(1, abs=0.1) for one in error_based)

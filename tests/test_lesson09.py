"""Lesson 09: its digits and networks, the directions it compares, states of rest, turned weights,
and its pieces in the engine."""

from __future__ import annotations

import re

import numpy as np
import pytest
from conftest import ROOT

from hebblite import Network, fold
from hebblite.data import load_digits
from hebblite.frameworks import EquilibriumPropagation
from hebblite.frameworks import ep as engine
from hebblite.history import History
from hebblite.lessons import lesson09
from hebblite.lessons.lesson09.runs import after, asymmetry, directions, pieces, rest, stage
from hebblite.losses import settle
from hebblite.rules import Contrastive, DifferentialHebbian
from hebblite.stream import Record
from hebblite.teaching import check

PHASES = {"nudge": 0.4, "kind": "centred", "free_steps": 12, "nudged_steps": 6}


def small(seed=0, hidden="sigmoid", output="linear"):
    """A network of three layers with four inputs and their targets."""
    net = Network((5, 6, 4, 3), hidden=hidden, output=output, dtype="float64", seed=seed)
    rng = np.random.default_rng(seed)
    return net, rng.normal(size=(4, 5)), rng.dirichlet(np.ones(3), size=4)


# ---------------------------------------------------------------------- pieces


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid"])
def test_the_energy_of_the_exercise_is_the_engines(hidden):
    net, x, target = small(1, hidden)
    (way,) = fold(EquilibriumPropagation(free_steps=5).relax(net, x, target), Record())
    for t in range(6):
        v, r = [v_l[t] for v_l in way.voltages], [r_l[t] for r_l in way.rates]
        mine = lesson09.energy_of_a_batch(v, r, net.weights, net.biases)
        assert np.allclose(mine, engine.energy(net, r, v), rtol=1e-12)


@pytest.mark.parametrize("kind", ["one-sided", "centred"])
@pytest.mark.parametrize("output", ["linear", "softmax", "same"])
def test_phases_of_the_learners_steps_are_the_engines(kind, output):
    net, x, target = small(2, output=output)
    settings = PHASES | {"kind": kind}
    assert pieces.step_off(lesson09.relaxation_step, net, x, target, **settings) < 1e-12
    slow = lesson09.relaxation_step

    def half(v, r, slope, weights, biases, e, nudge, h):
        return slow(v, r, slope, weights, biases, e, nudge / 2, h)

    assert pieces.step_off(half, net, x, target, **settings) > 1e-3


def test_rules_read_the_learners_phase_as_they_read_the_engines():
    net, x, target = small(3)
    mine = lesson09.WithStep(lesson09.relaxation_step, **PHASES)
    for rule in (Contrastive(), DifferentialHebbian()):
        made, theirs = (rule(ep.teach(net, x, target)) for ep in (
            mine, EquilibriumPropagation(**PHASES)
        ))  # fmt: skip
        for a, b in zip(
            [*made.weights, *made.biases], [*theirs.weights, *theirs.biases], strict=True
        ):
            assert np.allclose(a, b, rtol=1e-9, atol=1e-15)


def test_the_learners_update_is_the_engines_over_the_span():
    net, x, target = small(4)
    ep = EquilibriumPropagation(**PHASES)
    mine = pieces.WithUpdate(lesson09.contrastive_update, ep.span)(ep.teach(net, x, target))
    theirs = Contrastive()(ep.teach(net, x, target))
    for a, b in zip([*mine.weights, *mine.biases], [*theirs.weights, *theirs.biases], strict=True):
        assert np.allclose(a, b / ep.span, rtol=1e-9, atol=1e-15)


def test_what_is_no_contrast_gets_no_points():
    with pytest.raises(AssertionError):
        check("09.3", lambda free, nudged, nudge: [r[1:] for r in free], grading=True)


# ---------------------------------------------------------------------- directions


def test_downhill_is_what_turning_every_weight_finds():
    net, x, target = small(5)

    def loss():
        return np.mean(net.losses(settle(net, x).rates[-1], target))

    right, h = directions.downhill(net, x, target), 1e-5
    for W, found in zip(net.weights, right, strict=True):
        place = (0, 1)
        kept, ends = W[place], []
        for step in (h, -h):
            W[place] = kept + step
            ends.append(loss())
        W[place] = kept
        assert np.isclose(found[place], (ends[1] - ends[0]) / (2 * h), rtol=1e-4, atol=1e-8)


def test_estimates_become_better_in_orders_1_and_2():
    net, x, target = small(6)
    found = directions.estimates(net, x, target, (0.01, 0.1))
    assert np.isclose(found["one-sided"][1] / found["one-sided"][0], 10, rtol=0.1)
    assert np.isclose(found["centred"][1] / found["centred"][0], 100, rtol=0.1)


def test_one_sided_dh_misses_a_term_that_symmetrised_dh_has():
    net, x, target = small(7)
    found = directions.angles_of(net, x, target, nudge=0.01)
    assert np.all(found["contrastive and symmetrised DH"] < 1e-4)
    assert found["contrastive and DH"][0] < 1e-4
    assert np.all(found["contrastive and DH"][1:] > 0.3)
    assert np.all(found["contrastive and its own gradient"] < 0.05)


# ---------------------------------------------------------------------- rest


def test_energies_fall_and_rest_comes():
    net, x, _ = small(8)
    E = rest.energies(net, x, lesson09.energy_of_a_batch, steps=30)
    assert E.shape == (31, 4) and np.all(np.diff(E, axis=0) < 1e-12)
    steps = rest.steps_to_rest(net, x)
    assert np.all((steps > 0) & (steps < 60))
    assert np.all(rest.steps_to_rest(net, x, most=3) == 3)


def test_two_neurons_that_excite_each_other_rest_in_two_places_and_a_nudge_carries_over():
    net = Network((1, 1, 1), hidden="tanh", output="same", dtype="float64", seed=0)
    net.weights = [np.array([[0.02]]), np.array([[3.0]])]
    x, target = np.ones((1, 1)), -np.ones((1, 1))
    found = rest.crossed(net, x, target, (0.01, 30.0))
    assert list(found.left) == [0, 1]
    net.weights[1] /= 6  # one valley
    assert list(rest.crossed(net, x, target, (0.01, 30.0)).left) == [0, 0]


def test_F_has_the_loss_as_its_slope():
    net, x, target = small(9, output="softmax")
    found = rest.value_of(net, x[:1], target[:1])
    middle = (found["value"][2:] - found["value"][:-2]) / (found["nudge"][2:] - found["nudge"][:-2])
    assert 0 in found["nudge"] and np.allclose(middle, found["loss"][1:-1], rtol=0.02)


def test_the_free_state_is_not_the_feedforward_pass():
    net, x, _ = small(10, output="softmax")
    found = lesson09.free_and_feedforward(net, x)
    assert all(np.abs(a - b).max() > 1e-3 and a.shape == b.shape for a, b in found.values())
    assert 0 <= lesson09.reads_alike(net, x) <= 1


# ---------------------------------------------------------------------- turned weights


def test_weights_turned_by_0_are_the_transposes_and_by_90_are_not_related():
    net, x, target = small(11)
    straight, turned = (lesson09.Turned(t, **PHASES) for t in (0.0, 90.0))
    for a, W in zip(straight.weights_down(net), net.weights[1:], strict=True):
        assert np.array_equal(a, W)
    for a, b in zip(turned.weights_down(net), lesson09.Turned(90.0).weights_down(net), strict=True):
        assert np.array_equal(a, b)
    ends = [list(ep.teach(net, x, target))[-1].rates[-1][-1] for ep in (
        EquilibriumPropagation(**PHASES), straight, turned
    )]  # fmt: skip
    assert np.array_equal(ends[0], ends[1]) and np.abs(ends[0] - ends[2]).max() > 1e-3


@pytest.mark.parametrize("seed", range(3))
def test_symmetric_weights_are_what_the_contrast_needs(seed):
    assert asymmetry.cosine_when_turned(0.0, seed) > 0.9999
    assert asymmetry.cosine_when_turned(60.0, seed) < 0.95


# ---------------------------------------------------------------------- digits


def test_training_is_the_same_from_the_same_seed():
    digits = load_digits()
    one, again, other = (
        stage.train(digits, "DH", seed, sizes=(784, 8, 10), epochs=1) for seed in (3, 3, 4)
    )
    assert np.array_equal(one.net.weights[0], again.net.weights[0])
    assert not np.array_equal(one.net.weights[0], other.net.weights[0])
    assert one.accuracy.shape == (1,) and 0 <= one.accuracy[0] <= 1


def test_an_interrupted_training_says_so(monkeypatch):
    def stopped(*args, **kwargs):
        history = History()
        history.interrupted = True
        return history

    monkeypatch.setattr(stage, "fit", stopped)
    with pytest.raises(KeyboardInterrupt, match="Run the cell again"):
        stage.train(load_digits(), "DH")


def test_claims_have_numbers_of_their_own():
    rooms = (ROOT / "hebblite" / "lessons" / "lesson09" / "claims").glob("*.py")
    numbers = [n for room in rooms for n in re.findall(r'"(09\.c\d+)"', room.read_text("utf-8"))]
    assert len(numbers) == len(set(numbers)) >= 20


def test_what_a_network_keeps_is_what_its_phases_make():
    net, x, target = small(12)
    kept = after.keeps(net, x, target)
    assert all(angle.shape == (3,) for angle in kept.angles.values())
    assert kept.angles["DH and the contrast"][0] < 1e-4 and kept.not_at_rest == 0
    assert np.all(kept.angles["contrast, a longer nudge"] < 10)
    assert 5 < kept.off["one-sided"] / kept.off_weak["one-sided"] < 20
    short = after.made(net, x, target, nudged_steps=1)[0]
    assert directions.degrees(short, after.made(net, x, target)[0]).max() > 2

"""Lesson 07: its stage, the loop in closed form, what the gradient of the latency is, its pieces in
the engine, and its pictures."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from conftest import ROOT

from hebblite import Network, fold
from hebblite.analysis import jacobians
from hebblite.data import load_digits
from hebblite.frameworks import DeepFeedbackControl
from hebblite.history import History
from hebblite.lessons import lesson07
from hebblite.lessons.lesson07.exercises import crossing_slips, eigenbasis
from hebblite.lessons.lesson07.pictures import latencies
from hebblite.lessons.lesson07.proof import T5
from hebblite.lessons.lesson07.proof.bench import loops_of_a_network, output_and_jacobian
from hebblite.lessons.lesson07.runs import downhill, loop
from hebblite.lessons.lesson07.runs import stage as stages
from hebblite.lessons.lesson07.runs.waste import Waste
from hebblite.losses import InferenceLatency, latency_gradient, linear_latency
from hebblite.teaching import check
from hebblite.teaching.proofs import Draw


def label(drawing):
    svg = drawing[drawing.index("<svg") :]
    root = ET.fromstring(svg)
    assert root.get("role") == "img" and len(root.get("aria-label")) > 30
    return root.get("aria-label")


@pytest.fixture(scope="module")
def small_stage():
    """A stage with a narrow network that has not learned, and digits that it has not seen."""
    digits = load_digits()
    net = Network((784, 12, 10), hidden="tanh", output="linear", dtype="float64", seed=1)
    wanted = np.full((20, 10), 0.1 / 9)
    wanted[np.arange(20), digits.y_test[:20]] = 0.9
    return stages.Stage([net], digits.x_test[:20].astype(float), digits.y_test[:20], wanted)


# ---------------------------------------------------------------------- the loop


@pytest.mark.parametrize("seed", range(4))
def test_the_loop_in_closed_form_is_the_engines(seed):
    rng = np.random.default_rng(seed)
    A, e = rng.normal(size=(3, 4)), rng.normal(size=3)
    M, e_tol = A @ A.T + 0.3 * np.eye(3), 0.1 * np.linalg.norm(e)
    integral = linear_latency(e, M, 0.7, e_tol)[0]
    assert np.isclose(loop.crossing(e, M, 0.7, e_tol), integral, rtol=1e-10)
    assert np.isclose(loop.crossing_anyhow(e, M, 0.7, e_tol), integral, rtol=1e-8)
    bounded = linear_latency(e, M, 0.7, e_tol, bounded=True)[0]
    assert np.isclose(loop.crossing_bounded(e, M, 0.7, e_tol), bounded, rtol=1e-8)
    assert loop.crossing(e, M, 0.7, 2 * np.linalg.norm(e)) == 0


def test_a_loop_that_is_not_symmetric_may_be_quicker_than_its_eigenvalues():
    M = np.array([[1.0, 6.0], [0.0, 1.2]])
    e = np.linalg.eigh((M + M.T) / 2)[1][:, -1]
    quickest = np.log(1 / 0.9) / 1.2
    assert loop.crossing_anyhow(e, M, 1.0, 0.9) < quickest / 2
    assert loop.crossing_anyhow(e, -np.eye(2), 1.0, 0.9) == np.inf


def test_latencies_of_a_phase_are_those_of_the_loop_if_neurons_are_fast():
    net, x, target = downhill.random_loop(3)
    target = net.predict(x) + 1e-3 * (target - net.predict(x))
    J = np.hstack([J_l[0] for J_l in jacobians(net, x)])
    dt = 1e-3
    control = DeepFeedbackControl(k_p=0, k_i=1, leak=0, dt=dt, tau_v=dt, steps=3000)
    (measured,) = fold(control.teach(net, x, target), InferenceLatency(2e-4))
    e = (target - net.predict(x))[0]
    assert np.isclose(measured[0], loop.crossing(e, J @ J.T, 1.0, 2e-4), rtol=5e-3)


# ---------------------------------------------------------------------- the two ways down


@pytest.mark.parametrize("seed", range(8))
def test_with_gauss_newton_feedback_the_two_gradients_point_one_way(seed):
    """Issue 12: cosine 1 to 1e-6. The gradient is measured by turning every weight."""
    cosines = downhill.measured_cosines(*downhill.random_loop(seed), "gauss-newton")
    assert min(cosines) > 1 - 1e-6


def test_with_the_transpose_they_do_not_in_some_layer_and_may_be_opposed():
    least = [min(downhill.measured_cosines(*downhill.random_loop(seed))) for seed in range(12)]
    assert np.mean(np.array(least) < 0.9) > 0.5
    assert min(least) < 0


@pytest.mark.parametrize("feedback", ["jacobian", "gauss-newton"])
def test_the_closed_form_of_the_gradient_is_what_turning_every_weight_finds(feedback):
    net, x, target = downhill.random_loop(5)
    made = latency_gradient(net, x, target, 1.0, 0.2, feedback).updates.weights
    bp = downhill.backprop_updates(net, x, target).weights
    closed = [downhill.cosine(a, b) for a, b in zip(made, bp, strict=True)]
    assert np.allclose(closed, downhill.measured_cosines(net, x, target, feedback), atol=1e-6)


def test_digits_that_need_no_time_have_no_way_down(small_stage):
    at = small_stage
    angles = downhill.angles_downhill(at.net, at.x[:6], at.wanted[:6], e_tol=100.0)
    assert len(angles) == 0
    assert downhill.angles_downhill(at.net, at.x[:6], at.wanted[:6]).shape == (6, 2)


# ---------------------------------------------------------------------- the bench


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid"])
def test_the_bench_knows_the_network_as_the_engine_does(hidden):
    worlds = loops_of_a_network(Draw(3, (4, 3, 5, 2), hidden, 0.1))
    net = worlds[0]["net"]
    x = np.random.default_rng(0).normal(size=(1, 4))
    output, J = output_and_jacobian(net, net.weights, x[0])
    assert np.allclose(output, net.predict(x)[0])
    assert np.allclose(J, np.hstack([J_l[0] for J_l in jacobians(net, x)]))
    assert [world["where"] for world in worlds] == ["layer 1", "layer 2", "layer 3"]
    for world in worlds:
        assert np.isclose(world["latency_gauss"](world["W"]), loop.crossing(
            world["e_0"], np.eye(2), world["k_i"] / world["tau_u"], world["e_tol"]
        ))  # fmt: skip


def test_one_output_is_of_no_use_to_the_theorem():
    assert loops_of_a_network(Draw(3, (4, 3, 1), "tanh", 0.1)) == []


def test_the_chain_of_the_steps_predicts_the_engine_better_and_better():
    steps = {number: step.reference for number, step in T5.steps.items()}
    off = []
    for strength in (0.1, 0.01):
        worlds = loops_of_a_network(Draw(3, (4, 3, 5, 2), "tanh", strength))
        ((predicted, measured),) = T5.composition.chain(steps, worlds)
        off.append(abs(float(predicted - measured)) / float(measured))
    assert 0.005 < off[1] * 10 < 2 * off[0] < 0.3


# ---------------------------------------------------------------------- pieces in the engine


def test_the_learners_crossing_is_the_engines_but_for_those_that_never_arrive(small_stage):
    at = small_stage
    engine = lesson07.timed(at.net, at.x, at.wanted, "gauss-newton", steps=500)
    mine = lesson07.timed(
        at.net, at.x, at.wanted, "gauss-newton", steps=500, crossing=lesson07.crossing_time
    )
    late = np.isinf(engine.latency)
    assert late.any() and not late.all()
    assert np.allclose(mine.latency[~late], engine.latency[~late])
    assert np.allclose(mine.latency[late], engine.time[-1])


def test_the_learners_feedback_is_the_engines(small_stage):
    at = small_stage
    control = lesson07.WithFeedback(lesson07.gauss_newton, steps=200, **lesson07.LOOP)
    mine = lesson07.timed(at.net, at.x, at.wanted, control)
    engine = lesson07.timed(at.net, at.x, at.wanted, "gauss-newton", steps=200)
    assert np.allclose(mine.size, engine.size, atol=1e-10)


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "relu"])
def test_twins_change_no_output_but_the_loop(hidden):
    rng = np.random.default_rng(2)
    net = Network((5, 7, 6, 4), hidden=hidden, output="linear", dtype="float64", seed=2)
    net.biases = [rng.normal(size=len(b)) for b in net.biases]
    x = rng.normal(size=(9, 5))
    for split in (1.0, 3.0):
        twin = lesson07.with_twins(net, split)
        assert twin.sizes[-2] == 12 and np.allclose(twin.predict(x), net.predict(x))
        last = [jacobians(one, x)[-2] for one in (net, twin)]
        loops = [J @ J.swapaxes(1, 2) for J in last]
        assert np.allclose(loops[1], (1 + split**2) / 2 * loops[0])


def test_the_counterexample_is_quick_and_not_right(small_stage):
    """Issue 12: latency lowered by a stronger loop, error untouched."""
    found = lesson07.waste(small_stage, digits=20)
    assert np.allclose(found.error, found.error[0], rtol=1e-12)
    assert (np.diff(found.latency["jacobian"]) < 0).all()
    assert found.latency["jacobian"][-1] < 0.7 * found.latency["jacobian"][0]


def test_the_spectrum_is_asked_with_the_learners_function(small_stage):
    at = small_stage
    asked = []
    found = lesson07.from_the_spectrum(
        at.net, at.x[:3], at.wanted[:3], lambda *given: asked.append(given) or 0.5
    )
    assert found.tolist() == [0.5] * 3 and len(asked) == 3
    low, high = lesson07.predicted(at.net, at.x[:3], at.wanted[:3])
    exact = lesson07.from_the_spectrum(
        at.net, at.x[:3], at.wanted[:3], lesson07.latency_in_the_eigenbasis
    )
    assert (low <= exact).all() and (exact <= high).all()


# ---------------------------------------------------------------------- the stage


def test_a_seed_draws_digits_and_weights_and_keeps_the_network_of_every_epoch():
    digits = load_digits()
    one, again, other = (lesson07.stage(digits, seed, epochs=1) for seed in (3, 3, 4))
    assert len(one.nets) == 2 and np.array_equal(one.x, again.x)
    assert np.array_equal(one.net.weights[0], again.net.weights[0])
    assert not np.array_equal(one.x, other.x)
    assert not np.array_equal(one.nets[0].weights[0], one.net.weights[0])
    assert not np.array_equal(one.nets[0].weights[0], other.nets[0].weights[0])


def test_within_the_tolerance_the_largest_output_is_the_right_one():
    """The lesson says so: two outputs trade places only if the error is long enough."""
    confidence, wrong = stages.CONFIDENCE, (1 - stages.CONFIDENCE) / 9
    assert (confidence - wrong) / np.sqrt(2) > stages.E_TOL


def test_a_training_that_is_stopped_gives_no_stage(monkeypatch):
    monkeypatch.setattr(stages, "fit", lambda *_, **__: History([], interrupted=True))
    with pytest.raises(KeyboardInterrupt, match="Run the cell again"):
        lesson07.stage(load_digits())


# ---------------------------------------------------------------------- pictures


def test_charts_say_what_they_show():
    first = np.array([0.2, 0.5, 0.9])
    rows = {"jacobian": np.array([0.0, 0.3, 0.5]), "gauss-newton": np.log(first / 0.3)}
    said = label(latencies.draw_against_error(first, rows, 0.3))
    assert "Gauss-Newton: the typical digit takes 1.00 times the logarithm" in said
    angles = {"jacobian": np.full((5, 3), 60.0), "gauss-newton": np.zeros((5, 3))}
    assert "60, 60, 60" in label(latencies.draw_downhill(angles))
    assert "you said 12°" in latencies.draw_downhill(angles, 12.0)
    wasted = Waste((1.0, 4.0), [0.5, 0.5], {"jacobian": [0.3, 0.1], "gauss-newton": [0.6, 0.6]})
    assert "latency 33" in label(latencies.draw_twins(wasted))
    assert "you said 50 %" in latencies.draw_twins(wasted, 50.0)
    assert "differ by 10 percent" in label(
        latencies.draw_predicted(np.array([0.9, 0.9, 0.9]), np.ones(3))
    )


def test_each_of_the_first_attempts_at_a_vectorised_crossing_is_told_what_it_misses():
    """A message about columns was wrong: what failed was an input that never arrives."""
    for at_start in (False, True):
        for first in (0, 1):
            answer = crossing_slips._vectorised(first, at_start)
            with pytest.raises(AssertionError, match="never arrives"):
                check("07.1", answer, grading=True)


@pytest.mark.parametrize("end", [8.0, 30.0])
def test_a_fixed_interval_is_no_solution(end):
    with pytest.raises(AssertionError, match="fixed end"):
        check("07.4", eigenbasis._fixed(end), grading=True)


def test_answers_to_predictions_come_from_the_data():
    latency = np.array([0.0, 0.1, 0.2, 0.6, 0.8])
    speeds = lesson07.Speeds(latency, np.zeros((5, 784)), np.arange(5), np.array([0, 1, 2, 7, 7]))
    assert np.isclose(latencies.slower(speeds), 0.7 / 0.15)
    assert "the one that DH has trained" in latencies.draw_answer(lesson07.central())


def test_each_claim_stands_in_one_place():
    rooms = (ROOT / "hebblite" / "lessons" / "lesson07" / "claims").glob("*.py")
    numbers = [n for room in rooms for n in re.findall(r'"(07\.c\d+)"', room.read_text("utf-8"))]
    assert len(numbers) > 15 and len(set(numbers)) == len(numbers)

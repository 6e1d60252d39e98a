"""Lesson 05: its rule, its ways to break things, and its pictures at the ends of every control."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from conftest import ROOT

from hebblite import Network, Record
from hebblite.analysis import angle, angles, preconditioners
from hebblite.data import load_digits
from hebblite.frameworks import Backprop, DeepFeedbackControl
from hebblite.history import History
from hebblite.lessons import lesson05
from hebblite.lessons.lesson05 import Run
from hebblite.lessons.lesson05.proof import T3, from_the_top
from hebblite.lessons.lesson05.proof.bench import phases
from hebblite.lessons.lesson05.runs import training
from hebblite.rules import Contrastive, DifferentialHebbian, ErrorBased, Gradient
from hebblite.teaching.player import differences
from hebblite.teaching.proofs import Draw, verdict
from hebblite.teaching.proofs.uses import table
from hebblite.teaching.proofs.worlds import Lab


def parse(drawing):
    root = ET.fromstring(drawing)
    assert root.get("role") == "img" and len(root.get("aria-label")) > 30
    return root


def label(drawing):
    return parse(drawing).get("aria-label")


def words(drawing):
    return [node.text for node in parse(drawing).iter() if node.text and node.tag.endswith("text")]


def made_up_runs():
    """A run for each break, with the gaps that real ones have."""
    rng = np.random.default_rng(0)
    runs = {}
    for name, cut in lesson05.BREAKS.items():
        epochs = cut.setting.epochs + 1
        angles_ = rng.uniform(0, 170, (epochs, 4)).tolist()
        if name == "output layer only":
            angles_ = [[np.nan, np.nan, np.nan, 0.0]] * epochs
        runs[name] = Run(rng.uniform(5, 95, epochs).tolist(), angles_, angles_, angles_)
    runs["gain 24"] = Run([10.0], [], words="It diverged.")
    return runs


def hurried_runs():
    """A run for each position of the slider; the last one has settled and nothing is left."""
    return {
        p: Run([9.0, *range(p - 50, p - 45)], [], [], [], [[(100 - p) / 9, 1, 0.1, 500]] * 6)
        for p in lesson05.SETTLED[:-1]
    } | {100: Run([9.0, 80.0, 83.0, 84.0, 85.0, 86.0])}


# ---------------------------------------------------------------------- rules, breaks, runs


def test_the_learners_rule_is_the_engines(small):
    net, x, target = small
    dfc = DeepFeedbackControl(steps=20, block=7)
    mine = lesson05.WithLayerUpdate(lesson05.layer_update)(dfc.teach(net, x, target))
    engine = DifferentialHebbian()(dfc.teach(net, x, target))
    for a, b in zip(mine.weights + mine.biases, engine.weights + engine.biases, strict=True):
        assert np.allclose(a, b, atol=1e-13)


def test_a_hurried_start_adds_the_rest_of_the_way_and_a_settled_one_nothing(small):
    net, x, target = small
    dfc = DeepFeedbackControl(steps=20)
    whole = Contrastive()(dfc.teach(net, x, target))
    settled = Contrastive()(lesson05.Hurried(dfc, 1.0).teach(net, x, target))
    for a, b in zip(whole.weights + whole.biases, settled.weights + settled.biases, strict=True):
        assert np.allclose(a, b, atol=1e-14)
    v, r = net.feedforward(x)
    hurried = DifferentialHebbian()(lesson05.Hurried(dfc, 0.5).teach(net, x, target))
    usual = DifferentialHebbian()(dfc.teach(net, x, target))
    start = net.activations[0].rate(0.5 * v[0])
    assert np.allclose(hurried.biases[0] - usual.biases[0], (r[1] - start).mean(axis=0))
    assert min(angles(hurried, usual)) > 1


def test_a_hurried_start_does_not_touch_the_error_based_rule(small):
    """The lesson says so of every seed: it reads the end of the phase alone."""
    net, x, target = small
    dfc = DeepFeedbackControl(steps=20)
    usual = ErrorBased()(dfc.teach(net, x, target))
    hurried = ErrorBased()(lesson05.Hurried(dfc, 0.5).teach(net, x, target))
    for a, b in zip(usual.weights + usual.biases, hurried.weights + hurried.biases, strict=True):
        assert np.array_equal(a, b)


def test_only_the_output_layer_learns_and_as_backprop_would(small):
    net, x, target = small
    whole = Gradient()(Backprop().teach(net, x, target))
    only = lesson05.OutputLayerOnly()(Backprop().teach(net, x, target))
    assert np.array_equal(only.weights[-1], whole.weights[-1])
    assert not any(part.any() for part in (*only.weights[:-1], *only.biases[:-1]))


def test_the_mean_rule_is_a_scale(small):
    net, x, target = small
    dfc = DeepFeedbackControl(steps=10)
    mean = lesson05.MeanDH(10)(dfc.teach(net, x, target))
    total = DifferentialHebbian()(dfc.teach(net, x, target))
    assert np.allclose(5 * mean.weights[1], total.weights[1])


def test_a_seed_draws_digits_weights_and_feedback_and_probes_are_not_trained_on():
    digits = load_digits()
    one, again, other = (lesson05.start(digits, seed) for seed in (3, 3, 4))
    assert np.array_equal(one.x, again.x) and np.array_equal(
        one.net.weights[0], again.net.weights[0]
    )
    assert not np.array_equal(one.x, other.x)
    assert not np.array_equal(one.net.weights[0], other.net.weights[0])
    assert not (one.x[:, None] == one.probe[None, :8]).all(axis=2).any()
    control = [lesson05.Setting(feedback="random").make(seed)[0] for seed in (3, 4)]
    assert control[0].seed != control[1].seed


def test_a_run_that_breaks_down_says_so_and_keeps_what_was_measured():
    run = lesson05.train(load_digits(), lesson05.Setting(gain=24.0), seed=1)
    assert "flips sign" in run.words and len(run.accuracy) == 1


def test_a_training_that_is_stopped_gives_no_result_and_ends_those_after_it(monkeypatch):
    """A card of the board would else show where it was stopped as if that were the end."""
    monkeypatch.setattr(training, "fit", lambda *_, **__: History([], interrupted=True))
    with pytest.raises(KeyboardInterrupt, match="Run the cell again"):
        lesson05.break_all(load_digits())


def test_hurried_starts_that_are_on_the_board_are_not_trained_again():
    """The card and the picture over all starts then tell the same number."""
    board = made_up_runs()
    found = lesson05.hurry(load_digits(), board, percents=(97, 100))
    assert found == {97: board["hurried start"], 100: board["nothing broken"]}


# ---------------------------------------------------------------------- theorem


@pytest.mark.parametrize("seed", range(5))
def test_references_are_the_engines(seed):
    rng = np.random.default_rng(seed)
    net = Network([6, 5, 7, 4], hidden="sigmoid", output="linear", dtype="float64", seed=seed)
    x, target = rng.normal(size=(1, 6)), rng.normal(size=(1, 4))
    slopes = lesson05.slopes_of(net, x)
    P = lesson05.recursion(net.weights, slopes)
    for mine, engine in zip(P, preconditioners(net, x), strict=True):
        assert np.allclose(mine, engine[0])
    weak = DeepFeedbackControl(k_p=1e-6, k_i=0, leak=0, dt=0.005, steps=120)
    phase = Record()(weak.teach(net, x, target))
    for P_l, a, v in zip(P, phase.apical, phase.voltages, strict=True):
        moved = v[-1, 0] - v[0, 0]
        assert np.linalg.norm(P_l @ a[-1, 0] - moved) < 1e-4 * np.linalg.norm(moved)


@pytest.mark.parametrize("feedback", ["jacobian", "random"])
def test_own_push_and_what_is_handed_up_make_up_the_change_at_every_moment(feedback):
    pushed = lesson05.push(*lesson05.random_case(7), k_p=0.5, feedback=feedback)
    for (own, handed), v in zip(pushed.parts, pushed.phase.voltages, strict=True):
        assert np.allclose(own + handed, v[:, 0] - v[0, 0], atol=1e-13)
    assert not pushed.parts[0][1].any() and pushed.parts[1][1].any()


def test_angles_in_the_picture_are_those_between_the_vectors():
    pushed = lesson05.push(*lesson05.random_case(5))
    for l, stack in enumerate(lesson05.stacks(pushed, len(pushed.phase.time) - 1)):
        drawn = angle(np.array(stack.whole), np.array([0.0, 1.0])) if l else 0.0
        assert np.isclose(drawn, pushed.angles[l], atol=0.1) and np.isclose(
            drawn, stack.angle, atol=0.1
        )
        assert np.allclose(stack.own, (0, 1), atol=1e-3)  # aligned: along backprop


def test_bounds_are_kept_and_the_learners_functions_are_asked():
    net, x, target = lesson05.random_case(3)
    bound, measured = lesson05.bounds_and_angles(net, x, target)
    assert (measured <= bound + 0.05).all() and bound[0, 0] == 0
    doubled, _ = lesson05.bounds_and_angles(
        net, x, target, angle_of=lambda P: 2 * lesson05.largest_angle(P)
    )
    assert np.allclose(doubled, 2 * bound)


def test_relu_keeps_its_bounds_on_rates_and_sigmoid_does_not():
    assert lesson05.broken_bounds(range(4), "relu")[0] == 0
    broken, counted, largest = lesson05.broken_bounds(range(4), "sigmoid")
    assert 0 < broken < counted and largest < 90


# ---------------------------------------------------------------------- pictures


def ticks(drawing):
    """The numbers at the axes of a chart, each with its place."""
    return [
        (node.get("x"), node.get("y"), node.text)
        for node in parse(drawing).iter()
        if node.tag.endswith("text") and re.fullmatch(r"[\d.,−⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", node.text or "")
    ]


def test_pictures_of_sliders_change_with_every_control_and_their_axes_stay():
    hurried = hurried_runs()
    strengths = [lesson05.draw_strength(float(k), n) for k in lesson05.GAINS for n in (1, 6)]
    depths = [lesson05.draw_depth(s, d) for s in (0.2, 1.0, 3.0) for d in range(2, 9)]
    starts = [lesson05.draw_hurry(p, hurried) for p in lesson05.SETTLED]
    for drawings in (strengths, depths, starts):
        assert len(set(drawings)) == len(drawings)
        assert all(ticks(drawing) == ticks(drawings[0]) for drawing in drawings)
    assert "at gain 0.5:" in label(lesson05.draw_strength(0.5))  # on no grid
    assert "With 97 percent" in label(lesson05.draw_hurry(97, hurried))
    assert "nothing in any layer" in label(lesson05.draw_hurry(100, hurried))


def test_the_hero_shows_how_pushes_add_and_does_not_answer_the_predictions():
    hero = lesson05.hero()
    assert {"layer 1", "layer 4", "own push", "handed up from below"} <= set(words(hero))
    assert "°" not in "".join(words(hero)) and "degrees" not in label(hero)
    invisible = re.findall(r' opacity="0(?:\.0*)?"', hero)
    assert "@keyframes" in hero and len(invisible) == 1  # what is handed up to layer 1: nothing


def test_the_film_of_a_push_differs_in_attributes_and_words_only():
    for feedback in ("jacobian", "random"):
        pushed = lesson05.push(*lesson05.random_case(3), feedback=feedback, seed=2)
        film = lesson05.push_film(pushed)
        differences(film["frames"])  # raises where frames have other parts
        assert (
            len(film["frames"]) == len(film["captions"])
            and "degrees from backprop" in film["label"]
        )
        assert "no push yet" in words(film["frames"][0])
    assert "layer 1" in label(lesson05.draw_push(pushed, 4))


def test_the_board_says_what_happened_in_every_case():
    runs = made_up_runs()
    board = lesson05.draw_board(runs, {"short phase": 40.0})
    assert set(lesson05.BREAKS) <= set(words(board)) and "you said 40 %" in words(board)
    assert "stopped" in words(board) and "gain 24 was stopped" in label(board)
    fifth = runs["random feedback"].accuracy[5]  # of 12 epochs: the board shows five
    assert f"random feedback reads {fifth:.0f} percent after epoch 5" in label(board)
    assert "you said" not in " ".join(words(lesson05.draw_board(runs)))


def test_pictures_of_runs_have_text():
    runs = made_up_runs()
    parse(lesson05.draw_learning(runs["nothing broken"]))
    two = {"differential Hebbian": runs["nothing broken"], "error-based": runs["short phase"]}
    parse(lesson05.draw_steps(two))
    adam = {("jacobian", 9e-5): (np.array([9.0, 10.0]), None)}
    assert "10 percent" in label(lesson05.draw_adam(adam))
    long = dict.fromkeys(("DH", "error-based"), runs["random feedback"])
    assert "over 12 epochs" in label(lesson05.draw_patience(long))
    own = lesson05.draw_own(runs["gain 24"], runs["nothing broken"])
    assert "Yours was stopped" in label(own)
    assert "has no point" in label(lesson05.draw_own(Run(words="It broke."), runs["short phase"]))


def test_pictures_of_the_theorem_have_text_and_the_guess():
    bound, measured = np.full((3, 3), 50.0), np.full((3, 3), 20.0)
    measured[0, 1] = 60.0
    assert "Of all 9 angles 8 keep" in label(lesson05.draw_bound(bound, measured))
    assert "you said 12° below" in words(lesson05.draw_bound(bound, measured, 12.0))
    assert "aligned 1e-05" in label(lesson05.draw_errors({"aligned": [1e-5], "random": [1.0]}))
    rows = {"as trained": [8.0, 20.0, 30.0, 40.0]}
    assert "you said" not in words(lesson05.draw_angles(rows))
    guess = {f"layer {l}": 10.0 * l for l in range(1, 5)}
    assert "you said" in words(lesson05.draw_angles(rows, guess))


def test_each_claim_stands_in_one_place():
    """A number that is given twice, in two modules, would hide one of the two measures."""
    rooms = (ROOT / "hebblite" / "lessons" / "lesson05" / "claims").glob("*.py")
    numbers = [n for room in rooms for n in re.findall(r'"(05\.c\d+)"', room.read_text("utf-8"))]
    assert len(numbers) > 30 and len(set(numbers)) == len(numbers)


# ---------------------------------------------------------------------- the proof of T3

NEEDED = {
    "T3.1": {"rest at the start", "rest at the end"},
    "T3.2": {"rest at the start", "rest at the end", "weak"},
    "T3.3": {"aligned"},
    "T3.4": {"aligned"},
    "T3.5": set(),
    "T3.6": {"one input", "rest at the start", "rest at the end", "weak", "aligned"},
}
each_step = pytest.mark.parametrize("step", T3.steps.values(), ids=lambda step: step.number)


@each_step
@pytest.mark.parametrize("seeds", [range(6), range(40, 52)], ids=["seen", "fresh"])
def test_a_step_needs_the_assumptions_that_it_names_and_no_other(step, seeds):
    broken = table(step, Lab(T3, tuple(seeds)))
    assert {name for name, fails in broken.items() if fails} == NEEDED[step.number]
    assert set(step.uses) == NEEDED[step.number]


@each_step
def test_right_sides_hold_and_mistakes_are_told(step):
    assert len(step.right) >= 2 and len(step.wrong) >= 5 and len(step.hints) == 3
    for answer in (step.reference, *step.right):
        assert verdict(step, answer, step.uses).message == ""
    for answer, message in step.wrong:
        told = verdict(step, answer, step.uses)
        assert told.message.startswith(message) and told.specific


@each_step
def test_the_smallest_network_in_which_a_step_fails_is_found(step):
    found = [verdict(step, answer).found for answer, _ in step.wrong]
    if step.number == "T3.5":  # a bound that is true, and not the best, fails nowhere
        sides = [[answer(z) - z @ z for z in vectors()] for answer, _ in step.wrong]
        assert [one is None for one in found] == [max(side) <= 0 for side in sides]
    else:
        assert None not in found
    assert any(one.draw.sizes == (1, 1, 1) for one in found if one is not None)


def vectors():
    """Of one entry and of more, short and long ones."""
    rng = np.random.default_rng(0)
    return [size * rng.normal(size=n) for n in (1, 1, 3, 3) for size in (0.1, 1, 3)]


def test_the_bench_measures_what_the_theorem_speaks_of():
    for seed, hidden in enumerate(("tanh", "sigmoid", "relu")):
        sizes = (4, 5, 3, 2)
        for world in phases(Draw(seed, sizes, hidden, 1e-5)):
            A = world["W"] * world["D_below"]
            assert np.allclose(world["dv"], world["P"] @ world["a"], rtol=1e-3, atol=1e-9)
            assert np.allclose(world["a"], world["k_p"] * world["J"].T @ world["e"], rtol=1e-3)
            assert np.allclose(world["a_below"], A.T @ world["a"], atol=1e-18)
            assert np.linalg.eigvalsh(world["P_below"]).min() > 0
            assert not np.allclose(world["dv_below"], world["P_below"] @ world["a_below"])


@pytest.mark.parametrize("name", T3.assumptions)
def test_each_switch_of_the_bench_changes_the_phase(name):
    whole, broken = (
        phases(Draw(3, (4, 5, 3), "tanh", 0.01, names)) for names in (frozenset(), {name})
    )
    key = "dW" if name == "one input" else "dv"
    assert not np.allclose(whole[0][key], broken[0][key], rtol=1e-3)


def test_the_steps_of_T3_chained_predict_the_engine_at_second_order():
    model = {number: step.reference for number, step in T3.steps.items()}
    slips = {
        "T3.2": lambda a, W, D_below, dv_below: a + W @ dv_below,
        "T3.3": lambda W, D_below, a: W.T @ a,
        "T3.4": lambda a, W, D_below, P_below: a,
    }
    for seed in range(4):
        sizes = (4, 5, 3, 6, 2)
        off = {}
        for k_p in (1e-4, 1e-3):
            worlds = phases(Draw(seed, sizes, "tanh", k_p))
            for slip in ({}, *({n: f} for n, f in slips.items())):
                pairs = from_the_top(model | slip, worlds)
                key = next(iter(slip), "")
                off.setdefault(key, []).append(np.abs(np.subtract(*pairs[-1])).max())
        slopes = {key: np.log10(b / a) for key, (a, b) in off.items()}
        assert 1.9 < slopes.pop("") < 2.1
        assert set(slopes) == set(slips) and max(slopes.values()) < 1.1

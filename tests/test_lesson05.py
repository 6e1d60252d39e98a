"""Lesson 05: its rule, its ways to break things, and its pictures at the ends of every control."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hebblite import Network, Record
from hebblite.analysis import angles, preconditioners
from hebblite.frameworks import Backprop, DeepFeedbackControl
from hebblite.lessons import lesson05
from hebblite.lessons.lesson05 import Run
from hebblite.rules import Contrastive, DifferentialHebbian, Gradient


def parse(drawing):
    root = ET.fromstring(drawing[drawing.index("<svg") :])
    assert root.get("role") == "img" and len(root.get("aria-label")) > 30
    return root


def made_up_runs():
    """A run for each break, with the gaps that real ones have."""
    rng = np.random.default_rng(0)
    runs = {}
    for name in lesson05.BREAKS:
        angles_ = rng.uniform(0, 170, (4, 4)).tolist()
        if name == "output layer only":
            angles_ = [[np.nan, np.nan, np.nan, 0.0]] * 4
        runs[name] = Run(rng.uniform(0, 100, 4).tolist(), angles_, angles_, angles_)
    runs["gain 24"] = Run([10.0], [[80.0] * 4], words="It diverged.")
    runs["gain 8"] = Run([], [], words="It diverged before it was looked at.")
    return runs


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


@pytest.mark.parametrize("seed", range(5))
def test_references_are_the_engines(seed):
    rng = np.random.default_rng(seed)
    net = Network([6, 5, 7, 4], hidden="sigmoid", output="linear", dtype="float64", seed=seed)
    x, target = rng.normal(size=(1, 6)), rng.normal(size=(1, 4))
    rates = net.feedforward(x)[1]
    slopes = [phi.slope(r)[0] for phi, r in zip(net.activations, rates[1:], strict=True)]
    P = lesson05.recursion(net.weights, slopes)
    for mine, engine in zip(P, preconditioners(net, x), strict=True):
        assert np.allclose(mine, engine[0])
    weak = DeepFeedbackControl(k_p=1e-6, k_i=0, leak=0, dt=0.005, steps=120)
    phase = Record()(weak.teach(net, x, target))
    changes = lesson05.down_and_up(net.weights, slopes, phase.apical[-1][-1, 0])
    for change, v in zip(changes, phase.voltages, strict=True):
        moved = v[-1, 0] - v[0, 0]
        assert np.linalg.norm(change - moved) < 1e-4 * np.linalg.norm(moved)


def test_gain_and_depth_pictures_change_with_every_control_at_all_extremes():
    drawings = [lesson05.draw_strength(float(k)) for k in lesson05.GAINS]
    assert len(set(drawings)) == len(drawings)
    drawings = [lesson05.draw_depth(s, d) for s in (0.2, 1.0, 3.0) for d in range(2, 9)]
    assert len(set(drawings)) == len(drawings)
    for drawing in drawings:
        parse(drawing)
    assert "angle to backprop (degrees)" in lesson05.draw_strength(0.01)
    for k in (0.01, 0.5):  # the gain that was asked for, on no grid
        assert f"at gain {k}:" in parse(lesson05.draw_strength(k)).get("aria-label")
    assert "in layer 5" in parse(lesson05.draw_depth(2.0, 8)).get("aria-label")


def test_the_breaks_picture_says_what_happened_in_every_case():
    runs = made_up_runs()
    drawings = {mode: lesson05.draw_break(mode, runs) for mode in lesson05.BREAKS}
    assert len(set(drawings.values())) == len(drawings)
    for mode, drawing in drawings.items():
        assert f"case {mode}" in parse(drawing).get("aria-label")
    assert "It diverged." in drawings["gain 24"]
    assert "none" in parse(drawings["output layer only"]).get("aria-label")


def test_pictures_of_runs_have_text():
    runs = made_up_runs()
    label = parse(
        lesson05.draw_race(
            {"a": [runs["plain Hebb"]] * 2, "backprop": [runs["random feedback"]] * 2}
        )
    ).get("aria-label")
    last = [runs[name].accuracy[-1] for name in ("random feedback", "plain Hebb")]
    assert f"{last[0] - last[1]:.1f} points behind" in label
    parse(lesson05.draw_learning(runs["nothing broken"]))
    several = [runs["nothing broken"], runs["random feedback"]]
    parse(lesson05.draw_steps({"differential Hebbian": several, "error-based": several}))
    drawing = lesson05.draw_adam({("jacobian", 9e-5): (np.array([9.0, 10.0]), None)})
    assert "1 of 1 lines" in drawing[drawing.index("<p>") :]
    parse(drawing[: drawing.index("<p>")])
    gains = np.array([1e-3, 1e-2])
    label = parse(lesson05.draw_order(gains, {"a": gains**2}, "T", "y")).get("aria-label")
    assert "a 2.00" in label
    bound, measured = np.full((3, 2), 50.0), np.array([[10.0, 49.0], [20.0, 60.0], [0.0, 1.0]])
    label = parse(lesson05.draw_bound(bound, measured)).get("aria-label")
    assert "all 6 angles 5 keep" in label

"""Lesson 03: its pictures say what their numbers are, at every setting; its pieces run."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hebblite import SGD, Network, fit
from hebblite.errors import ArgumentError
from hebblite.lessons import lesson03
from hebblite.rules import Contrastive, DifferentialHebbian, ErrorBased
from hebblite.stream import Record, fold


def texts(drawing: str) -> str:
    """All words of a drawing; each of its <svg> must have a text alternative."""
    root = ET.fromstring(f"<div>{drawing}</div>")
    charts = [e for e in root.iter() if e.tag.endswith("svg") and e.get("role") == "img"]
    assert charts and all(len(e.get("aria-label")) > 30 for e in charts)
    return " ".join(e.text for e in root.iter() if e.text)


def test_still_pictures():
    for drawing, words in (
        (lesson03.draw_neuron(), "apical drive a"),
        (lesson03.draw_euler(), "time (ms)"),
        (lesson03.draw_saturation(), "φ′(b) a"),
        (
            lesson03.draw_slopes(np.logspace(-3, -1, 3), {"M": np.logspace(-2, 0, 3)}),
            "M, slope 1.0",
        ),
        (lesson03.draw_accuracies(["x", "y"], {"DH": [0.1, 0.9]}), "test accuracy (%)"),
        (lesson03.draw_weights({"DH": np.ones(784), "Hebb": np.zeros(784)}), "Hebb"),
    ):
        assert words in texts(drawing)


WIDGETS = {
    lesson03.draw_time: {
        "basal": (-4.0, 0.0, 4.0),
        "apical": (-3.0, 0.0, 1.5, 3.0),
        "onset": (5.0, 20.0, 80.0),
        "tau": (2.0, 10.0, 40.0),
        "activation": ("sigmoid", "tanh", "relu", "linear"),
    },
    lesson03.draw_plane: {
        "path": lesson03.PATHS,
        "move": (0.0, 0.8, 1.0),
        "steps": (3, 8, 60),
        "pairing": lesson03.PAIRINGS,
    },
    lesson03.draw_duel: {
        "offset": (-2.0, 0.0, 2.0),
        "drift": (-2.0, 0.0, 2.0),
        "k_p": (0.0, 2.0, 8.0),
    },
}


@pytest.mark.parametrize("draw", WIDGETS, ids=lambda draw: draw.__name__)
def test_every_setting_of_a_widget_has_a_picture_of_its_own(draw):
    names, values = zip(*WIDGETS[draw].items(), strict=True)
    drawings = []
    for setting in itertools.product(*values):
        drawings.append(draw(**dict(zip(names, setting, strict=True))))
    assert len(set(drawings)) == len(drawings)
    for drawing in drawings[:: max(len(drawings) // 12, 1)]:
        assert "nan" not in texts(drawing).lower()


def test_draw_time_running_update_is_the_change_of_rate():
    words = texts(lesson03.draw_time(basal=0.0, apical=1.5, tau=2.0))
    assert f"{lesson03.sigmoid(1.5) - 0.5:.3f}" in words
    assert "0.000" in texts(lesson03.draw_time(basal=-3.0, apical=2.0, activation="relu"))


@pytest.mark.parametrize("path", lesson03.PATHS)
@pytest.mark.parametrize("steps", [3, 17, 60])
def test_areas_in_the_plane(path, steps):
    post, pre = lesson03.trajectories(path, 0.8, steps)
    assert np.allclose([post[0], post[-1], pre[0], pre[-1]], [0.2, 0.6, 0.25, 0.65])
    contrast = post[-1] * pre[-1] - post[0] * pre[0]
    one, exact, early, middle = (sum(lesson03.pair_sums(post, pre, p)) for p in lesson03.PAIRINGS)
    assert np.allclose([exact, middle], contrast, atol=1e-14)
    assert np.isclose(contrast - early, np.diff(post) @ np.diff(pre))
    assert abs(one - contrast) > 0.05 and abs(early - contrast) > 1e-4
    still = lesson03.trajectories(path, 0.0, steps)
    assert np.isclose(sum(lesson03.pair_sums(*still, lesson03.PAIRINGS[0])), 0.4 * 0.25)


def test_unknown_paths_pairings_and_rules_are_named():
    with pytest.raises(ArgumentError, match="zigzag"):
        lesson03.draw_plane(path="zigzag")
    with pytest.raises(ArgumentError, match="other"):
        lesson03.draw_plane(pairing="other")
    with pytest.raises(ArgumentError, match="'compartments', expected one of temporal, comparison"):
        lesson03.duel(None, "compartments")


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 5), st.integers(1, 5))
def test_T1_symmetrised_is_the_contrast_for_any_path(seed, steps, n, m):
    rng = np.random.default_rng(seed)
    post, pre = rng.normal(size=(steps + 1, n)), rng.normal(size=(steps + 1, m))
    contrast = np.outer(post[-1], pre[-1]) - np.outer(post[0], pre[0])
    assert np.allclose(lesson03.symmetric_dh(post, pre), contrast, atol=1e-12)


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu", "linear"])
def test_the_apical_teacher_is_a_framework_for_every_rule(hidden):
    rng = np.random.default_rng(2)
    net = Network([5, 3], hidden=hidden, output="same", dtype="float64", seed=1)
    x, target = rng.random((4, 5)), rng.uniform(0.1, 0.9, (4, 3))
    states = lesson03.ApicalTeacher(k_p=1.0, steps=30).teach(net, x, target)
    folds = Record(), DifferentialHebbian(), ErrorBased(), Contrastive()
    path, dh, compared, contrast = fold(states, *folds)
    assert path.rates[1].shape == (31, 4, 3) and np.isclose(path.time[-1], 0.060)
    assert np.allclose(path.rates[1][0], net.predict(x))
    for other in (compared, contrast):  # one layer: constant pre, so all are one
        assert np.allclose(dh.weights[0], other.weights[0], atol=1e-14)
    if hidden == "linear":
        assert np.allclose(
            path.rates[1][-1] - path.rates[1][0], 0.5 * path.error[0], rtol=1e-3
        )  # k_p / (1 + k_p), but for what is left after 60 ms


def test_the_apical_teacher_lowers_the_loss_and_takes_one_layer_only():
    rng = np.random.default_rng(4)
    x, target = rng.random((40, 6)), rng.uniform(0.2, 0.8, (40, 2))
    net = Network([6, 2], hidden="sigmoid", output="same", seed=3)
    before = net.loss(x, target)
    settings = {"optimizer": SGD(1.0), "epochs": 5, "batch_size": 10, "progress": False}
    fit(net, lesson03.ApicalTeacher(), DifferentialHebbian(), x, target, **settings)
    assert net.loss(x, target) < 0.9 * before
    deep = Network([6, 4, 2])
    with pytest.raises(ArgumentError, match="2 layers"):
        next(lesson03.ApicalTeacher().teach(deep, x, target))


def test_each_trouble_fools_one_rule_alone():
    b, target = np.array([[-0.5]]), np.array([[0.9]])

    def read(k_p, offset=0.0, drift=0.0):
        r, basal = lesson03.look(b, target, k_p, offset, drift, steps=600)
        return r[-1].item() - r[0].item(), (r[-1] - lesson03.sigmoid(basal)).item()

    assert read(0.0) == pytest.approx((0, 0), abs=1e-15)
    temporal, compared = read(0.0, offset=1.0)
    assert abs(temporal) < 1e-12 and compared > 0.2
    temporal, compared = read(0.0, drift=1.0)
    assert temporal > 0.2 and abs(compared) < 0.01


@pytest.mark.parametrize(("rule", "trouble"), [("comparison", "offset"), ("temporal", "drift")])
def test_a_wrong_target_outside_the_range_of_rates_is_never_reached(rule, trouble):
    def late_change(target, k_p):
        """How far b still moves in the second half of 800 updates."""
        b = np.zeros((1, 1))
        seen = []
        for _ in range(800):
            r, basal = lesson03.look(b, target, k_p, **{trouble: 0.3})
            b = b + 2.0 * (r[-1] - (r[0] if rule == "temporal" else lesson03.sigmoid(basal)))
            seen.append(b.item())
        return abs(seen[-1] - seen[399])

    assert late_change(0.5, 1.0) < 1e-6  # 0.5 + 0.3 is a rate
    assert late_change(1.0, 1.0) > 0.3  # 1 + 0.3 is none: b runs away

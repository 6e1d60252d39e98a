"""Lesson 04: its pictures change with every control, and its tools agree with the engine."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hebblite import Network
from hebblite.analysis import angle, loop_spectrum
from hebblite.data import load_digits
from hebblite.errors import ArgumentError
from hebblite.frameworks import DeepFeedbackControl
from hebblite.lessons import lesson04
from hebblite.stream import Record


def parse(drawing):
    """The first <svg> of a drawing, which must have a text alternative with numbers in it."""
    root = ET.fromstring(drawing[drawing.index("<svg") :])
    label = root.get("aria-label")
    assert root.get("role") == "img" and len(label) > 30 and re.search(r"\d", label)
    assert "nan" not in drawing
    return root


def words(root):
    return " ".join(t.text for t in root.iter() if t.text)


def all_differ(drawings):
    assert len(set(drawings)) == len(drawings)
    for drawing in drawings:
        parse(drawing)


def plant(k_p, k_i, leak):
    time, e = np.linspace(0, 1, 50), np.exp(-(1 + k_p) * np.linspace(0, 1, 50))
    return lesson04.draw_plant(time, e, k_i * time, k_p, k_i, leak)


def test_the_thermostat_names_the_state_of_rest():
    all_differ([plant(k_p, k_i, a) for k_p in (0.0, 10.0) for k_i in (0.0, 10.0) for a in (0.0, 1)])
    assert "At rest: 0.2000" in plant(4.0, 0.0, 0.0)  # e0 / (1 + k_p)
    assert "At rest: 0.0000" in plant(4.0, 1.0, 0.0)
    nearly = lesson04.draw_plant(np.arange(2.0), np.array([1, -1e-9]), np.zeros(2), 1.0, 1.0, 0.0)
    assert "0.0000" in nearly and "-0.0" not in nearly
    assert "At rest: 0.2000" in plant(4.0, 2.0, 0.5)  # leak / (leak + k_i), whatever k_p


def test_turned_feedback_has_its_angle_and_its_size():
    rotation = lesson04.Rotation(3)
    for degrees in (0, 30, 90, 120):
        Q = np.concatenate(rotation.at(degrees))
        assert np.isclose(angle(Q, rotation.aligned), degrees)
        assert np.isclose(np.linalg.norm(Q), np.linalg.norm(rotation.aligned))
        ours = np.sort(rotation.spectrum(degrees).real)
        engine = loop_spectrum(rotation.net, rotation.x, rotation.at(degrees))[0]
        assert np.allclose(ours, np.sort(engine.real))


def test_the_rotation_picture_changes_with_every_control():
    drawings = [
        lesson04.draw_rotation(lesson04.Rotation(seed), degrees)
        for seed in (0, 5)
        for degrees in (0, 5, 60, 115, 120)
    ]
    all_differ(drawings)
    assert "it settles" in drawings[0] and "it leaves" in drawings[4]
    for label in ("real part (no unit)", "imaginary part (no unit)", "time (s)"):
        assert label in words(parse(drawings[0]))


@pytest.fixture(scope="module")
def stage():
    net = Network([784, 16, 12, 10], hidden="tanh", dtype="float64", seed=2)
    learned = DeepFeedbackControl("learned")
    digits = load_digits()
    learned.learn_feedback(net, digits.x_train, rounds=20)
    return net, digits, learned.Q


def test_the_dynamics_picture_changes_with_every_control_at_all_extremes(stage):
    drawings = [
        lesson04.draw_dynamics(*stage, number, feedback, k_p, k_i, dt)
        for number in (0, 99)
        for feedback in lesson04.FEEDBACK
        for k_p, k_i, dt in ((0, 0, 1), (30, 0, 1), (0, 100, 1), (30, 100, 10), (2, 1, 10))
        if (k_p, k_i) != (0, 0) or "random" in feedback  # without gains no feedback arrives
    ]
    all_differ(drawings)
    assert any("flips" in d for d in drawings) and any("The error shrinks" in d for d in drawings)
    stopped = ["⚠ Deep Feedback Control" in d for d in drawings]
    assert any(stopped) and stopped == ["when the engine stopped" in d for d in drawings]


def test_the_words_of_the_dynamics_picture_are_true(stage):
    def ends(**changes):
        values = {"number": 8, "feedback": lesson04.FEEDBACK[0], "k_p": 2.0, "k_i": 1.0, "dt_ms": 1}
        drawing = lesson04.draw_dynamics(*stage, **(values | changes))
        before, after = re.search(r"\|e\|: ([\d.]+) → ([\d.]+\d)", drawing).groups()
        return float(before), float(after), drawing

    before, after, drawing = ends()
    assert after < before and "shrinks" in drawing
    before, after, drawing = ends(feedback=lesson04.FEEDBACK[-1])
    assert after > before and "not smaller" in drawing and "still grows" not in drawing
    assert "still grows" in ends(feedback=lesson04.FEEDBACK[-1], k_p=0.2)[2]
    assert "flips" in ends(k_p=30.0, dt_ms=10.0)[2]


def test_every_kind_of_feedback_is_what_it_is_called(stage):
    net, digits, learned = stage
    x = digits.x_test[:1].astype("float64")
    J, Q = lesson04.feedback_weights("transposed Jacobian", net, x, 3, learned)
    assert all(np.array_equal(q, j.T) for q, j in zip(Q, J, strict=True))
    _, flipped = lesson04.feedback_weights(lesson04.FEEDBACK[-1], net, x, 3, learned)
    sign = np.where(np.arange(10) == 3, -1, 1)
    assert all(np.array_equal(f, q * sign) for f, q in zip(flipped, Q, strict=True))
    _, weights = lesson04.feedback_weights("transposed weights", net, x, 3, learned)
    assert np.allclose(weights[0], net.weights[1].T @ net.weights[2].T)
    assert lesson04.feedback_weights("learned from noise", net, x, 3, learned)[1] is learned
    _, noise = lesson04.feedback_weights("random in all layers", net, x, 3, learned)
    assert all(
        np.isclose(np.linalg.norm(n), np.linalg.norm(q)) for n, q in zip(noise, Q, strict=True)
    )


def test_an_unknown_kind_of_feedback_is_named(stage):
    net, digits, learned = stage
    with pytest.raises(ArgumentError, match="'fixed', expected one of transposed Jacobian, "):
        lesson04.feedback_weights("fixed", net, digits.x_test[:1], 3, learned)


def test_a_phase_that_diverges_is_kept_as_far_as_it_got():
    net = Network([5, 3], output="linear", dtype="float64", seed=0)
    x, target = np.ones((1, 5)), np.ones((1, 3))
    dfc = DeepFeedbackControl(k_p=40.0, steps=200, block=4)
    phase, message = lesson04.watch(dfc, net, x, target)
    assert "diverged in layer 1" in message and 4 <= phase.steps < 200
    whole, silence = lesson04.watch(DeepFeedbackControl(steps=20), net, x, target)
    assert silence == "" and whole.steps == 20


def test_the_still_pictures_say_what_the_data_say(small):
    net, x, target = small
    phase = Record()(DeepFeedbackControl(steps=20).teach(net, x, target))
    assert f"layer {net.depth}" in words(parse(lesson04.draw_teaching(phase, 7)))
    rates = np.array([1.0, 2.0, 4.0])
    label = parse(lesson04.draw_rates(rates, {"a": 1.1 * rates, "b": 2 * rates}, "x", "y"))
    assert "a, at most 10.0 percent" in label.get("aria-label")
    assert "b, at most 100.0 percent" in label.get("aria-label")
    angles = np.array([[90.0, 80.0], [20.0, 10.0]])
    label = parse(lesson04.draw_learning(np.array([0, 25]), angles)).get("aria-label")
    assert "layer 1 from 90 to 20" in label
    spectra = {"good": np.array([1 + 1j, 1 - 1j]), "bad": np.array([-2.0 + 0j])}
    assert "bad: real parts from -2.00" in parse(lesson04.draw_spectra(spectra)).get("aria-label")
    label = parse(lesson04.draw_errors(np.arange(2.0), {"up": np.array([1.0, 8.0])}))
    assert "up ends at 8" in label.get("aria-label")

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
from hebblite.lessons.lesson04.pictures import diagram, phase, spectra
from hebblite.stream import Record
from hebblite.teaching.exercises import find


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


# ---------------------------------------------------------------------- the loop


def test_the_loop_goes_round_and_its_labels_keep_apart():
    film = lesson04.hero()
    label = parse(film).get("aria-label")
    assert "settles" in label and "runs away" in label
    for part in ("target", "controller", "layer 1", "layer 3", "prediction", "Q₂", "a₂"):
        assert part in words(parse(film))
    assert "@keyframes" in film and "prefers-reduced-motion" in film
    drawn = diagram.loop("A loop whose error is large, with all of its parts in their places")
    assert drawn.drawing.clashes() == []
    assert drawn.back()[-1] == drawn.comparator.south and drawn.down(2)[0] == drawn.controller.east


def test_wires_and_layers_show_how_large_things_are():
    def widths(**sizes):
        svg = diagram.loop("A loop whose parts are drawn as large as told", **sizes).drawing.svg()
        return re.findall(r'stroke-width="([\d.]+)"', svg), re.findall(r'fill-opacity="(.*?)"', svg)

    calm, wild = widths(error=0.0, control=0.0), widths(error=1.0, control=1.0)
    assert calm[0] != wild[0] and max(map(float, wild[0])) > max(map(float, calm[0]))
    assert widths(moved=(0, 0, 0))[1] != widths(moved=(0, 0, 1))[1]


# ---------------------------------------------------------------------- the thermostat


def plant(k_p, k_i, leak):
    errors = lesson04.thermostat(find("04.1"), k_p, k_i, leak)
    start = lesson04.thermostat(find("04.1"), 2.0, 1.0)[0]
    return lesson04.draw_plant(*errors, k_p, k_i, leak, start)


def test_the_thermostat_names_the_state_of_rest():
    all_differ([plant(k_p, k_i, a) for k_p in (0.0, 10.0) for k_i in (0.0, 10.0) for a in (0.0, 1)])
    assert "At rest: 0.2000" in plant(4.0, 0.0, 0.0)  # e0 / (1 + k_p)
    assert "At rest: 0.0000" in plant(4.0, 1.0, 0.0)
    assert "At rest: 0.2000" in plant(4.0, 2.0, 0.5)  # leak / (leak + k_i), whatever k_p
    assert "after falling below zero" in plant(0.0, 8.0, 0.0)


def test_the_axes_of_the_thermostat_hold_its_curves():
    """All errors; and the parts of u where a leak is not stronger than the integral itself."""
    for k_p in (0.0, 5.0, 10.0):
        for k_i in (0.0, 1.0, 10.0):
            for leak in (0.0, 0.2, 1.0):
                e, u_int = lesson04.thermostat(find("04.1"), k_p, k_i, leak)
                assert e.min() > -0.65 and e.max() <= 1.05
                if leak < k_i:
                    parts = np.concatenate([k_p * e[1:], u_int])
                    assert parts.min() > -2.0 and parts.max() < 5.2


@pytest.mark.parametrize("k_p", [0.5, 2.0, 8.0])
@pytest.mark.parametrize("leak", [0.0, 0.2, 1.0])
def test_the_thermostat_comes_to_the_rest_that_the_text_derives(k_p, leak):
    e, _ = lesson04.thermostat(find("04.1"), k_p, k_i=2.0, leak=leak, steps=10_000)
    assert abs(e[-1] - lesson04.at_rest(k_p, 2.0, leak)) < 1e-6
    e, _ = lesson04.thermostat(lesson04.proportional, k_p, k_i=2.0, steps=10_000)
    assert abs(e[-1] - lesson04.at_rest(k_p, 0.0, 0.0)) < 1e-6 and e[-1] > 0.1  # no memory


def test_the_loop_oscillates_from_the_border_on_that_the_answer_gives():
    assert lesson04.border(0.0) == pytest.approx(1.25)
    assert lesson04.thermostat(find("04.1"), 0.0, 1.1, steps=2_000)[0].min() > 0
    assert lesson04.thermostat(find("04.1"), 0.0, 2.0)[0].min() < -0.01

    def slow(k_p):  # steps until 5 % are left: more gain, later
        return int(np.argmax(lesson04.thermostat(find("04.1"), k_p, 1.0)[0] < 0.05))

    assert slow(4.0) > slow(2.0) > 0


def test_gains_and_the_guess_are_drawn():
    errors = {k_p: lesson04.thermostat(lesson04.proportional, k_p)[0] for k_p in (1.0, 4.0)}
    without, guessed = lesson04.draw_gains(errors), lesson04.draw_gains(errors, 30.0)
    assert "you said 30 %" in words(parse(guessed)) and "you said" not in words(parse(without))
    assert "0.20 for k_p = 4" in parse(without).get("aria-label")


# ---------------------------------------------------------------------- small networks


def test_turned_feedback_has_its_angle_and_its_size():
    rotation = lesson04.Rotation(3)
    for degrees in (0, 30, 90, 120):
        Q = np.concatenate(rotation.at(degrees))
        assert np.isclose(angle(Q, rotation.good), degrees)
        assert np.isclose(np.linalg.norm(Q), np.linalg.norm(rotation.good))
        ours = np.sort(rotation.spectrum(rotation.at(degrees)).real)
        engine = loop_spectrum(rotation.net, rotation.x, rotation.at(degrees))[0]
        assert np.allclose(ours, np.sort(engine.real))
        total = np.cos(np.radians(degrees)) * np.sum(rotation.good**2)  # the trace
        assert np.isclose(ours.sum(), total, atol=1e-9)


def test_a_push_moves_the_output_by_JQu_to_first_order():
    toy = lesson04.Toy(5)
    Q, u = toy.random(), toy.rng.normal(size=4)
    gaps = []
    for size in (2e-3, 1e-3):
        r = toy.x
        for W, phi, q in zip(toy.net.weights, toy.net.activations, Q, strict=True):
            r = phi.rate(r @ W.T + size * q @ u)  # biases are zero
        gaps.append(np.linalg.norm(r - toy.net.predict(toy.x) - size * toy.loop(Q) @ u))
    assert 3.5 < gaps[0] / gaps[1] < 4.5  # half the push, a quarter of the gap


def test_the_rotation_picture_changes_with_every_control_and_its_axes_stay():
    drawings = [
        lesson04.draw_rotation(lesson04.Rotation(seed), degrees)
        for seed in (0, 5)
        for degrees in (0, 5, 60, 115, 120)
    ]
    all_differ(drawings)
    assert "it settles" in drawings[0] and "it leaves" in drawings[4]
    for seed in range(6):  # the networks of the widget
        rotation = lesson04.Rotation(seed)
        for degrees in range(0, 121, 20):
            values = rotation.spectrum(rotation.at(degrees))
            assert spectra.REAL[0] < values.real.min() and values.real.max() < spectra.REAL[1]
            assert np.abs(values.imag).max() < spectra.IMAGINARY[1]


def test_one_sign_is_turned_from_frame_to_frame():
    frames, captions = spectra.flip_frames(lesson04.Toy(2), [1.0, 0.5, -1.0])
    all_differ(frames)
    assert captions[0].startswith("u₃ times 1.00: 0 eigenvalues of 4")
    assert captions[-1].startswith("u₃ times −1.00: 1 eigenvalue of 4")
    tags = [[node.tag for node in ET.fromstring(frame).iter()] for frame in frames]
    assert tags[0] == tags[1] == tags[2]  # so that the player sends only what differs
    assert "ns0:" not in frames[0]
    film = lesson04.play_flip(lesson04.Toy(2)).film
    assert film["count"] == 41 and film["seconds"] < 10 and "changes" in film


def test_rates_and_breaks_say_what_the_data_say():
    small = [(np.array([1.0, 2.0]), np.array([1.01, 2.0]))]
    large = [(np.array([1.0, 2.0]), np.array([1.5, 2.0]))]
    label = parse(lesson04.draw_rates(small, large)).get("aria-label")
    assert "small errors, at most 1.0 percent" in label
    assert "large errors, at most 50.0 percent" in label
    label = parse(lesson04.draw_breaks({"2 outputs": [80.0, 90.0], "9 outputs": [50.0, 70.0]}))
    assert "9 outputs: from 50 to 70, median 60" in label.get("aria-label")


def test_the_asides_simulate_what_they_say():
    values, share, rate = lesson04.two_stages(lesson04.Toy(3))
    assert np.allclose(share, 1 / (1 + 2 * values), rtol=0.03)
    assert np.allclose(rate, values / (1 + 2 * values), rtol=0.03)
    assert not np.allclose(rate, values, rtol=0.3)  # k_p cannot be left out
    toy = lesson04.Toy(1)
    pushes = {name: lesson04.push_of(toy, Q) for name, Q in lesson04.four_kinds(toy).items()}
    answers = [(settles, right) for settles, right, _, _ in pushes.values()]
    assert answers == [(True, True), (False, True), (True, False), (False, False)]
    assert np.isclose(pushes["transposed Jacobian, mixed by A"][2], 1.0)
    assert pushes["random, but right at the output"][2] > 1.2


# ---------------------------------------------------------------------- the learner's loop


def engine_step(s):
    """One step, as the lesson writes it, from the references."""
    settings = (s.k_p, s.k_i, s.leak, s.dt, s.tau_u)
    s.u, s.u_int = find("04.1")(s.e, s.u, s.u_int, *settings)
    s.a = find("04.2")(s.u, s.weights, s.slopes)
    for l in range(s.depth):
        s.b[l] = s.r[l] @ s.weights[l].T + s.biases[l]
        s.v[l] = s.v[l] + s.dt / s.tau * (-s.v[l] + s.b[l] + s.a[l])
        s.r[l + 1] = s.phi[l].rate(s.v[l])
    s.e = s.target - s.predict(s.r[-1])


def test_a_loop_of_steps_is_the_engines(small):
    net, x, target = small
    mine = Record()(lesson04.Control(engine_step, steps=40).teach(net, x, target))
    engine = Record()(DeepFeedbackControl(steps=40).teach(net, x, target))
    for part in ("rates", "voltages", "apical"):
        for ours, theirs in zip(getattr(mine, part), getattr(engine, part), strict=True):
            assert np.abs(ours - theirs).max() < 1e-9
    assert np.allclose(mine.error, engine.error) and np.allclose(mine.time, engine.time)


def test_the_player_of_a_phase_shows_each_layer(small):
    net, x, target = small
    recorded = Record()(DeepFeedbackControl(steps=30).teach(net, x, target))
    frames, captions = phase.phase_frames(recorded, 7, count=12)
    all_differ(frames)
    assert captions[0].startswith("After 0 ms 100 % of the error") and len(frames) == len(captions)
    assert "digit 7" in parse(frames[0]).get("aria-label")


# ---------------------------------------------------------------------- digits


@pytest.fixture(scope="module")
def stage():
    net = Network([784, 16, 12, 10], hidden="tanh", dtype="float64", seed=2)
    digits = load_digits()
    learned, rounds, angles = lesson04.learn_from_noise(net, digits, rounds=20, every=10)
    assert rounds.tolist() == [0, 10, 20] and angles.shape == (3, 3)
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


def test_kinds_of_feedback_are_compared_and_drawn(stage):
    net, digits, Q = stage
    learned = DeepFeedbackControl("learned")
    learned.Q = Q
    x, target = lesson04.some_digits(digits, range(16))
    found = lesson04.compare_kinds(net, x, target, learned, draws=2)
    assert len(found["random"]) == 2 and found["jacobian"][0][0] == 100
    label = parse(lesson04.draw_kinds(found, 60.0)).get("aria-label")
    assert "random: 2 draws" in label and "jacobian: settles for 100 percent" in label
    assert "you said 60°" in words(parse(lesson04.draw_kinds(found, 60.0)))


def test_errors_of_a_softmax_never_take_its_blind_direction(stage):
    net, digits, _ = stage
    x, _ = lesson04.some_digits(digits, range(5))
    C = lesson04.softmax_slopes(net, x)
    assert np.abs(C.sum(axis=1)).max() < 1e-15 and np.allclose(C, C.swapaxes(1, 2))
    assert lesson04.share_settled(net, x, None) == 100


def test_a_phase_that_diverges_is_kept_as_far_as_it_got():
    net = Network([5, 3], output="linear", dtype="float64", seed=0)
    x, target = np.ones((1, 5)), np.ones((1, 3))
    for block in (4, None):  # None: the first block is the whole phase
        dfc = DeepFeedbackControl(k_p=40.0, steps=200, block=block)
        recorded, message = lesson04.watch(dfc, net, x, target)
        assert "diverged in layer 1" in message and 1 <= recorded.steps < 200
    whole, silence = lesson04.watch(DeepFeedbackControl(steps=20), net, x, target)
    assert silence == "" and whole.steps == 20


def test_learning_says_where_it_began_and_ended():
    angles = np.array([[90.0, 80.0], [20.0, 10.0]])
    label = parse(lesson04.draw_learning(np.array([0, 25]), angles)).get("aria-label")
    assert "layer 1 from 90 to 20" in label

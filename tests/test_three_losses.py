"""The gradients of T4 and T5, the losses of one network together, and courses at equal error."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hebblite import Network
from hebblite.analysis import backprop_updates, cosine, loops
from hebblite.cli import main
from hebblite.errors import ArgumentError
from hebblite.experiments import three_losses
from hebblite.losses import (
    Course,
    all_losses,
    latency_gradient,
    least_control,
    least_control_of_small_errors,
    linear_latency,
    stored_courses,
)
from hebblite.losses.courses import as_json, common_levels, from_json, pairs, ratio

SMOOTH = st.sampled_from(["tanh", "sigmoid"])


def drawn(seed: int, hidden: str, output: str = "linear", batch: int = 1):
    """A network in float64 with targets that its output can reach."""
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(2, 7, size=rng.integers(3, 5))]
    net = Network(sizes, hidden=hidden, output=output, dtype="float64", seed=seed)
    x = rng.normal(size=(batch, sizes[0]))
    return net, x, net.predict(x) + 0.2 * rng.normal(size=(batch, sizes[-1]))


def differences(net, value, step=1e-5):
    """d value() / d W_l by central differences of the fourth order, for each layer."""
    found = []
    for W in net.weights:
        slope = np.zeros_like(W)
        for i in np.ndindex(W.shape):
            old, at = W[i], {}
            for far in (-2, -1, 1, 2):
                W[i] = old + far * step
                at[far] = value()
            W[i] = old
            slope[i] = (8 * (at[1] - at[-1]) - (at[2] - at[-2])) / (12 * step)
        found.append(slope)
    return found


def relative(a, b):
    """The largest difference between two updates, layer by layer, over the largest entry."""
    top = max(float(np.abs(b_l).max()) for b_l in b)
    return max(float(np.abs(a_l - b_l).max()) for a_l, b_l in zip(a, b, strict=True)) / top


# ---------------------------------------------------------------------- T4


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("hidden", ["tanh", "sigmoid"])
def test_T4_the_gradient_of_the_least_push_is_apical_times_pre_to_1e_7(seed, hidden):
    net, x, target = drawn(seed, hidden, batch=2)
    least = least_control(net, x, target, tolerance=1e-13)
    slopes = differences(net, lambda: least_control(net, x, target, 1e-13).H.mean(), 1e-4)
    assert relative([-s for s in slopes], least.updates.weights) < 1e-7


def test_T4_the_gradient_of_the_least_push_of_a_relu_where_no_neuron_rests_on_its_kink():
    met = 0
    for seed in range(5):
        net, x, target = drawn(seed, "relu")
        least = least_control(net, x, target, tolerance=1e-13)
        b, v, pre = [], [], x
        for W, beta, phi, a in zip(
            net.weights, net.biases, net.activations, least.apical, strict=True
        ):
            b.append(pre @ W.T + beta)
            v.append(b[-1] + a)
            pre = phi.rate(v[-1])
        if min(np.abs(v_l).min() for v_l in v[:-1]) < 0.01:
            continue
        met += 1
        slopes = differences(net, lambda c=(net, x, target): least_control(*c, 1e-13).H[0], 1e-5)
        assert relative([-s for s in slopes], least.updates.weights) < 1e-6
    assert met >= 2


# ---------------------------------------------------------------------- T5


def reachable(seed, hidden, output, batch=1):
    """As ``drawn``, with an output that is linear, or has the activation of the hidden layers."""
    net, x, target = drawn(seed, hidden, batch=batch)
    if output == "same":
        way = target - net.predict(x)
        net = Network(net.sizes, hidden=hidden, output="same", dtype="float64", seed=seed)
        target = np.clip(net.predict(x) + way, 0.05, 0.95)
    return net, x, target


@settings(max_examples=30)
@given(st.integers(0, 300), SMOOTH, st.sampled_from(["linear", "same"]), st.floats(0.05, 0.9))
def test_T5_the_gradient_of_latency_in_closed_form_is_that_by_differences(
    seed, hidden, output, share
):
    net, x, target = reachable(seed, hidden, output, batch=2)
    delta = share * np.linalg.norm(target - net.predict(x), axis=1).min()
    found = latency_gradient(net, x, target, 2.0, delta).updates
    rng, start = np.random.default_rng(seed), [W.copy() for W in net.weights]
    way = [rng.normal(size=W.shape) for W in start]

    def latency(far):
        """After a step along a random direction of all weights."""
        net.weights = [W + far * 1e-4 * d for W, d in zip(start, way, strict=True)]
        return linear_latency(target - net.predict(x), loops(net, x), 2.0, delta).mean()

    slope = (8 * (latency(1) - latency(-1)) - (latency(2) - latency(-2))) / 12e-4
    told = -sum(np.vdot(G, d) for G, d in zip(found.weights, way, strict=True))
    size = np.sqrt(sum(np.sum(G**2) for G in found.weights))
    assert told == pytest.approx(slope, abs=1e-6 * size)


def test_T5_the_gradient_by_the_biases_too_and_for_relu():
    net, x, target = drawn(11, "relu", batch=3)
    found = latency_gradient(net, x, target, 1.0, 0.02).updates
    for beta, update in zip(net.biases, found.biases, strict=True):
        for i in range(len(beta)):
            ends, old = [], beta[i]
            for beta[i] in (old + 1e-6, old - 1e-6):
                ends.append(latency_gradient(net, x, target, 1.0, 0.02).latency.mean())
            beta[i] = old
            assert -(ends[0] - ends[1]) / 2e-6 == pytest.approx(update[i], rel=1e-4, abs=1e-6)


@given(st.integers(0, 300), SMOOTH, st.sampled_from(["linear", "same"]))
def test_T5_with_gauss_newton_feedback_latency_and_error_have_one_gradient(seed, hidden, output):
    net, x, target = reachable(seed, hidden, output)
    delta = 0.3 * np.linalg.norm(target - net.predict(x))
    found = latency_gradient(net, x, target, 3.0, delta, "gauss-newton")
    for W, G in zip(found.updates.weights, backprop_updates(net, x, target).weights, strict=True):
        assert cosine(W, G) > 1 - 1e-6
    assert not any(W.any() for W in found.through_gain.weights)
    assert found.latency == pytest.approx(np.log(1 / 0.3) / 3.0)


@given(st.integers(0, 300), SMOOTH)
def test_T5_the_part_through_the_gain_vanishes_as_the_error_comes_down_to_delta(seed, hidden):
    net, x, target = drawn(seed, hidden)
    size = np.linalg.norm(target - net.predict(x))
    shares = []
    for share in (0.5, 0.99, 0.9999):
        g = latency_gradient(net, x, target, 1.0, share * size)
        sizes = [
            np.sqrt(sum(np.sum(W**2) for W in part.weights))
            for part in (g.through_gain, g.through_error)
        ]
        shares.append(sizes[0] / sizes[1])
    assert shares[2] < 1e-3 * max(1, shares[0]) and shares[2] < shares[1]


def test_T5_a_network_can_be_quicker_by_a_larger_gain_with_its_error_untouched():
    """Weights of layer 2 times 3, with biases that keep every output where it was."""
    net = Network([8, 12, 12, 3], output="linear", dtype="float64", seed=5)
    x = np.random.default_rng(5).normal(size=(1, 8))
    target = net.predict(x) + 1.0
    strong = net.copy()
    r = net.feedforward(x)[1]
    strong.weights[1] = 3 * net.weights[1]
    strong.biases[1] = net.biases[1] - 2 * (r[1] @ net.weights[1].T)[0]
    assert np.allclose(strong.predict(x), net.predict(x))
    slow, quick = (latency_gradient(n, x, target, 1.0, 0.01).latency[0] for n in (net, strong))
    assert quick < 0.7 * slow


def test_an_input_that_is_right_from_the_start_has_no_gradient_of_latency():
    net, x, target = drawn(2, "tanh")
    found = latency_gradient(net, x, target, 1.0, 10.0)
    assert found.latency.tolist() == [0]
    assert not any(W.any() for W in found.updates.weights)


def test_what_the_gradient_of_latency_cannot_use():
    net = Network([3, 4, 2], seed=0)
    with pytest.raises(ArgumentError, match=r"net\.output: got 'softmax'"):
        latency_gradient(net, np.ones((1, 3)), np.ones((1, 2)) / 2, 1, 0.1)
    with pytest.raises(ArgumentError, match="feedback: got 'random'"):
        latency_gradient(net, np.ones((1, 3)), np.ones((1, 2)) / 2, 1, 0.1, "random")


# ---------------------------------------------------------------------- all losses of one network


def test_all_losses_of_one_network():
    net, x, target = drawn(3, "tanh", batch=4)
    found = all_losses(net.astype("float32"), x, target, delta=0.05)
    e = np.linalg.norm(target - net.predict(x), axis=1)
    assert np.allclose(found.error, e, atol=1e-5) and np.allclose(found.way, e, atol=1e-5)
    assert np.allclose(found.least, least_control(net, x, target).H, rtol=1e-3, atol=1e-6)
    small = least_control_of_small_errors(net, x, target)
    assert np.allclose(found.least, small, rtol=0.5)
    assert ((found.latency == 0) == (e <= 0.05)).all() and (found.feedback > 0).all()
    means = found.means()
    assert means["least_at_gain_1"] == pytest.approx(np.mean(found.least * found.gain))
    assert means["latency_at_gain_1"] == pytest.approx(np.mean(found.latency * found.gain))


def test_latency_is_that_of_the_linear_loop_where_errors_are_small():
    net, x, _ = drawn(3, "tanh", batch=4)
    rng = np.random.default_rng(0)
    target = net.predict(x) + 0.01 * rng.normal(size=net.predict(x).shape)
    e = target - net.predict(x)
    delta = 0.3 * np.linalg.norm(e, axis=1).min()
    expected = linear_latency(e, loops(net, x), 10.0, delta)
    assert np.allclose(all_losses(net, x, target, delta).latency, expected, rtol=0.05)


# ---------------------------------------------------------------------- courses


def course(method: str, error: list[float], least: list[float], seed: int = 0) -> Course:
    return Course(method, (4, 3, 2), "tanh", seed, {"error": error, "least": least})


def test_a_course_is_read_at_an_error_that_it_passes():
    one = course("dh", [0.9, 0.4, 0.1], [5, 4, 1])
    assert one.at("least", 0.4) == pytest.approx(4) and one.at("least", 0.1) == pytest.approx(1)
    assert one.at("least", 0.2) == pytest.approx(2)  # half way, in logarithms
    assert np.isnan(one.at("least", 0.5)) and np.isnan(one.at("least", 0.05))


def test_a_ratio_at_equal_error_knows_no_epochs():
    quick = course("dh", [0.9, 0.4, 0.1], [5, 2, 0.5])
    slow = course("backprop", [0.9, 0.5, 0.4, 0.25, 0.2], [5, 5, 4, 2.5, 2])  # least = 10 error
    levels = common_levels(quick, slow)
    assert levels[0] == pytest.approx(0.2) and levels[-1] == pytest.approx(0.4)
    assert ratio(quick, slow, "least") == pytest.approx(0.5)
    assert ratio(slow, quick, "least") == pytest.approx(2)
    apart = course("backprop", [0.9, 0.05], [5, 1])
    assert not len(common_levels(quick, apart)) and np.isnan(ratio(quick, apart, "least"))


def test_epochs_in_which_a_loss_rises_while_the_error_falls():
    odd = course("dh", [0.9, 0.4, 0.5, 0.3], [5, 6, 7, 3])
    assert odd.rises("least") == [1]
    falls = course("dh", [3, 2, 1], [6, 4, 2])
    assert falls.rises("least") == [] and falls.correlation("least") == pytest.approx(1)


def test_courses_side_by_side_have_one_start():
    made = [course(m, [0.9, 0.4], [1, 2], seed) for m in ("dh", "backprop") for seed in (0, 1)]
    made.append(course("dh", [0.9, 0.4], [1, 2], 7))
    (found,) = pairs(made, "dh", "backprop").values()
    assert [(a.seed, b.method) for a, b in found] == [(0, "backprop"), (1, "backprop")]


def test_courses_survive_json():
    made = [course("dh", [0.9, 0.4], [1, 2]), course("backprop", [0.123456, 0.1], [1, 2])]
    back = from_json(as_json(made))
    assert back[0] == made[0] and back[1].losses["error"] == [0.1235, 0.1]
    assert len(json.loads(as_json(made))) == 2


# ---------------------------------------------------------------------- the command


@pytest.fixture
def few(monkeypatch):
    """Runs that take a moment: 64 digits, 6 probes."""
    monkeypatch.setattr(three_losses, "SAMPLES", 64)
    monkeypatch.setattr(three_losses, "PROBES", 6)


def losses(folder, *more) -> list[str]:
    return ["losses", "--sizes", "784-4-10", "--hidden", "tanh", "--seeds", "0", "--epochs", "2",
            "--methods", "dh", "backprop", "--out", str(folder), *more]  # fmt: skip


def test_the_command_measures_each_run_once(few, tmp_path, capsys, monkeypatch):
    assert main(losses(tmp_path, "--json", str(tmp_path / "all.json"))) == 0
    first = capsys.readouterr().out
    made = from_json((tmp_path / "all.json").read_text())
    assert [c.method for c in made] == ["dh", "backprop"]
    assert all(len(values) == 3 for c in made for values in c.losses.values())
    assert made[0]["error"][0] == made[1]["error"][0]  # one start
    assert "784-4-10 tanh" in first and "dh" in first and "H*" in first

    def again(*_):
        raise AssertionError("what is known is not measured again")

    monkeypatch.setattr(three_losses, "measure", again)
    assert main(losses(tmp_path)) == 0
    assert capsys.readouterr().out == first
    damaged = next(tmp_path.glob("dh-*.json"))
    damaged.write_text("{")
    assert main(losses(tmp_path)) == 2
    assert "is damaged or not a measured run" in capsys.readouterr().err


def test_a_run_with_other_settings_is_not_taken_for_this_one(few, tmp_path, capsys):
    assert main(losses(tmp_path, "--quiet")) == 0
    again = losses(tmp_path, "--quiet")
    again[again.index("2")] = "3"
    assert main(again) == 2 and "epochs 2, now 3" in capsys.readouterr().err


def test_stopped_it_says_how_to_go_on(few, tmp_path, capsys, monkeypatch):
    whole, count = three_losses.measure, []

    def once(*given):
        count.append(given)
        if len(count) == 2:
            raise KeyboardInterrupt
        return whole(*given)

    monkeypatch.setattr(three_losses, "measure", once)
    assert main(losses(tmp_path)) == 130
    said = capsys.readouterr().err
    assert "1 of 2 runs are done" in said and "To go on: " in said
    assert main(losses(tmp_path, "--quiet")) == 0


def test_sizes_that_do_not_fit_the_digits_are_told_before_any_work(tmp_path, capsys):
    given = losses(tmp_path / "none")
    given[given.index("784-4-10")] = "100-10"
    assert main(given) == 2 and "--sizes: got 100-10" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_the_stored_measurement_is_whole():
    """Every planned run is there, with a number for each loss and epoch."""
    stored = {(c.method, c.sizes, c.hidden, c.seed): c for c in stored_courses()}
    planned = three_losses.plans()
    names = {"error", "feedback", "latency", "least", "gain", "way", "latency_at_gain_1",
             "least_at_gain_1", "accuracy", "weights"}  # fmt: skip
    assert len(stored) == len(planned)
    for each in planned:
        p = each.training
        course = stored[each.method, p.sizes, p.hidden, p.seed]
        assert set(course.losses) == names
        assert all(len(v) == p.epochs + 1 and np.isfinite(v).all() for v in course.losses.values())


def test_the_command_prints_the_stored_measurement(capsys):
    assert main(["losses", "--stored"]) == 0
    said = capsys.readouterr().out
    for method in three_losses.METHODS:
        assert method in said

"""A checkpoint goes on with the run that wrote it, and with no other; what is saved can be read."""

from __future__ import annotations

import os
import signal
from functools import partial

import numpy as np
import pytest

from hebblite import SGD, STDP, Adam, History, Network, fit
from hebblite.checkpoint import as_json, settings
from hebblite.data import toy_classes
from hebblite.errors import ArgumentError, CheckpointError
from hebblite.frameworks import DeepFeedbackControl, PredictiveCoding
from hebblite.losses import InferenceLatency, OutputError
from hebblite.network import read_arrays, write_arrays
from hebblite.rules import DifferentialHebbian, ErrorBased, Rule

X, Y = toy_classes(samples=40)


def control(**changes):
    return DeepFeedbackControl(**{"k_p": 0.5, "dt": 0.005, "steps": 6} | changes)


def equal(one, other):
    pairs = zip(one.weights + one.biases, other.weights + other.biases, strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


class Decaying(DifferentialHebbian):
    """A learner's own rule: its settings are what it keeps under their names."""

    def __init__(self, decay=0.1, taper=None, shape=np.tanh, **more):
        super().__init__(**more)
        self.decay, self.taper, self.shape = decay, taper, shape


def run(path=None, resume=False, net=None, **changes):
    given = {
        "framework": control(), "rule": DifferentialHebbian(), "x": X, "y": Y, "epochs": 2,
        "optimizer": Adam(0.01), "batch_size": 8, "progress": False,
    }  # fmt: skip
    net = Network([2, 4, 2], seed=1) if net is None else net
    return fit(net, **(given | changes), checkpoint=path, resume=resume)


OTHER_X, OTHER_Y = X.copy(), Y.copy()
OTHER_X[7, 1] += 1e-3
OTHER_Y[3] = 1 - OTHER_Y[3]
SOFT = np.full((40, 2), 0.5)


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ({}, {"framework": control(k_p=0.7)}, "k_p of the framework: 0.5, .* has 0.7"),
        ({}, {"framework": control(feedback="random")}, 'feedback of the framework: "jacobian"'),
        ({}, {"framework": control(steady=0.1)}, "steady of the framework: null, .* has 0.1"),
        ({}, {"framework": control(seed=3)}, "seed of the framework: 0, .* has 3"),
        ({}, {"framework": PredictiveCoding()}, "framework and rule: .*Control.*PredictiveCoding"),
        ({}, {"rule": DifferentialHebbian("voltage")}, 'on of the rule: "rate", .* has "voltage"'),
        ({}, {"rule": DifferentialHebbian(symmetric=True)}, "symmetric of the rule: false"),
        ({}, {"rule": ErrorBased()}, "framework and rule"),
        ({"rule": STDP(2)}, {"rule": STDP(3)}, "samples of the rule: 2, .* has 3"),
        ({"rule": Decaying()}, {"rule": Decaying(0.2)}, "decay of the rule: 0.1, .* has 0.2"),
        (
            {"rule": Decaying(taper=np.ones(2))},
            {"rule": Decaying(taper=np.zeros(2))},
            "taper of the rule",
        ),
        ({"rule": Decaying()}, {"rule": Decaying(shape=np.sin)}, "shape of the rule.*tanh.*sin"),
        ({"rule": Decaying()}, {"rule": Decaying(symmetric=True)}, "symmetric of the rule"),
        ({}, {"optimizer": Adam(0.02)}, "lr of the optimizer: 0.01, .* has 0.02"),
        ({}, {"optimizer": Adam(0.01, eps=1e-6)}, "eps of the optimizer"),
        ({}, {"optimizer": Adam(0.01, betas=(0.8, 0.999))}, r"betas of the optimizer: \[0.9, 0"),
        ({}, {"optimizer": SGD(0.01)}, "optimizer, framework and rule"),
        ({}, {"x": OTHER_X}, "other x: .*, where this run has"),
        ({}, {"y": OTHER_Y}, "other y: "),
        ({}, {"x": X[:-1], "y": Y[:-1]}, "other samples: 40, where this run has 39"),
        ({"y": SOFT}, {"y": SOFT * [1.1, 0.9]}, "other y: "),
        ({}, {"confidence": 0.9}, "other confidence: 1.0, where this run has 0.9"),
        ({}, {"seed": 1}, "other seed: 0, where this run has 1"),
        ({}, {"batch_size": 9}, "other batch size: 8, where this run has 9"),
        ({}, {"net": Network([2, 4, 2], seed=2)}, "other seed of the network: 1, .* has 2"),
        ({}, {"net": Network([2, 4, 2], "relu", seed=1)}, 'other hidden: "tanh"'),
        ({}, {"net": Network([2, 4, 2], dtype="float64", seed=1)}, "other dtype"),
        ({}, {"observers": {"e": OutputError()}}, "other observers"),
        (
            {"observers": {"t": InferenceLatency(0.1)}},
            {"observers": {"t": InferenceLatency(0.2)}},
            "other observers: .*0.1.*, where this run has .*0.2",
        ),
        ({}, {"validation": (X, Y)}, "other validation"),
    ],
)
def test_a_run_with_any_other_setting_or_data_is_refused_and_nothing_changes(
    tmp_path, one, other, words
):
    path = tmp_path / "c.npz"
    run(path, **one)
    before = path.read_bytes()
    net = (one | other).get("net") or Network([2, 4, 2], seed=1)
    start = net.copy()
    with pytest.raises(CheckpointError, match=words) as caught:
        run(path, True, **(one | other | {"net": net, "epochs": 4}))
    assert "c.npz: was made with other" in str(caught.value)
    assert equal(net, start) and path.read_bytes() == before


def test_what_is_the_same_in_other_words_goes_on(tmp_path):
    path, whole = tmp_path / "c.npz", Network([2, 4, 2], seed=1)
    run(path, rule=Decaying(shape=partial))
    net = Network([2, 4, 2], seed=1)
    history = run(
        path, True, net, rule=Decaying(shape=partial), x=X.tolist(), y=Y.tolist(),
        epochs=np.int64(4), optimizer=Adam(np.float64(0.01), betas=[0.9, 0.999]),
    )  # fmt: skip
    assert len(history.epochs) == 4
    run(net=whole, rule=Decaying(shape=partial), epochs=4)
    assert equal(net, whole)


def test_settings_are_constructor_arguments_that_are_kept_as_attributes():
    class Odd(Rule):
        def __init__(self, far, rng, inner, hidden, named=0):
            self.far, self.rng, self.inner, self._hidden = far, rng, inner, hidden
            self.named = {1: named}
            self.count = 0

    made = Odd(float("inf"), np.random.default_rng(1), Adam(0.5), "x", {2, 1})
    known = settings(made)
    assert list(known) == ["far", "rng", "inner", "named"]
    assert known["rng"] == "Generator" and known["named"] == {"1": ["1", "2"]}
    assert known["inner"] == {"kind": "Adam", "lr": 0.5, "betas": [0.9, 0.999], "eps": 1e-8}
    assert as_json(np.arange(3)) == as_json(np.arange(6)[::2] // 2) != as_json(np.arange(3.0))
    assert as_json(np.ones((2, 3))) == as_json(np.ones((3, 2)).T) != as_json(np.ones((3, 2)))
    assert as_json(np.array([None, 1])) == "object (2,)"


def test_a_checkpoint_that_does_not_say_what_it_was_made_with_is_refused_by_that_reason(tmp_path):
    path = tmp_path / "c.npz"
    net = Network([2, 4, 2], seed=1)
    run(path, net=net)
    meta, arrays = read_arrays(path)
    del meta["made with"]
    write_arrays(path, meta | {"plan": {"samples": 40, "batch_size": 8, "seed": 0}}, arrays)
    with pytest.raises(CheckpointError, match="did not note the settings and data") as caught:
        run(path, True)
    assert "Network.load" in str(caught.value) and equal(Network.load(path), net)


class Pressing(DeepFeedbackControl):
    """Presses Ctrl-C while its feedback is being learned."""

    pressed = True

    def begin_epoch(self, net, x):
        super().begin_epoch(net, x)
        if not self.pressed:
            self.pressed = True
            os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("stored", [True, False])
def test_ctrl_c_while_an_epoch_begins_goes_on_exactly(tmp_path, stored):
    def made(pressed):
        framework = Pressing("learned", k_p=0.5, dt=0.005, steps=6, seed=4)
        framework.pressed = pressed
        return framework

    whole, net, path = Network([2, 4, 2], seed=1), Network([2, 4, 2], seed=1), tmp_path / "c.npz"
    framework, optimizer = made(False), Adam(0.01)
    plain = run(net=whole, framework=made(True))
    history = run(path, net=net, framework=framework, optimizer=optimizer)
    assert history.interrupted and history.batch == 1 and history.epochs == []
    if stored:
        history = run(path, True, net, framework=made(True))
    else:
        history = run(net=net, framework=framework, optimizer=optimizer, history=history)
    assert equal(net, whole) and history["loss"] == plain["loss"]


# ---------------------------------------------------------------------- a second fit


@pytest.mark.parametrize("rule", [DifferentialHebbian, partial(STDP, seed=3)])
def test_two_epochs_and_then_three_are_five(rule):
    def parts():
        return {"framework": control(noise=0.01, seed=2), "rule": rule(), "optimizer": Adam(0.01)}

    whole, net = Network([2, 4, 2], seed=1), Network([2, 4, 2], seed=1)
    plain = run(net=whole, epochs=5, validation=(X, Y), **parts())
    mine = parts()
    first = run(net=net, epochs=2, validation=(X, Y), **mine)
    again = run(net=net, epochs=3, validation=(X, Y), history=first, **mine)
    assert equal(net, whole)
    assert again["epoch"] == [1, 2, 3, 4, 5] and len(first.epochs) == 2
    for column in ("loss", "accuracy"):
        assert again[column] == plain[column]
    other = Network([2, 4, 2], seed=1)
    mine = parts()
    run(net=other, epochs=2, **mine)
    run(net=other, epochs=3, **mine)  # the same orders once more
    assert not equal(other, whole)


def test_a_second_fit_and_its_checkpoint(tmp_path):
    whole, net, path = Network([2, 4, 2], seed=1), Network([2, 4, 2], seed=1), tmp_path / "c.npz"
    run(net=whole, epochs=5)
    optimizer = Adam(0.01)
    first = run(net=net, epochs=2, optimizer=optimizer)
    run(path, net=net, epochs=1, optimizer=optimizer, history=first)
    resumed = Network([2, 4, 2], seed=1)
    history = run(path, True, resumed, epochs=3, history=first)
    assert equal(resumed, whole) and history["epoch"] == [1, 2, 3, 4, 5]


def test_a_history_of_another_run_is_refused():
    for stopped in (History(batch=5), History(batch=2, sums={"loss": 1.0, "e": 2.0})):
        with pytest.raises(ArgumentError, match="history: got an epoch that stopped after batch"):
            run(history=stopped)


# ---------------------------------------------------------------------- networks in files


def with_weights(W, layer=0, **settings):
    net = Network([2, 3, 2], **settings)
    net.weights[layer] = W
    return net


BIG = np.arange(6.0).reshape(3, 2) / 7


@pytest.mark.parametrize(
    "W",
    [
        BIG, BIG.astype("float32"), np.asfortranarray(BIG), BIG.T.copy().T, BIG.astype("float16"),
        np.arange(6).reshape(3, 2), BIG > 0.4, BIG.tolist(), tuple(map(tuple, BIG)),
        np.arange(24.0).reshape(6, 4)[::2, ::2], BIG[::-1], BIG * np.nan, BIG + np.inf,
        np.ma.masked_array(BIG, False), BIG.astype(">f8"),
        np.broadcast_to(0.5, (3, 2)),
    ],
    ids=range(16),
)  # fmt: skip
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_whatever_is_saved_can_be_loaded(tmp_path, W, dtype):
    net = with_weights(W, dtype=dtype)
    net.save(tmp_path / "net.npz")
    again = Network.load(tmp_path / "net.npz")
    expected = np.asarray(W).astype(dtype)
    assert np.array_equal(again.weights[0], expected, equal_nan=True)
    assert again.weights[0].dtype == dtype and again.settings() == net.settings()
    assert net.weights[0] is W


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda n: n.weights.pop(), r"net\.weights: got 1 layers"),
        (lambda n: n.biases.clear(), r"net\.biases: got 0 layers"),
        (lambda n: n.weights.append(BIG), r"net\.weights: got 3 layers"),
        (lambda n: setattr(n, "weights", None), r"net\.weights: got NoneType"),
        (lambda n: setattr(n, "weights", np.ones((2, 3, 2))), r"net\.weights: got ndarray"),
        (lambda n: n.weights.__setitem__(0, BIG.T), r"weights\[0\]: got .* shape \(2, 3\)"),
        (lambda n: n.weights.__setitem__(1, BIG), r"weights\[1\]: got .* shape \(3, 2\)"),
        (lambda n: n.weights.__setitem__(0, None), r"weights\[0\]: got object"),
        (lambda n: n.weights.__setitem__(0, [[1], [2, 3]]), r"weights\[0\]: got a ragged list"),
        (lambda n: n.weights.__setitem__(0, BIG + 1j), r"weights\[0\]: got complex"),
        (lambda n: n.weights.__setitem__(0, BIG.astype(str)), r"weights\[0\]: got <U"),
        (lambda n: n.weights.__setitem__(0, BIG * 1e300), r"weights\[0\]: got 7.*e\+299"),
        (lambda n: n.weights.__setitem__(0, np.ma.masked_equal(BIG, 0)), "a masked array"),
        (lambda n: n.biases.__setitem__(0, np.zeros((3, 1))), r"biases\[0\]: got .* \(3, 1\)"),
        (lambda n: n.biases.__setitem__(1, 0.0), r"biases\[1\]: got .* shape \(\)"),
        (lambda n: setattr(n, "hidden", "swish"), r"net\.hidden: got 'swish'"),
    ],
)
def test_what_could_not_be_loaded_is_not_saved(tmp_path, change, words):
    net = Network([2, 3, 2], seed=1)
    path = tmp_path / "net.npz"
    net.save(path)
    before = path.read_bytes()
    change(net)
    with pytest.raises(ArgumentError, match=words):
        net.save(path)
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "W", [BIG, BIG.tolist(), BIG.T, np.zeros((3, 2), int), np.broadcast_to(np.float32(1), (3, 2))]
)
def test_fit_refuses_weights_that_a_checkpoint_would_round_before_any_work(tmp_path, W):
    net, path = with_weights(W), tmp_path / "c.npz"
    with pytest.raises(ArgumentError, match=r"net\.weights\[0\]: got"):
        run(path, net=net)
    assert net.weights[0] is W and not path.exists()


def test_weights_that_a_callback_assigned_are_saved_as_they_can_be_read(tmp_path):
    def widen(net, history):
        net.weights[0] = net.weights[0].astype(np.float64)

    net = Network([2, 3, 2])
    run(tmp_path / "c.npz", net=net, epochs=1, callback=widen)
    assert np.array_equal(Network.load(tmp_path / "c.npz").weights[0], net.weights[0])
    assert len(run(tmp_path / "c.npz", True, Network([2, 3, 2]), epochs=2).epochs) == 2


def test_astype_makes_a_network_of_its_own():
    net = Network([3, 4, 2], "relu", "linear", "he_normal", seed=5)
    exact = net.astype("float64")
    assert exact.dtype == np.float64 and net.dtype == np.float32
    assert exact.settings() == net.settings() | {"dtype": "float64"}
    for a, b in zip(exact.weights + exact.biases, net.weights + net.biases, strict=True):
        assert a.dtype == np.float64 and np.array_equal(a, b)
    same = net.astype(np.float32)
    same.weights[0][...] = 0
    assert net.weights[0].any() and equal(exact.astype("float32"), net)
    x = np.random.default_rng(0).random((5, 3))
    np.testing.assert_allclose(exact.predict(x), net.predict(x), atol=1e-6)
    exact.weights[0] = exact.weights[0] * 1e300
    with pytest.raises(ArgumentError, match=r"weights\[0\].*float32 can hold"):
        exact.astype("float32")
    for bad in ("int32", None, "no", np.float16, 3):
        with pytest.raises(ArgumentError, match="dtype"):
            net.astype(bad)

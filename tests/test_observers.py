"""fit with observers: each batch's stream is folded once more, into columns of the history."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from hebblite import Adam, Fold, Network, Record, fit, fold, lanes, training
from hebblite.data import one_hot, toy_classes
from hebblite.errors import ArgumentError, UndefinedCell
from hebblite.frameworks import Backprop, DeepFeedbackControl, PredictiveCoding
from hebblite.losses import Energy, FeedbackAmount, InferenceLatency, OutputError
from hebblite.rules import DifferentialHebbian, Gradient
from hebblite.training import update

X, Y = toy_classes(samples=50)
T = one_hot(Y, 2)


def control(**changes):
    return DeepFeedbackControl(**{"k_p": 0.5, "dt": 0.005, "steps": 12} | changes)


def network(**settings):
    return Network([2, 6, 5, 2], **{"seed": 1} | settings)


def run(net, observers=None, **changes):
    given = {"framework": control(), "rule": DifferentialHebbian(), "x": X, "y": Y,
             "optimizer": Adam(0.01), "epochs": 2, "batch_size": 16, "progress": False}  # fmt: skip
    return fit(net, **(given | changes), observers=observers)


def equal(one, other):
    pairs = zip(one.weights + one.biases, other.weights + other.biases, strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


def test_columns_are_means_over_the_inputs_of_what_the_folds_give():
    """Against a run by hand, batch by batch; the last batch is a smaller one."""
    observers = {
        "error": OutputError(), "rest": OutputError("end"), "latency": InferenceLatency(0.4),
        "feedback": FeedbackAmount(), "self": FeedbackAmount("phase"),
    }  # fmt: skip
    net, twin = network(dtype="float64"), network(dtype="float64")
    history = run(net, observers, epochs=1)
    found, optimizer = {name: [] for name in observers}, Adam(0.01)
    order = np.random.default_rng([0, 0]).permutation(50)
    for start in range(0, 50, 16):
        rows = order[start : start + 16]
        states = control().teach(twin, X[rows], T[rows])
        updates, *seen = fold(states, DifferentialHebbian(), *observers.values())
        for name, numbers in zip(observers, seen, strict=True):
            found[name].extend(numbers)
        optimizer.step(twin, updates)
    assert equal(net, twin)
    assert list(history.epochs[0]) == ["epoch", "loss", *observers, "seconds"]
    for name, numbers in found.items():
        assert len(numbers) == 50
        assert history[name] == [pytest.approx(np.mean(numbers), rel=1e-12)], name
    assert np.isfinite(history["error"]).all()


@pytest.mark.parametrize(
    "framework", [control, lambda: control(noise=0.05, seed=3), lambda: PredictiveCoding(nudge=1.0)]
)
def test_observers_change_no_weight_and_no_loss(framework):
    observers = {"e": OutputError(), "f": FeedbackAmount()}  # which reads voltages
    plain, watched = network(), network()
    one, other = run(plain, framework=framework()), run(watched, observers, framework=framework())
    assert equal(plain, watched) and one["loss"] == other["loss"]


def test_a_latency_that_is_infinite_makes_the_mean_infinite():
    history = run(network(), {"never": InferenceLatency(1e-9), "at once": InferenceLatency(9.0)})
    assert history["never"] == [np.inf, np.inf] and history["at once"] == [0, 0]


def test_backprop_has_free_states_to_look_at():
    history = run(network(), {"e": OutputError()}, framework=Backprop(), rule=Gradient())
    assert history["e"][1] < history["e"][0]


class Counting(Fold):
    """One number for each input, its own."""

    def start(self, block):
        self.x = block.rates[0][0, :, 0].copy()
        self.steps = 0

    def absorb(self, block):
        self.steps += block.steps

    def finish(self):
        assert self.steps == 12
        return self.x


def test_lanes_give_the_numbers_of_each_input_in_order(monkeypatch):
    monkeypatch.setattr(lanes, "LEAST", 1)
    monkeypatch.setattr(lanes, "INPUTS", 5)
    monkeypatch.setattr(lanes, "cores", lambda: 3)
    cut = []

    def watched(work, each):
        cut.append(len(each))
        return lanes.side_by_side(work, each)

    monkeypatch.setattr(training, "side_by_side", watched)
    net, mine = network(dtype="float64"), Counting()
    observers = {"x": mine, "latency": InferenceLatency(0.4), "feedback": FeedbackAmount()}
    _, _, x, latency, feedback = update(net, control(), DifferentialHebbian(), X, T, observers)
    assert np.array_equal(x, X[:, 0]) and cut == [10]
    assert vars(mine) == {}  # copies did the work
    whole = fold(control().teach(net, X, T), InferenceLatency(0.4), FeedbackAmount())
    np.testing.assert_allclose(latency, whole[0], rtol=1e-12)
    np.testing.assert_allclose(feedback, whole[1], rtol=1e-12)
    in_lanes = run(network(dtype="float64"), observers)
    monkeypatch.setattr(lanes, "LEAST", 10**9)
    in_one = run(network(dtype="float64"), observers)
    for name in observers:
        np.testing.assert_allclose(in_lanes[name], in_one[name], rtol=1e-9)


def test_an_interrupted_run_with_observers_goes_on_bit_for_bit(tmp_path):
    import os
    import signal

    class Pressing(OutputError):
        def finish(self):
            Pressing.batches += 1
            if Pressing.batches == 6:  # (the first is the rehearsal)
                os.kill(os.getpid(), signal.SIGINT)
            return super().finish()

    Pressing.batches = 0
    observers = {"e": Pressing(), "t": InferenceLatency(1e-9), "f": FeedbackAmount()}
    path, net, whole = tmp_path / "c.npz", network(), network()
    history = run(net, observers, checkpoint=path)
    assert history.interrupted and (len(history.epochs), history.batch) == (1, 1)
    again = run(net, observers, checkpoint=path, resume=True)
    plain = run(whole, observers)
    assert equal(net, whole)
    for name in ("loss", *observers):
        assert again[name] == plain[name], name


# ---------------------------------------------------------------------- bad observers


class Giving(Fold):
    def __init__(self, result):
        self.result = result

    def absorb(self, block):
        pass

    def finish(self):
        return self.result


class Whole(Record):
    reads_voltages = True


@pytest.mark.parametrize(
    ("observers", "words"),
    [
        (OutputError(), "observers: got OutputError, expected a mapping"),
        ([OutputError()], "observers: got list"),
        ("loss", "observers: got str"),
        ({"loss": OutputError()}, "observers: got the name 'loss'"),
        ({"accuracy": OutputError()}, "observers: got the name 'accuracy'"),
        ({"epoch": OutputError()}, "observers: got the name 'epoch'"),
        ({1: OutputError()}, "observers: got the name 1"),
        ({"e": OutputError}, r"observers\['e'\]: got OutputError, expected a Fold"),
        ({"e": None}, r"observers\['e'\]: got NoneType"),
        ({"e": lambda block: 1}, r"observers\['e'\]: got function"),
        ({"ok": OutputError(), "e": Whole()}, r"observers\['e'\]: got Block"),
        ({"e": DifferentialHebbian()}, r"observers\['e'\]: got Updates"),
        ({"e": Energy(network())}, r"observers\['e'\]: got .* of shape \(13, 1\)"),
        ({"e": Giving(1.0)}, r"observers\['e'\]: got float64 of shape \(\)"),
        ({"e": Giving(None)}, r"observers\['e'\]: got NoneType"),
        ({"e": Giving([[1], [2, 3]])}, r"observers\['e'\]: got list"),
        ({"e": Giving(["a"])}, r"observers\['e'\]: got <U1"),
        ({"e": Giving([1j])}, r"observers\['e'\]: got complex"),
    ],
)
def test_bad_observers_are_refused_before_any_work(tmp_path, observers, words):
    net, start, path = network(), network(), tmp_path / "c.npz"
    with pytest.raises(ArgumentError, match=words):
        run(net, observers, checkpoint=path)
    assert equal(net, start) and not path.exists()
    with pytest.raises(ArgumentError, match=words.replace(r"\(13, 1\)", r"\(13, 50\)")):
        update(net, control(), DifferentialHebbian(), X, T, observers)


def test_the_rehearsal_leaves_no_trace(tmp_path):
    """Neither in generators nor in what framework, rule and observers keep."""

    class Keeping(DifferentialHebbian):
        def __init__(self):
            super().__init__()
            self.kept = []

        def start(self, block):
            super().start(block)
            self.kept.append(block.batch)

    class Taught(DeepFeedbackControl):
        taught = 0

        def teach(self, *args, **more):
            self.taught += 1
            return super().teach(*args, **more)

    rule, framework = Keeping(), Taught(noise=0.1, seed=2)
    before = framework.rng.bit_generator.state
    run(network(), {"e": OutputError()}, rule=rule, framework=framework, epochs=0)
    assert rule.kept == [] and framework.taught == 0
    assert framework.rng.bit_generator.state == before
    run(network(), rule=rule, framework=framework, epochs=1)
    assert rule.kept == [16, 16, 16, 2] and framework.taught == 4


def test_parts_that_cannot_be_copied_are_trained_all_the_same():
    class Locked(DeepFeedbackControl):
        def __init__(self):
            super().__init__(steps=3)
            self.lock = threading.Lock()

    assert len(run(network(), framework=Locked()).epochs) == 2


def test_a_cell_that_is_not_defined_costs_no_checkpoint(tmp_path):
    path = tmp_path / "c.npz"
    path.write_bytes(b"of an earlier run")
    with pytest.raises(UndefinedCell):
        run(network(), framework=Backprop(), checkpoint=path)
    assert path.read_bytes() == b"of an earlier run"

"""fit: learning, interruption, checkpoints; bad input; the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from hebblite import SGD, Adam, Network, fit
from hebblite.cli import main
from hebblite.data import load_digits, toy_classes
from hebblite.errors import ArgumentError, CheckpointError, DivergenceError
from hebblite.frameworks import Backprop, DeepFeedbackControl
from hebblite.rules import DifferentialHebbian, Gradient, Hebbian

DH = DifferentialHebbian


def control(**changes):
    return DeepFeedbackControl(**{"k_p": 0.5, "dt": 0.005, "steps": 12} | changes)


@pytest.fixture(scope="module")
def few():
    digits = load_digits()
    return digits._replace(x_train=digits.x_train[:1500], y_train=digits.y_train[:1500])


def test_DH_learns_digits_like_backprop_and_plain_hebb_does_not(few):
    scores = {}
    for name, framework, rule in (
        ("bp", Backprop(), Gradient()),
        ("dh", control(), DH()),
        ("hebb", control(), Hebbian()),
    ):
        net = Network([784, 64, 32, 10], hidden="relu", init="he_normal", seed=2)
        try:
            fit(net, framework, rule, few.x_train, few.y_train, epochs=6, batch_size=32,
                confidence=0.9, progress=False)  # fmt: skip
        except DivergenceError:
            assert name == "hebb"
        scores[name] = net.accuracy(few.x_test, few.y_test)
    assert scores["dh"] > 0.84
    assert abs(scores["dh"] - scores["bp"]) < 0.03
    assert scores["hebb"] < 0.25


@pytest.mark.parametrize("kind", ["moons", "rings", "blobs"])
def test_DH_learns_toys(kind):
    x, y = toy_classes(kind, 400, noise=0.05)
    net = Network([2, 40, 40, 2], seed=0)
    history = fit(net, control(), DH(), x, y, optimizer=Adam(0.01), epochs=60, batch_size=50,
                  validation=(x, y), progress=False)  # fmt: skip
    assert history["accuracy"][-1] > 0.95
    assert history["loss"][-1] < history["loss"][0]


def weights(net):
    return [*net.weights, *net.biases]


def equal(one, other):
    return all(np.array_equal(a, b) for a, b in zip(weights(one), weights(other), strict=True))


@pytest.mark.parametrize("feedback", ["jacobian", "random", "learned"])
@pytest.mark.parametrize("optimizer", [Adam, lambda: SGD(0.05, momentum=0.9)])
def test_resuming_from_a_checkpoint_is_exact(tmp_path, feedback, optimizer):
    x, y = toy_classes(samples=130)

    def run(net, epochs, path, resume=False):
        framework = control(feedback=feedback, noise=0.01, seed=4)
        return fit(net, framework, DH(), x, y, optimizer=optimizer(), epochs=epochs, batch_size=32,
                   seed=9, progress=False, checkpoint=path, resume=resume)  # fmt: skip

    whole, half, rest = (Network([2, 6, 5, 2], seed=1) for _ in range(3))
    all_epochs = run(whole, 4, tmp_path / "whole.npz")
    run(half, 2, tmp_path / "half.npz")
    history = run(rest, 4, tmp_path / "half.npz", resume=True)
    assert equal(whole, rest) and not equal(whole, half)
    assert history["loss"] == all_epochs["loss"] and len(history.epochs) == 4
    assert equal(Network.load(tmp_path / "half.npz"), rest)


class Slow(DifferentialHebbian):
    """Presses Ctrl-C in the middle of a batch."""

    def __init__(self, after):
        super().__init__()
        self.batches, self._after = 0, after

    def finish(self):
        self.batches += 1
        if self.batches == self._after:
            os.kill(os.getpid(), signal.SIGINT)
        return super().finish()


def test_ctrl_c_keeps_history_and_weights_and_resumes_exactly(tmp_path):
    x, y = toy_classes(samples=100)
    path = tmp_path / "c.npz"

    def run(net, rule, **more):
        return fit(net, control(noise=0.01), rule, x, y, epochs=3, batch_size=10,
                   progress=False, **more)  # fmt: skip

    net, start = Network([2, 6, 5, 2]), Network([2, 6, 5, 2])
    before = signal.getsignal(signal.SIGINT)
    history = run(net, Slow(after=14), checkpoint=path)
    assert history.interrupted and len(history.epochs) == 1 and not equal(net, start)
    assert signal.getsignal(signal.SIGINT) is before
    again, whole = Network([2, 6, 5, 2]), Network([2, 6, 5, 2])
    history = run(again, Slow(after=-1), checkpoint=path, resume=True)
    plain = run(whole, DH())
    assert equal(again, whole) and history["loss"] == plain["loss"]


def test_fit_works_outside_the_main_thread():
    x, y = toy_classes(samples=20)
    net, done = Network([2, 4, 2]), []
    job = threading.Thread(
        target=lambda: done.append(fit(net, control(), DH(), x, y, epochs=1, progress=False))
    )
    job.start()
    job.join()
    assert len(done[0].epochs) == 1


def test_a_diverging_run_leaves_the_last_finite_weights():
    x, y = toy_classes(samples=100)
    net = Network([2, 5, 2], hidden="relu")
    with pytest.raises(DivergenceError, match="layer"):
        fit(net, control(), Hebbian(), x, y, optimizer=SGD(1e6), epochs=50, progress=False)
    assert all(np.isfinite(p).all() for p in weights(net))


# ---------------------------------------------------------------------- bad input

X, T = np.zeros((3, 4)), np.eye(3)[:, :2]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("sizes", lambda: Network([4])),
        ("sizes", lambda: Network([4, 0])),
        ("sizes", lambda: Network("784")),
        ("sizes", lambda: Network([4, 2.5])),
        ("sizes", lambda: Network(None)),
        ("hidden", lambda: Network([4, 2], hidden="swish")),
        ("output", lambda: Network([4, 2], output="argmax")),
        ("init", lambda: Network([4, 2], init="ones")),
        ("dtype", lambda: Network([4, 2], dtype="int32")),
        ("dtype", lambda: Network([4, 2], dtype="nonsense")),
        ("seed", lambda: Network([4, 2], seed=-1)),
        ("dt", lambda: DeepFeedbackControl(dt=-1e-3)),
        ("dt", lambda: DeepFeedbackControl(dt=0)),
        ("dt", lambda: DeepFeedbackControl(dt=0.05)),
        ("dt", lambda: DeepFeedbackControl(dt=float("nan"))),
        ("dt", lambda: DeepFeedbackControl(dt="fast")),
        ("tau_v", lambda: DeepFeedbackControl(tau_v=0)),
        ("tau_u", lambda: DeepFeedbackControl(tau_u=-1)),
        ("k_p", lambda: DeepFeedbackControl(k_p=-1)),
        ("k_p", lambda: DeepFeedbackControl(k_p=float("inf"))),
        ("steps", lambda: DeepFeedbackControl(steps=0)),
        ("steps", lambda: DeepFeedbackControl(steps=1.5)),
        ("block", lambda: DeepFeedbackControl(block=0)),
        ("steady", lambda: DeepFeedbackControl(steady=0)),
        ("noise", lambda: DeepFeedbackControl(noise=-0.1)),
        ("feedback", lambda: DeepFeedbackControl(feedback="magic")),
        ("on", lambda: DH(on="spikes")),
        ("lr", lambda: SGD(lr=0)),
        ("momentum", lambda: SGD(momentum=1)),
        ("betas", lambda: Adam(betas=(0.9, 1.0))),
        ("betas", lambda: Adam(betas=0.9)),
        ("eps", lambda: Adam(eps=0)),
        ("x", lambda: Network([4, 2]).predict(np.zeros((3, 5)))),
        ("x", lambda: Network([4, 2]).predict(np.zeros(4))),
        ("x", lambda: Network([4, 2]).predict(np.zeros((0, 4)))),
        ("x", lambda: Network([4, 2]).predict(np.full((1, 4), np.nan))),
        ("x", lambda: Network([4, 2]).predict([["a"] * 4])),
        ("x", lambda: Network([4, 2]).predict([[1, 2], [1]])),
        ("x", lambda: Network([4, 2]).predict(np.full((1, 4), 1e300))),
        ("target", lambda: next(DeepFeedbackControl().teach(Network([4, 2]), X, T[:2]))),
        ("target", lambda: next(DeepFeedbackControl().teach(Network([4, 2]), X, X))),
        ("target", lambda: next(Backprop().teach(Network([4, 2]), X, np.full((3, 2), np.inf)))),
        ("labels", lambda: Network([4, 2]).accuracy(X, [0, 1])),
        ("labels", lambda: fit(Network([4, 2]), control(), DH(), X, [0, 1, 2])),
        ("labels", lambda: fit(Network([4, 2]), control(), DH(), X, [0, -1, 1])),
        ("y", lambda: fit(Network([4, 2]), control(), DH(), X, [0, 1])),
        ("x", lambda: fit(Network([4, 2]), control(), DH(), X * np.nan, [0, 1, 1])),
        ("epochs", lambda: fit(Network([4, 2]), control(), DH(), X, [0, 1, 1], epochs=-1)),
        ("batch_size", lambda: fit(Network([4, 2]), control(), DH(), X, [0, 1, 1], batch_size=0)),
        ("validation", lambda: fit(Network([4, 2]), control(), DH(), X, [0, 1, 1], validation=X)),
        (
            "labels",
            lambda: fit(Network([4, 2]), control(), DH(), X, [0, 1, 1], validation=(X, [2] * 3)),
        ),
        ("resume", lambda: fit(Network([4, 2]), control(), DH(), X, [0, 1, 1], resume=True)),
    ],
)
def test_bad_input_names_the_argument(name, make):
    with pytest.raises(ArgumentError) as caught:
        make()
    message = str(caught.value)
    assert message.startswith(name), message
    assert "got" in message and "expected" in message


def test_unwritable_checkpoints_are_found_out_before_any_work(tmp_path):
    x, y = toy_classes(samples=20)
    net, start = Network([2, 3, 2]), Network([2, 3, 2])
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "no" / "c.npz", tmp_path / "file" / "c.npz"):
        with pytest.raises(CheckpointError, match=r"c\.npz: cannot be written"):
            fit(net, control(), DH(), x, y, checkpoint=path, progress=False)
        with pytest.raises(CheckpointError, match=r"c\.npz: cannot be written"):
            net.save(path)
    assert equal(net, start)


def test_damaged_and_foreign_checkpoints_are_named(tmp_path):
    x, y = toy_classes(samples=20)
    path = tmp_path / "c.npz"
    Network([2, 3, 2]).save(path)
    raw = path.read_bytes()
    damaged = tmp_path / "d.npz"
    for cut in (0, 10, len(raw) // 2, len(raw) - 5):
        damaged.write_bytes(raw[:cut])
        with pytest.raises(CheckpointError, match=r"d\.npz"):
            Network.load(damaged)
    with pytest.raises(CheckpointError, match=r"missing\.npz"):
        Network.load(tmp_path / "missing.npz")

    def resume(net, framework=None, seed=0):
        fit(net, framework or control(), DH(), x, y, epochs=1, seed=seed, progress=False,
            checkpoint=path, resume=True)  # fmt: skip

    with pytest.raises(CheckpointError, match="no complete checkpoint"):
        resume(Network([2, 3, 2]))
    path.unlink()
    resume(Network([2, 3, 2]))
    with pytest.raises(CheckpointError, match="other sizes"):
        resume(Network([2, 4, 2]))
    with pytest.raises(CheckpointError, match="other optimizer, framework"):
        resume(Network([2, 3, 2]), Backprop())
    with pytest.raises(CheckpointError, match="seed"):
        resume(Network([2, 3, 2]), seed=1)


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "net.npz"
    Network([2, 3, 2], seed=1).save(path)

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(CheckpointError, match="No space left"):
        Network([2, 3, 2], seed=2).save(path)
    monkeypatch.undo()
    assert equal(Network.load(path), Network([2, 3, 2], seed=1))
    assert [p.name for p in tmp_path.iterdir()] == ["net.npz"]


# ---------------------------------------------------------------------- the command line

QUICK = ["train", "--sizes", "784-16-10", "--epochs", "1", "--steps", "4", "--quiet"]


def test_train_prints_a_table_with_verdicts(tmp_path, capsys):
    out = tmp_path / "r.json"
    assert main([*QUICK, "--seeds", "0", "1", "--json", str(out)]) == 0
    text = capsys.readouterr().out
    assert "backprop" in text and "dh" in text and "FAILS" in text
    results = json.loads(out.read_text())["results"]
    rules = [r["plan"]["rule"] for r in results]
    assert rules == ["gradient"] * 2 + ["dh"] * 2 + ["hebbian"] * 2
    assert min(r["accuracy"] for r in results if r["plan"]["rule"] == "dh") > 60


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("dt", ["--dt", "-1"]),
        ("dt", ["--dt", "0.1"]),
        ("epochs", ["--epochs", "0"]),
        ("sizes", ["--sizes", "784-0-10"]),
        ("--sizes: got 700-10", ["--sizes", "700-10"]),
        ("labels", ["--sizes", "784-16-5"]),
        ("nowhere: is not a folder", ["--data", "nowhere"]),
        ("teaching phase", ["--framework", "backprop", "--rules", "dh"]),
    ],
)
def test_train_explains_bad_input_in_one_line(words, arguments, capsys):
    assert main([*QUICK, *arguments]) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert words in error and error.startswith("hebblite: ")


def test_killed_and_resumed_training_prints_the_same_result(tmp_path):
    command = [
        sys.executable,
        "-m",
        "hebblite",
        *QUICK,
        "--epochs",
        "3",
        "--rules",
        "dh",
        "--no-baseline",
    ]

    def run(folder, *more):
        done = subprocess.run(
            [*command, "--checkpoints", folder, *more], capture_output=True, text=True, check=True
        )
        return done.stdout

    whole = run(tmp_path / "a")
    job = subprocess.Popen(
        [*command, "--checkpoints", tmp_path / "b"], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while not (tmp_path / "b" / "dfc-dh-relu-0.npz").exists() and job.poll() is None:
        time.sleep(0.02)
    time.sleep(0.3)
    job.kill()
    job.wait()
    assert run(tmp_path / "b", "--resume") == whole
    assert equal(
        Network.load(tmp_path / "a" / "dfc-dh-relu-0.npz"),
        Network.load(tmp_path / "b" / "dfc-dh-relu-0.npz"),
    )

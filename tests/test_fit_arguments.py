"""fit with any bad argument, whichever it is: refused by name before any work."""

from __future__ import annotations

import inspect
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hebblite import SGD, Adam, Network, fit
from hebblite.data import toy_classes
from hebblite.errors import ArgumentError, CheckpointError, UndefinedCell
from hebblite.frameworks import (
    Backprop,
    DeepFeedbackControl,
    EquilibriumPropagation,
    PredictiveCoding,
)
from hebblite.losses import OutputError
from hebblite.rules import STDP, DifferentialHebbian, ErrorBased, Gradient, Updates
from hebblite.stream import Fold

X, Y = toy_classes(samples=12)
NAN, FAR = X.copy(), X.astype(float)
NAN[11, 1], FAR[0, 0] = np.nan, 1e300
MASKED = np.ma.masked_array(X, X > 0.5)
SOFT = np.full((12, 2), 0.5)


def stepped(optimizer, sizes):
    """An optimizer whose memory belongs to another network."""
    net = Network(sizes)
    optimizer.step(net, Updates([W * 0 for W in net.weights], [b * 0 for b in net.biases]))
    return optimizer


class Silent(Fold):
    def absorb(self, block):
        pass

    def finish(self):
        return None


BAD = {
    "net": [None, "net", Network, Network([2, 4, 3]).weights, Network([3, 4, 2])],
    "framework": [None, "dfc", DeepFeedbackControl, DifferentialHebbian(), Backprop()],
    "rule": [None, "dh", DifferentialHebbian, Backprop(), OutputError(), Gradient],
    "x": [None, "x", 1.0, X[0], X[:, :1], X[:0], NAN, FAR, X.astype(complex), X.astype(str),
          X.astype(object), [[1, 2], [3]], X[:5], [X, X], MASKED],
    "y": [None, "y", 1, Y[:5], [*Y, 0], Y + 0.5, Y.astype(float), Y - 1, Y + 1, Y.astype(str),
          [[0], [1, 2]], np.full((12, 3), 0.5), SOFT[:5], SOFT * np.nan, SOFT * 1j,
          np.zeros((12, 2, 1)), Y > 0, np.ma.masked_equal(Y, 0), SOFT * 1.2,
          SOFT + np.array([1, -1]), np.ma.masked_array(SOFT, MASKED.mask), [*Y[:-1], None]],
    "optimizer": ["adam", Adam, 1e-3, stepped(Adam(), [2, 5, 2]), stepped(SGD(), [2, 4, 4, 2])],
    "epochs": [None, -1, 1.5, "2", True, np.nan, [1]],
    "batch_size": [None, 0, -1, 2.5, "2", True, np.inf],
    "validation": [X, 3, "xy", (X,), (X, Y, Y), (X, Y[:5]), (X[:5], Y), (X, Y + 1), (X, Y - 1),
                   (X, Y.astype(float)), (X, Y + 0.5), (X, SOFT), (NAN, Y), (FAR, Y), (X[:, :1], Y),
                   (X[:0], Y[:0]), (None, Y), (X, None), (X.astype(str), Y), (X, [[0], [1, 2]]),
                   (X, Y > 0), (X, "y"), (MASKED, Y), (X, np.ma.masked_equal(Y, 0)),
                   {"x": X, "y": Y}],
    "confidence": [None, 0.5, 0.4, 1.1, -1, np.nan, "1", True],
    "observers": [OutputError(), [OutputError()], {"loss": OutputError()}, {"e": OutputError},
                  {"e": Silent()}, {2: OutputError()}],
    "seed": [None, -1, 0.5, "0", True],
    "history": [[], {}, {"loss": [1.0]}, "h"],
    "progress": [None, "no", 2],
    "checkpoint": [1, b"c.npz", ["c.npz"], True],
    "resume": [None, "yes", 1],
    "callback": ["print", 1, [print]],
}  # fmt: skip
CASES = [(name, i) for name, values in BAD.items() for i in range(len(values))]


def refused(tmp_path, **bad):
    """Call fit with these arguments among good ones, and look at what they left behind."""
    path = tmp_path / "c.npz"
    path.write_bytes(b"an earlier run's")
    net, x, y = Network([2, 4, 2], seed=1), X.copy(), Y.copy()
    good = {
        "net": net, "framework": DeepFeedbackControl(steps=3), "rule": DifferentialHebbian(),
        "x": x, "y": y, "optimizer": Adam(), "epochs": 2, "batch_size": 5, "validation": (x, y),
        "confidence": 1.0, "observers": {"e": OutputError()}, "seed": 0, "history": None,
        "progress": False, "checkpoint": path, "resume": False, "callback": None,
    }  # fmt: skip
    assert set(good) == set(BAD) == set(inspect.signature(fit).parameters)
    before = [p.copy() for p in net.weights + net.biases]
    with pytest.raises((ArgumentError, UndefinedCell)) as caught:
        fit(**(good | bad))
    assert all(map(np.array_equal, before, net.weights + net.biases))
    assert np.array_equal(x, X) and np.array_equal(y, Y)
    assert path.read_bytes() == b"an earlier run's" and len(list(tmp_path.iterdir())) == 1
    assert good["optimizer"].steps == 0
    return str(caught.value)


#: Where an argument is fine by itself, the one it does not go with is named.
ALSO = {"net": "x: got shape", "x": "y: got 12 rows",
        "framework": "DifferentialHebbian", "y": "labels|target",
        "validation": "labels|target", "optimizer": "net: got sizes"}  # fmt: skip


@pytest.mark.parametrize(("name", "i"), CASES)
def test_one_bad_argument_is_named_and_nothing_is_touched(tmp_path, name, i):
    message = refused(tmp_path, **{name: BAD[name][i]})
    assert re.match(f"{name}|{ALSO.get(name, name)}", message), message


@given(data=st.data())
def test_any_number_of_bad_arguments_at_once(tmp_path_factory, data):
    names = data.draw(st.sets(st.sampled_from(list(BAD)), min_size=2, max_size=5))
    bad = {name: data.draw(st.sampled_from(range(len(BAD[name])))) for name in sorted(names)}
    refused(tmp_path_factory.mktemp("fit"), **{name: BAD[name][i] for name, i in bad.items()})


def test_a_target_that_no_softmax_can_have_is_refused_before_any_work(tmp_path):
    """By the framework, as far as the first input shows it."""
    assert "soften" in refused(tmp_path, framework=PredictiveCoding())
    assert "ErrorBased" in refused(
        tmp_path, framework=EquilibriumPropagation(free_steps=2, nudged_steps=2), rule=ErrorBased()
    )


def test_what_only_a_later_input_or_a_later_step_shows_is_found_before_any_work(tmp_path):
    late = SOFT.copy()
    late[11] = [0, 1]
    assert "soften" in refused(tmp_path, framework=PredictiveCoding(), y=late)
    adaptive = DeepFeedbackControl(adaptive=0.01)
    assert "one length" in refused(tmp_path, framework=adaptive, rule=STDP())
    assert "tau" in refused(tmp_path, rule=STDP(tau=1e-9))


def test_resume_without_a_file_to_resume_is_refused(tmp_path):
    assert refused(tmp_path, resume=True, checkpoint=None).startswith("resume")
    path = tmp_path / "folder"
    path.mkdir()
    net = Network([2, 4, 2])
    for resume in (False, True):
        with pytest.raises(CheckpointError, match="folder: cannot be"):
            fit(net, DeepFeedbackControl(steps=3), DifferentialHebbian(), X, Y, checkpoint=path,
                resume=resume, progress=False)  # fmt: skip
    assert all(map(np.array_equal, net.weights, Network([2, 4, 2]).weights))


@pytest.mark.parametrize("part", ["weights", "biases"])
def test_a_network_that_was_taken_apart_is_refused(tmp_path, part):
    net = Network([2, 4, 2])
    getattr(net, part).pop()
    assert refused(tmp_path, net=net).startswith(f"net.{part}: got 1 layers")

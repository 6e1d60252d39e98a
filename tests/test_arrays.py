"""Targets that are no probabilities, and arrays that are not what they seem: refused by name."""

from __future__ import annotations

import copy
import warnings

import numpy as np
import pytest
from test_bad_input import GOOD, NET, ONES, TARGET, Q

from hebblite import SGD, Adam, Network, analysis, fit, losses
from hebblite.data import one_hot
from hebblite.errors import ArgumentError
from hebblite.experiments.cells import FRAMEWORKS, make_framework
from hebblite.frameworks import DeepFeedbackControl, PredictiveCoding
from hebblite.rules import Hebbian
from hebblite.training import update

# ---------------------------------------------------------------------- targets of a softmax

TAKES_TARGETS = {
    **{name: lambda net, t, name=name: list(make_framework(name).teach(net, GOOD, t))
       for name in FRAMEWORKS},
    "pc nudged": lambda net, t: list(PredictiveCoding(nudge=0.1, steps=3).teach(net, GOOD, t)),
    "loss": lambda net, t: net.loss(GOOD, t),
    "update": lambda net, t: update(net, DeepFeedbackControl(steps=3), Hebbian(), GOOD, t),
    "fit": lambda net, t: fit(net.copy(), DeepFeedbackControl(steps=3), Hebbian(), GOOD, t,
                              epochs=1, progress=False),
    "backprop_updates": lambda net, t: analysis.backprop_updates(net, GOOD, t),
    "angles_to_backprop": lambda net, t: analysis.angles_to_backprop(net, GOOD, t, ONES),
    "least_control": lambda net, t: losses.least_control(net, GOOD, t, tolerance=1e-2),
    "least_control_of_small_errors": (
        lambda net, t: losses.least_control_of_small_errors(net, GOOD, t)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKES_TARGETS)
def test_targets_of_a_softmax_are_probabilities(name):
    """Any others have no gradient of the cross-entropy in target - prediction."""
    one_off = TARGET.copy()
    one_off[1] *= 0.9
    negative = TARGET.copy()
    negative[2] = [0.7, 0.5, -0.3, 0.1]
    for dtype in ("float32", "float64"):
        net = Network([4, 5, 4], dtype=dtype, seed=1)
        for bad, said in ((one_off, r"a sum of 0\.9 in row 1"), (2 * TARGET, "a sum of 2 in row 0"),
                          (negative, r"-0\.3 at \(2, 2\)"), (0 * TARGET, "a sum of 0 in row 0"),
                          ((9 * TARGET).astype(int), "a sum of 6 in row 0")):  # fmt: skip
            with pytest.raises(ArgumentError, match=f"target: got {said}, expected probabilities"):
                TAKES_TARGETS[name](net, bad)
        # As any float rounds them they are good enough.
        for rounded in (TARGET.astype("f4"), TARGET.astype("f2"), TARGET.tolist()):
            TAKES_TARGETS[name](net, rounded)
    for output in ("linear", "same"):  # where any target will do
        net = Network([4, 5, 4], output=output, seed=1)
        TAKES_TARGETS[name](net, np.clip(one_off, 0.01, 0.9))


@pytest.mark.parametrize("confidence", [0.26, 0.5, 0.9, 1 / 3, 1.0])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_smoothed_labels_are_targets_of_a_softmax(dtype, confidence):
    for classes in (4, 10, 1000):
        targets = one_hot([0, 1, 2], classes, confidence=confidence, dtype=dtype)
        Network([4, classes]).loss(GOOD, targets)


# ---------------------------------------------------------------------- arrays of other kinds


class Failing:
    """As a tensor on another device does."""

    def __array__(self, *arguments, **settings):
        raise RuntimeError("cannot be copied to this machine")


class Frame:
    """As a table does: no array, but it makes one."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype)


def masked(values):
    values = np.ma.array(values, mask=np.zeros(np.shape(values), bool))
    values[(-1,) * values.ndim] = np.ma.masked
    return values


TAKES_ARRAYS = {
    "x": (GOOD, lambda a: NET.predict(a)),
    "target": (TARGET, lambda a: NET.loss(GOOD, a)),
    "labels": (np.array([0, 1, 2]), lambda a: NET.accuracy(GOOD, a)),
    "labels of one_hot": (np.array([0, 1, 2]), lambda a: one_hot(a, 4)),
    "y": (np.array([0, 1, 2]), lambda a: TAKES_TARGETS["fit"](NET, a)),
    "y of targets": (TARGET, lambda a: TAKES_TARGETS["fit"](NET, a)),
    "a": (GOOD, lambda a: analysis.cosine(a, GOOD)),
    "b": (GOOD, lambda b: analysis.cosine(GOOD, b)),
    "largest": (np.array([3.0, 4.0]), analysis.kantorovich),
    "Q": (Q[0], lambda q: analysis.loops(NET, GOOD, [q, Q[1]])),
    "e": (np.ones((2, 2)), lambda e: losses.linear_latency(e, np.eye(2), 1, 0.1)),
    "M": (np.eye(2), lambda M: losses.linear_latency(np.ones((1, 2)), M, 1, 0.1)),
}


@pytest.mark.parametrize("name", TAKES_ARRAYS)
def test_arrays_of_other_kinds_are_refused_or_read_as_they_are(name):
    good, call = TAKES_ARRAYS[name]
    spoilt = good.astype(float)
    spoilt[-1] = np.nan  # in one row only
    bad = {
        "masked": masked(good),
        "masked rows": [*good[:-1], masked(np.atleast_1d(good[-1]))],
        "complex": good + 0j,
        "texts": good.astype(str),
        "objects": good.astype(object),
        "dates": good.astype("int64").astype("M8[s]"),
        "records": np.zeros(len(good), [("a", float)]),
        "no dimension": np.ma.masked,
        "ragged": [[1.0, 2.0], [3.0]],
        "failing": Failing(),
        "a table of texts": Frame(good.astype(str)),
        "not finite": spoilt,
    }
    for kind, value in bad.items():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(ArgumentError) as caught:
                call(value)
        said = str(caught.value).split(":")[0]
        assert said.startswith(name.split()[0]) or said in ("target", "labels"), kind
        if kind == "masked":
            assert "got a masked array" in str(caught.value)
    for value in (
        good,
        good.tolist(),
        Frame(good),
        np.ma.array(good),
        np.ma.array(good, mask=False),
    ):
        call(value)


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_an_optimizer_refuses_updates_that_are_no_plain_arrays(kind):
    for l in range(4):
        for bad in (masked, lambda g: g.tolist(), lambda g: g + 0j, lambda g: g.astype(object)):
            updates = copy.deepcopy(ONES)
            part, name = (updates.weights, "weights") if l < 2 else (updates.biases, "biases")
            part[l % 2] = bad(part[l % 2])
            net = NET.copy()
            with pytest.raises(ArgumentError, match=rf"updates\.{name}\[{l % 2}\]: got"):
                kind().step(net, updates)
            assert all(map(np.array_equal, net.weights + net.biases, NET.weights + NET.biases))


def test_a_network_with_masked_weights_is_not_saved(tmp_path):
    net = NET.copy()
    net.weights[1] = masked(net.weights[1])
    with pytest.raises(ArgumentError, match=r"net\.weights\[1\]: got a masked array"):
        net.save(tmp_path / "net.npz")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("measure", [analysis.angles, analysis.total_angle])
@pytest.mark.parametrize("bad", [masked, lambda g: [[1.0], *g.tolist()]])
def test_angles_between_updates_that_are_masked_or_ragged(measure, bad):
    for part, name in (("weights", "b.weights"), ("biases", "b.biases")):
        updates = copy.deepcopy(ONES)
        getattr(updates, part)[1] = bad(getattr(updates, part)[1])
        with pytest.raises(ArgumentError, match=rf"{name}\[1\]: got a "):
            measure(ONES, updates)


@pytest.mark.parametrize("labels", [[0, 4], [-1, 0], [0, 1.0], [0], [[0, 1]]])
def test_labels_that_no_output_stands_for_are_refused_where_accuracy_is_measured(labels):
    net, x = Network([3, 5, 4]), np.zeros((2, 3))
    for ask in (net.accuracy, lambda *given: DeepFeedbackControl().accuracy(net, *given)):
        with pytest.raises(ArgumentError, match="labels: got"):
            ask(x, labels)

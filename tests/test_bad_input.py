"""Every public callable with malformed arguments: a clear error or a finite result, never NaN in
silence, never a changed input."""

from __future__ import annotations

import contextlib
import inspect
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hebblite import SGD, Adam, Network, Record, analysis, fit, fold
from hebblite import losses as losses_module
from hebblite.data import linear_teacher, one_hot, student_teacher, toy_classes
from hebblite.errors import ArgumentError, CheckpointError, DivergenceError, UndefinedCell
from hebblite.experiments.cells import FRAMEWORKS, RULES, make_framework, why_undefined
from hebblite.frameworks import DeepFeedbackControl, DendriticMicrocircuit
from hebblite.rules import STDP, DifferentialHebbian, ErrorBased, Updates

CLEAR = (ArgumentError, DivergenceError, UndefinedCell, CheckpointError)
NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([np.nan, np.inf, -np.inf, -1.0, 0.0, 1e300, -1e-300, 1e30]),
)
JUNK = st.one_of(
    NUMBERS,
    st.none(),
    st.booleans(),
    st.text(max_size=4),
    st.integers(-(10**12), 10**12),
    st.lists(NUMBERS, max_size=3),
    st.sampled_from([np.array("x"), np.zeros(0), np.zeros((2, 2)), 1j, object(), {}, b"x", print]),
)


@st.composite
def arrays(draw):
    """What a learner might pass instead of a batch of shape (3, 4)."""
    kind = draw(st.integers(0, 8))
    a = np.random.default_rng(draw(st.integers(0, 99))).normal(size=(3, 4))
    if kind == 0:
        a[draw(st.integers(0, 2)), draw(st.integers(0, 3))] = draw(
            st.sampled_from([np.nan, np.inf, -np.inf])
        )
    elif kind == 1:
        a = a * draw(st.sampled_from([1e20, 1e38, 1e200, -1e300]))
    elif kind == 2:
        a = a[: draw(st.integers(0, 2))]
    elif kind == 3:
        a = a[:, : draw(st.integers(0, 3))]
    elif kind == 4:
        a = a.astype(draw(st.sampled_from(["complex128", "int8", "bool", "U5", "object", "f2"])))
    elif kind == 5:
        a = a.T
    elif kind == 6:
        a = a[None]
    elif kind == 7:
        return draw(JUNK)
    return a if draw(st.booleans()) else a.tolist()


def finite(result) -> bool:
    """Whether all numbers in updates, arrays or lists of them are finite."""
    if isinstance(result, Updates):
        return finite([*result.weights, *result.biases])
    if isinstance(result, list | tuple):
        return all(map(finite, result))
    return bool(np.isfinite(np.asarray(result, float)).all())


def same(a, b) -> bool:
    try:
        return bool(np.array_equal(np.asarray(a), np.asarray(b), equal_nan=True))
    except (TypeError, ValueError):
        return True  # junk that cannot be compared cannot be changed in place either


NET = Network([4, 5, 4], "tanh", seed=1)
GOOD = np.random.default_rng(0).random((3, 4))
TARGET = np.full((3, 4), 0.1) + 0.6 * np.eye(4)[:3]
RUNS = [(f, r) for f in FRAMEWORKS for r in RULES if why_undefined(f, r) is None]


@given(st.sampled_from(RUNS), arrays(), arrays(), st.integers(0, 2))
def test_teach_with_any_x_and_target(cell, x, target, which):
    """Whatever comes in, an update that comes out is finite, and nothing passed in has changed."""
    x = x if which != 1 else GOOD
    target = target if which != 2 else TARGET
    before = np.array(x, copy=True) if isinstance(x, np.ndarray) else x
    before_t = np.array(target, copy=True) if isinstance(target, np.ndarray) else target
    weights = [W.copy() for W in NET.weights + NET.biases]
    framework, rule = make_framework(cell[0]), RULES[cell[1]](0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            updates = rule(framework.teach(NET, x, target))
        except CLEAR as error:
            assert len(str(error)) > 10
        else:
            assert finite(updates)
    assert same(x, before) and same(target, before_t)
    assert all(map(np.array_equal, weights, NET.weights + NET.biases))


@pytest.mark.parametrize("name", FRAMEWORKS)
@given(data=st.data())
def test_frameworks_with_any_setting(name, data):
    """A setting is refused by name, or the framework works."""
    kind = FRAMEWORKS[name]
    known = [p for p in inspect.signature(kind.__init__).parameters if p not in ("self", "kwargs")]
    if not known or name == "backprop":
        return
    setting, value = data.draw(st.sampled_from(known)), data.draw(JUNK)
    small = {"steps": 5} if name != "ep" else {"free_steps": 3, "nudged_steps": 3}
    if isinstance(value, int) and abs(value) > 1000 and "step" in setting:
        value = -value  # a phase of a million steps is legitimate, and slow
    if setting == "settle" and isinstance(value, int):
        value = -abs(value) - 1
    try:
        framework = kind(**(small | {setting: value}))
    except ArgumentError as error:
        assert str(error).startswith(setting) or setting in str(error) or "dt" in str(error)
        return
    with contextlib.suppress(*CLEAR):
        assert finite(DifferentialHebbian()(framework.teach(NET, GOOD, TARGET)))


@pytest.mark.parametrize("kind", [STDP, ErrorBased, DifferentialHebbian, SGD, Adam])
@given(data=st.data())
def test_rules_and_optimizers_with_any_setting(kind, data):
    known = [p for p in inspect.signature(kind.__init__).parameters if p != "self"]
    setting, value = data.draw(st.sampled_from(known)), data.draw(JUNK)
    if setting == "samples" and isinstance(value, int):
        value = min(value, 3)
    try:
        made = kind(**{setting: value})
    except ArgumentError as error:
        assert setting in str(error)
        return
    if kind in (SGD, Adam):
        net = NET.copy()
        updates = Updates([W * 0 + 1 for W in net.weights], [b * 0 + 1 for b in net.biases])
        with np.errstate(all="ignore"), contextlib.suppress(DivergenceError):
            made.step(net, updates)
        assert finite(net.weights)
    else:
        try:
            assert finite(made(DeepFeedbackControl(steps=9).teach(NET, GOOD, TARGET)))
        except ArgumentError as error:  # a window that does not fit the steps
            assert setting in str(error)


@given(st.data())
def test_networks_with_any_setting(data):
    known = ["sizes", "hidden", "output", "init", "dtype", "seed"]
    setting, value = data.draw(st.sampled_from(known)), data.draw(JUNK)
    try:
        net = Network(**({"sizes": [4, 4]} | {setting: value}))
    except ArgumentError as error:
        assert setting in str(error)
    else:
        assert finite(net.weights)


@given(arrays(), arrays(), st.integers(0, 6))
def test_analysis_and_losses_with_any_array(x, target, which):
    calls = [
        lambda: NET.predict(x),
        lambda: NET.loss(x, TARGET if which % 2 else target),
        lambda: NET.accuracy(GOOD, x),
        lambda: analysis.jacobians(NET, x),
        lambda: analysis.loops(NET, GOOD, x),
        lambda: analysis.backprop_updates(NET, x, target),
        lambda: losses_module.linear_latency(x, np.eye(4), 1.0, 0.1),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = calls[which]()
        except CLEAR as error:
            assert len(str(error)) > 10
        else:
            assert finite(result)


ONES = Updates([np.ones_like(W) for W in NET.weights], [np.ones_like(b) for b in NET.biases])
Q = [np.ones((5, 4)), np.ones((4, 4))]
CALLS = {
    "cosine": (analysis.cosine, {"a": GOOD, "b": GOOD}),
    "angle": (analysis.angle, {"a": GOOD, "b": GOOD}),
    "angles": (analysis.angles, {"a": ONES, "b": ONES}),
    "total_angle": (analysis.total_angle, {"a": ONES, "b": ONES}),
    "angles_to_backprop": (
        analysis.angles_to_backprop, {"net": NET, "x": GOOD, "target": TARGET, "updates": ONES},
    ),
    "preconditioners": (analysis.preconditioners, {"net": NET, "x": GOOD}),
    "loop_spectrum": (analysis.loop_spectrum, {"net": NET, "x": GOOD, "Q": Q}),
    "common_share": (analysis.common_share, {"W": np.arange(6.0).reshape(2, 3)}),
    "kantorovich": (analysis.kantorovich, {"largest": 3.0, "smallest": 1.0}),
    "OutputError": (losses_module.OutputError, {"at": "end"}),
    "InferenceLatency": (losses_module.InferenceLatency, {"delta": 0.1, "cap": 1.0}),
    "FeedbackAmount": (losses_module.FeedbackAmount, {"over": "end"}),
    "Energy": (losses_module.Energy, {"net": NET, "kind": "hopfield"}),
    "least_control": (
        losses_module.least_control,
        {"net": NET, "x": GOOD, "target": TARGET, "tolerance": 1e-2, "steps": 99},
    ),
    "least_control_of_small_errors": (
        losses_module.least_control_of_small_errors, {"net": NET, "x": GOOD, "target": TARGET},
    ),
    "linear_latency": (
        losses_module.linear_latency,
        {"e": np.ones((1, 2)), "M": np.eye(2), "k": 1.0, "delta": 0.1, "bounded": True},
    ),
    "latency_bounds": (
        losses_module.latency_bounds, {"e": np.ones((1, 2)), "M": np.eye(2), "k": 1, "delta": 0.1},
    ),
    "one_hot": (one_hot, {"labels": [0, 1], "classes": 3, "confidence": 0.9, "dtype": "float32"}),
    "toy_classes": (toy_classes, {"kind": "moons", "samples": 9, "noise": 0.1, "seed": 0}),
    "linear_teacher": (
        linear_teacher, {"samples": 9, "n_in": 2, "n_out": 2, "noise": 0.1, "seed": 0},
    ),
    "student_teacher": (
        student_teacher, {"samples": 9, "sizes": (2, 3, 2), "hidden": "tanh", "seed": 0},
    ),
    "fold": (lambda states: fold(states, Record()).time, {"states": []}),
    "step": (
        lambda net, updates: Adam().step(net.copy() if net is NET else net, updates),
        {"net": NET, "updates": ONES},
    ),
    **{
        f"{name} {what}": (
            lambda net, name=name, what=what: {
                "teaches": lambda: len(list(make_framework(name).teach(net, GOOD, TARGET))),
                "predicts": lambda: make_framework(name).predict(net, GOOD),
                "is accurate": lambda: make_framework(name).accuracy(net, GOOD, [0, 1, 2]),
            }[what](),
            {"net": NET},
        )
        for name in FRAMEWORKS
        for what in ("teaches", "predicts", "is accurate")
    },
    "save": (lambda path: NET.save(path), {"path": "/dev/null/never"}),
    "load": (lambda path: Network.load(path).weights, {"path": "never"}),
    "fit": (
        lambda **given: fit(NET.copy(), DeepFeedbackControl(steps=2), DifferentialHebbian(), GOOD,
                            [0, 1, 2], **({"epochs": 1, "progress": False} | given)).epochs,
        {"optimizer": None, "batch_size": 2, "validation": None, "confidence": 0.9, "seed": 0,
         "checkpoint": None, "resume": False, "callback": None},
    ),
}  # fmt: skip
ARGUMENTS = [(name, argument) for name, (_, good) in CALLS.items() for argument in good]


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
@given(value=st.one_of(JUNK, arrays()))
def test_every_public_callable_with_any_argument(name, argument, value):
    """It says which argument it cannot use, or returns something finite, and changes nothing."""
    call, good = CALLS[name]
    if argument in ("samples", "n_in", "n_out", "classes", "steps") and isinstance(value, int):
        value = min(value, 50)  # more is legitimate, and slow
    if argument in ("checkpoint", "path") and isinstance(value, str):
        return  # every text is the name of a file
    before = np.array(value, copy=True) if isinstance(value, np.ndarray) else value
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            result = call(**(good | {argument: value}))
        except CLEAR as error:
            assert len(str(error)) > 10
        else:
            numbers = isinstance(result, float | list | tuple | np.ndarray | Updates)
            whole = name in ("cosine", "angle") and not (np.any(value) and np.any(GOOD))
            if name == "angles_to_backprop" and not finite(result):
                at = {"net": NET, "x": GOOD, "target": TARGET} | {argument: value}
                at.pop("updates", None)
                gradient = analysis.backprop_updates(**at)
                moves = [
                    W.any() or b.any()
                    for W, b in zip(gradient.weights, gradient.biases, strict=True)
                ]
                whole = all(np.isfinite(a) or not m for a, m in zip(result, moves, strict=True))
            if numbers and name != "fit":
                assert whole or finite(result)  # (documented: no angle to zero)
    assert same(value, before)


@pytest.mark.parametrize(
    "dtype", ["01", b"(1,", "f4,,f4", {"names": ["a"]}, [("a", "f4"), ("a", "f4")], ("f4", -1)]
)
def test_dtypes_that_numpy_fails_to_parse(dtype):
    """NumPy answers some with a SyntaxError, some with a ValueError; people get the argument."""
    for call in (lambda: one_hot([0, 1], dtype=dtype), lambda: Network([2, 2], dtype=dtype)):
        with pytest.raises(ArgumentError, match=r"^dtype: got .*, expected .*float"):
            call()


def test_errors_come_home_from_other_processes():
    import pickle

    for error in (ArgumentError("x", [1], "2"), DivergenceError("It", 2, 3, "Stop."),
                  CheckpointError("f: full"), UndefinedCell("none")):  # fmt: skip
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error) and str(again) == str(error)
    assert pickle.loads(pickle.dumps(DivergenceError("It", 2, 3, "Stop."))).layer == 2


def test_cosines_of_huge_and_tiny_arrays():
    a = np.array([[3.0, 4.0]])
    assert analysis.cosine(a * 1e300, a * 1e-300) == pytest.approx(1)
    assert np.isnan(analysis.angle(a, a * 0))
    with pytest.raises(ArgumentError, match="b: got shapes"):
        analysis.angles(ONES, Updates(ONES.weights[:1], ONES.biases[:1]))


@pytest.mark.parametrize("name", ["k", "delta", "M", "e"])
@given(JUNK)
def test_linear_latency_with_any_argument(name, value):
    arguments = {"e": np.ones((1, 2)), "M": np.eye(2), "k": 1.0, "delta": 0.1}
    try:
        result = losses_module.linear_latency(**(arguments | {name: value}))
    except ArgumentError as error:
        assert name in str(error)
    else:
        assert finite(result)


@given(arrays(), st.sampled_from(["x", "y", "validation", "epochs", "batch_size", "seed",
                                  "confidence"]), JUNK)  # fmt: skip
def test_fit_with_any_argument(array, name, junk):
    arguments = {"x": GOOD, "y": np.array([0, 1, 2]), "epochs": 1, "batch_size": 2}
    value = array if name in ("x", "y", "validation") else junk
    if name in ("epochs",) and isinstance(value, int):
        value = min(value, 2)
    net = NET.copy()
    try:
        fit(net, DeepFeedbackControl(steps=3), DifferentialHebbian(), **(arguments | {name: value}),
            progress=False)  # fmt: skip
    except CLEAR as error:
        assert len(str(error)) > 10
    assert finite(net.weights)


def test_huge_but_finite_input_is_reported_not_returned_as_nan():
    for name in FRAMEWORKS:
        net = Network([4, 5, 4], "relu", seed=1)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                updates = RULES["hebbian"](0)(make_framework(name).teach(net, GOOD * 3e38, TARGET))
            except DivergenceError:
                continue
        assert finite(updates), name


def test_learn_lateral_and_learn_feedback_name_their_arguments():
    deb, dfc = DendriticMicrocircuit(lateral="learned"), DeepFeedbackControl("learned")
    for call in (deb.learn_lateral, dfc.learn_feedback):
        for bad in ({"x": np.zeros((0, 4))}, {"x": [[np.nan] * 4]}, {"rounds": 0}, {"rate": -1},
                    {"batch_size": 1.5}):  # fmt: skip
            with pytest.raises(ArgumentError, match=next(iter(bad))):
                call(NET, **({"x": GOOD} | bad))


def test_recording_copies():
    states = list(DeepFeedbackControl(steps=9, block=2).teach(NET, GOOD, TARGET))
    track, again = fold(DeepFeedbackControl(steps=9, block=2).teach(NET, GOOD, TARGET), Record(),
                        Record())  # fmt: skip
    track.rates[1][...] = 0
    assert np.abs(again.rates[1]).max() > 0 and len(states) > 1

"""Loops that swing are found, input by input; loops that settle, rise or fade raise no alarm."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hebblite import Network
from hebblite.errors import DivergenceError, OscillationError
from hebblite.frameworks import (
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
)
from hebblite.frameworks.oscillation import TAIL, check_oscillation, evenly
from hebblite.rules import DifferentialHebbian, Updates


def alarm(tail, first, **size) -> str:
    """What the check says of these errors; nothing if it says nothing."""
    try:
        check_oscillation("The loop", tail, first, 2, 50, "Lower k_p.", **size)
    except DivergenceError as error:
        assert (error.layer, error.step, error.advice) == (2, 50, "Lower k_p.")
        return str(error)
    return ""


t = np.arange(TAIL, dtype=float)
TRACKS = {  # of one number, in units of the first error
    "flips": ((-1.0) ** t * 0.1, "flips sign at every step"),
    "flips, but dies out": ((-0.8) ** t * 0.5, ""),
    "flips and grows": ((-1.05) ** t * 0.1, "flips sign at every step"),
    "swings slowly": (0.5 * np.sin(t / 3), "swings and does not settle"),
    "swings very slowly": (0.5 * np.sin(t / 4.5), "swings and does not settle"),
    "swings a little": (0.02 * np.sin(t / 3), ""),
    "swings and dies out": (0.8 ** (t - 32) * 0.01 * np.sin(t), ""),
    "rises": (1 - t / 64, ""),
    "decays": (np.exp(-t / 5), ""),
    "overshoots once": (np.exp(-t / 4) * np.cos(t / 3), ""),
    "is at rest": (0 * t, ""),
    "chatters in the last bit": (2.0**-50 * (t % 2), ""),
}


@pytest.mark.parametrize("name", TRACKS)
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("calm", [0, 1, 200])
def test_one_input_is_found_among_many(name, scale, calm):
    """Whatever the size of errors, and however many inputs are at rest beside it."""
    track, expected = TRACKS[name]
    rng = np.random.default_rng(0)
    way = np.array([0.6, -0.8])
    first = scale * np.concatenate([way[None], rng.normal(size=(calm, 2)) * 1e3])
    tail = np.zeros((TAIL, calm + 1, 2)) + 1e-9 * first
    tail[:, 0] = scale * track[:, None] * way
    said = alarm(tail, first)
    assert expected in said and bool(said) is bool(expected)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_rounding_is_no_swing(dtype):
    """Where the first error is nothing but rounding, and where it is exactly zero."""
    rng = np.random.default_rng(0)
    for size in (1.0, 1e5):
        chatter = size * np.finfo(dtype).eps * rng.integers(-2, 3, (TAIL, 4, 3))
        for first in (chatter[0], 0 * chatter[0]):
            assert not alarm(chatter.astype(dtype), first.astype(dtype), size=size)
            # A softmax of rates that are all 0 rounds as numbers of order 1 do.
            assert size > 1 or not alarm(chatter.astype(dtype), first.astype(dtype), size=0.0)
    swing = np.full((TAIL, 4, 3), 0.3) * (-1.0) ** t[:, None, None]
    assert "flips" in alarm(swing.astype(dtype), 0 * first)


@given(st.integers(1, 4), st.integers(0, 99))
def test_a_few_rows_tell_nothing(rows, seed):
    tail = np.random.default_rng(seed).normal(size=(rows, 2, 3))
    assert not alarm(tail, tail[0])


def test_huge_errors_do_not_overflow():
    tail = (np.float32(1e30) * (-1.0) ** t[:, None, None]).astype(np.float32)
    with np.errstate(all="raise"):
        assert "flips" in alarm(tail, tail[0])


# ---------------------------------------------------------------------- random loops


def loop(seed: int):
    """Errors (S+1, B, n_L) of a random loop that runs three times as long as its N steps; N.

    Nothing if it runs away."""
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(2, 20, rng.integers(2, 5))]
    hidden, output = str(rng.choice(["tanh", "sigmoid", "relu"])), rng.choice(["linear", "same"])
    net = Network(sizes, hidden, str(output), dtype="float64", seed=seed)
    x = rng.normal(size=(int(rng.integers(1, 9)), sizes[0]))
    target = rng.random((len(x), sizes[-1])) * rng.integers(2)  # 0 as often as not
    k_p = float(np.exp(rng.uniform(np.log(0.1), np.log(60))))
    steps = int(rng.choice([40, 60, 100, 200]))
    dt = float(rng.choice([0.001, 0.002, 0.005, 0.01]))
    # A loop with noise is never at rest, so it is not checked: this one has too little to matter.
    control = DeepFeedbackControl(k_p=k_p, dt=dt, steps=3 * steps, block=64, noise=1e-300)
    parts: list[np.ndarray] = []
    try:
        for block in control.teach(net, x, target, voltages=False):
            parts.append(block.error[1 if parts else 0 :].copy())
    except DivergenceError:
        return None
    return np.concatenate(parts), steps


def test_the_verdict_is_what_three_times_as_many_steps_show():
    """All loops at rest pass; of those that swing by 5 % of the first error a step, at the end and
    for ever after, at least 19 in 20 are found (measured: 98 of 100)."""
    found, swinging, resting = 0, 0, 0
    for made in filter(None, map(loop, range(240))):
        e, steps = made
        ways = np.linalg.norm(np.diff(e, axis=0), axis=2)
        ways /= np.maximum(np.linalg.norm(e[0], axis=1), 1e-12)
        now, later = ways[steps - 8 : steps].mean(axis=0), ways[-40:].mean(axis=0)
        said = alarm(e[steps + 1 - TAIL : steps + 1], e[0])
        if ((now > 0.05) & (later > 0.05)).any():
            swinging, found = swinging + 1, found + bool(said)
        elif max(now.max(), later.max()) < 0.005:
            resting += 1
            assert not said
    assert swinging >= 20 and resting >= 100 and found >= 0.95 * swinging


def test_a_loop_that_has_converged_on_a_target_of_zero_raises_no_alarm():
    """Nothing is left of its error but rounding, which is as large as its target."""
    control = DeepFeedbackControl(k_i=30, k_p=1, leak=0, steps=1500, dt=0.01, tau_v=0.02, block=100)
    for seed in range(60):
        net = Network([5, 8, 3], output="linear", dtype="float64", seed=seed)
        rng = np.random.default_rng(seed)
        for block in control.teach(net, rng.normal(size=(2, 5)), np.zeros((2, 3)), voltages=False):
            end = np.abs(block.error[-1]).max()
        assert end < 1e-14


# ---------------------------------------------------------------------- adaptive steps


def test_uneven_times_are_made_even():
    """A line stays a line, the last row is the last error, and a short phase is taken whole."""
    times = np.array([0.0, 0.1, 0.15, 0.4, 1.0])
    errors = [np.full((2, 3), 2 - time, np.float32) for time in times]
    for span, start in ((0.5, 0.5), (5.0, 0.0)):
        tail = evenly(times, errors, span)
        assert tail.shape == (TAIL, 2, 3) and tail.dtype == np.float32
        assert np.allclose(tail[:, 1, 2], 2 - np.linspace(start, 1, TAIL))
        assert np.array_equal(tail[-1], errors[-1])


def grown(seed: int) -> tuple[Network, np.ndarray, np.ndarray]:
    """A network whose upper weights have grown, with inputs and targets."""
    rng = np.random.default_rng(seed)
    sizes = [10, *(int(n) for n in rng.integers(8, 25, rng.integers(2, 4))), 5]
    net = Network(sizes, "tanh", str(rng.choice(["linear", "softmax"])), dtype="float64", seed=seed)
    for W in net.weights[1:]:
        W *= rng.choice([0.5, 1.5, 3.0, 5.0])
    target = np.full((6, 5), 0.02)
    target[np.arange(6), rng.integers(5, size=6)] = 0.92
    return net, 0.3 * rng.normal(size=(6, 10)), target


def ends(control: DeepFeedbackControl, net: Network, x, target, at: float) -> np.ndarray:
    """How far the error of each input goes in 2.5 ms, the mean over the 84 ms before ``at``
    seconds, in units of its first error."""
    parts = [
        block.error[1 if block.time[0] else 0 :].copy()
        for block in control.teach(net, x, target, voltages=False)
    ]
    e, end = np.concatenate(parts), round(at / control.dt)
    ways = np.linalg.norm(np.diff(e[end - 336 : end + 1 : 10], axis=0), axis=2)
    return ways.mean(axis=0) / np.linalg.norm(e[0], axis=1)


@pytest.mark.filterwarnings("ignore:Deep Feedback Control:RuntimeWarning")
def test_adaptive_steps_tell_how_many_inputs_swing():
    """Where equal steps of 0.25 ms are at rest after 300 and after 600 ms, none does. Where they
    swing by 10 % of the first error at both, nearly all do (measured: 21 of 21)."""
    found, swinging, resting = 0, 0, 0
    for seed in range(12):
        net, x, target = grown(seed)
        # (A loop with noise is not checked: this one has too little to matter.)
        short = DeepFeedbackControl(k_p=2, dt=0.25e-3, steps=2400, noise=1e-300)
        now, later = (ends(short, net, x, target, at) for at in (0.3, 0.6))
        control = DeepFeedbackControl(k_p=2, steps=300, adaptive=0.0003)
        for _ in control.teach(net, x, target, voltages=False):
            pass
        swings = int(((now > 0.1) & (later > 0.1)).sum())
        swinging, found = swinging + swings, found + min(control.swinging, swings)
        if max(now.max(), later.max()) < 0.005:
            resting += 1
            assert control.swinging == 0
    assert swinging >= 15 and resting >= 4 and found >= 0.9 * swinging


def swinging_loop() -> tuple[Network, np.ndarray, np.ndarray]:
    """The first of these networks on which the loop of adaptive steps swings."""
    for seed in range(24):
        made = grown(seed)
        control = DeepFeedbackControl(k_p=2, steps=300, adaptive=0.003)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for _ in control.teach(*made, voltages=False):
                pass
        if control.swinging:
            return made
    raise AssertionError("none swings")


def test_a_swing_is_a_warning_with_adaptive_steps_and_an_error_with_equal_ones():
    net, x, target = swinging_loop()
    adaptive = DeepFeedbackControl(k_p=2, steps=300, adaptive=0.003)
    with pytest.warns(RuntimeWarning, match="swings and does not settle.*Lower k_p"):
        for _ in adaptive.teach(net, x, target):
            pass
    assert adaptive.swinging > 0
    for small in net.weights:  # and none is left where the loop is weak
        small *= 0.1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in adaptive.teach(net, x, target):
            pass
    assert adaptive.swinging == 0


def test_the_error_tells_how_many_inputs_swing():
    tail = np.zeros((TAIL, 5, 1)) + 1e-9
    tail[:, [1, 3], 0] = 0.1 * (-1.0) ** t[:, None]
    with pytest.raises(OscillationError, match="flips sign") as caught:
        check_oscillation("The loop", tail, np.ones((5, 1)), 2, 50, "Lower k_p.")
    assert caught.value.inputs == 2
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value) and again.inputs == 2


# ---------------------------------------------------------------------- the microcircuit


def warned_of(control: DendriticMicrocircuit, seed: int, times: float) -> bool:
    """Whether a circuit whose weights are so many times those drawn warns that it swings."""
    net = Network((20, 30, 30, 5), "tanh", seed=seed)
    for W in net.weights:
        W *= times
    x, target = np.random.default_rng(seed).random((16, 20)), np.full((16, 5), 0.02)
    target[:, seed % 5] = 0.92
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for _ in control.teach(net, x, target, voltages=False):
            pass
    assert all("microcircuit: with some inputs it swings" in str(w.message) for w in told)
    assert len(told) <= 1
    return bool(told)


@pytest.mark.parametrize("block", [None, 1, 7])
def test_a_microcircuit_warns_if_it_swings_and_only_then(block):
    """Large weights make a loop of it: of 12 circuits that run for long, at least 10 warn (all do
    as measured). With weights as they are drawn, or twice that, none does."""
    long = DendriticMicrocircuit(steps=200, block=block)
    training = DendriticMicrocircuit(g_som=5.0, dt=0.0015, steps=30, block=block)
    seeds = range(12 if block is None else 3)
    assert sum(warned_of(long, seed, 10) for seed in seeds) >= len(seeds) * 10 / 12
    for control in (long, training):
        assert not any(warned_of(control, seed, times) for seed in seeds for times in (1, 2))
    assert long.swinging == 0  # of the last one, with weights as drawn


# ---------------------------------------------------------------------- Equilibrium Propagation


def nudged(control: EquilibriumPropagation, seed: int, times: float) -> tuple[int, Updates]:
    """On how many of 16 inputs a network swings whose weights above layer 1 are so many times those
    drawn, and what DH makes of it. A warning tells of it, and only then."""
    net = Network((20, 30, 30, 5), "sigmoid", output="softmax", seed=seed)
    for W in net.weights[1:]:
        W *= times
    x, target = np.random.default_rng(seed).random((16, 20)), np.full((16, 5), 0.02)
    target[:, seed % 5] = 0.92
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        update = DifferentialHebbian()(control.teach(net, x, target, voltages=False))
    assert all("Equilibrium Propagation: with some inputs" in str(w.message) for w in told)
    assert len(told) == (control.swinging > 0)
    return control.swinging, update


@pytest.mark.parametrize("block", [None, 1, 7])
def test_steps_too_long_for_large_weights_swing_and_short_ones_do_not(block):
    """The energy has a minimum, and steps of 0.5 go beyond it and back where weights are large: on
    40 networks of 40, as measured. Then some layer's update is wrong by a tenth at least (all
    were by a fifth). With a tenth of the step they come to rest, and so do weights as drawn."""
    long = EquilibriumPropagation(1.0, "centred", 40, 15, 0.5, block=block)
    short = EquilibriumPropagation(1.0, "centred", 400, 150, 0.05, block=block)
    found, seeds = 0, range(12 if block is None else 3)
    for seed in seeds:
        swings, update = nudged(long, seed, 15)
        still, right = nudged(short, seed, 15)
        assert still == 0
        found += swings > 0
        off = [np.linalg.norm(a - b) / np.linalg.norm(b)
               for a, b in zip(update.weights, right.weights, strict=True)]  # fmt: skip
        assert swings == 0 or max(off) > 0.1
        for times in (1, 2):
            assert nudged(long, seed, times)[0] == 0
    assert found >= len(seeds) * 10 / 12


def test_what_is_at_rest_does_not_swing_whatever_its_steps():
    """A phase may end early, at rest, or lead nowhere, where the prediction is the target."""
    net = Network((20, 30, 30, 5), "sigmoid", output="softmax", seed=0)
    x = np.random.default_rng(0).random((8, 20))
    for settings in ({"steady": 1e-6}, {"free_steps": 400}, {"nudge": 1e-6, "free_steps": 400}):
        ep = EquilibriumPropagation(step=0.5, **settings)
        for target in (ep.predict(net, x), np.full((8, 5), 0.2)):
            for _ in ep.teach(net, x, target):
                pass
            assert ep.swinging == 0
        for _ in ep.relax(net, x, np.full((8, 5), 0.2)):
            pass
        assert ep.swinging == 0

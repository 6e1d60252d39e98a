"""A batch in lanes: the same update as in one piece, on every core; and memory used again."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hebblite import STDP, Network, analysis, fold, lanes, losses, training
from hebblite.errors import ArgumentError, DivergenceError
from hebblite.experiments.cells import FRAMEWORKS, RULES, make_framework, why_undefined
from hebblite.frameworks import (
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    PredictiveCoding,
)
from hebblite.memory import aligned
from hebblite.rules import DifferentialHebbian, Rule
from hebblite.training import update

SIZES = (7, 6, 5, 3)


@pytest.fixture
def many(monkeypatch):
    """Three lanes however small the batch; the list grows by the lanes of each batch."""
    seen = []

    def watched(work, each):
        seen.append(len(each))
        return lanes.side_by_side(work, each)

    def three(batch, sizes):
        edges = [batch * i // 3 for i in range(4)]
        return [slice(*ends) for ends in itertools.pairwise(edges)]

    monkeypatch.setattr(training, "parts", three)
    monkeypatch.setattr(lanes, "cores", lambda: 3)
    monkeypatch.setattr(training, "side_by_side", watched)
    return seen


def problem(rows=11, seed=0, hidden="sigmoid", dtype="float64"):
    rng = np.random.default_rng(seed)
    net = Network(SIZES, hidden, dtype=dtype, seed=seed)
    target = np.full((rows, 3), 0.05)
    target[np.arange(rows), rng.integers(3, size=rows)] = 0.9
    return net, rng.random((rows, 7)), target


def arrays(updates):
    return [*updates.weights, *updates.biases]


@pytest.mark.parametrize(
    ("framework", "rule"),
    [
        (f, r)
        for f in FRAMEWORKS
        for r in RULES
        if f != "backprop" and r != "stdp" and why_undefined(f, r) is None
        # Their outputs pass twice the greatest free rate, which STDP cuts off, and each lane has
        # a greatest rate of its own.
        if not (r == "stdp-expected" and f in ("ep", "deb"))
    ],
)
@pytest.mark.parametrize("rows", [3, 11])
def test_lanes_give_the_update_of_the_batch_in_one_piece(many, framework, rule, rows):
    net, x, target = problem(rows)
    made = make_framework(framework)
    fold_whole, first_loss = RULES[rule](0), training.FreeLoss(net, target)
    whole, whole_loss = fold(made.teach(net, x, target), fold_whole, first_loss)
    in_lanes, loss = update(net, made, RULES[rule](0), x, target)
    assert many == [3]
    size = max(np.abs(a).max() for a in arrays(whole))
    for a, b in zip(arrays(in_lanes), arrays(whole), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-12 * size)
    np.testing.assert_allclose(loss, whole_loss, rtol=1e-12)


@pytest.mark.parametrize(
    "framework",
    [
        DeepFeedbackControl(noise=0.1, steps=10),
        DeepFeedbackControl(steady=1e-3, steps=10),
        DeepFeedbackControl(adaptive=0.01),
        DeepFeedbackControl("learned", steps=10),
        PredictiveCoding(nudge=1.0, steady=1e-3),
        EquilibriumPropagation(kind="random"),
        EquilibriumPropagation(start="last"),
        EquilibriumPropagation(steady=1e-3),
        DendriticMicrocircuit(lateral="learned"),
        DendriticMicrocircuit(steady=1e-3),
    ],
)
def test_what_concerns_the_batch_as_a_whole_stays_in_one_piece(many, framework):
    net, x, target = problem()
    update(net, framework, DifferentialHebbian(), x, target)
    assert many == []


def test_learned_feedback_goes_in_lanes_once_it_is_there(many):
    net, x, target = problem()
    dfc = DeepFeedbackControl("learned", steps=10)
    dfc.begin_epoch(net, x)
    update(net, dfc, DifferentialHebbian(), x, target)
    assert many == [3]


def test_a_rule_that_does_not_say_it_may_be_split_is_not(many):
    class Counting(Rule):
        batches = 0

        def absorb(self, block):
            pass

        def finish(self):
            self.batches += 1
            return super().finish()

    net, x, target = problem()
    rule = Counting()
    update(net, DeepFeedbackControl(steps=4), rule, x, target)
    assert many == [] and rule.batches == 1

    class Mine(DifferentialHebbian):
        """As somebody writes it in a notebook: who knows what it keeps."""

    class Pushed(DeepFeedbackControl):
        pass

    update(net, DeepFeedbackControl(steps=4), Mine(), x, target)
    update(net, Pushed(steps=4), DifferentialHebbian(), x, target)
    assert many == []


def test_spikes_of_lanes_follow_from_the_seed_and_have_the_right_mean(many):
    net, x, target = problem(9)
    dfc = DeepFeedbackControl(steps=30)
    first, again = STDP(seed=3), STDP(seed=3)
    one, two = update(net, dfc, first, x, target)[0], update(net, dfc, again, x, target)[0]
    assert all((a == b).all() for a, b in zip(arrays(one), arrays(two), strict=True))
    next_one = update(net, dfc, first, x, target)[0]
    assert any((a != b).any() for a, b in zip(arrays(one), arrays(next_one), strict=True))
    assert first.state() != again.state()

    exact = STDP(expected=True)(dfc.teach(net, x, target))
    draws = [update(net, dfc, STDP(seed=s), x, target)[0].weights[1] for s in range(400)]
    spread = np.std(draws, axis=0) / np.sqrt(len(draws))
    assert np.abs((np.mean(draws, axis=0) - exact.weights[1]) / spread).max() < 5
    apart = np.array(draws) - exact.weights[1]
    assert np.abs(np.mean(apart)) < 5 * np.std(draws) / np.sqrt(np.size(draws))


def test_a_failure_in_any_lane_is_told_and_the_next_batch_goes_on(many):
    net, x, target = problem(dtype="float32")
    good = update(net, DeepFeedbackControl(steps=5), DifferentialHebbian(), x, target)[0]
    x[-1] = 1e30  # in the last lane
    threads = [lib.num_threads for lib in lanes.blas().lib_controllers]
    wild = DeepFeedbackControl("random", k_p=1e12, steps=50)
    wild.Q = [np.full((n, 3), 1e25, np.float32) for n in SIZES[1:]]
    with pytest.raises(DivergenceError):
        update(net, wild, DifferentialHebbian(), x, target)
    assert threads == [lib.num_threads for lib in lanes.blas().lib_controllers]
    x = problem()[1]
    again = update(net, DeepFeedbackControl(steps=5), DifferentialHebbian(), x, target)[0]
    assert all((a == b).all() for a, b in zip(arrays(good), arrays(again), strict=True))


def test_threads_of_the_caller_do_not_get_in_each_others_way(many):
    net, x, target = problem()
    dfc = DeepFeedbackControl(steps=40)
    alone = update(net, dfc, DifferentialHebbian(), x, target)[0]
    found = []

    def learn():
        for _ in range(10):
            found.append(update(net, dfc, DifferentialHebbian(), x, target)[0])

    threads = [threading.Thread(target=learn) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 30
    for made in found:
        assert all((a == b).all() for a, b in zip(arrays(made), arrays(alone), strict=True))


@pytest.mark.parametrize("cores", [1, 2, 64])
def test_parts_cover_the_batch_once_on_any_number_of_cores(monkeypatch, cores):
    monkeypatch.setattr(lanes, "cores", lambda: cores)
    for batch in (1, 2, 5, 63, 64, 100, 128, 1000):
        for width in (1, 20, 256, 5000):
            cut = lanes.parts(batch, (784, width, width, 10))
            assert [i for part in cut for i in range(batch)[part]] == list(range(batch))
            lengths = [part.stop - part.start for part in cut]
            assert min(lengths) > 0 and (len(cut) == 1 or min(lengths) > lanes.INPUTS / 2)
            assert len(cut) == 1 or width >= 256
    assert len(lanes.parts(128, (784, 256, 256, 10))) == 2  # what two cores are to share


def test_results_come_in_the_order_of_the_lanes_whoever_is_first(monkeypatch):
    monkeypatch.setattr(lanes, "cores", lambda: 2)

    def work(i):
        time.sleep(0.02 if i == 0 else 0)
        assert lanes.blas().lib_controllers[0].num_threads == 1
        return i

    assert lanes.side_by_side(work, list(range(7))) == list(range(7))


def test_the_lane_that_fails_first_in_their_order_is_told_whoever_is_quicker(monkeypatch):
    monkeypatch.setattr(lanes, "cores", lambda: 2)
    begun = []

    def work(i):
        begun.append(i)
        time.sleep(0.05 if i == 0 else 0)
        raise ValueError(i)

    for _ in range(5):
        with pytest.raises(ValueError, match=r"^0$"):
            lanes.side_by_side(work, list(range(20)))
    assert len(begun) <= 10  # no lane begins after one has failed


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_process_forked_inside_has_its_threads_back_and_asks_anew():
    before = lanes.cores()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a fork with threads: the point
        with lanes.one_thread():
            child = os.fork()
    if child == 0:
        count = lanes.blas().lib_controllers[0].num_threads
        with lanes.one_thread():
            one = lanes.blas().lib_controllers[0].num_threads
        os._exit(0 if (count, one, lanes.cores()) == (before, 1, before) else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_one_thread_is_given_back_however_it_is_nested():
    before = lanes.cores()
    with lanes.one_thread():
        with lanes.one_thread():
            assert lanes.blas().lib_controllers[0].num_threads == 1 and lanes.cores() == before
        assert lanes.blas().lib_controllers[0].num_threads == 1
        with pytest.raises(ZeroDivisionError), lanes.one_thread():
            1 / 0  # noqa: B018
    assert lanes.blas().lib_controllers[0].num_threads == lanes.cores() == before


DIGEST = """
import hashlib
import numpy as np
from hebblite import Network, fit
from hebblite.experiments.cells import RULES, make_framework
from hebblite.frameworks import DeepFeedbackControl

rng = np.random.default_rng(0)
x, y = rng.random((260, 30), np.float32), rng.integers(10, size=260)
digest = hashlib.sha256()
for framework, rule in [("backprop", "gradient"), ("dfc", "dh"), ("dfc", "stdp"), ("pc", "dh"),
                        ("ep", "contrastive"), ("deb", "error-based")]:
    for sizes, batch in [((30, 200, 190, 10), 128), ((30, 40, 10), 64)]:
        net = Network(sizes, "sigmoid", seed=1)
        fit(net, make_framework(framework), RULES[rule](0), x, y, epochs=1, batch_size=batch,
            confidence=0.9, progress=False, validation=(x, y))
        for p in [*net.weights, *net.biases]:
            digest.update(p.tobytes())
digest.update(net.predict(rng.random((700, 30))).tobytes())
control = DeepFeedbackControl("learned", steps=9)
control.learn_feedback(Network((300, 400, 300, 10)), rng.random((300, 300)), rounds=3)
jacobian = DeepFeedbackControl(steps=99)
digest.update(b"".join(Q.tobytes() for Q in control.Q))
for block in jacobian.teach(Network((30, 300, 290, 10)), x, np.full((260, 10), 0.1)):
    digest.update(b"".join(r.tobytes() for r in block.rates))
print(digest.hexdigest())
"""


def test_the_same_bits_on_any_number_of_cores():
    """What ``train``, ``matrix`` and the notebooks do, in processes with 1, 2 and 4 threads."""
    found = {}
    for threads in ("1", "2", "4"):
        names = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
        given = os.environ | dict.fromkeys(names, threads)
        command = [sys.executable, "-c", DIGEST]
        run = subprocess.run(command, capture_output=True, text=True, env=given, check=True)
        found[threads] = run.stdout.strip()
    assert len(set(found.values())) == 1 and len(found["1"]) == 64


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_has_lanes_of_its_own(many):
    net, x, target = problem()
    dfc = DeepFeedbackControl(steps=5)
    mine = update(net, dfc, DifferentialHebbian(), x, target)[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a fork with threads: the point
        child = os.fork()
    if child == 0:
        its = update(net, dfc, DifferentialHebbian(), x, target)[0]
        same = all((a == b).all() for a, b in zip(arrays(mine), arrays(its), strict=True))
        os._exit(0 if same and many == [3, 3] else 1)
    deadline = time.monotonic() + 20
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)
    assert status == 0


@pytest.mark.parametrize("bad", ["net", "framework", "rule", "x", "target"])
def test_update_names_the_argument_it_cannot_use(bad):
    net, x, target = problem()
    given = {"net": net, "framework": DeepFeedbackControl(), "rule": DifferentialHebbian(),
             "x": x, "target": target}  # fmt: skip
    for wrong in (None, "no", [[1, 2], [3]], np.full((11, 7), np.nan), np.zeros((3, 4))):
        with pytest.raises(ArgumentError, match=bad):
            update(**(given | {bad: wrong}))


# ---------------------------------------------------------------------- memory


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), max_size=60))
def test_memory_in_use_is_never_handed_out(steps):
    """Keep arrays, views of arrays and views of views; drop some; what is kept keeps its values."""
    kept = []
    for kind, number in steps:
        if kind == 0 and kept:
            kept.pop(number % len(kept))
            continue
        made = aligned((1 + number % 3, 4), np.dtype(np.float32))
        assert made.ctypes.data % 64 == 0
        made[...] = len(kept) + 1000 * number
        view = [made, made[1:], made.reshape(-1)[::2], made.T][kind]
        kept.append((view, view.copy()))
        del made, view
    for view, copy in kept:
        np.testing.assert_array_equal(view, copy)


def test_memory_that_nobody_uses_is_used_again():
    made = aligned((123, 45), np.dtype(np.float32))
    where = made.ctypes.data
    other = aligned((123, 45), np.dtype(np.float32))
    assert other.ctypes.data != where
    del made
    assert aligned((45, 123), np.dtype(np.int32)).ctypes.data == where


# ---------------------------------------------------------------------- what is worked out apart


def losses_and_loops():
    net = Network((6, 5, 4, 3), hidden="sigmoid", output="linear", seed=0)
    rng = np.random.default_rng(0)
    x, target = rng.normal(size=(4, 6)), rng.normal(size=(4, 3))
    e = target - net.predict(x)
    M = analysis.loops(net, x)
    M = (M + M.swapaxes(1, 2)) / 2 + 9 * np.eye(3)
    return {
        "least_control": lambda: losses.least_control(net, x, target),
        "least_control_of_small_errors": lambda: losses.least_control_of_small_errors(
            net, x, target
        ),
        "linear_latency": lambda: losses.linear_latency(e, M, 1.0, 0.01),
        "latency_bounds": lambda: losses.latency_bounds(e, M, 1.0, 0.01),
        "latency_gradient": lambda: losses.latency_gradient(net, x, target, 1.0, 0.01),
        "all_losses": lambda: losses.all_losses(net, x, target),
        "settle": lambda: losses.settle(net, x),
        "states_of_rest": lambda: losses.states_of_rest(net, x, starts=3),
        "jacobians": lambda: analysis.jacobians(net, x),
        "preconditioners": lambda: analysis.preconditioners(net, x),
        "loops": lambda: analysis.loops(net, x),
        "loop_spectrum": lambda: analysis.loop_spectrum(net, x),
    }


@pytest.mark.parametrize("name", losses_and_loops())
def test_matrices_are_worked_with_on_one_thread(name, monkeypatch):
    """BLAS threads that wait for a busy core make a solve of many small systems tens of times
    slower."""
    seen = []

    def spy(module, what):
        real = getattr(module, what)

        def worked(*given, **settings):
            seen.append([library.num_threads for library in lanes.blas().lib_controllers])
            return real(*given, **settings)

        monkeypatch.setattr(module, what, worked)

    for what in ("solve", "eigh", "eigvalsh", "norm"):
        spy(np.linalg, what)
    for what in ("einsum", "diagonal", "concatenate", "broadcast_to", "ones_like", "asarray"):
        spy(np, what)
    work = losses_and_loops()[name]
    seen.clear()
    with lanes.blas().limit(limits=2):
        work()
        after = [library.num_threads for library in lanes.blas().lib_controllers]
    assert after == [2] * len(after), "it is given back"
    assert seen and all(count == 1 for counts in seen for count in counts)

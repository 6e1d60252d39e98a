"""Blocks: what may be kept of a stream that has ended, and what a copy of a block holds."""

from __future__ import annotations

import contextlib
import copy
import pickle

import numpy as np
import pytest

from hebblite import Block, Network, Record
from hebblite.activations import ACTIVATIONS
from hebblite.frameworks import (
    Backprop,
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    PredictiveCoding,
)
from hebblite.rules import DifferentialHebbian
from hebblite.stream import is_constant

SERIES = ("rates", "voltages", "basal", "apical")
FRAMEWORKS = {
    "backprop": Backprop(),
    **{f"dfc {f}": DeepFeedbackControl(f, steps=21, block=4)
       for f in ("jacobian", "dynamic", "transpose", "random", "learned")},
    "dfc noise": DeepFeedbackControl(noise=0.1, steps=21, block=4),
    "dfc steady": DeepFeedbackControl(k_p=0.5, k_i=5, steady=0.1, block=4),
    "dfc one block": DeepFeedbackControl(steps=5, block=64),
    "dfc blocks of one": DeepFeedbackControl(steps=5, block=1),
    "dfc adaptive": DeepFeedbackControl(adaptive=0.01, block=4),
    "pc clamped": PredictiveCoding(steps=21, block=4),
    "pc nudged": PredictiveCoding(steps=21, block=4, nudge=0.3),
    "pc precision": PredictiveCoding(steps=21, block=4, precision=0.5, halve=False),
    "pc steady": PredictiveCoding(steps=900, block=4, steady=1e-2, step=0.2),
    **{f"ep {k} {s}": EquilibriumPropagation(kind=k, start=s, block=4)
       for k, s in (("one-sided", "feedforward"), ("centred", "rest"), ("random", "last"))},
    "ep steady": EquilibriumPropagation(steady=1e-2, nudged_steps=90, block=4),
    **{f"deb {t} {l}": DendriticMicrocircuit(top_down=t, lateral=l, steps=21, block=4)
       for t in ("transpose", "random") for l in ("self-predicting", "learned")},
    "deb steady": DendriticMicrocircuit(steady=1e-2, steps=400, block=4),
}  # fmt: skip


def stream(name, voltages=True, output="softmax", dtype="float64"):
    """A stream of that framework, over blocks of four steps where it can."""
    rng = np.random.default_rng(3)
    net = Network([6, 8, 7, 4], output=output, dtype=dtype, seed=5)
    x, target = rng.normal(size=(9, 6)), rng.dirichlet(np.ones(4), 9) * 0.9 + 0.025
    return FRAMEWORKS[name].teach(net, x, target, voltages)


def whole(block: Block) -> dict[str, np.ndarray]:
    """Everything a block holds, copied."""
    holds = {"time": block.time.copy(), "error": block.error.copy()}
    for name in SERIES:
        with contextlib.suppress(ValueError):  # voltages, and what is made of them: not kept
            holds |= {f"{name}[{l}]": np.array(a) for l, a in enumerate(getattr(block, name))}
    return holds


@pytest.mark.parametrize("output", ["softmax", "same"])
@pytest.mark.parametrize("voltages", [True, False])
@pytest.mark.parametrize("name", FRAMEWORKS)
def test_the_last_block_stays_as_it_was_when_its_stream_has_ended(name, voltages, output):
    """Row 0 too, and the drives that are made when somebody first reads them."""
    last = seen = None
    for block in stream(name, voltages, output):
        last, seen = block, whole(block)
    fresh = list(stream(name, voltages, output))[-1]  # nothing of this one was read before its end
    for held in (last, fresh) if "random" not in name and "noise" not in name else (last,):
        now = whole(held)
        assert now.keys() == seen.keys() >= {"time", "error", "rates[3]", "basal[2]"}
        for part, array in now.items():
            assert np.array_equal(array, seen[part]), part


# ---------------------------------------------------------------------- pickles and deep copies

COPIES = {"pickle": lambda block: pickle.loads(pickle.dumps(block)), "deepcopy": copy.deepcopy,
          "twice": lambda block: copy.deepcopy(pickle.loads(pickle.dumps(block)))}  # fmt: skip


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("voltages", [True, False])
@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_block_and_its_copy_hold_the_same(name, voltages, how):
    for block in stream(name, voltages):
        other, now = COPIES[how](block), whole(block)
        again = whole(other)
        assert again.keys() == now.keys()
        assert all(np.array_equal(again[part], now[part]) for part in now)
        assert other.activations == block.activations and other.steady == block.steady
        assert other.apical_when_free is block.apical_when_free
        assert is_constant(other.rates[0]) is is_constant(block.rates[0])
        if name != "backprop" and not voltages:
            with pytest.raises(ValueError, match="not kept; ask for them"):
                other.voltages[0]
        end, end_of_copy = whole(block.end()), whole(other.end())
        assert all(np.allclose(end_of_copy[part], end[part]) for part in end)


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("name", ["dfc jacobian", "pc nudged", "ep centred rest", "dfc adaptive"])
def test_copies_of_blocks_outlive_their_stream(name, how):
    """So a rule learns the same from them, bit for bit, when the stream has ended."""
    rule, copies = DifferentialHebbian(), [COPIES[how](block) for block in stream(name)]
    for one, other in zip(rule(stream(name)).weights, rule(iter(copies)).weights, strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_a_recorded_stream_can_be_pickled(hidden):
    net = Network([3, 4, 2], hidden, dtype="float64")
    track = Record()(DeepFeedbackControl(steps=9).teach(net, np.ones((2, 3)), np.eye(2)))
    again = pickle.loads(pickle.dumps(track))
    assert again.activations == net.activations
    assert all(np.array_equal(array, whole(again)[part]) for part, array in whole(track).items())
    # The input, which does not move, is kept once and not at every step.
    long = Record()(DeepFeedbackControl(steps=200).teach(Network([5000, 2]), np.ones((2, 5000)),
                                                         np.eye(2)))  # fmt: skip
    assert len(pickle.dumps(long)) < 200_000

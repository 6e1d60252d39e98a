"""The error that frameworks read at every step, where voltages jump by hundreds between two."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hebblite import Network
from hebblite.activations import softmax
from hebblite.frameworks import PredictiveCoding
from hebblite.frameworks.base import error_reader


@given(st.sampled_from(["float32", "float64"]), st.integers(1, 5), st.integers(0, 999))
def test_the_error_of_a_softmax_is_right_after_any_jump(dtype, batch, seed):
    rng = np.random.default_rng(seed)
    target = rng.dirichlet(np.ones(4), batch).astype(dtype)
    read = error_reader(Network([3, 4], dtype=dtype), target)
    error = np.empty_like(target)
    for _ in range(40):
        # Some inputs jump, up or down, as far as a voltage may: the others stay where they are.
        jump = (
            10 ** rng.uniform(0, 4) * rng.normal(size=(batch, 1)) * rng.integers(2, size=(batch, 1))
        )
        r = (rng.normal(size=(batch, 4)) + jump).astype(dtype)
        with np.errstate(all="ignore"):
            read(r, error)
        # (A shift that is off by the range of exp costs as many bits as that number has.)
        info = np.finfo(dtype)
        assert np.abs(error - (target - softmax(r))).max() < 2 * info.eps * np.log(info.max)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("nudge", [1e4, 1e6])
def test_a_strong_nudge_puts_a_softmax_on_its_target(dtype, nudge, small):
    _, x, target = small
    net = Network([6, 8, 7, 4], dtype=dtype, seed=5)
    for block in PredictiveCoding(nudge=nudge, steps=200).teach(net, x, target):
        end = block.error[-1]
    assert np.abs(end).max() < 10 / nudge

"""What the tests share: random networks, and whether a missing tool may skip a test."""

from __future__ import annotations

import os
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import reject, settings
from hypothesis import strategies as st

from hebblite import Block, Network, fold
from hebblite.activations import ACTIVATIONS
from hebblite.errors import DivergenceError

ROOT = Path(__file__).resolve().parent.parent

#: How many examples of each property, drawn anew. Unset: 40, always the same ones.
EXAMPLES = os.environ.get("HEBBLITE_EXAMPLES")

settings.register_profile("same", deadline=None, max_examples=40, derandomize=True)
settings.register_profile("anew", deadline=None, max_examples=int(EXAMPLES or 40))
settings.register_profile("few", deadline=None, max_examples=10, derandomize=True)  # pythons.py
settings.load_profile("anew" if EXAMPLES else "same")


def pytest_addoption(parser) -> None:
    parser.addoption(
        "--share", default="1/1", metavar="I/N",
        help="of the variants of a parametrised test only the I-th of N shares; all other tests",
    )  # fmt: skip


def pytest_collection_modifyitems(config, items) -> None:
    """Variants go to the shares by their names, the same on every Python."""
    which, of = map(int, config.getoption("--share").split("/"))
    mine, others = [], []
    for item in items:
        variant = hasattr(item, "callspec") and crc32(item.nodeid.encode()) % of != which - 1
        (others if variant else mine).append(item)
    if others:
        items[:] = mine
        config.hook.pytest_deselected(items=others)


def skip_or_fail(reason: str) -> None:
    """Skip on a learner's machine; fail where CI promises that everything is installed."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser():
    """The system's Chromium, for axe and for real JupyterLab."""
    from browser import CHROMIUM, chromium

    try:
        import axe_playwright_python  # noqa: F401
        import playwright  # noqa: F401
    except ImportError as error:
        skip_or_fail(f"{error.name} is not installed")
    if not CHROMIUM:
        skip_or_fail("Chromium is not installed")
    with chromium() as browser:
        yield browser


def fold_stable(states, *folds):
    """``fold``, for statements about loops that run neither away nor in circles: an example that
    does is not one of theirs."""
    try:
        return fold(states, *folds)
    except DivergenceError:
        reject()


@st.composite
def problems(draw, depth=(1, 4), outputs=("softmax", "linear", "same"), batch=(1, 5)):
    """A float64 network of random shape, with inputs and targets: (net, x, target)."""
    layers = draw(st.integers(*depth))
    sizes = draw(st.lists(st.integers(1, 7), min_size=layers + 1, max_size=layers + 1))
    sizes[-1] = max(sizes[-1], 2)
    net = Network(
        sizes,
        hidden=draw(st.sampled_from(["tanh", "sigmoid", "relu", "linear"])),
        output=draw(st.sampled_from(outputs)),
        dtype="float64",
        seed=draw(st.integers(0, 10_000)),
    )
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    for bias in net.biases:
        bias[:] = rng.normal(0, 0.3, bias.shape)
    rows = draw(st.integers(*batch))
    x = rng.normal(size=(rows, sizes[0]))
    target = np.eye(sizes[-1])[rng.integers(sizes[-1], size=rows)]
    return net, x, target


def pair(post, pre, dt, linear=False):
    """A stream of one block: one synapse from a neuron with rates pre to one with rates post."""
    post, pre = np.asarray(post, float), np.broadcast_to(np.asarray(pre, float), np.shape(post))
    phi = ACTIVATIONS["linear" if linear else "sigmoid"]
    r = [pre.reshape(-1, 1, 1), post.reshape(-1, 1, 1)]
    if np.ptp(pre) == 0:
        r[0] = np.broadcast_to(r[0][0], r[0].shape)
    return [Block(np.arange(len(post)) * dt, r, [r[1]], [r[1]], [r[1]], r[1], [phi])]


@pytest.fixture
def small():
    """One fixed problem: (net, x, target)."""
    rng = np.random.default_rng(3)
    net = Network([6, 8, 7, 4], dtype="float64", seed=5)
    return net, rng.normal(size=(9, 6)), np.eye(4)[rng.integers(4, size=9)]

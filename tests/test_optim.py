"""The optimizers: their equations, whatever is folded or cut for speed; and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hebblite import SGD, Adam, Network, optim
from hebblite.errors import ArgumentError, DivergenceError
from hebblite.finite import all_finite
from hebblite.rules import Updates


def made(net, seed, size=1.0):
    rng = np.random.default_rng(seed)

    def like(arrays):
        return [(size * rng.normal(size=a.shape)).astype(a.dtype) for a in arrays]

    return Updates(like(net.weights), like(net.biases))


def params(net):
    return [*net.weights, *net.biases]


@given(
    st.floats(0, 0.99), st.floats(0, 0.9999), st.floats(-12, -2), st.integers(0, 99),
    st.floats(-8, 2), st.integers(1, 12),
)  # fmt: skip
def test_adam_follows_its_equations_as_they_were_published(beta1, beta2, eps, seed, size, steps):
    """Kingma & Ba 2015, Algorithm 1, line by line."""
    net = Network([3, 4, 2], dtype="float64", seed=seed)
    adam, eps = Adam(0.01, (beta1, beta2), 10**eps), 10**eps
    p = [a.copy() for a in params(net)]
    m, v = [a * 0 for a in p], [a * 0 for a in p]
    for t in range(1, steps + 1):
        updates = made(net, seed + t, 10**size)
        adam.step(net, updates)
        for i, g in enumerate([*updates.weights, *updates.biases]):
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g**2
            m_hat, v_hat = m[i] / (1 - beta1**t), v[i] / (1 - beta2**t)
            p[i] += 0.01 * m_hat / (np.sqrt(v_hat) + eps)
    for a, b in zip(params(net), p, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("kind", [lambda: SGD(0.1, 0.5), Adam])
@pytest.mark.parametrize("together", [1, 7, 100])
def test_how_many_numbers_go_together_changes_no_bit(monkeypatch, kind, together):
    nets = [Network([9, 8, 5], seed=1) for _ in range(2)]
    for net, many in zip(nets, (together, 10**6), strict=True):
        monkeypatch.setattr(optim, "TOGETHER", many)
        optimizer = kind()
        for seed in range(3):
            optimizer.step(net, made(net, seed))
    assert all(map(np.array_equal, params(nets[0]), params(nets[1])))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("eps", [1e-8, 1e-45, 1e-300])
def test_a_weight_whose_update_is_always_zero_stays(dtype, eps):
    """Also with an eps that float32 cannot hold: no 0 / 0."""
    net, adam = Network([2, 3, 2], dtype=dtype), Adam(eps=eps)
    before = net.weights[0][0].copy()
    for seed in range(3):
        updates = made(net, seed, 1e-3)
        updates.weights[0][0] = 0
        adam.step(net, updates)
    assert np.array_equal(net.weights[0][0], before)
    assert all(np.isfinite(p).all() for p in params(net))


@pytest.mark.parametrize(
    ("kind", "steps"),
    [
        (lambda: SGD(0.1, 0.9), 2000), (lambda: SGD(0.1, 0.5), 400), (lambda: SGD(0.1), 3),
        (Adam, 2000), (lambda: Adam(betas=(0.5, 0.6)), 400), (lambda: Adam(betas=(0.0, 0.9)), 2000),
        (lambda: Adam(betas=(0.8, 0.9)), 2000), (lambda: Adam(betas=(0.9, 0.95), eps=1e-40), 2000),
    ],
)  # fmt: skip
def test_what_fades_away_does_not_linger_among_the_slow_numbers(kind, steps):
    """A silent neuron's means shrink for ever: without care, each epoch takes longer than the one
    before. The weights must not notice."""
    net, exact, least = (
        Network([2, 3, 2]),
        Network([2, 3, 2]).astype("float64"),
        np.float32(1.2e-38),
    )
    mine, reference = kind(), kind()
    for t in range(steps):
        updates = made(net, t % 5, 1e-3 if t < 5 else 0.0)
        updates.weights[1] = made(net, t % 5, 1e-3).weights[1]  # the others learn on
        mine.step(net, updates)
        wide = [[a.astype(float) for a in part] for part in (updates.weights, updates.biases)]
        reference.step(exact, Updates(*wide))
    assert mine.memory[0].size and all(((m == 0) | (np.abs(m) >= least)).all() for m in mine.memory)
    np.testing.assert_allclose(net.weights[0], exact.weights[0], rtol=1e-4)


def test_tiny_updates_that_last_are_not_taken_for_faded():
    net, adam = Network([2, 3, 2]), Adam(eps=1e-40)
    before = net.weights[0].copy()
    for _ in range(200):
        adam.step(net, Updates([np.full_like(W, 1e-19) for W in net.weights],
                               [np.full_like(b, 1e-19) for b in net.biases]))  # fmt: skip
    np.testing.assert_allclose(net.weights[0] - before, 200 * 1e-3, rtol=1e-2)


@pytest.mark.parametrize("order", ["F", "view", "T"])
@pytest.mark.parametrize("kind", [SGD, Adam])
def test_weights_in_any_order_are_changed_in_place(order, kind):
    plain, net = Network([6, 4, 3], seed=2), Network([6, 4, 3], seed=2)
    W = net.weights[0]
    if order == "view":
        mine = np.zeros((8, 12), W.dtype)[::2, ::2]
    else:
        mine = np.empty((4, 6), W.dtype, "F") if order == "F" else np.empty((6, 4), W.dtype).T
    mine[...] = W
    net.weights[0] = mine
    for one in (plain, net):
        optimizer = kind()
        for seed in range(3):
            optimizer.step(one, made(plain, seed))
    assert net.weights[0] is mine and np.array_equal(mine, plain.weights[0])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(("kind", "l"), [("weights", 0), ("weights", 1), ("biases", 1)])
def test_an_update_that_is_not_finite_changes_nothing(bad, kind, l):
    net, adam = Network([3, 4, 2]), Adam()
    adam.step(net, made(net, 0))
    before = [p.copy() for p in params(net) + adam.memory]
    updates = made(net, 1)
    getattr(updates, kind)[l].flat[-1] = bad
    with pytest.raises(DivergenceError) as caught:
        adam.step(net, updates)
    assert caught.value.layer == l + 1 and adam.steps == 1
    assert all(map(np.array_equal, before, params(net) + adam.memory))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_finite_is_finite_however_large(dtype):
    top = np.finfo(dtype).max
    for a in (np.full((3, 4), top, dtype), np.full(5, -top, dtype), np.zeros((2, 2), dtype),
              np.ones((6, 6), dtype)[::2, ::3], np.full((4, 3), top, dtype).T):  # fmt: skip
        assert all_finite(a)
        for bad in (np.nan, np.inf, -np.inf):
            for at in (0, -1):
                worse = a.copy()
                worse.flat[at] = bad
                assert not all_finite(worse)


def test_memory_belongs_to_the_network_it_began_with():
    adam = Adam()
    adam.step(Network([3, 4, 2]), made(Network([3, 4, 2]), 0))
    for sizes in ([3, 5, 2], [3, 4, 4, 2], [4, 3, 2]):
        with pytest.raises(ArgumentError, match="net: got sizes"):
            adam.step(Network(sizes), made(Network(sizes), 0))
        with pytest.raises(ArgumentError, match="net: got sizes"):
            adam.check(Network(sizes))
    adam.check(Network([3, 4, 2], seed=9))

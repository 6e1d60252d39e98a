"""Toy tasks for pictures and proofs: small, seeded, made on the spot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import ArgumentError, check_choice, check_count, check_number, check_seed

Array = np.ndarray
KINDS = ("moons", "rings", "spirals", "blobs")


def toy_classes(
    kind: str = "moons", samples: int = 200, noise: float = 0.1, seed: int = 0
) -> tuple[Array, Array]:
    """Two classes in the plane: points float32 (samples, 2) and labels 0 or 1, int64 (samples,).

    kind: moons, rings, spirals or blobs, each within about [-2, 2]. noise: standard deviation of
    the Gaussian scatter. The classes differ by one sample at most.
    """
    kind = check_choice("kind", kind, KINDS)
    samples = check_count("samples", samples, least=2)
    noise = check_number("noise", noise, least=0, most=1e6)
    rng = np.random.default_rng(check_seed("seed", seed))
    y = rng.permutation(np.arange(samples) % 2)
    t = rng.uniform(0, 1, samples)
    sign = 1 - 2 * y
    if kind == "moons":
        x = np.stack([np.cos(np.pi * t) * sign + 0.5 * (2 * y - 1), np.sin(np.pi * t) * sign], 1)
        x[:, 1] += 0.25 * (2 * y - 1)
    elif kind == "rings":
        radius = np.where(y == 0, 0.6, 1.5)
        x = radius[:, None] * np.stack([np.cos(2 * np.pi * t), np.sin(2 * np.pi * t)], 1)
    elif kind == "spirals":
        turn, radius = 3 * np.pi * np.sqrt(t), 1.8 * np.sqrt(t)
        x = (sign * radius)[:, None] * np.stack([np.cos(turn), np.sin(turn)], 1)
    else:
        x = np.stack([sign * 1.0, sign * 0.5], 1)
    x = x + noise * rng.standard_normal(x.shape)
    return x.astype(np.float32), y.astype(np.int64)


def linear_teacher(
    samples: int = 200, n_in: int = 5, n_out: int = 3, noise: float = 0.0, seed: int = 0
) -> tuple[Array, Array, Array]:
    """x (samples, n_in), target = x W^T + noise (samples, n_out), and W (n_out, n_in), float32.

    W has entries of variance 1 / n_in, so that the targets have unit variance.
    """
    samples, n_in = check_count("samples", samples), check_count("n_in", n_in)
    n_out, noise = check_count("n_out", n_out), check_number("noise", noise, least=0, most=1e6)
    rng = np.random.default_rng(check_seed("seed", seed))
    W = rng.normal(0, n_in**-0.5, (n_out, n_in))
    x = rng.standard_normal((samples, n_in))
    target = x @ W.T + noise * rng.standard_normal((samples, n_out))
    return x.astype(np.float32), target.astype(np.float32), W.astype(np.float32)


def student_teacher(
    samples: int = 200, sizes: Sequence[int] = (5, 20, 3), hidden: str = "tanh", seed: int = 0
) -> tuple[Array, Array]:
    """x (samples, n_0) and the outputs (samples, n_L) of a random nonlinear network, float32.

    sizes: the teacher's layers. Its output is linear. Its hidden units are driven twice as hard as
    a fresh network's would be by x, so that the task is far from linear: the target is
    Network(sizes, hidden, output="linear", seed=seed).predict(2 * x).
    """
    from ..network import Network  # here, since the network's trainer itself reads this package

    samples = check_count("samples", samples)
    if not np.iterable(sizes) or len(list(sizes)) < 3:
        raise ArgumentError("sizes", repr(sizes), "at least one hidden layer")
    teacher = Network(sizes, hidden, output="linear", seed=seed)
    rng = np.random.default_rng([seed, 1])
    x = rng.standard_normal((samples, teacher.sizes[0])).astype(np.float32)
    return x, teacher.predict(2 * x)

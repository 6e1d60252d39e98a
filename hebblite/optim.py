"""Optimizers: the only place where weights change. They add; the updates are descent directions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from .errors import ArgumentError, DivergenceError, check_kind, check_number
from .finite import all_finite
from .network import Network
from .rules import Updates

Array = np.ndarray


#: Numbers that go through all lines of an equation together, while they are in the cache.
TOGETHER = 32768

#: How many times the least number of full precision counts as nothing.
NEAR = 1e4


class Optimizer:
    """One ``step`` per batch. Its memory (momenta) belongs to the first network it steps."""

    #: Arrays of memory per parameter.
    slots = 0

    def __init__(self, lr: float) -> None:
        self.lr = check_number("lr", lr, above=0, most=1e6)
        self.steps = 0
        self.memory: list[Array] = []

    def step(self, net: Network, updates: Updates) -> None:
        """Change the weights and biases of ``net`` in place.

        Raises ArgumentError if an update has not the shape of its weights, and DivergenceError if
        one is not finite: then nothing has been changed.
        """
        self.check(net)
        check_kind("updates", updates, Updates)
        params, changes = net.weights + net.biases, updates.weights + updates.biases
        if len(updates.weights) != net.depth or len(changes) != len(params):
            raise ArgumentError("updates", f"{len(updates.weights)} layers", f"{net.depth} layers")

        def name(i: int) -> str:
            return f"updates.{'weights' if i < net.depth else 'biases'}[{i % net.depth}]"

        for i, (p, g) in enumerate(zip(params, changes, strict=True)):
            if np.shape(g) != p.shape:
                raise ArgumentError(name(i), f"shape {np.shape(g)}", f"shape {p.shape}")
            if not isinstance(g, np.ndarray) or g.dtype.kind not in "fiub" or np.ma.is_masked(g):
                got = "a masked array" if np.ma.is_masked(g) else f"{type(g).__name__}"
                raise ArgumentError(name(i), got, "an array of real numbers, none masked")
            if not all_finite(g):
                raise DivergenceError(
                    "The update", i % net.depth + 1, self.steps, "Lower the learning rate."
                )
        if not self.memory:
            self.memory = [np.zeros_like(p) for p in params for _ in range(self.slots)]
        self.steps += 1
        for i, (p, g) in enumerate(zip(params, changes, strict=True)):
            memory = self.memory[i * self.slots : (i + 1) * self.slots]
            for rows in _rows(p):
                self._add(p[rows], g[rows], [m[rows] for m in memory])

    def check(self, net: Network) -> None:
        """ArgumentError unless this is the network that the optimizer began with, or it is new."""
        check_kind("net", net, Network)
        params = net.weights + net.biases
        if self.memory and [m.shape for m in self.memory] != [
            p.shape for p in params for _ in range(self.slots)
        ]:
            raise ArgumentError(
                "net", f"sizes {net.sizes}", "the network this optimizer began with (or a new one)"
            )

    def _add(self, p: Array, g: Array, memory: list[Array]) -> None:
        """Change some rows of a parameter, in place, by those of its update."""
        raise NotImplementedError

    def _forget(self, decay: float, m: Array, s: Array | None = None) -> None:
        """Put to zero what has faded from a mean ``m`` that shrinks by ``decay`` a step, and then
        from ``s``, which counts for nothing where m is zero.

        Where nothing is added any more, as to the weights of a neuron that is always silent, means
        shrink below 1e-38 in float32. A processor takes a hundred times as long for such numbers,
        and 0.9 times the least of them is itself again, for ever. It is enough to look before the
        shrinking has used up a factor of NEAR."""
        every = max(1, int(math.log(NEAR) / -math.log(decay))) if decay else 0
        if every and self.steps % every == 0:
            least = NEAR * np.finfo(m.dtype).tiny
            m[np.abs(m) < least] = 0
            if s is not None:
                s[(m == 0) & (s < least)] = 0

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """For checkpoints: JSON, arrays."""
        return {"steps": self.steps}, {f"m{i}": m for i, m in enumerate(self.memory)}

    def restore(self, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
        """Take back what ``state`` gave."""
        self.steps = meta["steps"]
        self.memory = [arrays[f"m{i}"] for i in range(len(arrays))]


def _rows(p: Array) -> Iterator[slice]:
    """The rows of a parameter, some TOGETHER numbers at a time."""
    many = max(1, TOGETHER * len(p) // p.size)
    return (slice(start, start + many) for start in range(0, len(p), many))


class SGD(Optimizer):
    """m <- momentum m + g,   p <- p + lr m."""

    slots = 1

    def __init__(self, lr: float = 0.1, momentum: float = 0.0) -> None:
        super().__init__(lr)
        self.momentum = check_number("momentum", momentum, least=0, below=1)

    def _add(self, p: Array, g: Array, memory: list[Array]) -> None:
        (m,) = memory
        m *= self.momentum
        m += g
        self._forget(self.momentum, m)
        p += self.lr * m


class Adam(Optimizer):
    """Kingma & Ba 2015:

        M <- beta_1 M + g,   S <- beta_2 S + g^2,   p <- p + lr m / (sqrt(s) + eps)

    where m = (1 - beta_1) / (1 - beta_1^t) M and s = (1 - beta_2) / (1 - beta_2^t) S are the
    running means of g and g^2 after t steps, corrected for their start at zero.

    eps must be well below the size of the updates: temporal updates are small, and an eps above
    them turns Adam into a very slow SGD.
    """

    slots = 2

    def __init__(
        self, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8
    ) -> None:
        super().__init__(lr)
        if not isinstance(betas, tuple | list) or len(betas) != 2:
            raise ArgumentError("betas", repr(betas), "two numbers in [0, 1)")
        self.betas = tuple(check_number("betas", beta, least=0, below=1) for beta in betas)
        self.eps = check_number("eps", eps, above=0)

    def _add(self, p: Array, g: Array, memory: list[Array]) -> None:
        (M, S), (beta1, beta2) = memory, self.betas
        m_of_M = (1 - beta1) / (1 - beta1**self.steps)
        root = math.sqrt((1 - beta2) / (1 - beta2**self.steps))  # sqrt(s) = root sqrt(S)
        eps = max(self.eps / root, float(np.finfo(p.dtype).tiny))  # never 0 in this dtype
        M *= beta1
        M += g
        S *= beta2
        square = np.square(g)
        S += square
        self._forget(min(filter(None, self.betas), default=0.0), M, S)
        size = np.sqrt(S, out=square)
        size += eps
        step = np.divide(M, size, out=size)
        step *= self.lr * m_of_M / root
        p += step

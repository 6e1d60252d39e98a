"""Optimizers: the only place where weights change. They add; the updates are descent directions."""

from __future__ import annotations

from typing import Any

import numpy as np

from .errors import ArgumentError, DivergenceError, check_kind, check_number
from .network import Network
from .rules import Updates

Array = np.ndarray


class Optimizer:
    """One ``step`` per batch. Its memory (momenta) belongs to the first network it steps."""

    def __init__(self, lr: float) -> None:
        self.lr = check_number("lr", lr, above=0, most=1e6)
        self.steps = 0
        self.memory: list[Array] = []

    def step(self, net: Network, updates: Updates) -> None:
        """Change the weights and biases of ``net`` in place.

        Raises ArgumentError if an update has not the shape of its weights, and DivergenceError if
        one is not finite: then nothing has been changed.
        """
        check_kind("net", net, Network)
        check_kind("updates", updates, Updates)
        params, changes = net.weights + net.biases, updates.weights + updates.biases
        names = [f"updates.weights[{l}]" for l in range(len(updates.weights))]
        names += [f"updates.biases[{l}]" for l in range(len(updates.biases))]
        if len(updates.weights) != net.depth or len(changes) != len(params):
            raise ArgumentError("updates", f"{len(updates.weights)} layers", f"{net.depth} layers")
        for i, (name, p, g) in enumerate(zip(names, params, changes, strict=True)):
            if np.shape(g) != p.shape:
                raise ArgumentError(name, f"shape {np.shape(g)}", f"shape {p.shape}")
            with np.errstate(over="ignore", invalid="ignore"):
                finite = np.isfinite(g.sum()) or np.isfinite(g).all()
            if not finite:
                raise DivergenceError(
                    "The update", i % net.depth + 1, self.steps, "Lower the learning rate."
                )
        if not self.memory:
            self.memory = [np.zeros_like(p) for p in params for _ in range(self.slots)]
        if [m.shape for m in self.memory] != [p.shape for p in params for _ in range(self.slots)]:
            raise ArgumentError(
                "net", f"sizes {net.sizes}", "the network this optimizer began with (or a new one)"
            )
        self.steps += 1
        for i, (p, g) in enumerate(zip(params, changes, strict=True)):
            self._add(p, g, self.memory[i * self.slots : (i + 1) * self.slots])

    #: Arrays of memory per parameter.
    slots = 0

    def _add(self, p: Array, g: Array, memory: list[Array]) -> None:
        raise NotImplementedError

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """For checkpoints: JSON, arrays."""
        return {"steps": self.steps}, {f"m{i}": m for i, m in enumerate(self.memory)}

    def restore(self, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
        """Take back what ``state`` gave."""
        self.steps = meta["steps"]
        self.memory = [arrays[f"m{i}"] for i in range(len(arrays))]


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
        p += self.lr * m


class Adam(Optimizer):
    """Kingma & Ba 2015:  m, s: running means of g and g^2, corrected for their start at zero;
    p <- p + lr m / (sqrt(s) + eps).

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
        (m, s), (beta1, beta2) = memory, self.betas
        m += (1 - beta1) * (g - m)
        s += (1 - beta2) * (g * g - s)
        root = np.sqrt(s / (1 - beta2**self.steps))
        root += self.eps
        p += (self.lr / (1 - beta1**self.steps)) * m / root

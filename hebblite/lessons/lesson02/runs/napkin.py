"""A network that fits on a napkin: forward, and backward."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Napkin:
    """x -> r_1 -> (r_2a, r_2b) -> r_3: one input, three tanh neurons, one linear output, squared
    error, no biases."""

    w: float = 0.5
    W_2: tuple[float, float] = (2.0, -1.0)
    W_3: tuple[float, float] = (1.0, 1.5)
    x: float = 1.0
    y: float = 1.0

    @property
    def r_1(self) -> float:
        return float(np.tanh(self.w * self.x))

    @property
    def r_2(self) -> Array:
        return np.tanh(np.array(self.W_2) * self.r_1)

    @property
    def r_3(self) -> float:
        return float(np.array(self.W_3) @ self.r_2)

    @property
    def e(self) -> float:
        return self.y - self.r_3

    @property
    def paths(self) -> Array:
        """The factor of each of the two paths from r_1 to the output."""
        return np.array(self.W_3) * (1 - self.r_2**2) * np.array(self.W_2)

    @property
    def delta_2(self) -> Array:
        return (1 - self.r_2**2) * np.array(self.W_3) * self.e

    @property
    def delta_1(self) -> float:
        return float((1 - self.r_1**2) * self.paths.sum() * self.e)

    @property
    def blame(self) -> float:
        """How w should change: delta_1 x."""
        return self.delta_1 * self.x

    def twin(self) -> Napkin:
        """The same below the top, -W_3 at the top, and the target that leaves e as it is."""
        W_3 = (-self.W_3[0], -self.W_3[1])
        return Napkin(self.w, self.W_2, W_3, self.x, self.e - self.r_3)

"""What the pictures read from a recorded inference: errors, and the energy that they make."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....activations import softmax
from ....stream import Block

Array = np.ndarray


def errors(block: Block, j: int = 0) -> list[Array]:
    """The prediction errors eps_l = v_l - b_l of input j: for each layer (T+1, n_l)."""
    return [v[:, j] - b[:, j] for v, b in zip(block.voltages, block.basal, strict=True)]


def energy_by_layer(block: Block, j: int = 0, precision: float | Sequence[float] = 1.0) -> Array:
    """pi_l |eps_l|^2 / 2 of input j for each layer, (T+1, L)."""
    pi = np.broadcast_to(np.asarray(precision, float), block.depth)
    parts = [p / 2 * (e**2).sum(axis=1) for p, e in zip(pi, errors(block, j), strict=True)]
    return np.stack(parts, axis=1)


def predicted(block: Block, target: Array, j: int = 0) -> Array:
    """What is predicted of the output, from its basal drive, as the target is told: b_L of a linear
    output, else the softmax of b_L. (T+1, n_L); at step 0 it is what the network reads."""
    held, b = block.voltages[-1][:, j], block.basal[-1][:, j]
    output = np.asarray(target, float)[j] - block.error[:, j]
    return np.asarray(b if np.allclose(output, held, atol=1e-4) else softmax(b))


def name_of(l: int, depth: int) -> str:
    """What layer l (1 to L) is called in a picture."""
    return "output" if l == depth else f"layer {l}"

"""Slips whose shapes fit only where all layers have one size: elsewhere the numbers are repeated or
cut, so that each of them runs in every world."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def fit(array: Array, *shape: int) -> Array:
    """``array`` in this shape: itself where it has it already."""
    array = np.asarray(array)
    return array if array.shape == shape else np.resize(array, shape)


def up(W: Array, below: Array) -> Array:
    """W.T @ below, where W @ below was meant."""
    return fit(W.T @ fit(below, len(W)), len(W))


def down(W: Array, here: Array) -> Array:
    """W @ here, where W.T @ here was meant."""
    m = W.shape[1]
    return fit(W @ fit(here, m), m)

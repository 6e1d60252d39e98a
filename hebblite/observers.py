"""Observers: folds that look on while a batch is taught, one number for each input.

``fit(..., observers={"latency": InferenceLatency(0.3)})`` folds the stream that the rule learns
from, so that a measurement costs no second teaching phase. Any fold will do whose result has the
shape (B,) and where the number of one input depends on no other, as those of losses.py are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .errors import ArgumentError
from .network import Network
from .stream import Block, Fold

Array = np.ndarray

#: What the history of ``fit`` calls its own columns.
TAKEN = ("epoch", "loss", "accuracy", "seconds")


class FreeLoss(Fold):
    """The loss of the stream's first state, summed over the batch. That is the free state, but for
    Equilibrium Propagation with two nudged phases."""

    def __init__(self, net: Network, target: Array) -> None:
        self._net, self._target = net, target

    def start(self, block: Block) -> None:
        self._loss = float(self._net.losses(block.rates[-1][0], self._target).sum())

    def absorb(self, block: Block) -> None:
        pass

    def finish(self) -> float:
        return self._loss


def check_observers(observers: Any) -> dict[str, Fold]:
    """``observers``, or ArgumentError unless they are folds by names that can be columns."""
    if observers is None:
        return {}
    if not isinstance(observers, Mapping):
        expected = "a mapping from names to folds, or None"
        raise ArgumentError("observers", type(observers).__name__, expected)
    for name, observer in observers.items():
        if not isinstance(name, str) or name in TAKEN:
            raise ArgumentError("observers", f"the name {name!r}", f"a text other than {TAKEN}")
        if not isinstance(observer, Fold):
            got = observer.__name__ if isinstance(observer, type) else type(observer).__name__
            raise ArgumentError(f"observers[{name!r}]", got, "a Fold, such as OutputError()")
    return dict(observers)


def one_each(name: str, result: Any, inputs: int) -> Array:
    """What the observer of this name found, as numbers (B,), or ArgumentError. They need not be
    finite: a latency may be infinite."""
    expected = f"one number for each input, of shape ({inputs},)"
    try:
        numbers = np.asarray(result)
    except ValueError as error:  # ragged nested lists
        raise ArgumentError(f"observers[{name!r}]", type(result).__name__, expected) from error
    if numbers.shape != (inputs,) or numbers.dtype.kind not in "fiub":
        plain = numbers.dtype.kind == "O" and numbers.ndim == 0
        got = type(result).__name__ if plain else f"{numbers.dtype} of shape {numbers.shape}"
        raise ArgumentError(f"observers[{name!r}]", got, expected)
    return numbers.astype(np.float64)

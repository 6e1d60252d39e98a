"""An electrode in every apical dendrite: an observer that knows no theory and folds any stream."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ....stream import Block, Fold

Array = np.ndarray


class Signals(NamedTuple):
    """What the observer saw. free, taught: apical drives of layers 1..L in the first and the last
    state, each (B, n_l). time: (T+1,), seconds. size: (L, T+1), the mean of |a_l - a_l^-| over
    a layer, over time. error: (T+1,), the mean size of the output error."""

    free: list[Array]
    taught: list[Array]
    time: Array
    size: Array
    error: Array


class ApicalObserver(Fold):
    """It keeps the apical drives at both ends of a phase, and how much they changed on the way."""

    reads_voltages = True  # of which some theories make their drives

    def start(self, block: Block) -> None:
        self.free = [a[0].copy() for a in block.apical]
        self.time: list[Array] = []
        self.size: list[list[Array]] = []
        self.error: list[Array] = []

    def absorb(self, block: Block) -> None:
        rows = slice(1 if self.time else 0, None)  # row 0 repeats the end of the block before
        self.time.append(block.time[rows].copy())
        pairs = zip(block.apical, self.free, strict=True)
        self.size.append([np.abs(a[rows] - free).mean(axis=(1, 2)) for a, free in pairs])
        self.error.append(np.abs(block.error[rows]).mean(axis=(1, 2)))
        self.taught = [a[-1].copy() for a in block.apical]

    def finish(self) -> Signals:
        size, join = np.concatenate(self.size, axis=1), np.concatenate
        return Signals(self.free, self.taught, join(self.time), size, join(self.error))

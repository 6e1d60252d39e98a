"""Plain Hebb: the control that must fail."""

from __future__ import annotations

import numpy as np

from ..stream import Block, is_constant
from .base import Rule, Updates


class Hebbian(Rule):
    """dW_l = <mean_t r_l[t] r_{l-1}[t]^T>: plain Hebb, blind to what was taught.

    The control: it has no baseline to subtract, so correlations that were there before the
    feedback dominate and the weights grow without bound.
    """

    needs_phase = False
    separable = True
    adds_up = False

    def start(self, block: Block) -> None:
        super().start(block)
        self._seconds = 0.0

    def absorb(self, block: Block) -> None:
        rows = slice(1, None) if block.steps else slice(None)
        seconds = np.diff(block.time) if block.steps else np.ones(1)
        self._seconds += seconds.sum()
        for l, r in enumerate(block.rates[1:]):
            post = r[rows] * seconds[:, None, None].astype(r.dtype)
            pre, summed = block.rates[l][rows], post.sum(axis=0)
            self._add_outer(l, *((summed, pre[0]) if is_constant(pre) else (post, pre)))
            self._db[l] += summed.sum(axis=0)

    def finish(self) -> Updates:
        self._batch *= self._seconds
        return super().finish()

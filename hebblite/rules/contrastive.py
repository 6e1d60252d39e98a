"""Two phases compared: the taught state against the free one."""

from __future__ import annotations

import numpy as np

from ..stream import Block, is_constant
from .base import Rule, Updates, outer


class Contrastive(Rule):
    """dW_l = <r_l+ r_{l-1}+^T - r_l- r_{l-1}-^T>: the taught state against the free one
    (contrastive Hebbian learning, Movellan 1991; Scellier & Bengio 2017)."""

    separable = True
    adds_up = False

    def start(self, block: Block) -> None:
        super().start(block)
        self._free = [r[0].copy() for r in block.rates]

    def absorb(self, block: Block) -> None:
        self._last = block  # only the last one counts

    def finish(self) -> Updates:
        for l, dW in enumerate(self._dW):
            taught, free = self._last.rates[l + 1][-1], self._free[l + 1]
            pre = self._last.rates[l]
            moved = taught - free
            self._db[l] = moved.sum(axis=0)
            if is_constant(pre):
                outer(moved, pre[-1], dW)
            else:  # both states in one deep product
                outer(np.stack([taught, free]), np.stack([pre[-1], -self._free[l]]), dW)
        return super().finish()

"""Two phases compared: the taught state against the free one."""

from __future__ import annotations

from ..stream import Block
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
        self._taught = [r[-1] for r in block.rates]  # only the last block's are read

    def finish(self) -> Updates:
        free, taught = self._free, self._taught
        for l in range(len(self._dW)):
            outer(taught[l + 1], taught[l], self._dW[l])
            self._dW[l] -= outer(free[l + 1], free[l])
            self._db[l] = (taught[l + 1] - free[l + 1]).sum(axis=0)
        return super().finish()

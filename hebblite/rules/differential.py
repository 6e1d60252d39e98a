"""The change of the postsynaptic rate times the presynaptic rate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import check_choice, check_flag
from ..memory import aligned
from ..stream import Block, is_constant
from .base import Rule, Updates, outer

Array = np.ndarray


class DifferentialHebbian(Rule):
    """dW_l = <sum_t (r_l[t+1] - r_l[t]) r_{l-1}[t]^T>: presynaptic rate times the change of the
    postsynaptic rate, the rate form of STDP (Xie & Seung 2000; Aceituno et al. 2023). Kosko 1986,
    who gave it its name, multiplied the changes of both.

    on: ``rate`` as above, or ``voltage`` for the change of v_l (the form of theorem T3).
    symmetric: add sum_t r_l[t+1] (r_{l-1}[t+1] - r_{l-1}[t])^T, the change of the presynaptic
        rate. By summation by parts the total is then *exactly* Contrastive (theorem T1).
    """

    separable = True
    adds_up = False

    def __init__(self, on: str = "rate", symmetric: bool = False) -> None:
        self.on = check_choice("on", on, ("rate", "voltage"))
        self.symmetric = check_flag("symmetric", symmetric)
        self.reads_voltages = on == "voltage"

    def start(self, block: Block) -> None:
        super().start(block)
        self._free = [post[0].copy() for post in self._posts(block)]

    def _posts(self, block: Block) -> Sequence[Array]:
        return block.rates[1:] if self.on == "rate" else block.voltages

    def absorb(self, block: Block) -> None:
        self._last = block
        for l, post in enumerate(self._posts(block)):
            pre = block.rates[l]
            if is_constant(pre):
                continue  # the sum of changes telescopes: one product at the end will do
            # All steps of the block in one deep product.
            change = aligned(post[1:].shape, post.dtype)
            np.subtract(post[1:], post[:-1], out=change)
            self._add_outer(l, change, pre[:-1])
            if self.symmetric:
                self._add_outer(l, post[1:], pre[1:] - pre[:-1])

    def finish(self) -> Updates:
        for l, (free, post) in enumerate(zip(self._free, self._posts(self._last), strict=True)):
            moved, pre = post[-1] - free, self._last.rates[l]
            self._db[l] = moved.sum(axis=0)
            if is_constant(pre):
                outer(moved, pre[0], self._dW[l])
        return super().finish()

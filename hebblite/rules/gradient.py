"""What backprop transports: the apical drive, read directly."""

from __future__ import annotations

from ..errors import UndefinedCell
from ..stream import Block
from .base import Rule, Updates, outer


class Gradient(Rule):
    """dW_l = <a_l r_{l-1}^T>, db_l = <a_l> in the last state.

    With Backprop this is minus the gradient of the loss (Rumelhart et al. 1986). In a framework
    with dynamics it is the apical drive that a synapse would have to read directly.
    """

    needs_phase = False
    separable = True
    adds_up = False
    reads_voltages = True  # which the apical drive may be made of

    def start(self, block: Block) -> None:
        super().start(block)
        if block.apical_when_free:
            raise UndefinedCell(
                "Gradient reads the apical drive as an error, but in this framework top-down input "
                "is part of the free state too (use rules.Contrastive)"
            )

    def absorb(self, block: Block) -> None:
        self._last = block  # only the last one counts

    def finish(self) -> Updates:
        end = self._last.end()
        for l, a in enumerate(end.apical):
            outer(a[-1], end.rates[l][-1], self._dW[l])
            self._db[l] = a[-1].sum(axis=0)
        return super().finish()

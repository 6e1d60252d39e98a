"""Soma against basal drive: the error that two compartments of a neuron can compare."""

from __future__ import annotations

import numpy as np

from ..errors import UndefinedCell, check_choice
from ..stream import Block, is_constant
from .base import Rule, Updates

Array = np.ndarray


class ErrorBased(Rule):
    """dW_l = <(phi(v_l) - phi(b_l)) r_{l-1}^T>: what the soma does against what its basal input
    alone would make it do (Urbanczik & Senn 2014; Meulemans et al. 2021).

    on: ``rate`` as above, or ``voltage`` for v_l - b_l, which at rest is the apical drive a_l.
    over: ``end``: in the taught state; ``phase``: the mean over all steps (Aceituno et al. 2023).
    """

    separable = True
    adds_up = False

    def __init__(self, on: str = "rate", over: str = "end") -> None:
        self.on = check_choice("on", on, ("rate", "voltage"))
        self.over = check_choice("over", over, ("end", "phase"))
        self.reads_voltages = on == "voltage"

    def start(self, block: Block) -> None:
        super().start(block)
        if block.apical_when_free:
            raise UndefinedCell(
                "ErrorBased compares soma and basal drive, but in this framework top-down input is "
                "part of the free state too: their difference is no error (use rules.Contrastive)"
            )
        self._seconds = 0.0

    def absorb(self, block: Block) -> None:
        if self.over == "phase":
            self._seconds += self._add(block, slice(1, None), np.diff(block.time))
        else:
            self._last = block  # only the last one counts

    def finish(self) -> Updates:
        if self.over == "end":
            self._seconds = self._add(self._last.end(), slice(None), np.ones(1))
        self._batch *= self._seconds
        return super().finish()

    def _add(self, block: Block, rows: slice, seconds: Array) -> float:
        """Add the error in these rows times pre, each weighted with its duration."""
        for l, phi in enumerate(block.activations):
            pre = block.rates[l][rows]
            if self.on == "rate":
                error = block.rates[l + 1][rows] - phi.rate(block.basal[l][rows])
            else:
                error = block.voltages[l][rows] - block.basal[l][rows]
            if self.over == "phase":
                error *= seconds[:, None, None].astype(error.dtype)
            summed = error.sum(axis=0) if len(error) > 1 else error[0]
            self._add_outer(l, *((summed, pre[0]) if is_constant(pre) else (error, pre)))
            self._db[l] += summed.sum(axis=0)
        return float(seconds.sum())

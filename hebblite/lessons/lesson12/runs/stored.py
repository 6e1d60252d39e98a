"""What the stored runs say: differences seed by seed, courses over epochs, and claim cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ....data import stored_cell, stored_matrix

Array = np.ndarray

#: The frameworks, and in each the rule that compares states of rate and was there before DH.
COMPARING = {"dfc": "error-based", "pc": "error-based", "ep": "contrastive", "deb": "error-based"}
#: With what DH is compared.
BESIDE = ("the comparing rule", "backprop")
#: Points behind backprop that still count as near.
WITHIN = 1.5


def accuracies(framework: str, rule: str, hidden: str | None = None) -> Array:
    """Of a stored cell, (S,) per cent."""
    return np.array(stored_cell(framework, rule, hidden).accuracies)


def both(beside: str = BESIDE[0]) -> tuple[list[str], Array, Array]:
    """Names of frameworks, and accuracies (S, K) of DH and of what it is compared with. Backprop
    has the same kind of hidden layers."""
    names, dh, other = [], [], []
    for framework, rule in COMPARING.items():
        cell = stored_cell(framework, "dh")
        names.append(framework.upper())
        dh.append(cell.accuracies)
        if beside == BESIDE[0]:
            other.append(accuracies(framework, rule))
        else:
            other.append(accuracies("backprop", "gradient", cell.hidden))
    return names, np.array(dh).T, np.array(other).T


def near_backprop(points: float = WITHIN) -> tuple[int, int]:
    """How many stored cells read at most so many points less than backprop with the same hidden
    layers, and of how many."""
    gaps = [
        cell.mean - stored_cell("backprop", "gradient", cell.hidden).mean
        for cell in stored_matrix()
        if cell.framework != "backprop"
    ]
    return sum(gap >= -points for gap in gaps), len(gaps)


def judged(verdict: Any, student: Any, cards: Sequence[Any]) -> list[tuple[str, str, int, Any]]:
    """Quantities of the cards as a rule like that of exercise 12.1 judges them: (card, quantity,
    seeds, 1, 0 or -1). One seed cannot tell, 0; without any there is None. As on the cards, values
    that a quantity cannot have are not in its interval: an end of the range that nothing can
    exceed binds nothing."""
    rows = []
    for card in cards:
        for m in card.measured:
            values = np.array(list(m.values.values()))[:, None]
            told = 0 if len(values) else None
            if len(values) > 1:
                low, high = (np.array([end]) for end in binding(m))
                told = int(np.ravel(verdict(values, low, high, student(len(values)))[2])[0])
            rows.append((card.name, m.quantity, len(values), told))
    return rows


def binding(m: Any) -> tuple[float, float]:
    """Where a quantity of a card has to lie, without ends that it cannot exceed anyway."""
    (low, high), (least, most) = m.allowed, m.possible
    return -np.inf if low <= least else low, np.inf if high >= most else high

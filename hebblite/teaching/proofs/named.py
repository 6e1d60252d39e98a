"""The theorem that a learner names, or the box that says why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...suggest import meant
from ..boxes import Box
from ..checks import could_not_run
from ..words import listing
from .registry import theorems
from .theory import Theorem


def anything(theorem: Theorem) -> bool:
    return True


def named(
    number: Any, fits: Callable[[Theorem], object] = anything, that: str = ""
) -> Theorem | Box:
    """The theorem with this number. fits: which ones count; that: what these can, in words."""
    try:
        known = {name: one for name, one in theorems().items() if fits(one)}
    except Exception as error:  # a lesson that cannot be imported
        return Box("open", could_not_run(error))
    if isinstance(number, str) and number in known:
        return known[number]
    return Box("open", f"There is no theorem {number!r}{that}{instead(number, list(known))}")


def instead(number: Any, known: Sequence[str]) -> str:
    """What there is instead."""
    near = meant(number, known) if isinstance(number, str) else ""
    return near or (f": there are {listing(known)}." if known else ".")

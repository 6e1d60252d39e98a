"""The steps of a theorem in the order of their numbers, whatever order they were written in."""

from __future__ import annotations

import re

from .theory import Step, Theorem


def in_order(theorem: Theorem) -> list[Step]:
    """T3.1, T3.2, ..., T3.10."""
    return sorted(theorem.steps.values(), key=lambda step: place(step.number))


def place(number: str) -> tuple[int, ...]:
    """A number as it is sorted: "T3.10" as (3, 10)."""
    return tuple(map(int, re.findall(r"\d+", number)))

"""All that a learner can solve: exercises, and steps of proofs, by their numbers."""

from __future__ import annotations

from typing import Any, Protocol

from .exercises import exercises, find


class Task(Protocol):
    """What an exercise and a step have in common."""

    title: str
    hints: tuple[str, ...]


def find_task(number: Any) -> Task | None:
    """The exercise or the step with this number, or None if there is none."""
    from .proofs.registry import find_step  # the proofs stand on this package

    return find(number) or find_step(number)


def tasks() -> dict[str, tuple[str, Task]]:
    """All of them: number -> (lesson, task), lesson by lesson, its exercises before its steps."""
    from .proofs.registry import steps

    found: dict[str, tuple[str, Task]] = {n: (n[:2], one) for n, one in exercises().items()}
    found |= {n: (step.theorem.lesson, step) for n, step in steps().items()}
    return dict(sorted(found.items(), key=lambda item: item[1][0]))

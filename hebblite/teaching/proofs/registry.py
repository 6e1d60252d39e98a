"""All steps of all lessons, found by name in ``hebblite.lessons.lessonNN.proof``."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from pathlib import Path
from typing import Any

from ..exercises import LESSONS
from .theory import Step, Theorem, known_theorems

NUMBER = re.compile(r"T\d+\.\d+")


def find_step(number: Any) -> Step | None:
    """The step with this number, such as "T3.1", or None if there is none."""
    if not isinstance(number, str) or not NUMBER.fullmatch(number):
        return None
    for lessons in (imported(), with_proofs()):
        found = known_steps().get(number)
        if found is not None:
            return found
        for lesson in lessons:
            load(lesson)
    return known_steps().get(number)


def steps() -> dict[str, Step]:
    """All steps of all lessons, by number."""
    for lesson in with_proofs():
        load(lesson)
    return known_steps()


def theorems() -> dict[str, Theorem]:
    """All theorems of all lessons, by number."""
    steps()
    return known_theorems()


def known_steps() -> dict[str, Step]:
    """The steps of the lessons that have been imported so far, by number."""
    found = [step for one in known_theorems().values() for step in one.steps.values()]
    return {step.number: step for step in sorted(found, key=order)}


def order(step: Step) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", step.number)))


def with_proofs() -> list[str]:
    """The lessons that have a room for a proof."""
    package = importlib.import_module(LESSONS)
    found = []
    for path in map(Path, package.__path__):
        for module in pkgutil.iter_modules([str(path)]):
            room = path / module.name
            named = re.fullmatch(r"lesson\d\d", module.name)
            if named and ((room / "proof.py").exists() or (room / "proof").is_dir()):
                found.append(module.name)
    return sorted(found)


def imported() -> list[str]:
    """Those of them that this kernel has imported already."""
    return [lesson for lesson in with_proofs() if f"{LESSONS}.{lesson}" in sys.modules]


def load(lesson: str) -> None:
    """Import the proof of a lesson, which registers its steps."""
    importlib.import_module(f"{LESSONS}.{lesson}.proof")

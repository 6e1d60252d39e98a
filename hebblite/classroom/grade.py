"""Run nbgrader over what was handed in: marks, and feedback for each student."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import ArgumentError
from .course import course, need_assignment, quiet, reason


def grade(folder: Path, name: str, students: Sequence[str] = (), again: bool = False) -> bool:
    """Grade what is in ``submitted/`` and write ``feedback/``; print the marks.

    Who has been graded stays so, unless ``again``. Returns whether all could be graded.
    """
    need_assignment(folder, name)
    submitted = sorted(p.parent.name for p in (folder / "submitted").glob(f"*/{name}"))
    for student in students:
        if student not in submitted:
            raise ArgumentError(
                "student", repr(student), "one of " + (", ".join(submitted) or "those collected")
            )
    if not submitted:
        raise ArgumentError(
            "folder",
            f"{folder} without submissions",
            f"submitted/STUDENT/{name}/{name}.ipynb: see collect --help",
        )
    api, failed = course(folder), []
    for student in students or submitted:
        with quiet():
            result = api.autograde(name, student, force=again or unfinished(api, name, student))
            if result["success"]:
                result = api.generate_feedback(name, student, force=True)
        if "KeyboardInterrupt" in result.get("error", ""):  # nbgrader takes it for a failure
            raise KeyboardInterrupt
        if not result["success"]:
            failed.append(student)
            print(f"{student}: could not be graded. {reason(result)}", file=sys.stderr)
    print(marks(api, name, [s for s in students or submitted if s not in failed]))
    print(f"Feedback: {folder / 'feedback'}/STUDENT/{name}/{name}.html")
    return not failed


def unfinished(api: Any, name: str, student: str) -> bool:
    """Whether an earlier run was killed while it graded ``student``: tests without a result."""
    from nbgrader.api import MissingEntry

    with api.gradebook as gradebook:
        try:
            notebook = gradebook.find_submission_notebook(name, name, student)
        except MissingEntry:
            return False
        by_hand = {cell.name for cell in notebook.notebook.solution_cells}
        return any(g.auto_score is None and g.name not in by_hand for g in notebook.grades)


def marks(api: Any, name: str, students: Sequence[str]) -> str:
    """A table: who, points per exercise, sum."""
    rows = []
    with api.gradebook as gradebook:
        cells = [c for n in gradebook.find_assignment(name).notebooks for c in n.grade_cells]
        for student in students:
            notebook = gradebook.find_submission_notebook(name, name, student)
            points = {g.name: g.score for g in notebook.grades}
            rows.append([student, *(points[c.name] for c in cells), notebook.score])
        best = ["out of", *(c.max_score for c in cells), sum(c.max_score for c in cells)]
    header = ["student", *(c.name for c in cells), "sum"]
    table = [[f"{x:g}" if isinstance(x, float) else str(x) for x in r] for r in [*rows, best]]
    widths = [max(map(len, column)) for column in zip(header, *table, strict=True)]
    return "\n".join(
        "  ".join(x.ljust(w) for x, w in zip(r, widths, strict=True)).rstrip()
        for r in [header, *table]
    )

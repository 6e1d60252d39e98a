"""Run nbgrader over what was handed in: marks, and feedback for each student."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import ArgumentError
from .course import course, need_assignment, quiet, reason
from .inbox import is_hidden, why_not
from .mend import notes_of
from .reading import Unreadable, read


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
    lost = [] if students else misplaced(folder, name)
    if not submitted and not lost:
        raise ArgumentError(
            "folder",
            f"{folder} without submissions",
            f"submitted/STUDENT/{name}/{name}.ipynb: see collect --help",
        )
    api = course(folder)
    done = []
    for student in dict.fromkeys(students or submitted):
        problem = grade_one(api, folder, name, student, again)
        if problem:
            print(f"{student}: could not be graded. {problem}", file=sys.stderr)
        else:
            done.append(student)
    for path, place in lost:
        print(f"{path}: was not graded. It belongs in {place}", file=sys.stderr)
    print(marks(api, name, done))
    print(f"Feedback: {folder / 'feedback'}/STUDENT/{name}/{name}.html")
    report_notes(folder, name, done)
    return not lost and len(done) == len(dict.fromkeys(students or submitted))


def grade_one(api: Any, folder: Path, name: str, student: str, again: bool) -> str:
    """Grade one submission; returns why it could not be graded, or "".

    KeyboardInterrupt, which nbgrader takes for a failure."""
    if expected := why_not(student):
        return f"student: got {student!r}, expected {expected}"
    mine = folder / "submitted" / student / name / f"{name}.ipynb"
    copy = folder / "autograded" / student / name / f"{name}.ipynb"
    try:
        read(mine.read_bytes())
    except FileNotFoundError:
        return f"There is no {mine}"
    except (OSError, Unreadable) as error:
        return f"{mine}: {error}"
    force = again or unfinished(api, name, student)
    if not force and copy.exists() and mine.stat().st_mtime > copy.stat().st_mtime:
        print(
            f"{student}: the notebook is newer than its marks; to grade it: --again",
            file=sys.stderr,
        )
    with quiet():
        result = api.autograde(name, student, force=force)
        if result["success"]:
            result = api.generate_feedback(name, student, force=True)
    if "KeyboardInterrupt" in result.get("error", ""):
        raise KeyboardInterrupt
    return "" if result["success"] else reason(result)


def misplaced(folder: Path, name: str) -> list[tuple[Path, Path]]:
    """What lies in submitted/ where nbgrader does not look: (file or folder, where it belongs)."""
    found = []
    submitted = folder / "submitted"
    for student in sorted(submitted.iterdir()) if submitted.is_dir() else []:
        if not student.is_dir():
            if not is_hidden(student):
                found.append((student, submitted / "STUDENT" / name))
            continue
        for path in sorted(student.iterdir()):
            if path.stem.casefold() == name.casefold() and not (
                path.is_dir() and path.name == name
            ):
                found.append((path, student / name))
    return found


def report_notes(folder: Path, name: str, students: Sequence[str]) -> None:
    """Print what had to be put in order in the submissions before they were graded."""
    import nbformat

    lines = []
    for student in students:
        path = folder / "autograded" / student / name / f"{name}.ipynb"
        notes = notes_of(nbformat.read(path, as_version=4))
        lines += [f"  {student}: {note}" for note in notes]
    if lines:
        print("Put in order before grading (said in the feedback, too):", *lines, sep="\n")


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

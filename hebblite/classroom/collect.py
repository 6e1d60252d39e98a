"""Take in what students hand in."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from ..errors import ArgumentError
from ..files import replacing
from .console import shown
from .course import need_assignment
from .inbox import Inbox, look, spelling, why_not


def collect(folder: Path, name: str, inbox: Path) -> bool:
    """Copy STUDENT.ipynb or STUDENT/NAME.ipynb from ``inbox`` into ``folder``'s submitted/.

    What is no submission stays where it is, and is named. Returns whether nothing was left that
    might be one. ArgumentError, before anything is copied, if a name cannot be graded or a student
    has handed in something else already.
    """
    lessons = need_assignment(folder, name)
    if not inbox.is_dir():
        raise ArgumentError("inbox", str(inbox), "a folder with STUDENT.ipynb or STUDENT/*.ipynb")
    found = look(inbox, name, lessons)
    if not found.notebooks and not found.left:
        raise ArgumentError(
            "inbox", f"{inbox}, without notebooks", f"STUDENT.ipynb or STUDENT/{name}.ipynb in it"
        )
    new = to_copy(folder, name, found)
    for target, path in new.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as file, path.open("rb") as source:
            shutil.copyfileobj(source, file)
    report(name, found, len(new))
    return not found.left


def to_copy(folder: Path, name: str, found: Inbox) -> dict[Path, Path]:
    """Where each new notebook goes. ArgumentError, with all that is in the way, a line for each."""
    spelt: dict[str, str] = {}
    submitted = folder / "submitted"
    if submitted.is_dir():
        spelt = {spelling(p.name): p.name for p in submitted.iterdir() if (p / name).is_dir()}
    new: dict[Path, Path] = {}
    problems: list[ArgumentError] = []
    for student, path in found.notebooks:
        target = submitted / student / name / f"{name}.ipynb"
        before = target if target.exists() else new.get(target)
        other = spelt.setdefault(spelling(student), student)
        if expected := why_not(student):
            problems.append(ArgumentError("student", f"{student!r} ({shown(path)})", expected))
        elif other != student:
            problems.append(
                ArgumentError(
                    "student",
                    f"{student!r} ({shown(path)}) and {other!r}",
                    "one spelling for one student",
                )
            )
        elif before is not None and digest(before) != digest(path):
            problems.append(
                ArgumentError(
                    "student",
                    f"{student} twice, with another {name}: {shown(path)}",
                    f"one submission; to take the new one, move {target} away and grade with "
                    "--again",
                )
            )
        elif before is None:
            new[target] = path
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise ArgumentError(
            "inbox",
            f"{len(problems)} submissions that cannot be taken",
            "that you rename or move them:\n" + "\n".join(f"  {problem}" for problem in problems),
        )
    return new


def digest(path: Path) -> bytes:
    """What tells two files apart."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def report(name: str, found: Inbox, new: int) -> None:
    """Say what was taken and what was not."""
    print(f"{name}: {new} new, {len(found.notebooks) - new} there already")
    for note in found.notes:
        print(f"  {shown(note)}")
    if found.left:
        print(f"Not taken, {len(found.left)}:")
    for path, reason in found.left:
        print(f"  {shown(path)}: {reason}")
    if found.hidden:
        names = sorted({path.name for path in found.hidden})
        print(f"Passed over, {len(found.hidden)} hidden: {', '.join(map(shown, names))}")

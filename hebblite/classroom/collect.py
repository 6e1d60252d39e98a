"""Take in what students hand in."""

from __future__ import annotations

from pathlib import Path

from ..errors import ArgumentError
from ..files import replacing
from .course import need_assignment


def collect(folder: Path, name: str, inbox: Path) -> None:
    """Copy STUDENT.ipynb or STUDENT/NAME.ipynb from ``inbox`` into ``folder``'s submitted/.

    ArgumentError, before anything is copied, if a student has handed in something else already.
    """
    need_assignment(folder, name)
    if not inbox.is_dir():
        raise ArgumentError("inbox", str(inbox), "a folder with STUDENT.ipynb or STUDENT/*.ipynb")
    found = [(p.stem, p) for p in sorted(inbox.glob("*.ipynb")) if p.is_file()]
    found += [(p.parent.name, p) for p in sorted(inbox.glob(f"*/{name}.ipynb"))]
    if not found:
        raise ArgumentError(
            "inbox", f"{inbox}, without notebooks", f"STUDENT.ipynb or STUDENT/{name}.ipynb in it"
        )
    new: dict[Path, bytes] = {}
    for student, path in found:
        if "+" in student or student.startswith("."):
            raise ArgumentError("student", repr(student), "a name without + that is not hidden")
        target = folder / "submitted" / student / name / f"{name}.ipynb"
        content = path.read_bytes()
        before = target.read_bytes() if target.exists() else new.get(target, content)
        if before != content:
            raise ArgumentError(
                "student",
                f"{student} twice, with another {name}: {path}",
                f"one submission; to take the new one, move {target} away and grade with --again",
            )
        if not target.exists():
            new[target] = content
    for target, content in new.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as file:
            file.write(content)
    print(f"{name}: {len(new)} new, {len(found) - len(new)} there already")

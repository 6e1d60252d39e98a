"""Set up an nbgrader course: its source/ from the lessons, and its release/ to hand out."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..errors import ArgumentError
from ..files import replacing, write_text
from .course import course, must
from .release import ROOT, without_model_answers
from .settings import CONFIG, CONFIG_TEXT, LESSON


def assignment(lesson: Any) -> Any:
    """The notebook for nbgrader's ``source/``: with solutions and hidden tests, which nbgrader cuts
    itself, without model answers, which it does not know, and without outputs."""
    notebook = without_model_answers(copy.deepcopy(lesson))
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def make(folder: Path, names: Sequence[str] = (), solutions: Path = ROOT / "solutions") -> None:
    """Set up the nbgrader course ``folder`` and the assignments ``names`` (all lessons if none).

    ArgumentError, before anything is written, if something in the way would have to be overwritten.
    """
    import nbformat

    lessons = {p.stem: p for p in sorted(solutions.glob("*.ipynb")) if LESSON.match(p.name)}
    if not lessons:
        raise ArgumentError(
            "solutions", f"{solutions}, without lessons", "the solutions/ of a source checkout"
        )
    for name in names:
        if name not in lessons:
            raise ArgumentError("lesson", repr(name), "one of " + ", ".join(lessons))
    check_folder(folder)
    wanted = [path for name, path in lessons.items() if not names or name in names]
    fresh = {source: notebook for path in wanted for source, notebook in to_make(folder, path)}
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / CONFIG).exists():
        write_text(folder / CONFIG, CONFIG_TEXT)
    if not fresh:
        return
    api = course(folder)
    for source, notebook in fresh.items():
        source.parent.mkdir(parents=True, exist_ok=True)
        with replacing(source) as file:
            file.write((nbformat.writes(notebook) + "\n").encode())
        must(api.generate_assignment(source.stem, force=False), f"make {source.stem}")
        print(f"{source.stem}: hand out {folder / 'release' / source.stem / source.name}")


def check_folder(folder: Path) -> None:
    """ArgumentError unless ``folder`` is new, empty, or a course of ours."""
    config = folder / CONFIG
    if folder.exists() and not folder.is_dir():
        raise ArgumentError("folder", f"{folder}, which is a file", "a new or empty folder")
    if config.exists():
        if b"hebblite.assignments" not in config.read_bytes():
            raise ArgumentError(
                "folder",
                f"{folder}, with an {CONFIG} of its own",
                "another folder, or these lines in it: from hebblite.assignments import "
                "configure; configure(c)",
            )
    elif folder.exists() and any(folder.iterdir()):
        raise ArgumentError(
            "folder",
            f"{folder}, which has files but no {CONFIG}",
            "a new or empty folder, or one made by this command",
        )
    if set("{}") & set(str(folder.resolve())):
        raise ArgumentError(
            "folder", str(folder.resolve()), "a path without { and }, which nbgrader fills in"
        )


def to_make(folder: Path, path: Path) -> Iterator[tuple[Path, Any]]:
    """The file in source/ that the lesson ``path`` lacks, and what belongs in it; none if it is
    there already. ArgumentError if something else is there."""
    import nbformat

    source = folder / "source" / path.stem / path.name
    release = folder / "release" / path.stem
    notebook = assignment(nbformat.read(path, as_version=4))
    if not source.exists():
        if release.exists():
            raise ArgumentError("folder", f"{release} without {source}", "neither, or both")
        yield source, notebook
    elif not same(source, notebook):
        raise ArgumentError(
            "lesson",
            f"{path.stem}, and {source} differs from {path} (edited, or made earlier)",
            f"no such file, to have it anew; to hand out yours: cd {folder} && "
            f"nbgrader generate_assignment {path.stem} --force",
        )
    elif release.exists():
        print(f"{path.stem}: there already, and up to date")
    else:  # an earlier try did not come to its end
        yield source, notebook


def same(path: Path, notebook: Any) -> bool:
    """Whether the file ``path`` holds ``notebook``; a file that cannot be read does not."""
    import nbformat

    try:
        return bool(nbformat.writes(nbformat.read(path, as_version=4)) == nbformat.writes(notebook))
    except ValueError:
        return False

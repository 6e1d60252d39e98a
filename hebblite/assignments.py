"""The lessons as nbgrader assignments: hand out, take in, grade.

    python -m hebblite.assignments make FOLDER 01_spikes      an nbgrader course, ready to hand out
    python -m hebblite.assignments collect FOLDER 01_spikes INBOX
    python -m hebblite.assignments grade FOLDER 01_spikes     marks, and feedback for each student

nbgrader wants ``source/NAME/NAME.ipynb`` and settings; the lessons lie flat in ``solutions/``.
This is the bridge. FOLDER is a plain nbgrader course: every ``nbgrader`` command works in it, and
so does its formgrader. Nothing that a teacher or a student wrote is ever overwritten.

Exit codes: 0 done; 1 a submission could not be graded; 2 something given cannot be used;
130 interrupted, to be gone on with.
Needs the extra ``instructor``; ``make`` needs a source checkout as well.
"""

from __future__ import annotations

import argparse
import atexit
import copy
import logging
import os
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from .errors import ArgumentError, CheckpointError
from .files import replacing, write_text
from .release import ROOT, STUB, without_model_answers

LESSON = re.compile(r"\d\d_.*\.ipynb")
SECONDS = 120
CONFIG = "nbgrader_config.py"
CONFIG_TEXT = '''"""An nbgrader course of hebblite's lessons. Your own settings go below."""

try:
    from hebblite.assignments import configure
except ImportError as error:  # nbgrader would go on, and show the hidden tests in its feedback
    raise SystemExit(f"{error}: nbgrader must run in the environment of hebblite") from error

c = get_config()
configure(c)'''


def configure(c: Any) -> None:
    """nbgrader's settings for our lessons. ``nbgrader_config.py`` calls this.

    While it grades, checks print in the student's cells and raise only in the hidden tests, and the
    progress that lessons keep goes to a temporary folder instead of the teacher's own.
    """
    os.environ.pop("HEBBLITE_GRADING", None)
    home = tempfile.TemporaryDirectory(prefix="hebblite-grading-")
    atexit.register(home.cleanup)
    os.environ["HEBBLITE_HOME"] = home.name
    os.environ["PYTHONWARNINGS"] = "ignore"  # nbgrader gives no point to tests that print a warning
    c.ClearSolutions.code_stub = STUB
    c.ExecutePreprocessor.timeout = SECONDS  # of one cell: a lesson trains networks
    c.OverwriteCells.add_missing_cells = True  # a deleted test is put back, and fails or passes
    c.GenerateAssignment.post_convert_hook = add_pages
    c.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        "hebblite.assignments.hide_tests",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]


def add_pages(assignment: str, **_: Any) -> None:
    """Put the notation, the glossary and the references beside a lesson that is handed out: it
    links to them. nbgrader calls this in the folder of the course; it grades only the lesson."""
    release = Path("release") / assignment
    for page in sorted((ROOT / "course").glob("*")):
        if page.suffix in (".ipynb", ".bib") and not LESSON.match(page.name) and release.is_dir():
            shutil.copy(page, release / page.name)


def hide_tests(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """Feedback without the hidden tests: what failed is said in words, their code is not shown.

    The last step of nbgrader's autograding is a notebook that contains them, and its feedback would
    print them, once as the cell and once in the traceback.
    """
    from nbgrader.preprocessors import ClearHiddenTests
    from nbgrader.utils import is_grade, is_solution

    notebook, resources = ClearHiddenTests(enforce_metadata=False).preprocess(notebook, resources)
    for cell in notebook.cells:
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            for output in cell.outputs:
                if output.output_type == "error":
                    said = output.evalue or "the answer fails a further test of your teacher."
                    output.traceback = [f"{output.ename}: {said}"]
    return notebook, resources


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


# ---------------------------------------------------------------------- make


def make(folder: Path, names: Sequence[str] = (), solutions: Path = ROOT / "solutions") -> None:
    """Set up the nbgrader course ``folder`` and the assignments ``names`` (all lessons if none).

    ArgumentError, before anything is written, if something in the way would have to be overwritten.
    """
    import nbformat

    lessons = sorted(p for p in solutions.glob("*.ipynb") if LESSON.match(p.name))
    known = [path.stem for path in lessons]
    if not lessons:
        raise ArgumentError(
            "solutions", f"{solutions}, without lessons", "the solutions/ of a source checkout"
        )
    for name in names:
        if name not in known:
            raise ArgumentError("lesson", repr(name), "one of " + ", ".join(known))
    config = folder / CONFIG
    if folder.exists() and not folder.is_dir():
        raise ArgumentError("folder", f"{folder}, which is a file", "a new or empty folder")
    if config.exists():
        if "hebblite.assignments" not in config.read_text(errors="replace"):
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
    fresh: dict[Path, Any] = {}
    for path in lessons:
        if names and path.stem not in names:
            continue
        source = folder / "source" / path.stem / path.name
        release = folder / "release" / path.stem
        notebook = assignment(nbformat.read(path, as_version=4))
        if not source.exists():
            if release.exists():
                raise ArgumentError("folder", f"{release} without {source}", "neither, or both")
            fresh[source] = notebook
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
            fresh[source] = notebook
    folder.mkdir(parents=True, exist_ok=True)
    if not config.exists():
        write_text(config, CONFIG_TEXT)
    if not fresh:
        return
    api = course(folder)
    for source, notebook in fresh.items():
        source.parent.mkdir(parents=True, exist_ok=True)
        with replacing(source) as file:
            file.write((nbformat.writes(notebook) + "\n").encode())
        must(api.generate_assignment(source.stem, force=False), f"make {source.stem}")
        print(f"{source.stem}: hand out {folder / 'release' / source.stem / source.name}")


def same(path: Path, notebook: Any) -> bool:
    """Whether the file ``path`` holds ``notebook``; a file that cannot be read does not."""
    import nbformat

    try:
        return bool(nbformat.writes(nbformat.read(path, as_version=4)) == nbformat.writes(notebook))
    except ValueError:
        return False


# ---------------------------------------------------------------------- collect


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


# ---------------------------------------------------------------------- grade


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


# ---------------------------------------------------------------------- nbgrader


def course(folder: Path) -> Any:
    """nbgrader's own interface to the course in ``folder``, with the settings of its config file.

    ArgumentError if nbgrader is missing or the file cannot be read."""
    try:
        from nbgrader.apps import NbGraderAPI
    except ImportError as error:
        raise ArgumentError(
            "nbgrader", f"none ({error})", "the extra: pip install 'hebblite[instructor]'"
        ) from None
    from traitlets.config import PyFileConfigLoader

    try:
        config = PyFileConfigLoader(CONFIG, path=str(folder.resolve())).load_config()
    except Exception as error:
        raise ArgumentError(
            CONFIG, f"{type(error).__name__}: {error}", "a file that runs"
        ) from error
    config.CourseDirectory.root = str(folder.resolve())
    put_alembic_on_the_path()
    return NbGraderAPI(config=config)


@contextmanager
def quiet() -> Iterator[None]:
    """Without warnings of nbgrader's database about its own habits, and without the tracebacks of
    libraries when a kernel dies: the result says so."""
    loggers = [logging.getLogger(name) for name in ("tornado.general", "asyncio")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


def put_alembic_on_the_path() -> None:
    """nbgrader calls ``alembic`` by name; an environment that is not activated does not show it."""
    if shutil.which("alembic") is None:
        files = metadata.files("alembic") or []
        places = {str(Path(str(f.locate())).resolve().parent) for f in files if f.stem == "alembic"}
        os.environ["PATH"] = os.pathsep.join([*sorted(places), os.environ.get("PATH", "")])


def need_assignment(folder: Path, name: str) -> None:
    """ArgumentError unless ``name`` has been made in ``folder``."""
    made = sorted(
        p.parent.name for p in (folder / "release").glob("*/*") if p.stem == p.parent.name
    )
    if not (folder / CONFIG).is_file():
        raise ArgumentError("folder", str(folder), "one made by: hebblite.assignments make FOLDER")
    if name not in made:
        raise ArgumentError(
            "lesson", repr(name), "one that was made: " + (", ".join(made) or "none")
        )


def reason(result: dict[str, Any]) -> str:
    """What went wrong, from nbgrader's traceback and log: the first error that is named."""
    text = "\n".join(result.get(part, "") for part in ("log", "error"))
    named = re.findall(r"^\s*([\w.]*(?:Error|Exception|Died\w*)\b.*)$", text, re.MULTILINE)
    return named[0] if named else (text.strip().splitlines() or ["nbgrader gave no reason"])[-1]


def must(result: dict[str, Any], what: str) -> None:
    """ArgumentError with nbgrader's reason unless it succeeded."""
    if not result["success"]:
        raise ArgumentError(what, reason(result), "an assignment that nbgrader accepts")


# ---------------------------------------------------------------------- command line


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="python -m hebblite.assignments",
        description="The lessons as nbgrader assignments: hand out, take in, grade.",
        epilog="FOLDER is a plain nbgrader course: in it, every nbgrader command works, such as "
        "nbgrader export (the marks as CSV) or the formgrader of JupyterLab.",
    )
    commands = top.add_subparsers(dest="command", required=True)
    start = commands.add_parser(
        "make",
        help="set up a course folder and the assignments in it",
        description="Make FOLDER/nbgrader_config.py, FOLDER/source/ (yours: points and hidden "
        "tests may be edited) and FOLDER/release/ (to hand out). What is there already is kept.",
    )
    start.add_argument("folder", type=Path, help="a new folder, or one made by this command")
    start.add_argument("lesson", nargs="*", help="such as 01_spikes; default: all lessons")
    start.add_argument(
        "--solutions", type=Path, default=ROOT / "solutions", help="folder with the lessons"
    )
    take = commands.add_parser(
        "collect",
        help="take in what students hand in",
        description="Copy STUDENT.ipynb or STUDENT/LESSON.ipynb from INBOX to "
        "FOLDER/submitted/STUDENT/LESSON/LESSON.ipynb. A second submission is refused.",
    )
    take.add_argument("folder", type=Path, help="made by make")
    take.add_argument("lesson", help="such as 01_spikes")
    take.add_argument("inbox", type=Path, help="folder with the students' notebooks")
    judge = commands.add_parser(
        "grade",
        help="run and mark the submissions, and write feedback",
        description="Run each submission with the hidden tests, print the marks, and write "
        "FOLDER/feedback/STUDENT/LESSON/LESSON.html. The submissions run code of your students "
        "with your rights: on a machine where that matters, do it in a container.",
    )
    judge.add_argument("folder", type=Path, help="made by make")
    judge.add_argument("lesson", help="such as 01_spikes")
    judge.add_argument("student", nargs="*", help="only these; default: all who handed in")
    judge.add_argument("--again", action="store_true", help="also who has been graded before")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = parser().parse_args(arguments)
    try:
        if given.command == "make":
            make(given.folder, given.lesson, given.solutions)
        elif given.command == "collect":
            collect(given.folder, given.lesson, given.inbox)
        else:
            return 0 if grade(given.folder, given.lesson, given.student, given.again) else 1
    except (ArgumentError, CheckpointError, OSError) as error:
        print(f"{given.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{given.command}: interrupted; the same command goes on from here", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The lessons as nbgrader assignments: hand out, take in, grade.

    python -m hebblite.assignments make FOLDER 01_spikes      an nbgrader course, ready to hand out
    python -m hebblite.assignments collect FOLDER 01_spikes INBOX
    python -m hebblite.assignments grade FOLDER 01_spikes     marks, and feedback for each student

nbgrader wants ``source/NAME/NAME.ipynb`` and settings; the lessons lie flat in ``solutions/``.
This is the bridge. FOLDER is a plain nbgrader course: every ``nbgrader`` command works in it, and
so does its formgrader. Nothing that a teacher or a student wrote is ever overwritten.

Exit codes: 0 done; 1 a submission could not be taken in or graded, and is named; 2 something given
cannot be used; 130 interrupted, to be gone on with.
Needs the extra ``instructor``; ``make`` needs a source checkout as well.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import ArgumentError, CheckpointError
from .collect import collect
from .console import any_console
from .grade import grade
from .make import make
from .release import ROOT


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
        "FOLDER/submitted/STUDENT/LESSON/LESSON.ipynb. A second submission and a name that "
        "nbgrader cannot grade are refused; whatever else lies in INBOX is named with the reason.",
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
    with any_console():
        try:
            return 0 if run(given) else 1
        except (ArgumentError, CheckpointError, OSError) as error:
            print(f"{given.command}: {error}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print(
                f"{given.command}: interrupted; the same command goes on from here", file=sys.stderr
            )
            return 130


def run(given: argparse.Namespace) -> bool:
    """Run the command that was given; whether all that was handed in could be taken or graded."""
    if given.command == "collect":
        return collect(given.folder, given.lesson, given.inbox)
    if given.command == "grade":
        return grade(given.folder, given.lesson, given.student, given.again)
    make(given.folder, given.lesson, given.solutions)
    return True

"""nbgrader's settings for our lessons, and the pages that are handed out with them."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from .release import ROOT

LESSON = re.compile(r"\d\d_.*\.ipynb")
SECONDS = 300
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
    from .stubs import STUB

    os.environ.pop("HEBBLITE_GRADING", None)
    os.environ.pop("PYTHONOPTIMIZE", None)  # it would take every ``assert`` out of the tests
    home = tempfile.TemporaryDirectory(prefix="hebblite-grading-")
    atexit.register(home.cleanup)
    os.environ["HEBBLITE_HOME"] = home.name
    os.environ["PYTHONWARNINGS"] = "ignore"  # nbgrader gives no point to tests that print a warning
    c.NamedStubs.code_stub = {"python": STUB}
    c.GenerateAssignment.preprocessors = [
        "nbgrader.preprocessors.IncludeHeaderFooter",
        "nbgrader.preprocessors.InstantiateTests",
        "nbgrader.preprocessors.LockCells",
        "hebblite.classroom.stubs.NamedStubs",  # in place of ClearSolutions
        "nbgrader.preprocessors.ClearOutput",
        "nbgrader.preprocessors.CheckCellMetadata",
        "nbgrader.preprocessors.ComputeChecksums",
        "nbgrader.preprocessors.SaveCells",
        "nbgrader.preprocessors.ClearHiddenTests",
        "nbgrader.preprocessors.ClearMarkScheme",
        "nbgrader.preprocessors.ComputeChecksums",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.ExecutePreprocessor.timeout = SECONDS  # of one cell: a lesson trains networks
    c.Autograde.exporter_class = "hebblite.classroom.autograde.SubmissionExporter"
    c.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.ClearOutput",
        "hebblite.classroom.autograde.Mend",  # in place of DeduplicateIds, which loses marks
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.OverwriteCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.GenerateAssignment.post_convert_hook = add_pages
    c.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        "hebblite.classroom.feedback.hide_tests",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]


def add_pages(assignment: str, **_: Any) -> None:
    """Put the notation, the glossary and the references beside a lesson that is handed out: it
    links to them. nbgrader calls this in the folder of the course; it grades only the lesson."""
    release = Path("release") / assignment
    for page in sorted((ROOT / "course").glob("*")):
        if page.suffix in (".ipynb", ".bib") and not LESSON.match(page.name) and release.is_dir():
            shutil.copy(page, release / page.name)

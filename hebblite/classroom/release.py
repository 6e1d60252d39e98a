"""Make the learner's notebooks in course/ from the lessons in solutions/, and run both.

    python -m hebblite.release            all lessons; solutions/ is executed as well
    python -m hebblite.release 00_start   only these

nbgrader's own preprocessors cut out what stands between BEGIN SOLUTION and END SOLUTION (and
hidden tests); Markdown cells tagged ``model-answer`` go as a whole. The learner's copy is then
executed, untouched, so that it shows its pictures and every later run can be compared with it.
A page without code, such as the notation, is copied and not run, and so is the bibliography.
Both copies get a header, a footer, folded cells and the lesson's picture from ``dress``.
A lesson whose outputs show an error of ours (``faults``) is not released: both files stay as they
were.
Needs the extra ``instructor`` (and a source checkout).
"""

from __future__ import annotations

import copy
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..teaching.still import standalone
from .console import any_console
from .dress import dress, hero, hide_answers
from .faults import MEANT, faults
from .tables import write_tables

ROOT = Path(__file__).resolve().parents[2]
VIEW = "application/vnd.jupyter.widget-view+json"
#: The film of lesson 00 as a file, for the README.
PICTURE = Path("course") / "start.svg"


def learners_copy(lesson: Any) -> Any:
    """The notebook as a learner gets it, without outputs. ``lesson`` is not changed."""
    from nbgrader.preprocessors import ClearHiddenTests, ClearOutput

    from .stubs import STUB, NamedStubs

    notebook = without_model_answers(copy.deepcopy(lesson))
    resources: dict[str, Any] = {}
    for preprocessor in (
        NamedStubs(enforce_metadata=False, code_stub={"python": STUB}),
        ClearHiddenTests(enforce_metadata=False),
        ClearOutput(),
    ):
        notebook, resources = preprocessor.preprocess(notebook, resources)
    tidy(notebook)
    hide_answers(notebook)
    return notebook


def without_model_answers(notebook: Any) -> Any:
    """``notebook`` with the cells tagged ``model-answer`` taken out."""
    notebook.cells = [
        cell for cell in notebook.cells if "model-answer" not in cell.metadata.get("tags", [])
    ]
    return notebook


def tidy(notebook: Any) -> None:
    """Drop what changes from run to run and says nothing, so that a second release gives no diff.

    That is: times, signatures, the Python that ran it, and whatever of a widget needs the kernel
    that made it. Where that kernel is gone, JupyterLab prefers "model not found" to the picture
    that stands beside the widget; and beside a progress bar stands nothing, so its output goes.
    """
    notebook.metadata.pop("widgets", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        cell.metadata.get("nbgrader", {}).pop("checksum", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if stands_alone(output)]


def stands_alone(output: Any) -> bool:
    """Takes the widget out of an output. Whether a picture or a page stands there without it."""
    data = output.get("data", {})
    return data.pop(VIEW, None) is None or "text/html" in data


def execute(notebook: Any, folder: Path) -> None:
    """Run all cells in a fresh kernel with ``folder`` as working directory; raise on an error."""
    from nbclient import NotebookClient

    with tempfile.TemporaryDirectory() as home:
        before = os.environ.get("HEBBLITE_HOME")
        os.environ["HEBBLITE_HOME"] = home  # the author's own progress stays out of it
        try:
            NotebookClient(
                notebook,
                timeout=300,
                kernel_name="python3",
                resources={"metadata": {"path": str(folder)}},
                store_widget_state=False,
                coalesce_streams=True,  # a busy machine delivers what is printed in pieces
            ).execute()
        finally:
            if before is None:
                del os.environ["HEBBLITE_HOME"]
            else:
                os.environ["HEBBLITE_HOME"] = before
    tidy(notebook)


def has_code(notebook: Any) -> bool:
    """Whether there is anything to run: the shared pages have only Markdown."""
    return any(cell.cell_type == "code" for cell in notebook.cells)


def write(notebook: Any, path: Path) -> None:
    """Write beside and move into place: a crash leaves the old notebook."""
    import nbformat

    nbformat.validate(notebook)
    part = path.with_suffix(".part")
    nbformat.write(notebook, part)
    part.replace(path)


@any_console()
def main(names: Sequence[str]) -> int:
    """Release the lessons ``names`` (without .ipynb), or all. 2 if there is no such lesson, 1 if
    the outputs of one show an error: it and those after it are not written."""
    import nbformat

    sources = sorted((ROOT / "solutions").glob("*.ipynb"))
    unknown = set(names) - {path.stem for path in sources}
    if unknown or not sources:
        print(f"No such lesson in solutions/: {', '.join(sorted(unknown)) or 'none at all'}")
        return 2
    for source in sources:
        if names and source.stem not in names:
            continue
        lesson = nbformat.read(source, as_version=4)
        dress(lesson, source.stem)
        copy_ = learners_copy(lesson)
        found = []
        for notebook, folder in ((lesson, source.parent), (copy_, ROOT / "course")):
            if has_code(notebook):
                execute(notebook, folder)
            else:
                tidy(notebook)
            found += [f"{folder.name}/{source.name}, {fault}" for fault in faults(notebook)]
        if found:
            print(f"{source.stem}: not released, since its outputs show errors. (Of a cell that is")
            print(f"meant to show one, the tag {MEANT} says so.)", *found, sep="\n  ")
            return 1
        hide_answers(copy_)
        write(lesson, source)
        write(copy_, ROOT / "course" / source.name)
        print(f"{source.stem}: released")
    for source in sorted((ROOT / "solutions").glob("*.bib")):
        shutil.copy(source, ROOT / "course" / source.name)
    write_tables(ROOT)
    (ROOT / PICTURE).write_text(standalone(hero("00")) + "\n", encoding="utf-8")
    return 0

"""The two steps that our settings put before nbgrader's own grading: read, and put in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.preprocessors import NbGraderPreprocessor

from .mend import mend, write_notes
from .reading import read

READ = "hebblite_read"  # what was repaired while reading, on its way from one step to the other


class SubmissionExporter(NotebookExporter):  # type: ignore[misc]
    """nbconvert's notebooks, read from files that other tools wrote."""

    def from_file(self, file_stream: Any, resources: Any = None, **more: Any) -> Any:
        notebook, repaired = read(file_stream.buffer.read())
        if repaired:
            notebook.metadata[READ] = repaired
        return self.from_notebook_node(notebook, resources=resources, **more)


class Mend(NbGraderPreprocessor):  # type: ignore[misc]
    """Set nbgrader's marks anew, and say at the top of the graded copy what was done."""

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        lesson = resources["nbgrader"]["assignment"]
        path = Path("release") / lesson / f"{resources['nbgrader']['notebook']}.ipynb"
        if not path.is_file():
            raise RuntimeError(f"{path} is missing: nbgrader generate_assignment {lesson} --force")
        notes = notebook.metadata.pop(READ, [])
        notes = [*notes, *mend(notebook, nbformat.read(path, as_version=4))]
        write_notes(notebook, notes)
        return notebook, resources

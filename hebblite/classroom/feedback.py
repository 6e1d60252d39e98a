"""Feedback for students: what failed is said in words, and hidden tests stay hidden."""

from __future__ import annotations

from typing import Any


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

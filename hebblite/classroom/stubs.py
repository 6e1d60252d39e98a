"""What a learner's copy has in the place of an answer.

In a function it is ``answer = None``. Outside functions it has the names that the answer gives, as
in ``uses_1 = None``: a later line of the cell reads them.
"""

from __future__ import annotations

import re
from typing import Any

from nbgrader.preprocessors import ClearSolutions

STUB = "answer = None  # your answer goes here"
ANSWER = re.compile(r"^[ \t]*### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.MULTILINE | re.DOTALL)


class NamedStubs(ClearSolutions):  # type: ignore[misc]
    """nbgrader's preprocessor, with names in the stubs."""

    def _replace_solution_region(self, cell: Any, language: str) -> bool:
        whole = cell.source
        replaced = super()._replace_solution_region(cell, language)
        if cell.cell_type == "code":
            cell.source = named(cell.source, whole)
        return bool(replaced)


def named(stubbed: str, whole: str) -> str:
    """The cell with stubs, given the whole one: those at the left edge with the names in them."""
    answers, lines = iter(ANSWER.findall(whole)), []
    for line in stubbed.split("\n"):
        names = []
        if line.strip() == STUB:
            found = re.findall(r"^(\w+) = ", next(answers, ""), re.MULTILINE)
            names = list(dict.fromkeys(found)) if line == STUB else []
        lines += [STUB.replace("answer", name, 1) for name in names] or [line]
    return "\n".join(lines)

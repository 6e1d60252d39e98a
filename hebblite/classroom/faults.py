"""Errors that do not stop a cell: what a stored notebook says of them.

The kernel stops at an error that a cell raises. Some errors it never sees, since somebody has
caught them on the way, and they end in the cell's output:

- ``explore`` puts what its drawing raised in the place of the picture, as an alert.
- ``check``, ``prove``, ``arrange`` and ``run_proof`` say it in a box, or that they could not run;
  whatever is asked for by a number says where there is none with that number.
- IPython shows what an object raised that was to be displayed, and goes on.
- Warnings, log lines and errors in threads are on stderr.

None of them belongs into what we hand out. An exercise that nobody has answered yet is no error:
its box has a ○ and not a ✗. A cell that is meant to show an error has Jupyter's own tag for that,
``raises-exception``.
"""

from __future__ import annotations

import html
import re
from typing import Any

MEANT = "raises-exception"
ALERT = re.compile(r"role='alert'>(.*?)</", re.DOTALL)
#: The lines with which the course's functions say that they failed, or were called wrongly.
FAILED = re.compile(
    r"^(?:✗ |○ \S+ did not run:|There is no (?:exercise|lesson|step|theorem) [^a-z]|"
    r"Run the cell that asks ).*"
    r"|^.*the check itself could not run.*"
    r"|Traceback \(most recent(?s:.*)",
    re.MULTILINE,
)


def faults(notebook: Any) -> list[str]:
    """A line for each output that shows an error: in which cell it stands, and what it says."""
    return [
        f"cell [{cell.execution_count}], {cell.source.partition(chr(10))[0]!r}: {said}"
        for cell in notebook.cells
        if cell.cell_type == "code" and MEANT not in cell.metadata.get("tags", [])
        for said in filter(None, map(fault, cell.outputs))
    ]


def fault(output: Any) -> str:
    """What an output says of an error; "" if it shows none."""
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    data = output.get("data", {})
    said: str = output.get("text") or data.get("text/plain", "")
    if output.get("name") == "stderr":
        return f"stderr: {said.strip()}"
    alert = ALERT.search(data.get("text/html", ""))
    if alert:
        return html.unescape(alert[1])
    found = FAILED.search(said)
    return found[0] if found else ""

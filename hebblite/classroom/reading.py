"""A submission read as generously as a teacher would, whatever front end wrote it.

Jupyter's own reader takes UTF-8 and the letter of the format. People hand in files that an editor
saved with a mark of byte order, in Latin-1 or with other line ends, notebooks of format 2 to 4,
and cells that lack their id or metadata, or have more than the format knows. What can be
understood becomes a valid notebook without outputs: the code and text, and nbgrader's marks.
"""

from __future__ import annotations

import json
import re
from typing import Any


class Unreadable(ValueError):
    """A file that is no notebook: the message says why."""


def read(content: bytes) -> tuple[Any, list[str]]:
    """The notebook in the bytes of a file, and what was repaired. Unreadable if it is none."""
    import nbformat

    text, repaired = decoded(content)
    cells, ids = [], set()
    for raw in raw_cells(parsed(text)):
        if not isinstance(raw, dict):
            repaired.append("something that is no cell was left out")
            continue
        cell = clean(raw)
        if cell.id in ids:
            cell.id = nbformat.v4.new_raw_cell().id
        ids.add(cell.id)
        cells.append(cell)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    return notebook, list(dict.fromkeys(repaired))


def decoded(content: bytes) -> tuple[str, list[str]]:
    """The text of a file, with plain line ends, and a note if it was not UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), ["the file was UTF-16, not UTF-8"]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
        return text, ["the file was not UTF-8: it was read as Windows-1252"]


def parsed(text: str) -> Any:
    """The JSON in a text; Unreadable if it is none."""
    if not text.strip("\0 \t\r\n"):
        raise Unreadable("it is empty, and not JSON as notebooks are")
    if text.lstrip().startswith("<"):
        raise Unreadable("it is a web page, and not JSON as notebooks are")
    if re.search(r"^<{7} ", text, re.MULTILINE):
        raise Unreadable("it has conflict marks of git in it, and is not JSON as notebooks are")
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        raise Unreadable("it is no notebook: its JSON is nested too deeply") from None
    except ValueError as error:
        raise Unreadable(f"it is not JSON, as notebooks are ({error})") from None


def raw_cells(notebook: Any) -> list[Any]:
    """The cells of a notebook of any format; Unreadable if there is no list of cells."""
    if isinstance(notebook, dict):
        cells = notebook.get("cells")
        if cells is None and isinstance(sheets := notebook.get("worksheets"), list):
            found = [s.get("cells", []) for s in sheets if isinstance(s, dict)]  # formats 2 and 3
            cells = [cell for part in found if isinstance(part, list) for cell in part]
        if isinstance(cells, list):
            return cells
    raise Unreadable("it is JSON, but no notebook: there is no list of cells")


def clean(raw: dict[str, Any]) -> Any:
    """A valid cell with the source, the tags and the nbgrader mark of ``raw``, without outputs."""
    from nbformat import v4

    kinds = {"code": v4.new_code_cell, "raw": v4.new_raw_cell}
    texts = {"markdown", "heading", "html"}
    kind = raw.get("cell_type")
    new = v4.new_markdown_cell if kind in texts else kinds.get(str(kind), v4.new_raw_cell)
    cell = new(source=source(raw.get("source", raw.get("input", ""))))
    given = raw.get("metadata")
    if isinstance(given, dict):
        mark, tags = given.get("nbgrader"), given.get("tags")
        if isinstance(mark, dict):
            cell.metadata["nbgrader"] = mark
        if isinstance(tags, list) and all(isinstance(t, str) and "," not in t for t in tags):
            cell.metadata["tags"] = list(dict.fromkeys(tags))
        raw = {"id": given.get("id")} | raw  # Colab keeps it there
    if isinstance(raw.get("id"), str) and re.fullmatch(r"[\w-]{1,64}", raw["id"], re.ASCII):
        cell.id = raw["id"]
    pictures = raw.get("attachments")
    if cell.cell_type == "markdown" and isinstance(pictures, dict):
        whole = {n: p for n, p in pictures.items() if is_bundle(p)}
        if whole:
            cell["attachments"] = whole
    return cell


def is_bundle(picture: Any) -> bool:
    """Whether an attachment is as the format wants it: text by type."""
    return isinstance(picture, dict) and all(isinstance(data, str) for data in picture.values())


def source(given: Any) -> str:
    """The text of a cell: a string, or a list of lines; line ends as Python has them."""
    lines = given if isinstance(given, list) else [given]
    text = "".join(line for line in lines if isinstance(line, str))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode()  # half of a surrogate pair is no text

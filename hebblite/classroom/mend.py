"""A submission put in order before it is graded, with a note of everything that was done.

nbgrader knows cells by a mark in their metadata, and takes for granted that each mark is there
once, on a cell of its kind, in the order of the lesson. Ordinary editing breaks all of that: a cell
that is split or copied takes its mark along, other front ends lose it, cells are moved, deleted
or turned into text. Here the marks are set anew, from the notebook that was handed out.

What counts is what a teacher would count who reads the notebook:

- Halves of a split cell are put together. Copies all run, in their order: the last one counts.
- A copy that nobody touched does not count beside one that somebody did.
- Where the marked cell is gone or untouched, cells elsewhere that define its names are the answer.
- Tests are the teacher's, whatever happened to them, and come after the answers that they test.
- A code cell of the lesson that is gone or turned into text is put back in its place.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from .python_cells import is_half, names, runs

NOTE = "before-grading"  # the id of the cell with the notes


def mend(notebook: Any, released: Any) -> list[str]:
    """Put ``notebook`` in order, as handed out in ``released``; returns what was done."""
    return Mending(notebook, released).run()


def kind(cell: Any) -> str:
    """What nbgrader does with a cell: "answer" (of a student), "fixed" (tests, or what nobody may
    change), or "" (nothing)."""
    mark = cell.metadata.get("nbgrader", {})
    if not mark.get("grade_id"):
        return ""
    return "answer" if mark.get("solution") else "fixed"


def name(cell: Any) -> str:
    """The mark of a cell."""
    return str(cell.metadata["nbgrader"]["grade_id"])


def same(one: Any, other: Any) -> bool:
    """Whether two cells say the same."""
    return bool(one.source.strip() == other.source.strip())


class Mending:
    """The cells of one submission, and what is known about them while it is put in order."""

    def __init__(self, notebook: Any, released: Any) -> None:
        self.notebook = notebook
        self.cells: list[Any] = [
            c for c in notebook.cells if not (c.id == NOTE and c.cell_type == "markdown")
        ]
        self.wanted = [cell for cell in released.cells if kind(cell)]
        self.given = [c for c in released.cells if not kind(c) and c.cell_type == "code"]
        self.lesson = [c for c in released.cells if kind(c) or c.cell_type == "code"]
        self.parts: dict[str, list[Any]] = {name(cell): [] for cell in self.wanted}
        self.elsewhere: dict[str, list[Any]] = {name(cell): [] for cell in self.wanted}
        self.rewritten: list[str] = []
        self.notes: list[str] = []

    def run(self) -> list[str]:
        self.find_parts()
        self.put_back_given()
        for cell in self.wanted:
            if kind(cell) == "answer":
                self.answer(cell)
        for cell in self.wanted:
            if kind(cell) == "fixed":
                self.fixed(cell)
        self.name_once()
        self.notebook.cells = self.cells
        return self.notes

    def name_once(self) -> None:
        """Give no id to two cells."""
        taken = {NOTE}
        for cell in self.cells:
            number = 2
            while cell.id in taken:
                cell.id = f"{cell.id[:50].rstrip('-0123456789')}-{number}"
                number += 1
            taken.add(cell.id)

    # ------------------------------------------------------------------ which cell is which

    def find_parts(self) -> None:
        """Sort the marked cells by their marks, take the marks off, and know lost ones by id."""
        ids = {cell.id: name(cell) for cell in self.wanted}
        for cell in self.cells:
            mark = cell.metadata.pop("nbgrader", {})
            known = mark.get("grade_id")
            if isinstance(known, str) and known in self.parts:
                self.know(cell, known)
            elif known and any(mark.get(key) for key in ("solution", "grade", "locked")):
                self.notes.append(f"{known}: not of this lesson; run as an ordinary cell")
            elif cell.id in ids:
                self.know(cell, ids[cell.id])
        texts = [given.source.strip() for given in self.given]
        defined = set().union(*(names(c.source) for c in self.wanted if kind(c) == "answer"))
        self.foreign = not any(self.parts.values()) and not any(
            defined & names(c.source) or any(text in c.source for text in texts) for c in self.cells
        )
        if self.foreign:
            what = "no cell of this lesson was found" if self.cells else "the notebook is empty"
            self.notes.append(f"{what}: is it the right file?")

    def know(self, cell: Any, key: str) -> None:
        """Take a cell for the marked one ``key``, unless somebody wrote over the teacher's: then it
        is one of theirs, and an answer in it counts."""
        wanted = next(cell for cell in self.wanted if name(cell) == key)
        if kind(wanted) == "answer" or cell.source.strip() in wanted.source:
            self.parts[key].append(cell)
        elif key not in self.rewritten:
            self.rewritten.append(key)
            self.notes.append(f"{key}: put back as they were handed out")

    def marked(self, cell: Any) -> bool:
        """Whether a cell is known to be an answer, or a fixed cell of the lesson."""
        return any(cell is part for parts in self.parts.values() for part in parts)

    def place(self, given: Any) -> Any:
        """The cell of the submission that has the code of a given one, or has taken its place."""
        text = given.source.strip()
        for cell in self.cells:
            if (cell.id == given.id and cell.source.strip()) or text in cell.source:
                return cell
        return None

    def free(self, cell: Any) -> bool:
        """Whether a cell is one that the student added: not marked, and not of the lesson."""
        return not self.marked(cell) and not any(
            cell.id == given.id or same(cell, given) for given in self.given
        )

    # ------------------------------------------------------------------ cells of the lesson

    def put_back_given(self) -> None:
        """Put back code cells of the lesson that are gone or have become text: tests and answers
        may need what they import and define. What comes after the last tests is not needed."""
        last = max((i for i, c in enumerate(self.lesson) if kind(c)), default=-1)
        for cell in [] if self.foreign else self.lesson[:last]:
            if kind(cell):
                continue
            mine = self.place(cell)
            if mine is None:
                self.insert(copy.deepcopy(cell), cell)
                self.notes.append(f"a cell of the lesson was gone and was put back: {first(cell)}")
            elif mine.cell_type != "code" and same(mine, cell):
                self.turn(mine, "code")
                self.notes.append(f"a code cell of the lesson had become text: {first(cell)}")

    def insert(self, new: Any, like: Any, behind: int = -1) -> None:
        """Put ``new`` where ``like`` stands in the lesson: after the cell before it, as far as
        there is one, or else before the first cell after it; but after the index ``behind``. Where
        nothing of the lesson is left, its own cells come first, and marked ones last."""
        self.cells = [c for c in self.cells if not (c.id == new.id and not c.source.strip())]
        at = next(i for i, cell in enumerate(self.lesson) if cell is like)
        before = [self.where(cell)[-1:] for cell in self.lesson[:at][::-1]]
        after = [self.where(cell)[:1] for cell in self.lesson[at + 1 :]]
        found = [i + 1 for places in before for i in places] + [i for p in after for i in p]
        found.append(len(self.cells) if kind(like) else 0)
        self.cells.insert(max(found[0], behind + 1), new)

    def where(self, cell: Any) -> list[int]:
        """Where the parts of a cell of the lesson stand now; nowhere if it is gone."""
        key = name(cell) if kind(cell) else ""
        parts = [*self.parts[key], *self.elsewhere[key]] if key else [self.place(cell)]
        return sorted(i for part in parts if (i := self.index(part)) >= 0)

    def end(self, cells: Sequence[Any]) -> int:
        """Where the last part of all of these cells of the lesson stands; -1 if they are gone."""
        return max((i for cell in cells for i in self.where(cell)), default=-1)

    def index(self, cell: Any) -> int:
        """Where a cell stands: this very one, not one that says the same. -1 if nowhere."""
        return next((i for i, other in enumerate(self.cells) if other is cell), -1)

    # ------------------------------------------------------------------ answers

    def answer(self, wanted: Any) -> None:
        """One marked cell for an answer, after all of its other parts."""
        key = name(wanted)
        parts = self.touched(wanted)
        if not parts:
            new = copy.deepcopy(wanted)
            self.insert(new, wanted)
            parts = [new]
            if not self.foreign:
                self.notes.append(f"{key}: the cell was gone")
        for part in parts:
            if part.cell_type != wanted.cell_type:
                self.notes.append(f"{key}: it had become {part.cell_type}; taken as it was")
                self.turn(part, wanted.cell_type)
        if wanted.cell_type == "code":
            parts = self.joined(key, self.with_halves(parts))
        elif len(parts) > 1:
            parts = self.join(parts, "\n\n")
            self.notes.append(f"{key}: put together from several cells")
        self.parts[key] = parts
        parts[-1].metadata["nbgrader"] = copy.deepcopy(wanted.metadata["nbgrader"])

    def touched(self, wanted: Any) -> list[Any]:
        """The marked cells that somebody wrote into, if there are any; else the first one."""
        key, marked = name(wanted), self.parts[name(wanted)]
        written = [part for part in marked if part.source.strip() and not same(part, wanted)]
        if not written:
            self.parts[key] = self.drop(marked[1:], marked[:1])
            return self.pointer(wanted) or self.parts[key]
        spare = [part for part in marked if not any(part is one for one in written)]
        if spare:
            self.notes.append(f"{key}: a copy with nothing written into it was left out")
        return self.drop(spare, written)

    def pointer(self, wanted: Any) -> list[Any]:
        """Where cells that are not marked define what the answer should: a marked cell that says
        so. The untouched one would undo what they define."""
        key, own = name(wanted), names(wanted.source)
        found = [
            cell
            for cell in self.cells
            if cell.cell_type == "code" and self.free(cell) and own & names(cell.source)
        ]
        if wanted.cell_type != "code" or not found:
            return []
        self.notes.append(f"{key}: the answer was found in a cell that is not marked")
        marked = self.parts[key]
        if not marked:
            marked = [copy.deepcopy(wanted)]
            self.insert(marked[0], wanted)
        marked[0].source = "# The answer is in another cell."
        self.elsewhere[key] = found
        return marked

    def drop(self, spare: Sequence[Any], kept: list[Any]) -> list[Any]:
        """``kept``, after ``spare`` has been taken out of the notebook."""
        self.cells = [cell for cell in self.cells if not any(cell is one for one in spare)]
        return kept

    def with_halves(self, parts: list[Any]) -> list[Any]:
        """The parts, with halves beside them that have lost their mark when they were split."""
        found = list(parts)
        for step in (1, -1):
            while True:
                end = found[-1] if step == 1 else found[0]
                at = self.index(end) + step
                if not 0 <= at < len(self.cells):
                    break
                beside = self.cells[at]
                if beside.cell_type != "code" or not self.free(beside):
                    break
                pair = [end, beside] if step == 1 else [beside, end]
                if not is_half(pair[1].source) and runs(pair[0].source):
                    break
                if not runs("\n".join(cell.source for cell in pair)):
                    break
                found = [*found, beside] if step == 1 else [beside, *found]
        return found

    def joined(self, key: str, parts: list[Any]) -> list[Any]:
        """Halves put together; parts that run by themselves stay, and run in their order."""
        if len(parts) < 2:
            return parts
        broken = any(is_half(part.source) or not runs(part.source) for part in parts)
        if broken and runs("\n".join(part.source for part in parts)):
            self.notes.append(f"{key}: put together from {len(parts)} cells, as it had been split")
            return self.join(parts, "\n")
        different = any(not same(part, parts[0]) for part in parts)
        if different:
            self.notes.append(
                f"{key}: {len(parts)} cells; all were run in their order, and the last word counts"
            )
        return parts

    def join(self, parts: list[Any], between: str) -> list[Any]:
        """One cell, in the place of the last part."""
        parts[-1].source = between.join(part.source for part in parts)
        return self.drop(parts[:-1], parts[-1:])

    # ------------------------------------------------------------------ tests

    def fixed(self, wanted: Any) -> None:
        """The teacher's cell itself, once: where it was, unless that is before what it tests."""
        key, mine = name(wanted), self.parts[name(wanted)]
        after = self.end(self.tested(wanted))
        place = next((part for part in mine if self.index(part) > after), None)
        new = copy.deepcopy(wanted)
        if place is None:
            if not mine and not self.foreign and key not in self.rewritten:
                self.notes.append(f"{key}: they were gone and were put back")
            elif mine:
                self.notes.append(f"{key}: moved behind what they test")
            self.drop(mine, [])
            self.parts[key] = []
            self.insert(new, wanted, self.end(self.tested(wanted)))
        else:
            if not same(place, wanted) or place.cell_type != wanted.cell_type:
                self.notes.append(f"{key}: put back as they were handed out")
            self.cells[self.index(place)] = new
            self.drop(mine, [])
        self.parts[key] = [new]

    def tested(self, wanted: Any) -> list[Any]:
        """The cells that come before a fixed one in the lesson and that it may need: the answers of
        its exercise, their other tests, and all that the lesson itself imports and defines."""
        before = self.lesson[: next(i for i, cell in enumerate(self.lesson) if cell is wanted)]
        marked = [cell for cell in before if kind(cell)]
        start = len(marked)
        while start and not (
            kind(marked[start - 1]) == "fixed" and kind(([*marked, wanted])[start]) == "answer"
        ):
            start -= 1
        return [*marked[start:], *(cell for cell in before if not kind(cell))]

    def turn(self, cell: Any, to: str) -> None:
        """Make a cell one of another type."""
        cell.cell_type = to
        cell.pop("attachments", None)
        if to == "code":
            cell["outputs"], cell["execution_count"] = [], None
        else:
            cell.pop("outputs", None)
            cell.pop("execution_count", None)


def first(cell: Any) -> str:
    """The first line of a cell, as Markdown code."""
    line = (cell.source.strip().splitlines() or [""])[0].replace("`", "'")
    return f"`{line[:60]}`"


def write_notes(notebook: Any, notes: Sequence[str]) -> None:
    """Say in a cell at the top what was done to a notebook, if anything was."""
    from nbformat.v4 import new_markdown_cell

    if notes:
        text = "**Put in order before grading**\n\n" + "\n".join(f"- {note}" for note in notes)
        notebook.cells.insert(0, new_markdown_cell(text, id=NOTE))


def notes_of(notebook: Any) -> list[str]:
    """What ``write_notes`` said."""
    for cell in notebook.cells:
        if cell.get("id") == NOTE:
            return [line[2:] for line in cell.source.splitlines() if line.startswith("- ")]
    return []

"""The tables of lessons in README and INSTRUCTORS, written from the map of the course.

A page says where: between ``<!-- map: begin -->`` and ``<!-- map: end -->`` release writes its
table, and a test compares. Nothing else in a page is touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from ..teaching.course_map import LESSONS, lessons_there

BEGIN, END = "<!-- map: begin -->", "<!-- map: end -->"
BLOCK = re.compile(rf"(?<={BEGIN}\n).*?(?={END})", re.DOTALL)


def for_readers() -> str:
    """Lessons with their questions and minutes, and what is planned, for the README."""
    lines = [
        "| lesson | its question | minutes if you know the field: main path + asides |",
        "|---|---|---|",
    ]
    for one in lessons_there():
        link = f"[{one.name}](course/{one.file})"
        lines.append(f"| {link} | {one.question} | {one.minutes} + {one.asides} |")
    planned = "; ".join(one.name for one in LESSONS if not one.is_there)
    return "\n".join(lines) + (f"\n\nPlanned: {planned}.\n" if planned else "\n")


def for_teachers() -> str:
    """Lessons with minutes, goals and what they need, for INSTRUCTORS."""
    lines = ["| lesson | minutes | afterwards a student can | needs |", "|---|---|---|---|"]
    for one in lessons_there():
        time = f"{one.minutes} + {one.asides}"
        lines.append(f"| {one.name} | {time} | {one.goal} | {', '.join(one.needs)} |")
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "README.md": for_readers,
    "solutions/INSTRUCTORS.md": for_teachers,
}


def with_table(text: str, table: str) -> str:
    """A page with its table made anew; the page as it is where it asks for none."""
    return BLOCK.sub(lambda _: table, text)


def write_tables(root: Path) -> None:
    """Write the tables of all pages below ``root`` that have a place for one."""
    for name, table in PAGES.items():
        path = root / name
        if path.is_file():
            old = path.read_text(encoding="utf-8")
            new = with_table(old, table())
            if new != old:
                path.write_text(new, encoding="utf-8")

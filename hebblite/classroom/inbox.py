"""What lies in a teacher's inbox: whose each notebook is, and why anything else is left there.

Nothing is passed over in silence: every file and folder is a submission, or is named with a reason.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..teaching.words import count
from .reading import Unreadable, read


@dataclass
class Inbox:
    """notebooks: (student, file) of what can be taken. left: (file or folder, why it is left).
    hidden: what systems and Jupyter leave in folders. notes: what was taken in spite of its name.
    """

    notebooks: list[tuple[str, Path]] = field(default_factory=list)
    left: list[tuple[Path, str]] = field(default_factory=list)
    hidden: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def look(inbox: Path, name: str, lessons: Collection[str]) -> Inbox:
    """Everything in ``inbox``, where the assignment ``name``, one of ``lessons``, was to be put.

    OSError if the folder itself cannot be read."""
    found = Inbox()
    for path in entries(inbox):
        if is_hidden(path):
            found.hidden.append(path)
        elif path.is_symlink():
            found.left.append((path, "a link; put the file itself there"))
        elif path.is_dir():
            look_into(path, name, lessons, found)
        elif not is_notebook(path):
            found.left.append((path, what_it_is(path)))
        elif path.stem in lessons:
            found.left.append((path, "this names a lesson, not a student; call it STUDENT.ipynb"))
        else:
            take(path.stem, path, found)
    return found


def look_into(folder: Path, name: str, lessons: Collection[str], found: Inbox) -> None:
    """The folder of one student: its one notebook, or the one called after the lesson."""
    try:
        inside = list(entries(folder))
    except OSError as error:
        found.left.append((folder, f"it cannot be read ({error.strerror})"))
        return
    found.hidden += [path for path in inside if is_hidden(path)]
    visible = [path for path in inside if not is_hidden(path)]
    books = [path for path in visible if is_notebook(path) and not path.is_symlink()]
    rest = [path for path in visible if path not in books]
    named = [path for path in books if path.name == f"{name}.ipynb"]
    alike = [path for path in books if path.stem.casefold() == name.casefold()]
    other = [path for path in books if path.stem in lessons]
    chosen = named or alike or [path for path in books if path not in other]
    if len(chosen) == 1:
        if chosen != named:
            found.notes.append(f"{chosen[0]}: taken for {name}.ipynb of {folder.name}")
        take(folder.name, chosen[0], found)
        reason = f"beside the notebook of {folder.name}; only {name}.ipynb is graded"
    elif chosen:
        reason = f"one of {len(chosen)} notebooks, and none is called {name}.ipynb"
    else:
        reason = f"no notebook of {name}" if inside else "an empty folder"
    if not chosen:
        found.left.append((folder, reason))
    found.left += [(path, reason) for path in books if len(chosen) > 1 or path not in chosen]
    for path in rest:
        why = "a link; put the file itself there" if path.is_symlink() else what_it_is(path)
        found.left.append((path, why if is_submission(path) or not chosen else reason))


def take(student: str, path: Path, found: Inbox) -> None:
    """Add a notebook that can be read as one; else leave it, with the reason."""
    try:
        read(path.read_bytes())
    except OSError as error:
        found.left.append((path, f"it cannot be read ({error.strerror or error})"))
    except Unreadable as error:
        found.left.append((path, str(error)))
    else:
        found.notebooks.append((student, path))


def entries(folder: Path) -> Iterator[Path]:
    """What is in a folder, by name."""
    return iter(sorted(folder.iterdir(), key=lambda path: path.name))


def is_hidden(path: Path) -> bool:
    """Whether it is no submission but what a system or Jupyter leaves behind."""
    litter = {"__macosx", "thumbs.db", "desktop.ini", "__pycache__", ".ipynb_checkpoints", ".git"}
    if path.name.casefold() in litter or path.name.startswith("._"):
        return True
    if not path.name.startswith(".") or is_notebook(path):
        return False
    return not (path.is_dir() and any(map(is_notebook, path.iterdir())))


def is_notebook(path: Path) -> bool:
    """Whether it is a plain file with the ending of a notebook, in whatever case."""
    try:
        plain = stat.S_ISREG(path.stat().st_mode)
    except OSError:  # such as a link that leads nowhere
        return False
    return plain and path.name.casefold().endswith(".ipynb")


def is_submission(path: Path) -> bool:
    """Whether it may hold a submission all the same."""
    return path.is_dir() or path.suffix.casefold() in (".zip", ".gz", ".tar", ".7z", ".rar", ".tgz")


def what_it_is(path: Path) -> str:
    """Why something that is no notebook cannot be taken."""
    if path.is_dir():
        inside = sum(".ipynb" in file for folder in os.walk(path) for file in folder[2])
        return f"a folder within a folder, with {count(inside, 'notebook')} in it"
    if is_submission(path):
        return "an archive; unpack it"
    if not path.is_file():
        return "no plain file"
    try:
        read(path.read_bytes())
    except (OSError, ValueError):
        return "no notebook, by its name"
    return "no notebook by its name, but by its content; let the name end in .ipynb"


# ---------------------------------------------------------------------- names


def why_not(student: str) -> str:
    """Why nbgrader cannot grade a student of this name; "" if it can."""
    if any(character in student for character in "*?[]+{}/\\"):
        return "a name without * ? [ ] { } + / \\, which have a meaning for nbgrader"
    if student.startswith(".") or not student:
        return "a name that is not hidden: without a dot at its beginning"
    if student != student.strip() or student.endswith("."):
        return "a name that neither begins nor ends with a space, nor ends with a dot"
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in student):
        return "a name of letters that can be written down: one has a control character or worse"
    return ""


def spelling(student: str) -> str:
    """A name without what differs between systems and hands: case, accents' encoding, spaces."""
    plain = unicodedata.normalize("NFKC", student).casefold()
    return re.sub(r"[\s_]+", " ", unicodedata.normalize("NFKC", plain)).strip()

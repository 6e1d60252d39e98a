"""Which exercises and steps are solved: one file in the home folder, which no mishap destroys.

Several kernels may write it at once: each takes the lock beside the file, reads what is there, adds
its own, and moves the new file into place. A file that is damaged is kept under another name, and
the numbers in it that can still be read are carried over.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..files import replacing

SECONDS = 3.0  # of waiting for another kernel; then without the lock


def progress_file() -> Path:
    """Where solved exercises are kept: HEBBLITE_HOME, or .hebblite in the home folder."""
    home = os.environ.get("HEBBLITE_HOME")
    return (Path(home) if home else Path.home() / ".hebblite") / "progress.json"


def progress() -> list[str]:
    """The exercises solved so far, in order; none if nothing can be read."""
    try:
        return sorted(read(progress_file())[0])
    except (OSError, RuntimeError):  # RuntimeError: there is no home folder
        return []


def remember(exercise: str) -> None:
    """Add a solved exercise. A machine that cannot store it does not spoil the lesson."""
    with contextlib.suppress(OSError, RuntimeError):
        path = progress_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        with lock(path.with_suffix(".lock")):
            solved, whole = read(path)
            if not whole:
                keep_aside(path)
            if whole and exercise in solved:
                return
            with replacing(path) as file:
                file.write(json.dumps(sorted({*solved, exercise})).encode())


def read(path: Path) -> tuple[set[str], bool]:
    """The numbers in the file, and whether it is whole; none, and whole, if there is no file.

    OSError if there is one that cannot be read: it must then not be replaced."""
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except FileNotFoundError:
        return set(), True
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, list) and all(isinstance(name, str) for name in found):
        return set(found), True
    return set(re.findall(r"(?<![\w.])(?:\d\d|T\d+)\.\d+(?![\d.])", text)), False


def keep_aside(path: Path) -> None:
    """A copy of a damaged file, under a name that is not taken."""
    content = path.read_bytes()
    for number in range(1, 100):
        copy = path.with_name(f"{path.stem}-damaged-{number}.json")
        if not copy.exists():
            with replacing(copy) as file:
                file.write(content)
            return
        if copy.read_bytes() == content:
            return


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """In the block, no other process or thread is in one with the same ``path``: where the system
    can lock files, and nobody holds it for longer than SECONDS."""
    with path.open("ab") as file:
        deadline = time.monotonic() + SECONDS
        while not locked(file) and time.monotonic() < deadline:
            time.sleep(0.005)
        yield  # to close the file gives the lock back


try:
    import fcntl

    def locked(file: BinaryIO) -> bool:
        """Take the lock if it is free; whether it is ours now, or cannot be had at all."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
        return True

except ImportError:  # Windows
    import msvcrt

    def locked(file: BinaryIO) -> bool:
        """Take the lock if it is free; whether it is ours now, or cannot be had at all."""
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True

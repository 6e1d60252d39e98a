"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .errors import UnwritableError, check_path


@contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """An open file that takes the place of ``path`` when the block ends well: it is written beside
    and moved there, so that a crash or a full disk leaves the previous file as it was.

    UnwritableError, naming the path, if it cannot be written."""
    check_path("path", path)
    path = Path(path)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or error
        raise UnwritableError(f"{path}: cannot be written ({reason})") from error


def check_writable(path: str | Path) -> None:
    """UnwritableError, naming the path, if a file cannot be written there; what is there stays."""
    probe = Path(f"{path}.probe")
    try:
        with replacing(probe) as file:
            file.write(bytes(4096))
        probe.unlink()
    except OSError as error:
        raise UnwritableError(str(error).replace(".probe", "")) from error


def write_text(path: str | Path, text: str) -> None:
    """One text file, with a newline at its end."""
    with replacing(path) as file:
        file.write(text.encode() + b"\n")

"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .errors import UnwritableError, check_path


@contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """An open file that takes the place of ``path`` when the block ends well: it is written beside
    and moved there, so that a crash or a full disk leaves the previous file as it was. Who may
    read it stays as it was too; a link still leads to the file that it names.

    UnwritableError, naming the path, if it cannot be written."""
    check_path("path", path)
    try:
        target = Path(os.path.realpath(path))
        part = target.with_name(f"{target.name[:100]}.{secrets.token_hex(4)}.part")
        file = part.open("xb")
    except OSError as error:
        raise _unwritable(path, error) from error
    except ValueError as error:  # no file can have this name
        raise UnwritableError(f"{str(path)!r}: cannot be written ({error})") from error
    try:
        try:
            with file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, part)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: str | Path, error: OSError) -> UnwritableError:
    return UnwritableError(f"{path}: cannot be written ({error.strerror or error})")


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

"""nbgrader's own interface to a course folder, and what its answers mean."""

from __future__ import annotations

import logging
import os
import re
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from ..errors import ArgumentError
from .settings import CONFIG


def course(folder: Path) -> Any:
    """nbgrader's own interface to the course in ``folder``, with the settings of its config file.

    ArgumentError if nbgrader is missing or the file cannot be read."""
    try:
        from nbgrader.apps import NbGraderAPI
    except ImportError as error:
        raise ArgumentError(
            "nbgrader", f"none ({error})", "the extra: pip install 'hebblite[instructor]'"
        ) from None
    from traitlets.config import PyFileConfigLoader

    try:
        config = PyFileConfigLoader(CONFIG, path=str(folder.resolve())).load_config()
    except Exception as error:
        raise ArgumentError(
            CONFIG, f"{type(error).__name__}: {error}", "a file that runs"
        ) from error
    config.CourseDirectory.root = str(folder.resolve())
    put_alembic_on_the_path()
    return NbGraderAPI(config=config)


@contextmanager
def quiet() -> Iterator[None]:
    """Without warnings of nbgrader's database about its own habits, and without the tracebacks of
    libraries when a kernel dies: the result says so."""
    loggers = [logging.getLogger(name) for name in ("tornado.general", "asyncio")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


def put_alembic_on_the_path() -> None:
    """nbgrader calls ``alembic`` by name; an environment that is not activated does not show it."""
    if shutil.which("alembic") is None:
        files = metadata.files("alembic") or []
        places = {str(Path(str(f.locate())).resolve().parent) for f in files if f.stem == "alembic"}
        os.environ["PATH"] = os.pathsep.join([*sorted(places), os.environ.get("PATH", "")])


def need_assignment(folder: Path, name: str) -> list[str]:
    """ArgumentError unless ``name`` has been made in ``folder``; returns all that have been."""
    made = sorted(
        p.parent.name for p in (folder / "release").glob("*/*") if p.stem == p.parent.name
    )
    if not (folder / CONFIG).is_file():
        raise ArgumentError("folder", str(folder), "one made by: hebblite.assignments make FOLDER")
    if name not in made:
        raise ArgumentError(
            "lesson", repr(name), "one that was made: " + (", ".join(made) or "none")
        )
    return made


def reason(result: dict[str, Any]) -> str:
    """What went wrong, from nbgrader's traceback and log: the first error that is named."""
    text = "\n".join(result.get(part, "") for part in ("log", "error"))
    named = re.findall(r"^\s*([\w.]*(?:Error|Exception|Died\w*)\b.*)$", text, re.MULTILINE)
    return named[0] if named else (text.strip().splitlines() or ["nbgrader gave no reason"])[-1]


def must(result: dict[str, Any], what: str) -> None:
    """ArgumentError with nbgrader's reason unless it succeeded."""
    if not result["success"]:
        raise ArgumentError(what, reason(result), "an assignment that nbgrader accepts")

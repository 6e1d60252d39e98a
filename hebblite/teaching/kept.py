"""The learner's guesses: one file in the home folder, as safe as that of solved exercises."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from ..files import replacing
from .solved import keep_aside, lock, progress_file

Kept = dict[str, Any]

#: Guesses that could not be stored, for this kernel; None: cleared.
_unstored: dict[str, Any] = {}


def guesses_file() -> Path:
    """Where guesses are kept: beside the file of solved exercises."""
    return progress_file().with_name("predictions.json")


def guesses() -> Kept:
    """All guesses by name; none if nothing can be read."""
    try:
        found = read(guesses_file())[0]
    except (OSError, RuntimeError):  # RuntimeError: there is no home folder
        found = {}
    return {name: value for name, value in {**found, **_unstored}.items() if value is not None}


def keep_guess(name: str, value: Any) -> bool:
    """Keep a guess, or drop it with None. Whether it could be stored; if not, it is remembered
    as long as this kernel runs."""
    try:
        path = guesses_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        with lock(path.with_suffix(".lock")):
            found, whole = read(path)
            if not whole:
                keep_aside(path)
            found = {**found, name: value}
            if value is None:
                del found[name]
            with replacing(path) as file:
                file.write(json.dumps(found, ensure_ascii=False).encode())
    except (OSError, RuntimeError):
        _unstored[name] = value
        return False
    _unstored.pop(name, None)
    return True


def read(path: Path) -> tuple[Kept, bool]:
    """The guesses in the file, and whether it is whole; none, and whole, if there is no file.

    OSError if there is one that cannot be read: it must then not be replaced."""
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except FileNotFoundError:
        return {}, True
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and all(map(sound, found.values())):
        return found, True
    if isinstance(found, dict):
        return {name: value for name, value in found.items() if sound(value)}, False
    single = re.findall(r'"(\d\d\.p\d+)": (-?[\d.]+(?:e[-+]\d+)?|"[^"\\]*")(?=[,}])', text)
    return {name: json.loads(value) for name, value in single}, False


def sound(value: Any) -> bool:
    """Whether this can be a guess: a finite number, a string, or numbers by name."""
    if isinstance(value, dict):
        return bool(value) and all(
            not isinstance(v, str | dict) and sound(v) for v in value.values()
        )
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str) or (number and math.isfinite(value))

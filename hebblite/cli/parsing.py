"""A parser of arguments that answers a slip of the finger in one line, with what was meant."""

from __future__ import annotations

import argparse
import ast
import re
import shutil
import textwrap
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from ..errors import ArgumentError, check_count
from ..suggest import meant

WIDTH = 80


class UsageError(ValueError):
    """A command line that cannot be read: the message names the argument."""


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help in at most 80 columns, whatever the width of the window."""

    def __init__(self, prog: str) -> None:
        width = min(WIDTH, shutil.get_terminal_size().columns) - 2
        super().__init__(prog, max_help_position=26, width=width)

    def _split_lines(self, text: str, width: int) -> list[str]:
        """No line ends within a name that has a hyphen, as argparse's may."""
        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)


class Parser(argparse.ArgumentParser):
    """Raises UsageError where argparse would print its usage and end the process."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=Formatter, add_help=False, **settings)
        self.add_argument("-h", "--help", action="help", help="this text")

    def error(self, message: str) -> NoReturn:
        raise UsageError(re.sub(r"^argument ", "", message))

    def _print_message(self, message: str, file: Any = None) -> None:
        """As argparse's, which keeps to itself that a reader is gone or a disk full."""
        print(message, end="", file=file)

    def unknown(self, word: str) -> UsageError:
        """What to say of an argument that there is not."""
        option = word.partition("=")[0]
        if not option.startswith("-"):
            return UsageError(f"got {word!r} where an option was expected; {self.see()}")
        options = [name for action in self._actions for name in action.option_strings]
        near = meant(option, options)
        return UsageError(f"{option}: there is no such option{near or '; ' + self.see()}")

    def see(self) -> str:
        return f"see {self.prog} --help"


def wrapped(text: str, indent: str = "") -> str:
    """One paragraph in 80 columns; lines after the first are indented."""
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False,
                         break_on_hyphens=False)  # fmt: skip


def described(paragraphs: str, examples: Iterable[str] = ()) -> dict[str, Any]:
    """The description of a command, and its examples below its options."""
    text = "\n\n".join(wrapped(" ".join(part.split())) for part in paragraphs.split("\n\n"))
    return {"description": text, "epilog": "\n".join(["examples:", *(f"  {e}" for e in examples)])}


# ---------------------------------------------------------------------- kinds of values


def one_of(names: Iterable[str]) -> Callable[[str], str]:
    """One of some names. (argparse's ``choices`` has no suggestions.)"""
    known = list(names)

    def choice(text: str) -> str:
        if text not in known:
            wanted = f"one of {', '.join(known)}{meant(text, known)}"
            raise argparse.ArgumentTypeError(f"got {text!r}, expected {wanted}")
        return text

    return choice


def count(text: str) -> int:
    """A whole number; its bounds are checked where it is used."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"got {text!r}, expected a whole number") from None


def seed_number(text: str) -> int:
    """A whole number of at least 0."""
    try:
        return check_count("", count(text), least=0)
    except ArgumentError:
        raise argparse.ArgumentTypeError(f"got {text}, expected a whole number >= 0") from None


def number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"got {text!r}, expected a number") from None


def sizes(text: str) -> tuple[int, ...]:
    """784-256-256-10 as a tuple."""
    try:
        return tuple(int(part) for part in text.split("-"))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"got {text!r}, expected layer sizes joined by dashes, as in 784-256-256-10"
        ) from None


def setting(text: str) -> tuple[str, Any]:
    """nudge=0.1 as a pair."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"got {text!r}, expected NAME=VALUE, as in nudge=0.1")
    try:
        read = ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return name, value
    if not isinstance(read, int | float | str | None):
        raise argparse.ArgumentTypeError(f"got {text!r}, expected a number or a word after =")
    return name, read

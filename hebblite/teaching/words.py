"""Words for messages: articles, plurals, and letters that any console can print."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence

#: What stands for a character that a console lacks.
PLAIN = {
    "✓": "right:", "✗": "wrong:", "⚠": "careful:", "○": "o", "●": "*",
    "−": "-", "–": "-", "—": "-", "·": "*", "×": "x", "÷": "/", "±": "+-", "√": "root ",
    "→": "->", "∂": "d", "′": "'", "⟨": "<", "⟩": ">", "°": " degrees",
    "≤": "<=", "≥": ">=", "≈": "about ", "≠": "!=", "∞": "infinity", "Σ": "sum", "∑": "sum",
    "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "ₗ": "_l", "ᵀ": "^T",
}  # fmt: skip


def a(noun: str) -> str:
    """The noun with its article: "a list", "an ndarray"."""
    spoken = noun.lower().startswith(("a", "e", "i", "o", "ndarray"))  # "a uint8", "a ufunc"
    return f"{'an' if spoken else 'a'} {noun}"


def count(number: float, noun: str) -> str:
    """The number with its noun: "1 thing", "2 things", "0.5 milliseconds"."""
    shown = f"{number:g}" if isinstance(number, float) else number
    return f"{shown} {noun}{'' if number == 1 else 's'}"


def listing(items: Sequence[str]) -> str:
    """Items as in a sentence: "a", "a and b", "a, b and c"."""
    *most, last = items or [""]
    return f"{', '.join(most)} and {last}" if most else last


def say(text: str) -> None:
    """Print ``text``, in plainer characters where the console cannot carry those that it has."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(printable(text, encoding))


def printable(text: str, encoding: str) -> str:
    """``text`` with every character that ``encoding`` lacks replaced by plain ones."""
    try:
        text.encode(encoding)
        return text
    except LookupError:  # a console with an encoding that Python does not know
        return printable(text, "ascii")
    except UnicodeEncodeError:
        return "".join(plain(character, encoding) for character in text)


def plain(character: str, encoding: str) -> str:
    """One character as it can be printed: "λ" as "lambda", "²" as "^2", "é" as "e"."""
    for way in (character, PLAIN.get(character), spelled(character)):
        try:
            if way is not None:
                way.encode(encoding)
                return way
        except UnicodeEncodeError:
            continue
    return "?"


def spelled(character: str) -> str | None:
    """A letter by its name, a raised or lowered digit with its mark, a letter without accents."""
    name = unicodedata.name(character, "")
    if name.startswith("GREEK "):
        letter = name.split("LETTER ")[-1].split()[0].replace("LAMDA", "LAMBDA")
        return letter.lower() if "SMALL" in name else letter.capitalize()
    base = unicodedata.normalize("NFKD", character)
    mark = "^" if "SUPERSCRIPT" in name else "_" if "SUBSCRIPT" in name else ""
    base = "".join(PLAIN.get(c, c) for c in base if not unicodedata.combining(c))
    return mark + base if base and base != character else None

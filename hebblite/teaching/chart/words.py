"""Words in a chart: lines that fit."""

from __future__ import annotations

from ..placing import text_width


def wrapped(words: str, width: float, bold: bool = False, most: int = 4) -> list[str]:
    """Words in lines of at most ``width`` pixels, broken at spaces, in at most ``most`` lines (the
    last may be longer)."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, bold=bold) > width and len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines

"""Numbers and labels in a chart: real minus signs, powers of ten, lines that fit."""

from __future__ import annotations

import re

from ..placing import text_width

_HYPHEN = re.compile(r"(?<![\w.)\]])-(?=\.?\d)")


def number(t: float) -> str:
    """A tick: short, with a real minus, and powers of ten where zeros would pile up."""
    if t and not 1e-3 <= abs(t) < 1e5:
        mantissa, exponent = f"{t:.3g}".split("e") if "e" in f"{t:.3g}" else f"{t:.2e}".split("e")
        power = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        mantissa = f"{float(mantissa):g}"
        words = f"10{power}" if mantissa == "1" else f"{mantissa}·10{power}"
    else:
        words = f"{t:g}"
    return words.replace("-", "−")


def decimals(value: float, digits: int = 3) -> str:
    """A number with a real minus, and none before a zero."""
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", "−")


def signed(value: float, digits: int = 3) -> str:
    """A change, with its sign always: "+0.120", "−0.310", and "0.000" for none."""
    words = decimals(value, digits)
    return words if words.startswith("−") or not float(words) else f"+{words}"


def minus(words: str) -> str:
    """Words whose hyphens before a number are real minus signs: "-0.31" is "−0.31", "0-1" stays."""
    return _HYPHEN.sub("−", words)


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

"""Numbers as they stand in pictures: real minus signs, and powers of ten where zeros pile up."""

from __future__ import annotations

import re

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


def rounded(t: float, digits: int) -> str:
    """A number of which only the first digits count, as "100" and not "1e+02"."""
    return number(float(f"{t:.{digits}g}"))


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

"""How methods look, by what stands in their names, and words in lines."""

from __future__ import annotations

from ....teaching.placing import text_width

#: The first that fits.
LOOKS = {
    "stdp": "stdp", "spike": "stdp", "error-based": "error", "contrast": "voltage", "dh": "dh",
    "hebb": "hebb", "backprop": "backprop", "bp": "backprop", "untrained": "layer3",
}  # fmt: skip


def look_of(name: str, k: int) -> str | int:
    """The look of a name, or that of the curve with this number."""
    return next((look for part, look in LOOKS.items() if part in name.lower()), k)


def apart(names: list[str]) -> list[str | int]:
    """The looks of several names, each with one of its own."""
    looks: list[str | int] = []
    for k, name in enumerate(names):
        look = look_of(name, k)
        looks.append(look if look not in looks else 6 - k)
    return looks


def wrapped(words: str, width: float, size: float = 12.0) -> list[str]:
    """Words in lines of at most this width in pixels."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines

"""How methods look, by what stands in their names, and how names are written."""

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


def in_words(name: str) -> str:
    """A method's name as it is written: "dfc-error-based" is "DFC error-based"."""
    words = {"dfc": "DFC", "pc": "PC", "ep": "EP", "deb": "DEB", "dh": "DH", "stdp": "STDP"}
    framework, _, rule = name.partition("-")
    if framework == "bp":
        return f"backprop ({words[rule]} net)" if rule else "backprop"
    if framework not in words:
        return words.get(name, name)
    return f"{words[framework]} {words.get(rule, rule)}".strip()


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

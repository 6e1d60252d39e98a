"""How rules are named and how they look. A name with a comma, such as "dh, exact", is a variant of
the rule before it, and is drawn pale."""

from __future__ import annotations

LOOKS = {"backprop": "backprop", "error-based": "error", "dh": "dh"}


def look_of(name: str, k: int) -> int | str:
    """The look of a rule or of its variant; that of number k for others."""
    return LOOKS.get(name.split(",")[0], k)


def in_words(name: str) -> str:
    """A rule's name as it is written: "DH, exact"."""
    rule, comma, variant = name.partition(",")
    return ("DH" if rule == "dh" else rule) + comma + variant

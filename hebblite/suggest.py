"""What somebody may have meant whose word is none of those that are known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def meant(word: str, names: Iterable[str]) -> str:
    """ ". Did you mean NAME?", or nothing if no name is near."""
    lower = {name.lower(): name for name in names}
    near = get_close_matches(word.lower(), lower, n=1)
    return f". Did you mean {lower[near[0]]}?" if near else ""

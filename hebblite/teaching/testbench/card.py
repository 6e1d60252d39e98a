"""The card: what each check measured, what came of it, and why."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import ArgumentError, UnwritableError, check_path
from ..numerals import rounded

#: What can come of a check. ``not claimed``: a property that nobody claimed is not there.
OUTCOMES = ("passes", "fails", "does not apply", "not claimed", "measured")
SIGNS = {
    "passes": "✓", "fails": "✗", "does not apply": "–", "not claimed": "○", "measured": "·",
}  # fmt: skip
KINDS = (".svg", ".txt", ".json")


def percent(share: float) -> str:
    """A share in per cent: two digits, and 0 for what rounding leaves."""
    if share < 1e-8:
        return "0 %"
    return f"{rounded(100 * share, 2)} %"


def layers(numbers: Sequence[int]) -> str:
    """ "layer 2", "layers 1 and 2", "layers 1, 2 and 3"."""
    words = [str(n) for n in numbers]
    if len(words) == 1:
        return f"layer {words[0]}"
    return f"layers {', '.join(words[:-1])} and {words[-1]}"


@dataclass(frozen=True)
class Check:
    """One check. key: its short name. outcome: one of OUTCOMES. measured: what was found, in a few
    words. reason: a sentence that says why it came out so."""

    key: str
    title: str
    outcome: str
    measured: str = ""
    reason: str = ""

    def lines(self, width: int = 96) -> list[str]:
        """The check as lines of text."""
        head = f"{SIGNS[self.outcome]} {self.title}: {self.outcome}"
        if self.measured:
            head += f" ({self.measured})"
        return [
            *textwrap.wrap(head, width, subsequent_indent="    "),
            *textwrap.wrap(self.reason, width, initial_indent="    ", subsequent_indent="    "),
        ]


@dataclass(frozen=True)
class Card:
    """All checks of one rule or framework. As the last line of a cell it shows itself.

    kind: "rule" or "framework". name: of what was tried. setting: in what it was tried.
    claims: what was claimed of it beforehand.
    """

    kind: str
    name: str
    setting: str
    claims: tuple[str, ...]
    checks: tuple[Check, ...]

    def __getitem__(self, key: str) -> Check:
        """The check with this key. ArgumentError names those that there are."""
        found = [check for check in self.checks if check.key == key]
        if not found:
            keys = ", ".join(repr(check.key) for check in self.checks)
            raise ArgumentError("key", repr(key), f"one of {keys}")
        return found[0]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that fail, in the order of the card."""
        return tuple(check for check in self.checks if check.outcome == "fails")

    @property
    def passed(self) -> bool:
        """Whether no check fails, and some pass."""
        return not self.failed and any(check.outcome == "passes" for check in self.checks)

    @property
    def verdict(self) -> str:
        """All in one sentence."""
        if self.failed:
            titles = ", ".join(check.title for check in self.failed)
            return f"{len(self.failed)} of {len(self.checks)} checks fail: {titles}."
        if not self.passed:
            return f"Nothing passes: {self.checks[0].reason}"
        count = sum(check.outcome == "passes" for check in self.checks)
        others = [
            f"{number} {outcome}"
            for outcome in ("does not apply", "not claimed", "measured")
            if (number := sum(check.outcome == outcome for check in self.checks))
        ]
        return f"No check fails: {', '.join([f'{count} pass', *others])}."

    def __str__(self) -> str:
        head = [f"{self.kind} {self.name}, {self.setting}"]
        if self.kind == "rule":
            head.append(f"claimed beforehand: {', '.join(self.claims) or 'nothing'}")
        lines = [line for check in self.checks for line in check.lines()]
        return "\n".join([*head, *lines, self.verdict])

    def svg(self) -> str:
        """The card as a picture."""
        from .picture import draw_card

        return draw_card(self)

    def _ipython_display_(self) -> None:
        from ..svg import show

        show(self.svg())

    def as_data(self) -> dict[str, Any]:
        """The card as JSON holds it."""
        return {
            "kind": self.kind, "name": self.name, "setting": self.setting,
            "claims": list(self.claims), "verdict": self.verdict,
            "checks": [vars(check) for check in self.checks],
        }  # fmt: skip

    def save(self, path: str | Path) -> Path:
        """Write the card as .svg, .txt or .json, and return where. A file that is there stays as it
        is: after ``card.svg`` come ``card-2.svg``, ``card-3.svg``, and so on.

        ArgumentError for another kind of file, UnwritableError if it cannot be written."""
        check_path("path", path)
        wanted = Path(path)
        writers: dict[str, Callable[[], str]] = {
            ".svg": self._standing_alone,
            ".txt": self.__str__,
            ".json": lambda: json.dumps(self.as_data(), indent=1, ensure_ascii=False),
        }
        if wanted.suffix.lower() not in writers:
            raise ArgumentError("path", repr(str(path)), f"a name that ends in {', '.join(KINDS)}")
        words, number = writers[wanted.suffix.lower()]() + "\n", 1
        while True:
            free = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
            try:
                with free.open("x", encoding="utf-8") as file:  # "x": only if nothing is there
                    file.write(words)
            except FileExistsError:
                number += 1
            except (OSError, ValueError) as error:
                why = getattr(error, "strerror", None) or error
                raise UnwritableError(f"{free}: cannot be written ({why})") from error
            else:
                if number > 1:
                    print(f"{wanted.name} is there already: saved as {free.name}.")
                return free

    def _standing_alone(self) -> str:
        """The picture as a file of its own, on white: its words are black there."""
        ground = "max-width:700px;background:white;color:black;"
        return self.svg().replace("max-width:700px;", ground, 1)

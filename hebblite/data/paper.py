"""The runs of the paper's experiments that ship with the course, as many as there are by now.

    for run in stored_paper():
        print(run.method, run.seed, run.accuracy, run.at("angles"))

One file for each run, as ``python -m hebblite reproduce`` wrote it. What they say of the paper's
claims is in ``hebblite.experiments.paper.cards``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from ..errors import ArgumentError
from ..suggest import meant

FOLDER = "paper"
#: What trains, as ``experiments.paper.plans`` names it, and the experiment on samples of spikes.
NAMES = (
    "bp", "dfc-error-based", "dfc-dh", "dfc-stdp", "bp-pc", "pc-error-based", "pc-dh", "bp-ep",
    "ep-contrastive", "ep-dh", "bp-deb", "deb-error-based", "deb-dh", "samples",
)  # fmt: skip
#: How many points make a run that has lost what it had learned.
LOST = 5.0


@dataclass(frozen=True)
class PaperOutcome:
    """What one run came to.

    method: such as "dfc-dh"; scale: full, medium or small. shifted: after how many epochs with
    shifted labels the right ones came; 0 but for the runs on surprise. flip: what was made
    otherwise than planned, "" for nothing. accuracy: percent of the test digits, after the epoch
    ``chosen`` on the validation digits. failure: None, or why training ended early. records: what
    was looked at, one dict after each epoch, from epoch 0, the start. training: the plan.
    """

    method: str
    scale: str
    seed: int
    shifted: int
    flip: str
    accuracy: float
    chosen: int
    failure: str | None
    records: tuple[dict[str, Any], ...] = field(repr=False)
    training: dict[str, Any] = field(repr=False)

    @classmethod
    def from_dict(cls, made: dict[str, Any]) -> PaperOutcome:
        """From what a file of a run has."""
        run = made["run"]
        return cls(
            run["method"], run["scale"], run["training"]["seed"], run.get("shifted", 0),
            run.get("flip", ""), made["accuracy"], made["chosen"], made["failure"],
            tuple(made["records"]), run["training"],
        )  # fmt: skip

    @property
    def lost(self) -> bool:
        """Whether the run reads LOST points less at its end than after the epoch that counts."""
        read = self.at("test")[1]
        return bool(read) and self.accuracy - read[-1] > LOST

    def at(self, *names: str) -> tuple[list[int], list[Any]]:
        """Epochs, and what was seen after them: ``at("test")``, ``at("angles", "dh bp")``,
        ``at("losses", "latency")``. Only epochs at which it was looked at."""
        epochs, seen = [], []
        for record in self.records:
            value: Any = record
            for name in names:
                value = value.get(name) if isinstance(value, dict) else None
            if value is not None:
                epochs.append(record["epoch"])
                seen.append(value)
        return epochs, seen


def from_texts(texts: Iterable[str]) -> tuple[PaperOutcome, ...]:
    """Outcomes from the texts of their files, in order of method and seed."""
    found = [PaperOutcome.from_dict(json.loads(text)) for text in texts]
    return tuple(sorted(found, key=lambda o: (o.scale, o.method, o.flip, o.shifted, o.seed)))


@cache
def stored_outcomes() -> tuple[PaperOutcome, ...]:
    """All outcomes that are packaged, also those with something flipped; maybe none."""
    folder = resources.files(__package__) / FOLDER
    if not folder.is_dir():
        return ()
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name)
    return from_texts(f.read_text("utf-8") for f in files)


def stored_paper(method: str | None = None, surprise: bool = False) -> tuple[PaperOutcome, ...]:
    """The runs at full size that went as planned, by method and seed; of one method only, if it is
    named. surprise: those with shifted labels instead. Empty where nothing is stored yet."""
    if method is not None and method not in NAMES:
        wanted = f"one of {', '.join(NAMES)}{meant(method, NAMES)}"
        raise ArgumentError("method", repr(method), wanted)
    return tuple(
        o
        for o in stored_outcomes()
        if o.scale == "full" and not o.flip
        if bool(o.shifted) == surprise and method in (None, o.method)
    )


def stored_flips() -> tuple[PaperOutcome, ...]:
    """The runs at medium size with one choice made otherwise, and, with flip "", as planned."""
    return tuple(o for o in stored_outcomes() if o.scale == "medium")

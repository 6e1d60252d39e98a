"""What ``fit`` saw, and where it stands: enough, with the optimizer, to go on."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

Array = np.ndarray


@dataclass
class History:
    """One dict per finished epoch with

    - ``epoch``, from 1;
    - ``loss``: the mean over the epoch's inputs, each before the update of its batch;
    - one number for each observer, by its name: the mean over the epoch's inputs likewise;
    - ``accuracy`` on the validation data, in [0, 1]; absent without;
    - ``seconds``.

    interrupted: whether Ctrl-C ended it early. batch, sums: how many batches of the next epoch are
    done, and what loss and observers add up to over their inputs.
    """

    epochs: list[dict[str, float]] = field(default_factory=list)
    interrupted: bool = False
    batch: int = 0
    sums: dict[str, float] = field(default_factory=dict)

    def __getitem__(self, key: str) -> list[float]:
        """One column: ``history["accuracy"]``."""
        return [epoch[key] for epoch in self.epochs]

    def copy(self) -> History:
        """A history of its own with the same records, to go on from: nobody has interrupted it."""
        return History([dict(epoch) for epoch in self.epochs], False, self.batch, dict(self.sums))

    def count(self, numbers: dict[str, float]) -> None:
        """One more batch, over whose inputs the loss and the observers add up to ``numbers``."""
        self.batch += 1
        for name, number in numbers.items():
            self.sums[name] = self.sums.get(name, 0.0) + number

    def means(self, inputs: int) -> dict[str, float]:
        """The record of an epoch of so many inputs that has come to its end. The next begins."""
        record: dict[str, float] = {"epoch": len(self.epochs) + 1}
        record |= {name: total / inputs for name, total in self.sums.items()}
        self.batch, self.sums = 0, {}
        return record

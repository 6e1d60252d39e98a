"""Claims: sentences with a number in them, each with the code that measures it.

    @claim("02.c1", "turning the most blamed weight repairs a misread digit",
           said="repairs about half of the misread digits", share=0.9, low=0.4)
    def one_weight(seed): ...                 # the share of digits that it repairs, on this seed

A claim is measured on one seed at a time: on networks, digits and feedback that are drawn from the
seed. It *holds* there if the measure is True, or is a number within [low, high]. It is *kept* if
it holds on at least the ``share`` of all seeds that the text promises. A control that must fail
is a claim too: that it fails.

``said`` stands in the lesson word for word (a test looks), so that the text and the code cannot
part. ``python -m hebblite claims 02`` measures all claims of a lesson on seeds that nobody has
looked at.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .exercises import LESSONS, origin

Measure = Callable[[int], bool | float]


@dataclass(frozen=True)
class Claim:
    """One claim. measure: seed -> bool or number; called, a claim measures itself on a seed.

    share: of the seeds on which it holds, at least. low, high: bounds of a measure that is a
    number. control: what is measured is that the control fails, or does as well."""

    number: str
    text: str
    said: str
    share: float
    low: float
    high: float
    control: bool
    measure: Measure

    def __call__(self, seed: int) -> bool | float:
        value = self.measure(seed)
        return bool(value) if isinstance(value, bool | np.bool_) else float(value)

    def holds(self, value: bool | float) -> bool:
        """Whether a value that was measured is what the claim says. NaN never is."""
        if isinstance(value, bool):
            return value
        return self.low <= float(value) <= self.high

    def held(self, values: Sequence[bool | float]) -> float:
        """The share of the measured values on which it holds."""
        return sum(self.holds(value) for value in values) / len(values)

    def kept(self, values: Sequence[bool | float]) -> bool:
        """Whether that is at least the share that the text promises."""
        return self.held(values) >= self.share


_known: dict[str, Claim] = {}


def claim(
    number: str,
    text: str,
    *,
    said: str,
    share: float = 1.0,
    low: float = float("-inf"),
    high: float = float("inf"),
    control: bool = False,
) -> Callable[[Measure], Claim]:
    """Register the function below it as a claim of lesson ``number[:2]``.

    number: such as "02.c1". said: words of the lesson's text that make the claim, with its share.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share: got {share}, expected a number in (0, 1]")

    def register(measure: Measure) -> Claim:
        known = _known.get(number)
        if known is not None and origin(known.measure) != origin(measure):
            raise ValueError(f"number: got {number!r}, which is taken by {known.text!r}")
        _known[number] = Claim(number, text, said, share, low, high, control, measure)
        return _known[number]

    return register


def claims(lesson: str) -> list[Claim]:
    """The claims of a lesson, "02", in the order of its source; none if it makes none."""
    room = f"{LESSONS}.lesson{lesson}.claims"
    try:
        importlib.import_module(room)
    except ModuleNotFoundError as error:
        if not room.startswith(str(error.name)):
            raise
    return [known for number, known in _known.items() if number.split(".")[0] == lesson]


def with_claims() -> list[str]:
    """The numbers of the lessons that there are."""
    import pkgutil

    package = importlib.import_module(LESSONS)
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    return sorted(name.removeprefix("lesson") for name in names if name.startswith("lesson"))

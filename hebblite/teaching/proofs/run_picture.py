"""What a chain of steps predicts, beside what the engine measures: the data and the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..chart import Panel, Series, chart, limits, number
from ..numerals import rounded
from ..words import count
from .kinds import slope_of
from .order_picture import two_digits

Array = np.ndarray
HUGE = 1e100
Pairs = list[tuple[Array, Array]]


@dataclass(frozen=True)
class Run:
    """strengths: (S,) from weak to strong. pairs: for each of them, for each network, what is
    predicted and what is measured, (N,) each. claim: in which sense they agree. floor: differences
    below it are rounding. title: of what is predicted. beyond: the last strength is more than the
    claim is about."""

    strengths: tuple[float, ...]
    pairs: list[Pairs]
    claim: Any
    floor: float
    title: str = ""
    beyond: bool = False

    @property
    def power(self) -> int | None:
        """The order that is claimed; None where the claim is not about an order."""
        return getattr(self.claim, "power", None)

    @property
    def nets(self) -> int:
        return len(self.pairs[0])

    def differences(self) -> Array:
        """The largest difference, (networks, S)."""
        return np.array([[apart(*row[k]) for row in self.pairs] for k in range(self.nets)])

    def sizes(self) -> Array:
        """The largest measured number, (networks, S)."""
        return np.array([[np.abs(row[k][1]).max(initial=0.0) for row in self.pairs]
                         for k in range(self.nets)])  # fmt: skip

    def claimed(self) -> slice:
        """The strengths that the claim is about."""
        return slice(0, -1 if self.beyond else None)

    def slopes(self) -> list[float]:
        """Of each network the slope of the difference over the strength, where it can be had."""
        k = np.array(self.strengths)[self.claimed()]
        return [slope_of(list(k), row[self.claimed()], self.floor) for row in self.differences()]

    @property
    def relative(self) -> float:
        """The largest difference at the strength that exact claims are about, relative to what is
        measured there."""
        rows = [apart(p, m) / (np.abs(m).max(initial=0.0) or 1.0) for p, m in self.pairs[-1]]
        return float(np.max(rows, initial=0.0))

    @property
    def excess(self) -> float:
        """By how much a bound is broken, relative to what is measured; 0 or less: nowhere."""
        sign = 1.0 if getattr(self.claim, "side", "lower") == "lower" else -1.0
        with np.errstate(all="ignore"):
            rows = [
                np.max(sign * (p - m), initial=-np.inf) / (np.abs(m).max(initial=0.0) or 1.0)
                for p, m in self.pairs[-1]
            ]
        return float(np.max(np.nan_to_num(rows, nan=np.inf)))

    @property
    def holds(self) -> bool:
        """Whether prediction and measurement agree as it is claimed."""
        if self.power is not None:
            finite = np.isfinite(self.differences()[:, self.claimed()]).all()
            found = [s for s in self.slopes() if np.isfinite(s)]
            return bool(finite and all(s >= self.power - self.claim.slack for s in found))
        if hasattr(self.claim, "side"):
            return self.excess <= getattr(self.claim, "tolerance", 1e-9)
        return self.relative <= getattr(self.claim, "tolerance", 1e-9)

    def words(self) -> str:
        """The verdict in one sentence."""
        where = f"in {count(self.nets, 'random network')}"
        if not np.isfinite(self.differences()[:, self.claimed()]).all():
            return f"Some of what it predicts {where} is not a number."
        if self.power is not None:
            found = [s for s in self.slopes() if np.isfinite(s)]
            if not found:
                return f"The difference is below rounding {where}."
            times = rounded(10 ** min(found), 2)
            if self.holds:
                return (
                    f"Ten times less strength makes the difference at least {times} times smaller "
                    f"{where}: the theorem claims {10**self.power}, up to terms of higher order."
                )
            return (
                f"Ten times less strength makes the difference only {times} times smaller in one "
                f"of {count(self.nets, 'random network')}; the theorem claims {10**self.power}."
            )
        if hasattr(self.claim, "side"):
            below = "below" if self.claim.side == "lower" else "above"
            if self.holds:
                return f"Every prediction lies {below} what is measured, or on it, {where}."
            return f"Some predictions do not lie {below} what is measured."
        most = rounded(self.relative, 2)
        return f"Prediction and measurement differ by at most {most} of the largest number {where}."


def apart(predicted: Array, engine: Array) -> float:
    """The largest difference; infinite where something is not a number, or none to draw."""
    with np.errstate(all="ignore"):
        gap = np.abs(predicted - engine)
        return float(np.max(np.where(gap < HUGE, gap, np.inf), initial=0.0))


def draw_run(run: Run) -> list[str]:
    """Predicted against measured at one strength; and, for a claim about an order, the difference
    over the strength with the line that is claimed."""
    title = f"{run.title}: " if run.title else ""
    first = (
        f"Chart, {title}predicted against measured numbers of "
        f"{count(run.nets, 'random network')}, beside the line on which both are equal. "
        f"{run.words()}"
    )
    drawn = [chart([against(run)], first, width=330, height=200)]
    if run.power is not None:
        drawn.append(chart([over_strength(run)], in_words(run), width=330, height=200))
    return drawn


def shown_at(run: Run) -> int:
    """The strength of the first panel: the strongest that the claim is about."""
    return len(run.strengths[run.claimed()]) - 1


def against(run: Run) -> Panel:
    """Every predicted number against the measured one."""
    pairs = run.pairs[shown_at(run)]
    y, x = (np.concatenate([np.zeros(0), *(pair[k] for pair in pairs)]) for k in (0, 1))
    keep = np.isfinite(x) & np.isfinite(y)
    x, y = x[keep], y[keep]
    most = 3 * np.abs(x).max(initial=1e-300)
    y = np.clip(y, -most, most)  # what is far off stands at the edge
    low, high = limits([x, y])
    ends = np.array([low, high])
    same = Series("equal", ends, ends, colour=0, ghost=True)
    every = max(1, len(x) // 150)
    points = Series("numbers of the networks", x[::every], y[::every], "points", colour="dh")
    at = "" if run.power is None else f", strength {number(run.strengths[shown_at(run)])}"
    return Panel(f"Predicted and measured{at}", "measured", "predicted", [same, points],
                 x_range=(low, high), y_range=(low, high))  # fmt: skip


def over_strength(run: Run) -> Panel:
    """The largest difference of all networks over the strength, with the line that is claimed."""
    k, rows = np.array(run.strengths), run.differences()
    worst, size = rows.max(axis=0), run.sizes().max(axis=0)
    seen = np.isfinite(worst) & (worst > run.floor)
    assert run.power is not None
    series = [Series("measured, largest", k, size, "line+points", colour="voltage")]
    if seen.any():
        series.append(Series("difference, largest", k[seen], worst[seen], "line+points",
                             colour="error"))  # fmt: skip
        anchor = int(np.flatnonzero(seen[run.claimed()])[-1]) if seen[run.claimed()].any() else -1
        line = worst[anchor] * (k / k[anchor]) ** run.power
        series.append(Series(f"claimed: order {run.power}", k, line, colour=2, ghost=True))
    return Panel("Over the strength", "strength", "largest number", series,
                 x_log=True, y_log=True)  # fmt: skip


def in_words(run: Run) -> str:
    """The second chart for those who do not see it."""
    worst = run.differences().max(axis=0)
    points = ", ".join(
        f"{two_digits(w)} at {number(s)}" for s, w in zip(run.strengths, worst, strict=True)
    )
    return (
        "Chart of the largest difference of prediction and measurement over the strength, both "
        f"axes logarithmic: {points}. A line of order {run.power}, as is claimed, is beside it."
    )

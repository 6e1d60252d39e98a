"""What came of the runs: a table in words, CSV, JSON and a figure."""

from __future__ import annotations

import csv
import io
import json
import statistics
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..data.matrix import stored_runs
from ..extras import needed_for
from .cells import NATIVE
from .runs import Outcome, Plan


@dataclass
class Result:
    """One row of the table: a cell of the matrix over all its seeds. Accuracies in percent."""

    framework: str
    rule: str
    hidden: str
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def accuracies(self) -> list[float]:
        return [o.accuracy for o in self.outcomes]

    @property
    def mean(self) -> float:
        return statistics.fmean(self.accuracies)

    @property
    def spread(self) -> float:
        """Standard deviation over seeds; 0 for a single one."""
        return statistics.stdev(self.accuracies) if len(self.outcomes) > 1 else 0.0

    def baseline(self, others: Sequence[Result]) -> Result | None:
        """Backprop with the same hidden layers, if it is there and another one."""
        same = [r for r in others if r.hidden == self.hidden and r.framework == "backprop"]
        return next((r for r in same if r.rule == "gradient" and r is not self), None)

    def verdict(self, others: Sequence[Result], classes: int) -> str:
        """What the accuracies mean, in words, beside backprop with the same network."""
        failures: dict[str, list[str]] = {}
        for o in self.outcomes:
            if o.failure:
                failures.setdefault(o.failure, []).append(str(o.plan.seed))
        if failures:
            seeds = (f"{why}, seed {' '.join(which)}" for why, which in failures.items())
            return "FAILS: " + "; ".join(seeds)
        chance = 100 / classes
        if self.mean < min(2 * chance, (chance + 100) / 2):
            return f"FAILS: at chance ({chance:.0f} %)"
        baseline = self.baseline(others)
        if baseline is None:
            return "learns"
        if baseline.mean - self.mean <= CLOSE:
            return f"learns as well as backprop (within {CLOSE} points)"
        return f"learns, more than {CLOSE} points below backprop"


#: Percentage points below backprop at most of a rule that learns as well.
CLOSE = 1.5


def grouped(outcomes: Sequence[Outcome]) -> list[Result]:
    """Outcomes by cell, in the order in which cells first appear, seeds in order."""
    results: dict[tuple[str, str, str], Result] = {}
    for o in outcomes:
        key = (o.plan.framework, o.plan.rule, o.plan.hidden)
        results.setdefault(key, Result(*key)).outcomes.append(o)
    for result in results.values():
        result.outcomes.sort(key=lambda o: o.plan.seed)
    return list(results.values())


def aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def table(results: Sequence[Result], classes: int) -> str:
    """The results as aligned text in 80 columns, and which cells they speak for or against."""
    header = ("framework", "rule", "hidden", "accuracy, %", "min", "max", "seeds", "gap")
    rows: list[Sequence[str]] = [header]
    verdicts: dict[str, list[str]] = {}
    for r in results:
        verdict, baseline = r.verdict(results, classes), r.baseline(results)
        gap = "" if baseline is None else f"{r.mean - baseline.mean:+.2f}"
        rows.append(
            (
                r.framework,
                r.rule,
                r.hidden,
                f"{r.mean:.2f} +- {r.spread:.2f}",
                f"{min(r.accuracies):.2f}",
                f"{max(r.accuracies):.2f}",
                str(len(r.outcomes)),
                "FAILS" if verdict.startswith("FAILS") else gap,
            )
        )
        hidden = "" if len({other.hidden for other in results}) == 1 else f" ({r.hidden})"
        verdicts.setdefault(verdict, []).append(f"{r.framework} x {r.rule}{hidden}")
    return "\n".join([aligned(rows), "", LEGEND, "", *map(spoken, verdicts.items())])


LEGEND = """\
accuracy: on the test set, mean +- standard deviation over the seeds
gap: points above (+) or below (-) backprop with the same hidden layers"""


def spoken(verdict: tuple[str, list[str]]) -> str:
    """A verdict and the cells that have it, in 80 columns."""
    said, cells = verdict
    lines = textwrap.wrap(", ".join(c.replace(" ", "\0") for c in cells), 76)
    return "\n".join([f"{said}:", *(f"    {line}" for line in lines)]).replace("\0", " ")


def plot_matrix(results: Sequence[Result], path: Path) -> None:
    """Mean accuracy of every cell as a bar of its framework's group, with its spread."""
    with needed_for("A figure of the results"):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

    groups: dict[str, list[Result]] = {}
    for r in results:
        groups.setdefault(f"{r.framework}\n{r.hidden}", []).append(r)
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    axes = figure.subplots()
    position, ticks, names = 0.0, [], []
    for group in groups.values():
        for r in group:
            axes.bar(position, r.mean, yerr=r.spread, width=0.9, capsize=2,
                     color="#0072B2" if r.rule == NATIVE[r.framework] else "#E69F00",
                     hatch="//" if r.rule == NATIVE[r.framework] else None,
                     edgecolor="white")  # fmt: skip
            axes.text(position, r.mean + r.spread + 1, f"{r.mean:.0f}", ha="center", fontsize=7)
            ticks.append(position)
            names.append(r.rule)
            position += 1
        middle = position - (len(group) + 1) / 2
        title = f"{group[0].framework}\n{group[0].hidden}"
        axes.text(middle, 113, title, ha="center", va="top", fontsize=9)
        position += 1
    axes.set_xticks(ticks, names, rotation=60, ha="right", fontsize=7)
    axes.set_ylabel("test accuracy (%)")
    axes.set_ylim(0, 115)
    axes.set_yticks(range(0, 101, 20))
    axes.set_title("Frameworks and rules; hatched blue: the rule each was published with")
    FigureCanvasAgg(figure).print_figure(path, dpi=150)


def as_csv(outcomes: Iterable[Outcome]) -> str:
    """One line per run."""
    columns = ["framework", "rule", "hidden", "sizes", "dataset", "epochs", "seed", "accuracy",
               "failure"]  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for o in outcomes:
        p = o.plan
        sizes = "-".join(map(str, p.sizes))
        writer.writerow([p.framework, p.rule, p.hidden, sizes, p.dataset, p.epochs, p.seed,
                         f"{o.accuracy:.2f}", o.failure or ""])  # fmt: skip
    return text.getvalue().rstrip("\n")


def as_json(outcomes: Iterable[Outcome]) -> str:
    return json.dumps({"results": [o.as_dict() for o in outcomes]}, indent=1)


def as_stored(outcomes: Iterable[Outcome]) -> str:
    """What ships with the course as data/matrix.json: a line for each run, with what its plan has
    beyond a usual one."""
    usual = asdict(Plan("", ""))
    named = ("framework", "rule", "hidden", "seed")
    lines = []
    for o in outcomes:
        plan = {k: v for k, v in asdict(o.plan).items() if k in named or v != usual[k]}
        course = [round(100 * epoch["accuracy"], 2) for epoch in o.epochs]
        made = {"plan": plan, "accuracy": round(o.accuracy, 2), "failure": o.failure,
                "course": course}  # fmt: skip
        lines.append(json.dumps(made, separators=(",", ":")))
    return '{"runs":[\n' + ",\n".join(lines) + "\n]}\n"


def stored_outcomes() -> list[Outcome]:
    """The runs that ship with the course, without their losses and times."""
    usual = asdict(Plan("", ""))
    return [
        Outcome(Plan.from_dict(usual | made["plan"]), made["accuracy"], made["failure"])
        for made in stored_runs()
    ]

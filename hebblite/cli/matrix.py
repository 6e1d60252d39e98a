"""``matrix``: all cells with several seeds each, or only which cells there are."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

from ..errors import ArgumentError, check_count
from ..experiments.cells import FRAMEWORKS, NATIVE, RULES, why_undefined
from ..experiments.results import (
    aligned,
    as_csv,
    as_stored,
    grouped,
    plot_matrix,
    stored_outcomes,
    table,
)
from ..experiments.runs import Outcome, Plan, run_all
from ..extras import MissingExtra, needed_for
from .options import (
    add_learning,
    check_learning,
    check_plans,
    frameworks_of,
    plan_of,
    rules_of,
)
from .output import command, count_kept, make_folder, remaining, say, write_or_say
from .parsing import Parser, count, one_of, seed_number, wrapped

SUMMARY = "train every framework with every rule, and print a table"
DESCRIPTION = """Trains every cell of the matrix that has a meaning, with several seeds each, side
by side in several processes; prints a table, and writes it with a figure and every run to a folder.
The result is the same with any number of processes.

Stopped at any moment, in whatever way, the same command goes on where it was."""
EXAMPLES = [
    "--list",
    "--stored",
    "--frameworks dfc pc --rules dh --seeds 0 1 2",
    "--rules gradient dh --epochs 2 --out quick",
]


def add_options(parser: Parser) -> None:
    add = parser.add_argument
    add("--list", action="store_true", help="only print which rules have a meaning where, and why")
    add("--stored", action="store_true",
        help="only print the table that ships with the course (no spikes, no hebbian)")  # fmt: skip
    add("--frameworks", nargs="+", type=one_of(FRAMEWORKS), default=list(FRAMEWORKS),
        metavar="NAME", help=frameworks_of("what moves activity") + " (all)")  # fmt: skip
    add("--rules", nargs="+", type=one_of(RULES), default=list(RULES), metavar="RULE",
        help=rules_of("what changes weights") + " (all)")  # fmt: skip
    add("--seeds", nargs="+", type=seed_number, default=[0, 1, 2, 3, 4], metavar="N",
        help="one run of each cell with each of them (0 1 2 3 4)")  # fmt: skip
    add("--jobs", type=count, default=os.cpu_count() or 1, metavar="N",
        help="processes side by side (%(default)s, the cores here)")  # fmt: skip
    add("--out", type=Path, default=Path("hebblite-matrix"), metavar="FOLDER",
        help="for all results (%(default)s)")  # fmt: skip
    add_learning(parser, hidden="tanh", init="xavier_normal")


def run_command(args: argparse.Namespace) -> int:
    args.frameworks, args.rules = (list(dict.fromkeys(n)) for n in (args.frameworks, args.rules))
    if args.stored:
        print(stored_table(args.frameworks, args.rules))
        return 0
    reasons = {(f, r): why_undefined(f, r) for f in args.frameworks for r in args.rules}
    if args.list:
        print(matrix_of_cells(args.frameworks, args.rules, reasons))
        return 0
    check_count("--jobs", args.jobs)
    check_learning(args, args.frameworks)
    cells = [cell for cell, reason in reasons.items() if reason is None]
    if not cells:
        raise ArgumentError("--rules", " ".join(args.rules), "one that has a meaning (see --list)")
    plans = planned(args, cells)
    check_plans(plans)
    make_folder(args.out)
    print(matrix_of_cells(args.frameworks, args.rules, reasons), flush=True)
    say(without(args.jobs), args)
    outcomes: list[Outcome] = []
    try:
        for outcome in run_all(plans, args.out, args.jobs):
            if outcome.interrupted:
                raise KeyboardInterrupt
            outcomes.append(outcome)
            say(progress(outcomes, plans, args.jobs), args)
    except (KeyboardInterrupt, BrokenProcessPool) as error:
        ended = "Interrupted" if isinstance(error, KeyboardInterrupt) else "A process was ended"
        kept = count_kept(args.out, (plan.name for plan in plans))
        print(f"\n{ended}: {kept} of {len(plans)} runs are done. {args.out} has them, and "
              f"where the others were.\nTo go on: {command(args.again)}",
              file=sys.stderr)  # fmt: skip
        return 130
    report(args, plans, outcomes)
    return 0


def stored_table(frameworks: Sequence[str], rules: Sequence[str]) -> str:
    """The table of the runs that ship with the course, of these frameworks and rules."""
    stored = stored_outcomes()
    kept = [o for o in stored if o.plan.framework in frameworks and o.plan.rule in rules]
    if not kept:
        names = sorted({o.plan.rule for o in stored})
        raise ArgumentError("--rules", " ".join(rules), f"one of {' '.join(names)}")
    return table(grouped(kept), kept[0].plan.sizes[-1])


#: EP relaxes symmetric networks, which with tanh have many states of rest at these sizes. Its
#: cells, and their baseline, are sigmoid unless --hidden says otherwise.
SYMMETRIC_HIDDEN = "sigmoid"


def planned(args: argparse.Namespace, cells: Sequence[tuple[str, str]]) -> list[Plan]:
    """The runs of all cells and seeds, and of the baseline that EP is to be compared with."""
    plans: list[Plan] = []
    for framework, rule in cells:
        for seed in args.seeds:
            plan = plan_of(args, framework, rule, seed)
            if framework == "ep" and args.hidden == "tanh":
                plan = replace(plan, hidden=SYMMETRIC_HIDDEN)
                if ("backprop", "gradient") in cells:
                    base = plan_of(args, "backprop", "gradient", seed)
                    base = replace(base, hidden=SYMMETRIC_HIDDEN)
                    if base not in plans:
                        plans.append(base)
            plans.append(plan)
    return plans


def without(jobs: int) -> str:
    """What will be missing for lack of an extra, said before the work and not after it."""
    lines = []
    try:
        with needed_for("A figure of the results"):
            import matplotlib  # noqa: F401
    except MissingExtra as error:
        lines.append(f"No figure. {error}")
    try:
        if jobs > 1:
            with needed_for("Training in several processes"):
                import joblib  # noqa: F401
    except MissingExtra as error:
        lines.append(f"One run at a time. {error}")
    return "\n".join(["", *lines])


def progress(outcomes: Sequence[Outcome], plans: Sequence[Plan], jobs: int) -> str:
    """A line after each run: how many are done, its accuracy, and the time left."""
    o = outcomes[-1]
    failed = f" {o.failure}" if o.failure else ""
    return (
        f"{len(outcomes)} of {len(plans)}: {o.plan.name} {o.accuracy:.2f} %{failed} "
        f"({o.seconds:.0f} s{remaining(outcomes, plans, jobs)})"
    )


def report(args: argparse.Namespace, plans: Sequence[Plan], outcomes: list[Outcome]) -> None:
    """Print and write the table; write all runs in one file, and the figure."""
    order = {plan: i for i, plan in enumerate(plans)}
    outcomes.sort(key=lambda o: order[o.plan])
    results = grouped(outcomes)
    text = table(results, args.sizes[-1])
    print("\n" + text)
    files = (
        ("table.txt", text),
        ("results.csv", as_csv(outcomes)),
        ("matrix.json", as_stored(outcomes)),
    )
    for name, content in files:
        write_or_say(args.out / name, content)
    try:
        plot_matrix(results, args.out / "matrix.png")
    except OSError as error:
        print(f"hebblite: matrix.png: cannot be written ({error.strerror})", file=sys.stderr)
    except MissingExtra:
        pass  # as was said
    say(f"All runs, the table and the figure are in {args.out}.", args)


def matrix_of_cells(
    frameworks: Sequence[str], rules: Sequence[str], reasons: dict[tuple[str, str], str | None]
) -> str:
    """Which cells there are, and why the others are not: a row for each rule."""
    rows = [("rule", *frameworks)]
    notes: dict[str, str] = {}
    for r in rules:
        row = [r]
        for f in frameworks:
            why = reasons[f, r]
            if why is None:
                row.append("native" if NATIVE[f] == r else "yes")
            else:
                row.append(notes.setdefault(why, f"({len(notes) + 1})"))
        rows.append(tuple(row))
    lines = [wrapped(f"{mark} {why}", "    ") for why, mark in notes.items()]
    return "\n".join([aligned(rows), *([""] * bool(lines)), *lines])

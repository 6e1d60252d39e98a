"""``matrix``: all cells with several seeds each, or only which cells there are."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from ..errors import ArgumentError, CheckpointError, check_count
from ..experiments.cells import NATIVE, why_undefined
from ..experiments.results import aligned, as_csv, grouped, plot_matrix, table
from ..experiments.runs import Outcome, run_all
from ..files import write_text
from .files import make_folder
from .options import check_learning, plan_of

#: EP relaxes symmetric networks, which with tanh have many states of rest at these sizes. Its
#: cells, and their baseline, are sigmoid unless --hidden says otherwise.
SYMMETRIC_HIDDEN = "sigmoid"


def matrix(args: argparse.Namespace) -> int:
    """The ``matrix`` command; its exit code."""
    reasons = {(f, r): why_undefined(f, r) for f in args.frameworks for r in args.rules}
    print(matrix_of_cells(args.frameworks, args.rules, reasons))
    if args.list:
        return 0
    check_count("--jobs", args.jobs)
    check_learning(args)
    cells = [cell for cell, reason in reasons.items() if reason is None]
    if not cells:
        raise ArgumentError("--rules", " ".join(args.rules), "one that has a meaning (see --list)")
    plans = []
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
    for plan in plans:
        plan.make()
    make_folder(args.out)
    outcomes: list[Outcome] = []
    try:
        for outcome in run_all(plans, args.out, args.jobs, progress=False):
            outcomes.append(outcome)
            if not args.quiet:
                o = outcome
                print(f"{len(outcomes)}/{len(plans)} {o.plan.name}: {o.accuracy:.2f} %"
                      f"{' ' + o.failure if o.failure else ''} ({o.seconds:.0f} s)",
                      file=sys.stderr, flush=True)  # fmt: skip
    except KeyboardInterrupt:
        print("Interrupted: go on with the same command.", file=sys.stderr)
        return 130
    order = {plan: i for i, plan in enumerate(plans)}
    outcomes.sort(key=lambda o: order[o.plan])
    results = grouped(outcomes)
    text = table(results, args.sizes[-1])
    print("\n" + text)
    for name, content in (("table.txt", text), ("results.csv", as_csv(outcomes))):
        try:
            write_text(args.out / name, content)
        except CheckpointError as error:
            print(f"hebblite: {error}", file=sys.stderr)
    try:
        plot_matrix(results, args.out / "matrix.png")
    except OSError as error:
        print(f"hebblite: matrix.png: cannot be written ({error.strerror})", file=sys.stderr)
    return 0


def matrix_of_cells(
    frameworks: Sequence[str], rules: Sequence[str], reasons: dict[tuple[str, str], str | None]
) -> str:
    """Which cells there are, and why the others are not."""
    rows = [("framework", *rules)]
    notes: dict[str, str] = {}
    for f in frameworks:
        row = [f]
        for r in rules:
            why = reasons[f, r]
            if why is None:
                row.append("native" if NATIVE[f] == r else "yes")
            else:
                row.append(notes.setdefault(why, f"({len(notes) + 1})"))
        rows.append(tuple(row))
    lines = [f"{mark} {why}" for why, mark in notes.items()]
    return "\n".join([aligned(rows), *lines])

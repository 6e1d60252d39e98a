"""``train``: any cell of the matrix of frameworks and rules, against backprop."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import ArgumentError, UndefinedCell
from ..experiments.cells import why_undefined
from ..experiments.results import grouped, table
from ..experiments.runs import Outcome, Plan, load_outcome, run, run_to_file
from ..files import check_writable
from .files import make_folder, write_results
from .options import check_learning, plan_of


def train(args: argparse.Namespace) -> int:
    """The ``train`` command; its exit code."""
    check_learning(args)
    cells = [(args.framework, rule) for rule in args.rules]
    if not args.no_baseline and ("backprop", "gradient") not in cells:
        cells.insert(0, ("backprop", "gradient"))
    plans = [plan_of(args, *cell, seed) for cell in cells for seed in args.seeds]
    for plan in plans:
        complain_early(plan)
    folder: Path | None = args.checkpoints
    if args.resume and folder is None:
        raise ArgumentError("--resume", "no --checkpoints", "the folder with the checkpoints")
    if folder is not None:
        make_folder(folder)
        if not args.resume:
            old = [p.name for p in plans if (folder / f"{p.name}.npz").exists()]
            if old:
                got = f"a folder that has {old[0]}.npz"
                raise ArgumentError("--checkpoints", got, "an empty one, or --resume to go on")
    for path in (args.json, args.csv):
        if path is not None:
            check_writable(path)
    digits = plans[0].digits()

    outcomes: list[Outcome] = []
    interrupted = False
    for plan in plans:
        known = None if folder is None else load_outcome(folder, plan)
        if known is None:
            print(f"{plan.framework} x {plan.rule}, seed {plan.seed}", file=sys.stderr, flush=True)
            if folder is None:
                known = run(plan, digits, not args.quiet)
            else:
                known = run_to_file(plan, folder, not args.quiet)
        if known.interrupted:
            interrupted = True
            break
        outcomes.append(known)
        write_results(args, outcomes)
    shape = "-".join(map(str, args.sizes))
    print(
        f"\n{shape} {args.hidden}, {len(digits.x_train)} training and {len(digits.x_test)} test "
        f"samples, {args.epochs} epochs\n"
    )
    if outcomes:
        print(table(grouped(outcomes), args.sizes[-1]))
    if interrupted:
        print(
            "Interrupted: finished runs only."
            if folder is None
            else "Interrupted: go on with the same command and --resume.",
            file=sys.stderr,
        )
        return 130
    return 0


def complain_early(plan: Plan) -> None:
    """Find out before any work that a plan cannot be done."""
    why = why_undefined(plan.framework, plan.rule)
    if why is not None:
        raise UndefinedCell(f"{plan.framework} x {plan.rule}: {why}")
    plan.make()

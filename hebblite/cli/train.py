"""``train``: any cell of the matrix of frameworks and rules, against backprop."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import ArgumentError
from ..experiments.cells import FRAMEWORKS, RULES, settings_of
from ..experiments.results import as_csv, as_json, grouped, table
from ..experiments.runs import Outcome, Plan, load_outcome, run, run_to_file
from ..frameworks.feedback import FEEDBACK
from .options import (
    OF_DFC,
    TRAIN_GAIN,
    add_learning,
    check_cells,
    check_learning,
    check_plans,
    frameworks_of,
    plan_of,
    rules_of,
)
from .output import STDOUT, bars, check_files, command, make_folder, remaining, say, write_results
from .parsing import Parser, count, number, one_of, seed_number

SUMMARY = "train one framework with some rules, and print a table"
DESCRIPTION = """Trains one network per rule and seed, beside backprop with the same network,
optimizer and epochs, and prints a table of test accuracies.

Ctrl-C ends it after the batch at hand. With --checkpoints a run that was stopped, in whatever way,
goes on with --resume to the same result, bit for bit; without, only finished runs are kept."""
EXAMPLES = [
    "",
    "--framework pc --rules dh error-voltage --seeds 0 1 2",
    "--framework ep --rules contrastive --set nudge=0.5",
    "--sizes 784-64-10 --epochs 2 --csv results.csv",
    "--seeds 0 1 2 3 4 --checkpoints runs --resume",
]


def add_options(parser: Parser) -> None:
    add = parser.add_argument
    add("--framework", type=one_of(FRAMEWORKS), default="dfc", metavar="NAME",
        help=frameworks_of("what moves activity") + " (%(default)s)")  # fmt: skip
    add("--rules", nargs="+", type=one_of(RULES), default=["dh", "hebbian"], metavar="RULE",
        help=rules_of("what changes weights") + " (dh hebbian)")  # fmt: skip
    add("--no-baseline", action="store_true", help="do not train backprop for comparison")
    add("--seeds", nargs="+", type=seed_number, default=[0], metavar="N",
        help="one run of each rule with each of them (0)")  # fmt: skip
    add_learning(parser, hidden="relu", init="he_normal")
    add = parser.add_argument_group("Deep Feedback Control").add_argument
    add("--feedback", type=one_of(FEEDBACK), metavar="NAME",
        help=f"feedback weights: {', '.join(FEEDBACK)} (jacobian)")  # fmt: skip
    add("--k-p", type=number, metavar="X", help=f"proportional gain ({TRAIN_GAIN:g})")
    add("--k-i", type=number, metavar="X", help="integral gain (1)")
    add("--dt", type=number, metavar="X", help="Euler step in seconds (0.005)")
    add("--steps", type=count, metavar="N", help="steps of a teaching phase (20)")
    add("--noise", type=number, metavar="X", help="noise on the voltages (0)")
    add = parser.add_argument_group("files").add_argument
    add("--checkpoints", type=Path, metavar="FOLDER", help="for what --resume goes on from")
    add("--resume", action="store_true", help="go on from the checkpoints there")
    add("--json", type=Path, metavar="FILE",
        help="for the results, with the history of each run; - prints them")  # fmt: skip
    add("--csv", type=Path, metavar="FILE",
        help="for the results, a line for each run; - prints them")  # fmt: skip


def run_command(args: argparse.Namespace) -> int:
    plans = planned(args)
    digits = check_plans(plans)
    check_files(args.json, args.csv)
    if args.checkpoints is not None:
        claim_folder(args, plans)
    outcomes: list[Outcome] = []
    interrupted = False
    for k, plan in enumerate(plans, 1):
        known = None if args.checkpoints is None else load_outcome(args.checkpoints, plan)
        if known is None:
            say(f"run {k} of {len(plans)}: {plan.framework} x {plan.rule}, seed {plan.seed}"
                f"{remaining(outcomes, plans)}", args)  # fmt: skip
            try:
                if args.checkpoints is None:
                    known = run(plan, digits, bars(args))
                else:
                    known = run_to_file(plan, args.checkpoints, bars(args))
            except KeyboardInterrupt:  # before or after the batches, or pressed twice
                known = Outcome(plan, float("nan"), interrupted=True)
        interrupted = known.interrupted
        if interrupted:
            break
        outcomes.append(known)
        write_results(args, outcomes)
    report(args, outcomes, len(digits.x_train), len(digits.x_test))
    if interrupted:
        print(how_to_go_on(args, len(outcomes), len(plans)), file=sys.stderr)
        return 130
    return 0


def planned(args: argparse.Namespace) -> list[Plan]:
    """All runs, backprop first; ArgumentError where an argument has no use."""
    check_cells(args.framework, args.rules)
    check_learning(args, [args.framework])
    if args.resume and args.checkpoints is None:
        raise ArgumentError("--resume", "no --checkpoints", "the folder with the checkpoints")
    for name in OF_DFC:
        if args.framework != "dfc" and getattr(args, name) is not None:
            option, got = "--" + name.replace("_", "-"), f"--framework {args.framework}"
            other = f", or --set {name}=..." if name in settings_of(args.framework) else ""
            raise ArgumentError(option, got, f"--framework dfc{other}")
    if STDOUT == args.json == args.csv:
        raise ArgumentError("--csv", "- beside --json -", "one of them to be printed")
    cells = [(args.framework, rule) for rule in dict.fromkeys(args.rules)]
    if not args.no_baseline and ("backprop", "gradient") not in cells:
        cells.insert(0, ("backprop", "gradient"))
    return [plan_of(args, *cell, seed) for cell in cells for seed in args.seeds]


def claim_folder(args: argparse.Namespace, plans: list[Plan]) -> None:
    """Make the folder of checkpoints; only --resume may find some there."""
    make_folder(args.checkpoints)
    if not args.resume:
        old = [p.name for p in plans if (args.checkpoints / f"{p.name}.npz").exists()]
        if old:
            got = f"a folder that has {old[0]}.npz"
            raise ArgumentError("--checkpoints", got, "an empty one, or --resume to go on")


def report(args: argparse.Namespace, outcomes: list[Outcome], training: int, test: int) -> None:
    """The table; with --json - or --csv - only those, and the table where progress is."""
    printed = next((f for p, f in ((args.json, as_json), (args.csv, as_csv)) if p == STDOUT), None)
    to = sys.stdout if printed is None else sys.stderr
    shape = "-".join(map(str, args.sizes))
    print(f"\n{shape} {args.hidden}, {training} training and {test} test samples, "
          f"{args.epochs} epochs\n", file=to)  # fmt: skip
    if outcomes:
        print(table(grouped(outcomes), args.sizes[-1]), file=to)
    if printed is not None:
        print(printed(outcomes))


def how_to_go_on(args: argparse.Namespace, done: int, planned: int) -> str:
    """What Ctrl-C has left, and the command that goes on from there."""
    kept = f"\nInterrupted: {done} of {planned} runs are done."
    if args.checkpoints is None:
        return (
            f"{kept} The others are lost.\n"
            "With --checkpoints FOLDER they could go on later, with --resume."
        )
    again = args.again if args.resume else [*args.again, "--resume"]
    return (
        f"{kept} {args.checkpoints} has them, and where the next one was.\n"
        f"To go on: {command(again)}"
    )

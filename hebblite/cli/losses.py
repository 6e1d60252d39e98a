"""``losses``: error, feedback, latency and H* while networks learn, and at equal error."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..activations import ACTIVATIONS
from ..data import load_digits
from ..errors import check_count
from ..experiments.equal_error import equal_table, fall_table
from ..experiments.three_losses import (
    ARCHITECTURES,
    EPOCHS,
    HIDDEN,
    METHODS,
    SEEDS,
    STEPS,
    measure_all,
    plans,
)
from ..extras import needed_for
from ..files import write_text
from ..losses import Course, stored_courses
from ..losses.courses import as_json
from .output import STDOUT, check_files, command, count_kept, make_folder, say, span
from .parsing import Parser, count, one_of, seed_number, sizes

SUMMARY = "measure error, feedback, latency and H* while networks learn"
DESCRIPTION = """Trains networks on the packaged digits and measures after each epoch what the
theorems T4 and T5 are about: the output error, the feedback of the controller, the latency until
the answer is right, and H*, the least feedback that puts it right. Prints how they fall together,
and, where two methods err equally, how many times the loss of backprop each of them is.

Each run is written to a folder as soon as it is done. Stopped at any moment, the same command goes
on."""
EXAMPLES = [
    "--stored",
    "--methods dh backprop --hidden tanh --seeds 0 1",
    "--sizes 784-100-10 --epochs 3 --json mine.json",
]


def add_options(parser: Parser) -> None:
    add = parser.add_argument
    add("--stored", action="store_true",
        help="only print the tables of the measurement that ships with the course")  # fmt: skip
    add("--methods", nargs="+", type=one_of(METHODS), metavar="NAME",
        help=f"what trains: {', '.join(map(repr, METHODS))} (all, the last {len(STEPS)} on the "
        "first network only)")  # fmt: skip
    shapes = " ".join("-".join(map(str, s)) for s in ARCHITECTURES)
    add("--sizes", nargs="+", type=sizes, default=list(ARCHITECTURES), metavar="N-N-N",
        help=f"neurons of each layer, inputs first, of each network ({shapes})")  # fmt: skip
    add("--hidden", nargs="+", type=one_of(ACTIVATIONS), default=list(HIDDEN), metavar="NAME",
        help=f"activations of hidden layers ({' '.join(HIDDEN)})")  # fmt: skip
    add("--seeds", nargs="+", type=seed_number, default=list(SEEDS), metavar="N",
        help="one run of each with each of them (0 1 2 3 4)")  # fmt: skip
    add("--epochs", type=count, default=EPOCHS, metavar="N", help="of each run (%(default)s)")
    add("--jobs", type=count, default=1, metavar="N", help="processes side by side (%(default)s)")
    add("--out", type=Path, default=Path("hebblite-losses"), metavar="FOLDER",
        help="for all runs (%(default)s)")  # fmt: skip
    add("--json", type=Path, metavar="FILE", help="for all courses; - prints them")
    add("--quiet", action="store_true", help="no progress, problems only")


def run_command(args: argparse.Namespace) -> int:
    check_files(args.json)
    if args.stored:
        report(args, list(stored_courses()))
        return 0
    check_count("--epochs", args.epochs)
    if check_count("--jobs", args.jobs) > 1:
        with needed_for("--jobs"):
            import joblib  # noqa: F401
    shapes, hidden, seeds = (
        list(dict.fromkeys(given)) for given in (args.sizes, args.hidden, args.seeds)
    )
    methods = None if args.methods is None else list(dict.fromkeys(args.methods))
    planned = plans(methods, shapes, hidden, seeds, args.epochs)
    digits = load_digits()
    for each in planned:
        each.training.check_sizes(digits)
    make_folder(args.out)
    done: dict[str, Course] = {}
    spent: list[float] = []
    try:
        for course, seconds in measure_all(planned, args.out, digits, args.jobs):
            name = key(course)
            done[name] = course
            spent += [seconds] * bool(seconds)
            left = len(planned) - len(done)
            rest = span(sum(spent) / len(spent) * left / args.jobs) if spent and left else ""
            say(f"{len(done)} of {len(planned)}: {name}{f', about {rest} left' * bool(rest)}", args)
    except KeyboardInterrupt:
        kept = count_kept(args.out, (each.name for each in planned))
        print(f"\nInterrupted: {kept} of {len(planned)} runs are done, and {args.out} has "
              f"them.\nTo go on: {command(args.again)}", file=sys.stderr)  # fmt: skip
        return 130
    report(args, [done[each.name] for each in planned])
    return 0


def key(course: Course) -> str:
    """The name of the run that made a course."""
    shape = "-".join(map(str, course.sizes))
    return f"{course.method.replace(' ', '-')}-{course.hidden}-{shape}-{course.seed}"


def report(args: argparse.Namespace, courses: list[Course]) -> None:
    """The tables; with --json - only the courses, and the tables where progress is."""
    to = sys.stderr if args.json == STDOUT else sys.stdout
    print(f"{fall_table(courses)}\n\n\n{equal_table(courses)}", file=to)
    if args.json == STDOUT:
        print(as_json(courses))
    elif args.json is not None:
        write_text(args.json, as_json(courses))

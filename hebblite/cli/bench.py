"""``bench``: how long a training batch takes, beside the bound."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import ArgumentError, CheckpointError, check_count
from ..experiments import bench, cases, scaling
from ..experiments.cells import RULES
from ..experiments.results import aligned
from ..extras import needed_for
from ..files import write_text
from .output import STDOUT, check_files
from .parsing import Parser, count, one_of

SUMMARY = "time one training batch of each framework and rule"
DESCRIPTION = """Times one training batch of each framework and rule at the published settings, and
an epoch of the digits with those of train, beside the bound: the matrix products that the same
dynamics cannot do without, timed alone in the same run. Once each product on all threads, once in
lanes: the batch cut as the engine cuts it, a thread for each part. The ratio is to the better of
the two."""
EXAMPLES = [
    "--cases dfc pc ep --rules dh",
    "--repeats 9 --json timings.json",
    "--scaling --figure scaling.png",
]
#: What a figure can be drawn as.
KINDS = (".png", ".svg", ".pdf")


def add_options(parser: Parser) -> None:
    add = parser.add_argument
    names = [case.name for case in cases.CASES]
    add("--cases", nargs="+", type=one_of(names), metavar="NAME",
        help=f"settings to time: {', '.join(names)} (all)")  # fmt: skip
    add("--rules", nargs="+", type=one_of(RULES), metavar="RULE",
        help=f"rules to time: {', '.join(RULES)} (all)")  # fmt: skip
    add("--repeats", type=count, default=5, metavar="N",
        help="timings of each, of which the median is printed (%(default)s)")  # fmt: skip
    add("--scaling", action="store_true",
        help="the cost against depth, width, batch and steps instead")  # fmt: skip
    add("--json", type=Path, metavar="FILE", help="for the timings; - prints them")
    add("--figure", type=Path, metavar="FILE", help="with --scaling: PNG, SVG or PDF")


def run_command(args: argparse.Namespace) -> int:
    check(args)
    print(", ".join(
        f"{speed:.0f} GFLOP/s on {threads} thread{'s' * (threads > 1)}"
        for threads, speed in bench.speed_of_products().items()
    ) + " (128x256x256 float32)", flush=True)  # fmt: skip
    content = cost(args) if args.scaling else times(args)
    if args.json == STDOUT:
        print(json.dumps(content, indent=1))
    elif args.json is not None:
        write_text(args.json, json.dumps(content, indent=1))
    return 0


def check(args: argparse.Namespace) -> None:
    """What can go wrong, before any work."""
    check_count("--repeats", args.repeats)
    for name in ("cases", "rules"):
        if args.scaling and getattr(args, name) is not None:
            raise ArgumentError(f"--{name}", "it with --scaling", "one of the two (DFC x DH)")
    if args.figure is not None:
        if not args.scaling:
            raise ArgumentError("--figure", str(args.figure), "--scaling beside it")
        if args.figure.suffix.lower() not in KINDS:
            raise ArgumentError("--figure", str(args.figure), f"a name with {' or '.join(KINDS)}")
        with needed_for("--figure"):
            import matplotlib  # noqa: F401
    check_files(args.json, args.figure)


def times(args: argparse.Namespace) -> list[dict[str, Any]]:
    """Print a row for each case and rule as soon as it is known."""
    chosen = [c for c in cases.CASES if args.cases is None or c.name in args.cases]
    rules = list(RULES) if args.rules is None else list(dict.fromkeys(args.rules))
    if not any(case.has(rule) for case in chosen for rule in rules):
        raise ArgumentError("--rules", " ".join(rules), "one that is timed in these cases")
    for case in chosen:
        print(case)
    if any(case.name == "dfc-adaptive" for case in chosen):
        print("(the bound of dfc-adaptive is that of equal steps)")
    print("\nmilliseconds; ratio: to the better bound\n")
    print(row("case", "rule", "time", "threads", "lanes", "ratio"), flush=True)
    results = []
    for r in bench.timings(chosen, rules, args.repeats):
        results.append(r)
        ms = (f"{1e3 * seconds:.2f}" for seconds in (r.seconds, r.threads, r.lanes))
        print(row(r.case, r.rule, *ms, f"{r.ratio:.2f}"), flush=True)
    return bench.as_dicts(results)


def row(case: str, rule: str, *numbers: str) -> str:
    return f"{case:<13} {rule:<14}" + "".join(f"{n:>10}" for n in numbers)


def cost(args: argparse.Namespace) -> dict[str, list[dict[str, Any]]]:
    """Print the cost against each of depth, width, batch and steps; draw it if asked."""
    measured = scaling.scaling(args.repeats)
    for name, found in measured.items():
        print(f"\nDFC x DH, time per batch against {name}")
        cells: Sequence[Sequence[str]] = [
            (str(r[name]), f"{r['seconds'] * 1e3:.1f}") for r in found
        ]
        print(aligned([(name, "ms"), *cells]))
    if args.figure is not None:
        try:
            scaling.plot_scaling(measured, str(args.figure))
        except (OSError, ValueError) as error:
            raise CheckpointError(f"{args.figure}: cannot be written ({error})") from error
    return measured

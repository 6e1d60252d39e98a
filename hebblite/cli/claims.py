"""``claims``: measure what the lessons claim, on seeds that nobody has looked at."""

from __future__ import annotations

import argparse
import json
import secrets
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import check_count
from ..files import write_text
from .output import STDOUT, check_files
from .parsing import Parser, count, one_of, seed_number

if TYPE_CHECKING:
    from ..teaching.claims import Claim

SUMMARY = "measure what the lessons claim, on new seeds"
DESCRIPTION = """Measures every claim of the lessons: each sentence with a number in it that depends
on a draw. A claim holds on a seed or it does not; its text promises the share of seeds on which it
holds. Unless told otherwise the seeds are new ones, and the first is printed, so that the same
measurement can be made again.

Exit code 1 if a share falls below what the text promises."""
EXAMPLES = ["02", "--seeds 40 --jobs 2", "02 05 --from 1000 --json claims.json"]
#: New seeds begin anywhere below this.
FIRST = 1_000_000


def add_options(parser: Parser) -> None:
    add = parser.add_argument
    add("lessons", nargs="*", type=lesson, metavar="LESSON", help="numbers of lessons, as 02 (all)")
    add("--seeds", type=count, default=20, metavar="N", help="how many seeds (%(default)s)")
    add("--from", type=seed_number, dest="first", metavar="SEED",
        help="the first of them (a new one at each call)")  # fmt: skip
    add("--jobs", type=count, default=1, metavar="N", help="processes at once (%(default)s)")
    add("--json", type=Path, metavar="FILE", help="for all that was measured; - prints it")


def lesson(text: str) -> str:
    """The number of a lesson. What teaches is imported here, not at the start of every command."""
    from ..teaching.claims import with_claims

    return one_of(with_claims())(text)


def run_command(args: argparse.Namespace) -> int:
    from ..teaching.claims import claims, with_claims

    check_count("--seeds", args.seeds)
    check_count("--jobs", args.jobs)
    check_files(args.json)
    first = secrets.randbelow(FIRST) if args.first is None else args.first
    seeds = range(first, first + args.seeds)
    print(f"Seeds {seeds[0]} to {seeds[-1]}: --from {first} --seeds {args.seeds} repeats them.\n")
    print(row("claim", "promised", "held", "least", "median", "most", "text"), flush=True)
    broken, content = [], []
    for number in args.lessons or with_claims():
        for made in claims(number):
            start = time.perf_counter()
            values = list(measured(made, seeds, args.jobs))
            print(line(made, values), flush=True)
            if not made.kept(values):
                broken.append(made.number)
            content.append({
                "claim": made.number, "text": made.text, "promised": made.share,
                "held": made.held(values), "kept": made.kept(values),
                "first": first, "values": values, "seconds": time.perf_counter() - start,
            })  # fmt: skip
    print(f"\n{len(content) - len(broken)} of {len(content)} claims are kept.")
    if broken:
        print(f"Not kept: {', '.join(broken)}.")
    if args.json == STDOUT:
        print(json.dumps(content, indent=1))
    elif args.json is not None:
        write_text(args.json, json.dumps(content, indent=1))
    return 1 if broken else 0


def measured(made: Claim, seeds: Sequence[int], jobs: int) -> Iterator[bool | float]:
    """The measure of a claim on each seed, in as many processes as asked for."""
    if jobs > 1:
        from ..extras import needed_for

        with needed_for("--jobs"):
            from joblib import Parallel, delayed, parallel_config
        with parallel_config("loky", inner_max_num_threads=1):
            yield from Parallel(n_jobs=jobs)(delayed(one)(made.number, seed) for seed in seeds)
    else:
        yield from map(made, seeds)


def one(number: str, seed: int) -> bool | float:
    """A claim on one seed, found by its number: what another process can be asked for."""
    from ..teaching.claims import claims

    return next(made for made in claims(number.split(".")[0]) if made.number == number)(seed)


def line(made: Claim, values: Sequence[bool | float]) -> str:
    """A row of the table: the share promised and held, and what was measured."""
    numbers = [""] * 3
    if not isinstance(values[0], bool):
        numbers = [f"{n:.3g}" for n in np.quantile(values, [0, 0.5, 1])]
    held = f"{sum(map(made.holds, values))}/{len(values)}" + (" " if made.kept(values) else "!")
    text = f"{'(control) ' if made.control else ''}{made.text}"
    return row(made.number, f"{100 * made.share:g} %", held, *numbers, text)


def row(number: str, promised: str, held: str, *rest: str) -> str:
    least, median, most, text = rest
    return f"{number:<8}{promised:>9}{held:>8}{least:>9}{median:>9}{most:>9}  {text}"

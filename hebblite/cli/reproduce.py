"""``reproduce``: the paper's experiments as claim cards."""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

from .. import data as packaged
from ..data import load_mnist
from ..data.paper import FOLDER, PaperOutcome, stored_outcomes
from ..errors import ArgumentError, check_count
from ..experiments.paper.cards import NO_RUN, make_cards
from ..experiments.paper.claims import CLAIMS
from ..experiments.paper.flips import COMPARED, flip_runs
from ..experiments.paper.intervals import AGREES, CANNOT_TELL, DIFFERS
from ..experiments.paper.plans import METHODS, PaperRun
from ..experiments.paper.quantities import accuracies
from ..experiments.paper.work import do_all, needed
from ..experiments.results import aligned
from ..extras import needed_for
from ..files import write_text
from .output import check_files, command, count_kept, make_folder, say, span
from .parsing import Parser, count, one_of, seed_number, wrapped

SUMMARY = "the paper's experiments, each claim with its verdict"
NAMES = tuple(claim.name for claim in CLAIMS)
DESCRIPTION = """Runs the experiments of Aceituno et al. 2023 and prints a card for each claim: what
is claimed, where the quantity has to lie (written down before the runs), what came out over the
seeds with its 95 % interval, the verdict, and how our runs differ from the paper's.

Runs that ship with the course are not done again, unless --fresh is given; all other runs of full
size need the full MNIST (--data) and hours. Each is written to a folder after every epoch. Stopped
at any moment, the same command goes on."""
EXAMPLES = [
    "--stored",
    "--stored --report paper.html",
    "--small --jobs 2",
    "--cards dfc angles --seeds 0 1 --data mnist",
    "--data mnist --dask tcp://10.0.0.5:8786",
    "--flips --cards pc",
]


def add_options(parser: Parser) -> None:
    add = parser.add_argument
    add("--stored", action="store_true",
        help="only print the cards of the runs that ship with the course")  # fmt: skip
    add("--cards", nargs="+", type=one_of(NAMES), metavar="NAME",
        help=f"which of {', '.join(NAMES)} (all)")  # fmt: skip
    add("--seeds", nargs="+", type=seed_number, metavar="N",
        help="one run of each with each of them (0 to 4, of slow ones 0 to 2)")  # fmt: skip
    add("--small", action="store_true",
        help="small networks and few packaged digits, with wider bounds; two minutes")  # fmt: skip
    add("--flips", action="store_true",
        help="instead, try which of our choices flips a verdict, at medium size; half an "
        "hour")  # fmt: skip
    add("--fresh", action="store_true", help="do runs again that ship with the course")
    add("--data", type=Path, metavar="FOLDER", help="with the four files of the full MNIST")
    add("--out", type=Path, default=Path("hebblite-paper"), metavar="FOLDER",
        help="for all runs (%(default)s)")  # fmt: skip
    add("--jobs", type=count, default=1, metavar="N", help="processes side by side (%(default)s)")
    add("--dask", metavar="ADDRESS",
        help="of a Dask scheduler, over whose workers the runs are spread")  # fmt: skip
    add("--report", type=Path, metavar="FILE",
        help="a page with all cards and figures as HTML, or without figures as Markdown "
        "(.md)")  # fmt: skip
    add("--quiet", action="store_true", help="no progress, problems only")


def run_command(args: argparse.Namespace) -> int:
    check_files(args.report)
    if args.stored:
        for given in ("small", "flips", "fresh"):
            if getattr(args, given):
                raise ArgumentError("--stored", f"it with --{given}", "one of the two")
        report(args, stored_outcomes(), "full")
        return 0
    scale = "small" if args.small else "full"
    if args.flips:
        if args.small:
            raise ArgumentError("--flips", "it with --small", "one of the two")
        if args.cards is not None and not set(args.cards) & set(COMPARED):
            wanted = f"one of {', '.join(COMPARED)}, whose flips are known"
            raise ArgumentError("--cards", f"{' '.join(args.cards)} with --flips", wanted)
        runs = flip_runs(args.cards, args.seeds)
    else:
        runs = needed(args.cards, scale, args.seeds)
    if check_count("--jobs", args.jobs) > 1:
        with needed_for("--jobs"):
            import joblib  # noqa: F401
    make_folder(args.out)
    done: dict[str, PaperOutcome] = {}
    try:
        for name, outcome in do_runs(args, runs):
            done[name] = outcome
    except KeyboardInterrupt:
        told = len(done) + count_kept(args.out, (r.name for r in runs if r.name not in done))
        print(f"\nInterrupted: {told} of {len(runs)} runs are done, and {args.out} has "
              f"them.\nTo go on: {command(args.again)}", file=sys.stderr)  # fmt: skip
        return 130
    shipped = stored_outcomes() if args.flips else ()  # flips stand beside the runs of full size
    report(args, [*done.values(), *shipped], scale)
    return 0


def do_runs(
    args: argparse.Namespace, runs: Sequence[PaperRun]
) -> Iterator[tuple[str, PaperOutcome]]:
    """The outcomes as they come, by the names of their runs, each told in a line."""
    with resources.as_file(resources.files(packaged) / FOLDER) as kept:
        there = None if args.fresh or not kept.is_dir() else kept
        check_data(args, runs, there)
        data = None if args.data is None else str(args.data.resolve())
        found = do_all(runs, args.out, data, there, args.jobs, args.dask)
        for number, (run, outcome, seconds) in enumerate(found, 1):
            took = f" in {span(seconds)}" if seconds else ", done before"
            ended = f", {outcome.failure}" if outcome.failure else ""
            reached = f"{outcome.accuracy:.2f} %{ended}{took}"
            say(f"{number} of {len(runs)}: {run.name}, {reached}", args)
            yield run.name, outcome


def check_data(args: argparse.Namespace, runs: Sequence[PaperRun], kept: Path | None) -> None:
    """ArgumentError if a run of full size has to be done, and there are no digits for it."""
    todo = [r for r in runs if not any(
        place and (place / f"{r.name}.json").exists() for place in (args.out, kept)
    )]  # fmt: skip
    if not any(run.scale == "full" for run in todo):
        return
    if args.data is None:
        got = f"nothing, with {len(todo)} runs to do"
        raise ArgumentError("--data", got, "a folder of the full MNIST, or --stored or --small")
    load_mnist(str(args.data))


def report(args: argparse.Namespace, outcomes: Sequence[PaperOutcome], scale: str) -> None:
    """The table of methods, the cards, and which verdicts there are; the page, if one is wanted."""
    flips = {
        (o.scale, o.method, o.flip, o.shifted, o.seed): o
        for o in (*stored_outcomes(), *outcomes)  # (what was run just now counts)
    }
    cards = make_cards(outcomes, scale, args.cards, list(flips.values()))
    print(methods_table(outcomes, scale), *(f"\n\n{card.text()}" for card in cards), sep="\n")
    print()
    for verdict in (AGREES, DIFFERS, CANNOT_TELL):
        names = [card.name for card in cards if card.verdict == verdict]
        print(wrapped(f"{verdict}: {', '.join(names) or 'none'}", "    "))
    if args.report is not None:
        from .paper_markdown import markdown
        from .paper_page import page  # (the charts take a while to import)

        make = markdown if args.report.suffix == ".md" else page
        write_text(args.report, make(cards, outcomes, scale))
        say(f"The page is {args.report}.", args)


def methods_table(outcomes: Sequence[PaperOutcome], scale: str) -> str:
    """Accuracy of every method that was run."""
    planned = [o for o in outcomes if o.scale == scale and not o.flip]
    rows = [("method", "network", "accuracy, %", "min", "max", "seeds")]
    for method in METHODS:
        found = list(accuracies(planned, method).values())
        if not found:
            continue
        mean = f"{statistics.fmean(found):.2f}"
        if len(found) > 1:
            mean += f" +- {statistics.stdev(found):.2f}"
        sizes = next(o.training["sizes"] for o in planned if o.method == method)
        rows.append((method, "-".join(map(str, sizes)), mean, f"{min(found):.2f}",
                     f"{max(found):.2f}", str(len(found))))  # fmt: skip
    return aligned(rows) if len(rows) > 1 else NO_RUN

"""Files that a command writes, and what it says while it works."""

from __future__ import annotations

import argparse
import shlex
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ..errors import ArgumentError, CheckpointError, UnwritableError
from ..experiments.results import as_csv, as_json
from ..experiments.runs import Outcome, Plan
from ..files import check_writable, write_text

#: In place of the name of a file: what is printed. The table then goes to where progress goes.
STDOUT = Path("-")


def make_folder(path: Path) -> None:
    """The folder, and certainty that a file can be written there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be made ({error.strerror})") from error
    check_writable(path / "results")


def count_kept(folder: Path, names: Iterable[str]) -> int:
    """How many of these runs have their outcome in a folder. It may be there before the command has
    heard of it."""
    return sum((folder / f"{name}.json").exists() for name in names)


def check_files(*paths: Path | None) -> None:
    """UnwritableError or ArgumentError, before any work, if one of the files cannot be written."""
    for path in paths:
        if path is None or path == STDOUT:
            continue
        if path.is_dir():
            raise ArgumentError(str(path), "a folder", "the name of a file")
        check_writable(path)


def write_or_say(path: Path, text: str) -> None:
    """A disk that is full costs the file, not what else there is to do."""
    try:
        write_text(path, text)
    except UnwritableError as error:
        print(f"hebblite: {error}", file=sys.stderr)


def write_results(args: argparse.Namespace, outcomes: Sequence[Outcome]) -> None:
    """After each run, so that what is known is on disk whatever comes next."""
    writers: list[tuple[Path | None, Callable]] = [(args.json, as_json), (args.csv, as_csv)]
    for path, text in writers:
        if path is not None and path != STDOUT:
            write_or_say(path, text(outcomes))


def say(text: str, args: argparse.Namespace) -> None:
    """A line of progress, beside the results that go to the standard output."""
    if not args.quiet:
        print(text, file=sys.stderr, flush=True)


def bars(args: argparse.Namespace) -> bool:
    """Whether bars can be drawn: in a file they are only control characters."""
    return not args.quiet and sys.stderr.isatty()


def remaining(outcomes: Sequence[Outcome], plans: Sequence[Plan], jobs: int = 1) -> str:
    """ ", about 3 min left": from runs of the same cell if there are any, else from all."""
    done = {o.plan for o in outcomes}
    todo = [plan for plan in plans if plan not in done]
    if not outcomes or not todo:
        return ""
    cells: dict[tuple[str, str], list[float]] = {}
    for o in outcomes:
        cells.setdefault((o.plan.framework, o.plan.rule), []).append(o.seconds)
    all_of_them = statistics.fmean(o.seconds for o in outcomes)
    seconds = sum(
        statistics.fmean(cells.get((plan.framework, plan.rule), [all_of_them])) for plan in todo
    )
    return f", about {span(seconds / min(jobs, len(todo)))} left"


def span(seconds: float) -> str:
    """A time as people say it: 40 s, 12 min, 3 h 05 min."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"


def command(words: Sequence[str]) -> str:
    """A command to be typed again."""
    program, *rest = words
    return f"{program} {shlex.join(rest)}"

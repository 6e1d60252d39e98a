"""Files and folders that a command writes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import CheckpointError, UnwritableError
from ..experiments.results import as_csv, as_json
from ..experiments.runs import Outcome
from ..files import check_writable, write_text


def make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be made ({error.strerror})") from error
    check_writable(path / "results")


def write_results(args: argparse.Namespace, outcomes: Sequence[Outcome]) -> None:
    """After each run, so that what is known is on disk whatever comes next. A disk that is full
    costs the file, not the results: they go on to the table."""
    for path, text in ((args.json, as_json), (args.csv, as_csv)):
        if path is not None:
            try:
                write_text(path, text(outcomes))
            except UnwritableError as error:
                print(f"hebblite: {error}", file=sys.stderr)

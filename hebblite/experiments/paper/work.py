"""Doing the runs: one after another, side by side in processes, or spread over a Dask cluster.

On this machine each process writes its run after every epoch, so that a run that was stopped goes
on. On a cluster a worker keeps nothing: it sends the outcome, and it is written here, where the
command runs. A worker that dies loses its present run, which another one does from the start.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ...data.paper import PaperOutcome
from ...errors import ArgumentError
from ...extras import needed_for
from ..processes import in_processes
from .flips import Flipped, full_size_flips
from .plans import PaperRun, paper_runs
from .samples import SEEDS as SAMPLES_SEEDS
from .samples import Samples, samples_run
from .training import read, train_to_file, write

#: What each card needs: the methods that it compares, with their controls.
NEEDS: dict[str, tuple[str, ...]] = {
    "dfc": ("bp", "dfc-error-based", "dfc-dh"), "stdp": ("dfc-dh", "dfc-stdp"),
    "pc": ("bp-pc", "pc-error-based", "pc-dh"), "ep": ("bp-ep", "ep-contrastive", "ep-dh"),
    "deb": ("bp-deb", "deb-error-based", "deb-dh"), "angles": ("bp", "dfc-dh"),
    "latency": ("bp", "dfc-dh"), "together": ("bp", "dfc-dh"),
}  # fmt: skip


def needed(
    cards: Sequence[str] | None = None, scale: str = "full", seeds: Sequence[int] | None = None
) -> list[PaperRun]:
    """The runs that some cards need, or all of them, a seed at a time."""

    def wanted(run: PaperRun) -> bool:
        if run.shifted:
            return cards is None or "surprise" in cards
        return cards is None or any(run.method in NEEDS.get(card, ()) for card in cards)

    runs = [run for run in paper_runs(scale, None, seeds) if wanted(run)]
    if cards is None or "samples" in cards:
        which = range(SAMPLES_SEEDS[scale]) if seeds is None else seeds
        runs += [samples_run(seed, scale) for seed in which]
    if scale == "full":
        runs += [run for card in NEEDS if cards is None or card in cards
                 for run in full_size_flips(card, seeds)]  # fmt: skip
    return runs


#: A run, its outcome as in its file, and the seconds that it took.
Made = tuple[PaperRun, dict[str, Any], float]


def known(run: PaperRun, *folders: Path | None) -> dict[str, Any] | None:
    """The outcome of a run, if one of the folders has it."""
    for folder in folders:
        if folder is not None and (folder / f"{run.name}.json").exists():
            return read(folder / f"{run.name}.json", run)
    return None


def do(run: PaperRun, folder: Path, data: str | None) -> Made:
    """One run, with its files in ``folder``; the seconds that it took."""
    began = time.perf_counter()
    kind = Samples if run.method == "samples" else Flipped
    made = train_to_file(run, folder, data, kind=kind)
    return run, made, time.perf_counter() - began


def do_elsewhere(run: PaperRun, data: str | None) -> Made:
    """One run, where no file is to stay."""
    with tempfile.TemporaryDirectory() as folder:
        return do(run, Path(folder), data)


def do_all(
    runs: Sequence[PaperRun],
    folder: Path,
    data: str | None = None,
    kept: Path | None = None,
    jobs: int = 1,
    dask: str | None = None,
) -> Iterator[tuple[PaperRun, PaperOutcome, float]]:
    """Each run once, with its outcome and the seconds that it took, as they come: first those that
    ``folder`` or ``kept`` has, with 0 seconds. dask: the address of a scheduler."""
    todo = []
    for run in runs:
        made = known(run, folder, kept)
        if made is None:
            todo.append(run)
        else:
            yield run, PaperOutcome.from_dict(made), 0.0
    if not todo:
        return
    folder.mkdir(parents=True, exist_ok=True)
    found: Iterator[Made]
    if dask is not None:
        found = on_dask(todo, data, dask)
    elif min(jobs, len(todo)) > 1:
        found = side_by_side(todo, folder, data, min(jobs, len(todo)))
    else:
        found = (do(run, folder, data) for run in todo)
    for run, made, seconds in found:
        path = folder / f"{run.name}.json"
        if not path.exists():
            write(path, run, made["records"], made["failure"])
        yield run, PaperOutcome.from_dict(json.loads(path.read_text("utf-8"))), seconds


def side_by_side(
    runs: Sequence[PaperRun], folder: Path, data: str | None, jobs: int
) -> Iterator[Made]:
    """In processes of this machine."""
    with needed_for("--jobs"):
        import joblib  # noqa: F401
    yield from in_processes(do, [(run, folder, data) for run in runs], jobs)


def on_dask(runs: Sequence[PaperRun], data: str | None, address: str) -> Iterator[Made]:
    """On the workers of a Dask cluster, which have hebblite, and the data under the same path."""
    with needed_for("--dask"):
        from dask.distributed import Client
        from joblib import Parallel, delayed, parallel_config
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        wanted = "the address of a Dask scheduler that runs, as tcp://127.0.0.1:8786"
        raise ArgumentError("--dask", f"{address} ({error})", wanted) from error
    with client, parallel_config("dask", client=client, wait_for_workers_timeout=60):
        work = Parallel(n_jobs=-1, return_as="generator_unordered", batch_size=1)
        yield from work(delayed(do_elsewhere)(run, data) for run in runs)

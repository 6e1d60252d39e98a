"""Runs side by side in processes of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any


def in_processes(
    do: Callable[..., Any], each: Sequence[tuple[Any, ...]], jobs: int
) -> Iterator[Any]:
    """What ``do(*arguments)`` returns for each tuple of arguments, in the order in which they come,
    from ``jobs`` processes of one BLAS thread each. ImportError without joblib."""
    from joblib import Parallel, delayed, parallel_config

    with parallel_config("loky", inner_max_num_threads=1):
        work = Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
        yield from work(delayed(do)(*arguments) for arguments in each)

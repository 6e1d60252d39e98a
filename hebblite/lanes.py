"""Lanes: the inputs of a batch never meet while they are taught, so a large batch is cut in parts,
and each part, a *lane*, goes through the whole teaching phase and the rule by itself. Lanes can go
side by side, one a core, each with products, passes and data of its own.

How a batch is cut depends on the batch and the network alone, every product runs on one thread,
and the lanes' updates are added up in their order. So the same numbers come out, to the last bit,
however many cores there are, and where other processes want them too no core waits for another:
threads that share a product spin while they wait, and four trainings on two cores then take ten
times as long as they need. Threads are enough for lanes, as NumPy lets go of the interpreter while
it computes.
"""

from __future__ import annotations

import functools
import itertools
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import copy_context
from typing import TypeVar

from threadpoolctl import ThreadpoolController

Lane = TypeVar("Lane")
Result = TypeVar("Result")

#: Inputs in a lane, more or less.
INPUTS = 64
#: Multiplications in one step of a lane, at least. With fewer, threads wait for the interpreter.
LEAST = 2_000_000

_busy = threading.Lock()


def parts(batch: int, sizes: Sequence[int]) -> list[slice]:
    """The inputs of each lane, of a network with layers of these sizes, the input's first."""
    step = sum(n * m for m, n in itertools.pairwise(sizes[1:]))  # layer 1's drive is constant
    count = min(max(1, (batch + INPUTS // 2) // INPUTS), max(1, batch * step // LEAST))
    edges = [batch * i // count for i in range(count + 1)]
    return [slice(*ends) for ends in itertools.pairwise(edges)]


def side_by_side(work: Callable[[Lane], Result], lanes: Sequence[Lane]) -> list[Result]:
    """``work`` on every lane, as many at once as there are cores; the results in the order of the
    lanes. If one fails, no other begins, and what the first of them raised is raised here."""
    workers = min(cores(), len(lanes))
    if workers == 1 or not _busy.acquire(blocking=False):  # (another thread has lanes already)
        with one_thread():
            return [work(lane) for lane in lanes]
    mine = _busy
    results: dict[int, Result] = {}
    failures: dict[int, BaseException] = {}
    waiting = iter(enumerate(lanes))
    turn = threading.Lock()

    def go_on() -> None:
        while not failures:
            with turn:
                i, lane = next(waiting, (len(lanes), None))
            if i == len(lanes):
                return
            try:
                results[i] = work(lane)  # type: ignore[arg-type]
            except BaseException as failure:
                failures[i] = failure

    try:
        with one_thread():
            # In a copy of the caller's context, which says what NumPy is to warn of.
            others = [_crew().submit(copy_context().run, go_on) for _ in range(workers - 1)]
            go_on()
            wait(others)
    finally:
        if mine is _busy:  # (not in a fork, which has locks of its own)
            mine.release()
    if failures:  # lanes begin in their order, so the first one that fails is always the same
        raise failures[min(failures)]
    return [results[i] for i in range(len(lanes))]


# ---------------------------------------------------------------------- products on one thread


class _Threads:
    """How many threads BLAS had before somebody asked for one, and how many are still asking."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.asking = 0
        self.before: list[int] = []


_threads = _Threads()


@contextmanager
def one_thread() -> Iterator[None]:
    """Inside, each matrix product runs on one thread, so that it is the same sum on any machine
    with any number of cores, and never waits for a core that is busy elsewhere."""
    mine = _threads
    with mine.lock:
        if mine.asking == 0:
            mine.before = _counts()
            _set_threads([1] * len(mine.before))
        mine.asking += 1
    try:
        yield
    finally:
        if mine is _threads:  # (not in a fork, which was given them back when it began)
            with mine.lock:
                mine.asking -= 1
                if mine.asking == 0:
                    _set_threads(mine.before)


def _set_threads(counts: list[int]) -> None:
    for library, count in zip(blas().lib_controllers, counts, strict=True):
        if count != library.num_threads:
            library.set_num_threads(count)


def cores() -> int:
    """How many threads BLAS may use, and so how many lanes go side by side; 1 if nobody knows."""
    with _threads.lock:
        counts = _threads.before if _threads.asking else _counts()
    return max(1, min(counts, default=1))


@functools.cache
def blas() -> ThreadpoolController:
    """The libraries behind NumPy's matrix products."""
    return ThreadpoolController().select(user_api="blas")


def _counts() -> list[int]:
    return [library.num_threads for library in blas().lib_controllers]


@functools.cache
def _crew() -> ThreadPoolExecutor:
    most = max(1, os.cpu_count() or 1)  # (threads are made when they are first needed)
    return ThreadPoolExecutor(most, thread_name_prefix="hebblite-lane")


def _in_a_fork() -> None:
    """A process that was forked has the pool, but not its threads, nor who held the locks."""
    global _busy, _threads
    _busy, before = threading.Lock(), _threads
    _threads = _Threads()
    if before.asking:
        _set_threads(before.before)
    _crew.cache_clear()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_in_a_fork)

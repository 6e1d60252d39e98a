"""Every core at work: the inputs of a batch never meet while they are taught, so each core takes
its own part of them, a *lane*, through the whole teaching phase and the rule.

NumPy's matrix products use all cores by themselves. The passes over arrays between two products do
not, and they find the result of a product spread over the caches of all cores. In lanes each core
has products, passes and data of its own. Threads are enough, as NumPy lets go of the interpreter
while it computes. A lane's products run on one thread, so their sums may round differently.
"""

from __future__ import annotations

import functools
import itertools
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from threadpoolctl import ThreadpoolController

Lane = TypeVar("Lane")
Result = TypeVar("Result")

#: Inputs x neurons in a lane at least. With less, Python takes longer than the arrays, and threads
#: wait for the interpreter.
LEAST = 16384

_busy = threading.Lock()


def parts(batch: int, width: int) -> list[slice]:
    """The inputs of each lane, where layers have up to ``width`` neurons: as many lanes as BLAS may
    use threads, if that is worth it."""
    count = max(1, min(cores(), batch, batch * width // LEAST))
    edges = [batch * i // count for i in range(count + 1)]
    return [slice(*ends) for ends in itertools.pairwise(edges)]


def side_by_side(work: Callable[[Lane], Result], lanes: Sequence[Lane]) -> list[Result]:
    """``work`` on every lane at once; its results in their order. An exception in one of them is
    raised here, when all have ended."""
    if not _busy.acquire(blocking=False):  # (another thread has lanes already)
        return [work(lane) for lane in lanes]
    try:
        with blas().limit(limits=1):
            # In a copy of the caller's context, which says what NumPy is to warn of.
            others = [_crew().submit(copy_context().run, work, lane) for lane in lanes[1:]]
            try:
                first = work(lanes[0])
            finally:
                for other in others:
                    other.exception()  # waits
            return [first, *(other.result() for other in others)]
    finally:
        _busy.release()


def cores() -> int:
    """How many threads BLAS may use now; 1 if nobody knows."""
    return min((library.num_threads for library in blas().lib_controllers), default=1)


@functools.cache
def blas() -> ThreadpoolController:
    """The libraries behind NumPy's matrix products."""
    return ThreadpoolController().select(user_api="blas")


@functools.cache
def _crew() -> ThreadPoolExecutor:
    most = max(1, os.cpu_count() or 1)  # (threads are made when they are first needed)
    return ThreadPoolExecutor(most, thread_name_prefix="hebblite-lane")


def _in_a_fork() -> None:
    """A process that was forked has the pool, but not its threads, nor who held the lock."""
    global _busy
    _busy = threading.Lock()
    _crew.cache_clear()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_in_a_fork)

"""How long a training batch takes, beside the bound: the matrix products it cannot do without.

Times are medians of interleaved repeats, so that a machine whose speed drifts slows the batch and
both bounds alike; the ratio is the median of the ratios to the better bound of the same repeat.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..lanes import cores, one_thread
from ..optim import Adam
from ..training import fit, update
from . import bounds
from .cases import Case, problem
from .cells import RULES


@dataclass
class Timing:
    """Medians in seconds: of the batch, and of its products on all threads and in lanes (see
    ``bounds``). ``ratio``: the median ratio to the better bound."""

    case: str
    rule: str
    seconds: float
    threads: float
    lanes: float
    ratio: float

    @property
    def bound(self) -> float:
        """The better of the two."""
        return min(self.threads, self.lanes)


def warm(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes in the midst of work of its kind, as in training. Whatever ran
    before has left the caches to it, and BLAS's threads, which look out for work a while after
    their last product, to rest."""
    time.sleep(0.1)
    began = time.perf_counter()
    while time.perf_counter() < began + 0.05:
        work()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def learning(case: Case, rule: str) -> Callable[[], object]:
    """One update of the case, or one epoch of them with Adam, as one function."""
    net, x, target = problem(case)
    framework, fold = case.make(), RULES[rule](0)
    if not case.samples:
        return lambda: update(net, framework, fold, x, target)
    optimizer = Adam()
    return lambda: fit(net, framework, fold, x, target, optimizer=optimizer, epochs=1,
                       batch_size=case.batch, progress=False)  # fmt: skip


def timing(case: Case, rule: str, repeats: int) -> Timing:
    """Time one cell and its two bounds, in turn."""
    works = learning(case, rule), bounds.threads(case, rule), bounds.lanes(case, rule)
    rounds: list[list[float]] = []
    for _ in range(repeats):
        # Threads that share a product on a busy machine may take a hundred times as long as lanes:
        # once is enough to know that they are not the better bound.
        hopeless = bool(rounds) and rounds[0][1] > 3 * rounds[0][2]
        rounds.append(
            [rounds[0][1] if hopeless and work is works[1] else warm(work) for work in works]
        )
    seconds, threads, lanes = map(statistics.median, zip(*rounds, strict=True))
    ratio = statistics.median(s / min(t, l) for s, t, l in rounds)
    return Timing(case.name, rule, seconds, threads, lanes, ratio)


def speed_of_products(repeats: int = 200) -> dict[int, float]:
    """GFLOP/s of (128, 256) by (256, 256) products in float32, which are what one step is made of:
    on one thread, and on all that BLAS has."""
    a, b = np.ones((128, 256), np.float32), np.ones((256, 256), np.float32)
    out = np.empty((128, 256), np.float32)

    def speed() -> float:
        seconds = []
        for _ in range(repeats):
            began = time.perf_counter()
            np.matmul(a, b, out=out)
            seconds.append(time.perf_counter() - began)
        return 2 * 128 * 256 * 256 / statistics.median(seconds) / 1e9

    all_threads = cores()
    with one_thread():
        alone = speed()
    return {1: alone} | ({all_threads: speed()} if all_threads > 1 else {})


def timings(cases: Sequence[Case], rules: Sequence[str], repeats: int) -> Iterator[Timing]:
    """All cells that have a meaning."""
    for case in cases:
        for rule in rules:
            if case.has(rule):
                yield timing(case, rule, repeats)


def as_dicts(results: Sequence[Timing]) -> list[dict[str, Any]]:
    return [{**asdict(result), "bound": result.bound} for result in results]

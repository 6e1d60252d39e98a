"""How long one training batch takes, and the bound: the matrix products it cannot do without.

The bound times exactly the products of the same dynamics and rule (W_1 x once, as the input does
not move; every later layer up and down at every step; the rule's products in blocks), back to back
in the same run, on arrays of the same shapes. Everything above it is passes over memory, ufuncs
and Python. Times are medians of interleaved repeats, so that a machine whose speed drifts slows
both alike; the ratio is the median of the ratios of the pairs.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..frameworks import (
    Backprop,
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    Framework,
    PredictiveCoding,
)
from ..memory import aligned
from ..network import Network
from ..training import update
from .cells import RULES, why_undefined

Array = np.ndarray
BLOCK = 8


@dataclass
class Case:
    """One setting to be timed: a framework on a network, ``batch`` inputs wide."""

    name: str
    framework: str
    make: Callable[[], Framework]
    sizes: tuple[int, ...]
    hidden: str
    batch: int = 128
    output: str = "softmax"


#: The settings of Aceituno et al. 2023 and of the frameworks' own papers.
CASES = [
    Case("bp", "backprop", Backprop, (784, 256, 256, 256, 10), "sigmoid"),
    Case("dfc", "dfc", DeepFeedbackControl, (784, 256, 256, 256, 10), "sigmoid"),
    Case(
        "dfc-fixed-Q", "dfc", lambda: DeepFeedbackControl("transpose"),
        (784, 256, 256, 256, 10), "sigmoid",
    ),
    Case(
        "dfc-adaptive", "dfc", lambda: DeepFeedbackControl(adaptive=0.003),
        (784, 256, 256, 256, 10), "sigmoid",
    ),
    Case("pc", "pc", lambda: PredictiveCoding(steps=50), (784, 500, 500, 10), "tanh"),
    Case(
        "pc-small", "pc", lambda: PredictiveCoding(steps=20, halve=False),
        (784, 256, 256, 10), "tanh", output="linear",
    ),
    Case(
        "ep", "ep", lambda: EquilibriumPropagation(free_steps=30, nudged_steps=10),
        (784, 500, 500, 10), "sigmoid",
    ),
    Case("deb", "deb", lambda: DendriticMicrocircuit(steps=50), (784, 500, 500, 10), "tanh"),
]  # fmt: skip


@dataclass
class Timing:
    """Medians in seconds, and the median ratio."""

    case: str
    rule: str
    seconds: float
    bound: float
    ratio: float


def problem(case: Case, seed: int = 0) -> tuple[Network, Array, Array]:
    """A fresh network with inputs in [0, 1] and soft targets. Values do not change the work."""
    rng = np.random.default_rng(seed)
    net = Network(case.sizes, case.hidden, case.output, seed=seed)
    x = rng.random((case.batch, case.sizes[0]), np.float32)
    labels = rng.integers(case.sizes[-1], size=case.batch)
    target = np.full((case.batch, case.sizes[-1]), 0.1 / (case.sizes[-1] - 1), np.float32)
    target[np.arange(case.batch), labels] = 0.9
    return net, x, target


def products(case: Case, rule: str) -> Callable[[], None]:
    """The irreducible matrix products of a batch, as one function."""
    framework = case.make()
    B, sizes, L = case.batch, case.sizes, len(case.sizes) - 1
    rng = np.random.default_rng(0)

    def some(*shape: int) -> Array:
        made = aligned(shape, np.dtype(np.float32))
        made[...] = rng.random(shape, np.float32)
        return made

    rates = [some(BLOCK, B, n) for n in sizes]
    W = [some(n, m) for m, n in itertools.pairwise(sizes)]
    W_T = [np.ascontiguousarray(w.T) for w in W]
    up = [some(B, n) for n in sizes]
    dW = [some(*w.shape) for w in W]
    u, Q_T = some(B, sizes[-1]), some(sizes[-1], sum(sizes[1:]))
    a = some(B, sum(sizes[1:]))

    def step(s: int) -> None:
        for l in range(1, L):
            np.matmul(rates[l][s % BLOCK], W_T[l], out=up[l + 1])
        if isinstance(framework, DeepFeedbackControl) and framework.feedback == "transpose":
            np.matmul(u, Q_T, out=a)  # all feedback weights, stacked
        else:
            for l in range(L - 1, 0, -1):
                np.matmul(rates[l + 1][s % BLOCK], W[l], out=up[l])

    def outer(l: int, deep: bool) -> None:
        post, pre = (r if deep else r[:1] for r in (rates[l + 1], rates[l]))
        np.matmul(post.reshape(-1, sizes[l + 1]).T, pre.reshape(-1, sizes[l]), out=dW[l])

    shown, hidden = phases(framework)
    deep = {"stdp": range(L), "stdp-expected": range(L)}.get(rule, range(1, L))
    moving = rule.startswith(("dh", "stdp", "hebbian"))
    once = {"contrastive": 2}.get(rule, 1)

    def run() -> None:
        np.matmul(rates[0][0], W_T[0], out=up[1])
        for s in range(hidden):
            step(s)
        for s in range(shown):
            step(s)
            if moving and (s + 1) % BLOCK == 0:
                for l in deep:
                    outer(l, True)
        for l in range(L):
            if not moving or l not in deep:
                for _ in range(once):
                    outer(l, False)

    return run


def phases(framework: Framework) -> tuple[int, int]:
    """Steps in the stream of a framework, and those before it starts."""
    if isinstance(framework, Backprop):
        return 1, 0
    if isinstance(framework, EquilibriumPropagation):
        centred = framework.nudged_steps if framework.kind == "centred" else 0
        return framework.nudged_steps, framework.free_steps + centred
    steps: int = getattr(framework, "steps")  # noqa: B009 (each framework with a phase has it)
    return steps, 0


def warm(work: Callable[[], None]) -> float:
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


def timing(case: Case, rule: str, repeats: int) -> Timing:
    """Time one cell and its bound, in turn."""
    net, x, target = problem(case)
    framework, fold, bound = case.make(), RULES[rule](0), products(case, rule)

    def batch() -> None:
        update(net, framework, fold, x, target)

    seconds, bounds = zip(*((warm(batch), warm(bound)) for _ in range(repeats)), strict=True)
    ratios = [s / b for s, b in zip(seconds, bounds, strict=True)]
    return Timing(
        case.name,
        rule,
        statistics.median(seconds),
        statistics.median(bounds),
        statistics.median(ratios),
    )


def speed_of_products(repeats: int = 200) -> float:
    """GFLOP/s of (128, 256) by (256, 256) products in float32: what one step is made of."""
    a, b = np.ones((128, 256), np.float32), np.ones((256, 256), np.float32)
    out, seconds = np.empty((128, 256), np.float32), []
    for _ in range(repeats):
        began = time.perf_counter()
        np.matmul(a, b, out=out)
        seconds.append(time.perf_counter() - began)
    return 2 * 128 * 256 * 256 / statistics.median(seconds) / 1e9


def timings(cases: list[Case], rules: list[str], repeats: int) -> Iterator[Timing]:
    """All cells that have a meaning."""
    for case in cases:
        for rule in rules:
            if why_undefined(case.framework, rule) is None and not (
                "stdp" in rule and case.name == "dfc-adaptive"  # spikes need steps of one length
            ):
                yield timing(case, rule, repeats)


# ---------------------------------------------------------------------- scaling


def scaling(repeats: int = 3) -> dict[str, list[dict[str, Any]]]:
    """Seconds per batch of Deep Feedback Control with DH against depth, width, batch and steps,
    each varied alone around 784-256-256-256-10, batch 128, 100 steps."""

    def one(depth: int = 3, width: int = 256, batch: int = 128, steps: int = 100) -> float:
        case = Case(
            "dfc", "dfc", lambda: DeepFeedbackControl(steps=steps),
            (784, *[width] * depth, 10), "sigmoid", batch,
        )  # fmt: skip
        return timing(case, "dh", repeats).seconds

    ranges: dict[str, list[int]] = {
        "depth": [1, 2, 3, 4, 6, 8],
        "width": [32, 64, 128, 256, 512, 1024],
        "batch": [1, 8, 32, 64, 128, 256, 512],
        "steps": [10, 50, 100, 200, 400, 800],
    }
    return {
        name: [{name: value, "seconds": one(**{name: value})} for value in values]
        for name, values in ranges.items()
    }


def plot_scaling(measured: dict[str, list[dict[str, Any]]], path: str) -> None:
    """Four panels. Depth beside a straight line: the first hidden layer has no product at every
    step. The others on log-log axes, each with the line of proportionality through its last point;
    products go with the square of the width."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 3.2), layout="constrained")
    units = {"depth": "hidden layers", "width": "neurons per hidden layer", "batch": "inputs",
             "steps": "Euler steps"}  # fmt: skip
    for axes, (name, rows) in zip(figure.subplots(1, 4), measured.items(), strict=True):
        x = np.array([row[name] for row in rows], float)
        y = np.array([row["seconds"] for row in rows]) * 1e3
        axes.plot(x, y, "o-", color="#0072B2", label="measured")
        if name == "depth":
            line, label = np.polyval(np.polyfit(x, y, 1), x), "straight line"
            axes.set_ylim(bottom=0)
        else:
            slope = 2 if name == "width" else 1
            line, label = y[-1] * (x / x[-1]) ** slope, f"slope {slope}"
            axes.set_xscale("log")
            axes.set_yscale("log")
        axes.plot(x, line, "--", color="#666666", label=label)
        axes.set_xticks(x, [f"{value:.0f}" for value in x], fontsize=7)
        axes.set_xticks([], minor=True)
        axes.set_xlabel(f"{name} ({units[name]})")
        axes.legend(fontsize=8)
    figure.axes[0].set_ylabel("time per batch (ms)")
    FigureCanvasAgg(figure).print_figure(path, dpi=150)


def as_dicts(results: list[Timing]) -> list[dict[str, Any]]:
    return [asdict(result) for result in results]

"""Which networks are trained for the paper's claims, and how: written before the runs.

**Data.** The full MNIST: the first 55,000 of the training digits train, the last 5,000 choose
(validation). The accuracy on the 10,000 test digits that counts is that of the epoch which
validation chose. For ``small``, the packaged digits: 2,000 train, 500 choose, 1,000 test. For
``medium``, at which choices are flipped (``flips``), 4,000 of them train, 1,000 choose and 2,000
test, in batches of 32, and the deep networks learn three times as fast.

**Networks and settings**, as published where nothing else is said:

    bp, dfc-*   784-256-256-256-10, sigmoid, softmax, Xavier-normal, biases, batch 128, Adam 2.7e-4
                with betas 0.9 and 0.999 (published: 0.9, 0.9) and eps 1e-8 (published: 9e-5, which
                is far above the updates), targets of confidence 0.9, 40 epochs.
                k_p = 2, k_i = 1, dt = 1 ms, tau_v / tau_u = 0.0105, 500 ms; feedback is the
                transposed Jacobian. Steps are adaptive with a tolerance of 0.003; how wrong an
                update becomes by it is measured in every run (``looks.euler_error``).
    dfc-stdp    the same with 60 equal steps of 5 ms (300 ms), and rates that are carried by
                populations of 256 neurons; tau 16.2 ms (published: a decay of 0.94 a millisecond).
                Fewer seeds: one of them costs as much as four of dfc-dh.
    pc-*        784-500-500-10, tanh, an output of tanh too, targets 0.94 y + 0.03, clamped; at most
                50 steps of 0.1, halved where the energy rises; Adam 1e-3, batch 128, 40 epochs.
                The output layer learns too (in the published code it does not).
    ep-*, deb-* beyond the paper, 784-500-500-10, softmax, in the settings of ``cells`` with batches
                of 128: EP sigmoid, Adam 3e-3, DEB tanh, Adam 1e-3.
    bp-pc, bp-ep, bp-deb   backprop on the network of each of them: the fair control.

**Surprise** (``*-surprise``): for the first half of the epochs each label is the next class, and
then the right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..runs import Plan

#: Digits that train, choose and test.
SPLITS = {
    "full": (55_000, 5_000, 10_000), "medium": (4_000, 1_000, 2_000), "small": (2_000, 500, 1_000),
}  # fmt: skip
EPOCHS = {"full": 40, "medium": 4, "small": 4}
#: Of the experiment on samples: epochs before the spikes are drawn.
SAMPLES_AFTER = 2

_DEEP = (784, 256, 256, 256, 10)
_WIDE = (784, 500, 500, 10)
_CONTROL: tuple[tuple[str, Any], ...] = (
    ("adaptive", 0.003), ("dt", 1e-3), ("k_p", 2.0), ("steps", 500),
)  # fmt: skip
_SPIKES: tuple[tuple[str, Any], ...] = (("dt", 5e-3), ("k_p", 2.0), ("steps", 60))
_PC: tuple[tuple[str, Any], ...] = (("nudge", None), ("step", 0.1), ("steps", 50))

_DFC = Plan("dfc", "dh", sizes=_DEEP, hidden="sigmoid", lr=2.7e-4, batch_size=128,
            framework_settings=_CONTROL)  # fmt: skip
_TANH = Plan("pc", "dh", sizes=_WIDE, output="same", lr=1e-3, batch_size=128,
             framework_settings=_PC)  # fmt: skip
_BEYOND = Plan("ep", "dh", sizes=_WIDE, batch_size=128)

#: Every method by its name: what is trained, but for seed and epochs.
METHODS: dict[str, Plan] = {
    "bp": replace(_DFC, framework="backprop", rule="gradient", framework_settings=()),
    "dfc-error-based": replace(_DFC, rule="error-based"),
    "dfc-dh": _DFC,
    "dfc-stdp": replace(_DFC, rule="stdp", framework_settings=_SPIKES, population=256),
    "bp-pc": replace(_TANH, framework="backprop", rule="gradient", framework_settings=()),
    "pc-error-based": replace(_TANH, rule="error-based"),
    "pc-dh": _TANH,
    "bp-ep": replace(_BEYOND, framework="backprop", rule="gradient", hidden="sigmoid"),
    "ep-contrastive": replace(_BEYOND, rule="contrastive", hidden="sigmoid"),
    "ep-dh": replace(_BEYOND, hidden="sigmoid"),
    "bp-deb": replace(_BEYOND, framework="backprop", rule="gradient"),
    "deb-error-based": replace(_BEYOND, framework="deb", rule="error-based"),
    "deb-dh": replace(_BEYOND, framework="deb"),
}
#: Methods that also learn with shifted labels.
SURPRISED = ("bp", "dfc-error-based", "dfc-dh")
#: How many seeds of each method there are: five where they are cheap.
SEEDS = {name: 5 if name.startswith(("bp", "dfc-e", "dfc-d")) else 3 for name in METHODS}


@dataclass(frozen=True)
class PaperRun:
    """One training run. ``scale``: full, medium or small. ``shifted``: how many of the first epochs
    have labels that are shifted to the next class. ``flip``: what is made otherwise, if anything
    is."""

    method: str
    scale: str
    training: Plan
    shifted: int = 0
    flip: str = ""

    @property
    def name(self) -> str:
        """As a file name."""
        kind = "-surprise" if self.shifted else f"-{self.flip}" if self.flip else ""
        return f"{self.scale}-{self.method}{kind}-{self.training.seed}"


def paper_run(method: str, seed: int, scale: str = "full", surprise: bool = False) -> PaperRun:
    """The run of one method and seed."""
    training = replace(METHODS[method], seed=seed, epochs=EPOCHS[scale])
    if scale == "medium":
        faster = 3 if training.sizes == _DEEP else 1
        training = replace(training, batch_size=32, lr=faster * (training.lr or 1e-3))
    if scale == "small":
        width = training.sizes[1:-1]
        training = replace(
            training, sizes=(784, *(32 for _ in width), 10), lr=4 * (training.lr or 1e-3),
            batch_size=32,
        )  # fmt: skip
    return PaperRun(method, scale, training, EPOCHS[scale] // 2 if surprise else 0)


def paper_runs(
    scale: str = "full",
    methods: Sequence[str] | None = None,
    seeds: Sequence[int] | None = None,
) -> list[PaperRun]:
    """All runs, a seed at a time, so that what is stopped has whole seeds."""
    highest = 2 if scale == "small" else 5
    planned = []
    for seed in range(highest) if seeds is None else seeds:
        for method in METHODS if methods is None else methods:
            if seeds is None and seed >= SEEDS[method]:
                continue
            planned.append(paper_run(method, seed, scale))
            if method in SURPRISED:
                planned.append(paper_run(method, seed, scale, surprise=True))
    return planned

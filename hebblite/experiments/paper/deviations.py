"""How our runs deviate from the paper's, claim by claim, and how wrong the adaptive steps are."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from ...data.paper import PaperOutcome
from .quantities import Runs, swinging

#: Which methods a claim is about.
METHODS_OF = {
    "dfc": ("dfc-dh", "dfc-error-based", "bp"),
    "stdp": ("dfc-stdp", "dfc-dh"),
    "pc": ("pc-dh", "pc-error-based", "bp-pc"),
    "ep": ("ep-dh", "ep-contrastive"),
    "deb": ("deb-dh", "deb-error-based"),
    "angles": ("dfc-dh",),
    "surprise": ("dfc-dh",),
    "samples": ("samples",),
    "latency": ("dfc-dh",),
    "together": ("dfc-dh", "bp"),
}
_ADAM = "Adam has betas 0.9 and 0.999 and eps 1e-8 (published: 0.9, 0.9 and 9e-5)"
_FEEDBACK = (
    "feedback is the transposed Jacobian (published: with DH, feedback weights that are never "
    "loaded or trained, and so stay random)"
)
_NO_CLIP = "updates are not clipped (published: at norm 1)"
_CHOSEN = "the accuracy is that of the epoch which the 5,000 validation digits chose"
_DFC = (_FEEDBACK, _ADAM, _NO_CLIP)
_LOOKED = "looked at on 128 validation digits, which no run learns from, not on training batches"
_COARSE = (
    "updates that are compared come from 60 equal steps of 5 ms (published: 500 of 1 ms), as "
    "spikes are drawn at them"
)
_LOSSES = (
    "latency, feedback and error are those of lesson 07, on 32 validation digits: latency is the "
    "time to |e| <= 0.3 under integral control"
)
OF: dict[str, tuple[str, ...]] = {
    "dfc": (*_DFC, _CHOSEN),
    "stdp": (
        *_DFC, _CHOSEN,
        "rates are carried by populations of 256 neurons, drawn once (published: single neurons, "
        "a few samples averaged)",
        "60 equal steps of 5 ms (published: 500 of 1 ms), tau 16.2 ms (a decay of 0.94 a "
        "millisecond)",
        "pixels in [0, 1] are spike probabilities (published: standardised pixels and logits, of "
        "which most can never spike or always do)",
    ),
    "pc": (
        "the output layer learns as well (in the published code it does not with DH)",
        "DH pairs the rate before a step with what the step changes (published: the rate after it)",
        _CHOSEN,
    ),
    "ep": ("the paper shows no full table of it: network, settings and tolerance are ours",),
    "deb": ("the paper shows no full table of it: network, settings and tolerance are ours",),
    "angles": (
        *_DFC, _LOOKED, _COARSE,
        "the angle judged is of all weights taken together; that of a single layer can be larger",
    ),
    "surprise": (*_DFC, _LOOKED),
    "samples": (
        *_DFC, _COARSE,
        "the spikes are drawn on one batch of 128 validation digits, after {epochs} epochs of "
        "dfc-dh",
    ),
    "latency": (*_DFC, _LOSSES),
    "together": (*_DFC, _LOSSES),
}  # fmt: skip


def deviations(name: str, runs: Runs, scale: str) -> Iterator[str]:
    """Sentences, the measured ones last."""
    from .plans import EPOCHS, SAMPLES_AFTER, SPLITS

    for text in OF[name]:
        yield text.format(epochs=SAMPLES_AFTER)
    if scale != "full":
        train, _, test = SPLITS[scale]
        yield (
            f"{scale}: {train:,} digits train, {test:,} test, {EPOCHS[scale]} epochs, hidden "
            "layers of 32; bounds of its own"
        )
    mine = [r for r in runs if r.method in METHODS_OF[name]]
    yield from adaptive_error(mine)
    for r in mine:
        if bool(r.shifted) == (name == "surprise"):
            yield from ended(r)


def ended(run: PaperOutcome) -> Iterator[str]:
    """That training diverged, or that it reads much less at its end than after the epoch that
    counts; and from when the loop swung."""
    from .looks import PROBES

    name = f"{run.method} with surprise" if run.shifted else run.method
    end = run.records[-1]
    last = end["epoch"]
    if run.failure:
        yield f"{name}, seed {run.seed}: training {run.failure} after epoch {last}"
    elif run.lost:
        swung = [epoch for epoch, inputs in swinging(run).items() if inputs]
        since = f"; the loop swings from epoch {swung[0]} on" if swung else ""
        finer = run.at("swinging in half steps")[1]
        if swung and finer:
            since += f" (in steps half as long on {max(finer)} of {PROBES} digits at most)"
        yield (
            f"{name}, seed {run.seed}: reads {end['test']:.1f} % after epoch {last}, and "
            f"{run.accuracy:.1f} % after epoch {run.chosen}, the one that validation chose{since}"
        )


def adaptive_error(runs: Runs) -> Iterator[str]:
    """How far updates of adaptive steps are from those of 500 Euler steps, as measured."""
    seen = [e for r in runs if r.method == "dfc-dh" for e in r.at("euler error")[1]]
    if seen:
        every = [v for layers in seen for v in layers]
        yield (
            "steps are adaptive: a layer's DH update differs from that of the 500 published steps "
            f"by {100 * statistics.median(every):.1f} % of its norm (median over layers and "
            f"epochs; at most {100 * max(every):.1f} %)"
        )

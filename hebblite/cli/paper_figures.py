"""The figures of the page that ``reproduce --report`` writes: one or two panels for each card, from
the outcomes of runs to SVG. Quantities and axes are those of the paper's figures as far as we know
them; where it shows pictures whose axes we do not know, they are ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..data.paper import PaperOutcome
from ..experiments.paper.looks import TIMES
from ..experiments.paper.quantities import Runs, of
from ..experiments.paper.work import NEEDS
from ..teaching.chart import Panel, Series, chart

Array = np.ndarray
#: Looks of methods by what they end in, as in the lessons.
LOOKS = {
    "bp": "backprop", "dh": "dh", "stdp": "stdp", "error-based": "apical", "contrastive": "apical",
}  # fmt: skip
#: Epochs after which the controller's error is shown.
COURSES = (0, 1, 5, 20, 40)


def look_of(method: str) -> str:
    """A meaning in the code of colours."""
    if method.startswith("bp"):
        return LOOKS["bp"]
    return next(v for k, v in LOOKS.items() if method.endswith(k))


def mean_course(runs: Sequence[PaperOutcome], *names: str, layer: int | None = None) -> list[Array]:
    """Epochs, and the mean over seeds of what was seen there; the epochs that all of them have."""
    seen: list[dict[int, float]] = []
    for run in runs:
        epochs, values = run.at(*names)
        if layer is not None:
            values = [v[layer] for v in values]
        seen.append(dict(zip(epochs, values, strict=True)))
    common = sorted(set.intersection(*map(set, seen))) if seen else []
    return [
        np.array(common, float),
        np.array([np.mean([s[e] for s in seen]) for e in common], float),
    ]


def seeds(runs: Sequence[Any]) -> str:
    return f"{len(runs)} seed{'s' * (len(runs) != 1)}"


def learning(name: str, runs: Runs) -> str:
    """Accuracy on the test digits over epochs, of all methods of a card."""
    series, said = [], []
    for method in NEEDS[name]:
        found = list(of(runs, method).values())
        x, y = mean_course(found, "test")
        if len(x) > 1:
            series.append(Series(method, x[1:], y[1:], colour=look_of(method)))
            said.append(f"{method} ({seeds(found)}) goes from {y[1]:.1f} to {y[-1]:.1f} %")
    if not series:
        return ""
    label = f"Accuracy on the test digits over epochs, means over seeds: {'; '.join(said)}."
    return chart([Panel("Learning", "epoch", "test digits (%)", series)], label)


PAIRS = (
    ("dh error-based", "DH to error-based", "apical"), ("dh bp", "DH to bp", "backprop"),
    ("stdp-expected dh", "expected STDP to DH", "stdp"), ("stdp dh", "16 trains to DH", "hebb"),
)  # fmt: skip


def angles(name: str, runs: Runs) -> str:
    """Angles between updates over training: of all weights, and of the upper hidden layer."""
    found = list(of(runs, "dfc-dh").values())
    panels, said = [], []
    for title, layer in (("All weights", -1), ("Layer 3 of 4", 2)):
        series = []
        for pair, told, colour in PAIRS:
            x, y = mean_course(found, "angles", pair, layer=layer)
            if len(x):
                series.append(Series(told, x, y, colour=colour))
                said.append(f"{told} at most {y.max():.0f} degrees ({title.lower()})")
        panels.append(
            Panel(title, "epoch", "angle (degrees)", series, y_range=(0, 105),
                  marks=[("y", 90, "right angle")])
        )  # fmt: skip
    if not said:
        return ""
    label = f"Angles between updates while dfc-dh trains, {seeds(found)}: {'; '.join(said)}."
    return chart(panels, label)


def surprise(name: str, runs: Runs) -> str:
    """The feedback that the controller has to send, over the epochs that all runs of a method have:
    training that diverges ends earlier."""
    series, said, marks = [], [], []
    for method in ("bp", "dfc-error-based", "dfc-dh"):
        every = of(runs, method, True).values()
        found = [r for r in every if r.records[-1]["epoch"] >= r.shifted]
        x, y = mean_course(found, "controller", "feedback")
        _, others = mean_course(found, "controller of the others", "feedback")
        if not len(x):
            continue
        change = int(np.flatnonzero(x == found[0].shifted)[0])
        # at the change: first for the labels just learned, then for the right ones
        x = np.insert(x, change + 1, x[change])
        y = np.insert(y, change + 1, others[change])
        series.append(Series(method, x, y, colour=look_of(method)))
        marks = [("x", float(found[0].shifted), "labels change")]
        said.append(
            f"{method} ({seeds(found)}) goes from {y[0]:.2f} to {y[change]:.2f}, jumps to "
            f"{y[change + 1]:.2f} and is {y[-1]:.2f} after epoch {x[-1]:g}"
        )
    if not series:
        return ""
    label = f"Feedback over epochs; labels change once: {'; '.join(said)}."
    panel = Panel("Surprise", "epoch", "feedback", series, marks=marks, y_log=True)
    return chart([panel], label)


def samples(name: str, runs: Runs) -> str:
    """The cosine of STDP with DH over the number of trains, layer by layer."""
    found = list(of(runs, "samples").values())
    if not found:
        return ""
    rows = [[r for r in run.records if "trains" in r] for run in found]
    drawn = [[r["cosine"] for r in run[:-1]] for run in rows]
    x = np.array([r["trains"] for r in rows[0][:-1]], float)
    y = np.mean(drawn, axis=0)
    last = np.mean([run[-1]["cosine"] for run in rows], axis=0)
    depth = y.shape[1] - 1
    names = [*(f"layer {l + 1}" for l in range(depth)), "all weights"]
    looks = [*(f"layer{l + 1}" for l in range(depth)), "stdp"]
    series = [
        Series(n, x, y[:, i], colour=c) for i, (n, c) in enumerate(zip(names, looks, strict=True))
    ]
    exact = Series("expected", np.arange(depth + 1.0), last, "points", colour="dh")
    said = "; ".join(
        f"{n} from {y[0, i]:.2f} with 1 train to {y[-1, i]:.2f} with {x[-1]:.0f}, and "
        f"{last[i]:.2f} by the expectation"
        for i, n in enumerate(names)
    )
    label = f"Cosine of STDP with DH, {seeds(found)}: {said}."
    more = Panel("More trains", "trains", "cosine with DH", series, x_log=True)
    layers = [*(str(l + 1) for l in range(depth)), "all"]
    limit = Panel("The expectation", "layer", "cosine with DH", [exact], x_names=layers)
    more.y_range = limit.y_range = (-0.1, 1.05)
    return chart([more, limit], label)


def latency(name: str, runs: Runs) -> str:
    """The error over time under the published controller, epoch by epoch."""
    panels, said = [], []
    for method in ("dfc-dh", "bp"):
        found = list(of(runs, method).values())
        every = [dict(zip(*run.at("controller", "error"), strict=True)) for run in found]
        series = []
        for epoch in COURSES:
            seen = [e[epoch] for e in every if epoch in e]
            if seen:
                y = np.mean(seen, axis=0)
                fewer = f" ({seeds(seen)})" if len(seen) < len(found) else ""  # (some diverged)
                series.append(Series(f"epoch {epoch}{fewer}", np.array(TIMES, float), y))
                said.append(f"{method} after epoch {epoch} from {y[0]:.2f} to {y[-1]:.2f}")
        if series:
            panels.append(
                Panel(f"{method}, {seeds(found)}", "time (ms)", "|e|", series, y_range=(0, 0.95))
            )
    if not panels:
        return ""
    return chart(panels, f"Mean error over the time of control: {'; '.join(said)}.")


def together(name: str, runs: Runs) -> str:
    """Latency and feedback against the error, an epoch a point."""
    panels, said = [], []
    for loss in ("latency", "feedback"):
        series = []
        for method in ("dfc-dh", "bp"):
            found = list(of(runs, method).values())
            _, e = mean_course(found, "losses", "error")
            _, y = mean_course(found, "losses", loss)
            if len(e) > 1:
                series.append(Series(method, e, y, "points", colour=look_of(method)))
                r = np.corrcoef(e, y)[0, 1]
                said.append(f"{loss} of {method}, {seeds(found)}: correlation {r:.2f}")
        unit = "latency (s)" if loss == "latency" else "feedback"
        panels.append(Panel(loss.capitalize(), "|e|", unit, series))
    if not said:
        return ""
    return chart(panels, f"Each point an epoch, means over seeds, against |e|: {'; '.join(said)}.")


DRAWN: dict[str, Callable[[str, Runs], str]] = {
    **dict.fromkeys(("dfc", "stdp", "pc", "ep", "deb"), learning), "angles": angles,
    "surprise": surprise, "samples": samples, "latency": latency, "together": together,
}  # fmt: skip


def figure(name: str, runs: Runs) -> str:
    """The figure of a card; "" where there is no run for it yet."""
    return DRAWN[name](name, runs)

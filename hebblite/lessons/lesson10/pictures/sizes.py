"""How small the updates get on the way down, and how deep a network may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....frameworks import DendriticMicrocircuit
from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.seeds import courses, over_seeds, stacked
from ....teaching.numerals import decimals
from .looks import in_words, look_of

Array = np.ndarray

#: Limits of the axis of sizes, as shares of the gradient's. What is smaller lies on the edge.
LOWEST, HIGHEST = 1e-5, 5.0


def law(g_A: float, g_I: float, g_som: float, depth: int) -> tuple[Array, float, float]:
    """k gamma^(L-l) for layers 1..L, with k and gamma as the engine has them."""
    deb = DendriticMicrocircuit(g_A=g_A, g_I=g_I, g_som=g_som, dt=1e-5)
    return deb.k * deb.gamma ** np.arange(depth - 1, -1, -1.0), deb.k, deb.gamma


def draw_sizes(
    g_A: float = 0.8,
    g_I: float = 0.8,
    g_som: float = 0.8,
    depth: int = 4,
    measured: Array | None = None,
) -> str:
    """The size of the update of each layer as a share of the gradient's: the law k gamma^(L-l) with
    these conductances, and pale that of the usual ones.

    g_A, g_I, g_som: of the apical dendrite, and of the nudges on interneurons and on the output.
    depth: L. measured: (L,), |update_l| / |gradient_l| in the engine with these conductances.
    """
    layers, (sizes, k, gamma) = np.arange(0.0, depth), law(g_A, g_I, g_som, depth)
    usual = law(0.8, 0.8, 0.8, depth)[0]
    series = [
        Series("law, usual conductances", layers, usual, colour="layer3", ghost=True),
        Series("law k γᴸ⁻ˡ", layers, sizes, colour="apical"),
    ]
    said = ""
    if measured is not None:
        shown = np.maximum(np.asarray(measured, float), 1.05 * LOWEST)
        series.append(Series("measured", layers, shown, "points", colour="dh"))
        said = "; ".join(
            f"layer {l + 1:.0f} {decimals(100 * m, 3)} %"
            for l, m in zip(layers, measured, strict=True)
        )
        said = f" Measured: {said}."
    panel = Panel(
        f"k = {decimals(k, 2)}, γ = {decimals(gamma, 3)}", "layer l", "|update| / |gradient|",
        series, y_log=True, x_range=(-0.2, depth - 0.8), y_range=(LOWEST, HIGHEST),
        x_names=[str(l + 1) for l in range(depth)],
    )  # fmt: skip
    label = (
        f"The size of the updates over {depth} layers as a share of the gradient's, on a "
        f"logarithmic axis. With k = {decimals(k, 2)} and gamma = {decimals(gamma, 3)} the law "
        f"gives {decimals(100 * sizes[-1], 1)} % in the output layer and "
        f"{decimals(100 * sizes[0], 3)} % in layer 1.{said}"
    )
    return chart([panel], label, 560, 230)


def draw_depth(depth: Mapping[str, Any], said: float | None = None) -> str:
    """What networks of more and more layers learn; and, if given, what spikes leave of the update
    of their first layer.

    depth: ``{"depth": (D,) hidden layers, "accuracy": {"backprop", "dh", "dh, Adam": (D,) or (D, S)
    per cent}, "spikes depth": (D',), "spikes": (D',) or (S, D')}``, the last the cosine of layer
    1's update from spikes with that from rates; both may be absent. said: what the learner expects
    of DH in the deepest network, in per cent.
    """
    deep = np.asarray(depth["depth"], int)
    at, names = np.arange(float(len(deep))), [str(d) for d in deep]
    series, told, seeds = [], [], 1
    for k, (name, values) in enumerate(depth["accuracy"].items()):
        many = stacked(np.asarray(values, float).T, 1)
        seeds = max(seeds, len(many))
        middle, aside = np.median(many, axis=0), 0.05 * k * (len(many) > 1)  # room for error bars
        spread = np.stack([middle - many.min(axis=0), many.max(axis=0) - middle])
        series.append(
            Series(in_words(name), at + aside, middle, "line+points", colour=look_of(name, k),
                   error=spread if len(many) > 1 else None, ghost=", " in name)
        )  # fmt: skip
        each = ", ".join(
            f"{decimals(m, 1)} % with {name}" for m, name in zip(middle, names, strict=True)
        )
        told.append(f"{in_words(name)} {each}")
    marks = (
        [("y", float(said), f"you said {said:g} % with {names[-1]}")] if said is not None else []
    )
    panels = [Panel("What deeper networks learn", "hidden layers", "accuracy (%)", series,
                    x_range=(-0.3, len(deep) - 0.6), x_names=names, marks=marks)]  # fmt: skip
    more = ""
    if depth.get("spikes") is not None:
        panel, more = _spikes(depth["spikes depth"], stacked(depth["spikes"], 1))
        panels.append(panel)
    label = f"Accuracy of networks by their number of hidden layers: {'; '.join(told)}.{more}"
    return chart(panels, label + over_seeds(seeds), 700 if len(panels) > 1 else 520, 210)


def _spikes(deep: Array, cosine: Array) -> tuple[Panel, str]:
    """The panel of cosines (S, D), and its words."""
    names = [str(int(d)) for d in deep]
    at, middle = np.arange(float(len(names))), np.median(cosine, axis=0)
    panel = Panel(
        "What spikes leave of layer 1", "hidden layers", "cosine with the rates'",
        courses("", at, cosine, "stdp", "line+points"), x_range=(-0.3, len(names) - 0.7),
        y_range=(min(0.0, 1.1 * float(cosine.min())), 1.0), x_names=names,
    )  # fmt: skip
    each = ", ".join(f"{decimals(m, 2)} with {name}" for m, name in zip(middle, names, strict=True))
    return panel, f" Cosine of layer 1's update from spikes with that from rates: {each}."


def draw_reach(found: Mapping[str, Any]) -> str:
    """A deep network: what is left of the gradient's size in each layer, beside the law; and what
    the updates are worth, as their angles to backprop.

    found: each (L,): ``"share"``, |update_l| / |gradient_l|; ``"law"``, k gamma^(L-l); ``"dh"`` and
    ``"error-based"``, degrees.
    """
    share, law = np.asarray(found["share"], float), np.asarray(found["law"], float)
    layers, ends = np.arange(float(len(share))), (-0.4, len(share) - 0.6)
    names = [str(l + 1) for l in range(len(share))]
    angles = {name: np.asarray(found[name], float) for name in ("dh", "error-based")}
    series = [
        Series(in_words(name), layers, angle, "line+points", colour=look_of(name, 0))
        for name, angle in angles.items()
    ]
    panels = [
        Panel("How long the updates are", "layer l", "|update| / |gradient|",
              [Series("law k γᴸ⁻ˡ", layers, law, colour="apical"),
               Series("measured", layers, share, "points", colour="error")],
              y_log=True, x_range=ends, x_names=names),
        Panel("Where they point", "layer l", "angle to backprop (°)", series,
              x_range=ends, x_names=names,
              y_range=(0.0, max(90.0, *(1.05 * float(a.max()) for a in angles.values())))),
    ]  # fmt: skip
    pointed = "; ".join(
        f"{in_words(name)} {a.min():.0f} to {a.max():.0f} degrees" for name, a in angles.items()
    )
    label = (
        f"Two charts over the {len(share)} layers of one network. The size of the update as a "
        f"share of the gradient's falls from {share[-1]:.2g} in the last layer to {share[0]:.2g} "
        f"in the first, where the law says {law[0]:.2g}. Angles to backprop: {pointed}."
    )
    return chart(panels, label, 700, 210)

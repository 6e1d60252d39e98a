"""The worked starts in charts: a rule that is no other, and one that takes all for a teacher."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import decimals

Array = np.ndarray


def draw_late(found: Mapping[str, Array]) -> str:
    """The greatest angle over the layers between differential Hebb with pre at the start and at the
    end of each step, over the length of a step; both axes logarithmic.

    found: ``{"dt": (K,) seconds, each half of the one before, "apart": (K,) degrees}``.
    """
    ms, apart = 1e3 * np.asarray(found["dt"], float), np.asarray(found["apart"], float)
    guide, at = apart[-1] * ms / ms[-1], -np.log2(ms / ms[0])
    low, high = 0.8 * min(0.25, *apart), 1.25 * max(4.0, *apart)
    panel = Panel(
        "The same phase, in finer steps", "length of a step (ms)", "apart (°)",
        [Series("proportional to the step", at, guide, colour="backprop", ghost=True),
         Series("pre at the start or at the end", at, apart, "line+points", colour="dh")],
        x_range=(-0.3, len(ms) - 0.7), y_range=(low, high), y_log=True,
        x_names=[f"{t:g}" for t in ms],
    )  # fmt: skip
    each = "; ".join(
        f"{decimals(a, 1)} degrees at {decimals(t, 1)} ms" for t, a in zip(ms, apart, strict=True)
    )
    label = (
        "The greatest angle over the layers between two rules, over the length of a step, both "
        f"axes logarithmic: {each}. Pale beside it a line that is proportional to the step."
    )
    return chart([panel], label, 560, 220)


def draw_constant(found: Mapping[str, Array]) -> str:
    """The angle to backprop in the worst hidden layer, of a rule that reads the dendrite and of DH,
    over the size of a constant apical drive.

    found: ``{"size": (K,) as a share of the teacher's, "dendrite", "dh": (K,) degrees}``.
    """
    size = np.asarray(found["size"], float)
    rules = {"reads the dendrite": ("dendrite", "apical"), "DH": ("dh", "dh")}
    series, told = [], []
    at = np.arange(float(len(size)))
    for words, (name, look) in rules.items():
        off = np.asarray(found[name], float)
        series.append(Series(words, at, off, "line+points", colour=look))
        told.append(
            f"{words} {decimals(off[0], 1)} degrees without it, and {decimals(off[-1], 1)} "
            f"degrees with {size[-1]:g} times the teacher's"
        )
    panel = Panel(
        "A drive that is always there", "constant drive / the teacher's", "off backprop (°)",
        series, x_range=(-0.3, len(size) - 0.7), y_range=(0.0, 100.0),
        x_names=[f"{s:g}" for s in size],
    )  # fmt: skip
    label = (
        "The angle to backprop in the worst hidden layer, over the size of a constant drive of "
        f"all apical dendrites: {'; '.join(told)}."
    )
    return chart([panel], label, 560, 220)

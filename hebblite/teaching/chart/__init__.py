"""Charts with axes, as SVG: lines, points, bars, bands, spike rasters, and dots for seeds.

Curves differ in colour (Okabe & Ito's palette, safe for colour-blind readers) *and* in dashes or in
the shape of their points. Every panel has its legend below it, or names its curves at their ends.

    chart([Panel("Learning", "epoch", "accuracy (%)", [Series("DH", x, y)])], label="...")

While a control moves, axes stay: give ``x_range`` and ``y_range``, made by ``fixed_range`` from
all that will be shown, and leave the start as a ghost: ``Series("start", x, y0, ghost=True)``.
"""

from ..numerals import decimals, minus, number, signed
from .axes import Scale, fixed_range, limits, log_ticks, ticks
from .curves import KINDS, SHAPES
from .model import Inset, Panel, Series
from .panel import chart, lines

__all__ = [
    "KINDS", "SHAPES", "Inset", "Panel", "Scale", "Series", "chart", "decimals", "fixed_range",
    "limits", "lines", "log_ticks", "minus", "number", "signed", "ticks",
]  # fmt: skip

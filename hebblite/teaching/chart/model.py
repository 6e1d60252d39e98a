"""What a chart shows: series of numbers in panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

Array = np.ndarray


@dataclass
class Series:
    """One curve. x, y: (T,). kind: one of KINDS.

    band: the area between y and ``low`` (T,). bars: from 0 to y, side by side where several series
    of bars share a panel. spikes: a stroke at each x, in row y (a raster). dots: many draws, such
    as seeds, at each x: they are set side by side where they would cover each other, and a stroke
    marks their median.
    colour: a meaning in ``colours.CODE``, such as "apical", or a number, to give series in several
    panels one look; their order if not given.
    error: (T,) or (2, T), below and above: error bars of points and bars.
    ghost: pale and finely dashed: what a picture started from, or what it is compared with.
    """

    name: str
    x: Array
    y: Array
    kind: str = "line"
    low: Array | None = None
    colour: int | str | None = None
    error: Array | None = None
    ghost: bool = False


@dataclass
class Panel:
    """One pair of axes. Labels carry units. x_range, y_range: fixed limits, or those of the data.

    marks: lines across the panel, as ("x" or "y", value, name): a theory, a threshold.
    bands: shaded stretches of an axis, as ("x" or "y", from, to, name); the name stands in them.
    x_names: words in place of numbers, at x = 0, 1, ...
    direct: names of curves stand at their right ends, and not in a legend.
    inset: a small panel in the emptiest corner.
    """

    title: str
    x_label: str
    y_label: str
    series: Sequence[Series]
    x_log: bool = False
    y_log: bool = False
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    marks: Sequence[tuple[str, float, str]] = field(default_factory=list)
    x_names: Sequence[str] = ()
    bands: Sequence[tuple[str, float, float, str]] = field(default_factory=list)
    direct: bool = False
    inset: Inset | None = None


@dataclass
class Inset:
    """A small panel within another one, of this share of its width and height.

    corner: "upper left", "upper right", "lower left" or "lower right"; the emptiest if not given.
    """

    panel: Panel
    width: float = 0.42
    height: float = 0.45
    corner: str = ""


def look_number(panel: Panel, s: Series) -> int | str:
    """The look of a series: its own, or its place among the panel's series."""
    if s.colour is not None:
        return s.colour
    return next(j for j, other in enumerate(panel.series) if other is s)

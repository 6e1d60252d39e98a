"""What neurons of the first layer see: their weights as images."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.schematic import Drawing
from ....teaching.svg import signed
from .looks import wrapped

Array = np.ndarray

SIZE, GAP, LEFT, MOST = 46.0, 4.0, 96.0, 12


def draw_features(features: Mapping[str, Array], title: str = "", scale: str = "row") -> str:
    """Weights of neurons as images, blue above zero and orange below, a row for each network. With
    the same neurons in the same columns, they can be compared.

    features: by the network's name the weights (n, 784), up to 12 of them. scale: "row": colours
    are strongest at the greatest weight of the row; "tile": of each image.
    """
    names = list(features)
    columns = min(MOST, max(len(features[name]) for name in names))
    top = 34.0 if title else 18.0
    told = []
    rows = {}
    for name in names:
        weights = np.asarray(features[name], float)[:columns]
        rows[name] = weights.reshape(len(weights), 28, 28)
        told.append(f"{name}, {roughness(weights):.2f}")
    d = Drawing(
        LEFT + max(columns * (SIZE + GAP), 190.0) + 4, top + len(names) * (SIZE + GAP) + 24,
        f"Weights of {columns} neurons of the first layer as images of 28 by 28 pixels, a row for "
        f"each of {len(names)} networks: {', '.join(names)}. Blue is above zero and orange below. "
        f"How rough they are, from 0 for smooth ones to 1 for noise: {'; '.join(told)}.",
    )  # fmt: skip
    if title:
        d.say(LEFT, 16, title, bold=True, fixed=True)
    for j in range(columns):
        d.say(LEFT + j * (SIZE + GAP) + SIZE / 2, top - 4, str(j + 1), "middle", size=11,
              fixed=True)  # fmt: skip
    for i, name in enumerate(names):
        y = top + i * (SIZE + GAP)
        _name(d, name, y)
        most = float(np.abs(rows[name]).max()) or 1.0
        for j, tile in enumerate(rows[name]):
            own = most if scale == "row" else float(np.abs(tile).max()) or 1.0
            d.image(in_colours(tile / own), LEFT + j * (SIZE + GAP), y, SIZE)
    _scale(d, top + len(names) * (SIZE + GAP) + 4)
    return d.svg()


def _name(d: Drawing, name: str, y: float) -> None:
    """A row's name at its left, in up to three lines."""
    lines = wrapped(name, LEFT - 16)
    for k, line in enumerate(lines):
        at = y + SIZE / 2 + 4 + 15 * (k - (len(lines) - 1) / 2)
        d.say(LEFT - 8, at, line, "end", fixed=True)


def _scale(d: Drawing, y: float) -> None:
    d.say(LEFT + 46, y + 12, "below 0", "end", size=11, fixed=True)
    for k, value in enumerate((-1.0, -0.5, 0.0, 0.5, 1.0)):
        d.image(in_colours(np.full((2, 2), value)), LEFT + 52 + 15 * k, y, 15)
    d.say(LEFT + 133, y + 12, "above 0", size=11, fixed=True)


def in_colours(tile: Array) -> Array:
    """Values in [-1, 1] as colours (h, w, 3), always on the scale from -1 to 1."""
    padded = np.concatenate([tile.ravel(), [-1.0, 1.0]])
    coloured: Array = signed(padded[None])[0, :-2].reshape(*tile.shape, 3)
    return coloured


def roughness(weights: Array) -> float:
    """How much weights (n, 784) differ between neighbouring pixels: the mean square of the
    differences in parts of what independent pixels of the same variance have. 1 for noise, near 0
    for what is smooth."""
    images = np.asarray(weights, float).reshape(-1, 28, 28)
    steps = [np.diff(images, axis=axis) for axis in (1, 2)]
    mean = np.mean([np.mean(step**2) for step in steps])
    spread = np.mean(images.var(axis=(1, 2)))
    return float(mean / (2 * spread)) if spread else 0.0

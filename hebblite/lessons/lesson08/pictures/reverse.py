"""The network in reverse: images that are made from a label, beside their controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ....errors import ArgumentError
from ....teaching.schematic import Drawing
from ....teaching.svg import signed

Array = np.ndarray
LEFT, GAP, TOP = 128.0, 6.0, 34.0
GREY = 0.2  # a row is grey where nothing is further below 0, in units of its largest value


def draw_reverse(
    images: Mapping[str, Array],
    said: Mapping[str, Array | Sequence[int]] | None = None,
    labels: Sequence[int] | None = None,
) -> str:
    """Rows of images, a column for each label, each row with its own scale.

    images: by the name of the row (n, 784). A row without negative values is grey, from black at 0;
    one that has some is blue above 0 and orange below. said: by the name of a row what is read in
    its images: by one reader (n,), or by several (R, n), of whom is told how many read the label;
    what half of them or more misread is framed. labels: (n,), or 0, 1, ...
    """
    rows = {name: np.atleast_2d(np.asarray(each, float)) for name, each in images.items()}
    count = len(next(iter(rows.values())))
    heads = list(range(count)) if labels is None else [int(label) for label in labels]
    for name, each in rows.items():
        if len(each) != len(heads):
            raise ArgumentError(name, f"{len(each)} images", f"{len(heads)}, one for each label")
    size = min((696.0 - LEFT) / count - GAP, 84.0)
    read = {name: _read(said[name], heads) for name in rows if said and name in said}
    tall = [size + (26.0 if name in read else 10.0) for name in rows]
    words = ". ".join(f"{name}: {read[name].sentence}" if name in read else name for name in rows)
    d = Drawing(
        LEFT + count * (size + GAP) + 4, TOP + sum(tall) + (24 if read else 4),
        f"Images made from the labels {', '.join(map(str, heads))}, in {len(rows)} rows. {words}.",
    )  # fmt: skip
    for i, head in enumerate(heads):
        d.say(LEFT + i * (size + GAP) + size / 2, 22, str(head), "middle", 14, True, fixed=True)
    top = TOP
    for (name, each), high in zip(rows.items(), tall, strict=True):
        _row(d, name, each, read.get(name), top, size)
        top += high
    if read:
        d.path(f"M{LEFT:.1f},{top + 6:.1f} h12 v12 h-12 Z", "error", 3)
        most = max(len(np.atleast_2d(np.asarray(each))) for each in (said or {}).values())
        few = f"at most half of the {most} read its label"
        d.say(LEFT + 20, top + 16, few if most > 1 else "not read as its label", fixed=True)
        if any(_coloured(each) for each in rows.values()):
            for k, (level, words) in enumerate(((1.0, "above 0"), (-1.0, "below 0"))):
                d.image(signed(np.array([[level]])), LEFT + 290 + 90 * k, top + 6, 12)
                d.say(LEFT + 308 + 90 * k, top + 16, words, fixed=True)
    return d.svg()


def _coloured(images: Array) -> bool:
    """Whether a row is blue above 0 and orange below, and not grey."""
    return bool(-images.min() > GREY * (float(np.abs(images).max()) or 1.0))


class Read(NamedTuple):
    """What stands below the images of a row, which of them are framed, and all in a sentence."""

    words: list[str]
    wrong: list[bool]
    sentence: str


def _read(said: Array | Sequence[int], heads: Sequence[int]) -> Read:
    readings = np.atleast_2d(np.asarray(said, int))
    right = readings == np.asarray(heads)
    readers, count = len(readings), len(heads)
    wrong = [bool(2 * each <= readers) for each in right.sum(axis=0)]
    if readers == 1:
        sentence = f"{int(right.sum())} of {count} are read as their label"
        return Read([f"{v}" for v in readings[0]], wrong, sentence)
    share = 100 * float(right.mean())
    sentence = f"{readers} readers read {share:.0f} % of them as their label"
    return Read([f"{int(each)} of {readers}" for each in right.sum(axis=0)], wrong, sentence)


def _row(
    d: Drawing, name: str, images: Array, read: Read | None, top: float, size: float

) -> None:  # fmt: skip
    """The name of a row, wrapped, and its images."""
    for k, line in enumerate(_lines(name)):
        d.say(6, top + size / 2 - 6 + 16 * k, line, bold=k == 0, fixed=True)
    most = float(np.abs(images).max()) or 1.0
    side = round(images.shape[1] ** 0.5)
    for i, pixels in enumerate(images):
        square = pixels.reshape(side, side) / most
        x = LEFT + i * (size + GAP)
        if _coloured(images):
            whole = signed(np.concatenate([square.ravel(), [1.0]]))[:-1]
            square = whole.reshape(side, side, 3)
        d.image(square, x, top, size)
        if read is not None:
            if read.wrong[i]:
                d.path(f"M{x:.1f},{top:.1f} h{size:.1f} v{size:.1f} h{-size:.1f} Z", "error", 3)
            d.say(
                x + size / 2,
                top + size + 15,
                read.words[i],
                "middle",
                bold=read.wrong[i],
                fixed=True,
            )


def _lines(name: str) -> list[str]:
    """The name of a row in lines that fit beside it: broken after a colon and at spaces."""
    lines = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and (len(longer) > 17 or lines[-1].endswith(":")):
            lines.append(word)
        else:
            lines[-1] = longer
    return lines

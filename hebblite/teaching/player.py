"""A player for pictures that change: play, pause, scrub, step, speed, by mouse or keyboard.

    play([draw(t) for t in moments], label="The loop settles ...", captions=[...])
    play_block(block, draw, label="One teaching phase ...")   # draw(block, t) -> SVG string

``draw`` is any pure function to an SVG string (a schematic, a chart). The frames are sent once, as
one picture and what differs from frame to frame (``differences``); the browser draws them, so a
player needs no kernel while it plays. Draw all frames with the same parts and fixed axes: then they
differ in attributes and words only, which is small and fast. Frames with other parts work, whole.
Nothing plays before it is asked to, which is what those who want little motion need.

Where nothing runs, a player is its chosen frame as a picture, with one line on how to start it.
``motion.film`` makes of the same frames an SVG that plays once by itself, for a hero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from ..errors import ArgumentError, check_number
from ..extras import needed_for
from ..stream import Block
from .still import HERE, module, show_live

Array = np.ndarray
Changes = dict[int, dict[str, list[str | None]]]

SVG = "http://www.w3.org/2000/svg"
HINT = "Run this cell to play it."


def play(
    frames: Sequence[str],
    label: str,
    captions: Sequence[str] = (),
    seconds: float = 6.0,
    still: int = -1,
) -> Any:
    """A player of frames (SVG strings). Returns the widget, which a notebook shows; a stored
    notebook keeps a frame as its picture, with that frame's own text alternative.

    label: the text alternative, which says what is seen to happen. captions: one for each frame,
    shown below it and spoken when the film stands still. seconds: how long it takes at normal
    speed. still: the frame that a stored notebook shows.
    """
    payload = pack(frames, label, captions, seconds, still)
    return _player_class()(film=payload)


def play_block(
    block: Block,
    draw: Callable[[Block, int], str],
    label: str,
    count: int = 120,
    pace: str = "time",
    caption: Callable[[Block, int], str] | None = None,
    seconds: float = 6.0,
) -> Any:
    """A player of a recorded block (``stream.Record``): ``draw(block, t)`` for up to ``count`` of
    its rows t (see ``moments``). caption(block, t): the time in milliseconds if not given."""
    rows = moments(block, count, pace)
    say = caption or (lambda block, t: f"{1000 * block.time[t]:.0f} ms")
    return play([draw(block, t) for t in rows], label, [say(block, t) for t in rows], seconds)


def moments(block: Block, count: int = 120, pace: str = "time") -> list[int]:
    """Rows of a block for ``count`` frames, the first and the last among them.

    pace: "time": evenly in time; "change": so that the rates move equally far from frame to frame,
    and what happens in the first few steps is not over at once.
    """
    last = block.steps
    if pace == "time":
        return sorted({round(float(t)) for t in np.linspace(0, last, min(count, last + 1))})
    if pace != "change":
        raise ArgumentError("pace", repr(pace), '"time" or "change"')
    step = sum(np.abs(np.diff(r, axis=0)).sum(axis=(1, 2)) for r in block.rates[1:])
    far = np.r_[0.0, np.cumsum(step)] + 1e-9 * np.arange(last + 1)
    even = np.linspace(0, far[-1], count)
    return sorted({0, last, *(int(t) for t in np.searchsorted(far, even).clip(0, last))})


# ---------------------------------------------------------------------- what is sent


def pack(
    frames: Sequence[str],
    label: str,
    captions: Sequence[str] = (),
    seconds: float = 6.0,
    still: int = -1,
) -> dict[str, Any]:
    """What the browser gets: ``base`` with ``changes``, or ``whole`` frames; captions; how long."""
    if not frames:
        raise ArgumentError("frames", "none", "at least one")
    if len(label) <= 30:
        raise ArgumentError("label", repr(label), "a sentence that says what is seen")
    if captions and len(captions) != len(frames):
        raise ArgumentError("captions", len(captions), f"one for each of {len(frames)} frames")
    check_number("seconds", seconds, above=0)
    packed: dict[str, Any] = {"label": label, "captions": list(captions), "seconds": seconds}
    packed |= {"count": len(frames), "still": range(len(frames))[still], "picture": frames[still]}
    try:
        packed["base"], changes = differences(frames)
    except ArgumentError:
        return packed | {"whole": list(frames)}
    packed["changes"] = [
        [index, name, values] for index, each in changes.items() for name, values in each.items()
    ]
    return packed


def differences(frames: Sequence[str]) -> tuple[str, Changes]:
    """The last frame, and what changes: ``{element: {attribute: value in each frame}}``.

    element: its number in the order of the document. The attribute "text" stands for its words; a
    value of None means that the attribute is absent. ArgumentError if the frames have other parts.
    """
    trees = [list(ET.fromstring(frame).iter()) for frame in frames]
    tags = [node.tag for node in trees[0]]
    for k, tree in enumerate(trees):
        if [node.tag for node in tree] != tags:
            raise ArgumentError("frames", f"other parts in frame {k}", "the same parts in each")
    changes: Changes = {}
    for index, nodes in enumerate(zip(*trees, strict=True)):
        names = {name for node in nodes for name in node.attrib}
        found: dict[str, list[str | None]] = {
            name: [node.get(name) for node in nodes] for name in sorted(names)
        }
        found["text"] = [node.text or "" for node in nodes]
        moving = {name: v for name, v in found.items() if any(value != v[0] for value in v)}
        if moving:
            changes[index] = moving
    return frames[-1], changes


# ---------------------------------------------------------------------- the widget


@cache
def _player_class() -> type:
    """The widget, made when somebody first plays something: its library is an extra."""
    with needed_for("A player"):
        import anywidget
        import traitlets

    class Player(anywidget.AnyWidget):  # type: ignore[misc]
        """Frames and their controls, drawn by player.js."""

        _esm = module("player.js")
        _css = (HERE / "player.css").read_text("utf-8")
        film = traitlets.Dict().tag(sync=True)

        def _ipython_display_(self) -> None:
            show_live(self, self.film["picture"], HINT)

    return Player

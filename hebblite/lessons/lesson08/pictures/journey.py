"""DH's journey: the rates on their way, and how much of the update the first step makes."""

from __future__ import annotations

import numpy as np

from ....stream import Block
from ....teaching.chart import Panel, Series, chart
from .reading import name_of

Array = np.ndarray


def jump_shares(block: Block, j: int | None = None) -> Array:
    """For each layer (L,) the part of the DH update that the first step makes: <first, whole> /
    |whole|^2, of sum_t (r_l[t+1] - r_l[t]) r_{l-1}[t]^T. The parts of all steps add up to 1.

    j: of one input; of the update of the batch if not given.
    """
    chosen = slice(None) if j is None else slice(j, j + 1)
    found = []
    for l in range(1, block.depth + 1):
        post, pre = (np.asarray(block.rates[k][:, chosen], float) for k in (l, l - 1))
        moves = np.diff(post, axis=0)
        whole = np.einsum("tbi,tbj->ij", moves, pre[:-1])
        first = np.einsum("bi,bj->ij", moves[0], pre[0])
        found.append(float((first * whole).sum() / ((whole**2).sum() or np.nan)))
    return np.array(found)


def draw_journey(block: Block, j: int = 0, count: int = 5, until: int = 25) -> str:
    """The rates of the ``count`` neurons that move most in the last hidden layer and at the output,
    over the first ``until`` steps of inference on input j. The first step is shaded."""
    shares, last = jump_shares(block, j), min(until, block.steps)
    panels = [_moving(block, l, j, count, last) for l in (block.depth - 1, block.depth)]
    said = "; ".join(
        f"{name_of(l + 1, block.depth)} {100 * share:.0f} %" for l, share in enumerate(shares)
    )
    label = (
        f"Rates over {last} steps of inference, of the neurons that move most in "
        f"{name_of(block.depth - 1, block.depth)} and at the output. The output jumps in the first "
        f"step. Of the whole DH update the first step makes: {said}."
    )
    return chart(panels, label, 700, 190)


def _moving(block: Block, l: int, j: int, count: int, last: int) -> Panel:
    """The rates of one layer: lines, with points at both ends of the first step. Those of the
    output are named."""
    rates, steps = block.rates[l][: last + 1, j], np.arange(last + 1.0)
    most = np.argsort(-np.abs(rates[-1] - rates[0]), kind="stable")[:count]
    chosen = list(enumerate(np.sort(most)))
    top = l == block.depth
    curves = [Series(f"class {i}" if top else "", steps, rates[:, i], colour=k) for k, i in chosen]
    ends = [Series("", steps[:2], rates[:2, i], "points", colour=k) for k, i in chosen]
    name = name_of(l, block.depth)
    return Panel(
        f"{name[0].upper()}{name[1:]} (shaded: the first step)", "step of inference", "rate",
        [*curves, *ends], x_range=(-0.5, last + 0.5), bands=[("x", 0.0, 1.0, "")],
        direct=top,
    )  # fmt: skip

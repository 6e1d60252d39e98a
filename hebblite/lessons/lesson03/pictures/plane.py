"""A path of two rates in their plane, where the sums of a rule are areas."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.chart import (
    SHAPES,
    Panel,
    Series,
    chart,
    decimals,
    number,
    ticks,
)
from ....teaching.colours import COLOURS, DASHES
from ....teaching.svg import beside, picture, text
from ..equations import PAIRINGS, Array, pair_sums, trajectories


def draw_plane(
    path: str = "overshoot", pull: float = 0.6, move: float = 0.8, steps: int = 12,
    pairing: str = PAIRINGS[1],
) -> str:  # fmt: skip
    """A trajectory in time, and in the plane of pre and post with its sums as areas."""
    post, pre = trajectories(path, move, steps, pull)
    first, second = pair_sums(post, pre, pairing)
    contrast = float(post[-1] * pre[-1] - post[0] * pre[0])
    gap = first + second - contrast
    verdict = "equal to rounding" if abs(gap) < 1e-12 else f"gap {number(float(f'{gap:.3g}'))}"
    share = np.linspace(0, 1, steps + 1)
    in_time = chart(
        [Panel("In time", "part of the phase", "rate", [
            Series("post", share, post, "line+points", colour="rate"),
            Series("pre", share, pre, "line+points", colour="voltage")], y_range=(-0.2, 1.15))],
        f"Line chart of two rates over a teaching phase of {steps} steps, path {path}: post goes "
        f"from {post[0]:.2f} to {post[-1]:.2f}, pre from {pre[0]:.2f} to {pre[-1]:.2f}.",
        width=330, height=230,
    )  # fmt: skip
    label = (
        f"The same path in the plane of pre and post. Tiles beside it add up to {first:.4f}, tiles "
        f"below it to {second:.4f}. The contrast post+ pre+ - post- pre- is {contrast:.4f}: "
        f"{verdict}."
    )
    summary = (
        f"<p style='min-height:3.2em'>With {pairing.split(':')[0]} and {steps} steps: "
        f"Σ Δpost · pre = {decimals(first, 4)}, Σ post · Δpre = {decimals(second, 4)}, together "
        f"<b>{decimals(first + second, 4)}</b>. Contrast: <b>{contrast:.4f}</b> ({verdict}).</p>"
    )
    return summary + beside(in_time, _plane(post, pre, pairing, label))


#: From and to, of pre and of post: the same for all settings of the sliders.
SPAN = (-0.2, 1.15, -0.15, 0.95)


def _plane(post: Array, pre: Array, pairing: str, label: str) -> str:
    svg = picture(330, 330, label)
    left, top, side_x, side_y = 58.0, 28.0, 264.0, 230.0
    low_x, right, low_y, high = SPAN

    def x_of(value: float) -> float:
        return left + side_x * (value - low_x) / (right - low_x)

    def y_of(value: float) -> float:
        return top + side_y * (high - value) / (high - low_y)

    text(svg, left, top - 9, "In the plane, with the sums as areas", font_weight="bold")
    for mark in ticks(low_x, right, 4):
        text(svg, x_of(mark), top + side_y + 16, number(mark), text_anchor="middle")
    for mark in ticks(low_y, high, 4):
        text(svg, left - 6, y_of(mark) + 4, number(mark), text_anchor="end")
    text(svg, left + side_x / 2, top + side_y + 34, "rate of pre", text_anchor="middle")
    x, y = 14.0, top + side_y / 2
    turn = f"rotate(-90 {x:g} {y:g})"
    text(svg, x, y, "rate of post", text_anchor="middle", transform=turn)

    middle = pairing == PAIRINGS[3]
    for t in range(len(post) - 1):
        width = (pre[t] + pre[t + 1]) / 2 if middle else pre[t]
        _tile(svg, (x_of(0), x_of(width)), (y_of(post[t]), y_of(post[t + 1])), 0,
              post[t + 1] >= post[t])  # fmt: skip
        if pairing != PAIRINGS[0]:
            height = post[t] if pairing == PAIRINGS[2] else post[t + 1]
            height = (post[t] + post[t + 1]) / 2 if middle else height
            _tile(svg, (x_of(pre[t]), x_of(pre[t + 1])), (y_of(0), y_of(height)), 1,
                  pre[t + 1] >= pre[t])  # fmt: skip
    for i, name in ((0, "−"), (-1, "+")):  # the rectangles whose difference is the contrast
        box = {"x": f"{x_of(0):.1f}", "y": f"{y_of(post[i]):.1f}",
               "width": f"{x_of(pre[i]) - x_of(0):.1f}",
               "height": f"{y_of(0) - y_of(post[i]):.1f}"}  # fmt: skip
        look = {"fill": "none", "stroke": "currentColor", "stroke-width": "1.3"}
        ET.SubElement(svg, "rect", {**box, **look, "stroke-dasharray": "5 4"})
        text(svg, x_of(pre[i]) + 5, y_of(post[i]) - 5, name, font_weight="bold", font_size="15")
    points = " ".join(f"{x_of(p):.1f},{y_of(q):.1f}" for p, q in zip(pre, post, strict=True))
    line = {"fill": "none", "stroke": COLOURS[3], "stroke-width": "2"}
    ET.SubElement(svg, "polyline", {"points": points, **line})
    for p, q in zip(pre, post, strict=True):
        place = f"translate({x_of(p):.1f},{y_of(q):.1f}) scale(0.7)"
        ET.SubElement(svg, "path", {"d": SHAPES[0], "fill": COLOURS[3], "transform": place})
    y = top + side_y + 54
    for x, colour, name in ((left - 40, 0, "Δpost · pre"), (left + 80, 1, "post · Δpre")):
        _tile(svg, (x, x + 18), (y, y - 10), colour, True)
        text(svg, x + 24, y, name)
    _tile(svg, (left + 200, left + 218), (y, y - 10), 0, False)
    text(svg, left + 224, y, "negative")
    return ET.tostring(svg, encoding="unicode")


def _tile(
    svg: ET.Element, x: tuple[float, float], y: tuple[float, float], look: int, positive: bool
) -> None:
    """A filled rectangle; one that counts negative has a dashed outline alone."""
    box = {"x": f"{min(x):.1f}", "y": f"{min(y):.1f}", "width": f"{abs(x[1] - x[0]):.1f}",
           "height": f"{abs(y[1] - y[0]):.1f}"}  # fmt: skip
    style = {"stroke": COLOURS[look], "stroke-width": "1.2"}
    style |= (
        {"fill": COLOURS[look], "fill-opacity": "0.3"}
        if positive
        else {"fill": "none", "stroke-dasharray": DASHES[2]}
    )
    ET.SubElement(svg, "rect", {**box, **style})


def draw_slopes(strengths: Array, sizes: dict[str, Array]) -> str:
    """Sizes of updates and of their differences against the strength of the feedback."""
    slopes = {name: np.polyfit(np.log10(strengths), np.log10(y), 1)[0] for name, y in sizes.items()}
    listed = "; ".join(f"{name}: slope {slope:.2f}" for name, slope in slopes.items())
    series = [
        Series(f"{name}, slope {slopes[name]:.1f}", strengths, y, "line+points")
        for name, y in sizes.items()
    ]
    panel = Panel(
        "Differences of updates in layer 2", "feedback strength k_p", "size of the matrix", series,
        x_log=True, y_log=True
    )  # fmt: skip
    label = f"Log-log chart of sizes against the strength of the feedback. {listed}."
    return chart([panel], label, width=600, height=230)

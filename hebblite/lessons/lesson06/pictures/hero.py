"""The picture of the title: three teachers push one network until it is right; one works least."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.motion import Timeline
from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing, connect, layers
from ..runs.teachers import Lesson, Teacher, three_teachers

Array = np.ndarray
WIDE, TALL = 226.0, 392.0  # of a teacher's column; of the picture
TOP, HIGH = 82.0, 168.0  # of the network in it
LONGEST = 46.0  # pixels of the longest push
GROUND, HIGHEST = 360.0, 92.0  # where the bars stand, and how high the highest is
DIAL = 52.0  # pixels from the middle of the dial to its ends


@dataclass(frozen=True)
class Column:
    """What moves in the column of one teacher."""

    pushes: list[ET.Element]
    marker: ET.Element
    start: tuple[float, float]
    end: tuple[float, float]
    bar: ET.Element
    number: ET.Element
    x: float
    height: float


def hero(lesson: Lesson | None = None) -> str:
    """The same network three times, its output off the target. The teachers push, and the three
    outputs reach it. Then the bars of effort grow."""
    lesson = lesson or three_teachers()
    efforts = ", ".join(f"{t.name} {t.effort:.1f}" for t in lesson.teachers)
    d = Drawing(
        3 * WIDE, TALL,
        "The same network three times, its output off the target. Three teachers push its neurons "
        f"until the output is right. All three succeed; their efforts differ: {efforts}.",
    )  # fmt: skip
    film = Timeline(d, seconds=5.0)
    columns = [_column(d, k, lesson, teacher) for k, teacher in enumerate(lesson.teachers)]
    d.path(f"M20,{GROUND:.1f} H{3 * WIDE - 20:.1f}", None, 1, opacity=0.5)
    d.say(20, GROUND - HIGHEST + 8, "effort", fixed=True)
    least = min(range(3), key=lambda k: lesson.teachers[k].effort)
    frame = d.path(
        f"M{least * WIDE + 6:.1f},6 h{WIDE - 12:.1f} V{TALL - 6:.1f} h{12 - WIDE:.1f} Z", None, 2.2
    )
    for column in columns:
        film.draw(*column.pushes, at=0.6, for_=1.6)
        film.travel(column.marker, [column.start, column.end], at=0.6, for_=1.6, leave=False)
        film.change(column.bar, "d", [_bar(column.x, h) for h in (0.1, column.height)], 2.5, 1.0)
        film.appear(column.number, at=3.6, for_=0.3)
    film.appear(frame, at=4.1, for_=0.5)
    return film.svg()


def _column(d: Drawing, k: int, lesson: Lesson, teacher: Teacher) -> Column:
    left = k * WIDE
    d.say(left + WIDE / 2, 28, teacher.name, "middle", 14, True, fixed=True)
    net = layers(d, lesson.net.sizes, left + 22, TOP, 128, HIGH, lesson.free, radius=9, gap=7.5)
    for l, W in enumerate(lesson.net.weights):
        connect(d, net, l, W, widest=2.2, opacity=0.45, heads=False)
    scale = LONGEST / max(float(np.abs(a).max()) for t in lesson.teachers for a in t.apical)
    pushes = [
        _push(d, at, scale * float(a))
        for places, pushed in zip(net.at[1:], teacher.apical, strict=True)
        for at, a in zip(places, pushed, strict=True)
    ]
    marker, start, end = _dial(d, net.at[-1][0].x + 38, net.at[-1][0].y, lesson, teacher)
    most = max(t.effort for t in lesson.teachers)
    height = HIGHEST * teacher.effort / most
    x = left + WIDE / 2
    bar = d.path(_bar(x, height), "apical", 1.5, "apical", 0.8)
    number = d.say(x, GROUND + 20, decimals(teacher.effort, 1), "middle", 14, True, fixed=True)
    return Column(pushes, marker, start, end, bar, number, x, height)


def _bar(x: float, height: float) -> str:
    return f"M{x - 24:.1f},{GROUND:.1f} V{GROUND - height:.1f} H{x + 24:.1f} V{GROUND:.1f} Z"


def _push(d: Drawing, at: tuple[float, float], length: float) -> ET.Element:
    """An arrow from above; dashed, and away from the neuron, where it pulls."""
    x, y = at
    far = abs(length)
    ends = [(x, y - 11 - far), (x, y - 11)]
    width = min(3.2, far / 5)  # a short one has a small head, and one too short to be seen none
    seen = 0.0 if far < 4 else 1.0
    return d.arrow(ends if length > 0 else ends[::-1], "apical", width, dashed=False, opacity=seen)


def _dial(
    d: Drawing, x: float, y: float, lesson: Lesson, teacher: Teacher
) -> tuple[ET.Element, tuple[float, float], tuple[float, float]]:
    """The output as a mark on a scale, and its target as a ring."""
    free, goal = float(lesson.free[-1][0]), float(lesson.target[0])
    middle, far = (free + goal) / 2, abs(goal - free) / 2 or 1.0

    def height(value: float) -> float:
        return y - 0.8 * DIAL * (value - middle) / far

    d.path(f"M{x:.1f},{y - DIAL:.1f} v{2 * DIAL:.1f}", None, 1.4, opacity=0.5)
    d.circle(x, height(goal), 10, None, width=2.4)
    away = 20.0 if goal < free else -14.0
    d.say(x, height(goal) + away, "target", "middle", fixed=True)
    d.circle(x, height(free), 6, "rate").set("opacity", "0.6")
    d.arrow([(x, height(free)), (x, height(goal) + (11 if goal > free else -11))], "rate", 1.2,
            opacity=0.6)  # fmt: skip
    end = (x, height(float(teacher.output[0])))
    return d.circle(*end, 5, "rate", "rate"), (x, height(free)), end

"""The map of the course as a picture: a line for each lesson, what needs what, what is solved.

The thick line is the shortest path to the main result, thin lines say which lesson needs which. A
lesson that is planned has an empty, dashed station. What is solved is said with marks and words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise
from xml.etree import ElementTree as ET

from .colours import CODE
from .course_map import LESSONS, MAIN_RESULT, Lesson, lesson, shortest_path
from .svg import picture, text

ROW, TOP, LANE, LEFT = 34, 46, 26, 22
LANES = {
    "01": 1,
    "06": 1,
    "07": 1,
    "08": 2,
    "09": 3,
    "10": 4,
    "11": 5,
}  # all others stand in lane 0
WORDS = LEFT + 6 * LANE + 12  # where the titles begin
MINUTES, NEEDS, DONE = WORDS + 262, WORDS + 352, WORDS + 432
Solved = Mapping[str, tuple[int, int]]


def draw_map(solved: Solved | None = None, here: str = "") -> str:
    """All lessons. ``solved``: for each number, how many of how many exercises; None leaves that
    column out. ``here``: the lesson to mark as the one that is open."""
    width = DONE + (136 if solved is not None else 16)
    svg = picture(width, TOP + ROW * len(LESSONS) + 34, in_words(solved, here))
    for x, words in ((WORDS, "lesson"), (MINUTES, "minutes"), (NEEDS, "needs")):
        text(svg, x, 20, words, opacity="0.8")
    if solved is not None:
        text(svg, DONE, 20, "solved", opacity="0.8")
    path = shortest_path()
    for one in LESSONS:
        for other in one.needs:
            line(svg, other, one.number)
    for before, after in pairwise(path):
        line(svg, before, after, thick=True)
    for one in LESSONS:
        station(svg, one, one.number == here)
        row(svg, one, (solved or {}).get(one.number))
    key(svg, TOP + ROW * len(LESSONS) + 8)
    return ET.tostring(svg, encoding="unicode")


def place(number: str) -> tuple[float, float]:
    """Where the station of a lesson stands."""
    at = [one.number for one in LESSONS].index(number)
    return LEFT + LANE * LANES.get(number, 0), TOP + ROW * at


def line(svg: ET.Element, before: str, after: str, thick: bool = False) -> None:
    """A line from one station down to another."""
    (x0, y0), (x1, y1) = place(before), place(after)
    if x0 == x1 and y1 - y0 > ROW and not thick:  # past the stations between them
        bend = f"C {x0 - 18} {y0 + ROW} {x1 - 18} {y1 - ROW} {x1} {y1}"
    elif x0 <= x1:  # down at first, then over
        bend = f"C {x0} {y0 + ROW} {x1} {y0 + 0.2 * ROW} {x1} {min(y0 + 1.3 * ROW, y1)} L {x1} {y1}"
    else:
        bend = f"L {x0} {max(y1 - 1.3 * ROW, y0)} C {x0} {y1 - 0.2 * ROW} {x1} {y1 - ROW} {x1} {y1}"
    look = {"stroke": CODE["dh"].colour, "stroke-width": "7"} if thick else {
        "stroke": "currentColor", "stroke-width": "1.3", "opacity": "0.65"
    }  # fmt: skip
    ET.SubElement(svg, "path", {"d": f"M {x0} {y0} {bend}", "fill": "none", **look})


def station(svg: ET.Element, one: Lesson, here: bool) -> None:
    """A full dot for a lesson that is there, an empty dashed one for a planned one."""
    x, y = place(one.number)
    dot = {"cx": f"{x}", "cy": f"{y}", "r": "8", "stroke": "currentColor", "stroke-width": "1.5"}
    if one.is_there:
        ET.SubElement(svg, "circle", {**dot, "fill": "currentColor"})
    else:
        # Paper, so that no line shows through.
        ET.SubElement(
            svg, "circle", {**dot, "fill": "var(--paper, #999999)", "stroke-dasharray": "3 2"}
        )
    if here:
        ring = {**dot, "r": "12", "fill": "none", "stroke-width": "2"}
        ET.SubElement(svg, "circle", ring)


def row(svg: ET.Element, one: Lesson, solved: tuple[int, int] | None) -> None:
    """What is written beside a station."""
    y = place(one.number)[1] + 4
    text(svg, WORDS, y, one.name, font_weight="bold" if one.is_there else "normal")
    extra = f" + {one.asides}" if one.asides else ""
    text(svg, MINUTES, y, f"{one.minutes}{extra}" if one.is_there else "planned")
    text(svg, NEEDS, y, ", ".join(one.needs) or "nothing")
    if solved is not None and one.is_there:
        done, all_ = solved
        marks = "●" * done + "○" * (all_ - done)
        text(svg, DONE, y, f"{marks}  {done} of {all_}" + " ✓" * (done == all_))


def key(svg: ET.Element, y: float) -> None:
    """What the thick line means."""
    bar = {"x1": f"{LEFT}", "x2": f"{LEFT + 40}", "y1": f"{y}", "y2": f"{y}"}
    ET.SubElement(svg, "line", {**bar, "stroke": CODE["dh"].colour, "stroke-width": "7"})
    goal = lesson(MAIN_RESULT)
    text(svg, LEFT + 50, y + 4, f"the shortest path to the main result, lesson {goal.number}; "
         "minutes of the main path + of all asides")  # fmt: skip


def in_words(solved: Solved | None, here: str) -> str:
    """The map for those who hear it."""
    said = []
    for one in LESSONS:
        time = f"{one.minutes} minutes" if one.is_there else "planned"
        needs = " and ".join(one.needs) or "no other"
        count = (solved or {}).get(one.number)
        done = (
            f", {count[0]} of {count[1]} exercises and steps solved"
            if count and one.is_there
            else ""
        )
        mark = ", which is open now" if one.number == here else ""
        said.append(f"{one.name}: {time}, needs {needs}{done}{mark}.")
    path = ", ".join(shortest_path())
    return (
        f"Map of {len(LESSONS)} lessons. The shortest path to the main result: {path}. "
        + " ".join(said)
    )


def solved_of(solved: Collection[str], known: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """For each lesson, how many of how many: from the numbers solved, and the lesson of each."""
    numbers = {one.number: [n for n in known if known[n] == one.number] for one in LESSONS}
    return {one: (len(set(of) & set(solved)), len(of)) for one, of in numbers.items()}

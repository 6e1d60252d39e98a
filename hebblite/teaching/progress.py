"""Hints in steps, and a table of what has been solved so far (see ``solved``).

hint("00.1")        print the next hint; hint() is about the exercise tried last
show_progress()     a table of all lessons: what is solved, what is next
"""

from __future__ import annotations

import html

from .exercises import exercises, find
from .solved import progress
from .words import say

_given: dict[str, int] = {}
_last: str | None = None


def tried(exercise: str) -> None:
    """Remember which exercise is being worked on, for ``hint()``."""
    global _last
    _last = exercise


def hint(exercise: str | None = None) -> None:
    """Print the next hint for ``exercise``, or for the one that was checked or hinted at last;
    after the last hint, begin again."""
    exercise = _last if exercise is None else exercise
    if exercise is None:
        say('Of which exercise? Give its number, as in hint("00.1").')
        return
    known = find(exercise)
    if known is None:
        say(f"There is no exercise {exercise!r}.")
        return
    tried(exercise)
    given = _given.get(exercise, 0)
    number = given % len(known.hints)
    _given[exercise] = given + 1
    if given and number == 0:
        say("That was the last hint. Once more from the first:")
    say(f"Hint {number + 1} of {len(known.hints)}: {known.hints[number]}")


def show_progress() -> None:
    """Display what is solved, lesson by lesson."""
    from IPython.display import HTML, display

    display(HTML(progress_table()))


def progress_table() -> str:
    """The table of ``show_progress``, as HTML: a line for each lesson, with marks *and* words."""
    solved, known = set(progress()), exercises()
    lessons: dict[str, list[str]] = {}
    for number in known:
        lessons.setdefault(number.split(".")[0], []).append(number)
    rows = []
    for lesson, numbers in lessons.items():
        done = [number for number in numbers if number in solved]
        marks = " ".join("●" if number in solved else "○" for number in numbers)
        rest = [number for number in numbers if number not in solved]
        state = "✓ all solved" if not rest else f"next: {rest[0]}, {known[rest[0]].title}"
        rows.append(
            f"<tr><td>{lesson}</td><td>{marks}</td><td>{len(done)} of {len(numbers)}</td>"
            f"<td style='text-align:left'>{html.escape(state)}</td></tr>"
        )
    return (
        f"<table><caption>{len(solved & set(known))} of {len(known)} exercises solved</caption>"
        "<thead><tr><th scope='col'>lesson</th><th scope='col'>exercises</th>"
        "<th scope='col'>solved</th><th scope='col' style='text-align:left'>to do</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )

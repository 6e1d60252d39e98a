"""Hints in steps, and a table of what has been solved so far (see ``solved``).

hint("00.1")        print the next hint; hint() is about the exercise tried last
show_progress()     the map of the course with what is solved; show_progress("02"): of one lesson
"""

from __future__ import annotations

import contextlib
import html
from collections.abc import Collection
from pathlib import Path

from ..files import replacing
from .boxes import Box, Fold, Piece, Words, put
from .course_map import LESSONS, neighbours
from .map_picture import draw_map, solved_of
from .solved import progress, progress_file
from .svg import show
from .tasks import find_task, tasks

_given: dict[str, int] = {}
_last: str | None = None


def tried(exercise: str) -> None:
    """Remember which exercise is being worked on, for ``hint()``, also after a restart."""
    global _last
    _last = exercise
    with contextlib.suppress(OSError, RuntimeError):
        path = last_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(exercise.encode())


def last_file() -> Path:
    """Where the exercise that was tried last is kept: beside what is solved."""
    return progress_file().with_name("last.txt")


def tried_before() -> tuple[str, str] | None:
    """Number and title of the exercise that an earlier kernel tried last, or None."""
    try:
        kept = last_file().read_text("utf-8", errors="replace").strip()
        known = find_task(kept)
    except Exception:  # no home, nothing kept, or a lesson that cannot be imported
        return None
    return (kept, known.title) if known else None


def hint(exercise: str | None = None) -> None:
    """Show the next hint for ``exercise``, or for the one that was checked or hinted at last;
    after the last hint, begin again."""
    exercise = _last if exercise is None else exercise
    before = tried_before() if exercise is None else None
    if before is not None:
        exercise, title = before
        words = f"This is about {called(exercise)}, {title}, which was tried last."
        put(Box("open", words, 'For another one give its number, as in `hint("00.1")`.'))
    if exercise is None:
        put(Box("open", 'Of which exercise? Give its number, as in `hint("00.1")`.'))
        return
    known = find_task(exercise)
    if known is None:
        put(Box("open", f"There is no exercise {exercise!r}."))
        return
    tried(exercise)
    given, count = _given.get(exercise, 0), len(known.hints)
    number = given % count
    _given[exercise] = given + 1
    if given and number == 0:
        put(Box("open", "That was the last hint. Once more from the first:"))
    earlier: list[Piece] = [Fold(f"Hint {k + 1}", known.hints[k]) for k in range(number)]
    if number + 1 < count:
        earlier.append(Words("One more call of `hint()` gives the next one."))
    put(Box("open", f"Hint {number + 1} of {count}:", known.hints[number], earlier))


def show_progress(lesson: str | None = None) -> None:
    """Display the map of the course with what is solved; of one lesson, such as "02", its exercises
    and where to go on."""
    from IPython.display import display

    solved = progress()
    if lesson is None:
        counts = solved_of(solved, {n: of for n, (of, _) in tasks().items()})
        show(draw_map(counts))
        done, there = (sum(count[part] for count in counts.values()) for part in (0, 1))
        print(f"{done} of {there} exercises and steps of proofs solved. {go_on(None, solved)}")
    elif not any(lesson == known.number for known in LESSONS):
        put(Box("open", f'There is no lesson {lesson!r}. Give its number, as in `"02"`.'))
    else:
        table = {
            "text/html": exercise_table(lesson, solved),
            "text/plain": in_lines(lesson, solved),
        }
        display(table, raw=True)


def called(number: str) -> str:
    """Such as "exercise 00.1" or "step T3.1"."""
    return f"{'step' if number.startswith('T') else 'exercise'} {number}"


def of_lesson(lesson: str, solved: Collection[str]) -> list[tuple[str, str, bool]]:
    """The exercises and steps of a lesson: number, title, and whether it is solved."""
    return [(n, one.title, n in solved) for n, (of, one) in tasks().items() if of == lesson]


def go_on(lesson: str | None, solved: Collection[str]) -> str:
    """Where to go on: the first exercise that is left, of this lesson or of all; else the next
    lesson."""
    left = [
        (n, one.title)
        for n, (of, one) in tasks().items()
        if n not in solved and lesson in (None, of)
    ]
    if left:
        number, title = left[0]
        return f"Next: {called(number)}, {title}."
    after = neighbours(lesson)[1] if lesson else None
    if after:
        return f"All solved. Go on with lesson {after.name}."
    if all(one.is_there for one in LESSONS):
        return "All solved: this is the whole course."
    return "All solved. More lessons are planned."


def in_lines(lesson: str, solved: Collection[str]) -> str:
    """The exercises of one lesson, a line each, with signs and words."""
    rows = [
        f"{'✓' if done else '○'} {number} {title}: {'solved' if done else 'open'}"
        for number, title, done in of_lesson(lesson, solved)
    ]
    return "\n".join([*rows, go_on(lesson, solved)])


def exercise_table(lesson: str, solved: Collection[str]) -> str:
    """The same as an HTML table that also a page without styles shows well."""
    found = of_lesson(lesson, solved)
    rows = "".join(
        f"<tr><td>{'✓ solved' if done else '○ open'}</td><td>{number}</td>"
        f"<td style='text-align:left'>{html.escape(title)}</td></tr>"
        for number, title, done in found
    )
    what = "exercises and steps" if any(n.startswith("T") for n, *_ in found) else "exercises"
    count = f"{sum(done for *_, done in found)} of {len(found)} {what} of this lesson solved"
    return (
        f"<table><caption>{count}</caption><thead><tr><th scope='col'>state</th>"
        "<th scope='col'>exercise</th><th scope='col' style='text-align:left'>what it is</th></tr>"
        f"</thead><tbody>{rows}</tbody></table><p>{html.escape(go_on(lesson, solved))}</p>"
    )

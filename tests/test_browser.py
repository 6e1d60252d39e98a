"""Every lesson in real JupyterLab in headless Chromium: run all cells, work every control by
keyboard to its extremes, alone and together, in the light and in the dark theme, and look at them
at 200 % and 400 % zoom. One run of a lesson serves all of it."""

from __future__ import annotations

from collections.abc import Iterator

import nbformat
import pytest
from browser import (
    BOX,
    course,
    lessons,
    open_stored,
    resize,
    run_all,
    served,
    set_theme,
    widgets,
    without_outputs,
)
from looking import OURS, OUT_OF_REACH, SEEN, barriers

pytestmark = pytest.mark.browser
THEMES = ("light", "dark")
#: A window of 1280 x 720 (or 1280 x 1024) as it is at 200 % and 400 % zoom, in CSS pixels.
ZOOMED = ((640, 360), (320, 256))

# ---------------------------------------------------------------------- a widget kit to test with

SETUP = """
import time
from hebblite.teaching.svg import show
from hebblite.teaching.widgets import choice, explore, log_slider, slider, switch
def draw(**values):
    x = sum(hash(str(v)) % 97 for v in values.values())
    box = f'<rect width="{x}" height="9"/>'
    return f'<svg viewBox="0 0 99 40" role="img" aria-label="A box: {values}">{box}</svg>'
"""
EVERY_KIND = """
explore(draw,
    a=slider("a slider (ms)", 2, 0, 9, 1),
    b=slider("decimals", 0.5, 0.0, 1.0, 0.25, colour="apical"),
    c=log_slider("powers of ten, with a label that is too long for one line of a page", 1, 0.1, 10),
    d=choice("a list", ["p", "q", "a very long entry that does not fit into a narrow page"], "q"),
    e=switch("a box"),
)
"""
OTHERS = """
from hebblite.teaching import predict
from hebblite.teaching.player import play
for number, answers in enumerate(({"unit": "°"}, {"options": ["more", "less"]})):
    predict(f"97.p{number}", "How large is the angle?", **answers)
words = "A box that moves, in every one of its frames."
play([draw(k=k).replace("A box", words) for k in range(9)], words, seconds=1)
"""
SLOW = """
drawn = []
def slowly(a):
    drawn.append(a)
    time.sleep(0.15)
    return draw(a=a)
explore(slowly, a=slider("slow", 0, 0, 99, 1))
"""
IDLE = """
explore(lambda a, b: draw(a=a), a=slider("works", 0, 0, 9, 1), b=slider("idle", 0, 0, 9, 1))
"""
FAILS_AT_AN_END = """
explore(lambda a: draw(a=1 / (9 - a)), a=slider("one end", 2, 0, 9, 1))
"""
FAILS_TOGETHER = """
explore(lambda a, b: draw(a=a, b=b, c=1 / (18 - a - b)),
    a=slider("a", 2, 0, 9, 1), b=slider("two ends", 2, 0, 9, 1))
"""
PRINTS = """
explore(lambda a: print("moved") or draw(a=a), a=slider("prints", 2, 0, 9, 1))
"""
UNKNOWN = """
explore(lambda a: draw(a=a) + "<input type=text aria-label=odd>", a=slider("a", 2, 0, 9, 1))
"""
NAMELESS = 'explore(draw, a=slider("", 2, 0, 9, 1))'
PALE = """
def pale(a):
    words = f'<text y="9" fill="#eee">pale {a}</text><text y="20" fill="#333">murky</text>'
    return f'<svg viewBox="0 0 99 30" role="img" aria-label="pale">{words}</svg>'
show(pale("stored"))
explore(pale, a=slider("a", 2, 0, 9, 1))
"""
WIDE = """
wide = "<i id=wide></i><style>.hebblite-box:has(#wide) input {min-width: 900px}</style>"
explore(lambda a: draw(a=a) + wide, a=slider("wide", 2, 0, 9, 1))
"""
CAUGHT = """
from IPython.display import HTML
HTML("<input type=range aria-label='its arrows are taken by JupyterLab'>")
"""
BROKEN = (  # what is wrong, the cell, words of the complaint
    ("a control without effect", IDLE, "'idle' changes no picture"),
    ("an error at one end", FAILS_AT_AN_END, "'one end' to its max: 2: division by zero"),
    ("an error of two ends together", FAILS_TOGETHER, "'two ends' to its max: 3: division by zero"),
    ("words in the log", PRINTS, "'prints' to its max: moved"),
    ("a control that is not tried", UNKNOWN, "not tried"),
    ("a control without a name", NAMELESS, "no name"),
    ("text too pale on white", PALE, 'of "pale 0'),
    ("text too dark on black", PALE, 'of "murky'),
    ("the same in a stored picture", PALE, 'of "pale stored'),
    ("a control that is wider than the page", WIDE, "wide: reaches"),
    ("arrow keys that leave the control", CAUGHT, "its arrows are taken"),
)


def kit(*cells: str) -> nbformat.NotebookNode:
    v4 = nbformat.v4
    return v4.new_notebook(
        cells=[v4.new_code_cell(cell) for cell in (SETUP, *cells)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}},
    )


# ---------------------------------------------------------------------- fixtures


@pytest.fixture(scope="module")
def server():
    broken = kit(*dict.fromkeys(cell for _, cell, _ in BROKEN))
    kits = {"every_kind": kit(EVERY_KIND, OTHERS), "slow": kit(SLOW), "broken": broken}
    with served(without_outputs(course(lessons()) | kits)) as url:
        yield url


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1200, "height": 1600}, color_scheme="light")
    page.thrown = []
    page.on("pageerror", lambda error: page.thrown.append(str(error)))
    yield page
    page.close()


# ---------------------------------------------------------------------- what is wrong with a page


def complaints(page) -> list[str]:
    """Errors, alerts and tracebacks on the page, and what a move of a control made the kernel say
    beside its picture."""
    found = page.evaluate("""() => [
        ...document.querySelectorAll('[data-mime-type="application/vnd.jupyter.error"], '
            + '.jp-OutputArea-output [role=alert]'),
        ...[...document.querySelectorAll('.jp-OutputArea-output')].filter(n =>
            /Traceback \\(most recent|Error displaying widget|Error creating widget/
                .test(n.textContent)),
    ].map(node => `${node.closest('.jp-Cell')?.dataset.windowedListIndex}: `
        + node.textContent.trim())""")
    return found + page.evaluate("watch.complaints") + page.thrown


def sweep(page, theme: str) -> list[str]:
    """Work every widget of the page. What is wrong with them."""
    seen = set(complaints(page))
    return [f"cell {w.cell}: {problem}" for w in widgets(page) for problem in work(w, seen, theme)]


def work(widget, seen: set[str], theme: str) -> Iterator[str]:
    """Move every control to its ends and one step on, with the others as they are, all at their
    maximum, all at their minimum. What is wrong, up to the first error: an error, or a control
    that changes no picture. (A control may leave the picture equal at times: a seed where there
    is no noise. One that never changes it is decoration.) The pictures know nothing of the theme,
    so in the dark the ends of all controls together must do."""
    yield from (f"not tried, since its kind is unknown: {html}" for html in widget.unknown)
    yield from (f"a {control.kind} has no name" for control in widget.controls if not control.label)
    yield from widget.node.evaluate(UNSAID)
    moves = []
    if theme == "light":
        moves = [(c, end) for c in widget.controls for end in ("max", "min", "next")]
    for end, other in (("max", "min"), ("min", "max")):
        moves += [(c, end) for c in widget.controls]
        moves += [(c, e) for c in widget.controls for e in (other, end) if theme == "light"]
    moved, changed = set(), set()
    for control, end in moves:
        before = widget.picture()
        if control.to(end):
            moved.add(id(control))
            if widget.picture() != before:
                changed.add(id(control))
        errors = set(complaints(widget.page)) - seen
        if errors:
            seen |= errors
            yield from (f"{control.label!r} to its {end}: {error}" for error in sorted(errors))
            return
    for control in widget.controls:
        if id(control) not in moved:
            yield f"the keyboard does not move {control.label!r}"
        elif id(control) not in changed:
            yield f"{control.label!r} changes no picture"


# A slider that says another value than it shows.
UNSAID = """root => [...root.querySelectorAll('input[type=range]')]
    .map(n => [n.getAttribute('aria-valuetext'), n.parentElement.querySelector('span').textContent])
    .filter(([said, shown]) => said !== shown)
    .map(([said, shown]) => `a slider says ${said} and shows ${shown}`)"""
# Whatever moves by arrow keys. JupyterLab has shortcuts with arrow keys of its own.
ARROWS = ".jp-OutputArea-output :is(select, input[type=range], input[type=radio])"


def lost_keys(page) -> list[str]:
    """Controls that lose the keyboard's focus, or stay where they are, at a press of their keys."""
    lost = []
    for node in page.query_selector_all(ARROWS):
        before = node.evaluate(STATE_OF)
        node.evaluate("n => n.focus()")
        for key in ("ArrowDown", "ArrowUp", "ArrowUp", "ArrowRight"):
            page.keyboard.press(key)
            if before is not None and node.evaluate(STATE_OF) != before:
                before = None  # it moved
        here = "n => n.closest('.jp-OutputArea-output').contains(document.activeElement)"
        if before is not None or not node.evaluate(here):
            lost.append(
                node.evaluate("n => `arrow keys do not move ${n.ariaLabel || n.outerHTML}`")
            )
    return lost + swallowed(page)


def swallowed(page) -> list[str]:
    """Fields whose letters JupyterLab takes for its own shortcuts: "a" makes a cell, "m" makes
    Markdown of it, "0" twice restarts the kernel."""
    cells = "jupyterapp.shell.currentWidget.content.model.cells.length"
    lost = []
    for node in page.query_selector_all(".jp-OutputArea-output form input[type=text]"):
        before, number = node.input_value(), page.evaluate(cells)
        node.evaluate("n => { n.focus(); n.select(); }")
        page.keyboard.type("a m00")
        if node.input_value() != "a m00" or page.evaluate(cells) != number:
            lost.append(f"a field keeps {node.input_value()!r} of what is typed")
        node.fill(before)
    return lost


STATE_OF = """n => n.type === 'radio' ? [...n.closest('.jp-OutputArea-output')
    .querySelectorAll('input[type=radio]')].findIndex(r => r.checked) : n.value"""


def magnified(page) -> list[str]:
    """What cannot be seen or worked at 200 % and 400 %."""
    page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
    found = []
    for width, height in ZOOMED:
        resize(page, width, height)
        found += [f"{width} pixels wide: {p}" for p in page.evaluate(OUT_OF_REACH)]
        for widget in widgets(page):
            for control in widget.controls[:1]:
                control.to("min")
                if not control.to("max"):
                    found.append(f"{width} pixels wide: {control.label!r} does not move")
    return found


# ---------------------------------------------------------------------- the tests


def examine(page, url: str, name: str) -> list[str]:
    """Run a notebook once, then look at it and work its widgets: in each theme, and magnified."""
    run_all(page, url, name)
    problems = complaints(page)
    for theme in THEMES:
        set_theme(page, theme)
        problems += [f"{theme}: {problem}" for problem in sweep(page, theme) + barriers(page)]
    return problems + lost_keys(page) + magnified(page)


@pytest.mark.parametrize("lesson", lessons())
def test_a_lesson_runs_and_its_controls_change_the_picture(page, server, lesson):
    problems = examine(page, server, lesson)
    assert problems == []
    assert widgets(page), "a lesson without a widget"


def test_every_kind_of_control_is_worked(page, server):
    assert examine(page, server, "every_kind") == []
    assert [len(widget.controls) for widget in widgets(page)] == [5]


def test_a_run_that_is_saved_and_opened_again_shows_its_pictures(page, server):
    """Live, a widget hides its still. Without its kernel the still is there, and no error."""
    run_all(page, server, "every_kind")
    kinds = [BOX, "form", "form", ".hebblite-player"]
    live, stills = page.locator(", ".join(kinds)), page.locator(".hebblite-still")
    live.nth(3).wait_for()

    def visible(found) -> list[bool]:
        return [one.is_visible() for one in found.all()]

    assert visible(live) == [True] * 4 and visible(stills) == [False] * 4
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    page.evaluate("jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    page.evaluate("jupyterapp.shell.currentWidget.dispose()")
    open_stored(page, server, "every_kind")
    assert visible(live) == [] and visible(stills) == [True] * 4
    for way in ("to move the controls", "to answer", "to play it"):
        assert page.get_by_text(f"Run this cell {way}").first.is_visible()
    seen = page.evaluate(SEEN, ", ".join(OURS))
    assert seen["complaints"] == [] and seen["pictures"] == 2 and len(seen["words"]) == 4, seen
    assert page.evaluate("jupyterapp.shell.currentWidget.content.model.cells.get(1).trusted")


def test_a_slow_picture_does_not_lag_and_is_told_once(page, server):
    """Moves that come while the kernel draws are one move, the last; a screen reader is told of
    the picture that is left, not of those in between."""
    run_all(page, server, "slow")
    told = page.locator(f"{BOX} [role=status]")
    page.evaluate("""box => {
        window.told = [];
        const status = document.querySelector(`${box} [role=status]`);
        const note = () => told.push(status.textContent);
        new MutationObserver(note).observe(status, {childList: true});
    }""", BOX)  # fmt: skip
    page.get_by_role("slider", name="slow").focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("box => /'a': 30/.test(document.querySelector(box).innerHTML)", arg=BOX)
    page.wait_for_function("told.length")
    assert page.evaluate("told") == ["A box: {'a': 30}"] == [told.inner_text()]
    drawn = page.evaluate("watch.moves.size")
    assert drawn < 15, f"30 moves made {drawn} pictures"


def test_a_faulty_widget_is_noticed(page, server):
    problems = examine(page, server, "broken")
    for fault, _, words in BROKEN:
        assert any(words in problem for problem in problems), (fault, problems)
    assert len(problems) < 30, "a complaint about one widget is laid at the door of another"

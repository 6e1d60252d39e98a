"""Every lesson in real JupyterLab in headless Chromium: run all cells, work every control by
keyboard to its extremes, alone and together, in the light and in the dark theme."""

from __future__ import annotations

from collections.abc import Iterator

import nbformat
import pytest
from browser import course, lessons, run_all, served, set_theme, widgets

pytestmark = pytest.mark.browser
THEMES = ("light", "dark")

# ---------------------------------------------------------------------- a widget kit to test with

SETUP = """
import ipywidgets as w
from hebblite.teaching.widgets import explore
def draw(**values):
    x = sum(hash(str(v)) % 97 for v in values.values())
    return f'<svg role="img" aria-label="{values}"><rect width="{x}" height="9"/></svg>'
"""
EVERY_KIND = """
explore(draw,
    a=w.IntSlider(2, 0, 9, description="slider"),
    b=w.SelectionSlider(options="uvwxyz", description="steps"),
    c=w.Dropdown(options="pqrs", description="menu"),
    d=w.ToggleButtons(options="fgh", description="choice"),
    e=w.RadioButtons(options="ijk", description="radio"),
    f=w.Checkbox(description="box"),
    g=w.IntText(3, description="number"),
    h=w.BoundedIntText(3, 0, 12, description="limited"),
    i=w.ToggleButton(description="switch"),
)
"""
BUTTON = """
picture, button = w.HTML(draw(n=0)), w.Button(description="again")
clicks = []
def click(_):
    clicks.append(1)
    picture.value = draw(n=len(clicks))
button.on_click(click)
w.VBox([button, picture])
"""
IDLE = """
explore(lambda a, b: draw(a=a),
    a=w.IntSlider(description="works"), b=w.IntSlider(description="idle"))
"""
FAILS_AT_AN_END = """
explore(lambda a: draw(a=1 / (9 - a)), a=w.IntSlider(2, 0, 9, description="one end"))
"""
FAILS_TOGETHER = """
explore(lambda a, b: draw(a=a, b=b, c=1 / (18 - a - b)),
    a=w.IntSlider(2, 0, 9, description="a"), b=w.IntSlider(2, 0, 9, description="two ends"))
"""
PRINTS = """
s = w.IntSlider(description="prints"); s.observe(lambda _: print("moved"), "value")
explore(draw, a=s)
"""
UNKNOWN = """
explore(draw, a=w.IntSlider(description="a"), b=w.Text(description="b"))
"""
NAMELESS = "explore(draw, a=w.IntSlider())"
PALE = """
explore(lambda a: f'<svg role="img" aria-label="pale"><text y="9" fill="#eee">pale {a}</text>'
    '<text y="20" fill="#333">murky</text></svg>', a=w.IntSlider(description="a"))
"""
BROKEN = (  # what is wrong, the cell, words of the complaint
    ("a control without effect", IDLE, "'idle' changes no picture"),
    ("an error at one end", FAILS_AT_AN_END, "'one end' to its max: 2: division by zero"),
    ("an error of two ends together", FAILS_TOGETHER, "'two ends' to its max: 3: division by zero"),
    ("words in the log", PRINTS, "'prints' to its max: moved"),
    ("a control that is not tried", UNKNOWN, "not tried"),
    ("a control without a name", NAMELESS, "no name"),
    ("text too pale on white", PALE, 'of "pale'),
    ("text too dark on black", PALE, 'of "murky'),
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
    kits = {"every_kind": kit(EVERY_KIND, BUTTON), "broken": kit(*(cell for _, cell, _ in BROKEN))}
    with served(course(lessons()) | kits) as url:
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


# Text in SVG: its colour is ``fill``, which axe does not know. The paper is whatever is painted
# under the middle of the text. WCAG 1.4.3: 4.5, or 3 for large text.
SVG_CONTRAST = """async () => {
    const rgba = colour => {
        const [r, g, b, a = 1] = (colour.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
        return [r, g, b, a];
    };
    const over = (top, under) => {
        const a = top[3];
        return [0, 1, 2].map(i => top[i] * a + under[i] * (1 - a)).concat(1);
    };
    const luminance = c => {
        const [r, g, b] = c.slice(0, 3).map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const opacity = node => {
        let product = 1;
        for (; node instanceof SVGElement; node = node.parentNode)
            product *= Number(getComputedStyle(node).opacity);
        return product;
    };
    const paint = node => {  // what an element puts on the paper, or null
        const style = getComputedStyle(node);
        const onPage = !(node instanceof SVGElement) || node.tagName === 'svg';
        if (onPage) return rgba(style.backgroundColor);
        if (['text', 'tspan', 'g', 'title'].includes(node.tagName)) return [0, 0, 0, 0];
        if (node.tagName === 'image') return null;
        if (style.fill === 'none') return [0, 0, 0, 0];
        const colour = rgba(style.fill);
        colour[3] *= Number(style.fillOpacity) * opacity(node);
        return colour;
    };
    const poor = [];
    for (const svg of document.querySelectorAll('.jp-OutputArea-output svg[role=img]')) {
        svg.scrollIntoView({block: 'center'});
        for (const text of svg.querySelectorAll('text')) {
            if (!text.textContent.trim()) continue;
            const box = text.getBoundingClientRect();
            const x = box.x + box.width / 2, y = box.y + box.height / 2;
            const layers = [];
            let known = true;
            const stack = document.elementsFromPoint(x, y);
            const own = stack.indexOf(text);
            for (const node of stack.slice(own + 1)) {
                const colour = paint(node);
                if (colour === null) { known = false; break; }
                layers.push(colour);
                if (colour[3] === 1) break;
            }
            if (!known) continue;  // on a photograph: looked at by people
            const white = [255, 255, 255, 1];
            const paper = layers.reverse().reduce((under, top) => over(top, under), white);
            const style = getComputedStyle(text), ink = rgba(style.fill);
            ink[3] *= Number(style.fillOpacity) * opacity(text);
            const [a, b] = [luminance(over(ink, paper)), luminance(paper)].sort((p, q) => q - p);
            const contrast = (a + 0.05) / (b + 0.05);
            const width = svg.getBoundingClientRect().width;
            const scale = width / (svg.viewBox.baseVal.width || width);
            const size = parseFloat(style.fontSize) * scale;
            const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
            if (contrast < (large ? 3 : 4.5))
                poor.push(`contrast ${contrast.toFixed(1)} of "${text.textContent}"`
                    + ` (${style.fill} on ${paper.slice(0, 3).map(Math.round)})`);
        }
    }
    return [...new Set(poor)];
}"""


def barriers(page) -> list[str]:
    """Text in SVG that is hard to read, and serious findings of axe, in all outputs. Not ours:
    ipywidgets gives its sliders' handles no name for screen readers beside the label that is seen.
    """
    from axe_playwright_python.sync_playwright import Axe

    options = {
        "resultTypes": ["violations"],
        "rules": {"aria-input-field-name": {"enabled": False}},
    }
    result = Axe().run(page, ".jp-OutputArea-output", options).response
    serious = [v for v in result["violations"] if v["impact"] in ("serious", "critical")]
    found = [f"{v['id']}: {node['html'][:300]}" for v in serious for node in v["nodes"]]
    return page.evaluate(SVG_CONTRAST) + found


# ---------------------------------------------------------------------- the tests


def examine(page, url: str, name: str) -> list[str]:
    """Run a notebook once, then look at it and work its widgets in each theme."""
    run_all(page, url, name)
    problems = complaints(page)
    for theme in THEMES:
        set_theme(page, theme)
        problems += [f"{theme}: {problem}" for problem in sweep(page, theme) + barriers(page)]
    return problems


@pytest.mark.parametrize("lesson", lessons())
def test_a_lesson_runs_and_its_controls_change_the_picture(page, server, lesson):
    problems = examine(page, server, lesson)
    assert problems == []
    assert widgets(page), "a lesson without a widget"


def test_every_kind_of_control_is_worked(page, server):
    assert examine(page, server, "every_kind") == []
    assert [len(widget.controls) for widget in widgets(page)] == [9, 1]


def test_a_faulty_widget_is_noticed(page, server):
    problems = examine(page, server, "broken")
    for fault, _, words in BROKEN:
        assert any(words in problem for problem in problems), (fault, problems)
    assert len(problems) < 20, "a complaint about one widget is laid at the door of another"

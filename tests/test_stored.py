"""The notebooks as they are stored, opened with nothing run: every picture is there, with its
words, and nothing that only means something to a kernel. In JupyterLab, trusted and not (as for
somebody who has just downloaded them), and as exported HTML, light and dark. On the exported page
axe looks for what keeps readers out.
"""

from __future__ import annotations

import nbformat
import pytest
from browser import ROOT, open_stored, served, settled
from looking import SVG_CONTRAST, findings, problems_of_outputs, problems_of_view

from hebblite.teaching.still import bundle

PAGES = sorted((ROOT / "course").glob("*.ipynb"))
NAMES = [path.stem for path in PAGES]
NOTEBOOKS = [*PAGES, *sorted((ROOT / "solutions").glob("*.ipynb"))]
V4 = nbformat.v4
HTML = "text/html; charset=utf-8"
VIEW = {
    "application/vnd.jupyter.widget-view+json": {
        "version_major": 2, "version_minor": 0, "model_id": "0" * 32
    }
}  # fmt: skip
LABEL = "Line chart of test accuracy against epochs, rising from 90 to 94 percent."
SVG = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100" role="img" '
    f'aria-label="{LABEL}"><text x="9" y="50" fill="currentColor">epochs</text></svg>'
)
PALE = SVG.replace("currentColor", "#aaa6")


def read(path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def with_outputs(*outputs: dict, **metadata) -> nbformat.NotebookNode:
    cell = V4.new_code_cell("draw()", metadata=metadata, execution_count=1)
    cell.outputs = [V4.new_output("display_data", data) for data in outputs]
    title = V4.new_markdown_cell("# Title\n\nSee [a page](notation.ipynb) about it.")
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    return V4.new_notebook(cells=[title, cell], metadata={"kernelspec": kernel})


#: What notebooks stored before, and what is wrong with each: in the file, and on the page. (An
#: image without words is found by test_accessibility in the file: Lab fills in some of its own.)
FAULTY = {
    "a widget": ({**VIEW, "text/plain": "VBox(children=(FloatSlider(value=2.0"}, "kernel", "shows"),
    "a widget with a page": ({**VIEW, **bundle(SVG)}, "kernel", "model not found"),
    "inline svg": ({"text/html": SVG, "text/plain": "<IPython.core.display.HTML object>"},
                   "inline svg", "0 of 1 pictures"),
    "a progress bar": ({"text/plain": "  0%|          | 0/785 [00:00<?, ?batch/s]"},
                       "'0%|'", "'0%|'"),
    "a broken picture": ({"text/html": f'<img alt="{LABEL}" src="data:image/svg+xml;base64,PH">',
                          "text/plain": LABEL}, None, "not seen"),
    "other words": ({**bundle(SVG), "text/plain": "words"}, "does not say", None),
}  # fmt: skip


# ---------------------------------------------------------------------- the file


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_is_stored_can_be_shown_anywhere(path):
    assert problems_of_outputs(read(path)) == []


@pytest.mark.parametrize("fault", FAULTY)
def test_a_faulty_file_is_noticed(fault):
    data, words, _ = FAULTY[fault]
    found = problems_of_outputs(with_outputs(data))
    assert any(words in problem for problem in found) if words else found == [], found


# ---------------------------------------------------------------------- in JupyterLab


@pytest.fixture(scope="module")
def lab(browser):
    """A page, the address of JupyterLab, and its notebooks, which nobody trusts but one."""
    sound = {"sound": with_outputs(bundle(SVG), bundle(f"<p>Two:</p>{SVG}{SVG}"))}
    sound["folded"] = with_outputs(bundle(SVG), jupyter={"outputs_hidden": True})
    pages = {path.stem: read(path) for path in PAGES} | sound
    pages |= {fault.replace(" ", "_"): with_outputs(data) for fault, (data, *_) in FAULTY.items()}
    pages["signed"] = with_outputs(bundle(SVG), signed=True)
    with served(pages, ["signed"]) as url:
        page = browser.new_page(viewport={"width": 1200, "height": 1600}, color_scheme="light")
        yield page, url, pages
        page.close()


CELLS = "[...jupyterapp.shell.currentWidget.content.model.cells]"
TRUSTED = f"{CELLS}.filter(cell => cell.type === 'code').map(cell => cell.trusted)"


def opened(lab, name: str) -> list[str]:
    """What is wrong with a notebook that is opened: as nobody trusts it, and when it is trusted
    (which shows its outputs anew; nothing is loaded twice)."""
    page, url, notebooks = lab
    open_stored(page, url, name)
    notebook = notebooks[name]
    pages = "text/html" in str(notebook)  # cells with mere words are always trusted
    assert not (pages and all(page.evaluate(TRUSTED)))
    problems = [f"untrusted: {problem}" for problem in problems_of_view(page, notebook)]
    page.evaluate(f"{CELLS}.forEach(cell => {{ cell.trusted = true; }})")
    page.wait_for_timeout(500)  # a widget without its model says so a moment later
    settled(page, f"{name}.ipynb")
    assert all(page.evaluate(TRUSTED))
    problems += [f"trusted: {problem}" for problem in problems_of_view(page, notebook)]
    page.evaluate("jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    page.evaluate("jupyterapp.shell.currentWidget.dispose()")
    return problems


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_that_is_opened_shows_everything(lab, name):
    assert opened(lab, name) == []


@pytest.mark.browser
def test_sound_pages_pass_and_faults_are_noticed(lab):
    assert opened(lab, "sound") == opened(lab, "folded") == []
    for fault, (_, _, words) in FAULTY.items():
        if words:
            found = opened(lab, fault.replace(" ", "_"))
            assert any(words in problem for problem in found), (fault, found)


@pytest.mark.browser
def test_a_notebook_that_was_run_by_its_reader_is_trusted(lab):
    page, url, _ = lab
    open_stored(page, url, "signed")
    assert all(page.evaluate(TRUSTED))


# ---------------------------------------------------------------------- exported


def exported(browser, notebook) -> list[str]:
    """What is wrong with the exported page, light and dark. It is loaded once: the dark page has
    other style sheets, and says so."""
    from nbconvert import HTMLExporter

    html, dark = (HTMLExporter(theme=t).from_notebook_node(notebook)[0] for t in ("light", "dark"))
    page = browser.new_page(viewport={"width": 1200, "height": 1600}, color_scheme="light")
    try:
        page.route("**/*", lambda route: route.abort())  # the template asks the network for MathJax
        page.route(
            "http://course.invalid/", lambda route: route.fulfill(body=html, content_type=HTML)
        )
        page.goto("http://course.invalid/", wait_until="domcontentloaded")
        page.wait_for_function("[...document.images].every(img => img.complete)")
        found = problems_of_view(page, notebook)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.evaluate(CHANGE, {"light": html, "dark": dark}[theme])
            found += [f"{theme}: {p}" for p in findings(page) + page.evaluate(SVG_CONTRAST)]
        return found
    finally:
        page.close()


#: Give the page the style sheets and the theme of another one, whose cells are the same.
CHANGE = """html => {
    const other = new DOMParser().parseFromString(html, 'text/html');
    document.querySelectorAll('head style').forEach(style => style.remove());
    other.querySelectorAll('head style').forEach(style => document.head.append(style));
    for (const {name, value} of other.body.attributes) document.body.setAttribute(name, value);
}"""


@pytest.mark.browser
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_an_exported_page_shows_everything(browser, path):
    assert exported(browser, read(path)) == []


@pytest.mark.browser
def test_faults_of_an_exported_page_are_noticed(browser):
    assert exported(browser, with_outputs(bundle(SVG))) == []
    pale = '<p style="color:#bbb;background:#fff">pale</p><button></button>'
    link = '<a href="https://a.invalid" style="color:#222;text-decoration:none">a link</a>'
    pale += f'<p style="color:#000">Words and {link} among them.</p><svg role="img"></svg>'
    pale += '<p style="color:#666">murky</p>'  # on the page's own paper
    notebook = with_outputs({"text/html": pale}, bundle(PALE))
    notebook.cells.append(V4.new_markdown_cell("A link: [](https://a.invalid)"))
    found = exported(browser, notebook)
    murky = [p for p in found if "murky" in p]
    assert [p.split(" ")[:2] for p in murky] == [["dark:", "color-contrast"]], murky
    found = " ".join(p for p in found if p.startswith("light"))
    for rule in ("link-name", "svg-img-alt", "color-contrast", "button-name", "link-in-text-block"):
        assert rule in found, (rule, found)
    assert 'of "epochs"' in found

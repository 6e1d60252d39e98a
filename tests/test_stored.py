"""The notebooks as they are stored, opened with nothing run: every picture is there, with its
words, and nothing that only means something to a kernel. In JupyterLab, trusted and not (as for
somebody who has just downloaded them), and as exported HTML, light and dark. On the exported page
axe looks for what keeps readers out.
"""

from __future__ import annotations

import copy

import nbformat
import pytest
from browser import ROOT, open_stored, served
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
    """A page and the address of JupyterLab, with each notebook trusted and not."""
    sound = {"sound": with_outputs(bundle(SVG), bundle(f"<p>Two:</p>{SVG}{SVG}"))}
    sound["folded"] = with_outputs(bundle(SVG), jupyter={"outputs_hidden": True})
    pages = {path.stem: read(path) for path in PAGES} | sound
    pages |= {fault.replace(" ", "_"): with_outputs(data) for fault, (data, *_) in FAULTY.items()}
    both = {}
    for name, notebook in pages.items():
        both[f"yes_{name}"] = notebook
        both[f"no_{name}"] = other = copy.deepcopy(notebook)
        other.metadata["copy"] = "another one"  # what is trusted is a content, wherever it lies
    trusted = [name for name in both if name.startswith("yes")]
    with served(both, trusted) as url:
        page = browser.new_page(viewport={"width": 1200, "height": 1600}, color_scheme="light")
        yield page, url, both
        page.close()


def opened(lab, name: str, trusted: bool) -> list[str]:
    page, url, notebooks = lab
    name = f"{'yes' if trusted else 'no'}_{name}"
    open_stored(page, url, name)
    cells = "jupyterapp.shell.currentWidget.content.model.cells"
    found = page.evaluate(f"[...{cells}].filter(c => c.type === 'code').map(c => c.trusted)")
    pages = "text/html" in str(notebooks[name])  # cells with mere words are always trusted
    assert all(found) if trusted else not (pages and all(found))
    problems = problems_of_view(page, notebooks[name])
    page.evaluate("jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    page.evaluate("jupyterapp.shell.currentWidget.dispose()")
    return problems


@pytest.mark.browser
@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "untrusted"])
@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_that_is_opened_shows_everything(lab, name, trusted):
    assert opened(lab, name, trusted) == []


@pytest.mark.browser
def test_sound_pages_pass_and_faults_are_noticed(lab):
    for trusted in (True, False):
        assert opened(lab, "sound", trusted) == opened(lab, "folded", trusted) == []
    for fault, (_, _, words) in FAULTY.items():
        if words:
            found = [
                p for trust in (True, False) for p in opened(lab, fault.replace(" ", "_"), trust)
            ]
            assert any(words in problem for problem in found), (fault, found)


# ---------------------------------------------------------------------- exported


def exported(browser, notebook, theme: str) -> list[str]:
    """What is wrong with the exported page: what is seen, and how well, under a system that is set
    to the same theme and under one that is not."""
    from nbconvert import HTMLExporter

    html, _ = HTMLExporter(theme=theme).from_notebook_node(notebook)
    page = browser.new_page(viewport={"width": 1200, "height": 1600}, color_scheme=theme)
    try:
        page.route("**/*", lambda route: route.abort())  # the template asks the network for MathJax
        page.route(
            "http://course.invalid/", lambda route: route.fulfill(body=html, content_type=HTML)
        )
        page.goto("http://course.invalid/", wait_until="domcontentloaded")
        page.wait_for_function("[...document.images].every(img => img.complete)")
        found = problems_of_view(page, notebook) + findings(page)
        for system in ("light", "dark"):
            page.emulate_media(color_scheme=system)
            found += [f"system {system}: {problem}" for problem in page.evaluate(SVG_CONTRAST)]
        return found
    finally:
        page.close()


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_an_exported_page_shows_everything(browser, path, theme):
    assert exported(browser, read(path), theme) == []


@pytest.mark.browser
def test_faults_of_an_exported_page_are_noticed(browser):
    assert exported(browser, with_outputs(bundle(SVG)), "dark") == []
    pale = '<p style="color:#bbb;background:#fff">pale</p><button></button>'
    link = '<a href="https://a.invalid" style="color:#222;text-decoration:none">a link</a>'
    pale += f'<p style="color:#000">Words and {link} among them.</p><svg role="img"></svg>'
    notebook = with_outputs({"text/html": pale}, bundle(PALE))
    notebook.cells.append(V4.new_markdown_cell("A link: [](https://a.invalid)"))
    found = " ".join(exported(browser, notebook, "light"))
    for rule in ("link-name", "svg-img-alt", "color-contrast", "button-name", "link-in-text-block"):
        assert rule in found, (rule, found)
    assert 'of "epochs"' in found

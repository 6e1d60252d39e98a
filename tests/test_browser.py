"""Every lesson in real JupyterLab in headless Chromium: run all cells, move every slider."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, skip_or_fail
from jupyter import lab

pytestmark = pytest.mark.browser
THEMES = ("light", "dark")
LESSONS = sorted(path.name for path in (ROOT / "course").glob("*.ipynb"))
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)


@pytest.fixture(scope="module")
def chromium():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        skip_or_fail("Playwright is not installed")
    if not CHROMIUM:
        skip_or_fail("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync", "--no-first-run"],
        )  # fmt: skip
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("lab")
    for lesson in LESSONS:  # without outputs and numbers: what the tests see was made by this run
        notebook = nbformat.read(ROOT / "course" / lesson, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        for theme in THEMES:  # each its own file, so each its own kernel
            (scratch / "course" / theme).mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, scratch / "course" / theme / lesson)
    settings = scratch / "JUPYTERLAB_SETTINGS_DIR" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)  # let the page's preference choose the theme
    (settings / "themes.jupyterlab-settings").write_text('{"adaptive-theme": true}')
    with lab(Path(sys.executable), scratch / "course", scratch) as url:
        yield url


def run_all(page, url: str, lesson: str) -> None:
    """Open a lesson, run all its cells, wait until each has its number."""
    page.goto(f"{url}/lab/tree/{lesson}?reset")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    page.wait_for_function(
        """() => {
            const cells = [...document.querySelectorAll('.jp-CodeCell')];
            const prompts = cells.map(c => c.querySelector('.jp-InputPrompt').textContent);
            return prompts.length > 3 && prompts.every(p => /\\[\\d+\\]/.test(p))
                && prompts.at(-1).includes(`[${prompts.length}]`);
        }""",
        timeout=150_000,
    )


PICTURES = """slider => [...slider.closest('.jp-OutputArea-output')
    .querySelectorAll('.widget-html svg')].map(svg => svg.outerHTML).join()"""


def press(page, slider, key: str) -> bool:
    """Press a key on a slider. Whether it moved: then wait until the picture beside it changes."""
    node = slider.element_handle()
    value, picture = slider.get_attribute("aria-valuenow"), node.evaluate(PICTURES)
    slider.focus()
    page.keyboard.press(key)
    if slider.get_attribute("aria-valuenow") == value:
        return False
    page.wait_for_function(
        f"([node, before]) => {{ const now = ({PICTURES})(node); return now && now !== before; }}",
        arg=[node, picture],
        timeout=10_000,
    )
    return True


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("theme", THEMES)
def test_a_lesson_runs_and_its_sliders_change_the_picture(chromium, server, lesson, theme):
    page = chromium.new_page(viewport={"width": 1200, "height": 9000}, color_scheme=theme)
    try:
        run_all(page, server, f"{theme}/{lesson}")
        light = page.locator("body").get_attribute("data-jp-theme-light")
        assert light == ("true" if theme == "light" else "false")
        errors = page.locator(
            '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"], '
            '.jp-RenderedText[data-mime-type="application/vnd.jupyter.error"]'
        )
        assert errors.count() == 0, errors.first.inner_text()
        assert page.get_by_text("Traceback (most recent call last)").count() == 0
        assert page.get_by_text("Error displaying widget").count() == 0
        page.locator(".widget-html svg").first.wait_for(timeout=20_000)
        sliders = page.locator(".jp-OutputArea-output").get_by_role("slider")
        assert sliders.count() >= 1, "a lesson without a widget"
        for slider in sliders.all():
            moved = [press(page, slider, key) for key in ("End", "Home", "ArrowRight")]
            assert all(moved[1:]), "a slider that the keyboard does not move"
        assert page.locator(".jp-OutputArea-output [role=alert]").count() == 0
        assert errors.count() == 0, errors.first.inner_text()
    finally:
        page.close()

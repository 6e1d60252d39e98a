"""Predictions and verdicts in real JupyterLab: by keyboard, light and dark, trusted and not."""

from __future__ import annotations

import nbformat
import pytest
from browser import run_all, served, set_theme
from nbformat.v4 import new_code_cell, new_notebook

from hebblite.classroom import release
from hebblite.teaching import boxes

pytestmark = pytest.mark.browser

KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
ASK = """
from hebblite.teaching import chart, marks, predict, reveal, said
predict("03.p1", "How large is the angle?", unit="°", low=0, high=180)
predict("03.p2", "What happens to the weight?", options=["it grows", "it shrinks"])
predict("03.p3", "Both angles?", unit="°", low=0, high=180, parts=["DH", "Hebb"])
"""
REVEAL = """
def draw(angle):
    line = chart.Series("DH", [0, 1], [8, 8])
    panel = chart.Panel("Angle", "time (s)", "angle (°)", [line], marks=marks("03.p1"))
    return chart.chart([panel], label="The angle stays at 8°. " + said("03.p1", 8))

reveal(draw, "03.p1")
"""
CHECKS = """
import numpy as np
from hebblite.teaching import check, hint, piece
check("00.1", None)
check("00.1", lambda post, pre: np.cos(post[1:] - post[:-1]).T @ pre[:-1])
check("05.3", lambda P: float(P[0, 0]))
check("00.1", lambda post, pre: np.diff(post, axis=0).T @ pre[:-1])
hint()
hint()
my_piece = piece("00.1", None)
"""


def notebook(*cells):
    metadata = {"kernelspec": KERNEL}
    return new_notebook(metadata=metadata, cells=[new_code_cell(cell.strip()) for cell in cells])


def serious(page, where):
    """What axe finds within ``where``, each with its rule."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=where).response["violations"]
    return [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found]


def test_a_guess_is_kept_by_keyboard_and_drawn_at_once(browser):
    with served({"ask": notebook(ASK, REVEAL)}) as url:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        run_all(page, url, "ask")
        status = page.get_by_role("status")
        picture = page.locator("img[alt^='The angle stays']")
        page.get_by_label("Your guess (°)").focus()
        for typed, told in (("many", "'many' is not a number"), ("200", "200° cannot be"),
                            ("30", "Kept: 30°")):  # fmt: skip
            page.keyboard.press("Control+a")
            page.keyboard.type(typed)
            page.keyboard.press("Enter")
            status.filter(has_text=told).wait_for()
        page.locator("img[alt*='You said 30°, and it is 8°.']").wait_for()
        assert picture.count() == 1
        page.get_by_label("it shrinks").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        status.filter(has_text="Kept: “it shrinks”").wait_for()
        page.get_by_label("DH (°)").fill("10")
        page.get_by_label("Hebb (°)").fill("80")
        page.keyboard.press("Enter")
        status.filter(has_text="Kept: 10° for DH and 80° for Hebb").wait_for()
        page.get_by_role("button", name="Clear").first.click()
        status.filter(has_text="Your guess is cleared.").wait_for()
        page.locator("img[alt*='It is 8°.']").wait_for()
        for theme in ("light", "dark"):
            set_theme(page, theme)
            assert serious(page, ".jp-OutputArea-output") == []
        page.set_viewport_size({"width": 640, "height": 360})  # zoom 200 %
        for field in page.locator("fieldset input[type=text], fieldset button").all():
            box = field.bounding_box()
            assert box["width"] > 20 and box["height"] >= 24
        page.close()


def test_verdicts_look_the_same_where_a_notebook_is_not_trusted(browser, monkeypatch, tmp_path):
    stored = notebook(CHECKS, ASK)
    release.execute(stored, tmp_path)
    outputs = [cell.outputs for cell in stored.cells]
    write = nbformat.write

    def with_outputs(made, path):
        for cell, output in zip(made.cells, outputs, strict=True):
            cell.outputs = output
        write(made, path)

    monkeypatch.setattr(nbformat, "write", with_outputs)
    with served({"stored": stored}) as url:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"{url}/lab/tree/stored.ipynb?reset")
        page.get_by_text("00.1 is not right yet").wait_for()
        page.get_by_text("Both angles?", exact=True).last.wait_for()
        found = page.evaluate("""() => [...document.querySelectorAll(
            '.jp-OutputArea-output > div')].map(box => {
                const look = getComputedStyle(box);
                return [look.borderLeftWidth, look.borderLeftColor];
            })""")
        widths = [width for width, _ in found]
        assert widths.count("6px") == 7, found
        colours = {colour for width, colour in found if width == "6px"}
        assert len(colours) == len(boxes.LOOKS)
        assert page.get_by_text("Error displaying widget").count() == 0
        picture = page.locator("img[alt^='Your matrix']")
        assert picture.evaluate("n => n.naturalWidth") > 100
        assert "`" not in page.locator(".jp-OutputArea").first.inner_text()
        for theme in ("light", "dark"):
            set_theme(page, theme)
            assert serious(page, ".jp-OutputArea-output") == []
        page.close()

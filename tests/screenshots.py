"""Pictures of the lessons as a learner sees them, to be looked at by people.

    python tests/screenshots.py OUT             every lesson, light and dark
    python tests/screenshots.py OUT 00 01       these lessons, by number or name
    python tests/screenshots.py OUT --height 900 --width 1200

Runs the learner's copy in real JupyterLab in headless Chromium and writes the whole notebook, page
after page, to OUT/<lesson>/<theme>-01.png, -02.png ... Pages overlap a little, so that every line
is whole on one of them. Look for what no test sees: overlaps, clipped text, a legend that hides
data, a picture that does not say what the text says of it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from browser import chosen, chromium, course, run_all, served, set_theme, without_outputs

OVERLAP = 60
SCROLLER = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer"


def shoot(page, folder: Path, theme: str) -> list[Path]:
    """The notebook on the page from top to bottom, in the window's size."""
    set_theme(page, theme)
    page.mouse.move(0, 0)
    pane = page.locator(SCROLLER)
    page.evaluate("() => document.activeElement?.blur()")
    pane.evaluate("node => { node.scrollTop = 0; }")
    page.wait_for_timeout(1500)  # equations and the style sheet
    box = pane.bounding_box()
    whole = pane.evaluate(  # below the last cell there is only room to scroll
        """pane => {
            const last = [...pane.querySelectorAll('.jp-Cell')].at(-1);
            return last.getBoundingClientRect().bottom - pane.getBoundingClientRect().top;
        }"""
    )
    files, top = [], 0.0
    while top == 0 or top + OVERLAP < whole:
        pane.evaluate("(node, top) => { node.scrollTop = top; }", top)
        page.wait_for_timeout(250)
        top = pane.evaluate("node => node.scrollTop") + box["height"] - OVERLAP
        files.append(folder / f"{theme}-{len(files) + 1:02d}.png")
        page.screenshot(path=files[-1], clip=box)
    return files


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("lessons", nargs="*", help="numbers or names; all if none is given")
    parser.add_argument("--width", type=int, default=1200, help="of the window (default 1200)")
    parser.add_argument("--height", type=int, default=1600, help="of the window (default 1600)")
    options = parser.parse_args(arguments)
    names = chosen(options.lessons)
    size = {"width": options.width, "height": options.height}
    with chromium() as browser, served(without_outputs(course(names))) as url:
        for name in names:
            for old in (options.out / name).glob("*-[0-9][0-9].png"):
                old.unlink()  # a longer notebook's last pages
            folder = options.out / name
            folder.mkdir(parents=True, exist_ok=True)
            page = browser.new_page(viewport=size, color_scheme="light")
            run_all(page, url, name)
            page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
            for theme in ("light", "dark"):
                files = shoot(page, folder, theme)
                print(f"{folder}: {len(files)} pages, {theme}")
            page.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Pictures of the lessons as a learner sees them, to be looked at by people.

    python tests/screenshots.py OUT             every lesson
    python tests/screenshots.py OUT 00 01       these lessons, by number or name
    python tests/screenshots.py OUT --size 1280x720 --zoom 200 --theme dark
    python tests/screenshots.py OUT --stored    as they are stored, nothing run

Runs the learner's copy once in real JupyterLab in headless Chromium and writes the whole notebook,
page after page, for every size, zoom and theme, to OUT/<lesson>/<size>[-<zoom>]-<theme>-01.png, -02
... Pages overlap a little, so that every line is whole on one of them. Without options: 1280 x 720
and 1920 x 1080, and 1280 x 720 at 200 % zoom, each light and dark. Look for what no test sees:
overlaps, clipped text, a legend that hides data, a picture that does not say what the text says.
"""

from __future__ import annotations

import argparse
import base64
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from browser import (
    chosen,
    chromium,
    course,
    open_stored,
    run_all,
    served,
    set_theme,
    without_outputs,
)

OVERLAP = 60
SCROLLER = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer"
VIEWS = (("1280x720", 100), ("1920x1080", 100), ("1280x720", 200))


def zoom(page, size: str, percent: int) -> None:
    """The window as it is at this size and zoom: fewer, larger pixels, as a browser does it."""
    width, height = map(int, size.split("x"))
    scale = percent / 100
    page.context.new_cdp_session(page).send(
        "Emulation.setDeviceMetricsOverride",
        {"width": round(width / scale), "height": round(height / scale),
         "deviceScaleFactor": scale, "mobile": False},
    )  # fmt: skip


# One page down. Whether there is more to see: below the last cell there is only room to scroll.
DOWN = """(pane, overlap) => {
    const end = [...pane.querySelectorAll('.jp-Cell')].at(-1).getBoundingClientRect().bottom;
    const before = pane.scrollTop;
    const more = end > pane.getBoundingClientRect().bottom + 1;
    if (more) pane.scrollTop += Math.max(pane.clientHeight - overlap, pane.clientHeight / 2);
    return more && pane.scrollTop > before;
}"""


def shoot(page, stem: Path, scale: float) -> list[Path]:
    """The notebook on the page from top to bottom, in the window's size. scale: of its zoom."""
    page.mouse.move(0, 0)
    pane = page.locator(SCROLLER)
    page.evaluate("() => document.activeElement?.blur()")
    page.add_style_tag(content=".jp-cell-toolbar { display: none }")  # of the cell run last
    pane.evaluate("node => { node.scrollTop = 0; }")
    page.wait_for_timeout(1500)  # equations and the style sheet
    box = pane.bounding_box()
    camera = page.context.new_cdp_session(page)
    files, more = [], True
    while more:
        page.wait_for_timeout(200)
        files.append(stem.with_name(f"{stem.name}-{len(files) + 1:02d}.png"))
        # Playwright's own pictures would not have the pixels of a zoomed window.
        taken = camera.send("Page.captureScreenshot", {"clip": {**box, "scale": scale}})
        files[-1].write_bytes(base64.b64decode(taken["data"]))
        more = pane.evaluate(DOWN, OVERLAP)
    return files


def size(text: str) -> str:
    if not re.fullmatch(r"\d+x\d+", text):
        raise argparse.ArgumentTypeError(f"got {text!r}, expected one like 1280x720")
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("lessons", nargs="*", help="numbers or names; all if none is given")
    parser.add_argument("--size", type=size, help="of the window, such as 1280x720")
    parser.add_argument("--zoom", type=int, default=100, help="with --size: per cent (default 100)")
    parser.add_argument("--theme", choices=("light", "dark"), help="one of them only")
    parser.add_argument("--stored", action="store_true", help="as they are stored, nothing run")
    options = parser.parse_args(arguments)
    names = chosen(options.lessons)
    views = ((options.size, options.zoom),) if options.size else VIEWS
    notebooks = course(names) if options.stored else without_outputs(course(names))
    with chromium() as browser, served(notebooks, names) as url:
        for name in names:
            folder = options.out / name
            folder.mkdir(parents=True, exist_ok=True)
            page = browser.new_page(color_scheme="light")
            (open_stored if options.stored else run_all)(page, url, name)
            page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
            for theme in (options.theme,) if options.theme else ("light", "dark"):
                set_theme(page, theme)
                for view in views:
                    zoom(page, *view)
                    stem = f"{view[0]}{f'-{view[1]}' if view[1] != 100 else ''}-{theme}"
                    for old in folder.glob(f"{stem}-[0-9][0-9].png"):
                        old.unlink()  # a longer notebook's last pages
                    files = shoot(page, folder / stem, view[1] / 100)
                    print(f"{folder}: {len(files)} pages, {stem}")
            page.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

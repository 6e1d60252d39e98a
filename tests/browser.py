"""The lessons in a real browser: what the test, the screenshots and the benchmark share.

JupyterLab runs with fresh settings on copies of the notebooks. ``run_all`` opens one without its
outputs, so that everything seen was made by this run; ``open_stored`` opens one as it is stored and
runs nothing, trusted or not. Chromium is the system's own, without a window.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter import lab

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)


def lessons(folder: str = "course") -> list[str]:
    """The names of the lessons, "00_start" first. Shared pages without a number are none."""
    return sorted(path.stem for path in (ROOT / folder).glob("[0-9][0-9]_*.ipynb"))


def chosen(names: Sequence[str]) -> list[str]:
    """The lessons that a command line names, by number or name; all if it names none."""
    unknown = [n for n in names if not any(lesson.startswith(n) for lesson in lessons())]
    if unknown:
        sys.exit(f"No such lesson: {', '.join(unknown)}. There are {', '.join(lessons())}.")
    return [lesson for lesson in lessons() if not names or lesson.startswith(tuple(names))]


@contextlib.contextmanager
def chromium() -> Iterator:
    """The system's Chromium under Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync", "--no-first-run"],
        )  # fmt: skip
        yield browser
        browser.close()


@contextlib.contextmanager
def served(notebooks: dict[str, nbformat.NotebookNode], trusted: Sequence[str] = ()) -> Iterator:
    """JupyterLab on a folder of these notebooks; its address. trusted: the names of those that
    count as run by the reader."""
    from nbformat.sign import NotebookNotary

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        for part in ("course", "JUPYTER_DATA_DIR"):
            (scratch / part).mkdir()
        notary = NotebookNotary(data_dir=str(scratch / "JUPYTER_DATA_DIR"))
        for name, notebook in notebooks.items():
            nbformat.write(notebook, scratch / "course" / f"{name}.ipynb")
            if name in trusted:
                notary.sign(notebook)
        notary.store.close()
        settings = scratch / "JUPYTERLAB_SETTINGS_DIR" / "@jupyterlab"
        for path, setting in (  # the page's preference chooses the theme; all cells; no pop-up
            ("apputils-extension/themes", '{"adaptive-theme": true}'),
            ("notebook-extension/tracker", '{"windowingMode": "none"}'),
            ("apputils-extension/notification", '{"fetchNews": "false", "checkForUpdates": false}'),
        ):
            file = settings / f"{path}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(setting)
        with lab(Path(sys.executable), scratch / "course", scratch, package=ROOT) as url:
            yield url


def course(names: Sequence[str]) -> dict[str, nbformat.NotebookNode]:
    """The learner's copies of these lessons, as they are stored."""
    return {n: nbformat.read(ROOT / "course" / f"{n}.ipynb", as_version=4) for n in names}


def without_outputs(notebooks: dict[str, nbformat.NotebookNode]) -> dict:
    """The same notebooks as before any run."""
    for cell in (cell for notebook in notebooks.values() for cell in notebook.cells):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebooks


def open_stored(page, url: str, name: str) -> None:
    """Open a notebook, run nothing, and wait until its kernel and all its pictures are there."""
    if page.url.startswith(url):
        page.evaluate(
            "path => { jupyterapp.commands.execute('docmanager:open', {path}); }", f"{name}.ipynb"
        )
    else:
        page.goto(f"{url}/lab/tree/{name}.ipynb?reset")
    settled(page, f"{name}.ipynb")
    page.wait_for_timeout(500)  # a widget without its model says so a moment later


def settled(page, path: str) -> None:
    """Wait until a notebook is on the page with its kernel, all its cells and pictures."""
    page.wait_for_function(
        """path => {
            const shown = window.jupyterapp?.shell.currentWidget;
            const session = shown?.context?.sessionContext;
            const ready = session?.session?.kernel?.status === 'idle' || session?.isReady
                && ![...shown.content.model.cells].some(cell => cell.type === 'code');
            return shown?.context?.path === path && ready
                && shown.content.widgets.length === shown.content.model.cells.length
                && shown.content.widgets.every(cell => cell.isAttached)
                && [...shown.node.querySelectorAll('img')].every(img => img.complete)
                && !/Loading widget/.test(shown.node.textContent);
        }""",
        arg=path,
        timeout=90_000,
    )


def run_all(page, url: str, name: str) -> None:
    """Open a notebook, run all its cells, wait until each has its number or one has failed, and
    watch its kernel."""
    page.goto(f"{url}/lab/tree/{name}.ipynb?reset")
    page.get_by_text(re.compile(r"Python 3.* \| Idle")).wait_for(timeout=60_000)
    page.evaluate("jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    page.wait_for_function(  # a cell that is folded shows no prompt: the model knows its number
        """() => {
            const cells = [...jupyterapp.shell.currentWidget.content.model.cells]
                .filter(cell => cell.type === 'code');
            return document.querySelector('[data-mime-type="application/vnd.jupyter.error"]')
                || cells.length && cells.every(cell => cell.executionCount);
        }""",
        timeout=150_000,
    )
    page.evaluate(WATCH)


def resize(page, width: int, height: int) -> None:
    """The window as zoom makes it: 1280 x 720 at 400 % is 320 x 180 CSS pixels."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("watch.frames(3)")


def set_theme(page, theme: str) -> None:
    """Switch to "light" or "dark", as a reader's system would, without running anything anew."""
    page.emulate_media(color_scheme=theme)
    wanted = "true" if theme == "light" else "false"
    body = page.locator(f'body[data-jp-theme-light="{wanted}"]')
    body.wait_for(state="attached", timeout=20_000)
    page.wait_for_function(  # the name changes first, the style sheet follows
        """light => {
            const paper = getComputedStyle(document.body)
                .getPropertyValue('--jp-layout-color0').trim();
            const probe = document.createElement('i');
            probe.style.color = paper; document.body.append(probe);
            const [r] = getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number);
            probe.remove();
            return paper !== '' && (r > 128) === light;
        }""",
        arg=theme == "light",
        timeout=20_000,
    )


# What the page is asked. ``watch.sent`` counts the moves that the page told the kernel, ``open``
# those the kernel still works on, ``complaints`` is whatever else a move made the kernel say.
WATCH = """() => {
    const kernel = jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
    const watch = window.watch = {sent: 0, open: new Set(), complaints: [], moves: new Set()};
    kernel.anyMessage.connect((_, {msg, direction}) => {
        const type = msg.header.msg_type, parent = msg.parent_header?.msg_id;
        if (direction === 'send' && type === 'comm_msg') {
            watch.sent += 1;
            watch.sentAt = performance.now();
            watch.open.add(msg.header.msg_id);
            watch.moves.add(msg.header.msg_id);
        } else if (watch.moves.has(parent)) {
            if (type === 'comm_msg') watch.answeredAt = performance.now();
            if (type === 'status' && msg.content.execution_state === 'idle')
                watch.open.delete(parent);
            if (type === 'error') watch.complaints.push(msg.content.ename, msg.content.evalue);
            if (type === 'stream') watch.complaints.push(msg.content.text);
        }
    });
    watch.frames = n => new Promise(done => {
        const next = () => n-- > 0 ? requestAnimationFrame(next) : done();
        next();
    });
    // Until the kernel has answered everything sent since there were ``before`` messages.
    watch.settle = async before => {
        const start = performance.now(), waited = () => performance.now() - start;
        while (watch.sent === before && waited() < 300) await watch.frames(1);
        while (watch.open.size) {
            if (waited() > 20000) throw new Error('the kernel does not answer');
            await watch.frames(1);
        }
        await watch.frames(2);
    };
    // The graphics under a node, without the words that only describe them.
    watch.picture = root => {
        const copy = root.querySelector('.hebblite-picture').cloneNode(true);
        copy.querySelectorAll('title, desc').forEach(node => node.remove());
        copy.querySelectorAll('[aria-label]').forEach(n => n.removeAttribute('aria-label'));
        const found = [...copy.querySelectorAll('svg, img')].map(node => node.outerHTML);
        return found.length ? found.join('\\n') : copy.innerHTML;
    };
}"""


# Each kind of control: where it is, and how its state is read.
BOX = ".hebblite-box"
KINDS = {"slider": "input[type=range]", "menu": "select", "box": "input[type=checkbox]"}
STATE = """{
    'slider': n => n.value + n.getAttribute('aria-valuetext'),
    'menu': n => n.selectedIndex,
    'box': n => n.checked,
}"""
FOCUSABLE = "a[href], button, input, select, textarea, [tabindex]"


@dataclass
class Control:
    """One control of a widget, worked by keyboard alone."""

    page: object
    kind: str
    node: object
    label: str

    def state(self):
        return self.node.evaluate(f"n => ({STATE})['{self.kind}'](n)")

    def focus(self) -> None:
        """Put the keyboard's focus on it, as Tab would."""
        focused = self.node.evaluate(
            "n => { n.focus(); return n.tabIndex >= 0 && document.activeElement === n; }"
        )
        assert focused, f"the keyboard does not reach {self.label!r}"

    def to(self, end: str) -> bool:
        """Move to "max" or "min", or one step on ("next"), and wait for the kernel's answer.
        Whether it moved."""
        before, sent = self.state(), self.page.evaluate("watch.sent")
        self.focus()
        if self.kind == "box":
            if end == "next" or before != (end == "max"):
                self.page.keyboard.press("Space")
        else:
            step = "ArrowRight" if self.kind == "slider" else "ArrowDown"
            self.page.keyboard.press({"max": "End", "min": "Home"}.get(end, step))
        if self.state() == before:
            return False
        self.page.evaluate("sent => watch.settle(sent)", sent)
        return True


@dataclass
class Widget:
    """One box of ``explore``: ``picture()`` is what its controls change."""

    page: object
    node: object
    cell: int
    controls: list[Control]
    unknown: list[str]

    def picture(self) -> str:
        return self.node.evaluate("root => watch.picture(root)")


def widgets(page) -> list[Widget]:
    """The boxes of ``explore`` in the notebook, in order."""
    found = []
    for node in page.locator(BOX).element_handles():
        controls = [
            Control(page, kind, part, part.evaluate("n => n.labels[0]?.textContent.trim() || ''"))
            for kind, selector in KINDS.items()
            for part in node.query_selector_all(selector)
        ]
        unknown = node.evaluate(
            """(root, [focusable, known]) => [...root.querySelectorAll(focusable)]
                .filter(n => n.tabIndex >= 0 && !n.matches(known)).map(n => n.outerHTML)""",
            [FOCUSABLE, ", ".join(KINDS.values())],
        )
        cell = node.evaluate("""n => [...document.querySelectorAll('.jp-Cell')]
            .indexOf(n.closest('.jp-Cell'))""")
        found.append(Widget(page, node, cell, controls, unknown))
    return found

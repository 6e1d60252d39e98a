"""The lessons in a real browser: what the test, the screenshots and the benchmark share.

JupyterLab runs with fresh settings on copies of the learner's notebooks without outputs, so that
everything seen was made by this run. Chromium is the system's own, without a window.
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
def served(notebooks: dict[str, nbformat.NotebookNode]) -> Iterator[str]:
    """JupyterLab on a folder of these notebooks without outputs; its address."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        (scratch / "course").mkdir()
        for name, notebook in notebooks.items():
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = [], None
            nbformat.write(notebook, scratch / "course" / f"{name}.ipynb")
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
    """The learner's copies of these lessons."""
    return {n: nbformat.read(ROOT / "course" / f"{n}.ipynb", as_version=4) for n in names}


def run_all(page, url: str, name: str) -> None:
    """Open a notebook, run all its cells, wait until each has its number, and watch its kernel."""
    page.goto(f"{url}/lab/tree/{name}.ipynb?reset")
    page.get_by_text(re.compile(r"Python 3.* \| Idle")).wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    page.wait_for_function(
        """() => {
            const cells = [...document.querySelectorAll('.jp-CodeCell')];
            const prompts = cells.map(c => c.querySelector('.jp-InputPrompt').textContent);
            return prompts.length && prompts.every(p => /\\[\\d+\\]/.test(p))
                && prompts.at(-1).includes(`[${prompts.length}]`);
        }""",
        timeout=150_000,
    )
    page.evaluate(WATCH)


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
        const found = [];
        for (const svg of root.querySelectorAll('.widget-html svg')) {
            const copy = svg.cloneNode(true);
            copy.removeAttribute('aria-label');
            copy.querySelectorAll('title, desc').forEach(node => node.remove());
            found.push(copy.outerHTML);
        }
        root.querySelectorAll('img').forEach(img => found.push(img.src));
        root.querySelectorAll('canvas').forEach(canvas => found.push(canvas.toDataURL()));
        if (!found.length)
            root.querySelectorAll('.widget-html').forEach(html => found.push(html.innerHTML));
        return found.join('\\n');
    };
}"""


# Each kind of control: where it is, and how its state is read. Whatever else takes the focus is
# reported as not tried. (Play is not here: its buttons have no name that can be read aloud.)
KINDS = {
    "slider": ".noUi-handle",
    "menu": "select",
    "choice": ".widget-toggle-buttons",
    "radio": ".widget-radio-box",
    "box": "input[type=checkbox]",
    "number": "input[type=number]",
    "switch": "button.widget-toggle-button:not(.widget-toggle-buttons *)",
    "button": "button.widget-button:not(.widget-toggle-buttons *)",
}
STATE = """{
    'slider': n => n.getAttribute('aria-valuenow') + n.getAttribute('aria-valuetext'),
    'menu': n => [...n.options].map(o => o.selected).join(),
    'choice': n => [...n.querySelectorAll('button')]
        .findIndex(b => b.classList.contains('mod-active')),
    'radio': n => [...n.querySelectorAll('input')].findIndex(i => i.checked),
    'box': n => n.checked, 'number': n => n.value,
    'switch': n => n.classList.contains('mod-active'),
    'button': n => Math.random(),
}"""
WIDGETS = ".jp-OutputArea-output:has(.jupyter-widgets)"
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

    def focus(self, part: str = "", which: int = 0) -> None:
        """Put the keyboard's focus on it, as Tab would."""
        node = self.node.query_selector_all(part)[which] if part else self.node
        focused = node.evaluate(
            "n => { n.focus(); return n.tabIndex >= 0 && document.activeElement === n; }"
        )
        assert focused, f"the keyboard does not reach {self.label!r}"

    def to(self, end: str) -> bool:
        """Move to "max" or "min", or one step on ("next"), and wait for the kernel's answer.
        Whether it moved."""
        before, sent = self.state(), self.page.evaluate("watch.sent")
        press = self.page.keyboard.press
        first_last = {"max": -1, "min": 0}
        if self.kind in ("slider", "menu"):
            self.focus()
            key = {"max": "End", "min": "Home"}.get(end)
            press(key or ("ArrowRight" if self.kind == "slider" else "ArrowDown"))
        elif self.kind == "choice":
            self.focus("button", first_last.get(end, 1))
            press("Space")
        elif self.kind == "radio":
            self.focus("input", first_last.get(end, 1))
            press("Space")
        elif self.kind in ("box", "switch"):
            self.focus()
            if end == "next" or before != (end == "max"):
                press("Space")
        elif self.kind == "number":
            self.focus()
            if end == "next":
                press("ArrowUp")
            else:
                press("Control+a")
                self.page.keyboard.type(self.node.get_attribute(end) or f"{LIMITS[end]}")
            press("Enter")
        elif self.kind == "button":
            self.focus()
            press("Space")
        if self.state() == before:
            return False
        self.page.evaluate("sent => watch.settle(sent)", sent)
        return True


LIMITS = {"max": 1_000_000, "min": -1_000_000}  # of a number field without any


@dataclass
class Widget:
    """One output with controls: ``picture()`` is what they change."""

    page: object
    node: object
    cell: int
    controls: list[Control]
    unknown: list[str]

    def picture(self) -> str:
        return self.node.evaluate("root => watch.picture(root)")


def widgets(page) -> list[Widget]:
    """The widgets of the notebook that have controls, in order. A progress bar has none."""
    found = []
    for node in page.locator(WIDGETS).element_handles():
        controls = []
        for kind, selector in KINDS.items():
            for part in node.query_selector_all(selector):
                label = part.evaluate("""n => {
                    const box = n.closest('.jupyter-widgets');
                    const words = box.querySelector('.widget-label, label');
                    const title = n.querySelector('[title]')?.title;
                    return (words?.textContent || n.textContent || n.title || title || '').trim();
                }""")
                controls.append(Control(page, kind, part, label))
        known = ", ".join(f"{selector}, {selector} *" for selector in KINDS.values())
        unknown = node.evaluate(
            """(root, [focusable, known]) => [...root.querySelectorAll(focusable)]
                .filter(n => n.tabIndex >= 0 && !n.matches(known)).map(n => n.outerHTML)""",
            [FOCUSABLE, known],
        )
        cell = node.evaluate("""n => [...document.querySelectorAll('.jp-Cell')]
            .indexOf(n.closest('.jp-Cell'))""")
        if controls or unknown:
            found.append(Widget(page, node, cell, controls, unknown))
    return found

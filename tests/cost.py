"""Plugin for the run of the notebooks: what each costs, its limits, and the table of that.

    python -m pytest --nbval -p tests.cost course
    make lesson-costs                               ... with a limit, and write the table

Measured in the same run that compares the outputs, so no notebook is run twice: the wall time from
before the start of its kernel to the end of its last cell, and the peak of the resident memory of
the kernel with all processes it starts. A lesson that needs too much memory fails the run. Time has
a limit only where one is asked for, as it says as much of the machine, and of what else runs there.
The table is written only if the run passes and has every lesson.
"""

from __future__ import annotations

import math
import os
import re
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest

from hebblite.teaching.course_map import LESSONS

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "tests" / "README.md"
BEGIN, END = "<!-- lessons: begin -->", "<!-- lessons: end -->"
LESSON = re.compile(r"\d\d_\w+\.ipynb")


class Meter:
    """Time since it was made, and the peak memory of this process's new children."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.seconds, self.peak = 0.0, 0
        self.others = {child.pid for child in psutil.Process().children()}
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self) -> None:
        while not self.ended.wait(0.05):
            self.peak = max(self.peak, self.now())

    def now(self) -> int:
        """Bytes held by the kernel and its descendants. One that has just ended holds none."""
        held = 0
        for child in psutil.Process().children():
            if child.pid in self.others:
                continue
            try:
                for process in (child, *child.children(recursive=True)):
                    held += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return held

    def stop(self) -> None:
        self.seconds = time.monotonic() - self.start
        self.ended.set()
        self.thread.join()
        self.peak = max(self.peak, self.now())


def pytest_addoption(parser) -> None:
    group = parser.getgroup("cost of lessons")
    group.addoption("--write-cost", action="store_true", help="write the table to tests/README.md")
    group.addoption("--most-seconds", type=float, default=math.inf, help="limit for each lesson")
    group.addoption("--most-megabytes", type=float, default=1000, help="limit for each lesson")


def pytest_configure(config) -> None:
    home = tempfile.TemporaryDirectory()  # guesses of whoever runs this change no picture
    os.environ["HEBBLITE_HOME"] = home.name
    config.add_cleanup(home.cleanup)
    config.pluginmanager.register(Costs(config), "costs")


class Costs:
    """Starts a meter at the first cell of a notebook and stops it after the last one."""

    def __init__(self, config) -> None:
        self.config = config
        self.meters: dict[Path, Meter] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item) -> None:  # first of all: nbval starts the kernel here
        if LESSON.fullmatch(item.path.name) and item.path not in self.meters:
            self.meters[item.path] = Meter()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item, nextitem) -> None:  # nbval ends the kernel here
        if item.path in self.meters and (nextitem is None or nextitem.path != item.path):
            self.meters[item.path].stop()

    def too_much(self) -> list[str]:
        seconds, megabytes = self.config.option.most_seconds, self.config.option.most_megabytes
        return [
            f"{path.parent.name}/{path.name}: {meter.seconds:.1f} s, {meter.peak / 1e6:.0f} MB; "
            f"allowed are {seconds:g} s and {megabytes:g} MB"
            for path, meter in self.meters.items()
            if meter.seconds > seconds or meter.peak > megabytes * 1e6
        ]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session) -> None:
        if self.too_much() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        rows = self.rows("course")
        whole = set(rows) == {p.stem for p in (ROOT / "course").glob("[0-9][0-9]_*.ipynb")}
        if self.config.option.write_cost and whole and session.exitstatus == pytest.ExitCode.OK:
            write(rows)

    def rows(self, folder: str) -> dict[str, tuple[float, float]]:
        """Seconds and megabytes of the lessons of a folder that were run."""
        return {
            path.stem: (meter.seconds, meter.peak / 1e6)
            for path, meter in sorted(self.meters.items())
            if path.parent.name == folder
        }

    def pytest_terminal_summary(self, terminalreporter) -> None:
        terminalreporter.section("what the lessons cost")
        for folder in ("solutions", "course"):
            for name, (seconds, megabytes) in self.rows(folder).items():
                row = f"{folder + '/' + name:<40} {seconds:6.1f} s {megabytes:6.0f} MB"
                terminalreporter.write_line(row)
        for line in self.too_much():
            terminalreporter.write_line(f"TOO MUCH: {line}", red=True)


# ---------------------------------------------------------------------- the table


def title(name: str) -> str:
    """The heading of a lesson, "00 · Start here"."""
    return next(one.name for one in LESSONS if one.stem == name)


def table(rows: dict[str, tuple[float, float]]) -> str:
    """The learner's copies in Markdown, with links."""
    lines = ["| lesson | run from top to bottom | peak memory |", "|---|---|---|"]
    for name, (seconds, megabytes) in rows.items():
        link = f"[{title(name)}](../course/{name}.ipynb)"
        lines.append(f"| {link} | {seconds:.0f} s | {megabytes:.0f} MB |")
    return "\n".join(lines)


def split(text: str) -> tuple[str, str, str]:
    """The README before, between and after the two markers."""
    before, rest = text.split(BEGIN)
    between, after = rest.split(END)
    return before, between, after


def listed(text: str) -> list[str]:
    """The lessons in the table of tests/README.md."""
    return re.findall(r"\]\(\.\./course/(\w+)\.ipynb\)", split(text)[1])


def write(rows: dict[str, tuple[float, float]]) -> None:
    before, _, after = split(README.read_text())
    README.write_text(f"{before}{BEGIN}\n{table(rows)}\n{END}{after}")

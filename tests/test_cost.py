"""What a lesson costs is measured and limited, and the README's table has every lesson."""

from __future__ import annotations

import re
import subprocess
import sys

import cost
import nbformat
import pytest
from browser import ROOT, lessons

# Half of its memory is held by a process that the kernel starts.
HUNGRY = """
import subprocess, sys
held = bytearray(150_000_000)
code = "held = bytearray(150_000_000); import time; time.sleep(1.0)"
subprocess.run([sys.executable, "-c", code], check=True)
"""


def run(path, *options):
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval-lax",
        "-p",
        "tests.cost",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run([*command, *options, path], cwd=ROOT, capture_output=True, text=True)
    row = re.search(r"([\d.]+) s +(\d+) MB$", done.stdout, re.MULTILINE)
    assert row, done.stdout + done.stderr
    return done.returncode, float(row[1]), float(row[2]), done.stdout


@pytest.mark.long
def test_time_and_memory_are_measured_and_limited(tmp_path):
    v4 = nbformat.v4
    path = tmp_path / "course" / "42_hungry.ipynb"
    path.parent.mkdir()
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell(HUNGRY), v4.new_code_cell("1")]), path)
    code, seconds, megabytes, said = run(path, "--most-seconds=1")
    assert seconds > 1.0 and 300 < megabytes < 600
    assert code == 1 and "TOO MUCH: course/42_hungry.ipynb" in said
    code, _, _, said = run(path, "--most-megabytes=200")
    assert code == 1 and "TOO MUCH: course/42_hungry.ipynb" in said
    # ... and that it passes within the limits is what ``make notebooks`` shows


def test_the_readme_has_every_lesson_and_none_takes_long():
    text = cost.README.read_text()
    assert cost.listed(text) == lessons(), "run: make lesson-costs"
    seconds = [int(found) for found in re.findall(r"\.ipynb\) \| (\d+) s \|", text)]
    assert len(seconds) == len(lessons()) and max(seconds) <= 30


def test_the_table_says_what_was_measured():
    name = lessons()[0]
    text = f"before {cost.BEGIN} old {cost.END} after"
    before, _, after = cost.split(text)
    rows = cost.table({name: (5.3, 154.6)})
    assert (before, after) == ("before ", " after")
    assert rows.endswith(f"[00 · Start here](../course/{name}.ipynb) | 5 s | 155 MB |")

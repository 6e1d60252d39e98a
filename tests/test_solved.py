"""Progress is kept whatever happens: two kernels at once, a full disk, a damaged file."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys

import pytest

from hebblite.teaching import check, progress, solved
from hebblite.teaching.exercises import find
from hebblite.teaching.solved import progress_file, remember

HAMMER = """
import sys
from hebblite.teaching.solved import remember
for k in range(60):
    remember(f"{int(sys.argv[1]):02d}.{k}")
"""


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("HEBBLITE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_kernels_that_write_at_once_lose_nothing(home):
    kernels = [subprocess.Popen([sys.executable, "-c", HAMMER, str(n)]) for n in (1, 2, 3)]
    assert [kernel.wait(60) for kernel in kernels] == [0, 0, 0]
    assert set(progress()) == {f"{n:02d}.{k}" for n in (1, 2, 3) for k in range(60)}
    assert {p.name for p in home.iterdir()} == {"progress.json", "progress.lock"}


def test_only_one_at_a_time_is_between_reading_and_writing(monkeypatch):
    held = []

    def look(path, read=solved.read):
        with path.with_suffix(".lock").open("ab") as another:
            held.append(not solved.locked(another))
        return read(path)

    monkeypatch.setattr(solved, "read", look)
    remember("00.1")
    assert held == [True]


def test_the_file_is_what_it_was_in_earlier_versions(home):
    """Lesson 00 tells learners to copy it."""
    remember("00.1")
    remember("01.2")
    remember("00.1")
    assert json.loads((home / "progress.json").read_text()) == ["00.1", "01.2"] == progress()


@pytest.mark.parametrize(
    ("content", "saved"),
    [
        (b'["00.1", "01.', ["00.1"]),  # torn
        (b'\xff\xfe"02.1"', ["02.1"]),
        (b"", []),
        (b"[" * 100_000, []),
        (b'{"00.1": "2026-01-02", "01.1": 3.14159}', ["00.1", "01.1"]),  # of another version
        (b"17", []),
        (b'["00.1", 3]', ["00.1"]),
        (b"\x00" * 64, []),
    ],
)
def test_a_damaged_file_is_kept_and_what_it_says_is_saved(content, saved, home):
    home.mkdir()
    progress_file().write_bytes(content)
    assert progress() == saved
    remember("09.9")
    remember("09.8")
    assert progress() == [*saved, "09.8", "09.9"]
    kept = [p for p in home.iterdir() if p.name.startswith("progress-damaged")]
    assert [p.read_bytes() for p in kept] == [content]


def test_a_mark_of_byte_order_is_no_damage(home):
    home.mkdir()
    progress_file().write_bytes(b'\xef\xbb\xbf["00.1"]')  # Notepad
    remember("00.2")
    assert progress() == ["00.1", "00.2"] and len(list(home.iterdir())) == 2


def no_space(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("fails", ["fsync", "replace", "mkdir", "open"])
def test_a_disk_that_is_full_or_cannot_be_written_leaves_the_old_file(
    fails, home, monkeypatch, capsys
):
    remember("01.1")
    before = progress_file().read_bytes()
    with monkeypatch.context() as broken:
        if fails == "fsync":
            broken.setattr(os, "fsync", no_space)
        elif fails == "replace":
            broken.setattr("pathlib.Path.replace", no_space)
        elif fails == "mkdir":
            broken.setattr("pathlib.Path.mkdir", no_space)
        else:
            broken.setattr("pathlib.Path.open", no_space)
        check("00.1", find("00.1").reference)
    out = capsys.readouterr()
    assert out.out.startswith("✓") and out.err == ""
    assert progress_file().read_bytes() == before
    assert not [p for p in home.iterdir() if p.suffix == ".part"]


def test_a_file_that_cannot_be_read_is_not_replaced(home, monkeypatch):
    remember("01.1")

    def denied(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as broken:
        broken.setattr("pathlib.Path.read_bytes", denied)
        assert progress() == []
        remember("00.1")
    assert progress() == ["01.1"]


def test_a_lock_that_is_never_given_back_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(solved, "SECONDS", 0.05)
    monkeypatch.setattr(solved, "locked", lambda file: False)
    remember("00.1")
    assert progress() == ["00.1"]


def test_without_a_home_folder(monkeypatch, capsys):
    monkeypatch.delenv("HEBBLITE_HOME")

    def nowhere():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("pathlib.Path.home", nowhere)
    check("00.1", find("00.1").reference)
    assert capsys.readouterr().out.startswith("✓") and progress() == []

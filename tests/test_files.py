"""Files that are written whole or not at all, and stay whose they were."""

from __future__ import annotations

import os
import stat
import sys

import numpy as np
import pytest

from hebblite import Network
from hebblite.errors import CheckpointError, UnwritableError
from hebblite.files import check_writable, replacing, write_text

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="no such modes or links there")


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_failure_in_the_middle_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "first")
    for failure in (RuntimeError("mine"), OSError(28, "No space left"), KeyboardInterrupt()):
        with (
            pytest.raises((RuntimeError, UnwritableError, KeyboardInterrupt)),
            replacing(path) as f,
        ):
            f.write(b"half")
            raise failure
    assert path.read_text() == "first\n" and names(tmp_path) == ["a.txt"]
    check_writable(path)
    assert path.read_text() == "first\n" and names(tmp_path) == ["a.txt"]


@POSIX
def test_who_may_read_a_file_does_not_change(tmp_path):
    """A file that only its owner can read is no use in the folder of a class."""
    before = os.umask(0o022)
    try:
        write_text(tmp_path / "new", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o644
    (tmp_path / "new").chmod(0o660)
    write_text(tmp_path / "new", "y")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o660


@POSIX
def test_a_link_still_leads_to_its_file(tmp_path):
    (tmp_path / "real").mkdir()
    write_text(tmp_path / "real" / "a", "x")
    (tmp_path / "link").symlink_to(tmp_path / "real" / "a")
    write_text(tmp_path / "link", "y")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real" / "a").read_text() == "y\n"
    assert names(tmp_path / "real") == ["a"]


def test_long_names_are_names(tmp_path):
    path = tmp_path / ("n" * 240)
    Network([2, 3, 2]).save(path)
    assert Network.load(path).sizes == (2, 3, 2) and names(tmp_path) == [path.name]


@pytest.mark.parametrize("name", ["a\0b", "n" * 3000, "no/such/folder", "", ".", "file/below"])
def test_what_cannot_be_the_name_of_a_file_is_told_as_such(tmp_path, name, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_text("file", "in the way")
    for path in (name, f"{tmp_path}/{name}"):
        with pytest.raises(UnwritableError, match="cannot be written"):
            write_text(path, "x")
        with pytest.raises(CheckpointError, match="cannot be"):
            Network([2, 3, 2]).save(path)
        with pytest.raises(CheckpointError, match=r"cannot be read|damaged"):
            Network.load(path)
    assert names(tmp_path) == ["file"]


def test_an_array_is_read_as_it_was_written(tmp_path):
    net = Network([3, 4, 2], "relu", "same", dtype="float64", seed=7)
    net.biases[0][...] = np.linspace(0, 1, 4)
    net.save(str(tmp_path / "net"))  # the name stays as it is given
    again = Network.load(tmp_path / "net")
    assert names(tmp_path) == ["net"] and again.settings() == net.settings()
    for a, b in zip(again.weights + again.biases, net.weights + net.biases, strict=True):
        assert np.array_equal(a, b) and a.dtype == b.dtype

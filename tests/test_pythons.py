"""The run on other Pythons finds them, says what it cannot have, and the list of lowest versions
says what pyproject says."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import numpy as np
import pytest
from conftest import ROOT, pytest_collection_modifyitems
from packaging.requirements import Requirement
from packaging.version import Version
from pythons import NotHad, compare, main, mirrors, on_path, prepare, start_with_own_libraries

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BOUNDS = [
    (name, Version(spec.version))
    for listed in [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    for name, specs in [(r.name, r.specifier) for r in map(Requirement, listed)]
    for spec in specs
    if spec.operator == ">="
]


@pytest.mark.parametrize(("name", "bound"), BOUNDS)
def test_the_lowest_versions_are_the_bounds_of_pyproject(name, bound):
    """If not: make pins."""
    pins = (ROOT / "binder" / "lowest.txt").read_text()
    pinned = re.search(rf"^{name}==(\S+)$", pins, re.MULTILINE)
    assert pinned and Version(pinned[1]) == bound


def test_a_mirror_is_found_in_both_formats_of_sources():
    old = (
        "# deb http://no.test/debian a main\ndeb [signed-by=/k arch=amd64] http://a.test/d s main\n"
    )
    new = "Types: deb\nURIs: http://b.test/d  http://c.test/d\nSuites: s s-updates\n"
    assert list(mirrors(old + "deb-src http://no.test/d s main\n" + new)) == [
        "http://a.test/d", "http://b.test/d", "http://c.test/d",
    ]  # fmt: skip


def test_a_stand_in_that_does_not_start_is_passed_over(tmp_path, monkeypatch):
    """Managers of Pythons put programs on PATH that only say that there is no such Python."""
    version = f"3.{sys.version_info.minor}"
    monkeypatch.setattr(sys, "_base_executable", "/no/python")
    monkeypatch.setenv("PATH", str(tmp_path))
    stand_in = tmp_path / f"python{version}"
    stand_in.write_text("#!/bin/sh\necho no such version >&2; exit 127\n")
    stand_in.chmod(0o755)
    assert on_path(version) is None
    (tmp_path / "python3").symlink_to(sys.executable)
    found = on_path(version)
    assert found is None or found == tmp_path / "python3"  # (None: without venv)


def test_a_python_that_cannot_be_had_is_said_and_fails_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("pythons.PLACE", tmp_path / "place")
    monkeypatch.setattr("pythons.compare", lambda runs: iter(()))
    with pytest.raises(NotHad):
        prepare(str(tmp_path / "none"))
    assert main([str(tmp_path / "none")]) == 0
    assert "none cannot be had, and was not tried: it does not start" in capsys.readouterr().out


def test_a_test_that_fails_on_another_python_fails_the_run(tmp_path, monkeypatch, capsys):
    """So do packages that cannot be installed, and a training that comes out otherwise."""

    class Fake:
        def __init__(self, name, code=0, weight=1.0):
            self.name, self.code, self.weight = name, code, weight
            self.python = tmp_path / name / "bin" / "python"
            self.log = tmp_path / f"{name}.log"
            self.log.write_text(
                "=== FAILURES ===\nwhy\n1 failed\n" if code else "9 passed\na warning\n"
            )

        def train(self, dtype, packages=None):
            return "9.9", {"weight": np.array([self.weight]), "correct": np.array(0.5)}

        def test(self):
            return self.code

    def prepared(name):
        if name == "bare":
            raise RuntimeError("no wheel")
        return Fake(name, code=int(name == "bad"))

    monkeypatch.setattr("pythons.PLACE", tmp_path)
    monkeypatch.setattr("pythons.ROOT", tmp_path)
    monkeypatch.setattr("pythons.prepare", prepared)
    monkeypatch.setattr("pythons.Run", lambda name, python, log: Fake("here"))
    monkeypatch.setattr("pythons.said", lambda *command, **options: "")  # pip
    assert main(["good"]) == 0
    assert "Python good: 9 passed" in capsys.readouterr().out
    assert main(["good", "bad"]) == 1
    assert "=== FAILURES ===\nwhy" in capsys.readouterr().out
    assert main(["good", "bare"]) == 1
    assert "no wheel" in capsys.readouterr().out
    with pytest.raises(AssertionError, match="odd: other weights than here"):
        list(compare([Fake("here"), Fake("odd", weight=1.1)]))


def test_a_program_is_started_with_the_libraries_beside_it_under_its_own_name(tmp_path):
    root = tmp_path / "a root"
    libraries = root / "usr" / "lib" / "machine"
    python = root / "usr" / "bin" / "python3.99"
    for folder in (libraries, python.parent):
        folder.mkdir(parents=True)
    (libraries / "libc.so.6").touch()
    loader = libraries / "ld-linux-machine.so.2"
    loader.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    loader.chmod(0o755)
    python.write_text("a program")
    start_with_own_libraries(python, root)
    linked = tmp_path / "env-python"
    linked.symlink_to(python)
    told = subprocess.check_output([linked, "-c", "two words"], text=True).splitlines()
    program = str(python) + ".program"
    assert told == ["--library-path", str(libraries), "--argv0", str(linked), program,
                    "-c", "two words"]  # fmt: skip


class Item:
    """What a share of the tests is made of."""

    def __init__(self, nodeid: str, variant: bool) -> None:
        self.nodeid = nodeid
        if variant:
            self.callspec = nodeid


class Config:
    """Of a run with ``--share``; its own hook."""

    def __init__(self, share: str) -> None:
        self.share, self.hook = share, self

    def getoption(self, name):
        return self.share

    def pytest_deselected(self, items):
        self.left_out = items


def test_two_shares_have_every_variant_once_and_the_rest_twice():
    tests = [Item(f"test.py::test_a[{i}]", True) for i in range(50)]
    tests += [Item("test.py::test_b", False)]
    shares = []
    for share in ("1/2", "2/2"):
        items = list(tests)
        pytest_collection_modifyitems(Config(share), items)
        shares.append(items)
    assert sorted(i.nodeid for i in shares[0] + shares[1]) == sorted(
        [i.nodeid for i in tests] + ["test.py::test_b"]
    )
    assert min(map(len, shares)) > 10
    whole = list(tests)
    pytest_collection_modifyitems(Config("1/1"), whole)
    assert whole == tests

"""The house: which package may import which, and how long a module or a function may be.

    lessons -> teaching -> engine <- experiments; classroom and cli stand on top.

What the rooms within a lesson may import is in test_lessons.py.
"""

from __future__ import annotations

import ast

import pytest
from conftest import ROOT

PACKAGE = ROOT / "hebblite"
MODULES = sorted(PACKAGE.rglob("*.py"))

#: What each package may import beside itself and the engine; all other modules are the engine.
MAY = {
    "engine": set(),
    "teaching": set(),
    "experiments": set(),
    "lessons": {"teaching"},
    "classroom": {"teaching", "lessons", "experiments"},
    "cli": {"classroom", "experiments", "teaching"},
}
#: Packages that an install of the engine does not bring (``hebblite.extras``), and who may import
#: them, lazily or not.
OUTSIDE = {
    "matplotlib": {"teaching", "lessons", "experiments", "cli"},
    "joblib": {"experiments", "cli"},
    "dask": {"experiments"},
    "ipywidgets": {"teaching", "lessons"},
    "anywidget": {"teaching"},
    "IPython": {"teaching", "lessons", "classroom"},
    "nbgrader": {"classroom"},
    "nbclient": {"classroom"},
    "nbconvert": {"classroom"},
    "nbformat": {"classroom"},
    "traitlets": {"classroom", "teaching"},
}
#: Commands and names that stay where people know them: one line that leads into a package.
DOORS = {"__main__", "assignments", "release"}


def parts(path):
    """The dotted name of a module within hebblite, as a tuple: () for hebblite itself."""
    inside = path.relative_to(PACKAGE).with_suffix("").parts
    return inside[:-1] if inside[-1] == "__init__" else inside


def imported(path):
    """The names within hebblite that a module imports anywhere in it, as tuples."""
    own = parts(path)
    package = own if path.stem == "__init__" else own[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.name.split(".")
                if name[0] == "hebblite":
                    yield tuple(name[1:])
        elif isinstance(node, ast.ImportFrom):
            name = tuple((node.module or "").split(".")) if node.module else ()
            if node.level:
                base = package[: len(package) - node.level + 1]
                for alias in node.names:
                    yield (*base, *name, alias.name)
            elif name[:1] == ("hebblite",):
                for alias in node.names:
                    yield (*name[1:], alias.name)


def floor(name):
    """The package of MAY that a dotted name belongs to."""
    return name[0] if name and name[0] in MAY else "engine"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: ".".join(parts(p)) or "hebblite")
def test_arrows_run_one_way(path):
    own = parts(path)
    if own and own[0] in DOORS:
        pytest.skip("a door into a package")
    here = floor(own)
    for name in imported(path):
        there = floor(name)
        assert there in {here, "engine"} | MAY[here], f"{here} imports {'.'.join(name)}"


def test_the_reader_of_imports_sees_every_kind(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path)
    path = tmp_path / "lessons" / "lesson09" / "runs" / "race.py"
    path.parent.mkdir(parents=True)
    lines = (
        "import numpy, hebblite.cli",
        "from hebblite import classroom",
        "from ....network import Network",
        "from . import pieces",
        "from ..exercises import step",
        "def f():\n    from hebblite.cli import x",
    )
    path.write_text("\n".join(lines))
    race = ("lessons", "lesson09")
    assert set(imported(path)) == {
        ("cli",), ("classroom",), ("network", "Network"), (*race, "runs", "pieces"),
        (*race, "exercises", "step"), ("cli", "x"),
    }  # fmt: skip
    assert floor(("cli", "x")) == "cli" and floor(("network", "Network")) == floor(()) == "engine"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: ".".join(parts(p)) or "hebblite")
def test_no_module_and_no_function_holds_two_ideas(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno + 1 <= 60, node.name


def from_outside(path):
    """The packages of others that a module imports anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: ".".join(parts(p)) or "hebblite")
def test_the_engine_imports_no_extra(path):
    here = floor(parts(path))
    for name in from_outside(path):
        assert here in OUTSIDE.get(name, {here}), f"{here} imports {name}"


def test_lazy_imports_from_outside_count_too(tmp_path):
    path = tmp_path / "pictures.py"
    path.write_text("from . import svg\ndef f():\n    import matplotlib.image, numpy\n"
                    "    from IPython.display import HTML\n")  # fmt: skip
    assert list(from_outside(path)) == ["matplotlib", "numpy", "IPython"]


def test_teach_and_a_step_are_told_in_45_lines():
    found = {}
    for path in (PACKAGE / "frameworks").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name in ("teach", "advance"):
                found[path.stem, node.name, node.lineno] = node.end_lineno - node.lineno + 1
    assert len(found) >= 10 and max(found.values()) < 45, found

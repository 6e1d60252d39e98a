"""What each kind of install has: the engine and its commands need NumPy, threadpoolctl and tqdm;
the rest is an extra, and where one is missing the message says what to install."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest
from conftest import ROOT

from hebblite.extras import EXTRAS

#: Before anything else, in a process of its own: an install of the engine alone.
ENGINE_ONLY = f"""
import sys
BEFORE = set(sys.modules)
class Absent:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in {sorted(EXTRAS)!r} or top.startswith("jupyter"):
            raise ModuleNotFoundError(f"No module named {{top!r}}", name=top)
sys.meta_path.insert(0, Absent())
"""
#: Last of all: which packages of others have been loaded.
#: (Not each module that comes with Python stands in Python's own list of them.)
LOADED = """
import os
files = {n.partition(".")[0]: getattr(m, "__file__", None) for n, m in sys.modules.items()
         if n not in BEFORE and n.partition(".")[0] not in sys.stdlib_module_names}
print(*(n for n, file in files.items() if file and (
    os.path.dirname(file) != os.path.dirname(os.__file__) or "site-packages" in file)))
"""
DEPENDENCIES = {"numpy", "threadpoolctl", "tqdm"}
TINY = "'--dataset', 'blobs', '--sizes', '2-6-2', '--epochs', '1', '--quiet'"


def engine_only(code, cwd):
    return subprocess.run(
        [sys.executable, "-c", ENGINE_ONLY + code], capture_output=True, text=True, cwd=cwd
    )


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np, hebblite\n"
        "from hebblite.frameworks import DeepFeedbackControl\n"
        "from hebblite.rules import DifferentialHebbian\n"
        "x, y = np.random.default_rng(0).random((20, 2)), np.arange(20) % 2\n"
        "hebblite.fit(hebblite.Network([2, 4, 2]), DeepFeedbackControl(steps=4),\n"
        "             DifferentialHebbian(), x, y, epochs=1)",
        f"from hebblite.cli import main\nassert main(['train', {TINY}]) == 0",
        "from hebblite.cli import main\n"
        "assert main(['bench', '--cases', 'widget', '--repeats', '1']) == 0",
        f"from hebblite.cli import main\n"
        f"assert main(['matrix', {TINY}, '--frameworks', 'dfc', '--rules', 'dh']) == 0",
        "import hebblite.data, hebblite.analysis, hebblite.losses, hebblite.experiments.results",
    ],
    ids=["fit", "train", "bench", "matrix", "import"],
)
def test_the_engine_and_its_commands_need_no_extra(code, tmp_path):
    done = engine_only(code + LOADED, tmp_path)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.splitlines()[-1].split()) <= {"hebblite", *DEPENDENCIES}


@pytest.mark.parametrize(
    ("extra", "arguments", "code"),
    [
        ("plots", ["bench", "--scaling", "--figure", "scaling.png"], 2),
        ("plots", ["matrix", "--frameworks", "pc", "--rules", "dh", "--jobs", "1"], 0),
        ("matrix", ["matrix", "--frameworks", "pc", "--rules", "dh", "--jobs", "2"], 0),
    ],
)
def test_a_missing_extra_is_named_with_the_line_that_installs_it(extra, arguments, code, tmp_path):
    if arguments[0] == "matrix":
        arguments = [*arguments, "--dataset", "blobs", "--sizes", "2-6-2", "--epochs", "1"]
    done = engine_only(f"from hebblite.cli import main\nsys.exit(main({arguments!r}))", tmp_path)
    assert done.returncode == code, done.stderr
    assert f'pip install "hebblite[{extra}]"' in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("lab", "from hebblite.teaching import widgets\nwidgets.explore(str)"),
        ("plots", "import numpy, hebblite.teaching.svg as svg\nsvg.png(numpy.zeros((2, 2)))"),
    ],
)
def test_so_it_is_in_the_toolkit_of_the_lessons(extra, code, tmp_path):
    done = engine_only(code, tmp_path)
    assert done.returncode == 1
    assert f'pip install "hebblite[{extra}]"' in done.stderr.splitlines()[-1]


def test_extras_are_those_of_the_project_and_the_course_has_what_it_needs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    def packages(lines):
        """Names, with those of extras within extras."""
        for line in lines:
            inner = re.fullmatch(r"hebblite\[(.*)\]", line)
            if inner:
                for extra in inner[1].split(","):
                    yield from packages(project["optional-dependencies"][extra])
            else:
                yield re.match(r"[\w-]+", line)[0].lower()

    assert set(packages(project["dependencies"])) == DEPENDENCIES
    extras = {k: set(packages(v)) for k, v in project["optional-dependencies"].items()}
    for package, extra in EXTRAS.items():
        assert package in extras[extra] or package == "IPython"  # (comes with ipywidgets)
    assert extras["lab"] == {"jupyterlab", "anywidget", "ipywidgets", "matplotlib", "joblib"}
    assert extras["lab"] <= extras["instructor"] <= extras["test"]


def test_whatever_installs_the_course_names_its_extra():
    readme = (ROOT / "README.md").read_text()
    for tool in ("python -m pip install -c", "uv pip install"):
        (line,) = [
            line for line in readme.splitlines() if line.startswith((".venv/bin/" + tool, tool))
        ]
        assert line.endswith('-e ".[lab]"')
    make = (ROOT / "Makefile").read_text()
    assert '-e ".[lab]"' in make and "--extra lab pyproject.toml -o binder/requirements.txt" in make
    pinned = (ROOT / "binder" / "requirements.txt").read_text()
    assert all(f"\n{name}==" in pinned for name in ("jupyterlab", "ipywidgets", "joblib"))

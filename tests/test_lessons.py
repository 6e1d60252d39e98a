"""Lessons: the rooms of each stand in one order, and its notebooks find the names they use."""

from __future__ import annotations

import ast
import importlib
import json
import re

import pytest
from conftest import ROOT

from hebblite.teaching.tasks import tasks

LESSONS = ROOT / "hebblite" / "lessons"
NAMES = sorted(path.name for path in LESSONS.glob("lesson[0-9][0-9]"))
#: Each room may import those before it, and modules of its own.
ROOMS = ("equations", "exercises", "runs", "claims", "proof", "pictures")
NOTEBOOKS = sorted(p for f in ("course", "solutions") for p in (ROOT / f).glob("*.ipynb"))


def imported(source: str, module: str) -> set[str]:
    """Absolute names of the modules that a module below hebblite.lessons imports."""
    here, found = ["hebblite", "lessons", *module.split(".")], set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{origin}.{alias.name}" for alias in node.names}
    return found


def complaints(source: str, module: str) -> list[str]:
    """What a module, such as "lesson05.runs.theorem", imports from a later room or elsewhere."""
    lesson, room = module.split(".")[:2]
    wrong = []
    for name in sorted(imported(source, module)):
        if not name.startswith("hebblite.lessons."):
            continue
        other, at, *_ = [*name.split(".")[2:], ""]
        if other != lesson or at not in ROOMS or ROOMS.index(at) > ROOMS.index(room):
            wrong.append(f"{module} imports {name}")
    return wrong


@pytest.mark.parametrize("lesson", NAMES)
def test_rooms_have_their_names_and_their_order(lesson):
    rooms = {path.stem for path in (LESSONS / lesson).iterdir() if not path.name.startswith("__")}
    assert {"exercises", "pictures"} <= rooms <= set(ROOMS)
    wrong = []
    for path in (LESSONS / lesson).glob("**/*.py"):
        parts = path.relative_to(LESSONS).with_suffix("").parts
        if len(parts) > 2 or parts[-1] != "__init__":  # the lesson itself presents every room
            wrong += complaints(path.read_text("utf-8"), ".".join(parts))
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("lesson05.exercises.bound", "from ..runs.theorem import strength"),
        ("lesson05.runs.theorem", "from ..pictures import theorem"),
        ("lesson04.runs", "from .pictures.phase import draw_teaching"),
        ("lesson04.runs", "from ..lesson03.runs import look"),
        ("lesson04.pictures.phase", "def f():\n    from hebblite.lessons.lesson00 import runs"),
        ("lesson03.runs", "from . import draw_time"),
    ],
)
def test_an_import_against_the_order_is_found(module, line):
    assert len(complaints(line, module)) == 1


def test_sound_imports_pass():
    for module, line in (
        ("lesson05.pictures.theorem", "from ..runs.theorem import GAINS"),
        ("lesson05.runs.training", "from .variants import Hurried"),
        ("lesson03.runs", "from .exercises import phase\nfrom ...stream import Block"),
        ("lesson03.pictures.time", "from ....teaching.chart import chart\nimport numpy"),
    ):
        assert complaints(line, module) == []


def uses(source: str) -> set[tuple[str, str]]:
    """(lesson, name) of everything that source code takes from a lesson."""
    found = set(re.findall(r"\b(lesson\d\d)\.([A-Za-z_]\w*)", source))
    for lesson, names in re.findall(r"from hebblite\.lessons\.(lesson\d\d) import (.+)", source):
        found |= {(lesson, name.strip()) for name in names.split(",")}
    return found - {pair for pair in found if pair[1] == "import"}


def code(path) -> str:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_a_notebook_takes_from_a_lesson_is_there(path):
    missing = [
        f"{lesson}.{name}"
        for lesson, name in sorted(uses(code(path)))
        if name not in importlib.import_module(f"hebblite.lessons.{lesson}").__all__
    ]
    assert missing == []


@pytest.mark.parametrize("lesson", NAMES)
def test_a_lesson_presents_only_what_is_used(lesson):
    presented = importlib.import_module(f"hebblite.lessons.{lesson}").__all__
    sources = [code(path) for path in NOTEBOOKS]
    sources += [path.read_text("utf-8") for path in (ROOT / "tests").glob("*.py")]
    used = {name for source in sources for where, name in uses(source) if where == lesson}
    assert set(presented) - used <= {"hero"}  # release asks for that


@pytest.mark.parametrize("lesson", NAMES)
def test_all_that_the_progress_counts_has_a_cell(lesson):
    """Otherwise nobody could solve the last of it."""
    importlib.import_module(f"hebblite.lessons.{lesson}")
    number = lesson.removeprefix("lesson")
    counted = {task for task, (of, _) in tasks().items() if of == number}
    for path in (p for p in NOTEBOOKS if p.name.startswith(f"{number}_")):
        asked = set(re.findall(r"^(?:check|prove)\(\s*\"([^\"]+)\"", code(path), re.MULTILINE))
        assert counted == asked, path.parent.name


def rebound(cells: list[str]) -> list[str]:
    """Names that a picture reads whenever its control moves (in a lambda), and that a later cell
    gives another value: the picture would change, or break, once that cell has run."""
    trees = [ast.parse(source) for source in cells]
    wrong = []
    for i, tree in enumerate(trees):
        for call in (n for n in ast.walk(tree) if isinstance(n, ast.Lambda)):
            own = {a.arg for a in ast.walk(call.args) if isinstance(a, ast.arg)}
            names = {n.id for n in ast.walk(call.body) if isinstance(n, ast.Name)} - own
            for j, later in enumerate(trees[i + 1 :], start=i + 1):
                again = sorted(names & stored(later))
                wrong += [f"{name} of cell {i} is rebound in cell {j}" for name in again]
    return wrong


OWN_SCOPE = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.FunctionDef, ast.Lambda)


def stored(node: ast.AST) -> set[str]:
    """The names that a cell binds in the notebook: not those in functions and comprehensions."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else set()
    inner = (child for child in ast.iter_child_nodes(node) if not isinstance(child, OWN_SCOPE))
    return set().union(*map(stored, inner))


def live(path) -> list[str]:
    """The code cells of a notebook that show something with a control."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_a_live_picture_reads_stays_as_it_is(path):
    cells = live(path)
    shown = [i for i, source in enumerate(cells) if re.search(r"\b(explore|reveal)\(", source)]
    found = [line for line in rebound(cells) if int(line.split()[3]) in shown]
    assert found == []


def test_a_name_that_is_rebound_is_found():
    cells = ["x = 1\nexplore(lambda a: draw(x, a))", "y = 2", "for x in (1, 2): pass"]
    assert rebound(cells) == ["x of cell 0 is rebound in cell 2"]
    assert rebound([cells[0], "y = x", "[x for x in (1, 2)]"]) == []

"""The learner's notebooks: made from the sources, leaking nothing, whole and clean."""

from __future__ import annotations

import copy
import re
import textwrap

import nbformat
import pytest
from conftest import ROOT

from hebblite.classroom import release
from hebblite.classroom.faults import faults
from hebblite.classroom.release import execute, learners_copy, tidy

SOURCES = sorted((ROOT / "solutions").glob("*.ipynb"))
COPIES = sorted((ROOT / "course").glob("*.ipynb"))
NAMES = [path.stem for path in SOURCES]
LESSONS = [name for name in NAMES if re.match(r"\d\d_", name)]  # the others are shared pages
# Wider than nbgrader's own markers, on purpose: it takes "begin solution" for a plain comment.
MARKER = re.compile(r"#.*\b(BEGIN|END)\s+(SOLUTION|HIDDEN\s+TESTS)\b", re.IGNORECASE)


def read(path):
    return nbformat.read(path, as_version=4)


def text(notebook):
    """What an author writes: ids, kinds, sources and metadata of the cells."""
    return [(c.id, c.cell_type, c.source, dict(c.metadata)) for c in notebook.cells]


def split(lesson):
    """The lines of a lesson that all may see, and those that only the teacher may see."""
    public, secret = set(), set()
    for cell in lesson.cells:
        hidden = answer = "model-answer" in cell.metadata.get("tags", [])
        for line in cell.source.splitlines():
            marker = MARKER.search(line)
            if marker:
                hidden = answer or marker[1].upper() == "BEGIN"
            else:
                (secret if hidden else public).add(line.strip())
    return public, secret


def secrets(lesson):
    """What must not be released. A bracket or ``else:`` gives nothing away."""
    public, secret = split(lesson)
    return sorted(line for line in secret - public if len(line) > 5)


def strings(node):
    """Every string in a notebook: sources, outputs, metadata, attachments."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


def leaks(lesson, released):
    whole = "\n".join(strings(released))
    lines = {line.strip() for line in whole.splitlines()}
    found = [s for s in secrets(lesson) if s in lines or (len(s) > 15 and s in whole)]
    return found + [line for line in sorted(lines) if MARKER.search(line)]


def test_there_are_lessons_and_each_has_its_copy():
    assert "00_start" in LESSONS
    assert [p.name for p in SOURCES] == [p.name for p in COPIES]


@pytest.mark.parametrize("name", NAMES)
def test_course_is_what_the_source_gives(name):
    lesson = read(ROOT / "solutions" / f"{name}.ipynb")
    expected = text(learners_copy(lesson))
    assert text(read(ROOT / "course" / f"{name}.ipynb")) == expected, "run: make release"
    # ... and the test would notice an edit
    changed = copy.deepcopy(lesson)
    changed.cells[0].source += "\n# edited"
    assert text(learners_copy(changed)) != expected


def test_the_bibliography_is_the_same():
    for path in (ROOT / "solutions").glob("*.bib"):
        assert (ROOT / "course" / path.name).read_bytes() == path.read_bytes(), "run: make release"


@pytest.mark.parametrize("name", LESSONS)
def test_no_solution_leaks(name):
    lesson = read(ROOT / "solutions" / f"{name}.ipynb")
    released = read(ROOT / "course" / f"{name}.ipynb")
    assert secrets(lesson), "a lesson without an exercise?"
    assert leaks(lesson, released) == []
    # ... and the test would notice any one line of the answers
    for line in secrets(lesson):
        planted = copy.deepcopy(released)
        planted.cells[0].source += "\n" + line
        assert line in leaks(lesson, planted)


@pytest.mark.parametrize("begin", ["### BEGIN SOLUTION", "### BEGIN SOLUTION ", "# begin solution"])
@pytest.mark.parametrize("line", ["r = np.tanh(v)", 'print("the differential rule")'])
@pytest.mark.parametrize("where", ["source", "output"])
def test_the_leak_test_notices(begin, line, where):
    end = begin.strip().replace("BEGIN", "END").replace("begin", "end")
    v4 = nbformat.v4
    lesson = v4.new_notebook(cells=[v4.new_code_cell(f"{begin}\n{line}\n{end}")])
    leaked = v4.new_code_cell(line if where == "source" else "run()")
    if where == "output":
        leaked.outputs = [v4.new_output("stream", text=line + "\n")]
    assert leaks(lesson, v4.new_notebook(cells=[leaked])) == [line]


STEP_CELL = """def my_side(a, W):
    ### BEGIN SOLUTION
    answer = W @ a
    ### END SOLUTION
    return answer


### BEGIN SOLUTION
uses_1 = ["weak",
          "aligned"]
### END SOLUTION
prove("T3.1", my_side, uses_1)"""


def test_a_stub_outside_functions_has_the_name_that_is_read_below():
    v4 = nbformat.v4
    lesson = v4.new_notebook(cells=[v4.new_code_cell(STEP_CELL)])
    assert learners_copy(lesson).cells[0].source == (
        "def my_side(a, W):\n    answer = None  # your answer goes here\n    return answer\n\n\n"
        'uses_1 = None  # your answer goes here\nprove("T3.1", my_side, uses_1)'
    )
    assert lesson.cells[0].source == STEP_CELL


def test_a_misspelt_marker_is_noticed():
    v4 = nbformat.v4
    lesson = v4.new_notebook(
        cells=[v4.new_code_cell("### begin solution\nx = secret()\n### end solution")]
    )
    assert leaks(lesson, learners_copy(lesson)), "nbgrader leaves it in: the test must not"


def test_pages_without_code_are_released_and_not_run(tmp_path, monkeypatch, capsys):
    """Notation, glossary and references are read, not run; and a name that is not there is told."""
    v4 = nbformat.v4
    page = v4.new_notebook(cells=[v4.new_markdown_cell("# Notation", id="title")])
    for folder in ("solutions", "course"):
        (tmp_path / folder).mkdir()
    nbformat.write(page, tmp_path / "solutions" / "notation.ipynb")
    (tmp_path / "solutions" / "references.bib").write_text("@article{a}")
    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.setattr(release, "execute", lambda *_: pytest.fail("nothing to execute"))
    assert release.main([]) == 0 == release.main(["notation"])
    first = (tmp_path / "course" / "notation.ipynb").read_bytes()
    released = read(tmp_path / "course" / "notation.ipynb").cells
    assert [cell.id for cell in released] == ["header", "title", "footer"]
    assert released[1] == page.cells[0] and "[map of the course](index.ipynb)" in released[0].source
    assert release.main([]) == 0
    assert (tmp_path / "course" / "notation.ipynb").read_bytes() == first
    assert (tmp_path / "course" / "references.bib").read_text() == "@article{a}"
    assert release.main(["notatoin"]) == 2
    assert "notatoin" in capsys.readouterr().out


def test_two_runs_of_a_lesson_are_stored_alike_and_no_widget_is():
    """What a run leaves behind by chance does not reach the stored notebook, and of a widget only
    what can be seen without the kernel that made it."""
    v4, view = nbformat.v4, "application/vnd.jupyter.widget-view+json"

    def a_run(version, *models):
        bare = {"text/plain": "VBox(children=(FloatSlider(...", view: {"model_id": models[0]}}
        whole = {"text/html": "<img>", "text/plain": "words", view: {"model_id": models[1]}}
        outputs = [v4.new_output("display_data", data) for data in (bare, whole)]
        outputs += [v4.new_output("stream", text="done"), v4.new_output("display_data", whole)]
        cell = v4.new_code_cell("two_widgets()", id="two", outputs=outputs)
        cell.metadata["execution"] = {"iopub.status.busy": version}
        notebook = v4.new_notebook(cells=[cell])
        notebook.metadata |= {"language_info": {"name": "python", "version": version}}
        notebook.metadata["widgets"] = {"state": models}
        tidy(notebook)
        return notebook

    first, second = a_run("3.11.2", "a", "b"), a_run("3.13.0", "c", "d")
    assert first == second
    nbformat.validate(first)
    picture, words, again = first.cells[0].outputs
    assert picture.data == again.data == {"text/html": "<img>", "text/plain": "words"}
    assert words.text == "done"


def test_a_progress_bar_leaves_no_trace(tmp_path):
    """Not in the stored notebook, and not in what nbval compares: all but the widget's view."""
    v4 = nbformat.v4
    code = """
    from hebblite.terminal import Bar
    bar = Bar()
    bar.begin(100, 0); bar.advance(100); bar.report({"loss": 1.0}); bar.end()
    print("trained")
    """
    notebook = v4.new_notebook(cells=[v4.new_code_cell(textwrap.dedent(code))])
    execute(notebook, tmp_path)
    assert [output.get("text") for output in notebook.cells[0].outputs] == ["trained\n"]
    assert "%|" not in str(notebook)


#: Cells that run to their end, and what their outputs say of an error.
FAULTY = {
    "explore(lambda k: 1 / (k - 1), k=slider('k', 1, 0, 5, 1))": "division by zero",
    "check('00.1', lambda *_: 1 / 0)": "✗ 00.1: it divides by a zero",
    "check('00.99', 3)": "✗ 00.99: there is no exercise",
    "arrange('T3', 'A')": "✗ T3, in this order: ",
    "run_proof('T3', 4)": "○ T3 did not run: ",
    "symbols('T99')": "There is no theorem 'T99'",
    "statement('T3.99')": "There is no step 'T3.99'",
    "hint('99.9')": "There is no exercise '99.9'",
    "show_progress('99')": "There is no lesson '99'",
    "guess('00.p9', 3)": "Run the cell that asks 00.p9 first.",
    "warnings.warn('odd', stacklevel=1)": "UserWarning: odd",
    "print('words', file=sys.stderr)": "stderr: words",
    "print(file=sys.stderr)": "stderr: ",
    "logging.getLogger('x').error('logged')": "logged",
    "thread = threading.Thread(target=lambda: 1 / 0); thread.start(); thread.join()": "in thread",
    "try:\n    1 / 0\nexcept ZeroDivisionError:\n    get_ipython().showtraceback()":
        "ZeroDivisionError: division by zero",
    "try:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc(file=sys.stdout)":
        "Traceback (most recent call last)",
    "named.theorems = lambda: 1 / 0\nsymbols('T3')": "the check itself could not run",
}  # fmt: skip
SOUND = (
    "import logging, sys, threading, traceback, warnings\n"
    "from hebblite.teaching import *\n"
    "from hebblite.teaching.widgets import explore, slider\n"
    "from hebblite.teaching.proofs import *\n"
    "from hebblite.teaching.proofs import named\n",
    "explore(lambda k: f'<p>{k}</p>', k=slider('k', 1, 0, 5, 1))",
    "check('00.1', None)\nmine = piece('00.1', None)",  # nobody has answered it yet
    "prove('T3.1', None)",
    "predict('00.p1', 'How far?')",
    "print('Error |e|: 0.8, and no warning.\\nThere is no step without a phase.')",
)


def test_a_lesson_whose_outputs_show_an_error_is_not_released(tmp_path, monkeypatch, capsys):
    """Errors that somebody catches on the way do not stop a cell: each way is noticed, and the
    message says in which cell. What an author means to show passes, and so does what is open."""
    v4 = nbformat.v4
    page = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in (*SOUND, *FAULTY)])
    page.cells.append(v4.new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]}))
    for folder in ("solutions", "course"):
        (tmp_path / folder).mkdir()
    nbformat.write(page, tmp_path / "solutions" / "page.ipynb")
    before = (tmp_path / "solutions" / "page.ipynb").read_bytes()
    monkeypatch.setattr(release, "ROOT", tmp_path)
    assert release.main(["page"]) == 1
    assert (tmp_path / "solutions" / "page.ipynb").read_bytes() == before
    assert [path.name for path in tmp_path.glob("*/*")] == ["page.ipynb"]
    said = capsys.readouterr().out
    for folder in ("solutions", "course"):
        for number, (cell, words) in enumerate(FAULTY.items(), len(SOUND) + 1):
            place = f"{folder}/page.ipynb, cell [{number}], {cell.splitlines()[0]!r}: "
            assert re.search(re.escape(place) + ".*" + re.escape(words), said), (place, said)
    assert said.count("page.ipynb, cell") == 2 * len(FAULTY), said


@pytest.mark.parametrize("path", [*SOURCES, *COPIES], ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_notebooks_are_whole_and_clean(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert "widgets" not in notebook.metadata
    numbers = [c.execution_count for c in notebook.cells if c.cell_type == "code"]
    assert numbers == list(range(1, len(numbers) + 1)), "not run from top to bottom"
    assert faults(notebook) == []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html", "")
            if "<svg" in html:
                assert re.search(r'role="img"', html) and re.search(r'aria-label="[^"]{30,}"', html)
            assert "image/png" not in output.get("data", {}), "a picture without a text alternative"
        for alt in re.findall(r"!\[(.*?)\][(\[]", cell.source):
            assert alt.strip(), "a picture without a text alternative"
        for tag in re.findall(r"<img\b[^>]*>", cell.source):
            assert re.search(r'\balt="[^"]*\w', tag), "a picture without a text alternative"
    raw = path.read_text()
    assert not re.search(r"/(home|root|Users|work|tmp)/", raw), "a path of one machine"


@pytest.mark.parametrize("name", LESSONS)
def test_every_exercise_has_tests_that_grade(name):
    lesson = read(ROOT / "solutions" / f"{name}.ipynb")
    marks = [c.metadata.nbgrader for c in lesson.cells if "nbgrader" in c.metadata]
    assert any(m.solution for m in marks) and any(m.grade and m.points > 0 for m in marks)
    ids = [m.grade_id for m in marks]
    assert len(ids) == len(set(ids))


def test_the_badge_and_the_make_target_open_a_notebook_that_exists():
    paths = re.findall(r"urlpath=lab/tree/([\w/.]+)", (ROOT / "README.md").read_text())
    paths += re.findall(r"course/\w+\.ipynb", (ROOT / "Makefile").read_text())
    assert len(paths) >= 2 and all((ROOT / path).is_file() for path in paths)


def test_pins_name_no_hosts_and_agree():
    learner = (ROOT / "binder" / "requirements.txt").read_text().splitlines()
    everything = (ROOT / "binder" / "constraints.txt").read_text().splitlines()
    assert not [line for line in learner + everything if "/" in line or line.startswith("-")]
    assert {line.split()[0] for line in learner} <= {line.split()[0] for line in everything}


def test_what_is_printed_in_pieces_is_one_output(tmp_path):
    v4 = nbformat.v4
    slowly = "import sys, time\nfor k in range(3):\n    print(k, flush=True); time.sleep(0.3)"
    notebook = v4.new_notebook(cells=[v4.new_code_cell(slowly)])
    execute(notebook, tmp_path)
    assert [output.text for output in notebook.cells[0].outputs] == ["0\n1\n2\n"]


def test_the_picture_of_the_readme_is_the_film_of_lesson_00():
    from hebblite.classroom.dress import hero
    from hebblite.teaching.still import standalone

    stored = (ROOT / release.PICTURE).read_text(encoding="utf-8")
    assert stored == standalone(hero("00")) + "\n", "run: make release"
    assert f"]({release.PICTURE.as_posix()})" in (ROOT / "README.md").read_text()

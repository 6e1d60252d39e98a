"""In grading mode an answer must be the learner's own: the stored ones are refused, on any way."""

from __future__ import annotations

import ast
import copy
import functools
import inspect
import re
import sys
import threading
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT

from hebblite.lessons.lesson01.exercises import expectation, online
from hebblite.lessons.lesson02.exercises import backward
from hebblite.teaching import check, checks, piece
from hebblite.teaching.exercises import exercises, find
from hebblite.teaching.honesty import _readers, written_in
from hebblite.teaching.testbench import judging

EXERCISES = exercises()
LESSONS = ROOT / "hebblite" / "lessons"
FUNCTIONS = [name for name, exercise in EXERCISES.items() if not exercise.value]


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HEBBLITE_HOME", str(tmp_path))
    monkeypatch.delenv("HEBBLITE_GRADING", raising=False)
    monkeypatch.setattr(judging, "STAGES", (True,))  # whose an answer is, is asked before learning
    registry = sys.modules["hebblite.teaching.exercises"]  # a module imported anew fills it anew
    monkeypatch.setattr(registry, "_known", dict(registry._known))


def solved(number):
    """The function in the solution cell of an exercise: what a learner could have written."""
    path = next((ROOT / "solutions").glob(f"{number[:2]}_*.ipynb"))
    names = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        if cell.metadata.get("nbgrader", {}).get("solution"):
            exec(cell.source, names)
            if f'check("{number}"' in cell.source:
                return names[ast.parse(cell.source).body[0].name]
        else:  # the imports, and the pieces that later exercises build on
            for node in ast.parse(cell.source).body:
                text = ast.unparse(node)
                if isinstance(node, ast.Import | ast.ImportFrom) or re.match(
                    r"\w+ = piece\(", text
                ):
                    exec(text, names)
    raise AssertionError(f"no solution cell of {number}")


@pytest.mark.parametrize("number", FUNCTIONS)
def test_stored_answers_are_refused_where_marks_are_given(number, capsys):
    """They stay right for a learner who only tries them out."""
    exercise = EXERCISES[number]
    for answer in (exercise, exercise.reference, *exercise.right):
        check(number, answer)
        assert capsys.readouterr().out.startswith("✓")
        with pytest.raises(AssertionError, match="the course's own answer"):
            check(number, answer, grading=True)


@pytest.mark.parametrize("number", FUNCTIONS)
def test_a_learners_own_answer_passes(number):
    check(number, solved(number), grading=True)
    assert _readers == [] and sys.getprofile() is None and threading.getprofile() is None


def disguises(number):
    """Ways to hide behind another function that it is the reference which works."""
    reference = find(number).reference

    @functools.wraps(lambda *given: None)
    def wrapped(*given):
        return reference(*given)

    def imported(*given):
        module = __import__(reference.__module__, fromlist=["x"])
        return getattr(module, reference.__name__)(*given)

    def looked_up(*given):
        return sys.modules["hebblite.teaching.exercises"].find(number).right[0](*given)

    def anew(*given):
        kept = sys.modules.pop(reference.__module__)
        try:
            return imported(*given)
        finally:
            sys.modules[reference.__module__] = kept

    def in_a_thread(*given):
        found = []
        thread = threading.Thread(target=lambda: found.append(reference(*given)))
        thread.start()
        thread.join()
        return found[0]

    def from_its_text(*given):
        text = Path(inspect.getsourcefile(reference)).read_text()
        names = dict(reference.__globals__)
        start = inspect.getsourcelines(reference)[1] - 1
        block = inspect.getblock(text.splitlines(keepends=True)[start:])
        while not block[0].startswith("def"):
            block = block[1:]
        exec("".join(block), names)
        return names[reference.__name__](*given)

    class Machine:
        def __call__(self, *given):
            return reference(*given)

    code = reference.__code__.replace(co_name="mine")
    return {
        "a partial": functools.partial(reference),
        "a wrapper": wrapped,
        "an import": imported,
        "the stored answers": looked_up,
        "a module imported anew": anew,
        "a thread": in_a_thread,
        "its text": from_its_text,
        "an object": Machine(),
        "a copy of the function": copy.copy(type(reference)(code, reference.__globals__)),
        "what piece gave": piece(number, None),
        "a default": lambda *given, f=reference: f(*given),
    }


@pytest.mark.parametrize("disguise", disguises("00.1"))
def test_every_disguise_is_seen(disguise, capsys):
    answer = disguises("00.1")[disguise]
    check("00.1", answer)
    assert "✓" in capsys.readouterr().out
    with pytest.raises(AssertionError, match="the course's own answer"):
        check("00.1", answer, grading=True)


def test_the_engine_and_the_answers_of_other_exercises_may_be_used():
    """Only an exercise's own stored answers are refused: pieces of earlier ones are used later."""
    other = find("02.2").reference

    def mine(post, pre):
        other(post, post)
        return (post[1:] - post[:-1]).T @ pre[:-1]

    check("00.1", mine, grading=True)


def test_a_wrong_answer_is_told_its_mistake_whoever_wrote_it():
    reference = find("00.1").reference
    with pytest.raises(AssertionError, match="sign"):
        check("00.1", lambda post, pre: -reference(post, pre), grading=True)


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("01.2", lambda S_post, S_pre, d: online.with_traces()(S_post, S_pre, d)),
        ("01.3", expectation.with_kernel(lambda K, lag, d: K)),
        ("02.1", lambda weights, rates, e: backward.way_down(weights[1:], rates, e)),
        ("02.1", lambda weights, rates, e: backward.one_by_one(weights[1:], rates, e)),
        ("00.1", lambda post, pre: -find("00.1").wrong[0][0](post, pre)),
    ],
)
def test_what_the_stored_answers_and_mistakes_are_made_of_counts_as_theirs(number, answer, capsys):
    check(number, answer)
    assert "✓" in capsys.readouterr().out
    with pytest.raises(AssertionError, match="the course's own answer"):
        check(number, answer, grading=True)


def test_only_files_of_the_lessons_are_watched():
    for exercise in EXERCISES.values():
        files = written_in(exercise)
        assert files and all(Path(file).is_relative_to(LESSONS) for file in files)


def test_the_reference_of_another_exercise_in_the_same_file_may_be_used():
    earlier = piece("02.1", None)  # as a learner has it who did not solve 02.1

    def mine(feedback, rates, e):
        return earlier([None, *(B.T for B in feedback)], rates, e)

    check("02.3", mine, grading=True)


def test_piece_and_plain_checks_do_not_watch(monkeypatch):
    monkeypatch.setattr(checks, "watching", lambda *given: pytest.fail("watched"))
    check("00.1", find("00.1").reference)
    piece("00.1", None)

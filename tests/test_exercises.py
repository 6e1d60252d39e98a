"""How an exercise is written and found, and that its verdicts reach whoever reads them."""

from __future__ import annotations

import inspect
import io
import signal
import subprocess
import sys
from contextlib import nullcontext

import numpy as np
import pytest

from hebblite.teaching import check, checks, exercises, hint
from hebblite.teaching import progress as progress_function
from hebblite.teaching.comparing import numbers
from hebblite.teaching.exercises import exercise, find
from hebblite.teaching.trying import OutOfTime, time_limit
from hebblite.teaching.words import a, count, printable, say

progress = sys.modules["hebblite.teaching.progress"]


@pytest.fixture(autouse=True)
def own_state(monkeypatch, tmp_path):
    monkeypatch.setenv("HEBBLITE_HOME", str(tmp_path))
    monkeypatch.delenv("HEBBLITE_GRADING", raising=False)
    monkeypatch.setattr(exercises, "_known", dict(exercises._known))
    monkeypatch.setattr(progress, "_given", {})
    monkeypatch.setattr(progress, "_last", None)


def doubling():
    """An exercise as a lesson writes it, under a number that no lesson has."""

    @exercise("98.1", "doubling", cases=lambda seed: (np.arange(3.0 + seed),), hints=("add", "2x"))
    def double(x):
        """Twice x."""
        return 2 * x

    @double.right
    def added(x):
        return x + x

    @double.wrong("you square.")
    def squared(x):
        return x**2

    double.wrong("you square, too.")(squared)
    double.wrong("x is returned as it is.")(lambda x: x)
    return double, added, squared


def test_an_exercise_is_its_reference_with_each_mistake_beside_its_message(capsys):
    double, added, squared = doubling()
    assert find("98.1") is double and double(4) == 8 and added(4) == 8 and squared(4) == 16
    assert double.__doc__ == "Twice x." and double.__name__ == "double"
    assert list(inspect.signature(double).parameters) == ["x"]
    assert double.right == [added] and [message for _, message in double.wrong] == [
        "you square.", "you square, too.", "x is returned as it is.",
    ]  # fmt: skip
    check("98.1", added)
    check("98.1", squared)  # the first that behaves alike is told
    check("98.1", lambda x: 1.0 * x)
    said = capsys.readouterr().out.splitlines()
    assert said == ["✓ 98.1 is right: doubling.", "✗ 98.1: you square.",
                    "✗ 98.1: x is returned as it is."]  # fmt: skip
    assert progress_function() == ["98.1"]


def test_an_exercise_may_ask_for_a_value(capsys):
    @exercise("98.2", "a right angle", value=True, hints=("a quarter turn",))
    def angle():
        return 90.0

    angle.wrong("in degrees, please.")(lambda: np.pi / 2)
    check("98.2", 90)
    check("98.2", np.pi / 2)
    assert (
        capsys.readouterr().out == "✓ 98.2 is right: a right angle.\n✗ 98.2: in degrees, please.\n"
    )


def test_a_number_belongs_to_one_exercise():
    first = doubling()[0]
    again = doubling()[0]  # as when a module is reloaded
    assert find("98.1") is again is not first
    with pytest.raises(ValueError, match=r"98\.1.*has it already"):
        exercise("98.1", "another", hints=())(lambda x: x)
    for number in ("9.1", "98", "98.x", "lesson"):
        with pytest.raises(ValueError, match="number: got"):
            exercise(number, "none", hints=())


def test_a_broken_lesson_is_not_taken_for_one_that_is_not_there(monkeypatch, capsys):
    def broken(name):
        raise ModuleNotFoundError("No module named 'missing'", name="missing")

    assert find("97.1") is None
    monkeypatch.setattr(exercises.importlib, "import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="missing"):
        find("97.1")
    check("97.1", None)  # but a learner gets a sentence
    assert (
        "could not run (ModuleNotFoundError: No module named 'missing')" in capsys.readouterr().out
    )


def test_a_hint_without_a_number_is_about_the_exercise_tried_last(capsys):
    doubling()
    hint()
    assert "give its number" in capsys.readouterr().out.lower()
    check("98.1", None)
    capsys.readouterr()
    hint()
    hint()
    assert capsys.readouterr().out == "Hint 1 of 2: add\nHint 2 of 2: 2x\n"
    hint("00.1")
    hint()
    assert "Hint 2 of 3" in capsys.readouterr().out


def test_a_hint_after_a_restart_is_about_the_exercise_that_was_tried_last(capsys, monkeypatch):
    progress = sys.modules["hebblite.teaching.progress"]
    check("00.1", None)
    for _ in range(2):  # kernels
        monkeypatch.setattr(progress, "_last", None)
        monkeypatch.setattr(progress, "_given", {})
        capsys.readouterr()
        hint()
        first, second = capsys.readouterr().out.splitlines()
        assert first.startswith("This is about exercise 00.1, the differential Hebbian update, ")
        assert second.startswith("Hint 1 of 3: ")
    monkeypatch.setattr(progress, "_last", None)
    progress.last_file().write_bytes(b"\xff 77.7")
    capsys.readouterr()
    hint()
    assert capsys.readouterr().out.startswith("Of which exercise?")


def arrays_in(value):
    """All arrays in nested lists and tuples."""
    if isinstance(value, list | tuple):
        return [array for part in value for array in arrays_in(part)]
    return [value] if isinstance(value, np.ndarray) else []


#: (Where a bench decides, an answer names what it reads: see test_testbench.py.)
DRAWN = [n for n, e in exercises.exercises().items() if not (e.value or e.bench)]


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("grading", [False, True])
def test_sizes_of_one_are_drawn_so_that_a_lost_axis_shows(name, grading, capsys):
    known = find(name)
    for seeds in (checks.SEEN, checks.hidden()):
        assert any(1 in array.shape for seed in seeds for array in arrays_in(known.cases(seed)))

    def squeezed(*given):
        found = known.reference(*given)
        several = isinstance(found, list | tuple)
        return [np.squeeze(d) for d in found] if several else np.squeeze(found)

    seeds = checks.hidden() if grading else checks.SEEN
    if any(array.ndim for array in numbers(known(*known.cases(0)))):
        assert "an axis of length 1 is lost" in checks.judge(known, squeezed, seeds)


def test_where_an_answer_is_wrong_is_told_by_its_arguments():
    cases = [(np.ones((3, 2)), [np.ones(2)], 0.25, np.tanh), (np.ones((1, 2)), [], 4, "x")]
    three = exercises.Exercise("three", lambda seed: cases[seed % 2], lambda x, *_: x[:, 0] + 1)
    assert checks.judge(three, lambda x, *_: x[:, 0] + (len(x) > 1)) == (
        "it is right, except where `x` has one row. It is wrong, for one, when the arguments had "
        "the shapes (1, 2) for `x`; `_` was an empty list, `argument 2` was 4 and `argument 3` "
        "was a str."
    )
    assert checks.judge(three, lambda x, *_: x @ x).endswith(
        "The arguments had the shapes (3, 2) for `x`; the items of `_` had the shapes (2,), "
        "`argument 2` was 0.25 and `argument 3` was a function."
    )


# ---------------------------------------------------------------------- words


def test_articles_and_plurals():
    assert [a(n) for n in ("list", "int", "ndarray", "str", "uint8", "array")] == [
        "a list", "an int", "an ndarray", "a str", "a uint8", "an array",
    ]  # fmt: skip
    assert [count(n, "thing") for n in (0, 1, 2)] == ["0 things", "1 thing", "2 things"]
    double = doubling()[0]
    assert "this is an ndarray." in checks.judge(double, np.zeros(3))
    assert "this is an int." in checks.judge(double, 3)
    ragged = checks.judge(find("04.3"), lambda *_: (np.linalg.eig(np.eye(3)), 1.0))
    assert "it returns an EigResult where" in ragged and "one of its items" in ragged
    assert "it returns a str where" in checks.judge(double, lambda x: "words")


def console(monkeypatch, encoding):
    """Standard output as a console with this encoding is; what it was sent."""
    sent = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(sent, encoding=encoding, newline=""))
    return sent


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1", "utf-8"])
def test_everything_that_checks_say_can_be_printed_on_any_console(encoding, monkeypatch):
    double = doubling()[0]
    sent = console(monkeypatch, encoding)
    check("98.1", double.reference)
    check("98.1", lambda x: x)
    check("98.1", None)
    sys.stdout.flush()
    said = sent.getvalue().decode(encoding).splitlines()
    marks = ("✓", "✗") if encoding == "utf-8" else ("right:", "wrong:")
    assert said[0].startswith(marks[0]) and said[1].startswith(marks[1])
    for known in exercises.exercises().values():
        texts = [known.title, *known.hints, *(message for _, message in known.wrong), *known.parts]
        for text in texts:
            shown = printable(text, encoding)
            shown.encode(encoding)
            assert shown.count("?") == text.count("?"), f"nothing stands for a letter of {text!r}"


def test_plain_letters():
    assert printable("λ Δ δ·r² ≤ v₁ → “é”", "ascii") == 'lambda Delta delta*r^2 <= v_1 -> "e"'
    assert printable("λ ²", "cp1252") == "lambda ²"
    assert printable("a 漢", "ascii") == "a ?" and printable("half \ud800", "utf-8") == "half ?"
    assert printable("²", "no such encoding") == "^2"


def test_an_error_with_broken_letters_is_still_told(monkeypatch):
    def broken(x):
        raise ValueError("\ud800")

    doubling()
    sent = console(monkeypatch, "utf-8")
    check("98.1", broken)
    say("done")
    sys.stdout.flush()
    assert (
        sent.getvalue().decode()
        == "✗ 98.1: it raised ValueError: ?. The argument had the shape (3,) for `x`.\ndone\n"
    )


def test_grading_grades_where_python_drops_assertions(tmp_path):
    code = (
        "from hebblite.teaching import check\n"
        "check('00.1', lambda post, pre: 0 * post, grading=True)\n"
    )
    run = subprocess.run([sys.executable, "-O", "-c", code], capture_output=True, text=True)
    assert run.returncode == 1 and "AssertionError: 00.1: it returns shape" in run.stderr


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarm clock here")
@pytest.mark.parametrize("late", [False, True])
def test_an_alarm_that_rings_as_the_block_is_left_ends_nothing(monkeypatch, late):
    """As on a busy machine, whether the block was in time or not."""
    before, set_timer = signal.getsignal(signal.SIGALRM), signal.setitimer

    def ringing(which, seconds, interval=0.0):
        if not seconds:
            for _ in range(3):
                signal.raise_signal(signal.SIGALRM)
        return set_timer(which, seconds, interval)

    monkeypatch.setattr(signal, "setitimer", ringing)
    try:
        with pytest.raises(OutOfTime) if late else nullcontext(), time_limit(60):
            if late:
                signal.raise_signal(signal.SIGALRM)
        assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
        assert signal.getsignal(signal.SIGALRM) is before
    finally:
        set_timer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

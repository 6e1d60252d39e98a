"""Checks tell right from wrong and never throw; pictures have text and say what the data say."""

from __future__ import annotations

import contextlib
import copy
import importlib
import itertools
import re
import sys
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hebblite import Network
from hebblite.data import load_digits
from hebblite.lessons import lesson00
from hebblite.teaching import chart, check, checks, colours, hint, piece, progress, trying
from hebblite.teaching.comparing import same
from hebblite.teaching.course_map import lessons_there
from hebblite.teaching.exercises import Exercise, exercises
from hebblite.teaching.map_picture import draw_map, solved_of
from hebblite.teaching.progress import exercise_table, go_on, in_lines
from hebblite.teaching.square import NOT_RUN
from hebblite.teaching.tasks import tasks
from hebblite.teaching.testbench import judging

EXERCISES = exercises()
PAIRS = [(name, i) for name, e in EXERCISES.items() for i in range(len(e.wrong))]


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HEBBLITE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HEBBLITE_GRADING", raising=False)
    monkeypatch.setattr(trying, "SECONDS", 0.3)
    # All of the bench is asked of right answers to 13.1 and 13.2 in test_testbench.py.
    monkeypatch.setattr(judging, "STAGES", (True,))


@pytest.mark.parametrize("name", EXERCISES)
def test_right_answers_pass(name, capsys, monkeypatch):
    # Whose work they are is not asked here: tests/test_honesty.py does.
    monkeypatch.setattr(checks, "watching", lambda *given: contextlib.nullcontext([]))
    exercise = EXERCISES[name]
    assert len(exercise.right) >= 2 and len(exercise.wrong) >= 5 and exercise.hints
    for answer in (exercise.reference, *exercise.right):
        check(name, answer)
        assert capsys.readouterr().out.startswith(f"✓ {name}")
        check(name, answer, grading=True)
    assert progress() == [name]


@pytest.mark.parametrize(("name", "i"), PAIRS)
def test_known_wrong_answers_get_their_own_message(name, i, capsys):
    answer, message = EXERCISES[name].wrong[i]
    check(name, answer)
    said = capsys.readouterr().out
    if said.endswith(f"{NOT_RUN}\n"):  # it raises an error while the sizes differ
        assert said == f"✗ {name}: {message}{NOT_RUN}\n"
        return
    assert said == f"✗ {name}: {message}\n"
    with pytest.raises(AssertionError, match=re.escape(message)):
        check(name, answer, grading=True)
    assert progress() == []


def forever(post, pre):
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


def mutate(post, pre):
    answer = lesson00.dh_update(post, pre)
    post *= 0
    return answer


def leave(post, pre):
    raise SystemExit


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "not solved"),
        (lambda post, pre: None, "not solved"),
        (np.zeros(3), "function itself"),
        (lambda post: post, "TypeError"),
        (lambda post, pre: 1 / 0, "ZeroDivisionError"),
        (leave, "SystemExit"),
        (forever, "never ends"),
        (mutate, "changes its arguments"),
        (lambda post, pre: (row for row in post), "generator"),
        (lambda post, pre: "0.1", "expected"),
        (lambda post, pre: "words", "str"),
        (lambda post, pre: {}, "dict"),
        (lambda post, pre: 0.0, "the number 0, and an array"),
        (lambda post, pre: lesson00.dh_update(post, pre) * np.nan, "NaN"),
        (lambda post, pre: 3 * lesson00.dh_update(post, pre), "3 times"),
        (lambda post, pre: lesson00.dh_update(post, pre) + 0.5, "off by up to 0.5"),
    ],
)
def test_junk_gets_a_sentence_not_a_traceback(answer, words, capsys):
    check("00.1", answer)
    out = capsys.readouterr().out
    assert out.startswith(("✗ 00.1: ", "○ 00.1: not solved"))
    assert words in out and "Traceback" not in out


def first_array(arguments):
    """The first array among the arguments, in nested lists too."""
    for argument in arguments:
        if isinstance(argument, np.ndarray) and argument.size:
            return argument
        if isinstance(argument, list | tuple):
            found = first_array(argument)
            if found is not None:
                return found
    return None


def spoil(result, change):
    """A right answer with every number changed."""
    if isinstance(result, list | tuple):
        return [spoil(part, change) for part in result]
    return change(np.asarray(result, float))


def throw_out_numpy(reference):
    def answer(*arguments):
        result = reference(*arguments)
        for name in ("numpy", "hebblite", "hebblite.teaching.checks"):
            sys.modules.pop(name, None)
        return result

    return answer


def swallow(*_):
    while True:
        try:
            while True:
                pass
        except BaseException:  # even the alarm, once
            break
    while True:
        pass


@pytest.mark.parametrize("name", [n for n, e in EXERCISES.items() if not e.value])
def test_any_junk_gets_a_sentence_in_every_exercise(name, capsys):
    exercise = EXERCISES[name]
    reference = exercise.reference

    def mutate(*arguments):
        result = copy.deepcopy(reference(*arguments))
        array = first_array(arguments)
        if array is not None:
            array[...] = array + 1 if array.dtype != bool else ~array
        return result

    def deep(*arguments):
        return deep(*arguments)

    junk = [
        (None, "not solved"),
        (lambda *_: None, "not solved"),
        (3.0, "function itself"),
        (lambda *_: (x for x in range(3)), "generator"),
        (lambda *_: np.zeros((2, 3, 5, 7)), ""),
        (lambda *_: "right", ""),
        (lambda *_: {1: 2}, ""),
        (lambda *_: [None], ""),
        (lambda *_: [[1.0], [1.0, 2.0]], ""),
        (lambda *a: spoil(reference(*a), lambda x: x * np.nan), "NaN"),
        (lambda *a: spoil(reference(*a), lambda x: x + 1j * x), ""),
        (lambda *a: undefined_name, "name"),  # noqa: F821
        (lambda *a: 1 / 0, "ZeroDivisionError"),
        (lambda: 0, "TypeError"),
        (deep, "Recursion"),
        (lambda *a: sys.exit(3), "SystemExit"),
        (swallow, "never ends"),
    ]
    if any(first_array(exercise.cases(seed)) is not None for seed in range(4)):
        junk.append((mutate, "changes its arguments"))
    for answer, words in junk:
        check(name, answer)
        out = capsys.readouterr()
        assert out.out.startswith((f"✗ {name}: ", f"○ {name}: not solved")), answer
        assert words in out.out and "Traceback" not in out.out + out.err
        with pytest.raises(AssertionError):
            check(name, answer, grading=True)
    check(name, throw_out_numpy(reference))
    assert "✓" in capsys.readouterr().out and "numpy" in sys.modules


def test_any_junk_gets_a_sentence_where_a_value_is_asked_for():
    value = several(cases=lambda seed: (), reference=lambda: 90.0, value=True)
    for answer in (None, lambda: 0, "words", [], {}, np.nan, 1e300, 1j, [None], np.zeros((9, 9))):
        assert checks.judge(value, answer) and "could not run" not in checks.judge(value, answer)


def test_a_numpy_taken_apart_is_reported_not_raised(capsys, monkeypatch):
    def vandal(post, pre):
        monkeypatch.delattr(np, "isfinite")
        return np.zeros((2, 2))

    check("00.1", vandal)
    assert "restart the kernel" in capsys.readouterr().out or not hasattr(np, "isfinite")


def test_grading_tries_cases_that_a_learner_does_not_see(capsys, monkeypatch):
    exercise = EXERCISES["00.1"]
    seen = {tuple(np.shape(a) for a in exercise.cases(seed)) for seed in checks.SEEN}
    hidden = {tuple(np.shape(a) for a in exercise.cases(seed)) for seed in checks.hidden()}
    assert hidden - seen
    monkeypatch.setenv("HEBBLITE_GRADING_SEED", "7")
    assert not set(checks.hidden()) & {*range(1000, 1006), *checks.SEEN}
    monkeypatch.setenv("HEBBLITE_GRADING_SEED", "seven")
    assert checks.hidden() == range(1000, 1006)

    def by_heart(post, pre):  # right in every case that can be seen, and in no other
        known = [exercise.cases(seed) for seed in checks.SEEN]
        if not any(same((post, pre), case) for case in known):
            return np.zeros((post.shape[1], pre.shape[1]))
        return lesson00.dh_update(post, pre)

    check("00.1", by_heart)
    assert "✓" in capsys.readouterr().out
    with pytest.raises(AssertionError):
        check("00.1", by_heart, grading=True)


def several(parts=("update of W", "update of the bias"), **changes):
    """An exercise whose answer is two things."""
    rng = np.random.default_rng
    settings = {
        "title": "two things",
        "cases": lambda seed: (rng(seed).random((3 + seed % 2, 2)),),
        "reference": lambda x: (x.T @ x, x.sum(axis=0)),
        "right": (), "wrong": (), "hints": ("think",), "parts": parts,
    }  # fmt: skip
    return Exercise(**(settings | changes))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda x: [x.T @ x, list(x.sum(axis=0))], ""),
        (lambda x: x.T @ x, "a list or tuple of 2"),
        (
            lambda x: (x.T @ x,),
            "it returns a list of 1 array, and 2 are expected: the last one is missing",
        ),
        (lambda x: (x.T @ x, -x.sum(axis=0)), "update of the bias is wrong: the sign"),
        (lambda x: (2 * x.T @ x, x.sum(axis=0)), "update of W is wrong: it is 2 times"),
        (lambda x: (x.T @ x, None), "filled in"),
    ],
)
def test_answers_of_several_things(answer, message):
    said = checks.judge(several(), answer)
    assert (said == "") if not message else (message in said)


def test_several_things_of_one_shape_may_come_stacked():
    pair = several(reference=lambda x: (x[0], x[1]))
    assert checks.judge(pair, lambda x: x[:2]) == ""
    assert "sign" in checks.judge(pair, lambda x: -x[:2])
    assert "a list or tuple of 2" in checks.judge(pair, lambda x: x[:1])


def test_lists_of_one_and_plain_values():
    one = several(reference=lambda x: [x.T @ x])
    assert checks.judge(one, lambda x: [x.T @ x]) == checks.judge(one, lambda x: x.T @ x) == ""
    value = several(cases=lambda seed: (), reference=lambda: 90.0, value=True)
    assert checks.judge(value, 90) == checks.judge(value, [90.0]) == ""
    assert "sign" in checks.judge(value, -90.0) and "function" in checks.judge(value, lambda: 90)
    assert checks.judge(value, np.array([[90.0]])) == ""
    transposed = several(reference=lambda x: x.T @ (x * [1, 2]))
    assert "transpose" in checks.judge(transposed, lambda x: (x * [1, 2]).T @ x)


def test_a_piece_has_the_form_of_the_reference_whatever_the_check_let_pass():
    lists = several(reference=lambda x: [x.T @ x, x.sum(axis=0)])
    x = lists.cases(0)[0]
    answer = checks.adapted(lists, lambda x: ((x.T @ x).tolist(), x.sum(axis=0).tolist()))(x)
    assert isinstance(answer, list) and all(isinstance(part, np.ndarray) for part in answer)
    number = several(reference=lambda x: float(x.sum()))
    assert checks.adapted(number, lambda x: [x.sum()])(x) == x.sum()
    matrix = several(reference=lambda x: x.T @ x)
    assert checks.adapted(matrix, lambda x: [(x.T @ x).tolist()])(x).shape == (2, 2)
    single = np.ones((3, 2), np.float32)  # training stays in single precision
    assert checks.adapted(matrix, lambda x: x.T @ x)(single).dtype == np.float32


def test_numbers_are_not_called_proportional_and_complex_ones_are_named():
    number = several(reference=lambda x: float(x.sum()))
    assert "`x` enters twice" in checks.judge(number, lambda x: float((x**2).sum()))
    assert "off by up to" in checks.judge(number, lambda x: float((x**2.2).sum()))
    assert "2 times" in checks.judge(number, lambda x: 2 * float(x.sum()))
    assert "real part" in checks.judge(number, lambda x: complex(x.sum(), 1))
    depth = several(reference=lambda x: x.T @ x)
    assert "except where `x` has 3 rows" in checks.judge(depth, lambda x: (-1) ** len(x) * x.T @ x)
    flipping = itertools.cycle([1, -1])
    assert "some cases" in checks.judge(depth, lambda x: next(flipping) * x.T @ x)
    assert "but zeros" in checks.judge(number, lambda x: 0.0)


def test_a_known_wrong_answer_may_be_nan():
    divided = (lambda x: x.T @ x / np.where(x.sum() > 0, 0.0, 1.0) * 0, "you divide by zero.")
    with np.errstate(all="ignore"):
        exercise = several(reference=lambda x: x.T @ x, wrong=(divided,))
        assert checks.judge(exercise, divided[0]) == divided[1]
    assert "NaN" in checks.judge(several(reference=lambda x: x.T @ x), divided[0])


def test_an_error_about_shapes_names_them():
    said = checks.judge(several(), lambda x: x @ x)
    assert said.endswith("The argument had the shape (3, 2) for `x`.")
    assert said.index("`@` needs as many columns") < said.index("Python says: ValueError: matmul")


def test_progress_survives_restarts_and_is_said_with_marks_and_words(capsys):
    check("00.1", lesson00.dh_update)
    importlib.reload(sys.modules["hebblite.teaching.progress"])  # what a new kernel does
    solved = progress()
    counts = solved_of(solved, {number: number[:2] for number in EXERCISES})
    drawn = ET.fromstring(draw_map(counts))
    said = drawn.get("aria-label")
    assert counts["00"] == (1, 1) and "●  1 of 1 ✓" in [node.text for node in drawn.iter()]
    assert "00 · Start here" in said and "1 of 1 exercises and steps solved" in said
    for lesson in {number.split(".")[0] for number in EXERCISES} - {"00"}:
        numbers = [number for number, (of, _) in tasks().items() if of == lesson]
        table = ET.fromstring(f"<div>{exercise_table(lesson, solved)}</div>")
        rows = [[cell.text for cell in row] for row in table.iter("tr")][1:]
        assert [(row[0], row[1]) for row in rows] == [("○ open", number) for number in numbers]
        assert table.find("p").text.startswith(f"Next: exercise {lesson}.1, ")
        assert in_lines(lesson, solved).startswith(f"○ {lesson}.1 ")
    assert "✓ solved" in exercise_table("00", solved)
    assert go_on("00", solved) == "All solved. Go on with lesson 01 · Spikes to rates."
    assert (
        go_on(lessons_there()[-1].number, list(tasks())) == "All solved: this is the whole course."
    )


def test_unknown_exercises_hints_and_grading_by_environment(capsys, monkeypatch):
    for name in ("77.1", None, "", "00.99"):
        check(name, None)
    assert "✓" not in capsys.readouterr().out
    hint("00.1")
    hint("00.1")
    assert "Hint 2 of 3" in capsys.readouterr().out
    hint("00.1")
    hint("00.1")
    assert "from the first:\nHint 1 of 3" in capsys.readouterr().out
    monkeypatch.setenv("HEBBLITE_GRADING", "1")
    with pytest.raises(AssertionError, match="not solved"):
        check("00.1", None)


def test_a_piece_that_is_wrong_is_replaced_and_says_so(capsys):
    def right(post, pre):
        return np.diff(post, axis=0).T @ pre[:-1]

    arguments = EXERCISES["00.1"].cases(0)
    mine = piece("00.1", right)
    assert mine.__wrapped__ is right and np.array_equal(mine(*arguments), right(*arguments))
    assert "your piece is used" in capsys.readouterr().out
    assert piece("00.1", None) is EXERCISES["00.1"].reference
    assert "ours is used" in capsys.readouterr().out


def test_progress_that_cannot_be_stored_or_read_spoils_nothing(monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HEBBLITE_HOME", str(tmp_path / "file"))
    check("00.1", lesson00.dh_update)
    assert "✓" in capsys.readouterr().out and progress() == []


def test_the_teaching_rule_is_the_engines(small):
    from hebblite.frameworks import DeepFeedbackControl
    from hebblite.rules import DifferentialHebbian

    net, x, target = small
    dfc = DeepFeedbackControl(steps=20)
    mine = lesson00.WithUpdate(lesson00.dh_update)(dfc.teach(net, x, target))
    engine = DifferentialHebbian()(dfc.teach(net, x, target))
    for a, b in zip(mine.weights + mine.biases, engine.weights + engine.biases, strict=True):
        assert np.allclose(a, b, atol=1e-13)


def parse(drawing):
    """The <svg> of a drawing, which must have a text alternative."""
    root = ET.fromstring(drawing[drawing.index("<svg") :])
    assert root.get("role") == "img" and len(root.get("aria-label")) > 30
    return root


def test_the_phase_picture_changes_with_every_control_at_all_extremes():
    digits, net = load_digits(), Network([784, 32, 16, 10], hidden="relu", init="he_normal")
    drawings = {
        (k, i): lesson00.draw_phase(net, digits, i, k) for k in (0.0, 2.0, 4.0) for i in (0, 8, 199)
    }
    assert len(set(drawings.values())) == len(drawings)
    words = " ".join(t.text for t in parse(drawings[2.0, 8]).iter() if t.text)
    for label in ("time (ms)", "rate r", "size |a|", "size |e|", "layer 3"):
        assert label in words
    polylines = [p for p in parse(drawings[2.0, 8]).iter() if p.tag.endswith("polyline")]
    styles = list(dict.fromkeys((p.get("stroke"), p.get("stroke-dasharray")) for p in polylines))
    assert len(styles) == 7
    for panel in (styles[:3], styles[3:6]):  # in each, colour and dashes tell curves apart
        assert len({s for s, _ in panel}) == len({d for _, d in panel}) == 3


def test_the_phase_picture_keeps_its_neurons_and_axes_as_the_gain_changes():
    digits, net = load_digits(), Network([784, 32, 16, 10], hidden="relu", init="he_normal")
    pictures = [parse(lesson00.draw_phase(net, digits, 8, k)) for k in (0.0, 0.1, 1.0, 4.0)]
    words = [[t.text for t in root.iter() if t.tag.endswith("text")] for root in pictures]
    assert all(these == words[-1] for these in words)  # ticks and legends


def test_image_grids_and_curves_have_text():
    digits, net = load_digits(), Network([784, 20, 10])
    parse(lesson00.draw_digits(digits.x_test[:3], digits.y_test[:3]))
    parse(lesson00.draw_filters(net, Network([784, 20, 10], seed=1)))
    assert " read as " in lesson00.draw_mistakes(net, digits.x_test, digits.y_test)


def test_the_opening_film_ends_on_a_still_with_all_four_sentences():
    root = parse(lesson00.hero())
    words = " ".join(t.text for t in root.iter() if t.text and t.tag.endswith("text"))
    for said in ("The digit comes in", "Feedback comes down", "Rates move", "Weights follow"):
        assert said in words


def test_the_player_shows_the_network_and_its_curves():
    digits, net = load_digits(), Network([784, 32, 16, 10], hidden="relu", init="he_normal")
    film = lesson00.play_phase(net, digits, 8).film
    assert len(film["captions"]) == film["count"] >= 30
    assert "reads a" in film["captions"][0] and "0.0 ms" in film["captions"][0]
    assert "base" in film and film["changes"]  # one picture and what moves in it


def test_lines_survive_constant_and_hostile_values():
    flat = {"<b>&": np.zeros(3)}
    root = parse(
        chart.lines(np.arange(3.0), [("a", "b", flat)], "x", "A flat line, nothing else here.")
    )
    assert any(t.text == "<b>&" for t in root.iter())


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def test_every_colour_stands_out_on_both_themes():
    for colour in {*colours.COLOURS, *(look.colour for look in colours.CODE.values())}:
        for page in ("#ffffff", "#111111"):
            low, high = sorted((luminance(colour), luminance(page)))
            assert (high + 0.05) / (low + 0.05) >= 3, (colour, page)  # WCAG 2.1, 1.4.11


def test_a_chart_draws_every_kind_and_stays_inside_its_box():
    x = np.arange(1.0, 6)
    kinds = [chart.Series(kind, x, x**2, kind, low=x) for kind in chart.KINDS]
    panels = [chart.Panel("a", "x (s)", "y (m)", kinds), chart.Panel("b", "x", "y", [], True, True)]
    root = parse(chart.chart(panels, label="All kinds of curves in one picture, for a test."))
    assert {"polyline", "polygon", "rect", "path"} <= {n.tag.split("}")[-1] for n in root.iter()}
    for window in (n for n in root.iter() if n.tag.endswith("}svg") and n is not root):
        left, width = float(window.get("x")), float(window.get("width"))
        assert left >= 0 and left + width <= 680
    with pytest.raises(ValueError, match="kind: got 'pie'"):
        chart.chart([chart.Panel("", "", "", [chart.Series("", x, x, "pie")])], label="x" * 40)


def test_scales_and_ticks():
    assert chart.ticks(0, 10) == [0, 2, 4, 6, 8, 10]
    assert chart.log_ticks(1, 1e4) == [1, 10, 100, 1000, 10000] and 2 in chart.log_ticks(1, 5)
    assert chart.number(-0.5) == "−0.5" and chart.number(2e-7) == "2·10⁻⁷"
    assert chart.number(1e6) == "10⁶" and chart.limits([np.full(3, np.nan)]) == (0.0, 1.0)

"""Checks tell right from wrong and never throw; pictures have text and say what the data say."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hebblite import Network
from hebblite.data import load_digits
from hebblite.teaching import chart, check, checks, hint, lesson00, piece, progress
from hebblite.teaching.progress import exercises
from hebblite.teaching.widgets import explore, slider

EXERCISES = exercises()
PAIRS = [(name, i) for name, e in EXERCISES.items() for i in range(len(e.wrong))]


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HEBBLITE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HEBBLITE_GRADING", raising=False)
    monkeypatch.setattr(checks, "SECONDS", 0.3)


@pytest.mark.parametrize("name", EXERCISES)
def test_right_answers_pass(name, capsys):
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
    assert capsys.readouterr().out == f"✗ {name}: {message}\n"
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
        (lambda post, pre: 0.0, "shape ()"),
        (lambda post, pre: lesson00.dh_update(post, pre) * np.nan, "NaN"),
        (lambda post, pre: 3 * lesson00.dh_update(post, pre), "3 times"),
        (lambda post, pre: lesson00.dh_update(post, pre) + 0.5, "off by up to 0.5"),
    ],
)
def test_junk_gets_a_sentence_not_a_traceback(answer, words, capsys):
    check("00.1", answer)
    out = capsys.readouterr().out
    assert out.startswith("✗ 00.1: ") and words in out and "Traceback" not in out


def test_unknown_exercises_hints_and_grading_by_environment(capsys, monkeypatch):
    for name in ("77.1", None, "", "00.99"):
        check(name, None)
    assert "✓" not in capsys.readouterr().out
    hint("00.1")
    hint("00.1")
    assert "Hint 2 of 3" in capsys.readouterr().out
    monkeypatch.setenv("HEBBLITE_GRADING", "1")
    with pytest.raises(AssertionError, match="not solved"):
        check("00.1", None)


def test_a_piece_that_is_wrong_is_replaced_and_says_so(capsys):
    def right(post, pre):
        return np.diff(post, axis=0).T @ pre[:-1]

    assert piece("00.1", right) is right
    assert piece("00.1", None) is EXERCISES["00.1"].reference
    assert "runs with ours" in capsys.readouterr().out


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
    for label in ("time (ms)", "rate r (no unit)", "size |a|, |e| (no unit)", "layer 3"):
        assert label in words
    polylines = [p for p in parse(drawings[2.0, 8]).iter() if p.tag.endswith("polyline")]
    styles = {(p.get("stroke"), p.get("stroke-dasharray")) for p in polylines}
    assert len({s for s, _ in styles}) == len({d for _, d in styles}) == 4


def test_image_grids_and_curves_have_text():
    digits, net = load_digits(), Network([784, 20, 10])
    parse(lesson00.draw_digits(digits.x_test[:3], digits.y_test[:3]))
    parse(lesson00.draw_filters(net, Network([784, 20, 10], seed=1)))
    assert " read as " in lesson00.draw_mistakes(net, digits.x_test, digits.y_test)


def test_lines_survive_constant_and_hostile_values():
    flat = {"<b>&": np.zeros(3)}
    root = parse(
        chart.lines(np.arange(3.0), [("a", "b", flat)], "x", "A flat line, nothing else here.")
    )
    assert any(t.text == "<b>&" for t in root.iter())


def test_explore_redraws_and_shows_errors_as_words():
    def draw(k):
        if k == 3:
            raise ValueError("k: got 3, expected <3")
        return f"<p>{k}</p>"

    control = slider("k", 1, 0, 5, 1)
    box = explore(draw, k=control)
    assert box.children[-1].value == "<p>1</p>"
    control.value = 3
    assert "expected &lt;3" in box.children[-1].value

"""A guess is kept whatever happens, drawn where it belongs, and judged by nobody."""

from __future__ import annotations

import ast
import json
import sys

import pytest
from conftest import ROOT

from hebblite.teaching import (
    chart,
    forget,
    guess,
    guessed,
    kept,
    marks,
    predict,
    predictions,
    reveal,
    said,
    still,
)


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("HEBBLITE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(predictions, "_asked", {})
    monkeypatch.setattr(predictions, "_listeners", {})
    monkeypatch.setattr(kept, "_unstored", {})
    return tmp_path / "home"


@pytest.fixture
def displayed(monkeypatch):
    """The forms that are displayed."""
    shown = []
    form = pytest.importorskip("hebblite.teaching.prediction_form")
    monkeypatch.setattr(form, "show_live", lambda widget, *words: shown.append(widget))
    return shown


ANGLE = ("97.p1", "How large is the angle?", "°", 0, 180)
WHICH = {"options": ["it grows", "it shrinks"]}
BOTH = {"unit": "°", "low": 0, "high": 180, "parts": ["DH", "Hebb"]}


def test_a_number_an_option_and_several_numbers_are_kept(displayed, home, capsys):
    predict(*ANGLE)
    predict("97.p2", "The weight?", **WHICH)
    predict("97.p3", "Both angles?", **BOTH)
    assert [guessed(f"97.p{k}") for k in (1, 2, 3)] == [None] * 3
    assert marks("97.p1") == [] and said("97.p1") == "" and said("97.p1", 8) == "It is 8°."
    guess("97.p1", 30)
    guess("97.p2", "it grows")
    guess("97.p3", (30, 80.5))
    assert capsys.readouterr().out.splitlines() == [
        "Kept: 30°. You can change it at any time.",
        "Kept: “it grows”. You can change it at any time.",
        "Kept: 30° for DH and 80.5° for Hebb. You can change it at any time.",
    ]
    assert [guessed(f"97.p{k}") for k in (1, 2, 3)] == [30, "it grows", {"DH": 30, "Hebb": 80.5}]
    assert marks("97.p1", "x") == [("x", 30.0, "you said 30°")] and marks("97.p2") == []
    assert marks("97.p3")[1] == ("y", 80.5, "Hebb: you said 80.5°")
    assert marks("97.p3", part="DH") == [("y", 30.0, "DH: you said 30°")]
    assert said("97.p1", 8) == "You said 30°, and it is 8°." and said("97.p1") == "You said 30°."
    assert said("97.p2", "it shrinks") == "You said “it grows”, and the answer is “it shrinks”."
    assert said("97.p3") == "You said 30° for DH and 80.5° for Hebb."
    assert said("97.p3", {"DH": 8, "Hebb": 85}) == (
        "DH: 8° (you said 30°); Hebb: 85° (you said 80.5°)."
    )
    forget("97.p3")
    assert said("97.p3", {"DH": 8, "Hebb": 85}) == "DH: 8°; Hebb: 85°."
    guess("97.p1", 31)
    assert guessed("97.p1") == 31
    forget("97.p1")
    assert guessed("97.p1") is None and guessed("97.p2") == "it grows"
    assert {p.name for p in home.iterdir()} == {"predictions.json", "predictions.lock"}


def test_several_numbers_may_be_given_in_any_way(displayed, capsys):
    predict("97.p3", "Both angles?", **{**BOTH, "parts": ["DH", "plain Hebb"]})
    for give in (
        lambda: guess("97.p3", 30, 80),
        lambda: guess("97.p3", [30, 80]),
        lambda: guess("97.p3", {"DH": 30, "plain Hebb": 80}),
        lambda: guess("97.p3", DH=30, plain_Hebb="80°"),
    ):
        forget("97.p3")
        give()
        assert guessed("97.p3") == {"DH": 30, "plain Hebb": 80}
    guess("97.p3", 30, 80, 90)
    guess("97.p3", DH=3)
    guess("97.p8", 3)
    odd = capsys.readouterr().out.splitlines()[-3:]
    assert odd[0] == odd[1] and odd[0].endswith('as in guess("97.p3", [1, 2]).')
    assert odd[2] == "Run the cell that asks 97.p8 first." and guessed("97.p8") is None


def test_what_the_line_tells_to_write_can_be_written(displayed, capsys):
    for name, more in (("1", {"low": 20}), ("2", WHICH), ("3", BOTH), ("4", {"high": -3})):
        predict(f"97.p{name}", "How?", **more)
        code = predictions._asked[f"97.p{name}"].line.partition("In code: ")[2]
        exec(code, {})
        assert guessed(f"97.p{name}") is not None, code


def test_large_numbers_are_written_out():
    assert [predictions.in_words(n) for n in (999.96, 1576, 41235, -20000, 1e-5)] == [
        "1000", "1576", "41,235", "−20,000", "1e−05",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "value"),
    [("30", 30), (" 30° ", 30), ("0,5", 0.5), ("1.5e1", 15), (7, 7), ("+3", 3), (2.5, 2.5)],
)
def test_numbers_are_read_as_people_type_them(typed, value, displayed):
    predict(*ANGLE)
    guess("97.p1", typed)
    assert guessed("97.p1") == value


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("thirty", "'thirty' is not a number. Type a number, from 0° to 180°."),
        ("", "nothing is not a number"),
        ("200", "200° cannot be. Type a number, from 0° to 180°."),
        ("−1", "−1° cannot be"),
        ("nan", "is not a number"),
        (float("inf"), "is not a number"),
        ([3], "is not a number"),
        ({"a": 3}, "is not a number"),
    ],
)
def test_what_is_odd_gets_a_sentence_and_changes_nothing(typed, words, displayed, capsys):
    predict(*ANGLE)
    guess("97.p1", 45)
    capsys.readouterr()
    guess("97.p1", typed)
    assert words in capsys.readouterr().out and guessed("97.p1") == 45


def test_odd_answers_to_other_kinds_of_questions(displayed, capsys):
    predict("97.p2", "The weight?", **WHICH)
    predict("97.p3", "Both angles?", **BOTH)
    predict("97.p4", "How long?", unit="ms", low=0)
    predict("97.p5", "How much?", unit="mV")
    predict("97.p6", "How many?", high=3)
    guess("97.p2", "sideways")
    guess("97.p3", 3)
    guess("97.p3", {"DH": 3, "Hebb": "x"})
    for name, value in [("97.p4", -1), ("97.p5", "x"), ("97.p6", 4), ("97.p9", "words")]:
        guess(name, value)
    assert capsys.readouterr().out.splitlines() == [
        "Choose one of: it grows, it shrinks.",
        'Give a number for each of: DH, Hebb, as in guess("97.p3", [1, 2]).',
        "Hebb: 'x' is not a number. Type a number for each of DH, Hebb, from 0° to 180°.",
        "−1\N{NO-BREAK SPACE}ms cannot be. Type a number, 0\N{NO-BREAK SPACE}ms or more.",
        "'x' is not a number. Type a number, in mV.",
        "4 cannot be. Type a number, at most 3.",
        "Run the cell that asks 97.p9 first.",
    ]
    with pytest.raises(ValueError, match=r"name: got '3\.1'"):
        predict("3.1", "What?")


def test_a_guess_of_an_earlier_version_of_the_question_is_none(displayed):
    predict(*ANGLE)
    guess("97.p1", 170)
    predict(*ANGLE[:4], 90)
    assert guessed("97.p1") is None
    predict("97.p1", "The angle?", **WHICH)
    assert guessed("97.p1") is None


@pytest.mark.parametrize(
    ("content", "saved"),
    [
        (b'{"97.p1": 30, "97.p2": "it gr', {"97.p1": 30}),  # torn
        (b'{"97.p1": 30, "97.p2": [1], "97.p3": NaN}', {"97.p1": 30}),
        (b"\x00" * 64, {}),
        (b"[" * 100_000, {}),
        (b"17", {}),
    ],
)
def test_a_damaged_file_is_kept_and_what_it_says_is_saved(content, saved, home):
    home.mkdir()
    (home / "predictions.json").write_bytes(content)
    assert kept.guesses() == saved
    predictions.keep("97.p8", 1)
    predictions.keep("97.p9", 2)
    assert kept.guesses() == {**saved, "97.p8": 1, "97.p9": 2}
    copies = [p for p in home.iterdir() if p.name.startswith("predictions-damaged")]
    assert [p.read_bytes() for p in copies] == [content]


def test_a_machine_that_cannot_store_keeps_it_while_the_kernel_runs(monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HEBBLITE_HOME", str(tmp_path / "file"))
    predict(*ANGLE)
    guess("97.p1", 30)
    assert "could not be stored" in capsys.readouterr().out and guessed("97.p1") == 30
    forget("97.p1")
    assert guessed("97.p1") is None


def test_the_form_keeps_what_the_page_sends_and_shows_what_code_keeps(displayed):
    predict(*ANGLE)
    predict("97.p3", "Both angles?", **BOTH)
    form, both = displayed
    form.sent = {"number": 1, "values": {"": "30°"}}
    assert guessed("97.p1") == 30 and form.kept == {"": "30"} and form.said.startswith("Kept: 30°")
    form.sent = {"number": 2, "values": {"": "many"}}
    assert guessed("97.p1") == 30 and "not a number" in form.said
    guess("97.p1", 55)
    assert form.kept == {"": "55"} and form.said == "Your guess so far: 55°."
    form.sent = {"number": 3, "values": None}
    assert guessed("97.p1") is None and form.kept == {} and "cleared" in form.said
    both.sent = {"number": 1, "values": {"DH": "10", "Hebb": "80"}}
    assert guessed("97.p3") == {"DH": 10, "Hebb": 80}
    predict(*ANGLE)
    guess("97.p1", 5)
    assert displayed[-1].kept == form.kept == {"": "5"}  # two forms of one question agree


def test_where_nothing_runs_there_is_the_question_whatever_was_guessed(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    predictions.keep("97.p1", 77)
    predict(*ANGLE)
    stored, live = shown
    assert stored["text/plain"] == (
        "◇ How large is the angle?\n"
        "Run this cell to answer: a number, from 0° to 180°. In code: from hebblite.teaching "
        'import guess; guess("97.p1", 1)'
    )
    assert still.words(stored["text/html"]) == stored["text/plain"]
    assert "77" not in json.dumps(stored) and list(live) == [still.VIEW]


def test_without_widgets_the_question_is_printed(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "hebblite.teaching.prediction_form", raising=False)
    predict(*ANGLE)
    guess("97.p1", 4)
    assert capsys.readouterr().out.startswith("How large is the angle? Run this cell to answer")
    assert guessed("97.p1") == 4


def test_a_picture_is_drawn_anew_when_the_guess_changes(monkeypatch):
    shown = []

    class Handle:
        def update(self, data, raw):
            shown[-1] = data["text/plain"]

    def display(data, raw, display_id):
        shown.append(data["text/plain"])
        assert "<img" in data["text/html"]
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)

    def draw(value):
        if value == 13:
            raise ValueError("unlucky")
        panel = chart.Panel("", "x", "y", [chart.Series("s", [0, 1], [0, 1])], marks=marks("97.p1"))
        return chart.chart([panel], label=f"A line from 0 to 1, and the guess {value}.")

    reveal(draw, "97.p1")
    assert "the guess None" in shown[-1]
    predictions.keep("97.p1", 0.5)
    assert "the guess 0.5" in shown[-1]
    predictions.keep("97.p1", 13)  # an error in drawing spoils no guess
    assert guessed("97.p1") == 13 and "the guess 0.5" in shown[-1]
    reveal(lambda value: draw(value and 2), "97.p1")
    forget("97.p1")
    assert shown[-1] == "A line from 0 to 1, and the guess None."


# ---------------------------------------------------------------------- the lessons


def questions(path):
    """What the code cells of a notebook ask: the question of each ``predict``, and its options."""
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "predict(" in source:
            for call in ast.walk(ast.parse(source)):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "predict":
                    texts = (n.value for n in ast.walk(call) if isinstance(n, ast.Constant))
                    yield from (text for text in texts if isinstance(text, str))


@pytest.mark.parametrize("path", sorted((ROOT / "solutions").glob("*.ipynb")), ids=lambda p: p.stem)
def test_a_question_is_plain_text(path):
    """The form shows it as it stands: signs of Markdown and TeX would be seen."""
    assert [text for text in questions(path) if set(text) & set("`$*")] == []


def test_all_questions_are_found():
    assert sum(len(list(questions(path))) for path in (ROOT / "solutions").glob("*.ipynb")) > 100

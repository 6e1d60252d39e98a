"""The spelling check finds what it should, in prose only."""

from __future__ import annotations

import nbformat
import pytest
from spelling import main, misspelt

V4 = nbformat.v4


def words(tmp_path, name, text):
    """The wrong words in a file of that name."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return [line.split(": ", 1)[1].split(" ==> ")[0] for line in misspelt([path], tmp_path)]


@pytest.mark.parametrize("wrong", ["teh", "color", "behavior", "minimizes", "Discretization"])
@pytest.mark.parametrize(
    "name, text",
    [
        ("a.md", "We see {} here."),
        ("a.py", '"""We see {} here."""'),
        ("a.py", "x = 1  # we see {} here"),
        ("a.py", "print('we see {} here')"),
        ("a.py", "print(f'we see {x} {} here')"),
        ("a.py", "print('we see {} here, and half a character: \\ud800')"),
    ],
)
def test_a_wrong_word_in_prose_is_found(tmp_path, wrong, name, text):
    assert words(tmp_path, name, text.replace("{}", wrong)) == [wrong]


def test_a_wrong_word_in_a_notebook_is_found_with_its_cell(tmp_path):
    cells = [
        V4.new_markdown_cell("good", id="one"),
        V4.new_markdown_cell(
            "## References\n\n- *Stabilization of color*. A journal of color.", id="two"
        ),
        V4.new_code_cell("a = 1  # of color", id="three"),
    ]
    nbformat.write(V4.new_notebook(cells=cells), tmp_path / "a.ipynb")
    assert misspelt([tmp_path / "a.ipynb"], tmp_path) == [
        "a.ipynb/three:1: color ==> colour",
        "a.ipynb/two:3: color ==> colour",
    ]


@pytest.mark.parametrize(
    "name, text",
    [
        ("a.md", "The colour of `color` in $color$, [here](color.html).\n\n```\ncolor\n```\n"),
        ("a.py", "color = optimizer(minimize=True)\nuse('color', 'font: 1em; color: #222')"),
        ("a.md", "An optimizer of this size minimises, and focusing meets a prize, seized."),
    ],
)
def test_code_and_british_forms_pass(tmp_path, name, text):
    assert words(tmp_path, name, text) == []


def test_exit_codes(tmp_path, capsys):
    (tmp_path / "README.md").write_text("The colour.")
    assert main([], tmp_path) == 0
    assert "1 files" in capsys.readouterr().out
    (tmp_path / "README.md").write_text("One line.\nThe color.")
    assert main([], tmp_path) == 1
    assert capsys.readouterr().out == "README.md:2: color ==> colour\n"

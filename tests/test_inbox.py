"""No submission is lost in silence: whatever lies in the inbox is taken, or named and why."""

from __future__ import annotations

import io
import os
import sys
import unicodedata
import zipfile
from pathlib import Path

import nbformat
import pytest

from hebblite.classroom import inbox as inboxes
from hebblite.classroom.commands import main
from hebblite.classroom.inbox import spelling, why_not
from hebblite.classroom.settings import CONFIG

V4 = nbformat.v4
NAME = "00_start"


def book(text="x = 1"):
    return nbformat.writes(V4.new_notebook(cells=[V4.new_code_cell(text, id="c")])).encode()


BOOK = book()


@pytest.fixture
def course(tmp_path):
    """A course with two lessons made, as far as ``collect`` looks at it."""
    folder = tmp_path / "course"
    for name in (NAME, "01_spikes"):
        (folder / "release" / name).mkdir(parents=True)
        (folder / "release" / name / f"{name}.ipynb").write_bytes(BOOK)
    (folder / CONFIG).write_text("hebblite.assignments")
    return folder


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def put(inbox, *paths, content=BOOK):
    for path in paths:
        (inbox / path).parent.mkdir(parents=True, exist_ok=True)
        (inbox / path).write_bytes(content)


def collect(course, inbox):
    return main(["collect", str(course), NAME, str(inbox)])


def submitted(course):
    """Who has handed in."""
    return {p.parent.parent.name for p in (course / "submitted").glob(f"*/{NAME}/{NAME}.ipynb")}


def not_taken(out, inbox):
    """What is named with a reason: {path in the inbox: reason}."""
    lines = [line.strip() for line in out.splitlines() if line.startswith(f"  {inbox}")]
    pairs = [line.removeprefix(f"{inbox}/").split(": ", 1) for line in lines]
    return {path: reason for path, reason in pairs if not reason.startswith("taken for")}


# ---------------------------------------------------------------------- taken


NAMES = [
    "ada", "Ada Lovelace", "Bob Ross_17", "Zoë", "李雷", "Ольга", "أحمد", "o'neill", "-rf",
    "--help", "ada.lovelace", "ada.ipynb", "1234567", "12_mueller", "a,b", "(1)",
    "ada & bob", "50% $HOME ~", "#1", "a;b", '"quoted"', "名前 😀", "con", "x" * 200, "lower", "é",
]  # fmt: skip


def test_names_of_people_are_taken_as_they_are(course, inbox, capsys):
    put(inbox, *(f"{name}.ipynb" for name in NAMES))
    put(inbox, "FOLDER of Eve/00_start.ipynb", "shout.IPYNB", "mixed.IpYnB")
    assert collect(course, inbox) == 0
    assert submitted(course) == {*NAMES, "FOLDER of Eve", "shout", "mixed"}
    assert f"{NAME}: {len(NAMES) + 3} new, 0 there already" in capsys.readouterr().out
    assert all(not why_not(name) for name in NAMES)


@pytest.mark.parametrize(
    "file",
    ["00_start.ipynb", "00_START.IPYNB", "00_start (1).ipynb", "ada-00_start.ipynb", "final.ipynb"],
)
def test_the_only_notebook_in_a_students_folder_is_theirs(file, course, inbox, capsys):
    put(inbox, f"ada/{file}")
    assert collect(course, inbox) == 0
    assert submitted(course) == {"ada"}
    assert ("taken for" in capsys.readouterr().out) == (file != "00_start.ipynb")


def test_every_byte_is_kept(course, inbox):
    content = b"\xef\xbb\xbf" + BOOK.replace(b"\n", b"\r\n")
    put(inbox, "ada.ipynb", content=content)
    assert collect(course, inbox) == 0
    (target,) = (course / "submitted").glob("*/*/*.ipynb")
    assert target.read_bytes() == content


# ---------------------------------------------------------------------- named


def test_whatever_cannot_be_taken_is_named_and_stops_nobody(course, inbox, capsys):
    put(inbox, "ada.ipynb", "bob/00_start.ipynb", "eve/00_start.ipynb", "eve/draft.ipynb")
    put(inbox, "eve/data.csv", content=b"1,2")
    put(inbox, "00_start.ipynb", "01_spikes.ipynb")
    put(inbox, "two/a.ipynb", "two/b.ipynb", "deep/er/00_start.ipynb", "wrong/01_spikes.ipynb")
    put(inbox, "renamed.ipynb.txt", "renamed.json", "no-ending")
    put(inbox, "page.html", "torn.ipynb", "torn too/00_start.ipynb", content=b'{"cells": [')
    put(inbox, "empty.ipynb", "empty file/00_start.ipynb", content=b"")
    put(inbox, ".ipynb_checkpoints/ada-checkpoint.ipynb", ".DS_Store", "._ada.ipynb", "Thumbs.db")
    put(
        inbox,
        "bob/.ipynb_checkpoints/00_start-checkpoint.ipynb",
        "checkpoint/.ipynb_checkpoints/c.ipynb",
    )
    (inbox / "empty folder").mkdir()
    (inbox / "folder.ipynb").mkdir()
    with zipfile.ZipFile(inbox / "all.zip", "w") as archive:
        archive.writestr("zoe.ipynb", BOOK)
    put(inbox, "zipped/work.ZIP", content=b"PK")
    outside = inbox.parent / "elsewhere.ipynb"
    outside.write_bytes(BOOK)
    (inbox / "link.ipynb").symlink_to(outside)
    (inbox / "linked").symlink_to(inbox / "bob")
    (inbox / "nowhere.ipynb").symlink_to(inbox / "nothing")
    (inbox / "loop").symlink_to(inbox)
    (inbox / "in folder").mkdir()
    (inbox / "in folder" / "00_start.ipynb").symlink_to(outside)
    os.mkfifo(inbox / "pipe.ipynb")  # to open it would wait for ever
    assert collect(course, inbox) == 1
    assert submitted(course) == {"ada", "bob", "eve"}
    out = capsys.readouterr().out
    named = not_taken(out, inbox)
    reasons = {
        "eve/draft.ipynb": "beside the notebook",
        "eve/data.csv": "beside the notebook",
        "00_start.ipynb": "names a lesson",
        "01_spikes.ipynb": "names a lesson",
        "two/a.ipynb": "one of 2",
        "two/b.ipynb": "one of 2",
        "deep": "no notebook of 00_start",
        "deep/er": "a folder within a folder, with 1 notebook in it",
        "wrong": "no notebook of 00_start",
        "wrong/01_spikes.ipynb": "no notebook of 00_start",
        "renamed.ipynb.txt": "by its content",
        "renamed.json": "by its content",
        "no-ending": "by its content",
        "page.html": "no notebook",
        "torn.ipynb": "not JSON",
        "torn too/00_start.ipynb": "not JSON",
        "empty.ipynb": "empty",
        "empty file/00_start.ipynb": "empty",
        "checkpoint": "no notebook of 00_start",
        "empty folder": "an empty folder",
        "folder.ipynb": "an empty folder",
        "all.zip": "an archive",
        "zipped": "no notebook",
        "zipped/work.ZIP": "an archive",
        "link.ipynb": "a link",
        "linked": "a link",
        "nowhere.ipynb": "a link",
        "loop": "a link",
        "in folder": "no notebook",
        "in folder/00_start.ipynb": "a link",
        "pipe.ipynb": "no plain file",
    }
    assert named.keys() == reasons.keys()
    for path, reason in reasons.items():
        assert reason in named[path], path
    assert "Passed over, 6 hidden: .DS_Store, ._ada.ipynb, .ipynb_checkpoints, Thumbs.db" in out
    there = {p.name for p in inbox.iterdir() if not inboxes.is_hidden(p)}
    assert there == {path.split("/")[0] for path in [*reasons, "ada.ipynb", "bob"]}


def test_what_cannot_be_read_is_named(course, inbox, monkeypatch, capsys):
    """Whoever runs the tests as root may read everything: here the system refuses."""
    put(inbox, "ada.ipynb", "bob.ipynb", "eve/00_start.ipynb")
    read, listed = Path.read_bytes, Path.iterdir

    def denied(self):
        if self.name == "bob.ipynb":
            raise PermissionError(13, "Permission denied")
        return read(self)

    def closed(self):
        if self.name == "eve":
            raise PermissionError(13, "Permission denied")
        return listed(self)

    monkeypatch.setattr(Path, "read_bytes", denied)
    monkeypatch.setattr(Path, "iterdir", closed)
    assert collect(course, inbox) == 1
    named = not_taken(capsys.readouterr().out, inbox)
    assert set(named) == {"bob.ipynb", "eve"} and "Permission denied" in named["eve"]
    assert submitted(course) == {"ada"}


# ---------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    "name",
    ["a+b", "a*b", "what?", "[ada]", "a]b", "{ada}", ".ada", " ada", "ada ", "ada.", "a\nb", "a\tb",
     "a\\b", "a\x7fb", "a\u2028b"],
)  # fmt: skip
def test_names_that_cannot_be_graded_are_refused_before_anything_is_copied(
    name, course, inbox, capsys
):
    put(inbox, f"{name}.ipynb", "zoe.ipynb")
    assert collect(course, inbox) == 2
    said = capsys.readouterr().err
    assert repr(name) in said and "expected a name" in said and said.count("\n") == 1
    assert submitted(course) == set()
    (inbox / f"{name}.ipynb").unlink()
    put(inbox, f"{name}/00_start.ipynb")
    assert collect(course, inbox) == 2 and submitted(course) == set()


def test_a_name_that_is_no_text_is_refused(course, inbox, capsys):
    put(inbox, os.fsdecode(b"M\xfcller.ipynb"))  # a file system that was Latin-1
    assert collect(course, inbox) == 2
    assert "expected a name" in capsys.readouterr().err


def test_all_that_is_in_the_way_is_said_at_once(course, inbox, capsys):
    put(inbox, "a+b.ipynb", "[x].ipynb", "ada.ipynb")
    put(inbox, "ada/00_start.ipynb", content=book("another"))
    assert collect(course, inbox) == 2
    said = capsys.readouterr().err
    assert "3 submissions that cannot be taken" in said
    assert all(part in said for part in ("'a+b'", "'[x]'", "ada twice"))
    assert submitted(course) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoë", unicodedata.normalize("NFD", "Zoë")),
        ("ada", "Ada"),
        ("Ada Lovelace", "Ada_Lovelace"),
        ("ada  b", "ada b"),
        ("ｆｕｌｌ", "full"),
        ("straße", "STRASSE"),
    ],
)
def test_one_student_in_two_spellings_is_refused(one, other, course, inbox, capsys):
    put(inbox, f"{one}.ipynb")
    assert collect(course, inbox) == 0
    put(inbox, f"{other}.ipynb")  # two days later
    assert collect(course, inbox) == 2
    assert "one spelling for one student" in capsys.readouterr().err
    assert submitted(course) == {one} and spelling(one) == spelling(other)
    (inbox / f"{one}.ipynb").unlink()  # and where the first one is only in submitted/
    assert collect(course, inbox) == 2


def test_two_of_one_student(course, inbox, capsys):
    put(inbox, "ada.ipynb", "ada/00_start.ipynb")  # one notebook, twice
    assert collect(course, inbox) == 0
    assert "1 new, 1 there already" in capsys.readouterr().out
    put(inbox, "ada.ipynb", content=book("better"))
    before = (course / "submitted" / "ada" / NAME / f"{NAME}.ipynb").read_bytes()
    assert collect(course, inbox) == 2
    assert "ada twice" in capsys.readouterr().err
    assert (course / "submitted" / "ada" / NAME / f"{NAME}.ipynb").read_bytes() == before


# ---------------------------------------------------------------------- consoles


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_any_console_can_print_it(encoding, course, inbox, monkeypatch):
    put(inbox, "李雷.ipynb", "Zoë ✓.txt")
    put(inbox, "Ольга.ipynb", content=b"")
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
    monkeypatch.setattr(sys, "stdout", screen)
    assert collect(course, inbox) == 1
    screen.flush()
    said = screen.buffer.getvalue().decode(encoding)
    assert ("Ольга" if encoding == "utf-8" else r"\u041e\u043b") in said
    assert screen.errors == "strict", "not put back"

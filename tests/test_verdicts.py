"""What checks say: the slip by its name, in a box that any front end shows."""

from __future__ import annotations

import json
import re
import sys
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hebblite.teaching import boxes, check, checks, exercises, hint, piece
from hebblite.teaching.exercises import Exercise, find
from hebblite.teaching.ways import other_ways, written

progress = sys.modules["hebblite.teaching.progress"]


@pytest.fixture(autouse=True)
def own_state(monkeypatch, tmp_path):
    monkeypatch.setenv("HEBBLITE_HOME", str(tmp_path))
    monkeypatch.delenv("HEBBLITE_GRADING", raising=False)
    monkeypatch.setattr(progress, "_given", {})
    monkeypatch.setattr(progress, "_last", None)


@pytest.fixture
def notebook(monkeypatch):
    """What a notebook is given to show, by MIME type."""
    shown = []
    monkeypatch.setattr(boxes, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    return shown


def cases(seed):
    """x (T, B, n) and y (T, B, m), two numbers, a function, and a list."""
    rng = np.random.default_rng(seed)
    T, B, n, m = rng.integers(3, 7), rng.integers(2, 6), rng.integers(2, 5), rng.integers(5, 8)
    rates = [rng.normal(size=(B, k)) for k in (3, 4)]
    return (
        rng.normal(size=(T, B, n)), rng.normal(size=(T, B, m)), float(rng.uniform(0.2, 0.9)),
        float(rng.uniform(2, 5)), (np.tanh, np.sin)[seed % 2], rates,
    )  # fmt: skip


def reference(x, y, dt, tau, phi, rates):
    """Something of everything: (n, m)."""
    whole = np.einsum("tbi,tbj->ij", np.diff(x, axis=0), phi(y[:-1]) + 1)
    return dt / tau * whole / x.shape[1] + rates[0].sum() * rates[-1][0, 0]


def of(change):
    """An answer that is right for other arguments."""
    return lambda *given: reference(*change(*given))


MESSAGES = [
    (of(lambda x, y, dt, tau, phi, r: (x, y, tau, dt, phi, r)), "`dt` and `tau` are swapped"),
    (of(lambda x, y, dt, tau, phi, r: (x, 0 * y, dt, tau, phi, r)), "the term with `y` is missing"),
    (of(lambda x, y, dt, tau, phi, r: (x, y, 1, tau, phi, r)), "`dt` is missing as a factor"),
    (of(lambda x, y, dt, tau, phi, r: (x, y, dt, 1 / tau, phi, r)), "`tau` stands upside down"),
    (of(lambda x, y, dt, tau, phi, r: (x, -y, dt, tau, phi, r)), "`y` has the wrong sign"),
    (of(lambda x, y, dt, tau, phi, r: (x, y**2, dt, tau, phi, r)), "`y` enters twice"),
    (of(lambda x, y, dt, tau, phi, r: (abs(x), y, dt, tau, phi, r)), "the sign of `x` is lost"),
    (of(lambda x, y, dt, tau, phi, r: (x, np.trunc(y), dt, tau, phi, r)), "`y` is rounded to"),
    (of(lambda x, y, dt, tau, phi, r: (x, y, dt, tau, lambda v: v, r)), "`phi` is not applied"),
    (of(lambda x, y, dt, tau, phi, r: (x[:-1], y[:-1], dt, tau, phi, r)), "the last row of `x`"),
    (of(lambda x, y, dt, tau, phi, r: (x[1:], y[1:], dt, tau, phi, r)), "the first row of `x`"),
    (of(lambda x, y, dt, tau, phi, r: (x.swapaxes(0, 1), y.swapaxes(0, 1), dt, tau, phi, r)),
     "axes 0 and 1 are taken for each other"),
    (of(lambda x, y, dt, tau, phi, r: (x, 0 * y + y.mean(1, keepdims=True), dt, tau, phi, r)),
     "`y` is averaged over axis 1"),
    (of(lambda x, y, dt, tau, phi, r: (x, 0 * y + y[:1], dt, tau, phi, r)),
     "only the first row of `y`"),
    (of(lambda x, y, dt, tau, phi, r: (x, np.concatenate([y[1:], y[-1:]]), dt, tau, phi, r)),
     "`y` is taken one row too late"),
    (of(lambda x, y, dt, tau, phi, r: (x[:2], y[:2], dt, tau, phi, r)), "only the first step"),
    (of(lambda x, y, dt, tau, phi, r: (x[-2:], y[-2:], dt, tau, phi, r)), "only the last step"),
    (of(lambda x, y, dt, tau, phi, r: (x, y[::-1], dt, tau, phi, r)), "`y` is read backwards"),
    (of(lambda x, y, dt, tau, phi, r: (x, y, dt, tau, phi, [r[0], 1 + 0 * r[1]])),
     "the last item of `rates` is left out"),
    (of(lambda x, y, dt, tau, phi, r: (x, y, 0.5, tau, phi, r)), "`dt` makes no difference"),
    (of(lambda x, y, dt, tau, phi, r: (x, y, dt, tau, np.cos, r)), "`phi` makes no difference"),
    (lambda *a: reference(*a) * a[0].shape[1], "times `x.shape[1]`"),
    (lambda *a: reference(*a) * a[2], "times `dt`"),
    (lambda *a: reference(*a) * a[3] / a[2], "times `tau` and divided by `dt`"),
    (lambda *a: reference(*a).T, "the transpose of the right answer"),
    (lambda *a: np.abs(reference(*a)), "the signs are lost"),
    (lambda *a: reference(*a)[::-1], "runs backwards along axis 0"),
    (lambda *a: reference(*a).cumsum(0), "summed up along axis 0"),
    (lambda *a: np.round(reference(*a)), "are whole ones"),
    (lambda *a: np.stack([reference(*a) / 4] * 4), "now add up over axis 0"),
    (lambda *a: np.vstack([reference(*a), np.ones(a[1].shape[2])]), "the last row is too much"),
    (lambda *a: reference(*a)[1:], "the first row is missing"),
    (lambda *a: reference(*a) * np.where(np.arange(a[0].shape[2]) == 0, 3.0, 1.0)[:, None],
     "only the first row is wrong"),
    (lambda *a: np.full((a[0].shape[2], a[1].shape[2]), 7.0), "it returns 7 in every case"),
    (lambda *a: reference(*a) * (1 + (a[0].shape[2] == 3)), "except where `x` has 3 along axis 2"),
    (lambda *a: reference(*a).astype(np.float32), "in single precision (float32)"),
    (lambda *a: reference(*a) / np.zeros(a[1].shape[2]), "NumPy says: divide by zero"),
    (lambda *a: 1000 * reference(*a), "times 1000: are there milliseconds where seconds are meant"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "words"), MESSAGES, ids=[words for _, words in MESSAGES])
def test_general_slips_are_named(answer, words):
    exercise = Exercise("everything", cases, reference)
    found = checks.verdict(exercise, answer)
    assert words in found.message and found.specific


def test_what_only_says_how_the_numbers_look_is_not_called_specific():
    exercise = Exercise("everything", cases, reference)
    for answer, words in (
        (lambda *a: reference(*a) * 3, "3 times"),
        (lambda *a: reference(*a) + np.random.default_rng(0).normal(), "values are off"),
        (lambda *a: 0 * reference(*a), "nothing but zeros"),
    ):
        found = checks.verdict(exercise, answer)
        assert words in found.message and not found.specific


def update(post, pre, phi, steps):
    """Something like an update: (n, m)."""
    return np.diff(post, axis=0).T @ pre[:-1]


def phases(seed):
    rng = np.random.default_rng([9, seed])
    T, n, m = int(rng.integers(4, 8)), int(rng.integers(2, 4)), int(rng.integers(8, 10))
    T = 5 if seed == 0 else T
    return rng.normal(size=(T + 1, n)), rng.normal(size=(T + 1, m)), (np.tanh, np.sin)[seed % 2], T


def test_a_number_of_steps_is_no_time_and_a_fixed_one_is_named():
    """A descent that has long come to rest is the same after 1000 times as many steps."""

    def halves(seed):
        rng = np.random.default_rng([8, seed])
        return rng.normal(size=4), int(rng.integers(2, 6))

    def halve(x, steps):
        return x * 0.5**steps + np.arange(1, 5)

    descent = Exercise("a descent", halves, halve)
    found = checks.verdict(descent, lambda x, steps: halve(x, 20))
    assert "`steps` makes no difference" in found.message and found.specific
    assert "1000" not in checks.judge(descent, lambda x, steps: halve(x, 5000))
    known = find("06.2")  # (as a trial reader did)
    found = checks.verdict(known, lambda *given: known.reference(*given[:-1], 1000))
    assert "`steps` makes no difference" in found.message and found.specific


def truncated(x):
    return x.astype(np.float32).astype(float)


def neurons_for_rows(post, pre, phi, steps):
    return sum(np.outer(post[t + 1] - post[t], pre[t]) for t in range(post.shape[1] - 1))


UPDATES = [
    (lambda x, y, phi, T: np.diff(x, axis=0, append=0).T @ y, "a row of zeros stands after"),
    (lambda x, y, phi, T: np.diff(x, axis=0, prepend=0).T @ y, "a row of zeros stands before"),
    (lambda x, y, phi, T: (np.roll(x, -1, 0) - x).T @ y, "its first row follows once more"),
    (lambda x, y, phi, T: (x - np.roll(x, 1, 0)).T @ y, "its last row stands before the first"),
    (lambda x, y, phi, T: np.diff(x, axis=0, append=1.5).T @ y, "adds a change that never"),
    (lambda x, y, phi, T: (x - np.roll(x, 1, 0))[:-1].T @ y[1:], "`np.roll` brings the row at one"),
    (lambda x, y, phi, T: update(1000 * x, y, phi, T), "times 1000: a factor is off."),
    (lambda x, y, phi, T: update(x, phi(y), phi, T), "`pre` is passed through `phi`"),
    (lambda x, y, phi, T: update(x, np.maximum(y, 0), phi, T), "`pre` is passed through a relu"),
    (lambda x, y, phi, T: np.maximum(update(x, y, phi, T), 0), "passed through a relu"),
    (lambda x, y, phi, T: update(x, y, phi, T).sum(), "it returns one number, and an array"),
    (lambda x, y, phi, T: sum([]), "A sum that adds nothing is 0: does its loop run at all"),
    (lambda x, y, phi, T: np.array([]), "it is empty. Does a loop run at all"),
    (neurons_for_rows, "runs as often as `post.shape[1]` says"),
    (lambda x, y, phi, T: truncated(update(x, y, phi, T)), "something is rounded on the way"),
    (lambda x, y, phi, T: np.round(update(x, y, phi, T), 6), "they are rounded to 6 decimals"),
    (lambda x, y, phi, T: update(x, y, phi, T).ravel(), "two axes are joined to one"),
    (lambda x, y, phi, T: update(x, y, phi, T) * len(x) / 64, "a fixed 64 stands in the denomin"),
    (lambda x, y, phi, T: update(x, y, phi, T) * np.pi / 3.14, "only just off"),
    (lambda x, y, phi, T: -update(x, y, phi, T).T, "two things are wrong at once"),
    (lambda x, y, phi, T: 2 * update(x[1:], y[1:], phi, T), "it is 2 times as large. Second, the"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "words"), UPDATES, ids=[words[:40] for _, words in UPDATES])
def test_slips_that_trial_readers_made_are_named_in_any_exercise(answer, words):
    found = checks.verdict(Exercise("an update", phases, update), answer)
    assert words in found.message and found.specific, found.message


def test_rows_that_are_missing_or_not_what_they_should_be():
    def rates(b, phi, steps):
        return np.array([phi(b * (1 + 0.3 * t)) for t in range(steps + 1)])

    def given(seed):
        rng = np.random.default_rng(seed)
        return rng.normal(size=(3, 2)), (np.tanh, np.sin)[seed % 2], int(rng.integers(3, 6))

    exercise = Exercise("rates", given, rates)

    def voltage_first(b, phi, steps):
        return np.array([b, *(phi(b * (1.1 + 0.2 * t)) for t in range(1, steps + 1))])

    def two_slips(b, phi, steps):
        return np.array([phi(0.7 + 0.3 * t * b) for t in range(1, steps + 1)])

    said = checks.judge(exercise, voltage_first)
    assert said.startswith("row 0 is `b` as it is. Row 0 too is what `phi` makes of it: `phi(b)`")
    assert "`steps` steps have `steps` + 1 rows" in checks.judge(exercise, two_slips)


def test_a_size_that_should_drop_out_is_named():
    def angle(a, b):
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    pairs = Exercise("cosine", lambda seed: tuple(np.random.default_rng(seed).normal(size=(2, 5))),
                     angle)  # fmt: skip
    said = checks.judge(pairs, lambda a, b: float(np.clip(a @ b / np.linalg.norm(a), -1, 1)))
    assert "the size of `b` should drop out" in said


def test_a_loop_that_returns_in_its_first_pass_is_named_before_what_comes_of_it():
    pair = Exercise("two", lambda seed: (np.arange(3.0) + seed + 1,), lambda x: [x, 2 * x])

    def early(x):
        found = []
        for k in (1, 2):
            found.append(k * x)
            return found

    assert "a `return` stands inside your loop" in checks.judge(pair, early)
    assert checks.judge(pair, lambda x: [x]).endswith("2 are expected: one is missing.")
    three = checks.judge(pair, lambda x: [x, 2 * x, x[:1]])
    assert "the last one, of shape (1,), is one too many" in three


def test_slips_that_the_text_of_an_answer_shows():
    exercise = Exercise("sums", lambda seed: (np.arange(3.0 + seed) + 0.5,), lambda x: x.cumsum())

    def early(x):
        sums = []
        for i in range(len(x)):
            sums.append(x[: i + 1].sum())
            return np.array(sums)

    def outside(x):
        sums = []
        for i in range(len(x)):
            total = x[: i + 1].sum()
        sums.append(total)
        return np.array(sums)

    def whole(x):
        sums = np.zeros(len(x), dtype=int)
        for i in range(len(x)):
            sums[i] = x[: i + 1].sum()
        return sums

    def fine(x):
        sums = []
        for i in range(len(x)):
            if i >= 0:
                sums.append(x[: i + 1].sum())
        return np.array(sums)

    total = Exercise("sum", cases=exercise.cases, reference=lambda x: float(x.sum()))

    def anew(x):
        total = 0
        for i in range(len(x)):
            total = x[i]
        return total

    def by_hand(x):
        total = 0
        for i in range(len(x)):
            total = total + x[i]
        return total

    assert "`total` is set anew in each pass of your loop" in checks.judge(total, anew)
    assert checks.judge(total, by_hand) == ""
    assert "set anew" not in checks.judge(total, lambda x: 2 * by_hand(x))
    assert "a `return` stands inside your loop" in checks.judge(exercise, early)
    assert "`sums.append(...)` stands below your loop" in checks.judge(exercise, outside)
    assert "`dtype=int` makes an array that cuts off all decimals" in checks.judge(exercise, whole)
    assert checks.judge(exercise, fine) == ""


def test_single_precision_is_asked_for_nowhere_and_told_alike_everywhere():
    for name, exercise in exercises.exercises().items():
        if exercise.value:
            continue

        def single(*given, exercise=exercise):
            found = exercise.reference(*given)
            if isinstance(found, list | tuple):
                return [np.float32(part) for part in found]
            return np.float32(found)

        assert "in single precision (float32)" in checks.judge(exercise, single), name


def test_lists_are_right_and_said_to_be_slow(capsys):
    check("00.1", lambda post, pre: find("00.1").reference(post, pre).tolist())
    assert "is right: the differential Hebbian update. It returns lists" in capsys.readouterr().out


# ---------------------------------------------------------------------- boxes


def page(data):
    """The HTML of a box, which must be well-formed."""
    return ET.fromstring(re.sub(r"<img ([^>]*)>", r"<img \1/>", data["text/html"]))


def test_a_wrong_matrix_is_drawn_beside_the_right_one(notebook):
    check("00.1", lambda post, pre: np.cos(post[1:] - post[:-1]).T @ pre[:-1])
    (data,) = notebook
    image = page(data).find(".//img")
    assert image.get("src").startswith("data:image/svg+xml;base64,")
    assert "The largest difference is" in image.get("alt") and "`" not in data["text/html"]
    lines = data["text/plain"].splitlines()
    assert lines[0].startswith("✗ 00.1: ") and lines[-1] == image.get("alt")
    assert lines[1].startswith("The smallest case in which it differs: `post` (")


def test_wrong_numbers_stand_in_a_table(notebook):
    check("05.3", lambda P: 1.5 + 0 * P[0, 0])
    (data,) = notebook
    rows = [[cell.text for cell in row] for row in page(data).iter("tr")]
    assert [row[0] for row in rows] == ["yours", "expected", "difference"] and rows[0][1] == "1.5"
    assert "yours:      1.5" in data["text/plain"]


def test_an_unsolved_exercise_is_neither_right_nor_wrong(notebook):
    check("00.1", None)
    check("00.1", lambda post, pre: None)
    for data in notebook:
        assert data["text/plain"].startswith("○ 00.1: not solved yet")
        assert page(data).find(".//code").text in ("hint()", "return")
        assert not page(data).findall(".//table") and not page(data).findall(".//img")


def test_after_a_right_answer_come_other_ways(notebook):
    check("02.1", find("02.1").reference)
    (data,) = notebook
    box = page(data)
    assert box.find(".//strong").text == f"✓ 02.1 is right: {find('02.1').title}."
    assert "right way" in box.find(".//details/summary").text
    assert "@" not in box.find(".//pre").text.splitlines()[0]
    assert "next" not in data["text/plain"], "numbers are not the order of the notebook"


def test_other_ways_can_be_read_by_themselves():
    for name, exercise in exercises.exercises().items():
        ways = other_ways(exercise)
        assert ways, name
        for text in ways:
            assert not text.startswith((" ", "@")) and text.startswith(("def ", "lambda "))
            compile(text, name, "exec")
    free = 3
    assert written(lambda x: x * free) == "" and written(np.sum) == "" and written(len) == ""


def test_hints_unfold_one_by_one(notebook):
    hint()
    check("00.1", None)
    hint()
    hint()
    hint()
    hint()
    plain = [data["text/plain"].splitlines() for data in notebook]
    assert "Give its number" in plain[0][0]
    assert [lines[0].split(":")[0] for lines in plain[2:]] == [
        "Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3",
        "That was the last hint. Once more from the first", "Hint 1 of 3",
    ]  # fmt: skip
    folded = [[s.text for s in page(data).iter("summary")] for data in notebook[2:5]]
    assert folded == [[], ["Hint 1"], ["Hint 1", "Hint 2"]]


def test_a_piece_says_whose_it_is(notebook):
    piece("00.1", None)
    piece("00.1", find("00.1").reference)
    assert [data["text/plain"] for data in notebook] == [
        "00.1 is not right yet, so ours is used for now.", "From here on your piece is used.",
    ]  # fmt: skip


def test_a_box_is_the_same_on_every_machine_and_in_every_run(notebook, monkeypatch, tmp_path):
    def wrong(post, pre):
        return np.cos(post[1:]).T @ pre[:-1]

    for home in ("one", "two"):
        monkeypatch.setenv("HEBBLITE_HOME", str(tmp_path / home))
        check("00.1", wrong)
        check("00.1", find("00.1").reference)
        check("00.1", find("00.1").reference)
    first, right, again, second, *_ = map(json.dumps, notebook)
    assert first == second and right == again


def test_words_are_marked_and_nothing_in_them_is_taken_for_a_tag():
    said = boxes.marked("use `a < b`, the *change*, 2 * 3 * 4, and <b> & `x.T @ y`")
    assert said == (
        "use <code>a &lt; b</code>, the <em>change</em>, 2 * 3 * 4, and &lt;b&gt; &amp; "
        "<code>x.T @ y</code>"
    )


def test_only_the_kernel_of_a_notebook_shows_boxes(monkeypatch, capsys):
    class Shell(SimpleNamespace):
        pass

    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: Shell()))
    assert not boxes.in_notebook()
    shell = Shell(kernel=None)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert boxes.in_notebook()
    monkeypatch.delitem(sys.modules, "IPython")
    check("00.1", None)
    assert capsys.readouterr().out.startswith("○ 00.1: not solved")

"""Steps of proofs: every step of every lesson, and the kit with made-up theorems (proof_data)."""

from __future__ import annotations

import inspect
import re
import sys
import textwrap

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from proof_data import STEPS, T3, THEOREMS

from hebblite.teaching import hint, show_progress
from hebblite.teaching.boxes import Box, Picture
from hebblite.teaching.checks import hidden
from hebblite.teaching.course_map import LESSONS
from hebblite.teaching.proofs import (
    Bound,
    Exact,
    Gradient,
    Mean,
    Order,
    Tends,
    find_step,
    prove,
    steps,
    theorem,
    theory,
    your_step,
)
from hebblite.teaching.proofs.uses import table
from hebblite.teaching.proofs.verdict import holds, verdict
from hebblite.teaching.proofs.worlds import SEEN, Lab, sizes_and_hidden
from hebblite.teaching.solved import progress

TAUGHT = [one for one in steps().values() if one.reference.__module__.startswith("hebblite")]
ALL = [*TAUGHT, *STEPS]
each = pytest.mark.parametrize("step", ALL, ids=lambda step: step.number)
taught = pytest.mark.parametrize("step", TAUGHT, ids=lambda step: step.number)


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HEBBLITE_HOME", str(tmp_path))
    monkeypatch.delenv("HEBBLITE_GRADING", raising=False)
    known = {one.number: one for one in THEOREMS}
    monkeypatch.setattr(theory, "_theorems", theory._theorems | known)


# ---------------------------------------------------------------------- every step


@each
@pytest.mark.parametrize(
    "seeds", [SEEN, pytest.param(hidden(), marks=pytest.mark.slips)], ids=["seen", "hidden"]
)
def test_the_model_and_other_right_answers_pass(step, seeds):
    assert len(step.right) >= 2
    for answer in (step.reference, *step.right):
        told = verdict(step, answer, list(step.uses), seeds=seeds)
        assert told.message == "", inspect.getsource(answer)


@each
@pytest.mark.slips
def test_known_wrong_answers_fail_with_their_own_message(step):
    for answer, message in step.wrong:
        for seeds in (SEEN, hidden()):
            told = verdict(step, answer, list(step.uses), seeds=seeds)
            assert message in told.message, f"{told.message}\n{inspect.getsource(answer)}"


@taught
def test_there_are_at_least_five_wrong_ones_and_whole_sentences(step):
    assert len({message for _, message in step.wrong}) >= 5
    for words in (message for _, message in step.wrong):
        assert re.search(r"[.?!)`]$", words), words
    assert step.because and not step.because.endswith(".")


@each
def test_a_step_fails_without_each_assumption_that_it_names_and_no_other(step):
    for seeds in (SEEN, hidden()):
        lab = Lab(step.theorem, tuple(seeds))
        broken = {name for name, fails in table(step, lab).items() if fails}
        assert broken == set(step.uses)
        for name in step.theorem.assumptions:
            drawn = lab.breaking([name])
            assert all(drawn.worlds(s) for s in step.claim.strengths_of(step)), name


@each
def test_silent_and_idle_assumptions_are_told(step):
    for name in step.theorem.assumptions:
        if name in step.uses:
            silent = [other for other in step.uses if other != name]
            assert f'fails without the assumption "{name}"' in said(step, silent)
        else:
            assert f'does not need the assumption "{name}"' in said(step, [*step.uses, name])


def said(step, uses):
    return verdict(step, step.reference, uses).message


@each
def test_symbols_have_meanings_and_hints_are_there(step):
    meanings = step.theorem.symbols.values()
    assert len(step.hints) >= 2 and all(len(words) > 5 for words in meanings)
    for world in Lab(step.theorem, tuple(SEEN)).worlds():
        missing = {step.left, *step.given} - set(world)
        assert not missing or (isinstance(step.claim, Gradient) and missing == {step.left})
    for name in step.needs:
        other = find_step(name) or T3.steps[name]
        assert other is not step


@each
@pytest.mark.parametrize("seeds", [SEEN, hidden()], ids=["seen", "hidden"])
def test_worlds_vary_and_sizes_of_one_are_drawn(step, seeds):
    lab = Lab(step.theorem, tuple(seeds))
    sizes = [sizes_and_hidden(step.theorem, seed)[0] for seed in seeds]
    assert any(1 in n for n in sizes) and any(1 not in n for n in sizes)
    assert len({len(n) for n in sizes}) == step.theorem.depth[1] - step.theorem.depth[0] + 1
    assert len(lab.worlds()) >= 4
    for strength in step.claim.strengths_of(step):
        assert [len(net) for net in lab.nets(strength)] == [len(net) for net in lab.nets()]


@each
def test_nothing_and_what_it_is_times_a_number_fail(step):
    """So no claim is empty: nothing, twice, and half as much are told apart from the model."""
    for factor in (0.0, 2.0, 0.5, 1.001, -1.0):
        assert not holds(step, scaled(step, factor)), factor


def scaled(step, factor):
    return lambda *given: factor * np.asarray(step.reference(*given))


@each
def test_terms_are_terms_of_the_theorem_and_what_is_missing_is_told(step):
    for words, term in step.term.items():
        names = set(inspect.signature(term).parameters)
        assert names <= set(step.theorem.symbols) or names == {"world"}, words


# ---------------------------------------------------------------------- what is told

USES = ["rest at the start", "rest at the end"]


def told(answer, uses=USES, number="T93.1", **more):
    step = find_step(number)
    found = verdict(step, answer, uses, **more)
    for words in ("Traceback", "object at 0x", "could not run"):
        assert words not in found.message
    return found.message


def generator(a, W, dr_below):
    yield a + W @ dr_below


class Callable_:
    def __call__(self, a, W, dr_below):
        return a + W @ dr_below


def never(a, W, dr_below):
    while True:
        pass


def changes(a, W, dr_below):
    a += W @ dr_below
    return a


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, "not solved yet"),
        (..., "not solved yet"),
        (lambda a, W, dr_below: None, "not solved yet"),
        (lambda a, W, dr_below: ..., "not solved yet"),
        (3.0, "give the function itself, without calling it; this is a float."),
        (np.zeros(3), "this is an ndarray."),
        ("a + W @ dr_below", "this is a str."),
        (Callable_, "this is a class."),
        (generator, "`return`, and not `yield`"),
        (lambda: 1.0, "it takes no arguments"),
        (lambda *symbols: symbols[0], "`*symbols` stands for any arguments"),
        (lambda a, **rest: a, "`**rest` stands for any arguments"),
        (lambda a, W, dr_below=1: a, "`dr_below` has a value of its own"),
        (lambda a, *, W: a, "leave that out"),
        (lambda a, w, dr_below: a, "`w` is no symbol of T93.1. Did you mean W? The right side may "
         "use `a` (apical drive of this layer, (n,)), `W` (weights"),
        (lambda a, W, dv: a, "`dv` is the left side itself"),
        (lambda a, W, D_below: a, "is a symbol of T93, not of T93.1."),
        (np.add, " arguments "),  # whose signature older NumPys do not tell
        (never, "it had not finished after"),
        (changes, "it changes its arguments"),
        (lambda a, W, dr_below: a / 0 + W @ dr_below, "NaN or infinite"),
        (lambda a, W, dr_below: a + W @ dr_belov,  # noqa: F821
         "it uses a name that is not there"),
        (lambda a, W, dr_below: a + W @ dr_below[:-1], "matmul"),
        (lambda a, W, dr_below: (a + W @ dr_below)[:, None], "shape"),
        (lambda a, W, dr_below: "a", "it returns a str"),
        (lambda a, W, dr_below: (a, W), "it returns"),
        (lambda a, W, dr_below: -(a + W @ dr_below), "the sign is the wrong way round"),
        (lambda a, W, dr_below: 3 * (a + W @ dr_below), "your side is 3 times the right one."),
        (lambda a, W, dr_below: (a + W @ dr_below).astype("float32"), "single precision"),
        (lambda a, W, dr_below: a - W @ dr_below, "missing is twice what the layer below hands up"),
        (lambda a, W, dr_below: a + 2 * W @ dr_below, "too much is what the layer below hands up"),
        (lambda a, W: a, "the layer below moves too"),
        (lambda a, W, dr_below: a + W.T @ dr_below, "Where all sizes are alike"),
        (lambda a, W, dr_below: a + W @ np.abs(dr_below), "the sign of `dr_below` is lost"),
    ],
)  # fmt: skip
def test_every_kind_of_answer_gets_a_sentence(answer, expected, monkeypatch):
    monkeypatch.setattr("hebblite.teaching.trying.SECONDS", 0.3)
    assert expected in told(answer)


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        (None, "Now name the assumptions that it needs"),
        (..., "the assumptions are not solved yet"),
        ([...], "the assumptions are not solved yet"),
        ("rest at the end", 'write `["rest at the end"]`, with brackets'),
        (", ".join(USES), 'write `["rest at the start", "rest at the end"]`, each in'),
        (None, "a list may be empty, `[]`"),
        (["rest at the end", "weak"], 'did not name. It does not need the assumption "weak" (the'),
        (["rest at the end"], 'fails without the assumption "rest at the start" (the phase'),
        (["weak"], 'fails without the assumptions "rest at the start" (the phase begins in the '
         'free state) and "rest at the end" (the phase lasts until nothing moves), which you did'),
        ([*USES, "weak", "aligned"], 'does not need the assumptions "weak" (the feedback is weak) '
         'and "aligned" (the feedback is the transpose of the Jacobian)'),
        (3, "`uses` is a list of names; this is an int."),
        ({"rest at the end": 1}, "this is a dict."),
        ([3], "3 is none"),
        (["rest at the and"], "Did you mean rest at the end? The assumptions of T93 are"),
        (["xyzzy"], 'no assumption is called "xyzzy". The assumptions of T93 are "rest at the'),
        (["weak", "weak"], '"weak" twice'),
        ([], 'fails without the assumptions "rest at the start"'),
        (["rest at the start"], 'fails without the assumption "rest at the end"'),
        ([*USES, "weak"], 'does not need the assumption "weak"'),
        (set(USES), ""),
        (tuple(USES[::-1]), ""),
    ],
)  # fmt: skip
def test_every_kind_of_uses_gets_a_sentence(uses, expected):
    message = told(lambda a, W, dr_below: a + W @ dr_below, uses)
    assert expected in message and bool(message) == bool(expected)


THREE = ["rest at the start", "rest at the end", "weak"]


def linear(a, W, D_below, dv_below):
    return a + W @ (D_below * dv_below)


@pytest.mark.parametrize(
    ("left", "claim", "expected"),
    [
        ("dv", Order(2), ""),
        (None, Order(2), "the left side is not given yet"),
        (..., Order(2), "the left side is not given yet"),
        (3, Order(2), "`left` is the name of a symbol, in quotes; this is an int."),
        ("dW", Order(2), "T93 has no symbol `dW`. Did you mean"),
        ("a", Order(2), "T93.2 is not about `a`"),
        ("dv", None, "`claim` is one of Exact()"),
        ("dv", Order, "`Order` needs its brackets"),
        ("dv", "Order(2)", "`claim` is one of"),
        ("dv", Exact(), "that is too much"),
        ("dv", Order(1), "true, but too little"),
        ("dv", Order(3), "too much"),
        ("dv", Bound("lower"), "another kind of claim"),
        ("dv", Mean(), "another kind of claim"),
        ("dv", Tends(1), "another kind of claim"),
    ],
)  # fmt: skip
def test_whoever_writes_it_all_is_told_about_each_part(left, claim, expected):
    message = told(linear, THREE, "T93.2", left=left, claim=claim)
    assert expected in message and bool(message) == bool(expected)


def test_whoever_writes_it_all_may_use_every_symbol_but_the_left_one():
    other = told(lambda a, W, dr_below: a + W @ dr_below, THREE, "T93.2", left="dv", claim=Order(2))
    assert "this is step T93.1" in other
    assert "is the left side itself" in told(
        lambda dv: dv, THREE, "T93.2", left="dv", claim=Order(2)
    )
    wrong = told(lambda a, a_below: a, THREE, "T93.2", left="dv", claim=Order(2))
    assert (
        "with ten times less feedback, the difference between the two sides gets about 10 times "
        "smaller, and not 100 times: a term of order 1 is wrong or missing."
    ) in wrong


def test_unknown_numbers_get_a_sentence(capsys):
    for number in ("T93.7", "T0.1", "05.1", "", 3, None, ...):
        prove(number, linear, THREE)
        said = capsys.readouterr().out
        assert said.startswith(f"✗ {number}: there is no step {number!r}")
        assert ("Did you mean T93." in said) == (number == "T93.7") or number == "T0.1"
    prove("t3.2", linear)
    assert "Did you mean T3.2?" in capsys.readouterr().out
    prove(T3.steps["T93.2"], linear, THREE)
    assert "✓ T93.2 holds" in capsys.readouterr().out
    with pytest.raises(AssertionError, match="there is no step"):
        prove("T93.7", linear, THREE, grading=True)


def test_a_term_of_the_order_that_is_allowed_may_be_wrong():
    """O(k^2) is all that is claimed: whatever shrinks as fast may be added or left out."""

    def adding(extra):
        return lambda a, W, D_below, dv_below: linear(a, W, D_below, dv_below) + extra(a, dv_below)

    for extra in (lambda a, dv: dv @ dv, lambda a, dv: a.sum() * a, lambda a, dv: a**2 + a**3):
        assert told(adding(extra), THREE, "T93.2") == ""
    # Where nothing of second order is in the way, a small wrong term of first order still shows.
    small = told(lambda a, W, D_below, dv_below: linear(a, W, D_below, dv_below) + 1e-7 * a, THREE,
                 "T93.2")  # fmt: skip
    assert "what is too much is 10⁻⁷ times the neuron's own apical drive" in small
    constant = told(lambda a, W, D_below, dv_below: linear(a, W, D_below, dv_below) + 1e-9, THREE,
                    "T93.2")  # fmt: skip
    assert "a constant term is wrong or missing" in constant


def test_a_bound_that_is_true_but_loose_is_told_so():
    assert "nothing attains it" in told(lambda A, x: (np.trace(A) + 1) * (x @ x), ["symmetric"],
                                        "T95.1")  # fmt: skip
    assert "no upper bound" in told(lambda A, x: 0.5 * np.linalg.eigvalsh(A)[-1] * (x @ x),
                                    ["symmetric"], "T95.1")  # fmt: skip


def test_a_climb_finds_what_random_worlds_do_not_show():
    """A bound that fails only near one direction."""

    def bench(draw):
        direction = np.eye(6)[0]

        def world(x):
            x = x / np.linalg.norm(x)
            return {"x": x, "q": float((x @ direction) ** 2), "point": x, "vary": world}

        rng = np.random.default_rng(draw.seed)
        return [world(rng.normal(size=6) * [0.1, 1, 1, 1, 1, 1])]

    made = theorem("T898", "a climb", lesson="93", bench=bench, assumptions={},
                   symbols={"x": "a unit vector, (6,)", "q": "the square of an entry"})  # fmt: skip

    @made.step("T898.1", "it is at most one", left="q", claim=Bound("upper"),
               because="of Pythagoras", hints=("One.", "Two."))  # fmt: skip
    def one(x):
        return 1.0

    assert "a search finds one where" in verdict(one, lambda x: 0.4 + 0 * x[0], []).message


def test_a_mean_of_few_samples_is_not_enough_for_another_number():
    near = told(lambda p, q: p * q * 1.0001, ["independent"], "T96.1")
    assert "random values cannot tell it from the mean" in near
    far = told(lambda p, q: p, ["independent"], "T96.1")
    assert "standard errors" in far


def test_averages_that_do_not_settle_are_no_mean():
    def bench(draw):
        common = {"z": lambda rng, n: np.repeat(rng.normal(size=n // 32 + 1), 32)[:n] + 0 * 1.0}
        return [{"m": 0.0, **common}]

    made = theorem("T899", "no mean", lesson="93", bench=bench, assumptions={},
                   symbols={"m": "its centre", "z": "random values"})  # fmt: skip

    @made.step(
        "T899.1", "the mean", left="z", claim=Mean(4_096), because="it is", hints=("1.", "2.")
    )
    def centre(m):
        return m

    assert "do not settle" in verdict(centre, lambda m: m, []).message


def test_the_smallest_network_is_found_and_drawn(monkeypatch):
    found = verdict(find_step("T93.1"), lambda a, W, dr_below: a).found
    assert found.draw.sizes == (1, 1, 1) and found.where == "1-1-1, layer 2"
    assert "The smallest network in which it fails: 1-1-1, layer 2. There the left" in found.words()
    assert np.shape(found.left) == np.shape(found.yours) == (1,) and set(found.symbols) == {
        "a", "W", "dr_below"}  # fmt: skip
    shown = []
    monkeypatch.setattr(sys.modules[prove.__module__], "put", shown.append)
    prove("T93.1", lambda a, W, dr_below: a, USES)
    assert isinstance(shown[0], Box) and any(isinstance(p, Picture) for p in shown[0].pieces)


def test_a_step_that_is_not_right_is_replaced_by_the_models_and_that_is_said(capsys):
    known, right = find_step("T93.1"), lambda a, W, dr_below: a + W @ dr_below
    assert your_step("T93.1", right) is right
    assert capsys.readouterr().out == "From here on your step T93.1 is used.\n"
    for wrong, said in ((lambda a: a, "is not right yet"), (lambda a: ..., "is open"),
                        (None, "is open")):  # fmt: skip
        assert your_step("T93.1", wrong) is known.reference
        assert capsys.readouterr().out == f"T93.1 {said}, so ours is used for now.\n"


# ---------------------------------------------------------------------- marks and progress


def test_a_step_counts_when_side_and_assumptions_are_right(capsys):
    right = lambda a, W, dr_below: a + W @ dr_below  # noqa: E731
    prove("T93.1", right)
    prove("T93.1", right, ["weak"])
    assert progress() == []
    prove("T93.1", right, USES)
    assert progress() == ["T93.1"]
    out = capsys.readouterr().out
    assert out.startswith("○ T93.1: your right side is right.") and "✓ T93.1 holds: at rest" in out
    hint()
    hint("T93.1")
    said = capsys.readouterr().out
    assert "Hint 1 of 2: Write down the state of rest twice." in said and "Hint 2 of 2" in said


def test_grading_tries_other_networks_and_raises(monkeypatch):
    def by_heart(a, W, dr_below):  # right in the networks that a learner sees
        worlds = Lab(T3, tuple(SEEN)).worlds()
        seen = [w for w in worlds if np.array_equal(w["a"], a)]
        return seen[0]["dv"] if seen else a

    right = lambda a, W, dr_below: a + W @ dr_below  # noqa: E731
    assert verdict(find_step("T93.1"), by_heart, only_side=True).message == ""
    with pytest.raises(AssertionError, match=r"T93.1: the layer below moves too"):
        prove("T93.1", by_heart, USES, grading=True)
    with pytest.raises(AssertionError, match=r"T93.1: .* which you did not name"):
        prove("T93.1", right, ["rest at the end"], grading=True)
    with pytest.raises(AssertionError, match=r"T93.1: not solved yet"):
        prove("T93.1", ..., ..., grading=True)
    with pytest.raises(AssertionError, match="the course's own answer"):
        prove(
            "T93.1", lambda a, W, dr_below: find_step("T93.1")(a, W, dr_below), USES, grading=True
        )
    with pytest.raises(AssertionError, match="the course's own answer"):

        def looks(a, W, dr_below):
            worlds = Lab(T3, tuple(hidden())).worlds()
            return next(w["dv"] for w in worlds if np.array_equal(w["a"], a))

        prove("T93.1", looks, USES, grading=True)
    prove("T93.1", right, USES, grading=True)
    monkeypatch.setenv("HEBBLITE_GRADING", "1")
    with pytest.raises(AssertionError):
        prove("T93.1", lambda a: a, USES)
    monkeypatch.setenv("HEBBLITE_GRADING_SEED", "3")
    prove("T93.1", right, USES)


@taught
def test_stored_answers_are_refused_where_marks_are_given(step):
    for answer in (step, step.reference, *step.right):
        with pytest.raises(AssertionError, match="the course's own answer"):
            prove(step.number, answer, list(step.uses), grading=True)


def test_steps_stand_in_the_progress_of_their_lesson(capsys):
    for one in {step.theorem.lesson for step in TAUGHT}:
        show_progress(one)
        said = capsys.readouterr().out
        for step in TAUGHT:
            assert (f"○ {step.number} {step.title}: open" in said) == (step.theorem.lesson == one)


def test_a_theorem_that_does_not_fit_together_is_refused():
    for wrong in (
        {"number": "T93"}, {"number": "T94.1"}, {"left": "dz"}, {"uses": ("week",)},
    ):  # fmt: skip
        given = {"number": "T93.9", "left": "dv", "uses": ()} | wrong
        with pytest.raises(ValueError, match=r"got|is no"):
            T3.step(given["number"], "x", left=given["left"], claim=Exact(), uses=given["uses"],
                    because="x", hints=())  # fmt: skip
    with pytest.raises(ValueError, match="'z' is no symbol"):
        T3.step("T93.9", "x", left="dv", claim=Exact(), because="x", hints=())(lambda z: z)
    assert "T93.9" not in T3.steps


def test_all_made_up_theorems_have_their_kinds():
    kinds = {type(step.claim) for step in STEPS}
    assert kinds == {Exact, Order, Tends, Bound, Gradient, Mean}


# ---------------------------------------------------------------------- the place of a slip


def place(answer):
    from hebblite.teaching.proofs.answers import as_attempt, side_of
    from hebblite.teaching.proofs.spot import spot

    step = find_step("T93.2")
    return spot(as_attempt(side_of(step, answer), Lab(T3, tuple(SEEN)).worlds()))


def with_local(factor):
    return lambda a, W, D_below, dv_below: a + factor * W @ (D_below / dv_below)


def test_the_place_of_a_slip_is_told_and_not_what_belongs_there():
    assert place(lambda a, W, D_below, dv_below: a + W @ (D_below / dv_below)) == (
        "look at `D_below / dv_below`: it divides there where it has to multiply."
    )
    assert place(with_local(1.0)).startswith("look at `D_below / dv_below`")  # what it closes over
    assert place(with_local(2.0)) == ""  # two slips: nothing is said for sure

    def of_two_lines(dv_below, a, W, D_below):  # in another order
        below = D_below // dv_below
        return a + W @ below

    assert "`//` drops what is behind the decimal point" in place(of_two_lines)


def test_a_text_that_never_ends_when_it_is_changed_is_left_alone(monkeypatch):
    monkeypatch.setattr("hebblite.teaching.proofs.spot.SECONDS", 0.3)

    def counts(a, W, D_below, dv_below):
        left = 3
        while left > 0:
            left = left - 1
        return a + W @ (D_below * dv_below) ** 3

    assert place(counts) == ""


# ---------------------------------------------------------------------- the lessons' cells


def step_cells():
    """(number, source) of every cell in which a learner writes a step."""
    found = []
    for path in sorted((ROOT / "solutions").glob("[0-9][0-9]_*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            number = re.search(r'^prove\("(T\d+\.\d+)"', cell.source, re.MULTILINE)
            if number and cell.metadata.get("nbgrader", {}).get("solution"):
                found.append((number[1], path.stem[:2], cell.source))
    return found


CELLS = step_cells()


@pytest.mark.parametrize(("number", "lesson", "source"), CELLS, ids=[cell[0] for cell in CELLS])
def test_a_learners_own_step_passes_and_a_stub_is_not_solved_yet(number, lesson, source, capsys):
    from hebblite.classroom.release import learners_copy

    names = {"np": np, "prove": prove}
    exec(source, names)
    assert f"✓ {number} holds" in capsys.readouterr().out
    assert find_step(number).theorem.lesson == lesson
    call = re.search(r"^(prove\(.*)\)\s*$", source, re.MULTILINE)[1]
    exec(f"{call}, grading=True)", names)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    capsys.readouterr()
    exec(learners_copy(notebook).cells[0].source, names)
    assert capsys.readouterr().out.startswith(f"○ {number}: not solved yet")


def test_every_theorem_has_steps_that_the_learner_writes():
    written = {number.split(".")[0] for number, *_ in CELLS}
    there = {lesson.number for lesson in LESSONS if lesson.is_there}
    assert written == {step.theorem.number for step in TAUGHT if step.theorem.lesson in there}


def test_the_example_in_the_docstring_runs(capsys):
    text = sys.modules["hebblite.teaching.proofs"].__doc__
    begin = text.index("    from hebblite.teaching.proofs import Draw")
    end = text.index('    prove("T99.1"')
    example = textwrap.dedent(text[begin : text.index("\n", end)])
    names = {"np": np, "prove": prove, "World": dict}
    exec(example, names)
    assert capsys.readouterr().out.startswith("✓ T99.1 holds")
    names["prove"]("T99.1", lambda W, x: 0 * (W @ x), ["unloaded"])
    assert "what is missing is the pull of the springs" in capsys.readouterr().out


def test_an_assumption_that_a_step_does_not_even_see_is_not_called_broken():
    """T5.2 starts from the linear equation: what made that linear is none of its business."""
    step = find_step("T5.2")
    said = verdict(step, step.reference, ["small", "fast", "one eigenvalue"]).message
    assert 'does not need the assumptions "small" (voltages move so little' in said
    assert "the step starts from `e_0`, `e_tol`, `lam`, `k_i` and `tau_u`" in said
    assert "still agree" not in said
    step = find_step("T5.5")  # under Gauss-Newton there is one eigenvalue: it cannot be broken
    said = verdict(step, step.reference, ["one eigenvalue", "Gauss-Newton"]).message
    assert "and does not depend on whether that holds elsewhere" in said

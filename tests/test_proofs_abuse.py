"""Steps of proofs in hostile hands: answers that hang, print, return far too much, and right ones
that were called wrong."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from hebblite.teaching.progress import show_progress
from hebblite.teaching.proofs import Bound, find_step, prove, run_proof, theorem_map
from hebblite.teaching.proofs.verdict import Told, verdict

T3_1 = ["rest at the start", "rest at the end"]


def told(number: str, answer: Any, uses: Any = None) -> Told:
    step = find_step(number)
    assert step is not None
    return verdict(step, answer, list(step.uses) if uses is None else uses)


def test_a_higher_order_term_is_right_though_two_cancel_at_one_strength() -> None:
    def effort(JJ: Any, e: Any) -> Any:
        return 0.5 * e @ np.linalg.inv(JJ) @ e * np.exp(e @ e)

    assert told("T4.6", effort).message == ""


def test_a_right_answer_that_raises_where_an_assumption_is_broken_by_chance() -> None:
    seen = set[bytes]()

    def first(JJ: Any, e: Any) -> Any:
        seen.add(JJ.tobytes())
        return e @ e / (2 * np.linalg.eigvalsh(JJ)[-1])

    def again(JJ: Any, e: Any) -> Any:
        if JJ.tobytes() not in seen:
            raise ValueError("nothing is broken in the worlds that were seen")
        return e @ e / (2 * np.linalg.eigvalsh(JJ)[-1])

    step = find_step("T4.7")
    assert step is not None
    assert "name the assumptions" in verdict(step, first, None).message  # nothing was broken yet
    assert seen and verdict(step, again, []).message == ""


@pytest.mark.parametrize("uses", [[], ["symmetric"]])
def test_a_norm_bounds_any_loop_even_one_that_never_comes_to_rest(uses: list[str]) -> None:
    def at_least(e_0: Any, e_tol: Any, JQ: Any, k_i: Any, tau_u: Any) -> Any:
        return tau_u / (k_i * np.linalg.norm(JQ, 2)) * np.log(np.linalg.norm(e_0) / e_tol)

    assert told("T5.3", at_least, uses).message == ""
    step = find_step("T5.3")
    assert step is not None
    assert "symmetric" in told("T5.3", step.reference, []).message  # the eigenvalue needs it


def test_signs_are_lost_only_where_there_are_some() -> None:
    def effort(JJ: Any, e: Any) -> Any:
        return e @ np.linalg.solve(JJ, e) / 2 * (1 + 1e-8)

    found = told("T4.6", effort)
    assert found.message and "signs" not in found.message


def test_python_numbers_in_an_array_are_numbers() -> None:
    answer = lambda a, W, dr_below: (a + W @ dr_below).astype(object)  # noqa: E731
    assert told("T3.1", answer).message == ""
    none = lambda a, W, dr_below: np.array([None] * len(a))  # noqa: E731
    assert "array of numbers is expected" in told("T3.1", none).message


def test_blanks_and_capitals_do_not_make_another_assumption() -> None:
    answer = lambda a, W, dr_below: a + W @ dr_below  # noqa: E731
    assert (
        told("T3.1", answer, ["Rest at the start ", "REST AT\N{NO-BREAK SPACE}THE END"]).message
        == ""
    )
    assert "twice" in told("T3.1", answer, [*T3_1, "Rest at the end"]).message


def test_what_an_answer_prints_is_seen_once(capsys: pytest.CaptureFixture[str]) -> None:
    def answer(a: Any, W: Any, dr_below: Any) -> Any:
        print("looking at", a.shape)
        return a + W @ dr_below

    prove("T3.1", answer, T3_1, grading=False)
    assert capsys.readouterr().out.count("looking at") == 1


def test_far_too_many_numbers_are_refused_at_once() -> None:
    answer = lambda a, W, dr_below: np.zeros((400, 400))  # noqa: E731
    assert "far too many numbers" in told("T3.1", answer).message


def test_a_trusted_step_that_never_ends_is_stopped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hebblite.teaching.trying.SECONDS", 0.3)
    monkeypatch.setattr(sys.modules["hebblite.teaching.proofs.run_proof"], "SECONDS", 0.3)

    def endless(a: Any, W: Any, D_below: Any, dv_below: Any) -> Any:
        while True:
            pass

    def leaves(a: Any, W: Any, D_below: Any, dv_below: Any) -> Any:
        calls.append(1)
        if len(calls) > 100:
            raise SystemExit
        return a

    calls: list[int] = []
    run_proof("T3", {"T3.2": endless}, trust=True)
    assert "never ends" in capsys.readouterr().out
    run_proof("T3", {"T3.2": leaves}, trust=True)
    assert "T3" in capsys.readouterr().out


def test_the_map_may_be_asked_for_by_a_theorem() -> None:
    theorem_map("T3")


def test_the_left_side_itself_is_no_bound() -> None:
    step = find_step("T3.5")
    assert step is not None
    found = verdict(step, lambda z, P: z @ P @ z, [], "zPz", Bound("lower"))
    assert "the left side itself" in found.message
    assert verdict(step, lambda z: z @ z, [], "zPz", Bound("lower")).message == ""


@pytest.mark.parametrize("lesson", ["99", "5", 5])
def test_progress_of_no_lesson_gets_a_sentence(
    lesson: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    show_progress(lesson)
    assert "There is no lesson" in capsys.readouterr().out

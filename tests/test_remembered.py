"""Runs that are shared are made once, however they are asked for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import hebblite
from hebblite.teaching.remembered import remembered

PACKAGE = Path(hebblite.__file__).parent


def counted():
    calls = []

    @remembered
    def run(seed=0, *, epochs=3):
        """What it says."""
        calls.append((seed, epochs))
        if epochs < 0:
            raise ValueError("epochs")
        return [seed, epochs]

    return run, calls


def test_the_same_run_is_made_once():
    run, calls = counted()
    first = run()
    assert all(one is first for one in (run(0), run(seed=0), run(0, epochs=3), run(epochs=3)))
    assert run(1) == [1, 3] and run(0, epochs=4) == [0, 4]
    assert calls == [(0, 3), (1, 3), (0, 4)]


def test_what_failed_is_tried_again():
    run, calls = counted()
    for _ in range(2):
        with pytest.raises(ValueError, match="epochs"):
            run(epochs=-1)
    assert len(calls) == 2
    with pytest.raises(TypeError, match="unexpected"):
        run(sed=1)


def test_it_can_be_read_like_the_function():
    run, _ = counted()
    assert run.__name__ == "run" and run.__doc__ == "What it says."
    assert run.__wrapped__(seed=5) == [5, 3]


def name(decorator: ast.expr) -> str:
    return ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_no_run_with_optional_arguments_is_cached_by_how_it_is_called(path):
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef) and (
            function.args.defaults or function.args.kwonlyargs
        ):
            names = {name(decorator).split(".")[-1] for decorator in function.decorator_list}
            assert not names & {"cache", "lru_cache"}, f"{function.name}: use @remembered"

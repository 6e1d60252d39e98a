"""matrix and bench: what they print, that killing and resuming changes nothing, full disks."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time

import numpy as np
import pytest

from hebblite.cli import main
from hebblite.data import load_digits
from hebblite.errors import UnwritableError
from hebblite.experiments import bench, runs
from hebblite.experiments.cells import FRAMEWORKS, NATIVE, RULES, make_framework, why_undefined
from hebblite.experiments.runs import Outcome, Plan
from hebblite.network import read_arrays
from hebblite.training import fit

TINY = ["--dataset", "blobs", "--sizes", "2-6-2", "--epochs", "2", "--lr", "0.05", "--quiet"]
SMALL = ["matrix", *TINY, "--seeds", "0", "1", "--frameworks", "backprop", "dfc", "ep",
         "--rules", "gradient", "dh", "stdp", "hebbian", "--jobs", "2"]  # fmt: skip


def test_the_matrix_has_every_cell_that_means_something():
    defined = {(f, r) for f in FRAMEWORKS for r in RULES if why_undefined(f, r) is None}
    assert all((f, NATIVE[f]) in defined for f in FRAMEWORKS)
    for f in ("dfc", "pc", "deb"):
        assert {r for g, r in defined if g == f} == set(RULES)
    assert {r for g, r in defined if g == "backprop"} == {"gradient", "hebbian"}
    assert {r for g, r in defined if g == "ep"} == set(RULES) - {
        "gradient", "error-based", "error-voltage",
    }  # fmt: skip
    assert "teaching phase" in why_undefined("backprop", "dh")
    assert "free state" in why_undefined("ep", "error-based")


def test_matrix_list_prints_the_cells_and_the_reasons(capsys):
    assert main(["matrix", "--list"]) == 0
    text = capsys.readouterr().out
    rows = {line.split()[0]: line.split()[1:] for line in text.splitlines()[1:6]}
    assert set(rows) == set(FRAMEWORKS)
    assert rows["dfc"].count("native") == 1 and rows["dfc"].count("yes") == len(RULES) - 1
    assert "(1) " in text and "free state" in text


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    done = subprocess.run(
        [sys.executable, "-m", "hebblite", *SMALL, "--out", folder], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_matrix_writes_a_table_a_figure_and_every_run(whole):
    folder, text = whole
    assert (folder / "matrix.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "table.txt").read_text().strip() in text
    rows = list(csv.DictReader((folder / "results.csv").open()))
    # backprop (tanh) x 2 rules, dfc x 4, ep (sigmoid) x 3, and the sigmoid baseline: two seeds each
    assert len(rows) == 2 * (2 + 4 + 3 + 1)
    assert {r["hidden"] for r in rows if r["framework"] == "ep"} == {"sigmoid"}
    assert ("backprop", "sigmoid") in {(r["framework"], r["hidden"]) for r in rows}
    good = [float(r["accuracy"]) for r in rows if (r["framework"], r["rule"]) == ("dfc", "dh")]
    assert min(good) > 90
    for row in rows:
        name = f"{row['framework']}-{row['rule']}-{row['hidden']}-{row['seed']}.json"
        outcome = Outcome.from_dict(json.loads((folder / name).read_text()))
        assert f"{outcome.accuracy:.2f}" == row["accuracy"]


def test_a_killed_matrix_goes_on_to_the_same_result(whole, tmp_path):
    folder, text = whole
    job = subprocess.Popen(
        [sys.executable, "-m", "hebblite", *SMALL, "--out", tmp_path],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while len(list(tmp_path.glob("*.json"))) < 5 and job.poll() is None:
        time.sleep(0.01)
    job.kill()
    job.wait()
    time.sleep(0.5)  # its workers notice
    again = subprocess.run(
        [sys.executable, "-m", "hebblite", *SMALL, "--out", tmp_path],
        capture_output=True,
        text=True,
    )
    assert again.returncode == 0 and again.stdout == text
    for path in folder.glob("*.npz"):
        (_, mine), (_, other) = read_arrays(path), read_arrays(tmp_path / path.name)
        assert all(np.array_equal(mine[name], other[name]) for name in mine)


def test_another_plan_never_overwrites_a_result(whole, capsys):
    folder, _ = whole
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    assert main([*SMALL, "--out", str(folder), "--batch-size", "32"]) == 2
    assert "batch_size 64, now 32" in capsys.readouterr().err
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def test_a_killed_training_resumes_bit_for_bit_with_every_part_that_has_a_state(tmp_path):
    """Random signs and persistent particles in the framework, spikes in the rule."""
    digits = load_digits()
    digits = digits._replace(x_train=digits.x_train[:300], y_train=digits.y_train[:300])

    def train(path, stop, resume):
        plan = Plan("ep", "stdp", sizes=(784, 8, 10), hidden="sigmoid",
                    framework_settings=(("free_steps", 3), ("kind", "random"), ("nudged_steps", 3),
                                        ("start", "last")))  # fmt: skip
        net, framework, rule, optimizer = plan.make()
        fit(net, framework, rule, digits.x_train, digits.y_train, optimizer=optimizer, epochs=stop,
            batch_size=50, progress=False, checkpoint=path, resume=resume)  # fmt: skip
        return net

    whole = train(tmp_path / "a.npz", 4, False)
    train(tmp_path / "b.npz", 2, False)
    resumed = train(tmp_path / "b.npz", 4, True)
    assert all(map(np.array_equal, whole.weights, resumed.weights))


def test_a_disk_that_fills_up_costs_no_result(tmp_path, monkeypatch, capsys):
    """From the third file on, nothing can be written any more."""
    from hebblite.cli import files as command

    written = []

    def full(path, text):
        written.append(path)
        if len(written) > 2:
            raise UnwritableError(f"{path}: cannot be written (No space left on device)")

    monkeypatch.setattr(command, "write_text", full)
    arguments = ["train", *TINY, "--seeds", "0", "1", "2", "--rules", "dh", "--no-baseline"]
    assert main([*arguments, "--json", str(tmp_path / "r.json")]) == 0
    table = capsys.readouterr()
    assert "No space left" in table.err and "dfc" in table.out and "3" in table.out

    # The same with a folder: neither plans, nor checkpoints, nor outcomes can be written there.
    monkeypatch.setattr(runs, "write_text", full)
    folder = tmp_path / "checkpoints"
    assert main([*arguments, "--checkpoints", str(folder)]) == 0
    output = capsys.readouterr()
    assert output.out == table.out and "going on without checkpoints" in output.err
    assert not list(folder.iterdir())

    plan = Plan("dfc", "dh", sizes=(2, 4, 2), dataset="blobs", epochs=2, lr=0.05)
    monkeypatch.setattr(runs, "write_text", lambda path, text: None)
    saves = []

    def full_after_one(*args):
        saves.append(args)
        if len(saves) > 1:
            raise UnwritableError("checkpoint: cannot be written (No space left on device)")

    monkeypatch.setattr("hebblite.checkpoint.write_arrays", full_after_one)
    with pytest.warns(UserWarning, match="training goes on"):
        outcome = runs.run_to_file(plan, tmp_path)
    assert len(outcome.epochs) == 2 and outcome.accuracy > 80


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("--jobs", ["matrix", *TINY, "--jobs", "0", "--out", "{tmp}/m"]),
        ("cannot be made", ["matrix", *TINY, "--out", "{tmp}/file/m"]),
        ("--set", ["train", *TINY, "--set", "nonsense=3"]),
        ("nudge", ["train", *TINY, "--framework", "ep", "--rules", "dh", "--set", "nudge=-1"]),
        ("free state", ["train", *TINY, "--framework", "ep", "--rules", "error-based"]),
        ("x: got shape", ["train", "--dataset", "moons", "--sizes", "3-4-2", "--quiet"]),
        ("--resume", ["train", *TINY, "--resume"]),
        ("--confidence", ["matrix", *TINY, "--confidence", "0.4", "--out", "{tmp}/m"]),
        ("--batch-size", ["matrix", *TINY, "--batch-size", "0", "--out", "{tmp}/m"]),
        ("--data", ["train", *TINY, "--data", "{tmp}"]),
        ("k_p: got 'abc'", ["train", *TINY, "--set", "k_p=abc"]),
        ("--rules: got dh", ["matrix", *TINY, "--frameworks", "backprop", "--rules", "dh"]),
        (
            "x: got shape",
            [
                "matrix",
                "--sizes",
                "3-4-2",
                "--dataset",
                "moons",
                "--jobs",
                "2",
                "--frameworks",
                "backprop",
                "--out",
                "{tmp}/m",
            ],
        ),
        ("file/r.json: cannot be written", ["train", *TINY, "--json", "{tmp}/file/r.json"]),
        ("--repeats", ["bench", "--repeats", "0"]),
    ],
)
def test_bad_commands_are_explained_in_one_line(words, arguments, capsys, tmp_path):
    (tmp_path / "file").write_text("")
    assert main([a.replace("{tmp}", str(tmp_path)) for a in arguments]) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert words in error and error.startswith("hebblite: ")


def test_an_old_checkpoint_is_not_overwritten_unless_resumed(tmp_path, capsys):
    command = ["train", *TINY, "--rules", "dh", "--no-baseline", "--checkpoints", str(tmp_path)]
    assert main(command) == 0
    first = capsys.readouterr().out
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert main(command) == 2
    assert "--resume" in capsys.readouterr().err
    assert main([*command, "--resume", "--lr", "0.01"]) == 2
    assert "other settings" in capsys.readouterr().err
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
    assert main([*command, "--resume"]) == 0
    assert capsys.readouterr().out == first


def test_settings_by_name_win_and_a_seed_is_run_once(capsys):
    from hebblite.cli.options import parser, plan_of

    args = parser().parse_args(["train", *TINY, "--set", "k_p=0.7", "--seeds", "1", "1"])
    assert dict(plan_of(args, "dfc", "dh", 1).framework_settings)["k_p"] == 0.7
    args = parser().parse_args(["train", *TINY])
    assert dict(plan_of(args, "dfc", "dh", 1).framework_settings)["k_p"] == 0.5
    assert main(["train", *TINY, "--rules", "dh", "--no-baseline", "--seeds", "1", "1"]) == 0
    assert capsys.readouterr().out.split("+-")[1].split()[3] == "1"


def test_results_as_csv(tmp_path):
    path = tmp_path / "r.csv"
    assert main(["train", *TINY, "--framework", "deb", "--csv", str(path)]) == 0
    rows = list(csv.DictReader(path.open()))
    assert [r["rule"] for r in rows] == ["gradient", "dh", "hebbian"]
    assert all(0 <= float(r["accuracy"]) <= 100 for r in rows)


# ---------------------------------------------------------------------- the benchmark


def test_bench_times_every_case_beside_its_bound(monkeypatch, capsys, tmp_path):
    from dataclasses import replace

    monkeypatch.setattr(
        bench, "CASES", [replace(c, sizes=(7, 6, 5, 4), batch=3) for c in bench.CASES]
    )
    out = tmp_path / "b.json"
    assert main(["bench", "--repeats", "1", "--rules", "gradient", "dh", "stdp", "contrastive",
                 "--json", str(out)]) == 0  # fmt: skip
    timings = json.loads(out.read_text())
    assert {t["case"] for t in timings} == {c.name for c in bench.CASES}
    assert all(t["seconds"] > 0 and t["bound"] > 0 for t in timings)
    assert "GFLOP/s" in capsys.readouterr().out


def test_the_bound_does_the_products_that_the_dynamics_need():
    """Counted: two products per layer above the first and step, and those of the rule."""
    case = bench.Case(
        "dfc", "dfc", lambda: make_framework("dfc", steps=16), (5, 4, 3, 2), "tanh", 6
    )
    counted = []

    class Counting:
        def __getattr__(self, name):
            return getattr(np, name)

        def matmul(self, a, b, out):
            counted.append((a.shape, b.shape))
            return np.matmul(a, b, out=out)

    old, bench.np = bench.np, Counting()
    try:
        bench.products(case, "dh")()
    finally:
        bench.np = old
    steps, blocks = 16, 2
    assert len(counted) == 1 + steps * (2 + 2) + blocks * 2 + 1
    assert counted.count(((6, 4), (4, 3))) == steps  # up to layer 2 at each step
    assert counted.count(((3, 48), (48, 4))) == blocks  # DH of layer 2, eight steps deep


def test_scaling_is_measured_and_drawn(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(bench, "timing", lambda case, rule, repeats: bench.Timing(
        "dfc", rule, 0.01 * case.make().steps * case.batch, 1, 1))  # fmt: skip
    figure = tmp_path / "s.png"
    assert main(["bench", "--scaling", "--repeats", "1", "--figure", str(figure)]) == 0
    assert figure.read_bytes().startswith(b"\x89PNG")
    text = capsys.readouterr().out
    assert all(name in text for name in ("depth", "width", "batch", "steps"))


def test_memory_does_not_grow_with_the_number_of_steps():
    import tracemalloc

    net, x, target = bench.problem(bench.Case("dfc", "dfc", lambda: None, (20, 30, 30, 5), "tanh"))
    peaks = []
    for steps in (50, 800):
        framework, rule = make_framework("dfc", steps=steps), RULES["dh"](0)
        tracemalloc.start()
        rule(framework.teach(net, x, target))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]

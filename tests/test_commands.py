"""matrix and bench: what they print, that killing and resuming changes nothing, full disks."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hebblite import training
from hebblite.cli import COMMANDS, main, parse, parser
from hebblite.cli.options import plan_of
from hebblite.data import load_digits
from hebblite.errors import UnwritableError
from hebblite.experiments import bench, bounds, cases, runs
from hebblite.experiments.cases import Case
from hebblite.experiments.cells import FRAMEWORKS, NATIVE, RULES, make_framework, why_undefined
from hebblite.experiments.results import grouped, table
from hebblite.experiments.runs import Outcome, Plan
from hebblite.lanes import blas, parts
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
    header, *lines = (line.split() for line in text.splitlines()[: len(RULES) + 1])
    assert header == ["rule", *FRAMEWORKS] and [line[0] for line in lines] == list(RULES)
    columns = dict(zip(header, zip(*lines, strict=True), strict=True))
    assert columns["dfc"].count("native") == 1 and columns["dfc"].count("yes") == len(RULES) - 1
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
    from hebblite.cli import output as command

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
        ("--sizes: got 3-4-2", ["train", "--dataset", "moons", "--sizes", "3-4-2", "--quiet"]),
        ("--resume", ["train", *TINY, "--resume"]),
        ("--confidence", ["matrix", *TINY, "--confidence", "0.4", "--out", "{tmp}/m"]),
        ("--batch-size", ["matrix", *TINY, "--batch-size", "0", "--out", "{tmp}/m"]),
        ("--data", ["train", *TINY, "--data", "{tmp}"]),
        ("k_p: got 'abc'", ["train", *TINY, "--set", "k_p=abc"]),
        ("--rules: got dh", ["matrix", *TINY, "--frameworks", "backprop", "--rules", "dh"]),
        (
            "--sizes: got 3-4-2",
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
    args = parse(["train", *TINY, "--set", "k_p=0.7", "--seeds", "1", "1"])
    assert dict(plan_of(args, "dfc", "dh", 1).framework_settings)["k_p"] == 0.7
    args = parse(["train", *TINY])
    assert dict(plan_of(args, "dfc", "dh", 1).framework_settings)["k_p"] == 0.5
    assert main(["train", *TINY, "--rules", "dh", "--no-baseline", "--seeds", "1", "1"]) == 0
    assert capsys.readouterr().out.split("+-")[1].split()[3] == "1"


def test_a_population_takes_the_place_of_many_samples_unless_both_are_given():
    def rule(arguments, name="stdp"):
        args = parse(["train", *TINY, "--rules", name, *arguments.split()])
        args.sizes = (2, 6, 2)
        return plan_of(args, "dfc", name, 1).make()[2]

    plain, many = rule(""), rule("--population 50")
    both = rule("--population 50 --samples 3")
    assert (plain.samples, plain.population) == (16, 1)
    assert (many.samples, many.population) == (1, 50)
    assert (both.samples, both.population) == (3, 50)
    assert main(["matrix", "--list", "--population", "50"]) == 0


def test_a_folder_of_an_earlier_version_goes_on(tmp_path, capsys):
    """Its plans lack the fields that have come since."""
    command = ["train", *TINY, "--rules", "dh", "--no-baseline", "--checkpoints", str(tmp_path)]
    assert main(command) == 0
    first = capsys.readouterr().out
    for path in tmp_path.glob("*.json"):
        made = json.loads(path.read_text())
        del made.get("plan", made)["population"]
        path.write_text(json.dumps(made))
    assert main([*command, "--resume"]) == 0
    assert capsys.readouterr().out == first
    (tmp_path / "dfc-dh-relu-0.json").unlink()  # as if it had been stopped
    assert main([*command, "--resume"]) == 0
    assert capsys.readouterr().out == first


def test_a_hopeless_bound_is_timed_once(monkeypatch):
    (case,) = (case for case in cases.CASES if case.name == "widget")
    timed = []

    def warm(work):
        timed.append(len(timed) % 3)
        return [2.0, 9.0, 1.0][0 if len(timed) > 3 else timed[-1]]

    monkeypatch.setattr(bench, "warm", warm)
    result = bench.timing(case, "dh", 3)
    assert len(timed) == 3 + 2 + 2 and result.threads == 9 and result.bound == result.lanes


def test_results_as_csv(tmp_path):
    path = tmp_path / "r.csv"
    assert main(["train", *TINY, "--framework", "deb", "--csv", str(path)]) == 0
    rows = list(csv.DictReader(path.open()))
    assert [r["rule"] for r in rows] == ["gradient", "dh", "hebbian"]
    assert all(0 <= float(r["accuracy"]) <= 100 for r in rows)


# ---------------------------------------------------------------------- the benchmark


@pytest.mark.long
def test_bench_times_every_case_beside_its_bound(monkeypatch, capsys, tmp_path):
    small = [
        replace(c, sizes=(7, 6, 5, 4), batch=3, samples=min(c.samples, 7)) for c in cases.CASES
    ]
    monkeypatch.setattr(cases, "CASES", small)
    out = tmp_path / "b.json"
    assert main(["bench", "--repeats", "1", "--rules", "gradient", "dh", "stdp", "contrastive",
                 "--json", str(out)]) == 0  # fmt: skip
    timings = json.loads(out.read_text())
    assert {t["case"] for t in timings} == {c.name for c in cases.CASES}
    assert all(t["seconds"] > 0 and t["bound"] > 0 for t in timings)
    assert all(t["bound"] == min(t["threads"], t["lanes"]) for t in timings)
    text = capsys.readouterr().out
    assert "GFLOP/s" in text and max(map(len, text.splitlines())) <= 80


def test_the_bound_does_the_products_that_the_dynamics_need():
    """Counted: two products per layer above the first and step, and those of the rule."""
    case = Case("dfc", "dfc", lambda: make_framework("dfc", steps=16), (5, 4, 3, 2), "tanh", 6)
    counted = []

    class Counting:
        def __getattr__(self, name):
            return getattr(np, name)

        def matmul(self, a, b, out):
            counted.append((a.shape, b.shape))
            return np.matmul(a, b, out=out)

    old, bounds.np = bounds.np, Counting()
    try:
        bounds.threads(case, "dh")()
    finally:
        bounds.np = old
    steps, blocks = 16, 2
    assert len(counted) == 1 + steps * (2 + 2) + blocks * 2 + 1
    assert counted.count(((6, 4), (4, 3))) == steps  # up to layer 2 at each step
    assert counted.count(((3, 48), (48, 4))) == blocks  # DH of layer 2, eight steps deep


def test_scaling_is_measured_and_drawn(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(bench, "timing", lambda case, rule, repeats: bench.Timing(
        "dfc", rule, 0.01 * case.make().steps * case.batch, 1, 1, 1))  # fmt: skip
    figure = tmp_path / "s.png"
    assert main(["bench", "--scaling", "--repeats", "1", "--figure", str(figure)]) == 0
    assert figure.read_bytes().startswith(b"\x89PNG")
    text = capsys.readouterr().out
    assert all(name in text for name in ("depth", "width", "batch", "steps"))


def test_memory_does_not_grow_with_the_number_of_steps():
    import tracemalloc

    net, x, target = cases.problem(Case("dfc", "dfc", lambda: None, (20, 30, 30, 5), "tanh"))
    peaks = []
    for steps in (50, 800):
        framework, rule = make_framework("dfc", steps=steps), RULES["dh"](0)
        tracemalloc.start()
        rule(framework.teach(net, x, target))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


def test_the_bound_in_lanes_cuts_the_batch_as_the_engine_does(monkeypatch):
    case = Case("dfc", "dfc", lambda: make_framework("dfc", steps=8), (9, 1200, 1200, 10), "tanh")
    cut = [part.stop - part.start for part in parts(case.batch, case.sizes)]
    assert len(cut) > 1
    made = []
    monkeypatch.setattr(
        bounds, "products", lambda case, rule, batch: lambda: made.append((batch, products_alone()))
    )

    def products_alone():
        return {library.num_threads for library in blas().lib_controllers}

    bounds.lanes(case, "dh")()
    assert sorted(batch for batch, _ in made) == sorted(cut)
    assert all(threads == {1} for _, threads in made)
    made.clear()
    bounds.threads(case, "dh")()
    assert [batch for batch, _ in made] == [case.batch]


def test_an_epoch_is_timed_with_all_its_batches(monkeypatch):
    (case,) = (case for case in cases.CASES if case.name == "dfc-epoch")
    assert bounds.batches(case) == [64] * 156 + [16]
    seen = []
    small = replace(case, sizes=(7, 6, 5, 4), batch=3, samples=7)
    monkeypatch.setattr("hebblite.training.update", counted(training.update, seen))
    bench.learning(small, "dh")()
    assert seen == bounds.batches(small) == [3, 3, 1]


def counted(update, seen):
    def counting(net, framework, rule, x, *others):
        seen.append(len(x))
        return update(net, framework, rule, x, *others)

    return counting


# ---------------------------------------------------------------------- slips of the finger


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("Did you mean train?", "trian"),
        ("train, matrix, bench", "learn"),
        ("Did you mean --epochs?", "train --epoch-s 3"),
        ("Did you mean --frameworks?", "matrix --frameworx dfc"),
        ("Did you mean dh?", "train --rules dhh"),
        ("Did you mean dfc?", "train --framework DFC"),
        ("Did you mean moons?", "train --dataset moon"),
        ("Did you mean pc-small?", "bench --cases pc-smal"),
        ("Did you mean nudge?", "train --framework ep --rules dh --set nudg=1"),
        ("a setting of dfc: feedback, k_p", "train --set nudg=1"),
        ("expected a command before its options", "--epochs 3 train"),
        ("--lr: expected one argument", "train --lr"),
        ("--lr: got 'fast', expected a number", "train --lr fast"),
        ("--epochs: got '2.5', expected a whole number", "train --epochs 2.5"),
        ("--sizes: got '784,10', expected", "train --sizes 784,10"),
        ("--set: got 'nudge', expected NAME=VALUE", "train --set nudge"),
        ("--set: got 'k_p=[1]', expected", "train --set k_p=[1]"),
        ("got 'stray' where an option was expected", "train --lr 1 stray"),
    ],
)  # fmt: skip
def test_a_slip_is_answered_in_one_line_with_what_was_meant(words, arguments, capsys):
    assert main(arguments.split()) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line and line.startswith("hebblite: ")
    assert "self" not in line and "unexpected keyword" not in line


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("--sizes: got 784-32, expected 784-...-10", "train --sizes 784-32"),
        ("--sizes: got 10", "train --sizes 10"),
        ("--sizes", "matrix --sizes 784-12 --out {tmp}/new"),
        ("--sizes", "train --dataset moons --sizes 784-10"),
        ("not enough memory", "train --sizes 784-9999999999-10"),
        ("lr", "train --lr nan"),
        ("--seeds: got -1", "train --seeds -1"),
        ("--k-p", "train --framework pc --rules dh --k-p 2"),
        ("--set steps=...", "train --framework pc --rules dh --steps 5"),
        ("--samples", "train --samples 4"),
        ("--population", "train --rules stdp-expected --population 4"),
        ("population", "train --rules stdp --population 0"),
        ("--tau", "matrix --rules dh --tau 1 --out {tmp}/new"),
        ("--set", "train --framework backprop --rules gradient --set a=1"),
        ("nowhere: is not a folder", "matrix --data {tmp}/nowhere --out {tmp}/new"),
        ("a folder", "train --json {tmp}"),
        ("cannot be written", "train --csv {tmp}/no/results.csv"),
        ("--csv", "train --csv - --json -"),
        ("cannot be written", "bench --json {tmp}/no/times.json"),
        ("cannot be written", "bench --scaling --figure {tmp}/no/times.png"),
        ("--figure", "bench --figure {tmp}/times.png"),
        ("--figure", "bench --scaling --figure {tmp}/times.gif"),
        ("--rules", "bench --scaling --rules dh"),
        ("--rules", "bench --cases bp --rules dh"),
    ],
)
def test_what_cannot_be_done_is_found_before_any_work(words, arguments, tmp_path, capsys,
                                                      monkeypatch):  # fmt: skip
    def no_work(*args, **kwargs):
        raise AssertionError("work has begun")

    for name in ("hebblite.experiments.runs.fit", "hebblite.experiments.bench.timing"):
        monkeypatch.setattr(name, no_work)
    assert main([a.replace("{tmp}", str(tmp_path)) for a in arguments.split()]) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert words in error and error.startswith("hebblite: ")
    assert not list(tmp_path.iterdir())


# ---------------------------------------------------------------------- what is printed


def test_help_has_examples_and_fits_a_narrow_window(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    for arguments in ([], ["--help"], *([c, "--help"] for c in COMMANDS), ["matrix", "--list"]):
        assert main(arguments) == 0
        text = capsys.readouterr().out
        assert max(map(len, text.splitlines())) <= 80, arguments
        assert "None" not in text
        assert "examples:" in text or "--list" in arguments


def test_every_option_says_what_it_is_for():
    for part in parser()[1].values():
        for action in part._actions:
            assert action.help, action.option_strings


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_can_be_read(name):
    for example in COMMANDS[name].EXAMPLES:
        assert parse([name, *example.split()]).command == name


def test_tables_fit_80_columns_with_the_longest_names():
    outcomes = [
        Outcome(Plan(framework, rule, seed, hidden="sigmoid"), accuracy)
        for framework, rule, *several in (
            ("backprop", "gradient", 100.0, 100.0),
            ("backprop", "error-voltage", 100.0, 0.0),
            ("dfc", "stdp-expected", 100.0, 50.0),
        )
        for seed, accuracy in enumerate(several)
    ]
    outcomes[-1].failure = "diverged (layer 1)"
    text = table(grouped(outcomes), 10)
    assert max(map(len, text.splitlines())) <= 80
    assert "FAILS: diverged (layer 1), seed 1:\n    dfc x stdp-expected" in text


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_closed_pipe_ends_quietly(unbuffered):
    for arguments in ("matrix --list", "--help", "--version"):
        job = subprocess.Popen(
            [sys.executable, "-m", "hebblite", *arguments.split()],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip
        job.stdout.close()  # at once: what is written first finds nobody
        assert job.stderr.read() == b""
        assert job.wait() == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_the_output_is_said_in_one_line():
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run([sys.executable, "-m", "hebblite", "matrix", "--list"],
                              stdout=full, stderr=subprocess.PIPE, text=True)  # fmt: skip
    assert done.returncode == 2 and done.stderr.startswith("hebblite: the output cannot be written")
    assert len(done.stderr.splitlines()) == 1


def test_files_get_no_bars_and_no_control_characters(tmp_path):
    arguments = [a for a in TINY if a != "--quiet"]
    for command in ("train", "matrix --rules dh --frameworks dfc pc --jobs 2"):
        done = subprocess.run(
            [sys.executable, "-m", "hebblite", *command.split(), *arguments, "--seeds", "0", "1"],
            capture_output=True, cwd=tmp_path,
        )  # fmt: skip
        assert done.returncode == 0
        text = (done.stdout + done.stderr).decode("ascii")
        assert set(text) - {"\n"} == {c for c in text if c.isprintable()}
    assert "4 of 4: " in done.stderr.decode() and " left" in done.stderr.decode()


def test_json_on_the_standard_output_is_json_alone(capsys):
    arguments = ["train", *TINY, "--rules", "dh", "--no-baseline"]
    assert main([*arguments, "--json", "-"]) == 0
    output = capsys.readouterr()
    assert [r["plan"]["rule"] for r in json.loads(output.out)["results"]] == ["dh"]
    assert "accuracy" in output.err  # the table
    assert main([*arguments, "--csv", "-"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_name_that_the_console_cannot_show(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "hebblite", "train", "--data", tmp_path / "Δ"],
        capture_output=True, env=os.environ | {"PYTHONIOENCODING": "ascii:strict"},
    )  # fmt: skip
    assert done.returncode == 2 and b"Traceback" not in done.stderr
    assert b"\\u0394: is not a folder" in done.stderr


# ---------------------------------------------------------------------- Ctrl-C


@pytest.mark.parametrize("command", ["train", "train --checkpoints runs", "matrix --jobs 1"])
def test_ctrl_c_says_what_is_left_and_how_to_go_on(command, tmp_path):
    command = [sys.executable, "-m", "hebblite", *command.split(), "--dataset", "blobs",
               "--epochs", "100000", "--seeds", "0"]  # fmt: skip
    if "matrix" in command:
        command += ["--frameworks", "dfc", "--rules", "dh"]
    job = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    if "runs" in command or "matrix" in command:
        while not list(tmp_path.glob("*/*.npz")) and job.poll() is None:
            time.sleep(0.02)
    else:
        assert job.stderr.readline().startswith(b"run 1 of ")
        time.sleep(0.5)
    job.send_signal(signal.SIGINT)
    _, error = job.communicate(timeout=60)
    text = error.decode()
    assert job.returncode == 130 and "Traceback" not in text
    assert "Interrupted: 0 of " in text
    if "runs" in command:
        assert "runs has them" in text and text.rstrip().endswith("--seeds 0 --resume")
    elif "matrix" in command:
        assert "hebblite-matrix has them" in text and "To go on: " in text
    else:
        assert "The others are lost" in text and "--checkpoints FOLDER" in text


# ---------------------------------------------------------------------- any number of cores


@pytest.mark.long
def test_train_and_matrix_give_the_same_bits_with_any_number_of_threads_and_processes(tmp_path):
    """A batch of 256 goes through in lanes, and one BLAS thread or four would sum otherwise."""
    assert len(parts(256, (784, 256, 256, 10))) > 1
    shared = ["--sizes", "784-256-256-10", "--epochs", "1", "--batch-size", "256", "--rules", "dh",
              "gradient", "--lr", "0.001", "--seeds", "0", "--quiet"]  # fmt: skip
    found = []
    for threads, jobs in (("1", "1"), ("2", "2"), ("4", "1")):
        names = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
        folder = tmp_path / threads
        for command in (
            ["train", "--checkpoints", folder / "train", "--steps", "4"],
            ["matrix", "--frameworks", "dfc", "--out", folder / "matrix", "--jobs", jobs],
        ):
            subprocess.run(
                [sys.executable, "-m", "hebblite", *command, *shared],
                check=True, capture_output=True, env=os.environ | dict.fromkeys(names, threads),
            )  # fmt: skip
        paths = sorted(folder.rglob("*.npz"))
        found.append([read_arrays(path)[1] for path in paths])
    assert len(found[0]) == 5
    for other in found[1:]:
        for one, two in zip(found[0], other, strict=True):
            assert one.keys() == two.keys()
            assert all(np.array_equal(one[name], two[name]) for name in one)

"""``reproduce``: small runs of every card, stopped and gone on with, and spread over a Dask cluster
of which a worker is killed."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hebblite.cli import main
from hebblite.cli.paper_figures import figure
from hebblite.cli.paper_markdown import markdown
from hebblite.cli.paper_page import page
from hebblite.data import Digits, load_digits, one_hot
from hebblite.data.paper import PaperOutcome, from_texts
from hebblite.errors import ArgumentError, OscillationError
from hebblite.experiments import paper
from hebblite.experiments.paper import looks, samples, work
from hebblite.experiments.paper.cards import make_cards, within
from hebblite.experiments.paper.claims import CLAIMS
from hebblite.experiments.paper.flips import (
    BY_NAME,
    COMPARED,
    FLIPS,
    Flipped,
    Recentred,
    flip_runs,
    flipped,
    full_size_flips,
    tried,
)
from hebblite.experiments.paper.plans import METHODS, paper_run
from hebblite.experiments.paper.samples import samples_run
from hebblite.experiments.paper.training import Training
from hebblite.experiments.paper.work import do_all, needed
from hebblite.frameworks import DeepFeedbackControl
from hebblite.network import Network
from hebblite.optim import Adam
from hebblite.rules import DifferentialHebbian, Frozen
from hebblite.rules.base import Updates
from hebblite.stream import Fold

COMMAND = [sys.executable, "-m", "hebblite", "reproduce"]
PC = ("bp-pc", "pc-error-based", "pc-dh")


def names(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.json")}


def without_times(path: Path) -> dict:
    """What is in a file, but for what no two runs have in common."""
    made = json.loads(path.read_text())
    for record in made["records"]:
        for key in ("seconds", "seconds of looking"):
            record.pop(key, None)
    return made


def wait_until(there, seconds=120.0):
    began = time.monotonic()
    while not there():
        assert time.monotonic() - began < seconds, "nothing came of it"
        time.sleep(0.02)


# ---------------------------------------------------------------------- which runs


def test_each_card_has_the_runs_that_its_quantities_need():
    everything = {(r.method, bool(r.shifted)) for r in needed()}
    assert everything == {(m, False) for m in (*METHODS, "samples")} | {
        (m, True) for m in ("bp", "dfc-error-based", "dfc-dh")
    }
    assert {(r.method, r.training.seed) for r in needed(["stdp"], seeds=[4, 7])} == {
        (m, s) for m in ("dfc-dh", "dfc-stdp") for s in (4, 7)
    }
    assert {(r.method, r.shifted) for r in needed(["surprise"])} == {
        (m, 20) for m in ("bp", "dfc-error-based", "dfc-dh")
    }
    assert [r.name for r in needed(["samples"], "small")] == ["small-samples-0", "small-samples-1"]
    assert len({r.name for r in needed()}) == len(needed())


@pytest.mark.claims
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.name)
@pytest.mark.long
def test_small_runs_of_a_card_give_a_number_for_each_of_its_quantities(claim, small):
    text, _ = small
    card = re.search(rf"\n{claim.name}: [A-Z ]+\n(.*?)\n\n\n", text + "\n\n\n", re.S)[1]
    card = " ".join(card.split())
    assert card.count("must lie") == len(claim.bounds)
    assert card.count("(2 seeds)") == len(claim.bounds) and "not measured" not in card
    assert "2,000 digits train" in card


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """All cards at small size: what was printed, and the folder."""
    folder = tmp_path_factory.mktemp("small")
    done = subprocess.run(
        [*COMMAND, "--small", "--jobs", "2", "--out", str(folder), "--quiet"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert " ".join(done.stderr.split()) == ""
    return done.stdout, folder


@pytest.mark.claims
@pytest.mark.long
def test_small_runs_learn_and_say_how_wrong_adaptive_steps_are(small):
    text, folder = small
    runs = from_texts(path.read_text() for path in folder.glob("*.json"))
    assert {r.training["seed"] for r in runs} == {0, 1} and len(runs) == 34
    for run in runs:
        if run.method != "dfc-stdp" and not run.shifted and run.method != "samples":
            assert run.accuracy > 40, run
    assert "steps are adaptive: a layer's DH update differs" in " ".join(text.split())


@pytest.mark.claims
@pytest.mark.long
def test_more_trains_come_nearer_to_the_expectation_in_every_layer(small):
    _, folder = small
    for seed in range(2):
        made = json.loads((folder / f"small-samples-{seed}.json").read_text())
        rows = {r["trains"]: r["cosine with expected"] for r in made["records"] if "trains" in r}
        assert list(rows) == [*samples.TRAINS, "expected"]
        assert rows["expected"] == pytest.approx([1.0] * 5)
        assert all(a > b for a, b in zip(rows[1024], rows[16], strict=True))


def test_the_cosine_of_a_layer_and_of_all_weights():
    a = Updates([np.eye(2), np.ones((1, 2))], [np.zeros(2), np.zeros(1)])
    b = Updates([np.eye(2), -np.ones((1, 2))], [np.ones(2), np.ones(1)])
    assert samples.cosines(a, b) == [1.0, -1.0, 0.0]
    assert samples.plus(a, b).weights[0].tolist() == [[2, 0], [0, 2]]


# ---------------------------------------------------------------------- going on


def test_a_run_that_was_killed_goes_on_bit_for_bit(tmp_path):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    arguments = [*COMMAND, "--small", "--cards", "pc", "--seeds", "3", "--quiet", "--out"]
    part = parts / "small-pc-dh-3.part.json"
    process = subprocess.Popen([*arguments, str(parts)], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: part.exists() and part.read_text().count('"epoch"') >= 2)
    finally:
        process.kill()
        process.wait()
    assert "small-pc-dh-3" not in names(parts) and "small-pc-error-based-3" in names(parts)
    before = (parts / "small-pc-error-based-3.json").stat().st_mtime_ns
    for folder in (parts, whole):
        done = subprocess.run([*arguments, str(folder)], capture_output=True, text=True, check=True)
        assert "pc: CANNOT TELL" in done.stdout and "(1 seed)" in done.stdout
    assert (parts / "small-pc-error-based-3.json").stat().st_mtime_ns == before
    for method in PC:
        name = f"small-{method}-3.json"
        assert without_times(parts / name) == without_times(whole / name)
    assert {path.suffix for path in parts.iterdir()} == {".json"}  # no checkpoints are left
    assert names(parts) == {f"small-{method}-3" for method in PC}


def test_ctrl_c_says_how_to_go_on(tmp_path):
    process = subprocess.Popen(
        [*COMMAND, "--small", "--cards", "pc", "--seeds", "0", "--out", str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_until(lambda: (tmp_path / "small-bp-pc-0.json").exists())
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert re.search(r"Interrupted: [1-3] of 3 runs are done", said)
    assert f"To go on: python -m hebblite reproduce --small --cards pc --seeds 0 --out {tmp_path}" \
        in said  # fmt: skip


def test_what_ships_with_the_course_is_not_done_again(tmp_path, monkeypatch):
    run = paper_run("bp", 0, "small")
    (kept := tmp_path / "kept").mkdir()
    (first,) = do_all([run], kept)
    monkeypatch.setattr(work, "do", lambda *_: pytest.fail("done again"))
    (again,) = do_all([run], tmp_path / "out", kept=kept)
    assert again[1] == first[1] and again[2] == 0 and first[2] > 0


# ---------------------------------------------------------------------- what cannot be done


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cards", "bp"], "got 'bp', expected one of dfc, stdp"),
        (["--small", "--flips"], "--flips: got it with --small"),
        (["--stored", "--fresh"], "--stored: got it with --fresh"),
        (["--flips", "--cards", "latency"], "--cards: got latency with --flips"),
        (["--fresh", "--cards", "dfc"], "--data: got nothing, with 18 runs to do"),
        (["--small", "--jobs", "0"], "--jobs: got 0"),
    ],
)
def test_what_cannot_be_done_is_told_before_any_work(arguments, said, tmp_path, capsys):
    assert main(["reproduce", *arguments, "--out", str(tmp_path)]) == 2
    assert said in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_stored_cards_are_printed(capsys):
    assert main(["reproduce", "--stored"]) == 0
    text = capsys.readouterr().out
    assert all(f"\n{claim.name}: " in text for claim in CLAIMS)
    assert all(len(line) <= 80 for line in text.splitlines())


# ---------------------------------------------------------------------- flips


def test_each_flip_changes_what_it_says_and_nothing_else():
    for flip in FLIPS:
        assert set(flip.methods) <= set(COMPARED[flip.card])
        for method in flip.methods:
            planned, other = flipped(None, method, 0), flipped(flip, method, 0)
            changed = planned.training != other.training
            beyond = bool(flip.optimizer or flip.frozen)  # what no plan says
            assert changed or beyond, flip.name
            if changed and beyond:  # two things at once only where the sentence names both
                assert flip.beside or ", and what is" in flip.told, flip.name
            other.training.make()
            assert other.name == f"medium-{method}-{flip.name}-0"
    assert len({run.name for run in flip_runs()}) == len(flip_runs())


def test_what_no_plan_says_is_flipped_too():
    digits = np.zeros((1, 784), np.float32)

    def made(name, method):
        return Flipped(flipped(BY_NAME[name], method, 0), (None, digits, None), Path())

    training = made("published-adam", "dfc-dh")
    assert isinstance(training.optimizer, Adam)
    assert training.optimizer.eps == 9e-5 and training.optimizer.betas == (0.9, 0.9)
    assert training.optimizer.lr == pytest.approx(3 * 2.7e-4)
    frozen = made("output-frozen", "pc-dh")
    assert isinstance(frozen.rule, Frozen) and frozen.rule.layers == (-1,)
    assert isinstance(made("recentred", "dfc-dh").optimizer, Recentred)


def test_recentring_changes_no_prediction_and_no_feedback():
    """Nor, therefore, the updates of hidden layers: what is common to the outputs moves alone."""
    rng, x = np.random.default_rng(7), np.random.default_rng(8).random((6, 5))
    nets = [Network((5, 8, 7, 4), seed=3, dtype="float64") for _ in range(2)]
    target = one_hot(np.arange(6) % 4, 4, confidence=0.9, dtype="float64")
    for _ in range(3):
        updates = Updates(
            [rng.standard_normal(W.shape) for W in nets[0].weights],
            [rng.standard_normal(b.shape) for b in nets[0].biases],
        )
        Adam(0.1).step(nets[0], updates)
        Recentred(0.1).step(nets[1], updates)
        assert np.abs(nets[1].weights[-1].mean(axis=0)).max() < 1e-15
        assert np.abs(nets[0].weights[-1].mean(axis=0)).max() > 1e-3
        plain, centred = (
            DifferentialHebbian()(DeepFeedbackControl(steps=40).teach(net, x, target))
            for net in nets
        )
        for l in (0, 1):
            np.testing.assert_allclose(plain.weights[l], centred.weights[l], rtol=1e-9, atol=1e-14)
        shares = [looks.common_to_outputs(net, x, target) for net in nets]
        assert shares[1] == {"update": 0.0, "weights": 0.0}
        assert min(shares[0].values()) > 0.01
        np.testing.assert_allclose(
            plain.weights[2] - plain.weights[2].mean(axis=0), centred.weights[2],
            rtol=1e-9, atol=1e-14,
        )  # fmt: skip
        control = DeepFeedbackControl(steps=40)
        moved = Hidden(control.dt / control.tau_v)(control.teach(nets[0], x, target))
        np.testing.assert_allclose(  # what is common is learned in proportion to itself
            plain.weights[2].mean(axis=0), nets[0].weights[2].mean(axis=0) @ moved / len(x),
            rtol=1e-9, atol=1e-14,
        )  # fmt: skip


class Hidden(Fold):
    """The sum over inputs of the C of ``Recentred``."""

    def __init__(self, h):
        self.h = h

    def start(self, block):
        self.total, self.s = 0, block.rates[-2][0]

    def absorb(self, block):
        for now, new in itertools.pairwise(block.rates[-2]):
            change = self.h * (new - self.s)
            self.total, self.s = self.total + change.T @ now, self.s + change

    def finish(self):
        return self.total


def test_flips_of_angles_are_told_beside_long_training_and_look_at_what_they_are_about(tmp_path):
    def run(seed, angle, flip):
        angles = {pair: [angle] * 5 for pair in ("dh error-based", "dh bp", "stdp-expected dh")}
        return {
            "run": {"method": "dfc-dh", "scale": "medium", "training": {"seed": seed},
                    "flip": flip},
            "accuracy": 90, "chosen": 1, "failure": None,
            "records": [{"epoch": 0, "angles": angles}],
        }  # fmt: skip

    runs = [run(s, 80 + s, "long") for s in range(3)] + [run(s, 9 + s, "recentred") for s in (0, 1)]
    (found,) = tried(from_texts(json.dumps(r) for r in runs))
    assert found.flips and (found.planned_verdict, found.verdict) == ("differs", "agrees")
    assert "10 degrees in place of 81" in found.text() and "over 40 epochs" in found.text()
    assert "in the output layer: 10 degrees in place of 81" in found.text()
    x, y = np.random.default_rng(1).random((4, 784), np.float32), np.arange(4)
    data = (Digits(x, y, x, y), x, y)
    made = Flipped(flipped(BY_NAME["recentred"], "dfc-dh", 0), data, tmp_path)
    made.look(5, y, {})
    made.look(6, y, {})
    assert {"angles", "common"} <= made.records[0].keys() and "angles" not in made.records[1]
    assert [r.flip for r in flip_runs(["angles"], [0])] == ["long", "recentred"]


def run(method, seed, accuracy, flip="", scale="medium", shifted=0, seen=()):
    """An outcome as a file has it; seen: records after that of the start."""
    return {
        "run": {"method": method, "scale": scale, "training": {"seed": seed}, "flip": flip,
                "shifted": shifted},
        "accuracy": accuracy, "chosen": 1, "failure": None, "records": [{"epoch": 0}, *seen],
    }  # fmt: skip


def test_a_flip_is_told_only_by_runs_and_beside_those_as_planned(tmp_path):
    planned = [run(m, s, 90 + s / 10) for m in COMPARED["dfc"] for s in range(3)]
    worse = [run("dfc-dh", s, 80 + s / 10, "random-feedback") for s in range(3)]
    equal = [run("dfc-error-based", s, 90 + s / 10, "random-feedback") for s in range(3)]
    runs = from_texts(json.dumps(r) for r in (*planned, *worse, *equal))
    (found,) = tried(runs)
    assert found.flips and (found.planned_verdict, found.verdict) == ("agrees", "differs")
    assert "flips it from 'agrees' to 'differs'" in found.text() and "-10.00 points" in found.text()
    same = [run(m, s, 90 + s / 10, "tanh") for m in COMPARED["dfc"] for s in range(3)]
    (found,) = tried(from_texts(json.dumps(r) for r in (*planned, *same)), "dfc")
    assert not found.flips and "leaves it at 'agrees'" in found.text()
    assert list(tried(runs, "pc")) == []
    half = from_texts(json.dumps(r) for r in (*planned, *worse, *equal[:2]))
    assert list(tried(half)) == []  # one seed of one method is not there yet


def test_a_flip_at_full_size_is_told_beside_runs_of_full_size_and_what_it_has_numbers_for():
    planned = [run(m, s, 90 + s / 10, scale="full") for m in COMPARED["dfc"] for s in range(3)]
    apart = [
        *(run(m, s, 50) for m in COMPARED["dfc"] for s in range(3)),
        *(run("bp", s, 10, scale="full", shifted=20) for s in range(3)),
    ]
    worse = [run("dfc-dh", s, 80 + s / 10, "weak-control", "full") for s in range(3)]
    (found,) = tried(from_texts(json.dumps(r) for r in (*planned, *apart, *worse)))
    assert (found.scale, found.planned_verdict, found.verdict) == ("full", "agrees", "differs")
    text = found.text()
    assert text.startswith("at full size, ") and "dfc-dh minus bp: -10.00 points" in text
    assert "error-based" not in text  # whose controller was not weak
    assert [r.name for r in full_size_flips("dfc", [4])] == ["full-dfc-dh-weak-control-4"]
    assert {r.flip for r in needed(["dfc"]) if r.flip} == {"weak-control"}
    assert not any(r.flip for r in [*needed(["pc"]), *needed(scale="small")])


# ---------------------------------------------------------------------- loops that swing


def swinging_net():
    """A network whose weights have grown, on which the published controller swings."""
    net = Network((10, 20, 20, 20, 5), "tanh", seed=1)
    for W in net.weights[1:]:
        W *= 3
    rng = np.random.default_rng(1)
    x, y = 0.3 * rng.normal(size=(24, 10)).astype(np.float32), rng.integers(5, size=24)
    with pytest.raises(OscillationError):
        for _ in DeepFeedbackControl(**looks.PUBLISHED).teach(
            net, x, one_hot(y, 5, confidence=0.9)
        ):
            pass
    return net, x, y


@pytest.mark.filterwarnings("ignore:Deep Feedback Control:RuntimeWarning")
@pytest.mark.parametrize("surprise", [False, True])
def test_a_loop_that_swings_where_it_is_looked_at_ends_no_run(surprise, tmp_path, monkeypatch):
    net, x, y = swinging_net()
    run = paper_run("dfc-dh", 0, "small", surprise)
    training = Training(run, (Digits(x, y, x, y), x, y), tmp_path)
    training.net = net
    monkeypatch.setattr("hebblite.experiments.paper.training.targets",
                        lambda _, labels: one_hot(labels % 5, 5, confidence=0.9))  # fmt: skip
    training.look(2, y, {})
    (record,) = training.records
    told = [record[name] for name in record if name.startswith("controller")]
    assert len(told) == 1 + surprise
    for seen in told:
        assert 0 < seen["swinging"] <= len(x)
        assert len(seen["error"]) == len(looks.TIMES) and np.isfinite(seen["error"]).all()
    assert surprise or {"angles", "euler error"} <= record.keys()
    for W in net.weights[1:]:
        W *= 0.1
    training.look(3, y, {})
    assert training.records[1]["controller"]["swinging"] == 0


@pytest.mark.parametrize("method", ["ep-dh", "ep-contrastive", "deb-dh", "deb-error-based"])
def test_a_framework_with_a_loop_of_its_own_is_looked_at_through_itself(method, tmp_path):
    """On how many digits it swings: none before training, some where weights have grown. Looking
    warns of nothing, and leaves the framework that trains as it was."""
    digits = load_digits()
    x, y = digits.x_train[:40], digits.y_train[:40]
    training = Training(paper_run(method, 0, "small"), (Digits(x, y, x, y), x, y), tmp_path)
    before = str(training.framework.state())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        training.look(0, y, {})
        for W in training.net.weights[1:]:
            W *= 30
        training.look(1, y, {})
    calm, swinging = (record["swinging"] for record in training.records)
    assert calm == 0 and 0 < swinging <= 40
    finer = [record.get("swinging in half steps") for record in training.records]
    assert (finer[0] == 0 and finer[1] < swinging) if "ep" in method[:2] else finer == [None, None]
    assert str(training.framework.state()) == before and training.framework.swinging == 0


def test_a_flip_tells_on_how_many_digits_the_loop_swings():
    def swung(method, seed, inputs):
        seen = [{"epoch": 1, "controller": {"swinging": inputs}}]
        return run(method, seed, 90 + seed, "tanh", seen=seen)

    planned = [run(m, s, 90 + s) for m in COMPARED["dfc"] for s in range(2)]
    tanh = [swung(m, s, 0) for m in ("bp", "dfc-error-based") for s in range(2)]
    moving = [swung("dfc-dh", 0, 40), swung("dfc-dh", 1, 80)]
    (found,) = tried(from_texts(json.dumps(r) for r in (*planned, *tanh, *moving)))
    assert "on which the loop swings after some epoch: dfc-dh 60 of 128)" in found.text()
    calm = [swung("dfc-dh", s, 0) for s in range(2)]
    (found,) = tried(from_texts(json.dumps(r) for r in (*planned, *tanh, *calm)))
    assert "swings" not in found.text()


# ---------------------------------------------------------------------- a cluster


@pytest.fixture
def cluster(tmp_path):
    """A Dask scheduler and two workers, each a process: its address, and the workers by name."""
    if os.environ.get("CI") is None:
        pytest.importorskip("distributed")
    file = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "dask"]
    here = ["--scheduler-file", str(file), "--host", "127.0.0.1", "--no-dashboard"]
    processes = [subprocess.Popen([*dask, "scheduler", *here[:2], *here[2:], "--port", "0"],
                                  **quiet)]  # fmt: skip
    try:
        wait_until(lambda: file.exists() and file.read_text().rstrip().endswith("}"))  # (whole)
        workers = {}
        for name in ("one", "two"):
            process = subprocess.Popen(
                [*dask, "worker", "--scheduler-file", str(file), "--host", "127.0.0.1",
                 "--no-dashboard", "--no-nanny", "--nthreads", "1", "--name", name,
                 "--local-directory", str(tmp_path / name)], **quiet,
            )  # fmt: skip
            workers[name] = process
            processes.append(process)
        yield json.loads(file.read_text())["address"], workers
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_worker_that_is_killed_loses_no_run_and_none_comes_twice(cluster, tmp_path):
    from dask.distributed import Client

    address, workers = cluster
    runs = [paper_run(m, seed, "small") for seed in range(2) for m in PC]
    seen = []
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=120)
        by_name = {w["name"]: at for at, w in client.scheduler_info()["workers"].items()}
        for run, outcome, seconds in do_all(runs, tmp_path / "out", dask=address):
            seen.append(run.name)
            assert seconds > 0 and outcome.method == run.method
            if len(seen) == 1:
                wait_until(lambda: client.processing().get(by_name["two"]))
                workers["two"].kill()
        assert [w["name"] for w in client.scheduler_info()["workers"].values()] == ["one"]
    assert sorted(seen) == sorted(run.name for run in runs)  # each once
    assert names(tmp_path / "out") == set(seen)
    here = tmp_path / "here"
    list(do_all(runs, here))
    for run in runs:  # the same numbers as on this machine
        name = f"{run.name}.json"
        assert without_times(tmp_path / "out" / name) == without_times(here / name)


def test_an_address_at_which_there_is_no_scheduler_is_told(tmp_path, monkeypatch):
    if os.environ.get("CI") is None:
        pytest.importorskip("distributed")
    with pytest.raises(ArgumentError, match="the address of a Dask scheduler that runs"):
        list(do_all([samples_run(0, "small")], tmp_path, dask="tcp://127.0.0.1:9"))
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------------- the page


@pytest.mark.claims
@pytest.mark.long
def test_the_page_has_every_card_its_figure_and_its_numbers(small, tmp_path, capsys):
    _, folder = small
    file = tmp_path / "page.html"
    arguments = ["reproduce", "--small", "--out", str(folder), "--report", str(file), "--quiet"]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    text = re.sub(r"<!DOCTYPE html>|<meta [^>]*>", "", file.read_text()).replace("<br>", " ")
    root = ET.fromstring(text.strip())
    sections = {section.get("id"): section for section in root.iter("section")}
    assert list(sections) == [claim.name for claim in CLAIMS]
    for claim in CLAIMS:
        section = sections[claim.name]
        words = " ".join(" ".join(section.itertext()).split())
        (svg,) = (e for e in section if e.tag.endswith("svg"))
        assert svg.get("role") == "img" and svg.get("aria-label").endswith(".")
        assert all(bound.quantity in words for bound in claim.bounds)
        verdict = re.search(rf"^{claim.name}: ([A-Z ]+)$", printed, re.M)[1].lower()
        assert section[0][0].text == verdict
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", file.read_text())  # it needs nothing else


def test_a_page_of_nothing_says_that_nothing_was_run():
    made = page(make_cards([]), [], "full")
    assert "No run of the table of methods is there yet" in made
    assert made.count("No figure: no run of it is there yet.") == len(CLAIMS)


def test_the_report_in_the_repository_is_that_of_the_stored_runs(tmp_path, capsys):
    """If not: python -m hebblite reproduce --stored --report REPORT.md, where the old one is."""
    file = tmp_path / "report.md"
    assert main(["reproduce", "--stored", "--report", str(file), "--quiet"]) == 0
    report = Path(paper.__file__).parent / "REPORT.md"
    assert report.read_text() == file.read_text()
    printed = capsys.readouterr().out
    for claim in CLAIMS:
        verdict, missing = re.search(rf"^{claim.name}: ([A-Z ]+)( \(.*)?$", printed, re.M).groups()
        told = f"{verdict.strip().lower()}{' ' * bool(missing)}{(missing or '').strip()}"
        assert f"\n## {claim.name}: {told}\n" in file.read_text()
        for bound in claim.bounds:
            quantity = bound.quantity.replace("|", r"\|")
            where = within((bound.low, bound.high), bound.unit)
            assert f"\n| {quantity} | {where} | " in file.read_text()
    for table in re.findall(r"(?:^\|.*\n)+", file.read_text(), re.M):
        assert len({line.count(" | ") for line in table.splitlines()}) == 1


def test_a_report_of_nothing_says_so_too():
    made = markdown(make_cards([]), [], "full")
    assert "No run of the table of methods is there yet" in made
    assert made.count("cannot tell: no run of it is there yet") == sum(
        len(claim.bounds) for claim in CLAIMS
    )


def test_labels_of_figures_are_true_for_the_runs():
    def run(seed, jump, epochs=3):
        records = [
            {"epoch": e, "controller": {"feedback": [4.0, 1.0, 2.0][e]},
             "controller of the others": {"feedback": [5.0, jump, 9.0][e]}}
            for e in range(epochs)
        ]  # fmt: skip
        made = {"method": "dfc-dh", "scale": "full", "training": {"seed": seed}, "shifted": 1}
        failure = None if epochs == 3 else "diverged (layer 4)"
        return PaperOutcome.from_dict(
            {"run": made, "accuracy": 1.0, "chosen": 1, "failure": failure, "records": records}
        )

    label = ET.fromstring(figure("surprise", [run(0, 7.0), run(1, 8.0)])).get("aria-label")
    told = "dfc-dh (2 seeds) goes from 4.00 to 1.00, jumps to 7.50 and is 2.00 after epoch 2"
    assert told in label
    # What diverged is drawn as far as it went, and what did so before the change cannot be.
    some = [run(0, 7.0, epochs=2), run(1, 8.0), run(2, 9.0, epochs=1)]
    label = ET.fromstring(figure("surprise", some)).get("aria-label")
    assert "(2 seeds) goes from 4.00 to 1.00, jumps to 7.50 and is 7.50 after epoch 1" in label
    assert figure("surprise", some[2:]) == ""


def test_a_course_of_fewer_runs_than_its_panel_says_so():
    def run(seed, epochs):
        error = list(np.linspace(1, 0, len(looks.TIMES)))
        records = [{"epoch": e, "controller": {"error": error}} for e in range(epochs)]
        made = {"method": "dfc-dh", "scale": "full", "training": {"seed": seed}}
        return PaperOutcome.from_dict(
            {"run": made, "accuracy": 1.0, "chosen": 1, "failure": None, "records": records}
        )

    drawn = figure("latency", [run(0, 41), run(1, 41), run(2, 30)])
    assert "dfc-dh, 3 seeds" in drawn and "epoch 20<" in drawn
    assert "epoch 40 (2 seeds)" in drawn

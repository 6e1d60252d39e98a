"""Learning curves that grow: what is drawn and said, and how calmly training ends."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest

from hebblite import Network
from hebblite.data import toy_classes
from hebblite.errors import DivergenceError
from hebblite.frameworks import Backprop, DeepFeedbackControl
from hebblite.optim import SGD
from hebblite.rules import DifferentialHebbian, Gradient, Hebbian
from hebblite.teaching import growing
from hebblite.teaching.growing import Curves
from hebblite.terminal import Progress
from hebblite.training import fit

x, y = toy_classes("blobs", 60, seed=0)
TEST = toy_classes("blobs", 40, seed=1)


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """The bundles that are displayed, one after another, instead of a notebook's output."""
    bundles = []
    monkeypatch.setattr(Curves, "draw", lambda curves: bundles.append(curves.bundle()))
    monkeypatch.setattr(growing, "SECONDS", 0.0)
    return bundles


def net(seed=0):
    return Network([2, 8, 2], seed=seed)


class InterruptedAt(Progress):
    """Presses Ctrl-C after so many batches."""

    def __init__(self, batches):
        self.left = batches

    def advance(self, batches):
        self.left -= batches
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGINT)


def test_training_is_that_of_fit():
    one, two = net(), net()
    given = {"epochs": 3, "batch_size": 16, "validation": TEST}
    plain = fit(one, Backprop(), Gradient(), x, y, progress=False, **given)
    drawn = Curves(3).fit("backprop", two, Backprop(), Gradient(), x, y, **given)
    assert [e["accuracy"] for e in plain.epochs] == [e["accuracy"] for e in drawn.epochs]
    assert all(np.array_equal(a, b) for a, b in zip(one.weights, two.weights, strict=True))


def test_a_cell_run_again_has_its_curve_once(shown):
    curves = Curves(1)
    for name in ("first", "again", "again"):
        curves.fit(name, net(), Backprop(), Gradient(), x, y, validation=TEST)
    assert [curve.name for curve in curves.curves] == ["first", "again"]
    assert shown[-1]["text/html"].count("<b>again</b>") == 1


def test_it_grows_and_says_which_network_and_how_far(shown):
    curves = Curves(2, chance=0.5, marks=[("y", 80.0, "you said 80 %")])
    curves.fit("first", net(), Backprop(), Gradient(), x, y, batch_size=16, validation=TEST)
    curves.fit("second", net(1), Backprop(), Gradient(), x, y, batch_size=16, validation=TEST)
    words = [bundle["text/html"] for bundle in shown]
    assert any("first</b>: epoch 1 of 2" in w and "more" in w for w in words)
    assert any("second</b>: epoch 2 of 2" in w for w in words)
    assert "% after 2 epochs" in words[-1] and "<img" in words[-1]
    assert "first goes from" in shown[-1]["text/plain"]
    first = curves.curves[0]
    assert first.epochs[0] == 0 and first.epochs[-1] == 2 and len(first.epochs) > 4
    assert "you said 80 %" in curves.picture() and "blind guess" in curves.picture()


def test_an_interruption_ends_calmly_with_what_was_reached(monkeypatch, shown):
    curves, at = Curves(3), InterruptedAt(6)
    advance = growing._Drawn.advance

    def pressed(self, batches):
        advance(self, batches)
        at.advance(batches)

    monkeypatch.setattr(growing._Drawn, "advance", pressed)
    given = {"batch_size": 16, "validation": TEST}  # four batches an epoch
    history = curves.fit("stopped", net(), Backprop(), Gradient(), x, y, **given)
    assert history.interrupted and [e["epoch"] for e in history.epochs] == [1, 1.5]
    assert 0 <= history["accuracy"][-1] <= 1 and np.isfinite(history["loss"][-1])
    untouched, before = net(1), net(1)
    later = curves.fit("later", untouched, Backprop(), Gradient(), x, y, **given)
    assert later.interrupted and len(later["accuracy"]) == 1
    assert all(np.array_equal(a, b) for a, b in zip(before.weights, untouched.weights, strict=True))
    said = shown[-1]["text/html"]
    assert "stopped by you after 1.5 epochs" in said and "not trained" in said


def test_an_interruption_before_the_first_epoch_is_over(monkeypatch):
    at, advance = InterruptedAt(1), growing._Drawn.advance

    def pressed(self, batches):
        advance(self, batches)
        at.advance(batches)

    monkeypatch.setattr(growing._Drawn, "advance", pressed)
    given = {"batch_size": 16, "validation": TEST}
    history = Curves(3).fit("stopped", net(), Backprop(), Gradient(), x, y, **given)
    assert [e["epoch"] for e in history.epochs] == [0.25] and history["accuracy"][-1] >= 0


def test_a_network_that_breaks_down_is_part_of_the_lesson_or_an_error(shown):
    given = {"validation": TEST, "batch_size": 8, "optimizer": SGD(1e3)}
    control = DeepFeedbackControl(steps=5)
    curves = Curves(20)
    history = curves.fit(
        "Hebb",
        Network([2, 8, 2], hidden="relu"),
        control,
        Hebbian(),
        x,
        y,
        may_diverge=True,
        **given,
    )
    assert len(history["accuracy"]) == 1
    assert "broke down after" in shown[-1]["text/html"]
    with pytest.raises(DivergenceError):
        curves.fit("Hebb", Network([2, 8, 2], hidden="relu"), control, Hebbian(), x, y, **given)


def test_rules_of_time_are_drawn_too():
    control = DeepFeedbackControl(steps=5)
    history = Curves(1).fit(
        "DH", net(), control, DifferentialHebbian(), x, y, validation=TEST, look="dh"
    )
    assert not history.interrupted and len(history.epochs) == 1

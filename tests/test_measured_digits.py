"""What lessons 06 and 07 measure on digits: hard and slow ones, what feedback spends, courses."""

from __future__ import annotations

import numpy as np
import pytest

from hebblite.lessons.lesson06.runs import digits, spending
from hebblite.lessons.lesson07.runs import chain, speeds
from hebblite.losses import least_control

SEED = 99_001  # for runs that are kept in memory: no other test asks for it


@pytest.fixture(scope="module")
def seen():
    """Digits of a network that has hardly learned, so that many are misread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digits, "SAMPLES", 640)
        patch.setattr(digits, "EPOCHS", 2)
        return digits.examine(SEED, 40)


def test_examined_digits_are_unseen_and_in_their_order(seen):
    assert seen.x.shape == (40, 784) and (np.diff(seen.H[seen.order]) >= 0).all()
    assert np.allclose(seen.H, least_control(seen.net, seen.x, seen.target).H, rtol=1e-4)
    assert np.allclose(seen.error, np.linalg.norm(seen.target - seen.net.predict(seen.x), axis=1))
    assert (seen.read == seen.net.predict(seen.x).argmax(axis=1)).all()
    assert [H for _, H, *_ in seen.gallery()] == sorted(seen.H)
    image, _, label, read = seen.gallery()[0]
    first = seen.order[0]
    assert (image == seen.x[first]).all() and (label, read) == (
        seen.labels[first],
        seen.read[first],
    )
    # T4's upper bound, as J_L J_L^T = 1 with a linear output: to first order H* <= |e|^2 / 2.
    assert (seen.H / seen.error**2 < 0.6).all()


def test_stand_ins_know_nothing_of_the_network(seen, monkeypatch):
    data = digits.load()
    small = data._replace(x_train=data.x_train[:500], y_train=data.y_train[:500])
    doubt = digits.doubt_of_neighbours(seen, small)
    own, other = [], []
    for x, label in zip(seen.x, seen.labels, strict=True):
        apart = np.linalg.norm(small.x_train - x, axis=1)
        own.append(apart[small.y_train == label].min())
        other.append(apart[small.y_train != label].min())
    assert np.allclose(doubt, np.array(own) / (np.array(own) + other), atol=1e-5)
    odd = digits.odd_looks(seen, small)
    mean = small.x_train[small.y_train == seen.labels[3]].mean(axis=0)
    assert odd[3] == pytest.approx(np.linalg.norm(seen.x[3] - mean), rel=1e-5)
    monkeypatch.setattr(digits, "JURY", 2)
    jury = digits.jury(SEED)
    assert len(jury) == 2 and not np.array_equal(jury[0].weights[0], jury[1].weights[0])
    others = digits.doubt_of_others(seen, jury)
    assert others.shape == (40,) and (others > 0).all() and (others < 1).all()
    right = [net.predict(seen.x[:1])[0, seen.labels[0]] for net in jury]
    assert others[0] == pytest.approx(1 - np.mean(right))


def test_ranks_share_their_place_where_values_are_equal():
    assert digits.ranks(np.array([3.0, 1.0, 2.0])).tolist() == [2, 0, 1]
    assert digits.ranks(np.array([5.0, 5.0, 1.0, 7.0])).tolist() == [1.5, 1.5, 0, 3]
    a = np.array([1.0, 2.0, 4.0, 8.0])
    assert digits.rank_correlation(a, np.log(a)) == pytest.approx(1)
    assert digits.rank_correlation(a, -a) == pytest.approx(-1)


def test_twelve_digits_come_from_all_of_the_order(seen):
    chosen = digits.twelve(seen)
    place = np.argsort(seen.order)  # of each digit in the order of H*
    parts = np.array_split(np.arange(40), 12)
    assert all(np.isin(part, place[chosen]).sum() == 1 for part in parts)


def test_feedback_through_the_present_jacobian_spends_the_least(seen):
    few = slice(0, 8)
    spent = {
        name: spending.Spending(
            name, spending.efforts(seen.net, seen.x[few], seen.target[few], name), seen.H[few]
        )
        for name in ("dynamic", "jacobian", "transpose")
    }
    assert np.allclose(spent["dynamic"].times, 1, atol=1e-3)
    assert (spent["jacobian"].times > 1 - 1e-3).all()
    assert np.median(spent["transpose"].times) > np.median(spent["jacobian"].times)


def test_an_input_that_feedback_drives_away_costs_no_other_its_number(seen, monkeypatch):
    def backwards(self, net):
        return [-q for q in draw(self, net)]

    draw = spending.DeepFeedbackControl._draw
    monkeypatch.setattr(spending.DeepFeedbackControl, "_draw", backwards)
    made = spending.efforts(seen.net, seen.x[:3], seen.target[:3], "random")
    found = spending.Spending("random", made, seen.H[:3])
    assert made.shape == (3,) and not found.arrived.any() and len(found.times) == 0


def test_a_small_course_and_its_control_have_one_start(monkeypatch):
    monkeypatch.setattr(chain, "SAMPLES", 320)
    monkeypatch.setattr(chain, "PROBES", 6)
    data = digits.load()
    found = chain.beside(data, SEED)
    assert found.course["error"][0] == found.control["error"][0]
    assert (found.course.method, found.control.method) == ("dh", "backprop")
    assert len(found.course["least"]) == chain.EPOCHS + 1
    same = chain.Beside(found.control, found.control)
    assert same.H == same.latency == same.gain == pytest.approx(1)


def test_slow_digits_are_those_that_are_not_within_the_tolerance():
    made = speeds.Clocked(
        np.array([0.0, 0.2, 0.1, np.inf]), *(np.array([1.0, 3.0, 2.0, 4.0]),) * 2,
        np.array([1, 2, 3, 4]), np.array([1, 2, 3, 5]), np.zeros((4, 784)),
    )  # fmt: skip
    assert made.raced.tolist() == [False, True, True, False]
    assert made.right.tolist() == [True, True, True, False]
    assert made.order(made.error) == pytest.approx(1)

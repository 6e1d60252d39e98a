"""What the asides claim."""

from __future__ import annotations

import numpy as np

from ....analysis import angle, loops
from ....frameworks import DeepFeedbackControl
from ....teaching.claims import claim
from ..runs import digits as on_digits
from ..runs.asides import trapped
from ..runs.toys import Toy
from .stage import Array, all_digits, mirror_of, readers


@claim(
    "04.c22",
    "one sign reversed and k_p = 2: the formula says all is well, and it runs away",
    said="every rate of the formula is positive, and yet every loop runs away",
    share=0.95,
)
def trap(seed: int) -> bool:
    rates, grows = trapped(Toy(seed), k_p=2.0)
    return bool((rates > 0).all()) and grows


@claim(
    "04.c23",
    "with k_p = 0.1 it runs away, too",
    said="With a gain of 0.1 it still runs away",
    share=0.95,
)
def no_cure(seed: int) -> bool:
    return trapped(Toy(seed), k_p=0.1)[1]


@claim(
    "04.c24",
    "most directions of the error are slow behind a softmax",
    said="about half of the nine are below 0.1",
    share=0.95,
    low=0.35,
    high=0.7,
)
def slow_modes(seed: int) -> float:
    net, _, x, _ = readers(seed)
    values = np.linalg.eigvals(on_digits.softmax_slopes(net, x) @ loops(net, x)).real
    return float(np.mean(np.sort(values, axis=1)[:, 1:] < 0.1))


def _push_angle(seed: int, kind: str) -> float:
    """The angle (median of 20 digits) between the push that puts the output right with feedback of
    this kind and the least push that does."""
    net, _, x, target = readers(seed)
    off = []
    for one, goal in zip(x[:20], target[:20], strict=True):
        J_l, Q_l = on_digits.feedback_weights(kind, net, one[None], 0, mirror_of(seed)[0].Q)
        J, Q, wanted = np.hstack(J_l), np.vstack(Q_l), goal - net.predict(one[None])[0]
        least = J.T @ np.linalg.solve(J @ J.T, wanted)
        off.append(angle(Q @ np.linalg.solve(J @ Q, wanted), least))
    return float(np.median(off))


@claim(
    "04.c25",
    "learned feedback and transposed weights push nearly as little as needed",
    said="within 36° of the least push",
    share=0.95,
    high=36,
)
def near_least(seed: int) -> float:
    return max(_push_angle(seed, k) for k in ("transposed weights", "learned from noise"))


@claim(
    "04.c26",
    "random feedback does not",
    said="more than 70° away from it",
    share=0.95,
    low=70,
    control=True,
)
def far_from_least(seed: int) -> float:
    return _push_angle(seed, "random in all layers")


def _ends(seed: int, kind: str, steps: int = 300, **settings: float) -> tuple[Array, Array]:
    """Of ten digits: errors |e| (10, steps + 1), and how far layer 1 moves (10,)."""
    net, which, x, target = readers(seed)
    sizes, moved = [], []
    for i in range(10):
        dfc = DeepFeedbackControl("random", steps=steps, **settings)  # type: ignore[arg-type]
        label = int(all_digits().y_test[which[i]])
        Q = on_digits.feedback_weights(kind, net, x[[i]], label, mirror_of(seed)[0].Q)[1]
        dfc.Q = Q
        phase, _ = on_digits.watch(dfc, net, x[[i]], target[[i]])
        sizes.append(np.linalg.norm(phase.error[:, 0], axis=1))
        moved.append(np.linalg.norm(phase.rates[1][-1] - phase.rates[1][0]))
    return np.array(sizes), np.array(moved)


@claim(
    "04.c27",
    "the label's sign flipped: the error grows, with much gain or little",
    said="on at least six digits of ten the error ends larger than it began",
    share=0.95,
    low=0.6,
)
def flipped_label(seed: int) -> float:
    settings = ({"k_p": 2.0, "k_i": 1.0}, {"k_p": 0.2, "k_i": 0.1})
    ends = [_ends(seed, on_digits.FEEDBACK[-1], 500, **s)[0] for s in settings]
    return float(min(np.mean(e[:, -1] > e[:, 0]) for e in ends))


@claim(
    "04.c28",
    "a long step with much gain flickers; a shorter step or less gain does not",
    said="flickers on every digit, and each of the two cures ends it",
    share=0.95,
)
def flicker(seed: int) -> bool:
    found = []
    for k_p, dt in ((15.0, 0.010), (15.0, 0.001), (0.5, 0.010)):
        sizes, _ = _ends(seed, on_digits.FEEDBACK[0], round(0.3 / dt), k_p=k_p, dt=dt)
        found.append(np.abs(sizes[:, -1] - sizes[:, -2]) > 0.1 * sizes[:, 0])
    return bool(found[0].all() and not found[1].any() and not found[2].any())


@claim(
    "04.c29",
    "random feedback moves layer 1 more than good feedback",
    said="by more than good feedback does",
    share=0.95,
    low=1.2,
)
def random_moves_more(seed: int) -> float:
    random = _ends(seed, "random in all layers")[1]
    return float(np.median(random / _ends(seed, on_digits.FEEDBACK[0])[1]))


@claim(
    "04.c30",
    "random feedback shrinks the error for some digits, and would settle for none",
    said="the error shrinks for about six digits of ten, and the loop would settle for none",
    share=0.6,
)
def random_shrinks(seed: int) -> bool:
    sizes, _ = _ends(seed, "random in all layers")
    net, _, x, _ = readers(seed)
    Q = on_digits.feedback_weights("random in all layers", net, x[:1], 0, [])[1]
    return bool(0.25 < np.mean(sizes[:, -1] < sizes[:, 0]) < 0.95) and (
        on_digits.share_settled(net, x, Q) < 5
    )

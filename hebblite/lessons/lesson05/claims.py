"""What lesson 05 claims, measured on a seed: of networks, digits, targets and random feedback.

A training is done once for all claims that look at it."""

from __future__ import annotations

from functools import cache

import numpy as np

from ...analysis import angles_to_backprop
from ...data import load_digits
from ...errors import DivergenceError
from ...frameworks import DeepFeedbackControl
from ...network import Network
from ...optim import Adam
from ...rules import DifferentialHebbian
from ...stream import Record
from ...teaching.claims import claim
from ...training import fit
from .runs.breaks import BREAKS, LONG
from .runs.optimiser import adam_run
from .runs.push import push, random_case
from .runs.theorem import (
    T3_error,
    bound_and_angle,
    bounds_and_angles,
    broken_bounds,
    strength,
    uphill,
)
from .runs.training import BATCH, CONFIDENCE, Run, Setting, start, train

digits = cache(load_digits)
DH, NATIVE, BACKPROP = Setting(), Setting("error-based"), Setting("backprop")
RANDOM, SHORT, ONLY, HEBB, GAIN_8, GAIN_24 = (
    BREAKS[name].setting
    for name in (
        "random feedback", "short phase", "output layer only", "plain Hebb", "gain 8", "gain 24",
    )
)  # fmt: skip
NATIVE_RANDOM = Setting("error-based", feedback="random", epochs=LONG)


@cache
def run(setting: Setting, seed: int) -> Run:
    """One training, which several claims look at."""
    return train(digits(), setting, seed)


def hurried(percent: int, seed: int, rule: str = "differential Hebbian") -> Run:
    """A training whose plasticity comes on early, as long as those of the slider."""
    return run(Setting(rule, settled=percent / 100, epochs=3), seed)


def final(setting: Setting, seed: int) -> float:
    return run(setting, seed).accuracy[-1]


# ---------------------------------------------------------------------- training and angles


@claim("05.c1", "DH ends within three points of backprop",
       said="On every seed, DH ends within three points of backprop.", low=-3, high=3)  # fmt: skip
def behind_backprop(seed: int) -> float:
    return final(BACKPROP, seed) - final(DH, seed)


@claim("05.c2", "so does the error-based rule, the native one of the framework", control=True,
       said="with which Deep Feedback Control was invented, ends within three points too",
       low=-3, high=3)  # fmt: skip
def native_behind_backprop(seed: int) -> float:
    return final(BACKPROP, seed) - final(NATIVE, seed)


def first_angles(seed: int, on: str, **settings: float) -> list[float]:
    begun = start(digits(), seed)
    states = DeepFeedbackControl(**settings).teach(begun.net, begun.probe, begun.wanted)  # type: ignore[arg-type]
    return angles_to_backprop(begun.net, begun.probe, begun.wanted, DifferentialHebbian(on)(states))


@claim("05.c3", "angles as trained: layer 1 below 15°, the others from 15° to 52°",
       said="layer 1 stands less than 15° from backprop and the other layers between 15° and 52°, "
       "on every seed")  # fmt: skip
def angles_as_trained(seed: int) -> bool:
    first, *others = first_angles(seed, "rate", k_p=0.5, dt=0.005, steps=20)
    return first < 15 < min(others) <= max(others) < 52


@claim("05.c4", "weak, on voltages: layer 1 within half a degree, the others 12° or more",
       said="layer 1 agrees with backprop to half a degree. No other layer comes nearer than 12°.")  # fmt: skip
def angles_weak(seed: int) -> bool:
    first, *others = first_angles(seed, "voltage", k_p=0.001, k_i=0, dt=0.005, steps=60)
    return first < 0.5 and min(others) > 12


# ---------------------------------------------------------------------- the theorem


@claim("05.c5", "P a is right under weak and aligned feedback", high=1e-4,
       said="$P_l\\,a_l$ is right to better than 0.01 % in every network")  # fmt: skip
def theorem(seed: int) -> float:
    return T3_error(random_case(seed))


@claim("05.c6", "P a is wrong under random feedback", control=True, share=0.9, low=0.1,
       said="With random feedback it is wrong by more than 10 % in at least nine networks of ten.")  # fmt: skip
def theorem_without_alignment(seed: int) -> float:
    return T3_error(random_case(seed), feedback="random", seed=seed)


@claim("05.c7", "under aligned feedback no layer goes uphill", high=0,
       said="Under aligned feedback the loss falls in every layer of every network.")  # fmt: skip
def no_layer_uphill(seed: int) -> float:
    return float(sum(uphill(random_case(seed))))


@claim("05.c8", "under random feedback about half of the hidden layers go uphill", control=True,
       said="Under random feedback, a hidden layer goes uphill about every second time.",
       low=0.15, high=0.85)  # fmt: skip
def hidden_uphill(seed: int) -> float:
    many = [100_000 + 16 * seed + i for i in range(16)]
    return float(np.mean([rose for s in many for rose in uphill(random_case(s), "random", s)[:-1]]))


@claim("05.c9", "on digits all 256 angles keep their bound, 8° to 28° below it on average",
       said="All 256 angles keep their bound, and in layers 2 to 4 they lie 8° to 28° below it on "
       "average.")  # fmt: skip
def bounds_on_digits(seed: int) -> bool:
    begun = start(digits(), seed)
    fit(begun.net, *DH.make(seed), begun.x, begun.y, epochs=5, batch_size=BATCH,
        confidence=CONFIDENCE, seed=seed, optimizer=Adam(1e-3), progress=False)  # fmt: skip
    exact: Network = begun.net.astype("float64")
    bound, measured = bounds_and_angles(exact, begun.probe[:64], begun.wanted[:64])
    room = (bound - measured)[:, 1:].mean(axis=0)
    return bool((measured <= bound + 0.05).all() and room.min() > 8 and room.max() < 28)


def share_broken(seed: int, hidden: str) -> float:
    broken, counted, _ = broken_bounds(range(200_000 + 6 * seed, 200_006 + 6 * seed), hidden)
    return broken / counted if counted else float("nan")


@claim("05.c10", "on rates, tanh: the share of hidden layers above the first that break their bound",
       said="about one hidden layer in twenty-five breaks its bound with tanh", high=0.25)  # fmt: skip
def broken_by_tanh(seed: int) -> float:
    return share_broken(seed, "tanh")


@claim("05.c11", "the same with sigmoid",
       said="breaks its bound with tanh, two in five with sigmoid", low=0.02, high=0.85)  # fmt: skip
def broken_by_sigmoid(seed: int) -> float:
    return share_broken(seed, "sigmoid")


@claim("05.c12", "the same with ReLU", said="two in five with sigmoid, and none with ReLU", high=0)
def broken_by_relu(seed: int) -> float:
    return share_broken(seed, "relu")


@claim("05.c13", "the largest of these angles, tanh and sigmoid", high=90,
       said="We have seen no angle above 90° there, but that is a measurement")  # fmt: skip
def largest_on_rates(seed: int) -> float:
    seeds = range(200_000 + 6 * seed, 200_006 + 6 * seed)
    return max(broken_bounds(seeds, hidden)[2] for hidden in ("tanh", "sigmoid"))


# ---------------------------------------------------------------------- breaks


@claim("05.c14", "a short phase ends within three points of the whole loop",
       said="On every seed it ends within three points of the whole loop", low=-3, high=3)  # fmt: skip
def short_phase(seed: int) -> float:
    return final(SHORT, seed) - final(DH, seed)


@claim("05.c15", "in a short phase every layer begins nearer to backprop, below 20°",
       said="every layer begins nearer to backprop than before, at less than 20°")  # fmt: skip
def short_angles(seed: int) -> bool:
    short, whole = np.array(run(SHORT, seed).angles[0]), np.array(run(DH, seed).angles[0])
    return bool((short < whole).all() and short.max() < 20)


@claim("05.c16", "gain 8: some hidden layer beyond 45°, and less than five points are lost",
       said="With gain 8 some hidden layer stands more than 45° from backprop, and training loses "
       "less than five points.")  # fmt: skip
def strong_control(seed: int) -> bool:
    lost = final(DH, seed) - final(GAIN_8, seed)
    return max(run(GAIN_8, seed).angles[0][:3]) > 45 and lost < 5


@claim("05.c17", "gain 24: the loop flips its sign at every step", control=True,
       said="At gain 24 the error flips its sign at every step")  # fmt: skip
def unstable(seed: int) -> bool:
    return "flips sign" in run(GAIN_24, seed).words


@claim("05.c18", "plain Hebb reads", said="Plain Hebb ends at chance.", control=True, high=20)
def hebb(seed: int) -> float:
    return final(HEBB, seed)


@claim("05.c19", "random feedback is behind the output layer alone after one epoch", high=0,
       said="After one epoch it reads less than the network whose hidden layers never learn.")  # fmt: skip
def random_at_first(seed: int) -> float:
    return run(RANDOM, seed).accuracy[1] - run(ONLY, seed).accuracy[1]


@claim("05.c20", "random feedback leads the output layer alone by epoch 12", low=5,
       said="By epoch 12 it leads by more than five points, on every seed.")  # fmt: skip
def random_at_last(seed: int) -> float:
    return final(RANDOM, seed) - final(ONLY, seed)


@claim("05.c21", "by then all hidden angles have fallen", low=0,
       said="so that all hidden angles have fallen")  # fmt: skip
def aligned_itself(seed: int) -> float:
    first, *_, last = (np.array(angles[:3]) for angles in run(RANDOM, seed).angles)
    return float((first - last).min())


def overtakes(setting: Setting, seed: int) -> int:
    """The first epoch after which a training is ahead of the output layer alone."""
    pairs = zip(run(setting, seed).accuracy[1:], run(ONLY, seed).accuracy[1:], strict=True)
    return next((epoch for epoch, (a, b) in enumerate(pairs, start=1) if a > b), LONG + 1)


@claim("05.c22", "the error-based rule overtakes sooner", control=True, share=0.9,
       said="the error-based rule does the same, and sooner on at least nine seeds of ten")  # fmt: skip
def native_overtakes_sooner(seed: int) -> bool:
    return overtakes(NATIVE_RANDOM, seed) < overtakes(RANDOM, seed)


@claim("05.c23", "the last percent of the way costs a few points",
       said="If the last percent of the way is missing, that costs a few points.", low=-3, high=10)  # fmt: skip
def one_percent(seed: int) -> float:
    return hurried(100, seed).accuracy[-1] - hurried(99, seed).accuracy[-1]


@claim("05.c24", "three percent cost more than ten points", low=10,
       said="With three percent missing it costs more than ten points on every seed.")  # fmt: skip
def three_percent(seed: int) -> float:
    return hurried(100, seed).accuracy[-1] - hurried(97, seed).accuracy[-1]


@claim("05.c25", "with ten percent missing it reads", high=20,
       said="With ten percent missing, the network ends at chance.")  # fmt: skip
def ten_percent(seed: int) -> float:
    return hurried(90, seed).accuracy[-1]


@claim("05.c27", "97 %: in layer 4 the rest of the journey is below 15 % of the push, then grows",
       said="At first it is small beside the push in layer 4, less than 15 %. But each step "
       "strengthens what the layer says anyway, and so the rest of the journey grows")  # fmt: skip
def journey_grows(seed: int) -> bool:
    rest = [row[3] for row in hurried(97, seed).rest]
    return rest[0] < 0.15 and rest[-1] > rest[0]


# ---------------------------------------------------------------------- asides


@claim("05.c28", "DH: the step of layer 4 over that of layer 1, in units of the gradient's",
       said="With DH the step of layer 4 is between 4 and 20 times as long as that of layer 1, on "
       "every seed.", low=4, high=20)  # fmt: skip
def steps_of_DH(seed: int) -> float:
    gain = run(DH, seed).gain[-1]
    return gain[3] / gain[0]


@claim("05.c29", "the same under the error-based rule", control=True, high=2,
       said="With the error-based rule, which does not see what is handed up, it is less than twice "
       "as long.")  # fmt: skip
def steps_of_the_native_rule(seed: int) -> float:
    gain = run(NATIVE, seed).gain[-1]
    return gain[3] / gain[0]


@claim("05.c30", "the largest angle of DH in any layer at any epoch", high=60,
       said="No angle reaches 60° at any epoch.")  # fmt: skip
def largest_angle_in_training(seed: int) -> float:
    return float(np.max(run(DH, seed).angles))


@claim("05.c31", "layer 1 moves away from backprop", share=0.9, low=0,
       said="Layer 1 moves away from backprop on at least nine seeds of ten")  # fmt: skip
def layer_1_moves_away(seed: int) -> float:
    first, *_, last = run(DH, seed).angles
    return last[0] - first[0]


@claim("05.c32", "no layer is nearer to backprop after 10 tau than after tau / 10", share=0.9,
       said="In at least nine random networks of ten, no layer is nearer to backprop after ten time "
       "constants than after a tenth of one.")  # fmt: skip
def nearer_when_short(seed: int) -> bool:
    short, long = (push(*random_case(seed), dt=5e-5, steps=steps) for steps in (21, 2_100))
    return all(a <= b + 0.01 for a, b in zip(short.angles, long.angles, strict=True))


@claim("05.c33", "the share of what layer 2 does in one step of 5 ms that was handed up", low=0.25,
       said="even after a single one, over a quarter of what layer 2 does was handed up")  # fmt: skip
def handed_up_in_one_step(seed: int) -> float:
    begun = start(digits(), seed)
    control = DeepFeedbackControl(k_p=0.5, dt=0.005, steps=1)
    phase = Record()(control.teach(begun.net, begun.probe, begun.wanted))
    moved = phase.voltages[1][-1] - phase.voltages[1][0]
    handed = moved - control.dt / control.tau_v * phase.apical[1][-1]
    return float(np.median(np.linalg.norm(handed, axis=1) / np.linalg.norm(moved, axis=1)))


def above(network: int) -> list[bool]:
    """For each layer whether it is above its bound at gain 1; all, where the loop runs away."""
    try:
        now = strength(1.0, network)
    except DivergenceError:
        return [True]
    return [a > b + 0.1 for a, b in zip(now.measured, now.bound, strict=True)]


@claim("05.c34", "gain 1: layer 1 is above its bound",
       said="At gain 1 layer 1 is above its bound in every random network")  # fmt: skip
def layer_1_breaks_first(seed: int) -> bool:
    return above(seed)[0]


@claim("05.c35", "gain 1: the share of networks in which a higher layer is above its bound", low=0.02,
       high=0.85, said="some layer above it is so in about three of ten")  # fmt: skip
def higher_layers_break(seed: int) -> float:
    found = [above(300_000 + 12 * seed + i) for i in range(12)]
    return float(np.mean([any(rows[1:]) or len(rows) == 1 for rows in found]))


@claim("05.c36", "twice the weights, layer 8: bound above 75°, angles 10° or more below on average",
       said="With twice the weights the bound in layer 8 exceeds 75° and is nearly empty, but on "
       "average over the inputs the angles there stay at least 10° below their bounds.")  # fmt: skip
def large_weights(seed: int) -> bool:
    bound, measured = bound_and_angle(2.0, 8, seed=seed)
    return bool(bound[:, -1].max() > 75 and (bound - measured)[:, -1].mean() > 10)


@claim("05.c37", "weights at 0.3 of their size: the largest bound in any layer", high=20,
       said="no layer may turn by more than 20°")  # fmt: skip
def small_weights(seed: int) -> float:
    return float(bound_and_angle(0.3, 8, seed=seed)[0].max())


@claim("05.c38", "points by which aligned feedback with the small constant leads the others",
       share=0.9, low=8,
       said="aligned feedback with the small constant leads each of the others by more than eight "
       "points, on at least nine seeds of ten")  # fmt: skip
def one_constant(seed: int) -> float:
    best = adam_run(digits(), "jacobian", 1e-8, seed)[0][-1]
    others = [adam_run(digits(), f, e, seed)[0][-1] for f, e in (("jacobian", 9e-5), ("random", 1e-8))]
    return float(best - max(others))

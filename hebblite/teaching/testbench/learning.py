"""Does it learn digits, and is it the rule that does it? Beside backprop, and with three controls
that must fail."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ...frameworks import Framework
from ...network import Network
from ...rules import DifferentialHebbian, Frozen
from ...stream import Record
from .card import Check
from .digits import CHANCE, SIZES, Reversed, backprop_learns, learn, pooled
from .frameworks import FRAMEWORKS
from .rule_checks import TITLES, RuleBench, does_not_apply, verdict
from .streams import copied

#: Of what backprop gains over chance, the part that counts as learning; the part of its own gain
#: that hidden layers must bring; and what a control that must fail may reach.
ENOUGH, HIDDEN, FAILS = 0.5, 0.25, 0.35


def gained(accuracy: float, of: float) -> float:
    """What it gained over chance, as a share of what another gained."""
    return (accuracy - CHANCE) / max(of - CHANCE, 1e-9)


@contextmanager
def swings_expected() -> Iterator[None]:
    """In a control that must fail weights grow without aim: that its loop swings is no news."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*it swings and does not settle", RuntimeWarning)
        yield


def learns(bench: RuleBench) -> Check:
    """Half of what backprop gains over chance, at least."""
    backprop = backprop_learns(bench.seed)
    found = learn(bench.framework, copied(bench.rule), bench.seed)
    bench.memory["learned"] = found
    share = gained(found.accuracy, backprop)
    bench.memory["learns"] = share >= ENOUGH
    if share >= ENOUGH:
        why = f"It gains {100 * share:.0f} % of what backprop gains over chance ({CHANCE:.0f} %)."
    elif found.error:
        why = f"{found.story} That says as much of the framework and its settings as of the " \
              "rule: another framework may carry it."  # fmt: skip
    else:
        why = f"It gains {100 * max(share, 0):.0f} % of what backprop gains over chance; " \
              f"{100 * ENOUGH:.0f} % would do."  # fmt: skip
    words = f"{found.words}; backprop {backprop:.0f} %"
    return verdict("learns", share >= ENOUGH, words, why)


def hidden(bench: RuleBench) -> Check:
    """With the hidden layers as they were, it must be worse."""
    if not bench.memory.get("learns"):
        return does_not_apply("hidden", "It does not learn, so there is nothing to ask.")
    rule = Frozen(copied(bench.rule), tuple(range(len(SIZES) - 2)))
    alone, found = learn(bench.framework, rule, bench.seed), bench.memory["learned"]
    brings = 1 - gained(alone.accuracy, found.accuracy)
    return verdict(
        "hidden", brings >= HIDDEN, f"{found.words}; output layer alone {alone.words}",
        "With hidden layers that stay as they were drawn, it is much worse." if brings >= HIDDEN
        else "It learns only because of its output layer: with hidden layers that stay as they "
        "were drawn, it is about as good.",
    )  # fmt: skip


def turned_round(bench: RuleBench) -> Check:
    """With the sign of its updates reversed, it must not learn."""
    if not bench.memory.get("learns"):
        return does_not_apply("reversed", "It does not learn, so a control would say nothing.")
    with swings_expected():
        found = learn(bench.framework, Reversed(copied(bench.rule)), bench.seed)
    fails = gained(found.accuracy, bench.memory["learned"].accuracy) < FAILS
    return verdict(
        "reversed", fails, found.words,
        "With the sign of its updates turned round it does not learn, as it must be." if fails
        else "It learns with the sign of its updates turned round: it is not their direction that "
        "teaches.",
    )  # fmt: skip


def shuffled(bench: RuleBench) -> Check:
    """With labels that belong to other digits, it must not learn."""
    if not bench.memory.get("learns"):
        return does_not_apply("shuffled", "It does not learn, so a control would say nothing.")
    with swings_expected():
        found = learn(bench.framework, copied(bench.rule), bench.seed, shuffled=True)
    fails = gained(found.accuracy, bench.memory["learned"].accuracy) < FAILS
    return verdict(
        "shuffled", fails, found.words,
        "With labels that belong to other digits it does not learn, as it must be." if fails else
        "It learns although the teacher says random things: it knows the labels from elsewhere.",
    )  # fmt: skip


def least_seconds(what: Callable[[], object], times: int = 5) -> float:
    """The least of several goes."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        what()
        taken.append(time.perf_counter() - began)
    return min(taken)


def cost(bench: RuleBench) -> Check:
    """Processor time of folding one stream, as a multiple of what DH takes."""
    data, net = pooled(), Network(SIZES, seed=bench.seed)
    block = Record()(bench.framework.teach(net, data.x[:50], data.target[:50]))
    if block.steps == 0:
        return does_not_apply("cost", "Nothing moves here, so DH is not defined.")

    own, dh = copied(bench.rule), DifferentialHebbian()
    times = least_seconds(lambda: own(iter([block]))) / least_seconds(lambda: dh(iter([block])))
    why = "Time to read one stream, on this machine; no reason to pass or to fail."
    return Check("cost", TITLES["cost"], "measured", f"{times:.1f} times DH", why)


def cost_of_teaching(bench: RuleBench) -> Check:
    """Time of a teaching phase, as a multiple of what Deep Feedback Control takes."""
    data, net = pooled(), Network(SIZES, seed=bench.seed)

    def seconds(framework: Framework) -> float:
        given = net, data.x[:50], data.target[:50], False
        return least_seconds(lambda: list(framework.teach(*given)))

    times = seconds(bench.framework) / seconds(FRAMEWORKS["dfc"]())
    why = "Time of a teaching phase, on this machine; no reason to pass or to fail."
    words = f"{times:.1f} times Deep Feedback Control"
    return Check("cost", TITLES["cost"], "measured", words, why)

"""Noise: single updates of a synapse, and how averages over many draws gather around DH."""

from __future__ import annotations

import numpy as np

from ....teaching.chart import Panel, Series, chart, decimals
from ....teaching.words import count
from ..runs.draws import BASELINES, POSTS, averaged, averages, single

Array = np.ndarray

EDGES = np.linspace(-0.4, 0.4, 81)
POWERS = np.arange(9)


def histogram(values: Array) -> Array:
    """How often values fall between the edges; the highest bar is 1."""
    found = np.histogram(values, EDGES)[0].astype(float)
    scaled: Array = found / (found.max() or 1.0)
    return scaled


def draw_single(power: int, post: str, guess: float | None = None) -> str:
    """Updates of one synapse, averaged over 2^power draws each, as a histogram; and how many of
    them strengthen. guess: the share (%) that the learner expects to strengthen at one draw."""
    found = {name: single(name) for name in POSTS}  # all at the first call: no later one waits
    s, draws = found[post], count(2**power, "draw")
    means = averaged(s.draws, 2**power)
    shares = np.array([100 * (averaged(s.draws, 2**k) > 0).mean() for k in range(len(POWERS))])
    bars, ghost = histogram(means), histogram(s.draws)
    middle = (EDGES[:-1] + EDGES[1:]) / 2
    # As outlines: a step at each edge.
    x, now, before = np.repeat(EDGES, 2)[1:-1], np.repeat(bars, 2), np.repeat(ghost, 2)
    left = Panel(
        "Averages of so many draws", "update of the weight, divided by d/(1 − d)²", "how often",
        [Series("one draw", x, before, "band", low=0 * before, colour="stdp"),
         Series(draws if power else "", x, now, colour="stdp"),
         Series("DH", np.array([s.dh, s.dh]), np.array([0, 1.1]), colour="dh")],
        x_range=(-0.4, 0.4), y_range=(0, 1.12),
        marks=[("x", 0.0, "no change")] if s.dh else [],
    )  # fmt: skip
    marks = [] if guess is None else [("y", float(guess), f"you said {guess:g} %")]
    right = Panel(
        "How many of them strengthen", "draws averaged", "averages above zero (%)",
        [Series("", 2.0**POWERS, shares, "line+points", colour="stdp"),
         Series("here", 2.0 ** POWERS[[power]], shares[[power]], "points", colour="rate")],
        x_log=True, y_range=(-4, 104), marks=marks,
    )  # fmt: skip
    spread = decimals(float(means.std()), 3)
    summary = (
        f"<p style='min-height:3em'>With {draws} in each, the averages spread by {spread} around "
        f"{decimals(float(means.mean()), 3)}, where DH is {decimals(s.dh, 3)}. Of these averages "
        f"<b>{shares[power]:.0f} %</b> strengthen the synapse.</p>"
    )
    peak = middle[int(bars.argmax())]
    label = (
        f"Left: histogram of the updates of one synapse, averaged over {draws} each, whose post "
        f"neuron's rate {post}. It is highest near {peak:.2f} and spreads by "
        f"{means.std():.3f}; a line marks DH at {s.dh:.2f}; a pale hill is the histogram of "
        f"single draws. Right: the share of averages that strengthen against the number of draws: "
        f"{shares[power]:.0f} percent here, {shares[0]:.0f} for single draws."
    )
    return summary + chart([left, right], label)


def draw_scatter(power: int, baseline: str) -> str:
    """STDP averaged over 2^power draws against DH, a point for each synapse."""
    found = {name: averages(name) for name in BASELINES}  # all at the first call
    dh, means, ratio = found[baseline]
    stdp = means[power]
    draws = count(2**power, "draw")
    cosine = float(dh @ stdp / np.sqrt((dh @ dh) * (stdp @ stdp)))
    right = int((np.sign(stdp) == np.sign(dh)).sum())
    line = np.array([-1.0, 1.0]) * float(np.abs(dh).max())
    left = Panel(
        "Each synapse", "DH", "averaged STDP",
        [Series("equal", line, line, colour="dh"),
         Series("synapse", dh, stdp, "points", colour="stdp")],
        x_range=(-0.15, 0.15), y_range=(-0.6, 0.6),
    )  # fmt: skip
    all_counts = 2.0 ** np.arange(len(means))
    all_cosines = means @ dh / np.sqrt((dh @ dh) * (means**2).sum(axis=1))
    middle = Panel(
        "Agreement as draws add up", "draws averaged", "cosine with DH",
        [Series("measured", all_counts, all_cosines, colour="stdp"),
         Series("by (6)", all_counts, 1 / np.sqrt(1 + ratio / all_counts), colour="backprop"),
         Series("here", all_counts[[power]], all_cosines[[power]], "points", colour="rate")],
        x_log=True, y_range=(-0.2, 1.1),
    )  # fmt: skip
    summary = (
        f"<p style='min-height:3em'>With {draws} the cosine with DH is <b>{cosine:.3f}</b>, and "
        f"the sign is right in {right} of {len(dh)} synapses.</p>"
    )
    label = (
        f"Left: scatter of averaged STDP against DH for {len(dh)} synapses, {draws}, "
        f"baseline {baseline}. Right: the cosine between the two against the number of draws; "
        f"here it is {cosine:.3f}. The sign is right in {right} synapses."
    )
    return summary + chart([left, middle], label)

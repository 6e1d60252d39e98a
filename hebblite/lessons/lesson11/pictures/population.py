"""Populations that carry two rates, their spikes, and the window that pairs them."""

from __future__ import annotations

from functools import cache

import numpy as np

from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing
from ....teaching.words import count

Array = np.ndarray

WIDTH, HEIGHT = 700.0, 378.0
LEFT, RIGHT = 60.0, 440.0  # of the trains
STEPS, DT = 100, 1.0  # of 1 ms
ROWS = 12  # neurons that are drawn, of more
FIRES = 0.3  # probability of a spike in a step at rate 1
#: Upper edges: rasters of pre and post, and the share that fires of each.
PRE, POST, TALL = 40.0, 202.0, 118.0
SMOOTH = 10.0  # ms over which spikes are counted for the curves


def rates() -> tuple[Array, Array]:
    """The rates of pre and of post (STEPS,): pre stays, post rises."""
    t = np.arange(STEPS)
    return np.full(STEPS, 0.5), 0.2 + 0.6 / (1 + np.exp(-(t - 50) / 8))


@cache
def trains(n: int) -> tuple[Array, Array]:
    """Spikes of n neurons of pre and of post, (STEPS, n)."""
    rng = np.random.Generator(np.random.PCG64(3))
    pre, post = (FIRES * r[:, None] > rng.random((n, STEPS)).T for r in rates())
    return pre.astype(float), post.astype(float)


def counted(share: Array) -> Array:
    """A share of neurons that fire, averaged over the last ``SMOOTH`` ms, as a rate."""
    kernel = np.ones(int(SMOOTH)) / SMOOTH
    padded = np.concatenate([np.full(int(SMOOTH) - 1, share[: int(SMOOTH)].mean()), share])
    smooth: Array = np.convolve(padded, kernel, "valid") / FIRES
    return smooth


def spread(n: int, tau: float) -> tuple[float, float]:
    """Mean and standard deviation of the update of STDP by one trial with n neurons on either
    side, divided by the size of the mean. By the variance of each pair's window, exactly.

    A spike share is p + z with independent z of variance p (1 - p) / n, so the update is
    bilinear: its variance is that of the terms linear in z and of the term with two of them.
    """
    r_pre, r_post = rates()
    p, q = FIRES * r_pre, FIRES * r_post
    s = np.subtract.outer(np.arange(STEPS), np.arange(STEPS)) * DT  # t_post - t_pre
    K = np.sign(s) * np.exp(-np.abs(s) / tau)
    mean = float(q @ K @ p)
    v_p, v_q = p * (1 - p) / n, q * (1 - q) / n
    variance = (K @ p) ** 2 @ v_q + (q @ K) ** 2 @ v_p + v_q @ K**2 @ v_p
    return mean, float(np.sqrt(variance))


def draw_population(n: int = 4, tau: float = 16.0) -> str:
    """Spikes of n neurons that all carry pre's rate, and of n that carry post's, which rises; below
    each the share that fires, beside the rate. Right: the window of STDP, and the update in parts
    of its mean, with its spread over trials. tau: of the window, in ms."""
    n = int(n)
    mean, deviation = spread(n, tau)
    one = spread(1, tau)[1]
    d = Drawing(
        WIDTH, HEIGHT,
        f"Spikes of {count(n, 'neuron')} that carry pre's rate and of as many that carry post's, "
        "which rises, over 100 ms. Below each raster the share that fires, and the rate itself. "
        f"Right: the window of STDP with a time constant of {tau:g} ms, and the update that all "
        f"pairs make together. From trial to trial it spreads by {decimals(deviation / mean, 2)} "
        f"of its mean; with one neuron for each rate, by {decimals(one / mean, 2)}.",
    )  # fmt: skip
    pre, post = trains(n)
    for name, top, spikes, rate, look in (
        ("pre", PRE, pre, rates()[0], "basal"), ("post", POST, post, rates()[1], "rate"),
    ):  # fmt: skip
        _trains(d, name, top, spikes, rate, look, n)
    for ms in (0, 25, 50, 75, 100):
        d.say(_at(ms), POST + TALL + 33, f"{ms}", "middle", fixed=True)
    words = f"time (ms); solid: share that fires, over {FIRES}; dotted: rate"
    d.say((LEFT + RIGHT) / 2, HEIGHT - 8, words, "middle", fixed=True)
    _window(d, tau)
    _update(d, n, mean, deviation, one)
    return d.svg()


def _at(ms: float) -> float:
    return LEFT + (RIGHT - LEFT) * ms / (STEPS * DT)


def _trains(
    d: Drawing, name: str, top: float, spikes: Array, rate: Array, look: str, n: int
) -> None:
    """A raster, and below it the share that fires beside the rate."""
    drawn = min(n, ROWS)
    more = f"{n} {name} neurons" if n > 1 else f"1 {name} neuron"
    if n > drawn:
        more += f", {drawn} of them drawn"
    d.say(LEFT, top - 8, more, bold=True, fixed=True)
    high = 62.0
    row = high / drawn
    d.path(f"M{LEFT},{top} H{RIGHT} V{top + high} H{LEFT} Z", width=0.8, opacity=0.4)
    for k in range(drawn):
        y = top + row * k + 0.1 * row
        marks = "".join(
            f"M{_at(DT * (t + 0.5)):.1f},{y:.1f}v{0.8 * row:.1f}"
            for t in np.flatnonzero(spikes[:, k])
        )
        if marks:
            d.path(marks, look, 1.5)
    low = top + TALL + 14
    d.path(f"M{LEFT},{low} H{RIGHT}", width=0.8, opacity=0.5)

    def height(value: float) -> float:
        return low - 40 * min(value, 1.5)

    for value in (0, 1):
        d.say(LEFT - 7, height(value) + 4, f"{value}", "end", fixed=True)
    x = [_at(DT * (t + 0.5)) for t in range(STEPS)]
    share = counted(spikes.mean(axis=1))
    d.path(_through(x, [height(v) for v in share]), "stdp", 1.8)
    node = d.path(_through(x, [height(v) for v in rate]), look, 2.4, opacity=0.75)
    node.set("stroke-dasharray", "2 4")


def _through(x: list[float], y: list[float]) -> str:
    return "M" + " L".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def _window(d: Drawing, tau: float) -> None:
    """K(s) over the distance of two spikes, on axes that stay."""
    left, right, zero, high = 490.0, 684.0, 92.0, 52.0
    d.say(left, 20, "window K(s) of a pair", bold=True, fixed=True)
    d.path(f"M{left},{zero} H{right}", width=1, opacity=0.5)
    middle = (left + right) / 2
    d.path(f"M{middle},{zero - high} V{zero + high}", width=1, opacity=0.5)
    s = np.linspace(0.01, 60, 60)
    for sign in (1, -1):
        x = [middle + sign * (right - left) / 2 * float(v) / 60 for v in s]
        y = [zero - sign * high * float(np.exp(-v / tau)) for v in s]
        d.path(_through(x, y), "stdp", 2.2)
    for ms in (-60, 60):
        edge = middle + (right - left) / 2 * ms / 60
        anchor = "start" if ms < 0 else "end"
        d.say(edge, zero + (16 if ms > 0 else -7), decimals(ms, 0), anchor, fixed=True)
    d.say(middle + 8, zero - high + 2, "+1", fixed=True)
    d.say(middle - 8, zero + high + 2, "−1", "end", fixed=True)
    d.say(middle, zero + high + 22, "s = t(post) − t(pre), in ms", "middle", fixed=True)


def _update(d: Drawing, n: int, mean: float, deviation: float, one: float) -> None:
    """The update of one trial in parts of its mean: the mean and one spread to either side, and
    pale that of one neuron."""
    left, right, y = 490.0, 684.0, 262.0
    d.say(left, y - 56, "update of one trial", bold=True, fixed=True)
    d.path(f"M{left},{y + 22} H{right}", width=1, opacity=0.5)

    def at(value: float) -> float:
        return left + (right - left) * float(np.clip((value + 2) / 6, 0, 1))

    d.path(f"M{at(0)},{y - 40} V{y + 22}", width=1, opacity=0.5)
    for level, width, y_of in ((one, 5.0, y - 26), (deviation, 9.0, y + 2)):
        a, b = at(1 - level / mean), at(1 + level / mean)
        bar = d.path(f"M{a:.1f},{y_of} H{b:.1f}", "stdp", width,
                     opacity=0.35 if width < 6 else 0.8)  # fmt: skip
        bar.set("stroke-linecap", "butt")
        d.circle(at(1), y_of, 4.5, None, "dh")
    d.say(left - 4, y - 22, "N = 1", fixed=True)
    if n > 1:
        d.say(left - 4, y + 6, f"N = {n}", fixed=True)
    for tick in (0, 1, 2, 3):
        d.say(at(tick), y + 39, str(tick), "middle", fixed=True)
    words = ["in parts of its mean", "dot: mean; bar: ± one spread",
             f"spread: {decimals(deviation / mean, 2)} of the mean"]  # fmt: skip
    for k, line in enumerate(words):
        d.say(left, y + 58 + 17 * k, line, fixed=True)

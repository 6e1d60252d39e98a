"""Pictures and exercises of lesson 01, "Spikes to rates".

Spikes, rates and traces run over T + 1 steps of length dt, rows t = 0..T. A rate here is the
probability of a spike in one step, and d = exp(-dt / tau_s) is the decay of the window per step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from ..rules import STDP, Updates
from ..stream import Block
from .chart import Panel, Series, chart
from .exercises import Exercise

Array = np.ndarray

# ---------------------------------------------------------------------- spikes


def draw_rasters(trains: Array, rate: Array, dt: float, counted: Sequence[int]) -> str:
    """A raster of some of the trials, and the rate read off ``counted`` numbers of trials.

    trains: 0 or 1, (trials, T + 1). rate: the true one in Hz, (T + 1,). dt in seconds.
    """
    shown, bin_ = 16, 25
    trial, step = np.nonzero(trains[:shown])
    ms = 1000 * dt * np.arange(trains.shape[1])
    raster = Panel(
        f"{shown} trials of one neuron", "time (ms)", "trial",
        [Series("", 1000 * dt * step, trial, "spikes")], y_range=(-1, shown),
    )  # fmt: skip
    bins = trains.shape[1] // bin_
    middle = (np.arange(bins) + 0.5) * bin_ * 1000 * dt
    estimates = {
        k: trains[:k, : bins * bin_].reshape(k, bins, bin_).mean(axis=(0, 2)) / dt for k in counted
    }
    names = [f"{k} trial{'s' if k > 1 else ''}" for k in counted]
    curves = [
        Series(name, middle, estimates[k], "line+points")
        for name, k in zip(names, counted, strict=True)
    ]
    jumps = np.flatnonzero(np.diff(rate))  # all points that a rate in steps needs
    corners = np.unique(np.concatenate([[0], jumps, jumps + 1, [len(rate) - 1]]))
    truth = Series("true rate", ms[corners], rate[corners], "line", colour=len(counted))
    width = 1000 * dt * bin_
    right = Panel(
        f"Rate counted in bins of {width:g} ms", "time (ms)", "rate (Hz)", [*curves, truth]
    )
    off = {k: float(np.abs(e - _binned(rate, bin_)).max()) for k, e in estimates.items()}
    errors = ", ".join(f"{k}: {value:.1f}" for k, value in off.items())
    label = (
        f"Left: a raster of {shown} trials of one neuron over {ms[-1]:.0f} milliseconds; no two "
        f"rows are alike, and all get denser where its rate rises from {rate[0]:.0f} to "
        f"{rate[-1]:.0f} hertz. Right: the rate counted from more and more trials. Greatest "
        f"distance from the true rate in hertz, by number of trials: {errors}."
    )
    return chart([raster, right], label)


def _binned(series: Array, width: int) -> Array:
    bins = len(series) // width
    return series[: bins * width].reshape(bins, width).mean(axis=1)


# ---------------------------------------------------------------------- pairs


def pair_sum(t_post: Any, t_pre: Any, tau_s: float) -> float:
    """Sum of K(t_post - t_pre) over all pairs of spike times."""
    s = np.asarray(t_post, float)[:, None] - np.asarray(t_pre, float)[None, :]
    return float((np.sign(s) * np.exp(-np.abs(s) / tau_s)).sum())


def draw_pairs(delay: float, tau_s: float, period: float = 25.0) -> str:
    """The window with the pairs of one pre spike, and the two trains. All in ms. Both trains are
    regular and go on for ever; post follows pre by ``delay``, from 0 to one period."""
    pairs = int(np.ceil(20 * tau_s / period)) + 1  # on either side; those beyond weigh e^-20
    s = delay + period * np.arange(-pairs, pairs + 1)
    K = np.sign(s) * np.exp(-np.abs(s) / tau_s)
    reach = 80.0
    before, after = -np.geomspace(reach, 0.01, 80), np.geomspace(0.01, reach, 80)
    lag = np.concatenate([before, after])
    curve = np.sign(lag) * np.exp(-np.abs(lag) / tau_s)
    near = np.abs(s) <= reach
    window = Panel(
        "The window, and the pairs of one pre spike", "s = post − pre (ms)", "K(s) (no unit)",
        [Series("K(s)", lag, curve), Series("its pairs", s[near], K[near], "points")],
        x_range=(-reach - 4, reach + 4), y_range=(-1.15, 1.15),
    )  # fmt: skip
    t_pre = period * np.arange(-4.0, 5)
    t_post = t_pre + delay
    seen = np.abs(t_post) <= reach
    t_pre = t_pre[np.abs(t_pre) <= reach]
    trains = Panel(
        "Two endless trains, seen from that spike", "time (ms)", "row 0: pre, row 1: post",
        [Series("pre", t_pre, np.zeros(len(t_pre)), "spikes"),
         Series("post", t_post[seen], np.ones(int(seen.sum())), "spikes", colour=3)],
        x_range=(-reach - 4, reach + 4), y_range=(-1, 2),
    )  # fmt: skip
    up, down = float(K[K > 0].sum()), float(K[K < 0].sum())
    up, down, total = (round(value, 2) + 0.0 for value in (up, down, up + down))  # no "-0.00"
    summary = (
        f"<p>Post lags by {delay:g} ms. For each pre spike: strengthening pairs {up:+.2f}, "
        f"weakening pairs {down:+.2f}, sum <b>{total:+.2f}</b>. "
        f"(Pairs beyond ±{reach:g} ms, out of the picture, are in these sums.)</p>"
    )
    label = (
        f"Left: the window with a time constant of {tau_s:g} milliseconds and on it the pairs of "
        f"one pre spike with every post spike. Right: two endless regular trains with a spike "
        f"each {period:g} milliseconds, post {delay:g} milliseconds after pre. For each pre spike, "
        f"pairs with pre first add {up:.2f}, pairs with post first add {down:.2f}; the sum is "
        f"{total:.2f}."
    )
    return summary + chart([window, trains], label)


# ---------------------------------------------------------------------- the average


def kernel(rows: int, d: float) -> Array:
    """K[t, s] = sign(t - s) d^|t - s| for steps t of post and s of pre: (rows, rows)."""
    lag = np.subtract.outer(np.arange(rows), np.arange(rows))
    return np.sign(lag) * d ** np.abs(lag)


def visibility(T: int, d: float) -> Array:
    """How much of a change from t to t + 1 the pairs within the steps 0..T see: (T,)."""
    t = np.arange(T)
    return (1 - d ** (t + 1)) * (1 - d ** (T - t))


def swing(
    T: int, when: float, duration: float, low: float | Array = 0.1, high: float | Array = 0.3
) -> Array:
    """A rate (T + 1,) or, for arrays low and high (n,), (T + 1, n), that goes from low to high in
    a smooth step with its middle at step ``when``, over ``duration`` steps."""
    part = np.clip((np.arange(T + 1) - when) / max(duration, 1e-9) + 0.5, 0, 1)
    part = part * part * (3 - 2 * part)
    return low + np.multiply.outer(part, np.subtract(high, low))


def noise(post: Array, pre: Array, d: float) -> float:
    """Variance of one draw of the update, summed over the synapses, for independent spikes with
    probabilities post (T + 1, n) and pre (T + 1, m)."""
    K, v, w = kernel(len(post), d), post * (1 - post), pre * (1 - pre)
    parts = v.T @ (K @ pre) ** 2 + ((post.T @ K) ** 2) @ w + v.T @ K**2 @ w
    return float(parts.sum())


def draw_visibility(tau_s: float, when: float, duration: float, T: int = 120) -> str:
    """A post rate that steps up while pre is constant; what DH and the average STDP make of it.
    All times in ms, steps of 1 ms."""
    d, pre = float(np.exp(-1 / tau_s)), 0.2
    post = swing(T, when, duration, 0.1, 0.4)
    g = visibility(T, d)
    change = np.diff(post)
    dh = pre * float(change.sum())
    stdp = pre * float(change @ g)
    ms = np.arange(T + 1.0)
    left = Panel(
        "Rate of post, and what is seen of a change", "time (ms)", "no unit",
        [Series("rate of post", ms, post), Series("visibility g", ms[:-1] + 0.5, g)],
        x_range=(0, T), y_range=(0, 1.05),
    )  # fmt: skip
    names = ["DH", "STDP ÷ d/(1−d)²"]
    # Two series, for two looks; they stand side by side, so each is moved to its name.
    bars = [Series("", np.array([x]), np.array([y]), "bars") for x, y in ((0.2, dh), (0.8, stdp))]
    right = Panel(
        f"The update, pre at {pre:g}", "rule", "update of the weight (no unit)",
        bars, x_range=(-0.6, 1.6), y_range=(0, 0.065), x_names=names,
    )  # fmt: skip
    share = f"{100 * stdp / dh:.0f} %" if abs(dh) > 1e-12 else "nothing to see"
    part = float(change.sum()) / 0.3
    outside = (
        f" Only {100 * part:.0f} % of the swing lies within the phase." if part < 0.995 else ""
    )
    summary = (
        f"<p>DH {dh:.4f}, average STDP {stdp:.4f} (divided by d/(1−d)²): <b>{share}</b> of DH."
        f"{outside}</p>"
    )
    label = (
        f"Left: the rate of post goes from {post[0]:.2f} to {post[-1]:.2f} around "
        f"{when:g} milliseconds; the visibility of a change is at most {g.max():.2f} with a window "
        f"of {tau_s:.3g} milliseconds in a phase of {T}. Right: bars: differential Hebb {dh:.4f}, "
        f"average STDP {stdp:.4f}, divided by d/(1−d)²."
    )
    return summary + chart([left, right], label)


def draw_rest(rest: Array, errors: dict[str, Array], tau_s: float) -> str:
    """Relative distance of average STDP from DH against the rest at both ends, or half the length
    of a phase without rest (ms)."""
    panel = Panel(
        "Distance of average STDP from DH",
        f"rest, or half the length of the phase (ms); window {tau_s:g} ms",
        "relative distance (no unit)",
        [Series(name, rest, e, "line+points") for name, e in errors.items()], y_log=True,
    )  # fmt: skip
    ends = "; ".join(f"{name}: from {e[0]:.2g} to {e[-1]:.2g}" for name, e in errors.items())
    label = (
        f"Logarithmic line chart of the relative distance between average STDP and DH for rests "
        f"of {rest[0]:g} to {rest[-1]:g} milliseconds. {ends}."
    )
    return chart([panel], label, 560)


# ---------------------------------------------------------------------- noise


def draw_decline(numbers: Array, spreads: dict[str, Array], plateau: float) -> str:
    """Variance of an average of so many draws, log-log. plateau: what sharing pre leaves."""
    panel = Panel(
        "Variance of the averaged update", "draws averaged", "variance, mean over synapses",
        [Series(name, numbers, v, "line+points") for name, v in spreads.items()],
        x_log=True, y_log=True, marks=[("y", plateau, "the part of pre alone")],
    )  # fmt: skip
    words = "; ".join(f"{name}: from {v[0]:.2g} to {v[-1]:.2g}" for name, v in spreads.items())
    label = (
        f"Log-log chart of the variance against {numbers[0]} to {numbers[-1]} draws. {words}. "
        f"A horizontal line at {plateau:.2g}: the part of the variance that is due to pre alone."
    )
    return chart([panel], label, 560)


BASELINES = ("none", "low (0.1)", "high (0.5)")


@cache
def _averages(baseline: str) -> tuple[Array, Array, float]:
    """DH (96,) of a patch of 8 x 12 synapses, the STDP updates averaged over the first 2^k
    draws, k = 0..11: (12, 96), both on the scale of DH, and V / |mu|^2 of (6)."""
    base = {"none": 0.0, "low (0.1)": 0.1, "high (0.5)": 0.5}[baseline]
    rng = np.random.default_rng(4)
    T, d, draws = 60, float(np.exp(-1 / 8)), 2**11
    low, high = rng.uniform(0, 0.4, (2, 8))
    post = base + swing(T, 30, 10, low, high)
    pre = np.broadcast_to(rng.uniform(0.02, 0.6, 12), (T + 1, 12))
    dh = (np.diff(post, axis=0).T @ pre[:-1]).ravel()
    total, means = np.zeros(dh.size), []
    for k in range(12):
        count = 2 ** max(k - 1, 0)
        S_post = (rng.random((count, *post.shape)) < post).astype(np.float32)
        S_pre = (rng.random((count, *pre.shape)) < pre).astype(np.float32)
        paired = kernel(T + 1, d).astype(np.float32) @ S_pre
        total = total + np.einsum("cti,ctj->ij", S_post, paired, optimize=True).ravel()
        means.append(total / 2**k * (1 - d) ** 2 / d)
    assert 2 * count == draws
    expected = expected_stdp(post, pre, d)
    return dh, np.array(means), noise(post, pre, d) / float((expected**2).sum())


def draw_scatter(power: int, baseline: str) -> str:
    """STDP averaged over 2^power draws against DH, a point for each synapse."""
    dh, means, ratio = _averages(baseline)
    stdp = means[power]
    count = 2**power
    cosine = float(dh @ stdp / np.sqrt((dh @ dh) * (stdp @ stdp)))
    right = int((np.sign(stdp) == np.sign(dh)).sum())
    reach = float(max(np.abs(stdp).max(), np.abs(dh).max())) * 1.15
    line = np.array([-1.0, 1.0]) * float(np.abs(dh).max())
    left = Panel(
        "Each synapse", "DH (no unit)", "STDP, averaged (no unit)",
        [Series("equal", line, line), Series("synapse", dh, stdp, "points")],
        y_range=(-reach, reach),
    )  # fmt: skip
    all_counts = 2.0 ** np.arange(len(means))
    all_cosines = means @ dh / np.sqrt((dh @ dh) * (means**2).sum(axis=1))
    middle = Panel(
        "Agreement as draws add up", "draws averaged", "cosine with DH",
        [Series("cosine", all_counts, all_cosines),
         Series("by (6)", all_counts, 1 / np.sqrt(1 + ratio / all_counts)),
         Series("here", all_counts[[power]], all_cosines[[power]], "points", colour=3)],
        x_log=True, y_range=(-0.2, 1.1),
    )  # fmt: skip
    summary = (
        f"<p>{count} draw{'s' if count > 1 else ''}: cosine with DH <b>{cosine:.3f}</b>, the "
        f"sign is right in {right} of {len(dh)} synapses.</p>"
    )
    label = (
        f"Left: scatter of averaged STDP against DH for {len(dh)} synapses, {count} draws, "
        f"baseline {baseline}. Right: the cosine between the two against the number of draws; "
        f"here it is {cosine:.3f}. The sign is right in {right} synapses."
    )
    return summary + chart([left, middle], label)


def draw_walks(hebb: Array, walks: dict[str, Array], spread: float) -> str:
    """Sums of updates (presentations,) of one synapse whose neurons fire steadily: of plain Hebb,
    of STDP on average, which are zero, and of STDP on some draws of spikes. spread: standard
    deviation of one STDP update."""
    k = np.arange(1.0, 1 + len(hebb))
    band = 2 * spread * np.sqrt(k)
    curves = [Series(name, k, w, colour=j) for j, (name, w) in enumerate(walks.items())]
    both = Panel(
        "Nothing to learn", "presentation", "sum of updates (no unit)",
        [*curves, Series("plain Hebb", k, hebb, colour=3)], x_range=(0, len(hebb) * 1.04),
    )  # fmt: skip
    near = Panel(
        "STDP, from near", "presentation", "sum of updates (no unit)",
        [Series("± 2 deviations", k, band, "band", low=-band, colour=5), *curves,
         Series("average STDP", k, 0 * k, colour=2)],
        x_range=(0, len(hebb) * 1.04),
    )  # fmt: skip
    ends = ", ".join(f"{w[-1]:.0f}" for w in walks.values())
    label = (
        f"Two line charts over {len(hebb)} presentations. Left: the sum of plain Hebbian updates "
        f"grows steadily to {hebb[-1]:.0f}. Right: sums of STDP updates wander around zero and end "
        f"at {ends}; two standard deviations have grown to {band[-1]:.0f}, as the root of the "
        "number of presentations."
    )
    return chart([both, near], label)


def draw_accuracies(accuracies: dict[str, Array]) -> str:
    """Test accuracy after each epoch: {rule: in [0, 1]}."""
    curves = [
        Series(
            f"{name}: {100 * a[-1]:.1f} %",
            np.arange(1.0, 1 + len(a)),
            100 * np.asarray(a),
            "line+points",
        )
        for name, a in accuracies.items()
    ]
    ends = "; ".join(f"{name} ends at {100 * a[-1]:.1f} percent" for name, a in accuracies.items())
    label = f"Line chart of test accuracy against epochs for several rules: {ends}."
    panel = Panel("Digits from spikes", "epoch", "test accuracy (%)", curves)
    return chart([panel], label, 560)


# ---------------------------------------------------------------------- the engine with your piece


class WithSpikes(STDP):
    """The engine's spikes, paired by a function of the exercise: ``stdp(S_post, S_pre, d)``.

    It keeps a whole teaching phase, lets every neuron fire at its free rate for ``rest`` steps
    before it, and hands the spikes of two layers over, all inputs of the batch at once. Negative
    and unbounded rates are treated as in ``STDP``, but OFF cells are handed over as neurons of
    their own. A bias is a presynaptic neuron that fires at every step.
    """

    def __init__(self, stdp: Callable[..., Any], rest: int = 8, **settings: Any) -> None:
        super().__init__(**settings)
        self.stdp, self.rest = stdp, rest

    def start(self, block: Block) -> None:
        super().start(block)
        self._phase = [[np.repeat(r[:1], self.rest + 1, axis=0)] for r in block.rates]

    def absorb(self, block: Block) -> None:
        self._decay = float(np.exp(-np.diff(block.time).mean() / self.tau))
        for rows, r in zip(self._phase, block.rates, strict=True):
            rows.append(r[1:].copy())

    def finish(self) -> Updates:
        rates = [np.concatenate(rows) for rows in self._phase]
        always = np.ones((*rates[0].shape[:2], 1), rates[0].dtype)
        for _ in self._traces:  # one round for each sample
            S = [self._fire(l, r) for l, r in enumerate(rates)]
            for l in range(len(self._dW)):
                self._dW[l] += self._paired(S[l + 1], S[l])
                self._db[l] += self._paired(S[l + 1], always)[:, 0]
        return super().finish()

    def _paired(self, post: Array, pre: Array) -> Array:
        """What the learner's function makes of these spikes. It is given 0 and 1 only: ON and OFF
        cells are neurons of their own, and OFF cells have synapses of the opposite sign."""
        dW = np.asarray(self.stdp(_on_off(post), _on_off(pre), self._decay))
        n, m = post.shape[2], pre.shape[2]
        dW = dW[:n] - dW[n:] if len(dW) > n else dW
        return dW[:, :m] - dW[:, m:] if dW.shape[1] > m else dW


def _on_off(S: Array) -> Array:
    """Signed spikes (T+1, B, n) as those of ON cells and, behind them, of OFF cells, if any."""
    if S.min() >= 0:
        return S
    return np.concatenate([np.maximum(S, 0), np.maximum(-S, 0)], axis=2)


# ---------------------------------------------------------------------- exercise 01.1


def _times(seed: int) -> tuple[Array, Array, float]:
    """Two trains of different length in which one spike of each falls together. Every other case is
    stretched, window and all, so that pairs more than 50 ms apart count."""
    rng = np.random.default_rng([11, seed])
    n, m = rng.integers(3, 6), rng.integers(6, 9)
    t_post, t_pre = np.sort(rng.uniform(0, 6, n)), np.sort(rng.uniform(0, 6, m))
    t_post[1] = t_pre[np.searchsorted(t_pre, t_post[1]) % m]
    stretch = 25.0 if seed % 2 else 1.0
    return np.sort(t_post) * stretch, t_pre * stretch, float(rng.uniform(0.6, 2.5)) * stretch


def _pairs(weight: Callable[[Array, float], Array]) -> Callable[..., float]:
    """An answer that sums ``weight(s, tau_s)`` over all pairs."""

    def answer(t_post: Array, t_pre: Array, tau_s: float) -> float:
        return float(weight(np.subtract.outer(t_post, t_pre), tau_s).sum())

    return answer


def _pair_loop(t_post: Array, t_pre: Array, tau_s: float) -> float:
    total = 0.0
    for post in t_post:
        for pre in t_pre:
            if post > pre:
                total += np.exp(-(post - pre) / tau_s)
            elif post < pre:
                total -= np.exp(-(pre - post) / tau_s)
    return total


def _nearest(t_post: Array, t_pre: Array, tau_s: float) -> float:
    """Each spike meets only the latest one of the other train."""
    total = 0.0
    for post in t_post:
        if (t_pre < post).any():
            total += np.exp((t_pre[t_pre < post].max() - post) / tau_s)
    for pre in t_pre:
        if (t_post < pre).any():
            total -= np.exp((t_post[t_post < pre].max() - pre) / tau_s)
    return total


def _closest(t_post: Array, t_pre: Array, tau_s: float) -> float:
    """Each post spike meets only the pre spike that is closest to it."""
    s = np.subtract.outer(t_post, t_pre)
    near = s[np.arange(len(s)), np.abs(s).argmin(axis=1)]
    return float((np.sign(near) * _bell(near, tau_s)).sum())


def _bell(s: Array, tau_s: float) -> Array:
    return np.exp(-np.abs(s) / tau_s)


PAIRS = Exercise(
    title="the window summed over all pairs",
    cases=_times,
    reference=pair_sum,
    right=(
        _pair_loop,
        _pairs(lambda s, tau_s: np.where(s > 0, 1, -1) * (s != 0) * _bell(s, tau_s)),
        lambda t_post, t_pre, tau_s: sum(
            np.exp((t_pre[t_pre < t] - t) / tau_s).sum()
            - np.exp((t - t_pre[t_pre > t]) / tau_s).sum()
            for t in t_post
        ),
    ),
    wrong=(
        (
            _pairs(lambda s, tau_s: -np.sign(s) * _bell(s, tau_s)),
            "the sign is the wrong way round: s is the time of post minus that of pre, and a pre "
            "spike that comes first strengthens.",
        ),
        (
            _pairs(_bell),
            "every pair strengthens here: sign(s) is missing, so that pairs with post first "
            "weaken.",
        ),
        (
            _pairs(lambda s, tau_s: (s > 0) * _bell(s, tau_s)),
            "only pairs with pre first are counted. The others count too: they weaken.",
        ),
        (
            _pairs(lambda s, tau_s: -1.0 * (s < 0) * _bell(s, tau_s)),
            "only pairs with post first are counted. The others count too: they strengthen.",
        ),
        (
            _pairs(lambda s, tau_s: np.sign(s) * np.exp(-s / tau_s)),
            "the window grows without bound on one side: the exponent needs the *size* of s.",
        ),
        (
            _pairs(lambda s, tau_s: np.sign(s) * np.exp(-np.abs(s) * tau_s)),
            "you multiply by tau_s in the exponent. A time divided by a time has no unit.",
        ),
        (
            _pairs(lambda s, tau_s: np.where(s >= 0, 1, -1) * _bell(s, tau_s)),
            "spikes at the same moment strengthen here. For s = 0 the sign, and so K, is 0.",
        ),
        (
            _pairs(lambda s, tau_s: np.where(s > 0, 1, -1) * _bell(s, tau_s)),
            "spikes at the same moment weaken here. For s = 0 the sign, and so K, is 0.",
        ),
        (
            lambda t_post, t_pre, tau_s: pair_sum(t_post, t_pre, tau_s) / len(t_post) / len(t_pre),
            "you take the mean over the pairs; the update is their sum.",
        ),
        (
            _pairs(lambda s, tau_s: np.sign(s) * _bell(s, tau_s) / tau_s),
            "there is a factor 1/tau_s too many: K starts at 1, whatever its time constant.",
        ),
        (
            _pairs(lambda s, tau_s: _bell(s, tau_s) / tau_s),
            "sign(s) is missing, so that every pair strengthens, and there is a factor 1/tau_s "
            "too many.",
        ),
        (
            _pairs(lambda s, tau_s: np.sign(s) * _bell(s, tau_s) * (np.abs(s) < 50)),
            "pairs 50 ms apart or more are dropped. The window has no edge: with a large tau_s "
            "such pairs weigh, too.",
        ),
        (
            _closest,
            "each post spike meets only the pre spike closest to it. Here it pairs with *every* "
            "pre spike.",
        ),
        (
            _nearest,
            "each spike meets only the nearest one before it. Here *all* pairs count, distant ones "
            "too.",
        ),
        (
            lambda t_post, t_pre, tau_s: sum(
                np.sign(a - b) * np.exp(-abs(a - b) / tau_s)
                for a, b in zip(t_post, t_pre, strict=False)
            ),
            "you pair the first with the first, the second with the second. Every spike of one "
            "train pairs with *every* spike of the other.",
        ),
        (
            _pairs(lambda s, tau_s: np.sign(s)),
            "every pair counts fully here: the exponential is missing.",
        ),
        (
            lambda t_post, t_pre, tau_s: (
                np.sign(np.subtract.outer(t_post, t_pre))
                * _bell(np.subtract.outer(t_post, t_pre), tau_s)
            ),
            "these are the values of single pairs. Sum over all pairs: one number is asked for.",
        ),
        (
            lambda t_post, t_pre, tau_s: (
                np.sign(np.subtract.outer(t_post, t_pre))
                * _bell(np.subtract.outer(t_post, t_pre), tau_s)
            ).sum(axis=1),
            "you sum over the pre spikes only, and return a number for each post spike. Sum over "
            "the post spikes, too.",
        ),
        (
            _pairs(lambda s, tau_s: np.sign(s) * _bell(s, 2 * tau_s)),
            "the window is twice as wide as it should be: the exponent is -|s| / tau_s.",
        ),
        (
            _pairs(lambda s, tau_s: np.sign(s) * _bell(s, 1000 * tau_s)),
            "a factor 1000 is in the exponent: times and tau_s both are in ms already.",
        ),
    ),
    hints=(
        "How many pairs are there of 3 post and 5 pre spikes? You need that many values of s.",
        "t_post[:, None] - t_pre[None, :] holds every s. A double loop does as well.",
        "np.sign(s) * np.exp(-np.abs(s) / tau_s), and then the sum of it all.",
    ),
)


# ---------------------------------------------------------------------- exercise 01.2


def stdp_online(S_post: Array, S_pre: Array, d: float) -> Array:
    """Pair-based STDP with two traces, for S_post (T+1, B, n), S_pre (T+1, B, m): (n, m), summed
    over the batch. Works for probabilities in place of spikes too: then it is the expectation."""
    return _with_traces()(S_post, S_pre, d)


def _with_traces(
    up: float = 1,
    down: float = 1,
    late: bool = False,
    forget: bool = True,
    stay: Callable[[float], float] = lambda d: d,
    early_pre: bool = False,
    early_post: bool = False,
    reset: bool = False,
    update_pre: bool = False,
    update_post: bool = False,
    only_now: bool = False,
    overwrite: bool = False,
) -> Callable[[Array, Array, float], Array]:
    """The answer, or with one detail changed, an answer that is wrong.

    late: traces decay before a spike is added, not after. early_pre, early_post: a trace holds
    the spike of its own step when it is read. reset: a spike sets the trace to 1. update_pre,
    update_post: a trace takes its whole step before it is read. only_now: a trace forgets all but
    the latest step. overwrite: only the last step's part of the update is kept.
    """

    def answer(S_post: Array, S_pre: Array, d: float) -> Array:
        keep = stay(d) if forget else 1.0
        X_post, X_pre = np.zeros_like(S_post[0]), np.zeros_like(S_pre[0])
        dW = np.zeros((S_post.shape[2], S_pre.shape[2]), S_post.dtype)
        for s_post, s_pre in zip(S_post, S_pre, strict=True):
            read_pre = X_pre + s_pre if early_pre else X_pre
            read_post = X_post + s_post if early_post else X_post
            if update_pre:
                read_pre = keep * (X_pre + s_pre)
            if update_post:
                read_post = keep * (X_post + s_post)
            made = up * (s_post.T @ read_pre) - down * (read_post.T @ s_pre)
            dW = made if overwrite else dW + made
            if late:
                X_post, X_pre = keep * X_post + s_post, keep * X_pre + s_pre
            elif only_now:
                X_post, X_pre = keep * s_post, keep * s_pre
            elif reset:
                X_post, X_pre = (keep * np.maximum(X, s) for X, s in
                                 ((X_post, s_post), (X_pre, s_pre)))  # fmt: skip
            else:
                X_post, X_pre = keep * (X_post + s_post), keep * (X_pre + s_pre)
        return dW

    return answer


def _spike_trains(seed: int) -> tuple[Array, Array, float]:
    rng = np.random.default_rng([12, seed])
    rows, batch = rng.integers(6, 11), rng.integers(2, 4)
    n, m = rng.integers(2, 4), rng.integers(4, 6)
    S_post = (rng.random((rows, batch, n)) < 0.4).astype(float)
    S_pre = (rng.random((rows, batch, m)) < 0.4).astype(float)
    return S_post, S_pre, float(rng.uniform(0.55, 0.9))


def _batch_pairs(S_post: Array, S_pre: Array, d: float) -> Array:
    dW = np.zeros((S_post.shape[2], S_pre.shape[2]))
    for b in range(S_post.shape[1]):
        for t in range(len(S_post)):
            for s in range(len(S_pre)):
                dW += np.sign(t - s) * d ** abs(t - s) * np.outer(S_post[t, b], S_pre[s, b])
    return dW


def _both_early(S_post: Array, S_pre: Array, d: float) -> Array:
    """Decay, add, then read both: spikes of one step meet in both terms and cancel."""
    X_post, X_pre = np.zeros_like(S_post[0]), np.zeros_like(S_pre[0])
    dW = np.zeros((S_post.shape[2], S_pre.shape[2]))
    for t in range(len(S_post)):
        X_post, X_pre = d * X_post + S_post[t], d * X_pre + S_pre[t]
        dW += S_post[t].T @ X_pre - X_post.T @ S_pre[t]
    return dW


ONLINE = Exercise(
    title="STDP of a whole layer, summed over steps and batch",
    cases=_spike_trains,
    reference=stdp_online,
    right=(
        _batch_pairs,
        _both_early,
        lambda S_post, S_pre, d: np.einsum("tbi,ts,sbj->ij", S_post, kernel(len(S_post), d), S_pre),
    ),
    wrong=(
        (
            _with_traces(late=True),
            "pairs count one step too near: a spike that is added to its trace now is read at the "
            "next step, and must have decayed by d by then.",
        ),
        (
            _with_traces(down=0),
            "only the strengthening half is there: a pre spike that finds the trace of earlier "
            "post spikes weakens.",
        ),
        (
            _with_traces(up=0),
            "only the weakening half is there: a post spike that finds the trace of earlier pre "
            "spikes strengthens.",
        ),
        (
            _with_traces(down=-1),
            "both halves strengthen here: the one with the trace of *post* has a minus.",
        ),
        (
            _with_traces(up=-1, down=-1),
            "the sign is the wrong way round: a post spike that finds the trace of pre "
            "strengthens.",
        ),
        (
            lambda S_post, S_pre, d: stdp_online(S_post, S_pre, d).T,
            "this is the transpose: rows belong to the postsynaptic neuron, columns to the "
            "presynaptic one.",
        ),
        (
            _with_traces(forget=False),
            "the traces never decay: a spike long ago counts as much as the last one.",
        ),
        (
            _with_traces(stay=lambda d: 1 - d),
            "the traces keep 1 - d of themselves in a step. They keep d.",
        ),
        (
            lambda S_post, S_pre, d: stdp_online(S_post, S_pre, d) * (1 - d) / d,
            "your trace is d * X + (1 - d) * S, a running average. Here a spike lifts it by 1, not "
            "1 - d, and then all of it decays: d * (X + S).",
        ),
        (
            lambda S_post, S_pre, d: stdp_online(S_post, S_pre, d) * (1 - d),
            "a trace grows by 1 with each spike, not by 1 - d: it is a sum of spikes, no average.",
        ),
        (
            _with_traces(early_pre=True),
            "spikes of the same step strengthen here: the trace of pre is read after the spike of "
            "this very step was added to it.",
        ),
        (
            _with_traces(early_post=True),
            "spikes of the same step weaken here: the trace of post is read after the spike of "
            "this very step was added to it.",
        ),
        (
            _with_traces(reset=True),
            "a spike sets the trace to 1 here, so only the last spike counts. It adds 1: all "
            "earlier ones count.",
        ),
        (
            lambda S_post, S_pre, d: stdp_online(S_post, S_pre, d) / S_post.shape[1],
            "you take the mean over the batch; here the sum is asked for.",
        ),
        (
            lambda S_post, S_pre, d: stdp_online(S_post, S_pre, d) / len(S_post),
            "you take the mean over the steps; the update is their sum.",
        ),
        (
            lambda S_post, S_pre, d: stdp_online(
                S_post.sum(axis=1, keepdims=True), S_pre.sum(axis=1, keepdims=True), d
            ),
            "spikes of different inputs of the batch meet here. Each input of the batch is a "
            "simulation of its own: keep the axis B in the traces.",
        ),
        (
            _with_traces(update_pre=True, update_post=True),
            "both traces take their step, X = d * (X + S), *before* they are read, so that every "
            "pair has one factor d too many. Read first, then update.",
        ),
        (
            _with_traces(update_pre=True),
            "the trace of pre takes its step before it is read; that of post is in time. Read "
            "both first, then update both.",
        ),
        (
            _with_traces(update_post=True),
            "the trace of post takes its step before it is read; that of pre is in time. Read "
            "both first, then update both.",
        ),
        (
            _with_traces(only_now=True),
            "only neighbouring steps make pairs: the new trace forgets the old one. It is "
            "d * (X + S[t]), with the X of the step before.",
        ),
        (
            _with_traces(overwrite=True),
            "only the last step is left: add each step's part to the update, do not replace it.",
        ),
        (
            lambda S_post, S_pre, d: stdp_online(S_post[1:], S_pre[1:], d),
            "the first step is left out: spikes at t = 0 make pairs with all that follow.",
        ),
        (
            lambda S_post, S_pre, d: stdp_online(S_post[:-1], S_pre[:-1], d),
            "the last step is left out: spikes at t = T still read the traces.",
        ),
    ),
    hints=(
        "Two traces, of shapes (B, n) and (B, m), both 0 at first. At each step: read, then add.",
        "At step t: S_post[t] meets the trace of pre and strengthens, S_pre[t] meets the trace of "
        "post and weakens. Then X = d * (X + S[t]) for both traces.",
        "S_post[t].T @ X_pre is (n, m) and sums over the batch; so is X_post.T @ S_pre[t].",
    ),
)


# ---------------------------------------------------------------------- exercise 01.3


def expected_stdp(post: Array, pre: Array, d: float) -> Array:
    """E[dW] (n, m) for independent spikes with probabilities post (T+1, n) and pre (T+1, m)."""
    return post.T @ kernel(len(post), d) @ pre


def _probabilities(seed: int) -> tuple[Array, Array, float]:
    rng = np.random.default_rng([13, seed])
    rows, n, m = rng.integers(5, 10), rng.integers(2, 5), rng.integers(5, 7)
    return rng.uniform(0, 1, (rows, n)), rng.uniform(0, 1, (rows, m)), float(rng.uniform(0.5, 0.9))


def _by_lags(post: Array, pre: Array, d: float) -> Array:
    total = np.zeros((post.shape[1], pre.shape[1]))
    for k in range(1, len(post)):
        total += d**k * (post[k:].T @ pre[:-k] - post[:-k].T @ pre[k:])
    return total


def _with_kernel(change: Callable[[Array, Array, float], Array]) -> Callable[..., Array]:
    """An answer with another window: ``change(K, lag, d)``."""

    def answer(post: Array, pre: Array, d: float) -> Array:
        rows = np.arange(len(post))
        K = change(kernel(len(post), d), np.subtract.outer(rows, rows), d)
        return post.T @ K @ pre

    return answer


def _frozen(pick: Callable[[Array], Array]) -> Callable[..., Array]:
    """An answer that takes pre for constant."""

    def answer(post: Array, pre: Array, d: float) -> Array:
        still = np.broadcast_to(pick(pre), pre.shape)
        return expected_stdp(post, still, d)

    return answer


STILL = "you take pre for constant. Here it moves too: each pair has the pre rate of its own step."
EXPECTED = Exercise(
    title="the expectation of STDP, given the rates",
    cases=_probabilities,
    reference=expected_stdp,
    right=(
        _by_lags,
        lambda post, pre, d: stdp_online(post[:, None], pre[:, None], d),
        lambda post, pre, d: _batch_pairs(post[:, None], pre[:, None], d),
        lambda post, pre, d: np.einsum("ti,ts,sj->ij", post, kernel(len(post), d), pre),
    ),
    wrong=(
        (
            _with_kernel(lambda K, lag, d: -K),
            "the sign is the wrong way round: pairs with pre first strengthen.",
        ),
        (
            lambda post, pre, d: expected_stdp(post, pre, d).T,
            "this is the transpose: rows belong to the postsynaptic neuron, columns to the "
            "presynaptic one.",
        ),
        (
            _with_kernel(lambda K, lag, d: np.abs(K)),
            "every pair strengthens here: the sign of t - t' is missing.",
        ),
        (
            _with_kernel(lambda K, lag, d: K + np.eye(len(K))),
            "spikes of the same step count as strengthening here: K(0) is 0, leave out t = t'.",
        ),
        (
            _with_kernel(lambda K, lag, d: K - np.eye(len(K))),
            "spikes of the same step count as weakening here: K(0) is 0, leave out t = t'.",
        ),
        (
            _with_kernel(lambda K, lag, d: np.tril(K)),
            "only pairs with pre first are counted: the others weaken.",
        ),
        (
            _with_kernel(lambda K, lag, d: K / d),
            "pairs count one step too near: neighbours in time are one step apart and have d^1.",
        ),
        (
            _with_kernel(lambda K, lag, d: np.sign(lag).astype(float)),
            "every pair counts fully here: the decay d^|t - t'| is missing.",
        ),
        (
            lambda post, pre, d: np.diff(post, axis=0).T @ pre[:-1],
            "this is the differential Hebbian update, where the story is going. Asked for is the "
            "sum over all pairs of steps.",
        ),
        (
            lambda post, pre, d: d / (1 - d) ** 2 * np.diff(post, axis=0).T @ pre[:-1],
            "this is the limit that we derive next. Asked for is the exact sum over all pairs.",
        ),
        (_frozen(lambda pre: pre[0]), STILL),
        (_frozen(lambda pre: pre.mean(axis=0)), STILL),
        (
            lambda post, pre, d: expected_stdp(post, pre, d) / len(post),
            "you take a mean over the steps; the expectation is a sum over pairs.",
        ),
        (
            lambda post, pre, d: expected_stdp(post, pre, d) / len(post) ** 2,
            "you take the mean over the pairs of steps; the expectation is their sum.",
        ),
        (
            lambda post, pre, d: np.outer(post[-1] - post[0], pre[0]),
            "these are the two ends alone. Asked for is the sum over all pairs of steps.",
        ),
        (
            _with_kernel(lambda K, lag, d: d ** np.abs(lag)),
            "every pair strengthens here, and so do spikes of the same step: the factor "
            "sign(t - t') is missing.",
        ),
        (
            _with_kernel(lambda K, lag, d: np.sign(lag) * d ** lag.astype(float)),
            "the window grows without bound on one side: the exponent needs the *size* of t - t'.",
        ),
        (
            _with_kernel(lambda K, lag, d: np.sign(lag) * np.exp(-np.abs(lag) / d)),
            "d is no time constant: it is the decay per step already, so a pair has d^|t - t'|.",
        ),
        (
            lambda post, pre, d: np.outer(post.mean(axis=0), pre.mean(axis=0)),
            "this is the product of the mean rates: the order of time is lost. Each pair of steps "
            "has the rates of its own two moments.",
        ),
        (
            lambda post, pre, d: (
                d
                / (1 - d) ** 2
                * (visibility(len(post) - 1, d)[:, None] * np.diff(post, axis=0)).T
                @ pre[:-1]
            ),
            "this is equation (3), still to come, with a pre that moves: it holds for constant pre "
            "only. Asked for is the sum over all pairs of steps.",
        ),
        (
            lambda post, pre, d: post.T @ pre,
            "this is plain Hebb: it pairs each step with itself, and these pairs have K(0) = 0. "
            "Pair each step with every *other* one.",
        ),
    ),
    hints=(
        "The expectation of a product of *independent* spikes is the product of what?",
        "Replace each spike by its probability, in the double sum over t and t'. Do you already "
        "have a function that does this double sum?",
        "Your function of exercise 01.2 never asks whether its numbers are 0 or 1. Give it a batch "
        "of one: post[:, None].",
    ),
)

EXERCISES = {"01.1": PAIRS, "01.2": ONLINE, "01.3": EXPECTED}

"""Pictures of lesson 01: trains of spikes, pairs, the average of STDP, and its noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...teaching.chart import Panel, Series, chart
from ...teaching.words import count
from .equations import swing, visibility
from .runs import averages

Array = np.ndarray


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
    names = [count(k, "trial") for k in counted]
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
    window_ms, every, lag_ms = (count(t, "millisecond") for t in (tau_s, period, delay))
    label = (
        f"Left: the window with a time constant of {window_ms} and on it the pairs of one pre "
        "spike with every post spike. Right: two endless regular trains with a spike each "
        f"{every}, post {lag_ms} after pre. For each pre spike, "
        f"pairs with pre first add {up:.2f}, pairs with post first add {down:.2f}; the sum is "
        f"{total:.2f}."
    )
    return summary + chart([window, trains], label)


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
    middle, window = (count(float(f"{t:.3g}"), "millisecond") for t in (when, tau_s))
    label = (
        f"Left: the rate of post goes from {post[0]:.2f} to {post[-1]:.2f} around {middle}; the "
        f"visibility of a change is at most {g.max():.2f} with a window of {window} in a phase "
        f"of {T}. Right: bars: differential Hebb {dh:.4f}, "
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


def draw_scatter(power: int, baseline: str) -> str:
    """STDP averaged over 2^power draws against DH, a point for each synapse."""
    dh, means, ratio = averages(baseline)
    stdp = means[power]
    draws = count(2**power, "draw")
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
        f"<p>{draws}: cosine with DH <b>{cosine:.3f}</b>, the "
        f"sign is right in {right} of {len(dh)} synapses.</p>"
    )
    label = (
        f"Left: scatter of averaged STDP against DH for {len(dh)} synapses, {draws}, "
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

"""Two endless trains of spikes, the pairs of one spike as arcs, and the window they drop onto."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.chart import SHAPES, Scale, decimals, number
from ....teaching.motion import film
from ....teaching.schematic import Drawing
from ....teaching.words import count

Array = np.ndarray

PERIOD, REACH = 25.0, 80.0  # ms between two spikes of a train, and to the edges of the picture
POST, PRE = 30.0, 100.0  # heights of the two trains, and below of the window's 1, 0 and -1
TOP, ZERO, BOTTOM = 152.0, 232.0, 312.0
UP, DOWN = SHAPES[2], SHAPES[5]  # what strengthens, what weakens

_time = Scale(-REACH, REACH, 66, 426, False)
_window = Scale(-1, 1, BOTTOM, TOP, False)
_delay = Scale(0, PERIOD, 526, 668, False)


def window(s: Array, tau_s_ms: float) -> Array:
    """K(s) for distances s in ms."""
    return np.sign(s) * np.exp(-np.abs(s) / tau_s_ms)


def endless(delay_ms: float, tau_s_ms: float) -> tuple[float, float]:
    """What one pre spike adds and takes with all post spikes of an endless regular train."""
    pairs = int(np.ceil(20 * tau_s_ms / PERIOD)) + 1  # on either side; those beyond weigh e^-20
    K = window(delay_ms + PERIOD * np.arange(-pairs, pairs + 1), tau_s_ms)
    return float(K[K > 0].sum()), float(K[K < 0].sum())


def draw_pairs(delay_ms: float, tau_s_ms: float, guess: float | None = None) -> str:
    """The sentence and the picture. Post follows pre by ``delay_ms``, from 0 to one period.
    guess: the delay (ms) at which the learner expects the sum to be zero."""
    up, down = endless(delay_ms, tau_s_ms)
    words = [decimals(value, 2) for value in (up, down, up + down)]
    guessed = ""
    if guess is not None:
        there = decimals(sum(endless(float(guess), tau_s_ms)), 2)
        guessed = f" At {guess:g} ms, which you said, it is {there}."
    summary = (
        f"<p style='min-height:3em'>Post fires {delay_ms:g} ms after pre. Pairs that strengthen "
        f"add {words[0]} for each pre spike, pairs that weaken add {words[1]}, and the sum is "
        f"<b>{words[2]}</b>.{guessed}</p>"
    )
    return summary + picture(delay_ms, tau_s_ms, guess)


def picture(
    delay_ms: float,
    tau_s_ms: float,
    guess: float | None = None,
    drop: float = 1.0,
    curve: bool = True,
) -> str:
    """The picture alone. drop: how far the pairs have come from the trains (0) to the window (1).
    curve: whether the sum is drawn for every delay. Pictures of all delays have the same parts."""
    up, down = endless(delay_ms, tau_s_ms)
    label = (
        f"Two endless regular trains with a spike each {PERIOD:g} milliseconds; post fires "
        f"{count(delay_ms, 'millisecond')} after pre. Arcs join one pre spike to every post "
        f"spike. Each pair drops onto the window below, whose time constant is "
        f"{count(tau_s_ms, 'millisecond')}. Pairs with pre first add {up:.2f}, pairs with post "
        f"first {down:.2f}, and the sum is {up + down:.2f}. On the right "
    ) + (
        "the sum is drawn against the delay: it is positive below half the period and negative "
        "above."
        if curve
        else "a point stands at the height of the sum."
    )
    d = Drawing(680, 362, label)
    _window_axes(d, tau_s_ms)
    _trains(d, delay_ms)
    _pairs(d, delay_ms, tau_s_ms, drop)
    _sum_axes(d, delay_ms, tau_s_ms, guess, curve)
    return d.svg()


def hero() -> str:
    """The pairs drop onto the window; then post slides from 19 to 6 ms behind pre. The curve of the
    sum is not there: where it passes zero is asked in the lesson."""
    moments = np.linspace(0, 1, 25)
    drops = np.clip(moments / 0.35, 0, 1)
    delays = 19 - 13 * (1 - np.cos(np.pi * np.clip((moments - 0.45) / 0.55, 0, 1))) / 2
    frames = [
        picture(float(s), 10.0, drop=float(p), curve=False)
        for s, p in zip(delays, drops, strict=True)
    ]
    return film(frames, 5.0)


def _trains(d: Drawing, delay_ms: float) -> None:
    for name, y in (("post", POST), ("pre", PRE)):
        left, right = float(_time(-REACH)), float(_time(REACH))
        d.path(f"M{left:.1f},{y + 9} H{right:.1f}", width=1, opacity=0.4)
        d.say(left - 10, y + 4, name, "end", bold=True, fixed=True)
    for k in range(-3, 4):
        x = float(_time(PERIOD * k))
        d.path(f"M{x:.1f},{PRE - 9} v18", "basal", 5.0 if k == 0 else 2.5)
    for t in _post(delay_ms):
        stroke = d.path("M0,-9 v18", "rate", 2.5)
        _place(stroke, t, POST)


def _pairs(d: Drawing, delay_ms: float, tau_s_ms: float, drop: float) -> None:
    x0 = float(_time(0.0))
    for t in _post(delay_ms):
        x, y = float(_time(t)), float(_window(window(np.array(t), tau_s_ms)))
        bend = f"M{x0:.1f},{PRE - 11} Q{(x0 + x) / 2:.1f},{POST + 2} {x:.1f},{POST + 11}"
        arc = d.path(bend, "stdp", 1.5)
        fall = d.path(f"M{x:.1f},{POST + 11} V{POST + (y - POST) * drop:.1f}", "stdp", 1, opacity=0)
        arc.set("opacity", "0.9" if abs(t) <= REACH else "0")
        fall.set("opacity", "0.55" if abs(t) <= REACH else "0")
        fall.set("stroke-dasharray", "2 4")
        for outline, strengthens in ((UP, True), (DOWN, False)):
            point = d.path(outline, "stdp", 1.8, "stdp", 1.0 if strengthens else 0.0)
            _place(point, t, POST + 12 + (y - POST - 12) * drop)
            if (t > 0) != strengthens or t == 0:
                point.set("opacity", "0")


def _post(delay_ms: float) -> Array:
    return delay_ms + PERIOD * np.arange(-4, 4)


def _place(element: ET.Element, t: float, y: float) -> None:
    """Put an element at a time, at a height; out of sight beyond the edges."""
    element.set("transform", f"translate({float(_time(t)):.1f}px,{y:.1f}px)".replace("px", ""))
    if abs(t) > REACH:
        element.set("opacity", "0")
    else:
        element.set("opacity", "1")


def _window_axes(d: Drawing, tau_s_ms: float) -> None:
    left, right = float(_time(-REACH)), float(_time(REACH))
    d.path(f"M{left},{TOP} H{right} V{BOTTOM} H{left} Z", width=1, opacity=0.4)
    d.path(f"M{left},{ZERO} H{right}", width=1, opacity=0.4)
    for s in (-75, -50, -25, 0, 25, 50, 75):
        d.say(float(_time(s)), BOTTOM + 16, number(s), "middle", fixed=True)
    for K in (-1, 0, 1):
        d.say(left - 8, float(_window(K)) + 4, number(K), "end", fixed=True)
    d.say((left + right) / 2, BOTTOM + 36, "s = t(post) − t(pre), in ms", "middle", fixed=True)
    d.say(left + 8, TOP - 10, "the window K(s)", bold=True, fixed=True)
    d.say(right - 8, TOP + 20, "pre first: strengthens", "end", fixed=True)
    d.say(left + 8, BOTTOM - 12, "post first: weakens", fixed=True)
    half = np.geomspace(0.01, REACH, 60)
    for sign in (-1, 1):
        x, y = _time(sign * half), _window(sign * np.exp(-half / tau_s_ms))
        points = " L".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
        d.path("M" + points, "stdp", 2.2)


def _sum_axes(
    d: Drawing, delay_ms: float, tau_s_ms: float, guess: float | None, curve: bool
) -> None:
    left, right = float(_delay(0)), float(_delay(PERIOD))
    d.path(f"M{left},{TOP} H{right} V{BOTTOM} H{left} Z", width=1, opacity=0.4)
    d.path(f"M{left},{ZERO} H{right}", width=1, opacity=0.4)
    d.say((left + right) / 2, TOP - 10, "the sum of all pairs", "middle", bold=True, fixed=True)
    for s in (0, 5, 10, 15, 20, 25) if curve else ():
        d.say(float(_delay(s)), BOTTOM + 16, number(s), "middle", fixed=True)
    for K in (-1, 0, 1):
        d.say(left - 8, float(_window(K)) + 4, number(K), "end", fixed=True)
    d.say((left + right) / 2, BOTTOM + 36, "delay of post (ms)", "middle", fixed=True)
    if curve:
        delays = np.linspace(0.02, PERIOD - 0.02, 60)
        x, y = _delay(delays), _window(np.array([sum(endless(float(s), tau_s_ms)) for s in delays]))
        points = " L".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
        d.path("M" + points, "stdp", 2.2)
    here = d.circle(0, 0, 6, None, "stdp")
    at = (float(_delay(delay_ms)), float(_window(sum(endless(delay_ms, tau_s_ms)))))
    here.set("transform", f"translate({at[0]:.1f},{at[1]:.1f})")
    if guess is not None:
        x_guess = float(_delay(guess))
        line = d.path(f"M{x_guess:.1f},{TOP} V{BOTTOM}", width=1.4)
        line.set("stroke-dasharray", "5 4")
        end = x_guess > (left + right) / 2
        at_x = x_guess + (-6 if end else 6)
        d.say(at_x, BOTTOM - 8, f"you said {guess:g}", "end" if end else "start", fixed=True)

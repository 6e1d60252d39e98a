"""Exercise 03.1: one Euler step of the neuron."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....teaching.exercises import exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Any, ...]:
    rng = np.random.default_rng([31, seed])
    batch = 1 if seed % 4 == 2 else rng.integers(2, 5)
    n = 1 if seed % 4 == 3 else rng.integers(3, 7)
    v, b, a = rng.normal(0, 1, (3, batch, n))
    return v, b, a, float(rng.uniform(0.0003, 0.0014)), float(rng.uniform(0.003, 0.012))


@exercise(
    "03.1",
    "one Euler step of the neuron",
    cases=cases,
    hints=(
        "Divide the equation by tau: how fast does the voltage change now?",
        "A straight line with slope dv/dt, followed for the time dt: where does it arrive?",
        "New voltage = v + (dt / tau) times the right-hand side, leak and both drives.",
    ),
)
def step(v: Array, b: Array, a: Array, dt: float, tau: float) -> Array:
    """One Euler step: the voltages v (B, n) after ``dt`` seconds, with drives b and a (B, n)."""
    return v + dt / tau * (-v + b + a)


@step.right
def loop(v: Array, b: Array, a: Array, dt: float, tau: float) -> Array:
    new = np.zeros(v.shape)
    for i in range(v.shape[0]):
        for j in range(v.shape[1]):
            slope = (b[i, j] + a[i, j] - v[i, j]) / tau
            new[i, j] = v[i, j] + dt * slope
    return new


step.right(lambda v, b, a, dt, tau: (1 - dt / tau) * v + (dt / tau) * (b + a))

step.right(lambda v, b, a, dt, tau: np.add(v, (b + a - v) * dt / tau))

step.wrong(
    "the sign is the wrong way round: this step leads away from b + a. The new voltage "
    "is the old one *plus* dt times dv/dt."
)(lambda v, b, a, dt, tau: v - dt / tau * (-v + b + a))

step.wrong("the leak is missing: what pulls the voltage back when both drives are silent?")(
    lambda v, b, a, dt, tau: v + dt / tau * (b + a)
)

step.wrong("the leak has the wrong sign: -v pulls the voltage back, +v makes it run away.")(
    lambda v, b, a, dt, tau: v + dt / tau * (v + b + a)
)

step.wrong(
    "brackets are missing: dt / tau multiplies the whole right-hand side, the drives "
    "as well as the leak."
)(lambda v, b, a, dt, tau: v - dt * v / tau + b + a)

step.wrong(
    "this jumps to the state of rest at once; one step covers only the part dt / tau of the way."
)(lambda v, b, a, dt, tau: b + a)

step.wrong("you multiply by tau / dt; divide the equation by tau first, then go on for dt.")(
    lambda v, b, a, dt, tau: v + tau / dt * (-v + b + a)
)

step.wrong("tau is missing: tau dv/dt stands on the left, so divide by tau.")(
    lambda v, b, a, dt, tau: v + dt * (-v + b + a)
)

step.wrong("dt is missing: how far does the voltage get in the time dt?")(
    lambda v, b, a, dt, tau: v + (-v + b + a) / tau
)

step.wrong("you multiply by tau; it stands on the left of the equation, so divide by it.")(
    lambda v, b, a, dt, tau: v + dt * tau * (-v + b + a)
)

step.wrong("the apical drive is missing: both voices reach the soma.")(
    lambda v, b, a, dt, tau: v + dt / tau * (-v + b)
)

step.wrong("the basal drive is missing: both voices reach the soma.")(
    lambda v, b, a, dt, tau: v + dt / tau * (-v + a)
)

step.wrong("the apical drive has the wrong sign: both voices add to the soma.")(
    lambda v, b, a, dt, tau: v + dt / tau * (-v + b - a)
)

step.wrong(
    "the voltage stays where it was. Does the step divide with //? That rounds down to "
    "a whole number; dt / tau is a fraction."
)(lambda v, b, a, dt, tau: 1.0 * v)

step.wrong("this is the change alone; add it to the old voltage.")(
    lambda v, b, a, dt, tau: dt / tau * (-v + b + a)
)

step.wrong("this is dv/dt. The new voltage is the old one plus dt times that.")(
    lambda v, b, a, dt, tau: (-v + b + a) / tau
)

step.wrong(
    "that is the exact solution for drives that stay constant, and a fine idea. Asked "
    "for is the Euler step: a straight line along dv/dt."
)(lambda v, b, a, dt, tau: b + a + (v - b - a) * np.exp(-dt / tau))

step.wrong(
    "that is the backward Euler step, with dv/dt taken at the end. Asked for is the "
    "forward one: dv/dt at the voltage before the step."
)(lambda v, b, a, dt, tau: (v + dt / tau * (b + a)) / (1 + dt / tau))

step.wrong("you divide by the slope; the slope times dt is how far the voltage goes.")(
    lambda v, b, a, dt, tau: v + dt / tau / (-v + b + a)
)

step.wrong("the voltage is weighted by dt / tau too; the old voltage counts in full.")(
    lambda v, b, a, dt, tau: dt / tau * v + dt / tau * (b + a)
)

"""Exercise 03.2: a whole teaching phase."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....teaching.exercises import exercise
from ..equations import Array, Phi, sigmoid
from .euler_step import step


def steep(seed: int, rng: np.random.Generator) -> Phi:
    """A sigmoid or a tanh of another steepness each time: no answer can know it beforehand."""
    phi, gain = (sigmoid, np.tanh)[seed % 2], float(rng.uniform(1.3, 2.0))
    return lambda v: phi(np.multiply(gain, v))


def cases(seed: int) -> tuple[Any, ...]:
    rng = np.random.default_rng([32, seed])
    batch = 1 if seed % 4 == 2 else rng.integers(2, 5)
    shape = batch, 1 if seed % 4 == 3 else rng.integers(2, 6)
    phi = steep(seed, rng)
    b, target = rng.normal(0, 1, shape), rng.uniform(0, 1, shape)
    tau = float(rng.uniform(0.005, 0.012))
    k_p, dt = float(rng.uniform(0.5, 2)), float(rng.uniform(0.1, 0.3)) * tau
    return b, target, k_p, phi, dt, tau, int(rng.integers(4, 9))


@exercise(
    "03.2",
    "a whole teaching phase",
    cases=cases,
    hints=(
        "Keep two things: the voltage now, and a list of the rates so far. Which voltage makes "
        "v = b + a true while a = 0?",
        "In each step, in this order: apical drive from the last rate in the list, new voltage "
        "with step(v, b, a, dt, tau), new rate into the list.",
        "The list begins with phi(b); the drive is k_p * (target - rates[-1]); at the end, "
        "np.array(rates) has shape (steps + 1, B, n).",
    ),
)
def phase(
    b: Array, target: Array, k_p: float, phi: Phi, dt: float, tau: float, steps: int
) -> Array:
    """Rates (steps + 1, B, n) of neurons with basal drive b (B, n), from their free state v = b,
    while a teacher drives their apical dendrites with a = k_p (target - r)."""
    v = b
    r = [phi(v)]
    for _ in range(steps):
        v = step(v, b, k_p * (target - r[-1]), dt, tau)
        r.append(phi(v))
    return np.array(r)


def _phase_with(
    drive: Any = lambda target, r, v, k_p, first: k_p * (target - r),
    start: Any = lambda b: b,
    read: Any = lambda r, v: r,
    leak: float = 1.0,
    basal: Any = lambda b, v, r: b,
    first_rate: bool = False,
) -> Any:
    """A phase with one thing done differently: a known mistake."""

    def wrong(
        b: Array, target: Array, k_p: float, phi: Phi, dt: float, tau: float, steps: int
    ) -> Array:
        v = start(b)
        r = [phi(v)]
        rows = [r[0] if first_rate else read(r[0], v)]
        for _ in range(steps):
            v = v + dt / tau * (-leak * v + basal(b, v, r[-1]) + drive(target, r[-1], v, k_p, r[0]))
            r.append(phi(v))
            rows.append(read(r[-1], v))
        return np.array(rows)

    return wrong


@phase.right
def array(
    b: Array, target: Array, k_p: float, phi: Phi, dt: float, tau: float, steps: int
) -> Array:
    rates = np.zeros((steps + 1, *b.shape))
    rates[0] = phi(b)
    v = b.copy()
    for t in range(steps):
        a = k_p * (target - rates[t])
        v += (b + a - v) * (dt / tau)
        rates[t + 1] = phi(v)
    return rates


@phase.right
def recursive(
    b: Array, target: Array, k_p: float, phi: Phi, dt: float, tau: float, steps: int
) -> Array:
    h = dt / tau
    v = [b]
    while len(v) <= steps:
        v.append((1 - h) * v[-1] + h * b + h * k_p * (target - phi(v[-1])))
    return np.stack([phi(voltage) for voltage in v])


phase.wrong(
    "your teacher speaks once and never listens again: take the apical drive from the "
    "rate *now*, anew in each step."
)(_phase_with(lambda target, r, v, k_p, first: k_p * (target - first)))

phase.wrong("the free state is missing: row 0 is the rate before the first step.")(
    lambda *given: phase(*given)[1:]
)

phase.wrong("the last row is missing: so many steps are one more rows, free state included.")(
    lambda *given: phase(*given)[:-1]
)

phase.wrong("this is the taught state alone; return the rates of all steps, free state first.")(
    lambda *given: phase(*given)[-1]
)

phase.wrong("you start at voltage 0; the neuron starts in its free state, where v = b.")(
    _phase_with(start=lambda b: 0 * b)
)

phase.wrong("these are the voltages; return the rates phi(v).")(_phase_with(read=lambda r, v: v))

phase.wrong("the teacher pushes the wrong way: the apical drive is k_p times target minus rate.")(
    _phase_with(lambda target, r, v, k_p, first: k_p * (r - target))
)

phase.wrong(
    "your teacher compares the target with the voltage; the target is a rate, so "
    "compare it with the rate."
)(_phase_with(lambda target, r, v, k_p, first: k_p * (target - v)))

phase.wrong("k_p is missing: it says how strongly the teacher speaks.")(
    _phase_with(lambda target, r, v, k_p, first: target - r)
)

phase.wrong(
    "your teacher says the target, whatever the neuron does; the apical drive is k_p "
    "times target *minus rate*."
)(_phase_with(lambda target, r, v, k_p, first: k_p * target))

phase.wrong("nobody teaches: the apical drive has no effect on these rates.")(
    _phase_with(lambda target, r, v, k_p, first: 0 * r)
)

phase.wrong("the leak is missing in your steps: use the step of exercise 03.1.")(
    _phase_with(leak=0.0)
)

phase.wrong(
    "the second argument of your step should be the basal drive b, which stays what it "
    "is; you give the voltage, and the leak cancels."
)(_phase_with(basal=lambda b, v, r: v))

phase.wrong("the second argument of your step should be the basal drive b; you give the rate.")(
    _phase_with(basal=lambda b, v, r: r)
)

phase.wrong("one step too many: row 0 is the free state, and the loop runs `steps` times.")(
    lambda *given: phase(*given[:-1], given[-1] + 1)
)

phase.wrong("the axes are in the wrong order: time comes first, then the batch.")(
    lambda *given: np.swapaxes(phase(*given), 0, 1)
)

phase.wrong(
    "the activation is an argument: call the phi you are given. You have fixed it as a sigmoid."
)(lambda b, target, k_p, phi, *rest: phase(b, target, k_p, sigmoid, *rest))

phase.wrong(
    "the activation is an argument: call the phi you are given. You have fixed it as tanh."
)(lambda b, target, k_p, phi, *rest: phase(b, target, k_p, np.tanh, *rest))


@phase.wrong(
    "your apical drive comes one step late: take it from the rate just before each "
    "step, also in the first one."
)
def late(b: Array, target: Array, k_p: float, phi: Phi, dt: float, tau: float, steps: int) -> Array:
    v, a, r = b, 0 * b, [phi(b)]
    for _ in range(steps):
        v = step(v, b, a, dt, tau)
        r.append(phi(v))
        a = k_p * (target - r[-2])
    return np.array(r)


phase.wrong("row 0 is still a voltage: the free state is a rate as well, phi(b).")(
    lambda b, *rest: np.concatenate([b[None], phase(b, *rest)[1:]])
)


@phase.wrong(
    "your list begins with b, a voltage, and the first advice is taken from it. The free state is "
    "a rate as well: row 0 is phi(b)."
)
def begins_with_a_voltage(
    b: Array, target: Array, k_p: float, phi: Phi, dt: float, tau: float, steps: int
) -> Array:
    v, r = b, [b]
    for _ in range(steps):
        v = step(v, b, k_p * (target - r[-1]), dt, tau)
        r.append(phi(v))
    return np.array(r)


phase.wrong("the first row is right and the others are voltages: return phi(v) of every step.")(
    _phase_with(read=lambda r, v: v, first_rate=True)
)

phase.wrong("your teacher adds the rate to the target; the advice is the difference of the two.")(
    _phase_with(lambda target, r, v, k_p, first: k_p * (target + r))
)

phase.wrong("your teacher divides by the difference; advice is k_p *times* target minus rate.")(
    _phase_with(lambda target, r, v, k_p, first: k_p / (target - r))
)


@phase.wrong("the arguments of your step are swapped: first the voltage v, then the basal drive b.")
def swapped(
    b: Array, target: Array, k_p: float, phi: Phi, dt: float, tau: float, steps: int
) -> Array:
    v, r = b, [phi(b)]
    for _ in range(steps):
        v = step(b, v, k_p * (target - r[-1]), dt, tau)
        r.append(phi(v))
    return np.array(r)

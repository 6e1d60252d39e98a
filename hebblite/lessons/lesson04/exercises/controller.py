"""Exercise 04.1: one step of the controller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Any, ...]:
    """One input in one case of four, one output in another; every setting is drawn."""
    rng = np.random.default_rng([41, seed])
    B, n = int(rng.integers(2, 5)), int(rng.integers(2, 7))
    B, n = 1 if seed % 4 == 1 else B, 1 if seed % 4 == 2 else n
    e, u, u_int = rng.normal(size=(3, B, n))
    k_p, k_i, leak = rng.uniform(1.5, 3), rng.uniform(4, 6), rng.uniform(0.3, 0.9)
    dt, tau_u = rng.uniform(0.02, 0.08), rng.uniform(0.3, 0.7)
    return e, u, u_int, float(k_p), float(k_i), float(leak), float(dt), float(tau_u)


@exercise(
    "04.1",
    "one step of the controller",
    cases=cases,
    parts=("u", "u_int"),
    hints=(
        "Two lines, top to bottom as in the equations: first the memory, then the control.",
        "An Euler step of tau_u du_int/dt = (something) is u_int + dt / tau_u * (something). "
        "The something contains the u that came in.",
        "new_int = u_int + dt / tau_u * (k_i * e - leak * u); and the new u is k_p * e plus "
        "new_int.",
    ),
)
def controller_step(
    e: Array, u: Array, u_int: Array, k_p: float, k_i: float, leak: float, dt: float, tau_u: float
) -> tuple[Array, Array]:
    """One Euler step of the controller: errors e, control u and its integral u_int, all (B, n_L),
    to the new (u, u_int)."""
    u_int = u_int + dt / tau_u * (k_i * e - leak * u)
    return k_p * e + u_int, u_int


def _factors(make: Callable[..., tuple[float, float, float]]) -> Answer:
    """A step with other factors: ``make`` gives that of e in u, and those of e and u in u_int."""

    def answer(e: Array, u: Array, u_int: Array, *gains: float) -> tuple[Array, Array]:
        proportional, integral, leaking = make(*gains)
        u_int = u_int + integral * e - leaking * u
        return proportional * e + u_int, u_int

    return answer


@controller_step.right
def loop(
    e: Array, u: Array, u_int: Array, k_p: float, k_i: float, leak: float, dt: float, tau_u: float
) -> list[Array]:
    new_u, new_int = np.zeros_like(u), np.zeros_like(u)
    for b in range(len(e)):
        for i in range(e.shape[1]):
            slope = (k_i * e[b, i] - leak * u[b, i]) / tau_u
            new_int[b, i] = u_int[b, i] + dt * slope
            new_u[b, i] = k_p * e[b, i] + new_int[b, i]
    return [new_u, new_int]


controller_step.right(
    lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: (
        (k_p + dt * k_i / tau_u) * e + u_int - dt * leak / tau_u * u,
        u_int + dt * (k_i * e - leak * u) / tau_u,
    )
)


@controller_step.wrong(
    "u is built with the old integral. Update u_int first, then add k_p e to the new one."
)
def old_integral(e: Array, u: Array, u_int: Array, k_p: float, *rest: float) -> tuple[Array, Array]:
    return k_p * e + u_int, controller_step(e, u, u_int, k_p, *rest)[1]


@controller_step.wrong(
    "you build u before the integral, and the new u leaks. First the integral, from "
    "the u that came in; then u."
)
def new_u_leaks(e: Array, u: Array, u_int: Array, k_p: float, *rest: float) -> tuple[Array, Array]:
    u = k_p * e + u_int
    return u, controller_step(e, u, u_int, k_p, *rest)[1]


@controller_step.wrong(
    "the leak takes a u made from the error of this step. It is the u that came in that leaks."
)
def fresh_u_leaks(
    e: Array, u: Array, u_int: Array, k_p: float, *rest: float
) -> tuple[Array, Array]:
    return controller_step(e, k_p * e + u_int, u_int, k_p, *rest)


controller_step.wrong(
    "the leak takes u_int; in this controller it is the whole control u that leaks."
)(lambda e, u, u_int, *gains: controller_step(e, u_int, u_int, *gains))

controller_step.wrong("the leak has the wrong sign: it pulls the integral back.")(
    _factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, dt / tau_u * k_i, -dt / tau_u * leak))
)

controller_step.wrong("the leak is missing.")(
    _factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, dt / tau_u * k_i, 0))
)

controller_step.wrong(
    "the leak is a rate too: it acts for dt seconds, on the clock of tau_u, like the error."
)(_factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, dt / tau_u * k_i, leak)))

controller_step.wrong("tau_u is missing: the equation gives tau_u du_int/dt, so divide by it.")(
    _factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, dt * k_i, dt * leak))
)

controller_step.wrong("dt is missing: an Euler step moves the integral by dt times its slope.")(
    _factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, k_i / tau_u, leak / tau_u))
)

controller_step.wrong("k_i is missing: it weighs the error on its way into the integral.")(
    _factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, dt / tau_u, dt / tau_u * leak))
)

controller_step.wrong("k_p and k_i have changed places.")(
    _factors(lambda k_p, k_i, leak, dt, tau_u: (k_i, dt / tau_u * k_p, dt / tau_u * leak))
)

controller_step.wrong("the proportional part is missing from u.")(
    _factors(lambda k_p, k_i, leak, dt, tau_u: (0.0, dt / tau_u * k_i, dt / tau_u * leak))
)

controller_step.wrong(
    "you add to the old u. Only the integral remembers; u is made anew at each step."
)(
    lambda e, u, u_int, *gains: (
        u + controller_step(e, u, u_int, *gains)[0],
        controller_step(e, u, u_int, *gains)[1],
    )
)

controller_step.wrong(
    "you take an Euler step for u. Only the integral has an equation with a derivative; u is made "
    "anew, as k_p e + u_int."
)(
    lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: (
        u + dt / tau_u * controller_step(e, u, u_int, k_p, k_i, leak, dt, tau_u)[0],
        controller_step(e, u, u_int, k_p, k_i, leak, dt, tau_u)[1],
    )
)


@controller_step.wrong(
    "you take an Euler step for u, towards k_p e + u_int. Only the integral has an equation with a "
    "derivative; u is made anew, as k_p e + u_int."
)
def u_lags(
    e: Array, u: Array, u_int: Array, k_p: float, k_i: float, leak: float, dt: float, tau_u: float
) -> tuple[Array, Array]:
    goal, new_int = controller_step(e, u, u_int, k_p, k_i, leak, dt, tau_u)
    return u + dt / tau_u * (goal - u), new_int


@controller_step.wrong(
    "u has no equation with a derivative: you give it the step of the integral. Make it anew, as "
    "k_p e plus the new u_int."
)
def u_integrates(
    e: Array, u: Array, u_int: Array, k_p: float, k_i: float, leak: float, dt: float, tau_u: float
) -> tuple[Array, Array]:
    return u + dt / tau_u * (k_i * e - leak * u) + k_p * e, controller_step(
        e, u, u_int, k_p, k_i, leak, dt, tau_u
    )[1]


controller_step.wrong(
    "you return only the change of the integral. Add it to the u_int that came in, here and in u."
)(lambda e, u, u_int, *gains: controller_step(e, u, 0 * u_int, *gains))


@controller_step.wrong(
    "you return only the change of the integral, not the integral itself: add the "
    "u_int that came in."
)
def increment(e: Array, u: Array, u_int: Array, *gains: float) -> tuple[Array, Array]:
    new_u, new_int = controller_step(e, u, u_int, *gains)
    return new_u, new_int - u_int


controller_step.wrong(
    "dt and tau_u have changed places: the step is short, the clock is long, so the factor is "
    "dt / tau_u."
)(_factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, tau_u / dt * k_i, tau_u / dt * leak)))

controller_step.wrong(
    "you multiply by tau_u; the equation gives tau_u du_int/dt, so divide by it."
)(_factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, dt * tau_u * k_i, dt * tau_u * leak)))

controller_step.wrong(
    "k_i weighs the error alone. You multiply the leak by it too: look where the bracket closes."
)(_factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, dt / tau_u * k_i, dt / tau_u * k_i * leak)))

controller_step.wrong(
    "only a part of the step is multiplied by dt / tau_u: put k_i e - leak u into one bracket."
)(_factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, k_i, dt / tau_u * leak)))

controller_step.wrong(
    "the leak is not divided by tau_u, the error is: put k_i e - leak u into one bracket."
)(_factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, dt / tau_u * k_i, dt * leak)))

controller_step.wrong("k_p is missing: it weighs the error in u.")(
    _factors(lambda k_p, k_i, leak, dt, tau_u: (1.0, dt / tau_u * k_i, dt / tau_u * leak))
)

controller_step.wrong(
    "the proportional part is k_p alone; it is k_p times the error of each input and output."
)(
    lambda e, u, u_int, k_p, *rest: (
        k_p + controller_step(e, u, u_int, k_p, *rest)[1],
        controller_step(e, u, u_int, k_p, *rest)[1],
    )
)

controller_step.wrong(
    "the error is missing from the integral's equation: k_i weighs it, it does not stand alone."
)(
    lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: (
        k_p * e + u_int + dt / tau_u * (k_i - leak * u),
        u_int + dt / tau_u * (k_i - leak * u),
    )
)

controller_step.wrong("in u the error is divided by k_p; multiply.")(
    _factors(lambda k_p, k_i, leak, dt, tau_u: (1 / k_p, dt / tau_u * k_i, dt / tau_u * leak))
)

controller_step.wrong(
    "the proportional part has the wrong sign: the controller pushes where e points."
)(_factors(lambda k_p, k_i, leak, dt, tau_u: (-k_p, dt / tau_u * k_i, dt / tau_u * leak)))

controller_step.wrong(
    "the integral steps backwards: the step dt / tau_u (k_i e - leak u) is added, not subtracted."
)(_factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, -dt / tau_u * k_i, -dt / tau_u * leak)))

controller_step.wrong("the integral collects the error with the wrong sign.")(
    _factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, -dt / tau_u * k_i, dt / tau_u * leak))
)

controller_step.wrong("the integral never sees the error: k_i e is missing from its equation.")(
    _factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, 0, dt / tau_u * leak))
)

controller_step.wrong(
    "dt and tau_u are arguments. You use fixed ones (0.001 s and 1 s), as in the published code."
)(_factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, 1e-3 * k_i, 1e-3 * leak)))

controller_step.wrong("dt is an argument. You use a fixed one (0.001 s).")(
    _factors(lambda k_p, k_i, leak, dt, tau_u: (k_p, 1e-3 / tau_u * k_i, 1e-3 / tau_u * leak))
)

controller_step.wrong(
    "in the integral, e and u have changed places: k_i weighs the error, and u is what leaks."
)(
    lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: (
        k_p * e + u_int + dt / tau_u * (k_i * u - leak * e),
        u_int + dt / tau_u * (k_i * u - leak * e),
    )
)

controller_step.wrong(
    "u and u_int have changed places: what came in as u is the whole control, as u_int the "
    "integral (look at the order of the arguments)."
)(lambda e, u, u_int, *rest: controller_step(e, u_int, u, *rest))

controller_step.wrong(
    "e and u have changed places: the error is the first argument, the control the second."
)(lambda e, u, u_int, *rest: controller_step(u, e, u_int, *rest))

controller_step.wrong(
    "e and u_int have changed places: the error is the first argument, the integral the third."
)(lambda e, u, u_int, *rest: controller_step(u_int, u, e, *rest))

controller_step.wrong("in u the integral is subtracted. The two parts of the control add up.")(
    lambda e, u, u_int, k_p, *rest: (
        k_p * e - controller_step(e, u, u_int, k_p, *rest)[1],
        controller_step(e, u, u_int, k_p, *rest)[1],
    )
)

controller_step.wrong("the integral is missing from u: u = k_p e + u_int.")(
    lambda e, u, u_int, k_p, *rest: (k_p * e, controller_step(e, u, u_int, k_p, *rest)[1])
)

controller_step.wrong("u takes the old integral, and the integral that you return did not move.")(
    lambda e, u, u_int, k_p, *rest: (k_p * e + u_int, u_int)
)

controller_step.wrong("u is right, but the integral that you return is the old one.")(
    lambda e, u, u_int, *rest: (controller_step(e, u, u_int, *rest)[0], u_int)
)

controller_step.wrong("you return the new u twice. The second is the integral alone.")(
    lambda *given: controller_step(*given)[:1] * 2
)

controller_step.wrong("the error is averaged over the batch; each input has its own controller.")(
    lambda e, *rest: controller_step(np.broadcast_to(e.mean(axis=0), e.shape), *rest)
)

controller_step.wrong(
    "your arrays hold whole numbers, so everything after the point is cut off. Make them with "
    "np.zeros(shape), or as np.zeros_like(e)."
)(lambda *given: tuple(np.trunc(part) for part in controller_step(*given)))

controller_step.wrong(
    "the error enters with the wrong sign: e is target minus prediction already."
)(lambda e, *rest: controller_step(-e, *rest))

controller_step.wrong("the two come in the wrong order: return (u, u_int).")(
    lambda *given: controller_step(*given)[::-1]
)

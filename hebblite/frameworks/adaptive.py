"""Deep Feedback Control with steps as long as the error allows (``adaptive=tolerance``).

A teaching phase is a fast rise, within a few tau_v, and then a slow drift of the integrator, which
a fixed step follows at the pace of the rise. Here a step of length h solves the membrane equation
exactly for a drive that changes linearly in time (exponential time differencing, Cox & Matthews
2002),

    v <- E v + (1 - E) (b + Q (u + w (u' - u))),
    E = exp(-h / tau_v),    w = (1 - (tau_v / h) (1 - E)) / (1 - E)

where u' is the control signal at the end of the step, foretold by continuing e along its last
slope. At the end e is known, and with it by how much u' was wrong: this is the error of the step.
It sets the length of the next one, and a step that is far beyond the tolerance is taken again. As
neurons forget within tau_v, only what went wrong in the integrator adds up, and that is summed.

How wrong an update becomes through it, relative to its size, is estimated while it runs:

    (error of the last step + sum of errors of the integrator) / |u|
    + greatest over layers of  1/2 |sum_t dr_l[t] dr_{l-1}[t]^T| / |sum_t dr_l[t] r_{l-1}[t]^T|

The last term is the way between two states: DH takes pre at its start, a finer path would see it
move. Both norms are estimated from the products with a few random vectors, at little cost.
The estimate supposes a stable loop: where feedback drives the output away, early errors grow. And
it supposes smooth activations: a relu that switches while it is taught can add a percent unseen.

Near the edge of stability long steps damp: with a tolerance of 0.003 a loop may come to rest that
swings a little with 0.0003. ``swinging`` tells what the states of this stream do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..lanes import one_thread
from ..network import Network
from ..stream import Block, not_kept
from .base import (
    Array,
    Phase,
    Send,
    apical_drives,
    basal_drives,
    check_layers,
    error_reader,
    greatest,
    runaway_limits,
)
from .oscillation import WINDOWS, evenly, swinging, warn_of_swings

#: Steps per Block unless the controller says otherwise.
BLOCK = 8
#: Growth of the step, from one to the next, and the shortest, in units of tau_v.
GROWTH, SHORTEST = 2.5, 0.02
#: How much of the end of a phase is asked whether the loop has settled, in units of tau_v: two
#: turns of a swing that has just begun.
SPAN = 8.0
ADVICE = "Lower k_p or the tolerance, or scale the weights or the feedback down."
TO_SETTLE = (
    "Lower k_p, or scale the weights or the feedback down. (The framework's swinging tells how "
    "many inputs do.)"
)


def adaptive_states(
    controller: Any,
    net: Network,
    free_v: list[Array],
    free_r: list[Array],
    target: Array,
    send: Send,
    voltages: bool,
) -> Iterator[Block]:
    """The stream of DeepFeedbackControl over its ``steps * dt`` seconds. After it,
    ``controller.error_estimate``, ``steps_taken`` and ``swinging`` are set.

    That inputs swing is a warning here and an error with equal steps: those may be too long for
    the loop, and then nothing that they show is so. These follow a swing that is really there."""
    controller.steps_taken, controller.error_estimate, controller.swinging = 0, float("nan"), 0
    steps = _LongSteps(controller, net, free_v, free_r, target, send)
    end = controller.steps * controller.dt
    rows = [steps.row()]
    times, errors = [0.0], [steps.e]
    while steps.time < end:
        if end - steps.time < 1.5 * steps.h:
            steps.h = end - steps.time
        if not steps.advance():
            continue
        rows.append(steps.row())
        times.append(steps.time)
        errors.append(steps.e)
        if len(rows) > (controller.block or BLOCK) or steps.time >= end:
            yield _block(net, send, free_v, free_r, rows, voltages)
            rows = rows[-1:]
    controller.steps_taken, controller.error_estimate = steps.taken, steps.error_estimate()
    tail = evenly(times, errors, SPAN * controller.tau_v)
    swings = swinging(tail, errors[0], greatest(steps.r[-1]), WINDOWS[1:])
    controller.swinging = int(swings.sum())
    if controller.swinging:
        warn_of_swings("Deep Feedback Control", TO_SETTLE)


class _LongSteps:
    """Controller and network for one batch: ``advance`` goes through the equations above."""

    def __init__(
        self,
        controller: Any,
        net: Network,
        free_v: list[Array],
        free_r: list[Array],
        target: Array,
        send: Send,
    ) -> None:
        self.c, self.net, self.send, self.drive_1 = controller, net, send, free_v[0]
        self.read_error = error_reader(net, target)
        self.phase = Phase(
            "Deep Feedback Control", ADVICE, controller.steps, None, runaway_limits(free_v)
        )
        self.v, self.r = [v.copy() for v in free_v], [r.copy() for r in free_r[1:]]
        self.a = [np.empty_like(v) for v in free_v]
        self.e = np.empty_like(target)
        self.read_error(self.r[-1], self.e)
        self.u_int, self.slope = np.zeros_like(target), np.zeros_like(target)
        self.u = controller.k_p * self.e  # the step in e meets no membrane, so u follows at once
        self.drive = np.zeros_like(target)
        self.time, self.h, self.taken = 0.0, 0.2 * controller.tau_v, 0
        self.wrong, self.drift = 0.0, 0.0  # of the last step; of the integrator, summed
        probes = np.random.default_rng(0)  # as columns: enough to tell the size of a matrix
        self.Z = [probes.standard_normal((n, 16), np.float32).astype(net.dtype) for n in net.sizes]
        self.ways, self.updates = (
            [np.zeros((n, 16), net.dtype) for n in net.sizes[1:]] for _ in range(2)
        )

    def row(self) -> tuple[float, list[Array], list[Array], Array, Array]:
        return self.time, self.v, self.r, self.e, self.drive

    @one_thread()
    def advance(self) -> bool:
        """One step of length h, unless it was so wrong that a shorter one must be tried; the h of
        the next."""
        c, h, size = self.c, self.h, np.linalg.norm
        E = float(np.exp(-h / c.tau_v))
        w = (1 - (c.tau_v / h) * (1 - E)) / (1 - E)
        foretold = self.e + h * self.slope
        du_int = (h / c.tau_u) * (c.k_i / 2 * (self.e + foretold) - c.leak * self.u)
        u_end = self.u_int + du_int + c.k_p * foretold
        drive = self.u + w * (u_end - self.u)
        v, r, e = self._membranes(E, drive)
        u_int = self.u_int + (h / c.tau_u) * (c.k_i / 2 * (self.e + e) - c.leak * self.u)
        u = u_int + c.k_p * e
        scale = max(float(size(u)), 1e-30)
        self.wrong = w * (1 - E) * float(size(u - u_end)) / scale
        if self.wrong > 3 * c.adaptive and h > SHORTEST * c.tau_v:
            self.h *= max(0.2, 0.8 * (c.adaptive / self.wrong) ** 0.5)
            return False
        self.drift += (h / c.tau_u) * c.k_i / 2 * float(size(e - foretold)) / scale
        self._measure_way(r)
        self.slope = (e - self.e) / h
        self.v, self.r, self.e, self.u_int, self.u, self.drive = v, r, e, u_int, u, drive
        self.time, self.taken = self.time + h, self.taken + 1
        self.h *= min(GROWTH, 0.9 * (c.adaptive / max(self.wrong, 1e-12)) ** 0.5)
        self.h = max(self.h, SHORTEST * c.tau_v)
        return True

    def _membranes(self, E: float, drive: Array) -> tuple[list[Array], list[Array], Array]:
        """Voltages, rates and error at the end of the step."""
        self.send(drive, self.a, self.r)
        v: list[Array] = []
        r: list[Array] = []
        with np.errstate(all="ignore"):  # divergence is reported below
            for l, phi in enumerate(self.net.activations):
                W, beta = self.net.weights[l], self.net.biases[l]
                b = self.drive_1 if l == 0 else r[-1] @ W.T + beta
                v.append(E * self.v[l] + (1 - E) * (b + self.a[l]))
                r.append(phi.rate(v[-1]))
            e = np.empty_like(self.e)
            self.read_error(r[-1], e)
            check_layers(self.phase, v, self.taken + 1)
        return v, r, e

    def _measure_way(self, r: list[Array]) -> None:
        """Add to what the update of each layer, and the way between two states, make of Z."""
        for l in range(1, self.net.depth):
            change, start = r[l] - self.r[l], self.r[l - 1] @ self.Z[l]
            self.updates[l] += change.T @ start
            self.ways[l] += change.T @ (r[l - 1] @ self.Z[l] - start)

    def error_estimate(self) -> float:
        size = np.linalg.norm
        missed = [
            float(size(way) / max(float(size(update)), 1e-30))
            for way, update in zip(self.ways[1:], self.updates[1:], strict=True)
        ]
        return self.wrong + self.drift + max(missed, default=0.0) / 2


def _block(
    net: Network, send: Send, free_v: list[Array], free_r: list[Array], rows: Any, voltages: bool
) -> Block:
    times, v, r, e, u = zip(*rows, strict=True)
    inputs = np.broadcast_to(free_r[0], (len(rows), *free_r[0].shape))
    rates = [inputs, *(np.stack(layer) for layer in zip(*r, strict=True))]
    return Block(
        time=np.array(times),
        rates=rates,
        voltages=[np.stack(x) for x in zip(*v, strict=True)] if voltages else not_kept(net.depth),
        basal=basal_drives(net, rates, free_v[0]),
        apical=apical_drives(net, send, np.stack(u), rates),
        error=np.stack(e),
        activations=net.activations,
    )

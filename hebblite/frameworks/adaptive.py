"""Deep Feedback Control with steps as long as the error allows (``adaptive=tolerance``).

A teaching phase is a fast rise, within a few tau_v, and then a slow drift of the integrator, which
a fixed step follows at the pace of the rise. Here a step of length h solves the membrane exactly
for a drive that changes linearly in time (exponential time differencing, Cox & Matthews 2002),

    v <- E v + (1 - E) (b + Q (u + w (u' - u))),
    E = exp(-h / tau_v),    w = (1 - (tau_v / h) (1 - E)) / (1 - E)

where u' is the control signal at the end of the step, foretold by continuing e along its last
slope. At the end e is known, and with it by how much u' was wrong: this is the error of the step.
It sets the length of the next one, and a step that is far beyond the tolerance is taken again. As
neurons forget within tau_v, only what went wrong in the integrator adds up, and that is summed.

What an update makes of it, relative to its own size, is estimated while it runs:

    (error of the last step + sum of errors of the integrator) / |u|
    + greatest over layers of  1/2 |sum_t dr_l[t] dr_{l-1}[t]^T| / |sum_t dr_l[t] r_{l-1}[t]^T|

The last term is the way between two states: DH takes pre at its start, a finer path would see it
move. Both norms are estimated from the products with a few random vectors, at little cost.
The estimate supposes a stable loop: where feedback drives the output away, early errors grow. And
it supposes smooth activations: a relu that switches while it is taught can add a percent unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

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
    runaway_limits,
)

#: Steps per Block unless the controller says otherwise.
BLOCK = 8
#: Growth of the step, from one to the next, and the shortest, in units of tau_v.
GROWTH, SHORTEST = 2.5, 0.02
ADVICE = "Lower k_p or the tolerance, or scale the weights or the feedback down."


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
    ``controller.error_estimate`` and ``controller.steps_taken`` are set."""
    c, L, phis, size = controller, net.depth, net.activations, np.linalg.norm
    read_error = error_reader(net, target)
    phase = Phase("Deep Feedback Control", ADVICE, c.steps, None, runaway_limits(free_v))
    end, tolerance = c.steps * c.dt, c.adaptive
    v, r = [v_l.copy() for v_l in free_v], [r_l.copy() for r_l in free_r[1:]]
    a = [np.empty_like(v_l) for v_l in v]
    e = np.empty_like(target)
    read_error(r[-1], e)
    u_int, slope = np.zeros_like(e), np.zeros_like(e)
    u, u_now = c.k_p * e, np.zeros_like(e)  # the step in e meets no membrane, so u follows at once
    time, h, drift, wrong = 0.0, 0.2 * c.tau_v, 0.0, 0.0
    probes = np.random.default_rng(0)  # as columns: enough to tell the size of a matrix
    Z = [probes.standard_normal((n, 16), np.float32).astype(e.dtype) for n in net.sizes]
    ways, updates = ([np.zeros((n, 16), e.dtype) for n in net.sizes[1:]] for _ in range(2))
    rows: list[tuple[float, list[Array], list[Array], Array, Array]] = [(0.0, v, r, e, u_now)]
    c.steps_taken = 0

    while time < end:
        if end - time < 1.5 * h:
            h = end - time
        E = float(np.exp(-h / c.tau_v))
        w = (1 - (c.tau_v / h) * (1 - E)) / (1 - E)
        foretold = e + h * slope
        du_int = (h / c.tau_u) * (c.k_i / 2 * (e + foretold) - c.leak * u)
        u_end = u_int + du_int + c.k_p * foretold
        drive = u + w * (u_end - u)
        send(drive, a, r)
        with np.errstate(all="ignore"):  # divergence is reported below
            new_v: list[Array] = []
            new_r: list[Array] = []
            for l in range(L):
                b = free_v[0] if l == 0 else new_r[-1] @ net.weights[l].T + net.biases[l]
                new_v.append(E * v[l] + (1 - E) * (b + a[l]))
                new_r.append(phis[l].rate(new_v[l]))
            new_e = np.empty_like(e)
            read_error(new_r[-1], new_e)
            check_layers(phase, new_v, c.steps_taken + 1)
        new_u_int = u_int + (h / c.tau_u) * (c.k_i / 2 * (e + new_e) - c.leak * u)
        new_u = new_u_int + c.k_p * new_e
        scale = max(float(size(new_u)), 1e-30)
        wrong = w * (1 - E) * float(size(new_u - u_end)) / scale
        if wrong > 3 * tolerance and h > SHORTEST * c.tau_v:
            h *= max(0.2, 0.8 * (tolerance / wrong) ** 0.5)
            continue
        drift += (h / c.tau_u) * c.k_i / 2 * float(size(new_e - foretold)) / scale
        for l in range(1, L):
            change, start = new_r[l] - r[l], r[l - 1] @ Z[l]
            updates[l] += change.T @ start
            ways[l] += change.T @ (new_r[l - 1] @ Z[l] - start)
        slope = (new_e - e) / h
        v, r, e, u_int, u, time = new_v, new_r, new_e, new_u_int, new_u, time + h
        h *= min(GROWTH, 0.9 * (tolerance / max(wrong, 1e-12)) ** 0.5)
        h = max(h, SHORTEST * c.tau_v)
        c.steps_taken += 1
        rows.append((time, v, r, e, drive))
        if len(rows) > (c.block or BLOCK) or time >= end:
            yield _block(net, send, free_v, free_r, rows, voltages)
            rows = rows[-1:]
    missed = [float(size(ways[l]) / max(float(size(updates[l])), 1e-30)) for l in range(1, L)]
    c.error_estimate = wrong + drift + max(missed, default=0.0) / 2


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

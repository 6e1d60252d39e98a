"""The landscape of Equilibrium Propagation, E + beta C over the voltages: its height, its slope and
its bend anywhere, and its shape over two of them.

    E = sum_l (1/2 |v_l|^2 - r_l^T (W_l r_{l-1} + beta_l)),    r_l = phi(v_l)

C is the loss of the network and beta the nudge. With what drives a layer,

    s_l = W_l r_{l-1} + beta_l + W_{l+1}^T r_{l+1}    (at the output beta e for the last term)

and D_l = diag phi'(v_l), the slope is dv_l - D_l s_l, which is zero at rest, and the second
derivatives are, in blocks,

    (l, l)      1 - diag(phi''(v_l) s_l)    (and beta D_L C'' D_L at the output)
    (l+1, l)    -D_{l+1} W_{l+1} D_l
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..errors import ArgumentError, check_kind, check_number, check_reals, check_target
from ..frameworks.ep import energy
from ..network import Network
from .control import CURVATURES

Array = np.ndarray


class Landscape:
    """E + beta C of a batch, in float64 whatever the network has.

    net, x (B, n_0), target (B, n_L) or None where there is no nudge, nudge of either sign. Places
    are voltages v (B, N), those of all layers side by side; ``rows`` picks inputs, one for each."""

    def __init__(self, net: Network, x: Any, target: Any = None, nudge: float = 0.0) -> None:
        check_kind("net", net, Network)
        self.nudge = check_number("nudge", nudge)
        self.net = net = net.astype("float64")
        self.free_v, free_r = net.feedforward(x)
        self.x, self.phis = free_r[0], net.activations
        if target is None:
            if self.nudge:
                raise ArgumentError("target", "None", "a target for each input, as nudge is not 0")
            target = net.readout(np.zeros((len(self.x), net.sizes[-1])))
        self.target = check_target(target, len(self.x), net.sizes[-1], net.dtype, net.output)
        self.edges = np.cumsum(net.sizes[1:])
        self.kinked = np.repeat([phi.name == "relu" for phi in self.phis], net.sizes[1:])

    @property
    def size(self) -> int:
        """N, the number of voltages."""
        return int(self.edges[-1])

    def split(self, v: Array) -> list[Array]:
        """The voltages of each layer, each (..., n_l)."""
        return [v[..., a:b] for a, b in pairwise([0, *self.edges.tolist()])]

    def rates(self, v: Array, rows: Any) -> list[Array]:
        """r_0..r_L at these places."""
        made = [phi.rate(v_l) for phi, v_l in zip(self.phis, self.split(v), strict=True)]
        return [self.x[rows], *made]

    def height(self, v: Array, rows: Any) -> Array:
        """E + beta C, (B,)."""
        r = self.rates(v, rows)
        total = energy(self.net, r, self.split(v))
        if self.nudge:
            total = total + self.nudge * self.net.losses(r[-1], self.target[rows])
        return np.asarray(total)

    def drives(self, r: list[Array], rows: Any) -> list[Array]:
        """s_l, what drives each layer from both sides, each (B, n_l)."""
        net, found = self.net, []
        for l, (W, beta) in enumerate(zip(net.weights, net.biases, strict=True)):
            s = r[l] @ W.T + beta
            if l + 1 < net.depth:
                s = s + r[l + 2] @ net.weights[l + 1]
            elif self.nudge:
                s = s + self.nudge * (self.target[rows] - net.readout(r[-1]))
            found.append(s)
        return found

    def slope(self, v: Array, rows: Any) -> Array:
        """The first derivatives, (B, N): minus how fast the voltages move, tau dv/dt."""
        r = self.rates(v, rows)
        pull = [
            phi.slope(r_l) * s
            for phi, r_l, s in zip(self.phis, r[1:], self.drives(r, rows), strict=True)
        ]
        return np.asarray(v - np.concatenate(pull, axis=-1))

    def bend(self, v: Array, rows: Any) -> Array:
        """The second derivatives, (B, N, N). Those of a relu at 0 are those of its left side."""
        net, r = self.net, self.rates(v, rows)
        D = [phi.slope(r_l) for phi, r_l in zip(self.phis, r[1:], strict=True)]
        made = np.zeros((len(v), self.size, self.size))
        starts = [0, *self.edges]
        for l, (phi, s) in enumerate(zip(self.phis, self.drives(r, rows), strict=True)):
            here = slice(starts[l], starts[l + 1])
            i = np.arange(starts[l], starts[l + 1])
            made[:, i, i] = 1 - CURVATURES[phi.name](r[l + 1]) * s if phi.name in CURVATURES else 1
            if l + 1 == net.depth:
                C = np.broadcast_to(np.eye(net.sizes[-1]), made[:, here, here].shape)
                if net.output == "softmax":
                    y = net.readout(r[-1])
                    C = C * y[:, :, None] - y[:, :, None] * y[:, None, :]
                made[:, here, here] += self.nudge * D[l][:, :, None] * C * D[l][:, None, :]
                continue
            above = slice(starts[l + 1], starts[l + 2])
            made[:, above, here] = -D[l + 1][:, :, None] * net.weights[l + 1] * D[l][:, None, :]
            made[:, here, above] = made[:, above, here].swapaxes(1, 2)
        return made


def nudged_energy(
    net: Network, x: Any, voltages: Sequence[Any], target: Any = None, nudge: float = 0.0
) -> Array:
    """E + nudge * loss of inputs x (B, n_0) at any voltages v_1..v_L, each (..., B, n_l): (..., B),
    in float64. nudge: of either sign; target: (B, n_L), which may be left out without a nudge."""
    land = Landscape(net, x, target, nudge)
    v = side_by_side("voltages", land, voltages)
    whole = v.reshape(-1, *v.shape[-2:])
    height = [land.height(each, slice(None)) for each in whole]
    return np.stack(height).reshape(v.shape[:-1])


def landscape(
    net: Network,
    x: Any,
    first: Any,
    second: Any,
    target: Any = None,
    nudge: float = 0.0,
    axes: tuple[tuple[int, int], tuple[int, int]] = ((1, 0), (2, 0)),
    at: Sequence[Any] | None = None,
) -> Array:
    """E + nudge * loss of one input x (1, n_0) over two of its voltages, (len(second), len(first)).

    first, second: values of the voltages, each (T,). axes: which voltages they are, as (layer from
    1 on, neuron from 0 on). at: the voltages v_1..v_L, each (1, n_l), at which all others stand;
    those of the feedforward pass if not given.
    """
    land = Landscape(net, x, target, nudge)
    if len(land.x) != 1:
        raise ArgumentError("x", f"{len(land.x)} inputs", "one input")
    values = [np.ravel(check_reals(n, v)) for n, v in (("first", first), ("second", second))]
    base = land.free_v if at is None else list(land.split(side_by_side("at", land, at)))
    columns = [_place(land, axis) for axis in axes]
    if columns[0] == columns[1]:
        raise ArgumentError("axes", f"twice {axes[0]}", "two different neurons")
    grid = np.meshgrid(*values)
    v = np.repeat(np.concatenate(base, axis=-1), grid[0].size, axis=0)
    for column, over in zip(columns, grid, strict=True):
        v[:, column] = over.ravel()
    return land.height(v, np.zeros(len(v), int)).reshape(grid[0].shape)


def _place(land: Landscape, axis: Any) -> int:
    """Where a neuron's voltage stands among all, from (layer, neuron)."""
    sizes = land.net.sizes
    try:
        l, i = (int(n) for n in axis)
    except (TypeError, ValueError):
        raise ArgumentError("axes", repr(axis), "pairs (layer, neuron)") from None
    if not 1 <= l <= land.net.depth or not 0 <= i < sizes[l]:
        expected = f"a layer from 1 to {land.net.depth} and one of its neurons, from 0"
        raise ArgumentError("axes", repr((l, i)), expected)
    return int(sum(sizes[1:l])) + i


def side_by_side(name: str, land: Landscape, voltages: Any) -> Array:
    """Voltages v_1..v_L, each (..., B, n_l), side by side, checked: (..., B, N)."""
    sizes, count = land.net.sizes[1:], len(land.x)
    if isinstance(voltages, str) or not np.iterable(voltages) or len(list(voltages)) != len(sizes):
        got = len(list(voltages)) if np.iterable(voltages) else type(voltages).__name__
        raise ArgumentError(name, f"{got}", f"a list of {len(sizes)} arrays, one for each layer")
    layers = [check_reals(f"{name}[{l}]", v) for l, v in enumerate(voltages)]
    for l, (v, n) in enumerate(zip(layers, sizes, strict=True)):
        if v.ndim < 2 or v.shape[-2:] != (count, n) or v.shape[:-1] != layers[0].shape[:-1]:
            got, expected = f"shape {v.shape}", f"shape (..., {count}, {n}), alike in all layers"
            raise ArgumentError(f"{name}[{l}]", got, expected)
    return np.concatenate(layers, axis=-1)
